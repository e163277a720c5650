"""A staged list in words and as sheets: what was said of it, what came of it, what goes back to whoever made it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gui.errors import sentence_for
from gui.i18n import _
from gui.wording import matching, names
from gui.wording.units import id_number, phone, sentences
from gui.wording.units import listed as listed_
from storage.commands.lists import Reverted
from storage.policy.model import Policy
from storage.rows import RowNote
from sync.intake.results import Candidate, Listed, Missing, Reason, Row

ROSTER = "roster"
_ROWS_NAMED = 12
"""How many rows a sentence names."""
_SHOWN = frozenset(("name", "id_number", "village", "why"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says of a file: "" and 0 leave it to what is recognised. ``mapping``: table → column → field."""

    kind: str = ""
    source: str = ""
    year: int = 0
    scope: str = ""
    mapping: Mapping[int, Mapping[int, str | None]] = field(default_factory=dict)

    def with_column(self, table: int, column: int, name: str) -> "Choice":
        """The same with a column taken for another field."""
        held = {number: dict(columns) for number, columns in self.mapping.items()}
        held.setdefault(table, {})[column] = name or None
        return replace(self, mapping=held)


def meant(row: Row) -> Candidate | None:
    """Whom a row is taken to mean."""
    return row.candidates[0] if row.record and row.candidates else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written as xlsx: its title, (heading, width) of its columns, its rows as text."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """What a word of lists means; a code of "" is nothing for us."""

    vocabulary: str
    word: str
    code: str
    name: str


def bad(listed: Listed) -> list[Row]:
    """The rows a department has to put right: unreadable ones, those that found nobody and those to be checked."""
    if listed.kind == ROSTER:
        return []
    return [row for row in listed.rows if row.status in ("broken", "unmatched", "review")]


def blocked_text(listed: Listed, *, removed: int = 0) -> str:
    """Why a list cannot be written, which rows it is, and what to do; ``removed`` people are to be taken out by it."""
    waiting = listed.counts.get("review", 0) + listed.counts.get("broken", 0)
    if not listed.blocked:
        return sentence_for("list.removals_wait", {"rows": waiting}) if removed and waiting else ""
    lines = [row.line for row in listed.rows if row.status == "broken"]
    named = ", ".join(str(line) for line in lines[:_ROWS_NAMED])
    more = "…" if len(lines) > _ROWS_NAMED else ""
    told = sentence_for(listed.blocked, {"rows": len(lines), "words": len(listed.unmapped)})
    return told + (" " + _("Rows {lines}.").format(lines=f"{named}{more}") if lines else "")


def written_text(listed: Listed, removed: int, corrected: int) -> str:
    """What writing a list did."""
    counts = listed.counts
    if listed.kind == ROSTER:
        doubtful = sum(bool(row.doubts) for row in listed.rows)
        told = _("Written: {added} new, {changed} changed, {review} with a doubt")
        return told.format(added=counts.get("added", 0), changed=counts.get("changed", 0), review=doubtful)
    rest = sum(counts.get(code, 0) for code in ("review", "unmatched", "broken"))
    parts = [
        _("Written: {added} new, {changed} changed, {known} known already").format(
            added=counts.get("added", 0), changed=counts.get("changed", 0), known=counts.get("known", 0)
        ),
        _("{count} rows stay to be settled").format(count=rest) if rest else "",
        _("{count} people taken out").format(count=removed) if removed else "",
        _("{count} numbers corrected").format(count=corrected) if corrected else "",
    ]
    return listed_(parts)


def reverted_text(done: Reverted) -> str:
    """What taking a list back did, and what stays and why."""
    return _("Taken back: {count} entries.").format(count=f"{done.restored:,}") + _staying(done)


def foreseen_text(done: Reverted) -> str:
    """What taking a list back would do, and what would stay and why."""
    return _("{count} entries go back.").format(count=f"{done.restored:,}") + _staying(done)


def _staying(done: Reverted) -> str:
    if not done.kept:
        return ""
    why = listed_(sorted({matching.kept_text(one.why) for one in done.kept}))
    return " " + _("{count} entries stay: {why}.").format(count=f"{len(done.kept):,}", why=why)


def _where_and_who() -> tuple[tuple[str, int], ...]:
    """The columns every sheet of rows begins with: where a row stands, what became of it, whom it names."""
    return (
        (_("Sheet"), 12),
        (_("Row"), 6),
        (_("Result"), 9),
        (_("Name"), 12),
        (_("ID number"), 20),
        (_("Village"), 12),
    )


def rows_sheet(title: str, rows: Sequence[Row], policy: Policy, *, masked: bool) -> Sheet:
    """Rows as a sheet: where they stand, what they say, whom they mean, why, what changes."""
    fields = sorted({name for row in rows for name in row.said if name not in _SHOWN})
    columns = (
        *_where_and_who(),
        *((field_words(name), 14) for name in fields),
        (_("Who is meant"), 24),
        (_("Points"), 6),
        (_("Why"), 40),
        (_("What changes"), 30),
    )
    return Sheet(title, columns, tuple(_cells(row, fields, policy, masked) for row in rows))


def missing_sheet(title: str, people: Sequence[Missing], policy: Policy, *, masked: bool) -> Sheet:
    """People reported as paid whom no list of payments shows, as a sheet."""
    columns = (
        (_("Name"), 12),
        (_("ID number"), 20),
        (_("Village"), 14),
        (_("Paid on"), 12),
        (_("Channel"), 14),
        (_("Late by"), 8),
    )
    cells = tuple(
        (
            one.name,
            id_number(one.id_number, masked=masked),
            one.village,
            one.paid_on,
            names.channel(policy, one.channel),
            _("{count} days").format(count=one.days_late),
        )
        for one in people
    )
    return Sheet(title, columns, cells)


def _cells(row: Row, fields: Sequence[str], policy: Policy, masked: bool) -> tuple[object, ...]:
    person = meant(row)
    likeliest = person or (row.candidates[0] if row.candidates else None)
    why = matching.why_text(row, likeliest) if likeliest else ""
    doubts = matching.skipped_text(row.said["why"]) if row.key < 0 else matching.doubts_text(row.doubts)
    return (
        row.sheet,
        str(row.line),
        matching.status_text("skipped" if row.key < 0 else row.status),
        row.name,
        id_number(row.id_text, masked=masked) if row.id_text else "",
        row.village,
        *(said_value(name, row.said.get(name, ""), masked=masked) for name in fields),
        matching.person_words(person, masked=masked) if person else "",
        str(likeliest.score) if likeliest else "",
        "\n".join(part for part in (why, doubts) if part),
        matching.changes_text(policy, row.changes, masked=masked),
    )


def said_value(name: str, text: str, *, masked: bool = True) -> str:
    """A cell of a list as it may be seen; numbers of people that stand in other words are masked, too."""
    if not masked or not text:
        return text
    if "phone" in name:
        return phone(text)
    return id_number(text) if name in _NUMBERS else _WITHIN.sub(lambda found: id_number(found[0]), text)


_WITHIN = re.compile(r"(?<![0-9])[0-9]{15}(?:[0-9]{2}[0-9Xx])?(?![0-9])")
"""An ID number inside other words."""
_NUMBERS = frozenset(
    ("head_id", "guardian_id", "disability_number", "allowance_number", "taxpayer_id", "person_number")
)


# ---- rows that were kept


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a list as it was kept: what it said only where it has to be looked at again."""

    key: int
    sheet: str
    line: int
    status: str
    person: str
    score: int
    why: tuple[str, ...]
    said: Mapping[str, str]


def kept_row(key: int, note: RowNote, person: str) -> KeptRow:
    """A row of the log; ``person`` is the name of whom it meant."""
    said = json.loads(note.said) if note.said else {}
    why = tuple(code for code in note.why.split(",") if code)
    return KeptRow(key, note.sheet, note.line, note.status, person, note.score, why, said)


def why_text(row: KeptRow) -> str:
    """Why a kept row meant somebody, and what is doubtful about it."""
    return matching.doubts_text(Reason(code) for code in row.why)


def said_text(row: KeptRow, *, masked: bool = True) -> str:
    """What else a kept row said."""
    told = [
        f"{field_words(name)} {said_value(name, text, masked=masked)}"
        for name, text in row.said.items()
        if text and name not in ("name", "id", "id_number", "village", "serial")
    ]
    return sentences(told)


def kept_sheet(title: str, rows: Sequence[KeptRow], *, masked: bool) -> Sheet:
    """Rows that were kept of a list taken over before, as a sheet."""
    columns = (
        *_where_and_who(),
        (_("Who was meant"), 14),
        (_("Why"), 40),
        (_("Also on the list"), 40),
    )
    cells = tuple(
        (
            row.sheet,
            str(row.line),
            matching.status_text(row.status),
            row.said.get("name", ""),
            id_number(row.said["id"], masked=masked) if row.said.get("id") else "",
            row.said.get("village", ""),
            row.person,
            why_text(row),
            said_text(row, masked=masked),
        )
        for row in rows
    )
    return Sheet(title, columns, cells)


# ---- columns


def field_words(field: str) -> str:
    """What a column can hold."""
    return {
        "name": _("Name"),
        "id_number": _("ID number"),
        "household_number": _("household number"),
        "head_name": _("name of the head"),
        "head_id": _("ID number of the head"),
        "head_phone": _("phone of the head"),
        "relation": _("relation to the head"),
        "sex": _("sex"),
        "birth": _("birth date"),
        "ethnic": _("ethnic group"),
        "phone": _("phone"),
        "group": _("village group"),
        "grid": _("grid"),
        "helper": _("helper"),
        "address": _("address"),
        "registered_address": _("registered address"),
        "residence": _("residence"),
        "residence_away": _("lives elsewhere"),
        "residence_incoming": _("moved in"),
        "category": _("category"),
        "identity": _("aided group"),
        "support": _("support received"),
        "hukou": _("registration type"),
        "note": _("remark"),
        "serial": _("running number"),
        "age": _("age"),
        "village": _("village"),
        "township": _("township"),
        "since": _("since"),
        "disability_number": _("disability certificate number"),
        "allowance_number": _("allowance certificate number"),
        "amount": _("amount"),
        "paid_on": _("payment date"),
        "paid_year": _("insurance year"),
        "channel": _("channel"),
        "receipt": _("receipt number"),
        "levy_item": _("levy item"),
        "tax_office": _("tax office"),
        "taxpayer_id": _("taxpayer number"),
        "person_number": _("person number of the platform"),
        "person_type": _("type of insured"),
        "cert_type": _("type of document"),
        "insurance_type": _("scheme"),
        "insured_state": _("insurance status"),
        "insured_on": _("insured since"),
        "insured_until": _("insured until"),
        "insured_place": _("insured at"),
        "insured": _("insured or not"),
        "uninsured_reason": _("reason for not being insured here"),
        "employer": _("employer"),
        "employed": _("employed"),
        "school": _("school"),
        "class": _("class"),
        "student_number": _("student number"),
        "guardian_name": _("name of the guardian"),
        "guardian_id": _("ID number of the guardian"),
        "guardian_phone": _("phone of the guardian"),
        "death": _("date of death"),
        "birth_certificate": _("birth certificate number"),
        "pension": _("pension"),
        "population_registered": _("registered population"),
        "population_resident": _("resident population"),
        "task": _("assigned number"),
    }.get(field, field)
