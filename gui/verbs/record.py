"""Recording what people did or need, and taking it back."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from gui import wording
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.verbs.who import Meant, meant
from storage.commands import facts, payments
from storage.commands.payments import Payment
from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from storage.policy.model import Policy
from storage.queries.people import Claim

_YUAN = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class _Job:
    """What a fact is recorded from."""

    session: Session
    ledger: Ledger
    policy: Policy
    people: Sequence[Meant]

    @property
    def records(self) -> list[str]:
        return [one.card.person.record for one in self.people]


def record(session: Session) -> int:
    """Record one fact for everybody named; all or none."""
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        people = meant(session, ledger, policy)
        changes = _FACTS[session.options.fact](_Job(session, ledger, policy, people))
    named = [
        {
            "name": one.card.person.name,
            "id": wording.id_number(one.card.person.id_number),
            "household": one.household.household.number,
            "row": one.row,
        }
        for one in people
    ]
    entries = len(changes.oids)
    data = {"fact": session.options.fact, "changed": entries, "people": named}
    who = _(", ").join(one.card.person.name for one in people)
    told = _("{who}: recorded") if entries else _("{who}: that was recorded already")
    session.give(data, [told.format(who=who)])
    return DONE


def _paid(job: _Job) -> Changes:
    options = job.session.options
    amount = fen(options.amount) if options.amount is not None else None
    paid_on = job.session.date(options.date)
    channel = choice(job.policy.channels, options.channel)
    wanted = {}
    for one in job.people:
        due = one.card.due.pay_now_fen
        if amount is None and due == 0:
            raise KnownError("payment.nothing_due", name=one.card.person.name)
        wanted[one.card.person.record] = Payment(
            due if amount is None else amount,
            paid_on,
            channel,
            options.receipt,
            options.payer,
            options.advanced_by,
        )
    return payments.record_each(job.ledger, wanted, year=job.policy.year, today=job.session.today)


def _void(job: _Job) -> Changes:
    """Void one payment of each person; all are found before the first is voided."""
    found = [_one_claim(job, one) for one in job.people]
    reason = job.session.options.reason
    oids: tuple[bytes, ...] = ()
    for claim in found:
        oids += payments.void(job.ledger, claim.record, reason).oids
    return Changes({}, oids)


def _one_claim(job: _Job, one: Meant) -> Claim:
    options = job.session.options
    amount = fen(options.amount) if options.amount is not None else None
    paid_on = job.session.date(options.date) if options.date else None
    claims = [
        claim
        for claim in one.card.person.claims
        if not claim.confirmed
        and (not options.receipt or claim.receipt == options.receipt)
        and (paid_on is None or claim.paid_on == paid_on)
        and (amount is None or claim.amount == amount)
    ]
    if not claims:
        raise KnownError("payment.none", name=one.card.person.name)
    if len(claims) > 1:
        raise KnownError("payment.several", name=one.card.person.name, count=len(claims))
    return claims[0]


def _credential(job: _Job) -> Changes:
    if job.session.options.withdraw:
        return facts.credential_withdrawn(job.ledger, job.records)
    options, today = job.session.options, job.session.today
    on, holder = job.session.date(options.date), ""
    if options.holder_row:
        people = job.people[0].household.people
        if not 1 <= options.holder_row <= len(people):
            number = job.people[0].household.household.number
            raise KnownError("find.no_row", text=number, count=len(people), row=options.holder_row)
        holder = people[options.holder_row - 1].person.record
    return facts.credential(job.ledger, job.records, options.way, on=on, today=today, holder=holder)


def _assist(job: _Job) -> Changes:
    options, year = job.session.options, job.policy.year
    if options.withdraw:
        return facts.assistance_withdrawn(job.ledger, job.records, year)
    reason = choice(job.policy.assistance_reasons, options.reason)
    on = job.session.date(options.date) if options.date else None
    return facts.assistance(
        job.ledger, job.records, reason, what=options.what, on=on, note=options.note, year=year
    )


def _not_insured(job: _Job) -> Changes:
    options, year = job.session.options, job.policy.year
    if options.withdraw:
        return facts.absence_withdrawn(job.ledger, job.records, year)
    reason = choice(job.policy.reasons, options.reason)
    on = job.session.date(options.date) if options.date else None
    return facts.absence(job.ledger, job.records, reason, note=options.note, on=on, year=year)


def _new(job: _Job) -> Changes:
    new = not job.session.options.withdraw
    return facts.new_enrollee(job.ledger, job.records, job.policy.year, new=new)


def _group(job: _Job) -> Changes:
    options, year = job.session.options, job.policy.year
    group = choice(job.policy.groups, options.group)
    if options.withdraw:
        return facts.grant_withdrawn(job.ledger, job.records, group, year)
    since = job.session.date(options.date) if options.date else None
    return facts.grant(job.ledger, job.records, group, source=options.note, since=since, year=year)


_FACTS: dict[str, Callable[[_Job], Changes]] = {
    "paid": _paid,
    "void": _void,
    "credential": _credential,
    "assist": _assist,
    "not-insured": _not_insured,
    "new": _new,
    "group": _group,
}


class Named(Protocol):
    """What has a code and a name."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


def choice(entries: Sequence[Named], text: str) -> str:
    """The code of the entry whose code or name was typed, or the only one whose name holds it; "" for nothing."""
    wanted = text.strip()
    if not wanted:
        return ""
    whole = [entry.code for entry in entries if wanted in (entry.code, entry.name)]
    part = [entry.code for entry in entries if wanted in entry.name]
    found = whole or part
    if len(found) != 1:
        raise WrongUse(
            "use.no_choice", text=text, choices=[f"{entry.code} {entry.name}" for entry in entries]
        )
    return found[0]


def fen(text: str) -> int:
    """Yuan as typed, in fen; WrongUse use.amount."""
    match = _YUAN.fullmatch(text.strip())
    if match is None:
        raise WrongUse("use.amount", text=text)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
