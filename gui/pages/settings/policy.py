"""The policy this ledger works by: each value with the paragraph it rests on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import settings
from gui.ops import QueryOp
from gui.pages.households.view import PeopleTable
from gui.pages.settings.section import Section
from gui.widgets.cards import Card
from gui.widgets.labels import label, plain, strong
from gui.widgets.notices import ErrorLine
from gui.wording import in_force
from storage import policies
from storage.policies import InForce


class PolicySection(Section):
    """A table to read."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines = settings.policy_model()
        title = self.title = label("", wrap=True)
        title.setTextFormat(Qt.TextFormat.RichText)
        self.table = PeopleTable(self.lines, _("Policy"))
        self.table.setSortingEnabled(False)
        card = Card(_("Policy"))
        card.add(title)
        self.notice = ErrorLine()
        card.add(self.notice)
        card.add(self.table)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.follow_policy()

    def follow_policy(self) -> None:
        """Show the policy that is in force."""
        desk = self.desk
        words = (
            strong(desk.policy.title)
            + " "
            + plain(_("version {version}").format(version=desk.policy.version))
        )
        if desk.policy.example:
            words += " " + strong(_("Example, in force nowhere"), "warn")
        self.title.setText(words)
        self.lines.set_rows(settings.policy_lines(desk.policy))

    def refresh(self) -> None:
        self.desk.ask(QueryOp(policies.in_force, slot="in_force"), self._on_read, owner=self)

    def _on_read(self, force: InForce) -> None:
        """Say where the office published one that cannot be used here."""
        self.notice.show_error(in_force.notice(force) if force.problem is not None else "")

    def first_focus(self) -> QWidget:
        return self.table
