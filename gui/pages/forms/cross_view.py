"""How the cross table is laid out: what is counted of whom, the numbers, what is to be known about them."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.cross import CrossModel
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.cell_table import CellTable
from gui.widgets.combos import Combo, fitted
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, EmptyState
from gui.wording import crossed

_LOW = 480  # px of height under which what explains gives way


class CrossView(Card):
    """Every widget of the part, in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label(_("Cross table: any two facts of people against each other"), "title", wrap=True)
        self.rows, self.columns = fitted(_("In rows")), fitted(_("In columns"))
        self.measure, self.village = fitted(_("Counted")), fitted(_("Village"))
        self.whom, self.limit = fitted(_("Of whom")), fitted(_("Only those by"))
        self.word = fitted(_("Only those"))
        self.turn = KeyButton(_("Turn it"), "T")
        self.numbers = CrossModel()
        self.table = CellTable(self.numbers, _("Cross table"))
        self.table.set_empty(EmptyState(_("Nobody here"), _("Count others: choose above.")))
        self.count, self.notes = label("", "heading", wrap=True), label("", "small", wrap=True)
        self.xlsx = KeyButton(_("Write xlsx"), "S", primary=True)
        self.csv = KeyButton(_("Write csv"), "V")
        self.folder = KeyButton(_("Open the folder"), "O")
        self.leave = KeyButton(_("Back to the forms"), "X")
        self.busy = BusyBar()
        self._build(themes.current())

    def offer(self, villages: dict[str, str]) -> None:
        """Fill the boxes that stay as they are."""
        axes = list(crossed.axes().items())
        self.rows.offer(axes, self.rows.value() or ("village" if villages else "group"))
        self.columns.offer(axes, self.columns.value() or "paid")
        self.limit.offer([("", _("no further limit")), *axes], self.limit.value())
        self.whom.offer(list(crossed.whom().items()), self.whom.value())
        self.measure.offer(list(crossed.measures().items()), self.measure.value())
        self.village.offer([("", _("All villages")), *villages.items()], self.village.value())

    def show_limits(self, limits: tuple[str, ...], chosen: str) -> None:
        """Offer the words of the field the table is limited by."""
        self.word.offer([(word, crossed.word(word)) for word in limits], chosen)
        self.word.setVisible(bool(limits))

    def show_busy(self, busy: bool) -> None:
        """Show that it is being written in place of the buttons, or the buttons again."""
        self.busy.setVisible(busy)
        self.buttons.setVisible(not busy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the numbers come first."""
        super().resizeEvent(event)
        low = self.height() < themes.current().px(_LOW)
        for widget in (self.title, self.count, self.notes, self.folder):
            widget.setVisible(not low)

    def _build(self, theme: themes.Theme) -> None:
        choices = QWidget()
        flow = FlowLayout(choices, gap=10)
        for words, box in (
            (_("In rows"), self.rows),
            (_("In columns"), self.columns),
            (_("Of whom"), self.whom),
            (_("Only those by"), self.limit),
        ):
            flow.addWidget(_called(words, box, theme))
        for widget in (self.word, self.village, self.measure):
            flow.addWidget(widget)
        self.buttons = QWidget()
        line = FlowLayout(self.buttons, gap=8)
        for button in (self.xlsx, self.csv, self.folder, self.turn, self.leave):
            line.addWidget(button)
        for part in (self.title, choices, self.count):
            self.add(part)
        self.add(self.table, 1)
        for part in (self.notes, self.buttons, self.busy):
            self.add(part)
        self.word.hide()
        self.leave.hide()
        self.busy.hide()


def _called(words: str, box: Combo, theme: themes.Theme) -> QWidget:
    """A box behind what it chooses."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.px(6))
    head = label(words, "soft")
    head.setBuddy(box)
    line.addWidget(head)
    line.addWidget(box)
    return made
