"""What all small forms share: fields with their errors, Enter saves, the refusal beside its field."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from gui import theme as themes
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.ops import ChangeOp
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import DateField, FormField
from gui.widgets.notices import ErrorLine
from storage.errors import RuleViolation
from storage.queries.cards import HouseholdCard, PersonCard

_COLUMNS = 3


class Unfilled(Exception):
    """A field that has to be mended before anything can be recorded."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(field)
        self.field = field
        self.words = words


class Panel(Card):
    """A form for one fact: ``saving`` carries the op, ``closed`` says it is not wanted any more.

    ``grown`` says that it takes another room than before, ``instead`` that the form of another key is wanted.
    """

    saving = Signal(object)
    closed = Signal()
    grown = Signal()
    instead = Signal(str)

    def __init__(self, desk: Desk, title: str, save: str = "") -> None:
        super().__init__(title)
        self.desk = desk
        self.policy = desk.policy  # a form is finished by the policy it was begun under
        self.fields: dict[str, FormField] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(themes.current().px(16))
        self._grid.setVerticalSpacing(themes.current().px(10))
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.add(self._grid)
        self._trouble = ErrorLine()
        self.add(self._trouble)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(themes.current().px(10))
        self.save_button = KeyButton(save or _("Record"), "Return", primary=True, bind=False)
        self.save_button.clicked.connect(self.save)
        self.cancel_button = KeyButton(_("Cancel"), "Escape", bind=False)
        self.cancel_button.clicked.connect(self.closed)
        self._foot.addWidget(self.save_button)
        self._foot.addWidget(self.cancel_button)
        self._foot.addStretch(1)
        self.add(self._foot)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            short = QShortcut(QKeySequence(key), self)
            short.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            short.activated.connect(self._on_return_pressed)

    def first(self) -> QWidget:
        """Where the keyboard goes when the form opens."""
        return next(iter(self.fields.values())).editor if self.fields else self.cancel_button

    def op(self) -> ChangeOp:
        """The change the form describes; raises Unfilled for what cannot be read."""
        raise NotImplementedError

    def save(self) -> None:
        """Hand the change over, or say what is missing."""
        self._trouble.show_error("")
        for field in self.fields.values():
            field.set_error("")
        try:
            op = self.op()
        except Unfilled as trouble:
            self.refuse(trouble.field, trouble.words)
            return
        self.save_button.setEnabled(False)
        self.saving.emit(op)

    def show_refusal(self, error: RuleViolation) -> None:
        """Say beside its field what the rules do not allow."""
        self.refuse(error.field, sentence(error))

    def refuse(self, field: str, words: str) -> None:
        """Say what is wrong where it is, and go there."""
        self.save_button.setEnabled(True)
        if field in self.fields:
            self.fields[field].set_error(words)
            self.fields[field].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._trouble.show_error(words)
        self.grown.emit()

    def place(self, name: str, field: FormField, row: int, column: int = 0, span: int = 1) -> None:
        """Put a field into the grid of three columns, under the name the rules know it by."""
        self.fields[name] = field
        self._grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

    def add_action(self, button: QWidget) -> None:
        """Put another button beside the ones at the foot."""
        self._foot.insertWidget(self._foot.count() - 1, button)

    def day_of(self, name: str, *, needed: bool) -> date | None:
        """The day in a date field; raises Unfilled where it is wrong or missing."""
        editor = self.fields[name].editor
        assert isinstance(editor, DateField)
        if editor.is_wrong():
            raise Unfilled(name, _("Not a day. Write 2025-11-03 or 11-03."))
        if needed and editor.day() is None:
            raise Unfilled(name, _("Which day was it?"))
        return editor.day()

    def text_of(self, name: str) -> str:
        """What is typed in a line."""
        editor = self.fields[name].editor
        assert isinstance(editor, QLineEdit)
        return editor.text().strip()

    def _on_return_pressed(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, KeyButton) and focused.parent() is self and focused is not self.save_button:
            focused.click()
        elif self.save_button.isEnabled():
            self.save()


def line_field(title: str, text: str = "", placeholder: str = "", hint: str = "") -> FormField:
    """A field of one line of text."""
    editor = QLineEdit(text)
    editor.setPlaceholderText(placeholder)
    return FormField(title, editor, hint)


Member = tuple[HouseholdCard, PersonCard]
"""A person with the household that places them."""


def names_of(people: Sequence[Member]) -> str:
    """Who it is about: one by name, several by the first names and how many."""
    found = [card.person.name or _("no name") for _home, card in people]
    if len(found) <= 3:
        return _(", ").join(found)
    return _("{names} and others, {count} people").format(names=_(", ").join(found[:3]), count=len(found))


def residents_of(people: Sequence[Member]) -> list[str]:
    """Their record ids."""
    return [card.person.record for _home, card in people]


def households_of(people: Sequence[Member]) -> list[str]:
    """The households they belong to, each once."""
    return list(dict.fromkeys(home.household.record for home, _card in people))
