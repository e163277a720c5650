"""Importing: files are read one after another; each is written only when a person has looked at it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import intake as actions
from gui.actions.lists import free_path
from gui.desk import Desk
from gui.errors import sentence, sentence_for
from gui.i18n import _
from gui.models import intake
from gui.models.intake import NEEDS_VILLAGE, FileLine, ListedModel
from gui.models.taken import CorrectionsModel, MissingModel, RemovalsModel, by_person
from gui.ops import Op, QueryOp
from gui.pages.intake.asking import Asking
from gui.pages.intake.past import Past
from gui.pages.intake.view import IntakeView
from gui.pages.page import Page
from gui.pages.revealing import hold_to_show
from gui.pages.visits.page import FOLDER
from gui.runner import Job
from gui.trouble import known
from gui.wording import listed as sheets
from gui.wording import matching, names
from gui.wording.listed import ROSTER, Choice, Sheet
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries import villages
from sync.intake.results import Listed, Row

_FILES = "*.xlsx *.xls *.csv *.xlsm *.et *.ods *.txt *.zip"
_WRAPPED = 200  # rows up to which each may be as high as its words are long
_OTHER_KIND = ("intake.other_kind", "intake.kind_unknown")
_WORKSHEET = "intake.is_worksheet"
_SECTIONS = ("review", "words", "removals", "corrections", "missing")


class IntakePage(Page):
    """The import page; ``scope`` is the village rosters belong to ("" for a village's own ledger)."""

    def __init__(self, desk: Desk, scope: str = "") -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.scope = scope
        self.files = intake.files_model()
        self.rows = ListedModel(lambda: desk.policy)
        self.removals = RemovalsModel(lambda code: names.group(desk.policy, code))
        self.corrections = CorrectionsModel()
        self.missing = MissingModel(lambda code: names.channel(desk.policy, code))
        self.past = Past(desk, self)
        models = {"removals": self.removals, "corrections": self.corrections, "missing": self.missing}
        self.view = IntakeView(self.files, self.rows, {**models, **self.past.models})
        self.past.attach(self.view)
        self.asking = Asking(desk, self)
        self.asking.attach(self.view)
        view = self.view
        desk.permit(RECORD, view.write, view.revert, view.sure_revert, view.review.nobody, view.review.bulk)
        desk.permit(RECORD, *view.review.sides.buttons, view.review.sure, view.log.revert, view.log.sure)
        desk.permit(RECORD, view.aliases.keep, view.aliases.forget)
        self.titles: dict[str, str] = {}
        self._job: Job | None = None
        self._count = "rows"
        self._shown: Path | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view)
        self._reveal = hold_to_show(desk, view.reveal, self, self, lambda: len(self.rows.rows))
        self._listen()

    # ---- what the window asks

    def first_focus(self) -> QWidget | None:
        return self.view.rows if self.files.rows else self.view.choose

    def concerns(self, changes: Changes) -> bool:
        return False

    def refresh(self) -> None:
        if self.desk.is_office:
            self.desk.ask(QueryOp(villages.titles, slot="intake_titles"), self._on_titles_read, owner=self)

    def take(self, request: object) -> None:
        if isinstance(request, list):
            self.add([path for path in request if isinstance(path, Path)])

    def back(self) -> bool:
        view = self.view
        if view.part() in ("log", "aliases"):
            if not self.past.back():
                view.show_files(len(self.files.rows))
            return True
        if view.part() == "work" and view.state() == "review" and view.review.searching():
            view.review.close_search()
            return True
        if view.part() == "work" and view.state() in _SECTIONS:
            self._to_rows()
            return True
        if view.search.text():
            view.search.clear()
            return True
        return False

    def add(self, paths: Sequence[Path]) -> None:
        """Take files in, each once, and read them."""
        held = {line.path for line in self.files.rows}
        new = [
            FileLine(path, choice=Choice(scope=self.scope))
            for path in dict.fromkeys(paths)
            if path not in held
        ]
        self._set_files([*self.files.rows, *new])
        self.view.show_files(len(self.files.rows))
        if new:
            self.view.files.select(new[0].path)
        self._read_next()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        for button in (view.choose, view.more):
            button.clicked.connect(self._on_choose)
        for button in (view.past, view.log_button):
            button.clicked.connect(self.past.open_log)
        for button in (view.drop, view.leave):
            button.clicked.connect(self._on_drop)
        view.files.row_changed.connect(self.show_line)
        view.file_box.activated.connect(view.files.selectRow)
        view.recognised.changed.connect(self._on_recognised)
        view.write.clicked.connect(self._on_write)
        view.save.clicked.connect(lambda: self._save(self.rows.rows, _("Result of the import")))
        view.save_bad.clicked.connect(self._on_save_bad)
        view.anyway.clicked.connect(self._on_anyway)
        view.households.clicked.connect(self._on_people)
        view.revert.clicked.connect(lambda: self._ask_revert(True))
        view.sure_revert.clicked.connect(self._on_revert)
        view.busy.stopped.connect(self._on_stop)
        view.columns_button.toggled.connect(view.columns_area.setVisible)
        view.search.searched.connect(lambda _text: self._show_rows(self._count))
        view.search.moved_down.connect(view.rows.setFocus)
        view.search.entered.connect(view.rows.setFocus)
        view.search.left.connect(view.rows.setFocus)
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._show_rows(code))
        self._listen_sections()

    def _listen_sections(self) -> None:
        view, review = self.view, self.view.review
        view.removals_button.clicked.connect(lambda: self.open_section("removals", view.removals.table))
        view.corrections_button.clicked.connect(
            lambda: self.open_section("corrections", view.corrections.table)
        )
        view.missing_button.clicked.connect(lambda: self.open_section("missing", view.missing.table))
        view.missing.saved.connect(self._on_save_missing)
        for panel in (review, view.words, view.removals, view.corrections, view.missing):
            panel.closed.connect(self._to_rows)
        self._reveal.changed.connect(self._on_reveal)
        for panel in (view.removals, view.corrections):
            panel.ticked.connect(lambda _count: self._show_asks())
        for part in (review, view.removals, view.corrections, view.missing, view.log):
            button = part.reveal
            button.pressed.connect(lambda: self._reveal.turn(True))
            button.released.connect(lambda: self._reveal.turn(False))

    def is_revealed(self) -> bool:
        """Whether numbers are shown in full now."""
        return self._reveal.on

    def current(self) -> FileLine | None:
        """The file that is looked at."""
        line: FileLine | None = self.view.files.current_row()
        return line

    def _set_files(self, lines: Sequence[FileLine]) -> None:
        """Show files anew without leaving what is being done with the chosen one."""
        before = self.view.files.blockSignals(True)
        self.files.set_rows(lines)
        self.view.files.blockSignals(before)
        box, line = self.view.file_box, self.view.files.currentIndex().row()
        box.clear()
        box.addItems([one.path.name for one in self.files.rows])
        box.setCurrentIndex(line)

    def _replace(self, line: FileLine) -> None:
        current = self.current()
        self._set_files([line if held.path == line.path else held for held in self.files.rows])
        if current is not None and current.path == line.path:
            self.show_line(line)

    def _on_titles_read(self, titles: dict[str, str]) -> None:
        self.titles = self.rows.titles = titles
        line = self.current()
        if line is not None and line.state in ("ready", "refused") and self.view.state() not in _SECTIONS:
            self.show_line(line)

    def _on_reveal(self, on: bool) -> None:
        for model in (self.rows, self.removals, self.corrections, self.missing):
            model.reveal(on)
        self.past.reveal(on)
        if self.view.part() == "work" and self.view.state() == "review":
            self.asking.show_review()

    # ---- reading

    def _read_next(self) -> None:
        if self._job is not None:
            return
        line = next((line for line in self.files.rows if line.state == "waiting"), None)
        if line is not None:
            self._read(line)

    def _read(self, line: FileLine) -> None:
        line = replace(line, state="reading", preview=None, staged=None, words="", code="")
        self._replace(line)
        self._job = self.desk.run(
            actions.stage(line.path, line.choice),
            lambda held: self._on_read(line, held),
            owner=self,
            refused=lambda error: self._on_refused(line, error),
        )

    def _on_read(self, line: FileLine, held: actions.Held) -> None:
        self._job = None
        self._count = "rows"
        self._replace(replace(line, state="ready", preview=held.listed, staged=held.staged))
        if self.view.state() == "preview" and not self.view.files.hasFocus():
            self.view.rows.setFocus()
        self._read_next()

    def _on_refused(self, line: FileLine, error: Exception) -> bool:
        self._job = None
        expected = known(error, line.path)
        words = sentence(expected) if expected else _("The file could not be read.")
        code = expected.code if expected else ""
        if code == _WORKSHEET:  # it is looked at where it went out
            self._set_files([held for held in self.files.rows if held.path != line.path])
            self.view.show_files(len(self.files.rows))
            self.wanted.emit("worksheet", [line.path])
            self._read_next()
            return True
        if code == NEEDS_VILLAGE:
            words = _("Choose above which village this roster belongs to.")
        self._replace(replace(line, state="refused", words=words, code=code))
        self._read_next()
        return expected is not None

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _again(self, line: FileLine, choice: Choice) -> None:
        """Read a file anew under what a person says of it."""
        if self._job is None:
            self._read(replace(line, choice=choice))

    def _on_recognised(self) -> None:
        line = self.current()
        if line is not None and line.state in ("ready", "refused"):
            self._again(line, self.view.recognised.choice(line.choice))

    def _on_column_changed(self, table: int, column: int, field: str) -> None:
        line = self.current()
        if line is not None:
            self._again(line, line.choice.with_column(table, column, field))

    def _on_anyway(self) -> None:
        line = self.current()
        if line is not None:
            self._again(line, replace(line.choice, kind=ROSTER))

    # ---- showing

    def show_line(self, line: FileLine) -> None:
        """Show a file as it stands."""
        view = self.view
        view.file_box.setCurrentIndex(self.files.row_of(line.path))
        if line.state == "refused":
            roster = line.code == NEEDS_VILLAGE
            title = _("A roster: {file}") if roster else _("Not taken: {file}")
            view.refused.show_words(title.format(file=line.path.name), line.words)
            view.anyway.setVisible(line.code in _OTHER_KIND)
            self._show_recognised(line)
            view.recognised.setVisible(line.code in (*_OTHER_KIND, NEEDS_VILLAGE))
            view.show_state("refused")
        elif line.preview is None:
            view.busy.tell(_("Reading {file}").format(file=line.path.name))
            view.show_state("busy")
        else:
            self._show_preview(line, line.preview)

    def _show_recognised(self, line: FileLine) -> None:
        recognised, listed = self.view.recognised, line.preview
        kind = line.choice.kind or (listed.kind if listed else "")
        if line.code == NEEDS_VILLAGE:
            kind = ROSTER
        source = line.choice.source or (listed.source if listed else "")
        year = line.choice.year or (listed.year if listed else 0)
        recognised.show_kind(kind, source, year, self.desk.policy.year)
        recognised.show_villages(self.titles, line.choice.scope, needed=kind == ROSTER)
        recognised.setVisible(True)
        recognised.setEnabled(line.state != "done")

    def _show_preview(self, line: FileLine, listed: Listed) -> None:
        view = self.view
        if line.path != self._shown:
            self._shown = line.path
            for model in (self.removals, self.corrections):
                model.set_rows([])  # nothing of another list stays ticked
        view.what.setText(listed.file)
        self._show_recognised(line)
        self._show_notes(line, listed)
        view.columns.show_tables(listed.tables, self._on_column_changed)
        view.columns_button.setEnabled(line.state == "ready")
        view.removals.show_rows(by_person(listed.removals), self._short(listed))
        view.corrections.show_rows(listed.corrections)
        self.missing.set_rows(sorted(listed.missing, key=lambda one: -one.days_late))
        self._show_asks()
        self._show_rows(self._count)
        view.show_state("preview")

    def _show_notes(self, line: FileLine, listed: Listed) -> None:
        view = self.view
        told = [sentence_for(note.code, note.params) for note in listed.notes]
        if line.words:
            told.insert(0, line.words)
        elif line.state == "ready" and not self._writes(listed) and not listed.blocked:
            told.insert(0, _("Nothing new in it: there is nothing to write."))
        view.notes.setText("\n".join(told))
        view.notes.setVisible(bool(told))
        ready = line.state == "ready"
        warned = [matching.warning_text(one) for one in listed.warnings if ready]
        view.warnings.setText("\n".join(warned))
        view.warnings.setVisible(bool(warned))

    def _short(self, listed: Listed) -> str:
        """The warning that a list is much shorter than the one before, where removals are ticked, too."""
        return "\n".join(matching.warning_text(one) for one in listed.warnings if one.code == "list.short")

    def _writes(self, listed: Listed) -> bool:
        """Whether writing would change something, or leave rows in the log that wait for somebody."""
        counts = listed.counts
        ticked = bool(self.removals.ticked_rows() or self.corrections.ticked_rows())
        waiting = 0 if listed.kind == ROSTER else counts.get("review", 0) + counts.get("unmatched", 0)
        return ticked or bool(counts.get("added", 0) + counts.get("changed", 0) + waiting)

    def _show_asks(self) -> None:
        """What is asked about the list, and whether it can be written."""
        view, line = self.view, self.current()
        if line is None or line.preview is None:
            return
        listed, ready = line.preview, line.state == "ready"
        review = listed.counts.get("review", 0) if listed.kind != ROSTER else 0
        ticked, right = len(self.removals.ticked_rows()), len(self.corrections.ticked_rows())
        for button, there, words in (
            (view.review_button, review, _("Check one by one {count}").format(count=f"{review:,}")),
            (view.words_button, len(listed.unmapped), _("Unknown words {count}").format(count=len(listed.unmapped))),
            (view.removals_button, self.removals.rowCount(),
             _("No longer named {ticked}/{count}").format(ticked=ticked, count=self.removals.rowCount())),
            (view.corrections_button, len(listed.corrections),
             _("Numbers to correct {ticked}/{count}").format(ticked=right, count=len(listed.corrections))),
            (view.missing_button, len(listed.missing),
             _("Reported, not posted {count}").format(count=len(listed.missing))),
        ):  # fmt: skip
            button.setText(words)
            button.setVisible(bool(there) and ready)
        self._show_write(line, listed)

    def _show_write(self, line: FileLine, listed: Listed) -> None:
        view, ready = self.view, line.state == "ready"
        why = sheets.blocked_text(listed, removed=len(self.removals.ticked_rows())) if ready else ""
        view.blocked.setText(why)
        view.blocked.setVisible(bool(why))
        view.write.setVisible(ready and (self._writes(listed) or bool(listed.blocked)))
        view.write.setEnabled(not why and not self.asking.working())
        view.write.setText(self._write_text(listed))
        view.review_button.primary = bool(listed.counts.get("review", 0))
        view.households.setVisible(line.state == "done")
        view.save_bad.setVisible(ready and bool(sheets.bad(listed)))
        view.look.setVisible(ready and listed.kind != ROSTER)
        self._ask_revert(False)

    def _write_text(self, listed: Listed) -> str:
        counts = listed.counts
        written = counts.get("added", 0) + counts.get("changed", 0)
        rest = sum(counts.get(code, 0) for code in ("review", "unmatched", "broken"))
        if listed.kind == ROSTER or not rest or listed.blocked:
            return _("Write into the ledger")
        return _("Write {count} rows, {rest} stay to be settled").format(
            count=f"{written:,}", rest=f"{rest:,}"
        )

    def _show_rows(self, code: str) -> None:
        line = self.current()
        if line is None or line.preview is None:
            return
        counts = intake.counts(line.preview)
        self._count = code if any(one.code == code for one in counts) else "rows"
        self.view.show_counts(counts, self._count)
        found = intake.chosen(line.preview, self._count, self.view.search.text())
        self.view.rows.wraps = len(found) <= _WRAPPED and not self.view.is_low()
        self.rows.set_rows(found)

    def _to_rows(self) -> None:
        line = self.current()
        if line is not None:
            self.show_line(line)
            self.view.rows.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_section(self, section: str, focus: QWidget) -> None:
        """Ask about something of the list in place of its rows."""
        self.view.show_state(section)
        focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- working out anew

    def work(self, op: Op, done: Callable[[Any], None]) -> None:
        """Work something out anew; one answer at a time, so that the same key twice in a burst does it once."""
        if self._job is not None:
            return

        def on_done(result: Any) -> None:
            self._job = None
            done(result)

        def on_refused(_error: Exception) -> bool:
            self._job = None
            return False

        self._job = self.desk.run(op, on_done, owner=self, refused=on_refused)

    def follow(self, line: FileLine, listed: Listed) -> None:
        """Take a list worked out anew, without leaving what is being done."""
        held = [replace(one, preview=listed) if one.path == line.path else one for one in self.files.rows]
        self._set_files(held)
        self.view.removals.show_rows(by_person(listed.removals), self._short(listed))
        self.view.corrections.show_rows(listed.corrections)

    # ---- doing

    def _on_choose(self) -> None:
        start = self.desk.settings.text("intake_folder")
        paths, _kind = QFileDialog.getOpenFileNames(
            self, _("Choose files"), start, f"{_('Tables')} ({_FILES})"
        )
        if paths:
            self.desk.settings.keep("intake_folder", str(Path(paths[0]).parent))
            self.add([Path(path) for path in paths])

    def _on_drop(self) -> None:
        line = self.current()
        if line is not None and line.state != "reading":
            self._set_files([held for held in self.files.rows if held.path != line.path])
            self.view.show_files(len(self.files.rows))
            if self.files.rows:
                self.view.files.selectRow(0)

    def _on_write(self) -> None:
        line = self.current()
        if line is None or line.preview is None or line.state != "ready" or self._job is not None:
            return
        told = sheets.written_text(
            line.preview, len(self.removals.ticked_rows()), len(self.corrections.ticked_rows())
        )
        self.view.busy.tell(_("Writing {file}").format(file=line.path.name))
        self.view.busy.stop_button.hide()
        self.view.show_state("busy")
        op = actions.apply(
            line.staged,
            told,
            removals=frozenset((one.scope, one.record) for one in self.removals.ticked_rows()),
            corrections=frozenset(one.key for one in self.corrections.ticked_rows()),
        )
        self._job = self.desk.run(
            op,
            lambda done: self._on_written(line, told, done),
            owner=self,
            refused=lambda _error: self._on_not_written(line),
        )

    def _on_written(self, line: FileLine, told: str, done: actions.Written) -> None:
        self._job = None
        self.view.busy.stop_button.show()
        self._replace(replace(line, state="done", words=told, number=done.number))
        # What was looked at before this one was written may know more by now.
        self._mark_stale(line.path)

    def _mark_stale(self, written: Path) -> None:
        """Previews made before another file was written are made again."""
        self._set_files(
            [replace(held, state="waiting", preview=None) if held.state == "ready" and held.path != written else held
             for held in self.files.rows]
        )  # fmt: skip
        self._read_next()

    def _on_not_written(self, line: FileLine) -> bool:
        self._job = None
        self.view.busy.stop_button.show()
        self.show_line(line)
        return False

    def _on_people(self) -> None:
        self.wanted.emit("people" if self.desk.is_office else "households", None)

    def _ask_revert(self, asked: bool) -> None:
        line, view = self.current(), self.view
        there = line is not None and line.state == "done" and line.number > 0
        view.revert.setVisible(there and not asked)
        view.sure_revert.setVisible(there and asked)

    def _on_revert(self) -> None:
        line = self.current()
        if line is None or not line.number or self._job is not None:
            return

        def on_done(done: Any) -> None:
            told = sheets.reverted_text(done[0])
            self._replace(replace(line, words=told, number=0))
            self._mark_stale(line.path)

        self.work(actions.revert(line.number, _("Taken back: {file}").format(file=line.path.name)), on_done)

    def forget(self, number: int) -> None:
        """A list was taken back from the log: its file can no longer be taken back, others may say something new."""
        told = _("This list was taken back.")
        back = [
            replace(one, number=0, words=told) if one.number == number else one for one in self.files.rows
        ]
        self._set_files(back)
        self._mark_stale(Path())

    # ---- sheets

    def _on_save_bad(self) -> None:
        line = self.current()
        if line is not None and line.preview is not None:
            self._save(sheets.bad(line.preview), _("Rows to be put right"))

    def _save(self, rows: Sequence[Row], title: str) -> None:
        line = self.current()
        if line is not None:
            masked = not self.view.full.isChecked()
            sheet = sheets.rows_sheet(f"{line.path.stem}-{title}", rows, self.desk.policy, masked=masked)
            self.save_sheet(sheet, masked=masked)

    def _on_save_missing(self) -> None:
        line = self.current()
        if line is not None:
            title = f"{line.path.stem}-{_('Reported as paid, not posted')}"
            masked = not self.view.full.isChecked()
            sheet = sheets.missing_sheet(title, self.missing.rows, self.desk.policy, masked=masked)
            self.save_sheet(sheet, masked=masked)

    def save_sheet(self, sheet: Sheet, *, masked: bool) -> None:
        """Write a sheet into the folder of lists, beside what is there."""
        path = free_path(self.desk.settings.folder(FOLDER), sheet.title, ".xlsx")
        op = actions.save(path, sheet, what="intake_rows", masked=masked)
        self.desk.ask(op, self._on_saved, owner=self)

    def _on_saved(self, path: Path) -> None:
        self.desk.events.told.emit(_("Written: {path}").format(path=path), False)
