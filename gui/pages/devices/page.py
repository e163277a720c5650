"""Kits for the villages, one at a time, and the devices that joined with them."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import kits as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import devices
from gui.models.devices import VillageKits
from gui.ops import QueryOp
from gui.pages.devices.form import hand_over_words
from gui.pages.devices.view import DevicesView
from gui.pages.page import Page
from gui.trouble import known
from storage.ledger import Changes
from sync.kits import SUFFIX, Kit

FOLDER = "kit_folder"
MAKE = "make"
"""What another page asks for: the form."""


class DevicesPage(Page):
    """An office's kits and its villages' devices."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._path = Path()
        self.villages = devices.villages_model(lambda: desk.today)
        self.devices = devices.devices_model(lambda: desk.today)
        self.view = DevicesView(self.villages, self.devices, desk.profile.scope)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        view.make.clicked.connect(lambda: self.make_for(None))
        view.another.clicked.connect(lambda: self.make_for(None))
        view.villages.opened.connect(self.make_for)
        view.form.ready.connect(self._on_form_ready)
        view.form.left.connect(self._close_side)
        view.show_folder.clicked.connect(self._on_show_folder)
        desk.events.exchanged.connect(lambda: self._on_ledger_changed(Changes(), None))
        desk.events.crashed.connect(lambda _error: view.form.go.setEnabled(True))

    def take(self, request: object) -> None:
        if request == MAKE:
            self.make_for(None)

    def refresh(self) -> None:
        self.desk.ask(QueryOp(devices.read, slot="devices"), self._on_read, owner=self)

    def first_focus(self) -> QWidget | None:
        if self.view.side.currentWidget() is self.view.form:
            return self.view.form.code_line
        return self.view.villages if self.villages.rows else self.view.make

    def back(self) -> bool:
        if self.view.side.currentIndex() == 0:
            return False
        self._close_side()
        return True

    def make_for(self, row: VillageKits | None) -> None:
        """Open the form, for a village of the table or a new one."""
        self.view.show_form()
        scope, title = (row.scope, row.title) if row else ("", "")
        self.view.form.begin(self.villages.rows, scope, "" if title == scope else title)

    def write(self, path: Path) -> None:
        """Write the kit the form describes."""
        code, title = self.view.form.village()
        self._path = path
        self.desk.settings.keep(FOLDER, str(path.parent))
        self.view.form.go.setEnabled(False)
        self.desk.run(actions.make(code, title, path), self._on_made, owner=self, refused=self._on_refused)

    def _on_read(self, rows: list[VillageKits]) -> None:
        self.villages.set_rows(rows)
        self.view.form.know(rows)
        self.devices.set_rows([device for row in rows for device in row.devices])

    def _on_form_ready(self) -> None:
        start = self.desk.settings.folder(FOLDER) / self.view.form.file_name()
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Save the kit…"), str(start), _("Kits") + f" (*{SUFFIX})"
        )
        if path:
            self.write(Path(path) if path.endswith(SUFFIX) else Path(path + SUFFIX))

    def _on_made(self, kit: Kit) -> None:
        self.view.form.go.setEnabled(True)
        self.view.show_done(hand_over_words(self._path, kit.village_title))
        self.view.another.setFocus(Qt.FocusReason.OtherFocusReason)
        # No operation was written, yet the villages are others than before.
        self.desk.events.changed.emit(Changes(), self)

    def _on_refused(self, error: Exception) -> bool:
        self.view.form.go.setEnabled(True)
        expected = known(error, self.desk.facts.folder)
        if expected is not None:
            self.view.form.refuse(expected)
        return expected is not None

    def _close_side(self) -> None:
        self.view.show_about()
        self.view.villages.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))
