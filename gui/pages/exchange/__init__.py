"""Sending and receiving, of villages and offices: what was written, what came in, what became of each file."""
