"""Charts: nothing meets or is cut, letters can be read, all fits one sheet, series are told apart without colour."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPdfWriter

from gui.charts import faces, lay, prints
from gui.charts.drawing import Box, Drawing, Stroke, Words
from gui.charts.values import Chart, Progress
from gui.printing.paper import MM
from gui.printing.picture import picture
from tests.gui.charts.examples import DEADLINE, later, progress, ranking

_SHARES = st.lists(st.none() | st.floats(0, 1.4), min_size=0, max_size=40)
_ENDS = st.lists(st.floats(0, 1.3), min_size=0, max_size=40)


def words(drawing: Drawing) -> list[Words]:
    return [piece for piece in drawing.pieces if isinstance(piece, Words) and piece.text]


def holds(drawing: Drawing) -> None:
    """No words meet others nor leave the drawing."""
    rooms = [(one.text, one.room().adjusted(1, 2, -1, -2)) for one in words(drawing)]
    for (left, one), (right, other) in combinations(rooms, 2):
        assert not one.intersects(other), f"{left} meets {right}"
    whole = QRectF(-1, -1, drawing.width + 2, drawing.height + 2)
    for text, room in rooms:
        assert whole.contains(room), f"{text} leaves the chart"


@pytest.mark.usefixtures("dressed")
@settings(max_examples=25, deadline=None)
@given(_SHARES, st.sampled_from([600, 690, 860, 1120]), st.none() | st.floats(0.05, 1))
def test_bars_and_their_words_never_meet(shares, width, target) -> None:
    for face in (faces.screen(), faces.paper(), faces.picture(1.9)):
        holds(lay.drawing(ranking(shares, target), face, width * face.unit))


@pytest.mark.usefixtures("dressed")
@settings(max_examples=25, deadline=None)
@given(_ENDS, st.sampled_from([600, 690, 860, 1120]), st.none() | st.integers(100, 900))
def test_small_multiples_and_their_words_never_meet(ends, width, height) -> None:
    holds(lay.drawing(progress(ends), faces.screen(), width, height))


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("chart", [ranking([0.97 - n * 0.02 for n in range(30)]), progress([0.9] * 30)])
def test_thirty_villages_stand_on_one_sheet_in_letters_that_can_be_read(chart: Chart) -> None:
    sheets = prints.Sheets(chart)
    assert len(sheets.pages) == 1
    drawing = sheets._drawings[0]
    assert drawing.height <= sheets.format.body.height()
    sizes = [one.ink.font.pixelSize() / MM for one in words(drawing)]
    assert min(sizes) >= 2.1, "mm, 6 pt"
    holds(drawing)


@pytest.mark.usefixtures("dressed")
def test_thirty_villages_stand_on_one_screen() -> None:
    drawing = lay.drawing(progress([0.9] * 30), faces.screen(), 1120, 600)
    assert drawing.height <= 600
    assert min(one.ink.font.pixelSize() for one in words(drawing)) >= 12


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("count", [0, 1, 31, 79, 211])
def test_every_place_is_on_some_sheet_once(count: int, tmp_path) -> None:
    for chart in (ranking([0.5] * count), progress([0.5] * count)):
        sheets = prints.Sheets(chart)
        codes = [mark.code for drawing in sheets._drawings for mark in drawing.marks]
        assert codes == [f"c{number}" for number in range(count)]
        assert prints.write_pdf(chart, tmp_path / "c.pdf") == len(sheets.pages)


@pytest.mark.usefixtures("dressed")
def test_one_scale_for_all_panels() -> None:
    drawing = lay.drawing(progress([0.2, 1.25, 0.9, 0.4, 0.7]), faces.screen(), 1120, 600)
    plots = [piece.rect for piece in drawing.pieces if isinstance(piece, Box) and piece.rect.height() > 50]
    assert len(plots) == 5
    assert {(round(plot.width(), 3), round(plot.height(), 3)) for plot in plots} == {
        (round(plots[0].width(), 3), round(plots[0].height(), 3))
    }
    inside = [
        plot
        for plot in plots
        for piece in drawing.pieces
        if isinstance(piece, Stroke)
        and all(plot.adjusted(-1, -1, 1, 1).contains(point) for point in piece.points)
    ]
    assert len(inside) >= 4 * len(plots), "half, target, whole and its own line in each"


@pytest.mark.usefixtures("dressed")
def test_a_line_breaks_where_nothing_is_known() -> None:
    chart = progress([0.5])
    panel = chart.panels[0]
    torn = type(panel)(panel.code, panel.name, [0.1, 0.2, None, 0.3, 0.4, 0.5], panel.rate)
    drawing = lay.drawing(
        Progress(chart.title, chart.base, chart.kind, chart.first, chart.today, [torn]), faces.screen(), 600
    )
    main = faces.screen().colours["main"]
    lines = [piece for piece in drawing.pieces if isinstance(piece, Stroke) and piece.colour == main]
    assert [len(one.points) for one in lines] == [2, 2, 3], "the key, then the line in two pieces"


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("deadline", [DEADLINE, None])
def test_the_last_day_is_said_once(deadline) -> None:
    texts = [one.text for one in words(lay.drawing(progress([0.5], deadline), faces.screen(), 700))]
    assert any("12-31" in text for text in texts) == (deadline is not None)
    past = progress([0.5], DEADLINE, later(20))
    assert any("截止日 12-31" in one.text for one in words(lay.drawing(past, faces.screen(), 700)))


# ---- without colour


def grey(drawing: Drawing) -> QImage:
    """As a copier shows it."""
    image = QImage(round(drawing.width), round(drawing.height), QImage.Format.Format_RGB32)
    image.fill("white")
    with QPainter(image) as painter:
        drawing.paint(painter)
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def tones(image: QImage, rect: QRectF) -> list[int]:
    area = rect.toAlignedRect().intersected(image.rect())
    return [
        image.pixelColor(x, y).red()
        for y in range(area.top(), area.bottom() + 1)
        for x in range(area.left(), area.right() + 1)
    ]


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("look", ["screen", "paper", "picture"])
def test_marked_bars_are_hatched_and_named_so_grey_tells_them_apart(look: str) -> None:
    face = {"screen": faces.screen, "paper": _small_paper, "picture": lambda: faces.picture(1.0)}[look]()
    drawing = lay.drawing(ranking([0.9, 0.8, 0.7, 0.6]), face, 1000)
    image = grey(drawing)
    hatched = [p for p in drawing.pieces if isinstance(p, Box) and p.hatched and p.rect.width() > 60]
    plain = [
        p
        for p in drawing.pieces
        if isinstance(p, Box) and p.fill == face.colours["main"] and p.rect.width() > 60
    ]
    assert len(hatched) == len(plain) == 2
    for box in plain:  # the left half, where no other mark lies
        assert _changes(image, box.rect) == 0, "one tone throughout"
    for box in hatched:
        assert _changes(image, box.rect) > 10, "lines and ground"
    assert [one.text for one in words(drawing)].count("预警") == 3, "beside both bars, and in the key"


def _changes(image: QImage, rect: QRectF) -> int:
    """How often the tone changes along the middle of the left half of a bar."""
    y = round(rect.center().y())
    line = [image.pixelColor(x, y).red() for x in range(round(rect.left()) + 3, round(rect.center().x()))]
    return sum(abs(one - other) > 25 for one, other in pairwise(line))


def _small_paper() -> faces.Face:
    """The shades of paper at the size of a screen, so that points can be counted."""
    return faces.Face(faces.paper().families, 1.0, faces.paper().colours)


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("look", ["screen", "paper"])
def test_lines_differ_in_how_they_are_drawn(look: str) -> None:
    face = faces.screen() if look == "screen" else _small_paper()
    past = lay.drawing(progress([0.5], DEADLINE, later(20)), face, 700)
    strokes = [p for p in past.pieces if isinstance(p, Stroke) and p.colour != face.colours["hair"]]
    kinds = {(tuple(stroke.dash), round(stroke.width, 1)) for stroke in strokes}
    assert len({dash for dash, _width in kinds}) == 4, "place, whole, target, last day"
    assert len(kinds) == 4


@pytest.mark.usefixtures("dressed")
def test_grey_bars_stand_out_from_their_track_and_the_mark_from_the_bar() -> None:
    face = _small_paper()
    drawing = lay.drawing(ranking([0.8, 0.6, 0.5]), face, 1000)
    image = grey(drawing)
    bar = next(p for p in drawing.pieces if isinstance(p, Box) and p.fill == face.colours["main"])
    inside = image.pixelColor(round(bar.rect.left() + 20), round(bar.rect.center().y())).red()
    beside = image.pixelColor(round(bar.rect.right() + 12), round(bar.rect.center().y())).red()
    assert beside - inside > 80
    assert min(tones(image, bar.rect)) < inside - 80, "the issue before, darker than the bar"


@pytest.mark.usefixtures("dressed")
def test_print_is_drawn_not_pictured_and_sharp_at_any_scale(tmp_path) -> None:
    chart = ranking([0.9, 0.4])
    prints.write_pdf(chart, tmp_path / "c.pdf")
    content = (tmp_path / "c.pdf").read_bytes()
    assert b"/Subtype /Image" not in content and b"/Subtype/Image" not in content
    sheets = prints.Sheets(chart)
    assert picture(sheets.paint, 0, 60, sheets.format).width() * 4 == pytest.approx(
        picture(sheets.paint, 0, 240, sheets.format).width(), abs=4
    )
    assert QPdfWriter is not None


@pytest.mark.usefixtures("dressed")
def test_pictures_are_written_one_for_each_chart(tmp_path) -> None:
    paths = prints.write_png([ranking([0.9] * 12), progress([0.5] * 3)], tmp_path / "p.png")
    assert [path.name for path in paths] == ["p.png", "p-2.png"]
    assert all(QImage(str(path)).width() == 1080 for path in paths)
