"""The public table of division codes: names to suggest beside a code. Codes and names change, so it never refuses."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from storage.places import is_parent


@dataclass(frozen=True, slots=True)
class Division:
    """A division of the table: 12-digit code, name, and level ("county", "township" or "village")."""

    code: str
    name: str
    level: str


def below(office: str) -> list[Division]:
    """Return what the table knows right below an office: a township's villages, a banner's townships, by code."""
    return [one for one in _table() if is_parent(office, one.code)]


def named(code: str) -> str:
    """Return the name the table gives to a code, "" where it does not know it."""
    return next((one.name for one in _table() if one.code == code), "")


def province(code: str) -> str:
    """Return the name of the province a code of any level lies in (GB/T 2260), "" for what is no code."""
    return _provinces().get(code[:2], "") if code.isdigit() else ""


@cache
def _provinces() -> dict[str, str]:
    text = files("resources").joinpath("codes", "provinces.csv").read_text("utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


@cache
def _table() -> tuple[Division, ...]:
    text = files("resources").joinpath("codes", "divisions.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(sorted((Division(**row) for row in rows), key=lambda one: one.code))
