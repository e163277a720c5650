"""What a person pays, and who pays which part.

Several identities: the highest subsidy counts, never a sum (就高不就低, 不重复享受); where a place says otherwise they
add up, at most to the premium.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from storage.policy.facts import PersonFacts
from storage.policy.model import Group, Policy
from storage.policy.reasons import Reason
from storage.policy.window import returned_free


@dataclass(frozen=True, slots=True)
class Due:
    """Amounts in fen: paid now by the person, subsidised, finally borne, given back later (先缴后补).

    ``group`` is the identity that counts, of several that add up the one with most; always own + subsidy = the
    premium (nought for whoever has paid it before) and pay now = own + refund.
    """

    pay_now_fen: int
    subsidy_fen: int
    own_fen: int
    refund_fen: int
    group: str | None
    reasons: tuple[Reason, ...]


def subsidy_fen(policy: Policy, group: Group) -> int:
    """Return what is paid for a member of ``group`` alone, in fen: a share is rounded half up to whole fen, nothing
    goes beyond the group's cap or the premium.
    """
    fen = group.subsidised_fen or 0
    if group.share is not None:
        fen = int((group.share * policy.personal_fen).quantize(Decimal(1), ROUND_HALF_UP))
    return min(fen, policy.personal_fen, fen if group.cap_fen is None else group.cap_fen)


def due(policy: Policy, groups: Collection[str]) -> Due:
    """Return what a person with these identities pays in this policy's year, and why."""
    premium = Reason("premium", {"fen": policy.personal_fen, "year": policy.year}, policy.personal_cite)
    if not groups:
        return Due(policy.personal_fen, 0, policy.personal_fen, 0, None, (premium,))
    known = [group for group in policy.groups if group.code in groups]
    parts = _parts(policy, known)
    subsidy = sum(parts.values())
    refund = sum(parts[group.code] for group in known if group.mode == "refund" and group.code in parts)
    own = policy.personal_fen - subsidy
    best = max(parts, key=lambda code: parts[code], default=None)
    return Due(own + refund, subsidy, own, refund, best, (premium, *_because(policy, groups, known, parts)))


def due_of(policy: Policy, facts: PersonFacts) -> Due:
    """Return what this person pays: nothing again for whoever is back from employee insurance in a year paid for."""
    free = returned_free(policy, facts)
    if free and facts.paid == "none":
        return Due(0, 0, 0, 0, None, (free,))
    return due(policy, facts.groups)


def _parts(policy: Policy, known: Sequence[Group]) -> Mapping[str, int]:
    """Return what each identity brings, in fen: the best alone, or in turn what of the premium is left."""
    full = {group.code: subsidy_fen(policy, group) for group in known}
    helped = [group for group in known if full[group.code]]
    if policy.highest_only:
        best = min(helped, key=lambda group: _order(group, full[group.code]), default=None)
        return {best.code: full[best.code]} if best else {}
    left, parts = policy.personal_fen, dict[str, int]()
    for group in sorted(helped, key=lambda one: (one.mode == "refund", _order(one, full[one.code]))):
        part = min(full[group.code], left)
        if part:
            parts[group.code] = part
        left -= part
    return parts


def _order(group: Group, fen: int) -> tuple[int, bool, int, str]:
    """Order groups: the higher subsidy, then the one paid in advance, then by rank."""
    return -fen, group.mode == "refund", group.rank, group.code


def _because(
    policy: Policy, groups: Collection[str], known: Sequence[Group], parts: Mapping[str, int]
) -> Iterator[Reason]:
    for group in known:
        fen = subsidy_fen(policy, group)
        if group.code in parts:
            yield Reason(f"subsidy_{group.mode}", {"group": group.code, "fen": parts[group.code]}, group.cite)
            if group.cap_fen == fen:
                yield Reason("subsidy_capped", {"group": group.code, "fen": fen}, group.cite)
        elif fen:
            code = "subsidy_not_added" if policy.highest_only else "subsidy_beyond_premium"
            yield Reason(code, {"group": group.code, "fen": fen}, policy.highest_only_cite)
        else:
            code = "subsidy_unknown" if group.mode == "unknown" else "subsidy_none"
            yield Reason(code, {"group": group.code}, group.cite)
    for code in sorted(set(groups) - {group.code for group in known}):
        yield Reason("group_not_in_policy", {"group": code})
