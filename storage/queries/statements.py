"""Numbers without people: those of this office for the one above, and which townships gave a banner nothing else.

Of a township the newest statement counts, until it sends its people again (``replaced``).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date

from storage import held, statements
from storage.bulletins import Bulletin
from storage.errors import KnownError
from storage.known import KnownPlace
from storage.ledger import Ledger
from storage.places import under
from storage.queries.figures import Figures
from storage.queries.headcounts import Number
from storage.statements import Stated, Statement

Live = Mapping[str, "Received"]
"""Code of a township → the statement that counts."""


@dataclass(frozen=True, slots=True)
class Received:
    """A statement as it came: its record, when its file was made (UTC, ISO), whether people came after it."""

    record: str
    at: str
    replaced: bool
    statement: Statement

    @property
    def unit(self) -> str:
        """The township's code."""
        return self.statement.unit

    @property
    def whole(self) -> Stated:
        """All of its villages, everybody once."""
        return self.statement.whole


def received(ledger: Ledger) -> list[Received]:
    """Return every statement this ledger can read, by township, the newest first."""
    found = []
    rows = ledger.connection.execute(
        "SELECT record, stated_unit, coalesce(stated_at, ''), coalesce(replaced, 0), stated FROM statement "
        "WHERE stated IS NOT NULL AND stated_unit IS NOT NULL ORDER BY record"
    ).fetchall()
    for record, unit, at, replaced, text in rows:
        with suppress(KnownError):
            found.append(Received(record, at, bool(replaced), statements.read(text, unit)))
    return sorted(found, key=lambda one: (one.unit, -one.statement.moment, one.record))


def live(ledger: Ledger) -> Live:
    """Return by township the statement that counts."""
    newest: dict[str, Received] = {}
    for one in received(ledger):
        newest.setdefault(one.unit, one)
    return {unit: one for unit, one in newest.items() if not one.replaced}


def covers(told: Live) -> Callable[[str], bool]:
    """Return whether a place is told of by numbers alone: what else is known of it is older."""
    return lambda scope: any(under(scope, unit) for unit in told)


def of_place(told: Live, scope: str) -> Received | None:
    """Return the statement a place's numbers come from, None where its people do."""
    return next((one for unit, one in told.items() if under(scope, unit)), None)


def counted(ledger: Ledger, bulletin: Bulletin, place: str) -> Received | None:
    """Return the statement an issue took a place's numbers from, None where it counted people.

    Of those the issue's basis holds the newest; one whose end it holds too counted no more.
    """
    newest = [one for one in received(ledger) if under(place, one.unit)]
    for one in newest:
        held_ = _held(ledger, bulletin, one.record)
        if held_:
            return None if one.replaced and held_ > 1 else one
    return None


def _held(ledger: Ledger, bulletin: Bulletin, record: str) -> int:
    """Return how many entries of a record an issue counts."""
    rows = ledger.connection.execute(
        "SELECT s.scope, s.replica, o.seq FROM op o JOIN stream s ON s.id = o.stream WHERE o.record = ?",
        (record,),
    ).fetchall()
    runs = (
        {(part.scope, part.replica): held.runs_of(part.numbers) for part in bulletin.basis.parts}
        if rows
        else {}
    )
    return sum(
        any(first <= number <= last for first, last in runs.get((scope, replica), ()))
        for scope, replica, number in rows
    )


def titles(told: Live) -> dict[str, str]:
    """Return code → name of the villages stated, and of their townships."""
    found = {one.unit: one.statement.title for one in told.values()}
    return found | {place.code: place.title for one in told.values() for place in one.statement.places}


def places(told: Live) -> dict[str, KnownPlace]:
    """Return what is known of the villages stated."""
    return {place.code: place.known for one in told.values() for place in one.statement.places}


def numbers(told: Live) -> dict[str, dict[str, Number]]:
    """Return the numbers of people that were given for the places stated, with those of their townships."""
    stated = [place for one in told.values() for place in (one.whole, *one.statement.places)]
    return {place.code: {code: _number(*said) for code, said in place.numbers.items()} for place in stated}


def _number(people: int, on: str, by: str) -> Number:
    with suppress(ValueError):
        return Number(people, date.fromisoformat(on), by)
    return Number(people, None, by)


def rows(told: Live, denominator: str) -> dict[str, Figures]:
    """Return every stated village's row of the board by a denominator."""
    return {place.code: figures(place.figures, denominator) for place in _stated(told)}


def twice(told: Live, denominator: str) -> dict[str, Figures]:
    """Return what of the rows counts in another village of the same township."""
    return {place.code: figures(place.twice, denominator) for place in _stated(told) if place.twice}


def _stated(told: Live) -> Iterable[Stated]:
    return (place for one in told.values() for place in one.statement.places)


def figures(said: Mapping[str, Mapping[str, int]], denominator: str) -> Figures:
    """Return what was said by a denominator; of one nobody counted by, what does not depend on it."""
    names = {one.name for one in fields(Figures)}
    counts = said.get(denominator) or {
        name: count
        for name, count in next(iter(said.values()), {}).items()
        if name not in ("should", "should_paid")
    }
    return Figures(**{name: count for name, count in counts.items() if name in names})


def plain(found: Figures) -> dict[str, int]:
    """Return figures as they are stated, without noughts."""
    return {one.name: value for one in fields(Figures) if (value := getattr(found, one.name))}
