"""The guided tour: a few steps over the real window, each with one real control in the light."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QWidget

from gui import theme as themes
from gui.help.places import Place
from gui.i18n import _
from gui.shell import Shell
from gui.widgets import paint
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label

_WIDTH = 420
_GAP = 14  # px between what is shown and what is said of it
_EDGE = 6  # px of light around a control
_SHADE = 100  # of 255; under a darker one the ring of the keyboard is no longer told from its ground
_SETTLES = 250  # ms until a page that was just opened has its controls


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the page to open ("" stays), what is in the light, and what is said."""

    page: str
    place: Place
    title: Callable[[], str]
    text: Callable[[], str]


class _Bubble(Card):
    """What is said, and the three ways on."""

    def __init__(self) -> None:
        super().__init__()
        theme = themes.current()
        self.body.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(16))
        self.title, self.text = label("", "title", wrap=True), label("", wrap=True)
        self.far = label("", "soft")
        self.next = KeyButton("", "Return", primary=True, bind=False)
        self.before = KeyButton(_("Previous"), "Left", bind=False)
        self.skip = KeyButton(_("End the tour"), "Escape", bind=False)
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        for button in (self.next, self.before, self.skip):
            line.addWidget(button)
        line.addStretch(1)
        self.body.setSpacing(theme.px(10))
        for part in (self.far, self.title, self.text, line):
            self.add(part)
        self.setFixedWidth(theme.px(_WIDTH))


class Tour(QWidget):
    """Lies over the window; what is in the light can be pressed. ``ended`` carries whether it was seen to its end."""

    ended = Signal(bool)

    def __init__(self, shell: Shell, steps: Sequence[Step]) -> None:
        super().__init__(shell)
        self._shell, self._steps = shell, steps
        self.at = -1
        self._light = QRect()
        self.bubble = _Bubble()
        self.bubble.setParent(self)
        self.setAccessibleName(_("Guided tour"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab comes to the buttons of the bubble
        for button, move in (
            (self.bubble.next, lambda: self.go(self.at + 1)),
            (self.bubble.before, lambda: self.go(self.at - 1)),
            (self.bubble.skip, lambda: self.end(False)),
        ):
            button.clicked.connect(move)
            button.installEventFilter(self)
        shell.installEventFilter(self)
        keyboard = QApplication.instance()
        assert isinstance(keyboard, QApplication)
        keyboard.focusChanged.connect(self._on_focus_changed)
        self._again = QTimer(self)
        self._again.setInterval(_SETTLES)
        self._again.timeout.connect(self._look)

    def begin(self) -> None:
        """Show the first step."""
        self.setGeometry(self._shell.rect())
        self.show()
        self.raise_()
        self.go(0)
        self._again.start()  # pages fill after they are opened: the light follows

    def go(self, at: int) -> None:
        """Show a step; past the last one the tour is over."""
        if at >= len(self._steps):
            self.end(True)
            return
        self.at = max(at, 0)
        step = self._steps[self.at]
        if step.page and self._shell.key != step.page:
            self._shell.open(step.page)
        last = self.at == len(self._steps) - 1
        self.bubble.far.setText(f"{self.at + 1} / {len(self._steps)}")
        self.bubble.title.setText(step.title())
        self.bubble.text.setText(step.text())
        self.bubble.next.setText(_("Done") if last else _("Next"))
        self.bubble.before.setEnabled(self.at > 0)
        self.bubble.setAccessibleName(f"{step.title()} {step.text()}")
        self._bring_up()
        self._look(anew=True)
        self.raise_()
        self.bubble.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self, seen: bool) -> None:
        """Take it away; the page below has the keyboard again."""
        self._again.stop()
        self._shell.removeEventFilter(self)
        self.hide()
        wanted = self._shell.page().first_focus()
        (wanted or self._shell.page()).setFocus(Qt.FocusReason.OtherFocusReason)
        self.ended.emit(seen)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._shell:
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self._shell.rect())
                self._look(anew=True)
            return False
        # Arrows would walk between the buttons, and a key of the page below would be pressed there.
        if isinstance(event, QKeyEvent) and event.key() in self._keys():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._keys()[event.key()]()
                return True
        return super().eventFilter(watched, event)

    def _keys(self) -> dict[int, Callable[[], object]]:
        on, back = self.bubble.next.click, self.bubble.before.click
        return {Qt.Key.Key_Right: on, Qt.Key.Key_Left: back, Qt.Key.Key_Escape: self.bubble.skip.click}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = self._keys().get(event.key())
        if move is None:
            super().keyPressEvent(event)
        else:
            move()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(0, 0, 0, _SHADE))
            if not self._light.isEmpty():
                edge = QRectF(self._light.adjusted(-2, -2, 2, 2))
                paint.draw_ring(painter, edge, themes.current().px(8), themes.current().colour("onmain"))

    def _on_focus_changed(self, _before: QWidget | None, _now: QWidget | None) -> None:
        if self.isVisible() and self.bubble.geometry().intersects(self._held()):
            self._look(anew=True)

    def _held(self) -> QRect:
        """Where the page below has the keyboard: the words step aside, so that its ring is seen."""
        widget = QApplication.focusWidget()
        if widget is None or not self._shell.isAncestorOf(widget) or self.isAncestorOf(widget):
            return QRect()
        return self._place(widget).adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE)

    def _place(self, widget: QWidget) -> QRect:
        """Where a widget of the window lies in it."""
        return QRect(widget.mapTo(self._shell, QPoint(0, 0)), widget.size())

    def _look(self, anew: bool = False) -> None:
        """Find what belongs in the light; it may have come, moved or gone."""
        light = self._lit()
        if light == self._light and not anew:
            return
        self._light = light
        around = QRegion(self.rect())
        self.setMask(around - QRegion(light) if not light.isEmpty() else around)
        self.bubble.adjustSize()
        self.bubble.resize(self.bubble.width(), self._tall())
        self.bubble.move(_beside(light, self._held(), self.bubble.rect(), self.rect().adjusted(8, 8, -8, -8)))
        self.setMask((around - QRegion(light)) | QRegion(self.bubble.geometry()))
        self.update()

    def _bring_up(self) -> None:
        """Scroll to what is shown, on a low screen."""
        for widget in self._steps[self.at].place(self._shell)[:1]:
            above = widget.parentWidget()
            while above is not None and not isinstance(above, QScrollArea):
                above = above.parentWidget()
            if above is not None:
                above.ensureWidgetVisible(widget)

    def _tall(self) -> int:
        layout = self.bubble.layout()
        assert layout is not None
        return max(layout.totalHeightForWidth(self.bubble.width()), layout.totalMinimumSize().height())

    def _lit(self) -> QRect:
        edge = themes.current().px(_EDGE)
        found = QRect()
        for widget in self._steps[self.at].place(self._shell):
            if widget.isVisible():
                found |= self._place(widget)
        return found.adjusted(-edge, -edge, edge, edge) & self.rect() if not found.isEmpty() else QRect()


def _beside(light: QRect, held: QRect, box: QRect, room: QRect) -> QPoint:
    """Where the words stand: around the light, else in a corner; never on the ring of the keyboard below."""
    gap = themes.current().px(_GAP)
    middle = QRect(box)
    middle.moveCenter(room.center())
    beside = (
        QPoint(light.left(), light.bottom() + gap),
        QPoint(light.left(), light.top() - gap - box.height()),
        QPoint(light.right() + gap, light.top()),
        QPoint(light.left() - gap - box.width(), light.top()),
    )
    inner = light.bottomRight() - QPoint(box.width(), box.height())
    corners = (inner, room.bottomRight(), room.bottomLeft(), room.topRight(), room.topLeft())
    wanted = [middle.topLeft(), *corners[1:]] if light.isEmpty() else [*beside, *corners]
    places = [_within(QRect(corner, box.size()), room) for corner in wanted]
    free = [one for one in places if not one.intersects(held)] or places
    clear = [one for one in free if not one.intersects(light)] or [
        one for one in free if one.topLeft() == inner
    ]
    return (clear or free)[0].topLeft()


def _within(box: QRect, room: QRect) -> QRect:
    """A box moved so that it lies in the room, its upper left corner at least."""
    moved = QRect(box)
    moved.moveRight(min(moved.right(), room.right()))
    moved.moveBottom(min(moved.bottom(), room.bottom()))
    moved.moveLeft(max(moved.left(), room.left()))
    moved.moveTop(max(moved.top(), room.top()))
    return moved
