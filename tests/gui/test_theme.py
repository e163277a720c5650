"""Colours one can read, one scale for every size, a font that writes Chinese."""

import re
from importlib.resources import files
from itertools import product
from types import SimpleNamespace
from typing import get_args

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui import theme

TOKENS = theme.read_tokens()
FACES = {
    face: {name: QColor(value) for name, value in theme.read_tokens(face)["colour"].items()}
    for face in theme.FACES
}
COLOURS = FACES[theme.LIGHT]
LEAST = {theme.LIGHT: 4.5, theme.DARK: 4.5, theme.CONTRAST: 7}
every_face = pytest.mark.parametrize("face", theme.FACES)
RULE = re.compile(r"([^{}]+)\{([^}]*)\}")
QSS = re.sub(
    r"/\*.*?\*/", "", files("resources").joinpath("styles", "app.qss").read_text("utf-8"), flags=re.DOTALL
)


def worn(body: str, name: str) -> list[str]:
    """The colour tokens a rule gives to a property."""
    return re.findall(rf"(?:^|[;\s]){name}:[^;]*?\$(\w+)", body)


def test_contrast_is_measured_as_wcag_says():
    assert theme.contrast(QColor("#ffffff"), QColor("#000000")) == pytest.approx(21)
    assert theme.contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_every_face_has_every_colour():
    assert {frozenset(colours) for colours in FACES.values()} == {frozenset(COLOURS)}


@every_face
@pytest.mark.parametrize(("ink", "ground"), [tuple(pair) for pair in TOKENS["contrast"]["pairs"]])
def test_every_pair_can_be_read(face, ink, ground):
    assert theme.contrast(FACES[face][ink], FACES[face][ground]) >= LEAST[face]


def test_the_pairs_hold_what_tags_and_chosen_rows_need():
    pairs = {tuple(pair) for pair in TOKENS["contrast"]["pairs"]}
    tones = get_args(theme.Tone)
    assert {(tone, f"{tone}soft") for tone in tones} <= pairs
    assert {(tone, "card") for tone in tones if tone != "mute"} <= pairs
    assert set(product(("ink", "soft", "main"), ("card", "bg", "mainsoft"))) <= pairs


@every_face
def test_every_rule_of_the_style_sheet_can_be_read(face):
    colours = FACES[face]
    grounds = {"background": "card", "color": "ink"}
    checked = 0
    for selector, body in RULE.findall(QSS):
        inks, backs = worn(body, "color"), worn(body, "background")
        if "disabled" in selector or not (inks or backs) or "ScrollBar" in selector or "chunk" in selector:
            continue
        if "QProgressBar" in selector or 'look="line"' in selector:
            continue
        for ink, back in product(inks or [grounds["color"]], backs or [grounds["background"]]):
            if back == "main" and not inks:
                continue
            if back == "mainpress":
                ink = "onmain"
            assert theme.contrast(colours[ink], colours[back]) >= LEAST[face], (selector.strip(), ink, back)
            checked += 1
    assert checked > 15


@every_face
def test_edges_of_fields_and_what_fills_bars_can_be_seen(face):
    colours = FACES[face]
    assert theme.contrast(colours["field"], colours["card"]) >= 3
    assert all(theme.contrast(colours[name], colours["track"]) >= 2 for name in ("main", "target"))


@every_face
def test_the_arrow_of_choices_can_be_seen(face):
    with files("resources").joinpath("icons", "down.png").open("rb") as file:
        image = QImage.fromData(file.read())
    places = product(range(image.width()), range(image.height()))
    drawn = max((image.pixelColor(*at) for at in places), key=QColor.alpha)
    assert theme.contrast(drawn, FACES[face]["card"]) >= 3


def test_the_desktop_says_whether_it_is_dark(qapp, monkeypatch):
    hints = SimpleNamespace(colorScheme=lambda: Qt.ColorScheme.Dark)
    assert theme.of_system() in (theme.LIGHT, theme.DARK)
    monkeypatch.setattr(theme.QGuiApplication, "styleHints", staticmethod(lambda: hints))
    assert theme.of_system() == theme.DARK


def test_a_face_nobody_knows_is_the_light_one(qapp):
    assert theme.load("mauve").hexes == TOKENS["colour"]


def test_the_style_sheet_knows_only_colours_there_are():
    names = set(re.findall(r"\$(\w+)", QSS)) - {"icons"}
    assert names <= set(COLOURS)


def test_icons_of_the_style_sheet_exist():
    for name in re.findall(r"\$icons/([\w.]+)", QSS):
        assert files("resources").joinpath("icons", name).is_file()


def test_large_text_scales_every_size():
    small = theme.Theme(TOKENS["colour"], ("A",), 1.0).style_sheet()
    large = theme.Theme(TOKENS["colour"], ("A",), theme.LARGE).style_sheet()
    sizes = [
        (int(a), int(b)) for a, b in zip(*(re.findall(r"(\d+)px", s) for s in (small, large)), strict=True)
    ]
    assert len(sizes) > 30
    assert all(b == round(a * theme.LARGE) for a, b in sizes)


def test_fonts_follow_the_scale(qapp):
    assert theme.load().font().pixelSize() == 16
    assert theme.load(scale=theme.LARGE).font().pixelSize() == 20
    assert theme.load().font(30, bold=True).bold()


@pytest.mark.parametrize(
    ("installed", "chinese", "first"),
    [
        ({"Arial", "Microsoft YaHei", "SimSun"}, [], "Microsoft YaHei"),
        ({"Noto Sans CJK SC", "Microsoft YaHei"}, [], "Noto Sans CJK SC"),
        ({"WenQuanYi Micro Hei", "SimSun-ExtB"}, [], "WenQuanYi Micro Hei"),
        ({"Arial", "Fang"}, [".Hidden", "@Fang", "Fang"], "Fang"),
    ],
)
def test_a_font_that_writes_chinese_is_chosen(installed, chinese, first):
    assert theme.choose_families(installed, chinese)[0] == first


def test_where_nothing_writes_chinese_nothing_is_chosen():
    assert theme.choose_families({"Arial"}) == ()
    assert theme.choose_families({"WenQuanYi Micro Hei", "SimSun-ExtB"})[1] == "SimSun-ExtB"


def test_this_machine_writes_chinese_and_rare_characters(qapp):
    metrics = QFontMetricsF(theme.load().font())
    for character in "户清那顺䶮㛃":
        assert metrics.inFontUcs4(ord(character)), character


def test_figures_are_equally_wide(qapp):
    metrics = QFontMetricsF(theme.load().font())
    assert len({metrics.horizontalAdvance(digit * 10) for digit in "0123456789"}) == 1


def test_applying_dresses_the_application(qapp, qtbot):
    shown = QWidget()
    qtbot.addWidget(shown)
    worn_theme = theme.load(scale=theme.LARGE)
    theme.apply(qapp, worn_theme)
    shown.show()
    assert theme.current() is worn_theme
    assert qapp.palette().window().color() == COLOURS["bg"]
    assert "25px" not in theme.load().style_sheet()  # 20 px grown
    assert "25px" in shown.styleSheet()
    assert qapp.font().pixelSize() == 20
    theme.apply(qapp, theme.load())
    assert theme.current().scale == 1.0
    assert "25px" not in shown.styleSheet()  # who is there already changes with it


def test_what_is_put_together_is_dressed_when_it_has_its_window(qapp, qtbot):
    theme.apply(qapp, theme.load())
    leaf = _Counting()
    page = leaf
    for _level in range(8):
        around = QWidget()
        QVBoxLayout(around).addWidget(page)
        page = around
    assert leaf.times == 0  # under a sheet of the application each level would do it again
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    QVBoxLayout(window).addWidget(page)
    assert leaf.times == 1
    assert not leaf.window().styleSheet() == leaf.styleSheet() == ""


class _Counting(QLabel):
    """Counts how often it is dressed anew."""

    def __init__(self):
        super().__init__("words")
        self.times = 0

    def changeEvent(self, event):
        self.times += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)
