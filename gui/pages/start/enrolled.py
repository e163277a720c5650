"""The last step after a kit was opened: what the office can do, and the twelve digits to compare with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme as themes
from gui.actions import kits
from gui.desk import Desk
from gui.i18n import _
from gui.models import devices
from gui.models.devices import Known, Office
from gui.ops import QueryOp
from gui.pages.exchange.compare import ComparePanel, recovery_words, words_for_office
from gui.pages.start.view import Centred
from gui.widgets.cards import Card
from gui.widgets.labels import label


class EnrolledPage(QWidget):
    """Shown once, before the pages of the new ledger; ``finished`` when it was answered, also with later."""

    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._above: Known | None = None
        theme = themes.current()
        card = Card()
        card.body.setContentsMargins(theme.px(28), theme.px(22), theme.px(28), theme.px(24))
        card.body.setSpacing(theme.px(12))
        office = (
            desk.profile.office or desk.profile.title
        )  # a colleague's kit: another computer of the same office
        card.add(
            label(_("The ledger of {title} is ready").format(title=desk.profile.title), "title", wrap=True)
        )
        self.fact = label(recovery_words(office), wrap=True)
        self.compare = ComparePanel(key="C", later_key="Escape")
        self.compare.show_words(
            _("Now compare this code with {office}").format(office=office), words_for_office(office)
        )
        self.later = label(
            _("Later is fine too: the code stays on the page “Send and receive”."), "soft", wrap=True
        )
        for widget in (self.fact, self.compare, self.later):
            card.add(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Centred(card))
        self.compare.agreed.connect(self._on_agreed)
        self.compare.later.connect(self.finished)
        desk.ask(QueryOp(devices.office), self._on_office_read, owner=self)

    def _on_office_read(self, found: Office) -> None:
        self._above = found.above or next((one for one in found.fellows if one.to_compare), None)
        if self._above is None:
            self.finished.emit()
            return
        key = self._above.key
        self._desk.ask(QueryOp(lambda ledger: devices.code_of(ledger, key)), self._on_code_read, owner=self)

    def _on_code_read(self, code: str) -> None:
        self.compare.show_code(code)
        self.compare.put_off.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_agreed(self) -> None:
        if self._above is not None:
            op = kits.compared(self._above.key, self._above.device.title)
            self._desk.change(op, lambda _changes: self.finished.emit(), owner=self)
