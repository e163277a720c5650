"""How everything looks: colours, fonts and the style sheet, one scale for all sizes.

Only QtGui is needed, so paper can be printed without widgets.
"""

import re
import tomllib
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

Tone = Literal["ok", "warn", "bad", "info", "mute"]
LIGHT, DARK, CONTRAST = FACES = ("light", "dark", "contrast")
"""Faces by the names of their files in resources/styles."""
BASE = 16  # px at scale 1, 12 pt on a screen of 96 dpi
SOFT = 14  # second lines and hints
LARGE = 1.25
_PROPERTY = "huqing_theme"
_WORDS = 20_000
_SIZES = 1_000

# The first one installed is the face; the others lend the characters it lacks.
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "文泉驿微米黑",
    "WenQuanYi Zen Hei",
    "SimHei",
    "SimSun",
)
# Rare characters of names, and Mongolian script.
RARE = ("SimSun-ExtB", "SimSun-ExtG", "HanaMinB", "Plangothic P1", "Noto Sans Mongolian", "Mongolian Baiti")


def choose_families(installed: Collection[str], chinese: Collection[str] = ()) -> tuple[str, ...]:
    """The font families to set, best first; `chinese` are those that can write Chinese at all."""
    known = [family for family in CHINESE if family in installed]
    known = known or sorted(family for family in chinese if not family.startswith((".", "@")))[:1]
    return (*known, *(family for family in RARE if family in installed))


def installed_families() -> tuple[str, ...]:
    """The families of `choose_families` on this machine; empty where nothing can write Chinese."""
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return choose_families(set(QFontDatabase.families()), chinese)


def make_font(families: tuple[str, ...], pixels: int, bold: bool = False) -> QFont:
    """A font in whole pixels of the painter's unit."""
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(max(1, pixels))
    font.setBold(bold)
    return font


class Theme:
    """Colours by name, sizes and fonts at one scale."""

    def __init__(self, colours: dict[str, str], families: tuple[str, ...], scale: float = 1.0) -> None:
        self.hexes = colours
        self.families = families
        self.scale = scale
        self._colours = {name: QColor(value) for name, value in colours.items()}
        self._fonts: dict[tuple[int, bool], QFont] = {}
        self._metrics: dict[tuple[int, bool], QFontMetricsF] = {}
        # The same words are measured again and again while a table is laid out and painted.
        self.width = lru_cache(maxsize=_WORDS)(self._width)
        self.height = lru_cache(self._height)
        self.px = lru_cache(maxsize=_SIZES)(self._px)

    def colour(self, name: str) -> QColor:
        """The colour called `name` in resources/styles."""
        return self._colours[name]

    def tone(self, tone: Tone) -> tuple[QColor, QColor]:
        """Ink and ground of a tag."""
        return self._colours[tone], self._colours[f"{tone}soft"]

    def _px(self, pixels: float) -> int:
        """A size of the sketch in pixels at this scale."""
        return round(pixels * self.scale)

    def font(self, pixels: int = BASE, bold: bool = False) -> QFont:
        """The face at a size of the sketch."""
        key = (pixels, bold)
        if key not in self._fonts:
            self._fonts[key] = make_font(self.families, self.px(pixels), bold)
            # Figures in columns. Not on paper: a PDF no longer knows what such figures say.
            self._fonts[key].setFeature(QFont.Tag("tnum"), 1)
        return self._fonts[key]

    def metrics(self, pixels: int = BASE, bold: bool = False) -> QFontMetricsF:
        """The metrics of `font`."""
        key = (pixels, bold)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self.font(pixels, bold))
        return self._metrics[key]

    def _width(self, text: str, pixels: int = BASE, bold: bool = False) -> float:
        """The width of one line of text in `font`."""
        return self.metrics(pixels, bold).horizontalAdvance(text)

    def _height(self, pixels: int = BASE, bold: bool = False) -> float:
        """The height of one line of text in `font`."""
        return self.metrics(pixels, bold).height()

    def style_sheet(self) -> str:
        """resources/styles/app.qss in these colours and at this scale."""
        folder = files("resources")
        text = folder.joinpath("styles", "app.qss").read_text("utf-8")
        scaled = re.sub(r"(\d+)px", lambda size: f"{self.px(int(size[1]))}px", text)
        icons = str(folder.joinpath("icons")).replace("\\", "/")
        return Template(scaled).substitute(self.hexes, icons=icons)

    def palette(self) -> QPalette:
        """The palette for whatever the style sheet leaves to the Fusion style."""
        role, palette = QPalette.ColorRole, QPalette()
        for name, roles in {
            "bg": (role.Window, role.AlternateBase),
            "card": (role.Base, role.Button, role.ToolTipText),
            "ink": (role.WindowText, role.Text, role.ButtonText, role.ToolTipBase),
            "main": (role.Highlight, role.Link, role.Accent),
            "onmain": (role.HighlightedText,),
            "hint": (role.PlaceholderText,),
        }.items():
            for one in roles:
                palette.setColor(one, self.colour(name))
        for one in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, one, self.colour("soft"))
        return palette


def read_tokens(name: str = LIGHT) -> dict[str, dict]:
    """The tables of resources/styles/<name>.toml."""
    return tomllib.loads(files("resources").joinpath("styles", f"{name}.toml").read_text("utf-8"))


def load(name: str = LIGHT, scale: float = 1.0) -> Theme:
    """A face by its name, with the fonts of this machine; a name there is no face of is the light one."""
    name = name if name in FACES else LIGHT
    return Theme(read_tokens(name)["colour"], installed_families(), scale)


def of_system() -> str:
    """The face the desktop asks for: dark where it is dark, else light."""
    hints = QGuiApplication.styleHints()
    return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def apply(app: "QApplication", theme: Theme) -> None:
    """Dress the application; widgets made later ask `current`."""
    from gui.widgets.style import Style  # whoever prints paper alone needs no widgets

    sheet = theme.style_sheet()
    app.setProperty(_PROPERTY, theme)
    app.setStyle(Style(sheet))
    app.setPalette(theme.palette())
    app.setFont(theme.font())
    for window in app.topLevelWidgets():
        if window.styleSheet():
            window.setStyleSheet(sheet)


def current() -> Theme:
    """The theme the application wears; the light one where none was applied."""
    app = QCoreApplication.instance()
    assert app is not None, "a theme needs an application"
    theme = app.property(_PROPERTY)
    if theme is None:
        theme = load()
        app.setProperty(_PROPERTY, theme)
    return theme


def contrast(ink: QColor, ground: QColor) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    high, low = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
