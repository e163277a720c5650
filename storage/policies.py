"""Policies: the files of ``resources/policy``, and those an office published into its villages.

There is one file per place and year, checked before anything uses it. It names what it shares with others
(``include``, in ``resources/policy/shared``): its own values replace shared ones; in lists of entries with a code,
an entry of the same code is changed field by field. What is published travels whole, without ``include``, so that
a program of another version reads the same.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import msgspec

from storage import policy_text, store
from storage.errors import KnownError
from storage.fold import fold, rank
from storage.policy import schema
from storage.policy.check import problems
from storage.policy.model import Policy
from storage.policy.schema import Fault, Raw
from storage.records import Value, derived_id

if TYPE_CHECKING:
    from storage.ledger import Ledger

_PLACE = re.compile(r"at line ([0-9]+)")
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
    known = _own(_folder)
    if policy_id not in known:
        raise KnownError("policy.unknown", policy=policy_id, available=list(known))
    return _load(policy_id)


# ---- what an office published


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy a ledger works by; where the office published another one, why that one cannot be used here.

    ``wanted`` is the id of the newest one published, "" where none was.
    """

    policy: Policy
    wanted: str = ""
    problem: KnownError | None = None


def in_force(ledger: "Ledger") -> InForce:
    """Return the policy a ledger works by: the newest published that can be read, else the one chosen for a village
    without an office when its year was opened, else the one the ledger was made with.

    Raises KnownError: policy.unknown, policy.invalid where not even that one can be read.
    """
    wanted, problem = "", None
    for register, name in _named(ledger):
        wanted = wanted or (name if register == "published" else "")
        try:
            found = _published(ledger, name)
        except KnownError as error:
            wanted, problem = wanted or name, problem or error
            continue
        return InForce(found.policy, wanted, problem or found.problem)
    return InForce(load(ledger.profile.policy), wanted, problem)


def _named(ledger: "Ledger") -> Iterator[tuple[str, str]]:
    """Yield (register, id) of the policies the own place was ever said to work by, what goes before first."""
    for register in ("published", "policy"):
        for value in _said(ledger, "village", derived_id("village", ledger.profile.scope), register):
            if name := str(value.get(register, "")):
                yield register, name


def load_for(ledger: "Ledger", policy_id: str) -> Policy:
    """Return a policy as this ledger has it: published by its office, else of this program.

    Raises KnownError: policy.unknown, policy.invalid.
    """
    return _published(ledger, policy_id).policy


def terms(policy: Policy) -> Value:
    """Return what a record made under a policy keeps of it, whatever is in force later: its id and version."""
    return {"terms_policy": policy.id, "terms_version": policy.version}


def load_version(ledger: "Ledger", policy_id: str, version: int) -> Policy:
    """Return a policy as it was in one version: among all this ledger ever heard published, else of this program.

    Raises KnownError: policy.no_version (``known``: the versions there are).
    """
    found = versions(ledger, policy_id)
    if version not in found:
        raise KnownError("policy.no_version", policy=policy_id, version=version, known=sorted(found))
    return found[version]


def versions(ledger: "Ledger", policy_id: str) -> dict[int, Policy]:
    """Return every version of a policy that can be read here: all this ledger ever heard published, the program's."""
    found: dict[int, Policy] = {}
    for policy in _versions(ledger, policy_id):
        found.setdefault(policy.version, policy)
    return found


def _versions(ledger: "Ledger", policy_id: str) -> Iterator[Policy]:
    for text in _texts(ledger, policy_id):
        with suppress(KnownError):
            yield read(text, policy_id)
    with suppress(KnownError):
        yield load(policy_id)


def text_for(ledger: "Ledger", policy_id: str) -> str:
    """Return the text (TOML) of a policy as this ledger has it: the newest published that can be read, else the
    program's, which may include shared files.

    Raises KnownError: policy.unknown, policy.invalid.
    """
    for text in _texts(ledger, policy_id):
        with suppress(KnownError):
            read(text, policy_id)
            return text
    load(policy_id)
    return (_folder() / f"{policy_id}.toml").read_text(encoding="utf-8")


def published(ledger: "Ledger") -> list[PolicyHead]:
    """Return the heads of the published policies that can be read here, newest year first."""
    heads = []
    for (name,) in ledger.connection.execute(
        "SELECT DISTINCT policy_id FROM policy_text WHERE policy_id IS NOT NULL ORDER BY 1"
    ).fetchall():
        try:
            heads.append(_head(_published(ledger, name).policy))
        except KnownError:
            continue
    return sorted(heads, key=lambda head: (-head.year, head.id))


def _published(ledger: "Ledger", policy_id: str) -> InForce:
    """Return the newest text of a policy that can be read; ``problem`` where a newer one cannot."""
    problem = None
    for text in _texts(ledger, policy_id):
        try:
            return InForce(read(text, policy_id), policy_id, problem)
        except KnownError as error:
            problem = problem or error
    try:
        return InForce(load(policy_id), policy_id, problem)
    except KnownError as error:
        raise problem or error from None


def _texts(ledger: "Ledger", policy_id: str) -> Iterator[str]:
    """Yield every text of a policy this ledger ever heard published, what shows first."""
    for value in _said(ledger, "policy_text", derived_id("policy_text", policy_id), "text"):
        yield str(value.get("policy_toml", ""))


def _said(ledger: "Ledger", kind: str, record: str, register: str) -> Iterator[Mapping[str, Any]]:
    """Yield what was ever said in a register, what shows first, the ledger's own place before others."""
    found = store.operations_of(ledger.connection, [record])
    own = (ledger.profile.scope, kind, record)
    for key in sorted((key for key in found if key[1] == kind), key=lambda key: (key != own, key)):
        if kind != "village" or key == own:
            history = [one for one in found[key] if one.inert is None and register in one.body.changes]
            state = fold(history)
            heads = state[register].operations if register in state else ()
            older = sorted((one for one in history if one not in heads), key=rank, reverse=True)
            yield from (one.body.changes[register] for one in (*heads, *older))


@lru_cache(maxsize=32)
def read(text: str, policy_id: str) -> Policy:
    """Return the policy of a published text (TOML); raises KnownError policy.invalid."""
    file = f"{policy_id}.toml"
    return _named_so(build(_parsed(text, file), file), policy_id)


def _named_so(policy: Policy, policy_id: str) -> Policy:
    if policy.id != policy_id:
        raise KnownError("policy.invalid", file=f"{policy_id}.toml", where="id", why="not_the_file_name")
    return policy


def whole(text: str, file: str) -> tuple[Policy, str]:
    """Return the policy a file's text describes, and the same text with what it includes.

    Raises KnownError policy.invalid(file, where, why).
    """
    raw = raw_of(text, file)
    return build(raw, file), policy_text.written(raw)


# ---- the files of this program


def available() -> list[PolicyHead]:
    """Return the heads of all policies, newest year first."""
    heads = [_head(load(name)) for name in _own(_folder)]
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
    merged = _expanded(raw, file)
    for fault in faults(merged):
        raise _invalid(file, fault)
    return msgspec.convert(merged, Policy)


def faults(raw: Mapping[str, Any]) -> list[Fault]:
    """Return everything that is wrong with a policy's text (without ``include``): what does not fit its shape, else
    what contradicts itself."""
    found = list(schema.faults(raw))
    if found:
        return found
    return [Fault(where, why, {}) for where, why in problems(msgspec.convert(raw, Policy))]


def raw_of(text: str, file: str) -> Raw:
    """Return what a policy's text says, with what it includes; nothing else is checked.

    Raises KnownError policy.invalid where it is no TOML, or includes what there is not.
    """
    return _expanded(_parsed(text, file), file)


def _expanded(raw: Mapping[str, Any], file: str) -> Raw:
    own = dict(raw)
    include = own.pop("include", [])
    if not isinstance(include, list):
        raise _invalid(file, Fault("include", "not_a_list", {}))
    return _merge(_shared(include, file), own)


def _invalid(file: str, fault: Fault) -> KnownError:
    return KnownError("policy.invalid", file=file, where=fault.where, why=fault.why, **fault.params)


def group_aliases() -> dict[str, str]:
    """Return the words department lists use for subsidy groups: word (NFKC) → group code."""
    raw = _read(files("resources") / "codes" / "group_aliases.toml")
    return {unicodedata.normalize("NFKC", word): code for code, words in raw.items() for word in words}


@cache
def _load(policy_id: str) -> Policy:
    file = f"{policy_id}.toml"
    return _named_so(build(_read(_folder() / file), file), policy_id)


def _folder() -> Traversable:
    return files("resources") / "policy"


@cache
def _own(folder: Callable[[], Traversable]) -> tuple[str, ...]:
    """The program's own policies; looked up for every person who is found, and they do not change while it runs."""
    return tuple(_names(folder()))


def _names(folder: Traversable) -> list[str]:
    items = folder.iterdir()
    return sorted(item.name[:-5] for item in items if item.name.endswith(".toml"))


def _shared(include: list[str], file: str) -> Raw:
    folder, merged = _folder() / "shared", Raw()
    known = _names(folder)
    for name in include:
        if name not in known:
            raise _invalid(file, Fault("include", "unknown_include", {"text": name}))
        merged = _merge(merged, _read(folder / f"{name}.toml"))
    return merged


def _read(path: Traversable) -> Raw:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(path.name, Fault("", "unreadable", {})) from error
    return _parsed(text, path.name)


def _parsed(text: str, file: str) -> Raw:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise _invalid(file, Fault("", "no_toml", {"line": line})) from error


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
