"""The candidates of a conflict as cards side by side, each with its key, its fields and who says so."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import TagLabel, label
from gui.widgets.pieces import Tag
from gui.wording.candidates import Line, Side

KEYS = "123456789"


class SideCard(QFrame):
    """One candidate; its button is left out where the other level decides."""

    def __init__(self, side: Side, key: str, *, ours: bool) -> None:
        super().__init__()
        theme = themes.current()
        self.side = side
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = KeyButton(_("This is right"), key)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        if ours:
            head.addWidget(self.button)
        head.addStretch(1)
        if side.shown:
            head.addWidget(TagLabel(Tag(_("shown for now"), "info")), 0, Qt.AlignmentFlag.AlignVCenter)
        if ours or side.shown:
            column.addLayout(head)
        column.addLayout(self._fields())
        for words in side.sources:
            column.addWidget(label(words, "small", wrap=True))
        column.addStretch(1)
        self.setAccessibleName(side.words())

    def _fields(self) -> QGridLayout:
        theme, grid = themes.current(), QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(self.side.lines):
            grid.addWidget(label(line.title, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value_label(line), row, 1)
        return grid


def value_label(line: Line) -> QLabel:
    """A field's words; where they differ they stand out by weight and underline, not by ground alone."""
    made = label("", "" if line.differs else "soft", wrap=True)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setText(line.html(themes.current().colour("warnsoft").name()))
    made.setAccessibleName(f"{line.title} {line.text}")
    return made


class Comparison(QWidget):
    """All candidates, two in a row; one under the other where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(themes.current().px(10))
        self._beside = 2
        self.cards: list[SideCard] = []

    def set_beside(self, count: int) -> None:
        """Put so many in a row."""
        if count != self._beside:
            self._beside = count
            self._place()

    def show_sides(
        self, sides: Sequence[Side], chosen: Callable[[Side], None], *, ours: bool, forbidden: str = ""
    ) -> None:
        """Show these; ``chosen`` is told the one whose button was pressed, unless that is ``forbidden``."""
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        for number, side in enumerate(sides):
            card = SideCard(side, KEYS[number : number + 1], ours=ours)
            card.button.forbid(forbidden)
            card.button.clicked.connect(lambda _checked=False, side=side: chosen(side))
            self.cards.append(card)
        self._place()
        self.setVisible(bool(sides))

    def _place(self) -> None:
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < self._beside))
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // self._beside, number % self._beside)
