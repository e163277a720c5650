"""What the office above gets, entries or numbers alone; and which townships gave a banner nothing but numbers."""

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.ops import QueryOp, TaskOp
from gui.trouble import known
from gui.widgets.fields import ChoiceRow
from gui.widgets.labels import label
from gui.wording import stated as words
from storage.ledger import Ledger
from storage.operators import EXCHANGE
from storage.queries import statements
from storage.queries.statements import Live
from sync import peers, upward
from sync.upward import COUNTS, Disclosure


@dataclass(frozen=True, slots=True)
class _Read:
    """The title of the office above, "" for none, what it gets, and what came in numbers alone."""

    above: str
    chosen: Disclosure
    told: Live


class UpwardRow(QWidget):
    """A choice above the button that sends; hidden where nobody is above, and nothing to say where all sent people."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.title, self.said, self.told = (
            label("", wrap=True),
            label("", "soft", wrap=True),
            label("", wrap=True),
        )
        self.choice = ChoiceRow(list(words.disclosures().items()))
        self.choice.chosen.connect(self._on_chosen)
        desk.permit(EXCHANGE, self.choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self.choice, self.said, self.told):
            column.addWidget(widget)
        self.hide()

    def read(self) -> None:
        """Read what is chosen and what came."""

        def read(ledger: Ledger) -> _Read:
            above = [one.title for one in peers.peers(ledger) if upward.goes_up(ledger, one)]
            return _Read(above[0] if above else "", upward.chosen(ledger), statements.live(ledger))

        if self._desk.is_office:
            self._desk.ask(QueryOp(read, slot="upward"), self._on_read, owner=self)

    def _on_read(self, read: _Read) -> None:
        for widget in (self.title, self.choice, self.said):
            widget.setVisible(bool(read.above))
        self.title.setText(_("What {office} gets:").format(office=read.above))
        self.choice.setAccessibleName(self.title.text())
        self._show(read.chosen)
        lines = [words.summary(read.told), *(words.heading(one) for one in read.told.values())]
        self.told.setText("\n".join(line for line in lines if line))
        self.told.setVisible(bool(read.told))
        self.setVisible(bool(read.above or read.told))

    def _show(self, chosen: Disclosure) -> None:
        self.choice.choose(chosen)
        self.said.setText(
            _(
                "Counts of each village under this office's signature. No name, number or entry is in the file."
            )
            if chosen == COUNTS
            else _("Everything entered, so that each number opens to its people there too.")
        )

    def _on_chosen(self, value: str) -> None:
        def do(ledger: Ledger, _task: object) -> Disclosure:
            upward.choose(ledger, value)
            return upward.chosen(ledger)

        self._desk.run(TaskOp(do), self._show, owner=self, refused=self._on_refused)

    def _on_refused(self, error: Exception) -> bool:
        found = known(error, self._desk.facts.folder)
        if found is None:
            return False
        self.said.setText(sentence(found))
        return True
