"""Doubles in words: what is double, which one is kept and why, what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gui.i18n import _
from gui.wording.because import reason_text, source_text
from gui.wording.candidates import home_text
from gui.wording.units import id_number, money
from storage import divisions
from storage.policy.doubles import Cover, Stake
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.queries.doubles import Double, Side

Titles = Mapping[str, str]
"""Village code → its title."""


def code_text(code: str) -> str:
    """What is double."""
    words = {
        "two_villages": _("in two villages"),
        "two_schemes": _("resident and employee insurance"),
        "two_residents": _("two resident insurances"),
        "student_twice": _("student: at the school and at home"),
        "two_employees": _("two employee insurances"),
        "platform_twice": _("twice in the platform"),
        "one_unsound": _("temporary and real number"),
        "two_numbers": _("two numbers in one household"),
        "two_names": _("one number, two names"),
    }
    return words.get(code, code)


def scheme(code: str) -> str:
    """A basic insurance."""
    return {"resident": _("resident insurance"), "employee": _("employee insurance")}.get(code, code)


def place_text(titles: Titles, code: str) -> str:
    """A place by its title where the ledger knows it, else by its name or code."""
    if known := titles.get(code) or divisions.named(code.ljust(12, "0")):
        return known
    province = divisions.province(code)
    return _("{province} ({code})").format(province=province, code=code[:6]) if province else code


def told(policy: Policy, reason: Reason, titles: Titles) -> str:
    """A reason in words, villages by their titles."""
    named = {
        name: place_text(titles, str(value)) if name == "village" else value
        for name, value in reason.params.items()
    }
    return reason_text(policy, replace(reason, params=named))


def sourced(policy: Policy, reason: Reason, titles: Titles) -> str:
    """A reason in words with the paragraph it rests on."""
    source = source_text(policy, reason.cite)
    words = told(policy, reason, titles)
    return _("{words} — {source}").format(words=words, source=source) if source else words


def side_text(titles: Titles, side: Side) -> str:
    """An entry or insurance in a few words: 职工医保 · 上海市 · 某公司."""
    cover = side.cover
    if cover is None:
        number = id_number(side.person.id_number) if side.person else ""
        home = home_text(side.home) if side.home else ""
        return " · ".join(part for part in (place_text(titles, side.scope), home, number) if part)
    if not side.coverage and not cover.paid:
        return place_text(titles, side.scope)
    paid = _("payment recorded here") if not side.coverage and cover.paid else ""
    place = cover.place if cover.place.isdigit() else side.scope
    parts = [scheme(cover.scheme), place_text(titles, place), cover.employer, paid]
    return " · ".join(part for part in parts if part)


def since_text(cover: Cover | None) -> str:
    """Since when an insurance runs and of which day the list is."""
    if cover is None:
        return ""
    since = _("since {day}").format(day=cover.since.isoformat()) if cover.since else ""
    seen = _("as of {day}").format(day=cover.as_of.isoformat()) if cover.as_of else ""
    return " · ".join(part for part in (since, seen) if part)


def kept_text(titles: Titles, double: Double) -> str:
    """What is proposed."""
    if double.kept is None:
        return _("No rule decides this: ask, then choose.")
    return _("Keep: {what}").format(what=side_text(titles, double.kept))


def stake_text(stake: Stake) -> str:
    """What a double costs, in parts."""
    if not stake.fen and stake.finance_fen is not None:
        return _("no subsidy at stake")
    parts = [_("public subsidy {fen}").format(fen=money(stake.finance_fen))] if stake.finance_fen else []
    parts += (
        [_("premium paid by a department {fen}").format(fen=money(stake.assisted_fen))]
        if stake.assisted_fen
        else []
    )
    parts += [] if stake.finance_fen is not None else [_("public subsidy not known")]
    most = _("at most {fen}") if stake.at_most else "{fen}"
    return _("{sum}: {parts}").format(sum=most.format(fen=money(stake.fen)), parts=_(", ").join(parts))


def sources(policy: Policy, reasons: Iterable[Reason]) -> list[str]:
    """The paragraphs these reasons rest on, each once."""
    found = dict.fromkeys(source_text(policy, reason.cite) for reason in reasons if reason.cite)
    return [_("Basis: {source}").format(source=source) for source in found if source]


def why_lines(policy: Policy, reasons: Iterable[Reason], titles: Titles) -> list[str]:
    """Reasons one under the other, each with its source."""
    return [sourced(policy, reason, titles) for reason in reasons]
