"""The files of one village: what came from it and went to it, what is missing, what became of each."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import exchange
from gui.models.board import BoardRow
from gui.models.board_columns import gaps
from gui.ops import QueryOp
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.tables import TableView
from gui.wording import stated, units
from storage.ledger import Ledger
from storage.places import under
from storage.queries import villages
from storage.queries.villages import BundleRow


class BundlesSection(QWidget):
    """The log of files of one place."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.rows = exchange.log_model(lambda: desk.today)
        self.title = label("", "heading", wrap=True)
        self.table = TableView(self.rows, _("Files of the village"), wraps=True)
        self.table.set_empty(
            EmptyState(_("No file yet"), _("Nothing came from there and nothing went there."))
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addWidget(self.table, 1)

    def show_place(self, row: BoardRow) -> None:
        """Read the files of a place."""
        scope = row.village.scope
        named = stated.heading(row.stated) if row.stated else row.village.title
        self.title.setText(units.sentences([named, *gaps(row)]))

        def read(ledger: Ledger) -> Sequence[BundleRow]:
            return [one for one in villages.log(ledger) if under(one.scope, scope)]

        self.desk.ask(QueryOp(read, slot="files"), self._on_read, owner=self)

    def _on_read(self, found: Sequence[BundleRow]) -> None:
        self.rows.set_rows(exchange.log_lines(found))
        if found:
            self.table.selectRow(0)
