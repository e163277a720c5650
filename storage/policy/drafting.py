"""A policy as it is written: taken over into another year, compared with another, its sources checked again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from msgspec import Struct

from storage.policy.model import Cite, Policy
from storage.policy.schema import Raw, Shape, get, names, put, shapes

TO_CHECK = "待核对"
"""What a cite's note begins with as long as nobody looked whether the new year's document says the same."""
_MARK = re.compile(rf"{TO_CHECK}(?:：沿用[0-9]{{4}}年度)?；?")
_NO_YEAR = frozenset(("common",))
"""Grades of sources that belong to no year."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: where, and what stood and stands there (None: nothing).

    Of an entry that is new or gone the whole of it; of a list in another order its names before and after.
    """

    where: str
    old: Any
    new: Any


def text_of(policy: Policy) -> Raw:
    """Return a policy as the mapping its file holds: what is as if nothing were said is left out."""
    return _said(msgspec.to_builtins(policy, builtin_types=(date,)), Policy)


def _said(table: Mapping[str, Any], model: type[Struct]) -> Raw:
    found: Raw = {}
    for name, shape in shapes(model).items():
        value = table[name]
        if shape.holds == "table" and shape.model and value is not None:
            value = _said(value, shape.model)
        elif shape.holds == "entries" and shape.model:
            value = [_said(item, shape.model) for item in value]
        if shape.required or _plain(value, shape) != _plain(shape.default, shape):
            found[name] = list(value) if isinstance(value, tuple) else value
    return found


# ---- another year


def cloned(raw: Mapping[str, Any], policy_id: str, year: int) -> Raw:
    """Return the same policy for another year: its days move, its year is renamed, its sources wait to be checked."""
    old = raw.get("year")
    move = year - old if type(old) is int else 0
    moved = {name: value if name == "sources" else _moved(value, move) for name, value in raw.items()}
    moved |= {"id": policy_id, "version": 1, "year": year}
    if move and isinstance(title := raw.get("title"), str):
        moved["title"] = title.replace(str(old), str(year))
    grades = {item.get("key"): item.get("grade") for item in _tables(raw.get("sources"))}
    for where, cite in list(cites(moved)):
        if grades.get(cite.get("source")) not in _NO_YEAR:
            moved = put(moved, f"{where}.note", f"{TO_CHECK}：沿用{old}年度；{_note(cite)}".rstrip("；"))
    return moved


def _moved(value: Any, years: int) -> Any:
    if isinstance(value, Mapping):
        return {name: _moved(item, years) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_moved(item, years) for item in value]
    return moved_day(value, years) if isinstance(value, date) else value


def moved_day(day: date, years: int) -> date:
    """Return the same day in another year; a month's last day stays its last."""
    if (day + timedelta(days=1)).day > 1:
        return day.replace(year=day.year + years)
    first_of_next = (day + timedelta(days=1)).replace(year=(day + timedelta(days=1)).year + years)
    return first_of_next - timedelta(days=1)


# ---- where values come from


def cites(raw: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every cite of a policy's text with its path."""
    yield from _cites(raw, Policy, "")


def _cites(value: object, model: type[Struct], where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(value, Mapping):
        return
    if model is Cite:
        yield where, value
        return
    for name, shape in shapes(model).items():
        place = f"{where}.{name}".lstrip(".")
        if shape.holds == "table" and shape.model:
            yield from _cites(value.get(name), shape.model, place)
        elif shape.holds == "entries" and shape.model:
            entries = value.get(name)
            listed = entries if isinstance(entries, list | tuple) else []
            for called, item in zip(names(listed), listed, strict=True):
                yield from _cites(item, shape.model, f"{place}.{called}")


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def waits(cite: Mapping[str, Any]) -> bool:
    """Whether nobody looked yet whether this source still says so."""
    return str(cite.get("note") or "").startswith(TO_CHECK)


def _note(cite: Mapping[str, Any]) -> str:
    return _MARK.sub("", str(cite.get("note") or ""), count=1) if waits(cite) else str(cite.get("note") or "")


def unchecked(raw: Mapping[str, Any], source: str = "") -> list[str]:
    """Return the paths of the cites that wait to be checked (of one source)."""
    return [
        where for where, cite in cites(raw) if waits(cite) and (not source or cite.get("source") == source)
    ]


def checked(raw: Mapping[str, Any], paths: Sequence[str]) -> Raw:
    """Return the text with these cites found right."""
    found = dict(raw)
    for where in paths:
        found = put(found, where, settled(get(found, where) or {}) or None)
    return found


def settled(cite: Mapping[str, Any]) -> Raw:
    """Return a cite that waits for nothing any more."""
    found = {**cite, "note": _note(cite)}
    return {name: value for name, value in found.items() if value}


# ---- what differs


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two policies' texts, field by field; what is not said counts as its default.

    That a source waits to be checked is no difference.
    """
    return list(_table(old, new, Policy, ""))


def _table(
    old: Mapping[str, Any], new: Mapping[str, Any], model: type[Struct], where: str
) -> Iterator[Difference]:
    for name, shape in shapes(model).items():
        place = f"{where}.{name}".lstrip(".")
        yield from _field(old.get(name, shape.default), new.get(name, shape.default), shape, place)


def _field(old: Any, new: Any, shape: Shape, where: str) -> Iterator[Difference]:
    if shape.holds == "table" and shape.model and isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _table(old, new, shape.model, where)
    elif shape.holds == "entries" and shape.model and _is_list(old) and _is_list(new):
        yield from _entries(old, new, shape.model, where)
    elif _plain(old, shape) != _plain(new, shape):
        yield Difference(where, old, new)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)


def _entries(old: Sequence[Any], new: Sequence[Any], model: type[Struct], where: str) -> Iterator[Difference]:
    before, after = dict(zip(names(old), old, strict=True)), dict(zip(names(new), new, strict=True))
    for name in dict.fromkeys((*after, *before)):
        if name in before and name in after:
            yield from _table(before[name], after[name], model, f"{where}.{name}")
        else:
            yield Difference(f"{where}.{name}", before.get(name), after.get(name))
    kept = [[name for name in held if name in before and name in after] for held in (before, after)]
    if kept[0] != kept[1]:
        yield Difference(where, kept[0], kept[1])


def _plain(value: Any, shape: Shape) -> Any:
    """A value so that it compares: a share by its number, a list whatever it is kept in."""
    if shape.holds == "share" and value is not None:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return value
    if shape.name == "note":
        return _note({"note": value})
    return list(value) if isinstance(value, list | tuple) else value
