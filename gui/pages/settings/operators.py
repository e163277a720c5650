"""Who works on the ledger: the list at the left, one of them or a form at the right."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from gui import theme as themes
from gui.actions import operators as actions
from gui.desk import Desk, Facts, facts_of
from gui.i18n import _
from gui.models import operators
from gui.ops import QueryOp, TaskOp
from gui.pages.settings.people import AddForm, MineForm, OperatorCard, RemoveForm, RenewForm
from gui.pages.settings.section import Section, Side, SideForm, tell_refusal
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.passphrase import line_of
from gui.widgets.tables import TableView
from storage.operators import KEYS, Operator

PASSPHRASE = "passphrase"
"""What another part asks for: the form for one's own passphrase."""
_NARROW = 940
_LEAST = 260


class OperatorsSection(Section):
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
        self._build()
        self._listen()

    def refresh(self) -> None:
        self.desk.ask(actions.read(), self._on_read, owner=self)

    def take(self, request: object) -> None:
        if request == PASSPHRASE:
            self._begin_mine()

    def back(self) -> bool:
        if isinstance(self.side.shown(), SideForm):
            self._close()
            return True
        return False

    def first_focus(self) -> QWidget:
        form = self.side.shown()
        return form.first() if isinstance(form, SideForm) else self.table

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _build(self) -> None:
        theme = themes.current()
        left = Card(_("Who works here"), self.mine, self.add)
        left.add(self.table, 1)
        left.add(
            label(
                _(
                    "Everybody has a passphrase of their own and writes under their own name. The rights keep order "
                    "among colleagues: whoever can open the ledger can read all of it."
                ),
                "small",
                wrap=True,
            )
        )
        left.setMinimumHeight(theme.px(_LEAST))
        self._forms = (self.adding, self.renewing, self.changing, self.removing)
        self.side = Side(self.card, *self._forms)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(theme.px(12))
        self._halves.addWidget(left, 5)
        self._halves.addWidget(self.side, 4)
        self.column.addLayout(self._halves, 1)
        self._show(self.card)

    def _listen(self) -> None:
        self.desk.permit(KEYS, self.add, self.card.save, self.card.renew, self.card.remove, self.card.again)
        self.desk.permit(KEYS, *self.card.rights.buttons())
        self.table.row_changed.connect(self._on_row_changed)
        self.table.opened.connect(lambda _one: self.card.rights.setFocus(Qt.FocusReason.TabFocusReason))
        self.add.clicked.connect(lambda: self._begin_add(""))
        self.card.again.clicked.connect(lambda: self._begin_add(self.card.one.name if self.card.one else ""))
        self.mine.clicked.connect(self._begin_mine)
        self.card.renew.clicked.connect(lambda: self._begin(self.renewing))
        self.card.remove.clicked.connect(lambda: self._begin(self.removing))
        self.card.saving.connect(self._on_saving)
        for form in self._forms:
            form.left.connect(self._close)
        self.adding.ready.connect(self._on_adding)
        self.renewing.ready.connect(self._on_renewing)
        self.changing.ready.connect(self._on_changing)
        self.removing.ready.connect(self._on_removing)

    # ---- showing

    def _arrange(self) -> None:
        """Side by side, or what is filled in above the list on a narrow window."""
        way = QBoxLayout.Direction
        narrow = self.width() < themes.current().px(_NARROW)
        filled = isinstance(self.side.shown(), SideForm)
        self._halves.setDirection(
            way.LeftToRight if not narrow else way.BottomToTop if filled else way.TopToBottom
        )

    def _show(self, card: QWidget) -> None:
        self.side.show_card(card)
        self._arrange()

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
            self._show(self.card)

    def _begin_add(self, name: str) -> None:
        """For somebody new, or for one who was removed before."""
        self.adding.begin(name)
        self._open(self.adding)

    def _begin_mine(self) -> None:
        self.changing.begin()
        self._open(self.changing)
        self.desk.ask(actions.pause(), self.changing.hold, owner=self)

    def _begin(self, form: RenewForm | RemoveForm) -> None:
        if self.card.one is not None:
            form.start(self.card.one)
            self._open(form)

    def _open(self, form: SideForm) -> None:
        self._show(form)
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self._show(self.card)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- carrying out

    def _on_saving(self, chosen: list[str]) -> None:
        one = self.card.one
        if one is None:
            return
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

    def _on_adding(self) -> None:
        name, passphrase = self.adding.name_line.text(), self.adding.chosen.text()
        told = _("{name} works here from now on.").format(name=name.strip())
        self._carry_out(actions.add(name, passphrase, self.adding.rights.chosen()), self.adding, told)

    def _on_renewing(self) -> None:
        one = self.renewing.one
        if one is not None:
            told = _("{name} has a new passphrase.").format(name=one.name)
            self._carry_out(actions.renew(one.name, self.renewing.chosen.text()), self.renewing, told)

    def _on_removing(self) -> None:
        one = self.removing.one
        if one is not None:
            told = _("{name} cannot open this ledger any more.").format(name=one.name)
            self._carry_out(actions.remove(one.name), self.removing, told, leave=one.name == self.me)

    def _on_changing(self) -> None:
        form = self.changing
        told = _("Your passphrase is changed. Older backups still open with the old one.")
        self._carry_out(actions.change_passphrase(line_of(form.old).text(), form.chosen.text()), form, told)

    def _carry_out(self, op: TaskOp[Any], form: SideForm, told: str, *, leave: bool = False) -> None:
        def done(_result: object) -> None:
            if leave:
                self.desk.events.leaving.emit()
                return
            form.begin()
            self._close()
            self.desk.events.told.emit(told, False)
            self.refresh()

        def refused(error: Exception) -> bool:
            taken = form.refusing(self.desk, error)
            if form is self.changing:
                self.desk.ask(actions.pause(), self.changing.hold, owner=self)
            return taken

        self.desk.run(op, done, owner=self, refused=refused)
