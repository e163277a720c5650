"""A chart in the window: arrows walk its marks and say them, Enter opens the people; its table lies behind it."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QSizePolicy,
    QStackedWidget,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.charts import faces, lay
from gui.charts.drawing import Drawing, Mark
from gui.charts.values import Chart
from gui.widgets import aloud, paint
from gui.widgets.focus import Ringed
from gui.widgets.rows import Column, RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_STEPS = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}
_PAD = 4.0  # px: the ring of a mark at the edge is whole
_TITLES = 2  # columns of a table that are words at most: rank and name


class ChartView(Ringed, QAbstractButton):
    """Paints one chart at its own width; ``opened`` brings the code of a mark.

    To a screen reader it is a button: it says the mark one stands on, and pressing opens that.
    """

    opened = Signal(str)
    walked = Signal(QRect)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self._drawing = Drawing(0.0, 0.0, (), ())
        self._room: float | None = None
        self._here = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    # ---- what is shown

    def show_chart(self, chart: Chart) -> None:
        """Show another chart; who stood on a place stays on it."""
        held = self.mark()
        self._chart = chart
        self.setAccessibleName(chart.title)
        self._lay()
        codes = [mark.code for mark in self._drawing.marks]
        self._here = codes.index(held.code) if held is not None and held.code in codes else 0
        self._tell(aloud_too=False)

    def fit(self, height: float) -> None:
        """Say how much of the chart is in sight, so that small multiples can use it."""
        if height != self._room:
            self._room = height
            self._lay()

    def mark(self) -> Mark | None:
        """Where the keyboard stands."""
        marks = self._drawing.marks
        return marks[self._here] if self._here < len(marks) else None

    def go(self, code: str) -> bool:
        """Stand on a place; False where it is not shown."""
        at = next((i for i, mark in enumerate(self._drawing.marks) if mark.code == code), None)
        if at is not None:
            self._stand(at)
        return at is not None

    def _lay(self) -> None:
        if self._chart is None or self.width() < 2 * _PAD:
            return
        room = None if self._room is None else self._room - 2 * _PAD
        self._drawing = lay.drawing(self._chart, faces.screen(), self.width() - 2 * _PAD, room)
        self.setFixedHeight(round(self._drawing.height + 2 * _PAD))
        self.update()

    # ---- walking

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, key = _STEPS.get(Qt.Key(event.key())), event.key()
        here = self.mark()
        if here is None:
            super().keyPressEvent(event)
        elif step is not None:
            self._by_keys = True
            self._stand(self._next(here, *step))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._stand(0 if key == Qt.Key.Key_Home else len(self._drawing.marks) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        here = self.mark()
        if here is not None and here.code:
            self.opened.emit(here.code)

    def _next(self, here: Mark, x: int, y: int) -> int:
        """The nearest mark in a direction; the same one where there is none."""
        from_, found = here.rect.center(), [(0.0, self._here)]
        for number, mark in enumerate(self._drawing.marks):
            way = mark.rect.center() - from_
            along, aside = way.x() * x + way.y() * y, abs(way.x() * y) + abs(way.y() * x)
            if along > 1:
                found.append((along + 3 * aside, number))
        return min(found[1:] or found)[1]

    def _stand(self, number: int) -> None:
        self._here = number
        self._tell()
        mark = self.mark()
        if mark is not None:
            self.walked.emit(self._on_screen(mark).toAlignedRect())
        self.update()

    def _tell(self, aloud_too: bool = True) -> None:
        mark = self.mark()
        words = mark.words if mark else ""
        self.setAccessibleDescription(words)
        if aloud_too:
            aloud.say(self, words)

    # ---- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._under(event.position())
        if number is not None:
            self._stand(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self._under(event.position())
        if number is not None and (code := self._drawing.marks[number].code):
            self.opened.emit(code)

    def event(self, event) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == event.Type.ToolTip:
            number = self._under(QPointF(event.pos()))
            words = "" if number is None else self._drawing.marks[number].words
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _under(self, point: QPointF) -> int | None:
        inside = point - QPointF(_PAD, _PAD)
        return next((i for i, mark in enumerate(self._drawing.marks) if mark.rect.contains(inside)), None)

    # ---- painting

    def _on_screen(self, mark: Mark) -> QRectF:
        return mark.rect.translated(_PAD, _PAD).adjusted(-_PAD + 1, 0, _PAD - 1, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay()

    def sizeHint(self) -> QSize:
        return QSize(themes.current().px(320), round(self._drawing.height + 2 * _PAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, mark = themes.current(), self.mark()
        with QPainter(self) as painter:
            if mark is not None and self.hasFocus():
                paint.draw_round(painter, self._on_screen(mark), theme.px(4), theme.colour("mainsoft"))
            painter.translate(_PAD, _PAD)
            self._drawing.paint(painter)
            painter.translate(-_PAD, -_PAD)
            if mark is not None and self.has_ring():
                paint.draw_ring(painter, self._on_screen(mark), theme.px(4), theme.colour("main"))


class ChartPanel(QWidget):
    """A chart that scrolls, and the table behind it; both open the same."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = ChartView()
        self._scroller = Scroller(self.chart)
        self.table: TableView | None = None
        self._states = QStackedWidget()
        self._states.addWidget(self._scroller)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._states)
        self.setFocusProxy(self.chart)
        self.chart.opened.connect(self.opened)
        self.chart.walked.connect(self._on_walked)

    def show_chart(self, chart: Chart) -> None:
        """Show another chart, and its table where that lies in front."""
        tabled, focused = self.is_tabled(), self._inside()
        self.chart.fit(self._scroller.viewport().height())
        self.chart.show_chart(chart)
        if self.table is not None:
            self._states.removeWidget(self.table)
            self.table.deleteLater()
        self.table = _table(chart)
        self.table.opened.connect(self._on_row_opened)
        self._states.addWidget(self.table)
        self.show_table(tabled)
        if focused:
            self.setFocus()

    def is_tabled(self) -> bool:
        """Whether the table lies in front."""
        return self.table is not None and self._states.currentWidget() is self.table

    def show_table(self, shown: bool) -> None:
        """Bring the table before the chart, or back behind it; the keyboard goes along."""
        front = self.table if shown and self.table is not None else self._scroller
        focused = self._inside()
        self._states.setCurrentWidget(front)
        self.setFocusProxy(front if front is self.table else self.chart)
        if self.table is not None and shown and self.table.current_row() is None:
            self.table.selectRow(0)
        if focused:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.chart.fit(self._scroller.viewport().height())

    def _inside(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _on_walked(self, rect: QRect) -> None:
        self._scroller.ensureVisible(rect.center().x(), rect.center().y(), 0, rect.height() // 2 + 2)

    def _on_row_opened(self, row: tuple[str, tuple[str, ...]]) -> None:
        if row[0]:
            self.opened.emit(row[0])


def _table(chart: Chart) -> TableView:
    """The chart's table: names to the left, figures to the right."""
    behind = chart.table()
    first = next((at for at, title in enumerate(behind.columns) if title == chart.kind), 0)

    def column(at: int, title: str) -> Column:
        return Column(
            title,
            lambda row: row[1][at],
            sort=lambda row: _value(row[1][at]),
            align="left" if at == first else "right",
            stretch=at == first,
            folds=at > first + _TITLES,
        )

    columns = [column(at, title) for at, title in enumerate(behind.columns)]
    model = RowsModel(columns, key=lambda row: row)
    model.set_rows(list(zip(behind.codes, behind.rows, strict=True)))
    return TableView(model, chart.title, wraps=True)


def _value(text: str) -> tuple[float, str]:
    """Figures by what they are worth, words by themselves."""
    figures = text.split("/")[0].strip().rstrip("%").replace(",", "").replace("−", "-")
    try:
        return float(figures), ""
    except ValueError:
        return -1e9, text
