"""What papers say of a household or a person: the values behind the names in braces, and the cells of their tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gui.i18n import _
from gui.wording import names, paying, spoken
from gui.wording.because import reason_text
from gui.wording.capital import capital
from gui.wording.steps import deadline_text, step_text
from gui.wording.units import amount, listed
from storage.policy import mask
from storage.policy.consequences import if_not
from storage.policy.model import Cite, Policy
from storage.policy.reasons import citation
from storage.queries.cards import HouseholdCard, PersonCard, facts_of

_GAP = "　"
_BLANK = "_" * 12


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for every paper of a batch."""

    policy: Policy
    village: str
    today: date
    masked: bool = True


COMMON = frozenset(
    "village year today opens closes premium channel channels how benefit_starts benefit_ends late basis".split()
)
HOUSEHOLD = frozenset(
    "head place count names total total_words deadline refund_total refund_words aid_basis".split()
)
PERSON = HOUSEHOLD | frozenset(
    "name id phone due due_words own refund aid help consequences advanced_by paid_on amount amount_words "
    "paid_by receipt".split()
)
"""The names a template may ask for, by what it is about."""


def of_all(ground: Ground) -> dict[str, str]:
    """What every paper may say: the village, the days and amounts of the policy, how to pay."""
    policy, day = ground.policy, spoken.whole_day
    cites = (policy.window.cite, policy.personal_cite, policy.waiting.cite)
    return {
        "village": ground.village,
        "year": str(policy.year),
        "today": day(ground.today),
        "opens": day(policy.window.start),
        "closes": day(policy.window.end),
        "premium": amount(policy.personal_fen),
        "channel": paying.channel(policy),
        "channels": paying.channels(policy),
        "how": paying.how(policy),
        "benefit_starts": day(policy.benefit.start),
        "benefit_ends": day(policy.benefit.end),
        "late": late(policy),
        "basis": _basis(policy, cites),
    }


def _basis(policy: Policy, cites: Sequence[Cite]) -> str:
    return "；".join(dict.fromkeys(citation(policy, cite) for cite in cites))


def late(policy: Policy) -> str:
    """What happens to whoever pays after the window, "" where nothing does."""
    months = policy.waiting.late_months
    words = _("Whoever pays later waits {months} months; costs in that time are not reimbursed.")
    return words.format(months=months) if months else ""


def last_day(ground: Ground, people: Sequence[PersonCard]) -> date:
    """The first day yet to come by which these people have something to do, else the window's last."""
    days = (card.step.deadline for card in people if card.step.deadline)
    return min((day for day in days if day >= ground.today), default=ground.policy.window.end)


def of_household(ground: Ground, home: HouseholdCard, people: Sequence[PersonCard]) -> dict[str, str]:
    """What a paper may say of a household and those of it the paper is for."""
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
        "deadline": spoken.whole_day(last_day(ground, people)),
        "refund_total": amount(back),
        "refund_words": capital(back),
        "aid_basis": _aid_basis(ground.policy, people),
    }


def _aid_basis(policy: Policy, people: Sequence[PersonCard]) -> str:
    """What the subsidies of these people rest on."""
    groups = [policy.group(card.due.group) for card in people if card.due.group]
    return _basis(policy, [group.cite for group in groups if group and group.cite])


def of_person(ground: Ground, card: PersonCard) -> dict[str, str]:
    """What a paper may say of one person; what nobody knows is a line to write on."""
    person, due, policy = card.person, card.due, ground.policy
    facts = facts_of(person)
    advanced = next((claim for claim in person.claims if claim.advanced_by), None)
    paid_on = advanced.paid_on if advanced else person.paid_on
    told = [spoken.with_days(reason_text(policy, reason)) for reason in if_not(policy, facts, ground.today)]
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
        "advanced_by": advanced.advanced_by if advanced else _BLANK,
        "paid_on": spoken.whole_day(paid_on) if paid_on else _BLANK,
        "amount": amount(advanced.amount if advanced else person.amount),
        "amount_words": capital(advanced.amount if advanced else person.amount),
        "paid_by": names.channel(policy, advanced.channel if advanced else None) or _BLANK,
        "receipt": (advanced.receipt if advanced else "") or _BLANK,
    }


# ---- columns


def columns() -> dict[str, str]:
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


def cell(ground: Ground, column: str, card: PersonCard) -> str:
    """What stands in a column for a person."""
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
