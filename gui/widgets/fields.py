"""What one types into: a labelled field with its error, dates, money, one choice out of a few."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.entries import Prefer, read_date, read_fen, yuan
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine

CHOICE_KEYS = "1234567890"
_SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)


class FormField(QWidget):
    """A label, what one types into, a hint, and room for the sentence that says what is wrong."""

    def __init__(self, title: str, editor: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = label(hint, "small", wrap=True)
        self._error = ErrorLine()
        head = label(title, "heading")
        head.setBuddy(editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(4))
        for widget in (head, editor, self._hint, self._error):
            column.addWidget(widget)
        self._hint.setVisible(bool(hint))
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(hint)

    def set_hint(self, hint: str) -> None:
        """Say what the rules make of what was typed so far."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.editor.setAccessibleDescription(hint)

    def set_error(self, text: str) -> None:
        """Say what is wrong with it, in place of the hint; an empty text takes it back."""
        self._error.show_error(text)
        self._hint.setVisible(bool(self._hint.text()) and not text)
        self.editor.setAccessibleDescription(text or self._hint.text())
        self.editor.setProperty("invalid", bool(text))
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def error(self) -> str:
        """The sentence shown, or an empty text."""
        return self._error.text()


class DateField(QLineEdit):
    """A day, typed short and shown whole; arrows up and down walk by days."""

    changed = Signal()

    def __init__(self, today: date, prefer: Prefer = "past", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today, self._prefer = today, prefer
        self.setPlaceholderText(today.isoformat())
        self.textChanged.connect(self.changed)

    def day(self) -> date | None:
        """The day, or None when the field is empty or holds no day."""
        return read_date(self.text(), self._today, self._prefer)

    def set_day(self, day: date | None) -> None:
        """Show a day, or nothing."""
        self.setText(day.isoformat() if day else "")

    def is_wrong(self) -> bool:
        """Whether something is typed that is no day."""
        return bool(self.text().strip()) and self.day() is None

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._complete()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.set_day((self.day() or self._today) + timedelta(days=step if self.day() else 0))
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._complete()
        super().keyPressEvent(event)

    def _complete(self) -> None:
        day = self.day()
        if day is not None and self.text() != day.isoformat():
            self.set_day(day)


class MoneyField(QLineEdit):
    """An amount typed in yuan, kept in fen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The sign stands inside the field; the words must not run into it.
        self.setTextMargins(0, 0, themes.current().px(24), 0)
        self.textChanged.connect(self.changed)

    def fen(self) -> int | None:
        """The amount in fen, or None when the field is empty or holds no amount."""
        return read_fen(self.text())

    def set_fen(self, fen: int | None) -> None:
        """Show an amount, or nothing."""
        self.setText("" if fen is None else yuan(fen))

    def is_wrong(self) -> bool:
        """Whether something is typed that is no amount."""
        return bool(self.text().strip()) and self.fen() is None

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = themes.current()
        with QPainter(self) as painter:
            painter.setPen(theme.colour("soft"))
            painter.setFont(self.font())
            room = QRectF(self.rect()).adjusted(0, 0, -theme.px(12), 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, _("yuan"))


class ChoiceRow(QWidget):
    """One out of a few, all in sight; digits choose, and are shown, while the row has the focus.

    Where the page hears them (``heard_by_page``) they are always shown.
    """

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heard = False
        self._buttons: dict[str, KeyButton] = {}
        self._group = QButtonGroup(self)
        self._flow = FlowLayout(self, gap=8)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these: value in code, words shown; the first ten carry a digit."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._flow.removeWidget(button)
            button.deleteLater()
        keys = [*CHOICE_KEYS[: len(choices)], *[""] * (len(choices) - len(CHOICE_KEYS))]
        self._buttons = {
            value: self._add(value, words, key) for (value, words), key in zip(choices, keys, strict=True)
        }
        if self._buttons:
            self.setFocusProxy(next(iter(self._buttons.values())))
        self.updateGeometry()

    def heard_by_page(self) -> None:
        """Say that the page passes every digit on to this row, wherever the focus is."""
        self._heard = True
        self._show_keys()

    def value(self) -> str:
        """The value chosen, or an empty text."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, value: str) -> None:
        """Choose without telling anybody; an unknown value chooses nothing."""
        self._group.setExclusive(False)
        for key, button in self._buttons.items():
            button.setChecked(key == value)
        self._group.setExclusive(True)
        if value in self._buttons:
            self.setFocusProxy(self._buttons[value])

    def forbid(self, why: str) -> None:
        """Let none of them be chosen, and tell why; "" takes that back."""
        for button in self._buttons.values():
            button.forbid(why)

    def press(self, digit: str) -> bool:
        """Choose by digit, for a page whose only choice this is; False when no choice carries it."""
        button = next((b for b in self._buttons.values() if b.key and b.key == digit), None)
        if button is not None:
            button.click()
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return button is not None

    def sizeHint(self) -> QSize:
        return self._flow.sizeHint()

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for button in self._buttons.values():
            button.setAccessibleName(f"{name} {button.words()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        buttons = list(self._buttons.values())
        held = next((i for i, button in enumerate(buttons) if button.hasFocus()), None)
        if step and held is not None:
            buttons[(held + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif not self.press(event.text()):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_keys(event.type() == QEvent.Type.FocusIn)
        # A button keeps arrow keys to itself; here they walk along the row.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _SIDEWAYS:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _show_keys(self, focused: bool = False) -> None:
        for button in self._buttons.values():
            button.mute_key(not (focused or self._heard))

    def _add(self, value: str, words: str, key: str) -> KeyButton:
        button = KeyButton(words, key, bind=False)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.chosen.emit(value))
        button.installEventFilter(self)
        button.mute_key(not self._heard)
        self._group.addButton(button)
        self._flow.addWidget(button)
        return button
