"""The insurance years: each with where it stands, opening the next one, taking that back."""

from PySide6.QtWidgets import QComboBox

from gui.actions import years as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import years
from gui.models.years import Line, Shelf
from gui.ops import QueryOp
from gui.pages.settings.section import HalvesSection, SideForm, row_of, tell_refusal
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState, ErrorLine
from gui.widgets.tables import TableView
from gui.wording import years as words
from storage.carrying import Plan
from storage.commands.years import Opened
from storage.ledger import Changes
from storage.operators import EXCHANGE, RECORD

_LEAST = 260


class AskForm(SideForm):
    """What is about to happen, in lines; ``policy_id`` is whose year is opened."""

    def __init__(self, title: str, go: str) -> None:
        self.words, self.policy_id = label("", wrap=True), ""
        super().__init__(title, go, self.words, key="")

    def start(self, lines: list[str], policy_id: str = "") -> None:
        """Ask about this."""
        self.begin()
        self.policy_id = policy_id
        self.words.setText("\n".join(lines))


class YearSection(HalvesSection):
    """The years at the left; what can be done about the next one at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shelf: Shelf | None = None
        self.lines = years.model()
        self.table = TableView(self.lines, _("Insurance years"), wraps=True)
        self.table.set_empty(EmptyState(_("Reading the ledger…")))
        self.offers = QComboBox()
        self.offers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.offers.setMinimumContentsLength(12)
        self.field = FormField(_("Policy of the new year"), self.offers)
        self.hint = label("", wrap=True)
        self.missing = label("", wrap=True)
        self.open = KeyButton(_("Open the new year…"), "N", primary=True)
        self.carry = KeyButton(_("Carry over what is missing…"), "C")
        self.revert = KeyButton(_("Take back what was carried over…"), "B")
        self.trouble = ErrorLine()
        self.about = self._make_about()
        self.opening = AskForm(_("Open the new year"), _("Open it"))
        self.reverting = AskForm(_("Take back what was carried over"), _("Take it back"))
        left = Card(_("Insurance years"))
        left.add(self.table, 1)
        left.add(label(_("Enter shows a year on all pages."), "small", wrap=True))
        self.put(left, self.table, self.about, self.opening, self.reverting, least=_LEAST)
        desk.permit(EXCHANGE if desk.is_office else RECORD, self.open)
        desk.permit(RECORD, self.carry, self.revert)
        self._listen()

    def refresh(self) -> None:
        today = self.desk.today
        op = QueryOp(lambda ledger: years.read(ledger, today), slot="years", later=True)
        self.desk.ask(op, self._on_read, owner=self)

    def _make_about(self) -> Card:
        card = Card(_("The next year"))
        for widget in (
            self.hint,
            self.field,
            row_of(self.open),
            self.missing,
            row_of(self.carry, self.revert),
            self.trouble,
        ):
            card.add(widget)
        card.body.addStretch(1)
        return card

    def _listen(self) -> None:
        self.table.opened.connect(self._on_year_opened)
        self.open.clicked.connect(self._on_open)
        self.carry.clicked.connect(self._on_carry)
        self.revert.clicked.connect(self._on_revert)
        for form, done in ((self.opening, self._carry_out), (self.reverting, self._carry_back)):
            form.ready.connect(done)

    # ---- showing

    def _on_read(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.lines.set_rows(shelf.lines)
        if shelf.lines and self.table.current_row() is None:
            self.table.selectRow(0)
        self.offers.clear()
        for head in shelf.offers:
            self.offers.addItem(f"{head.year} · {head.title}", head.id)
        self._show_next(shelf)
        count = years.to_carry(shelf.missing)
        self.missing.setText(words.missing(shelf.missing, count))
        self.missing.setVisible(bool(count))
        self.carry.setVisible(bool(count))
        self.revert.setVisible(len(shelf.lines) > 1)

    def _show_next(self, shelf: Shelf) -> None:
        """Say who opens the next year, and let it be opened where that is here."""
        desk = self.desk
        own = desk.is_office or desk.facts.standalone
        self.hint.setText(
            words.hint(
                desk.profile.office, own=own, standalone=desk.facts.standalone, offers=bool(shelf.offers)
            )
        )
        for widget in (self.field, self.open):
            widget.setVisible(own and bool(shelf.offers))

    def _on_year_opened(self, line: Line) -> None:
        self.desk.show_year(line.year.year)

    # ---- asking

    def _on_open(self) -> None:
        name = str(self.offers.currentData() or "")
        self.trouble.show_error("")
        self.desk.run(
            QueryOp(lambda ledger: years.look(ledger, name)),
            lambda plan: self._ask(plan, name),
            owner=self,
            refused=lambda error: tell_refusal(self.desk, error, self.trouble),
        )

    def _ask(self, plan: Plan, name: str) -> None:
        self.opening.start([*self._planned(plan), *words.after(office=self.desk.is_office)], name)
        self.show_card(self.opening)

    def _on_carry(self) -> None:
        if self._shelf is not None:
            self.opening.start(self._planned(self._shelf.missing))
            self.show_card(self.opening)

    def _planned(self, plan: Plan) -> list[str]:
        return words.plan_lines(plan, self._shelf.titles if self._shelf is not None else {})

    def _on_revert(self) -> None:
        facts = self.desk.facts
        self.reverting.start(words.reverting(facts.policy.year, standalone=facts.standalone))
        self.show_card(self.reverting)

    # ---- doing

    def _carry_out(self) -> None:
        form = self.opening
        self.desk.run(
            actions.open_year(form.policy_id),
            self._on_opened,
            owner=self,
            refused=lambda error: form.refusing(self.desk, error),
        )

    def _on_opened(self, done: Opened) -> None:
        self.close_form()
        self.refresh()
        self.desk.events.told.emit(words.done_lines(done, {})[-1], False)

    def _carry_back(self) -> None:
        form, year = self.reverting, self.desk.facts.policy.year
        self.desk.run(
            actions.take_back(year),
            lambda changes: self._on_back(year, changes),
            owner=self,
            refused=lambda error: form.refusing(self.desk, error),
        )

    def _on_back(self, year: int, changes: Changes) -> None:
        self.close_form()
        self.refresh()
        self.desk.events.told.emit(words.taken_back(year, len(changes.oids)), False)
