"""The program in the desktop's menu, and as what opens its files."""

from collections.abc import Callable

from gui import desktop
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from storage.errors import KnownError


def enter(session: Session) -> int:
    """Enter the program for this user."""
    done = _allowed(desktop.install)
    words = _("Entered in this user's desktop: bundles and kits open with a double click.")
    session.give({"entered": done}, [words])
    return DONE


def leave(session: Session) -> int:
    """Take the entry out."""
    done = _allowed(desktop.remove)
    words = _("Taken out of the desktop.") if done else _("It was not entered in the desktop.")
    session.give({"removed": done}, [words])
    return DONE


def _allowed(work: Callable[[], list[str]]) -> list[str]:
    try:
        return work()
    except OSError as error:
        raise KnownError("desktop.refused", reason=error.strerror or str(error)) from error
