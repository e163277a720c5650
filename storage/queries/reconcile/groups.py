"""Who belongs to a group here and not in the department's newest list, or the other way round."""

from collections.abc import Iterator
from itertools import chain

from storage import store
from storage.ledger import Ledger
from storage.policy import differences as rules
from storage.policy.differences import Difference, Proposal
from storage.policy.model import Policy
from storage.queries.reconcile.lists import DEPARTMENT, Listing
from storage.queries.reconcile.whom import COUNTS, FIELDS, Whom, filled, rows, within

_NAMED = """EXISTS (SELECT 1 FROM intake_row i WHERE i.intake = :list AND i.record = {0} AND i.scope = s.scope
    AND i.why NOT LIKE '%cancelled%')"""
_TWINS = """(SELECT o.record FROM twin t JOIN twin o ON o.scope = t.scope AND o.person = t.person
    WHERE t.scope = s.scope AND t.record = s.resident)"""
_ANY = (
    f"({_NAMED.format('s.resident')} OR EXISTS (SELECT 1 FROM {_TWINS} w WHERE {_NAMED.format('w.record')}))"
)
_CANCELLED = """EXISTS (SELECT 1 FROM intake_row i WHERE i.intake = :list AND i.record = s.resident
    AND i.scope = s.scope AND i.why LIKE '%cancelled%')"""
_THEIRS = """(s.grant_source = :source OR (length(s.grant_source) = length(:source) + 5
    AND s.grant_source GLOB '* [0-9][0-9][0-9][0-9]' AND substr(s.grant_source, 1, length(:source)) = :source))"""
"""An identity this department said, this year or in the one it was carried over from (storage.commands.years)."""

_HELD = f"""
    WITH spoken AS MATERIALIZED (
        SELECT i.scope, g.group_code
        FROM (SELECT DISTINCT scope FROM intake_row WHERE intake = :list AND record <> '') i
        CROSS JOIN (SELECT DISTINCT s.group_code FROM intake_row i
            JOIN subsidy s ON s.resident = i.record AND s.scope = i.scope
            WHERE i.intake = :list AND s.year = :year AND s.void_reason IS NULL AND {_THEIRS}) g
    )
    SELECT {FIELDS}, s.record, s.group_code, coalesce(s.grant_source, ''), coalesce(s.since, ''),
        {_THEIRS}, {_CANCELLED}
    FROM subsidy s JOIN spoken k ON k.scope = s.scope AND k.group_code = s.group_code
    JOIN resident r ON r.scope = s.scope AND r.record = s.resident
    WHERE s.year = :year AND s.void_reason IS NULL AND {COUNTS} AND {{s}} AND NOT {_ANY}
    ORDER BY r.scope, r.household, r.record"""
"""Members of groups the list speaks of, in villages it names anybody of, whom it does not name."""

_COUNTED = f"""
    SELECT count(*) FROM subsidy s WHERE s.year = :year AND s.void_reason IS NULL AND s.group_code IS NOT NULL
        AND {_THEIRS} AND {{s}} AND {_ANY}"""
"""Memberships by the list that it names."""

_TAKEN_OUT = f"""
    SELECT {FIELDS}, s.record FROM subsidy s JOIN resident r ON r.scope = s.scope AND r.record = s.resident
    WHERE s.year = :year AND (s.void_reason IS NOT NULL OR s.group_code IS NULL) AND {COUNTS}
        AND {{s}} AND {_ANY}
    ORDER BY r.scope, r.household, r.record"""
"""Whom the list names and of whom an identity was taken out."""


def find(ledger: Ledger, policy: Policy, scope: str, found: list[Listing]) -> Iterator[Difference]:
    """Yield what the newest list of each department says otherwise than the ledger."""
    for listing in found:
        if listing.kind == DEPARTMENT:
            yield from _of(ledger, policy, scope, listing)


def _of(ledger: Ledger, policy: Policy, scope: str, listing: Listing) -> Iterator[Difference]:
    named = {
        "year": policy.year,
        "scope": scope,
        "list": listing.number,
        "source": listing.source or listing.kind,
    }
    missing = list(rows(ledger, _HELD, named))
    held = ledger.connection.execute(within(_COUNTED, scope), named).fetchone()[0]
    short = rules.is_short(held, held + len(missing))
    for whom, (record, group, source, since, theirs, cancelled) in missing:
        here = filled(group_code=group, grant_source=source, since=since)
        if theirs or cancelled:
            proposal = rules.group_gone(cancelled=bool(cancelled), whole=not listing.waiting, short=short)
            listed = filled(named="cancelled" if cancelled else "no")
            yield _difference(policy, "group_gone", whom, group, here, listed, proposal, listing, record)
        elif not short:  # what no list of the department ever said, only a whole one can doubt
            listed = filled(named="no")
            yield _difference(
                policy, "group_unlisted", whom, group, here, listed, rules.group_unlisted(), listing, record
            )
    for whom, group, record in _taken_out(ledger, named):
        listed = filled(named="yes", group_code=group, grant_source=str(named["source"]))
        yield _difference(
            policy, "group_withheld", whom, group, {}, listed, rules.group_withheld(), listing, record
        )


def _difference(
    policy: Policy,
    code: str,
    whom: Whom,
    group: str,
    here: rules.Fields,
    listed: rules.Fields,
    proposal: Proposal,
    listing: Listing,
    record: str,
) -> Difference:
    return Difference(
        code, policy.year, whom.scope, whom.record, group, whom.name, whom.id_number, whom.household,
        here, listed, proposal, told=listing.told, held=(("subsidy", record),),
    )  # fmt: skip


def _taken_out(ledger: Ledger, named: dict[str, object]) -> Iterator[tuple[Whom, str, str]]:
    """Yield whom a list gives an identity that somebody took out here, and which: the list's own entry says it."""
    people = [(whom, rest[0]) for whom, rest in rows(ledger, _TAKEN_OUT, named)]
    histories = store.operations_of(ledger.connection, dict.fromkeys(record for _, record in people))
    for whom, record in people:
        history = histories.get((whom.scope, "subsidy", record), [])
        said = [
            one.body.changes.get("grant", {}) for one in history if one.body.via.startswith(f"{DEPARTMENT}:")
        ]
        groups = [
            str(value["group_code"])
            for value in chain(reversed(said))
            if value.get("group_code") and value.get("grant_source") == named["source"]
        ]
        if groups and said[-1].get("group_code"):
            yield whom, groups[0], record
