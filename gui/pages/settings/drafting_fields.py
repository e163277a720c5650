"""What one types a policy's values into: an editor for each kind of value; what cannot be meant stays and is told."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from msgspec import Struct
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models.drafting import Writing
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import DateField, MoneyField
from gui.widgets.labels import FlowLayout
from gui.wording import policy_fields as words
from storage.policy.drafting import settled, waits
from storage.policy.schema import Shape, shapes

_WIDE = frozenset(("table", "texts", "codes"))
_LONG = frozenset(("title", "document", "issuer"))


def is_wide(shape: Shape) -> bool:
    """Whether the editor of a field takes the whole width."""
    return shape.holds in _WIDE or shape.name in _LONG


class Editor(Protocol):
    """What every editor is besides a widget; ``committed`` once somebody has finished saying something else."""

    committed: SignalInstance

    def read(self) -> Any:
        """The value as it stands in the policy's text, None for nothing."""

    def show_value(self, value: Any) -> None:
        """Show a value without telling anybody."""


def make(shape: Shape, model: type[Struct], writing: Writing, today: date) -> QWidget:
    """The editor of a field."""
    match shape.holds:
        case "flag":
            return FlagEdit(words.label(model, shape.name), default=shape.default is True)
        case "day":
            return DayEdit(today)
        case "money":
            return MoneyEdit()
        case "number" | "share":
            return LineEdit(shape.holds)
        case "choice":
            offers = [(code, words.choice(model, shape.name, code)) for code in shape.choices]
            return PickEdit(offers, shape.default or "", optional=False)
        case "code":
            return PickEdit(named(writing, shape.refers), "", optional=not shape.required)
        case "codes":
            offers = named(writing, shape.refers) if shape.refers else _beside(model, shape.name)
            return CodesEdit(offers)
        case "texts":
            return TextsEdit()
        case "table":
            return CiteEdit(named(writing, "sources"), optional=not shape.required)
        case _:
            return LineEdit("text")


def named(writing: Writing, listed: str) -> list[tuple[str, str]]:
    """The entries of a list of the policy: code and name."""
    entries = writing.of(listed) or []
    codes = [str(item.get("code") or item.get("key") or "") for item in entries]
    return [(code, words.entry_name(item, code)) for code, item in zip(codes, entries, strict=True)]


def _beside(model: type[Struct], own: str) -> list[tuple[str, str]]:
    return [
        (name, words.label(model, name))
        for name, shape in shapes(model).items()
        if name != own and shape.holds not in ("table", "entries")
    ]


class LineEdit(QLineEdit):
    """A text, a whole number, or a share typed in per cent."""

    committed = Signal()

    def __init__(self, holds: str) -> None:
        super().__init__()
        self._holds, self._shown = holds, ""
        if holds == "share":
            self.setPlaceholderText("%")
        self.editingFinished.connect(self._on_editing_finished)

    def read(self) -> Any:
        text = self.text().strip()
        if self._holds == "number":
            plain = unicodedata.normalize("NFKC", text)
            return int(plain) if re.fullmatch(r"-?[0-9]{1,9}", plain) else text or None
        return _share(text) if self._holds == "share" else text or None

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self._holds == "share" and value is not None:
            text = words.share(value)
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)

    def _on_editing_finished(self) -> None:
        if self.text() != self._shown:
            self._shown = self.text()
            self.committed.emit()


def _share(text: str) -> str | None:
    """A share of one from what was typed in per cent, with or without the sign."""
    plain = unicodedata.normalize("NFKC", text).removesuffix("%").strip()
    try:
        found = Decimal(plain) / 100
    except InvalidOperation:
        return text or None
    return f"{found.normalize():f}" if found.is_finite() else text


class DayEdit(DateField):
    """A day."""

    committed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__(today, "future")
        self._shown = ""
        self.setPlaceholderText(_("year-month-day"))
        self.editingFinished.connect(self._on_editing_finished)

    def read(self) -> Any:
        return self.day() or self.text().strip() or None

    def show_value(self, value: Any) -> None:
        self.setText(value.isoformat() if isinstance(value, date) else str(value or ""))
        self._shown = self.text()

    def _on_editing_finished(self) -> None:
        if self.text() != self._shown:
            self._shown = self.text()
            self.committed.emit()


class MoneyEdit(MoneyField):
    """An amount, typed in yuan."""

    committed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self.editingFinished.connect(self._on_editing_finished)

    def read(self) -> Any:
        return self.text().strip() if self.is_wrong() else self.fen()

    def show_value(self, value: Any) -> None:
        if value is None or type(value) is int:
            self.set_fen(value)
        else:
            self.setText(str(value))
        self._shown = self.text()

    def _on_editing_finished(self) -> None:
        if self.text() != self._shown:
            self._shown = self.text()
            self.committed.emit()


class FlagEdit(QCheckBox):
    """Yes or no."""

    committed = Signal()

    def __init__(self, title: str, *, default: bool) -> None:
        super().__init__(title)
        self._default = default
        self.clicked.connect(self.committed)

    def read(self) -> bool:
        return self.isChecked()

    def show_value(self, value: Any) -> None:
        self.setChecked(self._default if value is None else value is True)


class PickEdit(QComboBox):
    """One out of a list; the wheel passes over it."""

    committed = Signal()

    def __init__(self, offers: Sequence[tuple[str, str]], default: str, *, optional: bool) -> None:
        super().__init__()
        self._default = default
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if optional:
            self.addItem(_("nothing said"), "")
        for code, title in offers:
            self.addItem(title, code)
        self.activated.connect(self._on_activated)

    def read(self) -> Any:
        return self.currentData() or None

    def show_value(self, value: Any) -> None:
        code = str(value or self._default)
        if self.findData(code) < 0 and code:
            self.addItem(code, code)
        self.setCurrentIndex(self.findData(code))
        self.setToolTip(self.currentText())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _on_activated(self, _line: int) -> None:
        self.setToolTip(self.currentText())
        self.committed.emit()


class CodesEdit(QWidget):
    """Several out of a list, all in sight."""

    committed = Signal()

    def __init__(self, offers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._unknown: list[str] = []
        flow = FlowLayout(self, gap=6)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._boxes: dict[str, QCheckBox] = {}
        for code, title in offers:
            box = self._boxes[code] = QCheckBox(title)
            box.clicked.connect(self.committed)
            flow.addWidget(box)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    def read(self) -> Any:
        return [code for code, box in self._boxes.items() if box.isChecked()] + self._unknown or None

    def show_value(self, value: Any) -> None:
        held = [str(one) for one in value] if isinstance(value, list | tuple) else []
        self._unknown = [code for code in held if code not in self._boxes]
        for code, box in self._boxes.items():
            box.setChecked(code in held)


class TextsEdit(QPlainTextEdit):
    """Several texts, one a line."""

    committed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self.setTabChangesFocus(True)
        self.setPlaceholderText(_("one a line"))
        self.setFixedHeight(themes.current().px(64))

    def read(self) -> Any:
        return [line.strip() for line in self.toPlainText().splitlines() if line.strip()] or None

    def show_value(self, value: Any) -> None:
        lines = [str(one) for one in value] if isinstance(value, list | tuple) else []
        self._shown = "\n".join(lines)
        self.setPlainText(self._shown)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.toPlainText() != self._shown:
            self._shown = self.toPlainText()
            self.committed.emit()


class CiteEdit(QWidget):
    """Where a value comes from: the document, the paragraph, a remark; and that it was looked up for this year."""

    committed = Signal()

    def __init__(self, sources: Sequence[tuple[str, str]], *, optional: bool) -> None:
        super().__init__()
        self.source = PickEdit(sources, "", optional=optional)
        self.at, self.note = LineEdit("text"), LineEdit("text")
        self.mark = KeyButton(_("Still so"))
        self.at.setPlaceholderText(_("paragraph, such as 五（六）4"))
        self.note.setPlaceholderText(_("remark"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(themes.current().px(6))
        line = QHBoxLayout()
        line.addWidget(self.source, 1)
        line.addWidget(self.mark)
        grid.addLayout(line, 0, 0, 1, 2)
        grid.addWidget(self.at, 1, 0)
        grid.addWidget(self.note, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.setFocusProxy(self.source)
        for told in (self.mark.clicked, self.source.committed, self.at.committed):
            told.connect(self._on_looked_up)
        self.note.committed.connect(self.committed)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for editor, part in (
            (self.source, _("document")),
            (self.at, _("paragraph")),
            (self.note, _("remark")),
            (self.mark, self.mark.words()),
        ):
            editor.setAccessibleName(f"{name} {part}")

    def read(self) -> Any:
        said = {"source": self.source.read(), "at": self.at.read(), "note": self.note.read()}
        return {name: value for name, value in said.items() if value} or None

    def show_value(self, value: Any) -> None:
        held = value if isinstance(value, dict) else {}
        self.source.show_value(held.get("source"))
        self.at.show_value(held.get("at") or None)
        self.note.show_value(held.get("note") or None)
        self.mark.setVisible(waits(held))

    def _on_looked_up(self) -> None:
        """Who says so, or names another document or paragraph, has looked."""
        self.note.show_value(settled({"note": self.note.text()}).get("note"))
        self.mark.hide()
        self.committed.emit()
