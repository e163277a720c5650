"""The gallery of all widgets can be painted at every size, and paints nothing but what it should."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QTableView

from gui import theme
from tests.gui.widgets import gallery


@pytest.mark.parametrize(("ratio", "scale"), [(1.0, 1.0), (1.5, 1.0), (1.0, theme.LARGE)])
@pytest.mark.parametrize("page", [gallery.today_page, gallery.parts_page])
def test_pages_are_painted_whole(dressed, qapp, qtbot, ratio, scale, page):
    theme.apply(qapp, theme.load(scale=scale))
    window = gallery.window(page(), QSize(1366, 960) / ratio)
    qtbot.addWidget(window)
    image = gallery.shoot(window, ratio)
    assert image.width() == pytest.approx(1366, abs=2)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1366, 2) for y in range(0, 960, 2)}
    assert {"#f5f7fa", "#ffffff", "#1f6f6b"} <= colours


def test_every_control_has_a_name(dressed, qtbot):
    for page in (gallery.today_page(), gallery.parts_page()):
        window = gallery.window(page, QSize(1366, 768))
        qtbot.addWidget(window)
        controls = [
            *window.findChildren(QAbstractButton),
            *window.findChildren(QLineEdit),
            *window.findChildren(QTableView),
        ]
        shown = [c for c in controls if c.isVisibleTo(window)]
        own = [c for c in shown if type(c).__module__.startswith("gui.")]
        assert len(own) > 15
        assert [c for c in own if not c.accessibleName()] == []
