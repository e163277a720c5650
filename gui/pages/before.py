"""What pages say before the roster is read in."""

from gui.i18n import _


def no_roster() -> tuple[str, str, str]:
    """Title, text and way on of a page that is about people while there are none."""
    return (
        _("No households yet"),
        _("Everything here is about the people of the roster: read it in first."),
        _("Import the roster"),
    )
