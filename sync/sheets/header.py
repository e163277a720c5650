"""Finding tables: the row that names the columns, what each column is, where the table ends.

A sheet may hold titles above the table, a header of two rows with merged groups, the header again on every
page, several tables below or beside each other. Nothing here knows what the table is for (kinds.py does).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from storage.errors import KnownError
from sync.sheets.cells import Cell, Note, Sheet, Span, Workbook
from sync.sheets.columns import field_of, plain, titles_in
from sync.sheets.values import line_of

_SEARCHED = 300  # rows looked at for the first header of a sheet
_KEYS = {
    "name",
    "id_number",
    "psn_no",
    "person_number",
    "population_registered",
    "population_resident",
    "task",
}
_GROUP_WORDS = re.compile("(基本)?(信息|情况|资料|信息栏)$")
_LONG_NUMBER = re.compile(r"\d{6,}")
_LATER = 3  # known titles a header needs below another table
_LONGEST_NAME = 8  # characters; a longer text in the place of a name is a line of its own
_LONGEST_GROUP = 12  # characters of a title over several columns
_HIGHEST_GROUP = 8  # rows of one; higher is no title
_Groups = dict[int, list[tuple[int, int]]]
"""Row index → first and last column of what is merged there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column at ``index`` (from 0), its title as written, and the field it holds or None."""

    index: int
    title: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet; rows are counted from 1, as the spreadsheet shows them.

    ``header_row`` is the (last) row of titles, ``first_row`` to ``last_row`` what stands below it, repeated
    headers and totals included; ``lines`` are the texts above it. ``sheet`` has the cells.
    """

    sheet: Sheet
    header_row: int
    columns: tuple[Column, ...]
    first_row: int
    last_row: int
    lines: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, int]:
        """Field → column index."""
        return {column.field: column.index for column in self.columns if column.field}

    @property
    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Row number and cells of each row below the header; rows may be shorter than the table is wide."""
        cells = self.sheet.rows.starting(self.first_row - 1)
        return zip(range(self.first_row, self.last_row + 1), cells, strict=False)

    def is_header(self, row: Sequence[Cell]) -> bool:
        """Whether a row repeats this table's titles."""
        titled = [column for column in self.columns if column.title and column.index < len(row)]
        same = sum(plain(line_of(row[column.index])) == plain(column.title) for column in titled)
        return same >= 2 and same * 2 >= sum(row[column.index] is not None for column in titled)


def find_tables(workbook: Workbook) -> list[Table]:
    """All tables of all visible sheets, in order. Raises sheet.no_header (file) where there is none."""
    tables = [table for sheet in workbook.sheets if not sheet.hidden for table in _tables(sheet)]
    if not tables:
        raise KnownError("sheet.no_header", file=workbook.name)
    return tables


def sheets_without_table(workbook: Workbook, tables: Sequence[Table]) -> list[Note]:
    """A note for each visible sheet that holds something but no table, such as a page of instructions."""
    with_table = {id(table.sheet) for table in tables}
    without = [sheet for sheet in workbook.sheets if len(sheet.rows) and id(sheet) not in with_table]
    return [Note("sheet.note.no_table", {"sheet": sheet.name}) for sheet in without]


def remap(table: Table, fields: Mapping[int, str | None]) -> Table:
    """The table with columns (by index) given other fields; a field moves, no two columns keep the same."""
    given = {field for field in fields.values() if field}
    known = {column.index: column for column in table.columns}
    columns = {
        index: column if column.field not in given else replace(column, field=None)
        for index, column in known.items()
    }
    for index, field in fields.items():
        columns[index] = Column(index, known[index].title if index in known else "", field)
    return replace(table, columns=tuple(columns[index] for index in sorted(columns)))


def _tables(sheet: Sheet) -> list[Table]:
    """The tables of one sheet, one below the other; those beside each other are taken apart."""
    found: list[Table] = []
    grouped = _grouped(sheet.spans)
    start = 0  # first row index that belongs to no table yet
    while header := _next_header(sheet, grouped, start, found[-1] if found else None):
        top, bottom, titles = header
        above = 0
        if found:
            above = _title_rows(found[-1], top)
            found[-1] = replace(found[-1], last_row=above)
        lines = tuple(_lines(sheet, above, top))
        found.append(Table(sheet, bottom + 1, _columns(titles), bottom + 2, len(sheet.rows), lines))
        start = bottom + 1
    return [part for table in found for part in _side_by_side(table)]


def _title_rows(table: Table, top: int) -> int:
    """Index of the first of the lines right above a later header: its titles, and no people of ``table``."""
    first = top
    while first >= table.first_row and not _may_be_person(table, table.sheet.rows[first - 1]):
        first -= 1
    return first


def _may_be_person(table: Table, row: Sequence[Cell]) -> bool:
    name = table.fields.get("name", len(row))
    named = name < len(row) and row[name] is not None and len(line_of(row[name])) <= _LONGEST_NAME
    return named or len(set(_texts(row))) > 2 or _holds_data(row)


def _lines(sheet: Sheet, start: int, end: int) -> Iterator[str]:
    for row in sheet.rows[max(start, end - 20) : end]:
        yield from dict.fromkeys(_texts(row))


def _texts(row: Sequence[Cell]) -> Iterator[str]:
    return filter(None, map(line_of, row))


def _grouped(spans: Iterable[Span]) -> _Groups:
    """Cells merged over several columns, by each of the rows they cover; high ones head no columns."""
    found: _Groups = defaultdict(list)
    for first, left, last, right in spans:
        if right > left and last - first < _HIGHEST_GROUP:
            for index in range(first, last + 1):
                found[index].append((left, right))
    return found


def _next_header(
    sheet: Sheet, grouped: _Groups, start: int, above: Table | None
) -> tuple[int, int, list[str]] | None:
    """First and last index of the next header rows and the titles they make together.

    Below a table only a header of another shape counts; one like the table's own is a page's repetition.
    """
    for index, row in enumerate(sheet.rows.starting(start), start):
        if above is None and index >= start + _SEARCHED:
            return None
        if above is not None and (titles_in(row) < _LATER or above.is_header(row)):
            continue
        if (found := _header_at(sheet, grouped, index, row)) and not (above and _same(above, found[2])):
            return found
    return None


def _header_at(
    sheet: Sheet, grouped: _Groups, index: int, row: Sequence[Cell]
) -> tuple[int, int, list[str]] | None:
    """The header that starts at a row, of one row or two."""
    own = _titles(row)
    if not any(own) or _holds_data(row):
        return None
    both = _with_row_below(sheet, grouped, index, own)
    if both:
        return index, index + 1, both
    return (index, index, own) if _is_header(own) else None


def _same(above: Table, titles: Sequence[str]) -> bool:
    return {column.field for column in _columns(titles)} == {column.field for column in above.columns}


def _holds_data(row: Sequence[Cell]) -> bool:
    """Whether a row has a number no title has: of an ID card, a phone, a household."""
    return any(_LONG_NUMBER.search(line_of(cell)) for cell in row if cell is not None)


def _titles(row: Sequence[Cell]) -> list[str]:
    """The texts of a row that could be titles; others as ''."""
    return [line_of(cell) if isinstance(cell, str) and len(cell) <= 60 else "" for cell in row]


def _is_header(titles: Sequence[str]) -> bool:
    """At least two known titles, one of them what a list is about."""
    fields = {field for title in titles if title and (field := field_of(title))}
    return len(fields) >= 2 and not fields.isdisjoint(_KEYS | {"head_name"})


def _with_row_below(sheet: Sheet, grouped: _Groups, index: int, own: Sequence[str]) -> list[str] | None:
    """Titles of a header of two rows, the upper one naming groups; None where the two make no more than one."""
    if index + 1 >= len(sheet.rows) or _holds_data(sheet.rows[index + 1]):
        return None
    upper, lower = _spread(grouped.get(index, ()), own), _titles(sheet.rows[index + 1])
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    if len({group for group, title in zip(upper, lower, strict=True) if title}) == 1:
        return None  # one text over every column is the table's title, however short
    both = [_combined(group, title) for group, title in zip(upper, lower, strict=True)]
    fields, alone = ([field_of(title) if title else None for title in titles] for titles in (both, lower))
    below = sum(
        field is not None and field != field_of(title or "-")
        for field, title in zip(alone, upper, strict=True)
    )
    is_grouped = fields != alone or any(field_of(title) for title in own if title)
    return both if is_grouped and below >= 2 and _is_header(both) else None


def _spread(groups: Iterable[tuple[int, int]], own: Sequence[str]) -> list[str]:
    """The titles of a row, a merged group's title over all its columns; a line over the whole table is none."""
    titles = [title if len(title) <= _LONGEST_GROUP else "" for title in own]
    for left, right in groups:
        if left < len(titles):
            titles.extend([""] * (right + 1 - len(titles)))
            titles[left : right + 1] = [titles[left]] * (right + 1 - left)
    return titles


def _combined(group: str, title: str) -> str:
    """The title of a column under a group: 户主信息 over 姓名 is 户主姓名, 家庭成员 over 性别 is 性别."""
    if not group or not title or group == title:
        return title or group
    together = _GROUP_WORDS.sub("", plain(group)) + title
    field, own = field_of(together), field_of(title)
    return together if field and field != own else title


def _columns(titles: Sequence[str], first: int = 0) -> tuple[Column, ...]:
    """Columns from index ``first`` on, by their titles; a field belongs to the first column that names it."""
    taken: set[str | None] = {None}
    columns = []
    for index, title in enumerate(titles, first):
        field = field_of(title)
        columns.append(Column(index, title, None if field in taken else field))
        taken.add(field)
    while columns and not columns[-1].title:
        columns.pop()
    return tuple(columns)


def _side_by_side(table: Table) -> list[Table]:
    """Tables printed in two halves on one sheet, taken apart where their titles begin again."""
    titles = [column.title for column in table.columns]
    start = next((index for index, title in enumerate(titles) if title), 0)
    again = [index for index in range(start + 2, len(titles)) if plain(titles[index]) == plain(titles[start])]
    halves = list(pairwise([start, *again, len(titles)]))
    if len(halves) < 2 or not all(_is_header(titles[first:end]) for first, end in halves):
        return [table]
    return [replace(table, columns=_columns(titles[first:end], first)) for first, end in halves]
