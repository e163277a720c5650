"""Reminders for a WeChat group or one household: templates that can be worded anew, never a number of anybody."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

import msgspec

from gui.i18n import _
from gui.wording import paying, spoken
from gui.wording.paper_values import Ground, last_day, late
from gui.wording.templates import NAMED, in_order, shaped
from gui.wording.units import amount
from storage.errors import KnownError
from storage.policy import mask
from storage.queries.cards import HouseholdCard, PersonCard, is_special, is_unpaid, lacks_credential

Whom = Literal["unpaid", "credential"]
_TESTS: dict[Whom, Callable[[PersonCard], bool]] = {"unpaid": is_unpaid, "credential": lacks_credential}


_MOST = 60
"""Surnames in one text: more, and nobody reads them."""


class Reminder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reminder: for the whole village or one household; a ``public`` one names nobody in full.

    It reminds those ``whom`` it names: people who have not paid, or whose e-credential is not active.
    """

    code: str
    title: str
    about: str
    order: int
    per: Literal["village", "household"]
    public: bool
    text: str
    whom: Whom = "unpaid"


@dataclass(frozen=True, slots=True)
class Message:
    """A reminder as it can be sent, how many people it speaks of, and the code to pay by with what stands under it."""

    text: str
    people: int
    link: str = ""
    caption: str = ""


def reminders() -> list[Reminder]:
    """All reminders there are, in order. Raises KnownError paper.invalid (file, why)."""
    return in_order("reminders", _read)


@cache
def _read(text: str, name: str) -> Reminder:
    reminder = shaped(text, name, Reminder)
    check(reminder, reminder.text)
    return reminder


def known_words(reminder: Reminder) -> tuple[str, ...]:
    """What a template may ask for in braces."""
    own = _HOUSEHOLD if reminder.per == "household" else _VILLAGE
    return tuple(sorted(_COMMON | own))


def check(reminder: Reminder, text: str) -> None:
    """Check a text that somebody worded anew. Raises KnownError paper.invalid (file, why: the word not known)."""
    for word in NAMED.findall(text):
        if word not in known_words(reminder):
            raise KnownError("paper.invalid", file=reminder.title, why=f"{{{word}}}")


def fill(
    reminder: Reminder, text: str, ground: Ground, homes: Sequence[HouseholdCard], people: Iterable[str] = ()
) -> Message:
    """Return a reminder's text (its own or worded anew) for these households. Raises KnownError paper.invalid.

    Whatever stands in it, six figures or more in a row are starred out: a number never goes into a chat. Nor does, in
    a public one, a name in full of the ``people`` that somebody worded into it.
    """
    if reminder.public:
        text, _hidden = _starred(text, reminder.text, people)
    check(reminder, text)
    values = {**_common(ground), **_of(reminder, ground, homes)}
    owed = sum(len(_owing(home, reminder.whom)) for home in homes)
    told = mask.numbers(NAMED.sub(lambda found: values[found[1]], text)).strip()
    if reminder.whom != "unpaid":
        return Message(told, owed)  # nothing to pay by
    return Message(told, owed, paying.link(ground.policy), paying.caption(ground.policy))


def finished(reminder: Reminder, message: Message, text: str, people: Iterable[str]) -> tuple[Message, int]:
    """Return a message with its text as somebody changed it, and how many names in full were starred out of it.

    No number goes out, and into a public one none of the ``people``'s names in full but those that it said by itself.
    """
    text, hidden = mask.numbers(text).strip(), 0
    if reminder.public:
        text, hidden = _starred(text, message.text, people)
    return replace(message, text=text), hidden


def _starred(text: str, said: str, people: Iterable[str]) -> tuple[str, int]:
    """Return a text without the full names of people that are not in what was ``said``, and how many they were."""
    hidden = 0
    for name in sorted(set(people), key=len, reverse=True):
        if len(name) > 1 and text.count(name) > said.count(name):
            text, hidden = text.replace(name, spoken.person_name(name, masked=True)), hidden + 1
    return text, hidden


def owing(homes: Sequence[HouseholdCard], whom: Whom = "unpaid") -> list[HouseholdCard]:
    """Return the households with somebody who has not paid, or whatever the reminder is for."""
    return [home for home in homes if _owing(home, whom)]


def count_text(reminder: Reminder, homes: int) -> str:
    """For how many households it is."""
    if reminder.whom == "credential":
        return _("{homes} households without all e-credentials").format(homes=homes)
    return _("{homes} households have not paid").format(homes=homes)


def nobody_text(reminder: Reminder) -> str:
    """What is said where it is for nobody."""
    return _("All e-credentials are active") if reminder.whom == "credential" else _("Everybody has paid")


def _owing(home: HouseholdCard, whom: Whom) -> list[PersonCard]:
    return [card for card in home.people if _TESTS[whom](card)]


_COMMON = frozenset("village year closes days premium channel how late".split())
_VILLAGE = frozenset("homes count heads special special_deadline".split())
_HOUSEHOLD = frozenset("head count names total deadline".split())


def _common(ground: Ground) -> dict[str, str]:
    policy, today = ground.policy, ground.today
    return {
        "village": ground.village,
        "year": str(policy.year),
        "closes": spoken.day(policy.window.end, today),
        "days": str(max((policy.window.end - today).days, 0)),
        "premium": amount(policy.personal_fen),
        "channel": paying.channel(policy),
        "how": paying.how(policy),
        "late": late(policy),
    }


def _of(reminder: Reminder, ground: Ground, homes: Sequence[HouseholdCard]) -> dict[str, str]:
    found = owing(homes, reminder.whom)
    unpaid = [card for home in found for card in _owing(home, reminder.whom)]
    if reminder.per == "village":
        special = [card for card in unpaid if is_special(card)]
        target = ground.policy.target("special")
        last = target.deadline if target and target.deadline else ground.policy.window.end
        return {
            "homes": str(len(found)),
            "count": str(len(unpaid)),
            "heads": _surnames(found),
            "special": str(len(special)),
            "special_deadline": spoken.day(last, ground.today),
        }
    return {
        "head": _head(found[0]) if found else "",
        "count": str(len(unpaid)),
        "names": "、".join(spoken.person_name(card.person.name) for card in unpaid),
        "total": amount(sum(card.due.pay_now_fen for card in unpaid)),
        "deadline": spoken.day(_last_day(ground, reminder.whom, unpaid), ground.today),
    }


def _last_day(ground: Ground, whom: Whom, people: Sequence[PersonCard]) -> date:
    """The day that is asked for; what waits about the payment of somebody who has paid is none of theirs."""
    if whom == "unpaid":
        return last_day(ground, people)
    target = ground.policy.target("credential")
    return target.deadline if target and target.deadline else ground.policy.window.end


def _head(home: HouseholdCard) -> str:
    return spoken.person_name(home.head_name)


def _surnames(homes: Sequence[HouseholdCard]) -> str:
    """Whose households they are by surname; of very many the first, and how many there are."""
    named = "、".join(_surname(home) for home in homes[:_MOST]) or _("no household")
    if len(homes) <= _MOST:
        return named
    return _("{names} and others, {count} households in all").format(names=named, count=len(homes))


def _surname(home: HouseholdCard) -> str:
    return spoken.person_name(_head(home), masked=True)
