"""What the villages report as paid, and what the tax lists show: late, missing, other amounts, other people, twice."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from storage.ledger import Ledger
from storage.policy import differences as rules
from storage.policy.amounts import due
from storage.policy.differences import Difference, Told
from storage.policy.model import Policy
from storage.policy.refunds import refundable
from storage.queries.people import day
from storage.queries.reconcile import lists
from storage.queries.reconcile.lists import Listing
from storage.queries.reconcile.whom import COUNTS, FIELDS, Whom, filled, groups_of, rows

_SQL = f"""
    SELECT {FIELDS}, m.claims, m.claimed, m.claim, m.claim_on, m.claim_by, m.claim_receipt,
        m.posts, m.posted, m.post, m.post_on, m.post_by, m.post_receipt, m.list_name
    FROM (
        SELECT scope, max(resident) AS resident,
            sum(NOT posted) AS claims, sum(iif(posted, 0, amount)) AS claimed,
            group_concat(iif(posted, NULL, record)) AS claim, min(iif(posted, NULL, paid_on)) AS claim_on,
            min(iif(posted, NULL, channel)) AS claim_by, min(iif(posted, NULL, receipt)) AS claim_receipt,
            sum(posted) AS posts, sum(iif(posted, amount, 0)) AS posted,
            group_concat(iif(posted, record, NULL)) AS post, min(iif(posted, paid_on, NULL)) AS post_on,
            min(iif(posted, channel, NULL)) AS post_by, min(iif(posted, receipt, NULL)) AS post_receipt,
            max(list_name) AS list_name
        FROM (
            SELECT p.scope, p.resident, coalesce(t.person, p.resident) AS person, 0 AS posted, p.record,
                coalesce(p.amount, 0) AS amount, p.paid_on, p.channel, p.receipt, NULL AS list_name
            FROM payment p LEFT JOIN twin t ON t.scope = p.scope AND t.record = p.resident
            WHERE p.year = :year AND p.stands = 1 AND {{p}}
            UNION ALL
            SELECT c.scope, c.resident, coalesce(t.person, c.resident), 1, c.record,
                coalesce(c.amount, 0), c.paid_on, c.channel, c.receipt, c.list_name
            FROM confirmation c LEFT JOIN twin t ON t.scope = c.scope AND t.record = c.resident
            WHERE c.year = :year AND c.void_reason IS NULL AND {{c}}
        ) GROUP BY scope, person
        HAVING sum(posted) = 0 OR sum(posted) = count(*) OR sum(iif(posted, amount, -amount)) <> 0
            OR (count(*) > 2 AND sum(iif(posted, amount, 0)) > :premium)
    ) m JOIN resident r ON r.scope = m.scope AND r.record = m.resident WHERE {COUNTS}
    ORDER BY r.scope, r.household, r.record"""
"""Every person of whom ledger and lists do not say the very same, each once."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """What one side says of a person: how many payments, together how much (fen), which records, of when and how."""

    count: int
    fen: int
    records: tuple[str, ...]
    on: date | None
    channel: str
    receipt: str

    @property
    def fields(self) -> dict[str, str | int]:
        """This side as a difference shows it."""
        if not self.count:
            return {}
        told = filled(amount=self.fen, paid_on=self.on.isoformat() if self.on else "", channel=self.channel)
        return told | filled(receipt=self.receipt, count=self.count if self.count > 1 else None)


@dataclass(frozen=True, slots=True)
class _Paid:
    whom: Whom
    claim: _Sum
    post: _Sum
    told: Told


def _sum(
    count: int, fen: int, records: str | None, on: str | None, by: str | None, receipt: str | None
) -> _Sum:
    return _Sum(
        count,
        fen,
        tuple(sorted((records or "").split(","))) if records else (),
        day(on),
        by or "",
        receipt or "",
    )


def find(
    ledger: Ledger, policy: Policy, today: date, scope: str, found: list[Listing]
) -> Iterator[Difference]:
    """Yield what payments and tax lists say differently, one row for each person, one for two that were mixed up."""
    known = lists.named(found, lists.TAX)
    named = {"year": policy.year, "scope": scope, "premium": policy.personal_fen}
    people = [
        _Paid(
            whom,
            _sum(*rest[:6]),
            _sum(*rest[6:12]),
            known.get(rest[12] or "", Told(lists.TAX, rest[12] or "")),
        )
        for whom, rest in rows(ledger, _SQL, named)
    ]
    mixed = dict(
        _mixed_up(
            [one for one in people if not one.post.count], [one for one in people if not one.claim.count]
        )
    )
    partners = {id(other) for other, _ in mixed.values()}
    reach = _reach(ledger, policy, found)
    for one in people:
        if id(one) in mixed:
            yield _wrong_person(policy, one, *mixed[id(one)])
        elif id(one) not in partners:
            yield from _of_person(ledger, policy, one, reach, today)


def _of_person(
    ledger: Ledger, policy: Policy, one: _Paid, reach: "_Reach", today: date
) -> Iterator[Difference]:
    if not one.post.count:
        yield from _unposted(policy, one, reach, today)
    elif not one.claim.count:
        yield _difference(policy, "unreported", one, rules.unreported())
    if one.post.count > 1 and one.post.fen > policy.personal_fen:
        yield _twice(policy, one, today)
    elif one.claim.count and one.post.count and one.claim.fen != one.post.fen:
        yield _amounts(ledger, policy, one)


def _difference(policy: Policy, code: str, one: _Paid, proposal: rules.Proposal, **more: str) -> Difference:
    whom = one.whom
    return Difference(
        code, policy.year, whom.scope, whom.record, more.pop("detail", ""), whom.name, whom.id_number, whom.household,
        one.claim.fields, one.post.fields, proposal,
        told=one.told if one.post.count else Told(),
        evidence=tuple(("confirmation", record) for record in one.post.records),
        held=tuple(("payment", record) for record in one.claim.records),
    )  # fmt: skip


def _unposted(policy: Policy, one: _Paid, reach: "_Reach", today: date) -> Iterator[Difference]:
    """Only past the days the channel takes, where a list was there to show it; one without a day is in time."""
    if one.claim.on is None:
        return
    ripe = one.claim.on + timedelta(days=policy.lag_days(one.claim.channel or None))
    if ripe < today and reach.shows(one.claim.on, ripe):
        proposal = rules.unposted(
            paid_on=one.claim.on,
            days=(today - ripe).days,
            due=ripe,
            list_on=reach.taken,
            posted_to=reach.posted,
        )
        yield replace(_difference(policy, "unposted", one, proposal), told=reach.told)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the tax lists go: the day the newest was taken over here, and the last day of payment in any of them."""

    taken: date | None
    posted: date | None
    told: Told

    def shows(self, paid_on: date, ripe: date) -> bool:
        """Whether a payment would stand in them: a list came since it should be posted, or names later ones."""
        return bool((self.taken and self.taken > ripe) or (self.posted and self.posted >= paid_on))


def _reach(ledger: Ledger, policy: Policy, found: list[Listing]) -> _Reach:
    last = ledger.connection.execute(
        "SELECT max(paid_on) FROM confirmation WHERE year = ? AND void_reason IS NULL", (policy.year,)
    ).fetchone()[0]
    newest = lists.newest(found, lists.TAX)
    return _Reach(newest.on if newest else None, day(last), newest.told if newest else Told(lists.TAX))


def _amounts(ledger: Ledger, policy: Policy, one: _Paid) -> Difference:
    owed = due(policy, groups_of(ledger, policy, one.whom)).pay_now_fen
    single = one.claim.count == 1 and one.post.count == 1
    proposal = rules.amounts(here=one.claim.fen, listed=one.post.fen, due=owed, single=single)
    made = _difference(policy, "amounts", one, proposal)
    return made if single else replace(made, barred=(rules.LIST,))


DOUBLE_PAYMENT = "double_payment"
"""The policy's reason for which the premium one paid too many comes back."""


def _twice(policy: Policy, one: _Paid, today: date) -> Difference:
    extra = one.post.fen - policy.personal_fen
    back = refundable(
        policy, DOUBLE_PAYMENT, paid_on=one.post.on, asked_on=today, ended=False, paid_fen=extra
    )
    can = back.verdict in ("yes", "after_ending")
    proposal = rules.paid_twice(count=one.post.count, fen=one.post.fen, refundable=can, reasons=back.reasons)
    made = _difference(policy, "paid_twice", one, proposal)
    return replace(made, refund=(DOUBLE_PAYMENT, extra)) if can else made


# ---- one payment under two names


def _mixed_up(
    unposted: Sequence[_Paid], unreported: Sequence[_Paid]
) -> Iterator[tuple[int, tuple[_Paid, bool]]]:
    """Yield who paid and stands in no list with the one person of whom it is the other way round, and whether a receipt
    proves it; nobody who could be meant twice."""
    left, right = list(unposted), list(unreported)
    for key, proof in ((_receipt, True), (_home, False)):
        ours, theirs = _alone(left, key), _alone(right, key)
        pairs = [(ours[one], theirs[one]) for one in ours.keys() & theirs.keys()]
        yield from ((id(one), (other, proof)) for one, other in pairs)
        done = {id(each) for pair in pairs for each in pair}
        left, right = ([one for one in side if id(one) not in done] for side in (left, right))


_Key = tuple[object, ...] | None


def _alone(found: Sequence[_Paid], key: Callable[[_Paid], _Key]) -> Mapping[tuple[object, ...], _Paid]:
    """Return by key whoever nobody shares it with."""
    groups: defaultdict[tuple[object, ...], list[_Paid]] = defaultdict(list)
    for one in found:
        if (said := key(one)) is not None:
            groups[said].append(one)
    return {said: members[0] for said, members in groups.items() if len(members) == 1}


def _side(one: _Paid) -> _Sum:
    return one.claim if one.claim.count else one.post


def _receipt(one: _Paid) -> _Key:
    side = _side(one)
    return (one.whom.scope, side.receipt, side.fen) if side.receipt and side.count == 1 else None


def _home(one: _Paid) -> _Key:
    side = _side(one)
    if not one.whom.household or side.on is None or side.count != 1:
        return None
    return one.whom.scope, one.whom.household, side.fen, side.on


def _wrong_person(policy: Policy, one: _Paid, other: _Paid, proof: bool) -> Difference:
    proposal = rules.wrong_person(receipt=proof, other=other.whom.name)
    pair = _Paid(one.whom, one.claim, other.post, other.told)
    made = _difference(policy, "wrong_person", pair, proposal, detail=other.whom.record)
    return replace(made, other=other.whom.name)
