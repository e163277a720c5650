"""Settling what waits: arrows walk the questions, digits answer, K says it was checked and stays."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.actions import conflicts, payment, people
from gui.desk import Desk
from gui.i18n import _
from gui.models import pending
from gui.models.households import place_text
from gui.models.pending import Choice, Question
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.identity import proposals
from gui.pages.page import Page
from gui.pages.pending.view import PendingView
from storage.commands.conflicts import Answer
from storage.policy import id_number

_DONE, _WORK, _READING = 2, 1, 0


class PendingPage(Page):
    """The questions of a village, or of all villages of an office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.questions = pending.questions_model()
        self.view = PendingView(self.questions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        view.list.row_changed.connect(self._show)
        view.list.opened.connect(lambda _question: self._on_card_asked())
        view.stays.clicked.connect(self._on_stays)
        view.card_button.clicked.connect(self._on_card_asked)
        view.correct.clicked.connect(self._on_card_asked)

    def first_focus(self) -> QWidget | None:
        return self.view.list

    def refresh(self) -> None:
        policy = self.desk.policy
        scope = None if self.desk.is_office else self.desk.profile.scope
        op = QueryOp(lambda ledger: pending.read(ledger, policy, scope), slot="pending")
        self.desk.ask(op, self._on_read, owner=self)

    def _on_read(self, questions: list[Question]) -> None:
        view = self.view
        line = max(view.list.currentIndex().row(), 0)
        self.questions.set_rows(questions)
        view.states.setCurrentIndex(_WORK if questions else _DONE)
        if questions and view.list.current_row() is None:
            view.list.selectRow(min(line, len(questions) - 1))
        current = view.list.current_row()
        if current is not None:
            self._show(current)
        self.settle_focus()

    def _show(self, question: Question) -> None:
        view, item = self.view, question.item
        view.title.setText(pending.title_of(question))
        view.where.setText(self._where(question))
        view.what.setText(self._what(question))
        view.show_answers(self._answers(question), lambda answer: self._settle(question, answer))
        is_doubt = item.kind == "resident" and item.code not in ("conflict", "id_shared")
        view.stays.setVisible(is_doubt)
        view.correct.setVisible(is_doubt and not self.desk.is_office)
        view.card_button.setVisible(bool(item.household) and not self.desk.is_office)

    def _where(self, question: Question) -> str:
        home, person = question.home, question.person
        parts = [
            place_text(home.group, home.number) if home else "",
            _("household of {name}").format(name=home.head_name) if home and home.head_name else "",
            wording.id_number(question.item.id_number) if question.item.kind == "resident" else "",
            person.birth.isoformat() if person and person.birth else "",
        ]
        return " · ".join(part for part in parts if part)

    def _what(self, question: Question) -> str:
        item = question.item
        text = pending.about(question)
        if item.code == "conflict":
            return _("{text}. Which one is right?").format(text=text)
        if item.code == "id_shared" and question.other is not None:
            return _("{text}: {name}. Is it the same person?").format(text=text, name=question.other.name)
        if item.kind == "payment":
            return _("{text}. The office's next file may bring the person; else void it.").format(text=text)
        if item.kind == "operation":
            return _("{text}. It is kept and read after the next update.").format(text=text)
        if self._offered(question):
            return _("{text}. Compare with the card: which number is it?").format(text=text)
        return _("{text}. Look at the card, or ask by phone.").format(text=text)

    def _offered(self, question: Question) -> tuple[str, ...]:
        check = id_number.check(question.item.id_number, today=self.desk.today)
        return proposals(check, question.person) if check.doubt else ()

    def _answers(self, question: Question) -> list[Choice]:
        item = question.item
        if item.code == "conflict":
            return pending.candidates(self.desk.policy, question)
        if item.code == "id_shared":
            return [
                Choice(_("The same person"), _("entered twice: counted once from now on"), "same"),
                Choice(
                    _("Two people"), _("one of the numbers is wrong and has to be corrected"), "different"
                ),
            ]
        if item.kind == "payment":
            return [Choice(_("Void this payment"), "", "void")]
        return pending.numbers(self._offered(question)) if item.kind == "resident" else []

    def _settle(self, question: Question, answer: Choice) -> None:
        op = self._op(question, answer)
        if op is not None:
            self.desk.change(op, self._on_settled, owner=self)

    def _op(self, question: Question, answer: Choice) -> ChangeOp | None:
        item, name = question.item, pending.title_of(question)
        words = wording.id_number(answer.words) if answer.words == answer.value else answer.words
        told = _("Settled: {name}, {words}").format(name=name, words=words)
        if item.code == "conflict" and isinstance(answer.value, dict):
            said = Answer(item.scope, item.kind, item.record, item.register, answer.value)
            return conflicts.settle([said], today=self.desk.today, told=told, households=[item.household])
        if item.code == "id_shared" and question.other is not None:
            return people.answer_same(item.record, question.other.record, str(answer.value), told=told)
        if item.kind == "payment":
            return payment.void(item.record, _("the person is not in the register"), told=told, household="")
        check = id_number.check(str(answer.value))
        identity: dict[str, str | None] = {"id_number": str(answer.value)}
        if check.birth and question.person and question.person.birth != check.birth:
            identity["birth"] = None
        return people.correct(item.record, {"identity": identity}, told=told, household=item.household)

    def _on_settled(self, _result: object) -> None:
        self.view.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_stays(self) -> None:
        question: Question | None = self.view.list.current_row()
        if question is None or not self.view.stays.isVisible():
            return
        item = question.item
        told = _("Checked, it stays: {name}").format(name=pending.title_of(question))
        op = people.accept_doubt(item.record, item.detail, told=told, household=item.household)
        self.desk.change(op, self._on_settled, owner=self)

    def _on_card_asked(self) -> None:
        question: Question | None = self.view.list.current_row()
        if question is not None and question.item.household and not self.desk.is_office:
            self.wanted.emit("households", question.item.household)
