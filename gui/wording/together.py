"""Who has no part in one payment for a household, in words."""

from gui.i18n import _
from storage.queries.together import Together, Why


def left_out_text(parts: Together) -> str:
    """Who has no part in it, and why: 不算在内：布仁（已到账）."""
    found = [
        _("{name} ({why})").format(name=card.person.name or _("no name"), why=_why(why))
        for card, why in parts.left_out
    ]
    return _("Not in it: {names}").format(names=_(", ").join(found)) if found else ""


def _why(why: Why) -> str:
    return {
        "posted": _("posted already"),
        "reported": _("paid, to be posted"),
        "elsewhere": _("counts in another village"),
        "gone": _("gone"),
        "excused": _("not insured here"),
        "free": _("paid before"),
        "nothing_due": _("the office pays"),
    }[why]
