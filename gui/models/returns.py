"""Printed lists and the rows of one of them as tables; which boxes of a row are ticked by now."""

from collections.abc import Callable, Mapping
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models.households import place_text
from gui.widgets.pieces import Box, Cell, Tag, Text
from gui.widgets.rows import Column, RowsModel
from storage.queries.returns import Printed, Row

PAID, CREDENTIAL, HELP, REFUSED, ABSENT = "paid", "credential", "help", "refused", "absent"
BOXES = (PAID, CREDENTIAL, HELP, REFUSED, ABSENT)
"""The boxes of a row in the order of the paper; the digit of each is its place."""


def words(box: str) -> str:
    """What stands above a box."""
    return {
        PAID: _("Paid"),
        CREDENTIAL: _("E-card"),
        HELP: _("Help"),
        REFUSED: _("Refused"),
        ABSENT: _("Absent"),
    }[box]


def standing(row: Row) -> frozenset[str]:
    """The boxes that hold whatever is entered now: what the ledger knows, and what was entered of this row."""
    if row.card is None:
        return frozenset()
    person, outcome = row.card.person, row.visit.outcome if row.visit else ""
    found = {
        PAID: person.paid != "none",
        CREDENTIAL: bool(person.credential),
        HELP: bool(person.need),
        REFUSED: outcome == "refused",
        ABSENT: outcome == "absent",
    }
    return frozenset(box for box, holds in found.items() if holds)


def lists_model(today: Callable[[], date]) -> RowsModel:
    """Number, day and what it was printed for; how many rows are still out."""

    def state(one: Printed) -> Tag:
        if one.closed:
            return Tag(_("closed"), "mute", one.closed)
        if one.out:
            return Tag(_("{count} rows not returned").format(count=one.out), "warn")
        return Tag(_("all back"), "ok")

    def cell(one: Printed) -> Cell:
        when = _("printed {day}").format(day=wording.short_day(one.printed_on, today()))
        return [
            [Text(_("List {number:02d}").format(number=one.number), "strong"), state(one)],
            [Text(f"{when} · {one.filter}", "soft")],
        ]

    def said(one: Printed) -> str:
        return f"{_('List {number:02d}').format(number=one.number)} {state(one).text} {one.filter}"

    return RowsModel([Column("", said, cell=cell, stretch=True)], key=lambda one: one.record)


def rows_model(pending: Callable[[], Mapping[int, frozenset[str]]]) -> RowsModel:
    """Row, name, what is due, the five boxes, what was agreed; ``pending`` are boxes ticked and not yet recorded."""

    def ticked(row: Row, box: str) -> bool:
        return box in standing(row) or box in pending().get(row.number, ())

    def box(code: str) -> Column:
        return Column(
            words(code),
            lambda row: words(code) if ticked(row, code) else "",
            cell=lambda row: [[Box(ticked(row, code))]] if row.card else [[Text("")]],
            width=44,
        )

    def name(row: Row) -> str:
        return row.card.person.name if row.card else _("no longer in the ledger")

    def who(row: Row) -> Cell:
        home = row.household
        below = place_text(home.group, home.number) if home else ""
        return [[Text(name(row), "strong"), Text(below, "soft"), *state(row)]]

    def due(row: Row) -> str:
        return wording.due_text(row.card) if row.card and row.card.person.paid == "none" else ""

    def noted(row: Row) -> str:
        if row.visit is None:
            return ""
        agreed = (
            _("agreed for {day}").format(day=wording.month_day(row.visit.retry_on))
            if row.visit.retry_on
            else ""
        )
        return _("; ").join(part for part in (agreed, row.visit.note) if part)

    def state(row: Row) -> list[Tag]:
        return [Tag(_("entered"), "ok")] if row.visit else []

    return RowsModel(
        [
            Column(
                _("Row"), lambda row: str(row.number), sort=lambda row: row.number, align="right", width=40
            ),
            Column(_("Name"), name, cell=who, stretch=True),
            Column(_("Due"), due, width=150),
            *map(box, BOXES),
            Column(_("Agreed / noted"), noted, width=110),
        ],
        key=lambda row: row.number,
    )
