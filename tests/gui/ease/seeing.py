"""What the eye sees, read from painted pixels: where the keyboard is, and whether words stand out from their ground."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QRegion
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTableView, QWidget

from gui import theme as themes
from gui.printing.page_column import PageView
from gui.widgets.reading import show_whole
from tests.gui.ease.hearing import heard

FOCUS_CONTRAST = 3.0  # WCAG 2.2, 2.4.13
_MARK = 40  # pixels that have to change at least: a bar of 2 px beside one line of words
_MARGIN = 4
_SHARE = 0.002  # of a widget's pixels from which on a colour is one of its colours
_FEWEST = 12  # pixels
_RATIO = 3
_FILLED = ("main", "mainpress")
INKS = ("ink", "soft", "hint", "main", "onmain", "ok", "warn", "bad", "info", "mute")


def painted(window: QWidget, rect: QRect, ratio: float = 1.0) -> np.ndarray:
    """A part of a window as height x width x (red, green, blue)."""
    image = QImage(round(rect.width() * ratio), round(rect.height() * ratio), QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.magenta)
    window.render(image, QPoint(), QRegion(rect))
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def luminance(pixels: np.ndarray) -> np.ndarray:
    """Relative luminance of pixels (WCAG)."""
    parts = pixels.astype(float) / 255
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrasts(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The contrast of pixels with pixels, 1 to 21."""
    a, b = luminance(one), luminance(other)
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def unmarked(window: QWidget, tour: Sequence[QWidget]) -> list[str]:
    """Controls of which nothing shows, when Tab brings the keyboard there, that it is there."""
    found = []
    tour = [one for one in tour if one.isEnabled() and one.isVisibleTo(window)]  # the way there may close one
    for before, here in zip((tour[-1], *tour), tour, strict=False):
        if before is here:
            continue
        before.setFocus(Qt.FocusReason.TabFocusReason)
        here.setFocus(Qt.FocusReason.TabFocusReason)
        show_whole(here)
        rect = QRect(here.mapTo(window, QPoint(0, 0)), here.size()).adjusted(
            -_MARGIN, -_MARGIN, _MARGIN, _MARGIN
        )
        rect = rect.intersected(window.rect())
        if rect.isEmpty():
            found.append(f"out of the window: {type(here).__name__} {heard(here)!r}")
            continue
        with_focus = painted(window, rect)
        before.setFocus(Qt.FocusReason.TabFocusReason)
        without = painted(window, rect)
        changed = int((contrasts(with_focus, without) >= FOCUS_CONTRAST).sum())
        if changed < _MARK:
            found.append(f"focus not seen: {type(here).__name__} {heard(here)!r} ({changed} px)")
    return found


def faint(window: QWidget, least: float) -> list[str]:
    """Words that do not stand out from their ground, and colours that are none of the face's."""
    theme = themes.current()
    whole = painted(window, window.rect(), _RATIO)
    found = []
    for widget in window.findChildren(QWidget):
        if (
            widget.window() is not window
            or not widget.isVisibleTo(window)
            or widget.visibleRegion().isEmpty()
        ):
            continue
        for what, rect in _with_words(widget):
            seen = rect.intersected(widget.visibleRegion().boundingRect())
            if seen.width() < 4 or seen.height() < 4:
                continue
            at = QRect(widget.mapTo(window, seen.topLeft()), seen.size())
            found += [f"{line}: {what}" for line in _judge(_cut(whole, at), theme, least)]
    return found


def _cut(whole: np.ndarray, rect: QRect) -> np.ndarray:
    top, left = max(rect.top(), 0) * _RATIO, max(rect.left(), 0) * _RATIO
    return whole[top : (rect.bottom() + 1) * _RATIO, left : (rect.right() + 1) * _RATIO]


def _with_words(widget: QWidget) -> Iterator[tuple[str, QRect]]:
    match widget:
        case QLabel() if widget.text():
            yield repr(widget.text()[:30]), widget.rect()
        case QAbstractButton() | QLineEdit() | QComboBox():
            yield f"{type(widget).__name__} {heard(widget)!r}", widget.rect()
        case QTableView():
            yield from _cells(widget)


def _cells(table: QTableView) -> Iterator[tuple[str, QRect]]:
    model = table.model()
    for row in range(min(model.rowCount(), 12) if model else 0):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            rect = table.visualRect(index).intersected(table.viewport().rect())
            if not rect.isEmpty():
                origin = table.viewport().pos()
                yield f"cell {index.data()!r} of {heard(table)!r}", rect.translated(origin)


def _judge(pixels: np.ndarray, theme: themes.Theme, least: float) -> Iterator[str]:
    """The inks among the colours of a picture against its commonest colour."""
    if not pixels.size:
        return
    flat = pixels.reshape(-1, 3).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    colours, counts = np.unique(flat, return_counts=True)
    ground = int(colours[counts.argmax()])
    enough = max(_FEWEST, round(_SHARE * flat.size))
    tokens = {int(hexed[1:], 16): name for name, hexed in theme.hexes.items() if name in INKS}
    for colour, count in zip(colours.tolist(), counts.tolist(), strict=True):
        if count < enough or colour == ground or colour not in tokens:
            continue
        if tokens[colour] == "onmain" and _name(ground, theme) not in _FILLED:
            continue  # white is a ground as well
        value = themes.contrast(_colour(colour), _colour(ground))
        if value < least and not _is_ground(ground, theme):
            yield f"{tokens[colour]} on #{ground:06x} is {value:.2f}"
        elif value < least:
            yield f"{tokens[colour]} on {_name(ground, theme)} is {value:.2f}"


def _colour(value: int) -> QColor:
    return QColor.fromRgb(value)


def _is_ground(value: int, theme: themes.Theme) -> bool:
    return bool(_name(value, theme))


def _name(value: int, theme: themes.Theme) -> str:
    return next((name for name, hexed in theme.hexes.items() if int(hexed[1:], 16) == value), "")


def unknown_grounds(window: QWidget) -> list[str]:
    """Large areas in colours that are not of the face: what Qt's own style painted."""
    theme, whole = themes.current(), painted(window, window.rect())
    shown = np.ones(whole.shape[:2], bool)
    for one in window.findChildren(QWidget):
        if isinstance(one, PageView) or (isinstance(one, QLabel) and not one.pixmap().isNull()):
            for rect in one.visibleRegion():  # paper and pictures have colours of their own
                at = QRect(one.mapTo(window, rect.topLeft()), rect.size())
                shown[at.top() : at.bottom() + 1, at.left() : at.right() + 1] = False
    pixels = whole[shown].astype(np.uint32)
    flat = pixels @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    colours, counts = np.unique(flat, return_counts=True)
    known: Callable[[int], bool] = lambda colour: _is_ground(colour, theme)  # noqa: E731
    return [
        f"a colour of nobody's: #{colour:06x} on {count} px"
        for colour, count in zip(colours.tolist(), counts.tolist(), strict=True)
        if count > 2500 and not known(colour)
    ]
