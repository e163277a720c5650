"""Today: the numbers are doors to their people, the households are in the order of urgency."""

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.models import filters, today
from gui.models.filters import PeopleFilter
from gui.models.targets import Wanted
from gui.models.today import Door
from gui.ops import QueryOp
from gui.pages.page import Page
from gui.pages.today.view import TodayView
from gui.widgets.cards import Stat
from gui.widgets.labels import plain, strong
from gui.widgets.pieces import Bar
from gui.wording import names
from gui.wording import targets as words
from storage.ledger import Changes, Ledger
from storage.policy import rates
from storage.policy.model import Target
from storage.policy.pace import Pace
from storage.queries import figures, returns, targets
from storage.queries.cards import Work
from storage.queries.figures import Figures

_SHOWN = 20  # households: more than a day's walk holds


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The village's figures by the denominator of the target, how fast people pay, and how many lists are still out."""

    figures: Figures
    denominator: str
    pace: Pace | None
    lists_out: int


class TodayPage(Page):
    """The first page of a village."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.work = today.work_model(lambda: desk.policy, lambda: desk.today)
        self.doors = today.doors_model()
        self.view = TodayView(self.work, self.doors)
        self._numbers: _Numbers | None = None
        self._work: Work | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        desk.book.changed.connect(self._on_book_changed)
        view = self.view
        view.work.opened.connect(lambda card: self.wanted.emit("households", card.household.record))
        view.doors.opened.connect(self._on_door_opened)
        view.print.clicked.connect(lambda: self.wanted.emit("visits", None))
        view.roster.clicked.connect(lambda: self.wanted.emit("intake", None))
        doors = {"paid": "unpaid", "credential": "credential", "special": "special_unpaid"}
        for key, code in doors.items():
            view.cards[key].opened.connect(lambda code=code: self._open_people(code))
        view.cards["pace"].opened.connect(lambda: self.wanted.emit("targets", Wanted("missing")))
        self._show_source()

    def follow_policy(self) -> None:
        self._show_source()

    def first_focus(self) -> QWidget | None:
        return self.view.work if self.work.rows else self.view.roster

    def concerns(self, changes: Changes) -> bool:
        return changes.touches("visit_list")  # of all else the book tells when it has read it

    def refresh(self) -> None:
        if self.desk.book.loaded:
            self._show_work()
        else:
            self.view.show_state(self.view.waiting)
        self.desk.book.ensure()
        policy, scope, day = self.desk.policy, self.desk.profile.scope, self.desk.today
        base = targets.base_of(policy)

        def read(ledger: Ledger) -> _Numbers:
            standing = targets.read(ledger, policy, day).rows[scope].standing_of("everyone")
            found = figures.by_scope(ledger, policy, base).get(scope, Figures())
            return _Numbers(
                found, base, standing.pace if standing else None, returns.unreturned(ledger, scope)
            )

        self.desk.ask(QueryOp(read, slot="today"), self._on_numbers_read, owner=self)

    def _on_book_changed(self) -> None:
        self._fresh = self.isVisible()
        if self._fresh:
            self.refresh()

    def _on_numbers_read(self, numbers: _Numbers) -> None:
        self._numbers = numbers
        self._show_numbers()

    def _show_work(self) -> None:
        book = self.desk.book
        if not book.cards:
            self.view.show_state(self.view.empty)
            self.settle_focus()
            return
        work = self._work = book.work(_SHOWN)
        self.view.show_work()
        self.work.set_rows(work.households)
        if self.view.work.current_row() is None and self.work.rows:
            self.view.work.selectRow(0)
        self._show_numbers()
        self.settle_focus()

    def _show_numbers(self) -> None:
        if self._numbers is None or not self.desk.book.loaded:
            return
        found = self._numbers.figures
        self.view.cards["paid"].show_stat(self._paid(found))
        self.view.cards["credential"].show_stat(self._credential(found))
        self.view.cards["special"].show_stat(self._special(found))
        self.view.cards["pace"].show_stat(self._pace(self._numbers.pace))
        if self._work is not None:
            self._show_doors(self._work)

    def _paid(self, found: Figures) -> Stat:
        target = self.desk.policy.target("everyone")
        assert self._numbers is not None
        base = names.denominator(self.desk.policy, self._numbers.denominator)
        beside = _("of {all} · {rate}").format(
            all=wording.units.number(found.should), rate=wording.percent(found.rate)
        )
        below = plain(_("Of: {base}").format(base=base))
        if target and target.rate is not None:
            gap = rates.gap(target.rate, found.should_paid, found.should)
            words = _("{missing} missing to {target}") if gap else _("{target} reached")
            below = words.format(missing=strong(str(gap)), target=_percent(target)) + "<br>" + below
        share = found.should_paid / found.should if found.should else 0.0
        bar = Bar(share, float(target.rate) if target and target.rate is not None else None)
        return Stat(_("Paid"), wording.units.number(found.should_paid), beside, bar, below)

    def _credential(self, found: Figures) -> Stat:
        target = self.desk.policy.target("credential")
        binding = self.desk.book.counts["bind"]
        beside = _("of {all} · {rate}").format(
            all=wording.units.number(found.people), rate=wording.percent(found.credential_rate)
        )
        share = found.credential / found.people if found.people else 0.0
        bar = Bar(share, float(target.rate) if target and target.rate is not None else None)
        below = _("{count} children to be bound to family").format(count=strong(str(binding)))
        return Stat(_("E-credential"), wording.units.number(found.credential), beside, bar, below)

    def _special(self, found: Figures) -> Stat:
        target = self.desk.policy.target("special")
        missing = found.special - found.special_paid
        rate = figures.percent(found.special_paid, found.special)
        beside = _("of {all} · {rate}").format(
            all=wording.units.number(found.special), rate=wording.percent(rate)
        )
        share = found.special_paid / found.special if found.special else 0.0
        bar = Bar(
            share,
            float(target.rate) if target and target.rate is not None else None,
            "warn" if missing else "ok",
        )
        below = (
            _("complete") if not missing else _("{count} missing").format(count=strong(str(missing), "bad"))
        )
        if target and target.deadline and missing:
            day = wording.short_day(target.deadline, self.desk.today)
            below = _("all by {day}, {count} missing").format(
                day=plain(day), count=strong(str(missing), "bad")
            )
        return Stat(_("Special groups"), wording.units.number(found.special_paid), beside, bar, below)

    def _pace(self, read: Pace | None) -> Stat:
        """When the target is reached at this pace, in which range, and what would be in time."""
        target, day = self.desk.policy.target("everyone"), self.desk.today
        title = _("At this pace")
        if target is None or target.rate is None or read is None:
            return Stat(title, "—", below=plain(_("The policy names no target.")))
        if read.state == "met":
            return Stat(title, _("reached"), tone="ok", below=plain(_("The target is met.")))
        lines = [plain(words.no_day_text(read))] if read.likely is None else self._range(read, target)
        if read.needed is not None and read.state != "short":
            lines.append(plain(_("needed a day: {count}").format(count=f"{read.needed:.1f}")))
        big = wording.short_day(read.likely, day) if read.likely else "—"
        return Stat(title, big, below="<br>".join(lines), tone="bad" if read.late_days else None)

    def _range(self, read: Pace, target: Target) -> list[str]:
        lines = [plain(_("80 %: {range}").format(range=words.range_text(read, self.desk.today)))]
        if read.late_days:
            late = strong(str(read.late_days), "bad")
            lines.append(_("{days} days after the deadline").format(days=late))
        elif read.deadline:
            sure = read.latest is not None and read.latest <= read.deadline
            told = _("in time for {target}") if sure else _("perhaps late for {target}")
            lines.append(plain(told.format(target=_percent(target))))
        return lines

    def _show_doors(self, work: Work) -> None:
        book = self.desk.book
        people = _("people")

        def door(code: str) -> Door:
            count = book.counts[code]
            return Door(filters.words(code), f"{count:,}", people, "households", PeopleFilter(code))

        found = [door(code) for code in ("unpaid", "help", "credential", "waiting")]
        overdue = book.counts["overdue"]
        if overdue:
            found.append(
                Door(
                    filters.words("overdue"),
                    f"{overdue:,}",
                    people,
                    "households",
                    PeopleFilter("overdue"),
                    True,
                )
            )
        if self._numbers is not None:
            pending = self._numbers.figures.conflicts + self._numbers.figures.to_review
            found.append(Door(_("To settle"), f"{pending:,}", _("questions"), "pending", None, bool(pending)))
        if self._numbers is not None and self._numbers.lists_out:
            found.append(
                Door(_("Lists not back"), f"{self._numbers.lists_out:,}", _("lists"), "returns", None)
            )
        if work.advanced_fen:
            money = wording.amount(work.advanced_fen)
            found.append(
                Door(_("Advanced by others"), money, _("yuan"), "households", PeopleFilter("advanced"))
            )
        self.doors.set_rows(found)

    def _show_source(self) -> None:
        policy = self.desk.policy
        text = _("Policy: {title}").format(title=plain(policy.title))
        if policy.example:
            text += " " + strong(_("Example, in force nowhere"), "warn")
        self.view.source.setText(text)

    def _open_people(self, code: str) -> None:
        self.wanted.emit("households", PeopleFilter(code))

    def _on_door_opened(self, door: Door) -> None:
        self.wanted.emit(door.page, door.request)


def _percent(target: Target) -> str:
    return f"{target.rate:.0%}" if target.rate is not None else ""
