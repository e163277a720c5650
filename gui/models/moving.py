"""Somebody's move to another village, before it is made: who will see what, in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gui import wording
from gui.i18n import _
from gui.wording import names
from storage.commands import moves
from storage.commands.moves import Decision
from storage.ledger import Edit, Ledger
from storage.places import is_village, under
from storage.policy.model import Policy
from storage.queries import counting, housing, villages
from storage.queries.counting import Whereabouts

_BY_NAME = frozenset(("resident", "credential"))
"""Kinds whose registers are named; of others what they say is read out: sums, days, groups."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where somebody is, and the villages (code → title) they can count in; the one they came from stands first."""

    where: Whereabouts
    titles: Mapping[str, str]
    targets: Mapping[str, str] = field(default_factory=dict)

    def title(self, scope: str) -> str:
        """A village's title."""
        return self.titles.get(scope, scope)


def read(ledger: Ledger, scope: str, resident: str) -> Start:
    """Read it on the ledger thread."""
    where, titles = counting.whereabouts(ledger, scope, resident), villages.titles(ledger)
    own = ledger.profile.scope
    others = [one for one in titles if is_village(one) and under(one, own) and one != where.scope]
    others.sort(key=lambda one: (one != where.came_from, one not in where.scopes, one))
    return Start(where, titles, {one: titles[one] for one in others})


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a move would do: the entries the new village gets to see, and the households it could be into."""

    decision: Decision
    edits: tuple[Edit, ...]
    homes: tuple[tuple[str, str], ...]
    known: bool


def look(ledger: Ledger, policy: Policy, where: Whereabouts, decision: Decision, *, today: date) -> Outlook:
    """Ask the ledger what a move would write; nothing is written."""
    edits = moves.preview(ledger, policy, where.scope, where.record, decision, today=today)
    homes = [
        (one.record, " ".join(part for part in (one.number, one.head_name) if part))
        for one in housing.households(ledger, decision.to)
    ]
    return Outlook(decision, tuple(edits), tuple(homes), decision.to in where.scopes)


def where_text(start: Start) -> str:
    """Where somebody counts now, since when and why."""
    where = start.where
    told = _("Counts in {village}").format(village=start.title(where.scope))
    since = _("since {day}").format(day=where.since) if where.since else ""
    came = _("came from {village}").format(village=start.title(where.came_from)) if where.came_from else ""
    return " · ".join(part for part in (told, since, came, where.why) if part)


def target_text(start: Start, scope: str) -> str:
    """A village to choose; what it is to this person."""
    title = start.title(scope)
    if scope == start.where.came_from:
        return _("{village} (where they came from)").format(village=title)
    return (
        _("{village} (has this person too)").format(village=title) if scope in start.where.scopes else title
    )


def outlook_lines(policy: Policy, start: Start, name: str, found: Outlook) -> list[str]:
    """Who will see what: the new village, the old one; what goes to nobody; what is counted."""
    old, new = start.title(start.where.scope), start.title(found.decision.to)
    what = wording.units.listed(seen(policy, found.edits))
    day = found.decision.on.isoformat()
    later = found.decision.on.year > policy.year
    return [
        _("{village} will see: {what}.").format(village=new, what=what)
        if what
        else _("{village} has everything about {name} already; nothing more is handed over.").format(
            village=new, name=name
        ),
        _(
            "{village} keeps what it entered itself, and sees that {name} counts in {new} from {day} on."
        ).format(village=old, name=name, new=new, day=day),
        _(
            "{village} is not given: visits, remarks, who paid or advanced the money, the old household."
        ).format(village=new),
        *(
            [
                _(
                    "The year {year} is over: its figures stay, {name} goes on counting in {old} for it."
                ).format(year=policy.year, name=name, old=old)
            ]
            if later
            else []
        ),
        _(
            "Counted once: in {new}, no longer in {old}. Both go on showing what they show now until they have "
            "received your next file."
        ).format(new=new, old=old),
    ]


def seen(policy: Policy, edits: Sequence[Edit]) -> list[str]:
    """What entries tell, each once: people's own registers by name, facts of the year in words."""
    found: list[str] = []
    for edit in edits:
        for register, value in edit.changes.items():
            if register in ("link", "policy", "source", "terms") or not value:
                continue
            if edit.kind in _BY_NAME:
                found.append(names.register(edit.kind, register))
            else:
                found.append(wording.value_text(policy, edit.kind, register, value))
    return list(dict.fromkeys(found))
