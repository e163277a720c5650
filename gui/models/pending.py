"""What waits for a person: each question with the people it is about and the answers it takes."""

from dataclasses import dataclass
from datetime import datetime

from gui import wording
from gui.i18n import _
from gui.models.households import place_text
from gui.theme import Tone
from gui.widgets.pieces import Cell, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from storage.ledger import Ledger
from storage.policy import id_number
from storage.policy.model import Policy
from storage.queries import find, people, review
from storage.queries.find import Hit
from storage.queries.people import Household, Person
from storage.queries.review import ReviewItem


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ``other`` is the second person where two share a number."""

    item: ReviewItem
    person: Person | None
    home: Household | None
    other: Hit | None


def read(ledger: Ledger, policy: Policy, scope: str | None) -> list[Question]:
    """Read all questions with their people, on the ledger thread."""
    items = review.items(ledger, scope)
    known = people.load(
        ledger, policy.year, residents=list({item.resident for item in items if item.resident})
    )
    by_record = {(person.scope, person.record): person for person in known}
    homes = {item.household: people.household(ledger, item.household) for item in items if item.household}
    return [
        Question(
            item, by_record.get((item.scope, item.resident)), homes.get(item.household), _other(ledger, item)
        )
        for item in items
    ]


def _other(ledger: Ledger, item: ReviewItem) -> Hit | None:
    if item.code != "id_shared":
        return None
    hits = find.find(ledger, item.detail)
    return next((hit for hit in hits if hit.scope == item.scope and hit.record != item.record), None)


def key_of(question: Question) -> tuple[str, ...]:
    """What makes a question the same one after reading anew."""
    item = question.item
    return item.code, item.scope, item.kind, item.record, item.register


def title_of(question: Question) -> str:
    """Whom it is about."""
    item = question.item
    return item.name or (question.home.head_name if question.home else "") or names.kind(item.kind)


def about(question: Question) -> str:
    """What is asked, in a few words."""
    item = question.item
    if item.code == "conflict":
        return _("{what}: two entries disagree").format(what=names.register(item.kind, item.register))
    return wording.doubt_text(item.code)


def questions_model() -> RowsModel:
    """The list at the left."""

    def cell(question: Question) -> Cell:
        home = question.home
        place = place_text(home.group, home.number) if home else ""
        tone: Tone = "bad" if question.item.code == "conflict" else "warn"
        return [
            [Text(title_of(question), "strong"), Text(place, "soft")],
            [Text(about(question), "soft", tone)],
        ]

    return RowsModel([Column(_("Question"), title_of, cell=cell, stretch=True)], key=key_of)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to settle a question: what it says, smaller what stands behind it, and what it means in code."""

    words: str
    below: str
    value: object


def candidates(policy: Policy, question: Question) -> list[Choice]:
    """The values that disagree, each with who entered it, when and from where."""
    item = question.item
    found = []
    for candidate in item.candidates:
        words = wording.value_text(policy, item.kind, item.register, candidate.value) or _("empty")
        first = candidate.sayings[0]
        when = datetime.fromisoformat(first.when).astimezone()
        where = _("this computer") if first.here else _("another device")
        parts = [
            first.who,
            f"{when:%Y-%m-%d %H:%M}",
            wording.via_text(first.via) if first.via else where,
        ]
        found.append(Choice(words, " · ".join(part for part in parts if part), candidate.value))
    return found


def numbers(offered: tuple[str, ...]) -> list[Choice]:
    """Proposed numbers. They are shown in full: nobody could compare them with a card otherwise."""
    found = []
    for number in offered:
        check = id_number.check(number)
        born = check.birth.isoformat() if check.birth else ""
        below = _("{sex}, born {day}").format(sex=names.sex(check.sex), day=born)
        found.append(Choice(number, below, number))
    return found
