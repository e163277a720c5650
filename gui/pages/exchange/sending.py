"""Sending: one file for each receiver into a folder, what was written, and where it lies."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from gui.actions import exchange as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.trouble import known
from gui.widgets.labels import plain, strong
from gui.wording.units import number
from sync.exchange import Sent

if TYPE_CHECKING:
    from gui.pages.exchange.view import ExchangeView

FOLDER = "send_folder"
_FILES = 2  # named one by one; the log names them all


class Sending(QObject):
    """The part of the page of sending and receiving that sends; ``ended`` once something was written."""

    ended = Signal()

    def __init__(self, desk: Desk, view: "ExchangeView", parent: QObject) -> None:
        super().__init__(parent)
        self.desk, self.view = desk, view
        self._sent: list[Sent] = []
        view.send.clicked.connect(lambda: self.send_into(desk.settings.folder(FOLDER)))
        view.elsewhere.clicked.connect(self._on_elsewhere)
        view.show_folder.clicked.connect(self._on_show_folder)
        desk.events.crashed.connect(self._on_crashed)

    def send_into(self, folder: Path) -> None:
        """Write what is to be handed over into a folder and remember it."""
        self.desk.settings.keep(FOLDER, str(folder))
        view = self.view
        view.trouble.show_error("")
        for button in (view.send, view.elsewhere):
            button.setEnabled(False)
        view.writing.tell(_("Writing…"))
        view.writing.show()
        self.desk.run(actions.send(folder), self._on_sent, owner=self, refused=self._on_not_sent)

    def _on_sent(self, sent: list[Sent]) -> None:
        self._sent = sent
        names = "<br>".join(strong(one.path.name) for one in sent[:_FILES])
        if len(sent) > _FILES:
            names += "<br>" + plain(_("and {count} more files").format(count=len(sent) - _FILES))
        count = sum(one.operations for one in sent)
        written = plain(_("Written: {count} entries").format(count=number(count)))
        how = (
            _("Give each its own file, by WeChat or on a USB stick: nobody else can open it.")
            if self.desk.is_office
            else _("Send it by WeChat as a file, or carry it on a USB stick. Sending again does no harm.")
        )
        if not count and not self.desk.is_office:
            how = _("Nothing new is in it, but it tells the office what you have read.") + " " + how
        self.view.sent.setText(f"{written}<br>{names}<br>{plain(how)}")
        self.view.sent.show()
        self.view.show_folder.show()
        self._end()
        self.ended.emit()
        self.desk.events.exchanged.emit()

    def _on_not_sent(self, error: Exception) -> bool:
        self._end()
        expected = known(error, self.desk.facts.folder)
        if expected is not None:
            self.view.trouble.show_error(sentence(expected))
        return expected is not None

    def _on_crashed(self, _error: Exception) -> None:
        if self.view.writing.isVisible():
            self._end()

    def _end(self) -> None:
        self.view.writing.hide()
        for button in (self.view.send, self.view.elsewhere):
            button.setEnabled(not self.desk.facts.standalone)
        if self.view.isVisible():
            self.view.send.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_elsewhere(self) -> None:
        start = str(self.desk.settings.folder(FOLDER))
        folder = QFileDialog.getExistingDirectory(self.view, _("Into another folder…"), start)
        if folder:
            self.send_into(Path(folder))

    def _on_show_folder(self) -> None:
        if self._sent:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._sent[0].path.parent)))
