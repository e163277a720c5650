"""What a page works with: the open ledger as the window knows it, and the ways to ask and to change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gui.actions import looks, remembering
from gui.actions.undo import UndoStack
from gui.clipboard import SECONDS, Lending
from gui.courier import Courier
from gui.errors import sentence
from gui.events import Events
from gui.i18n import _
from gui.models.book import Book
from gui.ops import ChangeOp, Op, QueryOp
from gui.runner import Job, Runner
from gui.settings import Settings
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import ChoiceRow
from gui.widgets.laying import laying_out_once
from storage import carrying, operators, policies, remembered
from storage.clock import Clock
from storage.errors import KnownError, RuleViolation
from storage.ledger import Ledger, Profile
from storage.policy.model import Policy
from storage.policy.window import is_over
from storage.queries import calendar
from storage.queries.calendar import Year

if TYPE_CHECKING:
    from gui.models.moments import Moment
    from gui.past.runner import PastRunner

_RULES = ("village", "policy_text")
"""Kinds of records that say by which policy a ledger works."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What changes hardly ever while a ledger is open: by joining an office, new rights, a published policy.

    ``operator`` stands beside new entries, ``unlocked_by`` opened the ledger and may do what ``roles`` say; ``years``
    are those that can be looked at, the newest first; ``place`` is where the window stood when it was last closed,
    ``updated_from`` the version of the program it was opened with before, None where that was this one.
    """

    profile: Profile
    policy: Policy
    folder: Path
    replica: str
    operator: str
    standalone: bool
    unlocked_by: str
    roles: frozenset[str]
    years: tuple[Year, ...] = ()
    place: Mapping[str, object] = field(default_factory=dict)
    updated_from: str | None = None


def facts_of(ledger: Ledger) -> Facts:
    """Read them on the ledger thread; a village without an office is ``standalone``."""
    profile = ledger.profile
    return Facts(
        profile,
        policies.in_force(ledger).policy,
        ledger.folder,
        ledger.replica,
        ledger.operator,
        not ledger.is_office and not profile.office,
        ledger.unlocked_by,
        operators.roles_of(ledger.connection, ledger.unlocked_by),
        calendar.listed(ledger, ledger.clock.today()),
        remembered.place(ledger),
        ledger.updated_from,
    )


def _to_carry(ledger: Ledger) -> int:
    """Return how many entries of the year before are still to be carried into the one in force."""
    total = carrying.plan(ledger, policies.in_force(ledger).policy).total
    return total.identities + total.departed


class Desk(QObject):
    """One per open ledger; every page gets it. ``moment`` is the one of the past it shows, where nothing is written."""

    def __init__(
        self,
        facts: Facts,
        clock: Clock,
        runner: "Runner | PastRunner",
        settings: Settings,
        moment: "Moment | None" = None,
    ) -> None:
        super().__init__()
        self.facts = facts
        self.moment = moment
        self.profile = facts.profile
        self.policy = facts.policy
        self.settings = settings
        self.events = Events(self)
        self.undo = UndoStack(self)
        self._clock = clock
        self._runner = runner
        runner.changed.connect(self._on_changed)
        runner.failed.connect(self._on_failed)
        self.place: Mapping[str, object] = facts.place
        self.book = Book(self)
        self.courier = Courier(self)
        self._lending = Lending(self)

    def take_facts(self, facts: Facts) -> None:
        """The ledger belongs to another office from now on; whoever shows that has to be made anew."""
        shown = self.policy.year if self.policy.year != self.facts.policy.year else facts.policy.year
        self.facts, self.profile = facts, facts.profile
        self.policy = self._policy_of(shown)

    def _policy_of(self, year: int) -> Policy:
        force = self.facts.policy
        return next((one.policy for one in self.facts.years if one.year == year != force.year), force)

    def show_year(self, year: int) -> None:
        """Show this insurance year everywhere, by its own policy; the one in force for a year there is not."""
        policy = self._policy_of(year)
        if policy != self.policy:
            self.policy = policy
            self.book.follow_policy()
            self.events.policy_changed.emit()

    @property
    def is_over(self) -> bool:
        """Whether the year shown takes no new entries."""
        return is_over(self.policy, self.facts.policy, self.today)

    def refuses_entries(self) -> bool:
        """Whether nothing can be entered, by right or because the year shown is over; says so."""
        if not self.may(operators.RECORD):
            self.refuse(operators.RECORD)
            return True
        if self.is_over:
            over = RuleViolation("year.over", year=self.policy.year, now=self.facts.policy.year)
            self.events.failed.emit(over)
        return self.is_over

    @property
    def today(self) -> date:
        """The business date."""
        return self._clock.today()

    @property
    def now(self) -> datetime:
        """The moment it is, local time."""
        return datetime.fromtimestamp(self._clock.now_ms() / 1000).astimezone()

    @property
    def is_office(self) -> bool:
        """Whether this is a township office's ledger."""
        return bool(self.profile.role == "o")

    @property
    def operator(self) -> str:
        """Who makes the entries."""
        return self.facts.operator

    def may(self, role: str) -> bool:
        """Whether whoever opened the ledger has a role; in the past nobody has one."""
        return self.moment is None and role in self.facts.roles

    def why_not(self, role: str) -> str:
        """Why whoever opened the ledger may not do what takes a role, "" where they may."""
        return "" if self.may(role) else sentence(self._refusal(role))

    def _refusal(self, role: str) -> KnownError:
        if self.moment is not None:
            return KnownError("asof.read_only")
        return KnownError("operator.not_allowed", operator=self.facts.unlocked_by, role=role)

    def permit(self, role: str, *buttons: KeyButton | ChoiceRow) -> None:
        """Let these be pressed only by who has the role; others see why not."""
        why = self.why_not(role)
        if why:
            for button in buttons:
                button.forbid(why)

    def refuse(self, role: str) -> None:
        """Say that it takes a role, where something was tried that no button stands for."""
        self.events.failed.emit(self._refusal(role))

    def ask(self, op: Op, done: Callable[[Any], None], *, owner: QObject) -> Job:
        """Ask the ledger; errors go where all errors go."""
        return self._runner.run(op, laying_out_once(owner, done), owner=owner)

    def run(
        self,
        op: Op,
        done: Callable[[Any], None],
        *,
        owner: QObject,
        refused: Callable[[Exception], bool],
    ) -> Job:
        """Run an op whose errors the page itself shows; ``refused`` returns False to pass one on."""
        return self._runner.run(op, laying_out_once(owner, done), owner=owner, refused=refused)

    def change(
        self,
        op: Op,
        done: Callable[[Any], None] | None = None,
        *,
        owner: QObject,
        refused: Callable[[RuleViolation], object] | None = None,
    ) -> Job:
        """Change the ledger; ``refused`` gets what the rules do not allow, to be shown beside its field."""

        def on_error(error: Exception) -> bool:
            if refused is None or not isinstance(error, RuleViolation):
                return False
            refused(error)
            return True

        return self._runner.run(op, done, owner=owner, refused=on_error)

    def save_daily(self) -> None:
        """Make today's backup unless there is one; the pulse tells where it could not be made."""
        op = QueryOp(Ledger.save_daily, slot="daily", later=True)
        self._runner.run(op, lambda _unsaved: self.events.exchanged.emit(), owner=self)

    def writing(self) -> bool:
        """Whether a change waits or runs."""
        return self._runner.writing()

    def note_shown(self, people: int) -> None:
        """Note in the log of what went out that full numbers of so many people were shown."""
        self.ask(looks.noted("shown", people), lambda _none: None, owner=self)

    def lend_number(self, number: str) -> None:
        """Put a full number on the clipboard for half a minute, and note it."""
        self._lending.lend(number)
        self.ask(looks.noted("copied", 1), lambda _none: None, owner=self)
        words = _("The number is on the clipboard; in {seconds} seconds it is gone.")
        self.events.told.emit(words.format(seconds=SECONDS), False)

    def take_number_back(self) -> None:
        """Take a number that was lent off the clipboard now."""
        self._lending.take_back()

    def keep_place(self, where: Mapping[str, object]) -> None:
        """Remember where the window stands, in the ledger."""
        if where != self.place and self.moment is None:
            self.place = where
            self.ask(remembering.stood(where), lambda _none: None, owner=self)

    def leave(self) -> None:
        """Stop listening: another ledger takes this one's place."""
        self.take_number_back()
        self._runner.changed.disconnect(self._on_changed)
        self._runner.failed.disconnect(self._on_failed)
        self.courier.stop()

    def _on_changed(self, op: ChangeOp, result: Any, initiator: QObject | None) -> None:
        changes = op.changes(result)
        if not changes:
            return
        if op.undoable:
            self.undo.push(op, changes)
        self.book.follow(op, changes)
        self.events.changed.emit(changes, initiator)
        if changes.touches(*_RULES):
            self._runner.run(QueryOp(facts_of, slot="facts"), self._on_facts_read, owner=self)
        if op.told:
            self.events.told.emit(op.told, op.undoable)

    def _on_facts_read(self, facts: Facts) -> None:
        before, shown = self.facts, self.policy
        self.take_facts(facts)
        if self.policy != shown or facts.years != before.years:
            self.book.follow_policy()
            self.events.policy_changed.emit()
        if facts.policy.year > before.policy.year:
            self._runner.run(QueryOp(_to_carry, slot="carry", later=True), self._on_missing_read, owner=self)
        elif facts.policy != before.policy:
            self._tell_in_force()

    def _on_missing_read(self, count: int) -> None:
        """Say what a year that was opened elsewhere still lacks here."""
        told = _("{count} entries of last year go on and are not in {year} yet: Settings, Insurance years.")
        self._tell_in_force(told.format(count=count, year=self.facts.policy.year) if count else "")

    def _tell_in_force(self, more: str = "") -> None:
        told = _("The policy “{title}” is in force from now on.").format(title=self.facts.policy.title)
        self.events.told.emit(f"{told} {more}".strip(), False)

    def _on_failed(self, error: Exception) -> None:
        expected = known(error, self.facts.folder)
        if expected is None:
            self.events.crashed.emit(error)
        else:
            self.events.failed.emit(expected)
