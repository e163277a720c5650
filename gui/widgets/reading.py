"""The order in which people read what is shown: Tab goes that way, whenever and in whatever order it was made."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_SLIP = 4  # px two neighbours may reach into each other and still stand apart
LAST = "last"
"""Property of what moves about over the rest (a notice): Tab comes to it after everything else, wherever it lies."""


def in_reading_order(root: QWidget) -> list[QWidget]:
    """What Tab can stand on within ``root`` as it is shown: line by line, from the left, part by part."""
    found: list[QWidget] = []
    shown = _shown(root)
    floating = [one for one in shown if one.property(LAST)]
    for child in (*_sorted([one for one in shown if one not in floating]), *floating):
        if _stands(child):
            found.append(child)
        else:
            found += in_reading_order(child)
    return found


def _stands(widget: QWidget) -> bool:
    """Whether Tab can stand on it; what is inside is its own business then."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def move_focus(window: QWidget, forward: bool) -> bool:
    """Lead the keyboard on within a window and bring where it stands into sight; False where there is nothing."""
    wanted = next_in_order(window, QApplication.focusWidget(), forward)
    if wanted is None:
        return False
    wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    show_whole(wanted)
    return True


def show_whole(widget: QWidget) -> None:
    """Scroll whatever holds a widget until it can be seen."""
    holder = widget.parentWidget()
    while holder is not None and not holder.isWindow():
        if isinstance(holder, QScrollArea):
            holder.ensureWidgetVisible(widget)
        holder = holder.parentWidget()


def next_in_order(root: QWidget, here: QWidget | None, forward: bool) -> QWidget | None:
    """Where Tab leads from ``here``, round at the end; None where there is nothing to stand on."""
    order = in_reading_order(root)
    if not order:
        return None
    step = 1 if forward else -1
    at = next((i for i, one in enumerate(order) if one is here or _is_proxy(here, one)), None)
    return order[(at + step) % len(order)] if at is not None else order[0 if forward else -1]


def _is_proxy(here: QWidget | None, one: QWidget) -> bool:
    """Whether the keyboard stands on a part of ``one``: its list, its editor."""
    return here is not None and one.isAncestorOf(here)


def _shown(holder: QWidget) -> list[QWidget]:
    children = (child for child in holder.children() if isinstance(child, QWidget))
    shown = (one for one in children if one.isVisible() and one.isEnabled() and not one.isWindow())
    return [one for one in shown if one.children() or _stands(one)]


def _sorted(parts: Sequence[QWidget]) -> list[QWidget]:
    """Cut into lines, each line into columns, each column into lines again."""
    if len(parts) < 2:
        return list(parts)
    for low, high in ((QRect.top, QRect.bottom), (QRect.left, QRect.right)):
        groups = _apart(parts, low, high)
        if len(groups) > 1:
            return [one for group in groups for one in _sorted(group)]
    return sorted(parts, key=lambda one: (one.y(), one.x()))


def _apart(
    parts: Sequence[QWidget], low: Callable[[QRect], int], high: Callable[[QRect], int]
) -> list[list[QWidget]]:
    """Groups between which a straight line can be drawn."""
    groups: list[list[QWidget]] = []
    end: int | None = None
    for one in sorted(parts, key=lambda part: low(part.geometry())):
        first, last = low(one.geometry()), high(one.geometry())
        if end is None or first > end - _SLIP:
            groups.append([])
        groups[-1].append(one)
        end = last if end is None else max(end, last)
    return groups
