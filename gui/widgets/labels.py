"""Words on a page: labels by look, tags, and lines of tags that wrap."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QSizePolicy, QWidget

from gui import theme as themes
from gui.theme import Tone
from gui.widgets import paint
from gui.widgets.pieces import Tag


def label(text: str = "", look: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the looks of app.qss: soft, small, heading, title, big, brand, error."""
    made = QLabel(text)
    made.setProperty("look", look)
    made.setWordWrap(wrap)
    return made


def plain(text: str) -> str:
    """Text made safe for a label that takes emphasis."""
    return escape(text)


def strong(text: str, tone: Tone | None = None) -> str:
    """Emphasised words for a label, coloured where colour means something."""
    colour = themes.current().colour(tone or "ink").name()
    return f'<b style="color:{colour}">{escape(text)}</b>'


class TagLabel(QWidget):
    """A tag as a widget."""

    def __init__(self, tag: Tag, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_tag(tag)

    def show_tag(self, tag: Tag) -> None:
        """Show another word or tone."""
        self._tag = tag
        self.setAccessibleName(tag.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return paint.tag_size(self._tag, themes.current()).toSize() + QSize(1, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint.draw_tag(painter, QRectF(self.rect()), self._tag, themes.current())


class FlowLayout(QLayout):
    """Widgets one after another, on as many lines as they need."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self._gap = themes.current().px(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        # Qt tells here when a widget wants another size; until then it asks for the same heights a hundred times.
        self._heights.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self._gap for size in sizes) - self._gap
        return QSize(max(width, 0), max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - rect.y()


class TagLine(QWidget):
    """A line of tags that wraps."""

    def __init__(self, tags: Sequence[Tag] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, gap=4)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_tags(tags)

    def show_tags(self, tags: Sequence[Tag]) -> None:
        """Show these tags instead."""
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().deleteLater()
        for tag in tags:
            self._flow.addWidget(TagLabel(tag, self))
        self.setAccessibleName(", ".join(tag.text for tag in tags))


def flowing(*widgets: QWidget, gap: int = 8) -> QWidget:
    """A box whose widgets flow on to further lines where one is too short; ``gap`` in pixels before scaling."""
    box = QWidget()
    flow = FlowLayout(box, gap=gap)
    for widget in widgets:
        flow.addWidget(widget)
    return box
