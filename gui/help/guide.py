"""What F1 leads to: the page about what is on the screen, the guided tour, the manual as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QWidget
from shiboken6 import isValid

from gui import i18n
from gui.help import book
from gui.help.book import Topic
from gui.help.manual import manual_title
from gui.help.window import HelpWindow
from gui.i18n import _
from gui.main_window import MainWindow
from gui.ops import FreeOp
from gui.runner import Runner
from gui.settings import Settings
from gui.trouble import known

if TYPE_CHECKING:  # the first page loads no ledger, and no more does its help
    from gui.help.tour import Tour

_SEEN = "tour"


class Guide(QObject):
    """One for the whole program; the window's ledger may change under it."""

    def __init__(self, window: MainWindow, runner: Runner, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._runner, self._settings = window, runner, settings
        self.help: HelpWindow | None = None
        self.tour: Tour | None = None

    def explain(self) -> None:
        """Open the page about what has the keyboard, else about what is shown."""
        topic, anchor = self.about()
        self.close_help()
        shell = self._window.shell()
        self.help = made = HelpWindow(shell.desk.profile.role if shell else "", self._window)
        made.touring.connect(self._on_touring)
        made.printing.connect(self._on_printing)
        made.tour.setEnabled(shell is not None)
        made.open()
        made.show_about(topic, anchor)

    def close_help(self) -> None:
        """Close the help window, if there is one."""
        if self.help is not None:
            self.help.close()
            self.help.deleteLater()
            self.help = None

    def about(self) -> tuple[Topic, str]:
        """The topic and the heading for what is on the screen now."""
        pages = book.book(i18n._.language or i18n.DEFAULT)

        def of(widget: QWidget) -> tuple[Topic, str] | None:
            return pages.about(type(widget).__module__)

        shell = self._window.shell()
        page = shell.page() if shell is not None else self._window.content()
        whole = of(page) or (pages.topics[0], "")
        for hit in map(of, (*_outwards(QApplication.focusWidget(), self._window), *_shown_in(page))):
            if hit is not None and (hit[1] or hit[0] is not whole[0]):
                return hit
        return whole

    def show_tour(self) -> Tour | None:
        """Begin the tour, where a ledger is open."""
        from gui.help.steps import steps_for
        from gui.help.tour import Tour

        shell = self._window.shell()
        if shell is None:
            return None
        if self.tour is not None and isValid(self.tour):
            self.tour.end(False)
        self.tour = Tour(shell, steps_for(shell.desk.profile.role))
        self.tour.ended.connect(self._on_tour_ended)
        self.tour.begin()
        return self.tour

    def show_tour_once(self) -> None:
        """Begin the tour unless somebody on this computer has met it."""
        shell = self._window.shell()
        if shell is not None and not self._settings.text(_SEEN + shell.desk.profile.role):
            self.show_tour()

    def _on_tour_ended(self, _seen: bool) -> None:
        self.tour = None
        shell = self._window.shell()
        if shell is not None:
            self._settings.keep(_SEEN + shell.desk.profile.role, "seen")

    def _on_touring(self) -> None:
        self.close_help()
        self.show_tour()

    def _on_printing(self) -> None:
        shell = self._window.shell()
        role = shell.desk.profile.role if shell else "v"
        name = Path.home() / f"{manual_title(role)}.pdf"
        chosen, _kind = QFileDialog.getSaveFileName(self.help, _("Manual as PDF…"), str(name), "*.pdf")
        if chosen:
            self._write(Path(chosen).with_suffix(".pdf"), role, self._tell)

    def _write(self, path: Path, role: str, tell: Callable[[str], None]) -> None:
        """Write the manual beside the window; fonts may be used in any thread."""
        language = i18n._.language or i18n.DEFAULT

        def do(_task: object) -> int:
            from gui.help import manual

            return manual.write(path, language, role)

        def refused(error: Exception) -> bool:
            from gui.errors import sentence

            expected = known(error, path)
            if expected is not None:
                tell(sentence(expected))
            return expected is not None

        done = _("The manual is written: {file}, {pages} pages.")
        self._runner.run(
            FreeOp(do),
            lambda pages: tell(done.format(file=path.name, pages=pages)),
            owner=self,
            refused=refused,
        )

    def _tell(self, words: str) -> None:
        shell = self._window.shell()
        if shell is not None:
            shell.notice.tell(words)
        if self.help is not None:
            self.help.tell(words)


def _outwards(widget: QWidget | None, end: QWidget) -> Iterator[QWidget]:
    """A widget and what it stands in."""
    while widget is not None and widget is not end:
        yield widget
        widget = widget.parentWidget()


def _shown_in(page: QWidget) -> Iterator[QWidget]:
    """Which of several parts are shown, the innermost first."""
    stacks = [stack for stack in page.findChildren(QStackedWidget) if stack.isVisible()]
    return (stack.currentWidget() for stack in reversed(stacks))
