"""The words of targets: what a pace says, what a rate leaves out, what a list is, why somebody comes easily."""

from datetime import date

from gui.i18n import _
from gui.wording import names
from gui.wording.because import reason_text
from gui.wording.units import full_day, listed, number, percent, sentences, short_day
from storage.policy.ease import Band, Ease
from storage.policy.model import Policy, Target
from storage.policy.pace import SURE, Pace
from storage.policy.reasons import Reason
from storage.queries.targets import Rate, Standing
from storage.statements import UNNAMED


def target_name(target: Target) -> str:
    """What a target asks: 常住人口参保 95%."""
    rate = f"{target.rate:.0%}" if target.rate is not None else ""
    named = {
        "everyone": _("Insured {rate}"),
        "special": _("Special groups {rate}"),
        "students": _("Students reported {rate}"),
        "credential": _("E-credentials {rate}"),
    }[target.applies_to]
    return named.format(rate=rate).strip()


def target_base(policy: Policy, target: Target) -> str:
    """Whom a target is about; e-credentials are counted among everybody, as on every other page."""
    if target.applies_to == "credential":
        return _("everybody in the register")
    if target.applies_to == "everyone":
        return names.denominator(policy, target.denominator or policy.default_denominator)
    return ""


def list_name(code: str) -> str:
    """A worklist's name."""
    return {
        "missing": _("Not paid, the easiest first"),
        "special": _("Special groups unpaid"),
        "newborns": _("Newborns inside their days"),
        "students": _("Students unpaid"),
        "lapsed": _("Insured last year, unpaid"),
        "promised": _("Agreed for a day"),
        "overdue": _("Posting overdue"),
    }[code]


def list_about(code: str) -> str:
    """Whom a list takes."""
    return {
        "special": _(
            "Aided groups of the policy's target who have not paid; excused and departed people left out."
        ),
        "newborns": _("Inside the days in which enrolling covers from birth, each with the last of them."),
        "students": _("Named by a school or written as students, and not paid."),
        "lapsed": _("Insured last year and not paid: paying in the window keeps their years in a row."),
        "promised": _("They agreed to a day, at a visit or for help, and have not paid."),
        "overdue": _(
            "Reported as paid, and in no list although the time for it has passed: check the receipt."
        ),
    }[code]


def missing_about(policy: Policy, base: str, standing: Standing | None, count: int) -> str:
    """Whom the list of the missing takes, and how many of the first ones reach the target of this denominator."""
    said = _("Of {base}: everybody unpaid who can still pay here.").format(
        base=names.denominator(policy, base)
    )
    gap = standing.progress.gap if standing is not None and standing.progress else None
    if standing is None or not gap:
        return said
    words = (
        _("With the first {count} of them “{target}” is reached.")
        if gap <= count
        else _("All of them are {missing} too few for “{target}”.")
    )
    told = words.format(count=number(gap), missing=number(gap - count), target=target_name(standing.target))
    return f"{said} {told}"


def list_day(code: str, day: date | None, today: date) -> str:
    """By when a list is to be done, "" where no day is set."""
    if day is None:
        return ""
    words = {
        "promised": _("the next on {day}"),
        "newborns": _("the next by {day}"),
        "overdue": _("due since {day}"),
    }.get(code, _("by {day}"))
    return words.format(day=short_day(day, today))


# ---- the pace


def range_text(pace: Pace, today: date) -> str:
    """The days between which the target is reached: 12-14 至 1-03；最早 12-14，最晚算不出."""
    if pace.earliest is None:
        return ""
    first = short_day(pace.earliest, today)
    if pace.latest is None:
        return _("not before {first}, the latest day cannot be told").format(first=first)
    return _("{first} to {last}").format(first=first, last=short_day(pace.latest, today))


def pace_lines(pace: Pace, today: date) -> list[str]:
    """What a pace says, a sentence a line: how many a day, when, how sure, what is needed, what comes of it."""
    a_day = _("{paid} people in the last {days} days, {count} a day")
    lines = [a_day.format(paid=number(pace.paid), days=pace.days, count=_rate(pace.per_day))]
    lines.append(_when(pace, today))
    if pace.deadline and pace.by_deadline and pace.state in ("going", "far"):
        fewest, middle, most = (number(count) for count in pace.by_deadline)
        words = _("by {day} about {middle} more will have paid ({fewest} to {most}); {missing} are needed")
        day = short_day(pace.deadline, today)
        lines.append(
            words.format(day=day, middle=middle, fewest=fewest, most=most, missing=number(pace.missing))
        )
    if pace.needed is not None and pace.state not in ("met", "short"):
        words = _("to be in time by {day}: {count} people a day")
        lines.append(words.format(day=short_day(pace.deadline, today), count=_rate(pace.needed)))
    return lines


def _when(pace: Pace, today: date) -> str:
    if pace.state == "going":
        words = _("at this pace on about {day} ({sure} sure: {range})")
        day = short_day(pace.likely, today)
        return words.format(day=day, sure=f"{SURE:.0%}", range=range_text(pace, today))
    return no_day_text(pace)


def no_day_text(pace: Pace) -> str:
    """Why no day can be named, "" where one is."""
    words = {
        "met": _("the target is reached"),
        "short": _(
            "{missing} are missing, but only {left} can still pay: the others are insured elsewhere or gone"
        ),
        "none": _("nobody paid in the last {days} days: no day can be named"),
        "little": _("only {paid} people paid in {days} days, too few to name a day"),
        "far": _("at this pace not within a year"),
        "going": "",
    }[pace.state]
    counts = {"missing": number(pace.missing), "left": number(pace.left)}
    return words.format(**counts, paid=number(pace.paid), days=pace.days)


def _rate(count: float) -> str:
    return f"{count:.1f}" if count < 100 else f"{count:,.0f}"


# ---- what a rate leaves out


def base_text(rate: Rate) -> str:
    """Whom a rate counts, with what it leaves out of the register: 花名册 1,200 人，减去死亡迁出 5 人……"""
    parts = [_("{count} people in the register").format(count=number(rate.register))]
    for count, words in (
        (rate.departed, _("{count} dead or moved away")),
        (rate.others, _("{count} not of these residences")),
        (rate.excluded, _("{count} with an explained reason")),
    ):
        if count:
            parts.append(_("less {what}").format(what=words.format(count=number(count))))
    return listed(parts)


def told_text(policy: Policy, rate: Rate, *, explained: bool) -> str:
    """The reasons of unpaid people with how many give each: 已参本地职工 12、在校大学生 3; "" where nobody has one."""
    found = [told for told in rate.told if told.explained is explained]
    return _("/").join(f"{_reason(policy, told.code)} {number(told.people)}" for told in found)


def _reason(policy: Policy, code: str) -> str:
    """Why somebody is not insured here; in numbers without people a reason only few give is not named."""
    return _("reasons of few people") if code == UNNAMED else names.absence(policy, code)


def reasons_text(policy: Policy) -> str:
    """Which reasons count as explained by this policy."""
    return _("/").join(one.name for one in policy.reasons if one.explained and one.nature != "departed")


def explained_text(policy: Policy, rate: Rate) -> str:
    """The explained set beside a rate: how many unpaid people give which reason, in or out of the rate."""
    count = sum(told.people for told in rate.told if told.explained)
    out = rate.denominator.explained_out
    words = _("explained, left out: {count}") if out else _("explained, still counted: {count}")
    parts = [words.format(count=number(count)) + _bracketed(told_text(policy, rate, explained=True))]
    others = sum(told.people for told in rate.told if not told.explained)
    if others:
        words = _("other reasons: {count}").format(count=number(others))
        parts.append(words + _bracketed(told_text(policy, rate, explained=False)))
    return sentences(parts)


def _bracketed(text: str) -> str:
    return _(" ({text})").format(text=text) if text else ""


def source_of_number(rate: Rate) -> str:
    """Where a bare number is from, and how far the register is from it."""
    if rate.total is None or rate.gap is None:
        return _("no number was given")
    given = listed([rate.counted_by, full_day(rate.counted_on) if rate.counted_on else ""])
    gap = {
        -1: _("the register has {count} more"),
        0: _("the register has as many"),
        1: _("the register has {count} fewer"),
    }[(rate.gap > 0) - (rate.gap < 0)].format(count=number(abs(rate.gap)))
    return sentences([given, gap])


def rate_text(rate: Rate) -> str:
    """Reached of all with the rate: 1,140 / 1,200 = 95.0%."""
    if rate.total is None:
        return number(rate.reached)
    return f"{number(rate.reached)} / {number(rate.total)} = {percent(rate.percent)}"


# ---- people


def band_name(band: Band) -> str:
    """How easily somebody may be won, in a word."""
    return {
        "easy": _("easy"),
        "middle": _("likely"),
        "hard": _("hard"),
        "unlikely": _("last"),
    }[band]


def ease_text(policy: Policy, ease: Ease | None, most: int = 0) -> str:
    """Why somebody comes easily or not: the strongest signs first, ``most`` of them (0: all)."""
    if ease is None:
        return ""
    held = [one for one in ease.reasons if "points" not in one.params]
    signs = sorted(
        (one for one in ease.reasons if "points" in one.params), key=lambda one: -abs(_points(one))
    )
    found = [*held, *signs]
    return sentences([reason_text(policy, one) for one in (found[:most] if most else found)])


def _points(reason: Reason) -> int:
    points = reason.params["points"]
    return points if isinstance(points, int) else 0


def standing_text(standing: Standing) -> str:
    """How many more a target needs and who of them can still be won: 还差 12 人；其中 9 人还能办."""
    progress = standing.progress
    if progress is None:
        return ""
    if not progress.gap:
        return _("reached") if progress.gap == 0 else ""
    parts = [_("{count} missing").format(count=number(progress.gap))]
    parts.append(_("{count} unpaid can still be asked").format(count=number(standing.left)))
    if standing.settled:
        parts.append(_("{count} gone or insured elsewhere").format(count=number(standing.settled)))
    return sentences(parts)
