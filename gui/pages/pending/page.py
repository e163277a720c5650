"""Settling what waits: arrows walk the questions, digits answer, Space chooses several to be answered alike."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.actions import conflicts, facts, moves, payment, people
from gui.desk import Desk
from gui.i18n import _
from gui.models import pending
from gui.models.pending import Choice, Question
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.pages.households.panels.identity import proposals
from gui.pages.page import Page
from gui.pages.pending.another import AnotherPanel, has_third
from gui.pages.pending.two import TwoPeoplePanel, can_be_two
from gui.pages.pending.view import PendingView
from gui.widgets.reveal import HeldReveal
from gui.wording import candidates, names
from gui.wording.candidates import Side, home_text
from storage.commands.conflicts import Answer
from storage.errors import RuleViolation
from storage.policy import id_number
from storage.queries import counting
from storage.queries.review import Fit
from storage.records import OFFICE

_DONE, _WORK, _READING = 2, 1, 0
_LAID_OUT = (0, 60, 200)
"""Milliseconds until a new form has its height: at once, and while its words are wrapped."""


class PendingPage(Page):
    """The questions of a village, or of all villages of an office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all: list[Question] = []
        self._group, self._scope = "all", ""
        self.panel: Panel | None = None
        self.questions = pending.questions_model()
        self.view = PendingView(self.questions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._reveal = HeldReveal(self.view.reveal, Qt.Key.Key_R, self)
        self._listen()

    def first_focus(self) -> QWidget | None:
        return self.view.list

    def back(self) -> bool:
        if self.panel is not None:
            self._close_panel()
        elif self.view.bulk.previewing():
            self.view.bulk.choose()
        elif self.questions.ticked_rows():
            self.questions.tick(self.questions.rows, False)
        else:
            return False
        self._to_list()
        return True

    def refresh(self) -> None:
        policy = self.desk.policy
        scope = None if self.desk.is_office else self.desk.profile.scope
        op = QueryOp(lambda ledger: pending.read(ledger, policy, scope), slot="pending")
        self.desk.ask(op, self._on_read, owner=self)

    def _listen(self) -> None:
        view = self.view
        view.list.row_changed.connect(self._show)
        view.list.opened.connect(lambda _question: self._on_card_asked())
        view.stays.clicked.connect(self._on_stays)
        view.card_button.clicked.connect(self._on_card_asked)
        view.correct.clicked.connect(self._on_card_asked)
        view.another.clicked.connect(
            lambda: self._open(lambda one: AnotherPanel(self.desk, one, narrow=view.is_narrow()))
        )
        view.two.clicked.connect(lambda: self._open(lambda one: TwoPeoplePanel(self.desk, one)))
        view.villages.activated.connect(self._on_village_chosen)
        view.bulk.settled.connect(self._on_many_agreed)
        self.questions.ticks_changed.connect(
            lambda _count: view.bulk.show_ticked(self.questions.ticked_rows())
        )
        self._reveal.changed.connect(lambda _on: self._show_sides())
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._on_chip_clicked(code))
        short = QShortcut(QKeySequence("R"), self)
        short.setAutoRepeat(False)
        short.activated.connect(lambda: self._reveal.turn(True))

    # ---- the list

    def _on_read(self, questions: list[Question]) -> None:
        self._all = questions
        self.view.states.setCurrentIndex(_WORK if questions else _DONE)
        self._show_sorts()
        self._show_list()
        self.settle_focus()

    def _show_sorts(self) -> None:
        box, titles = self.view.villages, pending.villages_of(self._all)
        wanted = ["", *titles]
        if [box.itemData(line) for line in range(box.count())] != wanted:
            box.clear()
            box.addItem(_("All villages"), "")
            for scope, title in titles.items():
                box.addItem(title, scope)
        self._scope = self._scope if self._scope in titles else ""
        box.setCurrentIndex(max(box.findData(self._scope), 0))
        box.setVisible(self.desk.is_office)
        counts = {
            group.code: sum(group.test(one.item) for one in self._of_village()) for group in pending.groups()
        }
        if not counts[self._group]:
            self._group = "all" if counts["all"] or not counts["theirs"] else "theirs"
        for group in pending.groups():
            chip = self.view.chips[group.code]
            chip.setText(f"{group.title} {counts[group.code]:,}")
            chip.setVisible(bool(counts[group.code]) or group.code == "all")
            chip.setChecked(group.code == self._group)

    def _of_village(self) -> list[Question]:
        return [one for one in self._all if self._scope in ("", one.item.scope)]

    def _show_list(self) -> None:
        view = self.view
        line = max(view.list.currentIndex().row(), 0)
        test = next(group.test for group in pending.groups() if group.code == self._group)
        found = [one for one in self._of_village() if test(one.item)]
        self.questions.set_rows(found)
        if found and view.list.current_row() is None:
            view.list.selectRow(min(line, len(found) - 1))
        current = view.list.current_row()
        view.scroller.setVisible(current is not None)
        if current is not None:
            self._show(current)

    def _on_chip_clicked(self, code: str) -> None:
        self._group = code
        self._show_sorts()
        self._show_list()
        self._to_list()

    def _on_village_chosen(self, line: int) -> None:
        self._scope = str(self.view.villages.itemData(line))
        self._show_sorts()
        self._show_list()

    def _to_list(self) -> None:
        self.view.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- one question

    def _show(self, question: Question) -> None:
        view, item = self.view, question.item
        self._close_panel()
        view.title.setText(pending.title_of(question))
        view.where.setText(self._where(question))
        view.what.setText(self._what(question))
        self._show_sides()
        view.show_answers(self._answers(question), lambda answer: self._settle(question, answer))
        digits = len(item.candidates)
        for button, there in ((view.another, has_third(question)), (view.two, can_be_two(question))):
            digits += there
            button.take_key(str(digits) if digits < 10 else "")
            button.setVisible(there)
        is_doubt = item.kind == "resident" and item.code == item.detail  # a doubt of the entry itself
        view.stays.setVisible(is_doubt)
        view.correct.setVisible(is_doubt and not self.desk.is_office)
        view.card_button.setVisible(bool(item.household) and not self.desk.is_office)
        view.reveal.setVisible(item.register in ("identity", "contact"))
        view.other_side.setVisible(item.code == "conflict" and not item.ours)
        view.other_side.setText(self._other_side(question))

    def _show_sides(self) -> None:
        question: Question | None = self.view.list.current_row()
        if question is None or question.item.code != "conflict":
            self.view.comparison.show_sides([], lambda _side: None, ours=False)
            return
        masked = not self._reveal.on
        found = candidates.sides(self.desk.policy, question.item, question.words, masked=masked)
        self.view.comparison.show_sides(
            found, lambda side: self._choose(question, side), ours=question.item.ours
        )

    def _where(self, question: Question) -> str:
        home, person = question.home, question.person
        conflict = question.item.code == "conflict"
        parts = [
            question.village,
            home_text(home) if home else "",
            wording.id_number(question.item.id_number)
            if question.item.kind == "resident" and not conflict
            else "",
            person.birth.isoformat() if person and person.birth and not conflict else "",
        ]
        return " · ".join(part for part in parts if part)

    def _what(self, question: Question) -> str:
        item = question.item
        text = pending.about(question)
        if item.code == "conflict":
            return _("{text}. Which one is right?").format(text=text) if item.ours else text
        if item.code == "id_shared" and question.other is not None:
            return _("{text}: {name}. Is it the same person?").format(text=text, name=question.other.name)
        if item.code == "paid_and_absent":
            reason = names.absence(self.desk.policy, item.detail)
            text = _("recorded as “{reason}”, and yet a payment is recorded").format(reason=reason)
            return _("{text}. One of the two is wrong: which?").format(text=text)
        if item.code in counting.CODES:
            return self._what_counts(question, text)
        if item.kind == "payment":
            return _("{text}. The office's next file may bring the person; else void it.").format(text=text)
        if item.kind == "operation":
            return _("{text}. It is kept and read after the next update.").format(text=text)
        if self._offered(question):
            return _("{text}. Compare with the card: which number is it?").format(text=text)
        return _("{text}. Look at the card, or ask by phone.").format(text=text)

    def _what_counts(self, question: Question, text: str) -> str:
        match question.item.code:
            case "claimed_by_two":
                return _("{text}. Where does this person live?").format(text=text)
            case "late_entries":
                written = (part.partition(".") for part in question.item.detail.split(","))
                what = wording.units.listed(
                    [names.register(kind, register) for kind, _dot, register in written]
                )
                return _("{text}: {what}. Does it belong to the new village?").format(text=text, what=what)
            case "counted_nowhere":
                return _("{text}. Ask that village, or let them count here again.").format(text=text)
        return _("{text}. One of the villages has to correct number or name.").format(text=text)

    def _other_side(self, question: Question) -> str:
        if question.item.decides == OFFICE:
            return _(
                "The township office decides this and its next file brings the answer. Nothing to do here."
            )
        return _(
            "The village decides this; its next file brings the answer. Ring the contact if it is urgent."
        )

    def _offered(self, question: Question) -> tuple[str, ...]:
        check = id_number.check(question.item.id_number, today=self.desk.today)
        return proposals(check, question.person) if check.doubt else ()

    def _answers(self, question: Question) -> list[Choice]:
        item = question.item
        if item.code == "conflict":
            return []
        if item.code == "paid_and_absent":
            return self._paid_and_absent(question)
        if item.code == "id_shared":
            return [
                Choice(_("The same person"), _("entered twice: counted once from now on"), "same"),
                Choice(
                    _("Two people"), _("one of the numbers is wrong and has to be corrected"), "different"
                ),
            ]
        if item.code in counting.CODES:
            return [] if item.code == "id_two_villages" else pending.places(question)
        if item.kind == "payment":
            return [Choice(_("Void this payment"), "", "void")]
        return pending.numbers(self._offered(question)) if item.kind == "resident" else []

    def _paid_and_absent(self, question: Question) -> list[Choice]:
        """Either the payment is wrong, or the reason; a payment in a list cannot be taken back here."""
        claims = [one for one in question.person.claims if not one.confirmed] if question.person else []
        found = [
            Choice(
                _("Void the payment of {amount}").format(amount=wording.money(one.amount)),
                " · ".join(
                    part
                    for part in (wording.full_day(one.paid_on), one.receipt, one.payer or one.advanced_by)
                    if part
                ),
                one.record,
            )
            for one in claims
        ]
        below = _("the reason for not being insured here is taken back")
        return [*found, Choice(_("To be insured here"), below, "")]

    # ---- answering

    def _choose(self, question: Question, side: Side) -> None:
        item = question.item
        told = _("Settled: {name}, {words}").format(
            name=pending.title_of(question), words=", ".join(line.text for line in side.lines)
        )
        value = side.candidate.value
        answer = Answer(item.scope, item.kind, item.record, item.register, value, item.seen)
        op = conflicts.settle([answer], today=self.desk.today, told=told, households=[item.household])
        self._answer(op, question)

    def _on_many_agreed(self, fits: list[Fit]) -> None:
        answers = [
            Answer(item.scope, item.kind, item.record, item.register, fit.candidate.value, item.seen)
            for fit in fits
            if fit.candidate is not None and (item := fit.item)
        ]
        told = _("Settled together: {count} questions").format(count=len(answers))
        homes = [fit.item.household for fit in fits]
        op = conflicts.settle(answers, today=self.desk.today, told=told, households=homes)
        settled = {one.seen for one in answers}
        ticked = [one for one in self.questions.ticked_rows() if one.item.seen in settled]
        self.questions.tick(self.questions.rows, False)
        self._answer(op, *ticked)

    def _settle(self, question: Question, answer: Choice) -> None:
        self._answer(self._op(question, answer), question)

    def _op(self, question: Question, answer: Choice) -> ChangeOp:
        item, name = question.item, pending.title_of(question)
        words = wording.id_number(answer.words) if answer.words == answer.value else answer.words
        told = _("Settled: {name}, {words}").format(name=name, words=words)
        if item.code in counting.CODES:
            return self._counted(question, answer, told)
        if item.code == "paid_and_absent" and answer.value:
            reason = _("insured elsewhere")
            return payment.void(str(answer.value), reason, told=told, household=item.household)
        if item.code == "paid_and_absent":
            return facts.person_absence_withdrawn(
                item.scope, item.record, year=self.desk.policy.year, told=told, household=item.household
            )
        if item.code == "id_shared" and question.other is not None:
            return people.answer_same(item.record, question.other.record, str(answer.value), told=told)
        if item.kind == "payment":
            return payment.void(item.record, _("the person is not in the register"), told=told, household="")
        check = id_number.check(str(answer.value))
        identity: dict[str, str | None] = {"id_number": str(answer.value)}
        if check.birth and question.person and question.person.birth != check.birth:
            identity["birth"] = None
        return people.correct(item.record, {"identity": identity}, told=told, household=item.household)

    def _counted(self, question: Question, answer: Choice, told: str) -> ChangeOp:
        item, policy = question.item, self.desk.policy
        if answer.value == pending.CARRY:
            return moves.carry_over(policy, item.scope, item.record, told=told)
        if answer.value == pending.LEAVE:
            return moves.leave(policy, item.scope, item.record, told=told)
        to = str(answer.value)
        return moves.count_in(policy, item.scope, item.record, to, today=self.desk.today, told=told)

    def _answer(
        self, op: ChangeOp, *questions: Question, refused: Callable[[RuleViolation], None] | None = None
    ) -> None:
        """Carry an answer out; what was answered leaves the list at once, before everything is read anew."""
        if self.desk.writing():  # the same key twice in a burst
            return
        owner = self.panel or self
        self.desk.change(op, lambda _result: self._on_settled(questions), owner=owner, refused=refused)

    def _on_settled(self, questions: Sequence[Question]) -> None:
        settled = {pending.key_of(one) for one in questions}
        self._all = [one for one in self._all if pending.key_of(one) not in settled]
        self._close_panel()
        self._show_sorts()
        self._show_list()
        self._to_list()

    def _on_stays(self) -> None:
        question: Question | None = self.view.list.current_row()
        if question is None or not self.view.stays.isVisible():
            return
        item = question.item
        told = _("Checked, it stays: {name}").format(name=pending.title_of(question))
        op = people.accept_doubt(item.record, item.detail, told=told, household=item.household)
        self._answer(op, question)

    def _on_card_asked(self) -> None:
        question: Question | None = self.view.list.current_row()
        if question is not None and question.item.household and not self.desk.is_office:
            self.wanted.emit("households", question.item.household)

    # ---- forms

    def _open(self, make: Callable[[Question], Panel]) -> None:
        question: Question | None = self.view.list.current_row()
        if question is None:
            return
        self._close_panel()
        panel = self.panel = make(question)
        panel.closed.connect(self.back)
        panel.saving.connect(self._on_saving)
        self.view.open_panel(panel)
        self.view.let_answer(False)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        for pause in _LAID_OUT:
            QTimer.singleShot(pause, self.view, self.view.show_panel)

    def _close_panel(self) -> None:
        if self.panel is not None:
            self.panel = None
            self.view.open_panel(None)
            self.view.let_answer(True)

    def _on_saving(self, op: ChangeOp) -> None:
        panel, question = self.panel, self.view.list.current_row()
        if panel is not None and question is not None:
            self._answer(op, question, refused=panel.show_refusal)
