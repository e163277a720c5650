"""Buttons that carry their key."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from gui import theme as themes
from gui.widgets import paint
from gui.widgets.focus import Pressed


class KeyButton(Pressed, QAbstractButton):
    """A button whose key is written on it and presses it anywhere in the window.

    `primary` is the one thing most people came to do, `small` is for many in a line. With `bind=False` the mark is
    only shown: somebody else hears the key.
    """

    def __init__(
        self,
        text: str,
        key: str = "",
        *,
        primary: bool = False,
        bind: bool = True,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._small = small
        self._wanted, self._forbidden = True, ""
        self.key = key
        self._mute = False
        self.primary = primary
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.setAccessibleDescription(paint.key_name(key))
        self._short: QShortcut | None = None
        if key and bind:
            # Not setShortcut: that presses visibly first and clicks a tenth of a second later.
            self._short = QShortcut(QKeySequence(key), self)
            self._short.setAutoRepeat(
                False
            )  # a key held a little long is one press, not an answer to all that follows
            self._short.activated.connect(self.click)

    def take_key(self, key: str) -> None:
        """Carry another key from now on; one made with a key that is bound."""
        self.key = key
        if self._short is not None:
            self._short.setKey(QKeySequence(key))
        self.setAccessibleDescription(paint.key_name(key))
        self.updateGeometry()
        self.update()

    def mute_key(self, on: bool) -> None:
        """Keep the mark off while another key of this name would be heard; its room stays."""
        if on != self._mute:
            self._mute = on
            self.update()

    def setText(self, text: str) -> None:
        # An "&" in a name is an "&", not a mnemonic.
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def setEnabled(self, on: bool) -> None:
        self._wanted = on
        super().setEnabled(on and not self._forbidden)

    def forbid(self, why: str) -> None:
        """Let it not be pressed, whatever the page says, and tell why; "" takes that back."""
        self._forbidden = why
        self.setToolTip(why)
        self.setAccessibleDescription(why or paint.key_name(self.key))
        self.setEnabled(self._wanted)

    def event(self, event: QEvent) -> bool:
        # A control that is off hears of no press otherwise; whoever tries it is told why at once.
        if self._forbidden and event.type() == QEvent.Type.MouseButtonPress:
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self._forbidden, self)
        return super().event(event)

    def words(self) -> str:
        """The text as it is shown."""
        return self.text().replace("&&", "&")

    def sizeHint(self) -> QSize:
        theme = themes.current()
        wide = theme.width(self.words(), bold=self._bold()) + theme.px(2 * self._pad() + 6)
        if self.key:
            wide += paint.key_mark_size(self.key, theme).width() + theme.px(6 if self._small else 8)
        return QSize(round(wide), theme.px(32 if self._small else 38))

    def _pad(self) -> int:
        return 7 if self._small else 12

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rect = themes.current(), QRectF(self.rect())
        with QPainter(self) as painter:
            filled = self.isEnabled() and (self.primary or self.isChecked())
            self._draw_ground(painter, rect, filled)
            painter.setPen(theme.colour("onmain" if filled else "ink" if self.isEnabled() else "soft"))
            painter.setFont(theme.font(bold=self._bold()))
            mark = paint.key_mark_size(self.key, theme) if self.key and not self._mute else None
            edge = theme.px(self._pad() - 4)
            room = rect.adjusted(edge, 0, -(mark.width() + edge + theme.px(8) if mark else edge), 0)
            painter.drawText(room, paint.CENTRE, self.words())
            if mark:
                corner = QPointF(
                    rect.right() - theme.px(self._pad()) - mark.width(), rect.center().y() - mark.height() / 2
                )
                paint.draw_key_mark(painter, QRectF(corner, mark), self.key, theme, on_main=filled)

    def _bold(self) -> bool:
        return self.primary or self.isCheckable()

    def _draw_ground(self, painter: QPainter, rect: QRectF, filled: bool) -> None:
        theme = themes.current()
        if not self.isEnabled():
            fill, edge = "mutesoft", "line"
        elif filled:
            fill, edge = (
                ("mainpress", "mainpress") if self.isDown() or self.underMouse() else ("main", "main")
            )
        else:
            fill, edge = ("hover", "edge") if self.isDown() or self.underMouse() else ("card", "edge")
        paint.draw_round(painter, rect, theme.px(8), theme.colour(fill), theme.colour(edge))
        if self.has_ring():
            ring = theme.colour("onmain" if filled else "main")
            inner = rect.adjusted(2, 2, -2, -2) if filled else rect
            paint.draw_ring(painter, inner, theme.px(7), ring)
