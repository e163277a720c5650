"""The telephone directory of an office: a table, a form beside it, lists in, files and paper out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFileDialog, QVBoxLayout, QWidget

from gui import theme as themes
from gui.actions import contacts as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import contacts
from gui.pages.devices.contact_form import ContactForm, TakeOverCard
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout
from gui.widgets.notices import EmptyState, ErrorLine
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from storage.commands.contacts import Entry
from storage.operators import RECORD
from storage.queries.contacts import Contact
from sync.intake.contacts import Directory

FOLDER = "directory_folder"
_NARROW = 980
_TABLE = 320  # px the table keeps on a low screen


class DirectoryPanel(QWidget):
    """Everything about the directory; ``left`` leads back to kits and devices."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._found: Directory | None = None
        self.rows = contacts.model()
        self.table = TableView(self.rows, _("Telephone directory"), wraps=True)
        self.table.set_empty(
            EmptyState(
                _("Nobody is in it yet"),
                _("Import the list of contacts the banner sent with its plan, or write the first entry."),
            )
        )
        self.new = KeyButton(_("New entry"), "N", primary=True)
        self.take = KeyButton(_("Import a list…"), "I")
        self.write = KeyButton(_("Export or print…"), "E")
        self.drop = KeyButton(_("Take out"), "Delete")
        self.close_button = KeyButton(_("Kits and devices"), "P")
        self.share = QCheckBox(_("Give offices and departments of the list to the places below too"))
        self.trouble = ErrorLine()
        self.form, self.over = ContactForm(), TakeOverCard()
        desk.permit(RECORD, self.new, self.take, self.drop, self.form.go, self.over.go)
        self._build()
        self._listen()

    def refresh(self) -> None:
        """Read the directory anew."""
        self._desk.ask(actions.read(), self._on_read, owner=self)

    def offer(self, places: Mapping[str, str]) -> None:
        """Offer these places in the form."""
        self.form.offer(places)

    def first_focus(self) -> QWidget:
        """Where one begins."""
        return self.table if self.rows.rows else self.take

    def back(self) -> bool:
        """Leave the form, else the directory."""
        if not (self.form.isHidden() and self.over.isHidden()):
            self._show(None)
        else:
            self.left.emit()
        return True

    # ---- making and wiring

    def _build(self) -> None:
        theme = themes.current()
        card = Card(_("Telephone directory"), self.close_button)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.new, self.take, self.write, self.drop):
            flow.addWidget(button)
        for widget in (buttons, self.share, self.trouble):
            card.add(widget)
        card.add(self.table, 1)
        card.setMinimumHeight(theme.px(_TABLE))
        inner = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._halves.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        self._halves.setSpacing(theme.px(12))
        self._halves.addWidget(card, 5)
        for side in (self.form, self.over):
            side.hide()
            self._halves.addWidget(side, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inner))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way, narrow = QBoxLayout.Direction, self.width() < themes.current().px(_NARROW)
        self._halves.setDirection(way.BottomToTop if narrow else way.LeftToRight)

    def _listen(self) -> None:
        self.new.clicked.connect(lambda: self._begin(None))
        self.table.opened.connect(self._begin)
        self.take.clicked.connect(self._on_take)
        self.write.clicked.connect(self._on_write)
        self.drop.clicked.connect(self._on_drop)
        self.close_button.clicked.connect(self.left)
        self.form.ready.connect(self._on_ready)
        self.form.left.connect(lambda: self._show(None))
        self.over.agreed.connect(self._on_agreed)
        self.over.left.connect(lambda: self._show(None))

    def _show(self, side: QWidget | None) -> None:
        for one in (self.form, self.over):
            one.setVisible(one is side)
        if side is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is done

    def _on_read(self, rows: Sequence[Contact]) -> None:
        self.rows.set_rows(rows)
        self.drop.setVisible(bool(rows))
        self.write.setVisible(bool(rows))
        if rows and self.table.current_row() is None:
            self.table.selectRow(0)

    def _begin(self, row: Contact | None) -> None:
        self._show(self.form)
        self.form.begin(row)

    def _on_ready(self, entry: Entry, record: str) -> None:
        self._desk.change(actions.save(entry, record), self._on_done, owner=self, refused=self.form.refuse)

    def _on_done(self, _result: object) -> None:
        self._show(None)
        self.refresh()

    def _on_drop(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._desk.change(
                actions.remove(row), self._on_done, owner=self,
                refused=lambda error: self.trouble.show_error(sentence(error)),
            )  # fmt: skip

    def _on_take(self) -> None:
        start = str(self._desk.settings.folder(FOLDER))
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Import a list…"), start, _("Tables") + " (*.xlsx *.xls *.csv *.ods *.et)"
        )
        if path:
            self.take_in(Path(path))

    def take_in(self, path: Path) -> None:
        """Look at a list of contacts and ask."""
        self._desk.settings.keep(FOLDER, str(path.parent))
        self.trouble.show_error("")
        op = actions.look(path, self.share.isChecked())
        self._desk.run(op, self._on_looked, owner=self, refused=self._on_refused)

    def _on_looked(self, found: Directory) -> None:
        self._found = found
        self.over.text.setText(contacts.preview(found, self.rows.rows))
        self.over.go.setEnabled(bool(found.entries))
        self._show(self.over)
        self.over.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_agreed(self) -> None:
        if self._found is not None:
            self._desk.change(
                actions.take_over(self._found), self._on_done, owner=self,
                refused=lambda error: self.trouble.show_error(sentence(error)),
            )  # fmt: skip

    def _on_write(self) -> None:
        start = self._desk.settings.folder(FOLDER) / (_("Telephone directory") + ".xlsx")
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Export or print…"), str(start), "Excel (*.xlsx);;PDF (*.pdf);;CSV (*.csv)"
        )
        if path:
            self.write_to(Path(path))

    def write_to(self, path: Path) -> None:
        """Write the directory into a file; PDF is A4 to print."""
        path = (
            path if path.suffix.lower() in (".xlsx", ".csv", ".pdf") else path.with_name(path.name + ".xlsx")
        )
        self._desk.settings.keep(FOLDER, str(path.parent))
        self.trouble.show_error("")
        op = actions.write(self._desk.policy, self._desk.today, path)
        told = _("Written: {file}").format(file=path.name)
        self._desk.run(
            op, lambda _n: self._desk.events.told.emit(told, False), owner=self, refused=self._on_refused
        )

    def _on_refused(self, error: Exception) -> bool:
        expected = known(error, self._desk.facts.folder)
        if expected is not None:
            self.trouble.show_error(sentence(expected))
        return expected is not None
