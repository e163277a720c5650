"""What a bulletin says: counted, found again, and counted again out of the operations it was counted from."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from storage import asof, bulletins, held
from storage.asof import Lack
from storage.bulletins import FIELDS, Before, Bulletin, Content, Forecast, Line
from storage.divisions import named
from storage.errors import KnownError
from storage.kinds import OFFICE
from storage.ledger import Ledger, Profile
from storage.places import is_village, trunk, under
from storage.policy import ranking
from storage.policy.model import Policy
from storage.policy.ranking import Counts, Level
from storage.queries import targets
from storage.queries.targets import Place
from storage.watching import NOBODY, Watch

# ---- counting


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of a bulletin: villages and townships by code, all of them everybody once."""

    lines: tuple[Line, ...]
    parts: tuple[Line, ...]
    total: Line
    twice: int
    tied: tuple[str, ...]
    spared: tuple[str, ...]


def level_of(unit: str) -> Level:
    """Return which level an office's code is of."""
    return "banner" if len(trunk(unit)) == 6 else "township"


def township(code: str) -> str:
    """Return the township a village lies in."""
    return code[:9] + "000"


def count(
    ledger: Ledger, policy: Policy, denominator: str, today: date, titles: Mapping[str, str]
) -> Counted:
    """Count the places of ``titles`` (code → name) and all of them by a denominator, as on ``today``.

    A banner's townships are the parts, each as it counts itself. Raises KnownError bulletin.denominator.
    """
    if denominator not in {one.code for one in policy.denominators}:
        known = [one.code for one in policy.denominators]
        raise KnownError("bulletin.denominator", denominator=denominator, available=known)
    unit = ledger.profile.scope
    villages = {code: title for code, title in titles.items() if is_village(code)}
    within = township if level_of(unit) == "banner" else None
    read = targets.read(ledger, policy, today, within=within, places=villages)
    given = ranking.cards(policy, level_of(unit))
    lines, found = _ranked(
        [_line(read.rows[code], code, title, denominator) for code, title in sorted(villages.items())],
        given.count if given.kind != "none" else 0,
    )
    parts, _ = _ranked(
        [
            _line(part, code, titles.get(code) or named(code) or code, denominator)
            for code, part in read.parts.items()
        ],
        0,
    )
    total = _line(read.total, unit, ledger.profile.title, denominator)
    twice = sum(line.people for line in lines) - total.people
    return Counted(tuple(lines), tuple(parts), total, twice, found.tied, found.spared)


def _ranked(lines: Sequence[Line], cards: int) -> tuple[list[Line], ranking.Ranking]:
    counts: dict[str, Counts] = {line.code: (line.paid, line.total) for line in lines}
    found = ranking.ranking(counts, cards)
    carded = set(found.carded)
    return [replace(line, rank=found.ranks[line.code], card=line.code in carded) for line in lines], found


def _line(place: Place, code: str, title: str, denominator: str) -> Line:
    rate = place.rate_of(denominator)
    return Line(
        code=code,
        title=title,
        people=place.people,
        total=rate.total,
        paid=rate.reached,
        confirmed=rate.confirmed,
        able=rate.able,
        departed=rate.departed,
        others=rate.others,
        excluded=rate.excluded,
        special=place.special,
        special_paid=place.special_paid,
        credential=place.credential,
        assist=place.assist,
        forecast=_forecast(place),
    )


def _forecast(place: Place) -> Forecast | None:
    standing = place.standing_of("everyone")
    pace = standing.pace if standing else None
    if pace is None or not place.people:
        return None
    return Forecast(
        state=pace.state,
        missing=pace.missing,
        left=pace.left,
        paid=pace.paid,
        days=pace.days,
        likely=pace.likely,
        earliest=pace.earliest,
        latest=pace.latest,
        by_deadline=pace.by_deadline,
        needed=None if pace.needed is None else round(pace.needed, 3),
    )


# ---- what was issued


def issued(ledger: Ledger, scope: str = "") -> list[Bulletin]:
    """Return the bulletins this ledger holds and can read, of one office or of all, the newest first."""
    found = []
    for row in _rows(ledger, scope):
        with suppress(KnownError):
            found.append(bulletins.thaw(row))
    return found


def unreadable(ledger: Ledger, scope: str = "") -> int:
    """Return how many bulletins a newer version of the program issued that this one cannot read."""
    return len(_rows(ledger, scope)) - len(issued(ledger, scope))


def last_number(ledger: Ledger, year: int) -> int:
    """Return the number of this office's last issue for an insurance year, 0 before the first."""
    row = ledger.connection.execute(
        "SELECT max(bulletin_number) FROM bulletin WHERE scope = ? AND bulletin_year = ?",
        (ledger.profile.scope, year),
    ).fetchone()
    return int(row[0] or 0)


def _rows(ledger: Ledger, scope: str) -> list[dict[str, Any]]:
    rows = ledger.connection.execute(
        f"SELECT {', '.join(FIELDS)} FROM bulletin WHERE scope LIKE ? AND content IS NOT NULL "
        "ORDER BY bulletin_year DESC, bulletin_number DESC, bulletin_at DESC, record",
        (scope or "%",),
    ).fetchall()
    return [dict(zip(FIELDS, row, strict=True)) for row in rows]


def find(ledger: Ledger, wanted: int | str, year: int | None = None, scope: str = "") -> Bulletin:
    """Return one issue by its number, of the newest year that has it where none is named.

    Where two clerks issued one number, ``3-5de7`` names the one whose numbers have this fingerprint. Raises
    KnownError: bulletin.unknown (``available``), bulletin.several (``available``).
    """
    number, _, mark = str(wanted).partition("-")
    have = issued(ledger, scope or ledger.profile.scope)
    found = [
        one
        for one in have
        if str(one.number) == number and one.print.startswith(mark.replace(" ", "").lower())
    ]
    found = [one for one in found if year in (None, one.content.year)]
    if not found:
        raise KnownError("bulletin.unknown", number=wanted, available=[one.number for one in have])
    same = [one for one in found if one.content.year == found[0].content.year]
    if len(same) > 1:
        names = [f"{one.number}-{one.print[:4]}" for one in same]
        raise KnownError("bulletin.several", number=wanted, available=names)
    return found[0]


def by_record(ledger: Ledger, record: str) -> Bulletin:
    """Return the issue of a record; raises KnownError bulletin.unknown, bulletin.unreadable."""
    row = ledger.connection.execute(
        f"SELECT {', '.join(FIELDS)} FROM bulletin WHERE record = ? AND content IS NOT NULL", (record,)
    ).fetchone()
    if row is None:
        raise KnownError("bulletin.unknown", number="?", available=[one.number for one in issued(ledger)])
    return bulletins.thaw(dict(zip(FIELDS, row, strict=True)))


def newest(ledger: Ledger, year: int) -> Bulletin | None:
    """Return the newest issue of this office for an insurance year, None before the first."""
    return next((one for one in issued(ledger, ledger.profile.scope) if one.content.year == year), None)


def moved(counted: Counted, before: Content | None) -> Counted:
    """Return the numbers with what the issue before said of each place."""
    if before is None:
        return counted

    def with_before(line: Line, old: Line | None) -> Line:
        if old is None:
            return line
        return replace(line, before=Before(paid=old.paid, total=old.total, rank=old.rank))

    def each(lines: Sequence[Line]) -> tuple[Line, ...]:
        return tuple(with_before(line, before.line(line.code)) for line in lines)

    return Counted(
        each(counted.lines),
        each(counted.parts),
        with_before(counted.total, before.total),
        counted.twice,
        counted.tied,
        counted.spared,
    )


# ---- counted again


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that comes out otherwise now: of which place, which field, as printed and as counted again."""

    code: str
    field: str
    printed: Any
    counted: Any


@dataclass(frozen=True, slots=True)
class Recount:
    """What came of counting an issue again from its own operations: ``lacks`` of them that cannot be had any more.

    ``sound`` is whether the stored numbers are those that were issued, ``same_rules`` whether the program counts as it
    did; ``operations`` of ``wanted`` were there with the ``fingerprint`` they have now.
    """

    differences: tuple[Difference, ...]
    lacks: tuple[Lack, ...]
    sound: bool
    same_rules: bool
    operations: int
    wanted: int
    fingerprint: str

    @property
    def equal(self) -> bool:
        """Whether every number comes out as it was printed."""
        return self.sound and not self.differences


def recount(ledger: Ledger, bulletin: Bulletin, watch: Watch = NOBODY) -> Recount:
    """Count an issue again from exactly its own operations, in whatever order and wherever they came.

    Raises KnownError asof.stopped.
    """
    recalled = past(ledger, bulletin, anew=True, watch=watch)
    with recalled.ledger as then:
        content = bulletin.content
        again = count(then, bulletin.policy, content.denominator, content.on, _titles(content))
        basis = held.read(then.connection)
    differences = [
        one
        for old, new in zip(
            (*content.lines, *content.parts, content.total),
            (*again.lines, *again.parts, again.total),
            strict=True,
        )
        for one in _differences(old, new)
    ]
    for name in ("twice", "tied", "spared"):
        if getattr(content, name) != getattr(again, name):
            differences.append(Difference("", name, getattr(content, name), getattr(again, name)))
    same = bulletin.counting == bulletins.counting()
    return Recount(
        tuple(differences),
        recalled.lacks,
        bulletin.sound,
        same,
        basis.count,
        bulletin.basis.count,
        basis.fingerprint,
    )


def past(ledger: Ledger, bulletin: Bulletin, *, anew: bool = False, watch: Watch = NOBODY) -> asof.Recalled:
    """Return the ledger a bulletin was counted from: its operations, at its moment, as its office."""
    own = ledger.profile
    title, policy = bulletin.content.title, bulletin.policy.id
    profile = Profile(own.ledger, OFFICE, bulletin.scope, title, policy, own.office)
    return asof.of(ledger, bulletin.basis, bulletin.at_ms, profile, anew=anew, watch=watch)


def _titles(content: Content) -> dict[str, str]:
    return {line.code: line.title for line in (*content.lines, *content.parts)}


_CARRIED = frozenset(("before", "reported"))
"""What is not counted but taken from the issue before, or from the log of files."""


def _differences(old: Line, new: Line) -> list[Difference]:
    names = [one.name for one in msgspec.structs.fields(Line) if one.name not in _CARRIED]
    return [
        Difference(old.code, name, getattr(old, name), getattr(new, name))
        for name in names
        if getattr(old, name) != getattr(new, name)
    ]


# ---- where numbers came from


class Source(msgspec.Struct, frozen=True):
    """A file in which entries came that a bulletin counts of a village, "" for those written here."""

    name: str
    at: str
    entries: int


def sources(ledger: Ledger, bulletin: Bulletin, place: str) -> list[Source]:
    """Return by which files the entries came that an issue counts of a place, the oldest first.

    As this ledger received them: the banner had them from the township.
    """
    found: dict[tuple[int, str, str], int] = {}
    for part in bulletin.basis.parts:
        if not under(part.scope, place):
            continue
        for first, last in held.runs_of(part.numbers):
            for number, name, at, count in ledger.connection.execute(
                "SELECT coalesce(b.id, 0), coalesce(b.name, ''), coalesce(b.at, ''), count(*) FROM op o "
                "JOIN stream s ON s.id = o.stream LEFT JOIN bundle b ON b.id = o.bundle "
                "WHERE s.scope = ? AND s.replica = ? AND o.seq BETWEEN ? AND ? GROUP BY 1, 2, 3",
                (part.scope, part.replica, first, last),
            ):
                found[number, name, at] = found.get((number, name, at), 0) + count
    return [Source(name, at, count) for (_, name, at), count in sorted(found.items())]
