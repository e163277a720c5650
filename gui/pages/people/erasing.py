"""The form that erases somebody on request: what goes, what stays, and that nothing brings it back."""

from PySide6.QtWidgets import QLineEdit, QWidget

from gui.actions import erasure as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import erasing
from gui.models.erasing import Outlook
from gui.models.roll import Entry
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel, Unfilled
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from storage.commands.erasure import Erased
from storage.errors import KnownError
from storage.ledger import Ledger


class ErasePanel(Panel):
    """Nothing is offered to press before the person's name was typed and a reason given."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        self.entry, self._word = entry, entry.person.name.strip() or _("erase")
        super().__init__(
            desk,
            _("Erase {name} on request").format(name=entry.person.name or _("no name")),
            _("Erase for good"),
        )
        self._found: Outlook | None = None
        self.outlook = label(_("Reading the ledger…"), wrap=True)
        self._grid.addWidget(self.outlook, 0, 0, 1, 3)
        self.typed = QLineEdit()
        why = QLineEdit(placeholderText=_("On request"))
        self.place("reason", FormField(_("Why"), why, _("It stays, so it must not name the person.")), 1, 0)
        hint = _("Type “{word}” to confirm.").format(word=self._word)
        self.place("typed", FormField(_("This cannot be taken back"), self.typed, hint), 1, 1)
        self.typed.textChanged.connect(lambda _text: self._show_ready())
        self._show_ready()
        scope, record = entry.person.scope, entry.person.record

        def read(ledger: Ledger) -> Outlook:
            return erasing.read(ledger, self.policy, scope, record)

        desk.run(QueryOp(read), self._on_read, owner=self, refused=self._on_refused)

    def first(self) -> QWidget:
        return self.fields["reason"].editor

    def op(self) -> ChangeOp:
        if not self._confirmed():
            raise Unfilled("typed", _("Type “{word}” to confirm.").format(word=self._word))
        if not self.text_of("reason"):
            raise Unfilled("reason", _("Say why, such as “on request”. It must not name the person."))
        person, why = self.entry.person, self.text_of("reason")
        return actions.erase(self.policy, person.scope, person.record, why, today=self.desk.today)

    def told(self, done: Erased) -> str:
        """What was done, and what is left to do."""
        return " ".join(erasing.told(done, self._found.titles if self._found else {}))

    def _confirmed(self) -> bool:
        return self._found is not None and self.typed.text().strip() == self._word

    def _show_ready(self) -> None:
        self.save_button.setEnabled(self._confirmed())

    def _on_read(self, found: Outlook) -> None:
        self._found = found
        self.outlook.setText("\n".join(erasing.lines(found)))
        self._show_ready()

    def _on_refused(self, error: Exception) -> bool:
        if not isinstance(error, KnownError):
            return False
        self.outlook.setText(sentence(error))
        return True
