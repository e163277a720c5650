"""What waits for a person: each question with the people it is about and the answers it takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gui import wording
from gui.i18n import _
from gui.models.households import place_text
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording.candidates import called
from storage.ledger import Ledger
from storage.policy import id_number
from storage.policy.model import Policy
from storage.queries import counting, find, housing, people, review, villages
from storage.queries.find import Hit
from storage.queries.housing import Household
from storage.queries.people import Person
from storage.queries.review import ReviewItem


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ``other`` is the second person where two share a number, ``words`` names the records mentioned.

    ``places`` are the villages (code → title) a question about where somebody counts is between.
    """

    item: ReviewItem
    person: Person | None
    home: Household | None
    other: Hit | None = None
    village: str = ""
    words: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def read(ledger: Ledger, policy: Policy, scope: str | None) -> list[Question]:
    """Read all questions with their people, on the ledger thread: those that are ours to answer first."""
    items = review.items(ledger, scope)
    homes, mentioned = review.mentioned(ledger, items)
    doors = {home.record: door for door, home in enumerate(sorted(homes.values(), key=housing.walking_order))}
    items.sort(key=lambda item: _order(item, doors))
    words = called(homes, mentioned)
    wanted = {item.resident for item in items if item.resident}
    known = {
        (one.scope, one.record): one for one in people.load(ledger, policy.year, residents=sorted(wanted))
    }
    titles = villages.titles(ledger) if ledger.is_office else {}
    return [
        Question(
            item,
            known.get((item.scope, item.resident)),
            homes.get(item.household),
            _other(ledger, item),
            titles.get(item.scope, ""),
            words,
            _places(item, known.get((item.scope, item.resident)), titles),
        )
        for item in items
    ]


def _order(item: ReviewItem, doors: Mapping[str, int]) -> tuple[object, ...]:
    """Ours first, conflicts before doubts, in walking order: what a contact can ask at one door stands together."""
    door = doors.get(item.household, len(doors))
    return not item.ours, item.code != "conflict", door, item.name, item.record, item.register


def _places(item: ReviewItem, person: Person | None, titles: dict[str, str]) -> dict[str, str]:
    if item.code not in counting.CODES:
        return {}
    codes = [item.scope] if item.code == "counted_nowhere" else []
    codes += item.detail.split(",") if item.code == "claimed_by_two" else []
    codes += [person.counted_in] if item.code == "late_entries" and person else []
    return {code: titles.get(code, code) for code in codes if code}


def _other(ledger: Ledger, item: ReviewItem) -> Hit | None:
    if item.code != "id_shared":
        return None
    hits = find.by_id_number(ledger, item.detail)
    return next((hit for hit in hits if hit.scope == item.scope and hit.record != item.record), None)


def key_of(question: Question) -> tuple[str, ...]:
    """What makes a question the same one after reading anew."""
    item = question.item
    return item.code, item.scope, item.kind, item.record, item.register


def title_of(question: Question) -> str:
    """Whom it is about."""
    item = question.item
    name = item.name or (question.home.head_name if question.home else "")
    if item.kind == "same":
        name = _("{one} and {other}").format(one=name or "?", other=question.words.get(item.detail) or "?")
    return name or names.kind(item.kind)


def about(question: Question) -> str:
    """What is asked, in a few words."""
    item = question.item
    if item.code == "conflict":
        return _("{what}: two entries disagree").format(what=names.register(item.kind, item.register))
    return wording.doubt_text(item.code)


def questions_model() -> RowsModel:
    """The list at the left; ticked ones are answered together."""

    def cell(question: Question) -> Cell:
        item, home = question.item, question.home
        place = place_text(home.group, home.number) if home else ""
        where = " ".join(part for part in (question.village, place) if part)
        tone: Tone = "mute" if not item.ours else "bad" if item.code == "conflict" else "warn"
        below: list[Piece] = [] if item.ours else [Tag(waits_for(item), "info")]
        return [
            [Text(title_of(question), "strong"), Text(where, "soft")],
            [*below, Text(about(question), "soft", tone)],
        ]

    return RowsModel([Column(_("Question"), title_of, cell=cell, stretch=True)], key=key_of, ticks=True)


def waits_for(item: ReviewItem) -> str:
    """Who answers a question that is not ours."""
    return _("{side} decides").format(side=names.side(item.decides))


# ---- filters


@dataclass(frozen=True, slots=True)
class Group:
    """A sort of questions: its code, its name, and which belong to it."""

    code: str
    title: str
    test: Callable[[ReviewItem], bool]


def groups() -> list[Group]:
    """The sorts a village contact thinks in; every question is of exactly one besides "all" and "theirs"."""

    def registers(*wanted: str) -> Callable[[ReviewItem], bool]:
        return lambda item: item.ours and item.code == "conflict" and f"{item.kind}.{item.register}" in wanted

    sorts = {
        "identity": registers("resident.identity"),
        "contact": registers("resident.contact"),
        "home": registers("resident.membership", "resident.residence"),
        "payment": lambda item: (
            item.ours and (item.kind in ("payment", "confirmation") or item.code == "paid_and_absent")
        ),
        "number": lambda item: item.ours and item.code in _NUMBER_DOUBTS,
        "shared": lambda item: item.code == "id_shared",
        "counting": lambda item: item.code in counting.CODES,
    }
    titles = {
        "identity": _("Name and ID number"),
        "contact": _("Phone"),
        "home": _("Household and residence"),
        "payment": _("Payment"),
        "number": _("ID number doubtful"),
        "shared": _("Same ID number"),
        "counting": _("Where they count"),
    }
    found = [Group(code, titles[code], test) for code, test in sorts.items()]
    tests = list(sorts.values())
    return [
        Group("all", _("We decide"), lambda item: item.ours),
        *found,
        Group("other", _("Other"), lambda item: item.ours and not any(test(item) for test in tests)),
        Group("theirs", _("Others decide"), lambda item: not item.ours),
    ]


_NUMBER_DOUBTS = frozenset(
    "missing placeholder area date future checksum truncated scientific disability20 other_document lookalike "
    "length format birth_differs sex_differs".split()
)


def villages_of(questions: Sequence[Question]) -> dict[str, str]:
    """Code → title of the villages that have questions."""
    return {
        one.item.scope: one.village or one.item.scope for one in sorted(questions, key=lambda q: q.item.scope)
    }


# ---- answers that are not candidates


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to settle a question: what it says, smaller what stands behind it, and what it means in code."""

    words: str
    below: str
    value: object


CARRY, LEAVE = "carry", "leave"
"""What can become of entries that came too late."""


def places(question: Question) -> list[Choice]:
    """Where somebody can count, or what becomes of what came too late."""
    if question.item.code != "late_entries":
        below = _("both villages hear of it with their next file; what the other knew goes along")
        return [
            Choice(_("Counts in {village}").format(village=title), below, code)
            for code, title in question.places.items()
        ]
    village = next(iter(question.places.values()), "")
    return [
        Choice(_("Carry over to {village}").format(village=village), _("it counts there from now on"), CARRY),
        Choice(_("Leave it where it is"), _("it counts for nothing"), LEAVE),
    ]


def numbers(offered: tuple[str, ...]) -> list[Choice]:
    """Proposed numbers. They are shown in full: nobody could compare them with a card otherwise."""
    found = []
    for number in offered:
        check = id_number.check(number)
        born = check.birth.isoformat() if check.birth else ""
        below = _("{sex}, born {day}").format(sex=names.sex(check.sex), day=born)
        found.append(Choice(number, below, number))
    return found
