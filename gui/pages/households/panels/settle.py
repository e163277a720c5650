"""Settling on the card itself what entries about a household disagree on: the values side by side, digits choose."""

from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import pending
from gui.models.pending import Question
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel
from gui.pages.pending.asked import Asked
from gui.pages.pending.compare import KEYS, Comparison
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import flowing, label
from gui.wording import candidates


class SettlePanel(Panel):
    """One question: its answers with their keys; where the other side decides, that is said instead."""

    def __init__(self, desk: Desk, question: Question, more: int) -> None:
        title = _("Settle · {name}").format(name=pending.title_of(question))
        super().__init__(desk, f"{title} · {pending.about(question)}")
        self._asked = Asked(question, desk.policy, desk.today)
        self.save_button.hide()
        self._answers: list[KeyButton] = []
        self._grid.addWidget(label(self._asked.what(), "soft", wrap=True), 0, 0, 1, 3)
        if not question.item.ours:
            self._grid.addWidget(label(self._asked.other_side(), wrap=True), 1, 0, 1, 3)
        elif question.item.code == "conflict":
            self._show_values(question)
        else:
            self._show_answers()
        if more:
            self._grid.addWidget(
                label(_("{count} more after this one").format(count=more), "small"), 2, 0, 1, 3
            )

    def first(self) -> QWidget:
        return self._answers[0] if self._answers else self.cancel_button

    def op(self) -> ChangeOp:
        raise AssertionError("each answer is a change of its own")

    def save(self) -> None:
        """Enter chooses nothing here: an answer has its own key."""

    def _show_values(self, question: Question) -> None:
        table = Comparison()
        self._grid.addWidget(table, 1, 0, 1, 3)  # before it shows itself: alone it would be a window
        table.show_sides(
            candidates.sides(self.policy, question.item, question.words),
            lambda side: self.saving.emit(self._asked.agree(side)),
            ours=True,
        )
        self._answers = [card.button for card in table.cards]

    def _show_answers(self) -> None:
        for key, choice in zip(KEYS, self._asked.answers(), strict=False):
            button = KeyButton(choice.words, key)
            button.setToolTip(choice.below)
            button.clicked.connect(
                lambda _checked=False, choice=choice: self.saving.emit(self._asked.settle(choice))
            )
            self._answers.append(button)
        self._grid.addWidget(flowing(*self._answers), 1, 0, 1, 3)
