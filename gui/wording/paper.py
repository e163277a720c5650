"""The words of a visit list: its title, what was asked for, each row's why, the line on privacy."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from gui.i18n import _
from gui.wording import names
from gui.wording.disputes import IDENTITY, PAYMENT, is_open, marked, open_legend
from gui.wording.steps import why_text
from gui.wording.units import listed, month_day, sentences
from storage.codes import REMINDED
from storage.policy.model import Policy
from storage.printed import list_code
from storage.queries.cards import HouseholdCard, PersonCard
from storage.queries.visits import Picked, VisitFilter, VisitHousehold, VisitSheet, lay_out


def filter_text(wanted: VisitFilter) -> str:
    """What a visit list was filtered by: 未缴费或需帮办 · 2组、3组."""
    marks = [
        (wanted.unpaid, _("unpaid people")),
        (wanted.no_credential, _("e-credential not active yet")),
        (wanted.needs_help, _("help needed to pay")),
        (wanted.special, _("special groups not paid")),
    ]
    chosen = _(" or ").join(text for on, text in marks if on) or ("" if wanted.named else _("everybody"))
    places = _("/").join((*wanted.groups, *wanted.lanes))
    return " · ".join(part for part in (wanted.named, chosen, places) if part)


NO_REASONS: Mapping[str, str] = MappingProxyType({})


def visit_sheet(
    policy: Policy,
    picked: Picked,
    wanted: VisitFilter,
    *,
    scope: str,
    title: str,
    list_number: int,
    today: date,
    record: str = "",
    masked: bool = True,
    phones: bool = False,
    reasons: Mapping[str, str] = NO_REASONS,
) -> VisitSheet:
    """Put a visit list together as it will be printed; ``scope`` and ``title`` are the village's code and name.

    ``record`` is what the list is kept as; "" for a draft, which bears no code. With ``phones`` it is a helper's, says
    so on every page, and its numbers can be dialled. ``reasons`` say of households (by record) why they are on it.
    """
    laid = lay_out(picked, lambda card: why_text(policy, card), today, masked=masked, phones=phones)
    doors = tuple(
        _marked(replace(door, note=_note(card, reasons)), card, people)
        for door, (card, people) in zip(laid, picked.households, strict=True)
    )
    open_ = any(_is_open(card, people) for card, people in picked.households)
    heading = _("{village}: visit list for resident medical insurance {year}")
    return VisitSheet(
        title=heading.format(village=title, year=policy.year)
        + (_(" (helper's, with phones)") if phones else ""),
        list_number=f"{list_number:02d}",
        year=policy.year,
        filter_text=filter_text(wanted),
        printed=today,
        households=doors,
        privacy=privacy_text(masked=masked, phones=phones),
        qr_text=list_code(scope, list_number, record) if record else "",
        legend=open_legend() if open_ else "",
    )


_SHOWN = (IDENTITY, "resident.contact", "credential.state", "assistance.need", "subsidy.grant", *PAYMENT)
"""Registers of people a visit list tells of."""


def _is_open(card: HouseholdCard, people: Sequence[PersonCard]) -> bool:
    return bool(card.household.unsettled) or any(is_open(one.person.unsettled, *_SHOWN) for one in people)


def _marked(door: VisitHousehold, card: HouseholdCard, people: Sequence[PersonCard]) -> VisitHousehold:
    """Return a door with the mark behind every value that is only provisional."""
    unsettled = card.household.unsettled
    reached = next((one.person.unsettled for one in card.people if one.person.phone), ())
    rows = tuple(
        replace(
            row,
            name=marked(row.name, one.person.unsettled, IDENTITY),
            id_masked=marked(row.id_masked, one.person.unsettled, IDENTITY),
            why=marked(row.why, one.person.unsettled, *_SHOWN[2:]),
        )
        for row, one in zip(door.rows, people, strict=True)
    )
    return replace(
        door,
        number=marked(door.number, unsettled, "household.number"),
        head_name=marked(door.head_name, unsettled, "household.head"),
        place=marked(door.place, unsettled, "household.place"),
        phone_masked=marked(door.phone_masked, reached, "resident.contact"),
        rows=rows,
    )


def _note(card: HouseholdCard, reasons: Mapping[str, str]) -> str:
    return sentences([reasons.get(card.household.record, ""), last_visit(card)])


def last_visit(card: HouseholdCard) -> str:
    """What the last visit to a household left: 12-02 不在家，约定 12-05; "" without one."""
    if not card.visits:
        return ""
    visit = next((one for one in card.visits if one.outcome != REMINDED), card.visits[0])
    when = (
        f"{month_day(visit.on)} {names.outcome(visit.outcome)}" if visit.on else names.outcome(visit.outcome)
    )
    agreed = _("agreed for {day}").format(day=month_day(visit.retry_on)) if visit.retry_on else ""
    return listed([when, agreed, visit.note])


def privacy_text(*, masked: bool = True, phones: bool = False) -> str:
    """The line at the foot of every sheet with people on it."""
    if masked and phones:
        return _("With phones, for the helper alone: hand back after use, do not photograph or forward.")
    if masked:
        return _("Personal data: hand back after use, do not photograph or forward.")
    return _(
        "Personal data with full ID numbers: keep locked, hand back after use, do not photograph or forward."
    )
