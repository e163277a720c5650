"""The next version of the program, as far as its words go: a kind and a register this one does not know."""

from collections.abc import Iterator
from contextlib import contextmanager

from storage import derived
from storage.kinds import KINDS, Kind, Register

UNREAD = "SELECT count(*) FROM op WHERE inert IN ('unknown_kind', 'unknown_register')"


@contextmanager
def newer_version() -> Iterator[None]:
    """Be the next version for a while: whatever is opened, written or rebuilt meanwhile knows the new words."""
    resident, shared = KINDS["resident"], derived.SHARED
    KINDS["drone"] = Kind("drone", {"wings": Register({"span": int})})
    KINDS["resident"] = Kind("resident", {**resident.registers, "wings": Register({"wingspan": int})})
    derived.SHARED = (*KINDS, "conflict", "twin")  # type: ignore[misc]
    try:
        yield
    finally:
        del KINDS["drone"]
        KINDS["resident"], derived.SHARED = resident, shared  # type: ignore[misc]
