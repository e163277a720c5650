"""Recording facts on the household page: which form a key opens, for whom, and what happens when it is done."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gui.actions import facts
from gui.desk import Desk
from gui.i18n import _
from gui.models.people import ABSENCE, CREDENTIAL, HELP, PAY
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Member, Panel, households_of, names_of, residents_of
from gui.pages.households.panels.facts import AbsencePanel, CredentialPanel, HelpPanel
from gui.pages.households.panels.payment import PaymentPanel, VoidPanel
from gui.pages.households.panels.why import WhyPanel
from gui.pages.households.view import HouseholdsView
from storage.queries.cards import HouseholdCard, is_unpaid

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

    def record(self, key: str) -> None:
        """Open the form of a fact for the people meant."""
        members = self._members()
        if members:
            self.open(panel_for(self._desk, key, members))

    def with_home(self, make: Callable[[HouseholdCard], Panel]) -> None:
        """Open a form about the household."""
        home = self._home()
        if home is not None:
            self.open(make(home))

    def with_one(self, make: Callable[[Member], Panel]) -> None:
        """Open a form about one person."""
        members = self._members()
        if members:
            self.open(make(members[0]))

    def all_paid(self) -> None:
        """Open the payment of everybody in the household who has not paid."""
        home = self._home()
        unpaid = [(home, card) for card in home.people if is_unpaid(card)] if home else []
        if unpaid:
            self.open(PaymentPanel(self._desk, unpaid))

    def toggle_new(self) -> None:
        """Mark the people as newly enrolled this year, or take the mark away where all have it."""
        members = self._members()
        if not members or self._desk.refuses_entries():
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

    def open(self, panel: Panel) -> None:
        """Show a form in place of the one before; what is only to read is open to all."""
        if not isinstance(panel, WhyPanel) and self._desk.refuses_entries():
            return
        self.close()
        self.panel = panel
        panel.closed.connect(self.close)
        panel.saving.connect(self._on_saving)
        panel.grown.connect(self._bring_into_sight)
        self.opened.emit(True)
        self._view.open_below(panel)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        for pause in _LAID_OUT:
            QTimer.singleShot(pause, self._view, self._view.show_panel)

    def close(self) -> None:
        """Take the form away, if there is one."""
        if self.panel is not None:
            self.panel = None
            self._view.open_below(None)
            self.opened.emit(False)

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
    if key == CREDENTIAL:
        return CredentialPanel(desk, members)
    if key == HELP:
        return HelpPanel(desk, members)
    if key == ABSENCE:
        return AbsencePanel(desk, members)
    return _why(desk, members[0])


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
