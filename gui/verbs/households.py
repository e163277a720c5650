"""A household at once, without a window: one payment, one phone, one visit; its head, who moves, who parts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from gui import wording
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.record import choice, fen
from gui.verbs.session import Session, WrongUse
from gui.verbs.who import door
from gui.wording.together import left_out_text
from storage.commands import households, payments
from storage.commands.households import NewHome
from storage.commands.payments import Payment
from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from storage.policy.kinship import Relation, anew, by_themselves
from storage.policy.model import Policy
from storage.queries.cards import HouseholdCard, PersonCard, kin_of
from storage.queries.together import together


@dataclass(frozen=True, slots=True)
class _Job:
    """What is done to a household."""

    session: Session
    ledger: Ledger
    policy: Policy
    home: HouseholdCard

    def rows(self, numbers: Sequence[int]) -> list[PersonCard]:
        """The people in these rows (from 1); KnownError find.no_row."""
        people = self.home.people
        for row in numbers:
            if not 1 <= row <= len(people):
                text = self.session.options.household
                raise KnownError("find.no_row", text=text, count=len(people), row=row)
        return [people[row - 1] for row in dict.fromkeys(numbers)]

    def give(self, changes: Changes, told: str, **more: object) -> int:
        """Say what was done."""
        number = self.home.household.number
        self.session.give({"household": number, "changed": len(changes.oids), **more}, [told])
        return DONE


@contextmanager
def _job(session: Session) -> Iterator[_Job]:
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        yield _Job(session, ledger, policy, door(session, ledger, policy, session.options.household))


def paid(session: Session) -> int:
    """One payment of everybody who owes, or of these rows among them; the sum has to be theirs."""
    options = session.options
    with _job(session) as job:
        parts = together(job.home)
        wanted = {card.person.record for card in job.rows(options.row)} if options.row else None
        shares = [(card, due) for card, due in parts.shares if wanted is None or card.person.record in wanted]
        total = sum(due for _card, due in shares)
        if not shares:
            raise KnownError("payment.nothing_due", name=job.home.head_name)
        if options.sum is not None and fen(options.sum) != total:
            raise WrongUse("household.sum", money=wording.money(total), count=len(shares))
        said = Payment(
            0,
            session.date(options.date),
            choice(job.policy.channels, options.channel),
            options.receipt,
            options.payer or job.home.head_name,
            options.advanced_by,
        )
        each = {card.person.record: replace(said, amount=due) for card, due in shares}
        changes = payments.record_each(job.ledger, each, year=job.policy.year, today=session.today)
        people = [{"name": card.person.name, "yuan": wording.amount(due)} for card, due in shares]
        left = [{"name": card.person.name, "why": why} for card, why in parts.left_out]
        told = _("{names}: {money} in all").format(names=_named(shares), money=wording.money(total))
        lines = " ".join(part for part in (told, left_out_text(parts)) if part)
        return job.give(changes, lines, sum=wording.amount(total), people=people, left_out=left)


def phone(session: Session) -> int:
    """One number for everybody of a household, or for these rows."""
    with _job(session) as job:
        people = job.rows(session.options.row) or list(job.home.people)
        records = [card.person.record for card in people]
        changes = households.phone(job.ledger, records, session.options.number)
        return job.give(changes, _("{count} people have this number").format(count=len(people)))


def visit(session: Session) -> int:
    """One visit, with what came of it for whom it went otherwise."""
    options = session.options
    with _job(session) as job:
        each = dict(_each(job, text) for text in options.each)
        changes = households.visit(
            job.ledger,
            job.home.household.record,
            options.outcome,
            each,
            on=session.date(options.date),
            today=session.today,
            retry_on=session.date(options.retry_on) if options.retry_on else None,
            note=options.note,
        )
        return job.give(changes, _("Visit recorded: household of {name}").format(name=job.home.head_name))


def head(session: Session) -> int:
    """Another head; what everybody is to them follows, guesses are named."""
    with _job(session) as job:
        (card,) = job.rows([session.options.row])
        found = anew([kin_of(one.person) for one in job.home.people], card.person.record)
        changes = _regrouped(job, {job.home.household.record: found})
        told, relations = _relations(job, found)
        return job.give(changes, told, **relations)


def move(session: Session) -> int:
    """Into another household of the village; who stays gets a head where theirs goes."""
    options = session.options
    with _job(session) as job:
        to = door(session, job.ledger, job.policy, options.to).household
        going = {card.person.record for card in job.rows(options.row)}
        homes = _staying(job, going)
        homes[to.record] = {record: Relation(options.relation) for record in going}
        changes = _regrouped(job, homes)
        return job.give(changes, _("{count} people moved").format(count=len(going)), to=to.number)


def split(session: Session) -> int:
    """A household of their own, with the likeliest head; guesses are named."""
    options = session.options
    with _job(session) as job:
        going = {card.person.record for card in job.rows(options.row)}
        leaving = [kin_of(card.person) for card in job.home.people if card.person.record in going]
        found = by_themselves(leaving, session.today)
        place = {"grp": options.group or job.home.household.group, "address": options.address}
        staying = {home: _codes(people) for home, people in _staying(job, going).items()}
        _record, changes = households.split_off(
            job.ledger, staying, _codes(found), NewHome(options.number, place)
        )
        told, relations = _relations(job, found)
        return job.give(changes, told, number=options.number, **relations)


def _each(job: _Job, text: str) -> tuple[str, str]:
    row, _equals, outcome = text.partition("=")
    if not row.isdecimal() or not outcome:
        raise WrongUse("use.each", text=text)
    (card,) = job.rows([int(row)])
    return card.person.record, outcome


def _staying(job: _Job, going: set[str]) -> dict[str, dict[str, Relation]]:
    """Who is left of the household, as it is then; nothing where all go."""
    kin = [kin_of(card.person) for card in job.home.people if card.person.record not in going]
    return {job.home.household.record: by_themselves(kin, job.session.today)} if kin else {}


def _regrouped(job: _Job, homes: Mapping[str, Mapping[str, Relation]]) -> Changes:
    coded = {home: _codes(people) for home, people in homes.items()}
    return households.regroup(job.ledger, coded, emptied=_("merged into another household"))


def _codes(people: Mapping[str, Relation]) -> dict[str, str]:
    return {record: relation.code for record, relation in people.items()}


def _relations(job: _Job, found: Mapping[str, Relation]) -> tuple[str, dict[str, object]]:
    """What everybody is now, in words and as data; guesses are named to be looked at."""
    people = [
        {
            "name": card.person.name,
            "relation": found[card.person.record].code,
            "sure": found[card.person.record].sure,
        }
        for card in job.home.people
        if card.person.record in found
    ]
    guessed = [str(one["name"]) for one in people if not one["sure"]]
    told = _("Relations recorded.")
    if guessed:
        told += _(" Look at these: {names}").format(names=_(", ").join(guessed))
    return told, {"people": people}


def _named(shares: Sequence[tuple[PersonCard, int]]) -> str:
    return _(", ").join(f"{card.person.name} {wording.amount(due)}" for card, due in shares)
