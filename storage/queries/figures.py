"""Counts per village, each by the chosen denominator; a person of several records counts once.

A village's figures count its own register, without those the office counts in another village (``elsewhere``); what
stands in two villages is the office's to tell (``storage.queries.counting``). A decision where somebody counts holds
for the insurance year its day lies in and for later ones: figures of a year that is over do not change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from storage import counted
from storage.ledger import Ledger
from storage.persons import AWAY, COUNTED_IN
from storage.policy import rates
from storage.policy.model import Denominator, Policy


@dataclass(frozen=True, slots=True)
class Figures:
    """Where a scope stands in one insurance year; people are distinct persons.

    ``should`` is the denominator's count, ``should_paid`` those of them who paid, ``explained`` those
    with a recorded reason that counts as explained; ``amount`` is in fen. ``elsewhere`` are people of the register
    who count in another village and in nothing else here, ``erased`` those of whom only that is left.
    """

    people: int = 0
    households: int = 0
    paid: int = 0
    confirmed: int = 0
    amount: int = 0
    should: int = 0
    should_paid: int = 0
    explained: int = 0
    credential: int = 0
    assist: int = 0
    special: int = 0
    special_paid: int = 0
    new: int = 0
    conflicts: int = 0
    to_review: int = 0
    elsewhere: int = 0
    erased: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Figures)))

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Figures)))

    @property
    def rate(self) -> Decimal | None:
        """Paid people in percent of those who should be insured, one decimal; None where there are none."""
        return percent(self.should_paid, self.should)

    @property
    def credential_rate(self) -> Decimal | None:
        """People with an active e-credential in percent of all people."""
        return percent(self.credential, self.people)


def percent(part: int, whole: int) -> Decimal | None:
    """Return ``part`` in percent of ``whole`` with one decimal, rounded down so that 95 % is never flattered."""
    share = rates.rate(part, whole)
    return None if share is None else rates.percent(share)


def denominator_of(policy: Policy, code: str = "") -> Denominator:
    """Return the policy's denominator with this code (default: the one it ranks by)."""
    return policy.denominator(code or policy.default_denominator)


def by_scope(ledger: Ledger, policy: Policy, denominator: str = "") -> dict[str, Figures]:
    """Return the figures of each village scope in the ledger that has people."""
    rule, rules = denominator_of(policy, denominator), counted.print_of(policy)
    summed = ledger.counted.by_place(
        ledger.connection,
        ("sums", rule.code, rules),
        peopled(ledger),
        lambda scope: _sums(ledger, policy, rule, scope),
    )
    found = {scope: dict(counts) for scope, counts in summed.items() if counts}
    others = ledger.counted.whole(ledger.connection, ("others", rules), lambda: _others(ledger, policy))
    for name, rows in (*others, ("conflicts", _conflict_counts(ledger))):
        for scope, count in rows:
            found.setdefault(scope, {})[name] = count
    return {scope: Figures(**counts) for scope, counts in sorted(found.items())}


def _sums(ledger: Ledger, policy: Policy, denominator: Denominator, scope: str) -> dict[str, int]:
    """Return what is counted of a village's persons, nothing where it has none."""
    sql, named = people_sql(policy, denominator, SINGLE, TWINS, scope=scope)
    sums = ", ".join(f"sum({expression})" for expression in SUMMED.values())
    row = ledger.connection.execute(f"{sql} SELECT count(*), {sums} FROM told", named).fetchone()
    return dict(zip(("people", *SUMMED), (count or 0 for count in row), strict=True)) if row[0] else {}


def _others(ledger: Ledger, policy: Policy) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return what is counted of other things than persons, by name: (scope, how many)."""
    execute, year = ledger.connection.execute, {"year": policy.year}
    return [
        ("households", execute(_HOUSEHOLDS, year).fetchall()),
        ("elsewhere", execute(_ELSEWHERE, year).fetchall()),
        ("to_review", review_counts(ledger, policy)),
        ("erased", execute(_ERASED).fetchall()),
    ]


_PEOPLED = (
    "WITH RECURSIVE place (scope) AS (SELECT min(scope) FROM resident UNION ALL "
    "SELECT (SELECT min(scope) FROM resident WHERE scope > place.scope) FROM place WHERE place.scope IS NOT NULL) "
    "SELECT scope FROM place WHERE scope IS NOT NULL UNION SELECT DISTINCT scope FROM twin"
)
"""The places that have people, by stepping from one to the next: a DISTINCT would read everybody."""


def peopled(ledger: Ledger) -> list[str]:
    """Return the places that have people, also those that are only named by an answer, by code."""
    return sorted(row[0] for row in ledger.connection.execute(_PEOPLED))


def total(parts: Mapping[str, Figures]) -> Figures:
    """Return the sum over villages as they count themselves, what stands in two of them twice."""
    return sum(parts.values(), Figures())


SUMMED = {
    **{name: name for name in ("paid", "confirmed", "amount", "should", "explained", "credential", "assist")},
    "should_paid": "should AND paid",
    "special": "special",
    "special_paid": "special AND paid",
    "new": "new",
}
"""What is counted of persons besides themselves, and how it follows from what is told of each."""

_HIDDEN = f"""
    WITH away AS MATERIALIZED (
        SELECT r.scope, coalesce(t.person, r.record) AS person
        FROM (SELECT scope, record, {COUNTED_IN} AS counted_in FROM resident WHERE counted_in IS NOT NULL) r
        LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record GROUP BY 1, 2 HAVING {AWAY}
    ), hidden AS MATERIALIZED (
        SELECT scope, person AS record, person FROM away
        UNION SELECT t.scope, t.record, t.person FROM away a JOIN twin t ON t.scope = a.scope AND t.person = a.person
    )"""
"""All records of people who count elsewhere."""

_HOUSEHOLDS = f"""{_HIDDEN}
    SELECT r.scope, count(DISTINCT r.household) FROM resident r NOT INDEXED WHERE r.void_reason IS NULL
    AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.scope = r.scope AND h.record = r.record) GROUP BY r.scope"""

_ELSEWHERE = f"""{_HIDDEN}
    SELECT scope, count(*) FROM (
        SELECT h.scope, h.person FROM hidden h JOIN resident r ON r.scope = h.scope AND r.record = h.record
        WHERE r.void_reason IS NULL GROUP BY 1, 2 HAVING NOT max(coalesce(r.counted_in = r.scope, 0))
    ) GROUP BY scope"""
"""Not those who come only in a later year."""

_DAYS = """days AS MATERIALIZED (
        SELECT d.scope, CAST(coalesce(t.person, d.resident) AS TEXT) AS person, min(d.paid_on) AS paid_on FROM (
            SELECT scope, resident, paid_on FROM payment WHERE year = :year AND stands = 1 {here}
            UNION ALL
            SELECT scope, resident, paid_on FROM confirmation WHERE year = :year AND void_reason IS NULL {here}
        ) d LEFT JOIN twin t ON t.scope = d.scope AND t.record = d.resident
        WHERE d.paid_on IS NOT NULL GROUP BY 1, 2
    )"""
"""The earliest day said of a payment, by person.

The cast is what lets a join look both columns up: without it a village of a banner is read through for each person.
"""


def _here(scope: str, table: str = "") -> str:
    return f"AND {table}scope = :scope" if scope else ""


def days_sql(scope: str = "") -> str:
    """Return the expression ``days``, to stand behind ``people_sql`` of the same village ("" for all)."""
    return _DAYS.format(here=_here(scope))


DAYS = days_sql()

_ERASED = (
    "SELECT scope, count(DISTINCT erased_record) FROM erasure WHERE erased_kind = 'resident' GROUP BY scope"
)


def people_sql(
    policy: Policy, denominator: Denominator, *sources: str, scope: str = ""
) -> tuple[str, dict[str, Any]]:
    """Tell of each person of ``sources`` what counts, of one village or ("") of all; the query over ``told`` follows.

    Whatever hangs on any record of a person is theirs, of several absences the first by code.
    """
    named: dict[str, Any] = {"year": policy.year, **({"scope": scope} if scope else {})}

    def among(name: str, codes: Iterable[str]) -> str:
        found = {f"{name}{number}": code for number, code in enumerate(codes)}
        named.update(found)
        return f"({','.join(f':{key}' for key in found)})"

    explained = [reason.code for reason in policy.reasons if reason.explained]
    told_explained = among("explained", explained)
    excluded = among("excluded", explained if denominator.explained_out else ())
    departed = among("departed", (reason.code for reason in policy.reasons if reason.nature == "departed"))
    inside = among("inside", () if denominator.count_only else denominator.residences)
    special = among("special", (group.code for group in policy.groups if group.special))
    told = " UNION ALL ".join(_persons(source, inside, scope) for source in sources)
    here = _here(scope)
    sql = f"""
    WITH claim AS (
        SELECT scope, resident, max(confirmed) AS confirmed, max(amount) AS claimed,
               max(CASE WHEN confirmed THEN amount END) AS posted
        FROM (
            SELECT scope, resident, 0 AS confirmed, coalesce(amount, 0) AS amount
            FROM payment WHERE year = :year AND stands = 1 {here}
            UNION ALL
            SELECT scope, resident, 1, coalesce(amount, 0)
            FROM confirmation WHERE year = :year AND void_reason IS NULL {here}
        ) GROUP BY scope, resident
    ), aided AS (
        SELECT DISTINCT scope, resident FROM subsidy
        WHERE year = :year AND void_reason IS NULL AND group_code IN {special} {here}
    ), told AS (
        SELECT *, coalesce(absence IN {told_explained}, 0) AS explained, coalesce(absence IN {departed}, 0) AS departed,
            inside AND NOT coalesce(absence IN {departed}, 0)
                AND (paid OR NOT coalesce(absence IN {excluded}, 0)) AS should
        FROM ({told})
    )
    """
    return sql, named


KNOWN = (
    f"r.residence, {COUNTED_IN} AS counted_in, "
    "CASE WHEN r.record IS NULL THEN '' ELSE r.void_reason END AS void_reason"
)

SINGLE = f"""
    (SELECT scope, record, record AS person, residence, {COUNTED_IN} AS counted_in, void_reason
     FROM resident{{only}}) r
    {{joins}} WHERE NOT EXISTS (SELECT 1 FROM twin t WHERE t.scope = r.scope AND t.record = r.record)
    AND (r.counted_in IS NULL OR r.counted_in = r.scope) AND r.void_reason IS NULL
    GROUP BY r.scope, r.record"""
"""Everybody by the record, in the order of the table: whoever has no twin needs no sorting."""

TWINS = f"""
    (SELECT t.scope, t.record, t.person, {KNOWN}
     FROM twin t LEFT JOIN resident r ON r.scope = t.scope AND r.record = t.record
     WHERE true {{twins}}) r {{joins}}
    GROUP BY r.scope, r.person HAVING max(r.void_reason IS NULL) AND NOT {AWAY}"""
"""The records of people who have several, with those only named by an answer."""


def _persons(source: str, inside: str, scope: str) -> str:
    facts = """
        LEFT JOIN claim c ON c.scope = r.scope AND c.resident = r.record
        LEFT JOIN enrolment e ON e.resident = r.record AND e.scope = r.scope AND e.year = :year
        LEFT JOIN credential k ON k.resident = r.record AND k.scope = r.scope
        LEFT JOIN assistance a ON a.resident = r.record AND a.scope = r.scope AND a.year = :year"""
    only = " WHERE scope = :scope" if scope else " NOT INDEXED"  # all of them in the order of the table
    return f"""
        SELECT r.scope AS scope, r.person AS person,
            max(c.resident IS NOT NULL) AS paid, max(coalesce(c.confirmed, 0)) AS confirmed,
            coalesce(max(c.posted), max(c.claimed), 0) AS amount,
            max(r.void_reason IS NULL AND coalesce(r.residence, 'unknown') IN {inside}) AS inside,
            min(e.absence) AS absence,
            max(coalesce(k.credential = 'active', 0)) AS credential,
            max(a.need IS NOT NULL) AS assist,
            max((r.scope, r.record) IN aided) AS special,
            max(coalesce(e.entry = 'new', 0)) AS new
        FROM {source.format(joins=facts, only=only, twins=_here(scope, "t."))}"""


def disputed(ledger: Ledger) -> dict[str, int]:
    """Return how many records disagree in which register ("resident.contact")."""
    sql = "SELECT kind || '.' || register, count(*) FROM conflict GROUP BY 1 ORDER BY 1"
    return dict(ledger.connection.execute(sql).fetchall())


def _conflict_counts(ledger: Ledger) -> list[tuple[str, int]]:
    return list(ledger.connection.execute("SELECT scope, count(*) FROM conflict GROUP BY scope"))


REVIEW_SQL = {
    "doubt": "SELECT scope, record, doubt FROM resident WHERE doubt IS NOT NULL AND void_reason IS NULL "
    "AND (checked IS NULL OR checked <> doubt)",
    "id_shared": "SELECT r.scope, r.record, r.id_full FROM resident r WHERE r.void_reason IS NULL AND r.id_full IN "
    "(SELECT id_full FROM resident WHERE id_full IS NOT NULL GROUP BY id_full HAVING count(*) > 1) "
    "AND EXISTS (SELECT 1 FROM resident o WHERE o.id_full = r.id_full AND o.scope = r.scope "
    "AND o.record < r.record AND o.void_reason IS NULL AND coalesce(o.name, '') <> coalesce(r.name, '') "
    "AND NOT EXISTS (SELECT 1 FROM same s WHERE s.scope = r.scope AND s.left = o.record "
    "AND s.right = r.record AND s.answer IS NOT NULL))",
    "paid_unknown": "SELECT p.scope, p.record, '' FROM payment p LEFT JOIN resident r ON r.scope = p.scope "
    "AND r.record = p.resident AND r.void_reason IS NULL LEFT JOIN twin t ON t.scope = p.scope "
    "AND t.record = p.resident WHERE p.stands = 1 AND r.record IS NULL AND (t.person IS NULL OR NOT EXISTS "
    "(SELECT 1 FROM twin o JOIN resident l ON l.scope = o.scope AND l.record = o.record "
    "AND l.void_reason IS NULL WHERE o.scope = t.scope AND o.person = t.person))",
    "void_leaning": "SELECT scope, record, void_reason FROM payment WHERE stands = 1 AND void_reason IS NOT NULL",
    "unread": "SELECT s.scope, o.record, o.inert FROM op o JOIN stream s ON s.id = o.stream "
    "WHERE o.inert IS NOT NULL AND o.inert <> 'erased'",
}
"""What waits for a person besides conflicts, whatever the policy: kind of question → (scope, record, detail)."""


def review_sql(policy: Policy) -> dict[str, str]:
    """Return every kind of question with its query, with those that depend on the year's policy."""
    codes = ", ".join(f"'{reason.code}'" for reason in policy.reasons if reason.nature == "elsewhere")
    return {**REVIEW_SQL, "paid_and_absent": _PAID_AND_ABSENT.format(year=policy.year, codes=codes or "NULL")}


_PAID_AND_ABSENT = """
    SELECT e.scope, min(e.record), min(e.absence) FROM (
        SELECT n.scope, n.resident AS record, n.absence, coalesce(t.person, n.resident) AS person
        FROM enrolment n JOIN resident r ON r.scope = n.scope AND r.record = n.resident AND r.void_reason IS NULL
        LEFT JOIN twin t ON t.scope = n.scope AND t.record = n.resident
        WHERE n.year = {year} AND n.absence IN ({codes})
    ) e WHERE EXISTS (
        SELECT 1 FROM (
            SELECT e.person AS record UNION SELECT o.record FROM twin o WHERE o.scope = e.scope AND o.person = e.person
        ) p WHERE EXISTS (
            SELECT 1 FROM payment c WHERE c.resident = p.record AND +c.scope = e.scope AND c.year = {year}
            AND c.stands = 1
        ) OR EXISTS (
            SELECT 1 FROM confirmation c WHERE c.resident = p.record AND +c.scope = e.scope AND c.year = {year}
            AND c.void_reason IS NULL
        )
    ) GROUP BY e.scope, e.person"""
"""Whoever is recorded as insured elsewhere and has paid here: once a person, however many records and payments."""


def review_counts(ledger: Ledger, policy: Policy) -> list[tuple[str, int]]:
    """Return how many questions (without conflicts) each scope has."""
    union = " UNION ALL ".join(f"SELECT scope FROM ({sql})" for sql in review_sql(policy).values())
    return list(ledger.connection.execute(f"SELECT scope, count(*) FROM ({union}) GROUP BY scope"))
