"""Reading what a form takes: people village by village, so that others get their turn; all else at once."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.actions import forms as actions
from gui.desk import Desk
from gui.ops import QueryOp
from storage.queries.outputs import Doubles
from sync.reports import filling
from sync.reports.filling import Wanted
from sync.reports.forms import Form
from sync.reports.paper import Paper

_SLOT = "forms-read"


class FormReading(QObject):
    """``progressed(rows, villages left)`` while it reads, ``finished`` with ``rows``, ``wish`` and ``paper`` filled.

    What is begun makes void what was begun before; ``number`` counts that.
    """

    progressed = Signal(int, int)
    finished = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.number = 0
        self.rows: list[Any] = []
        self.wish: Wanted | None = None
        self.paper: Paper | None = None

    def begin(self, form: Form, scope: str, *, news: bool) -> None:
        """Read a form of a village ("" for all); ``news`` leaves out corrections told before."""
        self.number += 1
        self.rows, self.wish, self.paper = [], None, None
        op = actions.prepare(self._desk.policy, self._desk.today, scope, form, news=news)
        self._desk.ask(op, partial(self._on_prepared, self.number, form), owner=self)

    def _on_prepared(self, number: int, form: Form, prepared: tuple[Wanted, Paper]) -> None:
        if number != self.number:
            return
        self.wish, self.paper = wish, _paper = prepared
        if form.subject == "person":
            twice = QueryOp(lambda ledger: filling.counted_twice(ledger, wish), slot=_SLOT, later=True)
            self._desk.ask(twice, partial(self._on_doubles_read, number, form), owner=self)
            return
        rows = QueryOp(lambda ledger: filling.read(ledger, form, wish), slot=_SLOT, later=True)
        self._desk.ask(rows, partial(self._on_rows_read, number, form, [], None), owner=self)

    def _on_doubles_read(self, number: int, form: Form, twice: Doubles | None) -> None:
        if number == self.number and self.wish is not None:
            self._read_next(form, list(self.wish.titles), twice)

    def _read_next(self, form: Form, left: list[str], twice: Doubles | None) -> None:
        wish = self.wish
        if wish is None or not left:
            self.finished.emit()
            return
        scope, *rest = left
        op = QueryOp(
            lambda ledger: filling.chosen_of(ledger, form, wish, scope, twice), slot=_SLOT, later=True
        )
        self._desk.ask(op, partial(self._on_rows_read, self.number, form, rest, twice), owner=self)

    def _on_rows_read(
        self, number: int, form: Form, left: list[str], twice: Doubles | None, rows: list[Any]
    ) -> None:
        if number != self.number:
            return
        self.rows += rows
        if left:
            self.progressed.emit(len(self.rows), len(left))
        self._read_next(form, left, twice)
