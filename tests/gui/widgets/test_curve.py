"""The line toward the target is painted whatever is known, and can be told apart without colour."""

from datetime import date, timedelta

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gui.pages.today.curve import Curve, Way, told
from storage.policy.course import Course, course
from storage.policy.pace import Pace

OPENED, TODAY, DAY = date(2025, 9, 1), date(2025, 12, 3), date(2025, 12, 31)
PAID = course([OPENED + timedelta(days=number % 90) for number in range(120)], OPENED, TODAY)
PACE = Pace("going", 50, 60, 40, 28, TODAY, TODAY, None, DAY, (20, 49, 60), 1.8)


def painted(qtbot: QtBot, way: Way | None, width: int = 260) -> QImage:
    curve = Curve()
    qtbot.addWidget(curve)
    curve.resize(width, 110)
    curve.show_way(way)
    return curve.grab().toImage()


def dark(image: QImage, y: int) -> list[bool]:
    """Which points of a line of the picture are not of its ground."""
    ground = image.pixelColor(1, 1)
    return [image.pixelColor(x, y) != ground for x in range(image.width())]


@pytest.mark.parametrize(
    "way",
    [
        Way(PAID, TODAY, 171, DAY, PACE),
        Way(PAID, TODAY, 171, DAY),
        Way(PAID, TODAY, 171, None, PACE),
        Way(PAID, TODAY),
        Way(PAID, DAY + timedelta(days=40), 171, DAY, PACE),  # the day is over
        Way(
            course([], OPENED, OPENED - timedelta(days=9)), OPENED - timedelta(days=9), 171, DAY
        ),  # not begun
        Way(Course(OPENED, 0, (0,)), OPENED, 0, OPENED),
        Way(Course(OPENED, 7, ()), OPENED, None, None),
    ],
)
def test_whatever_is_known_is_painted_and_told(qtbot: QtBot, way: Way) -> None:
    image = painted(qtbot, way)
    assert any(any(dark(image, y)) for y in range(image.height()))
    assert str(way.course.total) in told(way)
    assert ("目标" in told(way)) == (way.target is not None and way.deadline is not None)
    assert ("照此进度" in told(way)) == (way.ahead is not None)


def test_nothing_is_painted_of_nothing_and_in_no_room(qtbot: QtBot) -> None:
    for image in (painted(qtbot, None), painted(qtbot, Way(PAID, TODAY, 171, DAY, PACE), 40)):
        assert not any(any(dark(image, y)) for y in range(image.height()))


def test_the_target_is_dotted_and_the_way_ahead_ends_where_it_is_told(qtbot: QtBot) -> None:
    way = Way(PAID, TODAY, 171, DAY, PACE)
    assert way.ahead == (140, 169, 180)
    image = painted(qtbot, way)
    dotted = [
        y for y in range(image.height()) if sum(dark(image, y)) > 60 and not all(dark(image, y)[10:100])
    ]
    assert dotted  # a line across the picture with gaps in it
