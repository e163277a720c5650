"""A reminder as it will be sent: the text to look at and change, worded anew for good or put back, copied."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.errors import sentence
from gui.i18n import _
from gui.settings import Settings
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine
from gui.wording import reminders, spoken
from gui.wording.reminders import Message, Reminder
from storage.errors import KnownError


class Sending(QWidget):
    """``copied(message)`` tells what went to the clipboard, ``worded`` that the template is another one now."""

    copied = Signal(object)
    worded = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._reminder: Reminder | None = None
        self._people = 0
        self.about = label("", "soft", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("The text to send"))
        self.copy = KeyButton(_("Copy for WeChat"), "C", primary=True)
        self.words = KeyButton(_("Word it anew for good…"), "T")
        self.keep = KeyButton(_("Keep this wording"), "Ctrl+Return")
        self.restore = KeyButton(_("Back to the original wording"), "Ctrl+Backspace")
        self.hint, self.trouble = label("", "small", wrap=True), ErrorLine()
        self._build()
        self.copy.clicked.connect(self._on_copy)
        self.words.clicked.connect(lambda: self._edit(True))
        self.keep.clicked.connect(self._on_keep)
        self.restore.clicked.connect(self._on_restore)

    def template(self, reminder: Reminder) -> str:
        """The text of a reminder as it is worded on this computer."""
        return self._settings.text(_key(reminder)) or reminder.text

    def show_message(self, reminder: Reminder, message: Message) -> None:
        """Show a reminder filled in."""
        self._reminder, self._people = reminder, message.people
        self.about.setText(reminder.about)
        self._edit(False)
        self.text.setPlainText(message.text)

    def editing(self) -> bool:
        """Whether the wording itself is being changed."""
        return self.keep.isVisible()

    def cancel(self) -> None:
        """Leave the wording as it was."""
        self._edit(False)
        self.worded.emit()

    def _edit(self, on: bool) -> None:
        reminder = self._reminder
        assert reminder is not None
        for button, shown in ((self.copy, not on), (self.words, not on), (self.keep, on), (self.restore, on)):
            button.setVisible(shown)
        self.trouble.show_error("")
        if on:
            self.text.setPlainText(self.template(reminder))
            known = " ".join(f"{{{word}}}" for word in reminders.known_words(reminder))
            self.hint.setText(_("Words in braces are filled in: {words}").format(words=known))
            self.text.setFocus()
        else:
            self.hint.setText(_("It can be changed before it is copied. Six figures in a row never leave."))

    def _on_copy(self) -> None:
        text = spoken.without_numbers(self.text.toPlainText()).strip()
        QApplication.clipboard().setText(text)
        self.text.setPlainText(text)
        self.copied.emit(Message(text, self._people))

    def _on_keep(self) -> None:
        reminder = self._reminder
        assert reminder is not None
        text = self.text.toPlainText().strip()
        try:
            reminders.check(reminder, text)
        except KnownError as error:
            self.trouble.show_error(sentence(error))
            return
        self._settings.keep(_key(reminder), "" if text == reminder.text.strip() else text)
        self.worded.emit()

    def _on_restore(self) -> None:
        assert self._reminder is not None
        self._settings.keep(_key(self._reminder), "")
        self.worded.emit()

    def _build(self) -> None:
        card = Card(_("Reminder"))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.copy, self.words, self.keep, self.restore):
            flow.addWidget(button)
        for widget in (self.about, self.text, self.hint, self.trouble, buttons):
            card.add(widget)
        card.body.setStretchFactor(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(10))
        column.addWidget(card, 1)


def _key(reminder: Reminder) -> str:
    return f"reminder/{reminder.code}"
