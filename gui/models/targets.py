"""Targets as tables: how each stands, what each rate counts, the lists with their days, the people on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Bar, Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording import targets as words
from gui.wording.units import NOTHING, number
from storage.ledger import Ledger
from storage.persons import Record
from storage.policy import rates
from storage.policy.model import Policy
from storage.queries import quotas, targets, villages, worklists
from storage.queries.cards import HouseholdCard
from storage.queries.quotas import Given
from storage.queries.targets import Overview, Place, Rate, Standing
from storage.queries.worklists import Worklist

Today = Callable[[], date]
Rules = Callable[[], Policy]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: a list of ``worklists.LISTS``, of a village ("": all), by a denominator ("": the target's)."""

    code: str
    scope: str = ""
    denominator: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Where all places stand, with the titles of an office's villages; ``twice`` count in another one of them.

    ``given`` is what each was assigned, and how that came about.
    """

    overview: Overview
    titles: Mapping[str, str]
    twice: frozenset[Record] = frozenset()
    given: Mapping[str, Given] = field(default_factory=dict)


def read(ledger: Ledger, policy: Policy, today: date) -> Shown:
    """Read it on the ledger thread."""
    overview = targets.read(ledger, policy, today)
    if not ledger.is_office:
        return Shown(overview, {}, given=quotas.given(ledger, policy.year))
    return Shown(
        overview,
        villages.titles(ledger),
        worklists.left_out(ledger, policy),
        quotas.given(ledger, policy.year),
    )


def own_lists(
    ledger: Ledger, policy: Policy, homes: list[HouseholdCard], today: date, base: str
) -> dict[str, Worklist]:
    """Make a village's lists of the households the window has read already."""
    at_school = worklists.students(ledger, ledger.profile.scope)
    return worklists.lists(policy, homes, at_school, today, base)


# ---- how targets stand


def standings_model(policy: Rules, today: Today, listed: Callable[[str], int | None]) -> RowsModel:
    """Target, how far, how many more, by when, when at this pace; ``listed`` counts the people of a list."""

    def name(one: Standing) -> Cell:
        lines: list[list[Piece]] = [[Text(words.target_name(one.target), "strong")]]
        base = words.target_base(policy(), one.target)
        return [*lines, [Text(base, "soft")]] if base else lines

    def missing(one: Standing) -> Cell:
        if one.target.applies_to == "students":
            count = listed("students")
            if count is None:
                return [[Text(_("on the list"), "soft")]]
            return [[Text(number(count), "strong")], [Text(_("not paid yet"), "soft")]]
        if one.progress is None or one.progress.gap is None:
            return [[Text(NOTHING, "soft")]]
        if not one.progress.gap:
            return [[Tag(_("reached"), "ok")]]
        asked = _("{count} can be asked").format(count=number(one.left))
        return [[Text(number(one.progress.gap), "strong")], [Text(asked, "soft")]]

    def by(one: Standing) -> Cell:
        day = one.target.deadline
        if day is None:
            return [[Text(NOTHING, "soft")]]
        left = (day - today()).days
        beside = _("{days} days left").format(days=left) if left >= 0 else _("over")
        return [[Text(wording.short_day(day, today()))], [Text(beside, "soft")]]

    return RowsModel(
        [
            Column(_("Target"), lambda one: words.target_name(one.target), cell=name, stretch=True),
            Column(_("So far"), _so_far, cell=_progress, width=210),
            Column(_("Missing"), lambda one: words.standing_text(one), cell=missing, width=130),
            Column(_("By"), lambda one: wording.full_day(one.target.deadline), cell=by, width=100),
            Column(
                _("At this pace"),
                lambda one: _when(one, today()),
                cell=lambda one: _when_cell(one, today()),
                stretch=True,
            ),
        ],
        key=lambda one: one.target.code,
    )


def _so_far(one: Standing) -> str:
    if one.progress is None:
        return _("reported by name") if one.target.applies_to == "students" else NOTHING
    return f"{number(one.progress.reached)} / {number(one.progress.total)}"


def _progress(one: Standing) -> Cell:
    if one.progress is None:
        return [[Text(_so_far(one), "soft")]]
    share = float(one.progress.rate or 0)
    rate = rates.percent(one.progress.rate) if one.progress.rate is not None else None
    tick = float(one.target.rate) if one.target.rate is not None else None
    bar = Bar(share, tick, "ok" if one.progress.met else "main")
    return [[bar, Text(wording.percent(rate), "strong")], [Text(_so_far(one), "soft")]]


def _when(one: Standing, today: date) -> str:
    pace = one.pace
    if pace is None:
        return NOTHING
    if pace.likely is None:
        return words.no_day_text(pace)
    day = wording.short_day(pace.likely, today)
    return " ".join((day, words.range_text(pace, today), _late(one)))


def _late(one: Standing) -> str:
    if one.pace is None or not one.pace.late_days:
        return ""
    return _("{days} days after the deadline").format(days=one.pace.late_days)


def _when_cell(one: Standing, today: date) -> Cell:
    """The likely day, what it means for the deadline, and the range."""
    pace = one.pace
    if pace is None or pace.state == "met":
        return [[Text(NOTHING, "soft")]]
    if pace.likely is None:
        return [[Text(words.no_day_text(pace), "soft")]]
    first: list[Piece] = [Text(wording.short_day(pace.likely, today), "strong")]
    if pace.late_days:
        first.append(Tag(_late(one), "bad"))
    elif pace.deadline:
        sure = pace.latest is not None and pace.latest <= pace.deadline
        first.append(Tag(_("in time"), "ok") if sure else Tag(_("perhaps late"), "warn"))
    range_ = _("80 %: {range}").format(range=words.range_text(pace, today))
    return [first, [Text(range_, "soft")]]


# ---- what rates count


def rates_model(
    policy: Rules, target: Callable[[str], float | None], beside: Callable[[Rate], str]
) -> RowsModel:
    """Denominator, how many of how many, the rate, and what is in it and what is not; ``beside`` says more of one."""

    def lines(rate: Rate) -> list[str]:
        return [line for line in (*what_counts(policy(), rate), beside(rate)) if line]

    def name(rate: Rate) -> Cell:
        return [[Text(names.denominator(policy(), rate.denominator.code), "strong")]]

    def share(rate: Rate) -> Cell:
        if rate.share is None:
            return [[Text(NOTHING, "soft")]]
        bar = Bar(float(rate.share), target(rate.denominator.code))
        return [[bar, Text(wording.percent(rate.percent), "strong")]]

    def told(rate: Rate) -> str:
        return "\n".join(lines(rate))

    return RowsModel(
        [
            Column(_("Rate of"), lambda rate: rate.denominator.name, cell=name, width=150),
            Column(
                _("Paid"), lambda rate: number(rate.reached), sort=lambda rate: rate.reached, align="right"
            ),
            Column(
                _("Of"),
                lambda rate: NOTHING if rate.total is None else number(rate.total),
                sort=lambda rate: rate.total,
                align="right",
            ),
            Column(
                _("Rate"),
                lambda rate: wording.percent(rate.percent),
                sort=lambda rate: rate.share,
                cell=share,
                width=170,
            ),
            Column(
                _("Who counts, and who is explained"),
                told,
                cell=lambda rate: [[Text(line, "soft")] for line in lines(rate)],
                stretch=True,
            ),
        ],
        key=lambda rate: rate.denominator.code,
    )


def what_counts(policy: Policy, rate: Rate) -> list[str]:
    """What makes the number true: what was left out and who is explained, or where a bare number is from."""
    if rate.denominator.count_only:
        return [words.source_of_number(rate)]
    return [words.base_text(rate), words.explained_text(policy, rate)]


# ---- villages side by side


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A village of an office: how it stands, and its lists where they were read."""

    scope: str
    title: str
    place: Place
    lists: Mapping[str, Worklist] | None = None


def villages_model(today: Today) -> RowsModel:
    """Village, rate, missing, when at this pace, how many on each list."""

    def standing(line: VillageLine) -> Standing | None:
        return line.place.standing_of("everyone")

    def rate(line: VillageLine) -> Cell:
        one = standing(line)
        return [[Text(NOTHING, "soft")]] if one is None else [_progress(one)[0]]

    def share(line: VillageLine) -> object:
        one = standing(line)
        return one.progress.rate if one and one.progress else None

    def missing(line: VillageLine) -> int | None:
        one = standing(line)
        return one.progress.gap if one and one.progress else None

    def when(line: VillageLine) -> Cell:
        one = standing(line)
        if one is None:
            return [[Text(NOTHING, "soft")]]
        return (
            [[Tag(_("reached"), "ok")]] if one.pace and one.pace.state == "met" else _when_cell(one, today())
        )

    def likely(line: VillageLine) -> date | None:
        one = standing(line)
        return one.pace.likely if one and one.pace else None

    def listed(code: str) -> Column:
        def count(line: VillageLine) -> int | None:
            return None if line.lists is None else len(line.lists[code].entries)

        def text(line: VillageLine) -> str:
            found = count(line)
            return "…" if found is None else number(found)

        return Column(_short(code), text, sort=count, align="right", folds=True)

    return RowsModel(
        [
            Column(_("Village"), lambda line: line.title, stretch=True),
            Column(
                _("Rate"),
                lambda line: words_of(standing(line)),
                sort=share,
                cell=rate,
                width=170,
            ),
            Column(
                _("Missing"),
                lambda line: NOTHING if missing(line) is None else number(missing(line) or 0),
                sort=missing,
                align="right",
            ),
            Column(
                _("At this pace"),
                lambda line: _when(one, today()) if (one := standing(line)) else NOTHING,
                sort=likely,
                cell=when,
                stretch=True,
            ),
            *(listed(code) for code in worklists.LISTS if code != "missing"),
        ],
        key=lambda line: line.scope,
    )


def words_of(one: Standing | None) -> str:
    """How far a target is, in words."""
    return _so_far(one) if one else NOTHING


def _short(code: str) -> str:
    return {
        "special": _("Special"),
        "newborns": _("Newborns"),
        "students": _("Students"),
        "lapsed": _("Lapsed"),
        "promised": _("Agreed"),
        "overdue": _("Overdue"),
    }[code]
