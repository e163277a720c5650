"""The plan of the day: its doors in walking order with the reason for each, and the doors that could still come in."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.desk import Desk
from gui.i18n import _
from gui.models import today
from gui.ops import QueryOp
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import flowing, label
from gui.widgets.notices import EmptyState
from gui.widgets.pieces import Tag
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView
from gui.wording import ways
from storage.ledger import Ledger
from storage.policy import rounds
from storage.queries import dayplan, returns
from storage.queries.cards import HouseholdCard
from storage.queries.dayplan import Plan, Stop, Turn
from storage.queries.visits import VisitFilter

DOORS = "doors_a_day"
_TITLE = 20  # px of the letters of a title
_OTHERS = 60  # doors that could still come in, the weightiest: rows of several lines are slow to lay out


class PlanView(QWidget):
    """How the plan is laid out: how long the day is, its doors, the others below."""

    def __init__(self, stops: RowsModel, others: RowsModel) -> None:
        super().__init__()
        theme = themes.current()
        self.count = label("", "title", wrap=True)
        self.fewer, self.longer = KeyButton(_("One door fewer"), "-"), KeyButton(_("One door more"), "+")
        self.stops = TableView(stops, _("Doors of today, as they are walked"), wraps=True)
        self.others = TableView(others, _("Doors that could come in"), header=False, wraps=True)
        for table in (self.stops, self.others):
            table.setSortingEnabled(False)
        self.stops.set_empty(
            EmptyState(_("No door to walk to today"), _("Nobody has to be seen; see “Today” for calls."))
        )
        self.drop, self.add = KeyButton(_("Leave this door out"), "D"), KeyButton(_("Take this door in"), "A")
        self.again = KeyButton(_("As proposed"), "B")
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.addWidget(self.count, 1)
        self._keys = flowing(self.drop, self.fewer, self.longer, self.again)
        self._head.addWidget(self._keys)
        first, second = Card(), Card(_("Not in the plan"), self.add)
        first.setAccessibleName(_("Plan of the day"))
        first.add(self._head)
        first.add(self.stops, 1)
        second.add(self.others, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(first, 3)
        column.addWidget(second, 2)
        self.others_card = second

    def tell(self, words: str) -> None:
        """Say how long the plan is, beside the keys where both have room."""
        self.count.setText(words)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        theme = themes.current()
        words = theme.width(self.count.text(), _TITLE, bold=True) + theme.px(60)
        beside = self.width() >= words + self._keys.sizeHint().width()
        below = QBoxLayout.Direction.TopToBottom
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else below)


class Planning(QObject):
    """Makes the plan anew whenever something changed; ``made`` tells that there is another one."""

    made = Signal()

    def __init__(self, desk: Desk, covers: Callable[[], VisitFilter]) -> None:
        super().__init__(desk)
        self._desk, self._covers = desk, covers
        self._day = desk.today
        self._added: set[str] = set()
        self._dropped: set[str] = set()
        self._kinds: dict[str, Stop] = {}
        self._out: dict[str, int] = {}
        self.on = False
        self.where = VisitFilter()
        self.plan: Plan | None = None
        self.stops = self._model(lead=True)
        self.others = self._model()
        self.view = view = PlanView(self.stops, self.others)
        view.fewer.clicked.connect(lambda: self._lengthen(-1))
        view.longer.clicked.connect(lambda: self._lengthen(1))
        view.again.clicked.connect(self._on_again)
        view.drop.clicked.connect(lambda: self._turn_over(view.stops, self._dropped, self._added))
        view.add.clicked.connect(lambda: self._turn_over(view.others, self._added, self._dropped))
        for table, button, keys in (
            (view.stops, view.drop, ("Delete",)),
            (view.others, view.add, ("Return", "Enter", "Insert")),
        ):
            for key in keys:
                short = QShortcut(QKeySequence(key), table)
                short.setContext(Qt.ShortcutContext.WidgetShortcut)
                short.activated.connect(button.click)

    @property
    def doors(self) -> int:
        """How many doors are wanted: what the user said, else what is usual here."""
        held = self._desk.settings.text(DOORS)
        if held.isdecimal():
            return rounds.bounded(int(held))
        return dayplan.usual_doors(self._desk.book.cards, self._desk.today)

    @property
    def wanted(self) -> VisitFilter:
        """Whom a list of this plan takes: its people and nobody else."""
        residents = self.plan.picked.residents if self.plan else []
        return VisitFilter(named=_("Plan of the day"), among=frozenset(residents))

    def reasons(self) -> dict[str, str]:
        """Why each door is in, by household, as it is printed."""
        policy = self._desk.policy
        return {record: ways.stop_words(policy, stop) for record, stop in self._kinds.items()}

    def make(self) -> None:
        """Make the plan of what is known now, off the main thread."""
        desk, where = self._desk, self._covers()
        self.where = where
        if self._day != desk.today:
            self._day = desk.today
            self._added.clear()
            self._dropped.clear()
        homes, most = list(desk.book.cards), self.doors
        op = QueryOp(
            partial(_made, desk, homes, most, where, set(self._added), set(self._dropped)), slot="plan"
        )
        desk.ask(op, self._on_made, owner=self)

    def _on_made(self, made: tuple[Plan, dict[str, int]]) -> None:
        plan, self._out = made
        self.plan = plan
        self._kinds = {stop.turn.home.household.record: stop for stop in plan.stops}
        view = self.view
        self.stops.set_rows([stop.turn for stop in plan.stops])
        self.others.set_rows(list(plan.others[:_OTHERS]))
        for table in (view.stops, view.others):
            if table.current_row() is None and table.rows_model.rows:
                table.selectRow(0)
        told = _("{doors} doors, {people} people; at most {most}").format(
            doors=len(plan.stops), people=len(plan.picked.residents), most=plan.most
        )
        if plan.unmet:
            told = _("{told}. {count} more are expected today and do not fit").format(
                told=told, count=plan.unmet
            )
        view.tell(told)
        view.fewer.setEnabled(plan.most > rounds.LEAST)
        view.longer.setEnabled(plan.most < rounds.MOST)
        view.drop.setEnabled(bool(plan.stops))
        view.again.setEnabled(bool(self._added or self._dropped))
        view.others_card.setVisible(bool(plan.others))
        view.others_card.set_title(_others_title(len(plan.others)))
        self.made.emit()

    def _lengthen(self, by: int) -> None:
        self._desk.settings.keep(DOORS, str(rounds.bounded(self.doors + by)))
        self.make()

    def _on_again(self) -> None:
        self._added.clear()
        self._dropped.clear()
        self.make()

    def _turn_over(self, table: TableView, into: set[str], out_of: set[str]) -> None:
        """Wish the chosen door in or out."""
        turn: Turn | None = table.current_row()
        if turn is not None:
            record = turn.home.household.record
            into.add(record)
            out_of.discard(record)
            self.make()

    def _model(self, *, lead: bool = False) -> RowsModel:
        desk = self._desk

        def tags(turn: Turn) -> list[Tag]:
            stop = self._kinds.get(turn.home.household.record) if lead else None
            marks = [ways.stop_mark(stop) if stop else None, ways.out_mark(turn, self._out)]
            return [Tag(mark.text, mark.tone) for mark in marks if mark]

        return today.work_model(lambda: desk.policy, lambda: desk.today, lambda turn: turn.at_door(), tags)


def _others_title(count: int) -> str:
    if count <= _OTHERS:
        return _("Not in the plan")
    return _("Not in the plan: the {shown} most pressing of {count}").format(shown=_OTHERS, count=count)


def _made(
    desk: Desk,
    homes: list[HouseholdCard],
    most: int,
    where: VisitFilter,
    added: set[str],
    dropped: set[str],
    ledger: Ledger,
) -> tuple[Plan, dict[str, int]]:
    """The plan, and which residents stand on a list that is still out."""
    plan = dayplan.plan(
        desk.policy, homes, desk.today, most, added=added, dropped=dropped, covers=where.covers
    )
    return plan, returns.still_out(ledger, desk.profile.scope)
