"""Who works on the ledger, as a table: what each may do, since when, whether they still do."""

from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import roles
from storage.operators import EXCHANGE, KEYS, RECORD, Operator

_TONES: dict[str, Tone] = {RECORD: "ok", EXCHANGE: "info", KEYS: "warn"}


def model(me: str) -> RowsModel:
    """Name, rights, since when; ``me`` is whoever opened the ledger."""

    def name(one: Operator) -> Cell:
        line: list[Piece] = [Text(one.name, "soft" if one.removed_on else "strong")]
        if one.name == me:
            line.append(Tag(_("you"), "mute"))
        return [line]

    return RowsModel(
        [
            Column(_("Name"), lambda one: one.name, cell=name, stretch=True),
            Column(_("May"), lambda one: roles.roles(one.roles), cell=_rights, width=260),
            Column(_("Since"), standing, sort=lambda one: (one.removed_on or "", one.since), cell=_standing),
        ],
        key=lambda one: one.name,
    )


def standing(one: Operator) -> str:
    """Since when, until when, or what is missing."""
    if one.removed_on:
        return _("removed on {date}").format(date=one.removed_on)
    return one.since if one.can_open else _("no passphrase yet")


def _rights(one: Operator) -> Cell:
    if one.removed_on:
        return [[Text(roles.roles(one.roles), "soft")]]
    return [[Tag(roles.role(code), _TONES[code], roles.explained(code)) for code in one.roles]]


def _standing(one: Operator) -> Cell:
    if not one.removed_on and not one.can_open:
        return [[Tag(standing(one), "warn")]]
    return [[Text(standing(one), "soft")]]
