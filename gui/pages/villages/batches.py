"""What was handed out to be filled in and has not come back: who owes, hand out, take back, remind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.actions import charts
from gui.desk import Desk
from gui.i18n import _
from gui.models import batches as models
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.pages.villages.batch_forms import HandOut, Holder, Returned, TakeBack
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from gui.wording import batches as words
from gui.wording.units import number
from storage.ledger import Ledger
from storage.operators import RECORD
from storage.places import under
from storage.queries import batches, villages
from storage.queries.batches import Batch


@dataclass(frozen=True, slots=True)
class Read:
    """Everything handed out, and the villages it can be handed out to."""

    found: tuple[Batch, ...]
    places: Mapping[str, str]


def read(ledger: Ledger) -> Read:
    """Read it on the ledger thread."""
    own = {} if ledger.is_office else {ledger.profile.scope: ledger.profile.title}
    return Read(tuple(batches.load(ledger)), {**own, **villages.titles(ledger)})


class BatchesSection(QWidget):
    """The table with its forms; ``scope`` narrows it to one place."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.scope = desk, ""
        self.panel: Panel | None = None
        self._read = Read((), {})
        self.rows = models.model(lambda: desk.today)
        self.table = TableView(self.rows, _("Batches"), wraps=True)
        self.empty = EmptyState(
            _("Nothing is out"),
            _("Working sheets and printed lists stand here by themselves; add what else was handed out."),
        )
        self.table.set_empty(self.empty)
        self.count = label("", "soft", wrap=True)
        self.hand = KeyButton(_("Hand out…"), "N", small=True)
        self.back_button = KeyButton(_("Came back…"), "E", small=True)
        self.holder = KeyButton(_("Who has it…"), "W", small=True)
        self.close_button = KeyButton(_("No longer expected…"), "X", small=True)
        self.remind = KeyButton(_("Copy the reminder"), "C", small=True)
        self.all = KeyButton(_("Settled ones too"), "B", small=True)
        self.all.setCheckable(True)
        desk.permit(RECORD, self.hand, self.back_button, self.holder, self.close_button)
        self._build()
        self._listen()

    def refresh(self, scope: str | None = None) -> None:
        """Read it; ``scope`` shows one place alone, "" all."""
        if scope is not None:
            self.scope = scope
        self.desk.ask(QueryOp(read, slot="batches"), self._on_read, owner=self)

    def back(self) -> bool:
        """Close the form, or show all places again; False where neither is."""
        if self.panel is not None:
            self._close()
        elif self.scope:
            self.scope = ""
            self._show()
        else:
            return False
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    # ---- how it is laid out

    def _build(self) -> None:
        bar = self._bar = QWidget()
        flow = FlowLayout(bar, gap=8)
        for button in (
            self.hand, self.back_button, self.holder, self.close_button, self.remind, self.all
        ):  # fmt: skip
            flow.addWidget(button)
        inner = QWidget()
        self._forms = QVBoxLayout(inner)
        self._forms.setContentsMargins(0, 0, 0, 0)
        self._form = Scroller(inner)
        self._form.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.count, bar):
            column.addWidget(widget)
        column.addWidget(self.table, 2)
        column.addWidget(self._form, 3)

    def _listen(self) -> None:
        self.hand.clicked.connect(lambda: self._open(HandOut(self.desk, self._read.places, self.scope)))
        for button, make in (
            (self.back_button, Returned),
            (self.holder, Holder),
            (self.close_button, TakeBack),
        ):
            button.clicked.connect(lambda _checked=False, make=make: self._open_about(make))
        self.table.opened.connect(lambda _one: self._open_about(Returned))
        self.remind.clicked.connect(self._on_remind)
        self.all.clicked.connect(self._show)

    # ---- forms

    def _open_about(self, make: Callable[[Desk, Batch], Panel]) -> None:
        one: Batch | None = self.table.current_row()
        if one is not None and not self.desk.why_not(RECORD):
            self._open(make(self.desk, one))

    def _open(self, panel: Panel) -> None:
        self._close()
        self.panel = panel
        panel.closed.connect(self.back)
        panel.saving.connect(self._on_saving)
        self._forms.addWidget(panel)
        self._form.show()
        for widget in (self.table, self._bar):  # the title of the form says which one it is about
            widget.hide()
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _close(self) -> None:
        if self.panel is not None:
            self._forms.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
        self._form.hide()
        for widget in (self.table, self._bar):
            widget.show()

    def _on_saving(self, op: ChangeOp) -> None:
        panel = self.panel
        if panel is not None and not self.desk.writing():
            self.desk.change(op, partial(self._on_saved, panel), owner=panel, refused=panel.show_refusal)

    def _on_saved(self, _panel: Panel, _result: object) -> None:
        self._close()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.refresh()

    # ---- showing

    def _on_read(self, found: Read) -> None:
        self._read = found
        self._show()

    def _of_place(self) -> list[Batch]:
        return [one for one in self._read.found if not self.scope or under(one.handed.place, self.scope)]

    def owing(self) -> list[Batch]:
        """What is out, the most pressing first."""
        return batches.owing(self._of_place(), self.desk.today)

    def _show(self) -> None:
        out = self.owing()
        held = {one.record for one in out}
        rest = [one for one in self._of_place() if one.record not in held]
        self.rows.set_rows([*out, *(rest if self.all.isChecked() else [])])
        late = sum(one.late(self.desk.today) > 0 for one in out)
        told = _("{batches} out, {people} people on them; {late} past their day; {rest} settled").format(
            batches=number(len(out)),
            people=number(sum(one.out for one in out)),
            late=number(late),
            rest=number(len(rest)),
        )
        place = self._read.places.get(self.scope, self.scope) if self.scope else ""
        self.count.setText(_("{place}: {words}").format(place=place, words=told) if place else told)
        if self.rows.rows and self.table.current_row() is None:
            self.table.selectRow(0)
        for button in (self.back_button, self.holder, self.close_button):
            button.setEnabled(bool(self.rows.rows))
        self.remind.setEnabled(bool(out))

    def _on_remind(self) -> None:
        """Put the list of those who owe on the clipboard."""
        QGuiApplication.clipboard().setText(words.reminder(self.owing(), self.desk.today))
        self.desk.ask(charts.note(_("Not returned")), lambda _done: None, owner=self)
        self.desk.events.told.emit(_("The reminder is on the clipboard."), False)
