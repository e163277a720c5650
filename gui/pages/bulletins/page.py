"""Bulletins: drawn up and issued, shown as printed, counted again, corrected, sent out; numbers open their people."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.models import bulletins as models
from gui.models.bulletins import Shelf
from gui.models.moments import Wish
from gui.ops import QueryOp
from gui.pages.bulletins.issuing import Issuing
from gui.pages.bulletins.numbers import Numbers
from gui.pages.bulletins.using import Using
from gui.pages.bulletins.view import CHART, TABLE, VILLAGES, BulletinsView
from gui.pages.page import Page
from gui.standing import Places
from gui.widgets.fields import CHOICE_KEYS
from storage.bulletins import Bulletin
from storage.errors import KnownError
from storage.ledger import Changes
from storage.operators import RECORD
from sync.reports import bulletin_words
from sync.reports.forms import Form


class BulletinsPage(Page):
    """The page; what can be asked of it: "issue", or the record of an issue."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shelf: Shelf | None = None
        self.told: models.Shown | None = None
        self._asked = ""
        self.issues = models.list_model(desk.profile.scope, {})
        self.view = BulletinsView(self.issues)
        desk.permit(RECORD, self.view.issue, self.view.issue_beside, self.view.first_issue, self.view.correct)
        self.issuing, self.numbers, self.using = Issuing(desk, self), Numbers(desk, self), Using(desk, self)
        for part in (self.issuing, self.numbers, self.using):
            part.attach(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, str):
            self.ask_for(request)
            self._take_asked()

    def ask_for(self, record: str) -> None:
        """Show this issue once it is read."""
        self._asked = record

    def concerns(self, changes: Changes) -> bool:
        return not changes or changes.touches("bulletin")

    def first_focus(self) -> QWidget | None:
        if self.issuing.strip is not None:
            return self.issuing.strip.first()
        if self._shelf is None or not self._shelf.issues:
            return self.view.first_issue
        return self.view.table

    def back(self) -> bool:
        if self.using.stop():
            return True
        if self.issuing.strip is not None:
            self.issuing.close()
            return True
        return False

    def place(self) -> dict[str, object]:
        shown = self.issue()
        return {**super().place(), "issue": shown.record if shown else "", "part": self.view.parts.value()}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        self._asked = str(where.get("issue") or "")

    def refresh(self) -> None:
        if self._shelf is None:
            self.view.show_state(self.view.waiting)
        self.ask_shown(QueryOp(models.read, slot="bulletins"), self._on_read, self.view.waiting)

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.issues.row_changed.connect(lambda _one: self._on_issue_chosen())
        view.issues.opened.connect(lambda _one: self._walk())
        view.choice.activated.connect(lambda _line: view.issues.select(view.choice.value()))
        view.form.activated.connect(lambda _line: self.show_issue())
        view.parts.chosen.connect(self._open_part)
        for digit in CHOICE_KEYS[:4]:
            QShortcut(QKeySequence(digit), self).activated.connect(partial(self._press, digit))
        view.past.clicked.connect(self._on_past)

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
        shown = self.issue()
        self.issues.set_rows(shelf.issues)
        if not shelf.issues:
            if self.issuing.strip is None:
                self.view.show_state(self.view.empty)
        else:
            self.view.show_state()
            if not (shown and self.view.issues.select(shown.record)):
                self.view.issues.selectRow(0)
        self.view.choice.offer([(one.record, models.said(one)) for one in shelf.issues], self._chosen())
        self.view.show_due(models.due_text(self.newest(), self.desk.policy, self.desk.today))
        if shelf.unreadable and before is None:
            self.desk.events.failed.emit(KnownError("bulletin.unreadable"))
        asked = self._asked
        self._take_asked()
        if self.issuing.strip is None:
            self.show_issue()
            if asked:
                self._walk()
        self.settle_focus()

    def _take_asked(self) -> None:
        if self._shelf is None or not self._asked:
            return
        asked, self._asked = self._asked, ""
        if asked == "issue":
            self.issuing.begin()
        else:
            self.view.issues.select(asked)

    def _chosen(self) -> str:
        one = self.view.issues.current_row()
        return one.record if one else ""

    def issue(self) -> Bulletin | None:
        """The issue chosen in the list."""
        one: Bulletin | None = self.view.issues.current_row()
        return one

    def shown(self) -> Bulletin | None:
        """What is shown: the draft while one is drawn up, else the issue chosen."""
        return self.issuing.drawn.bulletin if self.issuing.drawn is not None else self.issue()

    def form(self) -> Form | None:
        """The form it is shown in."""
        forms = self._shelf.forms if self._shelf else ()
        wanted = self.view.form.value()
        return next((form for form in forms if form.code == wanted), forms[0] if forms else None)

    def newest(self) -> Bulletin | None:
        """The newest issue of this place, None where there is none."""
        issues = self._shelf.issues if self._shelf else ()
        return next((one for one in issues if one.scope == self.desk.profile.scope), None)

    def has_stated(self) -> bool:
        """Whether any place ever sent numbers alone."""
        return self._shelf is not None and self._shelf.stated

    # ---- showing

    def _on_issue_chosen(self) -> None:
        self.view.choice.choose(self._chosen())
        self.view.again.hide()
        if self.issuing.strip is None:
            self.show_issue()

    def show_issue(self) -> None:
        """Show the draft, or the issue chosen, in the form chosen."""
        shown, form, view = self.shown(), self.form(), self.view
        for button in view.acting:
            button.setEnabled(shown is not None and self.issuing.strip is None)
        if shown is None or form is None:
            return
        view.title.setText(bulletin_words.title(shown.content))
        view.summary.setText(bulletin_words.summary(shown))
        view.notes.setText("\n\n".join(bulletin_words.notes(shown)))
        part = view.parts.value()
        view.offer_parts(townships=bool(shown.content.parts))
        told = self.told = models.shown(shown, form)
        model = models.table_model(told.specs, told.fields, told.rows)
        model.set_rows(told.rows)
        view.take_table(model)
        self.numbers.attach_table()
        view.show_part(part or TABLE)
        self._show_chart()

    def _show_chart(self) -> None:
        """Bars are laid out when they are looked at."""
        shown = self.shown()
        part = self.view.parts.value()
        if shown is not None and part in (CHART, VILLAGES):
            from gui.printing import issued

            self.view.chart.show_chart(issued.rankings(shown)[0 if part == CHART else -1])

    def _on_past(self) -> None:
        shown = self.issue()
        if shown is not None:
            self.desk.events.recalling.emit(Wish(bulletin=shown.record, then=("villages", None)))
