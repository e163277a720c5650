"""Who may join and who may write: a kit for each place below, its devices, their codes, stopping one."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import kits as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import devices
from gui.models.devices import Known, VillageKits, open_kits
from gui.ops import Op, QueryOp
from gui.pages.devices.directory import DirectoryPanel
from gui.pages.devices.form import colleague_words, hand_over_words
from gui.pages.devices.view import DevicesView
from gui.pages.exchange.dropping import DropTarget
from gui.pages.page import Page
from gui.pages.settings.helping import HelpCard
from gui.trouble import known
from gui.wording.places import below
from gui.wording.units import listed
from storage.ledger import Changes
from storage.operators import KEYS
from sync.help import REQUEST
from sync.kits import SUFFIX, Kit

FOLDER = "kit_folder"
MAKE = "make"
DIRECTORY = "directory"
"""What another page asks for: the form, the telephone directory. A path is a request for help."""


class DevicesPage(Page):
    """An office's kits and the devices that joined with them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._path = Path()
        self._codes: dict[bytes, str] = {}
        self._old: Known | None = None
        self.villages = devices.villages_model(lambda: desk.today, desk.profile.scope)
        self.devices = devices.devices_model(lambda: desk.today, lambda key: self._codes.get(key, ""))
        self.kits = devices.kits_model(lambda: desk.today)
        self.helping = HelpCard(desk, below(desk.profile.scope).one)
        self.directory = DirectoryPanel(desk)
        self.view = view = DevicesView(
            self.villages, self.devices, self.kits, desk.profile.scope, self.helping, self.directory
        )
        place = view.place
        desk.permit(
            KEYS,
            *(view.make, view.colleague, view.another, view.stop_old, view.form.go, view.stop.go),
            *(place.agree, place.adopt, place.stop, place.withdraw, place.another, place.accept),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()

    def enter(self, request: object = None) -> None:
        if request is None and self.view.side.currentWidget() is self.view.done:
            self._close_side()
        super().enter(request)

    def take(self, request: object) -> None:
        if request == MAKE:
            self.make_for(None)
        elif request == DIRECTORY:
            self.open_directory()
        elif isinstance(request, Path):
            self.open_help(request)

    def refresh(self) -> None:
        self.desk.ask(QueryOp(devices.read, slot="devices"), self._on_read, owner=self)

    def first_focus(self) -> QWidget | None:
        if self.view.is_in_directory():
            return self.directory.first_focus()
        if self.view.side.currentWidget() is self.view.form:
            return self.view.form.code_line
        return self.view.villages if self.villages.rows else self.view.make

    def back(self) -> bool:
        if self.view.is_in_directory():
            return self.directory.back()
        if self.view.side.currentWidget() is self.helping:
            self.helping.reset()
            self._close_side()
            return True
        if self.view.side.currentWidget() in (self.view.form, self.view.done, self.view.stop):
            self._close_side()
            return True
        if self.view.place.devices.hasFocus() or self.view.place.kits.hasFocus():
            self.view.villages.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def make_for(self, row: VillageKits | None) -> None:
        """Open the form, for a place of the table or a new one."""
        self.view.show_form()
        scope, title = (row.scope, row.title) if row else ("", "")
        self.view.form.begin(self.villages.rows, scope, "" if title == scope else title)

    def _on_colleague(self) -> None:
        own = self.desk.profile.scope
        row = next((one for one in self.villages.rows if one.scope == own), None)
        self.make_for(row or VillageKits(own, devices.colleagues_title(self.desk.profile.title)))

    def open_help(self, path: Path | None = None) -> None:
        """Show how a request for help is answered; with ``path`` look at this one."""
        self.view.show_directory(False)
        self.view.show_help()
        if path is not None:
            self.helping.take(path)
        self.helping.choose.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_directory(self) -> None:
        """Show the telephone directory."""
        self.directory.refresh()
        self.view.show_directory(True)
        self.directory.first_focus().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def write(self, path: Path) -> None:
        """Write the kit the form describes."""
        code, title = self.view.form.village()
        self._path = path
        self.desk.settings.keep(FOLDER, str(path.parent))
        self.view.form.go.setEnabled(False)
        self.desk.run(
            actions.make(code, title, path), self._on_made, owner=self, refused=self._on_kit_refused
        )

    # ---- wiring

    def _listen(self) -> None:
        view, place = self.view, self.view.place
        view.make.clicked.connect(lambda: self.make_for(None))
        view.colleague.clicked.connect(self._on_colleague)
        view.another.clicked.connect(lambda: self.make_for(None))
        view.about_button.clicked.connect(view.show_about)
        view.help_button.clicked.connect(lambda: self.open_help())
        view.directory_button.clicked.connect(self.open_directory)
        self.directory.left.connect(self._close_directory)
        DropTarget(self).dropped.connect(self._on_dropped)
        view.villages.row_changed.connect(self._show_place)
        view.villages.opened.connect(self._on_place_opened)
        view.form.ready.connect(self._on_form_ready)
        view.form.left.connect(self._close_side)
        view.show_folder.clicked.connect(self._on_show_folder)
        view.stop_old.clicked.connect(lambda: self._begin_stop(self._old, _("replaced by a new kit")))
        view.stop.left.connect(self._close_side)
        view.stop.ready.connect(self._on_stop_ready)
        place.devices.row_changed.connect(lambda _known: place.show_device(self._codes))
        place.compared.connect(self._on_compared)
        place.stopping.connect(self._begin_stop)
        place.adopting.connect(self._on_adopt)
        place.withdrawing.connect(self._on_withdraw)
        place.making.connect(self.make_for)
        place.accepting.connect(self._on_accept)
        self.desk.events.exchanged.connect(self._on_exchanged)
        self.desk.events.crashed.connect(self._on_crashed)

    def _on_dropped(self, paths: list[Path]) -> None:
        request = next((path for path in paths if path.suffix.lower() == REQUEST), None)
        if self.view.is_in_directory() and request is None:
            self.directory.take_in(paths[0])
        else:
            self.open_help(request or paths[0])

    def _close_directory(self) -> None:
        self.view.show_directory(False)
        self.view.directory_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- showing

    def _on_read(self, rows: list[VillageKits]) -> None:
        view = self.view
        view.summary.setText(devices.counted(rows))
        view.summary.setVisible(bool(rows))
        self.directory.offer(
            {self.desk.profile.scope: self.desk.profile.title} | {row.scope: row.title for row in rows}
        )
        self.villages.set_rows(rows)
        view.form.know(rows)
        if rows and view.villages.current_row() is None:
            view.villages.selectRow(0)
        current = view.villages.current_row()
        if current is not None and view.side.currentWidget() not in (
            view.form,
            view.done,
            view.stop,
            self.helping,
        ):
            self._show_place(current)
        self.settle_focus()

    def _show_place(self, row: VillageKits) -> None:
        """Show a place, unless something is being filled in; its codes come one after another."""
        view = self.view
        if view.side.currentWidget() not in (view.form, view.done, view.stop, self.helping):
            view.place.trouble.show_error("")
            view.place.show_place(row, self._codes)
            view.show_place()
        lacking = [one.key for one in row.devices if one.key not in self._codes]
        if lacking:
            op = QueryOp(
                lambda ledger: (lacking[0], devices.code_of(ledger, lacking[0])), slot="code", later=True
            )
            self.desk.ask(op, self._on_code_read, owner=self)

    def _on_code_read(self, found: tuple[bytes, str]) -> None:
        key, code = found
        self._codes[key] = code
        current = self.view.villages.current_row()
        if current is not None:
            self._show_place(current)

    def _on_place_opened(self, row: VillageKits) -> None:
        """Enter on a place goes to its devices, or begins its first kit."""
        if row.devices:
            self.view.place.devices.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.make_for(row)

    # ---- devices

    def _on_compared(self, chosen: Known) -> None:
        self._run(actions.compared(chosen.key, chosen.device.title))

    def _begin_stop(self, chosen: Known | None, reason: str = "") -> None:
        if chosen is not None:
            self.view.show_stop()
            self.view.stop.begin(chosen, reason)

    def _on_stop_ready(self, reason: str) -> None:
        chosen = self.view.stop.known
        if chosen is not None:
            op = actions.revoke(chosen.key, chosen.device.title, reason)
            self._close_side()
            self._run(op)

    def _on_adopt(self, chosen: Known) -> None:
        self._run(actions.adopt(chosen.key, chosen.device.title, chosen.waiting))

    def _on_withdraw(self, row: VillageKits) -> None:
        self._run(actions.withdraw([kit.secret for kit in open_kits(row)]))

    def _on_accept(self, row: VillageKits) -> None:
        self._run(actions.accept_withheld(row.scope, row.title, row.withheld))

    def _run(self, op: Op) -> None:
        self.view.place.trouble.show_error("")
        self.desk.run(op, self._on_done, owner=self, refused=self._on_refused)

    def _on_done(self, _result: object) -> None:
        # A withdrawn kit writes no operation, yet the places stand otherwise than before.
        self.desk.events.exchanged.emit()
        self.view.villages.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_refused(self, error: Exception) -> bool:
        expected = known(error, self.desk.facts.folder)
        if expected is not None:
            self.view.place.trouble.show_error(sentence(expected))
        return expected is not None

    # ---- kits

    def _on_form_ready(self) -> None:
        start = self.desk.settings.folder(FOLDER) / self.view.form.file_name()
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Save the kit…"), str(start), _("Kits") + f" (*{SUFFIX})"
        )
        if path:
            self.write(Path(path) if path.endswith(SUFFIX) else Path(path + SUFFIX))

    def _on_made(self, kit: Kit) -> None:
        self.view.form.go.setEnabled(True)
        row = next((one for one in self.villages.rows if one.scope == kit.village), None)
        old = row.active if row else ()
        self._old = old[-1] if old else None
        words = ""
        if old:
            words = _(
                "If this kit takes the place of a computer that was lost or given away, stop the old one: {devices}."
            ).format(devices=listed([one.handle for one in old]))
        told = (
            colleague_words(self._path)
            if kit.is_colleague
            else hand_over_words(self._path, kit.village_title)
        )
        self.view.show_done(told, words if not kit.is_colleague else "")
        self.view.another.setFocus(Qt.FocusReason.OtherFocusReason)
        # No operation was written, yet the places are others than before.
        self.desk.events.changed.emit(Changes(), self)

    def _on_kit_refused(self, error: Exception) -> bool:
        self.view.form.go.setEnabled(True)
        expected = known(error, self.desk.facts.folder)
        if expected is not None:
            self.view.form.refuse(expected)
        return expected is not None

    def _on_crashed(self, _error: Exception) -> None:
        self.view.form.go.setEnabled(True)

    def _close_side(self) -> None:
        current = self.view.villages.current_row()
        self.view.show_about()
        if current is not None:
            self._show_place(current)
        self.view.villages.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))
