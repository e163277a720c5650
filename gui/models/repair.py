"""Doubtful ID numbers as the page shows them: the list by household, and what one may have been."""

from dataclasses import dataclass, field
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models.households import place_text
from gui.widgets.pieces import Cell, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import doubles as words
from gui.wording import names
from gui.wording.candidates import home_text, masked_alike
from storage.ledger import Ledger
from storage.policy import id_number
from storage.policy.model import Policy
from storage.queries import repair, villages
from storage.queries.repair import Progress, Proposal, Proposals, Unsound


@dataclass(frozen=True, slots=True)
class Work:
    """Everybody with a doubtful number, how far all numbers are, and the titles of the villages."""

    items: tuple[Unsound, ...] = ()
    progress: Progress = field(default_factory=Progress)
    titles: words.Titles = field(default_factory=dict)

    def of_village(self, scope: str) -> list[Unsound]:
        """Those of a village; "" all."""
        return [one for one in self.items if scope in ("", one.scope)]


def read(ledger: Ledger, policy: Policy, scope: str | None) -> Work:
    """Read them on the ledger thread."""
    return Work(
        tuple(repair.worklist(ledger, policy, scope)),
        repair.progress(ledger, scope),
        villages.titles(ledger),
    )


def offers(ledger: Ledger, item: Unsound) -> Proposals:
    """What one number may have been, on the ledger thread."""
    return repair.proposals_for(ledger, [item], ledger.clock.today())[0]


def sure(ledger: Ledger, items: tuple[Unsound, ...]) -> list[tuple[Unsound, str]]:
    """Whose number can only be one, on the ledger thread."""
    found = repair.proposals_for(ledger, items, ledger.clock.today())
    return [
        (item, offer.sure.number) for item, offer in zip(items, found, strict=True) if offer.sure is not None
    ]


def model() -> RowsModel:
    """The list at the left, of a household together."""

    def cell(item: Unsound) -> Cell:
        where = place_text(item.home.group, item.home.number) if item.home else ""
        first = [Text(item.person.name or "?", "strong"), Text(where, "soft")]
        return [first, [Text(wording.doubt_text(item.doubt), "soft", "warn")]]

    column = Column(_("ID number"), lambda item: str(item.person.name), cell=cell, stretch=True)
    return RowsModel([column], key=lambda item: item.key)


def where(titles: words.Titles, item: Unsound) -> str:
    """Of whom it is: village, household, relation, birth, sex."""
    person = item.person
    parts = [
        titles.get(item.scope, "") if len(titles) > 1 else "",
        home_text(item.home) if item.home else "",
        names.relation(person.relation),
        person.birth.isoformat() if person.birth else "",
        names.sex(person.sex),
    ]
    return " · ".join(part for part in parts if part)


def progress_text(progress: Progress) -> str:
    """How far all numbers are."""
    told = _(
        "{open} of {people} ID numbers to check · {sound} sound · {checked} checked, right as they stand"
    )
    return told.format(
        open=f"{progress.open:,}", people=f"{progress.people:,}", sound=f"{progress.sound:,}",
        checked=f"{progress.checked:,}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal in words: the number as it may be shown, why, and what stands against taking it."""

    proposal: Proposal
    number: str
    why: str
    warning: str


def offered(
    policy: Policy, titles: words.Titles, item: Unsound, found: Proposals, *, masked: bool
) -> list[Offer]:
    """The proposals of one number; masked they show where they differ from each other, and no more."""
    numbers = [one.number for one in found.shown]
    texts = masked_alike(numbers, "id_number") if masked else numbers
    return [
        Offer(
            one,
            text,
            " · ".join(words.told(policy, reason, titles) for reason in one.reasons),
            _("{name} has it").format(name=one.taken) if one.taken else "",
        )
        for one, text in zip(found.shown, texts, strict=True)
    ]


def judged(text: str, today: date) -> tuple[str, str]:
    """The sound number typed ("" where it is none), and what the rules make of it."""
    check = id_number.check(text, today=today)
    if not check.derives_id or not check.full:
        return "", wording.doubt_text(check.doubt or "") if text.strip() else ""
    born = check.birth.isoformat() if check.birth else ""
    return check.full, _("sound · {sex}, born {day}").format(sex=names.sex(check.sex), day=born)
