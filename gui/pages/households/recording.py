"""Recording facts on the household page: which form a key opens, for whom, and what happens when it is done."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gui.actions import facts
from gui.desk import Desk
from gui.i18n import _
from gui.models import pending
from gui.models.pending import Question
from gui.models.people import ABSENCE, BASIS, CORRECT, CREDENTIAL, HELP, NEW, PAY, SETTLE
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Member, Panel, households_of, names_of, residents_of
from gui.pages.households.panels.credential import CredentialPanel
from gui.pages.households.panels.facts import AbsencePanel, HelpPanel
from gui.pages.households.panels.family import FamilyPanel
from gui.pages.households.panels.identity import AddPanel, IdentityPanel, RemovePanel
from gui.pages.households.panels.payment import PaymentPanel, VoidPanel
from gui.pages.households.panels.phone import PhonePanel
from gui.pages.households.panels.settle import SettlePanel
from gui.pages.households.panels.takeback import TakeBackPanel
from gui.pages.households.panels.together import TogetherPanel
from gui.pages.households.panels.visit import VisitPanel
from gui.pages.households.panels.why import WhyPanel
from gui.pages.households.view import HouseholdsView
from storage.ledger import Ledger
from storage.queries.cards import HouseholdCard
from storage.queries.history import HistoryRow

TOGETHER, VISIT, PHONE, FAMILY, ADD, REMOVE = "A", "V", "T", "K", "N", "Ctrl+Delete"
"""The keys of what is done to a household."""

_LAID_OUT = (0, 40, 160)
"""Milliseconds until a new form has its height: at once, once its words are wrapped, on a slow computer."""


class Recorder(QObject):
    """One form at a time; ``opened`` tells whether one is open now, ``recorded`` that a fact was written."""

    opened = Signal(bool)
    recorded = Signal()

    def __init__(
        self,
        desk: Desk,
        view: HouseholdsView,
        members: Callable[[], list[Member]],
        home: Callable[[], HouseholdCard | None],
    ) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._members, self._home = members, home
        self.panel: Panel | None = None

    def act(self, key: str) -> None:
        """Do what a key stands for: a form about the household, about the people meant, or a mark at once."""
        home, members = self._home(), self._members()
        if key in _OF_HOME:
            if home is not None:
                self.open(_OF_HOME[key](self._desk, home))
        elif key == SETTLE:
            self._ask_questions()
        elif members and key == NEW:
            self._toggle_new(members)
        elif members:
            self.open(panel_for(self._desk, key, members))

    def take_back(self, row: HistoryRow) -> None:
        """Open the form that takes an entry of the history back."""
        home = self._home()
        if home is not None:
            self.open(TakeBackPanel(self._desk, row, home.household.record))

    def open(self, panel: Panel) -> None:
        """Show a form in place of the one before; what is only to read is open to all."""
        if not isinstance(panel, WhyPanel) and self._desk.refuses_entries():
            return
        self.close()
        self.panel = panel
        panel.closed.connect(self.close)
        panel.saving.connect(self._on_saving)
        panel.instead.connect(self.act)
        panel.grown.connect(self._bring_into_sight)
        self.opened.emit(True)
        self._desk.events.began.emit()
        self._view.open_below(panel)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._bring_into_sight()

    def close(self) -> None:
        """Take the form away, if there is one."""
        if self.panel is not None:
            self.panel = None
            self._view.open_below(None)
            self.opened.emit(False)

    def _toggle_new(self, members: Sequence[Member]) -> None:
        """Mark the people as newly enrolled this year, or take the mark away where all have it."""
        if self._desk.refuses_entries():
            return
        new = not all(card.person.new for _home, card in members)
        words = _("New this year: {names}") if new else _("Not new this year: {names}")
        op = facts.new_enrollee(
            residents_of(members),
            new=new,
            year=self._desk.policy.year,
            told=words.format(names=names_of(members)),
            households=households_of(members),
        )
        self._desk.change(op, self._on_saved, owner=self)

    def _ask_questions(self) -> None:
        """Read what waits about the household; nobody waits for it."""
        home, policy = self._home(), self._desk.policy
        if home is None:
            return
        record, scope = home.household.record, self._desk.profile.scope

        def read(ledger: Ledger) -> list[Question]:
            return [one for one in pending.read(ledger, policy, scope) if one.item.household == record]

        self._desk.ask(QueryOp(read, slot="settle"), self._on_questions_read, owner=self)

    def _on_questions_read(self, found: list[Question]) -> None:
        """Put the question about the chosen person first, then the household's, then everybody else's."""
        home, members = self._home(), self._members()
        if home is None:
            return
        asked = [one for one in found if one.item.household == home.household.record]
        chosen = members[0][1].person.record if members else ""
        asked.sort(key=lambda one: (not one.item.ours, one.item.resident != chosen, bool(one.item.resident)))
        if asked:
            self.open(SettlePanel(self._desk, asked[0], len(asked) - 1))

    def _bring_into_sight(self) -> None:
        for pause in _LAID_OUT:
            QTimer.singleShot(pause, self._view, self._view.show_panel)

    def _on_saving(self, op: ChangeOp) -> None:
        panel = self.panel
        if panel is not None:
            self._desk.change(op, self._on_saved, owner=panel, refused=panel.show_refusal)

    def _on_saved(self, _result: object) -> None:
        self.recorded.emit()
        self.close()


def panel_for(desk: Desk, key: str, members: Sequence[Member]) -> Panel:
    """The form a key opens: for somebody who has paid, the payment itself and the way to take it back."""
    if key == PAY:
        return _payment(desk, members)
    if key in _OF_ONE:
        return _OF_ONE[key](desk, members[0])
    return _OF_SEVERAL[key](desk, members)


def _why(desk: Desk, member: Member) -> Panel:
    person = member[1].person
    return WhyPanel(desk, person.scope, person.record, person.name)


def _payment(desk: Desk, members: Sequence[Member]) -> Panel:
    unpaid = [(home, card) for home, card in members if card.person.paid == "none"]
    if unpaid:
        return PaymentPanel(desk, unpaid)
    claims = sorted(members[0][1].person.claims, key=lambda claim: claim.confirmed)
    if claims[0].confirmed:  # only a list can take back what a list says
        return _why(desk, members[0])
    return VoidPanel(desk, members[0], claims[0])


_OF_HOME: Mapping[str, Callable[[Desk, HouseholdCard], Panel]] = {
    TOGETHER: TogetherPanel,
    VISIT: VisitPanel,
    PHONE: PhonePanel,
    FAMILY: FamilyPanel,
    ADD: AddPanel,
}
_OF_ONE: Mapping[str, Callable[[Desk, Member], Panel]] = {
    BASIS: _why,
    CORRECT: IdentityPanel,
    REMOVE: RemovePanel,
}
_OF_SEVERAL: Mapping[str, Callable[[Desk, Sequence[Member]], Panel]] = {
    CREDENTIAL: CredentialPanel,
    HELP: HelpPanel,
    ABSENCE: AbsencePanel,
}
