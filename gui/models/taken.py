"""Lists taken over before: the log, the rows that were kept of one, what the words of lists mean."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import candidates, matching, names
from gui.wording.listed import KeptRow, said_text, why_text
from storage.queries.taken import Taken
from sync.intake.results import STATUSES, Correction, Missing, Removal


def log_model(today: Callable[[], date]) -> RowsModel:
    """The log: when, who, which file, what it was, what became of it."""
    return RowsModel(
        [
            Column(_("When"), lambda one: when(one.at, today()), sort=lambda one: one.at),
            Column(_("List"), lambda one: one.file, cell=_file, stretch=True),
            Column(_("Who"), lambda one: one.who),
            Column(_("Rows"), counts_text, stretch=True),
            Column("", state_text, cell=_state),
        ],
        key=lambda one: one.number,
    )


def when(text: str, today: date) -> str:
    """A moment as the log keeps it: a day, or day and time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (
        wording.full_day(moment.date()) if len(text) <= len("2025-12-03") else wording.moment(moment, today)
    )


def kind_text(one: Taken) -> str:
    """What a list was: its kind, whose, for which year."""
    whose = names.department(one.source) if one.source else ""
    year = _("{year} insurance year").format(year=one.year) if one.year else ""
    return " · ".join(part for part in (names.list_kind(one.kind), whose, year) if part)


def counts_text(one: Taken) -> str:
    """How many rows, and what became of them."""
    told = [f"{matching.status_text(code)} {one.counts[code]:,}" for code in STATUSES if one.counts.get(code)]
    rows = one.counts.get("rows") or sum(one.counts.get(code, 0) for code in STATUSES)
    return wording.units.listed([_("{count} rows").format(count=f"{rows:,}"), *told])


def state_text(one: Taken) -> str:
    """Whether it still holds."""
    if one.reverted_at:
        return _("taken back by {who}").format(who=one.reverted_by)
    return "" if one.operations else _("wrote nothing")


def _file(one: Taken) -> Cell:
    return [[Text(one.file, "strong")], [Text(kind_text(one), "soft")]]


def _state(one: Taken) -> Cell:
    tone: Tone = "warn" if one.reverted_at else "mute"
    pieces: list[Piece] = [Tag(state_text(one), tone)] if state_text(one) else []
    return [pieces]


# ---- removals and corrections


class _Masked(RowsModel):
    """Rows with ID numbers, masked unless they are shown while a key is held."""

    revealed = False

    def reveal(self, on: bool) -> None:
        """Show numbers in full, or mask them again."""
        self.revealed = on
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def number(self, text: str) -> str:
        """A number as it may be seen now."""
        return wording.id_number(text, masked=not self.revealed)


class KeptModel(_Masked):
    """The rows kept of a list."""

    def __init__(self) -> None:
        super().__init__(
            [
                Column(
                    _("Row"),
                    lambda row: str(row.line),
                    sort=lambda row: (row.sheet, row.line),
                    align="right",
                    width=60,
                ),
                Column(_("On the list"), lambda row: row.said.get("name", ""), cell=self._said),
                Column(_("Who was meant"), lambda row: row.person),
                Column(_("Result"), lambda row: matching.status_text(row.status)),
                Column(_("Why"), why_text, stretch=True),
                Column(
                    _("Also on the list"), lambda row: said_text(row, masked=not self.revealed), stretch=True
                ),
            ],
            key=lambda row: row.key,
        )

    def _said(self, row: KeptRow) -> Cell:
        if not row.said:
            return [[]]
        first: list[Piece] = [Text(row.said.get("name") or _("no name"), "strong")]
        if row.said.get("village"):
            first.append(Text(row.said["village"], "soft"))
        return [first, [Text(self.number(row.said.get("id", "")), "soft")]]


class MissingModel(_Masked):
    """People reported as paid whom no list of payments shows, the longest late first."""

    def __init__(self, channel: Callable[[str], str]) -> None:
        super().__init__(
            [
                Column(_("Name"), lambda one: one.name, cell=lambda one: [[Text(one.name, "strong")]]),
                Column(_("ID number"), lambda one: self.number(one.id_number)),
                Column(_("Village"), lambda one: one.village),
                Column(_("Paid on"), lambda one: one.paid_on),
                Column(_("Channel"), lambda one: channel(one.channel)),
                Column(
                    _("Late by"),
                    lambda one: _("{count} days").format(count=one.days_late),
                    sort=lambda one: one.days_late,
                    stretch=True,
                ),
            ],
            key=missing_key,
        )


def missing_key(one: Missing) -> tuple[str, str]:
    """What makes it the same person after reading anew."""
    return one.scope, one.record


class RemovalsModel(_Masked):
    """People an earlier list named and this one does not; ``groups`` names what they would lose."""

    def __init__(self, group: Callable[[str], str]) -> None:
        super().__init__(
            [
                Column(_("Name"), lambda one: one.name, cell=lambda one: [[Text(one.name, "strong")]]),
                Column(_("ID number"), lambda one: self.number(one.id_number)),
                Column(_("Village"), lambda one: one.village),
                Column(
                    _("Would lose"),
                    lambda one: wording.units.listed([group(code) for code in one.what.split(",")]),
                    stretch=True,
                ),
            ],
            key=removal_key,
            ticks=True,
        )


def removal_key(one: Removal) -> tuple[str, str]:
    """What makes a removal the same one after reading anew."""
    return one.scope, one.record


def by_person(removals: Iterable[Removal]) -> list[Removal]:
    """One line a person: who is taken out loses everything the list no longer names them for."""
    found: dict[tuple[str, str], Removal] = {}
    for one in removals:
        held = found.get(removal_key(one))
        found[removal_key(one)] = replace(held, what=f"{held.what},{one.what}") if held else one
    return list(found.values())


class CorrectionsModel(_Masked):
    """Numbers of the register that a list has right: both, and why."""

    def __init__(self) -> None:
        super().__init__(
            [
                Column(_("Name"), lambda one: one.name, cell=lambda one: [[Text(one.name, "strong")]]),
                Column(_("In the register"), lambda one: self._numbers(one)[0]),
                Column(_("On the list"), lambda one: self._numbers(one)[1]),
                Column(_("Why"), _why, stretch=True),
            ],
            key=lambda one: one.key,
            ticks=True,
        )

    def _numbers(self, one: Correction) -> list[str]:
        if self.revealed:
            return [one.old or _("no ID number"), one.new]
        return [
            text or _("no ID number") for text in candidates.masked_alike([one.old, one.new], "id_number")
        ]


def _why(one: Correction) -> str:
    return matching.doubts_text(one.why)


# ---- words


def aliases_model() -> RowsModel:
    """The table of words."""
    return RowsModel(
        [
            Column(_("Word"), lambda one: one.word, cell=lambda one: [[Text(one.word, "strong")]], width=260),
            Column(_("About"), lambda one: vocabulary_text(one.vocabulary)),
            Column(_("Meaning"), lambda one: one.name, stretch=True),
        ],
        key=lambda one: (one.vocabulary, one.word),
    )


def vocabulary_text(code: str) -> str:
    """What the words of a vocabulary speak of."""
    return {"group": _("aided group"), "channel": _("channel")}.get(code, code)
