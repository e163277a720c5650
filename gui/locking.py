"""The window is locked by a key, or by itself once nobody was at it for a while; the passphrase brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from gui.idle import Idle

if TYPE_CHECKING:
    from gui.app import App


class Locking(QObject):
    """Hides the ledger behind its passphrase; belongs to the window, whose clock it keeps."""

    def __init__(self, app: App) -> None:
        super().__init__(app.window)
        self._app = app
        self.idle = Idle(self)
        self.idle.reached.connect(self.lock)
        QShortcut(QKeySequence("Ctrl+L"), app.window).activated.connect(self.lock)

    def begin(self) -> None:
        """Count from now on, as long as the settings say."""
        self.idle.begin(self._app.settings.lock_minutes)

    def end(self) -> None:
        """Count no more: the window is about to go."""
        self.idle.begin(0)

    def lock(self) -> None:
        """Hide the ledger behind its passphrase; what is being done stays as it is behind it."""
        desk, window = self._app.desk, self._app.window
        if desk is None or window.shell() is None:
            return
        if desk.writing():  # asked again once it is through
            self.begin()
            return
        desk.take_number_back()
        from gui.pages.start.locked import LockedForm
        from gui.pages.start.view import Centred

        facts, opening = desk.facts, self._app.opening
        form = LockedForm(facts.folder, facts.profile.title, self._app.place, facts.unlocked_by)
        form.ready.connect(lambda: opening.carry_out(form))
        form.unlocked.connect(self.unlock)
        form.left.connect(lambda: opening.show_start(facts.folder))
        window.cover(Centred(form))
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def unlock(self) -> None:
        """Show again what is behind."""
        self._app.window.uncover()
        self.begin()
