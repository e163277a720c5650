"""What a roster changes in the ledger, worked out before anything is touched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.commands.people import household_id
from storage.ledger import Edit, Ledger
from storage.policy import id_number
from storage.records import Value, canonical, derived_id
from sync.intake.matching import Matching, Placed
from sync.intake.threeway import Known, compare, load
from sync.sheets.roster import RosterRow

SOURCE = "roster"
_FIELDS: dict[str, dict[str, str]] = {
    "identity": {"name": "name", "id_number": "id_text", "sex": "sex", "birth": "birth"},
    "residence": {"residence": "residence"},
    "contact": {"phone": "phone"},
    "ethnic": {"ethnic": "ethnic"},
    "hukou": {"hukou": "hukou"},
    "category": {"category": "category"},
    "remark": {"note": "note"},
    "doubts": {"doubts": "doubts"},
}
"""Resident register → its field → the roster field it is filled from."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What a row does: "added", "known" or "changed", and what about it waits for a person."""

    sheet: str
    row: int
    name: str
    id_text: str
    status: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """Edits and results of a roster against the ledger as it stood."""

    edits: list[Edit] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)


def plan(
    ledger: Ledger, scope: str, file: str, rows: Iterable[tuple[str, RosterRow]], mapped: frozenset[str]
) -> Plan:
    """Return what a roster's rows change in ``scope``; ``mapped`` are the roster fields its columns carry."""
    known = load(ledger, scope, ("resident", "household"), SOURCE)
    placed = [Placed(sheet, row, id_number.check(row.id_text)) for sheet, row in rows]
    Matching(ledger, scope, known["resident"]).assign(placed)
    return _Planner(ledger, scope, file, known, mapped).plan(placed)


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
        self._done: set[str] = set()

    def plan(self, placed: list[Placed]) -> Plan:
        """Plan every row; the household is written with its first row."""
        result = Plan()
        homes = self._homes(placed)
        names = {item.record: item.row.name for item in placed}
        shared = _shared_numbers(placed)
        for item, home in zip(placed, homes, strict=True):
            via = f"{SOURCE}:{self._file}:{item.row.row}"
            if item.twin_of:
                result.results.append(_result(item, "known", ["duplicate_row", *_doubts(item)]))
                continue
            household = self._household_edit(item, home, via, names)
            if household is not None:
                result.edits.append(household)
            edit, status, reasons = self._resident_edit(item, home, via)
            if edit is not None:
                result.edits.append(edit)
            if item.number in shared:
                reasons.append("id_shared")
            result.results.append(_result(item, status, reasons))
        return result

    def _homes(self, placed: list[Placed]) -> list[str]:
        """Return the household record of each row: by number, by its head, else one of its own."""
        members: dict[tuple[str, object], list[Placed]] = {}
        keys = [
            (item.sheet, -item.row.row if item.row.household is None else item.row.household)
            for item in placed
        ]
        for key, item in zip(keys, placed, strict=True):
            members.setdefault(key, []).append(item)
        homes = {key: self._home(found) for key, found in members.items()}
        return [homes[key] for key in keys]

    def _home(self, members: list[Placed]) -> str:
        number = members[0].row.household_number
        if number:
            return household_id(self._ledger, self._scope, number, "")
        head = next((other for other in members if other.row.relation == "0"), members[0])
        for member in (head, *members):
            known = self._residents.get(member.record)
            held = known.value("membership").get("household") if known else None
            if held:
                return str(held)
        return derived_id("household", self._scope, head.record)

    def _household_edit(
        self, item: Placed, home: str, via: str, names: Mapping[str, str | None]
    ) -> Edit | None:
        if home in self._done:
            return None
        self._done.add(home)
        row = item.row
        cells: dict[str, dict[str, Any]] = {
            "number": {"number": row.household_number},
            "head": {"head_name": row.head_name},
            "place": {"grp": row.group, "address": row.address},
        }
        return self._edit("household", home, cells, self._households.get(home), via)[0]

    def _resident_edit(self, item: Placed, home: str, via: str) -> tuple[Edit | None, str, list[str]]:
        cells: dict[str, dict[str, Any]] = {
            register: {
                name: self._cell(item, source) for name, source in fields.items() if source in self._mapped
            }
            for register, fields in _FIELDS.items()
        }
        cells["membership"] = {"household": home}
        if "relation" in self._mapped:
            cells["membership"]["relation"] = item.row.relation
        known = self._residents.get(item.record)
        edit, disputed = self._edit("resident", item.record, cells, known, via)
        reasons = _doubts(item)
        if disputed:
            reasons.append("disputed")
        if known is None:
            return edit, "added", reasons
        if known.value("void"):
            reasons.append("removed_before")
        return edit, "known" if edit is None else "changed", reasons

    def _cell(self, item: Placed, source: str) -> Any:
        if source == "id_text":
            return item.check.text or None
        if source == "doubts":
            return ",".join(item.row.doubts) or None
        value = getattr(item.row, source)
        return value.isoformat() if source == "birth" and value else value

    def _edit(
        self, kind: str, record: str, cells: dict[str, dict[str, Any]], known: Known | None, via: str
    ) -> tuple[Edit | None, bool]:
        changes: dict[str, Value] = {}
        pred: dict[str, tuple[bytes, ...]] = {}
        disputed = False
        for register, fields in cells.items():
            if not fields:
                continue
            if known is None:
                value = canonical(kind, register, fields)
                if value:
                    changes[register] = value
                continue
            step = compare(known, kind, register, fields, SOURCE)
            if step is not None:
                changes[register], pred[register] = step.value, step.pred
                disputed = disputed or step.disputed
        if not changes:
            return None, False
        return Edit(kind, record, changes, scope=self._scope, via=via, pred=pred), disputed


def _shared_numbers(placed: list[Placed]) -> set[str]:
    """Return the sound numbers that stand beside different names in the same file."""
    names: dict[str, set[str]] = {}
    for item in placed:
        if item.check.derives_id:
            names.setdefault(item.number, set()).add(item.row.name or "")
    return {number for number, found in names.items() if len(found) > 1}


def _doubts(item: Placed) -> list[str]:
    doubts = [] if item.row.name else ["name_missing"]
    if item.check.doubt:
        doubts.append(item.check.doubt)
    return [*doubts, *(code for code in item.row.doubts if code not in doubts)]


def _result(item: Placed, status: str, reasons: list[str]) -> RowResult:
    return RowResult(
        item.sheet, item.row.row, item.row.name or "", item.row.id_text or "", status, tuple(reasons)
    )
