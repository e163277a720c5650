"""A reminder as it will be sent: the text to look at and change, its picture, worded anew for good or put back."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.errors import sentence
from gui.i18n import _
from gui.printing.reminder_picture import reminder_picture
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import flowing, label
from gui.widgets.notices import ErrorLine
from gui.wording import reminders
from gui.wording.reminders import Message, Reminder
from storage.errors import KnownError

_PICTURE = 230  # px
_PAUSE = 300  # ms after the last letter before the picture is painted anew


class Fitted(QWidget):
    """A picture as large as there is room for the whole of it, at the top."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._image = QImage()
        self.setAccessibleName(name)

    def show_image(self, image: QImage) -> None:
        """Show another one."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            sharp = self._image.scaled(
                size * self.devicePixelRatioF(),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            painter.drawImage(QRect(QPoint((self.width() - size.width()) // 2, 0), size), sharp)


class Sending(QWidget):
    """``copied(message, hidden)`` tells what went to the clipboard and how many full names were starred out.

    ``save_asked(message, path)`` asks for the picture as a file, ``worded(code, text)`` for a template to be kept, ""
    for the original; ``left`` tells that nothing was worded anew.
    """

    copied = Signal(object, int)
    save_asked = Signal(object, Path)
    worded = Signal(str, str)
    left = Signal()

    def __init__(self, people: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        self._people = people
        self._wordings: dict[str, str] = {}
        self._reminder: Reminder | None = None
        self._message = Message("", 0)
        self.about = label("", "soft", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(
            True
        )  # no text for a chat has tabs, and the keys below are to be reached
        self.text.setAccessibleName(_("The text to send"))
        self.picture = Fitted(_("The reminder as a picture"))
        self.copy = KeyButton(_("Copy for WeChat"), "C", primary=True)
        self.copy_picture = KeyButton(_("Copy as a picture"), "P")
        self.save_picture = KeyButton(_("Save the picture…"), "Ctrl+S")
        self.words = KeyButton(_("Word it anew for good…"), "T")
        self.keep = KeyButton(_("Keep this wording"), "Ctrl+Return")
        self.restore = KeyButton(_("Back to the original wording"), "Ctrl+Backspace")
        self.hint, self.trouble = label("", "small", wrap=True), ErrorLine()
        self._later = QTimer(self)  # the picture follows what is typed
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._follow_text)
        self._build()
        self.text.textChanged.connect(self._later.start)
        self.copy.clicked.connect(self._on_copy)
        self.copy_picture.clicked.connect(self._on_copy_picture)
        self.save_picture.clicked.connect(self._on_save_picture)
        self.words.clicked.connect(lambda: self._edit(True))
        self.keep.clicked.connect(self._on_keep)
        self.restore.clicked.connect(self._on_restore)

    def template(self, reminder: Reminder) -> str:
        """The text of a reminder as it is worded in this ledger."""
        return self._wordings.get(reminder.code) or reminder.text

    def take_wordings(self, wordings: Mapping[str, str]) -> None:
        """Word these reminders (by code) in another way than the original."""
        self._wordings = dict(wordings)

    def show_message(self, reminder: Reminder, message: Message) -> None:
        """Show a reminder filled in."""
        self._reminder, self._message = reminder, message
        self.about.setText(reminder.about)
        self._edit(False)
        self.text.setPlainText(message.text)
        self._follow_text()

    def editing(self) -> bool:
        """Whether the wording itself is being changed."""
        return self.keep.isVisible()

    def cancel(self) -> None:
        """Leave the wording as it was."""
        self._edit(False)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.picture.setVisible(self.width() > 2.4 * themes.current().px(_PICTURE))

    def _edit(self, on: bool) -> None:
        reminder = self._reminder
        assert reminder is not None
        for button in (self.copy, self.copy_picture, self.save_picture, self.words):
            button.setVisible(not on)
        for button in (self.keep, self.restore):
            button.setVisible(on)
        self.trouble.show_error("")
        if on:
            self.text.setPlainText(self.template(reminder))
            known = " ".join(f"{{{word}}}" for word in reminders.known_words(reminder))
            self.hint.setText(_("Words in braces are filled in: {words}").format(words=known))
            self.text.setFocus()
        elif reminder.public:
            self.hint.setText(
                _("It can be changed before it goes out. No number and no full name ever leaves.")
            )
        else:
            self.hint.setText(_("It can be changed before it is copied. Six figures in a row never leave."))

    def _follow_text(self) -> None:
        if self._reminder is not None and not self.editing():
            self.picture.show_image(reminder_picture(self._read()[0]))

    def _read(self) -> tuple[Message, int]:
        """The message as it stands in the box with what must not go out starred, and how many names that were."""
        assert self._reminder is not None
        names = self._people() if self._reminder.public else ()
        return reminders.finished(self._reminder, self._message, self.text.toPlainText(), names)

    def _finished(self) -> tuple[Message, int]:
        """The message as it goes out; shown so."""
        message, hidden = self._read()
        self.text.setPlainText(message.text)
        return message, hidden

    def _on_copy(self) -> None:
        message, hidden = self._finished()
        QApplication.clipboard().setText(message.text)
        self.copied.emit(message, hidden)

    def _on_copy_picture(self) -> None:
        message, hidden = self._finished()
        QApplication.clipboard().setImage(reminder_picture(message))
        self.copied.emit(message, hidden)

    def _on_save_picture(self) -> None:
        assert self._reminder is not None
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self.save_picture.words(), f"{self._reminder.title}.png", "PNG (*.png)"
        )
        if chosen:
            self.save_asked.emit(self._finished()[0], Path(chosen).with_suffix(".png"))

    def _on_keep(self) -> None:
        reminder = self._reminder
        assert reminder is not None
        text = self.text.toPlainText().strip()
        try:
            reminders.check(reminder, text)
        except KnownError as error:
            self.trouble.show_error(sentence(error))
            return
        self._word(reminder, "" if text == reminder.text.strip() else text)

    def _on_restore(self) -> None:
        assert self._reminder is not None
        self._word(self._reminder, "")

    def _word(self, reminder: Reminder, text: str) -> None:
        self._wordings[reminder.code] = text
        self.worded.emit(reminder.code, text)

    def _build(self) -> None:
        card, theme = Card(_("Reminder")), themes.current()
        self.picture.setFixedWidth(theme.px(_PICTURE))
        self.picture.hide()  # until there is room: a page not shown yet would widen the window
        both = QHBoxLayout()
        both.setSpacing(theme.px(12))
        both.addWidget(self.text, 1)
        both.addWidget(self.picture)
        buttons = flowing(
            self.copy, self.copy_picture, self.save_picture, self.words, self.keep, self.restore
        )
        card.add(self.about)
        card.add(both, 1)
        for widget in (self.hint, self.trouble, buttons):
            card.add(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(card, 1)
