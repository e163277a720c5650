"""The left column: what the program is, where and which year, the pages, what holds it together."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QVBoxLayout, QWidget

from gui import theme as themes
from gui.widgets import paint
from gui.widgets.focus import Pressed
from gui.widgets.labels import label
from gui.widgets.reading import show_whole
from gui.widgets.scroll import Scroller

_WIDTH = 184
_LINE, _LEAST = 43, 26  # px a page's line takes with the gap to the next, and where the window is low
_LOW = 640  # px of height under which the column draws together


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One page: its key in code, its name, how much waits there, whether it is pressing."""

    key: str
    text: str
    count: int = 0
    urgent: bool = False


class NavButton(Pressed, QAbstractButton):
    """A page's line in the left column; arrows walk to its neighbours."""

    walked = Signal(int)

    def __init__(self, entry: NavEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(themes.current().px(_LINE))
        self.show_entry(entry)

    def show_entry(self, entry: NavEntry) -> None:
        """Show another name or count."""
        self.entry = entry
        self.setText(entry.text)
        self.setAccessibleName(f"{entry.text} {entry.count}" if entry.count else entry.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = themes.current()
        wide = theme.width(self.entry.text, bold=True) + theme.px(20)
        return QSize(
            round(wide + (self._badge_width() + theme.px(8) if self.entry.count else 0)), theme.px(_LINE)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), themes.current().px(_LEAST))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.walked.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rect = themes.current(), QRectF(self.rect()).adjusted(0, 1, 0, -1)
        with QPainter(self) as painter:
            if self.isChecked() or self.underMouse():
                ground = theme.colour("mainsoft" if self.isChecked() else "hover")
                paint.draw_round(painter, rect, theme.px(8), ground)
            if self.has_ring():
                paint.draw_ring(painter, rect, theme.px(8), theme.colour("main"))
            painter.setPen(theme.colour("main" if self.isChecked() else "ink"))
            painter.setFont(theme.font(bold=self.isChecked()))
            inner = rect.adjusted(theme.px(10), 0, -theme.px(10), 0)
            painter.drawText(
                inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.entry.text
            )
            if self.entry.count:
                self._draw_badge(painter, inner)

    def _badge_width(self) -> float:
        theme = themes.current()
        return theme.width(f"{self.entry.count:,}", 13, bold=True) + theme.px(16)

    def _draw_badge(self, painter: QPainter, inner: QRectF) -> None:
        theme, high = themes.current(), themes.current().px(22)
        wide = self._badge_width()
        badge = QRectF(inner.right() - wide, inner.center().y() - high / 2, wide, high)
        ink, ground = theme.tone("bad" if self.entry.urgent else "mute")
        paint.draw_round(painter, badge, high / 2, ground)
        painter.setPen(ink)
        painter.setFont(theme.font(13, bold=True))
        painter.drawText(badge, paint.CENTRE, f"{self.entry.count:,}")


class NavList(QFrame):
    """The left column; `chosen` carries the key of a page, `key` is the one that leads here (its parent hears it)."""

    chosen = Signal(str)

    def __init__(self, brand: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = themes.current()
        self._key = key
        self.setProperty("look", "nav")
        self.setAccessibleName(brand)
        self._buttons: dict[str, NavButton] = {}
        self._group = QButtonGroup(self)
        self._place, self._foot = label("", "small", wrap=True), label("", "small", wrap=True)
        self._pages = QVBoxLayout()
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.setSpacing(0)
        self._build(brand)
        self.setFixedWidth(theme.px(_WIDTH))

    def set_place(self, *lines: str) -> None:
        """Say whose ledger this is and for which year."""
        self._place.setText("\n".join(lines))

    def set_foot(self, *lines: str) -> None:
        """Say what holds the ledger together: locked, saved, sent."""
        self._foot.setText("\n".join(lines))

    def set_entries(self, entries: Sequence[NavEntry]) -> None:
        """Show these pages in this order."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        self._buttons = {entry.key: self._add(entry) for entry in entries}
        wide = max((button.sizeHint().width() for button in self._buttons.values()), default=0)
        self.setFixedWidth(max(themes.current().px(_WIDTH), wide + themes.current().px(22)))

    def set_count(self, key: str, count: int, urgent: bool = False) -> None:
        """Say how much waits on a page."""
        button = self._buttons[key]
        button.show_entry(NavEntry(key, button.entry.text, count, urgent))

    def select(self, key: str) -> None:
        """Mark the page that is shown, without telling anybody."""
        self._buttons[key].setChecked(True)
        show_whole(self._buttons[key])

    def take_keyboard(self) -> None:
        """Go to the line of the page that is shown."""
        button = self._group.checkedButton()
        if button is not None:
            button.setFocus(Qt.FocusReason.TabFocusReason)
            show_whole(button)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._key:
            theme, name = themes.current(), QRectF(self._brand.geometry())
            size = paint.key_mark_size(self._key, theme)
            corner = QPointF(
                self.width() - theme.px(20) - size.width(), name.center().y() - size.height() / 2
            )
            with QPainter(self) as painter:
                paint.draw_key_mark(painter, QRectF(corner, size), self._key, theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw_together(self.height() < themes.current().px(_LOW))
        QTimer.singleShot(0, self, self._show_chosen)  # once the pages have their places

    def _show_chosen(self) -> None:
        """Keep the page that is shown in sight where the column became lower."""
        if (button := self._group.checkedButton()) is not None:
            show_whole(button)

    def _draw_together(self, low: bool) -> None:
        """Leave the pages as much of a low window as can be."""
        theme = themes.current()
        edge, gap = (6, 2) if low else (13, 10)
        self._column.setContentsMargins(theme.px(10), theme.px(edge), theme.px(9), theme.px(edge))
        self._head.setContentsMargins(theme.px(10), 0, 0, theme.px(gap))
        self._below.setContentsMargins(theme.px(10), theme.px(gap - 2), 0, 0)

    def _build(self, brand: str) -> None:
        head, foot = self._head, self._below = QVBoxLayout(), QVBoxLayout()
        head.setSpacing(0)
        self._brand = label(brand, "brand")
        head.addWidget(self._brand)
        head.addWidget(self._place)
        foot.addWidget(self._foot)
        column = self._column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._scroll(), 1)
        rule = QFrame()
        rule.setProperty("look", "line")
        column.addWidget(rule)
        column.addLayout(foot)
        self._draw_together(low=False)

    def _scroll(self) -> Scroller:
        """The pages, reachable on a screen too low to show them all."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._pages)
        column.addStretch(1)
        return Scroller(inner)

    def _add(self, entry: NavEntry) -> NavButton:
        button = NavButton(entry)
        button.clicked.connect(lambda: self.chosen.emit(entry.key))
        button.walked.connect(lambda step: self._walk(button, step))
        self._group.addButton(button)
        self._pages.addWidget(button)
        return button

    def _walk(self, button: NavButton, step: int) -> None:
        buttons = list(self._buttons.values())
        neighbour = buttons[(buttons.index(button) + step) % len(buttons)]
        neighbour.setFocus(Qt.FocusReason.TabFocusReason)
        show_whole(neighbour)
