"""The places below side by side: who is behind, by which denominator, and whose file is missing."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.models import board, board_charts, board_columns, board_filter, moved
from gui.models.board import Board, BoardRow
from gui.models.board_columns import Number, Shown
from gui.models.roll import GROUP_UNPAID, RollFilter
from gui.ops import QueryOp
from gui.pages.exchange.dropping import DropTarget
from gui.pages.exchange.receiving import LookFirst, ReceivingCard
from gui.pages.page import Page
from gui.pages.revealing import hold_to_show
from gui.pages.villages import stats
from gui.pages.villages.batches import BatchesSection
from gui.pages.villages.bundles import BundlesSection
from gui.pages.villages.charts import ChartSection
from gui.pages.villages.view import VIEW_KEYS, VillagesView
from gui.standing import Places
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import CHOICE_KEYS
from gui.widgets.rows import RowsModel
from gui.wording import units
from gui.wording.places import below
from storage.operators import EXCHANGE
from storage.queries import earlier
from storage.queries.earlier import Earlier

_CHARTS = board_charts.CHARTS
_BATCHES = "batches"


class VillagesPage(Page):
    """The first page of an office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._base = board.first_choice(desk.policy)
        self._board: Board | None = None
        self._earlier: Earlier | None = None
        self._drawn: board_charts.Read | None = None
        self._held: str | None = None
        self._offered: list[tuple[str, str]] = []
        self._weeks: dict[tuple[str, str], Earlier | None] = {}
        self._places = below(desk.profile.scope)
        shown = Shown(lambda: desk.today, self._target_rate, lambda: self._earlier, self._shows_whole)
        self._tables = board_columns.tables(shown, desk.profile.scope)
        self.part = self._table = board_columns.PROGRESS
        self.numbers: list[Number] = list(self._tables[self.part])
        self.rows = RowsModel([one.column for one in self.numbers], key=lambda row: row.village.scope)
        self.receiving, self.look = ReceivingCard(desk), LookFirst(desk)
        self.charts, self.batches, self.bundles = (
            ChartSection(desk),
            BatchesSection(desk),
            BundlesSection(desk),
        )
        self.view = VillagesView(
            self.rows, self.receiving, self.look, self._places, self.charts, self.batches, self.bundles
        )
        button = self.view.reveal
        self._reveal = hold_to_show(desk, button, self, button, self._telephones)
        desk.permit(EXCHANGE, self.view.receive, self.receiving.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()
        self.view.show_part(self.view.table, self.part)

    # ---- what the window asks

    def follow_policy(self) -> None:
        self._base = board.still(self.desk.policy, self._base)
        self._offer_bases()

    def first_focus(self) -> QWidget | None:
        if not (self._board and self._board.rows):
            return self.view.kits
        shown = self.view.shown.currentWidget()
        return shown if shown is self.view.table else getattr(shown, "panel", None) or self.view.table

    def back(self) -> bool:
        shown = self.view.shown.currentWidget()
        if self.receiving.back():
            return True
        if shown is self.charts and self.charts.back():
            return True
        if shown is self.batches and self.batches.back():
            return True
        if shown is not self.view.table:
            self.show_part(self._table)
            return True
        if self.view.filter.text():
            self.view.filter.clear()
            self._to_table()
            return True
        return False

    def take(self, request: object) -> None:
        """Show one of the ways to look at the board, by its code."""
        if isinstance(request, str) and request in VIEW_KEYS:
            self.show_part(request)

    def place(self) -> dict[str, object]:
        return {**super().place(), "part": self.part, "base": self._base}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        base, part = where.get("base"), where.get("part")
        if isinstance(base, str):
            self._base = board.still(self.desk.policy, base)
            self._offer_bases()
        if isinstance(part, str) and part in VIEW_KEYS:
            self.show_part(part)

    def refresh(self) -> None:
        policy, base, today = self.desk.policy, self._base, self.desk.today
        self.look.read()
        if self._board is None:
            self.view.show_state(self.view.waiting)

        def read(ledger):
            return board.read(ledger, policy, base), earlier.of_issue(ledger, policy, base, today)

        self.ask_shown(QueryOp(read, slot="board"), self._on_read, self.view.waiting)
        if self.part == _BATCHES:
            self.batches.refresh()

    def receive(self, paths: list[Path]) -> None:
        """Take files and folders in."""
        self.receiving.receive(paths)

    def show_part(self, code: str, scope: str = "") -> None:
        """Show a table, a chart, or what was handed out (to one place)."""
        self.part = code
        if code in self._tables:
            self._set_columns()
            self.view.show_part(self.view.table, code)
            self._show_rows()
        elif code in _CHARTS:
            self.view.show_part(self.charts, code)
            self._read_charts()
        else:
            self.view.show_part(self.batches, code)
            self.batches.refresh(scope)
        self._focus_part()

    # ---- wiring

    def _listen(self) -> None:
        view, desk = self.view, self.desk
        DropTarget(self).dropped.connect(self.receive)
        view.receive.clicked.connect(self.receiving.choose)
        self.receiving.person_opened.connect(lambda whose: self.wanted.emit("households", whose))
        view.kits.clicked.connect(lambda: self.wanted.emit("devices", "make"))
        view.bases.chosen.connect(self._on_base_chosen)
        view.table.cell_opened.connect(self._on_cell_opened)
        view.arranged.connect(
            self._on_arranged, Qt.ConnectionType.QueuedConnection
        )  # not while it is laid out
        view.filter.searched.connect(lambda _text: self._show_rows())
        view.filter.moved_down.connect(self._to_table)
        view.filter.entered.connect(self._to_table)
        view.filter.left.connect(self._to_table)
        for code, button in view.views.items():
            button.clicked.connect(lambda _checked, code=code: self.show_part(code))
        self.charts.opened.connect(self._on_mark_opened)
        doors = {"rate": "unpaid", "credential": "credential", "special": "special_unpaid"}
        for key, door in doors.items():
            view.cards[key].opened.connect(lambda door=door: self._open_people(door))
        view.cards["unsent"].opened.connect(self._show_silent)
        view.cards["settle"].opened.connect(lambda: self.wanted.emit("pending", None))
        desk.events.exchanged.connect(self._on_exchanged)
        self._reveal.changed.connect(self._on_held)
        self._offer_bases()
        for digit in CHOICE_KEYS:
            short = QShortcut(QKeySequence(digit), self)
            short.activated.connect(lambda digit=digit: self._press(digit))

    def _offer_bases(self) -> None:
        """Offer the denominators of the policy; the row keeps the keyboard where they are other ones."""
        bases, offered = self.view.bases, [(one.code, one.name) for one in board.choices(self.desk.policy)]
        if offered != self._offered:
            held = any(one.hasFocus() for one in bases.findChildren(KeyButton))
            self._offered = offered
            bases.set_choices(offered)
            bases.setAccessibleName(_("Rate of whom"))
            if held:
                QTimer.singleShot(0, bases, bases.setFocus)
        bases.choose(self._base)

    def _press(self, digit: str) -> None:
        focused = self.view.table.hasFocus() or self.charts.isAncestorOf(self.window().focusWidget() or self)
        self.view.bases.press(digit)
        if focused:
            self._focus_part()

    def _on_base_chosen(self, code: str) -> None:
        if code != self._base:
            self._base, self._drawn = code, None
            self.refresh()

    def _to_table(self) -> None:
        self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.table.current_row() is None:
            self.view.table.selectRow(0)

    def _focus_part(self) -> None:
        wanted = self.view.shown.currentWidget()
        if wanted is self.charts:
            wanted = self.charts.panel
        elif wanted in (self.batches, self.bundles):
            wanted = wanted.table
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- doors

    def _on_cell_opened(self, row: BoardRow, column: int) -> None:
        door, scope = self.numbers[column].door, row.village.scope
        if door == board_columns.BATCHES:
            self.show_part(_BATCHES, scope)
        elif (
            door == board_columns.FILES_DOOR or row.stated is not None
        ):  # nobody stands behind stated numbers
            self.bundles.show_place(row)
            self.view.show_part(self.bundles, self.part)
            self._focus_part()
        elif door == board_columns.MOVED:
            self._open_movement(scope)
        elif door == "pending":
            self.wanted.emit("pending", scope)
        else:
            self._open_people(door, scope)

    def _open_people(self, code: str, scope: str = "") -> None:
        self.wanted.emit("people", RollFilter(code, scope, self._base))

    def _open_movement(self, scope: str) -> None:
        """Find who makes the movement; the ledger is laid out as it stood for that."""
        policy, base, before, today = self.desk.policy, self._base, self._earlier, self.desk.today
        if before is None:
            return
        op = QueryOp(
            lambda ledger: moved.people(ledger, policy, base, before, scope, today), slot="moved-people"
        )
        self.desk.ask(op, lambda found: self.wanted.emit("people", found), owner=self)

    def _on_mark_opened(self, code: str) -> None:
        if code.startswith(GROUP_UNPAID):
            self._open_people(code)
        else:
            self._open_people("unpaid", code)

    def _telephones(self) -> int:
        """How many people's telephones are shown while the key or the button is held."""
        row = self.view.table.current_row()
        return len(wording.contacts.named(row.ring)) if row is not None else 0

    def _on_held(self, on: bool) -> None:
        """Show the telephones of the place stood on, as long as they are held."""
        row = self.view.table.current_row()
        self._held = row.village.scope if on and row is not None else None
        self.view.table.redraw()

    def _shows_whole(self, row: BoardRow) -> bool:
        return row.village.scope == self._held

    def _show_silent(self) -> None:
        """The silent ones alone, the longest silent first."""
        self.show_part(board_columns.FILES)
        self.view.filter.setText(board_filter.words()[board_filter.SILENT][0])
        sent = next(at for at, one in enumerate(self.numbers) if one.code == "sent")
        self.view.table.sortByColumn(sent, Qt.SortOrder.AscendingOrder)
        self._show_rows()
        self._to_table()
        self.view.table.selectRow(0)

    # ---- showing

    def _on_read(self, read: tuple[Board, Earlier | None]) -> None:
        self._board, issue = read
        self._earlier = issue or self._weeks.get(self._week)
        self._drawn = None
        if not self._board.rows:
            self.view.show_state(self.view.empty)
            return
        self.view.show_board()
        self._show()
        self.settle_focus()
        if issue is None and self._week not in self._weeks:
            self._ask_week()

    @property
    def _week(self) -> tuple[str, str]:
        return self._base, self.desk.today.isoformat()

    def _ask_week(self) -> None:
        """Without an issue to hold it against: lay the ledger out as it stood a week ago, once everybody is served."""
        policy, base, today, key = self.desk.policy, self._base, self.desk.today, self._week

        def shown(found: Earlier | None) -> None:
            self._weeks[key] = found
            if key == self._week and found is not None:
                self._earlier = found
                self._show()

        op = QueryOp(lambda ledger: moved.of_week(ledger, policy, base, today), slot="board-week", later=True)
        self.desk.ask(op, shown, owner=self)

    def _show(self) -> None:
        assert self._board is not None
        read, policy, today = self._board, self.desk.policy, self.desk.today
        self._show_rows()
        cards = self.view.cards
        cards["rate"].show_stat(stats.rate(policy, read, self._earlier, today))
        cards["credential"].show_stat(stats.credential(policy, read.total))
        cards["special"].show_stat(stats.special(policy, read.total, today))
        cards["unsent"].show_stat(stats.unsent(read, self._places, today))
        cards["settle"].show_stat(stats.settle(read))
        self.view.source.setText(stats.source(policy, read, self._earlier, today))
        if self.part in _CHARTS:
            self._read_charts()

    def _show_rows(self) -> None:
        """The villages the filter wants."""
        if self._board is None:
            return
        rows, text = self._board.rows, self.view.filter.text()
        chosen = board_filter.chosen(rows, text, self._target_rate(), self.desk.today)
        self.rows.set_rows(chosen)
        if self.view.table.current_row() is None:
            self.view.table.selectRow(0)
        self.view.title.setText(self._heading(len(chosen), len(rows), bool(text)))

    def _heading(self, some: int, all_: int, filtered: bool) -> str:
        """How many are shown; on a small screen, where the numbers lie below, the rate of all."""
        assert self._board is not None
        if filtered:
            return _("{some} of {all} shown").format(some=units.number(some), all=units.number(all_))
        if not self.view.wide:
            return f"{wording.percent(self._board.total.rate)} · {_('Ranked by the rate of')}"
        return _("Ranked by the rate of")

    def _on_arranged(self) -> None:
        if self.part in self._tables:
            self._set_columns()
            self._show_rows()

    def _set_columns(self) -> None:
        """Show the columns of the table that is looked at, as far as there is room."""
        self._table = self.part
        numbers = [one for one in self._tables[self.part] if self.view.wide or not one.wide]
        if [one.code for one in numbers] == [one.code for one in self.numbers]:
            return
        table = self.view.table
        held = self.numbers[table.currentIndex().column()].code if table.currentIndex().isValid() else ""
        self.numbers = numbers
        table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.rows.set_columns([one.column for one in numbers])
        if self._board is not None:
            self._show_rows()
        table.stand_on(next((at for at, one in enumerate(numbers) if one.code == held), 0))

    # ---- charts

    def _read_charts(self) -> None:
        policy, base = self.desk.policy, self._base
        if self._drawn is not None:
            self._show_chart()
            return

        def shown(found: board_charts.Read) -> None:
            self._drawn = found
            self._show_chart()

        op = QueryOp(lambda ledger: board_charts.read(ledger, policy, base), slot="board-charts")
        self.desk.ask(op, shown, owner=self)

    def _show_chart(self) -> None:
        if self._board is None or self._drawn is None or self.part not in _CHARTS:
            return
        desk = self.desk
        self.charts.show_chart(
            board_charts.chart(
                self.part,
                desk.policy,
                self._board,
                self._drawn,
                self._earlier,
                desk.profile.scope,
                desk.today,
            )
        )

    def _target_rate(self) -> float | None:
        return stats.tick(board.target_of(self.desk.policy, self._base))
