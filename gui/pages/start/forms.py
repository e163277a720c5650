"""The forms on the way to a ledger; each can say which ledger to open, and take a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from gui.i18n import _
from gui.pages.start import strength
from gui.pages.start.view import FormCard, secret_field
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import FormField
from gui.widgets.labels import label, strong
from storage.clock import Clock
from storage.errors import KnownError

if TYPE_CHECKING:
    from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Place:
    """Where this computer keeps its own data, and what time it is."""

    data_dir: Path
    clock: Clock


Opener = Callable[[], "Ledger"]


class Form(FormCard):
    """A form: ``ready`` when it can be carried out, ``left`` when it is not wanted."""

    ready = Signal()
    left = Signal()

    def __init__(self, title: str, text: str, go: str, *fields: QWidget) -> None:
        super().__init__(title, text, go, fields)
        self.go.clicked.connect(self._on_go)
        self.back.clicked.connect(self.left)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        raise NotImplementedError

    def check(self) -> bool:
        """Whether everything needed is there; says beside each field what is not."""
        raise NotImplementedError

    def opener(self, place: Place) -> Opener:
        """What opens the ledger; it runs on the ledger thread."""
        raise NotImplementedError

    def refuse(self, error: KnownError) -> None:
        """Say what went wrong."""
        self.set_busy(False)
        self.trouble.show_error(_sentence(error))

    def set_busy(self, busy: bool) -> None:
        """While the ledger is being opened nothing can be pressed twice."""
        self.go.setEnabled(not busy)

    def _on_go(self) -> None:
        self.trouble.show_error("")
        if self.check():
            self.set_busy(True)
            self.ready.emit()


class _NewForm(Form):
    """What a new ledger needs in any case: who works with it, a passphrase twice, a folder."""

    def __init__(self, title: str, text: str, documents: Path, note: str, *before: QWidget) -> None:
        self._documents = documents
        self.operator = FormField(_("Your name"), QLineEdit(), _("stands beside every entry you make"))
        self.passphrase = secret_field(_("Passphrase"))
        self.again = secret_field(_("The same once more"))
        self.folder = QLineEdit()
        self._browse = KeyButton(_("Choose…"))
        row, line = QWidget(), QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.folder, 1)
        line.addWidget(self._browse)
        row.setLayout(line)
        row.setFocusProxy(self.folder)
        self.place = FormField(_("Folder"), row)
        self.folder.setAccessibleName(_("Folder"))
        warning = label(note, "soft", wrap=True)
        warning.setTextFormat(Qt.TextFormat.RichText)
        super().__init__(
            title,
            text,
            _("Make the ledger"),
            *before,
            self.operator,
            self.passphrase,
            self.again,
            warning,
            self.place,
        )
        self._browse.clicked.connect(self._on_browse)
        self._line(self.passphrase).textChanged.connect(self._on_typed)
        self._on_typed("")

    def set_title(self, title: str) -> None:
        """Propose a folder for a village of this name, unless one was chosen."""
        self.folder.setText(str(self._documents / (title or _("ledger"))))

    def check(self) -> bool:
        """Name, passphrase and folder."""
        first, second = self._line(self.passphrase).text(), self._line(self.again).text()
        tone, words = strength.judge(first)
        self.operator.set_error("" if self._line(self.operator).text().strip() else _("What is your name?"))
        self.passphrase.set_error(words if tone == "bad" else "")
        self.again.set_error("" if first == second else _("The two passphrases differ."))
        fields = (self.operator, self.passphrase, self.again)
        wrong = next((field for field in fields if field.error()), None)
        if wrong is not None:
            wrong.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong is None

    def _on_typed(self, text: str) -> None:
        self.passphrase.set_error("")
        self.passphrase.set_hint(strength.judge(text)[1])

    def _on_browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder"), str(self._documents.parent))
        if folder:
            self.folder.setText(str(Path(folder) / Path(self.folder.text()).name))

    @staticmethod
    def _line(field: FormField) -> QLineEdit:
        assert isinstance(field.editor, QLineEdit)
        return field.editor

    def _words(self) -> tuple[Path, str, str]:
        """Folder, passphrase, operator."""
        return (
            Path(self.folder.text().strip()),
            self._line(self.passphrase).text(),
            self._line(self.operator).text().strip(),
        )


class KitForm(_NewForm):
    """A village ledger from its office's kit."""

    def __init__(self, documents: Path) -> None:
        note = strong(_("The office keeps a recovery key: it can open this ledger's backups."), "info")
        super().__init__(_("Open a kit"), _("Reading the kit…"), documents, note)
        self._path = Path()

    def take(self, path: Path) -> None:
        """Show whose kit it is."""
        try:
            from sync import kits

            kit = kits.read(path)
        except KnownError as error:
            self.text.setText(path.name)
            self.trouble.show_error(_sentence(error))
            self.go.setEnabled(False)
            return
        self._path = path
        words = _("{village} ({code}), kit of {office}")
        self.text.setText(words.format(village=kit.village_title, code=kit.village, office=kit.office_title))
        self.set_title(kit.village_title)

    def first(self) -> QWidget:
        return self.operator.editor

    def opener(self, place: Place) -> Opener:
        from sync import enrol

        folder, passphrase, operator = self._words()
        return lambda: enrol.open_kit(
            folder,
            self._path,
            passphrase=passphrase,
            operator=operator,
            data_dir=place.data_dir,
            clock=place.clock,
        )


class AloneForm(_NewForm):
    """A village ledger without an office."""

    def __init__(self, documents: Path) -> None:
        self.code = FormField(
            _("Village code"), QLineEdit(), _("12 digits, as in the statistics office's list")
        )
        self.name = FormField(_("Village name"), QLineEdit())
        note = strong(_("Nobody can help who forgets it. Write it down and lock the paper away."), "warn")
        text = _("The ledger works in full; only sending needs a kit from the township office.")
        super().__init__(_("Begin alone"), text, documents, note, self.code, self.name)
        self._line(self.name).textChanged.connect(lambda words: self.set_title(words.strip()))
        self.set_title("")

    def first(self) -> QWidget:
        return self.code.editor

    def check(self) -> bool:
        """Code and name besides the rest."""
        named = bool(self._line(self.name).text().strip())
        self.name.set_error("" if named else _("What is the village called?"))
        code = self._line(self.code).text().strip()
        try:
            from sync import kits

            kits.check_code(code, "v")
            self.code.set_error("")
        except KnownError as error:
            self.code.set_error(_sentence(error))
        rest = super().check()
        for field in (self.code, self.name):
            if field.error():
                field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return rest

    def opener(self, place: Place) -> Opener:
        from sync import enrol

        folder, passphrase, operator = self._words()
        code, name = self._line(self.code).text().strip(), self._line(self.name).text().strip()
        return lambda: enrol.create_village(
            folder,
            code,
            name,
            passphrase=passphrase,
            operator=operator,
            data_dir=place.data_dir,
            clock=place.clock,
        )


class UnlockForm(Form):
    """The passphrase of a ledger that is there."""

    def __init__(self, folder: Path, title: str) -> None:
        self.folder_path = folder
        self.passphrase = secret_field(_("Passphrase"))
        super().__init__(title, str(folder), _("Open"), self.passphrase)

    def first(self) -> QWidget:
        return self.passphrase.editor

    def check(self) -> bool:
        return True

    def refuse(self, error: KnownError) -> None:
        if not error.code.startswith("keys.") or error.code == "keys.damaged":
            super().refuse(error)
            return
        self.set_busy(False)
        self.passphrase.set_error(_sentence(error))
        editor = self.passphrase.editor
        assert isinstance(editor, QLineEdit)
        editor.selectAll()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def opener(self, place: Place) -> Opener:
        editor = self.passphrase.editor
        assert isinstance(editor, QLineEdit)
        passphrase, folder = editor.text(), self.folder_path
        return lambda: open_ledger(folder, passphrase, place)


def open_ledger(folder: Path, passphrase: str, place: Place, operator: str = "") -> Ledger:
    """Open a ledger; its rooms are loaded only now, the first page shows without them."""
    from storage.ledger import Ledger

    return Ledger.open(
        folder, passphrase=passphrase, data_dir=place.data_dir, clock=place.clock, operator=operator
    )


def _sentence(error: KnownError) -> str:
    from gui.errors import sentence

    return sentence(error)
