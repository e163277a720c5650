"""The lists with their days, and the people on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models.households import place_text, tags
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording import targets as words
from gui.wording.units import number
from storage.policy.ease import Band
from storage.policy.model import Policy
from storage.queries import housing
from storage.queries.visits import age
from storage.queries.worklists import Entry, Worklist

Today = Callable[[], date]
Rules = Callable[[], Policy]
_TONES: dict[Band, Tone] = {"easy": "ok", "middle": "info", "hard": "warn", "unlikely": "mute"}


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list with how many stand on it; ``found`` is None while it is being read."""

    code: str
    found: Worklist | None


def line_words(line: ListLine) -> str:
    """A list with how many stand on it, where it is chosen out of a box."""
    count = "…" if line.found is None else number(len(line.found.entries))
    return f"{words.list_name(line.code)} {count}"


def people_words(count: int) -> str:
    """So many people."""
    return _("{count} people").format(count=number(count))


def lists_model(today: Today) -> RowsModel:
    """What lists there are, by when, how many people."""

    def when(line: ListLine) -> str:
        if line.found is None or not line.found.entries:
            return ""
        return words.list_day(line.code, line.found.next_day, today())

    def count(line: ListLine) -> str:
        return "…" if line.found is None else number(len(line.found.entries))

    def name(line: ListLine) -> Cell:
        day, found = when(line), line.found
        lines: list[list[Piece]] = [[Text(words.list_name(line.code))]]
        pressing = found is not None and found.next_day is not None and found.next_day <= today()
        return [*lines, [Text(day, "soft", "bad" if pressing else None)]] if day else lines

    return RowsModel(
        [
            Column(
                _("List"), lambda line: f"{words.list_name(line.code)} {when(line)}", cell=name, stretch=True
            ),
            Column("", count, cell=lambda line: [[Text(count(line), "strong")]], align="right", width=52),
        ],
        key=lambda line: line.code,
    )


class EntriesModel(RowsModel):
    """The people of a list; ``first`` says something else of them than by when."""

    def __init__(
        self,
        policy: Rules,
        today: Today,
        titles: Callable[[], Mapping[str, str]],
        first: Column | None = None,
    ) -> None:
        self._policy, self._today, self._titles = policy, today, titles
        by = Column(_("By"), self._by, sort=lambda entry: entry.deadline, cell=self._by_cell)
        super().__init__(
            [
                first or by,
                Column(_("Person"), self._text, sort=_place_key, cell=self._person, width=190),
                Column(
                    _("How easily, and why"), self._why, sort=_ease_key, cell=self._why_cell, stretch=True
                ),
                Column(_("What to do"), self._step, stretch=True),
            ],
            key=lambda entry: entry.key,
        )

    def _by(self, entry: Entry) -> str:
        return wording.short_day(entry.deadline, self._today())

    def _by_cell(self, entry: Entry) -> Cell:
        late = entry.deadline is not None and entry.deadline < self._today()
        return [[Text(self._by(entry), "strong" if late else "normal", "bad" if late else None)]]

    def _where(self, entry: Entry) -> str:
        home = entry.household.household
        village = self._titles().get(entry.card.person.scope, "")
        return " ".join(filter(None, (village, place_text(home.group, home.number), home.head_name)))

    def _text(self, entry: Entry) -> str:
        return f"{entry.card.person.name} {self._where(entry)}"

    def _person(self, entry: Entry) -> Cell:
        person = entry.card.person
        years = age(person.birth, self._today())
        beside = "" if years is None else _("{years} years").format(years=years)
        marks = tags(wording.open_marks(person.unsettled, "resident.identity"))
        groups = tags([wording.Mark(names.short_group(code)) for code in person.groups])
        first: list[Piece] = [
            Text(person.name or _("no name"), "strong"),
            *marks,
            Text(beside, "soft"),
            *groups,
        ]
        return [first, [Text(self._where(entry), "soft")]]

    def _why(self, entry: Entry) -> str:
        if entry.ease is None:
            paid = entry.card.person.paid_on
            if entry.card.person.paid == "none":
                return ""
            return _("paid on {day}").format(day=wording.full_day(paid)) if paid else _("no day of payment")
        return words.ease_text(self._policy(), entry.ease, most=3)

    def _why_cell(self, entry: Entry) -> Cell:
        """The band before the signs it follows from."""
        text = Text(self._why(entry))
        if entry.ease is None:
            return [[text]]
        ease = entry.ease
        return [[Tag(words.band_name(ease.band), _TONES[ease.band]), Text(str(ease.score), "soft")], [text]]

    def _step(self, entry: Entry) -> str:
        return wording.step_text(self._policy(), entry.card)


def _ease_key(entry: Entry) -> int | None:
    return -entry.ease.score if entry.ease else None


def _place_key(entry: Entry) -> object:
    home = entry.household.household
    return entry.card.person.scope, housing.natural(home.group), housing.natural(home.number)
