"""How the page of money is laid out: what to show at the top, the table, the one chosen, the form at the foot."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.parts import PartsView
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.combos import fitted
from gui.widgets.labels import FlowLayout, TagLine, label
from gui.widgets.notices import EmptyState
from gui.widgets.pieces import Tag
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from storage.policy.money import APPLIED, HANDED, RECEIVED, REFUSED, SIGNED

REFUNDS, LOANS, TOTALS, WAITING = "refunds", "loans", "totals", "ages"
SUMS = (TOTALS, WAITING)
"""Parts that show sums in the place of people."""
_RIGHT = 300  # px of what stands beside the table
QWIDGETSIZE_MAX = 16777215  # Qt's own, which the binding leaves out


class MoneyView(PartsView):
    """Every widget of the page, in its place."""

    NARROW = 1000

    def __init__(
        self, refunds: RowsModel, loans: RowsModel, totals: RowsModel, ages: RowsModel, *, office: bool
    ) -> None:
        parts = [(REFUNDS, _("Refunds")), (LOANS, _("Laid out")), (TOTALS, _("By department"))]
        super().__init__(
            [*parts, (WAITING, _("By village"))] if office else parts, _("Reading the register…")
        )
        self.place, self.stage, self.age = fitted(_("Village")), fitted(_("Stage")), fitted(_("How long"))
        self._office = office
        self.household = KeyButton("", "U")
        self.summary = label("", "soft", wrap=True)
        self.tables = {
            REFUNDS: TableView(refunds, _("Refunds"), wraps=True),
            LOANS: TableView(loans, _("Money laid out"), wraps=True),
            TOTALS: TableView(totals, _("Sums by department"), wraps=True),
            WAITING: TableView(ages, _("How long money waits, by village"), wraps=True),
        }
        self.tables[TOTALS].setSortingEnabled(False)
        self.nothing = {part: EmptyState("") for part in (REFUNDS, LOANS)}
        for part, state in self.nothing.items():
            self.tables[part].set_empty(state)
        self.name, self.tags = label("", "title", wrap=True), TagLine()
        self.lines = label("", wrap=True)
        self.steps = {
            APPLIED: KeyButton(_("Applied for"), "A"),
            RECEIVED: KeyButton(_("Received"), "F"),
            HANDED: KeyButton(_("Hand over"), "H"),
            SIGNED: KeyButton(_("Signed for"), "S"),
            REFUSED: KeyButton(_("Not granted"), "N"),
        }
        self.undo = KeyButton(_("Take the last step back"), "Delete")
        self.settle = KeyButton(_("Given back"), "B", primary=True)
        self.void = KeyButton(_("Take a return back"), "Backspace")
        self.tick = KeyButton(_("Tick all"), "T")
        self.open = KeyButton(_("Open the person") if office else _("Open the household"), "O")
        self.form = KeyButton(_("Forms"), "P")
        self.rosters = KeyButton(_("Refund rosters as PDF"), "R")
        self._panel: QWidget | None = None
        self._pressing = False
        self._build(themes.current())

    # ---- what is shown

    def show_part(self, part: str) -> None:
        """Show refunds, laid-out money or the sums."""
        super().show_part(part)
        for button in (*self.steps.values(), self.undo):
            button.setVisible(part == REFUNDS)
        for button in (self.settle, self.void):
            button.setVisible(part == LOANS)
        for widget in (self.tick, self.open, self.stage, self.age):
            widget.setVisible(part not in SUMS)
        self.form.setVisible(part == TOTALS)
        self.rosters.setVisible(part in SUMS)

    def say(self, text: str, *, pressing: bool = False) -> None:
        """Say how much waits where; on a low screen only what presses."""
        self.summary.setText(text)
        self._pressing = pressing
        self.share()

    def show_one(self, name: str, tags: Sequence[Tag], lines: Sequence[str]) -> None:
        """Show what is known of the one that is chosen; nothing for no name."""
        self.name.setText(name)
        self.tags.show_tags(tags)
        self.lines.setText("\n".join(lines))
        self.share()

    def show_panel(self, panel: QWidget | None) -> None:
        """Open a form at the foot, or close it."""
        if self._panel is not None:
            self._foot.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        if panel is not None:
            self._foot.insertWidget(0, panel)
        self._buttons.setVisible(panel is None)
        self.share()

    def share(self) -> None:
        """On a small screen the table comes first; a form goes before it where there is no room for both."""
        totals, narrow, low = self.parts.value() in SUMS, self.narrow, self.low
        alone = low and self._panel is not None
        self._right.setVisible(not (narrow or totals) and self._panel is None and bool(self.name.text()))
        for widget in (self._head, self._middle):
            widget.setVisible(not alone)
        self.summary.setVisible(not low or (self._pressing and not alone))
        self._scroller.setVisible(self._panel is not None)
        self._size_foot(low)
        self.place.setVisible(self._office)
        self.household.setVisible(bool(self.household.words()) and not totals)

    def _size_foot(self, low: bool) -> None:
        """A form has the height it wants beside a table, all there is where the table gives way."""
        if self._panel is not None:
            wanted = self._panel.sizeHint().height() + 2
            self._scroller.setMaximumHeight(QWIDGETSIZE_MAX if low else wanted)
            self._scroller.setMinimumHeight(0 if low else min(wanted, self.height() // 2))

    # ---- how it is built

    def _build(self, theme: themes.Theme) -> None:
        column = QVBoxLayout()
        column.setSpacing(theme.px(10))
        self._head = QWidget()
        flow = FlowLayout(self._head, gap=8)
        head_widgets: tuple[QWidget, ...] = (self.parts, self.place, self.stage, self.age, self.household)
        for widget in head_widgets:
            flow.addWidget(widget)
        column.addWidget(self._head)
        column.addWidget(self.summary)
        self.put_parts(dict(self.tables))
        card = Card()
        card.add(self.stack, 1)
        self._middle = QWidget()
        line = QHBoxLayout(self._middle)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        line.addWidget(card, 1)
        line.addWidget(self._make_right(theme))
        column.addWidget(self._middle, 1)
        inner = QWidget()
        self._foot = QVBoxLayout(inner)
        self._foot.setContentsMargins(0, 0, 0, 0)
        self._foot.addStretch(1)
        self._scroller = Scroller(inner)
        column.addWidget(self._scroller)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons, gap=8)
        own = (self.settle, self.void, self.undo, self.tick, self.open, self.form, self.rosters)
        for button in (*self.steps.values(), *own):
            flow.addWidget(button)
        column.addWidget(self._buttons)
        self.put_states(column)

    def _make_right(self, theme: themes.Theme) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for widget in (self.name, self.tags, self.lines):
            column.addWidget(widget)
        column.addStretch(1)
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._right = Card()
        self._right.setFixedWidth(theme.px(_RIGHT))
        self._right.add(Scroller(inner), 1)
        return self._right
