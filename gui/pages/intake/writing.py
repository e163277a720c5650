"""What is done with a file that was looked at: written, taken back, its rows saved as a sheet."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gui.actions import intake as actions
from gui.actions.lists import FOLDER, free_path
from gui.desk import Desk
from gui.i18n import _
from gui.models.intake import FileLine
from gui.wording import listed as sheets
from gui.wording.listed import Sheet
from sync.intake.results import Row

if TYPE_CHECKING:
    from gui.pages.intake.page import IntakePage
    from gui.pages.intake.view import IntakeView


class Writing(QObject):
    """The part of the import page that writes: into the ledger when a person says so, and into sheets."""

    def __init__(self, desk: Desk, page: "IntakePage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page

    def attach(self, view: "IntakeView") -> None:
        """Listen to the widgets."""
        self.view = view
        view.write.clicked.connect(self._on_write)
        view.households.clicked.connect(self._on_people)
        view.beside.clicked.connect(self._on_beside)
        view.revert.clicked.connect(lambda: self.ask_revert(True))
        view.sure_revert.clicked.connect(self._on_revert)
        view.save.clicked.connect(lambda: self._save(self.page.rows.rows, _("Result of the import")))
        view.save_bad.clicked.connect(self._on_save_bad)
        view.missing.saved.connect(self._on_save_missing)

    # ---- into the ledger

    def _on_write(self) -> None:
        line, page, view = self.page.current(), self.page, self.view
        if line is None or line.preview is None or line.state != "ready" or page.working():
            return
        removals, corrections = page.removals.ticked_rows(), page.corrections.ticked_rows()
        told = sheets.written_text(line.preview, len(removals), len(corrections))
        view.busy.tell(_("Writing {file}").format(file=line.path.name))
        view.busy.stop_button.hide()
        view.show_state("busy")
        op = actions.apply(
            line.staged,
            told,
            removals=frozenset((one.scope, one.record) for one in removals),
            corrections=frozenset(one.key for one in corrections),
        )
        page.work(op, partial(self._on_written, line, told), partial(self._on_not_written, line))

    def _on_written(self, line: FileLine, told: str, done: actions.Written) -> None:
        self.view.busy.stop_button.show()
        self.page.put(replace(line, state="done", words=told, number=done.number))
        # What was looked at before this one was written may know more by now.
        self.page.mark_stale(line.path)

    def _on_not_written(self, line: FileLine, _error: Exception) -> bool:
        self.view.busy.stop_button.show()
        self.page.showing.show_line(line)
        return False

    def _on_people(self) -> None:
        self.page.wanted.emit("people" if self.desk.is_office else "households", None)

    def _on_beside(self) -> None:
        """Let the same file say who paid and the like, where cells are looked at one by one."""
        line = self.page.current()
        if line is not None:
            self.page.wanted.emit("worksheet", [line.path])

    def ask_revert(self, asked: bool) -> None:
        """Offer to take back the list that was written, or ask whether that is meant."""
        line, view = self.page.current(), self.view
        there = line is not None and line.state == "done" and line.number > 0
        view.revert.setVisible(there and not asked)
        view.sure_revert.setVisible(there and asked)

    def _on_revert(self) -> None:
        line = self.page.current()
        if line is None or not line.number:
            return

        def on_done(done: Any) -> None:
            told = sheets.reverted_text(done[0])
            self.page.put(replace(line, words=told, number=0))
            self.page.mark_stale(line.path)

        told = _("Taken back: {file}").format(file=line.path.name)
        self.page.work(actions.revert(line.number, told), on_done)

    # ---- into sheets

    def _on_save_bad(self) -> None:
        line = self.page.current()
        if line is not None and line.preview is not None:
            self._save(sheets.bad(line.preview), _("Rows to be put right"))

    def _save(self, rows: Sequence[Row], title: str) -> None:
        line = self.page.current()
        if line is not None:
            masked = not self.view.full.isChecked()
            sheet = sheets.rows_sheet(f"{line.path.stem}-{title}", rows, self.desk.policy, masked=masked)
            self.save_sheet(sheet, masked=masked)

    def _on_save_missing(self) -> None:
        line = self.page.current()
        if line is not None:
            title = f"{line.path.stem}-{_('Reported as paid, not posted')}"
            masked = not self.view.full.isChecked()
            sheet = sheets.missing_sheet(title, self.page.missing.rows, self.desk.policy, masked=masked)
            self.save_sheet(sheet, masked=masked)

    def save_sheet(self, sheet: Sheet, *, masked: bool) -> None:
        """Write a sheet into the folder of lists, beside what is there."""
        path = free_path(self.desk.settings.folder(FOLDER), sheet.title, ".xlsx")
        op = actions.save(path, sheet, what="intake_rows", masked=masked)
        self.desk.ask(op, self._on_saved, owner=self)

    def _on_saved(self, path: Path) -> None:
        self.desk.events.told.emit(_("Written: {path}").format(path=path), False)
