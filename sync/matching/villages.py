"""Which villages a name may mean: 查干沟村, 白泥井镇查干沟嘎查3组. Names repeat, so the answer is a set."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

_RURAL = "嘎查村民委员会|嘎查村委会|嘎查委员会|嘎查村|嘎查|村民委员会|村委员会|村委会|行政村|村"
_URBAN = "社区居民委员会|社区居委会|居民委员会|居委会|社区"
_ENDING = re.compile(f"(?P<rural>{_RURAL})|(?P<urban>{_URBAN})")
_ABOVE = re.compile(r".*?(自治区|省|自治州|盟|市|自治县|自治旗|旗|县|区)(?!沟|村|嘎查)")
_TOWNSHIP = re.compile(r"(?P<township>.{1,12}?(?:苏木|民族乡|镇|乡|街道办事处|街道|办事处))(?=.{2,})")
_JUNK = re.compile(r"[\s()（）【】\[\]、,，。.·:：;；—_\-]+")


class _Place(NamedTuple):
    township: str
    stem: str
    sort: str  # rural, urban, or '' where it is not said


class Villages:
    """The villages of a register by name: ``titles`` scope → title, ``townships`` scope → the township's name."""

    def __init__(self, titles: Mapping[str, str], townships: Mapping[str, str] | None = None) -> None:
        self._places: dict[str, _Place] = {}
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for scope, title in sorted(titles.items()):
            place = _read(title)
            township = _compact((townships or {}).get(scope, "")) or place.township
            self._places[scope] = place._replace(township=township)
            self._by_stem[place.stem].append(scope)
        self.scopes = lru_cache(maxsize=4096)(self._scopes)

    def _scopes(self, text: str) -> tuple[str, ...]:
        """The scopes ``text`` may mean, by code; none where no village is so called, several where names repeat.

        What the text does not say (township, village or community) excludes nothing.
        """
        for asked in (_ended("", _compact(text)), _read(text)):
            if found := self._by_stem.get(asked.stem) if asked.stem else None:
                return tuple(scope for scope in found if self._agrees(asked, self._places[scope]))
        return ()

    def _agrees(self, asked: _Place, place: _Place) -> bool:
        sort = not asked.sort or not place.sort or asked.sort == place.sort
        township = not asked.township or not place.township or _same_township(asked.township, place.township)
        return sort and township


def village_names(people: Iterable[tuple[str, str]], townships: Mapping[str, str] | None = None) -> Villages:
    """The villages of (scope, title) pairs."""
    return Villages(dict(people), townships)


def _compact(text: str) -> str:
    return _JUNK.sub("", unicodedata.normalize("NFKC", text))


def _same_township(one: str, other: str) -> bool:
    return _township_stem(one) == _township_stem(other)


def _township_stem(name: str) -> str:
    return re.sub("(苏木|民族乡|镇|乡|街道办事处|街道|办事处)$", "", name)


@lru_cache(maxsize=4096)
def _read(text: str) -> _Place:
    """Take a written village apart."""
    text = _compact(text)
    while (above := _ABOVE.match(text)) and len(text) - above.end() >= 2:
        text = text[above.end() :]
    if match := _TOWNSHIP.match(text):
        return _ended(match["township"], text[match.end() :])
    return _ended("", text)


def _ended(township: str, text: str) -> _Place:
    """The village at the start of ``text``, up to the first word for a village that is not its whole name."""
    for ending in _ENDING.finditer(text):
        if ending.start() >= 1:
            return _Place(township, text[: ending.start()], "rural" if ending["rural"] else "urban")
    return _Place(township, text, "")
