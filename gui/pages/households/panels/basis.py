"""Why the next step is what it is: each reason with the paragraph it rests on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.pages.households.panels.base import Panel
from gui.widgets.labels import label, plain
from storage.queries.cards import PersonCard


class BasisPanel(Panel):
    """The reasons and their sources; nothing to record."""

    def __init__(self, desk: Desk, card: PersonCard) -> None:
        super().__init__(desk, _("Basis · {name}").format(name=card.person.name))
        self.save_button.hide()
        self.cancel_button.setText(_("Close"))
        policy = desk.policy
        title = _("{title} (example policy, not in force anywhere)") if policy.example else "{title}"
        self.add_line(f"<b>{plain(wording.step_text(policy, card))}</b>", title.format(title=policy.title))
        seen = dict.fromkeys(
            (wording.reason_text(policy, reason), wording.source_text(policy, reason.cite))
            for reason in card.step.reasons
        )
        for text, source in seen:
            self.add_line(plain(text), source)

    def add_line(self, text: str, source: str) -> None:
        """One reason and, smaller, what it rests on."""
        row = self._grid.rowCount()
        words, below = (
            label(text, wrap=True),
            label(source or _("from the entries themselves"), "small", wrap=True),
        )
        words.setTextFormat(Qt.TextFormat.RichText)
        self._grid.addWidget(words, row, 0, 1, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(below, row, 1, 1, 2, Qt.AlignmentFlag.AlignTop)

    def first(self) -> QWidget:
        return self.cancel_button

    def save(self) -> None:
        self.closed.emit()
