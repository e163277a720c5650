"""How two writings of a name are related: the same, sounding alike, looking alike, turned round, a character short."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from storage.pinyin import SURNAMES, syllables

_DOTS = frozenset("·.．。•・･‧∙⋅●﹒᛫｡˙⸱ㆍ,，、-‐‑–—－_'’`")
_HIDDEN = frozenset("?*□■▯〓�某×")
_REMARK = re.compile(r"[(\[{【〔].*?[)\]}】〕]")


class Likeness(IntEnum):
    """How far two names agree, best first."""

    EXACT = 0  # one name, however its dots and character forms are written
    ALIKE = 1  # sounds the same, looks the same, or is turned round
    NEAR = 2  # sounds nearly the same, or one character is missing
    FAR = 3  # one character is another: as often a brother's or a sister's name as a slip
    OTHER = 4


class Relation(NamedTuple):
    """How two names agree and by which reasons (codes)."""

    likeness: Likeness
    codes: tuple[str, ...]
    left: int  # characters, about, that agree as they stand: of a short name one slip leaves little


@dataclass(frozen=True, slots=True)
class Spelled:
    """A name taken apart: ``bare`` without dots and spaces, in simplified characters; its syllables; its parts."""

    bare: str
    sounds: tuple[str, ...]
    blurred: tuple[str, ...]
    parts: tuple[str, ...]


class _Tables(NamedTuple):
    simplified: dict[int, str]
    old: frozenset[str]
    readings: dict[str, str]
    lookalikes: dict[str, frozenset[str]]
    leaders: dict[str, str]
    interchanged: dict[str, str]


@cache
def _tables() -> _Tables:
    data = tomllib.loads((files("resources") / "matching" / "lookalikes.toml").read_text("utf-8"))
    old, new = ("".join(data["traditional"][side].split()) for side in ("from", "to"))
    simplified = {ord(a): b for a, b in zip(old, new, strict=True)}
    simplified |= {ord(pair[0]): pair[1] for pair in data["variants"].split()}
    lookalikes: dict[str, frozenset[str]] = {}
    for group in data["lookalikes"].split():
        for char in group:
            lookalikes[char] = lookalikes.get(char, frozenset()) | frozenset(group)
    readings = {word[0]: word[1:] for word in data["readings"].split()}
    interchanged = {char: group[0] for group in data["interchanged"].split() for char in group}
    forms = frozenset(map(chr, simplified))
    return _Tables(simplified, forms, readings, lookalikes, _leaders(lookalikes), interchanged)


def _leaders(lookalikes: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """One character for all that are linked by lookalikes, so that they share a block."""
    leaders: dict[str, str] = {}
    for char in lookalikes:
        waiting = [char]
        while waiting:
            other = waiting.pop()
            if other not in leaders:
                leaders[other] = leaders.get(char, char)
                waiting.extend(lookalikes[other])
    return leaders


@cache
def _sound(char: str) -> str:
    """The syllable of a character as names read it, without tone; the character itself where it has none."""
    return _tables().readings.get(char) or "".join(syllables(char)) or char


_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))


@cache
def _blur(sound: str) -> str:
    """A syllable as dialects merge it: zh/z, ch/c, sh/s, l/n, final ng/n."""
    for wide, narrow in _INITIALS:
        if sound.startswith(wide):
            sound = narrow + sound[len(wide) :]
            break
    return sound[:-1] if sound.endswith("ng") else sound


@cache
def _leading_sound(char: str) -> str:
    return _blurred(_tables().leaders.get(char, char))


@cache
def _led() -> frozenset[str]:
    """The characters that sound otherwise than the one that leads those that look like them."""
    return frozenset(char for char in _tables().leaders if _leading_sound(char) != _blurred(char))


@cache
def _blurred(char: str) -> str:
    return _blur(_sound(_tables().interchanged.get(char, char)))


def bare(name: str) -> str:
    """A name without dots, spaces, width and what brackets hold, in simplified characters."""
    if not name.isalpha() or not name.isprintable() or name.isascii():
        name = _REMARK.sub("", unicodedata.normalize("NFKC", name).casefold())
        name = "".join(char for char in name if char not in _DOTS and char.isprintable() and char != " ")
    tables = _tables()
    return name if tables.old.isdisjoint(name) else name.translate(tables.simplified)


def keys(plain: str) -> tuple[str, ...]:
    """The blocks a bare name stands in: its merged sounds in any order, and the same for what its characters look like.

    Two names that are the same, homophones, lookalikes or turned round share a block.
    """
    heard = "".join(sorted(map(_blurred, plain)))
    others = []
    if plain[:1] in SURNAMES:
        others.append("".join(sorted([_blur(SURNAMES[plain[0]]), *map(_blurred, plain[1:])])))
    if not _led().isdisjoint(plain):
        others.append("".join(sorted(map(_leading_sound, plain))))
    return tuple(dict.fromkeys((heard, *others))) if others else (heard,)


@lru_cache(maxsize=1 << 16)
def spelled(name: str) -> Spelled:
    """Take a name apart; the work is kept for the next time."""
    plain = bare(name)
    sounds = [*map(_sound, plain)]
    if plain and plain[0] in SURNAMES:
        sounds[0] = SURNAMES[plain[0]]
    text = unicodedata.normalize("NFKC", name).translate(_tables().simplified)
    parts = "".join(" " if char in _DOTS else char for char in text).split()
    blurred = [_blurred(char) for char in plain]
    if plain and plain[0] in SURNAMES:
        blurred[0] = _blur(sounds[0])
    return Spelled(plain, tuple(sounds), tuple(blurred), tuple(parts))


_OTHER = Relation(Likeness.OTHER, ("name_differs",), 0)


@lru_cache(maxsize=1 << 15)
def relation(one: str, other: str) -> Relation:
    """How two names agree; where one is missing, OTHER without a reason."""
    if one == other and one:
        return Relation(Likeness.EXACT, ("same_name",), len(one))
    mine, its = spelled(one), spelled(other)
    if not mine.bare or not its.bare:
        return Relation(Likeness.OTHER, (), 0)
    if mine.bare == its.bare:
        return Relation(Likeness.EXACT, _spelling(one, other), len(mine.bare))
    if len(mine.bare) == len(its.bare):
        return _turned(mine, its) or _by_character(mine, its)
    return _shorter(*sorted((mine, its), key=lambda name: len(name.bare)))


def _spelling(one: str, other: str) -> tuple[str, ...]:
    """In what two writings of one name differ."""
    dotless = ["".join(char for char in name if char not in _DOTS) for name in (one, other)]
    codes = []
    if (one.translate(_tables().simplified), other.translate(_tables().simplified)) != (one, other):
        codes.append("traditional")
    if [one, other] != dotless:
        codes.append("dots")
    return tuple(codes) or ("same_name",)


def _turned(mine: Spelled, its: Spelled) -> Relation | None:
    """One name with its parts in another order: the surname last, or the halves at the dot exchanged."""
    if sorted(mine.sounds) != sorted(its.sounds):
        return None
    size = len(mine.bare)
    for at in {1, 2, size - 1, size - 2, *_cuts(mine), *(size - cut for cut in _cuts(its))} & {
        *range(1, size)
    }:
        if mine.bare[at:] + mine.bare[:at] == its.bare:
            return Relation(Likeness.ALIKE, ("reversed",), size)
        if mine.sounds[at:] + mine.sounds[:at] == its.sounds:
            return Relation(Likeness.NEAR, ("reversed", "homophone"), size - 1)
    if mine.bare[::-1] == its.bare:
        return Relation(Likeness.ALIKE, ("reversed",), size)
    if sorted(mine.bare) == sorted(its.bare):
        return Relation(Likeness.FAR, ("swapped",), 0)
    return None


def _cuts(name: Spelled) -> tuple[int, ...]:
    """Where a name of several parts may be cut to be turned round."""
    lengths = [len(bare(part)) for part in name.parts]
    return tuple(sum(lengths[: index + 1]) for index in range(len(lengths) - 1))


_WEAK = {"near_homophone", "hidden_char"}


def _by_character(mine: Spelled, its: Spelled) -> Relation:
    """Names of one length, character against character."""
    codes: dict[str, None] = {}
    changed = differing = 0
    for place, (one, other) in enumerate(zip(mine.bare, its.bare, strict=True)):
        if one == other:
            continue
        changed += 1
        if one in _HIDDEN or other in _HIDDEN:
            codes["hidden_char"] = None
        elif mine.sounds[place] == its.sounds[place] or _sound(one) == _sound(other):
            codes["homophone"] = None
        elif other in _tables().lookalikes.get(one, ()):
            codes["lookalike_name"] = None
        elif mine.blurred[place] == its.blurred[place]:
            codes["near_homophone"] = None
        else:
            differing += 1
    size = len(mine.bare)
    if differing:
        return _one_character(mine, its, changed, size) if differing == 1 else _OTHER
    if "hidden_char" in codes and changed > 1:
        return Relation(Likeness.FAR, tuple(codes), 0)
    weak = bool(codes.keys() & _WEAK) or len(codes) > 1 or changed == size or changed > 2
    return Relation(Likeness.NEAR if weak else Likeness.ALIKE, tuple(codes), size - changed)


def _one_character(mine: Spelled, its: Spelled, changed: int, size: int) -> Relation:
    """One character is quite another one; the rest is the same."""
    if size < 3 or changed > 1:
        return _OTHER
    return Relation(Likeness.FAR, ("one_char",), size - 1)


def _shorter(short: Spelled, long: Spelled) -> Relation:
    """A name beside a longer one that may be the whole of it."""
    size = len(short.bare)
    if len(long.bare) - size == 1:
        for at in range(size + 1):
            if long.bare[:at] + long.bare[at + 1 :] == short.bare:
                likeness = Likeness.NEAR if size > 1 else Likeness.FAR
                return Relation(likeness, ("one_char_lost",), size - 1)
            if size > 2 and long.sounds[:at] + long.sounds[at + 1 :] == short.sounds:
                return Relation(Likeness.FAR, ("one_char_lost", "homophone"), size - 2)
    if size > 1 and (long.bare.startswith(short.bare) or long.bare.endswith(short.bare)):
        return Relation(Likeness.FAR, ("part_of_name",), 0)
    return _OTHER
