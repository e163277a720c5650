"""Which record each roster row is about; never decided on a name alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.commands.people import household_id
from storage.ledger import Ledger
from storage.policy import id_number
from storage.policy.id_number import IdCheck
from storage.records import random_id
from sync.intake.threeway import Known
from sync.matching import Person, Register, Wanted, match
from sync.sheets.roster import RosterRow


@dataclass(slots=True)
class Placed:
    """A row with the record it is about; ``twin_of`` is the sheet row it repeats, 0 for none."""

    sheet: str
    row: RosterRow
    check: IdCheck
    record: str = ""
    twin_of: int = 0
    number: str = field(init=False)
    """The sound ID number, else the text that stands there."""

    def __post_init__(self) -> None:
        self.number = (self.check.full or "") if self.check.derives_id else self.check.text


class Matching:
    """Which record each row is about: by ID number and name, by ID number, by household and name."""

    def __init__(self, ledger: Ledger, scope: str, residents: Mapping[str, Known]) -> None:
        self._ledger = ledger
        self._scope = scope
        self._residents = residents
        self._taken: dict[str, int] = {}
        self._pairs: dict[tuple[str, str], list[str]] = {}
        self._numbers: dict[str, list[str]] = {}
        self._places: dict[tuple[str, str], list[str]] = {}
        alive = [(record, known) for record, known in sorted(residents.items()) if not known.value("void")]
        for record, known in alive:
            self._index(record, known, known.value("identity"))
        for (
            record,
            known,
        ) in alive:  # what a list said once finds only whom nothing shown finds: they may be two now
            said = known.last_said("identity")
            if said is not known.value("identity"):
                self._index(record, known, said)

    def _index(self, record: str, known: Known, identity: Mapping[str, Any]) -> None:
        household = known.value("membership").get("household", "")
        name, text = identity.get("name", ""), identity.get("id_number", "")
        check = id_number.check(text)
        number = check.full if check.derives_id else text
        if number:
            _add(self._pairs, (number, name), record)
        if check.derives_id and number:
            _add(self._numbers, number, record)
        _add(self._places, (household, name), record)

    def assign(self, placed: list[Placed]) -> None:
        """Give every row its record; rows that repeat an earlier one point at it."""
        for index, item in enumerate(placed):
            self._claim(item, index, self._pairs.get((item.number, item.row.name), ()))
        seen: dict[tuple[str, str], int] = {}
        left: list[tuple[int, Placed]] = []
        repeated: list[tuple[Placed, int]] = []
        for index, item in enumerate(placed):
            key = (item.number, item.row.name)
            if item.number and key in seen:
                item.twin_of = placed[seen[key]].row.row_number
                repeated.append((item, seen[key]))
                continue
            if item.number:
                seen[key] = index
            if not item.record and not self._place(item, index):
                left.append((index, item))
        self._claim_likely(left)
        for index, item in left:
            self._begin(item, index)
        for item, first in repeated:
            item.record = placed[first].record

    def _place(self, item: Placed, index: int) -> bool:
        """Find a row's record by its number, else by household and name; whether there is one."""
        if item.check.derives_id:
            self._claim(item, index, self._numbers.get(item.number, ()))
        if not item.record and self._places:
            household = self._household_of(item)
            self._claim(item, index, self._unsure(household, item.row.name, item.check))
        return bool(item.record)

    def _claim_likely(self, left: list[tuple[int, Placed]]) -> None:
        """Find those whose number or name is written otherwise, where more than a name says that it is they."""
        people = [
            self._person(record, known)
            for record, known in sorted(self._residents.items())
            if record not in self._taken and not known.value("void")
        ]
        if not people or not left:
            return
        wanted = [_wanted(index, item, self._scope) for index, item in left]
        for answer, (index, item) in zip(match(Register(people), wanted), left, strict=True):
            if answer.sure and answer.person:
                self._claim(item, index, [answer.person.record])

    def _person(self, record: str, known: Known) -> Person:
        identity = known.value("identity")
        return Person(
            record=record,
            scope=self._scope,
            village="",
            name=identity.get("name", ""),
            id_number=identity.get("id_number", ""),
            birth=identity.get("birth", ""),
            sex=identity.get("sex", ""),
            household=known.value("membership").get("household", ""),
            phone=known.value("contact").get("phone", ""),
        )

    def _begin(self, item: Placed, index: int) -> None:
        """Give somebody new a record: the one everybody derives from a sound number, else one of their own."""
        if not item.record and item.check.derives_id:
            derived = self._ledger.id_for("resident", item.check.full)
            if derived not in self._taken and derived not in self._residents:
                item.record = derived
        if not item.record:
            item.record = random_id()
        self._taken.setdefault(item.record, index)

    def _unsure(self, household: str, name: str, check: IdCheck) -> list[str]:
        """Same household, same name, and not two different sound numbers."""
        if not household or not name:
            return []
        found = []
        for record in self._places.get((household, name), ()):
            held = id_number.check(self._residents[record].value("identity").get("id_number"))
            if not (held.derives_id and check.derives_id and held.full != check.full):
                found.append(record)
        return found

    def _household_of(self, item: Placed) -> str:
        number = item.row.household_number
        return household_id(self._ledger, self._scope, number, "") if number else ""

    def _claim(self, item: Placed, index: int, candidates: Iterable[str]) -> None:
        if item.record:
            return
        for record in candidates:
            if record not in self._taken:
                self._taken[record] = index
                item.record = record
                return


def _wanted(key: int, item: Placed, scope: str) -> Wanted:
    row = item.row
    return Wanted(
        key=key,
        name=row.name,
        id_text=row.id_text,
        id_was_number=row.id_was_number,
        birth=row.birth,
        sex=row.sex,
        scope=scope,
        phone=row.phone,
    )


def _add(index: dict[Any, list[str]], key: Any, record: str) -> None:
    found = index.setdefault(key, [])
    if record not in found:
        found.append(record)
