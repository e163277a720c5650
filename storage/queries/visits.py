"""The visit list: which doors, which people, why, in walking order, as it will be printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from storage.policy import mask
from storage.queries.cards import (
    HouseholdCard,
    PersonCard,
    is_special,
    is_unpaid,
    lacks_credential,
    needs_help,
)


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """Whom to put on the list; several marks mean any of them, none means everybody.

    ``groups`` are village groups (组) and ``lanes``; empty means all. A list that was ``named`` elsewhere takes only
    the residents ``among`` (records).
    """

    unpaid: bool = False
    no_credential: bool = False
    needs_help: bool = False
    special: bool = False
    groups: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    named: str = ""
    among: frozenset[str] = frozenset()

    def judge(self) -> Callable[[PersonCard], bool]:
        """Return what says whether a person belongs on the list (the household's place is asked apart)."""
        marks: list[tuple[bool, Callable[[PersonCard], bool]]] = [
            (self.unpaid, is_unpaid),
            (self.no_credential, lacks_credential),
            (self.needs_help, needs_help),
            (self.special, lambda one: is_special(one) and one.person.paid == "none"),
        ]
        asked = [test for wanted, test in marks if wanted]

        def wants(card: PersonCard) -> bool:
            if card.person.counted_in:  # another village goes there
                return False
            if self.named and card.person.record not in self.among:
                return False
            return not asked or any(test(card) for test in asked)

        return wants

    def covers(self, household: HouseholdCard) -> bool:
        """Whether a household lies where the list goes."""
        place = household.household
        return (not self.groups or place.group in self.groups) and (
            not self.lanes or place.lane in self.lanes
        )


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of one row, each "" (left out), "box", "ticked" or "none" (does not apply)."""

    paid: str = "box"
    credential: str = "box"
    help: str = "box"
    refused: str = "box"
    absent: str = "box"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One person on the list under a row number that stays for re-entry; ``phone`` where it is not the door's."""

    row: int
    name: str
    age: int | None
    id_masked: str
    why: str
    boxes: Boxes
    note: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class VisitHousehold:
    """One door with its people on the list."""

    number: str
    group: str
    head_name: str
    people: int
    place: str
    phone_masked: str
    note: str
    rows: tuple[VisitRow, ...]


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """A whole visit list, ready to be paginated; all texts are final, all numbers masked unless asked.

    ``legend`` explains the marks that stand in it.
    """

    title: str
    list_number: str
    year: int
    filter_text: str
    printed: date
    households: tuple[VisitHousehold, ...]
    privacy: str
    qr_text: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """The people chosen for a list, household by household in walking order."""

    households: tuple[tuple[HouseholdCard, tuple[PersonCard, ...]], ...]

    @property
    def residents(self) -> list[str]:
        """Record ids in row order."""
        return [card.person.record for _, cards in self.households for card in cards]


def pick(cards: Sequence[HouseholdCard], wanted: VisitFilter) -> Picked:
    """Choose doors and people, keeping the walking order of ``cards``."""
    chosen = []
    wants = wanted.judge()
    for household in cards:
        if wanted.covers(household):
            rows = tuple(filter(wants, household.people))
            if rows:
                chosen.append((household, rows))
    return Picked(tuple(chosen))


def lay_out(
    picked: Picked,
    describe: Callable[[PersonCard], str],
    today: date,
    *,
    masked: bool = True,
    phones: bool = False,
) -> tuple[VisitHousehold, ...]:
    """Return the doors as they are printed; ``describe`` words why and how for one person.

    With ``phones`` a helper can dial: the door's number in full, and everybody's own on the list who has another.
    """
    row = 0
    doors = []
    for household, cards in picked.households:
        rows = []
        for card in cards:
            row += 1
            phone = card.person.phone if phones and card.person.phone != _phone(household) else ""
            rows.append(_row(row, card, describe(card), today, masked, phone))
        doors.append(_door(household, tuple(rows), masked and not phones))
    return tuple(doors)


def _row(number: int, card: PersonCard, why: str, today: date, masked: bool, phone: str) -> VisitRow:
    person = card.person
    shown = mask.id_number(person.id_number) if masked else person.id_number
    boxes = Boxes(
        paid="none" if person.paid != "none" else "box",
        credential="none" if person.credential else "box",
        help="none" if person.paid != "none" else "ticked" if person.need else "box",
        refused="none" if person.paid != "none" else "box",
    )
    return VisitRow(number, person.name, age(person.birth, today), shown, why, boxes, phone=phone)


def _phone(card: HouseholdCard) -> str:
    """The number a household is reached by: the first that one of its people has."""
    return next((one.person.phone for one in card.people if one.person.phone), "")


def _door(card: HouseholdCard, rows: tuple[VisitRow, ...], masked: bool) -> VisitHousehold:
    household = card.household
    phone = _phone(card)
    last = card.visits[0] if card.visits else None
    note = last.retry_on.isoformat() if last and last.retry_on else ""
    return VisitHousehold(
        household.number,
        household.group,
        card.head_name,
        len(card.people),
        " ".join(part for part in (household.lane, household.address) if part),
        mask.phone(phone) if masked else phone,
        note,
        rows,
    )


def age(birth: date | None, today: date) -> int | None:
    """Return whole years on ``today``, or None where the birth date is unknown or still to come."""
    if birth is None or birth > today:
        return None
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
