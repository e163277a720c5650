"""The insurance years of a ledger, and what opening the next one would do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Tag
from gui.widgets.rows import Column, RowsModel
from gui.wording import units
from gui.wording import years as words
from storage import policies
from storage.carrying import Plan
from storage.commands import years
from storage.ledger import Ledger
from storage.policies import PolicyHead
from storage.queries import calendar, villages
from storage.queries.calendar import Year
from storage.queries.figures import Figures


@dataclass(frozen=True, slots=True)
class Line:
    """A year and where it stands."""

    year: Year
    told: Figures


@dataclass(frozen=True, slots=True)
class Shelf:
    """The years, the policies of later ones to choose from, and what is still to be carried into the present one."""

    lines: tuple[Line, ...]
    offers: tuple[PolicyHead, ...]
    missing: Plan
    titles: Mapping[str, str]


def read(ledger: Ledger, today: date) -> Shelf:
    """Read it on the ledger thread; a large township takes a moment."""
    force = policies.in_force(ledger).policy
    own = policies.published(ledger)
    known = {head.id for head in own}
    fitting = [head for head in policies.available() if head.fit(ledger.profile.scope) >= 0]
    offers = [
        head for head in (*own, *(one for one in fitting if one.id not in known)) if head.year > force.year
    ]
    return Shelf(
        tuple(Line(one, calendar.figures_of(ledger, one.policy)) for one in calendar.listed(ledger, today)),
        tuple(sorted(offers, key=lambda head: head.year)),
        replace(years.preview(ledger, force), edits=()),
        {**villages.titles(ledger), ledger.profile.scope: ledger.profile.title},
    )


def look(ledger: Ledger, policy_id: str) -> Plan:
    """Return what opening the year of a policy does; raises what opening it would raise."""
    policy = policies.load_for(ledger, policy_id)
    years.check(ledger, policy)
    return replace(years.preview(ledger, policy), edits=())


def to_carry(plan: Plan) -> int:
    """How many entries carrying would write."""
    return plan.total.identities + plan.total.departed


def model() -> RowsModel:
    """Year, whether it takes entries, people paid, policy; one line a year, the newest first."""

    def state(line: Line) -> Cell:
        tones: dict[str, Tone] = {"now": "ok", "running": "info", "over": "mute"}
        return [[Tag(words.state(line.year), tones[line.year.state])]]

    def paid(line: Line) -> str:
        return _("{paid} of {people}").format(
            paid=units.number(line.told.paid), people=units.number(line.told.people)
        )

    return RowsModel(
        [
            Column(_("Year"), lambda line: str(line.year.year), width=70),
            Column(_("Takes entries"), lambda line: words.state(line.year), cell=state, width=150),
            Column(_("Paid people"), paid, width=130),
            Column(_("Policy"), lambda line: line.year.policy.title, stretch=True),
        ],
        key=lambda line: line.year.year,
    )
