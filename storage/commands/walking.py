"""In which order the doors of a village group are walked."""

from collections.abc import Sequence

from storage import walking
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger


def arrange(ledger: Ledger, homes: Sequence[str]) -> Changes:
    """Walk these households in this order from now on; only doors that must get another number are written.

    Raises RuleViolation record.unknown.
    """
    order = list(dict.fromkeys(homes))
    held = [_door(ledger, home) for home in order]
    return ledger.write(
        Edit("household", home, {"door": {"door": door}}, ledger.home_of("household", home))
        for home, old, door in zip(order, held, walking.doors(held), strict=True)
        if old != door
    )


def forget(ledger: Ledger, homes: Sequence[str]) -> Changes:
    """Walk these households by lane and number again."""
    return ledger.write(
        Edit("household", home, {"door": {}}, ledger.home_of("household", home))
        for home in dict.fromkeys(homes)
        if _door(ledger, home) is not None
    )


def _door(ledger: Ledger, home: str) -> int | None:
    row = ledger.connection.execute(
        "SELECT door FROM household WHERE record = ? AND scope = ? AND void_reason IS NULL",
        (home, ledger.home_of("household", home)),
    ).fetchone()
    if row is None:
        raise RuleViolation("record.unknown", kind="household")
    return None if row[0] is None else int(row[0])
