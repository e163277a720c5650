"""The window while it is locked: everything stays as it was behind it, the passphrase brings it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.i18n import _
from gui.ops import FreeOp
from gui.pages.start.form import Place, TriedForm, sentence_of
from gui.widgets.passphrase import is_typed, line_of, secret_field
from storage.errors import KnownError


class LockedForm(TriedForm):
    """Asks whoever opened the ledger for their passphrase; ``unlocked`` once it is the right one."""

    unlocked = Signal()

    def __init__(self, folder: Path, title: str, place: Place, operator: str) -> None:
        self._operator = operator
        self.passphrase = secret_field(_("Passphrase"))
        words = _("{name} is at work; everything stays as it was.").format(name=operator)
        super().__init__(
            folder, place, _("{title} is locked").format(title=title), words, _("Unlock"), self.passphrase
        )
        self.back.setText(_("Somebody else, or another ledger…"))
        self.back.take_key("")  # Escape must not throw away what stands behind

    def first(self) -> QWidget:
        return self.passphrase.editor

    def check(self) -> bool:
        return is_typed(self.passphrase)

    def work(self) -> FreeOp[None]:
        return FreeOp(self._tried(line_of(self.passphrase).text()))

    def show_done(self, result: Any) -> None:
        self.unlocked.emit()

    def refuse(self, error: KnownError) -> None:
        super().refuse(error)
        self.passphrase.set_error(sentence_of(error))
        self.trouble.show_error("")
        line_of(self.passphrase).selectAll()
        self.passphrase.editor.setFocus()

    def _tried(self, passphrase: str) -> Callable[[object], None]:
        folder, operator, place = self.folder, self._operator, self.place

        def do(_task: object) -> None:
            from storage import keys
            from storage.attempts import Attempts

            with Attempts(place.data_dir, str(keys.read(folder).get("ledger")), place.clock).one():
                _key, opened = keys.unlock(folder, passphrase, operator)
                if opened != operator:
                    raise KnownError("keys.wrong_passphrase", path=str(folder))

        return do
