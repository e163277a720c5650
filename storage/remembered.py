"""What somebody at this computer did last: people and households looked at, where the window stood, own wordings.

Kept among the local facts of the encrypted file, one line per operator (wordings are everybody's); never shared, never
outside of it. Only record ids are kept of people: who is taken out or erased is no longer shown.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from storage.ledger import Ledger

MOST = 12
"""People and households that are kept."""
_RECENT, _PLACE, _WORDINGS = "recent", "place", "wordings"

Who = tuple[str, str, str]
"""Village, household and resident; the last is "" where the household itself was meant."""


def recent(ledger: Ledger) -> list[Who]:
    """Return whom the operator looked at last, the latest first."""
    try:
        return msgspec.json.decode(_held(ledger, _RECENT, "[]"), type=list[Who])
    except msgspec.MsgspecError:  # another version wrote it
        return []


def note(ledger: Ledger, scope: str, household: str, resident: str = "") -> None:
    """Put somebody first among those looked at."""
    who = (scope, household, resident)
    others = [one for one in recent(ledger) if one != who]
    _keep(ledger, _RECENT, [who, *others][:MOST])


def place(ledger: Ledger) -> dict[str, Any]:
    """Return where the operator's window stood, {} where nothing is known."""
    try:
        return msgspec.json.decode(_held(ledger, _PLACE, "{}"), type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}


def keep_place(ledger: Ledger, where: Mapping[str, object]) -> None:
    """Remember where the operator's window stands."""
    if place(ledger) != where:
        _keep(ledger, _PLACE, where)


def wordings(ledger: Ledger) -> dict[str, str]:
    """Return the reminders (by code) that were worded anew in this ledger, whoever did it."""
    try:
        return msgspec.json.decode(str(ledger.meta(_WORDINGS) or "{}"), type=dict[str, str])
    except msgspec.MsgspecError:
        return {}


def word(ledger: Ledger, wanted: Mapping[str, str]) -> None:
    """Word these reminders (by code) anew; "" is the original again."""
    held = wordings(ledger)
    kept = {code: text for code, text in {**held, **wanted}.items() if text}
    if kept != held:
        with ledger.transaction():
            ledger.set_meta(_WORDINGS, msgspec.json.encode(kept).decode())


def _held(ledger: Ledger, what: str, otherwise: str) -> str:
    return str(ledger.meta(f"{what}:{ledger.unlocked_by}") or otherwise)


def _keep(ledger: Ledger, what: str, value: object) -> None:
    with ledger.transaction():
        ledger.set_meta(f"{what}:{ledger.unlocked_by}", msgspec.json.encode(value).decode())
