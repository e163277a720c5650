"""The shape of a policy's text: what each field holds, everything that does not fit, and values by their path.

A path is dotted: ``groups.low_income.share``; an entry of a list is named by its code (a source by its key), or by
its number from 1 where it has none of its own.
"""

import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from storage.policy.model import Policy

Raw = dict[str, Any]
Holds = Literal[
    "table", "entries", "texts", "codes", "text", "code", "choice", "flag", "number", "money", "share", "day"
]
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_REFERS = {
    ("Policy", "default_denominator"): "denominators",
    ("Target", "denominator"): "denominators",
    ("Denominator", "residences"): "residences",
    ("WaitingRules", "exempt_groups"): "groups",
    ("RefundRule", "absences"): "reasons",
    ("SelfPayment", "channel"): "channels",
    ("Cite", "source"): "sources",
}
"""Fields that name entries of a list of the policy, and which list."""


class Fault(NamedTuple):
    """Where in a policy's text something does not fit, a code of what, and what fills its sentence."""

    where: str
    why: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field holds; ``model`` the struct of a table or of a list's entries, ``refers`` the list it names from.

    ``default`` is what an optional field is where nothing is said, None also where it is then absent.
    """

    name: str
    holds: Holds
    kind: Any
    required: bool
    default: Any = None
    model: type[Struct] | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    least: int | None = None
    most: int | None = None


@cache
def shapes(model: type[Struct]) -> Mapping[str, Shape]:
    """Return the fields of a struct of the policy's model, in their order."""
    return {item.name: _shape(model, item) for item in msgspec.structs.fields(model)}


def _shape(model: type[Struct], item: msgspec.structs.FieldInfo) -> Shape:
    kind, meta = _bare(item.type)
    default = None if item.default is NODEFAULT else item.default
    refers = _REFERS.get((model.__name__, item.name), "")
    holds: Holds = "text"
    inner: type[Struct] | None = None
    choices: tuple[str, ...] = ()
    if typing.get_origin(kind) is tuple:
        entry, _ = _bare(typing.get_args(kind)[0])
        inner = entry if isinstance(entry, type) and issubclass(entry, Struct) else None
        holds = "entries" if inner else "codes" if refers or item.name == "assumed" else "texts"
    elif typing.get_origin(kind) is Literal:
        holds, choices = "choice", typing.get_args(kind)
    elif issubclass(kind, Struct):
        holds, inner = "table", kind
    elif kind is int:
        holds = "money" if item.name.endswith("_fen") else "number"
    elif kind is str:
        holds = "code" if refers or (meta and meta.pattern and item.name in ("code", "key", "id")) else "text"
    else:
        holds = _PLAIN[kind]
    least, most = (meta.ge, meta.le) if meta else (None, None)
    return Shape(
        item.name, holds, item.type, item.required, default, inner, choices, refers,
        None if least is None else int(least), None if most is None else int(most),
    )  # fmt: skip


_PLAIN: Mapping[type, Holds] = {bool: "flag", date: "day", Decimal: "share"}


def _bare(kind: Any) -> tuple[Any, Meta | None]:
    """Return a field's type without what is said about it: that it may be absent, and its limits."""
    if typing.get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in typing.get_args(kind) if one is not types.NoneType)
    if typing.get_origin(kind) is Annotated:
        bare, meta = typing.get_args(kind)
        return bare, meta
    return kind, None


# ---- what does not fit


def faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield everything in a policy's text that is missing, unknown or no such value, in the order of the model."""
    yield from _table(raw, Policy, "")


def _table(value: object, model: type[Struct], where: str) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault(where, "not_a_table", {})
        return
    known = shapes(model)
    for shape in known.values():
        place = f"{where}.{shape.name}".lstrip(".")
        if shape.name in value:
            yield from _value(value[shape.name], shape, place)
        elif shape.required:
            yield Fault(place, "missing", {})
    for name in value:
        if name not in known:
            yield Fault(f"{where}.{name}".lstrip("."), "unknown_field", {})


def _value(value: object, shape: Shape, where: str) -> Iterator[Fault]:
    if value is None and not shape.required and shape.default is None:
        return
    if shape.holds == "table" and shape.model:
        yield from _table(value, shape.model, where)
    elif shape.holds not in ("entries", "texts", "codes"):
        yield from _leaf(value, shape.kind, where)
    elif not isinstance(value, list | tuple):
        yield Fault(where, "not_a_list", {})
    elif shape.model:
        for name, item in zip(names(value), value, strict=True):
            yield from _table(item, shape.model, f"{where}.{name}")
    else:
        inner = typing.get_args(_bare(shape.kind)[0])[0]
        for number, item in enumerate(value, 1):
            yield from _leaf(item, inner, f"{where}.{number}")


def _leaf(value: object, kind: Any, where: str) -> Iterator[Fault]:
    try:
        found = msgspec.convert(value, kind)
    except msgspec.ValidationError:
        yield Fault(where, *_why(value, kind))
        return
    if isinstance(found, Decimal) and not found.is_finite():
        yield Fault(where, "not_a_share", {})


def _why(value: object, kind: Any) -> tuple[str, Mapping[str, object]]:
    bare, meta = _bare(kind)
    if typing.get_origin(bare) is Literal:
        return "not_one_of", {"choices": typing.get_args(bare)}
    if bare is str and isinstance(value, str):
        return ("bad_code", {"text": value}) if value else ("empty", {})
    if bare is int and type(value) is int:
        least, most = (meta.ge, meta.le) if meta else (None, None)
        return "out_of_range", {"least": least or 0, "most": "" if most is None else most}
    words = {
        str: "not_a_text",
        int: "not_a_number",
        bool: "not_a_flag",
        date: "not_a_day",
        Decimal: "not_a_share",
    }
    return words[bare], {}


# ---- values by their path


def read(text: str, path: str) -> Any:
    """Return the value a text means at a path, the text itself where it means none; "" means nothing.

    Days are ISO, money whole fen, shares of one or per cent, flags true or false; lists and tables are JSON, a list
    also words with commas. Raises KeyError where the model has no such field.
    """
    shape, text = shape_at(path), text.strip()
    if not text:
        return None
    with suppress(ValueError, ArithmeticError, msgspec.DecodeError):
        match shape.holds:
            case "flag":
                return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
            case "number" | "money":
                return int(text)
            case "day":
                return date.fromisoformat(text)
            case "share":
                return str(Decimal(text[:-1]) / 100) if text.endswith("%") else text
            case "table" | "entries" | "texts" | "codes" if text[0] in "[{":
                return msgspec.json.decode(text)
            case "texts" | "codes":
                return [part.strip() for part in re.split("[,，、]", text) if part.strip()]
    return text


def leaves(
    raw: Mapping[str, Any], model: type[Struct] = Policy, where: str = ""
) -> Iterator[tuple[str, Any]]:
    """Yield every value that is said in a policy's text, with its path, in the order of the model."""
    for name, shape in shapes(model).items():
        held, place = raw.get(name), f"{where}.{name}".lstrip(".")
        if shape.holds == "table" and shape.model and isinstance(held, Mapping):
            yield from leaves(held, shape.model, place)
        elif shape.holds == "entries" and shape.model and isinstance(held, list | tuple):
            for called, item in zip(names(held), held, strict=True):
                if isinstance(item, Mapping):
                    yield from leaves(item, shape.model, f"{place}.{called}")
        elif held is not None:
            yield place, held


def names(entries: Sequence[object]) -> list[str]:
    """Return what the entries of a list are called in a path: their codes, else their numbers from 1."""
    codes = [_code(item) for item in entries]
    return [
        code if _CODE.fullmatch(code) and codes.count(code) == 1 else str(number)
        for number, code in enumerate(codes, 1)
    ]


def _code(item: object) -> str:
    found = (item.get("code") or item.get("key")) if isinstance(item, Mapping) else None
    return found if isinstance(found, str) else ""


def shape_at(path: str) -> Shape:
    """Return what the field at a path holds; raises KeyError where the model has none."""
    return described(path)[1]


def described(path: str) -> tuple[type[Struct], Shape]:
    """Return the struct that has the field at a path, and what the field holds; an entry of a list is a table.

    Raises KeyError where the model has none.
    """
    model: type[Struct] = Policy
    parts = path.split(".")
    while True:
        owner, shape = model, shapes(model)[parts.pop(0)]
        if not parts:
            return owner, shape
        if shape.model is None:
            raise KeyError(path)
        model = shape.model
        if shape.holds == "entries":
            parts.pop(0)
            if not parts:
                return owner, Shape(shape.name, "table", model, False, None, model)


def get(raw: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path, None where nothing does."""
    value: Any = raw
    for part in path.split("."):
        if isinstance(value, list | tuple):
            value = dict(zip(names(value), value, strict=True)).get(part)
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def put(raw: Mapping[str, Any], path: str, value: Any) -> Raw:
    """Return the text with another value at a path; None takes it away, a new name at the end of a list adds to it."""
    changed = _put(raw, path.split("."), value)
    assert isinstance(changed, dict)
    return changed


def _put(held: Any, parts: list[str], value: Any) -> Any:
    if not parts:
        return value
    name, *rest = parts
    if isinstance(held, list | tuple):
        known = dict(zip(names(held), held, strict=True))
        known[name] = _put(known.get(name), rest, value)
        return [item for item in known.values() if item is not None]
    table = dict(held) if isinstance(held, Mapping) else {}
    below = _put(table.get(name, [] if rest and _is_list(name) else None), rest, value)
    return {key: item for key, item in {**table, name: below}.items() if item is not None}


def _is_list(name: str) -> bool:
    return name in _LISTS


_LISTS = frozenset(
    name
    for model in (Policy, *(shape.model for shape in shapes(Policy).values() if shape.model))
    for name, shape in shapes(model).items()
    if shape.holds == "entries"
)
"""Lists of entries: what is put below one that is not there yet begins it."""
