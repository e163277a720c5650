"""The way from the command line into the window."""

import os
import sys
from pathlib import Path

from gui import i18n
from gui.verbs.session import PASSPHRASE, Session
from storage.errors import KnownError


def open_window(session: Session) -> int:
    """Open the window, on a ledger where one is named."""
    return opened(session, session.options.folder, os.environ.get(PASSPHRASE, ""))


def has_screen() -> bool:
    """Whether a window can be shown; Qt would end the process where it finds out for itself."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application() -> object:
    """The window's application, to be held; KnownError window.* where no window can be opened here.

    It comes before anything that prints: one made for paper alone could show no window.
    """
    if not has_screen():
        raise KnownError("window.no_screen")
    try:
        from gui import app  # everything of Qt comes with it
    except ImportError as error:
        raise KnownError("window.missing", reason=error.msg) from error
    return app.application()


def opened(session: Session, folder: Path | None, passphrase: str, *, tour: bool = False) -> int:
    """Open the window on a ledger; KnownError window.* where none can be opened here."""
    held = application()
    from gui import app

    language = {"": "", "zh": i18n.DEFAULT, "en": i18n.SOURCE}[session.options.language or ""]
    options = app.Options(
        data_dir=session.data_dir,
        ledger=folder,
        passphrase=passphrase,
        operator=session.operator,
        language=language,
        clock=session.clock,
        tour=tour,
        ahead=True,
    )
    code = app.run(options)
    del held
    return code
