"""Waiting as the program waits: in an event loop, which lets other threads run."""

from PySide6.QtCore import QEventLoop, QTimer


def wait(milliseconds: int) -> None:
    """Let events come for so long. ``QTest.qWait`` keeps the interpreter to itself while it sleeps: what the ledger's
    thread does beside it then takes hundreds of times as long (PySide 6.9)."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
