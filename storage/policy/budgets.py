"""What each department pays for whom, and how much of it has reached the people: sums to the fen. Pure.

Source: P1 (达拉特旗 2023 方案): each confirming department also needs the budget of premiums paid on behalf
(代缴费用预算).
Several identities: as ``amounts.due`` has it, so that nobody is paid for twice (就高不就低, 不重复享受).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from storage.policy.amounts import Due
from storage.policy.model import Group, Policy
from storage.policy.money import DUE, REFUSED, SUBSIDY, Case, Steps

_PAID = ("subsidy_advance", "subsidy_refund")
"""Reasons of ``Due`` that say how much an identity brings."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a group of the policy pays for one person, in fen; None where the policy does not say how much."""

    group: Group
    fen: int | None


def shares(policy: Policy, owed: Due, groups: Collection[str]) -> tuple[Share, ...]:
    """Return who pays which part of somebody's subsidy; together they are ``owed.subsidy_fen`` where all are known.

    Where nobody pays a known amount, the first group of which the policy says nothing stands for the person.
    """
    paid = {
        str(reason.params["group"]): int(str(reason.params["fen"]))
        for reason in owed.reasons
        if reason.code in _PAID
    }
    known = tuple(Share(group, paid[group.code]) for group in policy.groups if group.code in paid)
    if known:
        return known
    silent = [group for group in policy.groups if group.code in groups and group.mode == "unknown"]
    return tuple(Share(group, None) for group in sorted(silent, key=lambda group: group.rank)[:1])


def reckoned(owed: Due, paid_fen: int) -> int:
    """Return what comes back to somebody who paid ``paid_fen``: never more than was paid."""
    return min(owed.refund_fen, paid_fen)


# ---- sums


@dataclass(frozen=True, slots=True)
class Account:
    """What the sums need of one person, or of one refund of theirs that is no subsidy.

    ``shares`` is who pays which part of their subsidy. ``budgeted``: a premium is or will be paid here, so that
    departments plan for it. ``paid_fen`` of this year,
    ``reckoned_fen`` comes back by the policy. ``case`` is None where nothing comes back and nothing was recorded;
    ``group`` and ``department`` are what was claimed under; ``confirmed`` is whether a list has this year's payment.
    """

    shares: tuple[Share, ...]
    budgeted: bool
    paid_fen: int
    reckoned_fen: int
    reason: str = SUBSIDY
    steps: Steps = field(default_factory=Steps)
    case: Case | None = None
    group: str = ""
    department: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """A group a department confirms, or a reason of refunds; amounts in fen.

    ``budget_fen`` for ``people`` in the budget, ``unknown`` of them without an amount in the policy; ``confirmed_fen``
    of it for people whose payment stands in a list, the rest is outstanding. Of what comes
    back: budget = due − outside (people no longer in the budget) + unpaid (who have not paid yet) + short (who paid
    less than would come back); due = open + handed where nothing was refused or overpaid.
    """

    department: str
    group: str = ""
    reason: str = SUBSIDY
    mode: str = ""
    people: int = 0
    unknown: int = 0
    budget_fen: int = 0
    confirmed_fen: int = 0
    unpaid_fen: int = 0
    short_fen: int = 0
    outside_fen: int = 0
    due_fen: int = 0
    applied_fen: int = 0
    received_fen: int = 0
    handed_fen: int = 0
    signed_fen: int = 0
    open_fen: int = 0
    refused_fen: int = 0
    advance_fen: int = 0

    @property
    def outstanding_fen(self) -> int:
        """What of the budget is for people whose payment no list has yet."""
        return self.budget_fen - self.confirmed_fen

    def __add__(self, other: "Total") -> "Total":
        """Return both together under the name of the first."""
        return _together([self, other])


_SUMMED = attrgetter(*(one.name for one in fields(Total)[4:]))


def _together(rows: Sequence[Total]) -> Total:
    """Return the sum of some rows under the name of the first."""
    first, sums = rows[0], map(sum, zip(*map(_SUMMED, rows), strict=True))
    return Total(first.department, first.group, first.reason, first.mode, *sums)


def totals(policy: Policy, accounts: Iterable[Account]) -> list[Total]:
    """Return the sums by department and group in the policy's order, refunds by other reasons last."""
    found: dict[tuple[str, str, str], list[Total]] = {}
    for account in accounts:
        for part in _parts(policy, account):
            found.setdefault((part.reason, part.department, part.group), []).append(part)
    places = {group.code: place for place, group in enumerate(policy.groups)}
    offices = {
        name: place for place, name in enumerate(dict.fromkeys(one.department for one in policy.groups))
    }
    return sorted(
        map(_together, found.values()),
        key=lambda row: (
            row.reason != SUBSIDY, offices.get(row.department, len(offices)), places.get(row.group, len(places)),
            row.department, row.group, row.reason,
        ),
    )  # fmt: skip


def departments(rows: Iterable[Total]) -> list[Total]:
    """Return one row a department, in the order of ``rows``; refunds by other reasons stay apart."""
    found: dict[tuple[bool, str, str], Total] = {}
    for row in rows:
        other = row.reason != SUBSIDY
        key = (other, row.department, row.reason if other else "")
        found[key] = found.get(key, Total(row.department, reason=row.reason)) + row
    return list(found.values())


def everything(rows: Iterable[Total]) -> Total:
    """Return the sum of all rows."""
    return sum(rows, Total(""))


def _parts(policy: Policy, account: Account) -> list[Total]:
    """Return one person's rows: what each group plans, and of the refund what falls on each group that refunds."""
    rows, back, wanted = [], list[int](), list[int]()
    if account.reason == SUBSIDY:
        rows = [_planned(share, account) for share in account.shares]
        back = [place for place, share in enumerate(account.shares) if share.group.mode == "refund"]
        wanted = [account.shares[place].fen or 0 for place in back]
    if account.case is not None:
        if not back:  # no subsidy, or claimed under what does not hold any more
            rows.append(_claimed(policy, account))
            back, wanted = [len(rows) - 1], [0]
        for place, told in zip(back, _told(account, account.case, wanted), strict=True):
            rows[place] += told
    return [row for row in rows if row.people or account.case is not None]


def _planned(share: Share, account: Account) -> Total:
    group, fen, planned = share.group, share.fen or 0, account.budgeted
    waits = planned and group.mode == "refund" and not account.paid_fen
    return Total(
        group.department, group.code, SUBSIDY, group.mode,
        people=int(planned), unknown=int(planned and share.fen is None),
        budget_fen=fen if planned else 0, confirmed_fen=fen if planned and account.confirmed else 0,
        unpaid_fen=fen if waits else 0,
    )  # fmt: skip


def _claimed(policy: Policy, account: Account) -> Total:
    group = policy.group(account.group)
    department = group.department if group else account.department
    return Total(department, account.group, account.reason, group.mode if group else "")


def _told(account: Account, case: Case, wanted: Sequence[int]) -> list[Total]:
    """Return what became of a refund, spread over the groups that want to give so much each."""
    steps, due_fen = account.steps, account.reckoned_fen
    planned = account.budgeted and account.reason == SUBSIDY
    amounts = {
        "outside_fen": 0 if planned else due_fen,
        "due_fen": due_fen,
        "applied_fen": 0 if case.stage == DUE else case.due_fen,
        "received_fen": steps.received_fen or 0,
        "handed_fen": steps.handed_fen or 0,
        "signed_fen": 0 if steps.signed_on is None else steps.handed_fen or 0,
        "open_fen": case.open_fen,
        "refused_fen": case.due_fen if case.stage == REFUSED else 0,
        "advance_fen": case.advance_fen,
    }
    spread = {name: _spread(fen, wanted) for name, fen in amounts.items()}
    told: list[dict[str, Any]] = [
        {name: parts[place] for name, parts in spread.items()} for place in range(len(wanted))
    ]
    if planned and account.paid_fen:
        for most, one in zip(wanted, told, strict=True):
            one["short_fen"] = most - one["due_fen"]
    return [Total("", **one) for one in told]


def _spread(fen: int, wanted: Sequence[int]) -> list[int]:
    """Return ``fen`` in parts: each as much as wanted in turn, what is over on the last."""
    parts, left = [], fen
    for most in wanted[:-1]:
        parts.append(min(most, left))
        left -= parts[-1]
    return [*parts, left]
