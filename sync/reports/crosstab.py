"""The cross table: people counted, or what they paid, by two of their fields at once. The one module that has pandas.

pandas is loaded when a table is counted, never on the way to the window. Amounts are whole fen in int64: exact.
"""

from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from storage.errors import KnownError
from storage.persons import Record
from storage.queries.housing import natural
from storage.queries.outputs import OutPerson
from sync.reports.axes import Axis, Words, axes
from sync.reports.choosing import selections
from sync.reports.paper import Paper

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series

Measure = Literal["people", "amount"]
MEASURES: tuple[Measure, ...] = ("people", "amount")
MOST_COLUMNS = 60
"""More values than that belong into the rows: nobody reads a wider sheet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: ``rows`` and ``columns`` are axes by code, ``whom`` a selection of ``choosing``.

    ``only`` are axes with the one word people have to stand under.
    """

    rows: str
    columns: str
    measure: Measure = "people"
    whom: str = "everybody"
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cross:
    """A counted table: persons, or fen. Totals are of persons: who stands in two columns counts in them once.

    ``rows`` and ``columns`` are the words of its sides. ``more`` tells whether somebody stands in several cells, so
    that these add up to more than the totals; ``least`` is the fewest persons of a cell that has any, 0 without such.
    """

    asked: Asked
    rows: Words
    columns: Words
    cells: tuple[tuple[int, ...], ...]
    row_totals: tuple[int, ...]
    column_totals: tuple[int, ...]
    total: int
    people: int
    more: bool = False
    least: int = 0


@dataclass(frozen=True, slots=True)
class _Said:
    """What an axis says of everybody: its words, and of each person the place of theirs among them."""

    words: list[Words]
    places: "array[int]"


class Crowd:
    """The people of villages, to be counted any way; what an axis says of them is asked once.

    Who counts elsewhere is left out. It belongs to the thread that counts.
    """

    def __init__(self, rows: Sequence[OutPerson], sheet: Paper, scopes: Collection[str]) -> None:
        self.rows = [row for row in rows if not row.person.counted_in]
        self.sheet = sheet
        self.axes: Mapping[str, Axis] = axes(sheet, scopes)
        self._said: dict[str, _Said] = {}

    def axis(self, code: str) -> Axis:
        """An axis; raises KnownError cross.no_axis(axis, available)."""
        if code not in self.axes:
            raise KnownError("cross.no_axis", axis=code, available=list(self.axes))
        return self.axes[code]

    def words(self, code: str) -> Words:
        """The words an axis has: those somebody stands under, of one that shows all those known too."""
        axis = self.axis(code)
        told = {word for words in self.said(code).words for word in words}
        known = [word for word in axis.order if axis.all or word in told]
        return (*known, *sorted(told.difference(axis.order), key=natural))

    def said(self, code: str) -> _Said:
        """What an axis says of everybody."""
        if code not in self._said:
            self._said[code] = _asked(self.rows, self.axis(code).give)
        return self._said[code]

    def chosen(self, whom: str) -> "array[int]":
        """Whether a selection takes somebody, 1 or 0; raises KnownError cross.nobody(whom, available)."""
        if whom not in selections():
            raise KnownError("cross.nobody", whom=whom, available=list(selections()))
        test, policy = selections()[whom].test, self.sheet.policy
        return array("b", (test(row, policy) for row in self.rows))

    @cached_property
    def fen(self) -> "array[int]":
        """What each person paid this year."""
        return array("q", (row.person.amount for row in self.rows))


def _asked(rows: Sequence[OutPerson], give: Callable[[OutPerson], Words]) -> _Said:
    found: dict[Words, int] = {}
    places = array("l", (found.setdefault(give(row), len(found)) for row in rows))
    return _Said(list(found), places)


def cross(crowd: Crowd, asked: Asked) -> Cross:
    """Count; raises KnownError cross.no_axis, cross.nobody, cross.no_word(axis, word), cross.too_wide(axis, count)."""
    people = _people(crowd, asked)
    each = _each(crowd, people, asked)
    rows, columns = (tuple(map(str, each[side].cat.categories)) for side in ("row", "column"))
    if len(columns) > MOST_COLUMNS:
        heading = crowd.axis(asked.columns).heading
        raise KnownError("cross.too_wide", axis=heading, count=len(columns), most=MOST_COLUMNS)
    what = "size" if asked.measure == "people" else "sum"
    cells = each.groupby(["row", "column"], observed=False)["fen"].agg(["size", "sum"])
    filled = cells["size"][cells["size"] > 0]
    return Cross(
        asked=asked,
        rows=rows,
        columns=columns,
        cells=_matrix(cells[what], rows, columns),
        row_totals=_totals(each, "row", what),
        column_totals=_totals(each, "column", what),
        total=int(people["fen"].agg(what)),
        people=len(people),
        more=len(each) > len(people),
        least=int(filled.min()) if len(filled) else 0,
    )


def who(crowd: Crowd, asked: Asked, row: str | None, column: str | None) -> list[Record]:
    """Return exactly the people behind a number, by village and record; None stands for a total."""
    people = _people(crowd, asked)
    for code, word in ((asked.rows, row), (asked.columns, column)):
        if word is not None:
            people = _under(crowd, people, code, word)
    found = (crowd.rows[place].person for place in people.index)
    return [(person.scope, person.record) for person in found]


def _people(crowd: Crowd, asked: Asked) -> "DataFrame":
    """Whom the table is about, by their place in the crowd: what they paid."""
    from pandas import DataFrame, Series

    everybody = DataFrame({"fen": crowd.fen})
    people = everybody[Series(crowd.chosen(asked.whom)) == 1]
    for code, word in asked.only:
        if word not in (known := crowd.words(code)):
            heading = crowd.axis(code).heading
            raise KnownError("cross.no_word", axis=heading, word=word, available=list(known))
        people = _under(crowd, people, code, word)
    return people


def _under(crowd: Crowd, people: "DataFrame", code: str, word: str) -> "DataFrame":
    """Those of them who stand under a word of an axis."""
    said = crowd.said(code)
    places = [place for place, words in enumerate(said.words) if word in words]
    return people[_places(said, people.index).isin(places).to_numpy()]


def _each(crowd: Crowd, people: "DataFrame", asked: Asked) -> "DataFrame":
    """A line for each ``row`` and ``column`` each ``person`` stands in, with their ``fen``."""
    each = people.rename_axis("person").reset_index()
    for side, code in (("row", asked.rows), ("column", asked.columns)):
        each["place"] = _places(crowd.said(code), each["person"]).to_numpy()
        each = each.merge(_words(crowd, code, side), on="place").drop(columns="place")
        if not crowd.axis(code).all:
            each[side] = each[side].cat.remove_unused_categories()
    return each


def _places(said: _Said, people: "Index[int] | Series[int]") -> "Series[int]":
    """The place of the words of each of these people."""
    from pandas import Series

    return Series(said.places).reindex(people)


def _words(crowd: Crowd, code: str, side: str) -> "DataFrame":
    """Place → each of the words that stand there, in the order of the axis."""
    from pandas import Categorical, DataFrame

    pairs = [(place, word) for place, words in enumerate(crowd.said(code).words) for word in words]
    table = DataFrame(pairs, columns=["place", side])
    return table.assign(**{side: Categorical(table[side], categories=crowd.words(code), ordered=True)})


def _matrix(cells: "Series[int]", rows: Words, columns: Words) -> tuple[tuple[int, ...], ...]:
    """The cells row by row."""
    if not columns:  # pandas refuses to unfold nothing
        return ((),) * len(rows)
    return tuple(tuple(map(int, line)) for line in cells.unstack().to_numpy())


def _totals(each: "DataFrame", side: str, what: str) -> tuple[int, ...]:
    """What each word of a side comes to, everybody once."""
    once = each.drop_duplicates(["person", side])
    return tuple(map(int, once.groupby(side, observed=False)["fen"].agg(what)))
