"""What a policy file can have wrong although every field has its type."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import fields

from storage.policy.model import Cite, Group, Policy

Problem = tuple[str, str]
"""Where in the file (dotted), and a code of what is wrong."""


def problems(policy: Policy) -> Iterator[Problem]:
    """Yield everything that contradicts itself in a policy, nothing for a sound one."""
    yield from _days(policy)
    yield from _names(policy)
    for group in policy.groups:
        yield from _subsidy(group, policy.personal_fen)
    for target in policy.targets:
        yield from _share(f"targets.{target.code}", target.rate)
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
    }
    for where, codes in lists.items():
        if len(set(codes)) < len(codes):
            yield where, "code_twice"
    chosen = {policy.default_denominator, *(item.denominator for item in policy.targets if item.denominator)}
    yield from _unknown("denominators", chosen, lists["denominators"])
    counted = {code for item in policy.denominators for code in item.residences}
    yield from _unknown("residences", counted, lists["residences"])
    yield from _unknown("waiting.exempt_groups", policy.waiting.exempt_groups, lists["groups"])
    yield from _unknown(
        "waiting.assumed", policy.waiting.assumed, [item.name for item in fields(policy.waiting)]
    )


def _unknown(where: str, used: Iterable[str], known: list[str]) -> Iterator[Problem]:
    if set(used) - set(known):
        yield where, "unknown_code"


def _subsidy(group: Group, personal_fen: int) -> Iterator[Problem]:
    where = f"groups.{group.code}"
    given = [value for value in (group.share, group.subsidised_fen) if value is not None]
    if len(given) != (1 if group.mode in ("advance", "refund") else 0):
        yield where, "share_or_amount"
    yield from _share(where, group.share)
    if group.subsidised_fen is not None and group.subsidised_fen > personal_fen:
        yield where, "more_than_premium"
    if group.mode != "unknown" and group.cite is None:
        yield where, "no_source"


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
