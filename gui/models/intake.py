"""A staged list as tables: the files, what their columns are taken for, and what each row will do."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import matching
from gui.wording.listed import ROSTER, Choice, meant
from storage.policy.model import Policy
from sync.intake.results import STATUSES, Listed, Row

State = Literal["waiting", "reading", "ready", "refused", "done"]
NEEDS_VILLAGE = "intake.needs_village"
MOST_WORDS = 60
"""How many words nobody knows are shown; where there are more, a column was taken for the wrong one."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A chosen file: how far it is, what it would do (``staged`` works it out anew), or why it was refused.

    ``number`` is its line in the log once it is written.
    """

    path: Path
    state: State = "waiting"
    preview: Listed | None = None
    words: str = ""
    code: str = ""
    choice: Choice = field(default_factory=Choice)
    staged: Any = None
    number: int = 0


def files_model() -> RowsModel:
    """The chosen files with their states."""
    return RowsModel(
        [Column(_("File"), lambda line: line.path.name, cell=_file, stretch=True)], key=lambda line: line.path
    )


def _file(line: FileLine) -> Cell:
    states: dict[str, tuple[str, Tone]] = {
        "waiting": (_("waiting"), "mute"),
        "reading": (_("being read"), "info"),
        "ready": (_("to be looked at"), "warn"),
        "refused": (_("not taken"), "bad"),
        "done": (_("written"), "ok"),
    }
    words, tone = states[line.state]
    if line.code == NEEDS_VILLAGE:
        words, tone = _("which village?"), "warn"
    return [[Text(line.path.name)], [Tag(words, tone)]]


# ---- counts


@dataclass(frozen=True, slots=True)
class Count:
    """A number over the rows: those of a status add up to all of them, the others are told apart from these."""

    code: str
    text: str
    number: int


def counts(listed: Listed) -> list[Count]:
    """The counts worth showing: all rows, each status that occurs, then what is besides."""
    found = [Count("rows", matching.status_text("rows"), listed.counts.get("rows", 0))]
    for code in STATUSES:
        number = listed.counts.get(code, 0)
        if code != "review" or listed.kind != ROSTER:
            found.append(Count(code, matching.status_text(code), number))
    doubtful = sum(bool(row.doubts) for row in listed.rows)
    found.append(Count("doubtful", _("of these with a doubt"), doubtful))
    found.append(Count("skipped", _("besides, left out"), listed.counts.get("skipped", 0)))
    return [one for one in found if one.number or one.code == "rows"]


COUNTS = ("rows", *STATUSES, "doubtful", "skipped")


def chosen(listed: Listed, code: str, search: str = "") -> list[Row]:
    """The rows of a count in which the words searched for stand."""
    match code:
        case "rows":
            found = list(listed.rows)
        case "doubtful":
            found = [row for row in listed.rows if row.doubts]
        case "skipped":
            found = [_skipped(listed, number) for number in range(len(listed.skipped))]
        case _:
            found = [row for row in listed.rows if row.status == code]
    wanted = folded(search)
    return [row for row in found if wanted in haystack(row)] if wanted else found


def _skipped(listed: Listed, number: int) -> Row:
    """A row that is nobody's, as the table shows it; its key lies outside those of people."""
    sheet, row = listed.skipped[number]
    return Row(-1 - number, sheet, row.row_number, row.text, "", "", {"why": row.why}, "known")


def folded(text: str) -> str:
    """Text as it is searched in: one width, no case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def haystack(row: Row) -> str:
    """Everything a row can be found by."""
    people = (part for one in row.candidates[:1] for part in (one.name, one.id_number, one.head_name))
    return folded("\n".join((row.name, row.id_text, row.village, str(row.line), *people, *row.said.values())))


# ---- rows

_CHANGES = 2
_TONES: dict[str, Tone] = {
    "added": "info", "changed": "warn", "review": "warn", "unmatched": "mute", "broken": "bad",
}  # fmt: skip


class ListedModel(RowsModel):
    """The rows of a staged list; numbers are masked unless they are shown while a key is held."""

    def __init__(self, policy: Callable[[], Policy]) -> None:
        self._policy = policy
        self.revealed = False
        self.titles: Mapping[str, str] = {}
        """Village code → title, where the register itself has none."""
        super().__init__(
            [
                Column(_("Row"), _line, sort=lambda row: (row.sheet, row.line), align="right", width=60),
                Column(_("On the list"), lambda row: row.name, cell=self._said),
                Column(_("Who is meant"), _who, cell=self._meant),
                Column(_("Result"), _result, cell=_result_cell, sort=_rank),
                Column(_("Why"), self._why, cell=self._why_cell, stretch=True),
                Column(_("What changes"), self._changes, cell=self._changes_cell, stretch=True, folds=True),
            ],
            key=lambda row: row.key,
        )

    def reveal(self, on: bool) -> None:
        """Show numbers in full, or mask them again."""
        self.revealed = on
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def _said(self, row: Row) -> Cell:
        number = wording.id_number(row.id_text, masked=not self.revealed) if row.key >= 0 else ""
        first: list[Piece] = [Text(row.name or _("no name"), "strong")]
        if row.village:
            first.append(Text(row.village, "soft"))
        return [first, [Text(number, "soft")]]

    def _meant(self, row: Row) -> Cell:
        person = meant(row)
        if person is not None:
            return [[Text(person.name, "strong")], [Text(matching.home_words(person, self.titles), "soft")]]
        if row.status == "review" and row.candidates:
            maybe = _("perhaps {name}").format(name=row.candidates[0].name)
            more = len(row.candidates) - 1
            below = _("or {count} others").format(count=more) if more else ""
            return [
                [Text(maybe)],
                [Text(below or matching.home_words(row.candidates[0], self.titles), "soft")],
            ]
        return [[]]

    def _why(self, row: Row) -> str:
        if row.key < 0:
            return matching.skipped_text(row.said["why"])
        person = meant(row) or (row.candidates[0] if row.candidates else None)
        why = matching.why_text(row, person) if person else ""
        return "\n".join(part for part in (why, matching.doubts_text(row.doubts)) if part)

    def _why_cell(self, row: Row) -> Cell:
        why, _newline, doubts = self._why(row).partition("\n")
        return [[Text(why)], [Text(doubts, "soft", "warn")]] if doubts else [[Text(why)]]

    def _changes_cell(self, row: Row) -> Cell:
        """At most two lines: every row is as high as the others; all of it stands beside the row itself."""
        told = matching.change_lines(self._policy(), row.changes, masked=not self.revealed)
        if len(told) > _CHANGES:
            more = _("{line} and {count} more").format(line=told[_CHANGES - 1], count=len(told) - _CHANGES)
            told = [*told[: _CHANGES - 1], more]
        return [[Text(line)] for line in told] or [[]]

    def _changes(self, row: Row) -> str:
        return matching.changes_text(self._policy(), row.changes, masked=not self.revealed)


def _line(row: Row) -> str:
    return str(row.line)


def _who(row: Row) -> str:
    person = meant(row)
    return matching.person_words(person) if person else ""


def _result(row: Row) -> str:
    return matching.status_text("skipped" if row.key < 0 else row.status)


def _rank(row: Row) -> tuple[int, int]:
    """Rows a person has to look at come first, the surest match last."""
    order = ("broken", "review", "unmatched", "changed", "added", "known")
    return order.index(row.status), row.candidates[0].score if row.candidates else 0


def _result_cell(row: Row) -> Cell:
    tone: Tone = "mute" if row.key < 0 else _TONES.get(row.status, "mute")
    below: list[Piece] = []
    if row.answered:
        below.append(Text(_("chosen by hand"), "soft"))
    elif row.candidates:
        below.append(Text(_("{score} points").format(score=row.candidates[0].score), "soft"))
    return [[Tag(_result(row), tone)], below] if below else [[Tag(_result(row), tone)]]


# ---- columns

FIELDS = (
    "name", "id_number", "household_number", "head_name", "relation", "sex", "birth", "ethnic", "phone",
    "group", "address", "residence", "category", "hukou", "note", "serial", "village", "township", "identity",
    "support", "since", "disability_number", "allowance_number", "amount", "paid_on", "paid_year", "channel",
    "receipt", "person_number", "insurance_type", "insured_state", "insured_on", "insured_until", "insured_place",
    "employer", "school", "class", "student_number", "guardian_name", "death", "birth_certificate", "pension",
    "insured", "uninsured_reason", "population_registered", "population_resident",
)  # fmt: skip
"""What a column can be taken for."""
