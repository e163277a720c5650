"""Fixtures of the ledger's tests."""

from tests.unit.storage.worlds import cheap_keys, world

__all__ = ["cheap_keys", "world"]
