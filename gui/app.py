"""The composition root: one application, one window, one ledger thread."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from gui import i18n
from gui import theme as themes
from gui.collecting import Collector
from gui.faults import Faults, excepthook_kept
from gui.i18n import _
from gui.locking import Locking
from gui.main_window import MainWindow
from gui.opening import Opening
from gui.ops import QueryOp
from gui.pages.start.form import Place
from gui.runner import Runner
from gui.settings import Settings
from gui.widgets import focus
from storage.clock import Clock
from storage.version import VERSION

if TYPE_CHECKING:
    from gui.desk import Desk, Facts
    from gui.help.guide import Guide
    from gui.past.recalling import Recalling


@dataclass(frozen=True, slots=True)
class Options:
    """How the window is to open; without a ledger it asks. In its place there may be a file to begin with, or to take
    in. ``language`` "" is the one remembered; with ``tour`` whoever has not met it is shown around; ``ahead``: pages
    are made before they are opened, while nobody touches the window."""

    data_dir: Path
    ledger: Path | None = None
    passphrase: str = ""
    operator: str = ""
    language: str = ""
    clock: Clock = field(default_factory=Clock)
    tour: bool = False
    ahead: bool = False


class App(QObject):
    """Holds window, runner and settings together and leads from one ledger to the next."""

    def __init__(self, options: Options, qt: QApplication) -> None:
        super().__init__()
        self._options = options
        self._qt = qt
        self.settings = Settings(options.data_dir)
        self.place = Place(options.data_dir, options.clock)
        self._dress(options.language or self.settings.language)
        self._collector = Collector(self)
        self.runner = Runner(self)
        self.desk: Desk | None = None
        self.recalling: Recalling | None = None
        self.window = MainWindow()
        self.window.restoreGeometry(self.settings.geometry)
        self.window.closing.connect(self.close)
        self.runner.closed.connect(self._on_runner_closed)
        self.runner.failed.connect(self._on_failed)
        qt.styleHints().colorSchemeChanged.connect(self._on_redressing)
        self.opening = Opening(self, options.operator)
        self.locking = Locking(self)
        self._guide: Guide | None = None
        help_key = QShortcut(QKeySequence("F1"), self.window)
        help_key.setAutoRepeat(False)
        help_key.activated.connect(lambda: self.guide.explain())
        self.faults = Faults(self.window, options.data_dir, self)
        sys.excepthook = self.faults.on_uncaught

    @property
    def guide(self) -> Guide:
        """The help, made when it is first asked for."""
        from gui.help.guide import Guide

        self._guide = self._guide or Guide(self.window, self.runner, self.settings)
        return self._guide

    def start(self) -> None:
        """Show the way to a ledger, or the one that was named."""
        self.window.show()
        self.locking.idle.watch(self.window.windowHandle())
        folder, passphrase = self._options.ledger, self._options.passphrase
        if folder is not None and folder.is_file():
            self.opening.begin_with(folder)
        elif folder is not None and passphrase:
            self.opening.open_folder(folder, passphrase, tour=self._options.tour)
        else:
            self.opening.show_start(folder)

    def enter(self, facts: Facts, words: str = "", tour: bool = False) -> None:
        """Show the pages of the ledger that was opened; ``words`` stay in sight until they are closed.

        ``tour`` shows around whoever has not met it.
        """
        self._show_shell(self._sit_down(facts), "")
        shell = self.window.shell()
        words = words or updated(facts)
        if words and shell is not None:
            shell.notice.tell(words, seconds=0)
        if shell is not None:
            self.opening.take_in(shell)
        if tour:
            self.guide.show_tour_once()

    def enrolled(self, facts: Facts) -> None:
        """Show what is still to do once a kit was opened, then the pages."""
        from gui.pages.start.enrolled import EnrolledPage

        desk = self._sit_down(facts)
        page = EnrolledPage(desk)

        def finished() -> None:
            self._show_shell(desk, "")
            self.guide.show_tour_once()

        page.finished.connect(finished)
        self.window.show_only(page, facts.profile.title)

    def _sit_down(self, facts: Facts) -> Desk:
        from gui.desk import Desk
        from gui.past.recalling import Recalling

        if self.desk is not None:
            self.come_back()
            self.desk.leave()
        self.settings.remember(facts.folder, facts.profile.title)
        self.desk = Desk(facts, self.place.clock, self.runner, self.settings)
        events = self.desk.events
        events.crashed.connect(self.faults.tell)
        events.redressing.connect(self._on_redressing, Qt.ConnectionType.QueuedConnection)
        events.explaining.connect(lambda: self.guide.explain())
        self.recalling = Recalling(self.window, self.runner, self.desk)
        events.leaving.connect(self.opening.show_start, Qt.ConnectionType.QueuedConnection)
        events.switching.connect(
            lambda: self.opening.show_start(facts.folder), Qt.ConnectionType.QueuedConnection
        )
        events.restoring.connect(self.opening.restore, Qt.ConnectionType.QueuedConnection)
        self.settings.keep_operator(facts.profile.ledger, facts.unlocked_by)
        self.desk.save_daily()
        self.desk.courier.start()
        self._load_pages(self.desk)
        return self.desk

    def _load_pages(self, desk: Desk) -> None:
        """Have the pages imported in the ledger's thread, one at a time, whenever it has nothing else to do."""
        from gui.pages import registry

        for spec in registry.pages_for(desk.profile.role):
            op = QueryOp(registry.loading(spec.key), later=True)
            desk.ask(op, lambda _none: None, owner=desk)

    def _show_shell(self, desk: Desk, key: str) -> None:
        from gui.pages.registry import pages_for
        from gui.shell import Shell
        from gui.warming import Warming

        specs = pages_for(desk.profile.role, desk.profile.scope)
        shell = Shell(desk, specs)
        self.window.show_shell(shell, desk.profile.title)
        shell.open(key or shell.last_page() or specs[0].key)
        shell.read_pulse()
        self.locking.begin()
        if self._options.ahead:
            Warming(shell, self.window.windowHandle(), self.runner.busy)

    def _keep_place(self) -> None:
        shell = self.window.base()
        if self.desk is not None and shell is not None:
            self.desk.keep_place(shell.place())

    def _dress(self, language: str) -> None:
        i18n.install(language)
        i18n.install_qt(self._qt, language)
        themes.apply(self._qt, themes.load(self.settings.colours, self.settings.scale))

    def come_back(self) -> None:
        """Leave the past, if that is what is shown."""
        if self.recalling is not None:
            self.recalling.leave()

    def _on_redressing(self) -> None:
        if self.window.shell() is None:
            return
        self.come_back()
        shell = self.window.shell()
        if self.desk is not None and shell is not None:
            key, place = shell.key, focus.place_in(shell.page())
            if self._guide is not None:
                self._guide.close_help()  # it looks and speaks as before; F1 opens it anew
            self._keep_place()
            self.window.show_only(
                QWidget()
            )  # pages about to go need not be dressed anew, which takes seconds
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self._dress(self.settings.language)
            self._show_shell(self.desk, key)
            shell = self.window.shell()
            if shell is not None:
                focus.take_place(shell.page(), place)

    def close(self) -> None:
        """Finish what is being written, then end."""
        self.locking.end()
        self.settings.keep_geometry(self.window.saveGeometry())
        self.settings.save()
        self._keep_place()
        if self.runner.writing():
            self.window.show_busy(_("Still writing…"), _("The window closes by itself in a moment."))
        self.runner.close()

    def _on_failed(self, error: Exception) -> None:
        if self.desk is None:  # else it is told by the desk's own
            self.faults.tell(error)

    def _on_runner_closed(self) -> None:
        self._collector.stop()
        self.window.finish()
        self._qt.quit()


def updated(facts: Facts) -> str:
    """What to say to who meets a new version of the program, "" to everybody else."""
    if facts.updated_from is None:
        return ""
    words = _("Huqing is now version {version}; the ledger was backed up before. The help says what is new.")
    return words.format(version=VERSION)


def application(arguments: Sequence[str] = ("huqing",)) -> QApplication:
    """The one application of this process; one that only painted on paper makes room for it."""
    running: Any = QCoreApplication.instance()
    if running is not None and not isinstance(running, QApplication):
        running.shutdown()
        running = None
    return running or QApplication(list(arguments))


def run(options: Options) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    qt = application()
    from gui import icon

    qt.setApplicationName("huqing")
    qt.setDesktopFileName("huqing")
    qt.setWindowIcon(icon.icon())
    qt.setQuitOnLastWindowClosed(False)
    with excepthook_kept():
        app = App(options, qt)
        app.start()
        try:
            return int(qt.exec())
        finally:
            app.runner.close()
            app.runner.wait()
