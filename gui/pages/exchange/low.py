"""Tables that take no more room than their rows."""

from gui import theme as themes
from gui.widgets.tables import TableView

TALLEST = 166  # px of a table before it scrolls


class LowTable(TableView):
    """A table as tall as its rows, up to a limit."""

    def __init__(self, *arguments, tallest: int = TALLEST, **options) -> None:
        self._tallest = tallest
        super().__init__(*arguments, **options)

    def _fit(self) -> None:
        super()._fit()
        theme = themes.current()
        rows = sum(self.rowHeight(line) for line in range(self.rows_model.rowCount()))
        self.setFixedHeight(min(self.horizontalHeader().height() + rows + 2, theme.px(self._tallest)))
