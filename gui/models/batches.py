"""What was handed out, as a table."""

from collections.abc import Callable
from datetime import date

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import batches as words
from gui.wording import units
from storage.queries.batches import Batch

_TONES: dict[str, Tone] = {"out": "warn", "part": "info", "back": "ok", "closed": "mute"}


def model(today: Callable[[], date]) -> RowsModel:
    """Where, what, who has it, how many are out, since when, how far."""

    def place(one: Batch) -> Cell:
        lines: list[list[Piece]] = [[Text(one.place, "strong")]]
        return [*lines, [Text(words.holder(one), "soft")]] if one.holder else lines

    def when(one: Batch) -> Cell:
        first: list[Piece] = [Text(wording.short_day(one.handed.on, today()))]
        late = one.late(today())
        if late:
            first.append(Tag(_("{days} days late").format(days=late), "bad"))
        elif one.out:
            first.append(Text(words.age(one, today()), "soft"))
        return [first]

    return RowsModel(
        [
            Column(_("Village"), lambda one: f"{one.place} {words.holder(one)}", cell=place, stretch=True),
            Column(_("What"), words.title, stretch=True),
            Column(
                _("To fill in"),
                lambda one: units.number(one.handed.people),
                sort=lambda one: one.handed.people,
                align="right",
            ),
            Column(
                _("Came back"),
                lambda one: units.number(one.returned),
                sort=lambda one: one.returned,
                align="right",
            ),
            Column(_("Out"), lambda one: units.number(one.out), sort=lambda one: one.out, align="right"),
            Column(
                _("Handed out"),
                lambda one: f"{wording.short_day(one.handed.on, today())} {words.age(one, today())}",
                sort=lambda one: one.handed.on,
                cell=when,
            ),
            Column(
                _("How far"),
                words.state,
                cell=lambda one: [[Tag(words.state(one), _TONES[one.state], one.closed or one.note)]],
            ),
        ],
        key=lambda one: one.record,
    )
