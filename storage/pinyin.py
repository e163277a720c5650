"""Pinyin of names, per character: phrase readings are wrong for names, surnames have readings of their own."""

from functools import cache
from importlib.resources import files

SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "查": "zha", "翟": "zhai", "朴": "piao", "解": "xie", "区": "ou",
    "任": "ren", "华": "hua", "盖": "ge", "纪": "ji", "宁": "ning", "尉": "yu", "乐": "yue", "冼": "xian",
    "缪": "miao", "葛": "ge", "折": "she", "召": "shao", "员": "yun", "郇": "xun", "覃": "qin", "晟": "cheng",
    "燕": "yan", "种": "chong", "秘": "bi", "繁": "po", "长孙": "zhang", "尉迟": "yu", "万俟": "mo",
}  # fmt: skip

NAMES = {"勒": "le", "什": "shi"}
"""Characters that names read otherwise than a dictionary does: 格日勒, 乌什."""


@cache
def _readings() -> dict[str, str]:
    """Character → the syllable it is read as first, without tone (``resources/pinyin``)."""
    text = (files("resources") / "pinyin" / "readings.txt").read_text("utf-8")
    lines = (line.split(" ") for line in text.splitlines())
    return {character: syllable for syllable, characters in lines for character in characters}


@cache
def _syllable(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    return NAMES.get(character) or _readings().get(character, "")


def syllables(name: str) -> list[str]:
    """Return the toneless syllable of each character; dots and unknown signs have none."""
    found = [_syllable(character) for character in name]
    if found and name:
        found[0] = SURNAMES.get(name[:2]) or SURNAMES.get(name[0]) or found[0]
    return [syllable for syllable in found if syllable]


def spelled(name: str) -> str:
    """Return the whole pinyin without spaces (``nashun``)."""
    return "".join(syllables(name))


def initials(name: str) -> str:
    """Return the initials of the syllables (``ns``)."""
    return "".join(syllable[0] for syllable in syllables(name))
