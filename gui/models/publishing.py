"""Which policy each village works by, and which can be given to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Tag, Text
from gui.widgets.rows import Column, RowsModel
from storage import policies
from storage.commands import publish
from storage.ledger import Ledger
from storage.policies import PolicyHead
from storage.policy.model import Policy
from storage.queries import delivery, villages
from storage.queries.delivery import CONFIRMED, UNSENT, WAITING


@dataclass(frozen=True, slots=True)
class Place:
    """A village and the policy published in it; ``policy`` is None where none was or it cannot be read here.

    ``state`` is how far the word of it is: unsent, waiting, confirmed; "" where none was published.
    """

    scope: str
    title: str
    name: str
    policy: Policy | None
    state: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The villages, and the policies that can be given to them: this place's own first, the newest year first."""

    places: tuple[Place, ...]
    offers: tuple[PolicyHead, ...]


def read(ledger: Ledger) -> Shelf:
    """Read it on the ledger thread."""
    titles = villages.titles(ledger)
    places = [_place(ledger, scope, titles.get(scope, scope)) for scope in publish.places_of(ledger)]
    own = policies.published(ledger)
    known = {head.id for head in own}
    fitting = [head for head in policies.available() if head.fit(ledger.profile.scope) >= 0]
    return Shelf(tuple(places), (*own, *(head for head in fitting if head.id not in known)))


def _place(ledger: Ledger, scope: str, title: str) -> Place:
    name, policy = publish.published_in(ledger, scope)
    if not name:
        return Place(scope, title, "", None, "")
    found = delivery.of_records(ledger, publish.records_of(scope, name), scope).values()
    order = (UNSENT, WAITING, CONFIRMED)
    return Place(
        scope, title, name, policy, min((one.state for one in found), key=order.index, default=CONFIRMED)
    )


def model() -> RowsModel:
    """Village, policy with its version, and whether the village has it; ticked ones are meant alone."""

    def state(place: Place) -> Cell:
        tones: dict[str, Tone] = {UNSENT: "warn", WAITING: "info", CONFIRMED: "ok"}
        words = state_text(place)
        return [[Tag(words, tones[place.state])]] if place.state else [[Text(words, "soft")]]

    return RowsModel(
        [
            Column(_("Village"), lambda place: place.title, width=150),
            Column(_("Works by"), policy_text, stretch=True),
            Column(_("Reached it"), state_text, cell=state, width=150),
        ],
        key=lambda place: place.scope,
        ticks=True,
    )


def state_text(place: Place) -> str:
    """How far the word of a policy is on its way."""
    return {
        UNSENT: _("goes with the next file"),
        WAITING: _("given, not confirmed"),
        CONFIRMED: _("has it"),
    }.get(place.state, "")


def policy_text(place: Place) -> str:
    """Which policy a village works by, with its version."""
    if not place.name:
        return _("the one of its kit")
    if place.policy is None:
        return _("{name}: cannot be read here").format(name=place.name)
    return _("{title}, version {version}").format(title=place.policy.title, version=place.policy.version)


def will_happen(
    policy: Policy,
    titles: Sequence[str],
    *,
    everywhere: bool,
    now: int = 0,
    draft: bool = False,
    waiting: int = 0,
) -> list[str]:
    """What publishing does, before it is done; ``now`` is the year in force.

    A ``draft`` of an earlier year only puts that year right. ``waiting`` sources were not looked up.
    """
    corrects = draft and policy.year < now
    whom = wording.units.listed([*titles])
    days = _("{first} to {last}").format(first=policy.window.start, last=policy.window.end)
    return [
        _("“{title}”, version {version}: year {year}, {money} a person, window {days}.").format(
            title=policy.title,
            version=policy.version,
            year=policy.year,
            money=wording.money(policy.personal_fen),
            days=days,
        ),
        _("That year is put right in {places}; what everybody works by stays in force.").format(places=whom)
        if corrects
        else _("For all villages and this office: {places}. Here it is in force at once.").format(places=whom)
        if everywhere
        else _("For these alone: {places}. This office goes on with its own.").format(places=whom),
        _("A village works by it once it has received your next file. What was recorded stays as it is."),
        *(
            [
                _("{count} sources were not looked up for this year; it says so beside them.").format(
                    count=waiting
                )
            ]
            if waiting
            else []
        ),
        *(
            [_("A new insurance year: then carry over identities and departures under “Insurance years”.")]
            if everywhere and 0 < now < policy.year
            else []
        ),
        *([_("This is an example: it is in force nowhere.")] if policy.example else []),
    ]
