"""Households as the register has them, in the order in which one walks from door to door."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from storage.ledger import Ledger
from storage.queries.people import ANY_SCOPE, Person
from storage.store import batches


@dataclass(frozen=True, slots=True)
class Household:
    """A household as the register has it; ``unsettled`` names the registers whose values disagree."""

    scope: str
    record: str
    number: str
    group: str
    lane: str
    address: str
    head_name: str
    grid: str
    helper: str
    door: int | None
    note: str
    unsettled: tuple[str, ...] = ()


_HOUSEHOLD = (
    "scope, record, coalesce(number, ''), coalesce(grp, ''), coalesce(lane, ''), coalesce(address, ''), "
    "coalesce(head_name, ''), coalesce(grid, ''), coalesce(helper, ''), door, coalesce(note, ''), "
    "(SELECT group_concat('household.' || c.register) FROM conflict c "
    "WHERE c.scope = household.scope AND c.kind = 'household' AND c.record = household.record)"
)


def _household(row: Sequence[Any]) -> Household:
    unsettled = tuple(sorted(row[-1].split(","))) if row[-1] else ()
    return Household(*[*row[:-1], unsettled])


def households(ledger: Ledger, scope: str | None = None) -> list[Household]:
    """Return all households (of one scope), in walking order: group, door where arranged, number."""
    where, arguments = ("", ()) if scope is None else ("AND scope = ?", (scope,))
    rows = ledger.connection.execute(
        f"SELECT {_HOUSEHOLD} FROM household WHERE void_reason IS NULL {where}", arguments
    )
    return sorted(map(_household, rows), key=walking_order)


def household(ledger: Ledger, record: str) -> Household | None:
    """Return one household, or None."""
    row = ledger.connection.execute(
        f"SELECT {_HOUSEHOLD} FROM household WHERE {ANY_SCOPE} AND record = ?", (record,)
    ).fetchone()
    return _household(row) if row else None


def households_of(ledger: Ledger, people: Iterable[Person]) -> dict[str, Household]:
    """Return the households of these people that there are, by record."""
    keys = sorted({(one.scope, one.household) for one in people if one.household})
    found: dict[str, Household] = {}
    for part in batches(keys, 400):
        marks = ",".join("(?,?)" for _ in part)
        sql = f"SELECT {_HOUSEHOLD} FROM household WHERE (scope, record) IN (VALUES {marks})"
        rows = ledger.connection.execute(sql, [text for key in part for text in key])
        found.update((row[1], _household(row)) for row in rows)
    return found


def walking_order(item: Household) -> tuple[Any, ...]:
    """Sort key: village group, arranged door, lane, number; numbers inside words count as numbers."""
    return (
        item.scope,
        natural(item.group),
        item.door is None,
        item.door or 0,
        natural(item.lane),
        natural(item.number),
        item.record,
    )


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which 组2 comes before 组10."""
    parts: list[tuple[int, int, str]] = []
    run = ""
    for character in text + "\0":
        if character.isascii() and character.isdigit():
            run += character
            continue
        if run:
            bare = run.lstrip("0")
            parts.append((0, len(bare), f"{bare}\0{run}"))  # longer is greater, without reading the number
            run = ""
        parts.append((1, 0, character))
    return tuple(parts)
