"""Every number of an issue: those of the place stood on, where they come from, and the people behind each."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gui.desk import Desk
from gui.models import bulletins as models
from gui.models.bulletins import Row
from gui.ops import QueryOp
from gui.pages.today.figures import Link, Part
from gui.wording import stated
from storage.bulletins import Bulletin
from storage.queries import bulletins as queries
from storage.queries import statements
from storage.queries.bulletins import Source
from storage.queries.statements import Received

if TYPE_CHECKING:
    from gui.pages.bulletins.page import BulletinsPage
    from gui.pages.bulletins.view import BulletinsView

_REST = 150  # ms on a place before its files are read


class Numbers(QObject):
    """The part of the page of bulletins that opens numbers."""

    def __init__(self, desk: Desk, page: "BulletinsPage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._read_sources)

    def attach(self, view: "BulletinsView") -> None:
        """Listen to the widgets."""
        self.view = view
        view.number_opened.connect(lambda code, place: self._open(code, str(place)))
        view.chart.opened.connect(lambda place: self._open("should_paid", place))

    def attach_table(self) -> None:
        """Listen to the table, which each form brings anew, and show its first place."""
        table = self.view.table
        table.row_changed.connect(self._on_row_changed)
        table.opened.connect(lambda _row: self.view.figures.enter())
        table.selectRow(0)
        self._on_row_changed(table.rows_model.rows[0])

    def _on_row_changed(self, row: Row) -> None:
        shown, told = self.page.shown(), self.page.told
        if shown is None or told is None:
            return
        parts: list[Part] = []
        for one in models.figures(shown, told, row):
            if not one.code and self.view.low:
                continue
            if parts:
                parts.append("　")
            parts.append(f"{one.heading} " if one.code else f"{one.heading} {one.text}")
            if one.code:
                name = f"{models.place_text(row)} {one.heading} {one.text}"
                parts.append(Link(one.text, name, one.code, row.place))
        self.view.show_figures(models.place_text(row), parts)
        self.view.sources.setText("")
        self._rest.start()

    def _read_sources(self) -> None:
        shown, row = self.page.shown(), self.view.table.current_row()
        if shown is None or row is None:
            return
        place = row.place or shown.scope

        def ask(ledger) -> tuple[list[Source], Received | None]:
            return queries.sources(ledger, shown, place), statements.counted(ledger, shown, place)

        op = QueryOp(ask, slot="bulletin-sources", later=True)
        self.desk.ask(op, partial(self._on_sources_read, row), owner=self)

    def _on_sources_read(self, row: Row, read: tuple[list[Source], Received | None]) -> None:
        if self.view.table.current_row() is row:
            found, told = read
            self.view.sources.setText(
                stated.heading(told) if told else models.sources_text(found, self.desk.today)
            )

    # ---- every number opens

    def _open(self, code: str, place: str) -> None:
        """Show whom a number counts, of numbers nobody stands behind the file and the day they come from."""
        shown = self.page.shown()
        if shown is None:
            return
        if not self.page.has_stated():
            self._open_people(shown, code, place)
            return
        op = QueryOp(lambda ledger: statements.counted(ledger, shown, place), slot="bulletin-stated")
        self.desk.ask(op, partial(self._on_stated_read, shown, code, place), owner=self)

    def _on_stated_read(self, shown: Bulletin, code: str, place: str, told: Received | None) -> None:
        if told is None:
            self._open_people(shown, code, place)
        else:
            self.desk.events.told.emit(stated.heading(told), False)

    def _open_people(self, shown: Bulletin, code: str, place: str) -> None:
        """Show the people: of an issue in the ledger as it then stood, of a draft in the present one."""
        wish = models.door(shown, place, code)
        if self.page.issuing.drawn is not None and wish.then is not None:
            self.page.wanted.emit(*wish.then)
        else:
            self.desk.events.recalling.emit(wish)
