"""How a name sounds to somebody who writes it down: Mongolian names have no one writing in Chinese characters.

额尔敦 is also 额尔登 or 额日敦, 图雅 is 托娅, 呼和 is 胡赫. What stays is the kind of consonants and a shade of vowel:
each syllable becomes a capital for its onset (none for w and where there is none), a small letter for its vowel, and n
for a nasal end. Pinyin as it is typed and names in Latin letters (``saruul``) are read the same way.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from storage.pinyin import syllables

_ONSETS = {
    **dict.fromkeys(("b", "p"), "B"),
    **dict.fromkeys(("d", "t"), "D"),
    **dict.fromkeys(("g", "k", "h"), "G"),
    **dict.fromkeys(("j", "q", "zh", "ch", "z", "c", "ts"), "C"),
    **dict.fromkeys(("x", "s", "sh"), "S"),
    **dict.fromkeys(("l", "r"), "L"),
    "m": "M",
    "n": "N",
    "f": "F",
    "y": "Y",
    "w": "",
    "": "",
}
"""Consonants that are written for one another; l stands for r and the other way round."""
_PARTS = re.compile(r"(zh|ch|sh|ts|[bpmfdtnlgkhjqxrzcsyw]?)([aeiouv]*)(ng?(?![aeiouv])|)")


def sound(name: str) -> str:
    """Return the code of a name in characters or Latin letters, "" where it has no sound."""
    return code(syllables(name))


def code(found: Iterable[str]) -> str:
    """Return the code of a name of these toneless syllables."""
    return "".join(map(_coded, _runs(found)))


def count(coded: str) -> int:
    """Return how many syllables a code has."""
    return sum(letter in "aue" for letter in coded)


def _runs(found: Iterable[str]) -> Iterator[str]:
    """Yield syllables one by one, but single letters one after another as one writing."""
    letters = ""
    for syllable in found:
        if len(syllable) > 1:
            yield letters
            yield syllable
            letters = ""
        else:
            letters += syllable
    yield letters


@lru_cache(maxsize=2048)
def _coded(run: str) -> str:
    run = "le" if run == "er" else run  # 巴特尔 is also 巴特勒
    return "".join(
        _ONSETS[onset] + _shade(vowels) + ("n" if nasal else "")
        for onset, vowels, nasal in _PARTS.findall(run)
    )


def _shade(vowels: str) -> str:
    if "a" in vowels and "ao" not in vowels:
        return "a"
    return "u" if set(vowels) & set("ouv") else "e" if vowels else ""
