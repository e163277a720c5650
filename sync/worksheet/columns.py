"""The columns a working sheet may have, from resources/columns/worksheet.toml."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import msgspec

from storage.errors import KnownError
from sync.sheets.columns import data, field_of, forms, plain

KEY = "key"
PAYMENT = ("paid", "amount", "paid_on", "channel", "receipt")
"""Columns that together say one payment."""
PLACE = ("group", "lane", "address")
"""Columns that speak of the household: every row of it shows them."""


class Column(msgspec.Struct, frozen=True):
    """A column: its title, the other names it goes by, what its cells are, whether people may fill it in."""

    key: str
    title: str
    width: float
    titles: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kind: str = "text"
    fill: bool = False
    usual: bool = False
    report: bool = False


@cache
def catalogue() -> Mapping[str, Column]:
    """All columns by key, in the order they stand in a sheet."""
    return {entry["key"]: msgspec.convert(entry, Column) for entry in data("worksheet.toml")["column"]}


@cache
def _titles() -> Mapping[str, str]:
    """Title as compared → column: its own, else another name it goes by."""
    found: dict[str, str] = {}
    for column in catalogue().values():
        for form in forms(column.title):
            found.setdefault(form, column.key)
    for column in catalogue().values():
        for title in column.titles:
            found.setdefault(plain(title), column.key)
    return found


@cache
def _of_fields() -> Mapping[str, str]:
    return {field: column.key for column in catalogue().values() for field in column.fields}


def own(title: str) -> str:
    """The column whose very title it is, "" for none."""
    found = _titles().get(plain(title), "") if title else ""
    return found if found and plain(catalogue()[found].title) == plain(title) else ""


def named(title: str) -> str:
    """The column a title means, "" for none of ours."""
    for form in forms(title):
        if form in _titles():
            return _titles()[form]
    return _of_fields().get(field_of(title) or "", "")


def of_field(field: str | None) -> str:
    """The column that holds what a field of fields.toml is, "" for none of ours."""
    return _of_fields().get(field or "", "")


def chosen(wanted: Sequence[str], *, villages: int = 1) -> list[Column]:
    """The columns of a sheet, in their order: those wanted (keys or titles), the usual ones where none is.

    The key always is among them, the village where people of several are. Raises KnownError worksheet.no_column (text).
    """
    keys = {KEY} if wanted else {key for key, column in catalogue().items() if column.usual}
    for text in wanted:
        key = text if text in catalogue() else named(text)
        if not key:
            raise KnownError("worksheet.no_column", text=text, choices=_choices(catalogue().values()))
        keys.add(key)
    if villages > 1:
        keys.add("village")
    return [column for key, column in catalogue().items() if key in keys]


def _choices(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(column.key for column in columns)
