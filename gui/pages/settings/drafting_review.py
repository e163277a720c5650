"""What is wrong with a draft, what it changes, and which sources nobody looked up yet: each leads to its field."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.drafting import Writing
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.pieces import Cell, Text
from gui.widgets.rows import Column, RowsModel
from gui.widgets.tables import TableView
from gui.wording import policy_fields as words
from storage.policy.drafting import Difference

_LINES = 9


@dataclass(frozen=True, slots=True)
class Line:
    """A field with what is to be said of it."""

    where: str
    place: str
    old: str = ""
    new: str = ""


class Review(QWidget):
    """``opened`` with the path of a field somebody wants to see; ``restored`` with a difference taken back."""

    opened = Signal(str)
    restored = Signal(object)
    looked_up = Signal(list)

    def __init__(self, writing: Writing) -> None:
        super().__init__()
        self._writing = writing
        self._by_place: dict[str, Difference] = {}
        self.back = KeyButton(_("As it was before"), "R")
        self.all_right = KeyButton(_("All of them are still so"))
        self.wrong = _list(_("What is wrong"), _("Nothing is wrong."), _("What is wrong"))
        self.changed = _list(_("What differs"), _("Nothing differs."), _("From → to"))
        self.waiting = _list(_("Sources not looked up yet"), _("All are looked up."), _("Until now"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(12))
        self._cards = [
            _card(_("What is wrong"), self.wrong),
            _card(_("What differs"), self.changed, self.back),
            _card(_("Sources not looked up yet"), self.waiting, self.all_right),
        ]
        for card in self._cards:
            column.addWidget(card)
        for table in (self.wrong, self.changed, self.waiting):
            table.opened.connect(lambda line: self.opened.emit(line.where))
        self.back.clicked.connect(self._on_back_clicked)
        self.all_right.clicked.connect(lambda: self.looked_up.emit(list(self._writing.unchecked)))
        self.remark()

    def remark(self) -> None:
        """Show it as it is now."""
        writing = self._writing
        faults = [
            Line(one.where, words.place(one.where, writing.raw), "", words.fault(one.why, one.params))
            for one in writing.faults
        ]
        self._by_place = {one.where: one for one in writing.differences}
        told = [(one.where, *words.change(one, writing.base, writing.raw)) for one in writing.differences]
        waiting = [
            Line(where, words.place(where, writing.raw), "", words.cite(writing.of(where) or {}, writing.raw))
            for where in writing.unchecked
        ]
        for table, lines in (
            (self.wrong, faults),
            (self.changed, [Line(*one) for one in told]),
            (self.waiting, waiting),
        ):
            _fill(table, lines)
        self._cards[0].setVisible(bool(faults))
        self._cards[2].setVisible(bool(waiting))
        self.back.setEnabled(bool(told))

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.wrong if self._writing.faults else self.changed

    def field_at(self, _path: str) -> QWidget | None:
        """No field stands here."""
        return None

    def _on_back_clicked(self) -> None:
        line: Line | None = self.changed.current_row()
        if line is not None:
            self.restored.emit(self._by_place[line.where])


def _list(name: str, empty: str, head: str) -> TableView:
    def says(line: Line) -> str:
        return _("{old} → {new}").format(old=line.old, new=line.new) if line.old else line.new

    def picture(line: Line) -> Cell:
        old = [[Text(line.old, "soft")], [Text(line.new, "strong")]]
        return old if line.old else [[Text(line.new)]]

    model = RowsModel(
        [
            Column(_("Where"), lambda line: line.place, width=250),
            Column(head, says, cell=picture, stretch=True),
        ],
        key=lambda line: line.where,
    )
    table = TableView(model, name, wraps=True, header=False)
    table.set_empty(EmptyState(empty))
    return table


def _fill(table: TableView, lines: list[Line]) -> None:
    table.rows_model.set_rows(lines)
    if lines and table.current_row() is None:
        table.selectRow(0)
    table.setFixedHeight(themes.current().px(max(2, min(len(lines), _LINES)) * 56 + 6))


def _card(title: str, table: TableView, *actions: QWidget) -> Card:
    card = Card(title, *actions)
    card.add(table)
    card.add(label(_("Enter opens the field."), "small"))
    return card
