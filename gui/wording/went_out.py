"""What a line of the export log was, in words."""

from gui.i18n import _
from gui.wording import papers, reminders
from storage.errors import KnownError
from storage.queries.exported import Line


def what_text(line: Line, forms: dict[str, str]) -> str:
    """What went out; ``forms`` are the titles of forms by code."""
    code = line.what
    known = {
        "visit_list": _("visit list"),
        "visit_list_phones": _("visit list with phones to dial"),
        "worksheet": _("working sheet"),
        "new": _("New enrollees"),
        "cannot-pay": _("Cannot pay alone"),
        "why": _("why somebody pays what"),
        "shown": _("full numbers shown on the screen"),
        "copied": _("full number copied"),
        **forms,
        **_of_templates(),
    }
    if code in known:
        return known[code]
    return code.removeprefix("table:") if code.startswith("table:") else code


def numbers_text(line: Line) -> str:
    """Whether full numbers went out."""
    return _("masked") if line.masked else _("whole numbers")


def _of_templates() -> dict[str, str]:
    try:
        found = {f"paper_{one.code}": one.name for one in papers.templates()}
        return found | {f"reminder_{one.code}": one.title for one in reminders.reminders()}
    except KnownError:  # a template somebody spoiled; the log can be read all the same
        return {}
