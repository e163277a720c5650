"""What a person pays, and who pays which part.

Several identities: the highest subsidy counts, never a sum (就高不就低, 不重复享受).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from storage.policy.model import Group, Policy
from storage.policy.reasons import Reason


@dataclass(frozen=True, slots=True)
class Due:
    """Amounts in fen: paid now by the person, subsidised, finally borne, given back later (先缴后补).

    ``group`` is the identity that counts; always own + subsidy = the premium and pay now = own + refund.
    """

    pay_now_fen: int
    subsidy_fen: int
    own_fen: int
    refund_fen: int
    group: str | None
    reasons: tuple[Reason, ...]


def subsidy_fen(policy: Policy, group: Group) -> int:
    """Return what is paid for a member of ``group``, in fen; a share is rounded half up to whole fen."""
    if group.share is None:
        return group.subsidised_fen or 0
    return int((group.share * policy.personal_fen).quantize(Decimal(1), ROUND_HALF_UP))


def due(policy: Policy, groups: Collection[str]) -> Due:
    """Return what a person with these identities pays in this policy's year, and why."""
    known = [group for group in policy.groups if group.code in groups]
    helped = [group for group in known if subsidy_fen(policy, group) > 0]
    best = min(helped, key=lambda group: _order(policy, group), default=None)
    subsidy = subsidy_fen(policy, best) if best else 0
    refund = subsidy if best and best.mode == "refund" else 0
    own = policy.personal_fen - subsidy
    premium = Reason("premium", {"fen": policy.personal_fen, "year": policy.year}, policy.personal_cite)
    reasons = (premium, *_because(policy, groups, known, best))
    return Due(own + refund, subsidy, own, refund, best.code if best else None, reasons)


def _order(policy: Policy, group: Group) -> tuple[int, bool, int, str]:
    """Order groups: the higher subsidy, then the one paid in advance, then by rank."""
    return -subsidy_fen(policy, group), group.mode == "refund", group.rank, group.code


def _because(
    policy: Policy, groups: Collection[str], known: list[Group], best: Group | None
) -> Iterator[Reason]:
    for group in known:
        fen = subsidy_fen(policy, group)
        if group is best:
            yield Reason(f"subsidy_{group.mode}", {"group": group.code, "fen": fen}, group.cite)
        elif fen:
            yield Reason("subsidy_not_added", {"group": group.code, "fen": fen}, policy.highest_only_cite)
        else:
            yield Reason(
                "subsidy_unknown" if group.mode == "unknown" else "subsidy_none",
                {"group": group.code},
                group.cite,
            )
    for code in sorted(set(groups) - {group.code for group in known}):
        yield Reason("group_not_in_policy", {"group": code})
