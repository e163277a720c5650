"""Doubles, settled by key: what stands beside what, which one the 2020 rule keeps and why, what it costs."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme as themes
from gui.actions import doubles as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import doubles as models
from gui.models.doubles import Found, Shown
from gui.ops import QueryOp
from gui.pages.pending.compare import KEYS, value_label
from gui.pages.pending.section import Section
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import TagLabel, label
from gui.widgets.notices import EmptyState
from gui.widgets.pieces import Tag
from gui.wording import doubles as words
from storage import operators
from storage.queries.doubles import Double

_NARROW = 860  # px


class SideCard(QFrame):
    """One side of a double with the key that keeps it."""

    def __init__(self, side: Shown, key: str) -> None:
        super().__init__()
        theme = themes.current()
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = KeyButton(_("Keep this one"), key, primary=side.proposed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        if side.keepable:
            head.addWidget(self.button)
        head.addStretch(1)
        if side.proposed:
            head.addWidget(TagLabel(Tag(_("proposed"), "ok")), 0, Qt.AlignmentFlag.AlignVCenter)
        if side.keepable or side.proposed:
            column.addLayout(head)
        column.addWidget(label(side.title, "heading", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(side.lines):
            grid.addWidget(label(line.title, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value_label(line), row, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self.setAccessibleName("\n".join([side.title, *(f"{line.title} {line.text}" for line in side.lines)]))


class DoublesSection(Section):
    """All doubles of the ledger, or of one village."""

    def __init__(self, desk: Desk) -> None:
        empty = EmptyState(_("Nobody is double"), _("People entered or insured twice would stand here."))
        super().__init__(desk, models.model(), _("Doubles"), empty)
        self.found = Found()
        self.cards: list[SideCard] = []
        self.proposal, self.stake = label("", "heading", wrap=True), label("", wrap=True)
        self.why, self.sources = label("", "", wrap=True), label("", "small", wrap=True)
        self.accept = KeyButton(_("Take the proposal"), "A", primary=True)
        self.apart = KeyButton(_("Two people"), "D")
        self.card_button = KeyButton(_("Open the household"), "H")
        self.reveal_button = KeyButton(_("Hold to show"), "R", bind=False)
        self._sides = QWidget()
        self._grid = QGridLayout(self._sides)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(themes.current().px(10))
        for widget in (self.proposal, self.stake):
            self.body.addWidget(widget)
        below: tuple[QWidget, ...] = (self.why, self._sides, self.sources)
        for part in below:
            self.below.addWidget(part)
        self.add_buttons(self.accept, self.apart, self.card_button, self.reveal_button)
        self.reveal = self.hold_to_show(self.reveal_button)
        self.reveal.changed.connect(lambda _on: self._show_cards())
        self.accept.clicked.connect(self._on_accept)
        self.apart.clicked.connect(self._on_apart)
        self.card_button.clicked.connect(self._on_card)
        self.rows.ticks_changed.connect(lambda _count: self._offer_together())
        why = desk.why_not(operators.RECORD)
        self.together.forbid(why)
        for button in (self.accept, self.apart):
            button.forbid(why)

    def refresh(self) -> None:
        policy = self.desk.policy
        scope = None if self.desk.is_office else self.desk.profile.scope
        op = QueryOp(lambda ledger: models.read(ledger, policy, scope), slot="doubles", later=True)
        self.desk.ask(op, self._on_read, owner=self)

    def take_scope(self, scope: str) -> None:
        super().take_scope(scope)
        self._fill()

    def villages(self) -> dict[str, str]:
        scopes = sorted({side.scope for one in self.found.doubles for side in one.sides})
        return {scope: self.found.titles.get(scope, scope) for scope in scopes}

    def show_item(self, item: Double) -> None:
        titles, policy = self.found.titles, self.desk.policy
        self.title.setText(models.name_of(item))
        self.proposal.setText(words.kept_text(titles, item))
        self.stake.setText(words.stake_text(item.stake))
        reasons = [*item.verdict.reasons, *item.stake.reasons]
        self.why.setText("\n".join(words.told(policy, one, titles) for one in reasons))
        self.sources.setText("\n".join(words.sources(policy, reasons)))
        self.sources.setVisible(bool(self.sources.text()))
        self.accept.setVisible(item.verdict.kept is not None)
        self.apart.setVisible(models.can_be_two(item))
        self.card_button.setVisible(not self.desk.is_office)
        self._show_cards()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    # ---- the list

    def _on_read(self, found: Found) -> None:
        self.found = found
        self._fill()

    def _fill(self) -> None:
        found = self.found.of_village(self.scope)
        self.fill(found)
        self.counted.emit(len(found))
        self._offer_together()

    def _chosen(self) -> list[Double]:
        """What would be settled together: of the ticked ones, else of all, those that are safe."""
        return [one for one in (self.rows.ticked_rows() or self.rows.rows) if one.safe]

    def _offer_together(self) -> None:
        count, ticked = len(self._chosen()), len(self.rows.ticked_rows())
        told = _("{count} proposals follow from the rule alone and can be taken back.").format(count=count)
        asked = _("{count} are settled as proposed; nothing is deleted. Shall they?").format(count=count)
        shown = told if count > 1 or (ticked and count) else ""
        take = _("Take these {count}").format(count=count)
        self.together.offer(shown, take, asked, take, _("Leave it for now"))

    # ---- one double

    def _show_cards(self) -> None:
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        double: Double | None = self.current()
        masked = not self.reveal.on
        sides = models.shown(self.desk.policy, self.found.titles, double, masked=masked) if double else []
        if double is not None:
            common = models.common(self.desk.policy, self.found.titles, double, masked=masked)
            self.where.setText(" · ".join([words.code_text(double.code), *common]))
        self.cards = []
        for number, side in enumerate(sides):
            card = SideCard(side, KEYS[number : number + 1])
            card.button.forbid(self.desk.why_not(operators.RECORD))
            card.button.clicked.connect(lambda _checked=False, number=number: self._keep(number))
            self.cards.append(card)
        self._place()

    def _place(self) -> None:
        beside = 1 if self.width() < themes.current().px(_NARROW) else 2
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < beside))
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // beside, number % beside)

    # ---- answering

    def _on_accept(self) -> None:
        double: Double | None = self.current()
        if double is not None and double.verdict.kept is not None:
            self._keep(double.verdict.kept)

    def _keep(self, number: int) -> None:
        double: Double | None = self.current()
        if double is None:
            return
        told = _("{name}: {what}").format(
            name=models.name_of(double), what=words.side_text(self.found.titles, double.sides[number])
        )
        told = _("Kept · {what}").format(what=told)
        op = actions.keep_op(self.desk.policy, double, number, today=self.desk.today, told=told)
        self.change(op, lambda: self._drop([double]))

    def _on_apart(self) -> None:
        double: Double | None = self.current()
        if double is not None and models.can_be_two(double):
            told = _("Two people: {name}").format(name=models.name_of(double))
            self.change(actions.two_people_op(double, told=told), lambda: self._drop([double]))

    def settle_together(self) -> None:
        chosen = self._chosen()
        told = _("Settled as proposed: {count}").format(count=len(chosen))
        op = actions.keep_many_op(self.desk.policy, chosen, today=self.desk.today, told=told)
        self.rows.tick(self.rows.rows, False)
        self.change(op, lambda: self._drop(chosen))

    def _drop(self, settled: list[Double]) -> None:
        """What was settled leaves the list at once, before everything is read anew."""
        keys = {one.key for one in settled}
        left = tuple(one for one in self.found.doubles if one.key not in keys)
        self._on_read(Found(left, self.found.titles))
        self.to_list()

    def _on_card(self) -> None:
        double: Double | None = self.current()
        home = next((side.home for side in double.sides if side.home), None) if double else None
        if home is not None:
            self.card_wanted.emit(home.record)
