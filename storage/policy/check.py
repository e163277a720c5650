"""What a policy file can have wrong although every field has its type."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import fields

from storage.policy.model import Cite, Group, Incentive, Newborn, Policy, RefundRule, WaitingRules

Problem = tuple[str, str]
"""Where in the file (dotted), and a code of what is wrong."""

CODES = (
    *("ends_before_it_starts", "outside_benefit_period", "other_year", "outside_year", "backups_outlive"),
    *("code_twice", "unknown_code", "reserved_code", "counts_nobody", "no_source", "unknown_source"),
    *("share_or_amount", "pays_nothing", "not_a_share", "more_than_premium", "more_than_cap"),
    *(
        "cap_without_subsidy",
        "nothing_to_reach",
        "no_special_group",
        "half_a_floor",
        "easier_after_start",
        "bad_link",
    ),
)
"""Every code there is."""


def problems(policy: Policy) -> Iterator[Problem]:
    """Yield everything that contradicts itself in a policy, nothing for a sound one."""
    yield from _days(policy)
    yield from _names(policy)
    for group in policy.groups:
        yield from _subsidy(group, policy.personal_fen)
    yield from _targets(policy)
    yield from _waits(policy)
    for rule in policy.refunds.rules if policy.refunds else ():
        yield from _refund(rule)
    if policy.self_payment and not _LINK.fullmatch(policy.self_payment.link):
        yield "self_payment.link", "bad_link"
    known = {source.key for source in policy.sources}
    for where, cite in _cites(policy, ""):
        if cite.source not in known:
            yield where, "unknown_source"


def _days(policy: Policy) -> Iterator[Problem]:
    window, benefit = policy.window, policy.benefit
    if window.start > window.end:
        yield "window", "ends_before_it_starts"
    if benefit.start > benefit.end:
        yield "benefit", "ends_before_it_starts"
    if window.start > benefit.start or window.end > benefit.end:
        yield "window", "outside_benefit_period"
    if policy.year not in (benefit.start.year, benefit.end.year):
        yield "benefit", "other_year"
    if policy.retention.backup_days > policy.retention.identity_years * 366:
        yield "retention", "backups_outlive"


def _names(policy: Policy) -> Iterator[Problem]:
    """Check that codes are unique and that what is referred to exists."""
    lists = {
        "sources": [item.key for item in policy.sources],
        "groups": [item.code for item in policy.groups],
        "reasons": [item.code for item in policy.reasons],
        "assistance_reasons": [item.code for item in policy.assistance_reasons],
        "channels": [item.code for item in policy.channels],
        "residences": [item.code for item in policy.residences],
        "denominators": [item.code for item in policy.denominators],
        "targets": [item.code for item in policy.targets],
        "refunds.rules": [item.code for item in policy.refunds.rules] if policy.refunds else [],
    }
    for where, codes in lists.items():
        if len(set(codes)) < len(codes):
            yield where, "code_twice"
    chosen = {policy.default_denominator, *(item.denominator for item in policy.targets if item.denominator)}
    yield from _unknown("denominators", chosen, lists["denominators"])
    counted = {code for item in policy.denominators for code in item.residences}
    yield from _unknown("residences", counted, lists["residences"])
    if policy.self_payment:
        yield from _unknown("self_payment.channel", [policy.self_payment.channel], lists["channels"])
    yield from _unknown("waiting.exempt_groups", policy.waiting.exempt_groups, lists["groups"])
    for rule in policy.refunds.rules if policy.refunds else ():
        yield from _unknown(f"refunds.rules.{rule.code}.absences", rule.absences, lists["reasons"])
    for name in ("waiting", "newborn", "incentive"):
        rules: WaitingRules | Newborn | Incentive | None = getattr(policy, name)
        if rules:
            yield from _unknown(f"{name}.assumed", rules.assumed, [item.name for item in fields(rules)])
    for item in policy.denominators:
        if not item.residences and not item.count_only:
            yield f"denominators.{item.code}", "counts_nobody"


def _unknown(where: str, used: Iterable[str], known: list[str]) -> Iterator[Problem]:
    if set(used) - set(known):
        yield where, "unknown_code"


def _subsidy(group: Group, personal_fen: int) -> Iterator[Problem]:
    where = f"groups.{group.code}"
    given = [value for value in (group.share, group.subsidised_fen) if value is not None]
    if len(given) != (1 if group.mode in ("advance", "refund") else 0):
        yield where, "share_or_amount"
    elif 0 in given:
        yield where, "pays_nothing"
    yield from _share(where, group.share)
    yield from _cap(where, group, personal_fen)
    if group.subsidised_fen is not None and group.subsidised_fen > personal_fen:
        yield where, "more_than_premium"
    if group.mode != "unknown" and group.cite is None:
        yield where, "no_source"


def _cap(where: str, group: Group, personal_fen: int) -> Iterator[Problem]:
    where = f"{where}.cap_fen"
    if group.cap_fen is None:
        return
    if group.mode not in ("advance", "refund"):
        yield where, "cap_without_subsidy"
    if group.cap_fen == 0:
        yield where, "pays_nothing"
    if group.cap_fen > personal_fen:
        yield where, "more_than_premium"
    if group.subsidised_fen is not None and group.subsidised_fen > group.cap_fen:
        yield where, "more_than_cap"


def _targets(policy: Policy) -> Iterator[Problem]:
    for target in policy.targets:
        where = f"targets.{target.code}"
        yield from _share(where, target.rate)
        if target.rate is None and target.deadline is None:
            yield where, "nothing_to_reach"
        if target.deadline and not policy.window.start <= target.deadline <= policy.benefit.end:
            yield f"{where}.deadline", "outside_year"
        if target.applies_to == "special" and not any(group.special for group in policy.groups):
            yield where, "no_special_group"


def _waits(policy: Policy) -> Iterator[Problem]:
    rules, incentive = policy.waiting, policy.incentive
    if bool(rules.floor_from_lapsed_years) != bool(rules.floor_months):
        yield "waiting.floor_months", "half_a_floor"
    if incentive:
        yield from _share("incentive.cap_share", incentive.cap_share)
        if incentive.counts_from is not None and incentive.counts_from > policy.year:
            yield "incentive.counts_from", "outside_year"


_RESERVED = "subsidy"
"""What the refund of a subsidy (先缴后补) is called; no refund of a premium may be."""


def _refund(rule: RefundRule) -> Iterator[Problem]:
    where = f"refunds.rules.{rule.code}"
    if rule.code == _RESERVED:
        yield f"{where}.code", "reserved_code"
    if _EASE.index(rule.after) < _EASE.index(rule.before):
        yield f"{where}.after", "easier_after_start"


_LINK = re.compile(r"((https|weixin|alipays)://[!-~]{3,290})?")
"""What a telephone that reads a square code opens by itself, short enough for a code that can be printed small."""


_EASE = ("on_application", "in_principle_no", "no")


def _share(where: str, share: Decimal | None) -> Iterator[Problem]:
    if share is not None and not 0 <= share <= 1:
        yield where, "not_a_share"


def _cites(value: object, where: str) -> Iterator[tuple[str, Cite]]:
    if isinstance(value, Cite):
        yield where, value
    elif isinstance(value, Struct):
        for item in fields(value):
            yield from _cites(getattr(value, item.name), f"{where}.{item.name}".lstrip("."))
    elif isinstance(value, tuple):
        for item in value:
            yield from _cites(item, f"{where}.{getattr(item, 'code', '')}")
