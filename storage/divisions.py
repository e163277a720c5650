"""The public table of division codes: names to suggest beside a code. Codes and names change, so it never refuses."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from re import compile as pattern

from storage.places import is_parent

_LEAST_NAME = 2
_VILLAGE = ("嘎查", "村", "社区", "居委会")
_WORDS = pattern(
    "(村民|居民|嘎查)?(嘎查村|村社区|嘎查|社区|村)?(村民|居民|嘎查|村|居)?(委员会|委会)?$|(苏木|镇|乡|街道)$"
)


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


def called(name: str) -> list[Division]:
    """Return the villages of the table called so, whatever word for a village follows the name; the shortest first.

    Names repeat, so it is for a person to choose: a village is its code.
    """
    wanted = bare(name)
    if len(wanted) < _LEAST_NAME:
        return []
    found = [one for one in _table() if one.level == "village" and wanted in bare(one.name)]
    return sorted(found, key=lambda one: (len(bare(one.name)), one.code))


def within(text: str) -> list[Division]:
    """Return the villages a text names with a word for a village behind; those whose township it names too first."""
    found = [
        one
        for one in _table()
        if one.level == "village"
        and len(name := bare(one.name)) >= _LEAST_NAME
        and any(name + word in text for word in _VILLAGE)
    ]
    longest = max((len(bare(one.name)) for one in found), default=0)
    best = [one for one in found if len(bare(one.name)) == longest]
    return sorted(best, key=lambda one: (bare(named(f"{one.code[:9]}000")) not in text, one.code))


def bare(name: str) -> str:
    """A name without the word for what it names: 白泥井 for 白泥井村委会."""
    found = name.strip()
    return _WORDS.sub("", found) or found


def place(code: str) -> str:
    """Return the names a village's code lies under, banner and township, "" where the table knows neither."""
    return named(f"{code[:6]}000000") + named(f"{code[:9]}000")


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
