"""What is filled in or asked beside the telephone directory: one entry, and whether a list is taken over."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from gui.errors import sentence
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.combos import Combo
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine
from gui.wording.contacts import kinds
from storage.commands.contacts import Entry
from storage.errors import KnownError, RuleViolation
from storage.queries.contacts import OTHER, Contact


class ContactForm(Card):
    """One entry; ``ready`` carries it with the record it is written over, ``left`` when it is not wanted."""

    ready = Signal(object, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(" ")
        self._record = ""
        self.lines = {name: QLineEdit() for name in ("unit", "name", "post", "phone", "note")}
        self.kind = Combo(dict(kinds()), OTHER)
        self.place = Combo({"": ""})
        self.shared = QCheckBox(_("Give it to the places below too"))
        titles = {
            "unit": _("Unit"), "name": _("Name"), "post": _("Duty"), "phone": _("Telephone"), "note": _("Remark"),
        }  # fmt: skip
        self.fields = {name: FormField(title, self.lines[name]) for name, title in titles.items()}
        self.fields["unit_kind"] = FormField(_("Kind"), self.kind)
        self.fields["unit_code"] = FormField(
            _("Place"), self.place, _("whose number it is, for villages and offices")
        )
        self.trouble = ErrorLine()
        self.go = KeyButton(_("Save"), "Return", primary=True, bind=False)
        self.cancel = KeyButton(_("Cancel"), "Escape", bind=False)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.go, self.cancel):
            flow.addWidget(button)
        for name in ("unit", "unit_kind", "unit_code", "name", "post", "phone", "note"):
            self.add(self.fields[name])
        for widget in (self.shared, self.trouble, buttons):
            self.add(widget)
        self.body.addStretch(1)
        for line in self.lines.values():
            line.returnPressed.connect(self._on_go)
        self.go.clicked.connect(self._on_go)
        self.cancel.clicked.connect(self.left)

    def offer(self, places: Mapping[str, str]) -> None:
        """Offer these places by code."""
        chosen = self.place.value()
        self.place.clear()
        for code, title in {"": _("none"), **places}.items():
            self.place.addItem(title, code)
        self.place.choose(chosen)

    def begin(self, row: Contact | None) -> None:
        """Start with an entry that is there, or with a new one."""
        self._record = row.record if row else ""
        self.set_title(_("Change an entry") if row else _("A new entry"))
        for name, line in self.lines.items():
            line.setText(str(getattr(row, name)) if row else "")
        self.kind.choose(row.unit_kind if row else OTHER)
        self.place.choose(row.unit_code if row else "")
        self.shared.setChecked(bool(row and row.shared))
        self._clear()
        self.lines["unit"].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refuse(self, error: KnownError) -> None:
        """Say what is wrong beside the field it is about."""
        field = self.fields.get(error.field) if isinstance(error, RuleViolation) else None
        if field is None:
            self.trouble.show_error(sentence(error))
            return
        field.set_error(sentence(error))
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.trouble.show_error("")
        for field in self.fields.values():
            field.set_error("")

    def _on_go(self) -> None:
        self._clear()
        text = {name: line.text().strip() for name, line in self.lines.items()}
        entry = Entry(
            text["unit"], self.kind.value(), self.place.value(), text["name"], text["post"], text["phone"],
            text["note"], self.shared.isChecked(),
        )  # fmt: skip
        self.ready.emit(entry, self._record)


class TakeOverCard(Card):
    """What a list would bring; ``agreed`` and ``left`` are the answers."""

    agreed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(_("Take over a list"))
        self.text = label("", wrap=True)
        self.go = KeyButton(_("Take it over"), "Y", primary=True)
        self.cancel = KeyButton(_("Cancel"), "Escape", bind=False)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.go, self.cancel):
            flow.addWidget(button)
        self.add(self.text)
        self.add(buttons)
        self.body.addStretch(1)
        self.go.clicked.connect(self.agreed)
        self.cancel.clicked.connect(self.left)
