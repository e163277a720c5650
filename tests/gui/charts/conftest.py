"""Charts are drawn with the fonts and words of the real application."""

from tests.gui.widgets.conftest import dressed

__all__ = ["dressed"]
