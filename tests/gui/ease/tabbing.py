"""Where Tab leads: everything reached, in the order people read, nothing that keeps the keyboard."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QTextBrowser, QWidget

from gui.widgets.reading import LAST
from tests.gui.ease.crawl import controls
from tests.gui.ease.hearing import heard

_LINE = 0.5  # of the lower one's height two controls may differ and stand on one line


def named(widget: QWidget) -> str:
    """A control for a message."""
    return f"{type(widget).__name__} {heard(widget)!r}"


def tour(root: QWidget) -> tuple[list[QWidget], list[str]]:
    """The controls in the order Tab visits them from the first one on, and what is wrong with the way."""
    wanted = controls(root)
    if not wanted:
        return [], []
    wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
    visited: list[QWidget] = []
    troubles = []
    for _step in range(2 * len(wanted) + 100):
        here = QApplication.focusWidget()
        if here is None or (visited and here is visited[0]):
            break
        if visited and here is visited[-1] and isinstance(here, QTextBrowser):
            QTest.keyClick(here, Qt.Key.Key_Tab)  # from link to link
            continue
        if visited and here is visited[-1]:
            troubles.append(f"Tab does not leave {named(here)}")
            break
        visited.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    still = [one for one in wanted if one.isVisibleTo(root) and one.isEnabled()]  # a notice goes by itself
    missed = [one for one in still if one not in visited and not _one_of(one, visited)]
    troubles += [f"Tab does not reach {named(one)}" for one in missed]
    return visited, troubles


def _one_of(widget: QWidget, visited: Sequence[QWidget]) -> bool:
    """Whether a control is one of a group of choices of which Tab visits the chosen one; arrows reach the others."""
    group = getattr(widget, "group", None)
    found = group() if callable(group) else None
    return found is not None and any(one in visited for one in found.buttons())


def place(widget: QWidget, root: QWidget) -> QRect:
    """Where a widget lies in the window."""
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def disorder(visited: Sequence[QWidget], root: QWidget) -> list[str]:
    """Steps of Tab that go against reading: up, or back on the same line, within what holds both."""
    found = []
    for before, after in pairwise(visited):
        common = _common(before, after)
        if common is None:
            continue
        first, second = _branch(before, common), _branch(after, common)
        if first is second or first.property(LAST) or second.property(LAST):
            continue
        a, b = place(first, root), place(second, root)
        if _reads_before(b, a):
            found.append(f"Tab goes back from {named(before)} to {named(after)}")
    return found


def _reads_before(one: QRect, other: QRect) -> bool:
    overlap = min(one.bottom(), other.bottom()) - max(one.top(), other.top()) + 1
    if overlap > _LINE * min(one.height(), other.height()):
        return one.left() < other.left()
    return one.top() < other.top()


def _common(one: QWidget, other: QWidget) -> QWidget | None:
    above = one.parentWidget()
    while above is not None and not above.isAncestorOf(other):
        above = above.parentWidget()
    return above


def _branch(widget: QWidget, above: QWidget) -> QWidget:
    """The child of ``above`` a widget lies in."""
    while widget.parentWidget() is not above:
        widget = widget.parentWidget()
    return widget


def split(visited: Sequence[QWidget], root: QWidget) -> list[str]:
    """Cards and panels that Tab leaves and comes back to."""
    found = []
    for area in root.findChildren(QAbstractScrollArea):
        inside = [place_of for place_of, one in enumerate(visited) if area.isAncestorOf(one)]
        if inside and inside[-1] - inside[0] + 1 != len(inside):
            found.append(f"Tab leaves {named(area)} and comes back")
    return found
