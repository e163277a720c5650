"""The ways to a ledger: the first page and its forms, a file from the desktop, a backup, the example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.i18n import _
from gui.pages.start.form import Form, Place, open_ledger, sentence_of
from gui.pages.start.forms import KitForm
from gui.pages.start.page import StartPage
from gui.pages.start.unlock import UnlockForm
from gui.trouble import known
from storage.clock import Clock
from storage.errors import KnownError

if TYPE_CHECKING:
    from gui.actions.backups import Restoration
    from gui.app import App
    from gui.desk import Facts
    from gui.shell import Shell
    from storage.ledger import Ledger

BROUGHT: Mapping[str, Callable[[Path], tuple[str, object]]] = {
    ".hqb": lambda path: ("exchange", [path]),
    ".hqh": lambda path: ("settings", ("access", path)),
}
"""Files that are for an open ledger: ending → the page that takes them in, and what it is asked for."""


class Opening(QObject):
    """Opens ledgers in their thread and hands them to the window; ``operator`` is who signs, "" whoever unlocks."""

    def __init__(self, app: App, operator: str) -> None:
        super().__init__(app)
        self._app, self._operator = app, operator
        self._waiting: Path | None = None

    def show_start(self, folder: Path | None = None) -> StartPage:
        """Show the first page; with a folder it asks for its passphrase at once."""
        self._app.come_back()
        page = StartPage(self._app.settings, self._app.place)
        page.ready.connect(self.carry_out)
        page.demo.connect(self._on_demo_asked)
        page.explaining.connect(lambda: self._app.guide.explain())
        self._app.window.show_only(page)
        if folder is not None:
            page.open_folder(folder)
        return page

    def begin_with(self, path: Path) -> None:
        """Begin with a file from the desktop; what is for an open ledger waits until there is one."""
        page = self.show_start()
        if path.suffix.lower() in BROUGHT:
            self._waiting = path
            page.open_last(path.name)
        else:
            page.begin_with(path)

    def take_in(self, shell: Shell) -> None:
        """Show the file that waits where it is taken in."""
        path, self._waiting = self._waiting, None
        if path is not None:
            shell.open(*BROUGHT[path.suffix.lower()](path))

    def open_folder(self, folder: Path, passphrase: str, *, tour: bool) -> None:
        """Open the ledger of a folder; where that is refused its passphrase is asked for."""
        self._open(
            lambda: open_ledger(folder, passphrase, self._app.place, self._operator),
            lambda error: self.show_start(folder),
            lambda facts: self._app.enter(facts, tour=tour),
        )

    def carry_out(self, form: Form) -> None:
        """Do what a form is for: work of its own, or a ledger that is opened."""
        work = form.work()
        if work is not None:
            self._app.runner.run(work, form.show_done, owner=form, refused=self._expecting(form.refuse))
            return
        made = form.opener(self._app.place)

        def opener() -> Ledger:
            ledger = made()
            if self._operator and isinstance(form, UnlockForm):
                ledger.sign_as(self._operator)
            return ledger

        def entered(facts: Facts) -> None:
            if isinstance(form, KitForm):
                self._app.enrolled(facts)
            else:
                self._go_on(form, facts)

        self._open(opener, form.refuse, entered)

    def restore(self, restoration: Restoration) -> None:
        """Put a backup in the open ledger's place; whatever comes of it, the ledger is opened again."""
        app = self._app
        app.window.show_busy(_("Restoring…"), _("The present ledger is kept as a backup first."))

        def entered(facts: Facts) -> None:
            from gui.models import backups

            done, trouble = restoration.done, restoration.trouble
            app.enter(facts, backups.told(done, app.place.clock.today()) if done else "")
            if trouble is not None:
                app.runner.failed.emit(trouble)

        folder = restoration.folder
        self._open(restoration.open, lambda error: self.show_start(folder).form.refuse(error), entered)

    def _go_on(self, form: Form, facts: Facts) -> None:
        """Show the pages, and of them the one the form leads to."""
        onward = form.onward()
        self._app.enter(facts, form.told(), tour=form.begins and onward is None)
        shell = self._app.window.shell()
        if onward is not None and shell is not None:
            shell.open(*onward)

    def _open(
        self,
        opener: Callable[[], Ledger],
        refused: Callable[[KnownError], object],
        entered: Callable[[Facts], None],
    ) -> None:
        """Open a ledger in its thread and go on with what the window needs of it."""

        def prepared() -> Ledger:
            import gui.shell  # noqa: F401  while the key is being stretched, not before the first page

            return opener()

        def told(ledger: Ledger) -> Facts:
            from gui.desk import facts_of

            return facts_of(ledger)

        self._app.runner.open(prepared, told, entered, self._expecting(refused))

    def _expecting(self, refused: Callable[[KnownError], object]) -> Callable[[Exception], bool]:
        """Give expected trouble to ``refused``; a fault is nobody's."""

        def on_error(error: Exception) -> bool:
            expected = known(error, self._app.place.data_dir)
            if expected is None:
                return False
            refused(expected)
            return True

        return on_error

    def _on_demo_asked(self) -> None:
        """Make the example where it is not there yet, and open its first village on the day of its story."""
        from gui import demo

        app = self._app
        folder, data_dir = app.place.data_dir / "demo", app.place.data_dir
        app.place = place = Place(data_dir, Clock(demo.TODAY))

        def opener() -> Ledger:
            if not demo.is_ready(folder):
                demo.make(folder, data_dir)
            return open_ledger(demo.village_folder(folder), demo.PASSPHRASE, place)

        app.window.show_busy(
            _("Making the example…"), _("Three villages and their township; about half a minute.")
        )
        self._open(
            opener,
            lambda error: app.window.show_busy(sentence_of(error)),
            lambda facts: app.enter(facts, tour=True),
        )
