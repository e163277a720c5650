"""Leading the window into the past and back: the present stays as it is behind it, with all that was being done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from gui.desk import Desk
from gui.i18n import _
from gui.main_window import MainWindow
from gui.models import moments
from gui.models.moments import Stood, Wish
from gui.pages.registry import pages_for
from gui.past.runner import PastRunner
from gui.runner import Job, Runner
from gui.shell import Shell
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.notices import EmptyState
from storage.clock import Clock
from storage.errors import KnownError


class Waiting(QWidget):
    """Over the window while the past is being laid out; Esc stops it."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.setProperty("ground", True)
        self.stop = KeyButton(_("Stop"), "Escape")
        self.stop.clicked.connect(job.stop)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(_("Laying out the ledger as it stood…"))
        job.progressed.connect(self._on_progressed)
        words = EmptyState(
            _("Laying out the ledger as it stood…"),
            _("What came later is left out; the ledger itself stays as it is."),
            self.stop,
        )
        column = QVBoxLayout(self)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.bar, 2)
        line.addStretch(1)
        column.addWidget(words, 3)
        column.addLayout(line)
        column.addStretch(1)

    def _on_progressed(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)


class Recalling(QObject):
    """One per open ledger, made with its desk."""

    def __init__(self, window: MainWindow, runner: Runner, present: Desk) -> None:
        super().__init__(present)
        self._window, self._runner, self._present = window, runner, present
        self.desk: Desk | None = None
        self._wish: Wish | None = None
        self._shell: Shell | None = None
        present.events.recalling.connect(self.show)

    def show(self, wish: Wish) -> None:
        """Show the ledger as it stood, in place of a past that is shown already."""
        shell = self._window.shell()
        if shell is None:
            return
        key, then = shell.key, wish.then
        if self.desk is not None and then is not None and wish.same_moment(self._wish):
            shell.open(*then)  # it lies there already
            return

        def laid(stood: Stood) -> None:
            if not self._uncover(waiting):  # the window has gone elsewhere meanwhile
                self._runner.forget()
                return
            self._drop()  # the thread has let the earlier past go already
            self._wish = wish
            self._enter(stood, *(then or (key, None)))

        def refused(error: Exception) -> bool:
            self._uncover(waiting)
            expected = known(error, self._present.facts.folder)
            if expected is None:
                return False
            self._tell(expected)
            return True

        job = self._runner.recall(moments.recall(wish), moments.stood(wish), laid, refused, owner=self)
        waiting = Waiting(job)
        self._window.cover(waiting)
        waiting.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Go back to the present; the past is let go, with the memory it takes."""
        if self.desk is not None:
            self._drop()
            self._runner.forget()

    def _drop(self) -> None:
        """Take the window of a past away."""
        if self.desk is not None:
            desk, self.desk = self.desk, None
            desk.leave()
            self._uncover(self._shell)
            desk.deleteLater()

    def _uncover(self, cover: QWidget | None) -> bool:
        """Take away what lies on top if it is this; False where the window shows something else by now."""
        if cover is None or not isValid(cover) or self._window.content() is not cover:
            return False
        self._window.uncover()
        return True

    def _tell(self, error: KnownError) -> None:
        (self.desk or self._present).events.failed.emit(error)

    def _enter(self, stood: Stood, key: str, request: object) -> None:
        facts = stood.facts
        at_ms = round(stood.moment.at.timestamp() * 1000)
        runner = PastRunner(self._runner)
        desk = Desk(facts, Clock(now_ms=lambda: at_ms), runner, self._present.settings, stood.moment)
        runner.setParent(desk)
        self.desk = desk
        if not stood.moment.issue:
            desk.show_year(self._present.policy.year)
        specs = pages_for(facts.profile.role, facts.profile.scope)
        shell = self._shell = Shell(desk, specs)
        self._listen(desk)
        words = _("{title} as of {moment}")
        title = words.format(title=facts.profile.title, moment=moments.text(stood.moment.at))
        self._window.cover(shell, title, shell)
        shell.open(key if key in {spec.key for spec in specs} else specs[0].key, request)
        shell.read_pulse()

    def _listen(self, desk: Desk) -> None:
        events, present = desk.events, self._present.events
        queued = Qt.ConnectionType.QueuedConnection
        events.recalling.connect(self.show, queued)
        events.returning.connect(self.leave, queued)
        events.crashed.connect(present.crashed)
        events.explaining.connect(present.explaining)
        for name in ("redressing", "leaving", "switching"):
            getattr(events, name).connect(self._then(getattr(present, name).emit), queued)
        events.restoring.connect(lambda _restoration: self._tell(KnownError("asof.read_only")))

    def _then(self, after: Callable[[], None]) -> Callable[[], None]:
        """Go back first, then do that there."""

        def do() -> None:
            self.leave()
            QTimer.singleShot(0, self, after)

        return do
