"""What to do next for a person and why to go there, in a few words for a table cell or a printed row."""

from collections.abc import Callable
from datetime import date

from gui.i18n import _
from gui.wording import names
from gui.wording.units import NOTHING, money, month_day, sentences, short_day
from storage.policy.model import Policy
from storage.policy.next_step import special_deadline
from storage.queries.cards import PersonCard, facts_of, is_unpaid


def step_text(policy: Policy, card: PersonCard) -> str:
    """The one next step of a person: 先缴 400 元，退补 350 元；没有智能手机，帮办代缴."""
    return _STEPS[card.step.code](policy, card)


def deadline_text(card: PersonCard, today: date) -> str:
    """The last day for the next step, a dash where there is none."""
    return short_day(card.step.deadline, today) if card.step.deadline else NOTHING


def due_text(card: PersonCard) -> str:
    """What the person pays, and what comes back or is paid for them."""
    due = card.due
    if due.pay_now_fen == 0:
        return _("pays nothing")
    if due.refund_fen:
        return _("pay {now} first, {back} comes back").format(
            now=money(due.pay_now_fen), back=money(due.refund_fen)
        )
    if due.subsidy_fen:
        return _("pay {now} ({aid} is paid by the office)").format(
            now=money(due.pay_now_fen), aid=money(due.subsidy_fen)
        )
    return _("pay {now}").format(now=money(due.pay_now_fen))


def why_text(policy: Policy, card: PersonCard) -> str:
    """Why this person is on a visit list and what to do: 低保，12-25 前须缴；先缴 400 元，退补 350 元；没有智能手机."""
    person = card.person
    parts = [_identity(policy, card), step_text(policy, card)]
    if is_unpaid(card) and person.need and card.step.code != "pay_with_help":
        parts.append(_help(policy, card))
    if person.absence and card.step.code == "find":
        parts.append(names.absence(policy, person.absence))
    if person.need_what:
        parts.append(person.need_what)
    if person.need_on:
        parts.append(_("agreed for {day}").format(day=month_day(person.need_on)))
    if person.doubt:
        parts.append(_("check the ID number"))
    return sentences(list(dict.fromkeys(parts)))


def _identity(policy: Policy, card: PersonCard) -> str:
    """The aided groups a person belongs to, with the day by which they must be complete."""
    groups = _("/").join(names.short_group(code) for code in card.person.groups)
    deadline = special_deadline(policy, facts_of(card.person))
    if groups and deadline and is_unpaid(card):
        return _("{groups}, to be paid by {day}").format(groups=groups, day=month_day(deadline))
    return groups


def _help(policy: Policy, card: PersonCard) -> str:
    return names.help_reason(policy, card.person.need)


def _pay(policy: Policy, card: PersonCard) -> str:
    parts = [due_text(card)]
    months = card.step.params.get("waiting_months")
    if isinstance(months, int) and months:
        parts.append(_("{months} months of waiting").format(months=months))
    return sentences(parts)


def _pay_with_help(policy: Policy, card: PersonCard) -> str:
    return sentences([_pay(policy, card), _("{why}: pay for them").format(why=_help(policy, card))])


def _register(policy: Policy, card: PersonCard) -> str:
    return _("register first, then {pay}").format(pay=_pay(policy, card))


def _register_newborn(policy: Policy, card: PersonCard) -> str:
    by = month_day(card.step.deadline) if card.step.deadline else NOTHING
    begins, birth = card.step.params.get("covered_from"), card.person.birth
    if isinstance(begins, date) and birth is not None and begins > birth:  # the premium of its year alone
        return _("newborn: register and pay by {day}").format(day=by)
    return _("newborn: register and pay by {day}, covered from birth").format(day=by)


def _resume(policy: Policy, card: PersonCard) -> str:
    return _("let the resident insurance run again, nothing to pay again")


def _await_advance(policy: Policy, card: PersonCard) -> str:
    group = policy.group(card.due.group or "")
    if group is None or not group.department:
        return _("paid by the office, nothing to pay")
    return _("paid by {department}, nothing to pay").format(department=group.department)


def _check_posting(policy: Policy, card: PersonCard) -> str:
    receipt = next((claim.receipt for claim in card.person.claims if claim.receipt), "")
    if card.step.deadline is None:
        return _("add the date of payment")
    text = _("should have been posted by {day}: check the receipt").format(day=month_day(card.step.deadline))
    return _("{text} {number}").format(text=text, number=receipt) if receipt else text


def _activate(policy: Policy, card: PersonCard) -> str:
    return _("help to activate the e-credential") if card.person.need else _("activate the e-credential")


def _wait_posting(policy: Policy, card: PersonCard) -> str:
    if card.step.deadline is None:
        return _("wait for posting")
    return _("wait for posting, by about {day}").format(day=month_day(card.step.deadline))


def _wait_window(policy: Policy, card: PersonCard) -> str:
    return _("pay from {day} on").format(day=month_day(policy.window.start))


def _explained(policy: Policy, card: PersonCard) -> str:
    return _("not insured here: {why}").format(why=names.absence(policy, card.person.absence))


def _none(policy: Policy, card: PersonCard) -> str:
    return _explained(policy, card) if card.person.absence else _("nothing to do")


_STEPS: dict[str, Callable[[Policy, PersonCard], str]] = {
    "register_newborn": _register_newborn,
    "resume": _resume,
    "register": _register,
    "await_advance": _await_advance,
    "pay_with_help": _pay_with_help,
    "pay": _pay,
    "find": lambda policy, card: _("find out where this person is"),
    "check_posting": _check_posting,
    "activate_credential": _activate,
    "bind_family": lambda policy, card: _("bind to a parent's family account"),
    "wait_posting": _wait_posting,
    "wait_window": _wait_window,
    "refused": lambda policy, card: _("declined, informed; no further urging"),
    "explained": _explained,
    "over": lambda policy, card: _("payment for this year is over"),
    "none": _none,
}
