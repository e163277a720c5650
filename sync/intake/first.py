"""A village's first roster, before there is a ledger: how many people it names, and which village it may be of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage import divisions
from storage.divisions import Division
from storage.errors import KnownError
from sync.intake.planning import SOURCE
from sync.intake.roster import rosters
from sync.sheets.header import Table, find_tables
from sync.sheets.kinds import recognise
from sync.sheets.reading import read
from sync.sheets.roster import RosterRow, roster_rows

_MOST_VILLAGES = 4
_IN_ADDRESSES = 0.5
"""The share of people a village's name has to stand with, where no title names it."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What a file holds: people, households where the table tells, and the villages it may be of, likeliest first.

    ``kind`` is what reading it in has to be told: "roster" where a person's word alone makes it one.
    """

    people: int = 0
    households: int = 0
    villages: tuple[Division, ...] = ()
    kind: str = ""


def look(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> FirstLook:
    """Read a roster without a ledger. Raises KnownError sheet.*, intake.other_kind, .kind_unknown, .no_people."""
    everything = find_tables(read(path, cancel=cancelled))
    kind = SOURCE if all(_is_bare(table) for table in everything) else ""
    tables = rosters(path.name, everything, kind)
    found = [roster_rows(table).rows for table in tables]
    rows = [row for one in found for row in one]
    if not rows:
        raise KnownError("intake.no_people", file=path.name)
    homes = {(at, row.household) for at, one in enumerate(found) for row in one if row.household is not None}
    return FirstLook(len(rows), len(homes), villages_of(path.stem, tables, rows), kind)


def _is_bare(table: Table) -> bool:
    """Whether nothing but names and numbers tells what a table is: whoever calls it their roster is believed."""
    return recognise(table).name == "unknown" and table.fields.keys() >= {"name", "id_number"}


def villages_of(name: str, tables: list[Table], rows: list[RosterRow]) -> tuple[Division, ...]:
    """The villages of the public table that a roster's name, titles or columns speak of; never more than a guess."""
    titles = " ".join([name, *(line for table in tables for line in (table.sheet.name, *table.lines))])
    columns = {row.village for row in rows if row.village}
    told = " ".join([titles, *sorted(columns)]) if len(columns) == 1 else titles
    found = divisions.within(told)
    if not found:
        addresses = [f"{row.registered_address} {row.address}" for row in rows]
        found = [
            one
            for one in divisions.within(" ".join(sorted(set(addresses))))
            if sum(divisions.bare(one.name) in text for text in addresses) >= _IN_ADDRESSES * len(addresses)
        ]
    return tuple(found[:_MOST_VILLAGES])
