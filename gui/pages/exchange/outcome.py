"""What a receiving left: counts by place that open to their people, receipts to hand back, the report."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui import theme as themes
from gui.actions import exchange as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import received
from gui.models.received import Count, Outcome
from gui.ops import QueryOp
from gui.pages.exchange.low import LowTable
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, ErrorLine
from gui.widgets.tables import TableView
from gui.wording import receiving as words
from gui.wording.places import below
from gui.wording.units import listed
from storage.operators import EXCHANGE
from storage.queries.contacts import Contact
from storage.queries.received import Touched
from sync.sessions import Session

FOLDER = "receipt_folder"
_COUNTS, _PEOPLE, _REPLIES = 190, 260, 190  # px the tables take before they scroll


class OutcomePanel(QWidget):
    """Below the files of a receiving; ``person_opened`` carries household and person of a row.

    ``shown`` carries what should be brought into sight.
    """

    person_opened = Signal(object)
    shown = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._outcome: Outcome | None = None
        places = below(desk.profile.scope) if desk.is_office else None
        place = places.title if places else _("Place")
        self.counts = received.counts_model(place)
        self.people = received.people_model()
        self.replies = received.replies_model(self._ring, place)
        self.count_table = LowTable(self.counts, _("What changed"), wraps=True, tallest=_COUNTS)
        self.people_title = label("", "heading")
        self.people_table = TableView(self.people, _("People about whom something came"), wraps=True)
        self.reply_table = LowTable(self.replies, _("Receipts written"), wraps=True, tallest=_REPLIES)
        self.passed = label("", "soft", wrap=True)
        self.write = KeyButton(_("Write the receipts"), "R", primary=True)
        self.elsewhere = KeyButton(_("Into another folder…"))
        self.show_folder = KeyButton(_("Show it in its folder"))
        self.report = KeyButton(_("Save the report…"), "B")
        self.written, self.trouble, self.busy = label("", wrap=True), ErrorLine(), BusyBar()
        self._build()
        desk.permit(EXCHANGE, self.write, self.elsewhere)
        self._listen()

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Show a receiving, just held or opened again; None hides all of it."""
        same = bool(self._outcome and outcome and self._outcome.session.number == outcome.session.number)
        self._outcome = outcome
        self.setVisible(outcome is not None)
        if outcome is None:
            return
        session = outcome.session
        self.counts.set_rows(outcome.counts)
        self.count_table.setVisible(bool(outcome.counts))
        if not same:
            self._show_people(False)
            self.trouble.show_error("")
        said = [
            _("{name}: {what}").format(name=name, what=words.passed(what)) for name, what in session.passed
        ]
        self.passed.setText(_("Passed over: {files}.").format(files=listed(said)))
        self.passed.setVisible(bool(said))
        self._show_replies(session)

    def back(self) -> bool:
        """Close the people behind a count; False where none are shown."""
        if self.people_table.isHidden():
            return False
        self._show_people(False)
        self.count_table.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # ---- making and wiring

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(8))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.write, self.elsewhere, self.show_folder, self.report):
            flow.addWidget(button)
        self.busy.stop_button.hide()
        for widget in (
            *(self.passed, self.count_table, self.people_title, self.people_table),
            *(buttons, self.busy, self.trouble, self.written, self.reply_table),
        ):
            column.addWidget(widget)
        self.people_table.setFixedHeight(themes.current().px(_PEOPLE))
        for widget in (self, self.busy, self.people_title, self.people_table):
            widget.hide()

    def _listen(self) -> None:
        self.count_table.opened.connect(self._on_count_opened)
        self.people_table.opened.connect(self._on_person_opened)
        self.write.clicked.connect(lambda: self.write_into(self._desk.settings.folder(FOLDER)))
        self.elsewhere.clicked.connect(self._on_elsewhere)
        self.show_folder.clicked.connect(self._on_show_folder)
        self.report.clicked.connect(self._on_report)

    def _ring(self) -> Mapping[str, list[Contact]]:
        return self._outcome.ring if self._outcome else {}

    # ---- the people behind a count

    def _on_count_opened(self, count: Count) -> None:
        outcome = self._outcome
        if outcome is not None:
            op = QueryOp(
                lambda ledger: received.behind(ledger, outcome.session, count), slot="received people"
            )
            self._desk.ask(op, lambda rows: self._on_people_read(count, rows), owner=self)

    def _on_people_read(self, count: Count, rows: list[Touched]) -> None:
        text = _("{place}: {what} {count}")
        self.people_title.setText(
            text.format(place=count.title, what=words.figure(count.figure), count=f"{len(rows):,}")
        )
        self.people.set_rows(rows)
        self._show_people(True)
        self.people_table.selectRow(0)
        self.people_table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.shown.emit(self.people_table)

    def _show_people(self, shown: bool) -> None:
        for widget in (self.people_title, self.people_table):
            widget.setVisible(shown)

    def _on_person_opened(self, row: Touched) -> None:
        if row.whose.household:
            self.person_opened.emit((row.whose.household, row.whose.resident))

    # ---- receipts and report

    def write_into(self, folder: Path) -> None:
        """Write the receipts into a folder and remember it."""
        if self._outcome is None:
            return
        self._desk.settings.keep(FOLDER, str(folder))
        self.trouble.show_error("")
        self._work(True, _("Writing the receipts…"))
        op = actions.write_receipts(self._outcome.session.number, folder)
        self._desk.run(op, self._on_written, owner=self, refused=self._on_refused)

    def _on_written(self, session: Session) -> None:
        self._work(False)
        if self._outcome is not None:
            self._outcome = Outcome(session, self._outcome.counts, self._outcome.ring)
        self._show_replies(session)
        self.shown.emit(self.reply_table)
        self._desk.events.exchanged.emit()

    def _show_replies(self, session: Session) -> None:
        owed = self._desk.is_office and bool(session.places)
        self.replies.set_rows(session.replies)
        done = bool(session.replies)
        self.reply_table.setVisible(done)
        self.show_folder.setVisible(done)
        for button in (self.write, self.elsewhere):
            button.setVisible(owed)
        self.write.setText(_("Write the receipts again") if done else _("Write the receipts"))
        self.report.setVisible(bool(session.number))
        text = _("{count} receipts written into {folder}. Give each its own file: nobody else can open it.")
        self.written.setText(text.format(count=len(session.replies), folder=session.folder) if done else "")
        self.written.setVisible(done)

    def _on_elsewhere(self) -> None:
        start = str(self._desk.settings.folder(FOLDER))
        folder = QFileDialog.getExistingDirectory(self, _("Into another folder…"), start)
        if folder:
            self.write_into(Path(folder))

    def _on_show_folder(self) -> None:
        if self._outcome is not None and self._outcome.session.folder:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._outcome.session.folder))

    def _on_report(self) -> None:
        if self._outcome is None:
            return
        session = self._outcome.session
        name = _("Receiving {number} of {day}").format(number=session.number, day=session.at[:10]) + ".xlsx"
        start = str(self._desk.settings.folder(FOLDER) / name)
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Save the report…"), start, "Excel (*.xlsx);;PDF (*.pdf)"
        )
        if path:
            self._work(True, _("Writing…"))
            op = actions.write_report(session.number, _ended(Path(path)))
            self._desk.run(op, lambda _n: self._on_reported(Path(path)), owner=self, refused=self._on_refused)

    def _on_reported(self, path: Path) -> None:
        self._work(False)
        self._desk.events.told.emit(_("Written: {file}").format(file=_ended(path).name), False)

    def _on_refused(self, error: Exception) -> bool:
        self._work(False)
        expected = known(error, self._desk.facts.folder)
        if expected is not None:
            self.trouble.show_error(sentence(expected))
        return expected is not None

    def _work(self, on: bool, text: str = "") -> None:
        if on:
            self.busy.tell(text)
        self.busy.setVisible(on)
        for button in (self.write, self.elsewhere, self.report):
            button.setEnabled(not on)


def _ended(path: Path) -> Path:
    """The path with an ending that says what it is."""
    return path if path.suffix.lower() in (".xlsx", ".pdf") else path.with_name(path.name + ".xlsx")
