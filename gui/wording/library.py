"""The words of the plan library, of coming and going, and of shares of a number assigned."""

from collections.abc import Sequence

from gui.i18n import _
from gui.wording import names
from gui.wording.units import full_day, listed, number, sentences
from storage.policy.model import Policy
from storage.policy.sharing import Share
from storage.queries.library import NONE, Gap
from storage.queries.quotas import Given


def cause(code: str) -> str:
    """Why somebody is not insured, in a word."""
    return {"paused": _("Paused"), "lapsed": _("Lapsed"), "missed": _("Missed")}[code]


def line_name(policy: Policy, code: str) -> str:
    """What a line of ``storage.queries.library`` counts."""
    match code.split("."):
        case ["open", "reason", reason] | ["open", _, reason]:
            return _group(policy, reason) if code.startswith("open.group.") else _reason(policy, reason)
        case ["settled", reason]:
            return _reason(policy, reason)
        case ["open", why]:
            return cause(why)
    return {
        "people": _("Everybody in the register"),
        "insured": _("Insured here"),
        "settled": _("Settled by a reason"),
        "open": _("To be brought in"),
    }[code]


def line_about(code: str) -> str:
    """What a line means, "" where its name says it."""
    return {
        "insured": _("paid for the year, posted or to be posted"),
        "settled": _("insured or cared for elsewhere, gone, or with a reason that counts as explained"),
        "open": _("neither insured here nor settled"),
        "open.paused": _("the platform says paused"),
        "open.lapsed": _("insured last year, not this year"),
        "open.missed": _("no insurance is known of"),
        "open.reason.-": _("ask and record why"),
        "came.back": _("insured in an earlier year, not in the last one"),
        "came.new": _("never insured here as far as is known"),
        "came.moved_in": _("counted in another village before"),
        "lapsed": _("insured last year, not this year, and no reason that settles it"),
    }.get(code, "")


def flow_name(policy: Policy, code: str, year: int) -> str:
    """What a line of ``storage.queries.flow`` counts."""
    match code.split("."):
        case ["came", "newborn"]:
            return _("Newborns")
        case ["came", "moved_in"]:
            return _("Moved in")
        case ["came", "back"]:
            return _("Insured again")
        case ["came", "new"]:
            return _("Newly insured")
        case ["went", "village"]:
            return _("Moved to another village")
        case [_, reason]:
            return _reason(policy, reason)
    return {
        "last": _("Insured in {year}").format(year=year - 1),
        "came": _("Came"),
        "went": _("Went"),
        "lapsed": _("Lapsed"),
        "this": _("Insured in {year}").format(year=year),
    }[code]


def flow_head(policy: Policy, code: str, year: int) -> str:
    """The same as the heading of a narrow column."""
    if code in ("last", "this"):
        return _("Year {year}").format(year=year - (code == "last"))
    return flow_name(policy, code, year)


def flow_sign(code: str) -> str:
    """How a line enters the sum."""
    return {"came": "＋", "went": "－", "lapsed": "－", "this": "＝"}.get(code, "")


def kind_title(kind: str) -> str:
    """By what those to be brought in are divided."""
    return {
        "cause": _("By cause"),
        "reason": _("By the reason they gave"),
        "group": _("By subsidy group"),
        "ease": _("By how easily they come"),
    }[kind]


def base_name(policy: Policy, base: str) -> str:
    """Whom a library is about."""
    return names.denominator(policy, base) if base else _("Everybody in the register")


def _reason(policy: Policy, code: str) -> str:
    return _("No reason known yet") if code == NONE else names.absence(policy, code)


def _group(policy: Policy, code: str) -> str:
    return _("In no group") if code == NONE else names.group(policy, code)


def gap_text(policy: Policy, gap: Gap) -> str:
    """A bare number of people beside the register: 常住人口数（统计局）1,210 人，花名册 1,195 人，少 15 人."""
    name = names.denominator(policy, gap.denominator)
    if gap.people is None or gap.missing is None:
        words = _("{name}: not given; {roster} in the register")
        return words.format(name=name, roster=number(gap.roster))
    words = _("{name}: {people}; {roster} in the register, {gap}")
    more = {
        -1: _("the register has {count} more"),
        0: _("the register has as many"),
        1: _("the register has {count} fewer"),
    }[(gap.missing > 0) - (gap.missing < 0)].format(count=number(abs(gap.missing)))
    text = words.format(name=name, people=number(gap.people), roster=number(gap.roster), gap=more)
    source = listed([gap.by, full_day(gap.on) if gap.on else ""])
    return text + (_(" ({text})").format(text=source) if source else "")


def gaps_text(policy: Policy, gaps: Sequence[Gap]) -> str:
    """All bare numbers beside the register; one sentence where none was given."""
    if gaps and all(gap.people is None for gap in gaps):
        return _("The statistics office's population is not entered yet (Targets and lists, key 5).")
    return "\n".join(gap_text(policy, gap) for gap in gaps)


# ---- shares


def share_text(policy: Policy, share: Share, basis: str, why: str = "") -> str:
    """How a share came about: 100 × 1,210 ÷ 2,115（常住人口数）= 57.21，取整 57."""
    if share.fixed:
        words = _("set by hand: {why}") if why else _("set by hand")
        return words.format(why=why)
    if share.exact is None:
        return ""
    sum_ = _("{of} × {weight} ÷ {weights} ({basis}) = {exact}").format(
        of=number(share.of),
        weight=number(share.weight),
        weights=number(share.weights),
        basis=names.denominator(policy, basis),
        exact=exact_text(share),
    )
    if share.exact.denominator == 1:
        return sum_
    rest = _("one of those left over: {people}") if share.extra else _("whole persons: {people}")
    return sentences([sum_, rest.format(people=number(share.people))])


def exact_text(share: Share) -> str:
    """A share before it was made whole persons, cut to two decimals."""
    if share.exact is None:
        return ""
    hundredths = share.exact.numerator * 100 // share.exact.denominator
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


def given_text(policy: Policy, given: Given) -> str:
    """Where a number assigned is from, and how it was shared out: 旗医保局分解表，2025-09-01；……"""
    source = listed([given.by, full_day(given.on) if given.on else ""])
    if given.share is None:
        return source
    how = share_text(policy, given.share, given.basis, given.why)
    changed = (
        _("changed since from {people}").format(people=number(given.share.people)) if given.changed else ""
    )
    return sentences([source, how, changed])
