"""The form that begins a ledger with an office's kit, and what every form for a new ledger asks."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from gui.i18n import _
from gui.pages.start.form import Form, Opener, Place, sentence_of
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import FormField
from gui.widgets.labels import label, strong
from gui.widgets.passphrase import NewPassphrase, line_of
from storage.errors import KnownError


class NewForm(Form):
    """What a new ledger needs in any case: who works with it, a passphrase twice, a folder."""

    begins = True

    def __init__(self, title: str, text: str, documents: Path, note: str, *before: QWidget) -> None:
        self._documents = documents
        self.operator = FormField(_("Your name"), QLineEdit(), _("stands beside every entry you make"))
        self._chosen = NewPassphrase()
        self.passphrase, self.again = self._chosen.first, self._chosen.again
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
            self._chosen,
            warning,
            self.place,
        )
        self._browse.clicked.connect(self._on_browse)

    def set_title(self, title: str) -> None:
        """Propose a folder for a village of this name, unless one was chosen."""
        self.folder.setText(str(self._documents / (title or _("ledger"))))

    def check(self) -> bool:
        """Name, passphrase and folder."""
        sound = self._chosen.check()
        named = bool(line_of(self.operator).text().strip())
        self.operator.set_error("" if named else _("What is your name?"))
        if not named:
            self.operator.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return named and sound

    def _on_browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder"), str(self._documents.parent))
        if folder:
            self.folder.setText(str(Path(folder) / Path(self.folder.text()).name))

    def words(self) -> tuple[Path, str, str]:
        """Folder, passphrase, operator."""
        return (
            Path(self.folder.text().strip()),
            self._chosen.text(),
            line_of(self.operator).text().strip(),
        )


class KitForm(NewForm):
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
            self.trouble.show_error(sentence_of(error))
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

        folder, passphrase, operator = self.words()
        return lambda: enrol.open_kit(
            folder,
            self._path,
            passphrase=passphrase,
            operator=operator,
            data_dir=place.data_dir,
            clock=place.clock,
        )
