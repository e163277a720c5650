"""Ledger × tax × platform × identity lists × students × doubles: each difference one row, answered by key."""

from collections.abc import Collection, Mapping
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import reconcile as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import reconcile as models
from gui.models.reconcile import Compared
from gui.models.roll import Whom
from gui.ops import QueryOp
from gui.pages.page import Page
from gui.pages.reconcile.section import DifferencesSection
from gui.pages.reconcile.view import ReconcileView
from gui.wording import reconcile as words
from gui.wording.units import listed, number
from storage.ledger import Changes, Ledger
from storage.policy import differences as rules
from storage.policy.differences import Status

_WAITING, _WORK, _NOTHING = 0, 1, 2
_QUICK, _PAUSE = 0.5, 2_500
"""Seconds of comparing nobody minds; milliseconds without an answer until a longer one begins."""


class ReconcilePage(Page):
    """Everything that differs, of an office and its villages."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.compared = Compared()
        self._subject, self._scope, self._standing = "", "", "todo"
        self._before: Mapping[str, Status] | None = None
        self.section = DifferencesSection(desk)
        self.view = ReconcileView(self.section)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        view.villages.activated.connect(self._on_village_chosen)
        view.standing.activated.connect(self._on_standing_chosen)
        view.export.clicked.connect(self._on_export)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._compare)
        self._took = 0.0
        self.section.answered.connect(self._on_answered)
        self.section.person_wanted.connect(
            lambda scope, record: self.wanted.emit("people", Whom(scope, record))
        )
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._on_subject_chosen(code))

    def take(self, request: object) -> None:
        """Show one village's, where another page asks for it."""
        if isinstance(request, str):
            self._scope = request
            self._fill()

    def first_focus(self) -> QWidget | None:
        return self.section.list

    def back(self) -> bool:
        return self.section.back()

    def follow_policy(self) -> None:
        self._before = None  # another year: nothing of it was here before

    def concerns(self, changes: Changes) -> bool:
        return changes.touches(*_RESTS_ON) or not changes.records

    def refresh(self) -> None:
        """Compare anew; where that takes long, once nothing was answered for a while."""
        self._later.start(_PAUSE if self._took > _QUICK else 0)

    def _compare(self) -> None:
        policy = self.desk.policy

        def ask(ledger: Ledger) -> tuple[Compared, float]:
            began = perf_counter()
            return models.read(ledger, policy), perf_counter() - began

        self.desk.ask(QueryOp(ask, slot="reconcile", later=True), self._on_read, owner=self)

    # ---- what is shown

    def _on_answered(self, keys: Collection[str], answer: str) -> None:
        """Show what was answered as answered, before everything is compared anew."""
        self.compared = self.compared.answered(keys, answer)
        self._fill()

    def _on_read(self, read: tuple[Compared, float]) -> None:
        compared, self._took = read
        self.compared = compared
        if self._before is None:
            self._before = compared.reading.statuses
        self.view.states.setCurrentIndex(_WORK if compared.reading.found else _NOTHING)
        self._fill()
        self.settle_focus()

    def _fill(self) -> None:
        compared, view = self.compared, self.view
        titles = compared.villages()
        self._scope = self._scope if self._scope in titles else ""
        view.show_villages(titles, self._scope)
        view.standing.setCurrentIndex(view.standing.findData(self._standing))
        statuses = models.SHOWN[self._standing]
        counts = {code: len(compared.of(code, statuses, self._scope)) for code in view.chips}
        for code, chip in view.chips.items():
            chip.setText(f"{words.subject(code)} {number(counts[code])}")
            chip.setVisible(bool(counts[code]) or code in ("", self._subject))
            chip.setChecked(code == self._subject)
        reading = compared.reading
        view.balance.setText(models.balance(reading.counts))
        moved = models.moved(rules.movement(self._before or {}, reading.statuses))
        view.moved.setText(moved)
        view.moved.setVisible(bool(moved))
        self._show_found()

    def _show_found(self) -> None:
        found = self.compared.of(self._subject, models.SHOWN[self._standing], self._scope)
        self.section.show_found(self.compared, found)
        listings = self.compared.reading.listings
        rests = _("Compared with: {lists}").format(
            lists=listed([words.told_text(one.told) for one in listings])
        )
        told = models.rests_text(self.compared, len(found))
        self.view.rests.setText(told)
        self.view.rests.setVisible(bool(told))
        self.view.balance.setToolTip(rests if listings else "")

    # ---- choosing

    def _on_subject_chosen(self, code: str) -> None:
        self._subject = code
        self._fill()
        self.section.to_list()

    def _on_village_chosen(self, line: int) -> None:
        self._scope = str(self.view.villages.itemData(line))
        self._fill()

    def _on_standing_chosen(self, line: int) -> None:
        self._standing = str(self.view.standing.itemData(line))
        self._fill()

    # ---- tables

    def _on_export(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder for the tables"))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Write a table for each village into a folder."""
        op = actions.export(self.desk.policy, self.compared.reading, folder, self._scope)
        self.desk.ask(op, self._on_exported, owner=self)

    def _on_exported(self, files: list[Path]) -> None:
        told = _("Written: {count} tables, ID numbers masked").format(count=len(files))
        self.desk.events.told.emit(told if files else _("Nothing is to be answered there."), False)


_RESTS_ON = (
    *("payment", "confirmation", "coverage", "subsidy", "enrolment", "resident", "same", "difference"),
    *("refund", "village"),
)
"""Kinds of records a difference rests on."""
