"""Refunds, laid-out money and the sums by department of one insurance year, as the pages and verbs show them.

Everybody is there once: twins and people two villages claim have one refund for one reason, whoever counts in another
village has it there. A premium somebody laid out is theirs to get back where they laid it out.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from storage.ledger import Ledger
from storage.policy import budgets, money
from storage.policy.amounts import Due, due
from storage.policy.budgets import Account, Share, Total
from storage.policy.model import Policy
from storage.policy.money import SUBSIDY, Advance, Case, Steps
from storage.policy.refunds import Refundable, refundable
from storage.queries import housing, money_rows, outputs, people, villages
from storage.queries.housing import Household
from storage.queries.money_rows import PAYMENT, REFUND, Laid, Recorded, Settled
from storage.queries.outputs import Doubles, Key, key_of, needs_premium
from storage.queries.people import Person

PAID_TWICE = "double_payment"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that comes back to one person for one reason (``subsidy`` or a code of the policy's refund rules).

    ``recorded`` is None where nothing was written of it yet; ``verdict`` says whether the rules give it, None for
    subsidies. ``lenders`` laid out this person's premium and may have a claim to it.
    """

    village: str
    person: Person
    home: Household | None
    reason: str
    group: str
    department: str
    reckoned_fen: int
    steps: Steps
    case: Case
    recorded: Recorded | None
    verdict: Refundable | None
    lenders: tuple["Loan", ...] = ()

    @property
    def scope(self) -> str:
        """The village it is recorded in."""
        return self.recorded.scope if self.recorded else self.person.scope

    @property
    def resident(self) -> str:
        """The person's record it hangs on."""
        return self.recorded.resident if self.recorded else self.person.person

    @property
    def short(self) -> str:
        """A name to type that holds nothing personal: subsidy.3f9a1c02."""
        return _short(self.reason, self.person.scope, self.person.person)


@dataclass(frozen=True, slots=True)
class Loan:
    """Money somebody (``by``) laid out for a person: a premium, or a refund before finance paid.

    ``what`` is payment or refund, ``record`` its record; both make ``advance``, which settlements name.
    """

    scope: str
    village: str
    name: str
    home: Household | None
    resident: str
    what: str
    record: str
    by: str
    on: date | None
    advance: Advance
    settled: tuple[Settled, ...]

    @property
    def named(self) -> str:
        """How settlements name it."""
        return f"{self.what}:{self.record}"

    @property
    def short(self) -> str:
        """A name to type that holds nothing personal: advance.3f9a1c02."""
        return _short("advance", self.scope, self.named)


def _short(word: str, *key: str) -> str:
    return f"{word}.{hashlib.blake2b(' '.join((word, *key)).encode(), digest_size=4).hexdigest()}"


def short_of(settled: Settled) -> str:
    """Return a name to type for a settlement: back.3f9a1c02."""
    return _short("back", settled.scope, settled.record)


@dataclass(frozen=True, slots=True)
class Money:
    """All of one year: refunds (the longest waiting first), laid-out money, sums by department and group."""

    refunds: tuple[Refund, ...]
    loans: tuple[Loan, ...]
    totals: tuple[Total, ...]


def read(ledger: Ledger, policy: Policy, today: date, scope: str = "") -> Money:
    """Return the money of the policy's year, of one village or ("") of all the ledger's."""
    return _Reading(ledger, policy, today, scope).money()


def ageing(lines: Iterable[Refund | Loan]) -> dict[str, tuple[int, int]]:
    """Return band → how many wait and for how much (fen) in all: refunds not handed over, laid-out money not back."""
    found = dict.fromkeys(money.AGES, (0, 0))
    for line in lines:
        told = line.case if isinstance(line, Refund) else line.advance
        if told.open_fen:
            count, fen = found[money.band(told.days)]
            found[money.band(told.days)] = count + 1, fen + told.open_fen
    return found


def by_village(lines: Iterable[Refund | Loan]) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """Return village (code, name) → its ageing; together they are the ageing of all."""
    found: dict[tuple[str, str], list[Refund | Loan]] = {}
    for line in lines:
        found.setdefault((line.scope, line.village), []).append(line)
    return {place: ageing(found[place]) for place in sorted(found)}


def rosters(refunds: Iterable[Refund]) -> dict[tuple[str, str], list[Refund]]:
    """Return (village, department) → who gets how much back by a subsidy; everybody stands on one roster."""
    found: dict[tuple[str, str], list[Refund]] = {}
    for one in refunds:
        if one.reason == SUBSIDY and one.reckoned_fen:
            found.setdefault((one.village, one.department), []).append(one)
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The same refunds added up three ways, in fen: person by person, by roster, by department."""

    people_fen: int
    rosters_fen: int
    departments_fen: int

    @property
    def closes(self) -> bool:
        """Whether all three are one sum."""
        return self.people_fen == self.rosters_fen == self.departments_fen


def agreement(found: Money) -> Agreement:
    """Add up the subsidies that come back: people, rosters of villages and departments, the departments' sums."""
    people = sum(one.reckoned_fen for one in found.refunds if one.reason == SUBSIDY)
    listed = sum(one.reckoned_fen for rows in rosters(found.refunds).values() for one in rows)
    offices = sum(row.due_fen for row in found.totals if row.reason == SUBSIDY)
    return Agreement(people, listed, offices)


class _Reading:
    """The rows of one year, brought together by person."""

    def __init__(self, ledger: Ledger, policy: Policy, today: date, scope: str) -> None:
        self._policy, self._today, self._own = policy, today, ledger.profile.title
        self._owed = cache(partial(_owed, policy))
        self._titles = villages.titles(ledger) if ledger.is_office else {}
        self._twins = money_rows.twins(ledger, scope)
        self._doubles = (
            outputs.doubles(ledger, policy, self._titles) if self._titles and not scope else Doubles()
        )
        rules = policy.refunds.rules if policy.refunds else ()
        self._absent = {absence: rule.code for rule in reversed(rules) for absence in rule.absences}
        self._pays_twice = policy.refund_rule(PAID_TWICE) is not None
        concerned = money_rows.concerned(ledger, policy.year, scope, self._absent)
        loaded = outputs.one_each(people.load(ledger, policy.year, residents=concerned))
        self._people = {key_of(one): one for one in loaded if scope in ("", one.scope)}
        self._homes = housing.households_of(ledger, self._people.values())
        self._recorded: dict[Key, dict[str, list[Recorded]]] = {}
        for row in money_rows.refunds(ledger, policy.year, scope):
            of_person = self._recorded.setdefault(self._counted(row.scope, row.resident), {})
            of_person.setdefault(row.reason, []).append(row)
        self._settled: dict[tuple[str, str], list[Settled]] = {}
        for settled in money_rows.settlements(ledger, policy.year, scope):
            self._settled.setdefault((settled.scope, settled.advance), []).append(settled)
        self._laid = money_rows.laid_out(ledger, policy.year, scope)

    def _key(self, scope: str, record: str) -> Key:
        return scope, self._twins.get((scope, record), record)

    def _counted(self, scope: str, record: str) -> Key:
        """Return the person a record counts under, in whichever village counts them."""
        key = self._key(scope, record)
        return self._doubles.stands_for.get(key, key)

    def money(self) -> Money:
        """Return it all."""
        premiums = list(self._premiums())
        lenders: dict[Key, list[Loan]] = {}
        for loan in premiums:
            lenders.setdefault(self._counted(loan.scope, loan.resident), []).append(loan)
        refunds: list[Refund] = []
        accounts: list[Account] = []
        for key, alone in self._people.items():
            if key not in self._doubles.stands_for and not alone.counted_in:
                person = self._doubles.whole.get(key, alone)
                own = list(self._of_person(key, person, tuple(lenders.get(key, ()))))
                refunds += own
                accounts += _accounts(self._policy, person, self._owed(person.groups)[1], own)
        loans = [*premiums, *filter(None, map(self._refund_laid, refunds))]
        loans += self._nothing_laid(loans)
        return Money(
            tuple(sorted(refunds, key=_waiting)),
            tuple(sorted(loans, key=_lent)),
            tuple(budgets.totals(self._policy, accounts)),
        )

    # ---- refunds

    def _of_person(self, key: Key, person: Person, lenders: tuple[Loan, ...]) -> Iterator[Refund]:
        """Yield what comes back to one person: never more, all together, than was paid."""
        recorded = self._recorded.get(key, {})
        others = [one for reason, rows in recorded.items() if reason != SUBSIDY for one in rows]
        asked = sum(one.steps.claimed_fen or 0 for one in others if one.steps.refused_on is None)
        total = _paid_in_all(person) if key not in self._doubles.whole else person.amount
        subsidy = min(budgets.reckoned(self._owed(person.groups)[0], person.amount), max(total - asked, 0))
        if subsidy or SUBSIDY in recorded:
            yield self._refund(key, person, SUBSIDY, subsidy, None, lenders)
        bases = self._bases(person, total, person.amount - subsidy) if person.claims else {}
        for reason in dict.fromkeys((*bases, *(one.reason for one in others))):
            steps = self._steps(recorded.get(reason, ()))
            base = bases.get(reason, total - subsidy)
            verdict = refundable(
                self._policy, reason, paid_on=person.paid_on, asked_on=steps.applied_on or self._today, ended=False,
                paid_fen=base,
            )  # fmt: skip
            back = verdict.fen
            if reason in recorded and verdict.verdict in (
                "in_principle_no",
                "unknown",
            ):  # an exception was asked for
                back = min(steps.claimed_fen or 0, base)
            if back or reason in recorded:
                yield self._refund(key, person, reason, back, verdict, lenders)

    def _bases(self, person: Person, total: int, rest: int) -> dict[str, int]:
        """Return the reasons the facts give for a refund, and what of the money each is about."""
        found = {}
        if self._pays_twice and total > person.amount:
            found[PAID_TWICE] = total - person.amount
        if person.absence in self._absent and rest > 0:
            found[self._absent[person.absence]] = rest
        return found

    def _steps(self, rows: Sequence[Recorded]) -> Steps:
        """Return what was recorded of a refund, by the record that got furthest."""
        if not rows:
            return Steps()
        first = min(rows, key=lambda row: row.reached)
        settled = self._settled.get((first.scope, f"{REFUND}:{first.record}"), ())
        told = sum(row.steps != Steps(row.steps.claimed_fen) for row in rows)
        return replace(first.steps, settled_fen=sum(one.fen for one in settled), records=max(told, 1))

    def _refund(
        self,
        key: Key,
        person: Person,
        reason: str,
        fen: int,
        verdict: Refundable | None,
        lenders: tuple[Loan, ...],
    ) -> Refund:
        rows = self._recorded.get(key, {}).get(reason, [])
        steps = self._steps(rows)
        first = min(rows, key=lambda row: row.reached) if rows else None
        group, department = _claimed_under(self._owed(person.groups)[1], reason, first)
        told = money.case(fen, steps, since=person.paid_on or steps.applied_on, today=self._today)
        return Refund(
            self._title(person.scope), person, self._homes.get(person.household), reason, group, department, fen,
            steps, told, first, verdict, lenders,
        )  # fmt: skip

    # ---- laid-out money

    def _premiums(self) -> Iterator[Loan]:
        """Yield the premiums laid out, of somebody two villages claim as the one says that counts them."""
        found: dict[Key, dict[str, list[Laid]]] = {}
        for laid in self._laid:
            by_scope = found.setdefault(self._counted(laid.scope, laid.resident), {})
            by_scope.setdefault(laid.scope, []).append(laid)
        for (scope, _person), by_scope in found.items():
            for laid in by_scope[scope if scope in by_scope else min(by_scope)]:
                yield self._loan(PAYMENT, laid.scope, laid.record, laid.resident, laid.by, laid.on, laid.fen)

    def _refund_laid(self, refund: Refund) -> Loan | None:
        held, steps = refund.recorded, refund.steps
        if held is None or not steps.lent_fen:
            return None
        lender, on = steps.advanced_by, steps.handed_on
        return self._loan(REFUND, held.scope, held.record, held.resident, lender, on, steps.lent_fen)

    def _nothing_laid(self, loans: Sequence[Loan]) -> Iterator[Loan]:
        """Yield what came back for money that nobody laid out, or no longer."""
        known = {(loan.scope, loan.named) for loan in loans}
        known |= {(laid.scope, f"{PAYMENT}:{laid.record}") for laid in self._laid}
        rows = [row for reasons in self._recorded.values() for held in reasons.values() for row in held]
        known |= {
            (row.scope, f"{REFUND}:{row.record}") for row in rows if row.steps.lent_fen
        }  # shown elsewhere
        for (scope, named), settled in self._settled.items():
            if (scope, named) not in known:
                what, _colon, record = named.partition(":")
                yield self._loan(what, scope, record, settled[0].resident, settled[0].to, None, 0)

    def _loan(
        self, what: str, scope: str, record: str, resident: str, by: str, on: date | None, fen: int
    ) -> Loan:
        person = self._people.get(self._key(scope, resident))
        parts = self._settled.get((scope, f"{what}:{record}"), ())
        settled = tuple(sorted(parts, key=lambda one: (one.on or date.min, one.how != REFUND, one.record)))
        told = money.advance(fen, [(one.on, one.fen) for one in settled], since=on, today=self._today)
        return Loan(
            scope, self._title(scope), person.name if person else "",
            self._homes.get(person.household) if person else None, resident, what, record, by, on, told, settled,
        )  # fmt: skip

    def _title(self, scope: str) -> str:
        return self._titles.get(scope, self._own)


def _owed(policy: Policy, groups: tuple[str, ...]) -> tuple[Due, tuple[Share, ...]]:
    """Return what somebody of these groups pays, and who pays which part of the subsidy."""
    owed = due(policy, groups)
    return owed, budgets.shares(policy, owed, groups)


def _paid_in_all(person: Person) -> int:
    """Return all that was paid in fen, a double payment twice: what lists confirm, else what was reported."""
    posted = [claim.amount for claim in person.claims if claim.confirmed]
    reported = [claim.amount for claim in person.claims if not claim.confirmed]
    return max(sum(posted), sum(reported)) if posted else sum(reported)


def _claimed_under(parts: Sequence[Share], reason: str, held: Recorded | None) -> tuple[str, str]:
    """Return the group and department a refund comes from: as claimed, else as the policy has it."""
    if held is not None and (held.group or held.department):
        return held.group, held.department
    if reason != SUBSIDY:
        return "", ""
    first = next((part.group for part in parts if part.group.mode == "refund"), None)
    return (first.code, first.department) if first else ("", "")


def _accounts(
    policy: Policy, person: Person, parts: tuple[Share, ...], refunds: Sequence[Refund]
) -> Iterator[Account]:
    """Yield what the sums need of one person."""
    planned = needs_premium(policy, person)
    subsidy = next((one for one in refunds if one.reason == SUBSIDY), None)
    if subsidy is not None:
        yield _account(subsidy, parts, planned)
    elif parts:
        yield Account(parts, planned, person.amount, 0, confirmed=person.paid == "confirmed")
    for one in refunds:
        if one.reason != SUBSIDY:
            yield _account(one, (), False)


def _account(refund: Refund, parts: tuple[Share, ...], planned: bool) -> Account:
    return Account(
        parts, planned, refund.person.amount, refund.reckoned_fen, refund.reason, refund.steps, refund.case,
        refund.group, refund.department, refund.person.paid == "confirmed",
    )  # fmt: skip


def _waiting(refund: Refund) -> tuple[bool, int, str, str, str]:
    days = refund.case.days
    return (
        refund.case.done,
        -(days if days is not None else 1 << 20),
        refund.scope,
        refund.person.name,
        refund.resident,
    )


def _lent(loan: Loan) -> tuple[bool, int, str, str, str]:
    days = loan.advance.days
    return loan.advance.done, -(days if days is not None else 1 << 20), loan.scope, loan.by, loan.record
