"""Issued bulletins as tables: the list of them, one as its form has it, each number with the people it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gui import wording
from gui.i18n import _
from gui.models.moments import Wish
from gui.models.roll import RollFilter
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording.units import NOTHING, number
from storage.bulletins import Bulletin, Line
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.policy.window import position
from storage.queries import bulletins, statements
from storage.queries.bulletins import Source
from sync.reports import bulletin_fields, bulletin_words, filling, forms
from sync.reports.fields import fields_of
from sync.reports.forms import Form
from sync.reports.tables import ColumnSpec, Kind, percent_text

WHOLE = ""
"""The row of everybody."""
DOORS = {
    "total": "should",
    "paid": "should_paid",
    "confirmed": "should_confirmed",
    "able": "able",
    "people": "register",
    "departed": "departed",
    "others": "others",
    "excluded": "excluded",
    "special": "special",
    "special_paid": "special_paid",
    "credential": "active",
    "assist": "help",
}
"""The numbers of a line that count people, and the filter that shows exactly these."""


def due_text(newest: Bulletin | None, policy: Policy, today: date) -> str:
    """Say that this week's (from Monday) is not out while people pay; "" where it is, or nothing was issued yet."""
    monday = today - timedelta(days=today.weekday())
    if newest is None or newest.content.on >= monday or position(policy, today).state != "open":
        return ""
    day = wording.short_day(newest.content.on, today)
    return _("This week's bulletin is not out yet; the last one is of {day}.").format(day=day)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The issues this ledger holds, the newest first; which issue corrects which; the forms they can be shown in.

    ``stated`` is whether any place ever sent numbers alone.
    """

    issues: tuple[Bulletin, ...]
    corrected: dict[str, int]
    forms: tuple[Form, ...]
    unreadable: int = 0
    stated: bool = False


def read(ledger: Ledger) -> Shelf:
    """Read them on the ledger thread."""
    issues = tuple(bulletins.issued(ledger))
    corrected = {one.corrects: one.number for one in reversed(issues) if one.corrects}
    known = tuple(form for form in forms.forms_for(ledger) if form.subject == "bulletin")
    return Shelf(issues, corrected, known, bulletins.unreadable(ledger), bool(statements.received(ledger)))


# ---- the list


def list_model(own: str, corrected: dict[str, int]) -> RowsModel:
    """The list of issues; those of other offices say whose they are."""

    def cell(one: Bulletin) -> Cell:
        content = one.content
        first: list[Piece] = [Text(_("Issue {number}").format(number=content.number), "strong")]
        first.append(Text(content.on.isoformat(), "soft"))
        second: list[Piece] = [Text(wording.percent(content.total.rate))]
        if content.corrects:
            second.append(Tag(_("corrects {number}").format(number=content.corrects), "info"))
        if one.record in corrected:
            second.append(Tag(_("corrected by {number}").format(number=corrected[one.record]), "warn"))
        if not one.sound:
            second.append(Tag(_("changed afterwards"), "bad"))
        whose: list[list[Piece]] = [[Text(content.title, "soft")]] if one.scope != own else []
        return [first, second, *whose]

    return RowsModel([Column("", said, cell=cell, stretch=True)], key=lambda one: one.record)


def said(one: Bulletin) -> str:
    """An issue in a line."""
    content = one.content
    words = _("Issue {number}").format(number=content.number)
    corrects = _("corrects {number}").format(number=content.corrects) if content.corrects else ""
    parts = [words, content.on.isoformat(), wording.percent(content.total.rate), corrects]
    return " ".join(part for part in parts if part)


# ---- one issue as its form has it


@dataclass(frozen=True, slots=True)
class Row:
    """One place in the columns of the form; ``line`` is what the bulletin says of it."""

    line: Line
    cells: tuple[object, ...]
    whole: bool = False
    part: bool = False
    """A banner's township."""

    @property
    def place(self) -> str:
        """The code of the place, WHOLE for everybody."""
        return WHOLE if self.whole else self.line.code


@dataclass(frozen=True, slots=True)
class Shown:
    """An issue in the columns of a form: their headings, their fields, a row for each place."""

    specs: tuple[ColumnSpec, ...]
    fields: tuple[str, ...]
    rows: tuple[Row, ...]


def shown(bulletin: Bulletin, form: Form) -> Shown:
    """An issue by a form: townships, then villages by rank, everybody last."""
    from gui.printing import issued

    content = bulletin.content
    form = filling.renamed(issued.arranged(bulletin, form), bulletin_words.headings(content))
    parts = sorted(content.parts, key=lambda line: (line.rank is None, line.rank or 0, line.code))
    lines = [*parts, *content.ranked, content.total]
    cells = filling.Cells(
        form, [bulletin_fields.Row(line, bulletin) for line in lines], issued.paper(bulletin)
    )
    last, first = len(lines) - 1, len(parts)
    made = tuple(
        Row(line, told, whole=at == last, part=at < first)
        for at, (line, told) in enumerate(zip(lines, cells, strict=True))
    )
    return Shown(form.specs(), tuple(column.field for column in form.columns), made)


def table_model(specs: Sequence[ColumnSpec], fields: Sequence[str], rows: Sequence[Row]) -> RowsModel:
    """The table of an issue; ``fields`` are those of its columns, of which the place takes what room is left.

    As on paper a column in which nothing stands (before there was an issue) is left out.
    """
    place = fields.index("place") if "place" in fields else 0

    def column(at: int, spec: ColumnSpec) -> Column:
        if at == place:
            return Column(spec.title, lambda row: place_text(row), cell=_named, width=_PLACE, stretch=True)
        right = spec.kind in _RIGHT
        return Column(
            _broken(spec.title),
            lambda row: cell_text(spec.kind, row.cells[at]),
            sort=lambda row: _sortable(row.cells[at]),
            cell=lambda row: _cell(spec.kind, row.cells[at]),
            align="right" if right else "left",
            folds=fields[at] not in _STAYING,
        )

    said = [at for at in range(len(specs)) if any(row.cells[at] not in (None, "") for row in rows)]
    return RowsModel([column(at, specs[at]) for at in said], key=lambda row: (row.part, row.place))


def _broken(title: str) -> str:
    """A heading on two lines, as in printed tables: many columns stand side by side."""
    if len(title) < _LONG:
        return title
    at = title.find("（")
    at = at if at > 0 else (len(title) + 1) // 2
    return f"{title[:at]}\n{title[at:]}"


_LONG = 4
"""Characters from which a heading takes two lines."""


_RIGHT: tuple[Kind, ...] = ("int", "money", "percent")
_STAYING = {"rank", "place", "township", "total", "paid", "rate", "more", "card"}
"""Columns that stay where room is short."""
_PLACE = 150  # px


def cell_text(kind: Kind, value: object) -> str:
    """A cell in words; nothing known is a dash."""
    if value is None or value == "":
        return NOTHING
    if kind == "percent":
        return percent_text(value)  # type: ignore[arg-type]
    return number(value) if isinstance(value, int) else str(value)


def _cell(kind: Kind, value: object) -> Cell:
    words = cell_text(kind, value)
    if value in _MARKS:
        return [[Tag(words, "warn")]]
    return [[Text(words, "soft" if words == NOTHING else "normal")]]


_MARKS = set(bulletin_fields.MARKS.values()) - {""}


def _sortable(value: object) -> object:
    """Equal kinds side by side: words and numbers do not compare."""
    return None if value in (None, "") else value


def place_text(row: Row) -> str:
    """The place in words."""
    return _("All together") if row.whole else row.line.title


def _named(row: Row) -> Cell:
    return [[Text(place_text(row), "strong")]]


# ---- one place: each number with whom it counts


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a place: its heading, its words, and the filter that shows whom it counts ("" for nobody)."""

    heading: str
    text: str
    code: str = ""


def figures(bulletin: Bulletin, shown: Shown, row: Row) -> list[Figure]:
    """Everything said of a place: what counts people first; a number given from outside opens nobody."""
    line = row.line
    known = fields_of("bulletin")
    outside = bulletin.policy.denominator(bulletin.content.denominator).count_only
    found = []
    for field, code in DOORS.items():
        value = getattr(line, field)
        if value is None:
            continue
        opens = "" if outside and field == "total" else code
        found.append(Figure(known[field].heading, number(value), opens if value else ""))
    for spec, field, value in zip(shown.specs, shown.fields, row.cells, strict=True):
        if field not in DOORS and field not in _ELSEWHERE and value not in (None, ""):
            found.append(Figure(spec.title, cell_text(spec.kind, value)))
    return found


_ELSEWHERE = {"code", "place", "township", "rank", "people"}
"""Fields that name the place, or are said otherwise."""


def door(bulletin: Bulletin, place: str, code: str) -> Wish:
    """The moment at which an issue was counted, and there the people of a place whom a number counts."""
    wanted = RollFilter(code, place, bulletin.content.denominator)
    return Wish(bulletin=bulletin.record, then=("people", wanted))


def sources_text(found: Sequence[Source], today: date, most: int = 3) -> str:
    """By which files the entries came that an issue counts of a place, the latest first."""
    if not found:
        return _("No entry of this place is held here.")
    latest = [*reversed(found)]
    parts = []
    for one in latest[:most]:
        name = one.name or _("written here")
        when = one.at[:10] or NOTHING
        words = _("{file} ({when}, {count} entries)")
        parts.append(words.format(file=name, when=when, count=number(one.entries)))
    if len(latest) > most:
        parts.append(_("{count} more files").format(count=len(latest) - most))
    return _("From: {files}").format(files=wording.units.listed(parts))


# ---- before it is issued


def warnings(drawn: Bulletin, before: Bulletin | None, names: Sequence[str]) -> list[str]:
    """What somebody should know before issuing: names in the reason, who is silent, an issue of the same day."""
    found = []
    content = drawn.content
    if names:
        words = _("The reason names {names}, who are in the register: a bulletin is read by everybody.")
        found.append(words.format(names=wording.units.listed(list(names[:_MOST]))))
    if before is not None and not content.corrects and before.content.on == content.on:
        words = _("Issue {number} was issued today already. To mend it, correct it instead.")
        found.append(words.format(number=before.number))
    silent = content.silent
    if silent:
        words = _("{count} have not reported this week: {names}.")
        named = [line.title for line in silent[:_MOST]]
        if len(silent) > _MOST:
            named.append(_("and {count} others").format(count=len(silent) - _MOST))
        found.append(words.format(count=len(silent), names=wording.units.listed(named)))
    lacking = [line.title for line in content.lines if line.rank is None]
    if lacking:
        words = _("Not ranked, without a denominator: {names}.")
        found.append(words.format(names=wording.units.listed(lacking[:_MOST])))
    return found


_MOST = 6
