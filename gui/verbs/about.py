"""What the program is made of."""

from gui import licences as given
from gui.verbs import DONE
from gui.verbs.session import Session
from storage.version import VERSION


def licences(session: Session) -> int:
    """List the parts with their licences."""
    text = given.told()
    session.give({"version": VERSION, "text": text}, text.splitlines())
    return DONE
