"""What is recorded of money: a step of refunds, laid-out money given back, the rosters to sign."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.actions import money as actions
from gui.actions.lists import FOLDER, free_path
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel
from gui.pages.money.panels import PANELS, SettlePanel, VoidSettlementPanel, names_of
from gui.wording import refunds as words
from gui.wording.units import number
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries.money import Loan, Refund
from sync.reports import going_out

if TYPE_CHECKING:
    from gui.pages.money.page import MoneyPage
    from gui.pages.money.view import MoneyView


class Recording(QObject):
    """The part of the page of money that writes: each key opens the form at the foot, for what is chosen."""

    def __init__(self, desk: Desk, page: "MoneyPage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self.panel: Panel | None = None

    def attach(self, view: "MoneyView") -> None:
        """Listen to the widgets."""
        self.view = view
        self.desk.permit(RECORD, *view.steps.values(), view.undo, view.settle, view.void)
        for step, button in view.steps.items():
            button.clicked.connect(lambda _on=False, step=step: self._on_step(step))
        view.undo.clicked.connect(self._on_undo)
        view.settle.clicked.connect(self._on_settle)
        view.void.clicked.connect(self._on_void)
        view.rosters.clicked.connect(self._on_rosters)

    def close(self) -> None:
        """Close the form, if one is open."""
        if self.panel is not None:
            self.panel = None
            self.view.show_panel(None)
            self.page.use_digits(True)

    def _on_step(self, step: str) -> None:
        chosen = [one for one in self.page.chosen() if isinstance(one, Refund) and actions.can(one, step)]
        if chosen:
            self._open(PANELS[step](self.desk, chosen))

    def _on_settle(self) -> None:
        chosen = [one for one in self.page.chosen() if isinstance(one, Loan) and one.advance.open_fen]
        if chosen:
            self._open(SettlePanel(self.desk, chosen))

    def _on_void(self) -> None:
        chosen = self.page.chosen()
        if len(chosen) == 1 and isinstance(chosen[0], Loan) and actions.voidable(chosen[0]):
            self._open(VoidSettlementPanel(self.desk, chosen[0]))

    def _on_undo(self) -> None:
        chosen = [one for one in self.page.chosen() if isinstance(one, Refund)]
        step = actions.last_step(chosen[0]) if len(chosen) == 1 else ""
        if step:
            told = _("{step} taken back: {names}").format(step=words.step(step), names=names_of(chosen))
            self._change(actions.take_back(self.desk.policy, chosen, step, told=told))

    def _open(self, panel: Panel) -> None:
        """Open a form; while it is open digits are its own."""
        self.close()
        self.panel = panel
        self.page.use_digits(False)
        panel.saving.connect(self._change)
        panel.closed.connect(self.page.back)
        self.view.show_panel(panel)
        panel.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, op: ChangeOp) -> None:
        panel = self.panel
        refused = panel.show_refusal if panel is not None else None
        self.desk.change(op, self._on_changed, owner=self, refused=refused)

    def _on_changed(self, _changes: Changes) -> None:
        self.close()
        table = self.page.table()
        table.rows_model.tick(table.rows_model.rows, False)
        table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_rosters(self) -> None:
        """Write who gets how much back, a roster for each village and department."""
        desk = self.desk
        stem = going_out.safe_name(_("Refund rosters {day}").format(day=desk.today.isoformat()))
        path = free_path(desk.settings.folder(FOLDER), stem, ".pdf")
        op = actions.rosters(desk.policy, desk.today, path, self.page.scope)
        desk.run(op, partial(self._on_rosters_written, path), owner=self, refused=lambda _error: False)

    def _on_rosters_written(self, path: Path, written: tuple[int, int]) -> None:
        told = _("{people} people on {rosters} rosters: {path}")
        people, rosters = written
        self.desk.events.told.emit(
            told.format(people=number(people), rosters=number(rosters), path=path), False
        )
