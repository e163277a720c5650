"""Loading the policies of ``resources/policy``: one file per place and year, checked before anything uses it.

A file names what it shares with others (``include``, in ``resources/policy/shared``): its own values replace
shared ones; in lists of entries with a code, an entry of the same code is changed field by field.
"""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from storage.errors import KnownError
from storage.policy.check import problems
from storage.policy.model import Policy

Raw = dict[str, Any]
_CODED = frozenset(
    "sources groups reasons assistance_reasons channels residences denominators targets".split()
)


@dataclass(frozen=True, slots=True)
class PolicyHead:
    """What a list of policies shows: ``starts`` is the window's first day, ``ends`` the last with benefits."""

    id: str
    year: int
    place: str
    title: str
    example: bool
    divisions: tuple[str, ...]
    starts: date
    ends: date

    def fit(self, code: str) -> int:
        """Return how closely this policy is meant for a division: digits in common, 0 for an example, else -1."""
        fits = [len(prefix) for prefix in self.divisions if code.startswith(prefix)]
        return max(fits, default=0 if self.example else -1)


def load(policy_id: str) -> Policy:
    """Return a policy of this program; raises KnownError policy.unknown, policy.invalid."""
    known = _names()
    if policy_id not in known:
        raise KnownError("policy.unknown", policy=policy_id, available=known)
    return _load(policy_id)


def available() -> list[PolicyHead]:
    """Return the heads of all policies, newest year first."""
    heads = [_head(load(name)) for name in _names()]
    return sorted(heads, key=lambda head: (-head.year, head.id))


def default_for(code: str, today: date) -> str:
    """Return the id of the policy a division (12-digit code) most likely works under on ``today``.

    Of the policies for that place and the examples: one that runs today, the newest year first and of one
    year the closest to the place; where none runs, the newest that has begun; before all, the first to begin.
    """
    fitting = [head for head in available() if head.fit(code) >= 0]
    begun = [head for head in fitting if head.starts <= today]
    running = [head for head in begun if today <= head.ends]
    if begun:
        return max(running or begun, key=lambda head: (head.year, head.fit(code))).id
    return min(fitting, key=lambda head: (head.starts, -head.fit(code))).id


def build(raw: Mapping[str, Any], file: str) -> Policy:
    """Return the policy a mapping describes; ``file`` names it in KnownError policy.invalid(file, where, why)."""
    own = dict(raw)
    try:
        include = msgspec.convert(own.pop("include", []), list[str])
        policy = msgspec.convert(_merge(_shared(include, file), own), Policy)
    except msgspec.ValidationError as error:
        why, _, where = str(error).partition(" - at ")
        raise KnownError("policy.invalid", file=file, where=where.strip("`") or "$", why=why) from error
    for where, why in problems(policy):
        raise KnownError("policy.invalid", file=file, where=where, why=why)
    return policy


def group_aliases() -> dict[str, str]:
    """Return the words department lists use for subsidy groups: word (NFKC) → group code."""
    raw = _read(files("resources") / "codes" / "group_aliases.toml")
    return {unicodedata.normalize("NFKC", word): code for code, words in raw.items() for word in words}


@cache
def _load(policy_id: str) -> Policy:
    file = f"{policy_id}.toml"
    policy = build(_read(_folder() / file), file)
    if policy.id != policy_id:
        raise KnownError("policy.invalid", file=file, where="id", why="not_the_file_name")
    return policy


def _folder() -> Traversable:
    return files("resources") / "policy"


def _names(folder: Traversable | None = None) -> list[str]:
    items = (folder or _folder()).iterdir()
    return sorted(item.name[:-5] for item in items if item.name.endswith(".toml"))


def _shared(include: list[str], file: str) -> Raw:
    folder, merged = _folder() / "shared", Raw()
    known = _names(folder)
    for name in include:
        if name not in known:
            raise KnownError("policy.invalid", file=file, where="include", why="unknown_include")
        merged = _merge(merged, _read(folder / f"{name}.toml"))
    return merged


def _read(path: Traversable) -> Raw:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnownError("policy.invalid", file=path.name, where="$", why=str(error)) from error


def _merge(base: Raw, own: Raw) -> Raw:
    """Lay ``own`` over ``base``; lists of coded entries are laid over each other entry by entry."""
    result = {**base, **own}
    for key in _CODED & base.keys() & own.keys():
        if isinstance(own[key], list) and all(isinstance(item, dict) for item in own[key]):
            result[key] = _merge_entries(base[key], own[key])
    return result  # what is no list of tables is left for the schema to refuse


def _merge_entries(base: list[Raw], own: list[Raw]) -> list[Raw]:
    """Change entries in their place, put new ones after them; a code given twice stays twice, to be refused."""
    below = {_code(item): item for item in base}
    changed = [{**below.get(_code(item), {}), **item} for item in own]
    order = list(dict.fromkeys([*below, *map(_code, own)]))
    kept = [item for code, item in below.items() if code not in map(_code, own)]
    return sorted([*kept, *changed], key=lambda item: order.index(_code(item)))


def _code(item: Raw) -> str:
    return str(item.get("code") or item.get("key"))


def _head(policy: Policy) -> PolicyHead:
    return PolicyHead(
        id=policy.id,
        year=policy.year,
        place=policy.place,
        title=policy.title,
        example=policy.example,
        divisions=policy.divisions,
        starts=policy.window.start,
        ends=policy.benefit.end,
    )
