"""Files dropped anywhere on a page."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets import paint


class DropTarget(QObject):
    """Lets files and folders be dropped on a widget, and says so while they are held over it."""

    dropped = Signal(list)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._veil = _Veil(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self._veil.hide()
        # A drag that enters and one that moves are drops too, in Qt's family of events.
        elif isinstance(event, QDropEvent) and paths_in(event.mimeData()):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._veil.hide()
                self.dropped.emit(paths_in(event.mimeData()))
            else:
                self._veil.cover()
            return True
        return super().eventFilter(watched, event)


def paths_in(data: QMimeData) -> list[Path]:
    """The files and folders on this computer that are held."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class _Veil(QWidget):
    """Lies over a page while files are held over it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Cover the page."""
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rect = themes.current(), QRectF(self.rect())
        with QPainter(self) as painter:
            ground = QColor(theme.colour("mainsoft"))
            ground.setAlpha(246)
            room = rect.adjusted(theme.px(8), theme.px(8), -theme.px(8), -theme.px(8))
            paint.draw_round(painter, room, theme.px(12), ground, theme.colour("main"), 2)
            painter.setPen(theme.colour("ink"))
            painter.setFont(theme.font(20, bold=True))
            painter.drawText(rect, paint.CENTRE, _("Let go to receive"))
