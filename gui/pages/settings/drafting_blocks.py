"""Parts of the form of a policy: fields side by side, a table that may be left out, a list with an entry to edit."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.drafting import Writing, new_code
from gui.pages.settings import drafting_fields as editors
from gui.pages.settings.section import row_of
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.notices import EmptyState, ErrorLine
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.widgets.tables import TableView
from gui.wording import policy_fields as words
from storage.policy.model import Policy
from storage.policy.schema import Shape, get, names, shapes

Put = Callable[[str, Any], None]
"""Says that a path holds another value from now on."""
_FIELD = 240  # px a field takes at least
_LINES = 6  # lines a list shows before it scrolls
_BESIDE = 720  # px from which an entry stands beside its list
_HIDDEN = frozenset(("code", "key"))
"""What entries are called by in the file; nobody has to choose that."""
_UNSAID = _HIDDEN | {"name", "document", "rank", "applies_to"}
"""What the line of an entry does not say again."""


class Fields(QWidget):
    """The fields of one table, as many side by side as fit; those that need it take the whole width."""

    def __init__(self, writing: Writing, put: Put, today: date) -> None:
        super().__init__()
        self._writing, self._put, self._today = writing, put, today
        self._fields: list[tuple[str, Shape, FormField]] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        theme = themes.current()
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(12))

    def add(self, path: str, model: type[Struct], shape: Shape) -> None:
        """Add the field at a path."""
        editor = editors.make(shape, model, self._writing, self._today)
        title = words.label(model, shape.name)
        field = FormField("" if shape.holds == "flag" else title, editor, parent=self)
        if (above := field.findChild(QLabel)) is not None:  # its title: it must not push the column wider
            above.setWordWrap(True)
        editor.setAccessibleName(title)
        editor.show_value(self._writing.of(path))  # type: ignore[attr-defined]
        editor.committed.connect(lambda: self._put(path, editor.read()))  # type: ignore[attr-defined]
        self._fields.append((path, shape, field))
        self._columns = 0

    def add_all(self, path: str, model: type[Struct]) -> None:
        """Add all plain fields of the table at a path."""
        for name, shape in shapes(model).items():
            if name not in _HIDDEN and shape.holds != "entries":
                self.add(f"{path}.{name}", model, shape)

    def remark(self) -> None:
        """Say beside each field what is wrong with it, else what stood there before."""
        for path, shape, field in self._fields:
            was = self._writing.was(path)
            field.set_hint(_("until now: {value}").format(value=was) if was else "")
            field.set_error(self._writing.wrong(path, below=shape.holds == "table"))

    def field_at(self, path: str) -> QWidget | None:
        """The editor of a path, or of the field it lies in."""
        for own, _shape, field in self._fields:
            if path == own or path.startswith(f"{own}."):
                return field.editor
        return None

    def first(self) -> QWidget | None:
        """The first editor."""
        return self._fields[0][2].editor if self._fields else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(3, self.width() // themes.current().px(_FIELD)))
        if columns == self._columns:
            return
        self._columns = columns
        line = place = 0
        for _path, shape, field in self._fields:
            wide = editors.is_wide(shape) or field.editor.minimumSizeHint().width() > themes.current().px(
                _FIELD
            )
            if wide and place:
                line, place = line + 1, 0
            self._grid.addWidget(field, line, place, 1, columns if wide else 1, Qt.AlignmentFlag.AlignTop)
            place = 0 if wide else place + 1
            if wide or place == columns:
                line, place = line + 1, 0
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


class PlainCard(Card):
    """Fields of the policy itself, or of one of its tables that is always there."""

    def __init__(self, title: str, writing: Writing, put: Put, today: date) -> None:
        super().__init__(title)
        self.paths: list[str] = []
        self._writing = writing
        self.trouble = ErrorLine()
        self.fields = Fields(writing, put, today)
        self.add(self.trouble)
        self.add(self.fields)

    def remark(self) -> None:
        """Say what is wrong."""
        told = [self._writing.wrong(path) for path in self.paths]
        self.trouble.show_error(_("; ").join(filter(None, told)))
        self.fields.remark()

    def field_at(self, path: str) -> QWidget | None:
        """The editor of a path."""
        found = self.fields.field_at(path)
        within = any(path == own or path.startswith(f"{own}.") for own in self.paths)
        return found or (self.fields.first() if within else None)


class OptionalCard(Card):
    """A table a policy may leave out: a box says whether it has it. ``reshaped`` once that changed."""

    reshaped = Signal()

    def __init__(self, path: str, shape: Shape, writing: Writing, put: Put, today: date) -> None:
        super().__init__(words.label(Policy, path))
        self._path, self._shape, self._writing, self._put = path, shape, writing, put
        self.has = QCheckBox(_("The documents say something about it"))
        self.has.setChecked(isinstance(writing.of(path), dict))
        self.has.setAccessibleName(f"{words.label(Policy, path)} {self.has.text()}")
        self.has.clicked.connect(self._on_has_clicked)
        self.trouble = ErrorLine()
        self.fields = Fields(writing, put, today)
        self.add(self.has)
        self.add(self.trouble)
        if self.has.isChecked() and shape.model is not None:
            self.fields.add_all(path, shape.model)
            self.add(self.fields)

    def remark(self) -> None:
        """Say what is wrong."""
        self.trouble.show_error(self._writing.wrong(self._path))
        self.fields.remark()

    def field_at(self, path: str) -> QWidget | None:
        """The editor of a path."""
        within = path == self._path or path.startswith(f"{self._path}.")
        return self.fields.field_at(path) or (self.has if within else None)

    def _on_has_clicked(self) -> None:
        if not self.has.isChecked():
            self._put(self._path, None)
        else:
            before = get(self._writing.base, self._path)
            self._put(self._path, before if before is not None else _begun(self._shape))
        self.reshaped.emit()


def _begun(shape: Shape) -> dict[str, Any]:
    """A table that says nothing yet."""
    inner = shapes(shape.model) if shape.model else {}
    return {name: [] for name, one in inner.items() if one.holds == "entries"}


class EntriesCard(Card):
    """A list of entries, and the one that is chosen below it. ``reshaped`` once an entry came, went or moved."""

    reshaped = Signal(str)

    def __init__(self, path: str, shape: Shape, title: str, writing: Writing, put: Put, today: date) -> None:
        self.new, self.gone = KeyButton(_("New entry")), KeyButton(_("Remove"))
        self.up, self.down = KeyButton("↑"), KeyButton("↓")
        super().__init__(title)
        self._path, self._writing, self._put, self._today = path, writing, put, today
        assert shape.model is not None
        self._model = shape.model
        self.trouble, self.wrong = ErrorLine(), ErrorLine()
        self.rows = RowsModel(
            [
                Column(_("Entry"), self._told, cell=self._picture, stretch=True),
            ],
            key=lambda name: name,
        )
        self.table = TableView(self.rows, title, wraps=True, header=False)
        self.table.set_empty(EmptyState(_("No entry yet")))
        self._halves, self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight), QVBoxLayout()
        self.fields: Fields | None = None
        self._entry: str | None = None
        self._build(title)
        self.refill()

    def _build(self, title: str) -> None:
        for button, name in (
            (self.new, _("New entry")),
            (self.gone, _("Remove")),
            (self.up, _("Move up")),
            (self.down, _("Move down")),
        ):
            button.setAccessibleName(f"{title} {name}")
            button.setToolTip(name)
        left = QVBoxLayout()
        left.addWidget(row_of(self.new, self.gone, self.up, self.down))
        left.addWidget(self.table)
        left.addStretch(1)
        self._box.addWidget(self.wrong)
        self._box.addStretch(1)
        self._halves.setSpacing(themes.current().px(16))
        self._halves.addLayout(left, 3)
        self._halves.addLayout(self._box, 5)
        self.add(self.trouble)
        self.add(self._halves)
        self.new.clicked.connect(self._on_new_clicked)
        self.gone.clicked.connect(self._on_gone_clicked)
        self.up.clicked.connect(partial(self._on_moved, -1))
        self.down.clicked.connect(partial(self._on_moved, 1))
        self.table.row_changed.connect(self._on_row_changed)
        self.table.opened.connect(lambda _name: self._enter())

    def refill(self, chosen: str = "") -> None:
        """Show the entries as they are, and this one below (none named: the first)."""
        listed = names(self._entries())
        self.rows.set_rows(listed)
        lines = min(max(len(listed), 2), _LINES)
        self.table.setFixedHeight(themes.current().px(lines * 62 + 6))
        if not self.table.select(chosen) and listed:
            self.table.selectRow(0)
        self._show_entry()

    def remark(self) -> None:
        """Say what is wrong with the list and with the entry shown."""
        self.trouble.show_error(self._writing.wrong(self._path))
        name = self.table.current_row()
        self.wrong.show_error(self._writing.wrong(f"{self._path}.{name}") if name else "")
        if self.fields is not None:
            self.fields.remark()
        if self.rows.rows:
            self.rows.dataChanged.emit(self.rows.index(0, 0), self.rows.index(len(self.rows.rows) - 1, 0))

    def field_at(self, path: str) -> QWidget | None:
        """The editor of a path, its entry shown first."""
        if path == self._path:
            return self.table
        if not path.startswith(f"{self._path}."):
            return None
        name = path.removeprefix(f"{self._path}.").split(".")[0]
        if not self.table.select(name):
            return self.table
        found = self.fields.field_at(path) if self.fields else None
        return found or (self.fields.first() if self.fields else None) or self.table

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        narrow = self.width() < themes.current().px(_BESIDE)
        self._halves.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    # ---- showing

    def _entries(self) -> Sequence[Any]:
        held = self._writing.of(self._path)
        return held if isinstance(held, list) else []

    def _name(self, name: str) -> str:
        return _entry_title(self._model, self._writing.of(f"{self._path}.{name}"), name)

    def _says(self, name: str) -> str:
        held = self._writing.of(f"{self._path}.{name}")
        if not isinstance(held, dict):
            return ""
        parts = []
        for field, shape in shapes(self._model).items():
            told = held.get(field)
            if field in _UNSAID or shape.holds in ("table", "texts") or told in (None, "", []):
                continue
            name, words_of_it = (
                words.label(self._model, field),
                words.value(shape, self._model, told, self._writing.raw),
            )
            if shape.holds == "flag":
                parts += [name] if told is True else []
            else:
                parts.append(f"{name} {words_of_it}" if shape.holds == "number" else words_of_it)
        return " · ".join(parts)

    def _told(self, name: str) -> str:
        return " ".join(part for part in (self._name(name), self._says(name)) if part)

    def _picture(self, name: str) -> Cell:
        where = f"{self._path}.{name}"
        says = self._says(name)
        line: list[Piece] = [Text(self._name(name), "strong")]
        if self._writing.is_wrong(where):
            line.append(Tag(_("not right"), "bad"))
        elif self._writing.is_new(where):
            line.append(Tag(_("added"), "info"))
        elif self._writing.is_changed(where):
            line.append(Tag(_("changed"), "warn"))
        return [line, [Text(says, "soft")]] if says else [line]

    def _on_row_changed(self, name: str) -> None:
        if name != self._entry:
            self._show_entry()

    def _show_entry(self) -> None:
        name = self._entry = self.table.current_row()
        for button in (self.gone, self.up, self.down):
            button.setEnabled(name is not None)
        if self.fields is not None:
            self._box.removeWidget(self.fields)
            self.fields.hide()
            self.fields.deleteLater()
        self.fields = None
        if name is not None:
            self.fields = Fields(self._writing, self._put, self._today)
            self.fields.add_all(f"{self._path}.{name}", self._model)
            self._box.insertWidget(1, self.fields)
        self.remark()

    def _enter(self) -> None:
        first = self.fields.first() if self.fields else None
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    # ---- changing the list

    def _on_new_clicked(self) -> None:
        entries = list(self._entries())
        key = "key" if "key" in shapes(self._model) else "code"
        code = new_code(entries)
        self._put(self._path, [*entries, {key: code}])
        self.reshaped.emit(code)
        self._enter()

    def _on_gone_clicked(self) -> None:
        line, entries = self.table.currentIndex().row(), list(self._entries())
        del entries[line]
        self._put(self._path, entries)
        left = names(entries)
        self.reshaped.emit(left[min(line, len(left) - 1)] if left else "")
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_moved(self, step: int) -> None:
        line, entries = self.table.currentIndex().row(), list(self._entries())
        to = line + step
        if 0 <= to < len(entries):
            name = self.table.current_row()
            entries[line], entries[to] = entries[to], entries[line]
            self._put(self._path, entries)
            self.reshaped.emit(str(name))


def _entry_title(model: type[Struct], held: object, name: str) -> str:
    """What an entry is called: its name, its document, for a target whom it is for."""
    if isinstance(held, dict) and "applies_to" in shapes(model):
        return words.choice(model, "applies_to", str(held.get("applies_to") or "")) or name
    found = words.entry_name(held, "")
    return found or _("(without a name)")
