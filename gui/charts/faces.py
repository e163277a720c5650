"""How large and in which colours a chart is drawn: on screen, on paper, in a picture for the chat."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gui import theme
from gui.printing.paper import MM, Ink, inks

NAMES = ("ink", "soft", "hair", "field", "track", "main", "warn", "card")
"""Colours a chart uses, by their names in resources/styles; on paper shades of grey."""
_PAPER = {
    "ink": "#000000",
    "soft": "#3c3c3c",
    "hair": "#d0d0d0",
    "field": "#6e6e6e",
    "track": "#efefef",
    "main": "#7a7a7a",
    "warn": "#7a7a7a",
    "card": "#ffffff",
}
_PICTURE = {**_PAPER, "soft": "#4d5a5e", "main": "#5f8f96", "warn": "#a86a1d", "track": "#e7eced"}
_PAPER_PX = 12.0  # units of 0.02 mm: the 16 px of a screen are 11 pt


@dataclass(frozen=True)
class Face:
    """``unit`` is a pixel of the sketch in the painter's own units."""

    families: tuple[str, ...]
    unit: float
    colours: Mapping[str, str]
    _inks: dict[tuple[float, bool], Ink] = field(default_factory=dict, repr=False, compare=False)

    def at(self, pixels: float) -> float:
        """A size of the sketch in the painter's units."""
        return pixels * self.unit

    def ink(self, pixels: float, bold: bool = False) -> Ink:
        """The letters of a size of the sketch."""
        key = (pixels, bold)
        if key not in self._inks:
            self._inks[key] = Ink(self.families, pixels * self.unit / MM, bold)
        return self._inks[key]


def screen() -> Face:
    """As the window is dressed."""
    worn = theme.current()
    return Face(worn.families, worn.scale, {name: worn.colour(name).name() for name in NAMES})


def paper() -> Face:
    """Black and grey on A4, in fiftieths of a millimetre; KnownError "print.no_font"."""
    return Face(inks().families, _PAPER_PX, _PAPER)


def picture(scale: float) -> Face:
    """For a picture, ``scale`` times as large as on a screen; KnownError "print.no_font"."""
    return Face(inks().families, scale, _PICTURE)
