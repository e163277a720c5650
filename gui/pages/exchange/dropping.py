"""Files dropped anywhere on a page."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class DropTarget(QObject):
    """Lets files and folders be dropped on a widget; ``hovered`` says whether some are held over it."""

    dropped = Signal(list)
    hovered = Signal(bool)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A drag that enters and one that moves are drops too, in Qt's family of events.
        if event.type() == QEvent.Type.DragLeave:
            self.hovered.emit(False)
        elif isinstance(event, QDropEvent) and paths_in(event.mimeData()):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.DragEnter:
                self.hovered.emit(True)
            elif event.type() == QEvent.Type.Drop:
                self.hovered.emit(False)
                self.dropped.emit(paths_in(event.mimeData()))
            return True
        return super().eventFilter(watched, event)


def paths_in(data: QMimeData) -> list[Path]:
    """The files and folders on this computer that are held."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
