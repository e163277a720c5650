"""What others do with the same histories: the clerk's script, and whole records of which the newest wins.

A history is a schedule of entries and meetings of three computers whose clocks may be off. Every system gets the same
one. An entry is written over by a later one at a computer that its value had reached by then; what nobody wrote over
has to show in the end, or somebody has to be asked about it.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pandas
import xlsxwriter

from storage.clock import tick
from storage.fold import fold, written_over
from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.log import FORMAT, Body, Operation, encode

SCOPE = "150621102200"
COMPUTERS = ("v1", "v2", "o1")
"""Two computers of a village and its office's."""
REGISTERS = {
    "contact": "phone",
    "residence": "residence",
    "remark": "note",
    "ethnic": "ethnic",
    "category": "category",
}
HOUR = 3_600_000
START = 1_764_720_000_000
SKEWS = (0, 0, 1, -1, 9, -8, 24 * 365, -24 * 3650)
"""Hours a clock may be off: a wrong time zone, a dead battery."""

Place = tuple[str, str]
"""(record, register)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody enters ``value`` at a computer; ``at`` is the true time in milliseconds."""

    computer: str
    place: Place
    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """One computer's file reaches another."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class History:
    """A schedule, and by how many hours each computer's clock is off."""

    events: Sequence[Entry | Meeting]
    skews: dict[str, int]

    def clock(self, entry: Entry) -> int:
        """Return what the computer believes the time to be."""
        return entry.at + self.skews[entry.computer] * HOUR


def history(rng: random.Random, *, people: int = 12, events: int = 60) -> History:
    """Return a random history; at its end every computer has met every other, twice over."""
    found: list[Entry | Meeting] = []
    for number in range(events):
        if rng.random() < 0.15:
            found.append(Meeting(*rng.sample(COMPUTERS, 2)))
        else:
            place = (f"r{rng.randrange(people)}", rng.choice(list(REGISTERS)))
            at = START + number * HOUR // 4
            found.append(Entry(rng.choice(COMPUTERS), place, f"{number}", at))
    found += [
        Meeting(one, other) for _ in range(2) for one in COMPUTERS for other in COMPUTERS if one != other
    ]
    return History(found, {computer: rng.choice(SKEWS) for computer in COMPUTERS})


def unwritten(told: History) -> tuple[dict[Place, set[str]], dict[Place, set[str]]]:
    """Return by place the values nobody wrote over, and those that somebody did who could have seen them."""
    reached: dict[str, dict[Place, set[str]]] = {computer: {} for computer in COMPUTERS}
    over: dict[Place, set[str]] = {}
    everything: dict[Place, set[str]] = {}
    for event in told.events:
        if isinstance(event, Meeting):
            for place, values in reached[event.source].items():
                reached[event.target].setdefault(place, set()).update(values)
        else:
            seen = reached[event.computer].setdefault(event.place, set())
            over.setdefault(event.place, set()).update(seen)
            seen.add(event.value)
            everything.setdefault(event.place, set()).add(event.value)
    return {place: values - over.get(place, set()) for place, values in everything.items()}, over


# ---- the systems


class System(Protocol):
    """Keeps records at each computer."""

    def enter(self, entry: Entry, clock: int) -> None:
        """Take in an entry."""

    def meet(self, source: str, target: str) -> None:
        """Merge what the source has into the target."""

    def shown(self, place: Place) -> str:
        """Return what shows in the end at the office, "" for nothing."""

    def asked(self, place: Place) -> set[str]:
        """Return the values somebody is asked to choose between."""


@dataclass
class NewestWins:
    """Whole records with the time of the last change; the newer one replaces the older (KeePassXC's synchronise).

    KeePassXC keeps the older one in the entry's history, where nobody is told to look.
    """

    records: dict[str, dict[str, tuple[int, dict[str, str]]]] = field(
        default_factory=lambda: {computer: {} for computer in COMPUTERS}
    )

    def enter(self, entry: Entry, clock: int) -> None:
        record, register = entry.place
        _, fields = self.records[entry.computer].get(record, (0, {}))
        self.records[entry.computer][record] = clock, {**fields, register: entry.value}

    def meet(self, source: str, target: str) -> None:
        mine = self.records[target]
        for record, (time, fields) in self.records[source].items():
            if record not in mine or time > mine[record][0]:
                mine[record] = time, fields

    def shown(self, place: Place) -> str:
        return self.records["o1"].get(place[0], (0, {}))[1].get(place[1], "")

    def asked(self, place: Place) -> set[str]:
        return set()


@dataclass
class Clerk:
    """Tables that are put under one another, of each person the last row kept (pandas concat + drop_duplicates)."""

    tables: dict[str, pandas.DataFrame] = field(
        default_factory=lambda: {
            computer: pandas.DataFrame(columns=["record", *REGISTERS], dtype=object) for computer in COMPUTERS
        }
    )

    def enter(self, entry: Entry, clock: int) -> None:
        table, (record, register) = self.tables[entry.computer], entry.place
        if record not in set(table["record"]):
            table.loc[len(table)] = [record, *[""] * len(REGISTERS)]
        table.loc[table["record"] == record, register] = entry.value

    def meet(self, source: str, target: str) -> None:
        self.tables[target] = merged([self.tables[target], self.tables[source]], "record")

    def shown(self, place: Place) -> str:
        table = self.tables["o1"]
        rows = table.loc[table["record"] == place[0], place[1]]
        return str(rows.iloc[0]) if len(rows) else ""

    def asked(self, place: Place) -> set[str]:
        return set()


def merged(tables: Iterable[pandas.DataFrame], key: str) -> pandas.DataFrame:
    """Return the tables as one, the last row of each ``key``: the script itself."""
    return pandas.concat(list(tables)).drop_duplicates(key, keep="last", ignore_index=True)


@dataclass
class Ours:
    """The log, the fold and the rule of what an entry writes over, as the ledger uses them."""

    logs: dict[str, dict[bytes, Operation]] = field(
        default_factory=lambda: {computer: {} for computer in COMPUTERS}
    )
    times: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COMPUTERS, 0))
    count: int = 0

    def _of(self, computer: str, record: str) -> list[Operation]:
        return [one for one in self.logs[computer].values() if one.body.record == record]

    def enter(self, entry: Entry, clock: int) -> None:
        record, register = entry.place
        state = fold(self._of(entry.computer, record))
        settles = KINDS["resident"].registers[register].settles
        over = written_over(state[register], settles, entry.computer[0]) if register in state else []
        self.times[entry.computer] = tick(self.times[entry.computer], max(clock, 1))
        self.count += 1
        operation = encode(
            Body(
                FORMAT,
                SCOPE,
                entry.computer,
                self.count,
                self.times[entry.computer],
                "resident",
                record,
                "某人",
                "",
                {register: {REGISTERS[register]: entry.value}},
                {register: [head.oid.hex() for head in over]} if over else {},
            )
        )
        self.logs[entry.computer][operation.oid] = operation

    def meet(self, source: str, target: str) -> None:
        self.logs[target] |= self.logs[source]

    def shown(self, place: Place) -> str:
        state = fold(self._of("o1", place[0]))
        return str(state[place[1]].value[REGISTERS[place[1]]]) if place[1] in state else ""

    def asked(self, place: Place) -> set[str]:
        heads = fold(self._of("o1", place[0])).get(place[1])
        if heads is None or not heads.conflict:
            return set()
        return {str(value[REGISTERS[place[1]]]) for value in heads.candidates}


# ---- what became of the entries


@dataclass
class Outcome:
    """What became of entries: ``lost`` without a word, come ``back`` though written over, ``asked`` about."""

    entries: int = 0
    lost: int = 0
    back: int = 0
    asked: int = 0

    def add(self, told: History, system: System) -> None:
        """Play a history through and count."""
        for event in told.events:
            if isinstance(event, Meeting):
                system.meet(event.source, event.target)
            else:
                system.enter(event, told.clock(event))
                self.entries += 1
        standing, over = unwritten(told)
        for place, values in standing.items():
            shown, asked = system.shown(place), system.asked(place)
            self.lost += len(values - {shown} - asked)
            self.back += shown in over.get(place, set()) and not asked
            self.asked += bool(asked)


def play(make: Callable[[], System], count: int, seed: int = 1) -> Outcome:
    """Return what a system does with ``count`` random histories, the same for every system."""
    outcome = Outcome()
    for number in range(count):
        outcome.add(history(random.Random(seed * 100_000 + number)), make())
    return outcome


# ---- time


TITLES = {
    "id_number": "身份证号",
    "name": "姓名",
    "sex": "性别",
    "phone": "联系电话",
    "relation": "与户主关系",
}


def write_xlsx(ledger: Ledger, path: Path) -> None:
    """Write a village's people as its contact keeps them in a spreadsheet."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, ["户编号", *TITLES.values()])
    fields = ", ".join(f"r.{name}" for name in TITLES)
    rows = ledger.connection.execute(
        f"SELECT h.number, {fields} FROM resident r "
        "JOIN household h ON h.record = r.household AND h.scope = r.scope ORDER BY h.number"
    )
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [item or "" for item in row])
    book.close()


def clerk_script(files: Sequence[Path], target: Path) -> int:
    """Put the villages' spreadsheets into one and write it, with the fastest reader there is; returns the rows."""
    tables = [pandas.read_excel(path, dtype=str, engine="calamine") for path in files]
    whole = merged(tables, TITLES["id_number"])
    whole.to_excel(target, index=False)
    return len(whole)
