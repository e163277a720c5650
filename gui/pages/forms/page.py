"""Forms the offices ask for: chosen, looked at, arranged, written in one click."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QSignalBlocker, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.actions import forms as actions
from gui.actions.forms import Looked
from gui.actions.lists import FOLDER, free_path
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import forms as models
from gui.models.forms import FormLine, Shelf
from gui.ops import QueryOp
from gui.pages.forms.crossing import Crossing
from gui.pages.forms.reading import FormReading
from gui.pages.forms.view import FormsView
from gui.pages.page import Page
from gui.runner import Job
from gui.standing import Places
from storage.errors import KnownError, RuleViolation
from storage.operators import RECORD
from sync.reports import forms, going_out, ids
from sync.reports.forms import Form
from sync.reports.going_out import Written

CROSS = "cross"


class FormsPage(Page):
    """The page; what can be asked of it: a form's code, or the cross table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = FormsView()
        desk.permit(RECORD, self.view.keep, self.view.drop)
        self._shelf = Shelf([], [], {})
        self._asked = ""
        self._ready = False
        self._looked: Looked | None = None
        self.reading = FormReading(desk, self)
        self.crossing = Crossing(desk, self, self.view.cross)
        self._writing: Job | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.villages.setVisible(desk.is_office)
        self.view.full.setVisible(desk.may(RECORD))
        self._listen()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if request == CROSS:
            self._show_cross(True)
        elif isinstance(request, str):
            self._show_cross(False)
            self._asked = "" if self.view.list.select(request) else request

    def refresh(self) -> None:
        self.desk.ask(QueryOp(models.read_shelf, slot="shelf"), self._on_shelf_read, owner=self)

    def first_focus(self) -> QWidget | None:
        return self.view.list

    def place(self) -> dict[str, object]:
        return {**super().place(), CROSS: self.view.cross_button.isChecked()}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        self._show_cross(where.get(CROSS) is True)

    def back(self) -> bool:
        if self.view.cross_button.isChecked():
            self.view.cross_button.setChecked(False)
            return True
        if self.view.naming.isVisible():
            self._close_naming()
            return True
        if self.view.held.isChecked():
            self.view.held.setChecked(False)
            return True
        if self.view.columns_button.isChecked():
            self.view.columns_button.setChecked(False)
            self.view.columns_button.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.list.row_changed.connect(self._on_form_chosen)
        view.list.opened.connect(self._on_form_opened)
        view.list.clicked.connect(lambda _index: view.cross_button.setChecked(False))
        view.villages.activated.connect(lambda _line: self._read())
        view.ids.activated.connect(lambda _line: self._on_ids_chosen())
        view.full.toggled.connect(self._on_full_toggled)
        view.why.textChanged.connect(lambda _text: self._refill())
        view.news.toggled.connect(lambda _on: self._read())
        view.columns.changed.connect(self._refill)
        view.columns_button.toggled.connect(self._on_columns_toggled)
        view.held.toggled.connect(lambda _on: self._show_looked())
        view.xlsx.clicked.connect(lambda: self._write(".xlsx"))
        view.csv.clicked.connect(lambda: self._write(".csv"))
        view.folder.clicked.connect(self._open_folder)
        view.keep.clicked.connect(self._open_naming)
        view.drop.clicked.connect(self._on_drop)
        view.name_ok.clicked.connect(self._on_keep)
        view.name.returnPressed.connect(self._on_keep)
        view.name_no.clicked.connect(self._close_naming)
        view.busy.stopped.connect(self._on_stop)
        view.cross_button.toggled.connect(self._on_cross_toggled)
        view.cross.leave.clicked.connect(lambda: view.cross_button.setChecked(False))
        view.cross.folder.clicked.connect(self._open_folder)
        self.reading.progressed.connect(self._on_part_read)
        self.reading.finished.connect(self._on_all_read)
        self.desk.events.exchanged.connect(self._on_exchanged)

    # ---- the cross table

    def _show_cross(self, crossing: bool) -> None:
        with QSignalBlocker(self.view.cross_button):
            self.view.show_cross(crossing)

    def _on_cross_toggled(self, crossing: bool) -> None:
        self.view.show_cross(crossing)
        self._read()
        target = self.view.cross.rows if crossing else self.view.list
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- choosing

    def _on_shelf_read(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._show_villages()
        lines = models.lines_of(shelf.forms)
        if lines != self.view.forms.rows:  # else whoever arranges columns would begin anew
            self.view.forms.set_rows(lines)
        number = self.reading.number
        if self._asked:
            self.view.list.select(self._asked)
            self._asked = ""
        if self.view.list.current_row() is None:
            self.view.list.selectRow(0)
        if number == self.reading.number:  # no other form was chosen by that
            self._read()
        self.settle_focus()

    def _show_villages(self) -> None:
        box, chosen = self.view.villages, self.view.villages.currentData()
        box.clear()
        box.addItem(_("All villages"), "")
        for scope, title in self._shelf.villages.items():
            box.addItem(title, scope)
        box.setCurrentIndex(max(box.findData(chosen), 0))

    def _form(self) -> Form | None:
        line: FormLine | None = self.view.list.current_row()
        return line.form if line is not None else None

    def _arranged(self) -> Form | None:
        """The form chosen with the columns and the way of ID numbers wanted; None where that is no form."""
        form = self._form()
        if form is None:
            return None
        columns, how = self.view.columns.chosen(), str(self.view.ids.currentData())
        arranged = msgspec.structs.replace(form, columns=columns, id_format=how)
        try:
            self.view.columns.field.set_error("")
            return forms.checked(arranged)
        except KnownError as error:
            self.view.columns.field.set_error(sentence(error))
            return None

    def _on_form_chosen(self, line: FormLine) -> None:
        view, form = self.view, line.form
        self._close_naming()
        if view.list.hasFocus():  # chosen by hand, not by rows that were read anew
            self._show_cross(False)
        view.title.setText(form.title)
        view.about.setText(form.about)
        view.columns.show_form(form)
        view.news.setVisible(form.subject == "correction")
        view.drop.setVisible(form.own)
        view.held.setChecked(False)
        view.held.setVisible(form.strict)
        view.ids.setVisible(form.personal)
        view.full.setVisible(form.personal and self.desk.may(RECORD))
        view.why.setVisible(form.personal and view.full.isChecked())
        how = ids.allowed(form.id_format, full=view.full.isChecked())
        view.ids.setCurrentIndex(view.ids.findData(how))
        self._read()

    def _on_form_opened(self, _line: FormLine) -> None:
        self.view.cross_button.setChecked(False)
        self.view.xlsx.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_ids_chosen(self) -> None:
        """Whole numbers are asked for with a reason; whoever may not, stays with masked ones."""
        view = self.view
        if view.ids.currentData() in ids.OPEN and not view.full.isChecked():
            if self.desk.may(RECORD):
                how = view.ids.currentIndex()
                view.full.setChecked(True)
                view.ids.setCurrentIndex(how)
            else:
                view.ids.setCurrentIndex(view.ids.findData(ids.MASKED))
                self.desk.refuse(RECORD)
        self._refill()

    def _on_full_toggled(self, full: bool) -> None:
        view, form = self.view, self._form()
        view.why.setVisible(full)
        view.why_error.show_error("")
        wanted = form.id_format if form is not None and full else ids.MASKED
        view.ids.setCurrentIndex(view.ids.findData(wanted))
        if full:
            view.why.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refill()

    def _on_columns_toggled(self, shown: bool) -> None:
        self.view.share()
        if shown:
            self.view.columns.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- reading

    def _scope(self) -> str:
        return str(self.view.villages.currentData() or "") if self.desk.is_office else ""

    def _read(self) -> None:
        form = self._form()
        if self.view.cross_button.isChecked():
            self.crossing.begin(self._shelf.villages)
        elif form is not None:
            self._ready = False
            self.view.count.setText(_("Reading the ledger…"))
            self.reading.begin(form, self._scope(), news=self.view.news.isChecked())

    def _on_part_read(self, count: int, left: int) -> None:
        words = _("{count} rows so far, {left} villages to go")
        self.view.count.setText(words.format(count=f"{count:,}", left=left))

    def _on_all_read(self) -> None:
        self._ready = True
        self._refill()

    # ---- showing

    def _refill(self) -> None:
        """Show the first rows as they would be written now."""
        form = self._arranged()
        self._show_buttons(form)
        paper = self.reading.paper
        if form is None or paper is None or not self._ready:
            return
        masked = not (self.view.full.isChecked() and self.view.why.text().strip())
        wanted = replace(paper, masked=masked, id_format=form.id_format)
        op = actions.fill(form, self.reading.rows, wanted, models.FIRST_ROWS)
        self.desk.ask(op, self._on_filled, owner=self)

    def _on_filled(self, looked: Looked) -> None:
        self._looked = looked
        self._show_looked()

    def _show_looked(self) -> None:
        """Show the rows that go out, or who of a strict form does not and why."""
        looked, view = self._looked, self.view
        if looked is None:
            return
        held = looked.held
        filled = held if held is not None and view.held.isChecked() else looked.filled
        view.rows.show_filled(filled)
        view.count.setText(models.counted(looked))
        view.notes.setText("　".join(filled.notes[:2]))

    def _show_buttons(self, form: Form | None) -> None:
        for button in (self.view.xlsx, self.view.csv, self.view.keep):
            button.setEnabled(form is not None)

    # ---- writing

    def _folder(self) -> Path:
        return self.desk.settings.folder(FOLDER)

    def _write(self, ending: str) -> None:
        form, wish, paper = self._arranged(), self.reading.wish, self.reading.paper
        if form is None or wish is None or paper is None or self._writing is not None:
            return
        view, full = self.view, form.personal and self.view.full.isChecked()
        view.why_error.show_error("")
        path = free_path(self._folder(), going_out.file_stem(form.title, paper.unit, self.desk.today), ending)
        op = actions.write(form, wish, path, full=full, why=view.why.text())
        self._writing = self.desk.run(op, self._on_written, owner=self, refused=self._on_not_written)
        self._writing.progressed.connect(self._on_progressed)
        view.busy.tell(_("Writing {file}…").format(file=path.name))
        view.show_busy(True)

    def _on_progressed(self, done: int, total: int) -> None:
        self.view.busy.tell(_("Writing…"), done, total)

    def _on_stop(self) -> None:
        if self._writing is not None:
            self._writing.stop()

    def _on_written(self, written: Written) -> None:
        self._finish()
        self.desk.events.told.emit(models.written(written), False)

    def _on_not_written(self, error: Exception) -> bool:
        self._finish()
        if isinstance(error, RuleViolation) and error.field == "why":
            self.view.why_error.show_error(sentence(error))
            self.view.why.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def _finish(self) -> None:
        self._writing = None
        self.view.show_busy(False)
        self.view.xlsx.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_folder(self) -> None:
        folder = self._folder()
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # ---- forms of one's own

    def _open_naming(self) -> None:
        form = self._form()
        self.view.name.setText(form.title if form is not None and form.own else "")
        self.view.name_field.set_error("")
        self.view.show_naming(True)
        self.view.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_naming(self) -> None:
        if self.view.naming.isVisible():
            self.view.show_naming(False)
            self.view.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_keep(self) -> None:
        form, chosen, title = self._arranged(), self._form(), self.view.name.text().strip()
        if form is None or chosen is None or not self.view.naming.isVisible():
            return
        if form.id_format == ids.MASKED and not self.view.full.isChecked():  # masked for now, not for ever
            form = msgspec.structs.replace(form, id_format=chosen.id_format)
        told = _("Kept as “{form}”.").format(form=title)
        self.desk.change(
            actions.keep(form, title, ""),
            partial(self._on_kept, told),
            owner=self,
            refused=lambda error: self.view.name_field.set_error(sentence(error)),
        )

    def _on_kept(self, told: str, form: Form) -> None:
        self._close_naming()
        self._asked = form.code
        self.desk.events.told.emit(told, False)
        self.refresh()

    def _on_drop(self) -> None:
        form = self._form()
        if form is not None and form.own:
            told = _("Removed: {form}").format(form=form.title)
            self.desk.change(actions.drop(form.code, ""), lambda _none: self._on_dropped(told), owner=self)

    def _on_dropped(self, told: str) -> None:
        self.desk.events.told.emit(told, False)
        self.view.list.clearSelection()
        self.view.list.selectRow(0)
        self.refresh()
