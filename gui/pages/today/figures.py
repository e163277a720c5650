"""A card of figures in which every number is a door of its own: a click, Enter or Space opens the people it counts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme as themes
from gui.theme import SOFT, Tone
from gui.widgets import paint
from gui.widgets.cards import Card, ProgressBar
from gui.widgets.focus import Pressed
from gui.widgets.labels import FlowLayout, label
from gui.widgets.pieces import Bar

_BIG, _WHOLE = 30, 18
_HIGH = {_BIG: (42, 11), SOFT: (24, 7)}
"""Size of the letters → height of the line and of what lies under its baseline, in px of the sketch."""


@dataclass(frozen=True, slots=True)
class Link:
    """A number: how it is written, whom it counts (read aloud), and the page that shows them with what to ask it.

    ``first``: in a large line the large one.
    """

    text: str
    name: str
    page: str
    request: object = None
    tone: Tone | None = None
    first: bool = False


Part = str | Link
Line = Sequence[Part]


def filled(template: str, parts: Mapping[str, Part]) -> list[Part]:
    """Return a sentence with ``{blanks}`` as its parts, in the order the language has them."""
    found: list[Part] = []
    for piece in re.split(r"(\{\w+\})", template):
        part = parts[piece[1:-1]] if piece.startswith("{") else piece
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part:
            found.append(part)
    return found


class NumberDoor(Pressed, QAbstractButton):
    """A number with a line under it, in the middle of words."""

    def __init__(self, link: Link, line: int) -> None:
        super().__init__()
        self._pixels = (_BIG if link.first else _WHOLE) if line == _BIG else line
        self._high, self._under = map(themes.current().px, _HIGH[line])
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_link(link)

    def show_link(self, link: Link) -> None:
        """Show another number."""
        self.link = link
        self.setText(link.text)
        self.setAccessibleName(link.name)
        self.setToolTip(link.name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = themes.current()
        wide = theme.width(self.link.text, self._pixels, bold=True) + theme.px(6)
        return QSize(ceil(wide), self._high)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rect = themes.current(), QRectF(self.rect())
        with QPainter(self) as painter:
            base = rect.height() - self._under
            painter.setFont(theme.font(self._pixels, bold=True))
            painter.setPen(theme.colour(self.link.tone or "ink"))
            painter.drawText(QPointF(theme.px(3), base), self.link.text)
            under = base + theme.px(4)
            painter.setPen(QPen(theme.colour("main" if self.underMouse() else "field"), theme.px(1)))
            painter.drawLine(QPointF(theme.px(3), under), QPointF(rect.right() - theme.px(3), under))
            if self.has_ring():
                paint.draw_ring(painter, rect, theme.px(5), theme.colour("main"))


class NumberLine(QWidget):
    """A line of words and numbers that wraps between them; takes new ones without losing the keyboard."""

    def __init__(self, opened: SignalInstance, pixels: int) -> None:
        super().__init__()
        self._opened, self._pixels = opened, pixels
        self._flow = FlowLayout(self, gap=0)
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_line(self, line: Line) -> None:
        """Show these words and numbers."""
        kinds = [NumberDoor if isinstance(part, Link) else QLabel for part in line]
        if [type(widget) for widget in self._parts] != kinds:
            for widget in self._parts:
                self._flow.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
            self._parts = [self._made(part) for part in line]
            for widget in self._parts:
                self._flow.addWidget(widget)
        for widget, part in zip(self._parts, line, strict=True):
            if isinstance(widget, NumberDoor) and isinstance(part, Link):
                widget.show_link(part)
            elif isinstance(widget, QLabel):
                widget.setText(str(part))
        self.updateGeometry()

    def enter(self) -> None:
        """Bring the keyboard to the first number."""
        first = next((widget for widget in self._parts if isinstance(widget, NumberDoor)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _made(self, part: Part) -> QWidget:
        if isinstance(part, Link):
            door = NumberDoor(part, self._pixels)
            door.clicked.connect(lambda: self._opened.emit(door.link.page, door.link.request))
            return door
        theme, (high, under) = themes.current(), _HIGH[self._pixels]
        words = label("", "soft")
        words.setFixedHeight(theme.px(high))
        words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        below = theme.px(under) - ceil(theme.metrics(SOFT).descent())
        words.setContentsMargins(theme.px(2), 0, theme.px(2), max(below, 0))
        return words


class FigureCard(Card):
    """A title, one large line, a bar, lines below, and ``beside`` them what may stand there.

    ``opened(page, request)`` asks for the people of a number.
    """

    opened = Signal(str, object)

    def __init__(self, beside: QWidget | None = None) -> None:
        super().__init__(" ")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._figures = NumberLine(self.opened, _BIG)
        self._bar = ProgressBar()
        self._lines: list[NumberLine] = []
        self._below = QVBoxLayout()
        self._below.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._figures)
        column.addWidget(self._bar)
        column.addLayout(self._below)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(themes.current().px(12))
        row.addLayout(column, 2)
        if beside is not None:
            row.addWidget(beside, 3)
        self.body.setSpacing(0)
        self.add(row, 1)

    def show_figures(self, title: str, figures: Line, bar: Bar | None, below: Sequence[Line]) -> None:
        """Show other figures."""
        self.set_title(title)
        self._figures.show_line(figures)
        self._bar.setVisible(bar is not None)
        if bar is not None:
            self._bar.show_bar(bar)
        while len(self._lines) < len(below):
            line = NumberLine(self.opened, SOFT)
            self._lines.append(line)
            self._below.addWidget(line)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(below))
            if number < len(below):
                line.show_line(below[number])
        self.setAccessibleName(f"{title} {spoken(figures)}")
        self.setAccessibleDescription("; ".join(map(spoken, below)))

    def doors(self) -> list[NumberDoor]:
        """The numbers that open, as they stand."""
        return [door for door in self.findChildren(NumberDoor) if door.isVisibleTo(self)]


def spoken(line: Line) -> str:
    """A line as plain words."""
    return "".join(part.text if isinstance(part, Link) else part for part in line)
