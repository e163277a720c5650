"""What the platform shows of somebody, and who is recorded as gone, against what is paid here."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from storage.ledger import Ledger
from storage.places import holds
from storage.policy import differences as rules
from storage.policy.differences import Difference, Proposal
from storage.policy.facts import Paid, PersonFacts
from storage.policy.model import Policy
from storage.policy.refunds import refund_for
from storage.queries.people import day
from storage.queries.reconcile.whom import (
    COUNTS,
    FIELDS,
    Whom,
    among,
    filled,
    groups_of,
    natures,
    paid,
    rows,
    within,
)

RESIDENT, EMPLOYEE = "390", "310"
_PAUSED, _ENDED = ("2",), ("3", "4")
_PLACES = f"""
    SELECT DISTINCT c.scope, coalesce(c.scheme_place, '') FROM coverage c
    WHERE c.void_reason IS NULL AND c.scheme = '{RESIDENT}' AND c.scheme_place IS NOT NULL AND {{c}}"""

_COVERED = f"""
    WITH odd AS (
        SELECT c.scope, c.record FROM coverage c WHERE c.void_reason IS NULL AND {{c}} AND (
            c.scheme = '{EMPLOYEE}' AND coalesce(c.scheme_state, '1') = '1'
            OR c.scheme = '{RESIDENT}' AND (c.scheme_state IN ('2', '3', '4')
                OR (c.scope, coalesce(c.scheme_place, '')) IN
                    (SELECT value ->> 0, value ->> 1 FROM json_each(:elsewhere))))
        UNION SELECT c.scope, c.record FROM enrolment e JOIN coverage c ON c.resident = e.resident AND c.scope = e.scope
        WHERE e.year = :year AND e.absence IN (SELECT value FROM json_each(:departed)) AND {{e}}
            AND c.void_reason IS NULL AND c.scheme = '{RESIDENT}'
    )
    SELECT {FIELDS}, c.record, coalesce(c.scheme, ''), coalesce(c.scheme_state, '1'), coalesce(c.scheme_place, ''),
        coalesce(c.employer, ''), coalesce(c.covered_since, ''), coalesce(e.absence, ''), coalesce(e.absence_on, ''),
        {paid("r")}
    FROM odd CROSS JOIN coverage c ON c.scope = odd.scope AND c.record = odd.record
    JOIN resident r ON r.scope = c.scope AND r.record = c.resident
    LEFT JOIN enrolment e ON e.resident = r.record AND e.scope = r.scope AND e.year = :year
    WHERE {COUNTS} ORDER BY r.scope, r.household, r.record, c.record"""
"""Whoever the platform shows in any other way than as insured here and normal."""

_GONE = f"""
    SELECT {FIELDS}, e.record, e.absence, coalesce(e.absence_on, ''),
        (SELECT group_concat(p.record) FROM payment p WHERE p.resident = r.record AND +p.scope = r.scope
            AND p.year = :year AND p.stands = 1),
        (SELECT min(p.paid_on) FROM payment p WHERE p.resident = r.record AND +p.scope = r.scope
            AND p.year = :year AND p.stands = 1),
        (SELECT sum(p.amount) FROM payment p WHERE p.resident = r.record AND +p.scope = r.scope
            AND p.year = :year AND p.stands = 1),
        (SELECT group_concat(p.record) FROM confirmation p WHERE p.resident = r.record AND +p.scope = r.scope
            AND p.year = :year AND p.void_reason IS NULL),
        (SELECT min(p.paid_on) FROM confirmation p WHERE p.resident = r.record AND +p.scope = r.scope
            AND p.year = :year AND p.void_reason IS NULL),
        (SELECT sum(p.amount) FROM confirmation p WHERE p.resident = r.record AND +p.scope = r.scope
            AND p.year = :year AND p.void_reason IS NULL)
    FROM enrolment e JOIN resident r ON r.scope = e.scope AND r.record = e.resident
    WHERE e.year = :year AND e.absence IN (SELECT value FROM json_each(:gone)) AND {COUNTS} AND {{e}} AND {paid("r")}
    ORDER BY r.scope, r.household, r.record"""
"""Whoever has paid and is recorded as insured elsewhere, dead or moved away."""


def find(ledger: Ledger, policy: Policy, today: date, scope: str) -> Iterator[Difference]:
    """Yield what platform and reasons say against payments."""
    departed = natures(policy, "departed")
    gone = [*departed, *natures(policy, "elsewhere")]
    named = {"year": policy.year, "scope": scope, "departed": among(departed), "gone": among(gone)}
    places = ledger.connection.execute(within(_PLACES, scope), named).fetchall()
    named["elsewhere"] = among([place for place in places if not holds(place[1], place[0])])
    for whom, rest in rows(ledger, _COVERED, named):
        yield from _covered(policy, whom, departed, *rest)
    for whom, rest in rows(ledger, _GONE, named):
        yield _gone(ledger, policy, today, whom, departed, *rest)


def _covered(
    policy: Policy,
    whom: Whom,
    departed: list[str],
    record: str,
    scheme: str,
    state: str,
    place: str,
    employer: str,
    since: str,
    absence: str,
    left: str,
    is_paid: int,
) -> Iterator[Difference]:
    here = filled(paid="yes" if is_paid else "no", absence=absence, absence_on=left)
    listed = filled(
        scheme=scheme, scheme_state=state, scheme_place=place, employer=employer, covered_since=since
    )
    away = scheme == EMPLOYEE or not holds(place, whom.scope)
    excused = absence in natures(policy, "elsewhere", "departed")
    found: tuple[str, Proposal] | None = None
    if state == "1" and away:
        if not is_paid and not excused:
            found = "elsewhere_unpaid", rules.elsewhere_unpaid(blank=not absence)
            listed["absence"] = rules.absence_of(scheme, place, whom.scope)
    elif state == "1" and absence in departed:
        found = "departed_covered", rules.departed_covered()
    elif not away and not excused and (state in _PAUSED or (state in _ENDED and is_paid)):
        found = "paused", rules.paused(paid=bool(is_paid))
    if found:
        yield _difference(policy, found[0], whom, found[1], here, listed, ("coverage", record))


def _difference(
    policy: Policy,
    code: str,
    whom: Whom,
    proposal: Proposal,
    here: rules.Fields,
    listed: rules.Fields,
    *evidence: tuple[str, str],
) -> Difference:
    detail = evidence[0][1] if evidence and evidence[0][0] == "coverage" else ""
    return Difference(
        code, policy.year, whom.scope, whom.record, detail, whom.name, whom.id_number, whom.household,
        here, listed, proposal, evidence=evidence,
    )  # fmt: skip


def _gone(
    ledger: Ledger,
    policy: Policy,
    today: date,
    whom: Whom,
    departed: list[str],
    enrolment: str,
    absence: str,
    left: str,
    claims: str | None,
    claimed_on: str | None,
    claimed: int | None,
    posts: str | None,
    posted_on: str | None,
    posted: int | None,
) -> Difference:
    paid_on = day(posted_on) or day(claimed_on)
    state: Paid = "confirmed" if posts else "reported"
    here = filled(
        paid=state,
        amount=(posted if posts else claimed) or 0,
        paid_on=paid_on.isoformat() if paid_on else "",
    )
    listed = filled(absence=absence, absence_on=left)
    held = [("confirmation", one) for one in sorted((posts or "").split(",")) if one]
    held += [("payment", one) for one in sorted((claims or "").split(",")) if one]
    if absence in departed:
        proposal = rules.departed_paid(confirmed=bool(posts), left=day(left), paid_on=paid_on)
        made = _difference(policy, "departed_paid", whom, proposal, here, listed, ("enrolment", enrolment))
        return replace(made, held=tuple(held), barred=(rules.LIST,) if posts else ())
    facts = PersonFacts(groups=groups_of(ledger, policy, whom), paid=state, paid_on=paid_on, absence=absence)
    back = refund_for(policy, facts, today)
    can = back is not None and back.verdict in ("yes", "after_ending") and back.fen > 0
    proposal = rules.elsewhere_paid(refundable=can, reasons=back.reasons if back else ())
    made = _difference(policy, "elsewhere_paid", whom, proposal, here, listed, ("enrolment", enrolment))
    return replace(
        made, held=tuple(held), refund=_refund(policy, absence, back.fen) if back and can else None
    )


def _refund(policy: Policy, absence: str, fen: int) -> tuple[str, int] | None:
    """The policy's rule by which a premium comes back to somebody insured elsewhere, and how much."""
    found = policy.refunds.rules if policy.refunds else ()
    return next(((rule.code, fen) for rule in found if absence in rule.absences), None)
