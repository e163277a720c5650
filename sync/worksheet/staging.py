"""A sheet comes back: looked at first, taken over by a person's word, in one transaction.

The same merge runs again when it is taken: what the ledger has learned since the preview counts.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from storage import policies, stubs
from storage.commands import lists
from storage.commands.people import household_id, resident_id
from storage.errors import KnownError
from storage.fold import values as fold_values
from storage.ledger import Changes, Edit, Ledger
from storage.policy import id_number
from storage.queries import taken, villages
from storage.queries.people import ANY_SCOPE
from storage.records import derived_id
from sync.intake import words as list_words
from sync.intake.planning import numbering
from sync.intake.results import Reason
from sync.intake.roster import village_scope
from sync.sheets.cells import Workbook
from sync.sheets.reading import read
from sync.worksheet import merging, reading, standing
from sync.worksheet.columns import catalogue
from sync.worksheet.exporting import Base
from sync.worksheet.matching import Found, Matching, bases_of
from sync.worksheet.merging import Merged, Reader
from sync.worksheet.planning import Planner, result, row_note, status_of
from sync.worksheet.reading import Returned
from sync.worksheet.results import OUTCOMES, STATUSES, Choices, Row, Staged, Status
from sync.worksheet.standing import Key, Register
from sync.worksheet.words import Words

WORKSHEET, REPORT = "worksheet", "village_report"
"""Kinds of lines in the log of lists, and of what ``via`` begins with: our own sheet, a village's own."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A sheet that was taken over: its number in the log of lists, what it came to, what it changed."""

    number: int
    staged: Staged
    changes: Changes


def stage(
    ledger: Ledger,
    path: Path,
    *,
    today: date,
    scope: str = "",
    choices: Choices | None = None,
    as_report: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Staged:
    """Read a file and work out what taking it over would write, touching nothing.

    Our own working sheet is known by its codes. Anything else is a village's own report (an office names the village in
    ``scope``); ``as_report`` takes a working sheet as one too, such as one of a ledger that is lost. Raises KnownError:
    sheet.*, worksheet.other_ledger, worksheet.other_year, worksheet.no_headings, worksheet.no_report,
    worksheet.no_people, intake.needs_village.
    """
    workbook = read(path, cancel=cancelled)
    return look(ledger, workbook, today=today, scope=scope, choices=choices, as_report=as_report)


def look(
    ledger: Ledger,
    workbook: Workbook,
    *,
    today: date,
    scope: str = "",
    choices: Choices | None = None,
    as_report: bool = False,
) -> Staged:
    """Work out what taking over a workbook that is read already would write; see ``stage``."""
    source, kind = _source(workbook, as_report)
    target = village_scope(ledger, scope) if kind == REPORT else ""
    return _plan(ledger, source, kind, target, today, choices or {})[0]


def restage(ledger: Ledger, staged: Staged, *, today: date, choices: Choices) -> Staged:
    """Work out again what a sheet would write, with what a person chose meanwhile; the file is not read again."""
    return _plan(ledger, staged.source, staged.kind, staged.scope, today, choices)[0]


def apply(
    ledger: Ledger, staged: Staged, *, today: date, choices: Choices | None = None, only_whole: bool = False
) -> Applied:
    """Write what is clear, in one transaction, with its line in the log; what waits for a person stays out.

    ``only_whole``: nothing is written while anything is open, KnownError worksheet.open (count).
    """
    fresh, edits, said = _plan(ledger, staged.source, staged.kind, staged.scope, today, choices or {})
    if only_whole and fresh.waiting:
        raise KnownError("worksheet.open", count=fresh.waiting)
    counts = {**fresh.counts, "known": fresh.counts["unchanged"]}
    heading = lists.Heading(
        fresh.file, fresh.digest, fresh.kind, str(fresh.number or ""), fresh.year, fresh.scope, counts
    )
    notes = [row_note(row, said.get(row.index, {})) for row in fresh.rows]
    number, changes = lists.take(ledger, edits, heading, notes)
    return Applied(number, fresh, changes)


def _source(workbook: Workbook, as_report: bool) -> tuple[Returned, str]:
    if not as_report and reading.recognise(workbook) is not None:
        return reading.returned(workbook), WORKSHEET
    return reading.reported(workbook, [one.key for one in catalogue().values() if one.report]), REPORT


_Planned = tuple[Staged, list[Edit], dict[int, dict[str, str]]]


def _plan(ledger: Ledger, source: Returned, kind: str, scope: str, today: date, choices: Choices) -> _Planned:
    policy = policies.in_force(ledger).policy
    words = Words(policy, list_words.load(ledger.connection))
    bases = bases_of(ledger, source, policy.year) if kind == WORKSHEET else {}
    scopes = {key[0] for base in bases.values() for key, _cells in base.rows.values()} | ({scope} - {""})
    register = standing.load(ledger, policy, scopes)
    said = _last_report(ledger, scope, policy.year) if kind == REPORT else {}
    matching = Matching(register, bases, today, said)
    planner = Planner(ledger, register, words, today, f"{kind}:{source.file}")
    plan = _Plan(ledger, register, bases, planner, Reader(words, today), today, kind, scope)
    rows = plan.rows(source, matching, choices)
    if not rows:
        raise KnownError("worksheet.no_people", file=source.file)
    statuses = Counter(row.status for row in rows)
    cells = Counter(cell.outcome for row in rows for cell in row.cells)
    staged = Staged(
        kind=kind,
        file=source.file,
        digest=source.digest,
        number=next(iter(bases), 0) if source.number not in bases else source.number or 0,
        scope=scope or (next(iter(scopes)) if len(scopes) == 1 else ""),
        year=policy.year,
        rows=tuple(rows),
        counts={"rows": len(rows), **{status: statuses[status] for status in STATUSES}},
        cells={outcome: cells[outcome] for outcome in OUTCOMES},
        missing=_missing(bases, source.number, rows),
        extra=tuple(dict.fromkeys(title for part in source.parts for title in part.extra)),
        source=source,
        notes=tuple(_notes(register, bases)),
    )
    return staged, planner.edits, plan.said


def _missing(bases: Mapping[int, Base], number: int | None, rows: Iterable[Row]) -> int:
    """How many people of the sheet are not in the file any more."""
    base = bases.get(number or 0)
    there = {(row.scope, row.record) for row in rows}
    return sum(key not in there for key, _cells in base.rows.values()) if base else 0


def _notes(register: Register, bases: Mapping[int, Base]) -> Iterable[Reason]:
    gone = sum(key not in register.people for base in bases.values() for key, _cells in base.rows.values())
    if gone:
        yield Reason("people_gone", {"count": gone})


def _last_report(ledger: Ledger, scope: str, year: int) -> dict[Key, dict[str, str]]:
    """What the village's last own report that stands said of people: said again, it is no news."""
    found: dict[Key, dict[str, str]] = {}
    for one in reversed(taken.lists(ledger)):
        if one.kind == REPORT and one.scope == scope and one.year == year and not one.reverted_at:
            for row in taken.rows_of(ledger, one.number):
                if row.record and row.said:
                    found.setdefault((row.scope, row.record), {}).update(json.loads(row.said))
    return found


class _Plan:
    """One pass over the rows of a file."""

    def __init__(
        self,
        ledger: Ledger,
        register: Register,
        bases: Mapping[int, Base],
        planner: Planner,
        reader: Reader,
        today: date,
        kind: str,
        scope: str,
    ) -> None:
        self._ledger = ledger
        self._register = register
        self._bases = bases
        self._planner = planner
        self._reader = reader
        self._today = today
        self._kind = kind
        self._scope = scope
        self._titles = {title: code for code, title in villages.titles(ledger).items()}
        self._new: set[Key] = set()
        self.said: dict[int, dict[str, str]] = {}
        """Row index → what a village's own report said and nobody has to settle, to compare its next one with."""

    def rows(self, source: Returned, matching: Matching, choices: Choices) -> list[Row]:
        """Merge and draft every row; the order is the file's."""
        merged: list[Merged] = []
        for part in source.parts:
            found = self._find(matching, part)
            columns = [key for key in catalogue() if key in part.columns]
            for one in found:
                merged.append(self._merge(len(merged), one, columns))
        merging.guard(merged, self._register, self._today)
        chosen: dict[int, dict[str, str]] = {}
        for (index, column), choice in choices.items():
            chosen.setdefault(index, {})[column] = choice
        for row in merged:
            merging.choose(row, chosen.get(row.index, {}))
        merging.disagreeing(merged)
        return [self._row(row, chosen.get(row.index, {})) for row in merged]

    def _find(self, matching: Matching, part: reading.Part) -> list[Found]:
        if self._kind == WORKSHEET:
            return matching.find(part.rows)
        return [matching.reported(row) for row in part.rows]

    def _merge(self, index: int, found: Found, columns: list[str]) -> Merged:
        there = self._register.people.get(found.key) if found.key else None
        base = (
            self._bases.get(found.row.code.sheet)
            if found.row.code
            else next(iter(self._bases.values()), None)
        )
        masked = base is not None and base.masked
        if found.key is not None and there is None:
            return Merged(found, index, None, why=[Reason("gone")])
        if self._kind == REPORT and there is not None:
            columns = [key for key in columns if catalogue()[key].report]
        return self._reader.merged(index, found, there, columns, masked=masked)

    def _row(self, row: Merged, chosen: Mapping[str, str]) -> Row:
        if row.standing is not None:
            if not (not row.found.sure and chosen.get("") == "ours"):
                self._planner.change(row, chosen)
            status = self._status(row, chosen)
            if self._kind == REPORT and (row.found.sure or chosen.get("") == "theirs"):
                self.said[row.index] = {key: value for key, value in row.said.items() if not row.is_open(key)}
            return result(row, status)
        if row.found.key is not None:
            return result(row, "unmatched", scope=row.found.key[0])
        return self._somebody_new(row, chosen)

    def _status(self, row: Merged, chosen: Mapping[str, str]) -> Status:
        unsure = not row.found.sure and not chosen.get("")
        return "review" if unsure and row.cells else status_of(row)

    # ---- somebody new

    def _somebody_new(self, row: Merged, chosen: Mapping[str, str]) -> Row:
        scope = self._village(row)
        reason = self._against(row, scope)
        if reason is not None:
            return result(row, "unmatched", why=(reason,), scope=scope)
        record = resident_id(self._ledger, row.said["id_number"])
        household, reason = self._home(row, scope, record)
        if reason is not None:
            return result(row, "review", why=(reason,), scope=scope, record="")
        if chosen.get("") == "ours":
            return result(row, "unmatched", why=(Reason("left_out"),), scope=scope)
        self._new.add((scope, record))
        self._planner.add(row, (scope, record), household, chosen)
        return result(row, "added", scope=scope, record=record, household=household)

    def _village(self, row: Merged) -> str:
        """The village somebody new belongs to: the file's, or the one the row names."""
        scopes = {key[0] for base in self._bases.values() for key, _cells in base.rows.values()} | {
            self._scope
        }
        scopes -= {""}
        named = row.said.get("village", "")
        code = self._titles.get(named, named)
        return code if code in scopes else (next(iter(scopes)) if len(scopes) == 1 else "")

    def _against(self, row: Merged, scope: str) -> Reason | None:
        """Why a row is not proposed as somebody new: the register's rules, and never a name alone."""
        if row.found.why and row.found.why[-1].code in ("id_of_several", "name_of_several"):
            return row.found.why[-1]
        if not row.said.get("name"):
            return Reason("new.no_name")
        check = id_number.check(row.said.get("id_number", ""), today=self._today)
        if not check.derives_id:
            return Reason("new.no_sound_id", {"text": check.text})
        if not scope:
            return Reason("new.no_village")
        record = resident_id(self._ledger, check.full)
        if (scope, record) in self._new:
            return Reason("new.twice")
        if stubs.ordered(self._ledger.connection, scope, "resident", record):
            return Reason("new.erased")
        state = self._ledger.state_of("resident", record, scope)
        if state:
            return Reason(
                "new.removed_before" if "void_reason" in fold_values(state) else "new.there_already"
            )
        elsewhere = self._ledger.connection.execute(
            f"SELECT scope FROM resident WHERE {ANY_SCOPE} AND record = ? AND void_reason IS NULL", (record,)
        ).fetchone()
        return (
            Reason("new.elsewhere", {"village": villages.title_of(self._ledger, elsewhere[0])})
            if elsewhere
            else None
        )

    def _home(self, row: Merged, scope: str, record: str) -> tuple[str, Reason | None]:
        """The household somebody new belongs to: by its number, by its head, else one of their own."""
        number, head = row.said.get("household", ""), row.said.get("head", "")
        group, name = row.said.get("group", ""), row.said["name"]
        homes = [home for (where, _record), home in self._register.households.items() if where == scope]
        if number:
            same = [home for home in homes if home.number == number]
            same = [home for home in same if not head or home.head_name == head] or same
            same = [home for home in same if not group or home.group == group] or same
            if len(same) > 1:
                return "", Reason("new.household_unclear", {"number": number})
            return (same[0].record if same else self._numbered(scope, number, group, record)), None
        if head and head != name:
            same = [home for home in homes if home.head_name == head and (not group or home.group == group)]
            if len(same) != 1:
                return "", Reason("new.household_unclear", {"number": head})
            return same[0].record, None
        return derived_id("household", scope, record), None

    def _numbered(self, scope: str, number: str, group: str, record: str) -> str:
        """The record of a household the register has not yet, by the roster's rules."""
        taken_ids = {home for where, home in self._register.households if where == scope}
        for parts in numbering(number, group):
            home = household_id(self._ledger, scope, parts, "")
            if home not in taken_ids and not stubs.ordered(self._ledger.connection, scope, "household", home):
                return home
        return derived_id("household", scope, record)
