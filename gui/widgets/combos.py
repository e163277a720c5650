"""One out of a list that opens: the wheel scrolls the page and changes nothing on its way."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget


class Combo(QComboBox):
    """``entries`` are code and words, words may be empty; ``chosen`` a code, the first where there is none such."""

    def __init__(self, entries: Mapping[str, str], chosen: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for code, words in entries.items():
            self.addItem(words, code)
        self.choose(chosen)

    def value(self) -> str:
        """The code chosen."""
        return str(self.currentData() or "")

    def choose(self, code: str) -> None:
        """Choose without telling anybody; an unknown code chooses the first."""
        self.setCurrentIndex(max(self.findData(code), 0))

    def offer(self, entries: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer others, codes with their words; the same again leaves what has the keyboard as it is."""
        if [(self.itemData(line), self.itemText(line)) for line in range(self.count())] != list(entries):
            self.clear()
            for code, words in entries:
                self.addItem(words, code)
        self.choose(chosen)

    def sizeHint(self) -> QSize:
        """Qt measures the ink of the words: a full-width bracket at their end takes more."""
        metrics, words = self.fontMetrics(), [self.itemText(line) for line in range(self.count())]
        written = max(map(metrics.horizontalAdvance, words), default=0)
        ink = max((metrics.boundingRect(one).width() for one in words), default=0)
        return super().sizeHint() + QSize(max(written - ink, 0), 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def fitted(name: str) -> Combo:
    """An empty one, called ``name`` by screen readers, as wide as its widest words."""
    box = Combo({})
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
    return box
