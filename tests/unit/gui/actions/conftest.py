"""The worlds of ledgers that tests of intents share."""

from tests.unit.storage.worlds import cheap_keys, world

__all__ = ["cheap_keys", "world"]
