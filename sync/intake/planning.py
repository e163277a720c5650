"""What a roster changes in the ledger, worked out before anything is touched."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

import msgspec

from storage import stubs
from storage.commands.people import household_id
from storage.derived import RESIDENT, resident_row
from storage.erased import PERSON, Orders
from storage.ledger import Edit, Ledger
from storage.log import Operation
from storage.policy import id_number
from storage.policy.id_number import IdCheck
from storage.records import Value, derived_id
from sync.intake.edits import Edits
from sync.intake.matching import Matching, Placed
from sync.intake.results import FieldChange
from sync.intake.threeway import Known, compare, load, source_of
from sync.sheets.roster import RosterRow

SOURCE = "roster"
LONG_NUMBER = 5
"""A household number from so many characters on is unique in the village."""
_FIELDS: dict[str, dict[str, str]] = {
    "identity": {"birth": "birth", "id_number": "id_text", "name": "name", "sex": "sex"},
    "residence": {"residence": "residence"},
    "contact": {"phone": "phone"},
    "ethnic": {"ethnic": "ethnic"},
    "hukou": {"hukou": "hukou", "hukou_address": "registered_address"},
    "category": {"category": "category"},
    "remark": {"note": "note"},
    "doubts": {"doubts": "doubts"},
}
"""Resident register → its field, in the order in which they travel → the roster field it is filled from."""
_SOURCES = tuple(dict.fromkeys(source for fields in _FIELDS.values() for source in fields.values()))
_of_row = attrgetter(*_SOURCES)


class RowResult(msgspec.Struct, frozen=True):
    """What a row does: "added", "known" or "changed", what about it waits for a person, each field it changes."""

    sheet: str
    row: int
    name: str
    id_text: str
    status: str
    reasons: tuple[str, ...]
    record: str = ""
    changes: tuple[FieldChange, ...] = ()


@dataclass(slots=True)
class Plan:
    """Edits and results of a roster against the ledger as it stood."""

    edits: Edits = field(default_factory=Edits)
    results: list[RowResult] = field(default_factory=list)


def plan(
    ledger: Ledger, scope: str, file: str, rows: Iterable[tuple[str, RosterRow]], mapped: frozenset[str]
) -> Plan:
    """Return what a roster's rows change in ``scope``; ``mapped`` are the roster fields its columns carry."""
    known = load(ledger, scope, ("resident", "household"), SOURCE)
    placed = [Placed(sheet, row, _check(row)) for sheet, row in rows]
    Matching(ledger, scope, known["resident"]).assign(placed)
    return _Planner(ledger, scope, file, known, mapped).plan(placed)


def _check(row: RosterRow) -> IdCheck:
    """Judge a row's number; text in the words in which everybody asks, so that it is judged once."""
    return (
        id_number.check(row.id_text, was_number=True) if row.id_was_number else id_number.check(row.id_text)
    )


class _Planner:
    """Turns placed rows into edits and results."""

    def __init__(
        self,
        ledger: Ledger,
        scope: str,
        file: str,
        known: dict[str, dict[str, Known]],
        mapped: frozenset[str],
    ) -> None:
        self._ledger = ledger
        self._scope = scope
        self._file = file
        self._residents = known["resident"]
        self._households = known["household"]
        self._mapped = mapped
        self._filled = [
            (register, [(name, source) for name, source in fields.items() if source in mapped])
            for register, fields in _FIELDS.items()
            if not mapped.isdisjoint(fields.values())
        ]
        self._done: set[str] = set()
        self._orders = stubs.orders_of(ledger.connection, [scope]).get(scope, Orders())
        self._gone: dict[str, set[str]] = {}
        """Household → names in it that were erased: they name no head any more."""

    def plan(self, placed: list[Placed]) -> Plan:
        """Plan every row; the household is written with its first row."""
        result = Plan()
        homes = self._homes(placed)
        shared = _shared_numbers(placed)
        for item, home in zip(placed, homes, strict=True) if self._orders else ():
            if (PERSON, item.record) in self._orders.records:
                self._gone.setdefault(home, set()).add(item.row.name)
        for item, home in zip(placed, homes, strict=True):
            result.results.append(self._planned(item, home, shared, result.edits))
        return result

    def _planned(self, item: Placed, home: str, shared: Collection[str], edits: Edits) -> RowResult:
        """Add the edits of one row, and of its household with its first row; returns what the row does."""
        if self._orders and (PERSON, item.record) in self._orders.records:
            return _result(item, "known", ["erased"])
        cells = _cells(item)
        doubts = _doubts(item, cells)
        if item.twin_of:
            return _result(item, "known", ["duplicate_row", *doubts])
        via = f"{SOURCE}:{self._file}:{item.row.row_number}"
        household = self._household_edit(item, home, via)
        if household is not None:
            edits.append(household)
        edit, status, reasons = self._resident_edit(item, home, via, cells)
        changes: tuple[FieldChange, ...] = ()
        if edit is not None:
            edits.append(edit)
            changes = self._changed(edit) if status == "changed" else ()
        reasons = [*doubts, *reasons]
        if item.number in shared:
            reasons.append("id_shared")
        return _result(item, status, reasons, changes)

    def _homes(self, placed: list[Placed]) -> list[str]:
        """Return the household record of each row: the one its people live in, by number, or by its head."""
        members: dict[tuple[str, int], list[Placed]] = {}
        for item in placed:
            members.setdefault(_home_key(item), []).append(item)
        taken: set[str] = set()
        homes = {}
        for key, found in members.items():
            homes[key] = self._home(found, taken)
            taken.add(homes[key])
        return [homes[_home_key(item)] for item in placed]

    def _home(self, members: list[Placed], taken: set[str]) -> str:
        number, group = members[0].row.household_number, members[0].row.group
        head = next((other for other in members if other.row.relation == "0"), members[0])
        for member in (head, *members):
            known = self._residents.get(member.record)
            held = str(known.last_said("membership").get("household", "")) if known else ""
            if held and held not in taken and self._numbered(held) == number:
                return held
        for parts in numbering(number, group):
            home = household_id(self._ledger, self._scope, parts, "")
            if home not in taken and ("household", home) not in self._orders.records:
                return home
        return derived_id("household", self._scope, head.record)

    def _numbered(self, household: str) -> str:
        known = self._households.get(household)
        return str(known.last_said("number").get("number", "")) if known else ""

    def _household_edit(self, item: Placed, home: str, via: str) -> Edit | None:
        if home in self._done:
            return None
        self._done.add(home)
        row = item.row
        cells: dict[str, dict[str, Any]] = {
            "number": {"number": row.household_number} if row.household_number else {},
            "head": {"head_name": row.head_name}
            if row.head_name and row.head_name not in self._gone.get(home, ())
            else {},
            "place": {
                name: value
                for name, value, field in (("grp", row.group, "group"), ("address", row.address, "address"))
                if value or field in self._mapped
            },
        }
        known = self._households.get(home)
        if known is None:
            return _first("household", home, cells, self._scope, via)
        edit = self._edit("household", home, cells, known, via)[0]
        heads = known.state["void"].operations if known.value("void") else ()
        if not heads or any(source_of(head.body.via) != SOURCE for head in heads):
            return edit
        return _lifted(edit, home, self._scope, via, heads, "household")

    def _resident_edit(
        self, item: Placed, home: str, via: str, row: Mapping[str, Any]
    ) -> tuple[Edit | None, str, list[str]]:
        """Return the edit of a row's person, what becomes of them, and what about that waits for somebody."""
        known = self._residents.get(item.record)
        if known is not None and self._says_again(known, row, home, item.row.relation):
            return None, "known", []
        cells: dict[str, dict[str, Any]] = {
            register: {name: row[source] for name, source in fields} for register, fields in self._filled
        }
        cells["membership"] = {"household": home}
        if "relation" in self._mapped:
            cells["membership"]["relation"] = item.row.relation or None
        if known is None:
            return _first(RESIDENT, item.record, cells, self._scope, via), "added", []
        reasons = []
        if not item.check.derives_id:
            held = known.value("identity").get("id_number")
            if (
                id_number.check(held).derives_id and "identity" in cells
            ):  # a damaged number takes no sound one away
                cells["identity"]["id_number"] = known.last_said("identity").get("id_number", held)
                reasons.append("number_kept")
        edit, disputed = self._edit(RESIDENT, item.record, cells, known, via)
        if disputed:
            reasons.append("disputed")
        if known.value("void"):
            heads = known.state["void"].operations
            if all(source_of(head.body.via) == SOURCE for head in heads):  # this list was taken back itself
                return _lifted(edit, item.record, self._scope, via, heads), "added", reasons
            reasons.append("removed_before")
        return edit, "known" if edit is None else "changed", reasons

    def _says_again(self, known: Known, row: Mapping[str, Any], home: str, relation: str) -> bool:
        """Whether all there is of somebody is what this kind of list said and says again, as of nearly everybody."""
        changes = known.only_from(SOURCE)
        if changes is None or "void" in changes:
            return False
        for register, fields in self._filled:
            said = changes.get(register, {})
            for name, source in fields:
                if said.get(name) != row[source]:
                    return False
        lives = changes.get("membership", {})
        same = "relation" not in self._mapped or lives.get("relation", "") == relation
        return same and lives.get("household") == home

    def _changed(self, edit: Edit) -> tuple[FieldChange, ...]:
        """Each field an edit of somebody known changes; the household is shown by its number."""
        known = self._residents[edit.record]
        return tuple(
            FieldChange(edit.kind, register, name, known.value(register).get(name), value.get(name))
            for register, value in edit.changes.items()
            for name in sorted(known.value(register).keys() | value.keys())
            if known.value(register).get(name) != value.get(name)
        )

    def _edit(
        self, kind: str, record: str, cells: dict[str, dict[str, Any]], known: Known, via: str
    ) -> tuple[Edit | None, bool]:
        changes: dict[str, Value] = {}
        pred: dict[str, tuple[bytes, ...]] = {}
        disputed = False
        for register, fields in cells.items():
            step = compare(known, kind, register, fields, SOURCE) if fields else None
            if step is not None:
                changes[register], pred[register] = step.value, step.pred
                disputed = disputed or step.disputed
        if not changes:
            return None, False
        return Edit(kind, record, changes, scope=self._scope, via=via, pred=pred), disputed


def _first(
    kind: str, record: str, cells: Mapping[str, Mapping[str, Any]], scope: str, via: str
) -> Edit | None:
    """The edit of a record with nothing to compare with: what the row says is what is written."""
    changes: dict[str, Value] = {}
    for register, fields in cells.items():
        value = {name: item for name, item in fields.items() if item}
        if value:
            changes[register] = value
    return Edit(kind, record, changes, scope, via, {}) if changes else None


def _lifted(
    edit: Edit | None, record: str, scope: str, via: str, heads: Sequence[Operation], kind: str = "resident"
) -> Edit:
    """The edit that also brings back what only taking the list back had taken out."""
    edit = edit or Edit(kind, record, {}, scope=scope, via=via, pred={})
    pred = {**(edit.pred or {}), "void": tuple(head.oid for head in heads)}
    return replace(edit, changes={**edit.changes, "void": {}}, pred=pred)


def _shared_numbers(placed: list[Placed]) -> set[str]:
    """Return the sound numbers that stand beside different names in the same file."""
    names: dict[str, str] = {}
    sound = (item for item in placed if item.check.derives_id)
    return {item.number for item in sound if names.setdefault(item.number, item.row.name) != item.row.name}


def _home_key(item: Placed) -> tuple[str, int]:
    row = item.row
    return (item.sheet, -row.row_number if row.household is None else row.household)


def numbering(number: str, group: str) -> list[str]:
    """Return what a household's record id is derived from, the first choice first.

    Long numbers are the village's own; short ones begin anew in each village group.
    """
    if not number:
        return []
    within = f"{group}/{number}"
    return [number, within] if len(number) >= LONG_NUMBER or not group else [within, number]


def _cells(item: Placed) -> dict[str, Any]:
    """Return the fields of a row as they are written, None for what is empty."""
    row = item.row
    cells = {source: value or None for source, value in zip(_SOURCES, _of_row(row), strict=True)}
    cells["id_text"] = item.check.text or None
    cells["birth"] = row.birth.isoformat() if row.birth else None
    # what the ledger cannot see by itself again: doubts of the sheet's cells
    cells["doubts"] = ",".join([code for code in row.doubts if code != "name.missing"]) or None
    return cells


def _doubts(item: Placed, cells: Mapping[str, Any]) -> list[str]:
    """Return every doubt the ledger will have about the row's person, and those of the sheet's cells."""
    doubt = resident_row(cells, item.check)["doubt"]
    return doubt.split(",") if doubt else []


def _result(
    item: Placed, status: str, reasons: list[str], changes: tuple[FieldChange, ...] = ()
) -> RowResult:
    row = item.row
    return RowResult(
        item.sheet, row.row_number, row.name, row.id_text, status, tuple(reasons), item.record, changes
    )
