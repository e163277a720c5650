"""The words of a visit list: its title, what was asked for, each row's why, the line on privacy."""

from dataclasses import replace
from datetime import date

from gui.i18n import _
from gui.wording import names
from gui.wording.steps import why_text
from gui.wording.units import listed, month_day
from storage.policy.model import Policy
from storage.queries.cards import HouseholdCard
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
    laid = lay_out(picked, lambda card: why_text(policy, card), today, masked=masked)
    doors = tuple(
        replace(door, note=last_visit(card))
        for door, (card, _rows) in zip(laid, picked.households, strict=True)
    )
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


def last_visit(card: HouseholdCard) -> str:
    """What the last visit to a household left: 12-02 不在家，约定 12-05; "" without one."""
    if not card.visits:
        return ""
    visit = card.visits[0]
    when = (
        f"{month_day(visit.on)} {names.outcome(visit.outcome)}" if visit.on else names.outcome(visit.outcome)
    )
    agreed = _("agreed for {day}").format(day=month_day(visit.retry_on)) if visit.retry_on else ""
    return listed([when, agreed, visit.note])


def privacy_text(*, masked: bool = True) -> str:
    """The line at the foot of every sheet with people on it."""
    if masked:
        return _("Personal data: hand back after use, do not photograph or forward.")
    return _(
        "Personal data with full ID numbers: keep locked, hand back after use, do not photograph or forward."
    )
