"""What people do in a week: each act is put to the program, and into the truth only where the program said done."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random

from storage.commands import advances, facts, money, moves, payments
from storage.commands.conflicts import resolve
from storage.commands.people import add_resident
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.policy.id_core import check_digit
from storage.queries import review
from tests.proof.season.town import YEAR, Town
from tests.proof.season.truth import PREMIUM, SUBSIDY, Advance, Person, Refund

_LENDERS = ("王会计", "村委会", "李支书")
_MISTAKE = 38000


class Week:
    """One week in the township's villages and at its clerks' desks."""

    def __init__(self, town: Town) -> None:
        self.town, self.truth, self.rng, self.day = town, town.truth, town.rng, town.day
        self.moved = town.moved
        self.wrong: list[tuple[str, str, str]] = []
        """Payments recorded by mistake: (village, payment, person)."""

    def done(self, act: Callable[[], Changes | tuple[str, Changes]]) -> Changes:
        """Do something; nothing where the rules refuse it, which changes nothing."""
        try:
            found = act()
        except RuleViolation:
            return Changes()
        self.truth.acts += 1
        return found if isinstance(found, Changes) else found[1]

    def known(self, code: str) -> list[Person]:
        """Return who counts in a village and is in its register: who has just moved there may not be known yet."""
        held = {row[0] for row in self.town.villages[code].connection.execute("SELECT record FROM resident")}
        return [one for one in self.truth.of(code) if one.record in held and one.absence != "death"]

    # ---- in a village

    def village(self, code: str) -> None:
        """Let a village's contact do a week's work."""
        ledger, people = self.town.villages[code], self.known(code)
        unpaid = [one for one in people if not one.claimed and not one.absence]
        self.rng.shuffle(unpaid)
        for one in unpaid[: self.rng.randint(0, max(1, len(people) // 6))]:
            self.pay(code, ledger, one)
        for one in self.rng.sample(people, min(2, len(people))):
            if self.done(
                lambda one=one: facts.credential(ledger, [one.record], "self", on=self.day, today=self.day)
            ):
                one.credential = True
        if self.rng.random() < 0.3 and people:
            self.absence(
                ledger, self.rng.choice(people), self.rng.choice(("army", "unreachable", "employee_here"))
            )
        if self.rng.random() < 0.15 and people:
            self.absence(ledger, self.rng.choice(people), "death")
        if self.rng.random() < 0.25 and people:
            self.born(code, ledger, self.rng.choice(people))
        if self.rng.random() < 0.3 and people:
            self.phone(ledger, code, self.rng.choice(people), "village")

    def pay(self, code: str, ledger: Ledger, one: Person) -> None:
        """Record a payment: mostly right, sometimes of a wrong amount, sometimes laid out by somebody."""
        fen = _MISTAKE if self.rng.random() < 0.05 else PREMIUM
        by = self.rng.choice(_LENDERS) if self.rng.random() < 0.15 else ""
        said = payments.Payment(fen, self.day, "mobile_pos", advanced_by=by)
        changes = self.done(lambda: payments.record(ledger, [one.record], said, year=YEAR, today=self.day))
        if changes:
            one.claimed = fen
            (record,) = changes.records["payment"]
            if by:
                self.truth.advances.append(Advance(code, f"payment:{record}", fen))
            elif self.rng.random() < 0.06 and not one.dibao:
                self.wrong.append((code, record, one.record))

    def take_back(self, wrong: list[tuple[str, str, str]]) -> None:
        """Void what was recorded by mistake a week ago, where nobody has moved away or paid at the tax office since."""
        for code, record, person in wrong:
            one, ledger = self.truth.people[person], self.town.villages[code]
            stands = one.village == code and not one.taxed
            if stands and self.done(
                lambda ledger=ledger, record=record: payments.void(ledger, record, "记错了人")
            ):
                one.claimed = 0

    def absence(self, ledger: Ledger, one: Person, reason: str) -> None:
        """Say why somebody is not insured here."""
        if not one.absence and self.done(
            lambda: facts.absence(ledger, [one.record], reason, note="", on=self.day, year=YEAR)
        ):
            one.absence = reason

    def born(self, code: str, ledger: Ledger, parent: Person) -> None:
        """Write down a newborn in a parent's household."""
        home = ledger.connection.execute(
            "SELECT household FROM resident WHERE record = ?", (parent.record,)
        ).fetchone()[0]
        birth = self.day - timedelta(days=self.rng.randint(1, 20))
        body = f"150621{birth:%Y%m%d}{next(self.town.numbers) % 1000:03d}"
        number, name = body + check_digit(body), f"小{parent.name}"
        registers = {"identity": {"name": name, "id_number": number}, "residence": {"residence": "resident"}}
        record = ""

        def add() -> Changes:
            nonlocal record
            record, changes = add_resident(ledger, home, registers, new=True, year=YEAR)
            return changes

        if self.done(add):
            self.truth.add(Person(record, name, number, code, home, new=True))

    def phone(self, ledger: Ledger, scope: str, one: Person, side: str) -> None:
        """Enter a telephone number; office and village may do so at once, and then disagree."""
        number = f"13{self.rng.randint(0, 10**9 - 1):09d}"
        if not ledger.state_of("resident", one.record, scope):
            return
        if self.done(
            lambda: ledger.write([Edit("resident", one.record, {"contact": {"phone": number}}, scope=scope)])
        ):
            one.phones.add(number)

    # ---- at the office

    def office(self) -> None:
        """Let the clerks move people and put telephones right, each at their own desk."""
        for clerk in self.town.clerks.values():
            codes = self.rng.sample(self.town.codes, 2)
            people = [one for one in self.truth.of(codes[0]) if not (one.dibao or one.absence or one.new)]
            if people and self.rng.random() < 0.6:
                self.move(clerk, self.rng.choice(people), codes[1])
            people = self.truth.of(codes[1])
            if people:
                self.phone(clerk, codes[1], self.rng.choice(people), "office")

    def move(self, clerk: Ledger, one: Person, to: str) -> None:
        """Let somebody count in another village, unless a colleague may just have done so."""
        if (one.village, one.record) in self.truth.twice or one.record in self.moved:
            return
        decision = moves.Decision(to, self.day, "婚嫁")
        if self.done(
            lambda: moves.move(clerk, self.town.policy, one.village, one.record, decision, today=self.day)
        ):
            one.village = to
            self.moved.add(one.record)

    def claim_twice(self, code: str, other: str) -> None:
        """Let another village write down somebody who is registered already."""
        people = [one for one in self.known(code) if not one.new and one.record not in self.moved]
        one, ledger = self.rng.choice(people), self.town.villages[other]
        home = next(each.home for each in self.truth.of(other) if not each.new)
        registers = {"identity": {"name": one.name, "id_number": one.number}}
        if self.done(lambda: add_resident(ledger, home, registers, new=False, year=YEAR)):
            self.truth.twice.append((code, one.record))
            self.moved.add(one.record)

    # ---- money

    def refunds(self, code: str) -> None:
        """Let a village go on with its subsidies: apply, hand over, have it signed; and with what was laid out."""
        ledger, policy = self.town.villages[code], self.town.policy
        for one in [one for one in self.known(code) if one.dibao and one.claimed]:
            told = money.Claim(code, one.record, "subsidy", SUBSIDY, "dibao", "民政局")
            held = one.refund or Refund(code)
            if not held.applied:
                if self.done(
                    lambda told=told: money.apply(ledger, policy, [told], on=self.day, today=self.day)
                ):
                    one.refund, held.applied = held, True
            elif held.received and not held.handed:
                handing = money.Handing(self.day, "", by="王联络员", how="cash")
                if self.done(
                    lambda told=told, handing=handing: money.hand(
                        ledger, policy, {told: SUBSIDY}, handing, today=self.day
                    )
                ):
                    held.handed = SUBSIDY
            elif (
                held.handed
                and not held.signed
                and self.done(
                    lambda told=told: money.sign(ledger, policy, [told], on=self.day, today=self.day)
                )
            ):
                held.signed = True
        for advance in [one for one in self.truth.advances if one.scope == code and one.back < one.fen]:
            if self.rng.random() < 0.3:
                self.give_back(ledger, advance)

    def give_back(self, ledger: Ledger, advance: Advance) -> None:
        """Record that laid-out money came back, whole or in part."""
        part = (
            advance.fen - advance.back if self.rng.random() < 0.6 else min(10000, advance.fen - advance.back)
        )
        repaying = advances.Repaying(self.day)
        if self.done(
            lambda: advances.settle(ledger, {(advance.scope, advance.named): part}, repaying, today=self.day)
        ):
            advance.back += part

    def batch(self, number: int) -> None:
        """Let the office record what finance paid for everybody who has applied, as far as the clerk has heard."""
        clerk = self.town.clerks["a"]
        waiting = [one for one in self.truth.people.values() if one.refund and one.refund.applied]
        for one in [one for one in waiting if one.refund and not one.refund.received]:
            assert one.refund is not None
            told = money.Claim(one.refund.scope, one.record, "subsidy", SUBSIDY, "dibao", "民政局")
            if clerk.state_of("refund", told.id(YEAR), one.refund.scope) and self.done(
                lambda told=told: money.receive(
                    clerk, self.town.policy, {told: SUBSIDY}, SUBSIDY, on=self.day, source="旗财政局",
                    batch=f"2025-{number}", today=self.day,
                )
            ):  # fmt: skip
                one.refund.received = SUBSIDY

    # ---- the tax office, who is told of a payment by nobody

    def taxed(self) -> None:
        """Let the tax office hear of most of what was paid, and of some who paid by themselves."""
        wrong = {person for _, _, person in self.wrong}
        for one in self.truth.people.values():
            claimed = one.claimed and one.record not in wrong
            alone = not one.absence and self.rng.random() < 0.03
            if not one.taxed and ((claimed and self.rng.random() < 0.4) or alone):
                one.taxed, one.taxed_on = PREMIUM, self.day

    def settle_conflicts(self, ledger: Ledger) -> int:
        """Answer whatever this side may answer; returns how many questions were put."""
        found = [item for item in review.items(ledger) if item.code == "conflict"]
        for item in found:
            with suppress(RuleViolation):
                value = self.rng.choice(item.candidates).value
                resolve(ledger, item.scope, item.kind, item.record, item.register, value, today=self.day)
        return len(found)


def random_of(seed: int) -> Random:
    """Return what a season's chances come from."""
    return Random(seed)


def weeks_after(start: date, count: int) -> list[date]:
    """Return the first days of so many weeks."""
    return [start + timedelta(weeks=at) for at in range(count)]
