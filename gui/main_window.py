"""The window: first the way to a ledger, then its pages; one ledger at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from gui import theme as themes
from gui.i18n import _
from gui.widgets.notices import EmptyState
from gui.widgets.reading import move_focus

if TYPE_CHECKING:
    from gui.shell import Shell


class MainWindow(QMainWindow):
    """Shows one thing at a time; ``closing`` asks whoever composed it to finish first."""

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._may_close = False
        self._shell: Shell | None = None
        self._covered: list[tuple[str, QWidget | None, Shell | None]] = []
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._busy = EmptyState("")
        self._stack.addWidget(self._busy)
        self.setWindowTitle(_("Huqing"))
        self.resize(QSize(1280, 720).expandedTo(QSize(0, 0)) * min(themes.current().scale, 1.1))

    def show_only(self, content: QWidget, title: str = "") -> None:
        """Show this and drop what was shown before."""
        self._shell = None
        self._covered.clear()
        for old in [self._stack.widget(line) for line in range(1, self._stack.count())]:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.addWidget(content)
        self._stack.setCurrentWidget(content)
        self.setWindowTitle(f"{title} · {_('Huqing')}" if title else _("Huqing"))
        content.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_shell(self, shell: Shell, title: str) -> None:
        """Show the frame of an open ledger."""
        self.show_only(shell, title)
        self._shell = shell

    def cover(self, content: QWidget, title: str = "", shell: Shell | None = None) -> None:
        """Show this over what is shown, which stays as it is; a ``shell`` is the frame until it is uncovered."""
        self._covered.append((self.windowTitle(), QApplication.focusWidget(), self._shell))
        self._shell = shell
        self._stack.addWidget(content)
        self._stack.setCurrentWidget(content)
        self.setWindowTitle(f"{title} · {_('Huqing')}" if title else _("Huqing"))

    def uncover(self) -> None:
        """Take the cover away again."""
        cover = self._stack.currentWidget()
        self._stack.setCurrentIndex(self._stack.count() - 2)
        self._stack.removeWidget(cover)
        cover.deleteLater()
        title, focus, self._shell = self._covered.pop()
        self.setWindowTitle(title)
        held = focus if focus is not None and isValid(focus) else self.content()
        held.setFocus(Qt.FocusReason.OtherFocusReason)

    def base(self) -> Shell | None:
        """The frame of the open ledger, whatever lies over it, or None."""
        return self._covered[0][2] if self._covered else self._shell

    def content(self) -> QWidget:
        """What is shown."""
        return self._stack.currentWidget()

    def shell(self) -> Shell | None:
        """The frame of the open ledger, or None."""
        return self._shell if self._shell is self.content() else None

    def show_busy(self, words: str, below: str = "") -> None:
        """Cover everything while something has to be finished."""
        self._busy.show_words(words, below)
        self._stack.setCurrentWidget(self._busy)

    def finish(self) -> None:
        """Close for good."""
        self._may_close = True
        self.close()

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.closing.emit()
