"""Doubles as the page shows them: the list, and of one double its sides beside one another, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gui import wording
from gui.actions.doubles import ALIKE, KEEPS
from gui.i18n import _
from gui.models.households import place_text
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import doubles as words
from gui.wording import names
from gui.wording.candidates import Line, home_text, masked_alike, runs
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import doubles, villages
from storage.queries.doubles import INSURED, Double, Side


@dataclass(frozen=True, slots=True)
class Found:
    """All doubles of a ledger with the titles of its villages."""

    doubles: tuple[Double, ...] = ()
    titles: words.Titles = field(default_factory=dict)

    def of_village(self, scope: str) -> list[Double]:
        """Those that touch a village; "" all."""
        return [one for one in self.doubles if not scope or any(side.scope == scope for side in one.sides)]


def read(ledger: Ledger, policy: Policy, scope: str | None) -> Found:
    """Read them on the ledger thread."""
    found = doubles.find(ledger, policy, ledger.clock.today(), scope)
    return Found(tuple(found), villages.titles(ledger))


def name_of(double: Double) -> str:
    """Whom it is about: every name that stands there."""
    found = dict.fromkeys(side.person.name for side in double.sides if side.person and side.person.name)
    return _(", ").join(found) or "?"


def model() -> RowsModel:
    """The list at the left; ticked ones are settled together."""

    def cell(double: Double) -> Cell:
        home = next((side.home for side in double.sides if side.home), None)
        where = place_text(home.group, home.number) if home else ""
        tone: Tone = "ok" if double.verdict.kept is not None else "warn"
        decided = _("proposal") if double.verdict.kept is not None else _("ask")
        below: list[Piece] = [Tag(decided, tone), Text(words.code_text(double.code), "soft")]
        return [[Text(name_of(double), "strong"), Text(where, "soft")], below]

    column = Column(_("Double"), name_of, cell=cell, stretch=True)
    return RowsModel([column], key=lambda double: double.key, ticks=True)


# ---- one double


@dataclass(frozen=True, slots=True)
class Shown:
    """One side as a card: what it is, its lines, whether it is the one proposed, whether it can be kept."""

    title: str
    lines: tuple[Line, ...]
    proposed: bool
    keepable: bool


def shown(policy: Policy, titles: words.Titles, double: Double, *, masked: bool) -> list[Shown]:
    """The sides of a double beside one another, what differs told apart to the character."""
    columns = [column for column in _lines(policy, titles, double, masked) if not _is_common(double, column)]
    return [
        Shown(
            words.side_text(titles, side),
            tuple(column[number] for column in columns),
            number == double.verdict.kept,
            double.code in KEEPS,
        )
        for number, side in enumerate(double.sides)
    ]


def common(policy: Policy, titles: words.Titles, double: Double, *, masked: bool) -> list[str]:
    """What all sides agree in where they are surely one person: told once."""
    columns = _lines(policy, titles, double, masked)
    return [column[0].text for column in columns if _is_common(double, column) and column[0].field != "name"]


def _is_common(double: Double, column: list[Line]) -> bool:
    known = double.code in INSURED or double.code == "two_villages"  # surely one person
    return known and len(column) > 1 and not column[0].differs


def can_be_two(double: Double) -> bool:
    """Whether they may be two people after all."""
    return double.code in ALIKE


def _lines(policy: Policy, titles: words.Titles, double: Double, masked: bool) -> list[list[Line]]:
    """The fields of all sides, those nobody has anything in left out."""
    sides = double.sides
    numbers = [side.person.id_number if side.person else "" for side in sides]
    phones = [side.person.phone if side.person else "" for side in sides]
    fields: dict[str, tuple[str, Sequence[str]]] = {
        "name": (_("Name"), [side.person.name if side.person else "" for side in sides]),
        "id_number": (_("ID number"), masked_alike(numbers, "id_number") if masked else numbers),
        "birth": (_("Born on"), [_birth(side) for side in sides]),
        "village": (_("Village"), [titles.get(side.scope, side.scope) for side in sides]),
        "home": (_("Household"), [home_text(side.home) if side.home else "" for side in sides]),
        "residence": (_("Lives"), [_residence(policy, side) for side in sides]),
        "phone": (_("Phone"), masked_alike(phones, "phone") if masked else phones),
        "since": (_("Insured"), [words.since_text(side.cover) if side.coverage else "" for side in sides]),
        "groups": (_("Subsidy"), [_groups(policy, side) for side in sides]),
        "paid": (_("Payment"), [_paid(side) for side in sides]),
        "source": (_("From"), [side.source for side in sides]),
    }
    values: dict[str, Sequence[str]] = {"id_number": numbers, "phone": phones}
    return [
        _column(name, title, texts, values.get(name, texts))
        for name, (title, texts) in fields.items()
        if any(values.get(name, texts))
    ]


def _column(name: str, title: str, texts: Sequence[str], values: Sequence[str]) -> list[Line]:
    differs = len(set(values)) > 1
    return [
        Line(name, title, text or _("empty"), differs, runs(text, texts) if differs else ()) for text in texts
    ]


def _birth(side: Side) -> str:
    return side.person.birth.isoformat() if side.person and side.person.birth else ""


def _residence(policy: Policy, side: Side) -> str:
    return names.residence(policy, side.person.residence) if side.person else ""


def _groups(policy: Policy, side: Side) -> str:
    codes = side.cover.groups if side.cover else side.person.groups if side.person else ()
    return _(", ").join(names.group(policy, code) for code in codes)


def _paid(side: Side) -> str:
    """How far the payment is, where it is the insurance of this village."""
    if side.person is None or (side.cover is not None and not side.here):
        return ""
    told = {"confirmed": _("posted {amount}"), "reported": _("paid, to be posted {amount}")}
    template = told.get(side.person.paid)
    return template.format(amount=wording.amount(side.person.amount)) if template else _("not paid")
