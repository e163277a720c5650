"""What the township asks a village about its people, and what it answered: replied to by key."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gui.actions import reconcile as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import reconcile as models
from gui.models.reconcile import Asked
from gui.ops import ChangeOp, QueryOp
from gui.pages.pending.compare import KEYS
from gui.pages.pending.doubles import SideCard
from gui.pages.reconcile.asking import WordsPanel
from gui.pages.reconcile.sided import SidedSection
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.wording import reconcile as words
from storage import operators
from storage.commands.reconcile import REPLIES
from storage.queries.reconcile import Answer


class AskedSection(SidedSection):
    """Questions of the township, and below them what it has answered."""

    def __init__(self, desk: Desk) -> None:
        empty = EmptyState(_("Nothing is asked"), _("What the township asks or has answered stands here."))
        super().__init__(desk, models.asked_model(), _("Asked by the township"), empty)
        self.asked = Asked()
        self.question, self.reply = label("", "heading", wrap=True), label("", wrap=True)
        for widget in (self.question, self.reply):
            self.body.addWidget(widget)
        self.replies = {
            code: KeyButton(words.reply_text(code), KEYS[place]) for place, code in enumerate(REPLIES)
        }
        for code, button in self.replies.items():
            button.forbid(desk.why_not(operators.RECORD))
            button.clicked.connect(lambda _checked=False, code=code: self.answer(code))
        self.card_button = KeyButton(_("Open the household"), "H")
        self.reveal_button = KeyButton(_("Hold to show"), "R", bind=False)
        self.add_buttons(*self.replies.values(), self.card_button, self.reveal_button)
        self.reveal = self.hold_to_show(self.reveal_button)
        self.reveal.changed.connect(lambda _on: self._show_where())
        self.card_button.clicked.connect(self._on_card)

    def closed_off(self) -> Sequence[QWidget]:
        return (self.buttons,)

    def refresh(self) -> None:
        policy, scope = self.desk.policy, self.desk.profile.scope
        op = QueryOp(lambda ledger: models.read_asked(ledger, policy, scope), slot="asked")
        self.desk.ask(op, self._on_read, owner=self)

    def villages(self) -> dict[str, str]:
        return {}

    def settle_together(self) -> None:
        """Each question is replied to by itself."""

    def show_item(self, item: Answer) -> None:
        self.close_panel()
        asks = item.answer == "ask" and not item.replied
        self.title.setText(item.name or _("somebody the register does not have"))
        self._show_where()
        given = item.why or _("What is right?")
        self.question.setText(given if item.answer == "ask" else words.given_text(item))
        told = _("The township, {day}").format(day=item.on)
        self.reply.setText("\n".join(filter(None, (told, words.replied_text(item)))))
        for button in self.replies.values():
            button.setVisible(asks)
        self.card_button.setVisible(bool(item.household))
        sides = models.asked_sides(self.desk.policy, self.asked, item)
        self.show_cards([SideCard(side, "") for side in sides])

    def answer(self, code: str) -> None:
        """Reply; something else takes words."""
        item: Answer | None = self.current()
        if item is None:
            return
        if code == "other":
            panel = WordsPanel(
                self.desk, code, lambda note: self._op(item, code, note), words.reply_text(code)
            )
            self.open_panel(panel, lambda _result: self.close_panel())
        else:
            self.change(self._op(item, code), lambda: None)

    def _on_read(self, asked: Asked) -> None:
        self.asked = asked
        self.fill(asked.items)
        self.counted.emit(asked.open)

    def _show_where(self) -> None:
        item: Answer | None = self.current()
        if item is not None:
            self.where.setText(models.asked_where(item, masked=not self.reveal.on))

    def _op(self, item: Answer, code: str, note: str = "") -> ChangeOp:
        told = _("Replied: {what}").format(what=words.reply_text(code))
        return actions.reply(item, code, note, today=self.desk.today, told=told)

    def _on_card(self) -> None:
        item: Answer | None = self.current()
        if item is not None and item.household:
            self.card_wanted.emit(item.household)
