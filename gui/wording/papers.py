"""Papers for a household or a person: notices, slips, receipts. What they say is data in resources/papers.

A template is text with names in braces; the values are worked out here from the ledger and the policy, so that a place
can word its papers as it likes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import msgspec

from gui.i18n import _
from gui.wording import names
from gui.wording.because import reason_text
from gui.wording.capital import capital
from gui.wording.steps import deadline_text, step_text
from gui.wording.templates import NAMED, in_order, shaped
from gui.wording.units import amount, listed
from storage.errors import KnownError
from storage.policy import mask
from storage.policy.consequences import if_not
from storage.policy.model import Policy
from storage.policy.reasons import citation
from storage.queries.cards import HouseholdCard, PersonCard, facts_of, is_unpaid, needs_help

Whom = Literal["all", "unpaid", "refused", "help", "advanced", "refund"]
_GAP = "　"


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a paper: words, a table of people (columns), or lines to sign on."""

    text: str = ""
    style: Literal["text", "strong", "small"] = "text"
    table: tuple[str, ...] = ()
    sign: tuple[str, ...] = ()


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper: one for each household or person of those it is for; ``size`` is how much of an A4 one takes."""

    code: str
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
class Paper:
    """A paper filled in, for one household or person."""

    title: str
    parts: tuple[Words | Table | Signs, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for every paper of a batch."""

    policy: Policy
    village: str
    today: date
    masked: bool = True


def templates() -> list[Template]:
    """All papers there are, in order. Raises KnownError paper.invalid (file, why)."""
    return in_order("papers", parse)


@cache
def parse(text: str, name: str) -> Template:
    """Return the template a file describes. Raises KnownError paper.invalid (file, why)."""
    template = shaped(text, name, Template)
    known = _PERSON | _COMMON if template.per == "person" else _HOUSEHOLD | _COMMON
    asked = {word for block in template.blocks for word in _words_of(block)} | set(
        NAMED.findall(template.title)
    )
    for word in sorted(asked - known):
        raise KnownError("paper.invalid", file=name, why=f"{{{word}}}")
    for column in sorted({column for block in template.blocks for column in block.table} - _columns().keys()):
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
    values = {**_common(ground), **_of_household(ground, home, people)}
    if template.per == "person":
        values |= _of_person(ground, people[0])
    parts = tuple(_part(block, ground, people, values) for block in template.blocks)
    return Paper(template.title.format_map(values), parts, len(people))


def _part(
    block: Block, ground: Ground, people: Sequence[PersonCard], values: Mapping[str, str]
) -> Words | Table | Signs:
    if block.table:
        rows = tuple(tuple(_cell(ground, column, card) for column in block.table) for card in people)
        return Table(tuple(_columns()[column] for column in block.table), rows)
    if block.sign:
        return Signs(tuple(label.format_map(values) for label in block.sign))
    return Words(block.text.format_map(values), block.style)


# ---- values

_COMMON = frozenset(
    "village year today opens closes premium channels benefit_starts benefit_ends late basis".split()
)
_HOUSEHOLD = frozenset("head place count names total total_words deadline refund_total refund_words".split())
_PERSON = _HOUSEHOLD | frozenset(
    "name id phone due due_words own refund aid help consequences advanced_by paid_on amount amount_words "
    "channel".split()
)


def _common(ground: Ground) -> dict[str, str]:
    policy, day = ground.policy, date.isoformat
    cites = (policy.window.cite, policy.personal_cite, policy.waiting.cite)
    return {
        "village": ground.village,
        "year": str(policy.year),
        "today": day(ground.today),
        "opens": day(policy.window.start),
        "closes": day(policy.window.end),
        "premium": amount(policy.personal_fen),
        "channels": listed([channel.name for channel in policy.channels if channel.code != "other"]),
        "benefit_starts": day(policy.benefit.start),
        "benefit_ends": day(policy.benefit.end),
        "late": late(policy),
        "basis": "；".join(dict.fromkeys(citation(policy, cite) for cite in cites)),
    }


def late(policy: Policy) -> str:
    """What happens to whoever pays after the window, "" where nothing does."""
    months = policy.waiting.late_months
    words = _("Whoever pays later waits {months} months; costs in that time are not reimbursed.")
    return words.format(months=months) if months else ""


def last_day(policy: Policy, people: Sequence[PersonCard]) -> date:
    """The first of the days by which these people have something to do, else the window's last."""
    return min((card.step.deadline for card in people if card.step.deadline), default=policy.window.end)


def _of_household(ground: Ground, home: HouseholdCard, people: Sequence[PersonCard]) -> dict[str, str]:
    household = home.household
    total = sum(card.due.pay_now_fen for card in people if card.person.paid == "none")
    back = sum(card.due.refund_fen for card in people)
    where = (household.group, household.number, household.lane, household.address)
    return {
        "head": home.head_name,
        "place": " ".join(part for part in where if part),
        "count": str(len(people)),
        "names": listed([card.person.name for card in people]),
        "total": amount(total),
        "total_words": capital(total),
        "deadline": last_day(ground.policy, people).isoformat(),
        "refund_total": amount(back),
        "refund_words": capital(back),
    }


def _of_person(ground: Ground, card: PersonCard) -> dict[str, str]:
    person, due, policy = card.person, card.due, ground.policy
    facts = facts_of(person)
    advanced = next((claim for claim in person.claims if claim.advanced_by), None)
    paid_on = advanced.paid_on if advanced else person.paid_on
    blank = "____________"
    told = [reason_text(policy, reason) for reason in if_not(policy, facts, ground.today)]
    aid = _("({money} yuan of it come back)").format(money=amount(due.refund_fen)) if due.refund_fen else ""
    return {
        "name": person.name,
        "id": _id(ground, card),
        "phone": _phone(ground, card),
        "due": amount(due.pay_now_fen),
        "due_words": capital(due.pay_now_fen),
        "own": amount(due.own_fen),
        "refund": amount(due.refund_fen),
        "aid": aid,
        "help": names.help_reason(policy, person.need) or _("circumstances"),
        "consequences": "\n".join(f"{_GAP}{_GAP}{number}. {text}" for number, text in enumerate(told, 1)),
        "advanced_by": advanced.advanced_by if advanced else blank,
        "paid_on": paid_on.isoformat() if paid_on else blank,
        "amount": amount(advanced.amount if advanced else person.amount),
        "amount_words": capital(advanced.amount if advanced else person.amount),
        "channel": names.channel(policy, advanced.channel if advanced else None) or blank,
    }


# ---- columns


def _columns() -> dict[str, str]:
    """The columns a table may have, by code."""
    return {
        "name": _("Name"),
        "sex": _("Sex"),
        "id": _("ID number"),
        "phone": _("Phone"),
        "groups": _("Subsidy group"),
        "due": _("To pay (yuan)"),
        "refund": _("Comes back (yuan)"),
        "paid": _("Paid (yuan)"),
        "payer": _("Paid or laid out by"),
        "received": _("Received (yuan)"),
        "deadline": _("Pay by"),
        "todo": _("What to do"),
    }


def _cell(ground: Ground, column: str, card: PersonCard) -> str:
    person, policy = card.person, ground.policy
    match column:
        case "name":
            return person.name
        case "sex":
            return names.sex(person.sex)
        case "id":
            return _id(ground, card)
        case "phone":
            return _phone(ground, card)
        case "groups":
            return listed([names.short_group(code) for code in person.groups]) or _("none")
        case "due":
            return amount(card.due.pay_now_fen)
        case "refund":
            return amount(card.due.refund_fen) if card.due.refund_fen else "—"
        case "paid":
            return amount(person.amount)
        case "payer":
            return next(
                (one.advanced_by or one.payer for one in person.claims if one.advanced_by or one.payer), ""
            )
        case "deadline":
            return deadline_text(card, ground.today)
        case "todo":
            return step_text(policy, card)
    return ""  # received: written by hand


def _id(ground: Ground, card: PersonCard) -> str:
    number = card.person.id_number
    return mask.id_number(number) if ground.masked else number


def _phone(ground: Ground, card: PersonCard) -> str:
    phone = card.person.phone
    return mask.phone(phone) if ground.masked else phone
