"""Much changed at once is laid out once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QLayout, QWidget
from shiboken6 import isValid


@contextmanager
def laid_out_once(widget: QWidget) -> Iterator[None]:
    """Lay out what is in a widget with the window's next turn, when all of it is changed.

    Qt else does it, up to the window, at every part that is shown or hidden.
    """
    layouts = [one for one in widget.findChildren(QLayout) if one.isEnabled()]
    for one in layouts:
        one.setEnabled(False)
    try:
        yield
    finally:
        for one in layouts:
            if isValid(one):
                one.setEnabled(True)
                one.update()
                # One that was told while it was off waits for nothing any more and has to be asked.
                QCoreApplication.postEvent(one.parentWidget(), QEvent(QEvent.Type.LayoutRequest))


def laying_out_once(owner: QObject, done: Callable[[Any], None]) -> Callable[[Any], None]:
    """``done`` for an answer that changes much of the widget who asked for it belongs to, or is."""
    shown: QObject | None = owner
    while shown is not None and not isinstance(shown, QWidget):
        shown = shown.parent()
    if not isinstance(shown, QWidget):
        return done
    widget = shown

    def show(answer: Any) -> None:
        with laid_out_once(widget):
            done(answer)

    return show
