"""Passphrases typed: one hidden line, or a new one twice with a word on how good it is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets import strength
from gui.widgets.fields import FormField


def secret_field(title: str, hint: str = "") -> FormField:
    """A line that hides what is typed."""
    editor = QLineEdit()
    editor.setEchoMode(QLineEdit.EchoMode.Password)
    return FormField(title, editor, hint)


def line_of(field: FormField) -> QLineEdit:
    """The line one types into."""
    assert isinstance(field.editor, QLineEdit)
    return field.editor


def is_typed(field: FormField) -> bool:
    """Whether something was typed; says so beside the line where not."""
    typed = bool(line_of(field).text())
    field.set_error("" if typed else _("Type the passphrase."))
    if not typed:
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
    return typed


class NewPassphrase(QWidget):
    """A new passphrase, typed twice."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = secret_field(title or _("Passphrase"))
        self.again = secret_field(_("The same once more"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(10))
        column.addWidget(self.first)
        column.addWidget(self.again)
        self.setFocusProxy(self.first.editor)
        line_of(self.first).textChanged.connect(self._on_typed)
        line_of(self.again).textChanged.connect(lambda _text: self.again.set_error(""))
        self._on_typed("")

    def text(self) -> str:
        """What was typed first."""
        return line_of(self.first).text()

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.first, self.again):
            line_of(field).clear()
            field.set_error("")

    def check(self) -> bool:
        """Whether it is good enough and twice the same; says beside the line what is not."""
        tone, words = strength.judge(self.text())
        self.first.set_error(words if tone == "bad" else "")
        self.again.set_error(
            "" if self.text() == line_of(self.again).text() else _("The two passphrases differ.")
        )
        wrong = self.wrong()
        if wrong is not None:
            wrong.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong is None

    def wrong(self) -> FormField | None:
        """The first line with an error."""
        return next((field for field in (self.first, self.again) if field.error()), None)

    def _on_typed(self, text: str) -> None:
        self.first.set_error("")
        self.first.set_hint(strength.judge(text)[1])
