"""How long things are kept, what is due, and giving up what nobody has to decide about."""

from PySide6.QtCore import Signal

from gui.actions.retention import give_up
from gui.desk import Desk
from gui.i18n import _
from gui.models import retention
from gui.models.retention import Overview
from gui.ops import QueryOp, TaskOp
from gui.pages.settings.section import HalvesSection, SideForm, row_of
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.tables import TableView
from storage.operators import KEYS
from storage.queries.retention import Due


class RetentionSection(HalvesSection):
    """What is due at the left; how long things are kept at the right. ``opened`` carries a person who is due."""

    opened = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found = Overview((), {})
        self.rows = retention.model(lambda: self._found.titles)
        self.table = TableView(self.rows, _("Kept long enough"))
        self.state = EmptyState(_("Reading the ledger…"))
        self.table.set_empty(self.state)
        self.give_up = KeyButton(_("Give up old backups and log lines…"), "G")
        self.asking = SideForm(
            _("Give up what is due"),
            _("Give up"),
            label(_("Backups and log lines whose time is over are deleted. People stay: each is decided by hand."),
                  wrap=True),
            key="",
        )  # fmt: skip
        self.times = label("", wrap=True)
        self.about = self._make_about()
        left = Card(_("Kept long enough"))
        left.add(self.table, 1)
        self.put(left, self.table, self.about, self.asking)
        self._listen()
        self.follow_policy()

    def follow_policy(self) -> None:
        """Say how long the policy in force keeps things."""
        self.times.setText("\n\n".join(retention.times(self.desk.policy)))

    def refresh(self) -> None:
        policy, today = self.desk.policy, self.desk.today
        op = QueryOp(lambda ledger: retention.read(ledger, policy, today), slot="retention", later=True)
        self.desk.ask(op, self._on_read, owner=self)

    def _make_about(self) -> Card:
        card = Card(_("How long things are kept"))
        who = (
            _("Enter opens a person; on the page of people they are erased. Nothing is erased by itself.")
            if self.desk.is_office
            else _("People are erased by the office, in every village at once. Nothing is erased by itself.")
        )
        for widget in (self.times, label(who, wrap=True), row_of(self.give_up)):
            card.add(widget)
        card.body.addStretch(1)
        return card

    def _listen(self) -> None:
        self.desk.permit(KEYS, self.give_up)
        self.table.opened.connect(self._on_due_opened)
        self.give_up.clicked.connect(self._on_give_up)
        self.asking.ready.connect(self._carry_out)

    def _on_due_opened(self, one: Due) -> None:
        if one.what == "person":
            self.opened.emit(one)

    def _on_read(self, found: Overview) -> None:
        self._found = found
        self.state.show_words(_("Nothing has been kept too long."))
        self.rows.set_rows(found.due)
        if found.due and self.table.current_row() is None:
            self.table.selectRow(0)
        self.give_up.setEnabled(bool(found.files))

    def _on_give_up(self) -> None:
        self.asking.begin()
        self.show_card(self.asking)

    def _carry_out(self) -> None:
        policy, today = self.desk.policy, self.desk.today
        self.desk.run(
            TaskOp(lambda ledger, _task: give_up(ledger, policy, today)),
            self._on_given_up,
            owner=self,
            refused=lambda error: self.asking.refusing(self.desk, error),
        )

    def _on_given_up(self, gone: int) -> None:
        self.close_form()
        self.refresh()
        self.desk.events.exchanged.emit()
        self.desk.events.told.emit(_("given up: {count}").format(count=gone), False)
