"""Who works on the ledger: the list at the left, one of them or a form at the right."""

from PySide6.QtCore import Qt

from gui.actions import operators as actions
from gui.desk import Desk, Facts, facts_of
from gui.i18n import _
from gui.models import operators
from gui.ops import QueryOp
from gui.pages.settings.people import (
    AddForm,
    MineForm,
    OperatorCard,
    OperatorForm,
    RemoveForm,
    RenewForm,
)
from gui.pages.settings.section import HalvesSection, tell_refusal
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.tables import TableView
from storage.operators import KEYS, Operator

PASSPHRASE = "passphrase"
"""What another part asks for: the form for one's own passphrase."""
_LEAST = 260  # px


class OperatorsSection(HalvesSection):
    """Let in, change rights, renew, remove: for who manages the keys; one's own passphrase for everybody."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.me = desk.facts.unlocked_by
        self.rows = operators.model(self.me)
        self.table = TableView(self.rows, _("Operators"), wraps=True)
        self.add = KeyButton(_("Let somebody in"), "A", primary=True)
        self.mine = KeyButton(_("Change my passphrase…"), "P")
        self.card, self.adding, self.renewing = OperatorCard(), AddForm(), RenewForm()
        self.changing, self.removing = MineForm(), RemoveForm()
        self._forms = (self.adding, self.renewing, self.changing, self.removing)
        self.put(self._make_list(), self.table, self.card, *self._forms, least=_LEAST)
        self._listen()

    def refresh(self) -> None:
        self.desk.ask(actions.read(), self._on_read, owner=self)

    def take(self, request: object) -> None:
        if request == PASSPHRASE:
            self._begin_mine()

    def _make_list(self) -> Card:
        card = Card(_("Who works here"), self.mine, self.add)
        card.add(self.table, 1)
        words = _(
            "Everybody has a passphrase of their own and writes under their own name. The rights keep order "
            "among colleagues: whoever can open the ledger can read all of it."
        )
        card.add(label(words, "small", wrap=True))
        return card

    def _listen(self) -> None:
        card = self.card
        self.desk.permit(KEYS, self.add, card.save, card.renew, card.remove, card.again)
        self.desk.permit(KEYS, *card.rights.buttons())
        self.table.row_changed.connect(self._on_row_changed)
        self.table.opened.connect(lambda _one: card.rights.setFocus(Qt.FocusReason.TabFocusReason))
        self.add.clicked.connect(lambda: self._begin_add(""))
        card.again.clicked.connect(lambda: self._begin_add(card.one.name if card.one else ""))
        self.mine.clicked.connect(self._begin_mine)
        card.renew.clicked.connect(lambda: self._begin(self.renewing))
        card.remove.clicked.connect(lambda: self._begin(self.removing))
        card.saving.connect(self._on_saving)
        for form in self._forms:
            form.ready.connect(lambda form=form: self._carry_out(form))

    # ---- showing

    def _on_read(self, rows: list[Operator]) -> None:
        self.rows.set_rows(rows)
        if self.table.current_row() is None:
            self.table.select(self.me)
        current = self.table.current_row()
        if current is not None:
            self.card.show_operator(current, self.me)

    def _on_row_changed(self, one: Operator) -> None:
        self.card.show_operator(one, self.me)
        if self.side.shown() is not self.adding:
            self.show_card(self.card)

    def _begin_add(self, name: str) -> None:
        """For somebody new, or for one who was removed before."""
        self.adding.begin(name)
        self.show_card(self.adding)

    def _begin_mine(self) -> None:
        self.changing.begin()
        self.show_card(self.changing)
        self.desk.ask(actions.pause(), self.changing.hold, owner=self)

    def _begin(self, form: RenewForm | RemoveForm) -> None:
        if self.card.one is not None:
            form.start(self.card.one)
            self.show_card(form)

    # ---- carrying out

    def _on_saving(self, chosen: list[str]) -> None:
        one = self.card.one
        if one is not None:
            self.desk.run(
                actions.set_roles(one.name, chosen),
                lambda _done: self._on_rights_saved(one),
                owner=self,
                refused=lambda error: tell_refusal(self.desk, error, self.card.trouble),
            )

    def _on_rights_saved(self, one: Operator) -> None:
        """Read anew; one's own rights decide what every page lets one do."""
        self.desk.events.told.emit(_("Rights of {name} changed.").format(name=one.name), False)
        self.refresh()
        if one.name == self.me:
            self.desk.ask(QueryOp(facts_of), self._on_facts_read, owner=self)

    def _on_facts_read(self, facts: Facts) -> None:
        self.desk.take_facts(facts)
        self.desk.events.redressing.emit()

    def _carry_out(self, form: OperatorForm) -> None:
        told = form.told()

        def done(_result: object) -> None:
            if form is self.removing and form.about() == self.me:
                self.desk.events.leaving.emit()
                return
            form.begin()
            self.close_form()
            self.desk.events.told.emit(told, False)
            self.refresh()

        self.desk.run(form.op(), done, owner=self, refused=lambda error: self._on_refused(form, error))

    def _on_refused(self, form: OperatorForm, error: Exception) -> bool:
        taken = form.refusing(self.desk, error)
        if form is self.changing:
            self.desk.ask(actions.pause(), self.changing.hold, owner=self)
        return taken
