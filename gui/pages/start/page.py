"""The first page: begin with the office's kit or an own roster, see the example, open a ledger."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.start.form import Form, Place, sentence_of
from gui.pages.start.forms import KitForm
from gui.pages.start.unlock import UnlockForm
from gui.pages.start.view import Centred, Choice, left
from gui.settings import Settings
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import flowing, label
from storage.errors import KnownError

KIT = "*.hqk"
ANSWER = ".hqa"
ROSTERS = (".xlsx", ".xls", ".csv", ".xlsm", ".et", ".ods")


class StartPage(QWidget):
    """``ready`` carries a form that is to be carried out; ``demo`` asks for the example, ``explaining`` for help.

    One form can lead to another one, which lies on top of it until it is left.
    """

    ready = Signal(object)
    demo = Signal()
    explaining = Signal()

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

    def begin_with(self, path: Path) -> None:
        """Begin with whatever a file or folder is; what is none of these is said so, as a kit."""
        ending = path.suffix.lower()
        if path.is_dir():
            self.open_folder(path)
        elif ending == ANSWER:
            self.open_answer(path)
        elif ending in ROSTERS:
            self.open_roster(path)
        else:
            self.open_kit(path)

    def open_last(self, waiting: str) -> None:
        """Ask for the passphrase of the ledger opened last: a file (its name) waits to be taken in there."""
        known = self._settings.recent()
        if not known:
            self.open_kit(Path(waiting))
            self.form.trouble.show_error(sentence_of(KnownError("start.no_ledger", name=waiting)))
            return
        self.open_folder(known[0][0])
        self.form.text.setText(_("{name} is taken in as soon as the ledger is open.").format(name=waiting))

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
        """Begin without an office and without a roster."""
        from gui.pages.start.alone import AloneForm

        self.show_form(AloneForm(_documents()))

    def open_roster(self, path: Path) -> None:
        """Begin with a roster of one's own: it is read at once, nothing is written yet."""
        from gui.pages.start.alone import RosterForm

        form = RosterForm(_documents(), path)
        self.show_form(form)
        form.set_busy(True)
        form.ready.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.begin_with(Path(event.mimeData().urls()[0].toLocalFile()))

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
        ways = (
            (
                "kit",
                Choice(
                    _("Open a kit"),
                    "1",
                    _("The township office gave you a file ending in .hqk: the village is set up in it."),
                    not self.ways,
                ),
                self._on_kit_asked,
            ),
            (
                "roster",
                Choice(
                    _("Begin with your own roster"),
                    "2",
                    _("An Excel list of households is enough: households and people are read in."),
                ),
                self._on_roster_asked,
            ),
            (
                "demo",
                Choice(
                    _("See the example"), "3", _("Three villages of invented people: nothing can go wrong.")
                ),
                self.demo.emit,
            ),
        )
        for name, way, taken in ways:
            self.ways[name] = way.button
            way.button.clicked.connect(lambda _checked=False, taken=taken: taken())
            card.add(way)
        card.add(self._make_rest())
        return card

    def _make_rest(self) -> QWidget:
        """What few people need, on one line below."""
        rest = (
            ("folder", KeyButton(_("Open a ledger folder"), "4"), self._on_folder_asked),
            ("alone", KeyButton(_("Begin empty"), "5"), self.begin_alone),
            ("help", KeyButton(_("Guide"), "F1", bind=False), self.explaining.emit),
        )
        for name, button, taken in rest:
            self.ways[name] = button
            button.clicked.connect(lambda _checked=False, taken=taken: taken())
        return flowing(*(button for _name, button, _taken in rest))

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

    def _on_roster_asked(self) -> None:
        kinds = " ".join(f"*{ending}" for ending in ROSTERS)
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Begin with your own roster"), _documents_text(), f"{_('Tables')} ({kinds})"
        )
        if path:
            self.open_roster(Path(path))

    def _on_folder_asked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Open a ledger folder"), _documents_text())
        if folder:
            self.open_folder(Path(folder))


def _documents_text() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _documents() -> Path:
    return Path(_documents_text()) / _("Huqing")
