"""The cross table on the page of forms: everybody is read once, counted any way, every number opens its people."""

from functools import partial

from PySide6.QtCore import QObject, Qt

from gui.actions import cross as actions
from gui.actions.cross import Counted
from gui.actions.lists import FOLDER, free_path
from gui.desk import Desk
from gui.i18n import _
from gui.models import board
from gui.models import cross as models
from gui.models.cross import CrossLine
from gui.models.filters import NAMED, PeopleFilter
from gui.models.forms import written
from gui.models.roll import RollFilter
from gui.pages.forms.cross_view import CrossView
from gui.pages.forms.reading import FormReading
from gui.pages.page import Page
from gui.runner import Job
from storage.persons import Record
from sync.reports import cross_out, going_out
from sync.reports.crosstab import Asked, Crowd, Measure
from sync.reports.going_out import Written


class Crossing(QObject):
    """A part of the page, which shows it and asks it to ``begin``."""

    def __init__(self, desk: Desk, page: Page, view: CrossView) -> None:
        super().__init__(page)
        self.desk, self.page, self.view = desk, page, view
        self.reading = FormReading(desk, self)
        self._crowd: Crowd | None = None
        self._counted: Counted | None = None
        self._writing: Job | None = None
        view.village.setVisible(desk.is_office)
        self._listen()

    def begin(self, villages: dict[str, str]) -> None:
        """Read everybody anew, and count as it was asked last."""
        self.view.offer(villages)
        self._read()

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        for box in (view.rows, view.columns, view.whom, view.limit, view.word, view.measure):
            box.activated.connect(lambda _line: self._count())
        view.village.activated.connect(lambda _line: self._read())
        view.turn.clicked.connect(self._on_turn)
        view.table.cell_opened.connect(self._on_number_opened)
        view.xlsx.clicked.connect(lambda: self._write(".xlsx"))
        view.csv.clicked.connect(lambda: self._write(".csv"))
        view.busy.stopped.connect(self._on_stop)
        self.reading.progressed.connect(self._on_part_read)
        self.reading.finished.connect(self._on_all_read)

    # ---- reading and counting

    def _read(self) -> None:
        self._crowd = None
        self.view.count.setText(_("Reading the ledger…"))
        self.reading.begin(actions.everybody(), self.view.village.value(), news=False)

    def _on_part_read(self, count: int, left: int) -> None:
        words = _("{count} rows so far, {left} villages to go")
        self.view.count.setText(words.format(count=f"{count:,}", left=left))

    def _on_all_read(self) -> None:
        sheet, wish = self.reading.paper, self.reading.wish
        if sheet is not None and wish is not None:
            op = actions.gather(self.reading.rows, sheet, wish.titles.keys())
            self.desk.ask(op, self._on_gathered, owner=self)

    def _on_gathered(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._count()

    def _asked(self) -> Asked:
        view = self.view
        measure: Measure = "amount" if view.measure.value() == "amount" else "people"
        return Asked(view.rows.value(), view.columns.value(), measure, view.whom.value())

    def _count(self) -> None:
        if self._crowd is not None:
            op = actions.count(self._crowd, self._asked(), self.view.limit.value(), self.view.word.value())
            self.desk.run(op, self._on_counted, owner=self, refused=self._on_refused)

    def _on_counted(self, counted: Counted) -> None:
        self._counted, view = counted, self.view
        view.show_limits(counted.limits, counted.limit)
        view.numbers.show_table(counted)
        view.count.setText(models.told(counted))
        view.notes.setText(models.notes(counted))
        if view.table.current_row() is None and view.numbers.rows:
            view.table.selectRow(0)
        self._show_buttons()

    def _on_refused(self, _error: Exception) -> bool:
        """What cannot be shown is not written either; the window says why."""
        self._counted = None
        self.view.numbers.set_rows([])
        self._show_buttons()
        return False

    def _show_buttons(self) -> None:
        for button in (self.view.xlsx, self.view.csv):
            button.setEnabled(self._counted is not None)

    def _on_turn(self) -> None:
        rows, columns = self.view.rows.value(), self.view.columns.value()
        self.view.rows.choose(columns)
        self.view.columns.choose(rows)
        self._count()

    # ---- what a number opens, and the file

    def _on_number_opened(self, line: CrossLine, column: int) -> None:
        counted, crowd = self._counted, self._crowd
        if counted is None or crowd is None:
            return
        row, under = models.opened(counted, line, column)
        op = actions.who(crowd, counted.table.asked, row, under)
        self.desk.ask(op, partial(self._on_people_found, models.title(counted, row, under)), owner=self)

    def _on_people_found(self, title: str, found: list[Record]) -> None:
        if not found:
            self.desk.events.told.emit(_("Nobody here"), False)
        elif self.desk.is_office:
            scopes = {scope for scope, _record in found}
            scope = next(iter(scopes)) if len(scopes) == 1 else ""
            base = board.first_choice(self.desk.policy)
            self.page.wanted.emit("people", RollFilter(NAMED, scope, base, title, frozenset(found)))
        else:
            among = frozenset(record for _scope, record in found)
            self.page.wanted.emit("households", PeopleFilter(NAMED, people=True, title=title, among=among))

    def _write(self, ending: str) -> None:
        counted = self._counted
        if counted is None or self._writing is not None:
            return
        desk, words = self.desk, counted.words
        stem = going_out.file_stem(cross_out.title(words), words.sheet.unit, desk.today)
        path = free_path(desk.settings.folder(FOLDER), stem, ending)
        op = actions.write(counted, path, self.view.village.value())
        self._writing = desk.run(op, self._on_written, owner=self, refused=self._on_not_written)
        self.view.busy.tell(_("Writing {file}…").format(file=path.name))
        self.view.show_busy(True)

    def _on_stop(self) -> None:
        if self._writing is not None:
            self._writing.stop()

    def _on_written(self, done: Written) -> None:
        self._finish()
        self.desk.events.told.emit(written(done), False)

    def _on_not_written(self, _error: Exception) -> bool:
        self._finish()
        return False

    def _finish(self) -> None:
        self._writing = None
        self.view.show_busy(False)
        self.view.xlsx.setFocus(Qt.FocusReason.OtherFocusReason)
