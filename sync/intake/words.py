"""What the words of foreign lists mean: built-in tables, patterns, and what the office said itself.

A word nobody knows is shown, never dropped. ``vocabulary`` is "group" (subsidy groups of the policy; "" means nothing
to us) or "channel" (how somebody paid).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from storage.connection import Connection
from storage.policies import group_aliases
from storage.policy.id_repair import DISABILITY
from sync.sheets.columns import plain, unbracketed

GROUP, CHANNEL = "group", "channel"
_SEPARATORS = re.compile(r"[、,，;；/|+＋&和及与\s]+")
_DEGREE_AT = 19
"""Where a disability number says its degree: behind the ID number and the kind."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    source: str
    words: re.Pattern[str]
    code: str


def _toml(name: str) -> dict[str, object]:
    return tomllib.loads((files("resources") / "codes" / name).read_text("utf-8"))


@cache
def _patterns() -> tuple[_Pattern, ...]:
    entries = _toml("group_words.toml")["pattern"]
    assert isinstance(entries, list)
    return tuple(_Pattern(entry["source"], re.compile(entry["words"]), entry["code"]) for entry in entries)


@cache
def _built_in(vocabulary: str) -> Mapping[str, str]:
    if vocabulary == GROUP:
        return {plain(word): code for word, code in group_aliases().items()}
    entries = _toml("channel_aliases.toml").items()
    return {plain(word): code for code, words in entries if isinstance(words, list) for word in words}


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of a ledger: built in, and laid over it what was said here."""

    own: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(vocabulary, word without width and spaces) → code."""

    def groups(self, text: str, source: str) -> tuple[list[str], list[str]]:
        """Return the group codes a cell names, and the words in it nobody knows.

        A cell may name several (农村低保、二级残疾).
        """
        parts = [part for part in _SEPARATORS.split(text) if part]
        whole = self._exact(text)
        if whole is None and len(parts) > 1:
            each = [self._group(part, source) for part in parts]
            if None not in each:
                return list(dict.fromkeys(code for code in each if code)), []
        if whole is None:
            whole = self._group(text, source)
        if whole is not None:
            return ([whole] if whole else []), []
        if len(parts) < 2:
            return [], [text]
        unknown = [part for part, code in zip(parts, each, strict=True) if code is None]
        return list(dict.fromkeys(code for code in each if code)), unknown

    def _exact(self, text: str) -> str | None:
        """The group a word means that stands in a table, said here or built in."""
        forms = dict.fromkeys((plain(text), unbracketed(text)))
        said = next((self.own[GROUP, form] for form in forms if (GROUP, form) in self.own), None)
        if said is not None:
            return said
        return next((_built_in(GROUP)[form] for form in forms if form in _built_in(GROUP)), None)

    def _group(self, text: str, source: str) -> str | None:
        exact = self._exact(text)
        if exact is not None:
            return exact
        form = unbracketed(text) or plain(text)
        for pattern in _patterns():
            if pattern.source in ("", source) and pattern.words.fullmatch(form):
                return pattern.code
        return None

    def titled(self, text: str) -> str:
        """Return the one group a list's title speaks of, "" where it speaks of none or of several."""
        form = plain(text)
        found = {
            pattern.code for pattern in _patterns() if not pattern.source and pattern.words.fullmatch(form)
        }
        found.discard("")
        return found.pop() if len(found) == 1 else ""

    def channel(self, text: str) -> str:
        """Return the code of a way to pay, "other" where nobody knows the word, "" for none."""
        form = plain(text)
        if not form:
            return ""
        return self.own.get((CHANNEL, form)) or _built_in(CHANNEL).get(form) or "other"


@cache
def _insurance(vocabulary: str) -> Mapping[str, str]:
    entries = _toml("insurance.toml")[vocabulary]
    assert isinstance(entries, dict)
    return {plain(word): code for code, listed in entries.items() for word in listed}


@lru_cache(maxsize=1024)
def insurance_code(vocabulary: str, text: str) -> str:
    """Return the platform's code of a "scheme" or "state": as it stands, or by its Chinese name; "" for neither.

    A longer text means the longest name it holds.
    """
    bare = plain(text).removesuffix(".0")
    if bare.isdecimal():
        return bare
    known = _insurance(vocabulary)
    return known.get(bare) or next(
        (known[word] for word in sorted(known, key=len, reverse=True) if word in bare), ""
    )


def of_level(disability_number: str) -> str | None:
    """Return the group a disability number speaks of by its last digit, "" for levels 3 and 4, else None."""
    if DISABILITY.fullmatch(disability_number) is None:
        return None
    return "disabled12" if disability_number[_DEGREE_AT] in "12" else ""


def load(connection: Connection) -> Words:
    """Return the vocabulary with what was said in this ledger."""
    rows = connection.execute("SELECT vocabulary, word, code FROM alias")
    return Words({(vocabulary, word): code for vocabulary, word, code in rows})
