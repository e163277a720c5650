"""Short marks beside people and households: a word and the tone it has; never colour alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gui.i18n import _
from gui.wording import names
from gui.wording.disputes import disputed_text, is_open, open_hint, open_word
from gui.wording.units import amount, short_day
from storage.policy.model import Policy
from storage.policy.next_step import age
from storage.queries.cards import HouseholdCard, PersonCard, is_unpaid, lacks_credential, needs_help
from storage.queries.people import Person

Tone = Literal["ok", "warn", "bad", "info", "mute"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A short word and its tone: ok settled, warn to do, bad overdue or missing, info waiting, mute neutral.

    ``hint`` says more to whoever asks.
    """

    text: str
    tone: Tone = "mute"
    hint: str = ""


def paid_mark(policy: Policy, card: PersonCard) -> Mark:
    """How far the payment of this year is."""
    person = card.person
    if person.paid == "confirmed":
        return Mark(_("posted {amount}").format(amount=amount(person.amount)), "ok")
    if person.paid == "reported":
        return Mark(_("paid, to be posted {amount}").format(amount=amount(person.amount)), "info")
    if person.counted_in:
        return Mark(_("counts in another village"), "mute")
    if person.absence:
        reason = policy.absence_reason(person.absence)
        settled = reason is not None and reason.explained
        return Mark(names.absence(policy, person.absence), "mute" if settled else "warn")
    if card.step.code == "await_advance":
        return Mark(_("to be paid by the office"), "info")
    return Mark(_("unpaid"), "bad")


def credential_mark(policy: Policy, card: PersonCard, today: date) -> Mark:
    """Whether the e-credential is active, and what is still to do."""
    person = card.person
    if person.credential:
        return Mark(_("active"), "ok")
    if person.birth and age(person.birth, today) < policy.family_binding.under_age:
        return Mark(_("to be bound to family"), "warn")
    return Mark(_("not active"), "mute" if person.absence else "warn")


def person_marks(policy: Policy, card: PersonCard) -> list[Mark]:
    """What else to know about a person: groups, need of help, new, in dispute, doubtful."""
    person = card.person
    marks = [Mark(names.short_group(code), "mute") for code in person.groups]
    where = where_mark(person)
    if where is not None:
        marks.append(where)
    if person.new:
        marks.append(Mark(_("new"), "info"))
    if person.need and person.paid == "none":
        marks.append(Mark(_("help: {why}").format(why=names.help_reason(policy, person.need)), "warn"))
    if person.unsettled:
        marks.append(dispute_mark(person.unsettled))
    if person.doubt:
        marks.append(Mark(_("to check"), "warn"))
    return marks


def where_mark(person: Person, title: str = "") -> Mark | None:
    """In which village the office counts somebody, or from which one they came; nothing where nobody decided.

    ``title`` is how this ledger calls that village; without one the public table does.
    """
    other = person.counted_in or person.came_from
    if not other:
        return None
    village = title or names.village(other)
    if person.counted_in:
        return Mark(_("counts in {village}").format(village=village), "mute")
    return Mark(_("came from {village}").format(village=village), "info")


def household_marks(policy: Policy, card: HouseholdCard) -> list[Mark]:
    """Where a family stands, in at most four marks."""
    people = card.people
    unpaid = sum(map(is_unpaid, people))
    waiting = sum(one.person.paid == "reported" for one in people)
    paid = sum(one.person.paid != "none" for one in people)
    marks = []
    if unpaid:
        marks.append(Mark(_("{count} unpaid").format(count=unpaid), "bad"))
    elif waiting:
        marks.append(Mark(_("{count} to be posted").format(count=waiting), "info"))
    elif paid:
        marks.append(Mark(_("all paid"), "ok"))
    elif people:
        marks.append(Mark(names.absence(policy, people[0].person.absence), "mute"))
    if any(map(needs_help, people)):
        marks.append(Mark(_("help"), "warn"))
    if not unpaid:
        marks += _credential_marks(people)
    unsettled = {
        *card.household.unsettled,
        *(register for one in people for register in one.person.unsettled),
    }
    if unsettled:
        marks.append(dispute_mark(unsettled))
    return marks


def dispute_mark(unsettled: Collection[str]) -> Mark:
    """That entries disagree, and about what."""
    return Mark(_("in dispute"), "bad", disputed_text(unsettled))


def open_marks(unsettled: Collection[str], *registers: str) -> list[Mark]:
    """The mark behind a value that is only provisional, where it is."""
    return [Mark(open_word(), "bad", open_hint())] if is_open(unsettled, *registers) else []


def _credential_marks(people: Iterable[PersonCard]) -> list[Mark]:
    concerned = [one for one in people if not one.person.absence]
    active = sum(not lacks_credential(one) for one in concerned)
    if not concerned:
        return []
    if active == len(concerned):
        return [Mark(_("credentials complete"), "ok")]
    return [Mark(_("credentials {active}/{all}").format(active=active, all=len(concerned)), "mute")]


def why_marks(card: PersonCard, today: date) -> list[Mark]:
    """Why a person is among today's work."""
    found = []
    for reason in card.step.reasons:
        day = reason.params.get("day")
        match reason.code:
            case "special_deadline":
                found.append(Mark(_("special group unpaid"), "bad"))
            case "newborn_deadline":
                days = reason.params.get("days")
                found.append(Mark(_("newborn, {days} days").format(days=days), "warn"))
            case "promise_due" | "promised" if isinstance(day, date):
                tone: Tone = "warn" if day < today else "info"
                found.append(Mark(_("agreed {day}").format(day=short_day(day, today)), tone))
            case "window_closing":
                found.append(Mark(_("window closes soon"), "bad"))
            case "posting_overdue":
                paid_on = reason.params.get("paid_on")
                days = (today - paid_on).days if isinstance(paid_on, date) else 0
                found.append(Mark(_("paid, not posted for {days} days").format(days=days), "warn"))
            case "paid_on_unknown":
                found.append(Mark(_("payment date missing"), "warn"))
    if card.person.need and card.person.paid == "none":
        found.append(Mark(_("help"), "warn"))
    return found + [Mark(names.short_group(code), "mute") for code in card.person.groups]
