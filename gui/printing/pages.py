"""Which door and which row goes on which page: numbers only, no painting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["group", "door", "row"]


@dataclass(frozen=True, slots=True)
class Heights:
    """One household to place: its village group, the height of its band and of each of its rows."""

    group: str
    band: float
    rows: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something on a page: a group's heading, a household's band or one of its rows.

    `top` is from the top of the page's body; `again` marks a heading or band repeated on a new page.
    """

    kind: Kind
    door: int
    top: float
    height: float
    row: int = -1
    again: bool = False


Page = tuple[Item, ...]


def paginate(doors: Sequence[Heights], room: float, heading: float) -> list[Page]:
    """Place households on pages whose body is `room` high; `heading` is the height of a group's heading.

    Every row comes once and in order. A household that fits on a page is never split; a longer one
    carries its band over. No heading or band stands without the row that follows it. Heights are cut
    so that the tallest row still fits under a heading and a band.
    """
    filler = _Filler(room, heading)
    for number, door in enumerate(doors):
        filler.add(number, door)
    return filler.finish()


class _Filler:
    """The page being filled and those before it."""

    def __init__(self, room: float, heading: float) -> None:
        self._room, self._heading = room, heading
        self._pages: list[Page] = []
        self._items: list[Item] = []
        self._used = 0.0
        self._group = ""  # whose heading stands on this page
        self._last_group = ""  # whose heading was shown last on any page

    def add(self, number: int, door: Heights) -> None:
        band = min(door.band, self._room / 3)
        most = self._room - self._heading - band
        rows = [min(height, most) for height in door.rows]
        if not self._fits(door.group, band, rows):
            self._turn()
        self._open(number, door.group, band, again=False)
        for index, height in enumerate(rows):
            # At least one row follows a band, whatever rounding says.
            if index and self._used + height > self._room:
                self._turn()
                self._open(number, door.group, band, again=True)
            self._put("row", number, height, row=index)

    def finish(self) -> list[Page]:
        self._turn()
        return self._pages

    def _fits(self, group: str, band: float, rows: list[float]) -> bool:
        if not self._items:
            return True
        left = self._room - self._used - band - self._heading_for(group)
        on_fresh_page = self._room - band - (self._heading if group else 0.0)
        if sum(rows) <= on_fresh_page:
            return sum(rows) <= left
        return bool(rows) and rows[0] <= left

    def _heading_for(self, group: str) -> float:
        return self._heading if group and group != self._group else 0.0

    def _open(self, number: int, group: str, band: float, again: bool) -> None:
        if self._heading_for(group):
            self._put("group", number, self._heading, again=group == self._last_group)
        self._group = self._last_group = group
        self._put("door", number, band, again=again)

    def _put(self, kind: Kind, number: int, height: float, row: int = -1, again: bool = False) -> None:
        self._items.append(Item(kind, number, self._used, height, row, again))
        self._used += height

    def _turn(self) -> None:
        if self._items:
            self._pages.append(tuple(self._items))
        self._items, self._used, self._group = [], 0.0, ""
