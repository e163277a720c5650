"""What a table is: a village's register, or a list of another kind that must never become people.

The rules are data (resources/columns/kinds.toml): the first whose columns and words fit decides.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import islice

import msgspec

from sync.sheets.columns import data
from sync.sheets.header import Table
from sync.sheets.values import line_of

_LOOKED_AT = 200  # rows whose identity tells the department


@dataclass(frozen=True, slots=True)
class Kind:
    """What was recognised: a name of kinds.toml or ``unknown``, whose list it is, and by which words."""

    name: str
    department: str | None = None
    because: tuple[str, ...] = ()


class _Rule(msgspec.Struct, frozen=True):
    name: str
    columns: tuple[str, ...]
    at_least: int = 1
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    words: str = ""


class _Department(msgspec.Struct, frozen=True):
    name: str
    words: str
    values: str
    default: str = ""


class _Rules(msgspec.Struct, frozen=True):
    kind: tuple[_Rule, ...]
    department: tuple[_Department, ...]


@cache
def _rules() -> _Rules:
    return msgspec.convert(data("kinds.toml"), _Rules)


def kind_names() -> tuple[str, ...]:
    """All kinds a table can be told to be."""
    return tuple(dict.fromkeys(rule.name for rule in _rules().kind))


def department_names() -> tuple[str, ...]:
    """All departments a list can be told to come from."""
    return tuple(department.name for department in _rules().department)


def default_group(department: str) -> str:
    """The subsidy group that a row of a department's list means where it names none, "" where that is not known."""
    return next((found.default for found in _rules().department if found.name == department), "")


def recognise(table: Table, file: str = "") -> Kind:
    """The kind of a table by its columns, the words above it and its file's name; ``unknown`` where nothing tells."""
    words = " ".join((*table.lines, table.sheet.name, file))
    for rule in _rules().kind:
        if (because := _fits(rule, table, words)) is not None:
            whose = _department(table, words) if rule.name == "department_list" else None
            return Kind(rule.name, whose, because)
    return Kind("unknown")


def _fits(rule: _Rule, table: Table, words: str) -> tuple[str, ...] | None:
    """The titles and words that make the rule fit, or None."""
    titles = {column.field: column.title for column in table.columns if column.field}
    have = [titles[field] for field in rule.columns if field in titles]
    found = re.search(rule.words, words)
    if len(have) < rule.at_least or not found or any(field in titles for field in rule.never):
        return None
    if rule.also and not any(field in titles for field in rule.also):
        return None
    return (*have, *filter(None, [found[0]]))


def _department(table: Table, words: str) -> str | None:
    """Whose list: by the words above it, else by what most of its identities say."""
    for department in _rules().department:
        if re.search(department.words, words):
            return department.name
    column = table.fields.get("identity")
    if column is None:
        return None
    values = [line_of(row[column]) for _, row in islice(table.rows, _LOOKED_AT) if column < len(row)]
    votes = Counter(
        department.name
        for value in values
        for department in _rules().department
        if re.search(department.values, value)
    )
    return votes.most_common(1)[0][0] if votes else None
