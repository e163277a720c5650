"""Ledger against lists: what differs, settled by keyboard, in bulk where that is safe."""
