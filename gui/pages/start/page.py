"""The first page: begin with the office's kit or alone, open a ledger, see the example."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.start.forms import AloneForm, KitForm, UnlockForm
from gui.pages.start.view import Centred, Choice, left
from gui.settings import Settings
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from storage.errors import KnownError

KIT = "*.hqk"


class StartPage(QWidget):
    """``creating`` and ``unlocking`` carry a form that is ready; ``demo`` asks for the example."""

    creating = Signal(object)
    unlocking = Signal(object)
    demo = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._settings = settings
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.form: KitForm | AloneForm | UnlockForm | None = None
        self.ways: dict[str, KeyButton] = {}
        self._stack.addWidget(Centred(self._make_card()))

    def open_kit(self, path: Path) -> None:
        """Begin with a kit; what is no kit is said so."""
        form = KitForm(_documents())
        self._show_form(form)
        form.take(path)

    def open_folder(self, folder: Path) -> None:
        """Ask for the passphrase of the ledger in a folder."""
        from storage import keys

        try:
            title = str(keys.read(folder).get("title") or folder.name)
        except KnownError as error:
            form = UnlockForm(folder, folder.name)
            self._show_form(form)
            form.refuse(error)
            return
        self._show_form(UnlockForm(folder, title))

    def begin_alone(self) -> None:
        """Begin without an office."""
        self._show_form(AloneForm(_documents()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = Path(event.mimeData().urls()[0].toLocalFile())
        if path.is_dir():
            self.open_folder(path)
        else:
            self.open_kit(path)

    def _make_card(self) -> Card:
        theme = themes.current()
        card = Card()
        card.body.setContentsMargins(theme.px(28), theme.px(22), theme.px(28), theme.px(24))
        card.body.setSpacing(theme.px(14))
        card.add(label(_("Huqing"), "big"))
        card.add(
            label(
                _("Every household's medical insurance, settled: on this computer, without a network."),
                wrap=True,
            )
        )
        for path, title in self._settings.recent()[:3]:
            button = KeyButton(_("Open {title}").format(title=title), "Return" if "last" not in self.ways else "",
                               primary="last" not in self.ways)  # fmt: skip
            button.setToolTip(str(path))
            button.clicked.connect(lambda _checked=False, path=path: self.open_folder(path))
            self.ways.setdefault("last", button)
            card.add(left(button))
        kit = Choice(
            _("Open a kit"), "1", _("The township office gave you a file ending in .hqk."), not self.ways
        )
        alone = Choice(_("Begin alone"), "2", _("Without an office for now; sending needs a kit later."))
        opened = Choice(
            _("Open a ledger folder"), "3", _("A ledger that is on this computer or a USB stick.")
        )
        demo = Choice(_("See the example"), "4", _("Invented people, to try everything out."))
        for name, way in (("kit", kit), ("alone", alone), ("folder", opened), ("demo", demo)):
            self.ways[name] = way.button
            card.add(way)
        kit.button.clicked.connect(self._on_kit_asked)
        alone.button.clicked.connect(self.begin_alone)
        opened.button.clicked.connect(self._on_folder_asked)
        demo.button.clicked.connect(self.demo)
        return card

    def _show_form(self, form: KitForm | AloneForm | UnlockForm) -> None:
        self._drop_form()
        self.form = form
        signal = self.unlocking if isinstance(form, UnlockForm) else self.creating
        form.ready.connect(lambda: signal.emit(form))
        form.left.connect(self._drop_form)
        self._stack.addWidget(Centred(form))
        self._stack.setCurrentIndex(1)
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_form(self) -> None:
        self.form = None
        while self._stack.count() > 1:
            old = self._stack.widget(1)
            self._stack.removeWidget(old)
            old.deleteLater()

    def _on_kit_asked(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _("Open a kit"), _documents_text(), KIT)
        if path:
            self.open_kit(Path(path))

    def _on_folder_asked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Open a ledger folder"), _documents_text())
        if folder:
            self.open_folder(Path(folder))


def _documents_text() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _documents() -> Path:
    return Path(_documents_text()) / _("Huqing")
