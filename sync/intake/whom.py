"""Whom the rows of a list mean: the register of this ledger, and each row's answer with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from storage import divisions
from storage.ledger import Ledger
from storage.queries import villages
from sync.intake.results import Candidate, Reason
from sync.matching import Match, Person, Register, Wanted, match, spelling, village_names
from sync.sheets.listed import ListedRow

_PEOPLE = (
    "SELECT r.record, r.scope, coalesce(r.name, ''), coalesce(r.id_number, ''), "
    "coalesce(r.birth_known, ''), coalesce(r.sex_known, ''), coalesce(r.household, ''), coalesce(h.head_name, ''), "
    "coalesce(h.grp, ''), coalesce(r.phone, '') "
    "FROM resident r LEFT JOIN household h ON h.scope = r.scope AND h.record = r.household "
    "LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record "
    "WHERE r.void_reason IS NULL AND coalesce(t.person, r.record) = r.record "
    "AND (r.counted_in IS NULL OR r.counted_in = r.scope)"
)


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
        sql = _PEOPLE + (" AND r.scope = ?" if scope else "")
        rows = ledger.connection.execute(sql, (scope,) if scope else ())
        known = villages.titles(ledger) or {ledger.profile.scope: ledger.profile.title}
        self.titles: Mapping[str, str] = {
            code: title if title != code else divisions.named(code) for code, title in known.items()
        }
        self.persons = [
            Person(record, where, self.titles.get(where, ""), *rest) for record, where, *rest in rows
        ]
        townships = {scope: divisions.named(scope[:9] + "000") for scope in self.titles}
        self.villages = village_names(self.titles.items(), townships)
        self._learned: dict[str, str] = dict(
            ledger.connection.execute("SELECT spelling, record FROM learned")
        )

    @cached_property
    def register(self) -> Register:
        """The people laid out for being found."""
        return Register(self.persons)

    @cached_property
    def by_record(self) -> Mapping[tuple[str, str], Person]:
        """People by scope and record."""
        return {(person.scope, person.record): person for person in self.persons}

    def scope_of(self, village: str) -> str:
        """The one village a text names, "" where it names none here, or several."""
        found = self.villages.scopes(village) if village else ()
        return found[0] if len(found) == 1 else ""

    def find(self, rows: Sequence[ListedRow]) -> list[Whom]:
        """Whom each row means."""
        wanted = [self._wanted(key, row) for key, row in enumerate(rows)]
        return [_whom(found) for found in match(self.register, wanted, self._learned)]

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
