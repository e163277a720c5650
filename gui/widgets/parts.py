"""One of several parts of a page at a time, or a word in their place."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.widgets.cards import Card
from gui.widgets.notices import EmptyState


class Parts(QStackedWidget):
    """Parts that take turns; before the first of them, and where none can be shown, a card that says why."""

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        self.empty = EmptyState("")
        card = Card()
        card.add(self.empty, 1)
        for part in (card, *parts):
            self.addWidget(part)

    def show_empty(self, title: str, text: str = "", way: str = "") -> None:
        """Show no part, and say why; ``way`` is what to do next."""
        self.empty.show_words(title, text, way)
        self.setCurrentIndex(0)
