"""Whom a list shows: every number in the window is a door to exactly these people."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gui.i18n import _
from storage.policy import rates
from storage.policy.facts import Standing
from storage.policy.model import Policy
from storage.queries import targets
from storage.queries.cards import (
    HouseholdCard,
    PersonCard,
    is_special,
    is_unpaid,
    lacks_credential,
    needs_help,
)

Test = Callable[[Policy, PersonCard], bool]


NAMED = "named"
"""People whom another page names one by one."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """People to show: ``code`` of ``TESTS``, and the village group they live in ("" for all).

    Those of ``NAMED`` are ``among`` (records), called by a ``title``. With ``people`` they are listed one by one, each
    once, instead of by household: so many as the number that was opened.
    """

    code: str = "all"
    group: str = ""
    people: bool = False
    title: str = ""
    among: frozenset[str] = frozenset()


def _of_special_target(policy: Policy, card: PersonCard) -> bool:
    special = {group.code for group in policy.groups if group.special}
    return bool(special & set(card.person.groups)) and not card.person.counted_in


def _counts(policy: Policy, card: PersonCard) -> bool:
    """Whether somebody is in the denominator of the target, as figures count (``storage.queries.figures``)."""
    person = card.person
    facts = Standing(person.residence or "unknown", person.absence or None, person.paid)
    return not person.counted_in and rates.membership(policy, targets.base_of(policy), facts)


def _has_paid(card: PersonCard) -> bool:
    return card.person.paid != "none" and not card.person.counted_in


TESTS: dict[str, Test] = {
    "all": lambda policy, card: True,
    "unpaid": lambda policy, card: is_unpaid(card),
    "help": lambda policy, card: needs_help(card),
    "special": lambda policy, card: is_special(card),
    "credential": lambda policy, card: lacks_credential(card),
    "doubtful": lambda policy, card: bool(card.person.doubt or card.person.unsettled),
    "special_unpaid": lambda policy, card: _of_special_target(policy, card) and card.person.paid == "none",
    "special_paid": lambda policy, card: _has_paid(card) and _of_special_target(policy, card),
    "special_all": _of_special_target,
    "bind": lambda policy, card: card.step.code == "bind_family",
    "register": lambda policy, card: not card.person.counted_in,
    "active": lambda policy, card: bool(card.person.credential) and not card.person.counted_in,
    "should": _counts,
    "should_paid": lambda policy, card: _has_paid(card) and _counts(policy, card),
    "missing": lambda policy, card: is_unpaid(card) and _counts(policy, card),
    "paid": lambda policy, card: _has_paid(card),
    "waiting": lambda policy, card: card.person.paid == "reported" and not card.person.counted_in,
    "overdue": lambda policy, card: card.step.code == "check_posting",
    "advanced": lambda policy, card: any(claim.advanced_by for claim in card.person.claims),
    "new": lambda policy, card: card.person.new,
    "absent": lambda policy, card: bool(card.person.absence),
}
"""Code → whether a person belongs to it."""

STANDING = ("all", "unpaid", "help", "special", "credential", "doubtful")
"""The ones that are always in sight."""


def words(code: str) -> str:
    """A filter's name."""
    return {
        "all": _("All"),
        "unpaid": _("Unpaid"),
        "help": _("Needs help"),
        "special": _("Special groups"),
        "credential": _("No credential"),
        "doubtful": _("Doubtful"),
        "special_unpaid": _("Special groups unpaid"),
        "special_paid": _("Paid, special groups"),
        "special_all": _("Special groups of the target"),
        "bind": _("Children to be bound"),
        "register": _("Everybody in the register"),
        "active": _("Credential active"),
        "should": _("Those who count"),
        "should_paid": _("Paid, of those who count"),
        "missing": _("Missing, can still pay"),
        "paid": _("Paid"),
        "waiting": _("To be posted"),
        "overdue": _("Posting overdue"),
        "advanced": _("Advanced"),
        "new": _("New this year"),
        "absent": _("Insured elsewhere or gone"),
    }[code]


def groups_of(cards: Iterable[HouseholdCard]) -> list[str]:
    """The village groups there are, in walking order."""
    return list(dict.fromkeys(card.household.group for card in cards if card.household.group))


def chip_words(wanted: PeopleFilter, code: str, counts: Mapping[str, int]) -> str:
    """What stands on the chip of a filter: its name and how many people it has."""
    if code == NAMED:
        return f"{wanted.title} {len(wanted.among):,}"
    return f"{words(code)} {counts[code]:,}"


def test_of(wanted: PeopleFilter) -> Test:
    """Whether a person belongs to those the filter wants."""
    if wanted.code == NAMED:
        return lambda policy, card: card.person.record in wanted.among
    return TESTS[wanted.code]


def choose(policy: Policy, cards: Iterable[HouseholdCard], wanted: PeopleFilter) -> list[HouseholdCard]:
    """The households with at least one person the filter wants, in walking order."""
    test = test_of(wanted)
    return [
        home
        for home in cards
        if (not wanted.group or home.household.group == wanted.group)
        and (wanted.code == "all" or any(test(policy, card) for card in home.people))
    ]
