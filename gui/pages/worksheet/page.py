"""Working sheets: people are chosen and go out; what comes back is looked at cell by cell, then written."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import worksheet as actions
from gui.actions.lists import FOLDER, free_path
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import worksheet as models
from gui.models.filters import groups_of
from gui.models.worksheet import Line, Wanted
from gui.pages.exchange.dropping import DropTarget
from gui.pages.page import Page
from gui.pages.worksheet.view import WorksheetView
from gui.runner import Job
from gui.trouble import known
from gui.wording import names
from gui.wording import worksheet as words
from storage.errors import KnownError
from storage.ledger import Changes
from storage.operators import RECORD
from sync.worksheet.exporting import Exported
from sync.worksheet.results import Choice, Staged
from sync.worksheet.staging import Applied

_FILES = "*.xlsx *.xls *.csv *.xlsm *.et *.ods *.txt"
_NEEDS_VILLAGE = "intake.needs_village"
_FOREIGN = ("worksheet.other_ledger", "worksheet.other_year")
_ALL, _UNPAID, _CHOSEN = "all", "unpaid", "chosen"


class WorksheetPage(Page):
    """The page; what it takes: a Wanted (whom to write a sheet of), or the path of a filled one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines = models.model()
        self.view = WorksheetView(self.lines, office=desk.is_office)
        self.staged: Staged | None = None
        self._chosen: Wanted | None = None
        self._choices: dict[tuple[int, str], Choice] = {}
        self._count = "rows"
        self._number = 0
        self._path = Path()
        self._job: Job | None = None
        self._needs_village = self._as_report = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        desk.permit(RECORD, self.view.write, self.view.revert)
        self._listen()
        self._show_who()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, Wanted):
            self._chosen = request
            self._show_who()
            self.back()
        elif isinstance(request, list):
            paths = [path for path in request if isinstance(path, Path)]
            if paths:
                self.read(paths[0])

    def refresh(self) -> None:
        if self.desk.is_office:
            self.desk.ask(actions.titles(), self._on_titles_read, owner=self)
        else:
            self._show_groups()

    def concerns(self, changes: Changes) -> bool:
        return changes.touches("village")

    def first_focus(self) -> QWidget | None:
        return self.view.lines if self.staged else self.view.choose

    def back(self) -> bool:
        if self.staged is None or self._job is not None:
            return False
        self.staged, self._number = None, 0
        self.view.show_state("empty")
        self.view.choose.setFocus()
        return True

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.export.clicked.connect(self._on_export)
        view.choose.clicked.connect(self._on_choose)
        view.other.clicked.connect(self._on_choose)
        view.leave.clicked.connect(self.back)
        view.anyway.clicked.connect(lambda: self.read(self._path, as_report=True))
        view.villages.activated.connect(self._on_village_chosen)
        view.write.clicked.connect(self._on_write)
        view.revert.clicked.connect(self._on_revert)
        view.theirs.clicked.connect(lambda: self._choose("theirs"))
        view.ours.clicked.connect(lambda: self._choose("ours"))
        view.lines.row_changed.connect(self._on_line_changed)
        view.busy.stopped.connect(self._on_stop)
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._show_lines(code))
        self.desk.book.changed.connect(self._on_book_changed)
        self._drop = DropTarget(self)
        self._drop.dropped.connect(self.take)

    def _on_titles_read(self, titles: dict[str, str]) -> None:
        box = self.view.villages
        held = box.currentData()
        box.clear()
        box.addItem(_("All villages"), "")
        for scope, title in titles.items():
            box.addItem(title, scope)
        box.setCurrentIndex(max(box.findData(held), 0))

    def _on_book_changed(self) -> None:
        if not self.desk.is_office:
            self._show_groups()

    def _show_groups(self) -> None:
        box, held = self.view.groups, self.view.groups.currentData()
        box.clear()
        box.addItem(_("All groups"), "")
        for group in groups_of(self.desk.book.cards):
            box.addItem(group, group)
        box.setCurrentIndex(max(box.findData(held), 0))

    def _on_village_chosen(self) -> None:
        """Read a village's own sheet again once it is said which village it is."""
        if self._needs_village and self.view.villages.currentData():
            self.read(self._path, as_report=self._as_report)

    def _show_who(self) -> None:
        box = self.view.who
        box.clear()
        box.addItem(_("Everybody"), _ALL)
        box.addItem(_("Who has not paid"), _UNPAID)
        if self._chosen is not None:
            box.addItem(self._chosen.title, _CHOSEN)
            box.setCurrentIndex(2)

    # ---- out

    def _wanted(self) -> Wanted:
        if self.view.who.currentData() == _CHOSEN and self._chosen is not None:
            return self._chosen
        scope = self.view.villages.currentData() if self.desk.is_office else ""
        unpaid, group = self.view.who.currentData() == _UNPAID, str(self.view.groups.currentData() or "")
        return Wanted((scope,) if scope else (), unpaid=unpaid, group=group)

    def _on_export(self) -> None:
        view, today = self.view, self.desk.today
        stem = f"{_('Working sheet')}-{self.desk.profile.title}-{today.isoformat()}"
        path = free_path(self.desk.settings.folder(FOLDER), stem, ".xlsx")
        columns = [key for key, box in view.columns.items() if box.isChecked()]
        op = actions.export(
            path,
            self._wanted(),
            columns=columns,
            masked=view.masked.isChecked(),
            why=view.why.text(),
            today=today,
        )
        view.wrong.show_error("")
        self.desk.run(op, self._on_exported_sheet, owner=self, refused=self._on_export_refused)

    def _on_exported_sheet(self, done: Exported) -> None:
        told = _("Written: {path} ({people} people)").format(path=done.path, people=done.people)
        self.desk.events.told.emit(told, False)

    def _on_export_refused(self, error: Exception) -> bool:
        if not isinstance(error, KnownError):
            return False
        self.view.wrong.show_error(sentence(error))
        return True

    # ---- back

    def _on_choose(self) -> None:
        start = self.desk.settings.text("intake_folder")
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Choose a filled sheet"), start, f"{_('Tables')} ({_FILES})"
        )
        if path:
            self.desk.settings.keep("intake_folder", str(Path(path).parent))
            self.read(Path(path))

    def read(self, path: Path, *, as_report: bool = False) -> None:
        """Read a filled sheet and show what it would change; ``as_report``: as one of the village's own."""
        if self._job is not None:
            return
        self._path, self._choices, self._number, self._count = path, {}, 0, "rows"
        self._needs_village, self._as_report = False, as_report
        self.view.anyway.hide()
        self.view.busy.tell(_("Reading {file}").format(file=path.name))
        self.view.busy.stop_button.show()
        self.view.show_state("busy")
        scope = str(self.view.villages.currentData() or "") if self.desk.is_office else ""
        op = actions.stage(path, scope=scope, today=self.desk.today, as_report=as_report)
        self._job = self.desk.run(op, self._on_read, owner=self, refused=self._on_refused)

    def _on_read(self, staged: Staged) -> None:
        self._job, self.staged = None, staged
        self._show()
        self.settle_focus()

    def _on_refused(self, error: Exception) -> bool:
        self._job = None
        expected = known(error, self._path)
        if expected is None:
            self.view.show_state("empty")
            return False
        if expected.code == _NEEDS_VILLAGE:
            self.staged, self._needs_village = None, True
            self.view.empty.show_words(
                _("Which village's sheet is this?"),
                _("Choose the village on the left; the sheet is read then."),
            )
            self.view.show_state("empty")
            self.view.villages.setFocus()
        elif self.staged is None:
            self.view.anyway.setVisible(expected.code in _FOREIGN)
            self.view.empty.show_words(
                _("Not taken: {file}").format(file=self._path.name), sentence(expected)
            )
            self.view.show_state("empty")
        else:
            self._show()
            self.desk.events.failed.emit(expected)
        return True

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    # ---- showing

    def _show(self) -> None:
        staged, view = self.staged, self.view
        if staged is None:
            view.show_state("empty")
            return
        kind = names.list_kind(staged.kind)
        number = f" W{staged.number}" if staged.number else ""
        view.what.setText(_("{file}: {kind}{number}").format(file=staged.file, kind=kind, number=number))
        view.sums.setText(models.summary(staged))
        notes = models.notes(staged)
        if self._number:
            notes.insert(0, _("Written. What waits was left out; the same file can be taken again."))
        view.notes.setText("\n".join(notes))
        view.notes.setVisible(bool(notes))
        for code, chip in view.chips.items():
            chip.setText(f"{words.status_text(code)} {staged.counts[code]:,}")
        view.write.setVisible(not self._number and staged.writes + staged.counts["added"] > 0)
        view.whole.setVisible(not self._number and staged.waiting > 0)
        view.revert.setVisible(bool(self._number))
        self._show_lines(self._count)
        view.show_state("preview")

    def _show_lines(self, code: str) -> None:
        self._count = code
        for other, chip in self.view.chips.items():
            chip.setChecked(other == code)
        if self.staged is not None:
            held = self.view.lines.current_row()
            self.lines.set_rows(models.lines_of(self.staged, code))
            if not (held is not None and self.view.lines.select(held.key)) and self.lines.rows:
                self.view.lines.selectRow(0)
            self._on_line_changed(self.view.lines.current_row())

    def _on_line_changed(self, line: Line | None) -> None:
        can = line is not None and line.waits and not self._number
        self.view.theirs.setEnabled(can and line is not None and _may_be_theirs(line))
        self.view.ours.setEnabled(can)

    # ---- doing

    def _choose(self, choice: Choice) -> None:
        line = self.view.lines.current_row()
        if line is None or self.staged is None or self._job is not None:
            return
        self._choices[line.key] = choice
        op = actions.restage(self.staged, self._choices, today=self.desk.today)
        self._job = self.desk.run(op, self._on_read, owner=self, refused=self._on_refused)

    def _on_write(self) -> None:
        staged = self.staged
        if staged is None or self._job is not None:
            return
        told = _("Written: {cells} cells, {added} new people").format(
            cells=staged.writes, added=staged.counts["added"]
        )
        op = actions.apply(
            staged, self._choices, told, today=self.desk.today, only_whole=self.view.whole.isChecked()
        )
        self._job = self.desk.run(op, self._on_written, owner=self, refused=self._on_refused)

    def _on_written(self, applied: Applied) -> None:
        self._job, self.staged, self._number = None, applied.staged, applied.number
        self._show()

    def _on_revert(self) -> None:
        if not self._number or self._job is not None:
            return
        op = actions.revert(self._number, _("Taken back: what the sheet had written"))
        self._job = self.desk.run(op, lambda _done: self._on_reverted(), owner=self, refused=self._on_refused)

    def _on_reverted(self) -> None:
        self._job, self._number = None, 0
        self.read(self._path, as_report=self._as_report)


def _may_be_theirs(line: Line) -> bool:
    """Whether what the sheet says here can be written at all."""
    return line.cell is None or line.cell.outcome in ("conflict", "held")
