"""How every part of the page stands: a list on the left, beside it what is chosen."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme as themes
from gui.widgets.cards import Card

_LEFT = 340  # px


def list_beside(rows: QWidget, item: QWidget) -> QHBoxLayout:
    """Lay the list in a card of limited width beside what shows the chosen one."""
    theme = themes.current()
    line = QHBoxLayout()
    line.setSpacing(theme.px(12))
    left = Card()
    left.body.setContentsMargins(1, theme.px(6), 1, theme.px(6))
    left.add(rows, 1)
    left.setMaximumWidth(theme.px(_LEFT))
    line.addWidget(left, 2)
    line.addWidget(item, 3)
    return line
