"""The number assigned, shared out: in proportion to a population, whole, each share explained, issued, followed up."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import quotas as models
from gui.models.quotas import Proposal, Read, ShareRow
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.pages.targets.sharing_forms import ByHandPanel, IssuePanel, PopulationPanel
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.combos import fitted
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine
from gui.widgets.tables import TableView
from gui.wording import names
from gui.wording.units import number
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries import quotas

_WAIT = 250  # ms after the last digit


class SharingPart(QWidget):
    """A part of the page of targets; ``assigning`` asks it for the form of the office's own number."""

    assigning = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.panel: Panel | None = None
        self.proposal = Proposal((), {}, None)
        self._read: Read | None = None
        self._fixed: dict[str, tuple[int, str]] = {}
        self._reading = 0
        self.shares = models.shares_model(lambda: desk.policy, lambda: desk.today, self.basis_code)
        self.people = QLineEdit()
        self.people.setAccessibleName(_("How many people to share out"))
        self.people.setPlaceholderText(_("How many people to share out"))
        self.people.setMaximumWidth(themes.current().px(220))
        self.basis = fitted(_("In proportion to"))
        self.state, self.how = label("", wrap=True), label("", "small", wrap=True)
        self.trouble = ErrorLine()
        self.table = TableView(self.shares, _("Shares"))
        self.by_hand = KeyButton(_("Set by hand…"), "H")
        self.population = KeyButton(_("Population…"), "P")
        self.own = KeyButton(_("Assigned to this office…"), "N")
        self.issue = KeyButton(_("Issue to the villages…"), "S", primary=True)
        desk.permit(RECORD, self.by_hand, self.population, self.own, self.issue)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_WAIT)
        self._offer()
        self._build(themes.current())
        self._listen()

    def basis_code(self) -> str:
        """By which number of people it is shared out."""
        return str(self.basis.currentData() or quotas.bases(self.desk.policy)[0])

    def refresh(self) -> None:
        """Read what it starts from."""
        self._reading += 1
        policy, today, basis = self.desk.policy, self.desk.today, self.basis_code()
        self._offer()
        op = QueryOp(lambda ledger: models.read(ledger, policy, today, basis), slot="shares")
        self.desk.ask(op, partial(self._on_read, self._reading), owner=self)

    def back(self) -> bool:
        """Close the form that is open; False where there is none."""
        if self.panel is None:
            return False
        self.panel.hide()
        self.panel.deleteLater()
        self.panel = None
        self._make_room(False)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    # ---- building

    def _build(self, theme: themes.Theme) -> None:
        card = Card()
        head = self._head = QWidget()
        line = FlowLayout(head, gap=8)
        for widget in (self.people, self.basis):
            line.addWidget(widget)
        self._foot = QWidget()
        buttons = FlowLayout(self._foot, gap=8)
        for button in (self.issue, self.by_hand, self.population, self.own):
            buttons.addWidget(button)
        for above in (self.state, head, self.trouble):
            card.add(above)
        card.add(self.table, 1)
        card.add(self.how)
        card.add(self._foot)
        self._card = card
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(card, 1)

    def _listen(self) -> None:
        self.people.textEdited.connect(lambda _text: self._later.start())
        self.people.returnPressed.connect(lambda: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._later.timeout.connect(self._show)
        self.basis.activated.connect(lambda _line: self.refresh())
        self.table.row_changed.connect(self._show_how)
        self.table.opened.connect(lambda _row: self._on_by_hand())
        self.by_hand.clicked.connect(self._on_by_hand)
        self.population.clicked.connect(self._on_population)
        self.issue.clicked.connect(self._on_issue)
        self.own.clicked.connect(self.assigning)

    def _offer(self) -> None:
        policy, wanted = self.desk.policy, self.basis_code()
        choices = [
            (code, _("By {name}").format(name=names.denominator(policy, code)))
            for code in quotas.bases(policy)
        ]
        self.basis.offer(choices, wanted)

    # ---- showing

    def _on_read(self, reading: int, read: Read) -> None:
        if reading == self._reading:
            self._read = read
            if not self.people.isModified() and read.suggested:
                self.people.setText(str(read.suggested))
            self._show()

    def _wanted(self) -> int | None:
        typed = self.people.text().replace(",", "").replace("，", "").strip()
        return int(typed) if typed.isascii() and typed.isdigit() else None

    def _show(self) -> None:
        if self._read is None:
            return
        self.proposal = models.propose(self._read, self._wanted(), self._fixed)
        self.shares.set_rows(self.proposal.rows)
        if self.table.current_row() is None and self.proposal.rows:
            self.table.selectRow(0)
        trouble = self.proposal.trouble
        self.trouble.show_error(sentence(trouble) if trouble else "")
        self.issue.setEnabled(bool(self.proposal.shares) and trouble is None)
        self.state.setText(self._state(self._read))
        self._show_how(self.table.current_row())

    def _state(self, read: Read) -> str:
        own, given, open_ = read.quotas.own.given, read.quotas.given, read.quotas.open
        if own is None:
            return _("No number was assigned to this office yet: what the target asks for is proposed.")
        if given is None or open_ is None:
            words = _("{count} assigned to this office; not handed on to every village yet")
            return words.format(count=number(own.people))
        words = _("{count} assigned to this office, {given} handed on, {open} not yet")
        return words.format(count=number(own.people), given=number(given), open=number(open_))

    def _show_how(self, row: ShareRow | None) -> None:
        if row is not None and self._read is not None:
            text = models.how_text(self.desk.policy, row, self.basis_code(), self._read.counts)
            self.how.setText(text)

    def _make_room(self, open_: bool) -> None:
        """While a form is open what explains the table gives way to it."""
        for widget in (self._foot, self._head, self.state, self.how):
            widget.setVisible(not open_)

    # ---- forms

    def _open(self, panel: Panel) -> None:
        self.back()
        self.panel = panel
        panel.closed.connect(self.back)
        panel.saving.connect(self._on_saving)
        self._make_room(True)
        self._card.add(panel)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _chosen(self, make: Callable[[ShareRow], Panel]) -> None:
        row: ShareRow | None = self.table.current_row()
        if row is not None and not self.desk.refuses_entries():
            self._open(make(row))

    def _on_by_hand(self) -> None:
        def make(row: ShareRow) -> Panel:
            panel = ByHandPanel(self.desk, row)
            panel.chosen.connect(partial(self._on_set, row.scope))
            return panel

        self._chosen(make)

    def _on_set(self, scope: str, people: int | None, why: str) -> None:
        if people is None:
            self._fixed.pop(scope, None)
        else:
            self._fixed[scope] = (people, why)
        self.back()
        self._show()

    def _on_population(self) -> None:
        counts = self._read.counts if self._read else {}
        self._chosen(lambda row: PopulationPanel(self.desk, row, counts.get(row.scope, {})))

    def _on_issue(self) -> None:
        if self._read is not None and self.proposal.shares and not self.desk.refuses_entries():
            own = self._read.quotas.own.given
            why = {scope: reason for scope, (_count, reason) in self._fixed.items()}
            shares, by = self.proposal.shares, own.by if own else ""
            self._open(IssuePanel(self.desk, shares, why, self.basis_code(), by))

    def _on_saving(self, op: ChangeOp) -> None:
        panel = self.panel
        if panel is not None and not self.desk.writing():
            self.desk.change(op, self._on_saved, owner=panel, refused=panel.show_refusal)

    def _on_saved(self, _changes: Changes) -> None:
        self.back()
