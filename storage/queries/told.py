"""What is told of each person of a village or of all: one query, over which everything is counted or listed.

A person of several records is one; who counts in another village (``storage.persons``) is not told of.
"""

from collections.abc import Iterable
from typing import Any

from storage.ledger import Ledger
from storage.persons import AWAY, COUNTED_IN
from storage.policy.model import Denominator, Policy


def _here(scope: str, table: str = "") -> str:
    return f"AND {table}scope = :scope" if scope else ""


def people_sql(
    policy: Policy, denominator: Denominator, *sources: str, scope: str = ""
) -> tuple[str, dict[str, Any]]:
    """Tell of each person of ``sources`` what counts, of one village or ("") of all; the query over ``told`` follows.

    Whatever hangs on any record of a person is theirs, of several absences the first by code, of several days said of
    a payment the earliest. ``lives`` is the residence of who has one record.
    """
    named: dict[str, Any] = {"year": policy.year, **({"scope": scope} if scope else {})}

    def among(name: str, codes: Iterable[str]) -> str:
        text, found = listed(name, codes)
        named.update(found)
        return text

    explained = [reason.code for reason in policy.reasons if reason.explained]
    told_explained = among("explained", explained)
    excluded = among("excluded", explained if denominator.explained_out else ())
    departed = among("departed", (reason.code for reason in policy.reasons if reason.nature == "departed"))
    inside = among("inside", () if denominator.count_only else denominator.residences)
    special = among("special", special_groups(policy))
    told = " UNION ALL ".join(_persons(source, inside, scope) for source in sources)
    where, key = _here(scope), "resident" if scope else "scope, resident"
    if all(_NAMED in source for source in sources):
        where += f"AND resident IN (SELECT record FROM ({_MEANT}))"
    sql = f"""
    WITH fact AS MATERIALIZED ({_FACTS.format(where=where, special=special, key=key)}), told AS (
        SELECT *, coalesce(absence IN {told_explained}, 0) AS explained, coalesce(absence IN {departed}, 0) AS departed,
            inside AND NOT coalesce(absence IN {departed}, 0)
                AND (paid OR NOT coalesce(absence IN {excluded}, 0)) AS should
        FROM ({told})
    )
    """
    return sql, named


def listed(name: str, codes: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Return codes as SQL writes a set, by names that begin with ``name``, and what these stand for."""
    found = {f"{name}{number}": code for number, code in enumerate(codes)}
    return f"({','.join(f':{key}' for key in found)})", found


def special_groups(policy: Policy) -> list[str]:
    """Return the codes of the groups that a policy calls special."""
    return [group.code for group in policy.groups if group.special]


PAYMENT = "payment WHERE year = :year AND stands = 1"
CONFIRMATION = "confirmation WHERE year = :year AND void_reason IS NULL"
ENROLMENT = "enrolment WHERE year = :year"
CREDENTIAL = "credential WHERE credential = 'active'"
ASSISTANCE = "assistance WHERE year = :year AND need IS NOT NULL"
SUBSIDY = "subsidy WHERE year = :year AND void_reason IS NULL AND group_code IN {special}"
"""What counts of whatever hangs on a resident."""

_FACTS = f"""
        SELECT scope, resident, max(paid) AS paid, max(confirmed) AS confirmed, max(claimed) AS claimed,
            max(posted) AS posted, min(paid_on) AS paid_on, min(absence) AS absence, max(new) AS new,
            max(credential) AS credential, max(assist) AS assist, max(special) AS special
        FROM (
            SELECT scope, resident, 1 AS paid, 0 AS confirmed, coalesce(amount, 0) AS claimed, NULL AS posted, paid_on,
                NULL AS absence, 0 AS new, 0 AS credential, 0 AS assist, 0 AS special
            FROM {PAYMENT} {{where}}
            UNION ALL
            SELECT scope, resident, 1, 1, coalesce(amount, 0), coalesce(amount, 0), paid_on, NULL, 0, 0, 0, 0
            FROM {CONFIRMATION} {{where}}
            UNION ALL
            SELECT scope, resident, 0, 0, NULL, NULL, NULL, absence, coalesce(entry = 'new', 0), 0, 0, 0
            FROM {ENROLMENT} {{where}}
            UNION ALL
            SELECT scope, resident, 0, 0, NULL, NULL, NULL, NULL, 0, 1, 0, 0
            FROM {CREDENTIAL} {{where}}
            UNION ALL
            SELECT scope, resident, 0, 0, NULL, NULL, NULL, NULL, 0, 0, 1, 0
            FROM {ASSISTANCE} {{where}}
            UNION ALL
            SELECT scope, resident, 0, 0, NULL, NULL, NULL, NULL, 0, 0, 0, 1
            FROM {SUBSIDY} {{where}}
        ) GROUP BY {{key}}"""
"""What hangs on each record of a resident, brought together once: looking each up for each person costs five times."""

_NAMED = ":named"
_MEANT = """
    SELECT coalesce(t.record, n.person) AS record
    FROM (SELECT value ->> 0 AS scope, value ->> 1 AS person FROM json_each(:named)) n
    LEFT JOIN twin t ON t.scope = n.scope AND t.person = n.person"""
"""The records of the persons that ``:named`` lists as [scope, person]: of nobody else anything is read."""

KNOWN = (
    f"r.residence, {COUNTED_IN} AS counted_in, "
    "CASE WHEN r.record IS NULL THEN '' ELSE r.void_reason END AS void_reason"
)

SINGLE = f"""
    (SELECT scope, record, record AS person, residence, {COUNTED_IN} AS counted_in, void_reason
     FROM resident{{only}}) r
    {{joins}} WHERE NOT EXISTS (SELECT 1 FROM twin t WHERE t.scope = r.scope AND t.record = r.record)
    AND (r.counted_in IS NULL OR r.counted_in = r.scope) AND r.void_reason IS NULL"""
"""Everybody by the record, in the order of the table: whoever has no twin needs no sorting and no grouping."""

TWINS = f"""
    (SELECT t.scope, t.record, t.person, {KNOWN}
     FROM twin t LEFT JOIN resident r ON r.scope = t.scope AND r.record = t.record
     WHERE true {{twins}}) r {{joins}}
    GROUP BY r.scope, r.person HAVING max(r.void_reason IS NULL) AND NOT {AWAY}"""
"""The records of people who have several, with those only named by an answer."""


def _persons(source: str, inside: str, scope: str) -> str:
    facts = "LEFT JOIN fact f ON f.resident = r.record" + ("" if scope else " AND f.scope = r.scope")
    only = " WHERE scope = :scope" if scope else " NOT INDEXED"  # all of them in the order of the table
    least, most = ("", "") if source is SINGLE else ("min", "max")
    return f"""
        SELECT r.scope AS scope, r.person AS person, {least}(coalesce(r.residence, 'unknown')) AS lives,
            {most}(coalesce(f.paid, 0)) AS paid, {most}(coalesce(f.confirmed, 0)) AS confirmed,
            coalesce({most}(f.posted), {most}(f.claimed), 0) AS amount, {least}(f.paid_on) AS paid_on,
            {most}(r.void_reason IS NULL AND coalesce(r.residence, 'unknown') IN {inside}) AS inside,
            {least}(f.absence) AS absence,
            {most}(coalesce(f.credential, 0)) AS credential,
            {most}(coalesce(f.assist, 0)) AS assist,
            {most}(coalesce(f.special, 0)) AS special,
            {most}(coalesce(f.new, 0)) AS new
        FROM {source.format(joins=facts, only=only, twins=_here(scope, "t."))}"""


# ---- of every village


_PEOPLED = (
    "WITH RECURSIVE place (scope) AS (SELECT min(scope) FROM resident UNION ALL "
    "SELECT (SELECT min(scope) FROM resident WHERE scope > place.scope) FROM place WHERE place.scope IS NOT NULL) "
    "SELECT scope FROM place WHERE scope IS NOT NULL UNION SELECT DISTINCT scope FROM twin"
)
"""The places that have people, by stepping from one to the next: a DISTINCT would read everybody."""


def peopled(ledger: Ledger) -> list[str]:
    """Return the places that have people, also those that are only named by an answer, by code."""
    return sorted(row[0] for row in ledger.connection.execute(_PEOPLED))


def has_twins(ledger: Ledger, scope: str) -> bool:
    """Return whether some person of a village has several records."""
    row = ledger.connection.execute("SELECT 1 FROM twin WHERE scope = ? LIMIT 1", (scope,)).fetchone()
    return row is not None
