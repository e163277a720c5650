"""Why a person has to do what: one sentence a villager understands, what-if, and the message for a WeChat group.

The sentence speaks to the household (您家其其格属低保，12月25日前先缴400元…). What a message says is built from
codes, days and amounts alone; of the person it takes only the name, without figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from gui.i18n import _
from gui.wording import names, spoken
from gui.wording.disputes import PAYMENT, is_open
from gui.wording.units import listed, money, sentences
from storage.policy import mask
from storage.policy.answer import Answer, answer
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.next_step import special_deadline
from storage.policy.states import posting
from storage.policy.window import Waiting, newborn_catches_up, waiting
from storage.queries.people import Person

_TELLING = (*PAYMENT, "subsidy.grant", "resident.identity")
"""Registers an answer stands on."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person on one day with what the rules answer; ``pay_on`` is the day asked about, None without one.

    ``masked`` leaves of the name its first character.
    """

    policy: Policy
    person: Person
    facts: PersonFacts
    today: date
    answer: Answer
    pay_on: date | None = None
    masked: bool = False

    @property
    def payable(self) -> bool:
        """Whether there is something to pay, so that a day of payment can be asked about."""
        return not self.person.counted_in and self.answer.owing and self.answer.due.pay_now_fen > 0


def case_of(
    policy: Policy,
    person: Person,
    facts: PersonFacts,
    today: date,
    *,
    pay_on: date | None = None,
    masked: bool = False,
) -> Case:
    """What the rules answer for a person on ``today``, and if they pay on ``pay_on``."""
    return Case(policy, person, facts, today, answer(policy, facts, today, pay_on), pay_on, masked)


def sentence(case: Case) -> str:
    """The whole answer in one sentence."""
    if case.person.counted_in:
        told = _("{name} counts in {village}, which looks after the payment")
        village = names.village(case.person.counted_in)
        return _end([told.format(name=who(case), village=village)])
    return _SAID[case.answer.state.code](case)


def what_if(case: Case) -> str:
    """What it means to pay on the day asked about, "" where no day was asked about or nobody pays any more."""
    if case.pay_on is None or not case.payable:
        return ""
    day, wait, policy = spoken.day(case.pay_on, case.today), case.answer.wait, case.policy
    if case.pay_on < policy.window.start:
        opens = spoken.day(policy.window.start, case.today)
        return _end(
            [_("On {day} nobody can pay yet: the window opens on {opens}").format(day=day, opens=opens)]
        )
    if case.pay_on > policy.benefit.end and not newborn_catches_up(policy, case.facts.birth, case.pay_on):
        told = _("On {day} the insurance year {year} is over: nothing can be paid for it any more")
        return _end([told.format(day=day, year=policy.year)])
    return _end([_("If paid on {day}").format(day=day), *_cover(case, wait)])


def message(case: Case, sender: str = "") -> str:
    """The words to copy for WeChat: sentence, what-if, document; never a number of a person.

    ``sender`` is the place that asks back, such as the village.
    """
    lines = [_("[Resident medical insurance {year}]").format(year=case.policy.year) + sentence(case)]
    lines.append(what_if(case))
    lines.append(_documents(case))
    if is_open(case.person.unsettled, *_TELLING):
        lines.append(_("(entries disagree; being checked)"))
    if case.policy.example:
        lines.append(_("(example policy, not in force anywhere)"))
    if sender:
        ask = _("Questions? Ask the medical-insurance contact of {place}.")
        lines.append(ask.format(place=spoken.person_name(sender)))
    return mask.numbers("\n".join(line for line in lines if line))


def who(case: Case) -> str:
    """The person as the household is told: 您家其其格."""
    name = shown_name(case)
    return _("{name} of your household").format(name=name) if name else _("somebody of your household")


def shown_name(case: Case) -> str:
    """The name as it is said, "" without one."""
    return spoken.person_name(case.person.name, masked=case.masked)


# ---- one sentence for each state


def _end(clauses: list[str], after: str = "") -> str:
    """Clauses as one sentence; what comes ``after`` stands behind a semicolon."""
    return _("{sentence}.").format(sentence=sentences([listed(clauses), after]))


def _gone(case: Case) -> str:
    told = _("{name} is recorded as {absence}: nothing to pay here")
    return _end([told.format(name=who(case), absence=_absence(case))])


def _confirmed(case: Case) -> str:
    return _end([_has_paid(case), _("which has been posted"), *_covered(case)], _after_paying(case))


def _posting(case: Case) -> str:
    by = posting(case.policy, case.facts)[0]  # not the step's day: that may be the e-credential's
    waits = _("not posted yet, no need to pay again")
    if by is not None:
        waits = _("to be posted by about {day}, no need to pay again").format(day=spoken.day(by, case.today))
    return _end([_has_paid(case), waits], _after_paying(case))


def _overdue(case: Case) -> str:
    told = _("not posted long after that: bring the receipt, so that it can be looked into")
    return _end([_has_paid(case), told], _back_later(case))


def _undated(case: Case) -> str:
    told = _("nobody wrote down when: bring the receipt, so that it can be added")
    return _end([_has_paid(case), told], _back_later(case))


def _over(case: Case) -> str:
    told = _("{name} did not pay for {year}, and that year is over: look to the next one")
    return _end([told.format(name=who(case), year=case.policy.year)])


def _refused(case: Case) -> str:
    told = _("{name} is recorded as {absence}; paying is voluntary").format(
        name=who(case), absence=_absence(case)
    )
    return _end([told], _("who thinks again can still pay: {how}").format(how=_how(case)))


def _unreachable(case: Case) -> str:
    told = _("{name} is recorded as {absence}").format(name=who(case), absence=_absence(case))
    return _end([told], _("once found: {how}").format(how=_how(case)))


def _before(case: Case) -> str:
    opens = _("the window opens on {day}").format(day=spoken.day(case.policy.window.start, case.today))
    return _end([_named(case), opens, *_paying(case)], _otherwise(case))


def _open(case: Case) -> str:
    return _end([_named(case), *_paying(case)], _otherwise(case))


def _late(case: Case) -> str:
    closed = _("the window closed on {day}").format(day=spoken.day(case.policy.window.end, case.today))
    if case.answer.step.code == "register_newborn":
        return _end([_named(case), *_paying(case)])
    return _end([_named(case), closed, *_paying(case)], _late_cover(case))


_SAID: dict[str, Callable[[Case], str]] = {
    "departed": _gone,
    "elsewhere": _gone,
    "explained": _gone,
    "confirmed": _confirmed,
    "posting": _posting,
    "overdue": _overdue,
    "undated": _undated,
    "over": _over,
    "refused": _refused,
    "unreachable": _unreachable,
    "before": _before,
    "open": _open,
    "late": _late,
}


# ---- its clauses


def _absence(case: Case) -> str:
    return names.absence(case.policy, case.person.absence)


def _named(case: Case) -> str:
    """Who it is and what they are: 您家其其格属低保."""
    groups = [spoken.group(case.policy, code) for code in case.person.groups]
    if not groups:
        return who(case)
    told = _("{name} belongs to {groups}").format(name=who(case), groups=_("/").join(groups))
    best = case.answer.due.group
    if best and len(groups) > 1 and case.policy.highest_only:
        highest = _("{told} (the highest counts: {group})")
        return highest.format(told=told, group=spoken.group(case.policy, best))
    return told


def _paying(case: Case) -> list[str]:
    """What to do by when, and who pays which part."""
    step, due = case.answer.step, case.answer.due
    if due.pay_now_fen == 0:
        return [_free(case)]
    now = money(due.pay_now_fen)
    by = _by(case)
    first = {
        "register_newborn": _("as a newborn register and pay {now}"),
        "register": _("register first, then pay {now}"),
    }.get(step.code, _("pay {now} first") if due.refund_fen else _("pay {now}"))
    clauses = [by.format(what=first.format(now=now)), *_shares(case)]
    if step.code == "register_newborn":
        clauses += _newborn(case)
    if step.code == "pay_with_help" or (case.person.need and step.code in ("register", "register_newborn")):
        reason = names.help_reason(case.policy, case.person.need)
        clauses.append(_("{why}: the contact helps to pay").format(why=reason))
    return clauses


def _newborn(case: Case) -> list[str]:
    """From when the premium covers a newborn: from birth, or only the new year where each year has its own."""
    wait = waiting(case.policy, case.today, case.facts)
    if wait.covered_from is None or case.facts.birth is None or wait.covered_from <= case.facts.birth:
        return [_("which covers from birth")]
    clauses = [_("costs are reimbursed from {day} on").format(day=spoken.day(wait.covered_from, case.today))]
    if any(reason.code == "newborn_year_before" for reason in wait.reasons):
        before = _("for the days before, the {year} premium is needed too")
        clauses.append(before.format(year=case.policy.year - 1))
    return clauses


def _by(case: Case) -> str:
    """The frame of what to do with its last day: 12月25日前{what}; a day that has passed is not named."""
    policy, state = case.policy, case.answer.state.code
    last = case.answer.step.deadline
    if state == "before":
        last = special_deadline(policy, case.facts)
    if last is None or last < case.today:
        last = policy.window.end
    if last < case.today or (state == "late" and last >= policy.benefit.end):
        return _("can still {what}")
    return _("by {day} {what}").format(day=spoken.day(last, case.today), what="{what}")


def _shares(case: Case) -> list[str]:
    """Who pays which part of the premium."""
    due = case.answer.due
    advanced = due.subsidy_fen - due.refund_fen
    clauses = []
    if advanced:
        clauses.append(_("{aid} more is paid by {payer}").format(aid=money(advanced), payer=_payer(case)))
    if due.refund_fen:
        clauses.append(_("{back} comes back later").format(back=money(due.refund_fen)))
        own = _("{own} is the own share").format(own=money(due.own_fen))
        clauses.append(own if due.own_fen else _("in the end it costs nothing"))
    if not clauses and any(reason.code == "subsidy_unknown" for reason in due.reasons):
        clauses.append(_("how much is subsidised the documents at hand do not say"))
    return clauses


def _free(case: Case) -> str:
    due = case.answer.due
    if due.subsidy_fen:
        told = _("nothing to pay, {aid} is paid by {payer}")
        return told.format(aid=money(due.subsidy_fen), payer=_payer(case))
    return _("nothing to pay again")


def _payer(case: Case) -> str:
    """Who pays the subsidy: the department of the group that counts, else the public purse."""
    group = case.policy.group(case.answer.due.group or "")
    return group.department if group and group.department else _("the public purse")


def _how(case: Case) -> str:
    """What to pay by when, for somebody who need not be urged."""
    parts = _paying(case)
    tail = _otherwise(case) if case.today <= case.policy.window.end else _late_cover(case)
    return listed([*parts, tail])


def _otherwise(case: Case) -> str:
    """What paying too late would mean, "" for who pays nothing or loses nothing by it.

    Whoever waits even in the window, for lapsed years, is told that wait: it runs from the day of payment.
    """
    inside = case.policy.window.start <= case.today <= case.policy.window.end
    if inside and waiting(case.policy, case.today, case.facts).months:
        return _late_cover(case)
    late = next((reason for reason in case.answer.if_not if reason.code in _TOO_LATE), None)
    first = late.params.get("paid_on") if late else None
    if late is None or not isinstance(first, date):
        return ""
    day = spoken.day(first - timedelta(days=1), case.today)
    if late.code == "late_waits":
        told = _("paid after {day}, nothing is reimbursed for {months} months")
        return told.format(day=day, months=late.params["months"])
    if late.code == "no_cover_this_year":
        told = _("paid after {day}, nothing is reimbursed any more in {year}")
        return told.format(day=day, year=case.policy.year)
    return _("paid after {day}, reimbursement begins only on the day of payment").format(day=day)


_TOO_LATE = ("late_waits", "no_cover_this_year", "late_covers_from_payment")
"""Reasons that tell what the first day too late (``paid_on``) brings."""


def _late_cover(case: Case) -> str:
    """From when somebody who pays today is covered."""
    if case.answer.due.pay_now_fen == 0:
        return ""
    wait = waiting(case.policy, case.today, case.facts)
    return listed([_("paid today"), *_cover(case, wait)])


def _cover(case: Case, wait: Waiting) -> list[str]:
    """The waiting period with its days, and from when costs are reimbursed."""
    year = case.policy.year
    if wait.covered_from is None:
        return [
            _("the waiting period ends after the year: nothing is reimbursed in {year}").format(year=year)
        ]
    beside = wait.starts or case.today  # later days need no year of their own
    begins = _("costs are reimbursed from {day} on").format(day=spoken.day(wait.covered_from, beside))
    if not wait.months or wait.starts is None or wait.ends is None:
        return [_("no waiting"), begins]
    told = _("{months} months of waiting ({first} to {last}, not reimbursed)")
    first, last = spoken.day(wait.starts, case.today), spoken.day(wait.ends, beside)
    return [told.format(months=wait.months, first=first, last=last), begins]


# ---- those who have paid


def _has_paid(case: Case) -> str:
    amount, on = case.person.amount, case.person.paid_on
    if on is None:
        return _("{name} paid {amount}").format(name=who(case), amount=money(amount))
    told = _("{name} paid {amount} on {day}")
    return told.format(name=who(case), amount=money(amount), day=spoken.day(on, case.today))


def _covered(case: Case) -> list[str]:
    covers = case.answer.covers
    if covers is None:
        return []
    told = _("costs are reimbursed from {first} to {last}")
    same = covers.first.year == covers.last.year
    last = spoken.day(covers.last, covers.last) if same else spoken.whole_day(covers.last)
    return [told.format(first=spoken.whole_day(covers.first), last=last)]


def _back_later(case: Case) -> str:
    due = case.answer.due
    if not due.refund_fen:
        return ""
    told = _("as {group}, {back} comes back")
    group = spoken.group(case.policy, due.group or "")
    return told.format(group=group, back=money(due.refund_fen))


def _after_paying(case: Case) -> str:
    """What is still to come or to do: the refund, the e-credential."""
    step = case.answer.step.code
    credential = ""
    if step == "activate_credential":
        credential = _("the e-credential is still to be activated")
    elif step == "bind_family":
        credential = _("the e-credential is still to be bound to a parent's account")
    return sentences([_asked_back(case), _back_later(case), credential])


def _asked_back(case: Case) -> str:
    """Whether the premium comes back to who has paid and is recorded as insured elsewhere 退费."""
    refund, starts = case.answer.refund, case.policy.benefit.start
    if refund is None or refund.verdict == "unknown":
        return ""
    if refund.verdict in ("in_principle_no", "no"):
        return _("recorded as {absence} as well: in principle nothing comes back").format(
            absence=_absence(case)
        )
    if case.today >= starts:
        told = _("recorded as {absence} as well: {back} can be asked back")
        return told.format(absence=_absence(case), back=money(refund.fen))
    told = _("recorded as {absence} as well: before {day} {back} can be asked back")
    return told.format(absence=_absence(case), day=spoken.day(starts, case.today), back=money(refund.fen))


def _documents(case: Case) -> str:
    """The documents of plan or government behind it, by name; what is only assumed is not sent as a basis."""
    keys = dict.fromkeys(cite.source for cite in case.answer.sources())
    found = [case.policy.source(key) for key in keys]
    told = [source.document for source in found if source.grade in ("plan", "government")]
    return _("Basis: {documents}").format(documents=listed(told)) if told else ""
