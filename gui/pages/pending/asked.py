"""A question in words: what is asked about whom, which answers it takes, and the change each of them makes."""

from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.actions import conflicts, facts, moves, payment, people
from gui.i18n import _
from gui.models import pending
from gui.models.pending import Choice, Question
from gui.ops import ChangeOp
from gui.pages.households.panels.identity import proposals
from gui.wording import names
from gui.wording.candidates import Side, home_text
from storage.commands.conflicts import Answer
from storage.kinds import OFFICE
from storage.policy import id_number
from storage.policy.model import Policy
from storage.queries import counting


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is put on a day under a policy."""

    question: Question
    policy: Policy
    today: date

    # ---- in words

    def where(self) -> str:
        """Of whom it is: village, household, number."""
        question = self.question
        home, person = question.home, question.person
        conflict = question.item.code == "conflict"
        parts = [
            question.village,
            home_text(home) if home else "",
            wording.id_number(question.item.id_number)
            if question.item.kind == "resident" and not conflict
            else "",
            person.birth.isoformat() if person and person.birth and not conflict else "",
        ]
        return " · ".join(part for part in parts if part)

    def what(self) -> str:
        """What is asked."""
        question, item = self.question, self.question.item
        text = pending.about(question)
        if item.code == "conflict":
            return _("{text}. Which one is right?").format(text=text) if item.ours else text
        if item.code == "id_shared" and question.other is not None:
            return _("{text}: {name}. Is it the same person?").format(text=text, name=question.other.name)
        if item.code == "paid_and_absent":
            reason = names.absence(self.policy, item.detail)
            text = _("recorded as “{reason}”, and yet a payment is recorded").format(reason=reason)
            return _("{text}. One of the two is wrong: which?").format(text=text)
        if item.code in counting.CODES:
            return self._what_counts(text)
        if item.kind == "payment":
            return _("{text}. The office's next file may bring the person; else void it.").format(text=text)
        if item.kind == "operation":
            return _("{text}. It is kept and read after the next update.").format(text=text)
        if self._offered():
            return _("{text}. Compare with the card: which number is it?").format(text=text)
        return _("{text}. Look at the card, or ask by phone.").format(text=text)

    def _what_counts(self, text: str) -> str:
        match self.question.item.code:
            case "claimed_by_two":
                return _("{text}. Where does this person live?").format(text=text)
            case "late_entries":
                written = (part.partition(".") for part in self.question.item.detail.split(","))
                what = wording.units.listed(
                    [names.register(kind, register) for kind, _dot, register in written]
                )
                return _("{text}: {what}. Does it belong to the new village?").format(text=text, what=what)
            case "counted_nowhere":
                return _("{text}. Ask that village, or let them count here again.").format(text=text)
        return _("{text}. One of the villages has to correct number or name.").format(text=text)

    def other_side(self) -> str:
        """Who decides it where this side does not."""
        if self.question.item.decides == OFFICE:
            return _(
                "The township office decides this and its next file brings the answer. Nothing to do here."
            )
        return _(
            "The village decides this; its next file brings the answer. Ring the contact if it is urgent."
        )

    def answers(self) -> list[Choice]:
        """The answers that are no values of a dispute."""
        item = self.question.item
        if item.code == "conflict":
            return []
        if item.code == "paid_and_absent":
            return self._paid_and_absent()
        if item.code == "id_shared":
            return [
                Choice(_("The same person"), _("entered twice: counted once from now on"), "same"),
                Choice(
                    _("Two people"), _("one of the numbers is wrong and has to be corrected"), "different"
                ),
            ]
        if item.code in counting.CODES:
            return [] if item.code == "id_two_villages" else pending.places(self.question)
        if item.kind == "payment":
            return [Choice(_("Void this payment"), "", "void")]
        return pending.numbers(self._offered()) if item.kind == "resident" else []

    def _paid_and_absent(self) -> list[Choice]:
        """Either the payment is wrong, or the reason; a payment in a list cannot be taken back here."""
        question = self.question
        claims = [one for one in question.person.claims if not one.confirmed] if question.person else []
        found = [
            Choice(
                _("Void the payment of {amount}").format(amount=wording.money(one.amount)),
                " · ".join(
                    part
                    for part in (wording.full_day(one.paid_on), one.receipt, one.payer or one.advanced_by)
                    if part
                ),
                one.record,
            )
            for one in claims
        ]
        below = _("the reason for not being insured here is taken back")
        return [*found, Choice(_("To be insured here"), below, "")]

    def _offered(self) -> tuple[str, ...]:
        check = id_number.check(self.question.item.id_number, today=self.today)
        return proposals(check, self.question.person) if check.doubt else ()

    # ---- as changes

    def agree(self, side: Side) -> ChangeOp:
        """One of the values of a dispute is right."""
        item, value = self.question.item, side.candidate.value
        words = ", ".join(line.text for line in side.lines)
        told = _("Settled: {name}, {words}").format(name=pending.title_of(self.question), words=words)
        answer = Answer(item.scope, item.kind, item.record, item.register, value, item.seen)
        return conflicts.settle([answer], today=self.today, told=told, households=[item.household])

    def stays(self) -> ChangeOp:
        """What is doubtful was checked and is right."""
        item = self.question.item
        told = _("Checked, it stays: {name}").format(name=pending.title_of(self.question))
        return people.accept_doubt(item.record, item.detail, told=told, household=item.household)

    def settle(self, answer: Choice) -> ChangeOp:
        """An answer was chosen."""
        question = self.question
        item, name = question.item, pending.title_of(question)
        words = wording.id_number(answer.words) if answer.words == answer.value else answer.words
        told = _("Settled: {name}, {words}").format(name=name, words=words)
        if item.code in counting.CODES:
            return self._counted(answer, told)
        if item.code == "paid_and_absent" and answer.value:
            reason = _("insured elsewhere")
            return payment.void(str(answer.value), reason, told=told, household=item.household)
        if item.code == "paid_and_absent":
            return facts.person_absence_withdrawn(
                item.scope, item.record, year=self.policy.year, told=told, household=item.household
            )
        if item.code == "id_shared" and question.other is not None:
            return people.answer_same(item.record, question.other.record, str(answer.value), told=told)
        if item.kind == "payment":
            return payment.void(item.record, _("the person is not in the register"), told=told, household="")
        check = id_number.check(str(answer.value))
        identity: dict[str, str | None] = {"id_number": str(answer.value)}
        if check.birth and question.person and question.person.birth != check.birth:
            identity["birth"] = None
        return people.correct(item.record, {"identity": identity}, told=told, household=item.household)

    def _counted(self, answer: Choice, told: str) -> ChangeOp:
        item, policy = self.question.item, self.policy
        if answer.value == pending.CARRY:
            return moves.carry_over(policy, item.scope, item.record, told=told)
        if answer.value == pending.LEAVE:
            return moves.leave(policy, item.scope, item.record, told=told)
        to = str(answer.value)
        return moves.count_in(policy, item.scope, item.record, to, today=self.today, told=told)
