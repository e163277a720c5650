"""A sheet that came back as a table: one line for each cell that says something else than it did."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import worksheet as words
from sync.worksheet.results import OPEN, STATUSES, CellChange, Row, Staged

COUNTS = ("rows", *STATUSES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a sheet is to have: villages (none: all there are), chosen records, only who has not paid, one group.

    ``title`` says it in words where it is not one of the usual choices.
    """

    scopes: tuple[str, ...] = ()
    records: frozenset[tuple[str, str]] | None = None
    unpaid: bool = False
    group: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A changed cell of a row, or (without one) what there is to say of the row itself."""

    row: Row
    cell: CellChange | None

    @property
    def key(self) -> tuple[int, str]:
        """Row and column."""
        return self.row.index, self.cell.column if self.cell else ""

    @property
    def waits(self) -> bool:
        """Whether somebody can choose here."""
        if self.cell is None:
            return self.row.status in ("added", "review") or self.left_out
        return self.cell.outcome in OPEN or self.cell.outcome in ("write", "assumed")

    @property
    def left_out(self) -> bool:
        """Whether somebody new was left out by choice, which can be taken back."""
        return any(why.code == "left_out" for why in self.row.why)


def lines_of(staged: Staged, code: str) -> list[Line]:
    """The lines of a count: a status, or all rows that say something."""
    found: list[Line] = []
    for row in staged.rows:
        if code in ("rows", row.status):
            found += _lines(row)
    return found


def _lines(row: Row) -> list[Line]:
    own = [Line(row, None)] if row.why or (row.status in ("added", "unmatched")) else []
    return own + [Line(row, cell) for cell in row.cells]


def model() -> RowsModel:
    """Line, who, column, what the ledger says → what the sheet says, what becomes of it."""
    return RowsModel(
        [
            Column(_("Line"), lambda line: str(line.row.line), sort=_place, align="right", width=56),
            Column(_("Name"), lambda line: line.row.name, cell=_who, width=170),
            Column(_("Column"), _column, width=130),
            Column(_("In the ledger → in the sheet"), _change, cell=_changed, width=330),
            Column(_("Result"), _result_text, cell=_result, stretch=True),
        ],
        key=lambda line: line.key,
    )


def _place(line: Line) -> tuple[int, str]:
    return line.row.index, line.cell.column if line.cell else ""


def _who(line: Line) -> Cell:
    tones: dict[str, Tone] = {"added": "info", "review": "warn", "unmatched": "bad", "changed": "ok"}
    name = Text(line.row.name or _("no name"), "strong")
    if line.cell is not None:
        return [[name]]
    return [[name, Tag(words.status_text(line.row.status), tones.get(line.row.status, "mute"))]]


def _column(line: Line) -> str:
    return words.column_title(line.cell.column) if line.cell else ""


def _change(line: Line) -> str:
    return words.arrow_text(line.cell) if line.cell else ""


def _changed(line: Line) -> Cell:
    """Old and new; what went out stands below where the ledger says something else by now."""
    cell = line.cell
    if cell is None:
        return [[Text("")]]
    new = Text(words.shown_cell(cell, cell.says), "strong")
    if cell.now == cell.says:
        return [[new]]
    pieces: list[list[Piece]] = [[Text(words.shown_cell(cell, cell.now), "soft"), Text("→", "soft"), new]]
    if cell.stood != cell.now:
        went = _("went out as {text}").format(text=words.shown_cell(cell, cell.stood))
        pieces.append([Text(went, "soft")])
    return pieces


_TONES: dict[str, Tone] = {
    "write": "ok", "assumed": "info", "agreed": "mute", "conflict": "warn", "held": "warn", "refused": "bad",
    "unreadable": "bad", "damaged": "mute", "fixed": "mute",
}  # fmt: skip


def _result(line: Line) -> Cell:
    if line.cell is None:
        return [[Text(text, "soft")] for text in words.row_reasons(line.row)] or [[Text("")]]
    tag = Tag(words.outcome_text(line.cell.outcome), _TONES[line.cell.outcome])
    own = line.cell.why is not None and line.cell.why not in line.row.why  # the row has said it already
    why = words.reason_text(line.cell.why) if own and line.cell.why else ""
    return [[tag], [Text(why, "soft")]] if why else [[tag]]


def _result_text(line: Line) -> str:
    if line.cell is None:
        return " ".join(words.row_reasons(line.row))
    why = words.reason_text(line.cell.why) if line.cell.why else ""
    return f"{words.outcome_text(line.cell.outcome)} {why}".strip()


def summary(staged: Staged) -> str:
    """What a sheet comes to in one line."""
    cells = staged.cells
    return _("{write} cells to write · {open} to check · {damaged} spoiled by the spreadsheet").format(
        write=staged.writes,
        open=sum(cells[outcome] for outcome in OPEN),
        damaged=cells["damaged"],
    )


def notes(staged: Staged) -> list[str]:
    """What there is to know beside the rows."""
    found = words.reasons(staged.notes)
    if staged.missing:
        found.append(
            _("{count} people of the sheet are not in the file; nothing happens to them.").format(
                count=staged.missing
            )
        )
    if staged.extra:
        found.append(
            _("Columns that are not ours and stay unread: {columns}").format(columns=_listed(staged.extra))
        )
    return found


def _listed(names: Sequence[str]) -> str:
    return _(", ").join(names)
