"""What somebody typed into the box, taken apart: words with gaps between them, and what each can be."""

import re
import unicodedata
from dataclasses import dataclass

_GAPS = re.compile(r"[\s,，、;；]+")
_DOTS = str.maketrans("", "", "·．・•‧")
_FIGURES = {figure: str(value) for value, figure in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_PLACE = re.compile(
    r"(?:第?[0-9〇零一二三四五六七八九十]{1,4})(?:组|社|队|片|排|巷|区|网格)|.+(?:巷|胡同|街|组|社)"
)
_LISTED = re.compile(r"(?:#|清单|单)0*([0-9]{1,9})(?:[-/]0*([0-9]{1,6}))?")
"""A list as it is spoken of: 清单37, #37, and a row of it: #37-12."""
_SEAM = re.compile(r"(?<=[^\x00-\x7f])(?=[\x00-\x7f])|(?<=[\x00-\x7f])(?=[^\x00-\x7f])")
_WHOLE = 11
"""Figures from which on groups of them are one number that was read off a card: 138 4771 2345."""


@dataclass(frozen=True, slots=True)
class Term:
    """One of the words typed, without dots and in plain figures."""

    text: str

    @property
    def is_number(self) -> bool:
        """Whether it can be the end of an ID number, a telephone or a slip."""
        return all(character.isdigit() or character in "Xx" for character in self.text)

    @property
    def is_written(self) -> bool:
        """Whether it holds characters, not Latin letters and figures alone."""
        return not self.text.isascii()

    @property
    def is_place(self) -> bool:
        """Whether it is spoken of like a place: 3组, 三社, 河东巷."""
        return _PLACE.fullmatch(self.text) is not None

    @property
    def listed(self) -> tuple[int, int] | None:
        """The list it speaks of and the row in it, 0 for all."""
        found = _LISTED.fullmatch(self.text)
        return (int(found[1]), int(found[2] or 0)) if found else None


def terms(text: str) -> list[Term]:
    """Return the words typed; none where nothing can be looked for."""
    whole = text.encode("utf-8", "ignore").decode()  # an input method may hand over half a character
    parts = _GAPS.split(unicodedata.normalize("NFKC", whole).translate(_DOTS))
    return [Term(part) for part in parts if part]


def joined(found: list[Term]) -> Term | None:
    """Return the words as one where they can be one: a name or a number typed with gaps."""
    text = "".join(term.text for term in found)
    if len(found) == 1:
        return found[0]
    if not found or any(term.is_place or term.listed for term in found):
        return None
    figures = [term.is_number for term in found]
    return Term(text) if not any(figures) or (all(figures) and len(text) >= _WHOLE) else None


def split(term: Term) -> list[Term]:
    """Return a word of characters and letters or figures taken apart: 那顺2418."""
    return [term] if term.is_place or term.listed else [Term(part) for part in _SEAM.split(term.text) if part]


def plain(place: str) -> str:
    """Return a place as it is compared: 第03组, 3组 and 三组 are one."""
    text = unicodedata.normalize("NFKC", place).replace(" ", "").removeprefix("第")
    text = "".join(_FIGURES.get(character, character) for character in text)
    text = re.sub(r"([0-9]?)十([0-9]?)", lambda found: f"{found[1] or 1}{found[2] or 0}", text)
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", text)
