"""What earlier insurance years say of people: insured here or elsewhere, lapsed, and what was said last year."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import msgspec

from storage import policies, years
from storage.ledger import Ledger
from storage.places import holds
from storage.policy.past import UNKNOWN, Evidence, Past, past

Key = tuple[str, str]
"""(scope, person)."""

Rows = Callable[[str, str, str, tuple[Any, ...]], Iterable[tuple[Any, ...]]]
"""Asks a table for fields under a condition: rows of scope, resident and the fields."""

_MOST = 40
"""Years further back are not asked for."""
_PAID, _REPAID, _ELSEWHERE, _FROM = (_MOST * number for number in range(4))
"""Where in one whole number the years of each kind begin: bit n stands for the n-th year before, 0 for this one."""
_LATE = "coalesce(paid_on > year || '-12-31', 0)"
ENDED = ("2", "3", "4")
"""States of the platform of an insurance that was and is no more: paused, ended (3 or 4, sources differ)."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was before the insurance year somebody is looked at in.

    ``absence`` and ``need`` are what was recorded for the year before, as a hint; ``employee_until`` and
    ``resident_until`` the last days of an employee insurance and of a resident insurance in another pool that ended.
    """

    past: Past = UNKNOWN
    absence: str = ""
    need: str = ""
    employee_until: date | None = None
    resident_until: date | None = None


NOTHING = Earlier()


@dataclass(frozen=True, slots=True)
class _Scope:
    """A village: the years ``known``, the ``first`` of them, who paid by mark, and what is told of each combination."""

    known: frozenset[int]
    first: str
    paid: list[tuple[int, set[str]]]
    told: dict[tuple[int, int], Earlier] = field(default_factory=dict)


class Before:
    """The earlier years of many people, read once."""

    def __init__(
        self,
        ledger: Ledger,
        year: int,
        rows: Rows,
        people: Mapping[Key, str],
        scope: str | None,
        *,
        few: bool,
    ) -> None:
        """``rows`` are those of the people wanted: ``few`` of them, else all of ``scope`` (of every place: None).

        ``people`` names the persons of records that are twins.
        """
        self._ledger, self._year, self._rows, self._people = ledger, year, rows, people
        self._scope, self._few = scope, few
        self._span: tuple[Any, ...] = (year, year - _MOST)
        self._marks: dict[Key, int] = {}
        self._paid: dict[str, list[tuple[int, set[str]]]] = {}
        self._more: dict[Key, Earlier] = {}
        self._scopes: dict[str, _Scope] = {}
        self._read_payments()
        self._read_absences()
        self._read_beginnings()
        self._read_cover()

    def of(self, key: Key, birth: str | None, *, new: bool) -> Earlier:
        """Return what was before one person born on ``birth`` (ISO); of ``new`` people earlier years are not known."""
        scope, person = key
        of_scope = self._scopes.get(scope)
        if of_scope is None:
            of_scope = self._scopes[scope] = self._opened(scope)
        marks = self._marks.get(key, 0) | (1 << _FROM if new else 0)
        for bit, paid in of_scope.paid:
            if person in paid:
                marks |= bit
        # Whoever is older was born too long ago to matter; what a hostile entry says is no year is none.
        year = birth[:4] if birth is not None and birth >= of_scope.first else ""
        born = int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else 0
        found = of_scope.told.get((marks, born))
        if found is None:
            found = of_scope.told[marks, born] = Earlier(self._past(marks, born, of_scope.known))
        more = self._more.get(key)
        return found if more is None else replace(more, past=found.past)

    def _person(self, scope: str, record: str | None) -> Key:
        return scope, self._people.get((scope, record or ""), record or "")

    def _opened(self, scope: str) -> "_Scope":
        opened = years.opened(self._ledger, (scope,))[scope]
        known = frozenset(one for one in opened if one < self._year)
        return _Scope(known, str(min(known, default=9999)), self._paid.get(scope, []))

    def _past(self, marks: int, born: int, known: Iterable[int]) -> Past:
        begun = max(self._years(marks, _FROM), default=0)
        evidence = Evidence(*(self._years(marks, kind) for kind in (_PAID, _REPAID, _ELSEWHERE)))
        return past(self._year, evidence, [one for one in known if one >= begun], born or None)

    def _years(self, marks: int, kind: int) -> list[int]:
        return [self._year - back for back in range(_MOST) if marks >> kind + back & 1]

    def _mark(self, key: Key, kind: int, year: int) -> None:
        back = max(self._year - year, 0)
        if back < _MOST:
            self._marks[key] = self._marks.get(key, 0) | 1 << kind + back

    def _note(self, key: Key, **known: Any) -> None:
        self._more[key] = replace(self._more.get(key, NOTHING), **known)

    def _read_payments(self) -> None:
        """A payment made once its year was over was a repaid year 补缴."""
        for table, stands in (("payment", "stands = 1"), ("confirmation", "void_reason IS NULL")):
            where = f"year < ? AND year > ? AND {stands}"
            if self._few:
                for scope, resident, year, late in self._rows(table, f"year, {_LATE}", where, self._span):
                    self._mark(self._person(scope, resident), _REPAID if late else _PAID, year)
            else:
                self._read_many(table, where)

    def _read_many(self, table: str, where: str) -> None:
        """Read a whole village or township: one list a place, year and kind, for rows cost more than all else."""
        execute, span = self._ledger.connection.execute, self._span
        if self._scope is not None:
            where, span = f"{where} AND scope = ?", (*span, self._scope)
        for year, late in execute(
            f"SELECT DISTINCT year, {_LATE} FROM {table} WHERE {where}", span
        ).fetchall():
            bit = 1 << (_REPAID if late else _PAID) + self._year - year
            for scope, found in execute(
                f"SELECT scope, json_group_array(resident) FROM {table} WHERE {where} AND year = ? "
                f"AND {_LATE} = ? GROUP BY scope",
                (*span, year, late),
            ):
                paid = set(msgspec.json.decode(found))
                self._paid.setdefault(scope, []).append((bit, paid | self._twins_of(scope, paid)))

    def _twins_of(self, scope: str, records: set[str]) -> set[str]:
        """Return the persons records of a village that are twins stand for."""
        return {
            person for (place, record), person in self._people.items() if place == scope and record in records
        }

    def _read_absences(self) -> None:
        """Reasons of earlier years that mean insured elsewhere, and what was said of the year right before."""
        elsewhere: set[str] | None = None
        for scope, resident, year, absence in self._rows(
            "enrolment", "year, absence", "year < ? AND year > ? AND absence IS NOT NULL", self._span
        ):
            if elsewhere is None:
                reasons = policies.in_force(self._ledger).policy.reasons
                elsewhere = {reason.code for reason in reasons if reason.nature == "elsewhere"}
            key = self._person(scope, resident)
            if absence in elsewhere:
                self._mark(key, _ELSEWHERE, year)
            if year == self._year - 1:
                self._note(key, absence=min(filter(None, (self._more.get(key, NOTHING).absence, absence))))
        for scope, resident, need in self._rows(
            "assistance", "need", "year = ? AND need IS NOT NULL", (self._year - 1,)
        ):
            self._note(self._person(scope, resident), need=need)

    def _read_beginnings(self) -> None:
        """People who were new, or came from another village: what was before is not in this register."""
        for scope, resident, year in self._rows(
            "enrolment", "year", "year < ? AND year > ? AND entry = 'new'", self._span
        ):
            self._mark(self._person(scope, resident), _FROM, year)
        for scope, record, since in self._ledger.connection.execute(
            "SELECT scope, record, counted_since FROM resident WHERE counted_in = scope "
            "AND counted_from <> scope AND counted_since IS NOT NULL"
        ):
            self._mark(self._person(scope, record), _FROM, int(since[:4]) + 1)

    def _read_cover(self) -> None:
        """What the platform says of employees, and of residents of other pools."""
        fields = f"scheme, scheme_state IN {ENDED}, coalesce(scheme_place, ''), covered_since, covered_as_of"
        for scope, resident, scheme, ended, place, since, until in self._rows(
            "coverage", fields, "scheme IN ('310', '390') AND void_reason IS NULL", ()
        ):
            if scheme == "390" and holds(place, scope):
                continue
            key = self._person(scope, resident)
            last = _day(until) if ended else None
            first = _day(since)
            if ended and last is not None:
                name = "employee_until" if scheme == "310" else "resident_until"
                held = getattr(self._more.get(key, NOTHING), name)
                self._note(key, **{name: max(filter(None, (held, last)))})
            if first is not None and (last is not None or not ended):
                for year in range(first.year, min(last.year + 1 if last else self._year, self._year)):
                    self._mark(key, _ELSEWHERE, year)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
