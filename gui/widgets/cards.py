"""White cards: a plain one to fill, and one about a single number that opens its people."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QTextDocumentFragment
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme as themes
from gui.theme import Tone
from gui.widgets import paint
from gui.widgets.focus import Pressed
from gui.widgets.labels import label, plain
from gui.widgets.pieces import Bar


class Card(QFrame):
    """A card with a heading, buttons at its right, and a body to fill."""

    def __init__(self, title: str = "", *actions: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = themes.current()
        self.setProperty("look", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self.body.setSpacing(theme.px(8))
        self._title = label(title, "heading")
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        for action in actions:
            self._head.addWidget(action)
        if title or actions:
            self.body.addLayout(self._head)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Change the heading of a card that was made with one."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def add(self, content: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a widget or a layout under what is there."""
        if isinstance(content, QWidget):
            self.body.addWidget(content, stretch)
        else:
            self.body.addLayout(content, stretch)


class ProgressBar(QWidget):
    """A share with a tick at its target."""

    def __init__(self, bar: Bar | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(themes.current().px(20))
        self.show_bar(bar or Bar(0.0))

    def show_bar(self, bar: Bar) -> None:
        """Show another share."""
        self._bar = bar
        target = "" if bar.target is None else f" / {bar.target:.0%}"
        self.setAccessibleName(f"{bar.share:.1%}{target}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(themes.current().px(160), themes.current().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint.draw_bar(painter, QRectF(self.rect()), self._bar, themes.current())


@dataclass(frozen=True, slots=True)
class Stat:
    """One number with what makes it true: its title, the words beside it, its bar, the line below.

    `below` is rich text: pass names through `labels.plain`, numbers through `labels.strong`.
    """

    title: str
    big: str
    beside: str = ""
    bar: Bar | None = None
    below: str = ""
    tone: Tone | None = None


class StatCard(Pressed, QAbstractButton):
    """A card about one number; a click, Enter or Space opens the people behind it."""

    opened = Signal()

    def __init__(self, stat: Stat | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = themes.current()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._title = label("", "heading", wrap=True)
        self._figures, self._below = label("", wrap=True), label("", "soft", wrap=True)
        for words in (self._figures, self._below):
            words.setTextFormat(Qt.TextFormat.RichText)
        self._bar = ProgressBar()
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        column.setSpacing(theme.px(2))
        column.addWidget(self._title)
        column.addWidget(self._figures)
        column.addWidget(self._bar)
        column.addWidget(self._below)
        column.addStretch(1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(self.opened)
        self.show_stat(stat or Stat("", "–"))

    def show_stat(self, stat: Stat) -> None:
        """Show another number."""
        self._title.setText(stat.title)
        self._figures.setText(_figures(stat))
        self._below.setText(stat.below)
        self._below.setVisible(bool(stat.below))
        self._bar.setVisible(stat.bar is not None)
        if stat.bar is not None:
            self._bar.show_bar(stat.bar)
        self.setAccessibleName(" ".join(filter(None, (stat.title, stat.big, stat.beside))))
        self.setAccessibleDescription(QTextDocumentFragment.fromHtml(stat.below).toPlainText())

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._column.minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._column.totalHeightForWidth(width)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rect = themes.current(), QRectF(self.rect())
        with QPainter(self) as painter:
            edge = theme.colour("main" if self.underMouse() else "line")
            paint.draw_round(painter, rect, theme.px(10), theme.colour("card"), edge)
            if self.has_ring():
                paint.draw_ring(painter, rect, theme.px(10), theme.colour("main"))


def _figures(stat: Stat) -> str:
    """The number and the words beside it on one baseline."""
    theme = themes.current()
    ink, soft = theme.colour(stat.tone or "ink").name(), theme.colour("soft").name()
    big = f'<span style="font-size:{theme.px(30)}px;font-weight:700;color:{ink}">{plain(stat.big)}</span>'
    return f'{big} <span style="font-size:{theme.px(14)}px;color:{soft}">{plain(stat.beside)}</span>'
