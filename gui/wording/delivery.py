"""How far an entry is on its way to the other side, and what that side said of it."""

from gui.i18n import _
from gui.wording import names
from gui.wording.doubts import doubt_text


def state_text(state: str, *, office: bool = False) -> str:
    """Not sent, sent and not confirmed, confirmed; "" for an entry of the other side. An office sends downwards."""
    if office:
        words = {"unsent": _("not handed down"), "waiting": _("handed down, not confirmed")}
    else:
        words = {"unsent": _("not sent"), "waiting": _("sent, not confirmed")}
    return {**words, "confirmed": _("confirmed")}.get(state, state)


def mark_text(state: str, *, office: bool = False) -> str:
    """The mark beside a record: nothing once it is confirmed."""
    return state_text(state, office=office) if state in ("unsent", "waiting") else ""


def fate_text(fate: str, *, office: bool = False) -> str:
    """What the other side made of a record."""
    words = {
        "conflict": _("in conflict"),
        "changed": _("changed by the office"),
        "review": _("the office checks it"),
        "refused": _("not adopted there") if office else _("not adopted by the office"),
    }
    return words.get(fate, fate)


def reason_text(fate: str, kind: str, reason: str) -> str:
    """Why: which fact is in conflict or was changed, what is doubtful, why it was not adopted."""
    if fate in ("conflict", "changed"):
        return names.register(kind, reason)
    refused = {
        "revoked": _("it was written on a device that is no longer allowed; the office decides"),
        "erased": _("the person was erased on request"),
    }
    return refused.get(reason) or doubt_text(reason) or reason


def advice_text(fate: str) -> str:
    """What to do about it."""
    words = {
        "conflict": _("Two entries contradict one another. Open the person and see which is right."),
        "changed": _("Nothing to do if the office is right; else enter the right value again."),
        "review": _("Nothing to do for now; ask the person if you are asked."),
        "refused": _("It is kept, but does not count. Ring the office."),
    }
    return words.get(fate, "")


def receipt_text(outcome: str) -> str:
    """What the other side said became of a file."""
    words = {
        "applied": _("taken in"),
        "known": _("read, nothing new in it"),
        "incomplete": _("taken in, earlier entries missing"),
        "refused": _("refused"),
    }
    return words.get(outcome, outcome)
