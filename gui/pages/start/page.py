"""The first page: begin with the office's kit or alone, open a ledger, see the example."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.start.form import Form, Place
from gui.pages.start.forms import AloneForm, KitForm
from gui.pages.start.unlock import UnlockForm
from gui.pages.start.view import Centred, Choice, left
from gui.settings import Settings
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from storage.errors import KnownError

KIT = "*.hqk"
ANSWER = ".hqa"


class StartPage(QWidget):
    """``ready`` carries a form that is to be carried out; ``demo`` asks for the example.

    One form can lead to another one, which lies on top of it until it is left.
    """

    ready = Signal(object)
    demo = Signal()

    def __init__(self, settings: Settings, place: Place) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._settings = settings
        self._place = place
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.form: Any = None  # whatever lies on top
        self._below: list[Any] = []
        self.ways: dict[str, KeyButton] = {}
        self._stack.addWidget(Centred(self._make_card()))

    def open_kit(self, path: Path) -> None:
        """Begin with a kit; what is no kit is said so."""
        form = KitForm(_documents())
        self.show_form(form)
        form.take(path)

    def open_folder(self, folder: Path) -> None:
        """Ask for the passphrase of the ledger in a folder."""
        from storage import keys

        try:
            content = keys.read(folder)
        except KnownError as error:
            form = UnlockForm(folder, folder.name, self._place, [])
            self.show_form(form)
            form.refuse(error)
            return
        title, me = (
            str(content.get("title") or folder.name),
            self._settings.operator(str(content.get("ledger"))),
        )
        self.show_form(UnlockForm(folder, title, self._place, keys.names(content), me))

    def begin_alone(self) -> None:
        """Begin without an office."""
        self.show_form(AloneForm(_documents()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = Path(event.mimeData().urls()[0].toLocalFile())
        if path.is_dir():
            self.open_folder(path)
        elif path.suffix.lower() == ANSWER:
            self.open_answer(path)
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

    def open_answer(self, path: Path) -> None:
        """Go on with an office's answer: for the ledger at hand, else the latest that asked for help."""
        from gui.pages.start.forgotten import AnswerForm
        from sync import help as helping

        at_hand = [(self.form.folder, self.form.title)] if isinstance(self.form, UnlockForm) else []
        known = [*at_hand, *self._settings.recent()]
        asked = next((one for one in known if helping.waiting(one[0]) is not None), None)
        if asked is None:
            self.open_folder((known or [(path.parent, "")])[0][0])
            self.form.refuse(KnownError("help.none_waiting", path=str(path)))
            return
        self.show_form(AnswerForm(*asked, self._place, path))

    def show_form(self, form: Any, *, over: bool = False) -> None:
        """Show a form alone, or ``over`` the one it was led to from."""
        if not over:
            self._drop_forms()
        elif self.form is not None:
            self._below.append(self.form)
        self.form = form
        if isinstance(form, Form):
            form.ready.connect(lambda: self.ready.emit(form))
        form.left.connect(self._on_left)
        form.leads.connect(lambda following: self.show_form(following, over=True))
        self._stack.addWidget(Centred(form))
        self._stack.setCurrentIndex(self._stack.count() - 1)
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_left(self) -> None:
        """Go back to what lies below."""
        self._drop_top()
        self.form = self._below.pop() if self._below else None
        if self.form is not None:
            self.form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_forms(self) -> None:
        self.form = None
        self._below.clear()
        while self._stack.count() > 1:
            self._drop_top()

    def _drop_top(self) -> None:
        old = self._stack.widget(self._stack.count() - 1)
        self._stack.removeWidget(old)
        self._stack.setCurrentIndex(self._stack.count() - 1)
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
