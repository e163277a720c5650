"""The villages side by side: who is behind, and is the number true."""
