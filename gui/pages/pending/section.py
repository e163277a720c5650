"""A part of the page that works through questions of one sort: a list at the left, one of them at the right."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme as themes
from gui.desk import Desk
from gui.ops import ChangeOp
from gui.pages.pending.layout import list_beside
from gui.pages.revealing import hold_to_show
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.reveal import HeldReveal
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from storage import operators


class Section(QWidget):
    """Subclasses read, show one item, and say what their buttons do.

    ``counted(n)`` tells how many questions there are now; ``card_wanted(household)`` asks for a household's card.
    """

    counted = Signal(int)
    card_wanted = Signal(str)

    def __init__(self, desk: Desk, model: RowsModel, name: str, empty: EmptyState) -> None:
        super().__init__()
        theme = themes.current()
        self.desk = desk
        self.scope = ""
        self.rows = model
        self.list = TableView(model, name, header=False, wraps=True)
        self.list.set_empty(empty)
        self.title, self.where = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.forbidden = label(desk.why_not(operators.RECORD), "soft", wrap=True)
        if not self.forbidden.text():  # shown here, it would be a window of its own for a moment
            self.forbidden.hide()
        self.body, self.below = QVBoxLayout(), QVBoxLayout()
        for part in (self.body, self.below):
            part.setSpacing(theme.px(10))
        self.buttons = QWidget()
        self._flow = FlowLayout(self.buttons, gap=8)
        self.together = Together()
        self.together.agreed.connect(self.settle_together)
        self._lay_out()
        self.list.row_changed.connect(lambda row: self.show_item(row) if row is not None else None)

    def hold_to_show(self, button: KeyButton) -> HeldReveal:
        """Show numbers while R or ``button`` is held."""
        return hold_to_show(self.desk, button, self, button, lambda: 1)

    def add_buttons(self, *buttons: KeyButton) -> None:
        """Put buttons under what is shown."""
        for button in buttons:
            self._flow.addWidget(button)

    # ---- what a subclass says

    def refresh(self) -> None:
        """Read what is shown."""
        raise NotImplementedError

    def show_item(self, item: Any) -> None:
        """Show one of the list."""
        raise NotImplementedError

    def settle_together(self) -> None:
        """Settle all that were agreed to together."""
        raise NotImplementedError

    def villages(self) -> dict[str, str]:
        """Code → title of the villages that have questions here."""
        raise NotImplementedError

    # ---- the list

    def take_scope(self, scope: str) -> None:
        """Show one village, "" all."""
        self.scope = scope

    def fill(self, items: Sequence[Any]) -> None:
        """Show these; the line stays where it was, the next one moves up into it."""
        line = max(self.list.currentIndex().row(), 0)
        self.rows.set_rows(items)
        if items and self.list.current_row() is None:
            self.list.selectRow(min(line, len(items) - 1))
        self.scroller.setVisible(bool(items))
        current = self.list.current_row()
        if current is not None:
            self.show_item(current)

    def current(self) -> Any | None:
        """The one that is shown."""
        return self.list.current_row()

    def change(self, op: ChangeOp, done: Callable[[], None]) -> None:
        """Carry an answer out, unless another one is on its way (the same key twice in a burst)."""
        if not self.desk.writing():
            self.desk.change(op, lambda _result: done(), owner=self)

    def back(self) -> bool:
        """Close what lies on top; False where there is nothing."""
        if self.together.asking():
            self.together.rest()
        elif self.rows.ticked_rows():
            self.rows.tick(self.rows.rows, False)
        else:
            return False
        self.to_list()
        return True

    def to_list(self) -> None:
        """Bring the keyboard to the list."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self) -> None:
        theme = themes.current()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        self.head = QVBoxLayout()
        column.addLayout(self.head)
        self.scroller = Scroller(self._make_item())
        column.addLayout(list_beside(self.list, self.scroller), 1)
        column.addWidget(self.together)

    def _make_item(self) -> QWidget:
        inner = QWidget()
        inner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card()
        card.body.setSpacing(themes.current().px(10))
        for widget in (self.title, self.where, self.forbidden):
            card.add(widget)
        card.add(self.body)
        card.add(self.buttons)
        card.add(self.below)
        column.addWidget(card)
        column.addStretch(1)
        return inner


class Together(Card):
    """Settling many at once: first the button says how many, then what will be done, and only then it is done."""

    agreed = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = themes.current()
        self.start = KeyButton("", "G")
        self.sure = KeyButton("", "Return", primary=True, bind=False)
        self.leave = KeyButton("", "Escape", bind=False)
        self._words = label("", wrap=True)
        line = QHBoxLayout()
        line.setSpacing(theme.px(10))
        line.addWidget(self._words, 1)
        for button in (self.start, self.sure, self.leave):
            button.setMaximumSize(QSize(16_777_215, 16_777_215))
            line.addWidget(button)
        self.add(line)
        self.body.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        self._offer, self._asked = "", ""
        self.start.clicked.connect(self.ask)
        self.sure.clicked.connect(self._on_sure)
        self.leave.clicked.connect(self.rest)
        self.hide()

    def offer(self, words: str, button: str, asked: str, sure: str, leave: str) -> None:
        """Offer it: what stands there, what the buttons say, and what is asked before it is done; no words hide it."""
        self._offer, self._asked = words, asked
        self.start.setText(button)
        self.sure.setText(sure)
        self.leave.setText(leave)
        self.rest()
        self.setVisible(bool(words))

    def forbid(self, why: str) -> None:
        """Let it not be done by who may not."""
        for button in (self.start, self.sure):
            button.forbid(why)

    def asking(self) -> bool:
        """Whether it waits for the second answer."""
        return self.isVisible() and self.sure.isVisibleTo(self)

    def ask(self) -> None:
        """Say what will be done, and wait."""
        self._show(asking=True)
        self.sure.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def rest(self) -> None:
        """Go back to the offer."""
        self._show(asking=False)

    def _show(self, *, asking: bool) -> None:
        self._words.setText(self._asked if asking else self._offer)
        self.start.setVisible(not asking)
        self.sure.setVisible(asking)
        self.leave.setVisible(asking)

    def _on_sure(self) -> None:
        self.rest()
        self.agreed.emit()
