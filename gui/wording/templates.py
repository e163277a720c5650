"""Texts with names in braces, kept as data: read from ``resources``, checked once, in the order they ask for."""

import re
import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Protocol, TypeVar

import msgspec

from storage.errors import KnownError

NAMED = re.compile(r"\{(\w*)\}")
"""A name in braces."""


class _Ordered(Protocol):
    @property
    def order(self) -> int: ...


Template = TypeVar("Template", bound=_Ordered)
Shape = TypeVar("Shape")


def in_order(folder: str, read: Callable[[str, str], Template]) -> list[Template]:
    """Return what ``read(text, file name)`` makes of each file in a folder of ``resources``."""
    items = [item for item in (files("resources") / folder).iterdir() if item.name.endswith(".toml")]
    return sorted((read(item.read_text("utf-8"), item.name) for item in items), key=lambda one: one.order)


def shaped(text: str, name: str, kind: type[Shape]) -> Shape:
    """Return what a file's text (TOML) says as ``kind``. Raises KnownError paper.invalid (file, why)."""
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KnownError("paper.invalid", file=name, why=str(error)) from error
