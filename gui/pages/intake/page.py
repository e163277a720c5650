"""Importing: files are read one after another; each is written only when a person has looked at it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui import wording
from gui.actions import intake as actions
from gui.actions.lists import free_path
from gui.desk import Desk
from gui.errors import sentence, sentence_for
from gui.i18n import _
from gui.models import intake
from gui.models.intake import FileLine
from gui.pages.intake.view import IntakeView
from gui.pages.page import Page
from gui.pages.visits.page import FOLDER
from gui.runner import Job
from gui.trouble import known
from gui.wording import names
from storage.ledger import Changes
from storage.operators import RECORD
from sync.intake.roster import Preview

_FILES = "*.xlsx *.xls *.csv *.xlsm *.et *.ods *.txt"
_WRAPPED = 400  # rows up to which each may be as high as its doubts are long
_OTHER_KIND = ("intake.other_kind", "intake.kind_unknown")


class IntakePage(Page):
    """The import page; ``scope`` is the village the lists belong to ("" for a village's own ledger)."""

    def __init__(self, desk: Desk, scope: str = "") -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.scope = scope
        self.files = intake.files_model()
        self.rows = intake.rows_model()
        self.view = IntakeView(self.files, self.rows)
        desk.permit(RECORD, self.view.write)
        self._mapping: dict[Path, dict[int, dict[int, str | None]]] = {}
        self._kinds: dict[Path, str] = {}
        self._job: Job | None = None
        self._count = "rows"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()

    def first_focus(self) -> QWidget | None:
        return self.view.rows if self.files.rows else self.view.choose

    def concerns(self, changes: Changes) -> bool:
        return False

    def take(self, request: object) -> None:
        if isinstance(request, list):
            self.add([path for path in request if isinstance(path, Path)])

    def add(self, paths: Sequence[Path]) -> None:
        """Take files in, each once, and read them."""
        held = {line.path for line in self.files.rows}
        new = [FileLine(path) for path in dict.fromkeys(paths) if path not in held]
        self.files.set_rows([*self.files.rows, *new])
        self.view.show_files(len(self.files.rows))
        if new:
            self.view.files.select(new[0].path)
        self._read_next()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _listen(self) -> None:
        view = self.view
        view.choose.clicked.connect(self._on_choose)
        view.more.clicked.connect(self._on_choose)
        view.files.row_changed.connect(self._show)
        view.write.clicked.connect(self._on_write)
        view.save.clicked.connect(self._on_save)
        view.drop.clicked.connect(self._on_drop)
        view.anyway.clicked.connect(self._on_anyway)
        view.households.clicked.connect(lambda: self.wanted.emit("households", None))
        view.busy.stopped.connect(self._on_stop)
        view.columns_button.toggled.connect(view.columns_area.setVisible)
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._show_rows(code))

    def _current(self) -> FileLine | None:
        return self.view.files.current_row()

    def _replace(self, line: FileLine) -> None:
        current = self._current()
        self.files.set_rows([line if held.path == line.path else held for held in self.files.rows])
        if current is not None and current.path == line.path:
            self._show(line)

    # ---- reading

    def _read_next(self) -> None:
        if self._job is not None:
            return
        line = next((line for line in self.files.rows if line.state == "waiting"), None)
        if line is not None:
            self._read(line)

    def _read(self, line: FileLine) -> None:
        self._replace(replace(line, state="reading", preview=None, words=""))
        op = actions.stage(
            line.path,
            scope=self.scope,
            kind=self._kinds.get(line.path, ""),
            mapping=self._mapping.get(line.path),
        )
        self._job = self.desk.run(op, lambda preview: self._on_read(line, preview), owner=self,
                                  refused=lambda error: self._on_refused(line, error))  # fmt: skip

    def _on_read(self, line: FileLine, preview: Preview) -> None:
        self._job = None
        self._count = "rows"
        self._replace(replace(line, state="ready", preview=preview, words=""))
        self._read_next()

    def _on_refused(self, line: FileLine, error: Exception) -> bool:
        self._job = None
        expected = known(error, line.path)
        words = sentence(expected) if expected else _("The file could not be read.")
        code = expected.code if expected else ""
        self._replace(replace(line, state="refused", words=f"{code}\n{words}"))
        self._read_next()
        return expected is not None

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    # ---- showing

    def _show(self, line: FileLine) -> None:
        view = self.view
        if line.state == "refused":
            code, _newline, words = line.words.partition("\n")
            view.refused.show_words(_("Not taken: {file}").format(file=line.path.name), words)
            view.anyway.setVisible(code in _OTHER_KIND)
            view.show_state("refused")
        elif line.preview is None:
            view.busy.tell(_("Reading {file}").format(file=line.path.name))
            view.show_state("busy")
        else:
            self._show_preview(line, line.preview)

    def _show_preview(self, line: FileLine, preview: Preview) -> None:
        view, counts = self.view, preview.counts
        kind = names.list_kind(preview.kind)
        view.what.setText(
            _("{file}: {kind}, {count} people").format(file=preview.file, kind=kind, count=counts["rows"])
        )
        notes = [sentence_for(note.code, note.params) for note in preview.notes]
        if line.state == "done":
            notes.insert(0, line.words)
        elif not counts["added"] + counts["changed"]:
            notes.insert(0, _("Nothing new in it: there is nothing to write."))
        view.notes.setText("\n".join(notes))
        view.notes.setVisible(bool(notes))
        view.columns.show_tables(preview.tables, self._on_column_changed)
        view.columns_button.setEnabled(line.state == "ready")
        for code, chip in view.chips.items():
            chip.setText(f"{intake.status_words(code)} {counts[code]:,}")
        view.write.setVisible(line.state == "ready" and bool(counts["added"] + counts["changed"]))
        view.households.setVisible(line.state == "done")
        view.drop.setVisible(line.state == "ready")
        self._show_rows(self._count)
        view.show_state("preview")

    def _show_rows(self, code: str) -> None:
        line = self._current()
        self._count = code
        for other, chip in self.view.chips.items():
            chip.setChecked(other == code)
        if line is not None and line.preview is not None:
            found = intake.chosen(line.preview, code)
            self.view.rows.wraps = len(found) <= _WRAPPED
            self.rows.set_rows(found)

    def _on_column_changed(self, table: int, column: int, field: str) -> None:
        line = self._current()
        if line is not None and self._job is None:
            self._mapping.setdefault(line.path, {}).setdefault(table, {})[column] = field or None
            self._read(line)

    # ---- doing

    def _on_choose(self) -> None:
        start = self.desk.settings.text("intake_folder")
        paths, _kind = QFileDialog.getOpenFileNames(
            self, _("Choose files"), start, f"{_('Tables')} ({_FILES})"
        )
        if paths:
            self.desk.settings.keep("intake_folder", str(Path(paths[0]).parent))
            self.add([Path(path) for path in paths])

    def _on_anyway(self) -> None:
        line = self._current()
        if line is not None and self._job is None:
            self._kinds[line.path] = "roster"
            self._read(line)

    def _on_drop(self) -> None:
        line = self._current()
        if line is not None:
            self.files.set_rows([held for held in self.files.rows if held.path != line.path])
            self.view.show_files(len(self.files.rows))
            if self.files.rows:
                self.view.files.selectRow(0)

    def _on_write(self) -> None:
        line = self._current()
        if line is None or line.preview is None or line.state != "ready":
            return
        counts = line.preview.counts
        told = _("Written: {added} new, {changed} changed, {review} with a doubt").format_map(counts)
        self.view.busy.tell(_("Writing {file}").format(file=line.path.name))
        self.view.busy.stop_button.hide()
        self.view.show_state("busy")
        self.desk.run(
            actions.apply(line.preview, told),
            lambda _applied: self._on_written(line, told),
            owner=self,
            refused=lambda error: self._on_not_written(line),
        )

    def _on_written(self, line: FileLine, told: str) -> None:
        self.view.busy.stop_button.show()
        self._replace(replace(line, state="done", words=told))
        waiting = next((held for held in self.files.rows if held.state == "ready"), None)
        if waiting is not None:
            # What was looked at before this one was written may know more by now.
            self._mark_stale(line.path)

    def _mark_stale(self, written: Path) -> None:
        """Previews made before another file was written are made again."""
        self.files.set_rows(
            [replace(held, state="waiting", preview=None) if held.state == "ready" and held.path != written else held
             for held in self.files.rows]
        )  # fmt: skip
        self._read_next()

    def _on_not_written(self, line: FileLine) -> bool:
        self.view.busy.stop_button.show()
        self._show(line)
        return False

    def _on_save(self) -> None:
        line = self._current()
        if line is None or line.preview is None:
            return
        title = _("Result of the import")
        path = free_path(self.desk.settings.folder(FOLDER), f"{line.path.stem}-{title}", ".xlsx")
        op = actions.save_result(path, title, line.preview, wording.doubt_text)
        self.desk.ask(op, self._on_saved, owner=self)

    def _on_saved(self, path: Path) -> None:
        self.desk.events.told.emit(_("Written: {path}").format(path=path), False)
