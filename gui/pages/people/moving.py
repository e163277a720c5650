"""The form that moves somebody to another village, and back: where to, since when, and who will see what."""

from functools import partial

from PySide6.QtWidgets import QComboBox, QWidget

from gui.actions import moves as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import moving
from gui.models.moving import Outlook, Start
from gui.models.roll import Entry
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.fields import DateField, FormField
from gui.widgets.labels import label
from storage.codes import RELATIONS
from storage.commands.moves import Decision
from storage.errors import RuleViolation
from storage.ledger import Ledger


class MovePanel(Panel):
    """It reads again what the move would show whenever another village or day is chosen."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        name = entry.person.name or _("no name")
        super().__init__(desk, _("{name} moves to another village").format(name=name), _("Move"))
        self.entry, self._name = entry, name
        self.policy = (
            desk.facts.policy
        )  # who counts where is decided for the year in force, whichever is shown
        self._start: Start | None = None
        self._looked: Outlook | None = None
        self.where = label("", "soft", wrap=True)
        self._grid.addWidget(self.where, 0, 0, 1, 3)
        self.to, self.home, self.relation = QComboBox(), QComboBox(), QComboBox()
        self.on = DateField(desk.today)
        self.on.set_day(desk.today)
        self.place("to", FormField(_("To which village"), self.to), 1, 0)
        self.place("on", FormField(_("Since when"), self.on), 1, 1)
        self.place("reason", line_field(_("Why"), hint=_("Both villages can read it.")), 1, 2)
        self.place("household", FormField(_("Into which household"), self.home), 2, 0)
        self.place("relation", FormField(_("Relation to the head"), self.relation), 2, 1)
        for code, words in {"": "", **RELATIONS}.items():
            self.relation.addItem(words, code)
        self.fields["relation"].hide()
        self.outlook = label("", wrap=True)
        self._grid.addWidget(self.outlook, 3, 0, 1, 3)
        self.save_button.setEnabled(False)
        self.to.currentIndexChanged.connect(lambda _line: self._look())
        self.on.changed.connect(self._look)
        self.home.currentIndexChanged.connect(lambda _line: self._on_home_chosen())
        person = entry.person
        op = QueryOp(lambda ledger: moving.read(ledger, person.scope, person.record))
        desk.ask(op, self._on_read, owner=self)

    def first(self) -> QWidget:
        return self.to

    def op(self) -> ChangeOp:
        start, scope = self._start, str(self.to.currentData() or "")
        if start is None or not scope:
            raise Unfilled("to", _("Choose the village."))
        on = self.day_of("on", needed=True)
        assert on is not None
        home = str(self.home.currentData() or "")
        relation = str(self.relation.currentData() or "") if home else ""
        decision = Decision(scope, on, self.text_of("reason"), home, relation)
        told = _("{who} counts in {village} from now on; both villages hear of it with their next file.")
        return actions.move(
            self.policy,
            start.where.scope,
            start.where.record,
            decision,
            today=self.desk.today,
            told=told.format(who=self._name, village=start.title(scope)),
        )

    def _on_read(self, start: Start) -> None:
        self._start = start
        self.where.setText(moving.where_text(start))
        self.to.blockSignals(True)
        self.to.clear()
        for scope in start.targets:
            self.to.addItem(moving.target_text(start, scope), scope)
        self.to.blockSignals(False)
        if not start.targets:
            self.fields["to"].set_error(_("There is no other village here yet: make its kit first."))
        self._look()

    def _look(self) -> None:
        """Ask what would be seen by whom."""
        start, scope, on = self._start, str(self.to.currentData() or ""), self.on.day()
        if start is None or not scope or on is None:
            return
        decision, policy, today, where = Decision(scope, on), self.policy, self.desk.today, start.where

        def look(ledger: Ledger) -> Outlook:
            return moving.look(ledger, policy, where, decision, today=today)

        self.desk.run(
            QueryOp(look, slot="move"), partial(self._on_looked, start), owner=self, refused=self._on_refused
        )

    def _on_refused(self, error: Exception) -> bool:
        if not isinstance(error, RuleViolation):
            return False
        self.show_refusal(error)
        self.save_button.setEnabled(False)
        return True

    def _on_looked(self, start: Start, found: Outlook) -> None:
        for name in ("to", "on"):
            self.fields[name].set_error("")
        self.save_button.setEnabled(True)
        self.outlook.setText("\n".join(moving.outlook_lines(self.policy, start, self._name, found)))
        if self._looked is None or self._looked.decision.to != found.decision.to:
            self._offer_homes(found)
        self._looked = found

    def _offer_homes(self, found: Outlook) -> None:
        self.home.clear()
        alone = _("where they were before") if found.known else _("a household of their own")
        self.home.addItem(alone, "")
        for record, words in found.homes:
            self.home.addItem(words, record)

    def _on_home_chosen(self) -> None:
        self.fields["relation"].setVisible(bool(self.home.currentData()))
