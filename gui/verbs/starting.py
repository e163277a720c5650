"""How long the window takes on this computer: from the start of the process until it stands there painted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.verbs.window import application

if TYPE_CHECKING:
    from gui.app import App


def measure(session: Session) -> int:
    """Open the window without a ledger, say how long that took, and close it; KnownError window.*"""
    held = application()
    from gui import app as composition

    with composition.excepthook_kept():
        app = composition.App(composition.Options(session.data_dir), composition.application())
        app.start()
        _let_paint(app)
        wall, processor = _since_start()
        app.close()
        app.runner.wait()
    session.give(
        {"seconds": round(wall, 2), "processor": round(processor, 2)},
        [
            _("Window after {seconds:.2f} s, {processor:.2f} s of processor").format(
                seconds=wall, processor=processor
            )
        ],
    )
    del held
    return DONE


def _let_paint(app: App) -> None:
    """Wait until the window is on the screen and has painted once."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    class Watch(QObject):
        painted = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.painted |= event.type() == QEvent.Type.Paint
            return super().eventFilter(watched, event)

    watch, content = Watch(), app.window.content()
    content.installEventFilter(watch)
    while not watch.painted:
        QApplication.processEvents()
    QApplication.processEvents()  # what was painted goes to the screen
    content.removeEventFilter(watch)


def _since_start() -> tuple[float, float]:
    """Seconds since this process began, and of processor it used."""
    import psutil

    return time.time() - psutil.Process().create_time(), time.process_time()
