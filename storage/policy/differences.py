"""Where the ledger and a list differ: what is proposed and why, how it can be answered, what became of it.

A list of the tax office decides whether money came (Uxin 2024 三), the department whose identity it is who belongs to
a group (Dalad 2023 三), 医保发〔2020〕33号 which of two insurances is kept. What these leave open the village is asked,
or a person decides; nothing is answered by itself.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from storage.policy.reasons import Reason
from storage.records import derived_id

Fields = Mapping[str, str | int]
"""What one side says, by field: texts, fen (``amount``), counts."""

TAX = ("unposted", "unreported", "amounts", "wrong_person", "paid_twice")
PLATFORM = ("elsewhere_paid", "elsewhere_unpaid", "paused", "departed_paid", "departed_covered")
IDENTITY = ("group_gone", "group_unlisted", "group_withheld")
SCHOOL = ("school_insured", "school_uninsured")
STRANGERS = ("stranger",)
INSURED = ("two_schemes", "two_residents", "student_twice", "two_employees", "platform_twice")
ALIKE = ("one_unsound", "two_numbers", "two_names")
DOUBLES = ("two_villages", *INSURED, *ALIKE)
SUBJECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tax": TAX,
        "platform": PLATFORM,
        "identity": IDENTITY,
        "school": SCHOOL,
        "strangers": STRANGERS,
        "doubles": DOUBLES,
    }
)
"""What is compared with the ledger → the differences there can be."""
CODES = tuple(code for codes in SUBJECTS.values() for code in codes)

LIST, LEDGER, REFUND, ASK, LEAVE = "list", "ledger", "refund", "ask", "leave"
KEEP = "keep"
"""Answers: the list is right · the ledger is · the premium is applied for back · the village is asked · it is left as
it is · and of a double, followed by a number from 1, which side is kept."""

PARTS = ("scheme", "place", "employer", "since", "record")
"""What is said of a side of a double, with bars between."""

_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "unposted": (LIST, LEDGER, ASK, LEAVE),
    "unreported": (LIST, LEDGER, ASK, LEAVE),
    "amounts": (LIST, LEDGER, ASK, LEAVE),
    "wrong_person": (LIST, LEDGER, ASK, LEAVE),
    "paid_twice": (LEDGER, REFUND, ASK, LEAVE),
    "elsewhere_paid": (LEDGER, REFUND, ASK, LEAVE),
    "elsewhere_unpaid": (LIST, LEDGER, ASK, LEAVE),
    "paused": (LEDGER, ASK, LEAVE),
    "departed_paid": (LIST, LEDGER, ASK, LEAVE),
    "departed_covered": (LIST, LEDGER, ASK, LEAVE),
    "group_gone": (LIST, LEDGER, ASK, LEAVE),
    "group_unlisted": (LIST, LEDGER, ASK, LEAVE),
    "group_withheld": (LIST, LEDGER, ASK, LEAVE),
    "school_insured": (LIST, LEDGER, ASK, LEAVE),
    "school_uninsured": (LEDGER, ASK, LEAVE),
    "stranger": (ASK, LEAVE),
}
_REMOVING = frozenset(
    (
        *((code, LIST) for code in ("unposted", "amounts", "wrong_person", "elsewhere_unpaid", *IDENTITY)),
        *((code, LIST) for code in ("departed_paid", "departed_covered", "school_insured")),
        *((code, LEDGER) for code in ("unreported", "elsewhere_paid", "elsewhere_unpaid", "departed_paid")),
    )
)
"""Answers that change the ledger so that the difference is gone; where it stands there again, somebody undid that."""


@dataclass(frozen=True, slots=True)
class Told:
    """Which list said so and when it was taken over (ISO); empty where nobody knows."""

    kind: str = ""
    name: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed and why; ``safe`` where it may be taken for many at once: it follows from a rule alone, nobody
    rivals, and it can be taken back."""

    answer: str
    reasons: tuple[Reason, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the ledger and a list say differently: both sides, which list, and what is proposed.

    ``record`` is the person it is about ("" for whom the ledger does not have), ``detail`` what else tells it apart:
    a group, another person's record, the sides of a double. ``evidence`` are the records (kind, record) in which the
    list's side stands, ``held`` those of the ledger's; ``sides`` how many can be kept of a double,
    ``barred`` answers that are none here, ``other`` the name of the other person,
    ``refund`` for which reason of the policy how much (fen) would come back.
    """

    code: str
    year: int
    scope: str
    record: str
    detail: str
    name: str
    id_number: str
    household: str
    here: Fields
    listed: Fields
    proposal: Proposal
    told: Told = Told()
    evidence: tuple[tuple[str, str], ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    sides: int = 0
    barred: tuple[str, ...] = ()
    other: str = ""
    refund: tuple[str, int] | None = None

    @property
    def key(self) -> str:
        """The id of the record in which its answer stands, the same on every computer."""
        return derived_id("difference", self.scope, self.record, self.year, self.code, self.detail)

    @property
    def short(self) -> str:
        """A name to type that holds nothing personal: unposted.3f9a1c02."""
        return short(self.code, self.key)

    @property
    def fact(self) -> str:
        """What tells this state of both sides from another: an answer holds for it alone."""
        return fact(self.code, self.here, self.listed)

    @property
    def subject(self) -> str:
        """What the ledger is compared with: a key of ``SUBJECTS``."""
        return next(name for name, codes in SUBJECTS.items() if self.code in codes)

    @property
    def options(self) -> tuple[str, ...]:
        """The answers there are, in the order of their digits."""
        if self.sides:
            kept = (f"{KEEP}{number}" for number in range(1, self.sides + 1))
            return (*kept, ASK, LEAVE)
        barred = {*self.barred, *(() if self.scope else (ASK,)), *(() if self.refund else (REFUND,))}
        return tuple(one for one in _OPTIONS.get(self.code, (ASK, LEAVE)) if one not in barred)


def short(code: str, key: str) -> str:
    """Return the name to type of a difference whose answer stands in the record ``key``."""
    digest = hashlib.blake2b(key.encode(), digest_size=4)
    return f"{code}.{digest.hexdigest()}"


def fact(code: str, here: Fields, listed: Fields) -> str:
    """Return a digest of both sides (16 hex digits): the same whichever list said it and when."""
    text = json.dumps([code, sorted(here.items()), sorted(listed.items())], ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


# ---- what is proposed


def unposted(
    *, paid_on: date | None, days: int, due: date | None, list_on: date | None, posted_to: date | None
) -> Proposal:
    """Reported as paid, in no tax list past the days its channel takes: the village knows of the receipt."""
    told = Reason("rec_past_lag", {"paid_on": paid_on, "days": days, "due": due})
    if list_on is not None and due is not None and list_on > due:
        return Proposal(ASK, (told, Reason("rec_list_since", {"day": list_on})))
    return Proposal(ASK, (told, Reason("rec_list_reaches", {"day": posted_to})))


def unreported(*, scoped: bool = True) -> Proposal:
    """In a tax list and not reported: the list counts as paid, nobody has to enter it again."""
    return Proposal(LIST, (Reason("rec_list_counts"),), safe=scoped)


def amounts(*, here: int, listed: int, due: int, single: bool) -> Proposal:
    """Reported and posted amounts differ (fen): the list is right where it is what the policy asks of this person."""
    told = Reason("rec_due", {"fen": due})
    if listed == due and single:
        return Proposal(LIST, (Reason("rec_list_is_due"), told), safe=True)
    return Proposal(ASK, (Reason("rec_here_is_due" if here == due else "rec_neither_is_due"), told))


def wrong_person(*, receipt: bool, other: str) -> Proposal:
    """One paid and stands in no list, another stands there and was not reported: one payment under the wrong name."""
    if receipt:
        return Proposal(LIST, (Reason("rec_same_receipt", {"name": other}),), safe=True)
    return Proposal(ASK, (Reason("rec_same_home_and_day", {"name": other}),))


def paid_twice(*, count: int, fen: int, refundable: bool, reasons: Iterable[Reason] = ()) -> Proposal:
    """More than one premium in the lists: the one too many comes back while the policy lets it."""
    told = (Reason("rec_posted_twice", {"count": count, "fen": fen}), *reasons)
    return Proposal(REFUND if refundable else ASK, told)


def elsewhere_paid(*, refundable: bool, reasons: Iterable[Reason] = ()) -> Proposal:
    """Recorded as insured elsewhere and paid here as well."""
    return Proposal(REFUND if refundable else ASK, (Reason("rec_paid_and_elsewhere"), *reasons))


def elsewhere_unpaid(*, blank: bool) -> Proposal:
    """The platform shows an insurance elsewhere and nothing is paid here: that is the reason for not being insured."""
    if blank:
        return Proposal(LIST, (Reason("rec_platform_elsewhere"),), safe=True)
    return Proposal(LIST, (Reason("rec_platform_elsewhere"), Reason("rec_other_reason_here")))


def paused(*, paid: bool) -> Proposal:
    """The platform has paused or ended the insurance here: with a payment it has to be restored, else asked about."""
    return Proposal(LEDGER if paid else ASK, (Reason("rec_paused_paid" if paid else "rec_paused_unpaid"),))


def departed_paid(*, confirmed: bool, left: date | None, paid_on: date | None) -> Proposal:
    """Dead or moved away, and paid: a payment made after that day is another person's or the day is wrong."""
    if left is not None and paid_on is not None and paid_on > left:
        return Proposal(ASK, (Reason("rec_paid_after_leaving", {"left": left, "paid_on": paid_on}),))
    if confirmed:
        return Proposal(LEAVE, (Reason("rec_paid_before_leaving"),))
    return Proposal(ASK, (Reason("rec_paid_and_left"),))


def departed_covered() -> Proposal:
    """Dead or moved away, and insured here in the platform: it has to be ended there."""
    return Proposal(LEDGER, (Reason("rec_still_covered"),), safe=True)


_SHORT, _FEW = 0.8, 5
"""A list that names less than this share of those who have its groups is a part of one; of few nobody can tell."""


def is_short(named: int, held: int) -> bool:
    """Whether a list of so many people can only be a part of the one that says who belongs to a group."""
    return held >= _FEW and named < held * _SHORT


def group_gone(*, cancelled: bool, whole: bool, short: bool = False) -> Proposal:
    """The department's newest list names somebody no longer: only a whole list takes an identity away."""
    if short and not cancelled:
        return Proposal(ASK, (Reason("rec_not_named"), Reason("rec_list_short")))
    if cancelled:
        return Proposal(LIST, (Reason("rec_list_cancels"),), safe=True)
    if whole:
        return Proposal(LIST, (Reason("rec_not_named"), Reason("rec_list_whole")), safe=True)
    return Proposal(ASK, (Reason("rec_not_named"), Reason("rec_list_not_whole")))


def group_unlisted() -> Proposal:
    """Entered here by hand, not in the list of the department that confirms it."""
    return Proposal(ASK, (Reason("rec_department_decides"),))


def group_withheld() -> Proposal:
    """The department's list names the identity; it was taken out here."""
    return Proposal(LIST, (Reason("rec_list_names"), Reason("rec_taken_out_here")))


def school_insured() -> Proposal:
    """The school says its student is insured, nothing is paid here and no reason stands."""
    return Proposal(ASK, (Reason("rec_school_says_insured"),))


def school_uninsured() -> Proposal:
    """The school says its student is not insured, and here is a payment: the school learns of it."""
    return Proposal(LEDGER, (Reason("rec_school_says_not"),), safe=True)


def stranger(*, scoped: bool) -> Proposal:
    """A row of a list that means nobody in the register: the village of the row knows whether somebody is missing."""
    return Proposal(ASK if scoped else LEAVE, (Reason("rec_nobody_here" if scoped else "rec_no_village"),))


def replied(proposal: Proposal, reply: str, options: Collection[str]) -> Proposal:
    """Return what is proposed once the village replied: what it says, where that is an answer."""
    if reply not in options:
        return Proposal(proposal.answer, (Reason("rec_village_replied"), *proposal.reasons))
    return Proposal(reply, (Reason("rec_village_says"), *proposal.reasons))


def absence_of(scheme: str, place: str, scope: str) -> str:
    """Return the reason for not being insured here that an insurance in force elsewhere is (codes of the policies)."""
    away = place.isascii() and place.isdigit() and not place.startswith(scope[:6])
    if scheme == "310":
        return "employee_elsewhere" if away else "employee_here"
    return "resident_elsewhere"


# ---- what became of it

Status = Literal["open", "answered", "asked", "left", "settled", "cleared"]
STATUSES: tuple[Status, ...] = ("open", "answered", "asked", "left", "settled", "cleared")
"""Nobody answered it yet, or what it rests on changed since · the village replied · the village is asked · left as it
is · settled · asked or left, and gone since because a list or the village put it right."""
TODO: tuple[Status, ...] = ("open", "answered")


@dataclass(frozen=True, slots=True)
class Answered:
    """What stands of an answer: for which state of both sides, and whether the village replied to this asking."""

    fact: str
    answer: str
    replied: bool = False


def removes(code: str, answer: str) -> bool:
    """Whether an answer changes the ledger so that the difference is gone."""
    return answer.startswith(KEEP) or (code, answer) in _REMOVING


def status(code: str, live: str | None, answered: Answered | None) -> Status | None:
    """Return where a difference is, ``live`` being its fact as it stands (None: it is gone); None where nothing is."""
    if answered is None or not answered.answer:
        return None if live is None else "open"
    if live is None:
        return "cleared" if answered.answer in (ASK, LEAVE) else "settled"
    if live != answered.fact or removes(code, answered.answer):
        return "open"
    if answered.answer == ASK:
        return "answered" if answered.replied else "asked"
    return "left" if answered.answer == LEAVE else "settled"


@dataclass(frozen=True, slots=True)
class Movement:
    """What became of everything that had to be answered before: ``before`` is the sum of ``became``, and what has to be
    answered now is ``still`` of it with what came newly."""

    before: int
    became: Mapping[str, int]
    new: int

    @property
    def still(self) -> int:
        """How many of them still have to be answered."""
        return sum(self.became.get(one, 0) for one in TODO)

    @property
    def now(self) -> int:
        """How many have to be answered now."""
        return self.still + self.new


GONE = "gone"
"""What was open and is no longer there, without an answer: a list or the village put it right."""


def movement(before: Mapping[str, Status], after: Mapping[str, Status]) -> Movement:
    """Return what became of the differences to be answered between two readings, by key."""
    had = {key for key, one in before.items() if one in TODO}
    became = Counter(after.get(key, GONE) for key in had)
    new = sum(one in TODO for key, one in after.items() if key not in had)
    return Movement(len(had), dict(became), new)


def counted(statuses: Collection[Status]) -> dict[str, int]:
    """Return how many are in each of ``STATUSES``: every one in exactly one."""
    found = Counter(statuses)
    return {one: found[one] for one in STATUSES}
