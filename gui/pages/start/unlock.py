"""A ledger that is there: who works, and their passphrase; the ways on for who cannot open it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.i18n import _
from gui.pages.start.form import Opener, Place, TriedForm, WhoField, open_ledger, sentence_of
from gui.widgets.buttons import KeyButton
from gui.widgets.passphrase import is_typed, line_of, secret_field
from storage.errors import KnownError

_OF_PASSPHRASE = ("keys.wrong_passphrase", "keys.empty_passphrase")
_DAMAGED = (
    "ledger.unreadable",
    "ledger.cannot_open",
    "ledger.not_found",
    "ledger.disk",
    "keys.damaged",
)
"""What a backup mends."""
_OF_KEY_FILE = ("keys.damaged", "ledger.not_found")


class UnlockForm(TriedForm):
    """Name and passphrase; ``me`` is who opened it last on this computer."""

    def __init__(self, folder: Path, title: str, place: Place, names: list[str], me: str = "") -> None:
        self.title = title
        self._keys_only = False
        self.who = WhoField(_("Who are you?"), names, me)
        self.passphrase = secret_field(_("Passphrase"))
        super().__init__(folder, place, title, str(folder), _("Open"), self.who, self.passphrase)
        self.forgotten = KeyButton(_("Passphrase forgotten?"))
        self.mend = KeyButton(_("Restore a backup…"))
        self.foot.addWidget(self.mend)
        self.foot.addWidget(self.forgotten)
        self.forgotten.setVisible(bool(names))
        self.mend.hide()
        self.forgotten.clicked.connect(self._on_forgotten)
        self.mend.clicked.connect(self._on_mend)
        # Queued: a digit chooses first and focuses its button then.
        self.who.row.chosen.connect(self._on_name_chosen, Qt.ConnectionType.QueuedConnection)

    def first(self) -> QWidget:
        return self.passphrase.editor if self.who.value() or not self.who.names else self.who.row

    def check(self) -> bool:
        return self.who.check() and is_typed(self.passphrase)

    def refuse(self, error: KnownError) -> None:
        if error.code not in _OF_PASSPHRASE:
            super().refuse(error)
            self._offer(error)
            return
        self.set_busy(False)
        self.hold()
        self.passphrase.set_error(sentence_of(error))
        line_of(self.passphrase).selectAll()
        self.passphrase.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def opener(self, place: Place) -> Opener:
        passphrase, folder, operator = line_of(self.passphrase).text(), self.folder, self.who.value()
        return lambda: open_ledger(folder, passphrase, place, operator)

    def _offer(self, error: KnownError) -> None:
        """Offer a backup where one mends what is wrong."""
        from storage import backup

        if error.code in _DAMAGED and backup.found_in(self.folder):
            self._keys_only = error.code in _OF_KEY_FILE and (self.folder / backup.LEDGER).exists()
            self.mend.show()
            self.mend.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_name_chosen(self, _name: str) -> None:
        self.passphrase.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_forgotten(self) -> None:
        from gui.pages.start.forgotten import Ways

        self.leads.emit(Ways(self.folder, self.title, self.place, self.who.value()))

    def _on_mend(self) -> None:
        from gui.pages.start.restore import KeyFileForm, RestoreForm

        form = KeyFileForm if self._keys_only else RestoreForm
        self.leads.emit(form(self.folder, self.title, self.place, self.who.value()))
