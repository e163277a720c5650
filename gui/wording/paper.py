"""The words of a visit list: its title, what was asked for, each row's why, the line on privacy."""

from datetime import date

from gui.i18n import _
from gui.wording.steps import why_text
from storage.policy.model import Policy
from storage.queries.visits import Picked, VisitFilter, VisitSheet, lay_out


def filter_text(wanted: VisitFilter) -> str:
    """What a visit list was filtered by: 未缴费或需帮办 · 2组、3组."""
    marks = [
        (wanted.unpaid, _("unpaid people")),
        (wanted.no_credential, _("e-credential not active yet")),
        (wanted.needs_help, _("help needed to pay")),
        (wanted.special, _("special groups not paid")),
    ]
    chosen = _(" or ").join(text for on, text in marks if on) or _("everybody")
    places = _("/").join((*wanted.groups, *wanted.lanes))
    return " · ".join(part for part in (chosen, places) if part)


def visit_sheet(
    policy: Policy,
    picked: Picked,
    wanted: VisitFilter,
    *,
    scope: str,
    title: str,
    list_number: int,
    today: date,
    masked: bool = True,
) -> VisitSheet:
    """Put a visit list together as it will be printed; ``scope`` and ``title`` are the village's code and name."""
    doors = lay_out(picked, lambda card: why_text(policy, card), today, masked=masked)
    heading = _("{village}: visit list for resident medical insurance {year}")
    return VisitSheet(
        title=heading.format(village=title, year=policy.year),
        list_number=f"{list_number:02d}",
        scope_name=title,
        year=policy.year,
        filter_text=filter_text(wanted),
        printed=today,
        households=doors,
        privacy=privacy_text(masked=masked),
        qr_text=f"HQ1/{scope}/{list_number}",
    )


def privacy_text(*, masked: bool = True) -> str:
    """The line at the foot of every sheet with people on it."""
    if masked:
        return _("Personal data: hand back after use, do not photograph or forward.")
    return _(
        "Personal data with full ID numbers: keep locked, hand back after use, do not photograph or forward."
    )
