"""Whoever looks on while something takes long: hears how far it is and may stop it."""

from typing import Protocol


class Watch(Protocol):
    """Whoever looks on."""

    def tell(self, done: int, total: int) -> None:
        """Hear how far it is; a total of 0 is not known."""

    def stopped(self) -> bool:
        """Say whether it is to stop."""


class _Nobody:
    """Looks on without a word."""

    def tell(self, done: int, total: int) -> None:
        """Hear nothing."""

    def stopped(self) -> bool:
        """Never stop."""
        return False


NOBODY: Watch = _Nobody()
