"""Opening a year, and the years there are, in words."""

from collections.abc import Mapping

from gui.i18n import _
from gui.wording.units import number
from storage.carrying import Counts, Plan
from storage.commands.years import Opened
from storage.queries.calendar import Year
from storage.queries.figures import Figures


def state(one: Year) -> str:
    """Whether a year still takes entries."""
    return {
        "now": _("in force"),
        "running": _("beside it, until {day}").format(day=one.policy.benefit.end),
        "over": _("over, to read"),
    }[one.state]


def line(one: Year, told: Figures) -> str:
    """One year in one line."""
    return _("{year} · {state} · {title} · {paid} of {people} people paid").format(
        year=one.year,
        state=state(one),
        title=one.policy.title,
        paid=number(told.paid),
        people=number(told.people),
    )


def plan_lines(plan: Plan, titles: Mapping[str, str]) -> list[str]:
    """What opening a year does: the sums first, then place by place where there are several."""
    lines = [_("Opening {year}: {title}").format(year=plan.policy.year, title=plan.policy.title)]
    lines += carried(plan.total)
    if len(plan.counts) > 1:
        told = _("{place}: {identities} identities and {departed} departures from {before}")
        lines += [
            told.format(
                place=titles.get(scope, scope),
                identities=number(counts.identities),
                departed=number(counts.departed),
                before=plan.before[scope],
            )
            for scope, counts in plan.counts.items()
            if counts.identities or counts.departed
        ]
    return lines


def carried(counts: Counts) -> list[str]:
    """What goes on, what stays behind, what needs a look."""
    lines = [
        _(
            "Carry on by themselves: {people} people, {households} households, {credentials} e-credentials"
        ).format(
            people=number(counts.people),
            households=number(counts.households),
            credentials=number(counts.credentials),
        ),
        _(
            "Carried over: {identities} identities that still hold, {departed} people who died or moved away"
        ).format(identities=number(counts.identities), departed=number(counts.departed)),
        _(
            "Start empty: payments, {reasons} other reasons for not being insured, {needs} needs of help"
        ).format(reasons=number(counts.reasons), needs=number(counts.needs)),
    ]
    if counts.held:
        lines.append(_("There already or taken out by hand: {count}").format(count=number(counts.held)))
    if counts.ended:
        lines.append(
            _("Identities that end before the year begins, not carried: {count}").format(
                count=number(counts.ended)
            )
        )
    if counts.unknown:
        lines.append(
            _("Identities of groups the new policy does not know, not carried: {count}").format(
                count=number(counts.unknown)
            )
        )
    return lines


def done_lines(done: Opened, titles: Mapping[str, str]) -> list[str]:
    """What opening a year did."""
    if not done.changes:
        return [_("{year} is open, and nothing is left to carry over.").format(year=done.plan.policy.year)]
    return [
        *plan_lines(done.plan, titles),
        _("{year} is open now. Last year stays as it is, to read.").format(year=done.plan.policy.year),
    ]


def hint(office: str, *, own: bool, standalone: bool, offers: bool) -> str:
    """What opening a year means here, and for whom."""
    if not own:
        return _(
            "{office} opens the next year for all its villages: it is in force here once its file is received."
        ).format(office=office)
    if not offers and standalone:
        return _(
            "This program has no policy of a later year for this place yet: a newer version brings it. A village that "
            "joins its township's office works by the office's."
        )
    if not offers:
        return _(
            "There is no policy of a later year yet. An office writes one from this year's under “Write a policy”."
        )
    return _(
        "People, households and e-credentials go on by themselves; identities that still hold and people who died or "
        "moved away are carried over. Payments start empty. This year stays readable."
    )


def missing(plan: Plan, count: int) -> str:
    """What came since the year in force was opened."""
    if not count:
        return ""
    return _(
        "Since {year} was opened, {count} entries were made in the year before that go on: they are not in it yet."
    ).format(year=plan.policy.year, count=number(count))


def after(*, office: bool) -> list[str]:
    """What opening a year means for those who go on working."""
    if office:
        return [_("All villages work by it once they have received your next file.")]
    return [_("From now on entries go into the new year.")]


def reverting(year: int, *, standalone: bool) -> list[str]:
    """What taking a year back does."""
    lines = [_("What was carried over into {year} and nobody changed since is taken out.").format(year=year)]
    lines.append(_("What people entered in {year} stays.").format(year=year))
    if standalone:
        lines.append(_("The year before is in force again."))
    return lines


def taken_back(year: int, count: int) -> str:
    """What taking a year back did."""
    if not count:
        return _("{year}: there was nothing to take back.").format(year=year)
    return _("{year}: {count} carried entries taken back.").format(year=year, count=number(count))
