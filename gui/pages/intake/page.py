"""Importing: files are read one after another; each is written only when a person has looked at it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import intake as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import intake
from gui.models.intake import NEEDS_VILLAGE, FileLine, ListedModel
from gui.models.taken import CorrectionsModel, MissingModel, RemovalsModel, by_person
from gui.ops import Op, QueryOp
from gui.pages.intake.asking import Asking
from gui.pages.intake.past import Past
from gui.pages.intake.showing import Showing, short_text
from gui.pages.intake.view import IntakeView
from gui.pages.intake.writing import Writing
from gui.pages.page import Page
from gui.pages.revealing import hold_to_show
from gui.runner import Job
from gui.trouble import known
from gui.wording import names
from gui.wording.listed import ROSTER, Choice
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries import villages
from sync.intake.results import Listed

_FILES = "*.xlsx *.xls *.csv *.xlsm *.et *.ods *.txt *.zip"
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
        self.asking, self.showing, self.writing = Asking(desk, self), Showing(desk, self), Writing(desk, self)
        for part in (self.asking, self.showing, self.writing):
            part.attach(self.view)
        view = self.view
        desk.permit(RECORD, view.write, view.revert, view.sure_revert, view.review.nobody, view.review.bulk)
        desk.permit(RECORD, *view.review.sides.buttons, view.review.sure, view.log.revert, view.log.sure)
        desk.permit(RECORD, view.aliases.keep, view.aliases.forget)
        self.titles: dict[str, str] = {}
        self._job: Job | None = None
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
        view.file_box.activated.connect(view.files.selectRow)
        view.recognised.changed.connect(self._on_recognised)
        view.anyway.clicked.connect(self._on_anyway)
        view.busy.stopped.connect(self._on_stop)
        view.search.moved_down.connect(view.rows.setFocus)
        view.search.entered.connect(view.rows.setFocus)
        view.search.left.connect(view.rows.setFocus)
        self._listen_sections()

    def _listen_sections(self) -> None:
        view, review = self.view, self.view.review
        view.removals_button.clicked.connect(lambda: self.open_section("removals", view.removals.table))
        view.corrections_button.clicked.connect(
            lambda: self.open_section("corrections", view.corrections.table)
        )
        view.missing_button.clicked.connect(lambda: self.open_section("missing", view.missing.table))
        for panel in (review, view.words, view.removals, view.corrections, view.missing):
            panel.closed.connect(self._to_rows)
        self._reveal.changed.connect(self._on_reveal)
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

    def put(self, line: FileLine) -> None:
        """Show a file as it stands now, wherever one is looking."""
        current = self.current()
        self._set_files([line if held.path == line.path else held for held in self.files.rows])
        if current is not None and current.path == line.path:
            self.showing.show_line(line)

    def _on_titles_read(self, titles: dict[str, str]) -> None:
        self.titles = self.rows.titles = titles
        line = self.current()
        if line is not None and line.state in ("ready", "refused") and self.view.state() not in _SECTIONS:
            self.showing.show_line(line)

    def _on_reveal(self, on: bool) -> None:
        for model in (self.rows, self.removals, self.corrections, self.missing):
            model.reveal(on)
        self.past.reveal(on)
        if self.view.part() == "work" and self.view.state() == "review":
            self.asking.show_review()

    # ---- reading

    def working(self) -> bool:
        """Whether something is read, worked out or written."""
        return self._job is not None

    def work(
        self, op: Op, done: Callable[[Any], None], refused: Callable[[Exception], bool] = lambda _error: False
    ) -> None:
        """Carry something out; one at a time, so that the same key twice in a burst does it once."""
        if self._job is not None:
            return

        def on_done(result: Any) -> None:
            self._job = None
            done(result)

        def on_refused(error: Exception) -> bool:
            self._job = None
            return refused(error)

        self._job = self.desk.run(op, on_done, owner=self, refused=on_refused)

    def _read_next(self) -> None:
        line = next((line for line in self.files.rows if line.state == "waiting"), None)
        if line is not None:
            self._read(line)

    def _read(self, line: FileLine) -> None:
        """Read a file, perhaps anew under what a person says of it; not while another one is read."""
        if self._job is None:
            line = replace(line, state="reading", preview=None, staged=None, words="", code="")
            self.put(line)
            op = actions.stage(line.path, line.choice)
            self.work(op, partial(self._on_read, line), partial(self._on_refused, line))

    def _on_read(self, line: FileLine, held: actions.Held) -> None:
        self.showing.start_anew()
        self.put(replace(line, state="ready", preview=held.listed, staged=held.staged))
        if self.view.state() == "preview" and not self.view.files.hasFocus():
            self.view.rows.setFocus()
        self._read_next()

    def _on_refused(self, line: FileLine, error: Exception) -> bool:
        expected = known(error, line.path)
        words = sentence(expected) if expected else _("The file could not be read.")
        code = expected.code if expected else ""
        if code == _WORKSHEET:  # it is looked at where it went out
            self._leave(line)
            self.wanted.emit("worksheet", [line.path])
            self._read_next()
            return True
        if code == NEEDS_VILLAGE:
            words = _("Choose above which village this roster belongs to.")
        self.put(replace(line, state="refused", words=words, code=code))
        self._read_next()
        return expected is not None

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _on_recognised(self) -> None:
        line = self.current()
        if line is not None and line.state in ("ready", "refused"):
            self._read(replace(line, choice=self.view.recognised.choice(line.choice)))

    def name_column(self, table: int, column: int, field: str) -> None:
        """Read the chosen file anew with another meaning of a column."""
        line = self.current()
        if line is not None:
            self._read(replace(line, choice=line.choice.with_column(table, column, field)))

    def _on_anyway(self) -> None:
        line = self.current()
        if line is not None:
            self._read(replace(line, choice=replace(line.choice, kind=ROSTER)))

    def _to_rows(self) -> None:
        line = self.current()
        if line is not None:
            self.showing.show_line(line)
            self.view.rows.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_section(self, section: str, focus: QWidget) -> None:
        """Ask about something of the list in place of its rows."""
        self.view.show_state(section)
        focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def follow(self, line: FileLine, listed: Listed) -> None:
        """Take a list worked out anew, without leaving what is being done."""
        held = [replace(one, preview=listed) if one.path == line.path else one for one in self.files.rows]
        self._set_files(held)
        self.view.removals.show_rows(by_person(listed.removals), short_text(listed))
        self.view.corrections.show_rows(listed.corrections)

    # ---- files that come and go

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
            self._leave(line)
            if self.files.rows:
                self.view.files.selectRow(0)

    def _leave(self, line: FileLine) -> None:
        self._set_files([held for held in self.files.rows if held.path != line.path])
        self.view.show_files(len(self.files.rows))

    def forget(self, number: int) -> None:
        """A list was taken back from the log: its file can no longer be taken back, others may say something new."""
        told = _("This list was taken back.")
        back = [
            replace(one, number=0, words=told) if one.number == number else one for one in self.files.rows
        ]
        self._set_files(back)
        self.mark_stale(Path())

    def mark_stale(self, written: Path) -> None:
        """Previews made before another file was written are made again."""
        self._set_files(
            [replace(held, state="waiting", preview=None) if held.state == "ready" and held.path != written else held
             for held in self.files.rows]
        )  # fmt: skip
        self._read_next()
