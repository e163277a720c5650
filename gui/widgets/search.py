"""The box that finds: `/` (Ctrl+F from a field) goes there, Down goes to what it found, Esc empties it, then leaves."""

import re

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gui import theme as themes
from gui.widgets import paint

_EVERYWHERE = "/"
_EDGES = 30  # px a field keeps beside its words


class SearchBox(QLineEdit):
    """A line to search in; `searched` comes once per burst of keys.

    `came(widget)`: somebody went here from that widget, or clicked here; `cleared`: Esc took away what was typed.
    """

    searched = Signal(str)
    moved_down = Signal()
    entered = Signal()
    left = Signal()
    came = Signal(object)
    cleared = Signal()

    def __init__(
        self, placeholder: str, *, key: str = "/", delay_ms: int = 10, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._hint = ""
        self._about = placeholder
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setMinimumHeight(themes.current().px(40))
        # The key's mark stands inside the field; the words must not run into it.
        self.setTextMargins(0, 0, themes.current().px(28) if key else 0, 0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text().strip()))
        self.textChanged.connect(lambda: self._timer.start())
        if key:
            QShortcut(QKeySequence(key), self).activated.connect(self.go)
        if key == _EVERYWHERE:  # a field one writes in keeps the stroke for itself
            QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self.go)

    def go(self) -> None:
        """Come here with everything selected, ready to be typed over."""
        before = QApplication.focusWidget()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self.came.emit(before)

    def set_hint(self, hint: str) -> None:
        """Name the first finds after what was typed."""
        self._hint = hint
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margins = self.textMargins()
        room = self.width() - margins.left() - margins.right() - themes.current().px(_EDGES)
        self.setPlaceholderText(_as_fits(self._about, room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.moved_down.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Escape if self.text():
                self.clear()
                self.cleared.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.came.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.came.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, rect = themes.current(), QRectF(self.rect())
        with QPainter(self) as painter:
            if self._key and not self.text():
                mark = paint.key_mark_size(self._key, theme)
                corner = QPointF(
                    rect.right() - theme.px(12) - mark.width(), rect.center().y() - mark.height() / 2
                )
                paint.draw_key_mark(painter, QRectF(corner, mark), self._key, theme)
            elif self.text() and self._hint:
                left = theme.px(20) + self.fontMetrics().horizontalAdvance(self.text())
                room = rect.adjusted(left, 0, -theme.px(12), 0)
                painter.setFont(self.font())
                painter.setPen(theme.colour("hint"))
                words = self.fontMetrics().elidedText(
                    self._hint, Qt.TextElideMode.ElideRight, int(room.width())
                )
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


def _as_fits(words: str, room: float) -> str:
    """As many of the things named as there is room for, none cut in the middle."""
    parts = re.split(r"(?<=[、，,/?？])", words)
    starts = ("".join(parts[:count]).strip("、，,/ ") for count in range(len(parts), 0, -1))
    found = list(starts)
    return next((one for one in found if themes.current().width(one) <= room), found[-1])
