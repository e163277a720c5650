"""The composition root: one application, one window, one ledger thread."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from gui import crash, i18n
from gui import theme as themes
from gui.collecting import Collector
from gui.i18n import _
from gui.idle import Idle
from gui.main_window import MainWindow
from gui.ops import QueryOp
from gui.pages.start.form import Form, Place, open_ledger, sentence_of
from gui.pages.start.forms import KitForm
from gui.pages.start.page import StartPage
from gui.pages.start.unlock import UnlockForm
from gui.runner import Runner
from gui.settings import Settings
from gui.trouble import known
from gui.widgets import focus
from storage.clock import Clock
from storage.errors import KnownError
from storage.version import VERSION

if TYPE_CHECKING:
    from gui.actions.backups import Restoration
    from gui.desk import Desk, Facts
    from gui.help.guide import Guide
    from gui.past.recalling import Recalling
    from gui.shell import Shell
    from storage.ledger import Ledger


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


BROUGHT: Mapping[str, Callable[[Path], tuple[str, object]]] = {
    ".hqb": lambda path: ("exchange", [path]),
    ".hqh": lambda path: ("settings", ("access", path)),
}
"""Files that are for an open ledger: ending → the page that takes them in, and what it is asked for."""


class App(QObject):
    """Holds window, runner and settings together and leads from one ledger to the next."""

    def __init__(self, options: Options, qt: QApplication) -> None:
        super().__init__()
        self._options = options
        self._waiting: Path | None = None
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
        self.idle = Idle(self)
        self.idle.reached.connect(self.lock)
        lock = QShortcut(QKeySequence("Ctrl+L"), self.window)
        lock.activated.connect(self.lock)
        self._guide: Guide | None = None
        help_key = QShortcut(QKeySequence("F1"), self.window)
        help_key.setAutoRepeat(False)
        help_key.activated.connect(lambda: self.guide.explain())
        self._crashing = False
        sys.excepthook = self._on_uncaught

    @property
    def guide(self) -> Guide:
        """The help, made when it is first asked for."""
        from gui.help.guide import Guide

        self._guide = self._guide or Guide(self.window, self.runner, self.settings)
        return self._guide

    def start(self) -> None:
        """Show the way to a ledger, or the one that was named."""
        self.window.show()
        self.idle.watch(self.window.windowHandle())
        if self._options.ledger is None:
            self.show_start()
        elif self._options.ledger.is_file():
            self._begin_with(self._options.ledger)
        elif self._options.passphrase:
            folder, passphrase = self._options.ledger, self._options.passphrase
            self.open(
                lambda: open_ledger(folder, passphrase, self.place, self._options.operator),
                lambda error: self.show_start(folder),
                lambda facts: self.enter(facts, tour=self._options.tour),
            )
        else:
            self.show_start(self._options.ledger)

    def show_start(self, folder: Path | None = None) -> StartPage:
        """Show the first page; with a folder it asks for its passphrase at once."""
        self._come_back()
        page = StartPage(self.settings, self.place)
        page.ready.connect(self._on_form_ready)
        page.demo.connect(self._on_demo_asked)
        page.explaining.connect(lambda: self.guide.explain())
        self.window.show_only(page)
        if folder is not None:
            page.open_folder(folder)
        return page

    def _begin_with(self, path: Path) -> None:
        """Begin with a file from the desktop; what is for an open ledger waits until there is one."""
        page = self.show_start()
        if path.suffix.lower() in BROUGHT:
            self._waiting = path
            page.open_last(path.name)
        else:
            page.begin_with(path)

    def _take_in(self, shell: Shell) -> None:
        """Show the file that waits where it is taken in."""
        path, self._waiting = self._waiting, None
        if path is not None:
            shell.open(*BROUGHT[path.suffix.lower()](path))

    def open(
        self,
        opener: Callable[[], Ledger],
        refused: Callable[[KnownError], object],
        entered: Callable[[Facts], None] | None = None,
    ) -> None:
        """Open a ledger in its thread and enter it, unless ``entered`` leads elsewhere."""

        def prepared() -> Ledger:
            import gui.shell  # noqa: F401  while the key is being stretched, not before the first page

            return opener()

        def told(ledger: Ledger) -> Facts:
            from gui.desk import facts_of

            return facts_of(ledger)

        self.runner.open(prepared, told, entered or self.enter, self._expecting(refused))

    def _expecting(self, refused: Callable[[KnownError], object]) -> Callable[[Exception], bool]:
        """Give expected trouble to ``refused``; a fault is nobody's."""

        def on_error(error: Exception) -> bool:
            expected = known(error, self.place.data_dir)
            if expected is None:
                return False
            refused(expected)
            return True

        return on_error

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
            self._take_in(shell)
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
            self._come_back()
            self.desk.leave()
        self.settings.remember(facts.folder, facts.profile.title)
        self.desk = Desk(facts, self.place.clock, self.runner, self.settings)
        events = self.desk.events
        events.crashed.connect(self.tell_crash)
        events.redressing.connect(self._on_redressing, Qt.ConnectionType.QueuedConnection)
        events.explaining.connect(lambda: self.guide.explain())
        self.recalling = Recalling(self.window, self.runner, self.desk)
        events.leaving.connect(self.show_start, Qt.ConnectionType.QueuedConnection)
        events.switching.connect(lambda: self.show_start(facts.folder), Qt.ConnectionType.QueuedConnection)
        events.restoring.connect(self._on_restoring, Qt.ConnectionType.QueuedConnection)
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
        self.idle.begin(self.settings.lock_minutes)
        if self._options.ahead:
            Warming(shell, self.window.windowHandle(), self.runner.busy)

    def lock(self) -> None:
        """Hide the ledger behind its passphrase; what is being done stays as it is behind it."""
        if self.desk is None or self.window.shell() is None:
            return
        if self.desk.writing():  # asked again once it is through
            self.idle.begin(self.settings.lock_minutes)
            return
        self.desk.take_number_back()
        from gui.pages.start.locked import LockedForm
        from gui.pages.start.view import Centred

        facts = self.desk.facts
        form = LockedForm(facts.folder, facts.profile.title, self.place, facts.unlocked_by)
        form.ready.connect(lambda: self._on_form_ready(form))
        form.unlocked.connect(self._on_unlocked)
        form.left.connect(lambda: self.show_start(facts.folder))
        self.window.cover(Centred(form))
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_place(self) -> None:
        shell = self.window.base()
        if self.desk is not None and shell is not None:
            self.desk.keep_place(shell.place())

    def _on_unlocked(self) -> None:
        self.window.uncover()
        self.idle.begin(self.settings.lock_minutes)

    def _dress(self, language: str) -> None:
        i18n.install(language)
        i18n.install_qt(self._qt, language)
        themes.apply(self._qt, themes.load(self.settings.colours, self.settings.scale))

    def _come_back(self) -> None:
        """Leave the past, if that is what is shown."""
        if self.recalling is not None:
            self.recalling.leave()

    def _on_redressing(self) -> None:
        if self.window.shell() is None:
            return
        self._come_back()
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
        self.settings.keep_geometry(self.window.saveGeometry())
        self.settings.save()
        self._keep_place()
        if self.runner.writing():
            self.window.show_busy(_("Still writing…"), _("The window closes by itself in a moment."))
        self.runner.close()

    def tell_crash(self, error: BaseException) -> None:
        """Write a fault down and say so, once at a time."""
        self._show_crash(crash.write(error, self.place.data_dir))

    def _show_crash(self, log: Path | None) -> None:
        from gui.dialogs.crash import CrashDialog

        if self._crashing:
            return
        self._crashing = True
        dialog = CrashDialog(log, self.window)
        dialog.finished.connect(self._on_crash_told)
        dialog.open()

    def _on_failed(self, error: Exception) -> None:
        if self.desk is None:
            self.tell_crash(error)

    def _on_crash_told(self) -> None:
        self._crashing = False

    def _on_uncaught(
        self, _kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log = crash.write(error.with_traceback(trace), self.place.data_dir)
        # It may come out of a paintEvent, in which no dialog must open.
        QTimer.singleShot(0, lambda: self._show_crash(log))

    def _on_form_ready(self, form: Form) -> None:
        work, operator = form.work(), self._options.operator
        if work is not None:
            self.runner.run(work, form.show_done, owner=form, refused=self._expecting(form.refuse))
            return

        def entered(facts: Facts) -> None:
            if isinstance(form, KitForm):
                self.enrolled(facts)
            else:
                onward = form.onward()
                self.enter(facts, form.told(), tour=form.begins and onward is None)
                shell = self.window.shell()
                if onward is not None and shell is not None:
                    shell.open(*onward)

        def opener() -> Ledger:
            ledger = made()
            if operator and isinstance(form, UnlockForm):
                ledger.sign_as(operator)
            return ledger

        made = form.opener(self.place)
        self.open(opener, form.refuse, entered)

    def _on_restoring(self, restoration: Restoration) -> None:
        """Put a backup in the open ledger's place; whatever comes of it, the ledger is opened again."""
        self.window.show_busy(_("Restoring…"), _("The present ledger is kept as a backup first."))

        def entered(facts: Facts) -> None:
            from gui.models import backups

            done, trouble = restoration.done, restoration.trouble
            self.enter(facts, backups.told(done, self.place.clock.today()) if done else "")
            if trouble is not None:
                self.runner.failed.emit(trouble)

        folder = restoration.folder
        self.open(restoration.open, lambda error: self.show_start(folder).form.refuse(error), entered)

    def _on_demo_asked(self) -> None:
        """Make the example where it is not there yet, and open its first village on the day of its story."""
        from gui import demo

        folder, data_dir = self.place.data_dir / "demo", self.place.data_dir
        self.place = Place(data_dir, Clock(demo.TODAY))
        place = self.place

        def opener() -> Ledger:
            if not demo.is_ready(folder):
                demo.make(folder, data_dir)
            return open_ledger(demo.village_folder(folder), demo.PASSPHRASE, place)

        self.window.show_busy(
            _("Making the example…"), _("Three villages and their township; about half a minute.")
        )
        self.open(
            opener,
            lambda error: self.window.show_busy(sentence_of(error)),
            lambda facts: self.enter(facts, tour=True),
        )

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


@contextmanager
def excepthook_kept() -> Iterator[None]:
    """Put back who hears of uncaught errors once the window is gone."""
    before = sys.excepthook
    try:
        yield
    finally:
        sys.excepthook = before


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
