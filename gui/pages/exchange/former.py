"""A question after a receiving: are these this office's own entries from before its ledger was lost?"""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import FlowLayout, label


class FormerQuestion(QWidget):
    """Are these our own entries from before? With the digits by which a person can tell."""

    def __init__(self) -> None:
        super().__init__()
        self.text = label("", wrap=True)
        self.yes = KeyButton(_("Yes, they are our own: take them in"))
        self.no = KeyButton(_("No, leave them"))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.yes, self.no):
            flow.addWidget(button)
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)

    def ask(self, handle: str, files: int) -> None:
        """Ask about the key that begins with these digits."""
        self.text.setText(
            _(
                "{files} files bring back entries that were signed for this office with another key, {key}. Was this "
                "office's ledger lost and begun anew, and were those entries made in the old one? Only then say yes: "
                "they are taken in as this office's own."
            ).format(files=files, key=f"{handle[:4]} {handle[4:]}")
        )
        self.show()
