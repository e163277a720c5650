"""One place below the office: its devices with what can be done about each, and its kits."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.devices import Known, VillageKits, open_kits
from gui.pages.exchange.compare import CodeLabel, words_for_place
from gui.pages.exchange.low import LowTable
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine
from gui.widgets.rows import RowsModel
from gui.wording.contacts import whom
from gui.wording.units import number

_DEVICES, _KITS = 210, 150  # px the tables take before they scroll


class PlaceCard(Card):
    """Devices and kits of one place; the signals carry what was asked for."""

    compared = Signal(object)
    stopping = Signal(object)
    adopting = Signal(object)
    withdrawing = Signal(object)
    making = Signal(object)
    accepting = Signal(object)

    def __init__(self, devices: RowsModel, kits: RowsModel) -> None:
        super().__init__(" ")
        self.row: VillageKits | None = None
        self.devices = LowTable(devices, _("Devices"), wraps=True, tallest=_DEVICES)
        self.kits = LowTable(kits, _("Kits"), wraps=True, tallest=_KITS)
        self.none = label(_("No device has joined yet."), "soft", wrap=True)
        self.code, self.text = CodeLabel(), label("", wrap=True)
        self.trouble = ErrorLine()
        self.agree = KeyButton(_("We compared it, it is the same"), "C", primary=True)
        self.adopt = KeyButton(_("Let the waiting entries count"), "A")
        self.stop = KeyButton(_("No longer allow it…"), "X")
        self.withdraw = KeyButton(_("Withdraw the unused kits"), "W")
        self.another = KeyButton(_("Another kit for it"), "K")
        self.forks = label(
            _(
                "Two copies of this place's ledger wrote under one number: a folder was copied, or a backup restored "
                "while the old one went on. Nothing is lost, both are kept; ask them to go on with one copy only."
            ),
            "soft",
            wrap=True,
        )
        self.ring = label("", wrap=True)
        self.withheld = label("", wrap=True)
        self.accept = KeyButton(_("Do not wait for them any more"), "E")
        self.kits_title = label(_("Kits"), "heading")
        self._build()
        self._listen()

    def show_place(self, row: VillageKits, codes: dict[bytes, str]) -> None:
        """Show another place, or the same one read anew."""
        self.row = row
        self.set_title(f"{row.title} · {row.scope}")
        self.devices.rows_model.set_rows(row.devices)
        self.kits.rows_model.set_rows(row.kits)
        self.none.setVisible(not row.devices)
        self.devices.setVisible(bool(row.devices))
        for widget in (self.kits, self.kits_title):
            widget.setVisible(bool(row.kits))
        self.withdraw.setVisible(bool(open_kits(row)))
        self.forks.setVisible(bool(row.forks))
        whom_ = whom(row.ring)
        self.ring.setText(_("Telephone: {whom}").format(whom=whom_) if whom_ else "")
        self.ring.setVisible(bool(whom_))
        self.withheld.setText(_withheld_words(row) if row.withheld else "")
        for told in (self.withheld, self.accept):
            told.setVisible(bool(row.withheld))
        if row.devices and self.devices.current_row() is None:
            self.devices.selectRow(0)
        self.show_device(codes)

    def show_device(self, codes: dict[bytes, str]) -> None:
        """Show what there is to do about the chosen device."""
        known = self.chosen()
        to_compare = known is not None and known.to_compare
        self.code.setVisible(to_compare)
        self.agree.setVisible(to_compare)
        self.adopt.setVisible(known is not None and bool(known.waiting))
        self.stop.setVisible(known is not None and known.active)
        self.text.setVisible(known is not None)
        if known is not None:
            code = codes.get(known.key, "")
            self.code.show_code(code)
            self.agree.setEnabled(bool(code))
            self.text.setText(_words(known))

    def chosen(self) -> Known | None:
        """The device that is chosen in the table."""
        return self.devices.current_row() if self.row and self.row.devices else None

    def _build(self) -> None:
        self.body.setSpacing(themes.current().px(8))
        actions = QWidget()
        flow = FlowLayout(actions, gap=8)
        for button in (self.agree, self.adopt, self.stop):
            flow.addWidget(button)
        accept = QWidget()
        FlowLayout(accept, gap=8).addWidget(self.accept)
        kits = QWidget()
        flow = FlowLayout(kits, gap=8)
        for button in (self.another, self.withdraw):
            flow.addWidget(button)
        for widget in (
            *(self.ring, self.none, self.devices, self.code, self.text, self.trouble, actions, self.forks),
            *(self.withheld, accept),
            *(self.kits_title, self.kits, kits),
        ):
            self.add(widget)
        self.body.addStretch(1)

    def _listen(self) -> None:
        self.agree.clicked.connect(lambda: self.compared.emit(self.chosen()))
        self.stop.clicked.connect(lambda: self.stopping.emit(self.chosen()))
        self.adopt.clicked.connect(lambda: self.adopting.emit(self.chosen()))
        self.withdraw.clicked.connect(lambda: self.withdrawing.emit(self.row))
        self.another.clicked.connect(lambda: self.making.emit(self.row))
        self.accept.clicked.connect(lambda: self.accepting.emit(self.row))


def _withheld_words(row: VillageKits) -> str:
    text = _(
        "{count} entries of {title} came without their content: whoever passed them on left it out and may not decide "
        "that. Receive a file of {title} itself: it brings the content. Only if the content was erased there on "
        "somebody's request, do not wait for it any more."
    )
    return text.format(count=number(row.withheld), title=row.title)


def _words(known: Known) -> str:
    title = known.device.title
    if known.to_compare:
        return words_for_place(title, here=True)
    if known.active:
        return _("In use, and its code was compared. If the computer is lost or changes hands, stop it here.")
    if known.waiting:
        text = _(
            "No longer allowed. What was here when it was stopped counts; {count} entries came later and wait. Let "
            "them count only if you know that {title} made them itself."
        )
        return text.format(count=number(known.waiting), title=title)
    return _("No longer allowed. What was here when it was stopped counts; nothing has come since.")


class StopCard(Card):
    """Why a device is stopped, and what that does; ``ready`` carries the reason."""

    ready = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(_("No longer allow a device"))
        self.known: Known | None = None
        self.text = label("", wrap=True)
        self.line = QLineEdit()
        self.reason = FormField(
            _("Why"), self.line, _("such as: computer lost, replaced, code did not agree")
        )
        self.trouble = ErrorLine()
        self.go = KeyButton(_("Stop it"), "Return", primary=True, bind=False)
        self.cancel = KeyButton(_("Cancel"), "Escape", bind=False)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.go, self.cancel):
            flow.addWidget(button)
        for widget in (self.text, self.reason, self.trouble, buttons):
            self.add(widget)
        self.body.addStretch(1)
        self.go.clicked.connect(self._on_go)
        self.line.returnPressed.connect(self._on_go)
        self.cancel.clicked.connect(self.left)

    def begin(self, known: Known, reason: str = "") -> None:
        """Ask about this device."""
        self.known = known
        self.trouble.show_error("")
        self.reason.set_error("")
        text = _(
            "{title}, device {handle}. What it entered and that is here counts on. What comes from it later is kept "
            "but does not count; it waits until you let it count. It gets no more files."
        )
        self.text.setText(text.format(title=known.device.title, handle=known.handle))
        self.line.setText(reason)
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_go(self) -> None:
        reason = self.line.text().strip()
        self.reason.set_error("" if reason else _("Say why, so that it can be understood later."))
        if reason:
            self.ready.emit(reason)
        else:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
