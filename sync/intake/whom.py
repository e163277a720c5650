"""Whom the rows of a list mean: the register of this ledger, and each row's answer with its reasons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from storage import divisions
from storage.collector import undisturbed
from storage.columns import columns
from storage.ledger import Ledger
from storage.queries import villages
from storage.queries.told import peopled
from sync.intake.results import Candidate, Reason
from sync.matching import (
    Match,
    Person,
    Register,
    Row,
    Sought,
    Wanted,
    match,
    settled,
    spelling,
    village_names,
)
from sync.matching.narrowing import Bearer
from sync.matching.numbers import written
from sync.sheets.listed import ListedRow

_LIVING = (
    "LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record "
    "WHERE r.void_reason IS NULL AND coalesce(t.person, r.record) = r.record "
    "AND (r.counted_in IS NULL OR r.counted_in = r.scope)"
)
_PERSON = (
    "r.record", "r.scope", *(f"coalesce({column}, '')" for column in (
        "r.name", "r.id_number", "r.birth_known", "r.sex_known", "r.household", "h.head_name", "h.grp", "r.phone",
    ))
)  # fmt: skip
_PEOPLE = f"resident r LEFT JOIN household h ON h.scope = r.scope AND h.record = r.household {_LIVING}"
_KEYED = f"{_PEOPLE} AND (r.scope, r.record) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))"
_HOUSED = f"{_PEOPLE} AND r.household IN (SELECT value FROM json_each(?))"
_BEARERS = (
    "SELECT r.id_full, coalesce(r.name, ''), coalesce(r.id_number, '') FROM json_each(?) n "
    f"JOIN resident r ON r.id_full = n.value {_LIVING}"
)
_ODD = "SELECT DISTINCT id_number FROM resident WHERE id_full IS NULL AND id_number IS NOT NULL"
_LOOKED_AT = (
    "r.record",
    *(f"coalesce(r.{name}, '')" for name in ("name", "id_number", "birth_known", "phone", "household")),
)
Who = tuple[str, str]
"""Scope and record of a person."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The answer to one row: candidates, the best first; ``sure`` that the first needs no human.

    ``why`` says why it is or is not sure; ``number`` is the ID number the row must mean, "" unless repaired.
    """

    sure: bool
    candidates: tuple[Candidate, ...]
    why: tuple[Reason, ...]
    number: str


class People:
    """Everybody whom a list may name here: the village's own people, or those of all villages of an office."""

    def __init__(self, ledger: Ledger, scope: str = "") -> None:
        self._ledger, self._scope = ledger, scope
        known = villages.titles(ledger) or {ledger.profile.scope: ledger.profile.title}
        self.titles: Mapping[str, str] = {
            code: title if title != code else divisions.named(code) for code, title in known.items()
        }
        townships = {scope: divisions.named(scope[:9] + "000") for scope in self.titles}
        self.villages = village_names(self.titles.items(), townships)
        self._learned: dict[str, str] = dict(
            ledger.connection.execute("SELECT spelling, record FROM learned")
        )

    @cached_property
    def _register(self) -> Register:
        """Everybody, laid out for being found."""
        sql = _PEOPLE + (" AND r.scope = ?" if self._scope else "")
        return Register(self._read(sql, self._scope) if self._scope else self._read(sql))

    @cached_property
    def _places(self) -> dict[str, str]:
        """The villages that have people, by code, and their titles."""
        sql = f"SELECT 1 FROM resident r {_LIVING} AND r.scope = ? LIMIT 1"
        places = [self._scope] if self._scope else peopled(self._ledger)
        execute = self._ledger.connection.execute
        return {one: self.titles.get(one, "") for one in places if execute(sql, (one,)).fetchone()}

    def _read(self, sql: str, *arguments: str) -> list[Person]:
        rows = zip(*columns(self._ledger.connection, _PERSON, sql, arguments), strict=True)
        return [Person(record, where, self.titles.get(where, ""), *rest) for record, where, *rest in rows]

    def known(self, those: Iterable[Who]) -> dict[Who, Person]:
        """People by scope and record; whoever is not among them is left out."""
        found = self._read(_KEYED, _json(those))
        return {(one.scope, one.record): one for one in found if one.scope in self._places}

    def scope_of(self, village: str) -> str:
        """The one village a text names, "" where it names none here, or several."""
        found = self.villages.scopes(village) if village else ()
        return found[0] if len(found) == 1 else ""

    def find(self, rows: Sequence[ListedRow]) -> list[Whom]:
        """Whom each row means."""
        with undisturbed():
            wanted = [self._wanted(key, row) for key, row in enumerate(rows)]
            return [_whom(found) for found in match(self._narrowed(wanted), wanted, self._learned)]

    def find_one(self, row: ListedRow) -> Whom:
        """Whom one row means that is asked about by itself."""
        return _whom(match(self._register, [self._wanted(0, row)], self._learned)[0])

    def _narrowed(self, wanted: Iterable[Wanted]) -> Register:
        """Those whom the rows can be about, laid out for being found."""
        empty = Register((), titles=self._places)
        rows = [Row(one, empty) for one in wanted]
        learned = {row.wanted.key: self._learned.get(spelling(row.wanted), "") for row in rows}
        bearers: dict[str, list[Bearer]] = defaultdict(list)
        execute = self._ledger.connection.execute
        for full, *bearer in execute(_BEARERS, (_json({row.number.full for row in rows} - {""}),)):
            bearers[full].append((bearer[0], bearer[1]))
        odd = {text for (number,) in execute(_ODD) for text in written(number)}
        hard = [row for row in rows if learned[row.wanted.key] or not settled(row, bearers, odd)]
        sought, size = Sought(rows, hard, {*learned.values()} - {""}), 0
        kept: set[Who] = set()
        homes: set[str] = set()
        for scope in self._places:
            source = f"resident r {_LIVING} AND r.scope = ?"
            *looked_at, housed = columns(self._ledger.connection, _LOOKED_AT, source, (scope,))
            found = sought.among(scope, *looked_at)
            kept.update((scope, looked_at[0][place]) for place in found)
            homes.update(housed[place] for place in sought.housed(found, looked_at[-1]))
            size += len(housed)
        persons = self.known(kept)
        for one in self._read(_HOUSED, _json(homes - {""})):
            if one.scope in self._places:
                persons[one.scope, one.record] = one
        ordered = [persons[who] for who in sorted(persons)]
        return Register(ordered, titles=self._places, size=size)

    def spelling(self, key: int, row: ListedRow) -> str:
        """How a row writes its person: what an answer about it is remembered under."""
        return spelling(self._wanted(key, row))

    def _wanted(self, key: int, row: ListedRow) -> Wanted:
        return Wanted(
            key=key,
            name=row.name,
            id_text=row.id_text,
            id_was_number=row.id_was_number,
            birth=row.birth,
            sex=row.sex,
            village=row.village,
            scope=self.scope_of(row.village),
            head_name=row.head_name,
            guardian_name=row.text("guardian_name"),
            phone=row.phone or row.text("guardian_phone"),
            address=row.address,
            group=row.group,
        )


def _json(values: Iterable[object]) -> str:
    return msgspec.json.encode([*values]).decode()


def candidate(person: Person, score: int = 100, why: tuple[Reason, ...] = ()) -> Candidate:
    """A person as a candidate for a row."""
    return Candidate(
        person.scope, person.record, person.name, person.id_number, person.birth, person.sex,
        person.village, person.household, person.head_name, score, why,
    )  # fmt: skip


_WORTH = 10
"""The least score of somebody worth being asked about: a namesake of another number and birth is somebody else."""


def _whom(found: Match) -> Whom:
    others = tuple(
        candidate(rival.person, rival.score, rival.why) for rival in found.rivals if rival.score >= _WORTH
    )
    if found.person is None or (found.score < _WORTH and not found.sure):
        return Whom(found.sure, others, found.why, found.repaired_id)
    return Whom(
        found.sure, (candidate(found.person, found.score, found.why), *others), found.why, found.repaired_id
    )
