"""When each place last said something: the day it wrote its last file that came, or its last filled sheet was taken."""

from collections.abc import Mapping
from datetime import date, datetime

from storage.ledger import Ledger
from storage.places import is_village
from storage.queries import sheets


def days(ledger: Ledger) -> dict[str, date]:
    """Return the last day by the place whose file it was (a banner has its townships'), local time."""
    rows = ledger.connection.execute(
        "SELECT scope, max(made_at) FROM bundle WHERE direction = 'in' AND scope <> '' GROUP BY scope"
    )
    found = {scope: datetime.fromisoformat(at).astimezone().date() for scope, at in rows}
    for scope, sheet in sheets.last_sheets(ledger).items():
        on = sheet.at.astimezone().date()
        found[scope] = max(on, found.get(scope, on))
    return found


def of(places: Mapping[str, date], code: str) -> date | None:
    """Return the day of a place; a village whose township alone reports has the township's."""
    return places.get(code) or (places.get(f"{code[:9]}000") if is_village(code) else None)
