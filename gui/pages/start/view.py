"""How the way to a ledger is laid out: one card in the middle of a calm page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import ErrorLine
from gui.widgets.scroll import Scroller

_WIDTH = 620


class Centred(QWidget):
    """A card of a readable width in the middle; scrolls on a low screen."""

    def __init__(self, card: Card) -> None:
        super().__init__()
        theme = themes.current()
        self.setProperty("ground", True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.px(20), theme.px(20), theme.px(20), theme.px(20))
        column.addStretch(2)
        line = QHBoxLayout()
        line.addStretch(1)
        card.setMaximumWidth(theme.px(_WIDTH))
        line.addWidget(card, 8)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inner))


class Choice(QWidget):
    """One way to go on: a button, and below it what it means."""

    def __init__(self, words: str, key: str, below: str, primary: bool = False) -> None:
        super().__init__()
        self.button = KeyButton(words, key, primary=primary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(4))
        column.addWidget(self.button)
        self._below = label(below, "soft", wrap=True)
        column.addWidget(self._below)

    def show_below(self, words: str) -> None:
        """Say something else about it."""
        self._below.setText(words)


class FormCard(Card):
    """Fields under a title, one button to go on and one to go back."""

    def __init__(self, title: str, text: str, go: str, fields: Sequence[QWidget]) -> None:
        super().__init__()
        theme = themes.current()
        self.body.setSpacing(theme.px(12))
        self.body.setContentsMargins(theme.px(28), theme.px(22), theme.px(28), theme.px(24))
        self.add(label(title, "title", wrap=True))
        self.text = label(text, "soft", wrap=True)
        self.add(self.text)
        for field in fields:
            self.add(field)
        self.trouble = ErrorLine()
        self.add(self.trouble)
        self.go = KeyButton(go, "Return", primary=True, bind=False)
        self.back = KeyButton(_("Back"), "Escape")
        line = QHBoxLayout()
        line.setSpacing(theme.px(10))
        line.addWidget(self.go)
        line.addWidget(self.back)
        line.addStretch(1)
        self.foot = line
        self.add(line)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self).activated.connect(self._on_return_pressed)

    def _on_return_pressed(self) -> None:
        """Press the button that has the keyboard, else go on."""
        focused = QApplication.focusWidget()
        if isinstance(focused, KeyButton) and self.isAncestorOf(focused):
            focused.click()
        else:
            self.go.click()


def left(button: KeyButton) -> QHBoxLayout:
    """A button at the left of its line."""
    line = QHBoxLayout()
    line.addWidget(button)
    line.addStretch(1)
    line.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return line
