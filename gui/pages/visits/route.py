"""The walking order of a village group: doors and whole lanes moved by the mouse or by keys, kept at once."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.households import head_of
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.rows import Column, Index, RowsModel
from gui.widgets.tables import TableView
from storage.queries.cards import HouseholdCard


class _Doors(RowsModel):
    """Doors that can be dragged to another place."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        own = super().flags(index)
        return own | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction


class _Table(TableView):
    """``dropped(from, to)``: a row was dragged to stand where ``to`` stood."""

    dropped = Signal(int, int)

    def __init__(self, model: RowsModel, name: str) -> None:
        super().__init__(model, name)
        self.setSortingEnabled(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)

    def dropEvent(self, event: QDropEvent) -> None:
        index: QModelIndex = self.indexAt(event.position().toPoint())
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        to = index.row() + below if index.isValid() else self.rows_model.rowCount()
        event.setDropAction(Qt.DropAction.IgnoreAction)  # the ledger moves the row, not the table
        event.accept()
        self.dropped.emit(self.currentIndex().row(), to)


class Route(QWidget):
    """``arranged(homes)`` asks for an order of a group's doors, ``forgotten(homes)`` for that of lanes and numbers."""

    arranged = Signal(list)
    forgotten = Signal(list)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.group = QComboBox()
        self.doors = _Doors(
            [
                Column(
                    _("No."), lambda one: str(self._places[one.household.record]), align="right", width=48
                ),
                Column(_("Household"), head_of, width=150),
                Column(_("Number"), lambda one: one.household.number, width=90),
                Column(_("Lane"), lambda one: one.household.lane, width=150),
                Column(_("Address"), lambda one: one.household.address, stretch=True),
                Column(_("People"), lambda one: str(len(one.people)), align="right", width=70),
            ],
            key=lambda one: one.household.record,
        )
        self.table = _Table(self.doors, _("Walking order"))
        self.up, self.down = KeyButton(_("Up"), "Alt+Up"), KeyButton(_("Down"), "Alt+Down")
        self.lane_up = KeyButton(_("Lane up"), "Shift+Alt+Up")
        self.lane_down = KeyButton(_("Lane down"), "Shift+Alt+Down")
        self.reset = KeyButton(_("By lane and number again"), "Ctrl+Backspace")
        self.done = KeyButton(_("Done"), "Escape", bind=False)
        self._cards: list[HouseholdCard] = []
        self._places: dict[str, int] = {}
        self._build()
        self.group.currentIndexChanged.connect(lambda _at: self._show())
        self.up.clicked.connect(lambda: self._step(-1))
        self.down.clicked.connect(lambda: self._step(1))
        self.lane_up.clicked.connect(lambda: self._step_lane(-1))
        self.lane_down.clicked.connect(lambda: self._step_lane(1))
        self.reset.clicked.connect(lambda: self.forgotten.emit(self._records(self.doors.rows)))
        self.done.clicked.connect(self.closed)
        self.table.dropped.connect(self._on_dropped)

    def show_doors(self, cards: Sequence[HouseholdCard]) -> None:
        """Show the doors of the group that is chosen, in their order."""
        self._cards = list(cards)
        groups = list(dict.fromkeys(card.household.group for card in cards))
        held = self.group.currentText()
        self.group.blockSignals(True)
        self.group.clear()
        self.group.addItems(groups)
        self.group.setCurrentIndex(max(self.group.findText(held), 0))
        self.group.blockSignals(False)
        self._show()

    def _show(self) -> None:
        group = self.group.currentText()
        rows = [card for card in self._cards if card.household.group == group]
        self._places = {row.household.record: place for place, row in enumerate(rows, 1)}
        self.doors.set_rows(rows)
        if self.doors.rows and self.table.current_row() is None:
            self.table.selectRow(0)

    def _records(self, rows: Sequence[HouseholdCard]) -> list[str]:
        return [row.household.record for row in rows]

    def _step(self, by: int) -> None:
        at = self.table.currentIndex().row()
        if 0 <= at + by < len(self.doors.rows):
            self._move(at, 1, at + by)

    def _step_lane(self, by: int) -> None:
        """Move the run of doors of one lane before or behind the run beside it."""
        rows, at = self.doors.rows, self.table.currentIndex().row()
        if at < 0:
            return
        first, last = _run(rows, at)
        beside = first - 1 if by < 0 else last + 1
        if 0 <= beside < len(rows):
            other_first, other_last = _run(rows, beside)
            self._move(
                first, last - first + 1, other_first if by < 0 else first + other_last - other_first + 1
            )

    def _on_dropped(self, at: int, to: int) -> None:
        if at >= 0:
            self._move(at, 1, to - (to > at))

    def _move(self, at: int, count: int, to: int) -> None:
        """Ask for the order in which ``count`` rows from ``at`` on begin at ``to`` of the others."""
        rows = list(self.doors.rows)
        taken, rest = rows[at : at + count], rows[:at] + rows[at + count :]
        order = [*rest[:to], *taken, *rest[to:]]
        if order != rows:
            self.arranged.emit(self._records(order))

    def _build(self) -> None:
        card = Card(_("Walking order"))
        card.add(
            label(
                _(
                    "Lists are printed in this order. Drag a door, or move it by its keys; it is kept at once."
                ),
                "soft",
                wrap=True,
            )
        )
        card.add(FormField(_("Village group"), self.group))
        card.add(self.table, 1)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.up, self.down, self.lane_up, self.lane_down, self.reset, self.done):
            flow.addWidget(button)
        card.add(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(10))
        column.addWidget(card, 1)


def _run(rows: Sequence[HouseholdCard], at: int) -> tuple[int, int]:
    """The first and last of the doors around ``at`` that stand together in one lane."""
    lane = rows[at].household.lane
    first = last = at
    while first > 0 and rows[first - 1].household.lane == lane:
        first -= 1
    while last + 1 < len(rows) and rows[last + 1].household.lane == lane:
        last += 1
    return first, last
