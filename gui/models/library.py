"""The plan library as tables: lines that add up, and the people of a line."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gui.i18n import _
from gui.models.worklists import EntriesModel
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import library as words
from gui.wording import names
from gui.wording.targets import band_name
from gui.wording.units import number
from storage.ledger import Ledger
from storage.persons import Record
from storage.policy.ease import Band, Ease
from storage.policy.model import Policy
from storage.policy.rates import settled
from storage.queries import cards, flow, housing, library, people, villages, worklists
from storage.queries.library import Library, Line
from storage.queries.worklists import Entry

LIBRARY, VILLAGES, FLOW, FLOWS = "library", "villages", "flow", "flows"
"""Parts of the page: lines with their people, villages side by side; the same of who came and went."""
BANDS: tuple[Band, ...] = ("easy", "middle", "hard", "unlikely")
Eased = Mapping[Record, Ease]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: a line of the library (or of coming and going), of a village ("": all)."""

    line: str = "open"
    scope: str = ""
    part: str = LIBRARY


@dataclass(frozen=True, slots=True)
class Shown:
    """The library of an office's villages, with their titles.

    ``each`` are those to be brought in as every village counts itself, ``once`` as all of them together do.
    """

    library: Library
    titles: Mapping[str, str]
    each: frozenset[Record]
    once: frozenset[Record]

    def bands(self, scope: str, eased: Eased) -> Counter[str]:
        """How many of those to be brought in come how easily."""
        some = self.once if not scope else (key for key in self.each if key[0] == scope)
        return Counter(eased[key].band for key in some if key in eased)


def read(ledger: Ledger, policy: Policy, base: str) -> Shown:
    """Read it on the ledger thread."""
    each, once = (library.told(ledger, policy, "open", base, each=one) for one in (True, False))
    return Shown(library.read(ledger, policy), villages.titles(ledger), frozenset(each), frozenset(once))


# ---- lines


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it is shown: its code, its words, how many people (None: still being read), how deep it stands.

    ``heads`` is what those below divide; its ``opens`` is the line whose people it stands for.
    """

    code: str
    name: str
    people: int | None
    depth: int
    about: str = ""
    sign: str = ""
    heads: bool = False

    @property
    def opens(self) -> str:
        """The code whose people stand behind the row."""
        return self.code.partition("@")[0]


def library_rows(policy: Policy, lines: Sequence[Line], bands: Mapping[str, int] | None) -> list[LineRow]:
    """The lines of the library in the order of reading; ``bands`` is None while ease is being read."""
    told = {line.code: line.people for line in lines}
    rows = [
        _row(policy, line, _depth(line)) for line in lines if line.kind not in ("group",) and not _flat(line)
    ]
    for kind in ("reason", "group"):
        rows.append(LineRow(f"open@{kind}", words.kind_title(kind), told["open"], 0, heads=True))
        rows += [_row(policy, line, 1) for line in lines if line.parent == "open" and line.kind == kind]
    rows.append(LineRow("open@ease", words.kind_title("ease"), told["open"], 0, heads=True))
    count = {band: None if bands is None else bands.get(band, 0) for band in BANDS}
    return [*rows, *(LineRow(f"ease.{band}", band_name(band), count[band], 1) for band in BANDS)]


def _flat(line: Line) -> bool:
    """Whether it stands under a heading of its own."""
    return line.parent == "open" and line.kind == "reason"


def _depth(line: Line) -> int:
    return {"": 0, "people": 1}.get(line.parent, 3 if line.parent.startswith("open.") else 2)


def _row(policy: Policy, line: Line, depth: int) -> LineRow:
    heads = line.code in ("people", "open")
    name, about = words.line_name(policy, line.code), words.line_about(line.code)
    return LineRow(line.code, name, line.people, depth, about, heads=heads)


def flow_rows(policy: Policy, lines: Sequence[Line]) -> list[LineRow]:
    """The lines of coming and going in the order of the sum."""
    return [
        LineRow(
            line.code,
            words.flow_name(policy, line.code, policy.year),
            line.people,
            int(bool(line.parent)),
            words.line_about(line.code),
            words.flow_sign(line.code),
            not line.parent,
        )
        for line in lines
    ]


def lines_model() -> RowsModel:
    """Lines with how many people stand behind each."""

    def name(row: LineRow) -> Cell:
        first: list[Piece] = [
            Text("　" * row.depth + row.sign + row.name, "strong" if row.heads else "normal")
        ]
        return [first]

    def count(row: LineRow) -> str:
        return "…" if row.people is None else number(row.people)

    return RowsModel(
        [
            Column(_("Line of the library"), lambda row: row.sign + row.name, cell=name, stretch=True),
            Column("", count, cell=lambda row: [[Text(count(row), "strong")]], align="right", width=64),
        ],
        key=lambda row: row.code,
    )


# ---- people


@dataclass(frozen=True, slots=True)
class Page:
    """The first people of a line with everything about them, and how many there are."""

    keys: tuple[Record, ...]
    entries: tuple[Entry, ...]
    causes: Mapping[Record, str]


def read_people(
    ledger: Ledger, policy: Policy, today: date, wanted: Wanted, base: str, eased: Eased, most: int
) -> Page:
    """Read on the ledger thread exactly the people of a line, the easiest first as far as that is known."""
    facts = (
        _flowed(ledger, policy, wanted) if wanted.part == FLOW else _told(ledger, policy, wanted, base, eased)
    )
    keys = sorted(facts, key=lambda key: (-eased[key].score if key in eased else 1, key))
    entries = _entries(ledger, policy, today, keys[:most], eased)
    return Page(tuple(keys), tuple(entries), {one.key: facts[one.key] for one in entries})


_GONE = {"went": "settled", "lapsed": "lapsed"}


def _flowed(ledger: Ledger, policy: Policy, wanted: Wanted) -> dict[Record, str]:
    """The people of a line of coming and going with why they are not insured, "" where they are."""
    part = flow.read(ledger, policy).part(wanted.scope)
    why = {key: cause for head, cause in _GONE.items() for key in part.people(head)}
    if wanted.line in ("last", "this"):
        keys = flow.insured(ledger, policy, wanted.line, wanted.scope)
    else:
        keys = part.people(wanted.line)
    return {key: why.get(key, "") for key in keys}


def _told(ledger: Ledger, policy: Policy, wanted: Wanted, base: str, eased: Eased) -> dict[Record, str]:
    """The people of a line of the library with why they are not insured, "" where they are."""
    head, _dot, band = wanted.line.partition(".")
    easily = head == "ease"
    found = library.told(ledger, policy, "open" if easily else wanted.line, base, wanted.scope)
    return {
        key: "" if fact.paid else "settled" if settled(policy, fact.absence) else library.cause(fact)
        for key, fact in found.items()
        if not easily or (key in eased and eased[key].band == band)
    }


def _entries(
    ledger: Ledger, policy: Policy, today: date, keys: Sequence[Record], eased: Eased
) -> list[Entry]:
    """The people of these keys with their households, in this order."""
    loaded = people.load(ledger, policy.year, residents=[record for _scope, record in keys])
    homes = housing.households_of(ledger, loaded)
    found: dict[Record, Entry] = {}
    for person in sorted(loaded, key=lambda one: one.record != one.person):
        key = (person.scope, person.person)
        if key not in found:
            home = homes.get(person.household) or cards.unknown_household(person)
            card = cards.person_card(policy, person, today)
            found[key] = Entry(cards.HouseholdCard(home, (card,), ()), card, None, eased.get(key))
    return [found[key] for key in keys if key in found]


def bands_of(ledger: Ledger, policy: Policy, today: date, scope: str) -> dict[Record, Ease]:
    """Read on the ledger thread how easily a village's people come."""
    return worklists.eased(ledger, policy, today, scope)


_TONES: dict[str, Tone] = {"paused": "info", "lapsed": "bad", "missed": "warn", "settled": "mute"}


def people_model(
    policy: Callable[[], Policy],
    today: Callable[[], date],
    titles: Callable[[], Mapping[str, str]],
    cause: Callable[[Record], str],
) -> EntriesModel:
    """The people of a line: why they are not insured, who they are, how easily they come, what to do."""

    def text(entry: Entry) -> str:
        code = cause(entry.key)
        if not code:
            return _("Insured here")
        return words.cause(code) if code != "settled" else _("Settled by a reason")

    def cell(entry: Entry) -> Cell:
        code, reason = cause(entry.key), entry.card.person.absence
        said: list[Piece] = [Tag(text(entry), _TONES.get(code, "ok"))]
        return [said, [Text(names.absence(policy(), reason), "soft")]] if reason and code else [said]

    return EntriesModel(policy, today, titles, Column(_("Cause"), text, cell=cell, width=104))
