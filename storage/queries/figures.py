"""Counts per village, each by the chosen denominator; a person of several records counts once.

A village's figures count its own register, without those the office counts in another village (``elsewhere``); what
stands in two villages is the office's to tell (``storage.queries.counting``). A decision where somebody counts holds
for the insurance year its day lies in and for later ones: figures of a year that is over do not change.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from storage import counted
from storage.columns import columns
from storage.ledger import Ledger
from storage.persons import AWAY, COUNTED_IN
from storage.policy import rates
from storage.policy.model import Denominator, Policy
from storage.queries.alike import Alike, alike
from storage.queries.told import TWINS, has_twins, people_sql, peopled


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
        lasting=dict[str, int],
    )
    besides = ledger.counted.by_place(
        ledger.connection,
        ("besides", rules),
        _written(ledger),
        lambda scope: _besides(ledger, policy, scope),
        lasting=dict[str, int],
    )
    found = {scope: dict(counts) for scope, counts in summed.items() if counts}
    for scope, counts in besides.items():
        if any(counts.values()):
            found.setdefault(scope, {}).update(counts)
    for scope, count in _conflict_counts(ledger):
        found.setdefault(scope, {})["conflicts"] = count
    return {scope: Figures(**counts) for scope, counts in sorted(found.items())}


def _sums(ledger: Ledger, policy: Policy, rule: Denominator, scope: str) -> dict[str, int]:
    """Return what is counted of a village's persons, nothing where it has none."""
    found = _summed(policy, rule, alike(ledger, policy, scope))
    if has_twins(ledger, scope):
        sql, named = people_sql(policy, rule, TWINS, scope=scope)
        sums = ", ".join(f"sum({expression})" for expression in SUMMED.values())
        row = ledger.connection.execute(f"{sql} SELECT count(*), {sums} FROM told", named).fetchone()
        found.update(dict(zip(("people", *SUMMED), (count or 0 for count in row), strict=True)))
    return dict(found) if found["people"] else {}


def _summed(policy: Policy, rule: Denominator, known: Iterable[Alike]) -> Counter[str]:
    """Return the sums of persons of one record as ``people_sql`` and ``SUMMED`` tell them."""
    codes = [reason.code for reason in policy.reasons]
    explained = {code for code in codes if rates.explained(policy, code)}
    departed = {code for code in codes if rates.departed(policy, code)}
    inside = frozenset(() if rule.count_only else rule.residences)
    excluded = departed | (explained if rule.explained_out else set())
    found: Counter[str] = Counter()
    for one in known:
        here = one.lives in inside and one.absence not in (departed if one.paid else excluded)
        for name, counts in (
            ("people", True),
            ("paid", one.paid),
            ("confirmed", one.confirmed),
            ("should", here),
            ("explained", one.absence in explained),
            ("credential", one.credential),
            ("assist", one.assist),
            ("should_paid", here and one.paid),
            ("special", one.special),
            ("special_paid", one.special and one.paid),
            ("new", one.new),
        ):
            found[name] += one.people * counts
        found["amount"] += one.amount
    return found


def _written(ledger: Ledger) -> list[str]:
    """Return the places of which there are entries."""
    return [row[0] for row in ledger.connection.execute("SELECT DISTINCT scope FROM stream ORDER BY scope")]


def _besides(ledger: Ledger, policy: Policy, scope: str) -> dict[str, int]:
    """Return what is counted of a place besides the persons who count there."""
    named = {"year": policy.year, "scope": scope}

    def count(sql: str) -> int:
        return int(ledger.connection.execute(sql, named).fetchone()[0])

    hidden = {row[0] for row in ledger.connection.execute(f"{_HIDDEN} SELECT record FROM hidden", named)}
    records, homes, numbers = columns(ledger.connection, ("record", "household", "id_full"), _LIVING, named)
    (payers,) = columns(ledger.connection, ("resident",), _PAYING, named)
    if hidden:
        homes = [home for record, home in zip(records, homes, strict=True) if record not in hidden]
    kinds = review_sql(policy, scope)
    if len({*numbers} - {None}) == len(numbers) - numbers.count(None):
        del kinds["id_shared"]  # asked where there can be any: looking each up costs ten times as much
    if {*payers} <= {*records}:
        del kinds["paid_unknown"]
    asked = " UNION ALL ".join(f"SELECT 1 FROM ({sql})" for sql in kinds.values())
    return {
        "households": len({*homes} - {None}),
        "elsewhere": count(_ELSEWHERE) if hidden else 0,
        "to_review": count(f"SELECT count(*) FROM ({asked})"),
        "erased": count(_ERASED),
    }


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
        FROM (SELECT scope, record, {COUNTED_IN} AS counted_in FROM resident
              WHERE scope = :scope AND counted_in IS NOT NULL) r
        LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record GROUP BY 1, 2 HAVING {AWAY}
    ), hidden AS MATERIALIZED (
        SELECT scope, person AS record, person FROM away
        UNION SELECT t.scope, t.record, t.person FROM away a JOIN twin t ON t.scope = a.scope AND t.person = a.person
    )"""
"""All records of a place's people who count elsewhere."""

_LIVING = "resident WHERE scope = :scope AND void_reason IS NULL"
_PAYING = "payment WHERE scope = :scope AND stands = 1"

_ELSEWHERE = f"""{_HIDDEN}
    SELECT count(*) FROM (
        SELECT h.scope, h.person FROM hidden h JOIN resident r ON r.scope = h.scope AND r.record = h.record
        WHERE r.void_reason IS NULL GROUP BY 1, 2 HAVING NOT max(coalesce(r.counted_in = r.scope, 0))
    )"""
"""Not those who come only in a later year."""


_ERASED = (
    "SELECT count(DISTINCT erased_record) FROM erasure WHERE scope = :scope AND erased_kind = 'resident'"
)


def disputed(ledger: Ledger) -> dict[str, int]:
    """Return how many records disagree in which register ("resident.contact")."""
    sql = "SELECT kind || '.' || register, count(*) FROM conflict GROUP BY 1 ORDER BY 1"
    return dict(ledger.connection.execute(sql).fetchall())


def _conflict_counts(ledger: Ledger) -> list[tuple[str, int]]:
    return list(ledger.connection.execute("SELECT scope, count(*) FROM conflict GROUP BY scope"))


_ASKED = {
    "doubt": "SELECT scope, record, doubt FROM resident r WHERE doubt IS NOT NULL AND void_reason IS NULL {r} "
    "AND (checked IS NULL OR checked <> doubt)",
    "id_shared": "SELECT r.scope, r.record, r.id_full FROM resident r WHERE r.void_reason IS NULL {r} AND r.id_full IN "
    "(SELECT id_full FROM resident s WHERE id_full IS NOT NULL {s} GROUP BY id_full HAVING count(*) > 1) "
    "AND EXISTS (SELECT 1 FROM resident o WHERE o.id_full = r.id_full AND o.scope = r.scope "
    "AND o.record < r.record AND o.void_reason IS NULL AND coalesce(o.name, '') <> coalesce(r.name, '') "
    "AND NOT EXISTS (SELECT 1 FROM same s WHERE s.scope = r.scope AND s.left = o.record "
    "AND s.right = r.record AND s.answer IS NOT NULL))",
    "paid_unknown": "SELECT p.scope, p.record, '' FROM payment p LEFT JOIN resident r ON r.scope = p.scope "
    "AND r.record = p.resident AND r.void_reason IS NULL LEFT JOIN twin t ON t.scope = p.scope "
    "AND t.record = p.resident WHERE p.stands = 1 {p} AND r.record IS NULL AND (t.person IS NULL OR NOT EXISTS "
    "(SELECT 1 FROM twin o JOIN resident l ON l.scope = o.scope AND l.record = o.record "
    "AND l.void_reason IS NULL WHERE o.scope = t.scope AND o.person = t.person))",
    "void_leaning": "SELECT scope, record, void_reason FROM payment p "
    "WHERE stands = 1 AND void_reason IS NOT NULL {p}",
    "unread": "SELECT s.scope, o.record, o.inert FROM op o JOIN stream s ON s.id = o.stream "
    "WHERE o.inert IS NOT NULL AND o.inert <> 'erased' {s}",
}
"""What waits for a person besides conflicts, whatever the policy: kind of question → (scope, record, detail).

``{r}`` and the like stand for a condition on the place."""


def review_sql(policy: Policy, scope: str = "") -> dict[str, str]:
    """Return every kind of question with its query, of one place (``:scope``) or of all, for a year's policy."""
    here = {table: f"AND {table}.scope = :scope" if scope else "" for table in "rspn"}
    codes = ", ".join(f"'{reason.code}'" for reason in policy.reasons if reason.nature == "elsewhere")
    asked = {**_ASKED, "paid_and_absent": _PAID_AND_ABSENT}
    return {code: sql.format(**here, year=policy.year, codes=codes or "NULL") for code, sql in asked.items()}


_PAID_AND_ABSENT = """
    SELECT e.scope, min(e.record), min(e.absence) FROM (
        SELECT n.scope, n.resident AS record, n.absence, coalesce(t.person, n.resident) AS person
        FROM enrolment n JOIN resident r ON r.scope = n.scope AND r.record = n.resident AND r.void_reason IS NULL
        LEFT JOIN twin t ON t.scope = n.scope AND t.record = n.resident
        WHERE n.year = {year} AND n.absence IN ({codes}) {n}
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
