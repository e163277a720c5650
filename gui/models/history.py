"""The history of a person or household as a table."""

from collections.abc import Callable
from datetime import date

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording.delivery import mark_text
from storage.policy.model import Policy
from storage.queries.history import HistoryRow


def model(
    policy: Callable[[], Policy],
    replica: str,
    today: Callable[[], date],
    *,
    office: bool = False,
    alone: bool = False,
) -> RowsModel:
    """When, what, who and from where, and how far an entry of this side is delivered unless it stands ``alone``."""

    def what(row: HistoryRow) -> Cell:
        line: list[Piece] = [Text(row.about, "strong")] if row.about else []
        line.append(Text(wording.history_text(policy(), row)))
        if row.voided and row.register != "void":
            line.append(Tag(_("voided"), "warn"))
        elif not row.shown and row.register != "void":
            line.append(Tag(_("replaced")))
        mark = "" if alone else mark_text(row.delivery, office=office)
        if mark:
            line.append(Text(mark, "soft"))
        below = (wording.via_text(row.via) if row.via else "", wording.terms_text(row))
        return [line, *([Text(words, "soft")] for words in below if words)]

    def who(row: HistoryRow) -> str:
        return wording.who_text(row, replica)

    def when(row: HistoryRow) -> str:
        return wording.moment(row.when, today())

    return RowsModel(
        [
            Column(_("When"), when, sort=lambda row: row.when, cell=lambda row: [[Text(when(row), "soft")]]),
            Column(_("What"), lambda row: wording.history_text(policy(), row), cell=what, stretch=True),
            Column(_("Who"), who, cell=lambda row: [[Text(who(row), "soft")]]),
        ],
        key=lambda row: (row.oid, row.register),
    )
