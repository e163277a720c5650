"""Taking files in, wherever they are dropped: a look first if wanted, how far it is, what became of each.

What a file asks of a person comes right below it: an office's own entries from before its ledger was lost, and
the code of a device that joined just now.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from gui import theme as themes
from gui.actions import exchange as actions
from gui.actions import kits
from gui.actions.exchange import Received
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import devices, exchange, preview
from gui.models.devices import Known
from gui.models.received import Outcome
from gui.ops import Op, QueryOp
from gui.pages.exchange.compare import ComparePanel, words_for_place
from gui.pages.exchange.former import FormerQuestion
from gui.pages.exchange.low import LowTable
from gui.pages.exchange.outcome import OutcomePanel
from gui.runner import Job
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import BusyBar, ErrorLine
from sync.bundle import SUFFIX
from sync.devices import handle_of
from sync.exchange import Fate

FOLDER = "receive_folder"
LOOK = "look_first"
KEY, LOOK_KEY = "T", "L"
_FATES, _CHANGES = 300, 210  # px of a table before it scrolls
_FORMER = "bundle.former_office"


class LookFirst(KeyButton):
    """Whether files are looked at before they are taken in; remembered on this computer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Look first"), LOOK_KEY)
        self._settings = desk.settings
        self.setCheckable(True)
        self.setToolTip(_("Shows what a file would change before anything is taken in."))
        self.read()
        self.toggled.connect(lambda on: self._settings.keep(LOOK, "yes" if on else "no"))

    def read(self) -> None:
        """Show what was chosen, maybe on another page."""
        self.setChecked(self._settings.text(LOOK) == "yes")


class ReceivingCard(Card):
    """Out of sight until something is received; ``finished`` follows each receiving, also one that failed.

    ``asking`` carries what wants an answer, so that it can be brought into sight, ``person_opened`` household and
    person of whom something came.
    """

    finished = Signal()
    asking = Signal(object)
    person_opened = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._job: Job | None = None
        self._read: Received | None = None
        self._looking = False
        self._live: list[Fate] = []
        self._former: list[tuple[bytes, list[Path]]] = []
        self._to_compare: list[Known] = []
        self.busy = BusyBar()
        self.summary, self.trouble = label("", "heading", wrap=True), ErrorLine()
        self.fates = exchange.fates_model(lambda: self._read)
        self.table = LowTable(self.fates, _("Just received"), wraps=True, tallest=_FATES)
        self.changes = preview.model()
        self.detail = LowTable(self.changes, _("What would change"), wraps=True, tallest=_CHANGES)
        self.detail_title = label("", "heading")
        self.take_button = KeyButton(_("Take in"), "Y", primary=True)
        self.close_button = KeyButton(_("Close"), "Escape", bind=False)
        self.former = FormerQuestion()
        self.compare = ComparePanel(key="V")
        self.outcome = OutcomePanel(desk)
        self._build()
        self.hide()
        self._listen()

    @property
    def receiving(self) -> bool:
        """Whether files are being taken in or looked at now."""
        return self._job is not None

    def receive(self, paths: Sequence[Path]) -> None:
        """Take files and folders in, or look at them first if that is wanted; meanwhile others have to wait."""
        if self._desk.settings.text(LOOK) == "yes":
            self.look(paths)
        else:
            self.take_in(paths)

    def look(self, paths: Sequence[Path]) -> None:
        """Show what files would change."""
        self._live = []
        self._begin(actions.look(paths, self._live), paths, looking=True)

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take files in; what becomes of each is shown as it happens."""
        self._live = []
        self._begin(actions.receive(paths, self._live), paths)

    def show_past(self, outcome: Outcome) -> None:
        """Show a receiving of before again: its files, what they changed, its receipts."""
        if self.receiving:
            return
        self._read = None
        session = outcome.session
        self.fates.set_rows(exchange.worst_first(session.files))
        self.summary.setText(exchange.past_summary(session, self._desk.today))
        self.trouble.show_error("")
        self._show_done(True)
        self.table.setVisible(bool(session.files))
        self.outcome.show_outcome(outcome)
        self.show()
        self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asking.emit(self)

    def choose_folder(self) -> None:
        """Ask which folder: every bundle in it is taken in, however deep it lies."""
        start = self._desk.settings.text(FOLDER)
        place = QFileDialog.getExistingDirectory(self, _("Receive a whole folder…"), start)
        if place:
            self._desk.settings.keep(FOLDER, place)
            self.receive([Path(place)])

    def choose(self) -> None:
        """Ask which files."""
        start = self._desk.settings.text(FOLDER)
        paths, _kind = QFileDialog.getOpenFileNames(
            self, _("Choose received files…"), start, _("Bundles") + f" (*{SUFFIX})"
        )
        if paths:
            self._desk.settings.keep(FOLDER, str(Path(paths[0]).parent))
            self.receive([Path(path) for path in paths])

    def back(self) -> bool:
        """Close what became of the files; False where nothing is shown."""
        if self.isHidden() or self.receiving:
            return False
        if self.outcome.back():
            return True
        self.hide()
        return True

    # ---- making and wiring

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(themes.current().px(8))
        head.addWidget(self.summary, 1)
        for button in (self.take_button, self.close_button):
            head.addWidget(button)
        self.add(self.busy)
        self.add(head)
        for widget in (self.trouble, self.table, self.detail_title, self.detail, self.former, self.compare):
            self.add(widget)
        self.add(self.outcome)

    def _listen(self) -> None:
        self.busy.stopped.connect(self._on_stop)
        self.close_button.clicked.connect(self.hide)
        self.take_button.clicked.connect(self._on_take_clicked)
        self.table.row_changed.connect(self._show_changes)
        self.former.yes.clicked.connect(self._on_former_known)
        self.former.no.clicked.connect(self.former.hide)
        self.compare.agreed.connect(self._on_compared)
        self.compare.later.connect(self._on_put_off)
        self.outcome.person_opened.connect(self.person_opened)
        self.outcome.shown.connect(self.asking)
        self._desk.events.crashed.connect(self._on_crashed)

    def _begin(self, op: Op, paths: Sequence[Path], *, looking: bool = False) -> None:
        if self.receiving or not paths:
            return
        self._looking = looking
        self._read = None
        self.fates.set_rows([])
        self._show_done(False)
        self.busy.tell(_("Looking for bundles…"))
        self.show()
        self._job = self._desk.run(op, self._on_received, owner=self, refused=self._on_failed)
        self._job.progressed.connect(self._on_progressed)

    def _show_done(self, done: bool) -> None:
        shown: tuple[QWidget, ...] = (self.summary, self.close_button, self.table)
        later: tuple[QWidget, ...] = (
            self.take_button,
            self.detail_title,
            self.detail,
            self.former,
            self.compare,
            self.outcome,
        )
        self.busy.setVisible(not done)
        for widget in shown:
            widget.setVisible(done)
        for widget in later:
            widget.hide()
        self.close_button.setText(_("Close"))
        if not done:
            self.trouble.show_error("")

    # ---- what came of it

    def _on_progressed(self, done: int, total: int) -> None:
        words = (
            _("Looking: {done} of {total} files")
            if self._looking
            else _("Taking in: {done} of {total} files")
        )
        self.busy.tell(words.format(done=done, total=total), done, total)
        if len(self._live) > len(self.fates.rows):
            self.fates.set_rows(list(reversed(self._live)))
            self.table.show()

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self.busy.tell(_("Stopping after the file under way…"))

    def _on_received(self, received: Received) -> None:
        self._read = received
        self.fates.set_rows(exchange.worst_first(received.fates))
        self.summary.setText(exchange.summary(received))
        self._end()
        self.table.setVisible(bool(received.fates))
        if received.looked:
            self._offer(received)
        else:
            kept = received.outcome is not None and received.outcome.session.number > 0
            self.outcome.show_outcome(received.outcome if kept else None)
            self._ask_former(received)
            self._ask_codes([fate.scope for fate in received.fates if fate.new_device])
            self._walk_fates()

    def _walk_fates(self) -> None:
        """Bring the keyboard to what became of the files, unless somebody is typing elsewhere."""
        if self.table.isVisible() and not isinstance(QApplication.focusWidget(), QLineEdit):
            self.table.selectRow(0)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, error: Exception) -> bool:
        expected = known(error, self._desk.facts.folder)
        self._read = None
        self.fates.set_rows([])
        self.summary.setText(_("Receiving stopped"))
        self._end()
        self.table.hide()
        if expected is not None:
            self.trouble.show_error(sentence(expected))
        return expected is not None

    def _on_crashed(self, _error: Exception) -> None:
        if self.receiving:
            self._end()

    def _end(self) -> None:
        self._job = None
        self._show_done(True)
        self._desk.events.exchanged.emit()
        self.finished.emit()

    # ---- a look first

    def _offer(self, received: Received) -> None:
        """Show what the files would do, and let somebody decide."""
        sound = len(received.fates) - received.count("refused")
        self.take_button.setVisible(bool(sound))
        self.close_button.setText(_("Leave it"))
        line = next((place for place, fate in enumerate(self.fates.rows) if fate.preview), -1)
        if line >= 0:
            self.table.selectRow(line)
            self._show_changes(self.fates.rows[line])
        if sound:
            self.take_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_changes(self, fate: Fate) -> None:
        shown = self._read is not None and self._read.looked and fate.preview is not None
        if shown and self._read is not None and fate.preview is not None:
            self.changes.set_rows(preview.lines(self._desk.policy, fate.preview, self._read.whose))
            self.detail_title.setText(_("{name}: what would change").format(name=fate.title or fate.name))
        for widget in (self.detail_title, self.detail):
            widget.setVisible(shown and bool(self.changes.rows))

    def _on_take_clicked(self) -> None:
        found = self._read
        if found is not None:
            pairs = zip(found.fates, found.paths, strict=True)
            self.take_in([path for fate, path in pairs if fate.outcome != "refused"])

    # ---- entries of one's own from a ledger that was lost

    def _ask_former(self, received: Received) -> None:
        self._former = list(received.refused_for(_FORMER).items())
        if self._former:
            key, paths = self._former[0]
            self.former.ask(handle_of(key), len(paths))
            self.asking.emit(self.former)

    def _on_former_known(self) -> None:
        key, paths = self._former[0]
        self.former.hide()
        self._desk.run(
            kits.acknowledge(key), lambda _done: self.take_in(paths), owner=self, refused=self._on_failed
        )

    # ---- codes of devices that joined just now

    def _ask_codes(self, scopes: Sequence[str]) -> None:
        if scopes:
            op = QueryOp(lambda ledger: devices.to_compare(ledger, scopes))
            self._desk.ask(op, self._on_new_known, owner=self)

    def _on_new_known(self, found: list[Known]) -> None:
        self._to_compare = found
        self._compare_next()

    def _compare_next(self) -> None:
        self.compare.setVisible(bool(self._to_compare))
        if not self._to_compare:
            return
        first = self._to_compare[0]
        left = len(self._to_compare) - 1
        title = _("New device of {title}: compare the code").format(title=first.device.title)
        if left:
            title += " " + _("(and {count} more)").format(count=left)
        self.compare.show_words(title, words_for_place(first.device.title))
        op = QueryOp(lambda ledger: devices.code_of(ledger, first.key), slot="code received")
        self._desk.ask(op, self.compare.show_code, owner=self)
        self.asking.emit(self.compare)

    def _on_compared(self) -> None:
        first = self._to_compare[0]
        op = kits.compared(first.key, first.device.title)
        self._desk.change(op, lambda _done: self._desk.events.exchanged.emit(), owner=self)
        self._on_put_off()

    def _on_put_off(self) -> None:
        self._to_compare = self._to_compare[1:]
        self._compare_next()
