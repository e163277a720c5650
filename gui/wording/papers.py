"""Papers for a household or a person: notices, slips, receipts. What they say is data in resources/papers.

A template is text with names in braces; the values are worked out here from the ledger and the policy, so that a place
can word its papers as it likes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from gui.wording import paper_values as values
from gui.wording import paying
from gui.wording.paper_values import Ground
from gui.wording.templates import NAMED, in_order, shaped
from storage.errors import KnownError
from storage.policy.model import Policy
from storage.queries.cards import HouseholdCard, PersonCard, is_unpaid, needs_help

Whom = Literal["all", "unpaid", "refused", "help", "advanced", "refund"]
_FIXED = "\u00a0"


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a paper: words, a table of people (columns), lines to sign on, words beside the code to pay by.

    Where the policy has no such code, its words alone stand.
    """

    text: str = ""
    style: Literal["text", "strong", "small"] = "text"
    table: tuple[str, ...] = ()
    sign: tuple[str, ...] = ()
    code: Literal["", "pay"] = ""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper: one for each household or person of those it is for; ``size`` is how much of an A4 one takes.

    It is chosen by its ``name``; its ``title`` stands on it.
    """

    code: str
    name: str
    title: str
    about: str
    order: int
    per: Literal["household", "person"]
    size: Literal["page", "half", "quarter"]
    whom: Whom
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with their titles, and a row for each person."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    style: Literal["text", "strong", "small"] = "text"


@dataclass(frozen=True, slots=True)
class Signs:
    """Lines to sign on, side by side."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A square code that says ``link``, what stands under it, and the words beside it."""

    link: str
    caption: str
    text: str


Part = Words | Table | Signs | Code


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper filled in, for one household or person."""

    title: str
    parts: tuple[Part, ...]
    people: int


def templates() -> list[Template]:
    """All papers there are, in order. Raises KnownError paper.invalid (file, why)."""
    return in_order("papers", parse)


@cache
def parse(text: str, name: str) -> Template:
    """Return the template a file describes. Raises KnownError paper.invalid (file, why)."""
    template = shaped(text, name, Template)
    known = values.COMMON | (values.PERSON if template.per == "person" else values.HOUSEHOLD)
    asked = {word for block in template.blocks for word in _words_of(block)} | set(
        NAMED.findall(template.title)
    )
    for word in sorted(asked - known):
        raise KnownError("paper.invalid", file=name, why=f"{{{word}}}")
    for column in sorted(
        {column for block in template.blocks for column in block.table} - values.columns().keys()
    ):
        raise KnownError("paper.invalid", file=name, why=column)
    return template


def _words_of(block: Block) -> set[str]:
    return {word for text in (block.text, *block.sign) for word in NAMED.findall(text)}


def is_for(template: Template, policy: Policy, card: PersonCard) -> bool:
    """Whether a paper is for somebody."""
    person = card.person
    reason = policy.absence_reason(person.absence)
    match template.whom:
        case "all":
            return not person.counted_in
        case "unpaid":
            return is_unpaid(card)
        case "refused":
            return person.paid == "none" and reason is not None and reason.nature == "refused"
        case "help":
            return needs_help(card)
        case "advanced":
            return any(claim.advanced_by for claim in person.claims)
        case "refund":
            return person.paid != "none" and card.due.refund_fen > 0


def fill(template: Template, ground: Ground, homes: Iterable[HouseholdCard]) -> list[Paper]:
    """Return the papers of these households, in their order; nobody it is for, no paper."""
    made = []
    for home in homes:
        people = [card for card in home.people if is_for(template, ground.policy, card)]
        if template.per == "household":
            made += [_filled(template, ground, home, people)] if people else []
        else:
            made += [_filled(template, ground, home, [card]) for card in people]
    return made


def _filled(template: Template, ground: Ground, home: HouseholdCard, people: Sequence[PersonCard]) -> Paper:
    said = {**values.of_all(ground), **values.of_household(ground, home, people)}
    if template.per == "person":
        said |= values.of_person(ground, people[0])
    parts = tuple(_part(block, ground, people, said) for block in template.blocks)
    return Paper(template.title.format_map(said), parts, len(people))


def _part(block: Block, ground: Ground, people: Sequence[PersonCard], said: Mapping[str, str]) -> Part:
    if block.table:
        titles = values.columns()
        rows = tuple(tuple(values.cell(ground, column, card) for column in block.table) for card in people)
        return Table(tuple(titles[column] for column in block.table), rows)
    if block.sign:
        return Signs(tuple(label.format_map(said) for label in block.sign))
    text = _together(block.text.format_map(said))
    link = paying.link(ground.policy) if block.code else ""
    return Code(link, paying.caption(ground.policy), text) if link else Words(text, block.style)


def _together(text: str) -> str:
    """Text whose lines to write on stay with the words they belong to: ____年__月__日 is never broken."""
    return re.sub(r"(?<=_) ?(?=[年月日元])|(?<=[年月]) ?(?=_)|(?<=□) ?", _FIXED, text)
