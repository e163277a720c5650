"""Paper comes back."""
