"""What a table cell, a list line or a row of tags is made of: plain values, no painting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gui.theme import Tone

Style = Literal["normal", "strong", "soft"]


@dataclass(frozen=True, slots=True)
class Text:
    """A run of words; `soft` is smaller and greyer, `tone` colours it where colour means something.

    `marks` (from, to) are characters to point out: they get a ground and a line under them.
    """

    text: str
    style: Style = "normal"
    tone: Tone | None = None
    hint: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on a coloured ground: green settled, amber to do, red overdue, blue waiting for others.

    `hint` says more, for whoever rests the mouse on it or has it read aloud.
    """

    text: str
    tone: Tone = "mute"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 (more than 1 is allowed and drawn full), with a tick at its target."""

    share: float
    target: float | None = None
    tone: Literal["main", "warn", "bad", "ok"] = "main"


@dataclass(frozen=True, slots=True)
class Key:
    """A painted button inside a cell: what it does and the key that does it."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box as on paper, ticked or empty."""

    ticked: bool


Piece = Text | Tag | Bar | Key | Box
Line = Sequence[Piece]
Cell = Sequence[Line]


def words(cell: Cell) -> str:
    """The cell read aloud: its words line by line, keys and bars left out."""
    lines = (" ".join(p.text for p in line if isinstance(p, Text | Tag) and p.text) for line in cell)
    return "\n".join(line for line in lines if line)


def hints(cell: Cell) -> str:
    """What the cell says beyond its words, each hint once."""
    found = (p.hint for line in cell for p in line if isinstance(p, Text | Tag) and p.hint)
    return "\n".join(dict.fromkeys(found))


def two_lines(top: str, below: str = "", *, beside: str = "", strong: bool = False) -> Cell:
    """The usual cell: a line of text, soft words beside it, a soft line below."""
    first: list[Piece] = [Text(top, "strong" if strong else "normal")]
    if beside:
        first.append(Text(beside, "soft"))
    return [first, [Text(below, "soft")]] if below else [first]
