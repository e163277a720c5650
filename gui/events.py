"""What the whole window hears about: the ledger changed, something failed."""

from PySide6.QtCore import QObject, Signal


class Events(QObject):
    """One per window; every signal comes on the main thread.

    ``changed(Changes, initiator)``: a write is in the ledger; the initiator is the page that asked for it.
    ``told(words, undoable)``: what was just done, to be said to the person.
    ``began``: a form was opened over what is shown.
    ``policy_changed``: another policy is in force.
    ``exchanged``: something was sent, received or saved.
    ``redressing``: language or size changed, everything is to be shown anew.
    ``leaving``: another ledger is wanted.
    ``switching``: somebody else goes on with this ledger.
    ``restoring(Restoration)``: a backup is to take the place of the open ledger.
    ``recalling(Wish)``: the ledger is to be shown as it stood; ``returning``: as it stands again.
    ``explaining``: the help about what is shown is wanted.
    ``failed(KnownError)``: expected trouble nobody else took. ``crashed(Exception)``: anything else.
    """

    changed = Signal(object, object)
    told = Signal(str, bool)
    began = Signal()
    policy_changed = Signal()
    exchanged = Signal()
    redressing = Signal()
    leaving = Signal()
    switching = Signal()
    restoring = Signal(object)
    recalling = Signal(object)
    returning = Signal()
    explaining = Signal()
    failed = Signal(object)
    crashed = Signal(object)
