"""What a page says about itself: nothing here yet, done, still working, not possible."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.theme import Tone
from gui.widgets import paint
from gui.widgets.aloud import say
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label
from gui.widgets.reading import LAST

WAY_ON = "I"
"""The key of what to do next where nothing is yet: mostly that is to import."""


class EmptyState(QWidget):
    """A page with nothing to show yet: what that means and what to do next.

    ``asked`` when the way on was taken that ``show_words`` offered.
    """

    asked = Signal()

    def __init__(
        self, title: str, text: str = "", *actions: QAbstractButton, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme = themes.current()
        self._title, self._text = label(title, "title", wrap=True), label(text, "soft", wrap=True)
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(10))
        column.addStretch(2)
        for words in (self._title, self._text):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setMaximumWidth(theme.px(520))
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(words, 12)
            line.addStretch(1)
            column.addLayout(line)
        column.addSpacing(theme.px(8))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(10))
        buttons.addStretch(1)
        self.way = KeyButton("", WAY_ON, primary=True)
        self.way.clicked.connect(self.asked)
        for action in (*actions, self.way):
            buttons.addWidget(action)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(3)
        self.show_words(title, text)

    def show_words(self, title: str, text: str = "", way: str = "") -> None:
        """Say something else; ``way`` are the words on the button of what to do next."""
        self.way.setText(way)
        self.way.setVisible(bool(way))
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())


class Reading(EmptyState):
    """What stands where something is still being read, and where it could not be."""

    def __init__(self, words: str) -> None:
        self._words = words
        super().__init__(words)

    def begin(self) -> None:
        """Say that it is being read."""
        self.show_words(self._words)

    def fail(self) -> None:
        """Say that it could not be read; why is told by whoever tells of errors."""
        self.show_words(_("This could not be read."), _("Go to another page and come back to try again."))


class ErrorLine(QLabel):
    """A sentence in red beside what it is about; takes no room while there is nothing wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "error")
        self.setWordWrap(True)
        self.show_error("")

    def show_error(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        say(self, text, at_once=True)


class Notice(QWidget):
    """A line over the head of its parent: what was just done, and the way back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        theme = themes.current()
        self._over = parent
        self._tone: Tone = "ok"
        self._undo: Callable[[], None] | None = None
        self._low = False
        self.setProperty(LAST, True)
        self._words = label("", wrap=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._back = KeyButton(_("Undo"), "Ctrl+Z", bind=False)  # its parent hears the key, also without it
        self._close = KeyButton(_("Close"))
        self._back.clicked.connect(self._on_back_clicked)
        self._close.clicked.connect(self.hide)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(theme.px(16), theme.px(8), theme.px(8), theme.px(8))
        self._line.setSpacing(theme.px(10))
        for widget in (self._words, self._back, self._close):
            self._line.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        qt.focusChanged.connect(self._on_focus_changed)
        self.hide()

    def tell(
        self, text: str, tone: Tone = "ok", undo: Callable[[], None] | None = None, seconds: float = 12.0
    ) -> None:
        """Say it for a while (0 seconds: until closed); `undo` puts a way back beside it."""
        self._tone, self._undo, self._low = tone, undo, False
        self._words.setText(text)
        self._back.setVisible(undo is not None)
        self.setAccessibleName(text)
        self._timer.stop()
        if seconds:
            self._timer.start(round(seconds * 1000))
        self.show()
        self._place()
        self.raise_()
        say(self, text, at_once=tone == "bad")

    def make_room(self) -> None:
        """Leave where something new is begun; trouble stays until it is read."""
        if self._tone == "ok":
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rect = themes.current(), QRectF(self.rect())
        with QPainter(self) as painter:
            ink, ground = theme.tone(self._tone)
            paint.draw_round(painter, rect, theme.px(10), ground, ink)

    def _on_back_clicked(self) -> None:
        self.hide()
        if self._undo is not None:
            self._undo()

    def _on_focus_changed(self, _before: QWidget | None, _here: QWidget | None) -> None:
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        """Over the head: forms end at the foot, and keys are read there; elsewhere only if it hid the keyboard."""
        theme, room = themes.current(), self._over.size()
        width = min(theme.px(640), max(room.width() // 2, theme.px(420)), room.width() - theme.px(40))
        self._line.activate()
        height = max(self._line.totalHeightForWidth(width), self._line.totalMinimumSize().height())
        edge, low = theme.px(20), theme.px(2)
        head = QRect(room.width() - width - edge, low, width, height)
        foot = QRect((room.width() - width) // 2, room.height() - height - edge, width, height)
        if self._covers(foot if self._low else head):
            self._low = not self._low
        self.setGeometry(foot if self._low else head)

    def _covers(self, rect: QRect) -> bool:
        """Whether what has the keyboard would lie under it; a table, larger than this, would not."""
        here = QApplication.focusWidget()
        if here is None or not self._over.isAncestorOf(here) or self.isAncestorOf(here):
            return False
        place = QRect(here.mapTo(self._over, QPoint(0, 0)), here.size())
        return rect.intersects(place) and place.height() < 3 * rect.height()


class BusyBar(QWidget):
    """Long work: what is happening, how far it is, a way to stop."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = themes.current()
        self._words, self._far = label("", wrap=True), label("", "soft")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.stop_button = KeyButton(_("Stop"), "Esc")
        self.stop_button.clicked.connect(self.stopped)
        text = QHBoxLayout()
        text.addWidget(self._words, 1)
        text.addWidget(self._far)
        left = QVBoxLayout()
        left.setSpacing(theme.px(4))
        left.addLayout(text)
        left.addWidget(self._bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(14))
        line.addLayout(left, 1)
        line.addWidget(self.stop_button)

    def tell(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say what is happening and how much of it is done; a total of 0 is not known yet."""
        self._words.setText(text)
        self._far.setText(f"{done:,} / {total:,}" if total else "")
        self._bar.setRange(0, total)
        self._bar.setValue(min(done, total))
        self._bar.setAccessibleName(text)
        self.setAccessibleName(text)
