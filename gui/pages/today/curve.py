"""The line toward the target: who has paid by each day, where that leads, the target and its day.

Every line is told apart by how it is drawn (whole, dashed, dotted, hatched) and by words, never by colour alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme as themes
from gui import wording
from gui.i18n import _
from gui.wording.units import number
from storage.policy.course import Course
from storage.policy.pace import Pace

_SMALL = 12
_LEAST = 100  # px of width under which there is no line to be read


@dataclass(frozen=True, slots=True)
class Way:
    """The course so far, and where it should lead: ``target`` people by ``deadline``, where both are set."""

    course: Course
    today: date
    target: int | None = None
    deadline: date | None = None
    pace: Pace | None = None

    @property
    def ahead(self) -> tuple[int, int, int] | None:
        """How many will have paid by the deadline: fewest, middle, most; None where nobody can tell."""
        more = self.pace.by_deadline if self.pace and self.deadline and self.deadline > self.today else None
        return (
            None
            if more is None
            else (self.course.total + more[0], self.course.total + more[1], self.course.total + more[2])
        )


def told(way: Way) -> str:
    """The same in words, for whoever has it read aloud."""
    parts = [
        _("from {day} on {count} people paid").format(
            day=wording.full_day(way.course.opened), count=number(way.course.total)
        )
    ]
    if way.target is not None and way.deadline is not None:
        parts.append(
            _("target {count} people by {day}").format(
                count=number(way.target), day=wording.full_day(way.deadline)
            )
        )
    if way.ahead is not None:
        fewest, middle, most = map(number, way.ahead)
        parts.append(
            _("at this pace about {count} ({fewest} to {most}) by then").format(
                count=middle, fewest=fewest, most=most
            )
        )
    return _("; ").join(parts)


class Curve(QWidget):
    """Paints a ``Way``."""

    def __init__(self) -> None:
        super().__init__()
        self._way: Way | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Line toward the target"))

    def show_way(self, way: Way | None) -> None:
        """Show another one, or nothing."""
        self._way = way
        words = told(way) if way else ""
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        theme = themes.current()
        return QSize(theme.px(200), theme.px(104))

    def minimumSizeHint(self) -> QSize:
        theme = themes.current()
        return QSize(theme.px(_LEAST), theme.px(90))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._way is not None and self.width() >= themes.current().px(_LEAST):
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                _Drawing(painter, QRectF(self.rect()), self._way).draw()


class _Drawing:
    """One painting of a curve: days to the right, people upwards."""

    def __init__(self, painter: QPainter, room: QRectF, way: Way) -> None:
        theme = self._theme = themes.current()
        self._painter, self._way = painter, way
        line = theme.px(18)
        self._plot = room.adjusted(theme.px(2), line, -theme.px(6), -line)
        self._room = room
        self._first = way.course.opened
        last = max(way.today, way.deadline or way.today)
        self._days = max((last - self._first).days, 1)
        tops = [way.course.total, way.target or 0, way.ahead[2] if way.ahead else 0, 1]
        self._top = max(tops)

    def draw(self) -> None:
        """Paint from back to front."""
        self._draw_frame()
        self._draw_ahead()
        self._draw_course()
        self._draw_target()

    def _at(self, day: date, people: float) -> QPointF:
        plot = self._plot
        share = (day - self._first).days / self._days
        return QPointF(
            plot.left() + plot.width() * min(max(share, 0.0), 1.0),
            plot.bottom() - plot.height() * people / self._top,
        )

    def _colour(self, name: str) -> QColor:
        return self._theme.colour(name)

    def _draw_frame(self) -> None:
        plot, painter = self._plot, self._painter
        painter.setPen(QPen(self._colour("line"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        foot = QRectF(
            self._room.left(), plot.bottom(), self._room.width(), self._room.bottom() - plot.bottom()
        )
        self._write(foot, Qt.AlignmentFlag.AlignLeft, wording.month_day(self._first))
        if self._way.deadline is not None:
            edge = self._at(self._way.deadline, 0).x()
            painter.setPen(QPen(self._colour("target"), self._theme.px(2)))
            painter.drawLine(QPointF(edge, plot.bottom()), QPointF(edge, plot.top()))
            self._write(foot, Qt.AlignmentFlag.AlignRight, wording.month_day(self._way.deadline))
        here = self._at(self._way.today, 0).x()
        words = _("today")
        wide = self._theme.width(words, _SMALL)
        middle = QRectF(here - wide, foot.top(), 2 * wide, foot.height())
        free = self._theme.width("12-31", _SMALL) + wide
        if foot.left() + free < here < foot.right() - free:
            self._write(middle, Qt.AlignmentFlag.AlignHCenter, words)

    def _draw_course(self) -> None:
        course, painter = self._way.course, self._painter
        steps = QPolygonF([self._at(self._first, course.before)])
        for past, reached in enumerate(course.line):
            steps.append(self._at(self._first + timedelta(days=past), reached))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colour("main"), self._theme.px(2.5)))
        painter.drawPolyline(steps)
        here = self._at(self._way.today, course.total)
        painter.setBrush(self._colour("main"))
        painter.drawEllipse(here, self._theme.px(4), self._theme.px(4))

    def _draw_ahead(self) -> None:
        ahead, day, painter = self._way.ahead, self._way.deadline, self._painter
        if ahead is None or day is None:
            return
        here = self._at(self._way.today, self._way.course.total)
        fan = QPolygonF([here, self._at(day, ahead[2]), self._at(day, ahead[0])])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self._colour("main"), Qt.BrushStyle.BDiagPattern))
        painter.drawPolygon(fan)
        painter.setPen(QPen(self._colour("main"), self._theme.px(2), Qt.PenStyle.DashLine))
        painter.drawLine(here, self._at(day, ahead[1]))

    def _draw_target(self) -> None:
        target, painter, plot = self._way.target, self._painter, self._plot
        if target is None:
            return
        high = self._at(self._first, target).y()
        painter.setPen(QPen(self._colour("target"), self._theme.px(1.5), Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(plot.left(), high), QPointF(plot.right(), high))
        words = _("target {count}").format(count=number(target))
        above = QRectF(plot.left(), high - self._theme.px(18), plot.width(), self._theme.px(17))
        self._write(above, Qt.AlignmentFlag.AlignLeft, words)

    def _write(self, room: QRectF, where: Qt.AlignmentFlag, words: str) -> None:
        self._painter.setFont(self._theme.font(_SMALL))
        self._painter.setPen(self._colour("soft"))
        self._painter.drawText(room, where | Qt.AlignmentFlag.AlignVCenter, words)
