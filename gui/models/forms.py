"""The forms, the first rows of one, and its columns as they can be ticked, moved and renamed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from msgspec import structs
from PySide6.QtCore import QByteArray, QMimeData, Qt

from gui.actions.forms import Looked
from gui.i18n import _
from gui.widgets.pieces import Cell, Line, Text
from gui.widgets.rows import NOWHERE, Column, Index, RowsModel
from gui.wording import amount
from storage.ledger import Ledger
from storage.queries import villages
from sync.reports import forms
from sync.reports.fields import fields_of
from sync.reports.filling import Filled
from sync.reports.forms import Form, FormColumn
from sync.reports.going_out import Written
from sync.reports.tables import ColumnSpec

FIRST_ROWS = 60
"""How many rows of a form are shown before it is written."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the page offers: the forms, why some of the user's own cannot be read, the villages by code."""

    forms: list[Form]
    broken: list[str]
    villages: dict[str, str]


def read_shelf(ledger: Ledger) -> Shelf:
    """Read them on the ledger thread."""
    titles = villages.titles(ledger) if ledger.is_office else {}
    broken = [str(error.params.get("file", "")) for error in forms.broken(ledger)]
    return Shelf(forms.forms_for(ledger), broken, titles)


# ---- the list of forms


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in the list; ``heads`` says who asks for it, on the first of an office's."""

    form: Form
    heads: str = ""

    def cell(self) -> Cell:
        """Who asks, where that is not said above, and the form's name."""
        title: Line = [Text(self.form.title)]
        return [[Text(self.heads, "soft")], title] if self.heads else [title]


def lines_of(found: Sequence[Form]) -> list[FormLine]:
    """The forms by who asks for them, offices in the order of their first form, the user's own last."""
    offices: dict[str, list[Form]] = {}
    for form in sorted(found, key=lambda form: form.own):
        offices.setdefault(_("My own forms") if form.own else form.office, []).append(form)
    return [
        FormLine(form, office if form is group[0] else "")
        for office, group in offices.items()
        for form in group
    ]


def forms_model() -> RowsModel:
    """The list of forms."""
    columns = [Column(_("Form"), lambda line: line.form.title, cell=lambda line: line.cell(), stretch=True)]
    return RowsModel(columns, key=lambda line: line.form.code)


# ---- the first rows


class PreviewModel(RowsModel):
    """The first rows of a form under its own headings."""

    def __init__(self) -> None:
        super().__init__([Column("", str)], key=lambda row: row[0])

    def show_filled(self, filled: Filled) -> None:
        """Show these rows under these columns."""
        self.columns = tuple(_column(place, spec) for place, spec in enumerate(filled.columns))
        self._sorted = None
        self.set_rows([(number, tuple(row)) for number, row in enumerate(filled.rows)])


def _column(place: int, spec: ColumnSpec) -> Column:
    right = spec.kind in ("int", "money", "percent")
    return Column(spec.title, partial(_words, place, spec), sort=None, align="right" if right else "left")


def _words(place: int, spec: ColumnSpec, row: tuple[int, Sequence[object]]) -> str:
    value = row[1][place]
    if value is None:
        return ""
    if spec.kind == "money" and isinstance(value, int):
        return amount(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value}%" if isinstance(value, Decimal) else str(value)


def counted(looked: Looked) -> str:
    """How many rows there are, and of a strict form who goes out and who is held back."""
    count, shown = looked.count, len(looked.filled.rows)
    if looked.held is not None:
        words = _("{total} people: {count} go out, {held} held back")
        held = len(looked.held.rows)
        return words.format(total=f"{count + held:,}", count=f"{count:,}", held=f"{held:,}")
    if not count:
        return _("Nothing stands in this form now; it can be written as an empty sheet.")
    words = _("{count} rows in all") if shown == count else _("{count} rows, the first {shown} shown")
    return words.format(count=f"{count:,}", shown=shown)


def written(done: Written) -> str:
    """What is told of a form that went out."""
    words = _("{count} rows written: {path}")
    if done.held:
        words = _("{count} rows written, {held} people held back: {path}")
    return words.format(count=f"{done.rows:,}", held=f"{len(done.held):,}", path=done.path)


# ---- its columns


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column a form can have; ``key`` stays the same while it is moved and renamed."""

    key: int
    column: FormColumn
    title: str


_MIME = "application/x-huqing-column"


class ColumnsModel(RowsModel):
    """All columns a form can have, those it has ticked and first; lines can be dragged."""

    def __init__(self) -> None:
        columns = [Column(_("Column"), lambda line: line.title, stretch=True)]
        super().__init__(columns, key=lambda line: line.key, ticks=True)

    def show_form(self, form: Form) -> None:
        """Show a form's columns, then what else there is."""
        known = fields_of(form.subject)
        used = {column.field for column in form.columns}
        others = [FormColumn(field=code) for code in known if code not in used and code != "blank"]
        blank = FormColumn(field="blank", heading=_("Empty column"))
        found = [*form.columns, *others, blank]
        lines = [
            ColumnLine(key, column, column.heading or known[column.field].heading)
            for key, column in enumerate(found)
        ]
        self._ticked = set()
        self.set_rows(lines)
        self.tick(lines[: len(form.columns)], True)

    def chosen(self) -> tuple[FormColumn, ...]:
        """The columns ticked, in their order."""
        return tuple(line.column for line in self.ticked_rows())

    def move(self, line: int, to: int) -> int:
        """Put a line at another place; returns where it is then."""
        to = max(0, min(to, len(self.rows) - 1))
        if line != to:
            rows = list(self.rows)
            rows.insert(to, rows.pop(line))
            self.set_rows(rows)
        return to

    def rename(self, key: int, title: str) -> None:
        """Head a column otherwise; its own name again for an empty title."""
        self.set_rows([self._renamed(line, title) if line.key == key else line for line in self.rows])

    def _renamed(self, line: ColumnLine, title: str) -> ColumnLine:
        column = structs.replace(line.column, heading=title.strip())
        return replace(line, column=column, title=title.strip() or line.title)

    # ---- dragging

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[Index]) -> QMimeData:
        data = QMimeData()
        if indexes:
            data.setData(_MIME, QByteArray(str(indexes[0].row()).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index = NOWHERE
    ) -> bool:
        """Put the line where it was dropped; False, so that the view takes nothing away itself."""
        if data.hasFormat(_MIME):
            line = int(bytes(data.data(_MIME).data()).decode())
            to = row if row >= 0 else parent.row() if parent.isValid() else len(self.rows)
            self.move(line, to - 1 if to > line else to)
        return False
