"""Any list that is no register: staged, matched, looked at, taken over in one transaction, taken back as a whole.

Nothing touches the ledger before ``apply``. A row means somebody because of its number, or because several things
about it agree, never because of a name alone; what is not sure waits for a person, and what a person said of a
spelling is remembered.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from storage import policies
from storage.collector import undisturbed
from storage.commands import lists as taking
from storage.commands.lists import Heading
from storage.errors import KnownError
from storage.ledger import Changes, Edit, Ledger
from storage.policy import id_number
from storage.records import derived_id
from storage.rows import RowNote
from sync import worksheet
from sync.intake import gaps, judging, saying, words
from sync.intake.effects import Reader, listed_year, ways
from sync.intake.facts import Facts, Setting
from sync.intake.judging import Judge, Line
from sync.intake.results import STATUSES, Correction, Listed, Row, Status
from sync.intake.saying import Planned
from sync.intake.whom import People, Whom
from sync.sheets.cells import Note, Workbook
from sync.sheets.columns import plain
from sync.sheets.header import Table, find_tables, remap, sheets_without_table
from sync.sheets.kinds import Kind, recognise
from sync.sheets.listed import ListedRow, counted_rows, listed_rows
from sync.sheets.picking import SkippedRow
from sync.sheets.reading import read

ROSTER, UNKNOWN = "roster", "unknown"
NOBODY = judging.NOBODY
"""The answer that a row means nobody here."""
Mapping_ = Mapping[int, Mapping[int, str | None]]
"""Corrections a person made: table number → column index → field (None: leave out)."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A list taken over: its number in the log, what it changed, and the preview it came from."""

    number: int
    changes: Changes
    listed: Listed


def stage(
    ledger: Ledger,
    path: Path,
    *,
    kind: str = "",
    source: str = "",
    year: int = 0,
    scope: str = "",
    mapping: Mapping_ | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> "Staged":
    """Read a list, find whom its rows mean and what they would change, touching nothing.

    ``kind``, ``source`` (the department) and ``year`` are recognised unless given; ``scope`` narrows an office's
    register to one village. Raises KnownError: sheet.* (unreadable), intake.is_roster, intake.is_worksheet,
    intake.other_kind (file, kind, department), intake.kind_unknown, list.no_rows.
    """
    workbook = read(path, cancel=cancelled)
    if not kind and (number := worksheet.recognise(workbook)):
        raise KnownError("intake.is_worksheet", file=path.name, number=number)
    tables = find_tables(workbook)
    found = [recognise(table, path.stem) for table in tables]
    chosen = _chosen(path.name, tables, found, kind)
    named = next((one for one in found if one.name == chosen), Kind(chosen))
    ours = [table for table, one in zip(tables, found, strict=True) if one.name == chosen]
    ours = ours or list(tables)
    corrected = tuple(remap(table, (mapping or {}).get(at, {})) for at, table in enumerate(ours))
    others = [Note("intake.note.other_table", {"sheet": one.sheet.name}) for one in tables if one not in ours]
    notes = (*workbook.notes, *sheets_without_table(workbook, tables), *others)
    policy = policies.in_force(ledger).policy
    setting = Setting(
        ledger.profile.scope, ledger.is_office, chosen, source or named.department or "", path.name,
        year, policy, ledger.clock.today(),
    )  # fmt: skip
    with undisturbed():
        return Staged(ledger, workbook, corrected, notes, setting, scope)


def _chosen(file: str, tables: list[Table], found: list[Kind], wanted: str) -> str:
    """Return the kind a file is taken for."""
    kinds = Counter(one.name for one in found if one.name != UNKNOWN)
    name = wanted or (kinds.most_common(1)[0][0] if kinds else UNKNOWN)
    if name in ways():
        return name
    if name == ROSTER:
        raise KnownError("intake.is_roster", file=file)
    if name == UNKNOWN:
        titles = "、".join(column.title for column in tables[0].columns if column.title)
        raise KnownError("intake.kind_unknown", file=file, columns=titles)
    raise KnownError("intake.other_kind", file=file, kind=name, department="")


class Staged:
    """A list that was read and matched; ``listed`` is what it would do with the answers given so far."""

    def __init__(
        self,
        ledger: Ledger,
        workbook: Workbook,
        tables: tuple[Table, ...],
        notes: tuple[Note, ...],
        setting: Setting,
        scope: str,
    ) -> None:
        self._file, self._digest = workbook.name, workbook.digest
        self._way = ways()[setting.kind]
        self._tables, self._notes = tables, notes
        self._people = People(ledger, scope)
        self._facts = Facts(ledger.connection)
        self._skipped: list[tuple[str, SkippedRow]] = []
        self._read: list[tuple[Table, list[ListedRow]]] = [(table, self._rows(table)) for table in tables]
        self.setting = replace(setting, year=setting.year or self._year(setting))
        self._answers: dict[int, str] = {}
        self._lines = self._make_lines(ledger)
        if not self._lines:
            raise KnownError("list.no_rows", file=self._file)
        self._whom = self._find()
        self.listed = self._preview(ledger)

    # ---- reading

    def _rows(self, table: Table) -> list[ListedRow]:
        if self._way.effect == "population":
            return counted_rows(table)
        rows, skipped = listed_rows(table)
        self._skipped += [(table.sheet.name, one) for one in skipped]
        return rows

    def _year(self, setting: Setting) -> int:
        """The year most rows name, else the one the titles name, else that of the policy."""
        reader = Reader(replace(setting, year=0), words.Words(), self._facts)
        years = Counter(reader.year_of(row) for _, rows in self._read for row in rows)
        del years[0]
        if years:
            return years.most_common(1)[0][0]
        titles = [text for table, _ in self._read for text in (*table.lines, table.sheet.name)]
        return listed_year((*titles, self._file)) or setting.policy.year

    def _make_lines(self, ledger: Ledger) -> list[Line]:
        vocabulary = words.load(ledger.connection)
        lines = []
        for table, rows in self._read:
            title = " ".join((*table.lines, table.sheet.name, Path(self._file).stem))
            reader = Reader(self.setting, vocabulary, self._facts, title)
            for row in rows:
                if levy := reader.other_levy(row):
                    self._skipped.append((table.sheet.name, SkippedRow(row.row_number, "other_levy", levy)))
                else:
                    lines.append(Line(table.sheet.name, row, reader))
        return lines

    def _find(self) -> list[Whom]:
        if self._way.effect == "population":
            return [Whom(True, (), (), "") for _ in self._lines]
        return self._people.find([line.row for line in self._lines])

    # ---- answering

    def answer(self, ledger: Ledger, answers: Mapping[int, str]) -> Listed:
        """Say whom rows mean: "scope/record", or ``NOBODY``; returns the new preview."""
        self._answers.update(answers)
        self.listed = self._preview(ledger)
        return self.listed

    def unanswer(self, ledger: Ledger, keys: Collection[int]) -> Listed:
        """Take answers back."""
        for key in keys:
            self._answers.pop(key, None)
        self.listed = self._preview(ledger)
        return self.listed

    def name_words(self, ledger: Ledger, meanings: Mapping[str, str]) -> Listed:
        """Say what words of the list mean ("" nothing to us); the ledger keeps it for every list."""
        for word, code in meanings.items():
            taking.set_alias(ledger, words.GROUP, plain(word), code)
        self._skipped = [one for one in self._skipped if one[1].why != "other_levy"]
        self._lines = self._make_lines(ledger)
        self.listed = self._preview(ledger)
        return self.listed

    def meanings(self) -> dict[str, str]:
        """What a word can be said to mean: code → name."""
        return {group.code: group.name for group in self.setting.policy.groups}

    # ---- the preview

    def _preview(self, ledger: Ledger) -> Listed:
        judge = Judge(self.setting, self._people, self._facts, self._whom, self._answers)
        rows, sayings, unmapped = judge.judge(self._lines)
        planned = saying.plan(ledger, self.setting.kind, sayings)
        rows = [_with(row, planned.get(row.key)) for row in rows]
        self._edits = [edit for row in rows if row.key in planned for edit in planned[row.key].edits]
        skipped = list(self._skipped)
        if not self.setting.is_office:
            foreign = [row for row in rows if self._is_foreign(row)]
            skipped += [(row.sheet, SkippedRow(row.line, "other_village", row.village)) for row in foreign]
            rows = [row for row in rows if not self._is_foreign(row)]
        counts = Counter(row.status for row in rows)
        proposing = self._way.effect == "grant"  # such a list is all there is of its people
        named = self._named(rows) if proposing else {}
        waiting = {
            (one.scope, one.record) for row in rows if row.status == "review" for one in row.candidates
        }
        who = {(row.scope, row.record) for row in rows if row.record} | waiting
        return Listed(
            file=self._file,
            digest=self._digest,
            kind=self.setting.kind,
            source=self.setting.source,
            year=self.setting.year,
            rule=self._way.rule,
            tables=self._tables,
            rows=tuple(rows),
            skipped=tuple(skipped),
            counts={
                "rows": len(rows),
                **{status: counts[status] for status in STATUSES},
                "skipped": len(skipped),
            },
            unmapped=unmapped,
            removals=gaps.removals(ledger, self.setting, self._people, named, waiting) if proposing else (),
            corrections=tuple(self._corrections(rows)),
            missing=gaps.unposted(self.setting, self._people, self._facts, who)
            if self._way.effect == "payment"
            else (),
            notes=self._notes,
            warnings=gaps.shortness(ledger, self.setting, named) if proposing else (),
            blocked=self._blocked(counts),
        )

    def _is_foreign(self, row: Row) -> bool:
        """Whether a row is about another village than this one: a village keeps nothing of others."""
        return row.status == "unmatched" and bool(row.village) and not self._people.scope_of(row.village)

    def _blocked(self, counts: Mapping[Status, int]) -> str:
        if self._way.rule == "all_or_nothing" and counts["broken"]:
            return "list.bad_rows"
        return ""

    def _named(self, rows: list[Row]) -> dict[str, set[tuple[str, str]]]:
        """Whom the list names, by subsidy group."""
        found: dict[str, set[tuple[str, str]]] = {}
        for row in rows:
            line = self._lines[row.key]
            for code in line.reader.groups(line.row)[0]:
                members = found.setdefault(code, set())
                if row.record:
                    members.add((row.scope, row.record))
        return found

    def _corrections(self, rows: list[Row]) -> Iterator[Correction]:
        """Numbers that the list has right and the register has not."""
        for row in rows:
            if not row.record or not row.candidates or self.setting.kind == "population_counts":
                continue
            line, who = self._lines[row.key], row.candidates[0]
            told = id_number.check(line.row.id_text, was_number=line.row.id_was_number)
            held = id_number.check(who.id_number)
            if told.derives_id and told.full and not held.derives_id:
                yield Correction(row.key, row.scope, row.record, who.name, who.id_number, told.full, who.why)

    # ---- taking over

    def edits(
        self, ledger: Ledger, removals: Collection[tuple[str, str]], corrections: Collection[int]
    ) -> list[Edit]:
        """What taking the list over writes: its rows, and what of removals and corrections was accepted."""
        via = f"{self.setting.kind}:{self._file}:"
        found = list(self._edits)
        for one in self.listed.removals:
            if (one.scope, one.record) in removals:
                record = derived_id("subsidy", one.record, self.setting.year, one.what)
                found.append(Edit("subsidy", record, {"grant": {}}, one.scope, via))
        for fix in self.listed.corrections:
            if fix.key in corrections:
                identity = ledger.state_of("resident", fix.record, fix.scope)["identity"].value
                right = {**identity, "id_number": fix.new}  # a person said so: it is no list's entry
                found.append(Edit("resident", fix.record, {"identity": right}, fix.scope))
        return found

    def learned(self) -> dict[str, tuple[str, str]]:
        """Who each spelling that was asked about was said to be."""
        found = {}
        for key, answer in self._answers.items():
            scope, _, record = answer.partition("/")
            found[self._people.spelling(key, self._lines[key].row)] = (scope if record else "", record)
        return found


def apply(
    ledger: Ledger,
    staged: Staged,
    *,
    removals: Collection[tuple[str, str]] = frozenset(),
    corrections: Collection[int] = frozenset(),
) -> Applied:
    """Take a staged list over in one transaction, with what of its removals and corrections a person accepted.

    Raises KnownError: list.bad_rows (a list that is taken whole or not at all), list.removals_wait (some rows still
    wait for a person, and may mean who would be removed).
    """
    listed = staged.listed
    if listed.blocked:
        raise KnownError("list.bad_rows", file=listed.file, rows=listed.counts["broken"])
    if removals and (listed.counts["review"] or listed.counts["broken"]):
        raise KnownError("list.removals_wait", file=listed.file, rows=listed.counts["review"])
    edits = staged.edits(ledger, removals, corrections)
    heading = Heading(
        listed.file,
        listed.digest,
        listed.kind,
        listed.source,
        listed.year,
        ledger.profile.scope,
        listed.counts,
    )
    number, changes = taking.take(
        ledger, edits, heading, (_note(row, office=ledger.is_office) for row in listed.rows), staged.learned()
    )
    return Applied(number, changes, listed)


def _note(row: Row, *, office: bool) -> RowNote:
    """What is kept of a row: all it says only where it has to be looked at again; a village keeps no strangers."""
    open_ = row.status in ("review", "broken") or (row.status == "unmatched" and office)
    said = {"name": row.name, "id": row.id_text, "village": row.village, **row.said} if open_ else {}
    why = row.candidates[0].why if row.record and row.candidates else ()
    return RowNote(
        row.sheet, row.line, row.status, row.scope, row.record,
        row.candidates[0].score if row.candidates else 0,
        ",".join(reason.code for reason in (*why, *row.doubts)),
        json.dumps(said, ensure_ascii=False) if said else "",
    )  # fmt: skip


def _with(row: Row, planned: Planned | None) -> Row:
    """A row with what it writes."""
    if planned is None:
        return row
    doubts = row.doubts + tuple(planned.doubts)
    if not planned.edits:
        return replace(row, doubts=doubts)
    status: Status = "added" if planned.fresh else "changed"
    return replace(row, status=status, changes=tuple(planned.changes), doubts=doubts)
