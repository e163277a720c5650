"""Refunds and laid-out money in words: where they stand, what is wrong, how long they wait, and what is refused."""

from collections.abc import Mapping

from gui.i18n import _
from gui.wording import names
from gui.wording.units import amount, listed
from storage.policy.model import Policy
from storage.policy.money import SUBSIDY
from storage.queries.money import Agreement


def stage(code: str) -> str:
    """Where a refund stands."""
    words = {
        "due": _("due, not applied for"),
        "applied": _("applied for"),
        "received": _("received from finance"),
        "handed": _("handed over"),
        "signed": _("signed for"),
        "closed": _("settled in full"),
        "refused": _("not granted"),
    }
    return words.get(code, code)


def step(code: str) -> str:
    """What is recorded of a refund."""
    words = {
        "applied": _("The application"),
        "refused": _("The refusal"),
        "received": _("What finance paid"),
        "handed": _("The handing over"),
        "signed": _("The signature"),
    }
    return words.get(code, code)


def loan_stage(code: str) -> str:
    """Where laid-out money stands."""
    words = {"open": _("not back"), "part": _("partly back"), "settled": _("fully back")}
    return words.get(code, code)


def laid_for(code: str) -> str:
    """What money was laid out for."""
    words = {"payment": _("premium"), "refund": _("refund")}
    return words.get(code, code)


def age(code: str) -> str:
    """A band of the ageing table."""
    words = {
        "d30": _("up to 30 days"),
        "d90": _("31–90 days"),
        "d180": _("91–180 days"),
        "d365": _("181 days to a year"),
        "older": _("over a year"),
        "undated": _("day not known"),
    }
    return words.get(code, code)


def ageing(found: Mapping[str, tuple[int, int]]) -> str:
    """How much waits in each band, those with nothing left out."""
    told = _("{age} {count} for {fen} yuan")
    parts = [
        told.format(age=age(code), count=count, fen=amount(fen))
        for code, (count, fen) in found.items()
        if count
    ]
    return listed(parts)


def problem(code: str) -> str:
    """What is wrong with a refund or with laid-out money."""
    words = {
        "refused_received": _("marked as refused, yet finance paid"),
        "received_more": _("finance paid more than is due"),
        "received_less": _("finance paid less than is due"),
        "handed_more": _("more handed over than is due"),
        "handed_less": _("less handed over than came in"),
        "handed_unfunded": _("handed over, but finance has not paid and nobody is named who laid it out"),
        "handed_early": _("handed over before finance paid"),
        "signed_unhanded": _("signed for, but nothing was handed over"),
        "signed_early": _("signed for before it was handed over"),
        "settled_more": _("more came back than was laid out"),
        "settled_unfunded": _("paid back to whoever laid it out before finance paid"),
        "due_differs": _("the amount applied for is not what is due now"),
        "twice": _("recorded twice"),
        "disputed": _("entries about it disagree"),
        "nothing_laid": _("money came back, but nothing is laid out any more"),
    }
    return words.get(code, code)


def reason(policy: Policy, code: str) -> str:
    """Why money comes back."""
    if code == SUBSIDY:
        return _("subsidy paid afterwards")
    rule = policy.refund_rule(code)
    return rule.name if rule else names.absence(policy, code)


def mode(code: str) -> str:
    """How a group is helped."""
    words = {
        "advance": _("paid on their behalf"),
        "refund": _("pay first, refund later"),
        "unknown": _("the policy does not say"),
        "none": _("no subsidy"),
    }
    return words.get(code, code)


HOWS = ("cash", "transfer", "card")
"""Ways in which money is handed over; anything else is typed."""


def how(code: str) -> str:
    """How money was handed over or came back."""
    words = {
        "cash": _("in cash"),
        "transfer": _("by transfer"),
        "card": _("to the bank card"),
        "refund": _("out of the refund"),
    }
    return words.get(code, code)


def sentences() -> dict[str, str]:
    """What the rules about money refuse, by code."""
    return {
        "money.amount": _("The amount must be more than nothing (it is {amount})."),
        "money.why": _("Say why it was refused."),
        "money.batch": _("Give the number of the batch or voucher under which finance paid."),
        "money.batch_sum": _(
            "The people's amounts make {sum} yuan, the whole sum is {amount} yuan: they must agree to the fen."
        ),
        "money.batch_known": _("Batch {batch} is recorded already for {name}."),
        "money.already": _(
            "{step} is recorded already for {name}, in other words. If it is wrong, take it back first."
        ),
        "money.unknown": _(
            "There is no {id} among refunds and laid-out money. List them again to see their names."
        ),
        "use.no_refund": _("Say which refunds: their names as listed, --id-number, or --all."),
        "use.no_advance": _("Say which laid-out money: its names as listed, or --lender."),
        "use.one_amount": _("An amount can be given for one alone; others have what is due or open."),
        "money.by_refund": _(
            "This came back out of the refund. Take the handing over of the refund back instead."
        ),
        "money.moved": _(
            "Money came in or was handed over for this refund. Take these steps back first, the last one first."
        ),
        "money.settled_beyond": _("Of what {name} laid out, only {amount} yuan are not back yet."),
        "money.refused_received": _("{name}: finance paid what was refused. Take one of the two back first."),
        "money.handed_more": _("{name}: more would be handed over than is due."),
        "money.handed_unfunded": _(
            "{name}: finance has not paid this (or not so much). Say who laid the money out, or enter first what "
            "finance paid; what comes after is taken back first."
        ),
        "money.handed_early": _(
            "{name}: it would be handed over before finance paid. Say who laid it out, or put the day right."
        ),
        "money.signed_unhanded": _("{name}: nothing is handed over for which somebody could have signed."),
        "money.signed_early": _(
            "{name}: it would be signed for before it was handed over. Put the day right."
        ),
        "money.settled_more": _(
            "{name}: more would have come back than was laid out. Take back first what came back."
        ),
    }


def agreed(found: Agreement) -> str:
    """That people, rosters and departments come to one sum of subsidies that come back; where not, by how much not."""
    sums = {
        "people": amount(found.people_fen),
        "rosters": amount(found.rosters_fen),
        "departments": amount(found.departments_fen),
    }
    if found.closes:
        return _(
            "Person by person {people} = on rosters {rosters} = by department {departments} yuan"
        ).format(**sums)
    return _(
        "Does not agree: person by person {people}, on rosters {rosters}, by department {departments} yuan"
    ).format(**sums)
