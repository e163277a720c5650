"""The telephone directory: whom to ring in a village, a department, the office; what neighbours wrote of themselves."""

from dataclasses import dataclass

from storage.ledger import Ledger
from storage.places import is_village

VILLAGE_UNIT, OFFICE_UNIT, DEPARTMENT, OTHER = "village", "office", "department", "other"
KINDS = (OFFICE_UNIT, DEPARTMENT, VILLAGE_UNIT, OTHER)
"""What a unit is, in the order of the directory."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ring: unit, its kind and division code ("" none), name, duty, telephone, remark.

    ``scope`` is where it is written: the own one, or that of a village which wrote its own number. ``shared`` ones
    go to the places below with the next file.
    """

    record: str
    scope: str
    unit: str
    unit_kind: str = OTHER
    unit_code: str = ""
    name: str = ""
    post: str = ""
    phone: str = ""
    note: str = ""
    shared: bool = False


_COLUMNS = "record, scope, unit, unit_kind, unit_code, name, post, phone, note, shared"


def listed(ledger: Ledger) -> list[Contact]:
    """Return the directory: offices, departments, then villages by code; each once.

    An office sees its own and what places below wrote of themselves; what it gave to them is no second entry.
    """
    own = ledger.profile.scope
    rows = ledger.connection.execute(
        f"SELECT {_COLUMNS} FROM contact WHERE void_reason IS NULL AND unit IS NOT NULL AND (scope = :own OR "
        "record NOT IN (SELECT record FROM contact WHERE scope = :own))",
        {"own": own},
    )
    # Of what stands in several places the office's counts, not the copy in a village's pages.
    nearest = sorted(map(_contact, rows), key=lambda row: (not is_village(row.scope), row.scope))
    found = {row.record: row for row in nearest}.values()
    return sorted(found, key=lambda row: (_order(row), row.unit_code, row.unit, row.name, row.record))


def _contact(row: tuple[str | None, ...]) -> Contact:
    record, scope, unit, kind, code, name, post, phone, note, shared = (value or "" for value in row)
    return Contact(record, scope, unit, kind or OTHER, code, name, post, phone, note, bool(shared))


def _order(row: Contact) -> int:
    return KINDS.index(row.unit_kind) if row.unit_kind in KINDS else len(KINDS)


def by_place(ledger: Ledger) -> dict[str, list[Contact]]:
    """Return by division code whom to ring there."""
    found: dict[str, list[Contact]] = {}
    for row in listed(ledger):
        if row.unit_code and row.phone:
            found.setdefault(row.unit_code, []).append(row)
    return found


def of_place(ledger: Ledger, code: str) -> list[Contact]:
    """Return whom to ring in the place with this division code."""
    return by_place(ledger).get(code, [])


def found(ledger: Ledger, record: str) -> Contact | None:
    """Return an entry of the own directory, None where there is none (any more)."""
    return next((row for row in listed(ledger) if row.record == record), None)
