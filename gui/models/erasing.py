"""Erasing somebody: before, what would go and what stays; afterwards, what is left to do. In sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gui import wording
from gui.i18n import _
from gui.wording import names
from storage.commands import erasure
from storage.commands.erasure import Erased, Kept, Reach
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import villages

_ORDER = (
    "resident",
    "household",
    "payment",
    "refund",
    "settlement",
    "confirmation",
    "credential",
    "subsidy",
    "enrolment",
    "assistance",
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an erasure would do, with the titles of the villages."""

    reach: Reach
    titles: Mapping[str, str]


def read(ledger: Ledger, policy: Policy, scope: str, resident: str) -> Outlook:
    """Read it on the ledger thread."""
    return Outlook(erasure.preview(ledger, policy, scope, resident), villages.titles(ledger))


def lines(found: Outlook) -> list[str]:
    """What goes, where it goes, what stays, and that nothing brings it back."""
    reach = found.reach
    kinds = sorted(reach.records, key=lambda kind: (kind not in _ORDER, *_place(kind)))
    what = [
        _("{kind} {count}").format(kind=names.kind(kind), count=wording.units.number(reach.records[kind]))
        for kind in kinds
    ]
    told = [
        _("Goes: {what}. In {villages}, here at once, there with your next file.").format(
            what=wording.units.listed(what), villages=_places(reach.scopes, found.titles)
        ),
        _("In the log {count} entries become empty places without content; they are counted, nobody can read them.")
        .format(count=wording.units.number(reach.stubs)),
    ]  # fmt: skip
    if reach.again:
        again = _("{count} entries about others that name the person are written again without the name.")
        told.append(again.format(count=wording.units.number(reach.again)))
    return [*told, *_left(reach.mentions, reach.backups)]


def told(done: Erased, titles: Mapping[str, str]) -> list[str]:
    """What was done, and what is left to do."""
    first = _("Erased in {villages}; the villages drop their copies when they take in your next file.")
    return [first.format(villages=_places(done.scopes, titles)), *_left(done.mentions, done.backups)]


def _left(mentions: int, backups: Sequence[Kept]) -> list[str]:
    """What an erasure does not reach by itself."""
    found = []
    if mentions:
        told = _(
            "{count} other entries still hold this name or number: look at remarks and people of the same name."
        )
        found.append(told.format(count=wording.units.number(mentions)))
    if backups:
        last = max(one.until for one in backups)
        told = _("{count} backups on this computer still hold the person; the last one is given up on {day}.")
        found.append(told.format(count=wording.units.number(len(backups)), day=last.isoformat()))
    return [*found, _("Lists that were printed or exported before are not reached by this.")]


def _places(scopes: Sequence[str], titles: Mapping[str, str]) -> str:
    return wording.units.listed([titles.get(scope, scope) for scope in scopes])


def _place(kind: str) -> tuple[int, str]:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER), kind
