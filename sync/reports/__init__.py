"""What goes out as sheets."""
