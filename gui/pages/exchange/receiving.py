"""Taking files in, wherever they are dropped: how far it is, a way to stop, what became of each."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from gui import theme as themes
from gui.actions import exchange as actions
from gui.actions.exchange import Received
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import exchange
from gui.runner import Job
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import TagLabel, label
from gui.widgets.notices import BusyBar, ErrorLine
from gui.widgets.pieces import Tag
from gui.widgets.tables import TableView
from sync.bundle import SUFFIX

FOLDER = "receive_folder"
KEY = "T"
_TALLEST = 166  # px of the table before it scrolls


class FatesTable(TableView):
    """A table as tall as its rows, up to a limit."""

    def _fit(self) -> None:
        super()._fit()
        theme = themes.current()
        rows = sum(self.rowHeight(line) for line in range(self.rows_model.rowCount()))
        self.setFixedHeight(min(self.horizontalHeader().height() + rows + 2, theme.px(_TALLEST)))


class ReceivingCard(Card):
    """Out of sight until something is received; ``finished`` follows each receiving, also one that failed."""

    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._job: Job | None = None
        self.busy = BusyBar()
        self.summary, self.trouble = label("", "heading", wrap=True), ErrorLine()
        self.banner = label("", wrap=True)
        self._banner_tag = TagLabel(Tag(_("new device"), "warn"))
        self.fates = exchange.fates_model()
        self.table = FatesTable(self.fates, _("Just received"), wraps=True)
        self.close_button = KeyButton(_("Close"), "Escape", bind=False)
        self._build()
        self.hide()
        self.busy.stopped.connect(self._on_stop)
        self.close_button.clicked.connect(self.hide)
        desk.events.crashed.connect(self._on_crashed)

    @property
    def receiving(self) -> bool:
        """Whether files are being taken in now."""
        return self._job is not None

    def receive(self, paths: Sequence[Path]) -> None:
        """Take files and folders in; while that goes on others have to wait."""
        if self.receiving or not paths:
            return
        self._show_done(False)
        self.busy.tell(_("Looking for bundles…"))
        self.show()
        self._job = self._desk.run(
            actions.receive(paths), self._on_received, owner=self, refused=self._on_failed
        )
        self._job.progressed.connect(self._on_progressed)

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
        self.hide()
        return True

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.close_button)
        self.new_device = QWidget()
        line = QHBoxLayout(self.new_device)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._banner_tag)
        line.addWidget(self.banner, 1)
        self.add(self.busy)
        self.add(head)
        for widget in (self.trouble, self.new_device, self.table):
            self.add(widget)

    def _show_done(self, done: bool) -> None:
        self.busy.setVisible(not done)
        for widget in (self.summary, self.close_button, self.table):
            widget.setVisible(done)
        if not done:
            self.trouble.show_error("")
            self.new_device.hide()

    def _on_progressed(self, done: int, total: int) -> None:
        self.busy.tell(_("Taking in: {done} of {total} files").format(done=done, total=total), done, total)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self.busy.tell(_("Stopping after the file under way…"))

    def _on_received(self, received: Received) -> None:
        self.fates.set_rows(exchange.worst_first(received.fates))
        self.summary.setText(exchange.summary(received))
        self._end()
        self.table.setVisible(bool(received.fates))
        self.banner.setText(exchange.new_devices(received))
        self.new_device.setVisible(bool(self.banner.text()))

    def _on_failed(self, error: Exception) -> bool:
        expected = known(error, self._desk.facts.folder)
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
