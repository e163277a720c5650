"""What every page is: it reads what it shows when it must, and asks the window for other pages."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from gui import standing
from gui.desk import Desk
from gui.ops import Op
from gui.widgets.notices import Reading
from storage.ledger import Changes


class Page(QWidget):
    """A page; ``wanted(key, request)`` asks for another one and says what to show there."""

    wanted = Signal(str, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._fresh = False
        self.setProperty("ground", True)
        desk.events.changed.connect(self._on_ledger_changed)
        desk.events.policy_changed.connect(self._on_policy_changed)

    def enter(self, request: object = None) -> None:
        """Be shown: take ``request`` up, read anew what has changed meanwhile."""
        if request is not None:
            self.take(request)
        if not self._fresh:
            self._fresh = True
            self.refresh()

    def take(self, request: object) -> None:
        """Show what another page asked for."""

    def refresh(self) -> None:
        """Read what is shown."""

    def follow_policy(self) -> None:
        """Another policy is in force: build anew what is not read again anyway."""

    def concerns(self, changes: Changes) -> bool:
        """Whether a change can be seen here."""
        return True

    def place(self) -> dict[str, object]:
        """Where the page stands: what it needs to stand so again."""
        return {"lists": standing.scrolls(self)}

    def put_back(self, where: standing.Places) -> None:
        """Stand where it stood when the ledger was last open; called before the page is first shown."""
        standing.put_back(self, where.get("lists"))

    def back(self) -> bool:
        """Close what lies on top; False where there is nothing, and the window goes back instead."""
        return False

    def first_focus(self) -> QWidget | None:
        """Where the keyboard should be when the page is opened."""
        return None

    def ask_shown(self, op: Op, done: Callable[[Any], None], waiting: Reading) -> None:
        """Ask for what the page shows; where that fails ``waiting`` says so, and entering the page tries again."""

        def refused(_error: Exception) -> bool:
            self._fresh = False
            waiting.fail()
            return False

        waiting.begin()
        self.desk.run(op, done, owner=self, refused=refused)

    def settle_focus(self) -> None:
        """Once something is there to walk through, bring the keyboard from the bare page to it."""
        wanted = self.first_focus()
        if wanted is not None and self.hasFocus() and wanted.isVisible() and wanted.isEnabled():
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_exchanged(self) -> None:
        """Something was sent, received or saved; connect this, a lambda would outlive the page."""
        self._on_ledger_changed(Changes(), None)

    def _on_ledger_changed(self, changes: Changes, initiator: QObject | None) -> None:
        if self.concerns(changes):
            self._read_again()

    def _on_policy_changed(self) -> None:
        self.follow_policy()
        self._read_again()

    def _read_again(self) -> None:
        if self.isVisible():
            self.refresh()
        else:
            self._fresh = False


class FinderPage(Page):
    """A page that shows what the box at the top finds; ``looked(scope, household, resident)``: a card was opened."""

    looked = Signal(str, str, str)

    def show_found(self, text: str) -> None:
        """Show what was found for what is typed; nothing typed: what was shown before."""
        raise NotImplementedError

    def focus_found(self) -> None:
        """Go down into what was found."""

    def open_found(self) -> None:
        """Open the likeliest one."""

    def show_who(self, scope: str, household: str, resident: str) -> None:
        """Open the card of somebody, or of a household."""
        raise NotImplementedError
