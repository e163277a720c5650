"""Bulletins: drawn up and issued, shown as printed, counted again, corrected, sent out; numbers open their people."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.actions import bulletins as actions
from gui.actions.bulletins import Drawn
from gui.actions.lists import free_path
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import bulletins as models
from gui.models.bulletins import Row, Shelf
from gui.models.moments import Wish
from gui.ops import QueryOp
from gui.pages.bulletins.drafting import Drafting
from gui.pages.bulletins.view import CHART, TABLE, VILLAGES, BulletinsView
from gui.pages.page import Page
from gui.pages.today.figures import Link, Part
from gui.runner import Job
from gui.standing import Places
from gui.widgets.fields import CHOICE_KEYS
from gui.wording import recounted, spoken, stated
from storage.bulletins import Bulletin
from storage.errors import KnownError, RuleViolation
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries import bulletins as queries
from storage.queries import statements
from storage.queries.bulletins import Recount, Source
from storage.queries.statements import Received
from sync.reports import bulletin_words
from sync.reports.forms import Form

FOLDER = "lists_folder"
_REST = 150  # ms on a place before its files are read


class BulletinsPage(Page):
    """The page; what can be asked of it: "issue", or the record of an issue."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shelf: Shelf | None = None
        self._told: models.Shown | None = None
        self._asked = ""
        self._drawn: Drawn | None = None
        self._corrects: Bulletin | None = None
        self._job: Job | None = None
        self.drafting: Drafting | None = None
        self.issues = models.list_model(desk.profile.scope, {})
        self.view = BulletinsView(self.issues)
        desk.permit(RECORD, self.view.issue, self.view.issue_beside, self.view.first_issue, self.view.correct)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._read_sources)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, str):
            self._asked = request
            self._take_asked()

    def concerns(self, changes: Changes) -> bool:
        return not changes or changes.touches("bulletin")

    def first_focus(self) -> QWidget | None:
        if self.drafting is not None:
            return self.drafting.first()
        if self._shelf is None or not self._shelf.issues:
            return self.view.first_issue
        return self.view.table

    def back(self) -> bool:
        if self._job is not None:
            self._job.stop()
            return True
        if self.drafting is not None:
            self._close_drafting()
            return True
        return False

    def place(self) -> dict[str, object]:
        shown = self._issue()
        return {**super().place(), "issue": shown.record if shown else "", "part": self.view.parts.value()}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        self._asked = str(where.get("issue") or "")

    def refresh(self) -> None:
        if self._shelf is None:
            self.view.show_state(self.view.waiting)
        self.desk.ask(QueryOp(models.read, slot="bulletins"), self._on_read, owner=self)

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.issues.row_changed.connect(lambda _one: self._on_issue_chosen())
        view.issues.opened.connect(lambda _one: self._walk())
        view.choice.activated.connect(lambda _line: view.issues.select(view.choice.value()))
        view.form.activated.connect(lambda _line: self._show())
        view.parts.chosen.connect(self._open_part)
        for digit in CHOICE_KEYS[:4]:
            QShortcut(QKeySequence(digit), self).activated.connect(partial(self._press, digit))
        view.number_opened.connect(self._on_number_opened)
        view.chart.opened.connect(self._on_bar_opened)
        for button in (view.issue, view.issue_beside, view.first_issue):
            button.clicked.connect(self._on_issue)
        view.correct.clicked.connect(self._on_correct)
        view.recount.clicked.connect(self._on_recount)
        view.past.clicked.connect(self._on_past)
        view.busy.stopped.connect(lambda: self._job.stop() if self._job else None)
        for button, ending in ((view.xlsx, ".xlsx"), (view.pdf, ".pdf"), (view.png, ".png")):
            button.clicked.connect(partial(self._write, ending))
        view.copy.clicked.connect(self._on_copy)

    def _press(self, digit: str) -> None:
        self.view.parts.press(digit)
        self._walk()

    def _open_part(self, part: str) -> None:
        self.view.show_part(part)
        self._show_chart()

    def _walk(self) -> None:
        part = self.view.parts.value()
        target = {TABLE: self.view.table, CHART: self.view.chart, VILLAGES: self.view.chart}.get(
            part, self.view.parts
        )
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- reading

    def _on_read(self, shelf: Shelf) -> None:
        before, self._shelf = self._shelf, shelf
        self.issues.columns = models.list_model(self.desk.profile.scope, shelf.corrected).columns
        self.view.offer_forms([(form.code, form.title) for form in shelf.forms])
        shown = self._issue()
        self.issues.set_rows(shelf.issues)
        if not shelf.issues:
            if self.drafting is None:
                self.view.show_state(self.view.empty)
        else:
            self.view.show_state()
            if not (shown and self.view.issues.select(shown.record)):
                self.view.issues.selectRow(0)
        self.view.choice.offer([(one.record, models.said(one)) for one in shelf.issues], self._chosen())
        if shelf.unreadable and before is None:
            self.desk.events.failed.emit(KnownError("bulletin.unreadable"))
        asked = self._asked
        self._take_asked()
        if self.drafting is None:
            self._show()
            if asked:
                self._walk()
        self.settle_focus()

    def _take_asked(self) -> None:
        if self._shelf is None or not self._asked:
            return
        asked, self._asked = self._asked, ""
        if asked == "issue":
            self._on_issue()
        else:
            self.view.issues.select(asked)

    def _chosen(self) -> str:
        one = self.view.issues.current_row()
        return one.record if one else ""

    def _issue(self) -> Bulletin | None:
        """The issue chosen in the list."""
        one: Bulletin | None = self.view.issues.current_row()
        return one

    def _shown(self) -> Bulletin | None:
        """What is shown: the draft while one is drawn up, else the issue chosen."""
        return self._drawn.bulletin if self._drawn is not None else self._issue()

    def _form(self) -> Form | None:
        forms = self._shelf.forms if self._shelf else ()
        wanted = self.view.form.value()
        return next((form for form in forms if form.code == wanted), forms[0] if forms else None)

    # ---- showing

    def _on_issue_chosen(self) -> None:
        self.view.choice.choose(self._chosen())
        self.view.again.hide()
        if self.drafting is None:
            self._show()

    def _show(self) -> None:
        shown, form, view = self._shown(), self._form(), self.view
        for button in view.acting:
            button.setEnabled(shown is not None and self.drafting is None)
        if shown is None or form is None:
            return
        view.title.setText(bulletin_words.title(shown.content))
        view.summary.setText(bulletin_words.summary(shown))
        view.notes.setText("\n\n".join(bulletin_words.notes(shown)))
        part = view.parts.value()
        view.offer_parts(townships=bool(shown.content.parts))
        told = self._told = models.shown(shown, form)
        model = models.table_model(told.specs, told.fields, told.rows)
        model.set_rows(told.rows)
        view.take_table(model)
        view.table.row_changed.connect(self._on_row_changed)
        view.table.opened.connect(self._on_row_opened)
        view.table.selectRow(0)
        self._on_row_changed(told.rows[0])
        view.show_part(part or TABLE)
        self._show_chart()

    def _show_chart(self) -> None:
        """Bars are laid out when they are looked at."""
        shown = self._shown()
        part = self.view.parts.value()
        if shown is not None and part in (CHART, VILLAGES):
            from gui.printing import issued

            self.view.chart.show_chart(issued.rankings(shown)[0 if part == CHART else -1])

    def _on_row_changed(self, row: Row) -> None:
        shown, told = self._shown(), self._told
        if shown is None or told is None:
            return
        parts: list[Part] = []
        for one in models.figures(shown, told, row):
            if not one.code and self.view.low:
                continue
            if parts:
                parts.append("　")
            parts.append(f"{one.heading} " if one.code else f"{one.heading} {one.text}")
            if one.code:
                name = f"{models.place_text(row)} {one.heading} {one.text}"
                parts.append(Link(one.text, name, one.code, row.place))
        self.view.show_figures(models.place_text(row), parts)
        self.view.sources.setText("")
        self._rest.start()

    def _read_sources(self) -> None:
        shown, row = self._shown(), self.view.table.current_row()
        if shown is None or row is None:
            return
        place = row.place or shown.scope

        def ask(ledger) -> tuple[list[Source], Received | None]:
            return queries.sources(ledger, shown, place), statements.counted(ledger, shown, place)

        op = QueryOp(ask, slot="bulletin-sources", later=True)
        self.desk.ask(op, partial(self._on_sources_read, row), owner=self)

    def _on_sources_read(self, row: Row, read: tuple[list[Source], Received | None]) -> None:
        if self.view.table.current_row() is row:
            found, told = read
            self.view.sources.setText(
                stated.heading(told) if told else models.sources_text(found, self.desk.today)
            )

    # ---- every number opens

    def _on_row_opened(self, row: Row) -> None:
        """Enter on a place goes to its numbers."""
        self.view.figures.enter()

    def _on_bar_opened(self, code: str) -> None:
        self._open("should_paid", code)

    def _on_number_opened(self, code: str, place: object) -> None:
        self._open(code, str(place))

    def _open(self, code: str, place: str) -> None:
        """Show whom a number counts, of numbers nobody stands behind the file and the day they come from."""
        shown = self._shown()
        if shown is None:
            return
        if self._shelf is None or not self._shelf.stated:
            self._open_people(shown, code, place)
            return
        op = QueryOp(lambda ledger: statements.counted(ledger, shown, place), slot="bulletin-stated")
        self.desk.ask(op, partial(self._on_stated_read, shown, code, place), owner=self)

    def _on_stated_read(self, shown: Bulletin, code: str, place: str, told: Received | None) -> None:
        if told is None:
            self._open_people(shown, code, place)
        else:
            self.desk.events.told.emit(stated.heading(told), False)

    def _open_people(self, shown: Bulletin, code: str, place: str) -> None:
        """Show the people: of an issue in the ledger as it then stood, of a draft in the present one."""
        wish = models.door(shown, place, code)
        if self._drawn is not None and wish.then is not None:
            self.wanted.emit(*wish.then)
        else:
            self.desk.events.recalling.emit(wish)

    def _on_past(self) -> None:
        shown = self._issue()
        if shown is not None:
            self.desk.events.recalling.emit(Wish(bulletin=shown.record, then=("villages", None)))

    # ---- issued, corrected

    def _on_issue(self) -> None:
        self._begin(None)

    def _on_correct(self) -> None:
        shown = self._issue()
        if shown is not None and shown.scope == self.desk.profile.scope:
            self._begin(shown)

    def _begin(self, corrects: Bulletin | None) -> None:
        if self.drafting is not None or self.desk.refuses_entries():
            return
        self._corrects = corrects
        policy = self.desk.policy
        title = _("Preview of the next bulletin: not issued yet")
        if corrects is not None:
            title = _("Correction of issue {number}: not issued yet").format(number=corrects.number)
        bases = [(one.code, one.name) for one in policy.denominators]
        chosen = corrects.content.denominator if corrects else policy.default_denominator
        strip = self.drafting = Drafting(title, bases, chosen, reason=corrects is not None)
        strip.changed.connect(self._draw)
        strip.issuing.connect(self._on_issuing)
        strip.closed.connect(self._close_drafting)
        strip.hiding.connect(self._on_hiding)
        self.view.show_state()
        self.view.open_drafting(strip)
        self.desk.events.began.emit()
        strip.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        if corrects is None:
            self._draw()

    def _draw(self) -> None:
        strip = self.drafting
        if strip is None:
            return
        op = actions.draw(
            self.desk.policy, self.desk.today, strip.denominator(), self._corrects, strip.text()
        )
        self.desk.run(op, self._on_drawn, owner=strip, refused=self._on_not_drawn)

    def _on_drawn(self, drawn: Drawn) -> None:
        strip = self.drafting
        if strip is None:
            return
        self._drawn = drawn
        before = next(iter(self._shelf.issues), None) if self._shelf else None
        found = models.warnings(drawn.bulletin, before, drawn.names)
        strip.show_ready(found, names=bool(drawn.names), ready=True)
        self._show()
        strip.go.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_not_drawn(self, error: Exception) -> bool:
        strip = self.drafting
        if strip is None or not isinstance(error, KnownError):
            return False
        if isinstance(error, RuleViolation) and error.field == "why" and strip.reason is not None:
            strip.reason.set_error(sentence(error))
        else:
            strip.show_trouble(sentence(error))
        strip.first().setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _on_hiding(self) -> None:
        """Star the names out of the reason, and draw it up anew."""
        strip, drawn = self.drafting, self._drawn
        if strip is None or drawn is None:
            return
        text = strip.text()
        for name in drawn.names:
            text = text.replace(name, spoken.person_name(name, masked=True))
        strip.set_text(text)
        self._draw()

    def _on_issuing(self) -> None:
        strip, drawn = self.drafting, self._drawn
        if strip is None or drawn is None or self.desk.writing():
            return
        told = _("Issue {number} is out.").format(number=drawn.bulletin.number)
        self.desk.run(
            actions.issue(drawn.bulletin, told),
            partial(self._on_issued, drawn.bulletin.record),
            owner=strip,
            refused=self._on_not_issued,
        )

    def _on_issued(self, record: str, _changes: Changes) -> None:
        self._asked = record
        self._close_drafting()

    def _on_not_issued(self, error: Exception) -> bool:
        taken = self._on_not_drawn(error)
        if taken and isinstance(error, KnownError) and error.code == "bulletin.overtaken":
            self._draw()
        return taken

    def _close_drafting(self) -> None:
        self.drafting, self._drawn, self._corrects = None, None, None
        self.view.open_drafting(None)
        if self._shelf is not None and not self._shelf.issues:
            self.view.show_state(self.view.empty)
        self._show()
        wanted = self.first_focus()
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- counted again

    def _on_recount(self) -> None:
        shown = self._issue()
        if shown is None or self._job is not None:
            return
        self.view.again.hide()
        self.view.busy.tell(
            _("Counting issue {number} again from its own entries…").format(number=shown.number)
        )
        self.view.busy.show()
        op = actions.recount(shown)
        self._job = self.desk.run(
            op, partial(self._on_recounted, shown), owner=self, refused=self._on_stopped
        )
        self._job.progressed.connect(self._on_progressed)

    def _on_progressed(self, done: int, total: int) -> None:
        self.view.busy.tell(_("Counting again…"), done, total)

    def _on_recounted(self, one: Bulletin, again: Recount) -> None:
        self._rest_job()
        self.view.again.setText("\n".join(recounted.lines(one, again)))
        self.view.again.setVisible(self._issue() is one)
        self.view.again.setAccessibleName(self.view.again.text())

    def _on_stopped(self, _error: Exception) -> bool:
        self._rest_job()
        return False

    def _rest_job(self) -> None:
        self._job = None
        self.view.busy.hide()

    # ---- files and pictures

    def _write(self, ending: str) -> None:
        shown, form = self._issue(), self._form()
        if shown is None or form is None or self._job is not None:
            return
        from gui.printing import issued

        path = free_path(self.desk.settings.folder(FOLDER), issued.stem(shown), ending)
        self._job = self.desk.run(
            actions.write(shown, form, path), self._on_written, owner=self, refused=self._on_stopped
        )

    def _on_written(self, files: list[Path]) -> None:
        self._rest_job()
        told = _("Written: {path}").format(path=files[0])
        if len(files) > 1:
            told = _("{count} files written: {path} and on").format(count=len(files), path=files[0])
        self.desk.events.told.emit(told, False)

    def _on_copy(self) -> None:
        shown = self._issue()
        if shown is None:
            return
        from gui.charts import prints
        from gui.printing import issued

        charts = issued.charts(shown)
        QGuiApplication.clipboard().setImage(prints.image(charts[0]))
        self.desk.ask(actions.copied(shown), lambda _none: None, owner=self)
        told = _("The picture is on the clipboard.")
        if len(charts) > 1:
            told = _("The first of {count} pictures is on the clipboard; “Picture” writes all.")
        self.desk.events.told.emit(told.format(count=len(charts)), False)
