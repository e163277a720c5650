"""The telephone directory as a table; what a list would change, in a sentence."""

from collections.abc import Mapping, Sequence

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording.contacts import kind
from storage.queries.contacts import DEPARTMENT, KINDS, OFFICE_UNIT, VILLAGE_UNIT, Contact
from sync.intake.contacts import Directory

_TONES: dict[str, Tone] = {OFFICE_UNIT: "ok", DEPARTMENT: "info", VILLAGE_UNIT: "mute"}


def model() -> RowsModel:
    """Unit, what it is, name and duty, telephone, whether it goes to the places below."""

    def unit(row: Contact) -> Cell:
        below = [[Text(row.note, "soft")]] if row.note else []
        return [[Text(row.unit, "strong")], *below]

    def person(row: Contact) -> Cell:
        return [[Text(row.name)], *([[Text(row.post, "soft")]] if row.post else [])]

    def shared(row: Contact) -> Cell:
        return [[Tag(_("goes down"), "info")]] if row.shared else [[Text(wording.units.NOTHING, "soft")]]

    return RowsModel(
        [
            Column(_("Unit"), lambda row: row.unit, cell=unit, stretch=True),
            Column(
                _("Kind"),
                lambda row: kind(row.unit_kind),
                sort=lambda row: KINDS.index(row.unit_kind) if row.unit_kind in KINDS else len(KINDS),
                cell=lambda row: [[Tag(kind(row.unit_kind), _TONES.get(row.unit_kind, "mute"))]],
            ),
            Column(_("Name"), lambda row: row.name, cell=person),
            Column(_("Telephone"), lambda row: row.phone),
            Column(
                _("To places below"),
                lambda row: _("goes down") if row.shared else "",
                cell=shared,
                folds=True,
            ),
        ],
        key=lambda row: (row.scope, row.record),
    )


def preview(found: Directory, known: Sequence[Contact]) -> str:
    """What a list would change, in a sentence, and which of its rows are left out."""
    have: Mapping[tuple[str, str], Contact] = {(row.unit_code or row.unit, row.name): row for row in known}
    fresh = sum((entry.unit_code or entry.unit, entry.name) not in have for entry in found.entries)
    said = [
        _("{count} entries in the list, {fresh} of them new").format(count=len(found.entries), fresh=fresh),
        _("left out, without a telephone that can be rung: {names}").format(
            names=wording.units.listed([one.text for one in found.left])
        )
        if found.left
        else "",
    ]
    return wording.units.sentences(said)
