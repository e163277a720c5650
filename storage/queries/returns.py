"""Printed lists and what came back of them: which rows are still out, and what each row says by now."""

from dataclasses import dataclass
from datetime import date

import msgspec

from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.policy.next_step import age
from storage.printed import SheetCode, mark, residents_of, returned_id
from storage.queries import cards, housing, people
from storage.queries.cards import PersonCard, Visit
from storage.queries.housing import Household
from storage.queries.people import day


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed list: ``rows`` people on it, ``returned`` of them entered; ``closed`` says why the rest stays out."""

    scope: str
    record: str
    number: int
    printed_on: date | None
    filter: str
    rows: int
    returned: int
    closed: str = ""

    @property
    def out(self) -> int:
        """Rows that are still to come back."""
        return 0 if self.closed else self.rows - self.returned


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: ``card`` is None for somebody no longer in the ledger, ``visit`` what was entered of the row."""

    number: int
    resident: str
    card: PersonCard | None
    household: Household | None
    visit: Visit | None

    def way(self, policy: Policy, today: date) -> str:
        """Return how an e-credential activated at the door was: children are bound to a parent's account."""
        birth = self.card.person.birth if self.card else None
        young = birth is not None and age(birth, today) < policy.family_binding.under_age
        return "family" if young else "helped"


def lists(ledger: Ledger, scope: str) -> list[Printed]:
    """Return the lists of a village, the newest first."""
    done = _returned(ledger, scope)
    found = []
    for record, number, printed_on, words, rows, closed in ledger.connection.execute(
        "SELECT record, coalesce(list_number, 0), printed_on, coalesce(filter, ''), coalesce(rows, ''), "
        "coalesce(closed_why, '') FROM visit_list WHERE scope = ? ORDER BY printed_on DESC, list_number DESC, record",
        (scope,),
    ):
        residents = residents_of(rows)
        returned = sum(returned_id(record, resident) in done for resident in residents)
        found.append(Printed(scope, record, number, day(printed_on), words, len(residents), returned, closed))
    return found


def still_out(ledger: Ledger, scope: str) -> dict[str, int]:
    """Return of each resident whose row is still out the number of the list, of several the newest."""
    done = _returned(ledger, scope)
    found: dict[str, int] = {}
    for record, number, rows in ledger.connection.execute(
        "SELECT record, coalesce(list_number, 0), coalesce(rows, '') FROM visit_list WHERE scope = ? "
        "AND coalesce(closed_why, '') = '' ORDER BY printed_on, list_number, record",
        (scope,),
    ):
        out = (one for one in residents_of(rows) if returned_id(record, one) not in done)
        found.update(dict.fromkeys(out, int(number)))
    return found


def meant(found: list[Printed], code: SheetCode) -> list[Printed]:
    """Return which of these lists a code means: several only where the code is of old and two bear its number."""
    return [
        one
        for one in found
        if (one.scope, one.number) == (code.scope, code.number) and code.mark in ("", mark(one.record))
    ]


def rows(ledger: Ledger, policy: Policy, scope: str, printed: str, today: date) -> list[Row]:
    """Return the rows of a list in their order, each with its person as the ledger has them now."""
    found = ledger.connection.execute(
        "SELECT coalesce(rows, '') FROM visit_list WHERE scope = ? AND record = ?", (scope, printed)
    ).fetchone()
    residents = residents_of(found[0]) if found else []
    loaded = {
        one.record: one
        for one in people.load(ledger, policy.year, residents=list(dict.fromkeys(residents)))
        if one.scope == scope
    }
    homes = {one.record: one for one in housing.households(ledger, scope)} if loaded else {}
    visits = _visits(ledger, scope, [returned_id(printed, resident) for resident in residents])
    return [
        Row(
            number,
            resident,
            cards.person_card(policy, loaded[resident], today) if resident in loaded else None,
            homes.get(loaded[resident].household) if resident in loaded else None,
            visits.get(returned_id(printed, resident)),
        )
        for number, resident in enumerate(residents, 1)
    ]


def _returned(ledger: Ledger, scope: str) -> set[str]:
    """Return the records of all visits that stand and came from a list."""
    sql = "SELECT record FROM visit WHERE scope = ? AND list_number IS NOT NULL AND void_reason IS NULL"
    return {row[0] for row in ledger.connection.execute(sql, (scope,))}


def _visits(ledger: Ledger, scope: str, records: list[str]) -> dict[str, Visit]:
    found = ledger.connection.execute(
        "SELECT record, coalesce(household, ''), coalesce(resident, ''), visited_on, coalesce(outcome, ''), "
        "retry_on, coalesce(visit_note, '') FROM visit WHERE scope = ? AND void_reason IS NULL "
        "AND record IN (SELECT value FROM json_each(?))",
        (scope, msgspec.json.encode(records).decode()),
    )
    return {
        record: Visit(record, home, resident, day(on), outcome, day(retry), note)
        for record, home, resident, on, outcome, retry, note in found
    }
