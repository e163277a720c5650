"""Values of records as they travel, who may write them, and the ids of records."""

import hashlib
import re
import secrets
import unicodedata
from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from storage.errors import KnownError
from storage.kinds import KINDS

Value = dict[str, Any]
"""A register's canonical value: field → text, whole number or True; what is absent is not there."""

MOST = 10**12
"""The largest whole number a field may hold (fen, years, numbers): sums over a village stay exact in SQL."""

_NAMES = frozenset(("name", "head_name"))
_CONTROLS = dict.fromkeys(code for code in (*range(32), *range(127, 160)) if code not in (9, 10))
_WORD = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U000323af\u1800-\u18af"  # Han, Mongolian
_SURROGATE = re.compile("[\ud800-\udfff]")
_DOTS = re.compile(rf"(?<=[{_WORD}])\s*[.．•・･‧∙⋅●。﹒᛫·]\s*(?=[{_WORD}])")
_UNTIDY = re.compile(r"[.．•・･‧∙⋅●。﹒᛫]| ·|· | \||\| |\|\||^[ |]|[ |]$|^$")
"""What may have to change in texts joined by ``|``: dots in names, blanks at either end, nothing at all."""


def canonical_all(kind: str, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Value]:
    """Return all registers of an entry as ``canonical`` returns each; raises like it."""
    try:
        text = "|".join([item for value in changes.values() for item in value.values()])
    except TypeError:  # something else than text
        text = ""
    if text.isprintable() and _UNTIDY.search(text) is None and unicodedata.is_normalized("NFC", text):
        result: dict[str, Value] = {}
        for register, value in changes.items():
            names = tuple(value)
            ordered = _ordered(kind, register, names)
            if ordered is None:
                break
            result[register] = {**value} if ordered == names else {name: value[name] for name in ordered}
        else:
            return result  # nearly everything a list says
    return {name: canonical(kind, name, value) for name, value in changes.items()}


@lru_cache(maxsize=1024)
def _ordered(kind: str, register: str, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the names in the order in which fields travel; None unless all are the register's and hold texts."""
    fields = KINDS[kind].registers[register].fields
    return tuple(sorted(names)) if all(fields.get(name) is str for name in names) else None


def canonical(kind: str, register: str, value: Mapping[str, Any]) -> Value:
    """Return ``value`` in the form that travels: NFC, trimmed, ``·`` for dots in names, empty fields left out.

    Raises KnownError("record.field") for a field the register does not have, or a value it cannot hold.
    """
    fields = KINDS[kind].registers[register].fields
    result: Value = {}
    for name in sorted(value) if len(value) > 1 else value:
        item, expected = value[name], fields.get(name)
        if expected is str and type(item) is str:  # nearly everything
            if name not in _NAMES and item.isascii() and item.isprintable():
                item, fits = item.strip(), True
            else:
                item, fits = _clean(item, name in _NAMES)
        else:
            fits = expected is not None and (item is None or item == "" or _trouble(item, expected) is None)
        if not fits:
            raise KnownError("record.field", kind=kind, register=register, field=name)
        if item is not None and item != "":
            result[name] = item
    return result


@lru_cache(maxsize=2048)
def _clean(text: str, is_name: bool) -> tuple[str, bool]:
    """Return a text as it travels, and whether it is one: half a character is none."""
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    text = unicodedata.normalize("NFC", text).strip()
    if is_name and not text.isalpha():
        text = _DOTS.sub("·", text)
    return text, text.isprintable() or _SURROGATE.search(text) is None


def _trouble(item: object, expected: type) -> str | None:
    if type(item) is not expected:
        return "wrong_type"
    return "out_of_range" if isinstance(item, int) and not 0 <= item <= MOST else None


def may_write(kind: str, replica: str, registers: Iterable[str]) -> bool:
    """Whether the side that ``replica`` belongs to may write these registers of a kind."""
    known = KINDS[kind].registers
    side = replica[:1]
    for name in registers:  # noqa: SIM110  # asked once for every entry there is
        if side not in known[name].writers:
            return False
    return True


def acceptable(kind: str, replica: str, changes: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return why this version keeps an operation inert (a code), or None when it can be folded."""
    known = KINDS.get(kind)
    if known is None:
        return "unknown_kind"
    for name, value in changes.items():
        register = known.registers.get(name)
        if register is None:
            return "unknown_register"
        if replica[:1] not in register.writers:
            return "not_allowed"
        for key, item in value.items():
            expected = register.fields.get(key)
            if expected is str and type(item) is str:  # nearly everything
                continue
            trouble = "unknown_field" if expected is None else _trouble(item, expected)
            if trouble:
                return trouble
    return None


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _text_id(digest: bytes) -> str:
    return b2a_base64(digest, newline=False).translate(_URL_SAFE).rstrip(b"=").decode("ascii")


def random_id() -> str:
    """Return a new record id without any meaning."""
    return _text_id(secrets.token_bytes(16))


def keyed_id(key: bytes, kind: str, *parts: object) -> str:
    """Return the record id that everybody who holds ``key`` derives from the same parts."""
    text = "\x1f".join((kind, *map(str, parts)))
    return _text_id(hashlib.blake2b(text.encode(), digest_size=16, key=key).digest())


def derived_id(kind: str, *parts: object) -> str:
    """Return the id of a record that belongs to others (an enrolment of a resident in a year)."""
    text = "\x1f".join((kind, *map(str, parts)))
    return _text_id(hashlib.blake2b(text.encode(), digest_size=16).digest())
