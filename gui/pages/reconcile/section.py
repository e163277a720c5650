"""The differences at the left, at the right one of them: both sides, what is proposed and why, answers by key."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui import theme as themes
from gui.actions import reconcile as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import reconcile as models
from gui.models.reconcile import Compared
from gui.ops import ChangeOp, QueryOp
from gui.pages.pending.compare import KEYS
from gui.pages.pending.doubles import SideCard
from gui.pages.reconcile.asking import WordsPanel
from gui.pages.reconcile.sided import SidedSection
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.wording import reconcile as words
from gui.wording.units import number
from storage import operators
from storage.commands.reconcile import Chosen
from storage.evidence import Source
from storage.policy.differences import ASK, LEAVE, Difference
from storage.queries.reconcile import Found

_NARROW = 860  # px
_Origin = tuple[Source | None, Source | None]


class DifferencesSection(SidedSection):
    """Differences of one sort; ``person_wanted(scope, record)`` asks for a person's card.

    ``answered(keys, answer)``: these were answered so just now.
    """

    person_wanted = Signal(str, str)
    answered = Signal(object, str)

    def __init__(self, desk: Desk) -> None:
        self.none_left = EmptyState(_("None of this sort"), _("Choose another sort above."))
        super().__init__(desk, models.model(lambda: self.compared.titles), _("Differences"), self.none_left)
        self.compared = Compared()
        self.answers: dict[str, KeyButton] = {}
        self._wanted: list[Found] = []
        self._origin: _Origin = (None, None)
        self.proposal, self.why = label("", "heading", wrap=True), label("", wrap=True)
        self.accept = KeyButton(_("Take the proposal"), "A", primary=True)
        self.person = KeyButton(_("Open the person"), "P")
        self.reveal_button = KeyButton(_("Hold to show"), "R", bind=False)
        self._choices = QWidget()
        self._choices_flow = FlowLayout(self._choices, gap=8)
        for widget in (self.proposal, self.why, self._choices):
            self.body.addWidget(widget)
        self.add_buttons(self.accept, self.person, self.reveal_button)
        self.reveal = self.hold_to_show(self.reveal_button)
        self.reveal.changed.connect(lambda _on: self._show_sides())
        self.accept.clicked.connect(self._on_accept)
        self.person.clicked.connect(self._on_person)
        self.rows.ticks_changed.connect(lambda _count: self._offer_together())
        self.together.forbid(desk.why_not(operators.RECORD))
        self.accept.forbid(desk.why_not(operators.RECORD))

    def closed_off(self) -> Sequence[QWidget]:
        return self._choices, self.accept

    def columns(self) -> int:
        return 1 if self.width() < themes.current().px(_NARROW) else 2

    # ---- what is shown

    def show_found(self, compared: Compared, found: Sequence[Found]) -> None:
        """List these; a form that is open stays."""
        self.compared, self._wanted = compared, list(found)
        if self.panel is None:
            self.fill(self._wanted[: models.MOST])
            self._offer_together()

    def villages(self) -> dict[str, str]:
        return self.compared.villages()

    def refresh(self) -> None:
        """The page reads."""

    def show_item(self, item: Found) -> None:
        self.close_panel()
        self._origin = (None, None)
        self.title.setText(models.name_of(item))
        difference = item.difference
        proposed = words.answer_text(item.code, difference.proposal.answer, difference) if difference else ""
        open_ = item.todo and difference is not None
        self.proposal.setText(_("Proposal: {answer}").format(answer=proposed) if open_ else "")
        self.proposal.setVisible(open_)
        self.why.setText(models.reasons(self.desk.policy, self.compared, item))
        self.accept.setVisible(open_)
        self.person.setVisible(bool(self._whom(item)))
        self._show_answers(difference)
        self._show_sides()
        self._offer_together()
        if difference is not None:
            op = QueryOp(lambda ledger: models.origins(ledger, difference), slot="reconcile-origin")
            self.desk.ask(op, lambda origin: self._on_origin(item, origin), owner=self)

    def _on_origin(self, item: Found, origin: _Origin) -> None:
        current: Found | None = self.current()
        if current is not None and current.key == item.key:
            self._origin = origin
            self._show_sides()

    def _show_answers(self, difference: Difference | None) -> None:
        while (item := self._choices_flow.takeAt(0)) is not None:
            widget = item.widget()
            widget.hide()
            widget.deleteLater()
        self.answers = {}
        choices = (
            [(one, words.answer_text(difference.code, one, difference)) for one in difference.options]
            if difference
            else []
        )
        for place, (answer, said) in enumerate(choices):
            button = KeyButton(said, KEYS[place : place + 1])
            button.forbid(self.desk.why_not(operators.RECORD))
            button.clicked.connect(lambda _checked=False, answer=answer: self.answer(answer))
            self._choices_flow.addWidget(button)
            self.answers[answer] = button
        self._choices.setVisible(bool(self.answers))

    def _show_sides(self) -> None:
        item: Found | None = self.current()
        masked, policy = not self.reveal.on, self.desk.policy
        shown = models.sides(policy, self.compared, item, self._origin, masked=masked) if item else []
        self.where.setText(models.where_text(self.compared, item, masked=masked) if item else "")
        self.show_cards([SideCard(side, "") for side in shown])

    # ---- answering

    def answer(self, answer: str) -> None:
        """Give an answer; one that takes words asks for them first."""
        item: Found | None = self.current()
        if item is None or item.difference is None or self.desk.why_not(operators.RECORD):
            return
        difference = item.difference
        if answer in (ASK, LEAVE):
            panel = WordsPanel(self.desk, answer, lambda why: self._op([difference], answer, why))
            self.open_panel(panel, lambda _result: self._drop([item], answer))
            self.together.hide()
        else:
            self.change(self._op([difference], answer), lambda: self._drop([item], answer))

    def _on_accept(self) -> None:
        """Of several ticked ones the proposal is accepted for all, after their number was said."""
        item: Found | None = self.current()
        if len(self.rows.ticked_rows()) > 1 and len(self._alike()) > 1:
            self.together.ask()
        elif item is not None and item.difference is not None and item.todo:
            self.answer(item.difference.proposal.answer)

    def _op(self, found: Sequence[Difference], answer: str, why: str = "") -> ChangeOp:
        first = found[0]
        what = words.answer_text(first.code, answer, first)
        who = first.name if len(found) == 1 else _("{count} differences").format(count=number(len(found)))
        told = _("{who}: {answer}").format(who=who, answer=what)
        chosen = [Chosen(one, answer, why) for one in found]
        behind = self.compared.reading.doubles
        return actions.settle_op(self.desk.policy, chosen, behind, today=self.desk.today, told=told)

    def _drop(self, answered: Sequence[Found], answer: str) -> None:
        """What was answered leaves the list at once, before everything is compared anew."""
        self.close_panel()
        self.rows.tick(answered, False)
        self.answered.emit({one.key for one in answered}, answer)
        self.to_list()

    def _on_person(self) -> None:
        item: Found | None = self.current()
        if item is not None and (whom := self._whom(item)):
            self.person_wanted.emit(*whom)

    def _whom(self, item: Found) -> tuple[str, str] | None:
        record = item.difference.record if item.difference else item.answer.resident if item.answer else ""
        return (item.scope, record) if record else None

    # ---- several together

    def _alike(self) -> list[Found]:
        """What would be answered together: of the ticked ones, else of all listed, those like the one shown."""
        current: Found | None = self.current()
        if current is None or current.difference is None or not current.todo:
            return []
        ticked = self.rows.ticked_rows()
        wanted = current.difference.proposal.answer
        return [
            one
            for one in (ticked or self._wanted)
            if one.todo
            and one.difference is not None
            and (one.code, one.difference.proposal.answer) == (current.code, wanted)
            and (one.difference.proposal.safe or (bool(ticked) and wanted == ASK))
        ]

    def _offer_together(self) -> None:
        found = self._alike()
        count, ticked = len(found), len(self.rows.ticked_rows())
        many = number(min(count, actions.MOST))
        difference = found[0].difference if found else None
        answer = (
            words.answer_text(difference.code, difference.proposal.answer, difference) if difference else ""
        )
        kind = words.code_text(difference.code) if difference else ""
        told = _("{count} alike: {kind} → {answer}").format(count=number(count), kind=kind, answer=answer)
        asked = _(
            "{count} of {all} ({kind}) are answered “{answer}”. One step back takes all of it back. Shall they?"
        )
        asked = asked.format(count=many, all=number(len(self._wanted)), kind=kind, answer=answer)
        sure = _("Answer these {count}").format(count=many)
        self.together.offer(
            told if count > 1 or (ticked and count) else "", sure, asked, sure, _("Leave it for now")
        )

    def settle_together(self) -> None:
        found = self._alike()[: actions.MOST]
        chosen = [one.difference for one in found if one.difference is not None]
        if chosen:
            answer = chosen[0].proposal.answer
            self.change(self._op(chosen, answer), lambda: self._drop(found, answer))
