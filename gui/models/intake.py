"""A staged list as tables: the files, what their columns are taken for, and what each row will do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Tag, Text
from gui.widgets.rows import Column, RowsModel
from sync.intake.planning import RowResult
from sync.intake.roster import Preview

State = Literal["waiting", "reading", "ready", "refused", "done"]


@dataclass(frozen=True, slots=True)
class FileLine:
    """A chosen file: how far it is, its preview, or the sentence why it was refused."""

    path: Path
    state: State = "waiting"
    preview: Preview | None = None
    words: str = ""


def files_model() -> RowsModel:
    """The chosen files with their states."""
    return RowsModel(
        [Column(_("File"), lambda line: line.path.name, cell=_file, stretch=True)], key=lambda line: line.path
    )


def _file(line: FileLine) -> Cell:
    states: dict[str, tuple[str, Tone]] = {
        "waiting": (_("waiting"), "mute"),
        "reading": (_("being read"), "info"),
        "ready": (_("to be looked at"), "warn"),
        "refused": (_("not taken"), "bad"),
        "done": (_("written"), "ok"),
    }
    words, tone = states[line.state]
    return [[Text(line.path.name)], [Tag(words, tone)]]


def status_words(status: str) -> str:
    """What a row does, or what a count counts."""
    return {
        "rows": _("rows"),
        "added": _("newly added"),
        "known": _("known already"),
        "changed": _("changed"),
        "review": _("with a doubt"),
        "skipped": _("left out"),
    }.get(status, status)


COUNTS = ("rows", "added", "known", "changed", "review", "skipped")


def _status(row: RowResult) -> Cell:
    tones: dict[str, Tone] = {"added": "info", "changed": "warn"}
    return [[Tag(status_words(row.status), tones.get(row.status, "mute"))]]


def _doubts(row: RowResult) -> str:
    if row.status == "skipped":
        return _skipped(row.reasons[0])
    return wording.doubt_text(",".join(row.reasons))


def _skipped(why: str) -> str:
    return {
        "blank": _("empty row"),
        "header": _("column titles again"),
        "column_numbers": _("numbers of the columns"),
        "section": _("a heading"),
        "total": _("a total"),
        "signature": _("a line for signatures"),
        "note": _("a note"),
        "no_person": _("neither name nor ID number"),
    }.get(why, why)


def rows_model() -> RowsModel:
    """Row, name, number, what it does, what is doubtful."""
    return RowsModel(
        [
            Column(
                _("Row"),
                lambda row: str(row.row),
                sort=lambda row: (row.sheet, row.row),
                align="right",
                width=60,
            ),
            Column(_("Name"), lambda row: row.name, cell=lambda row: [[Text(row.name, "strong")]], width=130),
            Column(_("ID number"), lambda row: wording.id_number(row.id_text) if row.id_text else ""),
            Column(_("Result"), lambda row: status_words(row.status), cell=_status),
            Column(_("Doubts"), _doubts, stretch=True),
        ],
        key=lambda row: (row.sheet, row.row),
    )


def chosen(preview: Preview, code: str) -> list[RowResult]:
    """The rows of a count: a status, "review" for those with a doubt, "skipped", or all people ("rows")."""
    if code == "rows":
        return list(preview.rows)
    if code == "review":
        return [row for row in preview.rows if row.reasons]
    if code == "skipped":
        return [
            RowResult(sheet, row.row_number, row.text, "", "skipped", (row.why,))
            for sheet, row in preview.skipped
        ]
    return [row for row in preview.rows if row.status == code]


FIELDS = (
    "name", "id_number", "household_number", "head_name", "relation", "sex", "birth", "ethnic", "phone",
    "group", "address", "residence", "category", "hukou", "note", "serial",
)  # fmt: skip
"""The fields of a roster a column can be taken for."""


def field_words(field: str) -> str:
    """What a column can hold."""
    return {
        "name": _("Name"),
        "id_number": _("ID number"),
        "household_number": _("household number"),
        "head_name": _("name of the head"),
        "relation": _("relation to the head"),
        "sex": _("sex"),
        "birth": _("birth date"),
        "ethnic": _("ethnic group"),
        "phone": _("phone"),
        "group": _("village group"),
        "address": _("address"),
        "residence": _("residence"),
        "residence_away": _("lives elsewhere"),
        "residence_incoming": _("moved in"),
        "category": _("category"),
        "identity": _("aided group"),
        "hukou": _("registration type"),
        "note": _("remark"),
        "serial": _("running number"),
    }.get(field, field)
