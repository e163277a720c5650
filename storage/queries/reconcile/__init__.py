"""Ledger × tax × platform × identity lists × students × doubles: each difference one row, and what became of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from storage.ledger import Ledger
from storage.policy import differences as rules
from storage.policy.differences import Answered, Difference, Fields, Status, Told
from storage.policy.model import Policy
from storage.queries.doubles import Double
from storage.queries.reconcile import cover, doubled, groups, listed, money
from storage.queries.reconcile.lists import Listing, listings


@dataclass(frozen=True, slots=True)
class Answer:
    """What the office answered to a difference, as its record says; ``reply`` is the village's, to this asking."""

    scope: str
    record: str
    resident: str
    name: str
    id_number: str
    household: str
    code: str
    detail: str
    fact: str
    here: Fields
    listed: Fields
    told: Told
    answer: str
    why: str
    on: str
    round: int
    reply: str = ""
    reply_note: str = ""
    replied_on: str = ""

    @property
    def replied(self) -> bool:
        """Whether the village answered this asking."""
        return bool(self.reply)

    @property
    def state(self) -> Answered:
        """What the rules ask of it."""
        return Answered(self.fact, self.answer, self.replied)


@dataclass(frozen=True, slots=True)
class Found:
    """A difference as it stands and what was answered to it; ``difference`` is None where it is gone by now."""

    status: Status
    difference: Difference | None
    answer: Answer | None = None

    @property
    def key(self) -> str:
        """The record its answer stands in."""
        return self.difference.key if self.difference else self.answer.record if self.answer else ""

    @property
    def code(self) -> str:
        """Which difference it is."""
        return self.difference.code if self.difference else self.answer.code if self.answer else ""

    @property
    def scope(self) -> str:
        """The village it is about."""
        return self.difference.scope if self.difference else self.answer.scope if self.answer else ""

    @property
    def todo(self) -> bool:
        """Whether the office has to answer."""
        return self.status in rules.TODO


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything there is to compare: the lists it rests on, the differences, and the doubles behind some of them."""

    listings: tuple[Listing, ...] = ()
    found: tuple[Found, ...] = ()
    doubles: Mapping[str, Double] = field(default_factory=dict)

    @property
    def statuses(self) -> dict[str, Status]:
        """Key → where it is: each difference there is or was answered, exactly once."""
        return {one.key: one.status for one in self.found}

    @property
    def counts(self) -> dict[str, int]:
        """How many are in each of ``rules.STATUSES``; together all of them."""
        return rules.counted([one.status for one in self.found])


def read(ledger: Ledger, policy: Policy, today: date, scope: str = "") -> Reading:
    """Compare the ledger with its lists (one village, "" all); answers stand beside what they answer."""
    taken = listings(ledger, policy.year)
    doubles = doubled.read(ledger, policy, today, scope)
    live = {one.key: one for one in _differences(ledger, policy, today, scope, taken, doubles)}
    given = answers(ledger, policy.year, scope)
    found = [*_live(live, given), *_past(live, given)]
    order = {code: number for number, code in enumerate(rules.CODES)}
    found.sort(key=lambda one: (order.get(one.code, 0), one.scope))
    return Reading(tuple(taken), tuple(found), {one.short: one for one in doubles})


def _differences(
    ledger: Ledger, policy: Policy, today: date, scope: str, taken: list[Listing], doubles: list[Double]
) -> Iterator[Difference]:
    """Yield all differences there are; of two insurances only the question which is kept."""
    yield from money.find(ledger, policy, today, scope, taken)
    asked = doubled.insured(doubles)
    for one in cover.find(ledger, policy, today, scope):
        if one.code == "departed_covered" or (one.scope, one.record) not in asked:
            yield one
    yield from groups.find(ledger, policy, scope, taken)
    yield from listed.students(ledger, policy, scope, taken)
    yield from listed.strangers(ledger, policy, scope, taken)
    yield from doubled.differences(policy, doubles)


def _live(live: Mapping[str, Difference], given: Mapping[str, Answer]) -> Iterator[Found]:
    for key, one in live.items():
        answer = given.get(key)
        status = rules.status(one.code, one.fact, answer.state if answer else None)
        if answer is not None and status == "answered":
            one = replace(one, proposal=rules.replied(one.proposal, answer.reply, one.options))
        if status is not None:
            yield Found(status, one, answer)


def _past(live: Mapping[str, Difference], given: Mapping[str, Answer]) -> Iterator[Found]:
    for key, answer in given.items():
        if key not in live:
            status = rules.status(answer.code, None, answer.state)
            if status is not None:
                yield Found(status, None, answer)


_ANSWERS = """
    SELECT d.scope, d.record, coalesce(d.resident, ''), coalesce(r.name, ''), coalesce(r.id_number, ''),
        coalesce(r.household, ''), d.difference, coalesce(d.detail, ''), coalesce(d.fact, ''),
        coalesce(d.here, '{{}}'), coalesce(d.listed, '{{}}'), coalesce(d.list_kind, ''), coalesce(d.list_name, ''),
        coalesce(d.list_on, ''), coalesce(d.answer, ''), coalesce(d.answer_why, ''), coalesce(d.answered_on, ''),
        coalesce(d.answer_round, 0), iif(d.reply_round = d.answer_round, coalesce(d.reply, ''), ''),
        coalesce(d.reply_note, ''), coalesce(d.replied_on, '')
    FROM difference d LEFT JOIN resident r ON r.scope = d.scope AND r.record = d.resident
    WHERE d.year = :year AND d.answer IS NOT NULL AND (:scope = '' OR d.scope = :scope) {more}
    ORDER BY d.answered_on DESC, d.record"""


def answers(ledger: Ledger, year: int, scope: str = "", more: str = "") -> dict[str, Answer]:
    """Return what the office answered in an insurance year, by record, the newest first."""
    rows = ledger.connection.execute(_ANSWERS.format(more=more), {"year": year, "scope": scope})
    return {row[1]: _answer(row) for row in rows}


def _answer(row: tuple[str, ...]) -> Answer:
    scope, record, resident, name, number, home, code, detail, fact, here, said, kind, file, on, *rest = row
    answer, why, answered_on, round_, reply, note, replied_on = rest
    return Answer(
        scope, record, resident, name, number, home, code, detail, fact, _fields(here), _fields(said),
        Told(kind, file, on), answer, why, answered_on, int(round_), reply, note, replied_on,
    )  # fmt: skip


def _fields(text: str) -> Fields:
    """One side as it was written; what another version wrote may hold anything."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    items = found.items() if isinstance(found, dict) else ()
    return {str(name): value for name, value in items if isinstance(value, (str, int))}


def asked(ledger: Ledger, year: int, scope: str) -> list[Answer]:
    """Return what a village was asked and has not answered yet."""
    found = answers(ledger, year, scope, "AND d.answer = 'ask'")
    return [one for one in found.values() if not one.replied]


def waiting(ledger: Ledger, year: int) -> int:
    """Return how many questions wait for this side: a village's to reply to, replies an office has not read."""
    test = "IS" if ledger.is_office else "IS NOT"
    sql = f"SELECT count(*) FROM difference WHERE year = ? AND answer = 'ask' AND reply_round {test} answer_round"
    return int(ledger.connection.execute(sql, (year,)).fetchone()[0])


def told(ledger: Ledger, year: int, scope: str) -> list[Answer]:
    """Return everything the office answered about a village's people, the newest first: what it sees of it and why."""
    return list(answers(ledger, year, scope).values())


def chosen(found: Iterable[Found], code: str = "", scope: str = "", *, todo: bool = True) -> list[Found]:
    """Return those of a code ("" any) and village ("" any) that have to be answered, or all."""
    return [
        one for one in found if code in ("", one.code) and scope in ("", one.scope) and (one.todo or not todo)
    ]
