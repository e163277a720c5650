"""What entries about going to people are called: visits and the lists they are made by."""

from gui.i18n import _


def registers() -> dict[tuple[str, str], str]:
    """The registers of a visit and of a visit list."""
    return {
        ("visit", "fact"): _("visit"),
        ("visit_list", "sheet"): _("visit list"),
        ("visit_list", "closed"): _("closed, the rest does not come back"),
    }


def fields() -> dict[str, str]:
    """The fields of these registers."""
    return {
        "visited_on": _("date of visit"),
        "outcome": _("outcome"),
        "retry_on": _("come again on"),
        "visit_note": _("remark"),
        "list_number": _("list number"),
        "closed_on": _("closed on"),
        "closed_why": _("why it was closed"),
    }
