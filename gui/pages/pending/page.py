"""Settling what waits: arrows walk the questions, digits answer, Space chooses several to be answered alike."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.actions import conflicts
from gui.desk import Desk
from gui.i18n import _
from gui.models import pending
from gui.models.pending import Question
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.pages.page import Page
from gui.pages.pending.another import AnotherPanel, has_third
from gui.pages.pending.asked import Asked
from gui.pages.pending.doubles import DoublesSection
from gui.pages.pending.repair import RepairSection
from gui.pages.pending.section import Section
from gui.pages.pending.two import TwoPeoplePanel, can_be_two
from gui.pages.pending.view import PendingView
from gui.pages.reconcile.village import AskedSection
from gui.pages.revealing import hold_to_show
from gui.widgets.buttons import KeyButton
from gui.wording import candidates
from storage import operators
from storage.commands.conflicts import Answer
from storage.errors import RuleViolation
from storage.queries.review import Fit

_DONE, _WORK, _READING = 2, 1, 0
_PARTS = frozenset(("number",))
"""Sorts that have a part of their own."""
_LAID_OUT = (0, 60, 200)
"""Milliseconds until a new form has its height: at once, and while its words are wrapped."""


class PendingPage(Page):
    """The questions of a village, or of all villages of an office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all: list[Question] = []
        self._was_read = False
        self._group, self._scope = "all", ""
        self.panel: Panel | None = None
        self.questions = pending.questions_model()
        self.view = PendingView(self.questions)
        self.doubles, self.repair = DoublesSection(desk), RepairSection(desk)
        self.part: Section | None = None
        self._parts: dict[Section, tuple[str, KeyButton]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.bulk.forbid(desk.why_not(operators.RECORD))
        self._reveal = hold_to_show(desk, self.view.reveal, self, self.view.parts.widget(0), lambda: 1)
        self._listen()
        self._add_part(self.doubles, _("Doubles"))
        self._add_part(self.repair, _("Check ID numbers"))
        self.asked: AskedSection | None = None
        if not desk.is_office:
            self.asked = AskedSection(desk)
            self._add_part(self.asked, _("Asked by the township"))

    def first_focus(self) -> QWidget | None:
        return self.part.list if self.part is not None else self.view.list

    def back(self) -> bool:
        if self.part is not None:
            return self.part.back()
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

    def take(self, request: object) -> None:
        """Show the questions of one village, by its code."""
        if isinstance(request, str):
            self._group, self._scope, self._fresh = "all", request, False

    def refresh(self) -> None:
        policy = self.desk.policy
        scope = None if self.desk.is_office else self.desk.profile.scope
        op = QueryOp(lambda ledger: pending.read(ledger, policy, scope), slot="pending")
        self.desk.ask(op, self._on_read, owner=self)
        for part in self._parts:
            part.refresh()

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

    # ---- the parts for doubles and numbers

    def _add_part(self, part: Section, title: str) -> None:
        chip = self.view.add_part(part)
        self._parts[part] = title, chip
        chip.clicked.connect(lambda: self._on_part_chosen(part))
        part.counted.connect(lambda count: self._on_counted(part, count))
        part.card_wanted.connect(lambda household: self.wanted.emit("households", household))
        self._on_counted(part, 0)

    def _on_counted(self, part: Section, count: int) -> None:
        title, chip = self._parts[part]
        chip.setText(f"{title} {count:,}")
        chip.setVisible(bool(count) or part is self.part)
        self._show_left()
        self._show_sorts()

    def _show_left(self) -> None:
        """Show what is left to do, or that nothing is, once the questions have been read."""
        left = bool(self._all) or any(part.rows.rows for part in self._parts)
        if left or self._was_read:
            self.view.states.setCurrentIndex(_WORK if left else _DONE)

    def _on_part_chosen(self, part: Section | None) -> None:
        """Show a part, None for the list of all questions."""
        self.part = part
        self.view.parts.setCurrentWidget(part or self.view.parts.widget(0))
        for one, (_title, chip) in self._parts.items():
            chip.setChecked(one is part)
        self._show_sorts()
        if part is not None:
            part.take_scope(self._scope)
            part.to_list()

    # ---- the list

    def _on_read(self, questions: list[Question]) -> None:
        self._all, self._was_read = questions, True
        self._show_left()
        self._show_sorts()
        self._show_list()
        self.settle_focus()

    def _show_sorts(self) -> None:
        box, titles = self.view.villages, pending.villages_of(self._all)
        for part in self._parts:
            titles = part.villages() | titles
        titles = dict(sorted(titles.items()))
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
            chip.setVisible(group.code not in _PARTS and (bool(counts[group.code]) or group.code == "all"))
            chip.setChecked(group.code == self._group and self.part is None)

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
        self._on_part_chosen(None)
        self._show_list()
        self._to_list()

    def _on_village_chosen(self, line: int) -> None:
        self._scope = str(self.view.villages.itemData(line))
        self._show_sorts()
        self._show_list()
        if self.part is not None:
            self.part.take_scope(self._scope)

    def _to_list(self) -> None:
        self.view.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- one question

    def _asked(self, question: Question) -> Asked:
        return Asked(question, self.desk.policy, self.desk.today)

    def _show(self, question: Question) -> None:
        view, item, asked = self.view, question.item, self._asked(question)
        self._close_panel()
        view.title.setText(pending.title_of(question))
        view.where.setText(asked.where())
        view.what.setText(asked.what())
        why = self._why_not(question)
        view.forbid(why)
        self._show_sides()
        view.show_answers(asked.answers(), lambda answer: self._answer(asked.settle(answer), question), why)
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
        view.other_side.setText(asked.other_side())

    def _why_not(self, question: Question) -> str:
        """Why whoever opened the ledger may not answer this, "" where they may."""
        roles = operators.needed([question.item.kind]) if question.item.ours else ()
        return next(filter(None, map(self.desk.why_not, sorted(roles))), "")

    def _show_sides(self) -> None:
        question: Question | None = self.view.list.current_row()
        if question is None or question.item.code != "conflict":
            self.view.comparison.show_sides([], lambda _side: None, ours=False)
            return
        asked, masked = self._asked(question), not self._reveal.on
        self.view.comparison.show_sides(
            candidates.sides(self.desk.policy, question.item, question.words, masked=masked),
            lambda side: self._answer(asked.agree(side), question),
            ours=question.item.ours,
            forbidden=self._why_not(question),
        )

    # ---- answering

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
        if question is not None and self.view.stays.isVisible():
            self._answer(self._asked(question).stays(), question)

    def _on_card_asked(self) -> None:
        question: Question | None = self.view.list.current_row()
        if question is not None and question.item.household and not self.desk.is_office:
            self.wanted.emit("households", (question.item.household, question.item.resident))

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
