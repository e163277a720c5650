"""Today: whom to see, call or remind now and why; each number is a door to exactly its people."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.models import filters, today
from gui.models.filters import NAMED, PeopleFilter
from gui.models.papers import CREDENTIAL, HOUSEHOLD, Asked
from gui.models.pulse import pending
from gui.models.targets import own_lists
from gui.models.today import PLAN, Door
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.pages.households.panels.visit import VisitPanel
from gui.pages.page import Page
from gui.pages.revealing import hold_to_show
from gui.pages.today import numbers
from gui.pages.today.numbers import NEAREST, Ground
from gui.pages.today.view import TodayView
from gui.widgets.labels import plain, strong
from storage.ledger import Changes, Ledger
from storage.operators import RECORD
from storage.policy.course import Course
from storage.policy.pace import Pace
from storage.printed import SheetCode, mark
from storage.queries import dayplan, returns, targets
from storage.queries.cards import HouseholdCard, is_unpaid, work
from storage.queries.dayplan import Turn
from storage.queries.returns import Printed

_STEP = 40
"""Households shown at a time: rows of several lines are slow to lay out."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What is worked out off the main thread: whose turn it is by each way, payments by day, questions, lists that
    are out, money laid out in fen.
    """

    turns: dict[str, list[Turn]]
    pace: Pace | None
    course: Course
    lately: frozenset[str]
    questions: int
    out: list[Printed]
    advanced: int


class TodayPage(Page):
    """The first page of a village."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._way, self._most = "", _STEP
        self.work = today.work_model(lambda: desk.policy, lambda: desk.today, lambda turn: turn.by(self._way))
        self.doors = today.doors_model()
        self.view = TodayView(self.work, self.doors)
        self.panel: Panel | None = None
        self._read: _Read | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._reveal = hold_to_show(desk, self.view.reveal, self, self, self._telephones)
        desk.permit(RECORD, self.view.visit)
        self._listen()
        self._show_source()

    def follow_policy(self) -> None:
        self._close_panel()
        self._show_source()

    def first_focus(self) -> QWidget | None:
        return self.view.work if self.work.rows else self.view.roster

    def concerns(self, changes: Changes) -> bool:
        return changes.touches("visit_list")  # of all else the book tells when it has read it

    def back(self) -> bool:
        if self.panel is None:
            return False
        self._close_panel()
        return True

    def refresh(self) -> None:
        book = self.desk.book
        if not book.loaded:
            self.view.show_state(self.view.waiting)
        elif not book.cards:
            self.view.show_state(self.view.empty)
            self.settle_focus()
        book.ensure()
        if not book.loaded or not book.cards:
            return
        homes = list(book.cards)
        op = QueryOp(partial(_read, self.desk, homes), slot="today")
        self.desk.ask(op, self._on_read, owner=self)

    # ---- wiring

    def _listen(self) -> None:
        view, desk = self.view, self.desk
        desk.book.changed.connect(self._on_book_changed)
        view.work.opened.connect(lambda turn: self.wanted.emit("households", today.first_of(turn, self._way)))
        view.work.row_changed.connect(lambda _turn: self._show_who())
        view.doors.opened.connect(self._on_door_opened)
        view.print.clicked.connect(lambda: self.wanted.emit("visits", PLAN))
        view.roster.clicked.connect(lambda: self.wanted.emit("intake", None))
        view.visit.clicked.connect(self._on_visit)
        view.remind.clicked.connect(self._on_remind)
        view.more.clicked.connect(self._on_more)
        self._reveal.changed.connect(lambda _on: self._show_who())
        for way, button in view.ways.items():
            button.clicked.connect(partial(self._choose, way))
        for card in view.cards.values():
            card.opened.connect(self._open)

    def _on_book_changed(self) -> None:
        self._fresh = self.isVisible()
        if self._fresh:
            self.refresh()

    def _on_read(self, read: _Read) -> None:
        if not self.desk.book.loaded or not self.desk.book.cards:
            return
        self._read = read
        self.view.show_work()
        self._show_turns()
        self._show_numbers()
        self._show_doors(read)
        self.settle_focus()

    # ---- whose turn it is

    def _show_turns(self) -> None:
        if self._read is None:
            return
        turns = self._read.turns
        if not turns[self._way]:
            self._way = ""
        self.view.show_ways({way: len(some) for way, some in turns.items()}, self._way)
        found = turns[self._way]
        self.work.set_rows(found[: self._most])
        self.view.more.setVisible(len(found) > self._most)
        self.view.more.setText(_("{count} more households").format(count=min(_STEP, len(found) - self._most)))
        if self.view.work.current_row() is None and self.work.rows:
            self.view.work.selectRow(0)
        self._show_who()

    def _choose(self, way: str) -> None:
        self._way, self._most = way, _STEP
        self._show_turns()
        self.view.work.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_more(self) -> None:
        self._most += _STEP
        self._show_turns()

    def _turn(self) -> Turn | None:
        turn: Turn | None = self.view.work.current_row()
        return turn

    def _telephones(self) -> int:
        turn = self._turn()
        return int(bool(turn and today.telephone(turn)))

    def _show_who(self) -> None:
        """The household the keys are about, with its telephones: whole while they are held."""
        turn, view = self._turn(), self.view
        found = today.telephone(turn) if turn else None
        # Each is set once: a button that is closed for a moment lets go of what holds it.
        view.reveal.setEnabled(found is not None)
        view.visit.setEnabled(bool(turn and turn.home.household.record))
        view.remind.setEnabled(bool(turn and turn.door))  # nobody is reminded of what an office has to do
        if turn is None:
            view.who.setText("")
            return
        masked = not self._reveal.on
        told = _("no telephone known")
        if found is not None:
            name, phone = found
            told = _("{name}: {phone}").format(name=name, phone=wording.phone(phone, masked=masked))
        head = _("Household of {name}").format(name=turn.home.head_name)
        view.who.setText(f"{head}\n{told}")

    def _on_visit(self) -> None:
        turn = self._turn()
        if turn is None or self.desk.refuses_entries():
            return
        self._close_panel()
        called = turn.door is not None and turn.door.way == "call"
        panel = self.panel = VisitPanel(self.desk, turn.home, "phoned" if called else "")
        panel.closed.connect(self._close_panel)
        panel.saving.connect(self._on_saving)
        self.desk.events.began.emit()
        self.view.open_panel(panel)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_saving(self, op: ChangeOp) -> None:
        if self.panel is not None:
            saved, refused = self._on_saved, self.panel.show_refusal
            self.desk.change(op, saved, owner=self.panel, refused=refused)

    def _on_saved(self, _result: object) -> None:
        self._close_panel()

    def _close_panel(self) -> None:
        if self.panel is not None:
            self.panel = None
            self.view.open_panel(None)
            self.view.work.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_remind(self) -> None:
        turn = self._turn()
        if turn is not None:
            owes = any(is_unpaid(task.card) for task in turn.at_door())
            code = HOUSEHOLD if owes else CREDENTIAL
            self.wanted.emit("papers", Asked(turn.home.household.record, code))

    # ---- numbers

    def _show_numbers(self) -> None:
        if self._read is None:
            return
        desk, read, cards = self.desk, self._read, self.view.cards
        ground = Ground(desk.policy, desk.today, desk.book.counts, read.pace, read.course, read.lately)
        for key, made in {
            "paid": numbers.paid(ground),
            "credential": numbers.credential(ground),
            "special": numbers.special(ground),
            "pace": numbers.pace(ground),
        }.items():
            cards[key].show_figures(made.title, made.figures, made.bar, made.below)
        self.view.curve.show_way(numbers.way(ground))

    def _open(self, page: str, request: object) -> None:
        if page == NEAREST and isinstance(request, int):
            self._open_nearest(request)
        else:
            self.wanted.emit(page, request)

    def _open_nearest(self, count: int) -> None:
        """Open so many of those missing to the target, the easiest to win first."""
        desk, homes = self.desk, list(self.desk.book.cards)
        base = targets.base_of(desk.policy)

        def read(ledger: Ledger) -> frozenset[str]:
            found = own_lists(ledger, desk.policy, homes, desk.today, base)["missing"].entries
            return frozenset(entry.card.person.record for entry in found[:count])

        def show(among: frozenset[str]) -> None:
            title = _("missing to the target")
            self.wanted.emit("households", PeopleFilter(NAMED, people=True, title=title, among=among))

        desk.ask(QueryOp(read, slot="nearest"), show, owner=self)

    # ---- the other work

    def _show_doors(self, read: _Read) -> None:
        counts = self.desk.book.counts
        found = [_people_door(code, counts[code]) for code in ("unpaid", "help", "credential", "waiting")]
        if counts["overdue"]:
            found.append(_people_door("overdue", counts["overdue"], urgent=True))
        found.append(
            Door(
                "pending",
                _("To settle"),
                read.questions,
                _("questions"),
                "pending",
                urgent=bool(read.questions),
            )
        )
        found += [_list_door(one) for one in read.out]
        if counts["advanced"]:
            title = _("Advanced, {money}").format(money=wording.money(read.advanced))
            found.append(_people_door("advanced", counts["advanced"], title))
        self.view.show_doors(found)

    def _on_door_opened(self, door: Door) -> None:
        self.wanted.emit(door.page, door.request)

    def _show_source(self) -> None:
        policy = self.desk.policy
        text = _("Policy: {title}").format(title=plain(policy.title))
        if policy.example:
            text += " " + strong(_("Example, in force nowhere"), "warn")
        self.view.source.setText(text)


def _people_door(code: str, count: int, title: str = "", *, urgent: bool = False) -> Door:
    wanted = PeopleFilter(code, people=True)
    return Door(code, title or filters.words(code), count, _("people"), "households", wanted, urgent)


def _list_door(one: Printed) -> Door:
    title = _("List {number}: not returned").format(number=f"{one.number:02d}")
    code = SheetCode(one.scope, one.number, mark(one.record))
    return Door(f"list:{one.record}", title, one.out, _("list rows"), "returns", code)


def _read(desk: Desk, homes: list[HouseholdCard], ledger: Ledger) -> _Read:
    """Work everything out on the ledger thread."""
    policy, day, scope = desk.policy, desk.today, ledger.profile.scope
    standing = targets.read(ledger, policy, day).rows[scope].standing_of("everyone")
    pace = standing.pace if standing else None
    first = day - timedelta(days=max(pace.days - 1, 0)) if pace else day
    return _Read(
        today.by_way(dayplan.due(dayplan.turns(policy, homes, day))),
        pace,
        today.course_of(policy, homes, day),
        today.paid_since(policy, homes, first, day),
        pending(ledger, policy),
        [one for one in returns.lists(ledger, scope) if one.out],
        work(homes, 0).advanced_fen,
    )
