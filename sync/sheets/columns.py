"""Which column holds what: titles as people write them → fields, from resources/columns/fields.toml."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from sync.sheets.cells import Cell

_JUNK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff*★☆●▲:;,。'\"“”‘’_—\-]+")
_BRACKETS = re.compile(r"[(\[{<〈《【〔][^)\]}>〉》】〕]*[)\]}>〉》】〕]?")
_BRACKET_MARKS = re.compile(r"[()\[\]{}<>〈〉《》【】〔〕]")
_LEAD = re.compile(r"^(\d{1,2}[.、)]?|\d{4}年度?)(?=\D)")
LONGEST_TITLE = 24  # characters; longer text is a sentence, not a title


def data(name: str) -> dict[str, Any]:
    """One of the tables in resources/columns."""
    return tomllib.loads((files("resources") / "columns" / name).read_text("utf-8"))


def plain(text: str) -> str:
    """A title or word without width, spaces and decoration, in lower case."""
    return _JUNK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def unbracketed(text: str) -> str:
    """A title or word without what brackets hold."""
    return plain(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))


def forms(text: str) -> Iterator[str]:
    """The ways to look a title up: whole, without bracket marks, without what brackets hold, without a number."""
    whole = plain(text)
    for form in (whole, _BRACKET_MARKS.sub("", whole), unbracketed(text)):
        if form:
            yield form
            if _LEAD.match(form):
                yield _LEAD.sub("", form)


@dataclass(frozen=True, slots=True)
class _Fields:
    titles: dict[str, str]
    known: frozenset[object]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _fields() -> _Fields:
    table = data("fields.toml")
    titles = {plain(title): field for field, entry in table.items() for title in entry["titles"]}
    patterns = [(field, pattern) for field, entry in table.items() for pattern in entry.get("patterns", ())]
    return _Fields(
        titles, frozenset(titles), tuple((field, re.compile(pattern)) for field, pattern in patterns)
    )


@lru_cache(maxsize=8192)
def field_of(title: str) -> str | None:
    """The field a column title names, or None."""
    if len(title) > LONGEST_TITLE * 2:
        return None
    fields = _fields()
    candidates = [form for form in forms(title) if len(form) <= LONGEST_TITLE]
    for form in candidates:
        if field := fields.titles.get(form):
            return field
    for form in candidates[-1:]:  # the shortest
        for field, pattern in fields.patterns:
            if pattern.fullmatch(form):
                return field
    return None


def titles_in(row: Sequence[Cell]) -> int:
    """How many different cells of a row are exactly a known title: cheap, for asking about every row."""
    return len(_fields().known.intersection(row))
