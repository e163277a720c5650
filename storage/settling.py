"""Which side answers what both see differently, so that two levels cannot answer each other for ever.

Each register names the side that settles it (``kinds.Register.settles``). The other side sees the values and
who decides; it may still enter something new, which is one more candidate and never an answer.
"""

from collections.abc import Iterable

from storage.kinds import KINDS, OFFICE, VILLAGE
from storage.ledger import Ledger
from storage.log import Operation
from storage.places import is_parent


def side(kind: str, register: str) -> str:
    """Return the role that settles a register."""
    return KINDS[kind].registers[register].settles


def is_ours(ledger: Ledger, scope: str, kind: str, register: str, heads: Iterable[Operation]) -> bool:
    """Tell whether this ledger settles what ``heads`` disagree about.

    It does where its side settles the register, where its own side alone disagrees, and where no device of
    the other side is there to answer. Of two offices the one right above the village does.
    """
    own = ledger.profile.role
    if ledger.is_office and scope != ledger.profile.scope and not is_parent(ledger.profile.scope, scope):
        return False
    return (
        own == side(kind, register)
        or all(head.body.replica[:1] == own for head in heads)
        or not _other_side(ledger, scope)
    )


def _other_side(ledger: Ledger, scope: str) -> bool:
    """Whether a device of the other level works on ``scope``."""
    if not ledger.is_office:
        where, arguments = "role = ?", [OFFICE]
    elif scope == ledger.profile.scope:
        return False
    else:
        where, arguments = "role = ? AND scope = ?", [VILLAGE, scope]
    sql = f"SELECT 1 FROM device WHERE state = 'active' AND {where} LIMIT 1"
    return ledger.connection.execute(sql, arguments).fetchone() is not None
