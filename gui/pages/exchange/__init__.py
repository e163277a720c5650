"""Sending and receiving: what was written, what came in, what became of each file."""
