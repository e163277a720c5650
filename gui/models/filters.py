"""Whom a list shows: every number in the window is a door to exactly these people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gui.i18n import _
from storage.policy.model import Policy
from storage.queries.cards import (
    HouseholdCard,
    PersonCard,
    is_special,
    is_unpaid,
    lacks_credential,
    needs_help,
)

Test = Callable[[Policy, PersonCard], bool]


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """People to show: ``code`` of ``TESTS``, and the village group they live in ("" for all)."""

    code: str = "all"
    group: str = ""


def _of_special_target(policy: Policy, card: PersonCard) -> bool:
    special = {group.code for group in policy.groups if group.special}
    return bool(special & set(card.person.groups))


TESTS: dict[str, Test] = {
    "all": lambda policy, card: True,
    "unpaid": lambda policy, card: is_unpaid(card),
    "help": lambda policy, card: needs_help(card),
    "special": lambda policy, card: is_special(card),
    "credential": lambda policy, card: lacks_credential(card),
    "doubtful": lambda policy, card: bool(card.person.doubt or card.person.unsettled),
    "special_unpaid": lambda policy, card: _of_special_target(policy, card) and card.person.paid == "none",
    "bind": lambda policy, card: card.step.code == "bind_family",
    "paid": lambda policy, card: card.person.paid != "none",
    "waiting": lambda policy, card: card.person.paid == "reported",
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
        "bind": _("Children to be bound"),
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


def choose(policy: Policy, cards: Iterable[HouseholdCard], wanted: PeopleFilter) -> list[HouseholdCard]:
    """The households with at least one person the filter wants, in walking order."""
    test = TESTS[wanted.code]
    return [
        home
        for home in cards
        if (not wanted.group or home.household.group == wanted.group)
        and (wanted.code == "all" or any(test(policy, card) for card in home.people))
    ]
