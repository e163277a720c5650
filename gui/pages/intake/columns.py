"""What a file was recognised as, and what its columns are taken for: in words, correctable."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.intake import FIELDS
from gui.widgets.labels import FlowLayout, label
from gui.wording import names
from gui.wording.listed import ROSTER, Choice, field_words
from sync.sheets.header import Table
from sync.sheets.kinds import kind_names

SOURCES = ("civil_affairs", "disabled_federation", "rural_revitalisation", "veterans", "education")
_DEPARTMENT = "department_list"
_BEFORE, _AFTER = 3, 1
"""Insurance years offered around that of the policy."""


class ColumnMap(QWidget):
    """Each column's title with the field it is taken for."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=10)

    def show_tables(self, tables: Sequence[Table], changed: Callable[[int, int, str], None]) -> None:
        """Show the columns of all tables; ``changed(table, column, field)`` tells a correction."""
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().deleteLater()
        for number, table in enumerate(tables):
            for column in table.columns:
                if column.title:
                    box = self._box(column.title, column.field or "")
                    index = column.index
                    box.activated.connect(
                        lambda _line, box=box, number=number, index=index: changed(
                            number, index, box.currentData()
                        )
                    )
                    self._flow.addWidget(self._pair(column.title, box))

    def _box(self, title: str, field: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(title)
        box.addItem(_("left out"), "")
        for code in dict.fromkeys((*FIELDS, field)):
            if code:
                box.addItem(field_words(code), code)
        box.setCurrentIndex(max(box.findData(field), 0))
        return box

    def _pair(self, title: str, box: QComboBox) -> QWidget:
        pair = QWidget()
        column = QVBoxLayout(pair)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(2))
        column.addWidget(label(title, "small"))
        column.addWidget(box)
        return pair


class Recognised(QWidget):
    """Kind, whose list, year and village as boxes; ``changed`` tells that one of them was corrected."""

    changed = Signal()

    def __init__(self, *others: QWidget) -> None:
        super().__init__()
        self.kind, self.source, self.year, self.village = (
            _combo(name) for name in (_("Kind of list"), _("Whose list"), _("Insurance year"), _("Village"))
        )
        flow = FlowLayout(self, gap=8)
        for box in (self.kind, self.source, self.year, self.village):
            flow.addWidget(box)
            box.activated.connect(lambda _line: self.changed.emit())
        for widget in others:
            flow.addWidget(widget)

    def show_kind(self, kind: str, source: str, year: int, this_year: int) -> None:
        """Show what was recognised, or what somebody said instead."""
        kinds = {code: names.list_kind(code) for code in kind_names()}
        _fill(self.kind, {"": _("which list? choose here"), **kinds} if kind not in kinds else kinds, kind)
        _fill(
            self.source, {"": _("whose list?"), **{code: names.department(code) for code in SOURCES}}, source
        )
        self.source.setVisible(kind == _DEPARTMENT or bool(source))
        years = {*range(this_year - _BEFORE, this_year + _AFTER + 1), year} - {0}
        _fill(
            self.year,
            {one: _("{year} insurance year").format(year=one) for one in sorted(years)},
            year or this_year,
        )
        self.year.setVisible(kind != ROSTER)

    def show_villages(self, titles: Mapping[str, str], scope: str, *, needed: bool) -> None:
        """Offer villages where the ledger has several; ``needed``: the list has to be one village's."""
        first = _("which village? choose here") if needed else _("all villages")
        _fill(self.village, {"": first, **titles}, scope)
        self.village.setVisible(bool(titles))

    def choice(self, before: Choice) -> Choice:
        """What the boxes say, with the columns corrected before; a list read as another kind starts with its own."""
        kind = str(self.kind.currentData() or "")
        return Choice(
            kind,
            str(self.source.currentData() or "") if kind == _DEPARTMENT else "",
            int(self.year.currentData() or 0) if kind != ROSTER else 0,
            str(self.village.currentData() or ""),
            before.mapping,
        )


def _combo(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def _fill(
    box: QComboBox, entries: Mapping[object, str] | Mapping[str, str] | Mapping[int, str], chosen: object
) -> None:
    box.clear()
    for code, words in entries.items():
        box.addItem(words, code)
    box.setCurrentIndex(max(box.findData(chosen), 0))
