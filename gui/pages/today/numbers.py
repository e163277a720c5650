"""What the cards of today say: every number names the people it opens, so that both are the same by making."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Literal

from gui import wording
from gui.i18n import _
from gui.models.filters import NAMED, PeopleFilter, words
from gui.models.targets import Wanted
from gui.pages.today.curve import Way
from gui.pages.today.figures import Line, Link, Part, filled
from gui.theme import Tone
from gui.widgets.pieces import Bar
from gui.wording import names
from gui.wording import targets as told
from gui.wording.units import number
from storage.policy import rates
from storage.policy.course import Course
from storage.policy.model import Policy, Target
from storage.policy.pace import Pace
from storage.queries import figures, targets

NEAREST = "nearest"
"""What a door asks for that is opened by asking the ledger first: those missing to the target, the easiest first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one card shows."""

    title: str
    figures: Line
    bar: Bar | None
    below: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the cards are made of: people by filter, the pace where there is one, payments by day, and ``lately``
    the records of those who paid in the days the pace looks back on.
    """

    policy: Policy
    today: date
    counts: Mapping[str, int]
    pace: Pace | None
    course: Course
    lately: frozenset[str]

    @property
    def gap(self) -> int:
        """How many more people reach the target for everybody; 0 where there is none or it is reached."""
        target = self.policy.target("everyone")
        if target is None or target.rate is None:
            return 0
        return rates.gap(target.rate, self.counts["should_paid"], self.counts["should"])


def people(
    code: str, count: int, *, unit: bool = True, first: bool = False, tone: Tone | None = None
) -> Link:
    """A number of people that opens them; the ``first`` of a card is written large."""
    text = _("{count} people").format(count=number(count)) if unit and not first else number(count)
    name = _("{what}: {count} people, open").format(what=words(code), count=number(count))
    return Link(text, name, "households", PeopleFilter(code, people=True), tone, first)


def paid(ground: Ground) -> Shown:
    """Who has paid of those who count, and how many are missing to the target."""
    counts, target = ground.counts, ground.policy.target("everyone")
    base = names.denominator(ground.policy, targets.base_of(ground.policy))
    below: list[Line] = [*_missing(ground, target), [_("Of: {base}").format(base=base)]]
    return Shown(
        _("Paid"),
        _of("should_paid", "should", counts),
        _bar(counts["should_paid"], counts["should"], target),
        below,
    )


def credential(ground: Ground) -> Shown:
    """Whose e-credential is active, and which children wait for a relative."""
    counts, target = ground.counts, ground.policy.target("credential")
    line = filled(_("children to be bound to family: {count}"), {"count": people("bind", counts["bind"])})
    return Shown(
        _("E-credential"),
        _of("active", "register", counts),
        _bar(counts["active"], counts["register"], target),
        [line],
    )


def special(ground: Ground) -> Shown:
    """Which of the special groups have paid, and how many have not by their day."""
    counts, target = ground.counts, ground.policy.target("special")
    missing = counts["special_unpaid"]
    below: list[Line] = [[_("complete")]]
    if missing:
        link = people("special_unpaid", missing, tone="bad")
        below = [filled(_("{count} short"), {"count": link})]
        if target and target.deadline:
            day = wording.short_day(target.deadline, ground.today)
            below = [filled(_("all by {day}: {count} short"), {"day": day, "count": link})]
    bar = _bar(counts["special_paid"], counts["special_all"], target, "warn" if missing else "ok")
    return Shown(_("Special groups"), _of("special_paid", "special_all", counts), bar, below)


def pace(ground: Ground) -> Shown:
    """When the target is reached at this pace, who paid lately, and what would be in time."""
    found, target, day = ground.pace, ground.policy.target("everyone"), ground.today
    title = _("At this pace")
    if target is not None and target.deadline is not None and target.deadline >= day:
        left = (target.deadline - day).days
        title = _("At this pace · {days} days left").format(days=left)
    if target is None or target.rate is None or found is None:
        return Shown(title, ["—"], None, [[_("The policy names no target.")]])
    if found.state == "met":
        return Shown(title, [_("reached")], None, [[_("The target is met.")], _lately(ground, found)])
    figure: Line = ["—"]
    if found.likely:
        big = wording.short_day(found.likely, day)
        name = _("likely reached on {day}, open the targets").format(day=big)
        figure = [Link(big, name, "targets", Wanted("missing"), "bad" if found.late_days else None, True)]
    lines: list[Line] = [[told.no_day_text(found)]] if found.likely is None else _range(found, target, day)
    if found.needed is not None and found.state != "short":
        lines.append([_("needed a day: {count}").format(count=f"{found.needed:.1f}")])
    return Shown(title, figure, None, [*lines, _lately(ground, found)])


def way(ground: Ground) -> Way:
    """The line toward the target."""
    target = ground.policy.target("everyone")
    wanted = None
    if target is not None and target.rate is not None:
        wanted = ceil(target.rate * ground.counts["should"])
    return Way(
        ground.course,
        ground.today,
        wanted,
        target.deadline if target else None,
        ground.pace,
    )


def _of(part: str, whole: str, counts: Mapping[str, int]) -> Line:
    """So many of so many, and the rate."""
    rate = figures.percent(counts[part], counts[whole])
    blanks: dict[str, Part] = {"all": people(whole, counts[whole], unit=False), "rate": wording.percent(rate)}
    return [people(part, counts[part], first=True), *filled(_("of {all} · {rate}"), blanks)]


def _bar(part: int, whole: int, target: Target | None, tone: Literal["main", "warn", "ok"] = "main") -> Bar:
    tick = float(target.rate) if target is not None and target.rate is not None else None
    return Bar(part / whole if whole else 0.0, tick, tone)


def _missing(ground: Ground, target: Target | None) -> list[Line]:
    """How many more the target takes; where fewer than that can still pay, that is said, and they are the door."""
    if target is None or target.rate is None:
        return []
    percent, gap, able = f"{target.rate:.0%}", ground.gap, ground.counts["missing"]
    if not gap:
        return [[_("{target} reached").format(target=percent)]]
    if gap > able:
        words_ = _("{missing} short of {target}, only {able} can be asked")
        return [filled(words_, {"missing": number(gap), "target": percent, "able": people("missing", able)})]
    name = _("{count} people missing to the target, the easiest to win first, open").format(count=gap)
    link = Link(_("{count} people").format(count=number(gap)), name, NEAREST, gap)
    return [filled(_("{missing} short of {target}"), {"missing": link, "target": percent})]


def _range(found: Pace, target: Target, day: date) -> list[Line]:
    lines: list[Line] = [[_("80 %: {range}").format(range=told.range_text(found, day))]]
    if found.late_days:
        lines.append([_("{days} days after the deadline").format(days=found.late_days)])
    elif found.deadline:
        sure = found.latest is not None and found.latest <= found.deadline
        words_ = _("in time for {target}") if sure else _("perhaps late for {target}")
        lines.append([words_.format(target=f"{target.rate:.0%}")])
    return lines


def _lately(ground: Ground, found: Pace) -> Line:
    """Who paid in the days the pace looks back on."""
    among = ground.lately
    title = _("paid in {days} days").format(days=found.days)
    text = _("{count} people").format(count=number(len(among)))
    name = _("{what}: {count} people, open").format(what=title, count=number(len(among)))
    link = Link(text, name, "households", PeopleFilter(NAMED, people=True, title=title, among=among))
    return filled(_("paid in {days} days: {count}"), {"days": str(found.days), "count": link})
