"""Refunds and laid-out money: filtered, taken step by step for one or many, summed up by department."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.actions import money as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import money as models
from gui.models import money_sums as sums
from gui.models.money import ALL, OPEN, Filter, Shown, Wanted
from gui.models.roll import Whom
from gui.ops import QueryOp
from gui.pages.money.recording import Recording
from gui.pages.money.view import LOANS, REFUNDS, SUMS, TOTALS, WAITING, MoneyView
from gui.pages.page import Page
from gui.widgets.laying import laid_out_once
from gui.widgets.pieces import Tag
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView
from gui.wording import refunds as words
from gui.wording.units import amount, number
from storage.ledger import Changes
from storage.policy.money import ADVANCE_STAGES, AGES, STAGES
from storage.queries.money import Loan, Refund

_KINDS = (
    "refund",
    "settlement",
    "payment",
    "confirmation",
    "subsidy",
    "enrolment",
    "resident",
    "household",
    "same",
)
"""Kinds of records that can be seen here."""


class MoneyPage(Page):
    """The page; what can be asked of it: a ``Wanted``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown: Shown | None = None
        self.scope = "" if desk.is_office else desk.profile.scope
        self._filters = {REFUNDS: Filter(), LOANS: Filter()}
        office = desk.is_office
        self.refunds = models.refunds_model(desk.policy, villages=office)
        self.loans, self.totals = models.loans_model(villages=office), sums.totals_model()
        self.ages = sums.ages_model()
        self.view = MoneyView(self.refunds, self.loans, self.totals, self.ages, office=office)
        self._digits = {digit: QShortcut(QKeySequence(digit), self) for digit in "1234"}
        self.recording = Recording(desk, self)
        self.recording.attach(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()
        self.view.show_part(REFUNDS)
        self._offer()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, Wanted):
            self._filters = {part: Filter(ALL, household=request.household) for part in (REFUNDS, LOANS)}
            if self.desk.is_office and request.scope != self.scope:
                self.scope, self._fresh = request.scope, False
            self._open_part(REFUNDS)
            self._show()

    def follow_policy(self) -> None:
        self.refunds.columns = models.refunds_model(self.desk.policy, villages=self.desk.is_office).columns
        self.recording.close()

    def concerns(self, changes: Changes) -> bool:
        return not changes or changes.touches(*_KINDS)

    def first_focus(self) -> QWidget | None:
        return self.recording.panel.first() if self.recording.panel is not None else self.table()

    def back(self) -> bool:
        if self.recording.panel is not None:
            self.recording.close()
        elif self._model().ticked_rows():
            self._model().tick(self._model().rows, False)
        elif self._filter().household or self._filter().summed:
            self._on_household_left()
        else:
            return False
        self.table().setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def refresh(self) -> None:
        if self._shown is None:
            self.view.show_state(self.view.waiting)
        policy, today, scope = self.desk.policy, self.desk.today, self.scope
        op = QueryOp(lambda ledger: models.read(ledger, policy, today, scope), slot="money")
        self.ask_shown(op, self._on_read, self.view.waiting)

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.parts.chosen.connect(self._open_part)
        for digit, short in self._digits.items():
            short.activated.connect(partial(self._press, digit))
        view.place.activated.connect(self._on_place_chosen)
        view.stage.activated.connect(lambda _line: self._on_filter(stage=str(view.stage.currentData())))
        view.age.activated.connect(lambda _line: self._on_filter(age=str(view.age.currentData())))
        view.household.clicked.connect(self._on_household_left)
        view.tick.clicked.connect(lambda: self.table().toggle_ticks(self._model().rows))
        view.open.clicked.connect(self._on_open)
        view.form.clicked.connect(lambda: self.wanted.emit("forms", "budget"))
        for part in (REFUNDS, LOANS):
            table = view.tables[part]
            table.row_changed.connect(lambda _line: self._show_one())
            table.opened.connect(lambda _line: self._on_open())
            table.rows_model.ticks_changed.connect(lambda _count: self._show_buttons())
        view.tables[TOTALS].opened.connect(self._on_total_opened)
        view.tables[WAITING].opened.connect(self._on_ages_opened)
        self.desk.events.exchanged.connect(self._on_exchanged)

    def _press(self, digit: str) -> None:
        self.view.parts.press(digit)
        self.table().setFocus(Qt.FocusReason.OtherFocusReason)

    def use_digits(self, on: bool) -> None:
        """Let the digits choose a part; while a form is open they are its own."""
        for short in self._digits.values():
            short.setEnabled(on)

    def _part(self) -> str:
        return self.view.parts.value()

    def table(self) -> TableView:
        """The table of the part that is shown."""
        return self.view.tables[self._part()]

    def _model(self) -> RowsModel:
        return self.table().rows_model

    def _filter(self) -> Filter:
        return self._filters.get(self._part(), Filter(ALL))

    # ---- what is shown

    def _offer(self) -> None:
        loans = self._part() == LOANS
        stages = [(f"loan_{code}", words.loan_stage(code)) for code in ADVANCE_STAGES]
        refunds = [(code, words.stage(code)) for code in STAGES]
        both = [(OPEN, _("Not done yet")), (ALL, _("All stages"))]
        self.view.stage.offer([*both, *(stages if loans else refunds)], self._filter().stage)
        ages = [("", _("However long")), *((code, words.age(code)) for code in AGES)]
        self.view.age.offer(ages, self._filter().age)

    def _open_part(self, part: str) -> None:
        with laid_out_once(self):
            self.recording.close()
            self.view.show_part(part)
            self._offer()
            self._show()
        if self.isVisible():
            self.table().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_read(self, shown: Shown) -> None:
        self._shown = shown
        places = [("", _("All villages")), *shown.titles.items()]
        self.view.place.offer(places, self.scope)
        self.view.show_state()
        self._show()
        self.settle_focus()

    def _show(self) -> None:
        if self._shown is None:
            return
        view, found = self.view, self._shown.found
        self.refunds.set_rows([one for one in found.refunds if self._filters[REFUNDS].takes(one)])
        self.loans.set_rows([one for one in found.loans if self._filters[LOANS].takes(one)])
        self.totals.set_rows(sums.total_lines(self.desk.policy, found.totals))
        lines = sums.age_lines(found)
        columns = sums.age_columns(lines)
        if len(columns) != len(self.ages.columns):
            self.ages.set_columns(columns)
        self.ages.set_rows(lines)
        totals = self._part() in SUMS
        view.say(sums.agreed(found) if totals else models.summary(found), pressing=totals)
        self._show_household()
        self._say_nothing(bool(found.refunds), bool(found.loans))
        for part in (REFUNDS, LOANS):
            table = view.tables[part]
            if table.rows_model.rows and table.current_row() is None:
                table.selectRow(0)
        self._show_one()

    def _say_nothing(self, refunds: bool, loans: bool) -> None:
        hidden = _("Nothing here by what is chosen above")
        view, other = self.view, _("Choose “All stages” or another length to see the rest.")
        first = _("Who pays first and gets the subsidy back stands here once they have paid.")
        view.nothing[REFUNDS].show_words(
            hidden if refunds else _("Nothing comes back yet"), other if refunds else first
        )
        laid = _("Whoever lays out a premium is named with the payment and then stands here.")
        view.nothing[LOANS].show_words(
            hidden if loans else _("Nobody laid money out"), other if loans else laid
        )

    def _show_household(self) -> None:
        """Name the household alone of which money is shown, with the way to all."""
        household = self._filter().household
        found = self._shown.found if self._shown else None
        lines: list[Refund | Loan] = [*found.refunds, *found.loans] if found else []
        homes = [one.home for one in lines if one.home]
        home = next((one for one in homes if one.record == household), None)
        named = (
            " ".join(part for part in (home.number, home.head_name) if part) if home else _("this household")
        )
        summed = self._filter().summed
        if summed is not None:
            named = sums.total_title(self.desk.policy, summed)
        only = bool(household or summed)
        self.view.household.setText(_("Only {home}: show all").format(home=named) if only else "")
        self.view.household.setVisible(only and self._part() not in SUMS)

    def _show_one(self) -> None:
        one = self.table().current_row() if self._part() not in SUMS else None
        if isinstance(one, Refund):
            tags = [
                Tag(words.stage(one.case.stage), models.TONES[one.case.stage]),
                *(Tag(words.problem(code), "bad") for code in one.case.problems),
            ]
            self.view.show_one(one.person.name, tags, self._lines(one))
        elif isinstance(one, Loan):
            tags = [Tag(words.loan_stage(one.advance.stage), models.TONES[one.advance.stage])]
            tags += [Tag(words.problem(code), "bad") for code in one.advance.problems]
            laid = _("Laid out on {day} for {name}: {money}").format(
                day=wording.full_day(one.on), name=one.name, money=wording.money(one.advance.laid_fen)
            )
            self.view.show_one(one.by, tags, [laid, *models.settled_of(one)])
        else:
            self.view.show_one("", [], [])
        self._show_buttons()

    def _lines(self, one: Refund) -> list[str]:
        policy = self.desk.policy
        head = " · ".join(part for part in (words.reason(policy, one.reason), one.department) if part)
        paid = _("Paid {money} on {day}").format(
            money=wording.money(one.person.amount), day=wording.full_day(one.person.paid_on)
        )
        due = _("Due: {money}").format(money=wording.money(one.case.due_fen))
        number_ = wording.id_number(one.person.id_number)
        return [number_, head, paid, due, *models.steps_of(policy, one)]

    def _show_buttons(self) -> None:
        view, chosen = self.view, self.chosen()
        refunds = [one for one in chosen if isinstance(one, Refund)]
        for step, button in view.steps.items():
            button.setEnabled(any(actions.can(one, step) for one in refunds))
        view.undo.setEnabled(len(refunds) == 1 and bool(actions.last_step(refunds[0])))
        loans = [one for one in chosen if isinstance(one, Loan)]
        view.settle.setEnabled(any(one.advance.open_fen for one in loans))
        view.void.setEnabled(len(loans) == 1 and bool(actions.voidable(loans[0])))
        view.open.setEnabled(len(chosen) == 1)
        ticked = self._model().ticked_rows()
        if ticked and self._shown is not None and self._part() not in SUMS:
            fen = sum(one.case.due_fen if isinstance(one, Refund) else one.advance.open_fen for one in ticked)
            told = _("{count} ticked, {fen} yuan")
            view.say(told.format(count=number(len(ticked)), fen=amount(fen)), pressing=True)
        elif self._shown is not None and self._part() not in SUMS:
            lines = self._shown.found.refunds if self._part() == REFUNDS else self._shown.found.loans
            view.say("\n".join(filter(None, (models.summary(self._shown.found), models.ages(lines)))))

    def chosen(self) -> list[Refund | Loan]:
        """Those ticked, else the one the keyboard is on."""
        if self._part() in SUMS:
            return []
        current = self.table().current_row()
        return self._model().ticked_rows() or ([current] if current is not None else [])

    # ---- filters

    def _on_place_chosen(self, _line: int) -> None:
        self.scope = str(self.view.place.currentData() or "")
        self.refresh()

    def _on_filter(self, **changes: Any) -> None:
        self._filters[self._part()] = replace(self._filter(), **changes)
        self._show()

    def _on_household_left(self) -> None:
        self._filters = {part: Filter() for part in (REFUNDS, LOANS)}
        self._offer()
        self._show()

    def _on_total_opened(self, line: sums.TotalLine) -> None:
        """Open a sum: the refunds it is made of."""
        self._filters[REFUNDS] = Filter(ALL, summed=line.row)
        self._open_part(REFUNDS)

    def _on_ages_opened(self, line: sums.AgeLine) -> None:
        """Open what waits in a village, whatever it waits for."""
        self._filters = {part: Filter() for part in (REFUNDS, LOANS)}
        self.scope = line.scope
        self._open_part(REFUNDS)
        self.refresh()

    def _on_open(self) -> None:
        chosen: Sequence[Refund | Loan] = self.chosen()
        if len(chosen) != 1:
            return
        one = chosen[0]
        scope, record = (
            (one.person.scope, one.person.record) if isinstance(one, Refund) else (one.scope, one.resident)
        )
        if self.desk.is_office:
            self.wanted.emit("people", Whom(scope, record))
        elif one.home is not None:
            self.wanted.emit("households", (one.home.record, record))
