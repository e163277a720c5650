"""Why the numbers of two countings differ: person by person, each for one reason, so that everything adds up.

Between them may lie other operations and other rules. What other rules do is told first, by the old operations;
then, by the new rules, what each person does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from storage.bulletins import Bulletin, Change
from storage.ledger import Ledger
from storage.policy.model import Denominator, Policy
from storage.queries import bulletins, villages
from storage.queries.bulletins import Counted
from storage.queries.people import day
from storage.queries.tally import residences_of
from storage.queries.told import SINGLE, TWINS, people_sql
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
        f"{sql} SELECT scope, person, inside, departed, explained, should, paid, paid_on FROM told", named
    ):
        home, gone, excused, should, paid = map(bool, flags)
        found[scope, person] = _Person(home, gone, excused, should, paid, on)
    return found


class _Gone:
    """Why somebody one counting has is missing in the other."""

    def __init__(self, here: Ledger, there: Ledger, keys: Iterable[tuple[str, str]]) -> None:
        wanted = sorted(keys)
        self._standing = _among(there, wanted, "resident WHERE void_reason IS NULL")
        self._erased = _among(there, wanted, "erasure WHERE true", "erased_record")
        self._twins = _among(there, wanted, "twin WHERE true") | _among(here, wanted, "twin WHERE true")
        # Those of whom the office decided where they count.
        self._moved = _among(here, wanted, "resident WHERE counted_in IS NOT NULL")

    def reason(self, key: tuple[str, str]) -> str:
        """Return why this person is gone: erased, one with another, counted elsewhere, or removed."""
        if key in self._erased:
            return "erased"
        if key in self._twins:
            return "merged"
        return "counted_elsewhere" if key in self._standing else "removed"

    def other_way(self, key: tuple[str, str]) -> str:
        """Return why this person came, seen from the other counting."""
        if key in self._moved:
            return "arrived"
        return {"merged": "split", "counted_elsewhere": "arrived"}.get(self.reason(key), "joined")


def _among(
    ledger: Ledger, keys: list[tuple[str, str]], rows: str, column: str = "record"
) -> set[tuple[str, str]]:
    """Return those of ``keys`` that stand in these rows."""
    found: set[tuple[str, str]] = set()
    for part in batches(keys, 400):
        named = ",".join(["(?, ?)"] * len(part))
        found.update(
            ledger.connection.execute(
                f"SELECT scope, {column} FROM {rows} AND (scope, {column}) IN (VALUES {named})",
                [item for key in part for item in key],
            ).fetchall()
        )
    return found


def named_in(ledger: Ledger, text: str) -> list[str]:
    """Return the names of registered people that stand in a text in full, not inside a place's, the longest first."""
    for title in sorted(villages.titles(ledger).values(), key=len, reverse=True):
        text = text.replace(title, "\n")
    rows = ledger.connection.execute(
        "SELECT DISTINCT name FROM resident WHERE length(name) > 1 AND instr(?, name) ORDER BY length(name) DESC, name",
        (text,),
    )
    return [str(name) for (name,) in rows]
