"""Painting without a window: what the command line needs before it can print."""

import sys

from PySide6.QtGui import QGuiApplication


def paint_app() -> QGuiApplication:
    """The application painting needs; without a window one that asks for no display. Keep it while painting."""
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication):
        return app
    # On Windows only the native platform sees the installed fonts, and it works without a desktop.
    platform = ["-platform", "offscreen"] if sys.platform.startswith("linux") else []
    return QGuiApplication(["huqing", *platform])
