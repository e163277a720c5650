"""The way to the exchange folder and back: now and then, when something changes there, or when asked."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from gui.actions import exchange
from gui.actions.exchange import Visit
from gui.i18n import _
from gui.ops import QueryOp
from gui.trouble import known
from gui.wording.units import number
from storage.errors import KnownError
from storage.operators import EXCHANGE
from sync import folder

if TYPE_CHECKING:
    from gui.desk import Desk

EVERY = 5 * 60_000  # ms
_REST = 3_000  # ms after the last change in the folder: files come in parts


class Courier(QObject):
    """Visits the folder this ledger exchanges through; ``changed`` follows each visit and each choice."""

    changed = Signal()

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.folder: Path | None = None
        self.last: Visit | None = None
        self.trouble: KnownError | None = None
        self.busy = self._again = self._stopped = False
        self._watcher = QFileSystemWatcher(self)
        self._rest = self._timer(_REST, once=True)
        self._now_and_then = self._timer(EVERY)
        self._watcher.directoryChanged.connect(lambda _path: self._rest.start())

    def start(self) -> None:
        """Learn which folder was chosen before, and visit it, where whoever is at work may send and receive."""
        if not self._desk.may(EXCHANGE):
            return
        self._desk.ask(QueryOp(folder.chosen, slot="folder", later=True), self._on_chosen, owner=self)

    def stop(self) -> None:
        """Visit no more: another ledger takes this one's place."""
        self._rest.stop()
        self._now_and_then.stop()
        self._watch(None)
        self.folder, self._stopped = None, True

    def choose(self, place: Path | None) -> None:
        """Exchange through this folder from now on, or through none."""
        op = exchange.choose_folder(place)
        self._desk.run(op, self._on_chosen, owner=self, refused=self._on_refused)

    def visit(self) -> None:
        """Go there now; on the way already, go once more after that."""
        self._again = self.busy
        if self.folder is None or self.busy:
            return
        self.busy = True
        self.changed.emit()
        self._desk.run(exchange.visit_folder(), self._on_visited, owner=self, refused=self._on_refused)

    def _timer(self, pause: int, once: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(pause)
        timer.setSingleShot(once)
        timer.timeout.connect(self.visit)
        return timer

    def _watch(self, place: Path | None) -> None:
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        if place is not None and place.is_dir():
            self._watcher.addPath(str(place))

    def _on_chosen(self, place: Path | None) -> None:
        if self._stopped:  # the answer came after the next ledger was opened
            return
        self.folder, self.last, self.trouble = place, None, None
        self._watch(place)
        if place is None:
            self._now_and_then.stop()
            self.changed.emit()
        else:
            self._now_and_then.start()
            self.visit()

    def _on_visited(self, visit: Visit | None) -> None:
        self.busy, self.trouble, self.last = False, None, visit
        if self.folder is not None and not self._watcher.directories():
            self._watch(self.folder)  # it was away
        if visit and (visit.found.fates or visit.found.sent):
            self._desk.events.exchanged.emit()
        fresh = sum(fate.fresh for fate in visit.found.fates) if visit else 0
        if fresh:
            words = _("From the exchange folder: {count} new entries").format(count=number(fresh))
            self._desk.events.told.emit(words, False)
        self.changed.emit()
        if self._again:
            self._rest.start()

    def _on_refused(self, error: Exception) -> bool:
        self.busy = False
        self.trouble = known(error, self._desk.facts.folder)
        self.changed.emit()
        return self.trouble is not None
