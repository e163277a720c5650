"""Whether words have the room they need: nothing cut, nothing outside of what holds it, nothing under its neighbour."""

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QWidget,
)

from gui.help.tour import Tour
from gui.widgets.cards import StatCard
from gui.widgets.labels import TagLabel
from gui.widgets.nav import NavButton
from gui.widgets.notices import Notice
from gui.widgets.tables import TableView
from tests.gui.ease.hearing import heard

_SLIP = 1
_STACKED = (QAbstractScrollArea, QStackedWidget)
_OVER = (Notice, Tour)
"""What lies over the pages on purpose."""


def cramped(root: QWidget) -> list[str]:
    """Everything that shows words in less room than they take, anywhere in ``root``."""
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        if widget.window() is root and widget.isVisibleTo(root) and not widget.visibleRegion().isEmpty():
            found += _cut(widget)
            found += _outside(widget, root)
    return found


def _cut(widget: QWidget) -> Iterator[str]:
    match widget:
        case QLabel() if widget.text():
            yield from _label(widget)
        case StatCard():
            if widget.height() + _SLIP < widget.heightForWidth(widget.width()):
                yield f"cut: {heard(widget)!r} {widget.size().toTuple()}"
        case NavButton() | TagLabel():
            if widget.width() + _SLIP < widget.sizeHint().width():
                yield f"cut: {heard(widget)!r}"
        case QAbstractButton() if not isinstance(widget, QCheckBox) or widget.text():
            if not _holds(widget.size(), widget.sizeHint()):
                room, wanted = widget.size().toTuple(), widget.sizeHint().toTuple()
                yield f"cut: {type(widget).__name__} {heard(widget)!r} {room} < {wanted}"
        case QComboBox():
            yield from _combo(widget)
        case QLineEdit() if widget.placeholderText() and not widget.text():
            if (over := _over(widget, widget.placeholderText())) > 0:
                yield f"cut by {over}: placeholder {widget.placeholderText()!r}"
        case TableView():
            yield from _table(widget)


def _holds(room: QSize, wanted: QSize) -> bool:
    return room.width() + _SLIP >= wanted.width() and room.height() + _SLIP >= wanted.height()


def _label(one: QLabel) -> Iterator[str]:
    words = one.text()[:60]
    if one.wordWrap():
        if one.height() + _SLIP < one.heightForWidth(one.width()):
            yield f"cut: label {words!r} {one.height()} < {one.heightForWidth(one.width())}"
        return
    if not _holds(one.size(), one.sizeHint()):
        yield f"cut: label {words!r} {one.size().toTuple()} < {one.sizeHint().toTuple()}"


def _over(field: QLineEdit, words: str) -> int:
    """How many pixels of words do not fit a field."""
    box = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, _panel(field), field)
    margins = field.textMargins()
    room = box.width() - margins.left() - margins.right() - 4
    return QFontMetrics(field.font()).horizontalAdvance(words) - room


def _panel(field: QLineEdit) -> QStyleOptionFrame:
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    return option


def _combo(one: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    one.initStyleOption(option)
    room = one.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, one
    )
    if QFontMetrics(one.font()).horizontalAdvance(one.currentText()) > room.width() + _SLIP:
        yield f"cut: choice {one.currentText()!r} in {heard(one)!r}"


def _table(one: TableView) -> Iterator[str]:
    model, seen = one.rows_model, one.viewport().rect()
    one.viewport().repaint()  # what was cut before the table found its place is cut no more
    heads = one.horizontalHeader()
    for column in range(model.columnCount()):
        title = model.columns[column].title
        if one.isColumnHidden(column):
            continue
        if heads.isVisible() and title:
            wide = max(map(QFontMetrics(heads.font()).horizontalAdvance, title.split("\n")))
            if wide > one.columnWidth(column):
                yield f"cut: head {title!r} of {heard(one)!r}"
        for row in range(min(model.rowCount(), 30)):
            index = model.index(row, column)
            rect = one.visualRect(index)
            if not seen.intersects(rect):
                break
            if one._cells.was_cut(index):
                words = model.columns[column].text(one.row_at(index))[:40]
                yield f"cut: cell {words!r} under {title!r} of {heard(one)!r}"
                break
    over = sum(one.columnWidth(i) for i in range(model.columnCount())) - seen.width()
    if over > 0 and not one.property("sheet"):
        yield f"sideways: {heard(one)!r} by {over}"


def _outside(widget: QWidget, root: QWidget) -> Iterator[str]:
    """Whether a part of a widget lies outside of what holds it, and nothing scrolls to it."""
    holder = widget.parentWidget()
    if (
        holder is None
        or widget.isWindow()
        or not isinstance(widget, QAbstractButton | QLabel | QLineEdit | QComboBox)
    ):
        return
    rect = widget.geometry()
    while holder is not None and holder is not root.parentWidget():
        if isinstance(holder.parentWidget(), QScrollArea) or isinstance(holder, QAbstractItemView):
            if rect.left() < -_SLIP or rect.right() > holder.width() + _SLIP:
                yield f"outside: {type(widget).__name__} {heard(widget)[:50]!r}"
            return
        if not holder.rect().adjusted(-_SLIP, -_SLIP, _SLIP, _SLIP).contains(rect):
            yield f"outside: {type(widget).__name__} {heard(widget)[:50]!r} of {type(holder).__name__}"
            return
        rect = rect.translated(holder.pos())
        if holder.isWindow():
            return
        holder = holder.parentWidget()


def overlapping(root: QWidget) -> list[str]:
    """Neighbours that lie on one another."""
    found = []
    for holder in (root, *root.findChildren(QWidget)):
        if not holder.isVisibleTo(root) or isinstance(holder, _STACKED) or holder.layout() is None:
            continue
        # Children, not the layout's items: their wrappers outlive them and meet strangers at their address.
        children = holder.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        shown = [
            one for one in children if one.isVisible() and not one.isWindow() and not isinstance(one, _OVER)
        ]
        for one, other in combinations(shown, 2):
            both = one.geometry().intersected(other.geometry())
            if both.width() > _SLIP and both.height() > _SLIP:
                found.append(f"on one another: {heard(one)[:40]!r} and {heard(other)[:40]!r}")
    return found


def too_large(window: QWidget) -> list[str]:
    """Whether the window needs more room than it was given."""
    least = window.minimumSizeHint()
    if _holds(window.size(), least):
        return []
    return [f"window {window.size().toTuple()} needs {least.toTuple()}"]
