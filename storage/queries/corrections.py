"""Why the numbers of two countings differ: person by person, each for one reason, so that everything adds up.

Between them may lie other operations and other rules. What other rules do is told first, by the old operations;
then, by the new rules, what each person does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from storage.bulletins import Bulletin, Change
from storage.ledger import Ledger
from storage.policy.model import Denominator, Policy
from storage.queries import bulletins
from storage.queries.bulletins import Counted
from storage.queries.figures import SINGLE, TWINS, people_sql
from storage.queries.people import day
from storage.queries.tally import residences_of
from storage.store import batches

REASONS = (
    "rules", "number", "joined", "arrived", "split", "returned", "paid_before", "paid_since", "lives_here",
    "unexplained", "erased", "removed", "counted_elsewhere", "merged", "departed", "unpaid", "lives_elsewhere",
    "explained", "twice",
)  # fmt: skip
"""rules: another denominator or other explained reasons · number: the number given from outside · joined: entered
since · arrived: counted here since · split: was one person with another · returned: not gone after all ·
paid_before: paid by the day of the corrected issue, heard of later · paid_since · unpaid: the payment was taken back ·
removed: voided · twice: people whom several villages have."""


class _Person(NamedTuple):
    """What decides where somebody counts: in the denominator (``should``), and whether and when they paid."""

    inside: bool
    departed: bool
    explained: bool
    should: bool
    paid: bool
    on: str | None


_People = dict[tuple[str, str], _Person]
"""By (scope, person)."""


def changes(
    old: Bulletin, before: Ledger, now: Ledger, policy: Policy, denominator: str, counted: Counted
) -> tuple[Change, ...]:
    """Return why ``counted`` (of ``now``, by these rules) differs from what was issued: by place and reason.

    ``before`` is the ledger the issue was counted from. The effects of a place add up to its whole difference.
    """
    titles = {line.code: line.title for line in old.content.lines}
    middle = bulletins.count(before, policy, denominator, old.content.on, titles)
    effects = _Effects()
    for line in middle.lines:
        printed = old.content.line(line.code)
        if printed is not None:
            effects.note(
                line.code, "rules", 0, (line.total or 0) - (printed.total or 0), line.paid - printed.paid
            )
    _each_person(effects, before, now, policy, denominator, old.content.on)
    rule = policy.denominator(denominator)
    known = {line.code: line for line in old.content.lines}
    for line in counted.lines:
        printed = known.get(line.code)
        done = effects.of(line.code)
        total = (line.total or 0) - (printed.total or 0 if printed else 0)
        paid = line.paid - (printed.paid if printed else 0)
        effects.note(
            line.code, "number" if rule.count_only else "rules", 0, total - done.total, paid - done.paid
        )
    whole = old.content.total
    done = effects.all()
    total = (counted.total.total or 0) - (whole.total or 0) - done.total
    effects.note(
        "",
        "twice",
        abs(counted.twice - old.content.twice),
        total,
        counted.total.paid - whole.paid - done.paid,
    )
    return tuple(effects.told())


@dataclass(slots=True)
class _Sum:
    total: int = 0
    paid: int = 0


class _Effects:
    """What was found by place and reason: people, and what they do to both numbers."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[int]] = {}

    def note(self, code: str, reason: str, people: int, total: int, paid: int) -> None:
        """Add to a reason; what does nothing is none."""
        if people or total or paid:
            held = self._found.setdefault((code, reason), [0, 0, 0])
            for place, value in enumerate((people, total, paid)):
                held[place] += value

    def of(self, code: str) -> _Sum:
        """All effects of one place."""
        rows = [row for (place, _), row in self._found.items() if place == code]
        return _Sum(sum(row[1] for row in rows), sum(row[2] for row in rows))

    def all(self) -> _Sum:
        """All effects of all places."""
        return _Sum(sum(row[1] for row in self._found.values()), sum(row[2] for row in self._found.values()))

    def told(self) -> Iterator[Change]:
        """The changes by place, in the order of REASONS."""
        for (code, reason), (people, total, paid) in sorted(
            self._found.items(), key=lambda item: (item[0][0] == "", item[0][0], REASONS.index(item[0][1]))
        ):
            yield Change(code=code, reason=reason, people=people, total=total, paid=paid)


# ---- person by person


def _each_person(
    effects: _Effects, before: Ledger, now: Ledger, policy: Policy, denominator: str, on: date
) -> None:
    """Note the one reason of everybody whose part in a place's numbers is another one."""
    rule = policy.denominator(denominator)
    old, new = _people(before, policy, rule), _people(now, policy, rule)
    gone = _Gone(before, now, [key for key in old.keys() - new.keys() if old[key].should or old[key].paid])
    come = _Gone(now, before, [key for key in new.keys() - old.keys() if new[key].should or new[key].paid])
    counts: Counter[tuple[str, str, int, int]] = Counter()
    for key in old.keys() | new.keys():
        was, is_ = old.get(key), new.get(key)
        should = (is_ is not None and is_.should) - (was is not None and was.should)
        paid = _reached(is_) - _reached(was)
        if rule.count_only:
            should = 0
        if should or paid:
            reason = _reason(was, is_, on) or (gone.reason(key) if is_ is None else come.other_way(key))
            counts[key[0], reason, should, paid] += 1
    for (code, reason, should, paid), people in counts.items():
        effects.note(code, reason, people, should * people, paid * people)


def _reached(person: _Person | None) -> int:
    return int(person is not None and person.should and person.paid)


def _reason(was: _Person | None, is_: _Person | None, on: date) -> str:
    """Return why somebody both countings know counts otherwise, "" where only one of them does."""
    if was is None or is_ is None:
        return ""
    if was.departed != is_.departed:
        return "departed" if is_.departed else "returned"
    if was.inside != is_.inside:
        return "lives_here" if is_.inside else "lives_elsewhere"
    if was.paid != is_.paid:
        paid_on = day(is_.on)
        early = paid_on is not None and paid_on <= on
        return ("paid_before" if early else "paid_since") if is_.paid else "unpaid"
    return "explained" if is_.explained else "unexplained"


def _people(ledger: Ledger, policy: Policy, rule: Denominator) -> _People:
    """Return everybody who counts in a village, as it counts them."""
    inside = Denominator(
        code=rule.code,
        name=rule.name,
        residences=residences_of(policy, rule),
        explained_out=rule.explained_out,
    )
    sql, named = people_sql(policy, inside, SINGLE, TWINS)
    found: _People = {}
    for scope, person, *flags, on in ledger.connection.execute(
        f"""{sql}, days AS MATERIALIZED (
            SELECT d.scope, coalesce(t.person, d.resident) AS person, min(d.paid_on) AS paid_on FROM (
                SELECT scope, resident, paid_on FROM payment WHERE year = :year AND stands = 1
                UNION ALL SELECT scope, resident, paid_on FROM confirmation WHERE year = :year AND void_reason IS NULL
            ) d LEFT JOIN twin t ON t.scope = d.scope AND t.record = d.resident
            WHERE d.paid_on IS NOT NULL GROUP BY 1, 2
        )
        SELECT told.scope, told.person, told.inside, told.departed, told.explained, told.should, told.paid, days.paid_on
        FROM told LEFT JOIN days ON days.scope = told.scope AND days.person = told.person""",
        named,
    ):
        home, gone, excused, should, paid = map(bool, flags)
        found[scope, person] = _Person(home, gone, excused, should, paid, on)
    return found


class _Gone:
    """Why somebody one counting has is missing in the other."""

    def __init__(self, here: Ledger, there: Ledger, keys: Iterable[tuple[str, str]]) -> None:
        wanted = sorted(keys)
        self._void = _states(there, wanted)
        self._twins_there = _twins(there, wanted)
        self._erased = _erased(there, wanted)
        self._twins_here = _twins(here, wanted)
        self._moved = _moved(here, wanted)

    def reason(self, key: tuple[str, str]) -> str:
        """Return why this person is gone: erased, one with another, counted elsewhere, or removed."""
        if key in self._erased:
            return "erased"
        if key in self._twins_there or key in self._twins_here:
            return "merged"
        void = self._void.get(key)
        return "counted_elsewhere" if void is not None and not void else "removed"

    def other_way(self, key: tuple[str, str]) -> str:
        """Return why this person came, seen from the other counting."""
        if key in self._moved:
            return "arrived"
        return {"merged": "split", "counted_elsewhere": "arrived"}.get(self.reason(key), "joined")


def _states(ledger: Ledger, keys: list[tuple[str, str]]) -> Mapping[tuple[str, str], bool]:
    """Return whether each of these records is voided, those that are there at all."""
    found = {}
    for part in batches(keys, 400):
        rows = ledger.connection.execute(
            f"SELECT scope, record, void_reason IS NOT NULL FROM resident WHERE {_any(part)}", _flat(part)
        )
        found.update({(scope, record): bool(void) for scope, record, void in rows})
    return found


def _twins(ledger: Ledger, keys: list[tuple[str, str]]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for part in batches(keys, 400):
        sql = f"SELECT scope, record FROM twin WHERE {_any(part)}"
        found.update(ledger.connection.execute(sql, _flat(part)).fetchall())
    return found


def _moved(ledger: Ledger, keys: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of whom the office decided where they count."""
    found: set[tuple[str, str]] = set()
    for part in batches(keys, 400):
        sql = f"SELECT scope, record FROM resident WHERE counted_in IS NOT NULL AND {_any(part)}"
        found.update(ledger.connection.execute(sql, _flat(part)).fetchall())
    return found


def _erased(ledger: Ledger, keys: list[tuple[str, str]]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for part in batches(keys, 400):
        sql = f"SELECT scope, erased_record FROM erasure WHERE {_any(part, 'erased_record')}"
        found.update(ledger.connection.execute(sql, _flat(part)).fetchall())
    return found


def _any(part: list[tuple[str, str]], column: str = "record") -> str:
    return f"(scope, {column}) IN (VALUES {','.join(['(?, ?)'] * len(part))})"


def _flat(part: list[tuple[str, str]]) -> list[str]:
    return [item for key in part for item in key]
