"""Doubtful ID numbers, one after the other: what each may have been, taken by key or typed from the card."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui import wording
from gui.actions import repair as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import repair as models
from gui.models.pending import Choice
from gui.models.repair import Offer, Work
from gui.ops import ChangeOp, QueryOp
from gui.pages.pending.compare import KEYS
from gui.pages.pending.section import Section
from gui.pages.pending.view import AnswerLine
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import ProgressBar
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.pieces import Bar
from storage import operators
from storage.queries.repair import Proposals, Unsound

_MOST_SURE = 400
"""Numbers that are looked through for sure ones: what lies under more of them is for a village of its own."""


class RepairSection(Section):
    """The worklist of ID numbers."""

    def __init__(self, desk: Desk) -> None:
        empty = EmptyState(_("All ID numbers are in order"), _("Doubtful ones would stand here."))
        super().__init__(desk, models.model(), _("ID numbers"), empty)
        self.work, self.offers = Work(), Proposals()
        self.sure: list[tuple[Unsound, str]] = []
        self.lines: list[AnswerLine] = []
        self.bar, self.progress = ProgressBar(), label("", "soft")
        self.head.addWidget(self.progress)
        self.head.addWidget(self.bar)
        self.what, self.hint = label("", wrap=True), label("", "soft", wrap=True)
        self._offers = QWidget()
        self._column = QVBoxLayout(self._offers)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(themes.current().px(10))
        self.typed = QLineEdit()
        self.typed.setMaximumWidth(themes.current().px(320))
        self.field = FormField(_("The number as it stands on the card"), self.typed)
        for widget in (self.what, self._offers, self.hint, self.field):
            self.body.addWidget(widget)
        self.write = KeyButton(_("Type it from the card"), "E")
        self.take = KeyButton(_("Take what is typed"), "Return", bind=False)
        self.stays = KeyButton(_("Checked, it stays"), "K")
        self.card_button = KeyButton(_("Open the household"), "H")
        self.reveal_button = KeyButton(_("Hold to show"), "R", bind=False)
        self.add_buttons(self.take, self.write, self.stays, self.card_button, self.reveal_button)
        self.reveal = self.hold_to_show(self.reveal_button)
        self._listen()

    def _listen(self) -> None:
        self.reveal.changed.connect(lambda _on: self._show_offers())
        self.write.clicked.connect(self._on_write)
        self.take.clicked.connect(self._on_typed)
        self.typed.returnPressed.connect(self._on_typed)
        self.typed.textChanged.connect(self._judge)
        self.stays.clicked.connect(self._on_stays)
        self.card_button.clicked.connect(self._on_card)
        why = self.desk.why_not(operators.RECORD)
        self.together.forbid(why)
        for button in (self.write, self.take, self.stays):
            button.forbid(why)

    def refresh(self) -> None:
        policy = self.desk.policy
        scope = None if self.desk.is_office else self.desk.profile.scope
        op = QueryOp(lambda ledger: models.read(ledger, policy, scope), slot="repairs", later=True)
        self.desk.ask(op, self._on_read, owner=self)

    def take_scope(self, scope: str) -> None:
        super().take_scope(scope)
        self._fill()

    def villages(self) -> dict[str, str]:
        scopes = sorted({one.scope for one in self.work.items})
        return {scope: self.work.titles.get(scope, scope) for scope in scopes}

    def back(self) -> bool:
        if self.typed.hasFocus():
            self._rest()
            self.to_list()
            return True
        return super().back()

    # ---- the list

    def _on_read(self, work: Work) -> None:
        self.work = work
        self._fill()

    def _fill(self) -> None:
        found, progress = self.work.of_village(self.scope), self.work.progress
        self.fill(found)
        self.counted.emit(len(found))
        self.progress.setText(models.progress_text(progress))
        done = progress.sound + progress.checked
        self.bar.show_bar(Bar(done / progress.people if progress.people else 1.0, tone="ok"))
        self.sure = []
        self._offer_together()
        if found and len(found) <= _MOST_SURE:
            op = QueryOp(lambda ledger: models.sure(ledger, tuple(found)), slot="sure numbers", later=True)
            self.desk.ask(op, self._on_sure_read, owner=self)

    def _on_sure_read(self, found: list[tuple[Unsound, str]]) -> None:
        shown = {item.key for item in self.rows.rows}
        self.sure = [(item, number) for item, number in found if item.key in shown]
        self._offer_together()

    def _offer_together(self) -> None:
        count = len(self.sure)
        told = _("{count} numbers can only be one: written otherwise, or held elsewhere for this person.")
        asked = _("{count} numbers are corrected; it can be taken back. Shall they?").format(count=count)
        take = _("Take these {count}").format(count=count)
        self.together.offer(
            told.format(count=count) if count > 1 else "", take, asked, take, _("Leave it for now")
        )

    # ---- one number

    def show_item(self, item: Unsound) -> None:
        self.title.setText(item.person.name or _("no name"))
        self.where.setText(models.where(self.work.titles, item))
        self.card_button.setVisible(not self.desk.is_office)
        self.offers = Proposals()
        self._rest()
        self._show_offers()
        op = QueryOp(lambda ledger: (item, models.offers(ledger, item)), slot="number offers")
        self.desk.ask(op, self._on_offers_read, owner=self)

    def _on_offers_read(self, found: tuple[Unsound, Proposals]) -> None:
        item, offers = found
        current: Unsound | None = self.current()
        if current is not None and current.key == item.key:
            self.offers = offers
            self._show_offers()

    def _show_offers(self) -> None:
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        item: Unsound | None = self.current()
        if item is None:
            return
        masked = not self.reveal.on
        number = item.person.id_number
        shown = wording.id_number(number) if masked else number
        told = wording.doubt_text(item.doubts)
        self.what.setText(_("{number}: {doubt}").format(number=shown, doubt=told) if number else told)
        titles = self.work.titles
        for at, offer in enumerate(
            models.offered(self.desk.policy, titles, item, self.offers, masked=masked)
        ):
            self._add(item, offer, KEYS[at : at + 1], first=at == 0 and offer.proposal.sure)
        self._offers.setVisible(bool(self.lines))
        rest = len(self.offers.rest)
        more = _("{count} numbers are possible: look at the card and type it.").format(count=rest)
        self.hint.setText(more if rest and not self.lines else "")
        self.hint.setVisible(bool(self.hint.text()))

    def _add(self, item: Unsound, offer: Offer, key: str, *, first: bool) -> None:
        below = " · ".join(part for part in (offer.warning, offer.why) if part)
        line = AnswerLine(Choice(offer.number, below, offer.proposal.number), key, first)
        line.button.forbid(self.desk.why_not(operators.RECORD))
        number = offer.proposal.number
        line.button.clicked.connect(lambda: self._accept(item, number))
        self.lines.append(line)
        self._column.addWidget(line)

    # ---- answering

    def _accept(self, item: Unsound, number: str) -> None:
        told = _("ID number corrected: {name}, {number}").format(
            name=item.person.name, number=wording.id_number(number)
        )
        op = actions.accept(item, number, today=self.desk.today, told=told)
        self._settle(op, [item])

    def _on_stays(self) -> None:
        item: Unsound | None = self.current()
        if item is not None:
            told = _("Checked, it stays: {name}").format(name=item.person.name)
            self._settle(actions.stays(item, told=told), [item])

    def settle_together(self) -> None:
        told = _("ID numbers corrected: {count}").format(count=len(self.sure))
        op = actions.accept_many(self.sure, today=self.desk.today, told=told)
        self._settle(op, [item for item, _number in self.sure])

    def _settle(self, op: ChangeOp, settled: list[Unsound]) -> None:
        self.change(op, lambda: self._drop(settled))

    def _drop(self, settled: list[Unsound]) -> None:
        """What was settled leaves the list at once, before everything is read anew."""
        keys = {item.key for item in settled}
        left = tuple(item for item in self.work.items if item.key not in keys)
        self._on_read(Work(left, self.work.progress, self.work.titles))
        self.to_list()

    # ---- typing it

    def _on_write(self) -> None:
        self.field.show()
        self.take.show()
        self.typed.setText(self.offers.stem)
        self.typed.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.scroller.reveal(self.field)

    def _rest(self) -> None:
        self.typed.clear()
        self.field.set_error("")
        self.field.setVisible(False)
        self.take.setVisible(False)

    def _judge(self, text: str) -> None:
        number, told = models.judged(text, self.desk.today)
        self.field.set_error("")
        self.field.set_hint(told)
        self.take.setEnabled(bool(number))

    def _on_typed(self) -> None:
        item: Unsound | None = self.current()
        number, told = models.judged(self.typed.text(), self.desk.today)
        if item is None:
            return
        if number:
            self._accept(item, number)
        else:
            self.field.set_error(told or _("Type the number as it stands on the card."))

    def _on_card(self) -> None:
        item: Unsound | None = self.current()
        if item is not None and item.person.household:
            self.card_wanted.emit(item.person.household)
