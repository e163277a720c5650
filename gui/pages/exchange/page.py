"""Send with one button, receive by dropping files; what became of each is said in a sentence."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import exchange as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import exchange
from gui.ops import QueryOp
from gui.pages.exchange.dropping import DropTarget
from gui.pages.exchange.receiving import ReceivingCard
from gui.pages.exchange.view import ExchangeView
from gui.pages.page import Page
from gui.trouble import known
from gui.widgets.labels import plain, strong
from gui.wording.units import listed, number
from storage.ledger import Changes, Ledger
from storage.queries import devices, villages
from storage.queries.villages import BundleRow
from sync.exchange import Sent

FOLDER = "send_folder"
_NAMED = 4
_FILES = 2  # named one by one; the log names them all


@dataclass(frozen=True, slots=True)
class _Past:
    """The log, the villages by code, and those of them that have joined with a device."""

    log: list[BundleRow]
    titles: dict[str, str]
    joined: frozenset[str]


def _read(ledger: Ledger) -> _Past:
    joined = frozenset(row.scope for row in devices.village_devices(ledger) if row.state == "active")
    return _Past(villages.log(ledger), villages.titles(ledger), joined)


class ExchangePage(Page):
    """Sending and receiving, of a village and of an office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._titles: dict[str, str] = {}
        self._sent: list[Sent] = []
        self.log = exchange.log_model(lambda: desk.today, self._titles if desk.is_office else None)
        self.receiving = ReceivingCard(desk)
        self.view = ExchangeView(self.log, self.receiving, office=desk.is_office)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        DropTarget(self).dropped.connect(self.receiving.receive)
        view = self.view
        view.send.clicked.connect(lambda: self.send_into(desk.settings.folder(FOLDER)))
        view.elsewhere.clicked.connect(self._on_elsewhere)
        view.show_folder.clicked.connect(self._on_show_folder)
        view.receive.clicked.connect(self.receiving.choose)
        desk.events.exchanged.connect(lambda: self._on_ledger_changed(Changes(), None))
        desk.events.crashed.connect(self._on_crashed)
        self._say_how()

    def first_focus(self) -> QWidget | None:
        standing_alone = self.desk.facts.standalone
        return self.view.receive if self.desk.is_office or standing_alone else self.view.send

    def back(self) -> bool:
        return self.receiving.back()

    def refresh(self) -> None:
        self.desk.ask(QueryOp(_read, slot="bundles"), self._on_read, owner=self)

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

    def _on_read(self, past: _Past) -> None:
        self._titles.clear()
        self._titles.update(past.titles)
        self.log.set_rows(past.log)
        if self.desk.is_office:
            self._say_whom(past)

    def _say_how(self) -> None:
        """What sending and receiving mean here; a ledger without an office says why it can do neither."""
        view, facts = self.view, self.desk.facts
        folder = self.desk.settings.folder(FOLDER)
        if facts.standalone:
            view.send_text.setText(
                _(
                    "This ledger was begun without an office, so there is nobody to send to. Ask the township office "
                    "for a kit (.hqk), begin a ledger with it and import the roster there; what is entered here stays."
                )
            )
            view.receive_text.setText(_("Without an office nobody sends files to this ledger."))
            for button in (view.send, view.elsewhere, view.receive):
                button.setEnabled(False)
        elif self.desk.is_office:
            view.receive_text.setText(
                _("Drop the villages' files or whole folders anywhere on this page, as many as there are.")
            )
        else:
            view.send_text.setText(
                _("One encrypted file for {office}; only the office can open it. Folder: {folder}").format(
                    office=facts.profile.office, folder=folder
                )
            )
            view.receive_text.setText(
                _("Drop the files from the office (.hqb) anywhere on this page, as many as there are.")
            )

    def _say_whom(self, past: _Past) -> None:
        """For which villages an office writes, and which have not joined yet."""
        missing = [title for scope, title in past.titles.items() if scope not in past.joined]
        folder = self.desk.settings.folder(FOLDER)
        text = _("One encrypted file for each of the {count} villages that have joined. Folder: {folder}")
        words = text.format(count=len(past.joined), folder=folder)
        if missing:
            words += "\n" + _("Not joined yet: {names}").format(names=_named(missing))
        self.view.send_text.setText(words)
        self.view.send.setEnabled(bool(past.joined) and self.view.writing.isHidden())
        self.view.elsewhere.setEnabled(self.view.send.isEnabled())

    def _on_sent(self, sent: list[Sent]) -> None:
        self._sent = sent
        names = "<br>".join(strong(one.path.name) for one in sent[:_FILES])
        if len(sent) > _FILES:
            names += "<br>" + plain(_("and {count} more files").format(count=len(sent) - _FILES))
        count = sum(one.operations for one in sent)
        written = plain(_("Written: {count} entries").format(count=number(count)))
        how = (
            _("Give each village its own file, by WeChat or on a USB stick: no other can open it.")
            if self.desk.is_office
            else _("Send it by WeChat as a file, or carry it on a USB stick. Sending again does no harm.")
        )
        self.view.sent.setText(f"{written}<br>{names}<br>{plain(how)}")
        self.view.sent.show()
        self.view.show_folder.show()
        self._end_sending()
        self._say_how()
        self.desk.events.exchanged.emit()

    def _on_not_sent(self, error: Exception) -> bool:
        self._end_sending()
        expected = known(error, self.desk.facts.folder)
        if expected is not None:
            self.view.trouble.show_error(sentence(expected))
        return expected is not None

    def _on_crashed(self, _error: Exception) -> None:
        if self.view.writing.isVisible():
            self._end_sending()

    def _end_sending(self) -> None:
        self.view.writing.hide()
        for button in (self.view.send, self.view.elsewhere):
            button.setEnabled(not self.desk.facts.standalone)
        if self.isVisible():
            self.view.send.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_elsewhere(self) -> None:
        start = str(self.desk.settings.folder(FOLDER))
        folder = QFileDialog.getExistingDirectory(self, _("Into another folder…"), start)
        if folder:
            self.send_into(Path(folder))

    def _on_show_folder(self) -> None:
        if self._sent:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._sent[0].path.parent)))


def _named(titles: list[str]) -> str:
    """Some by name, the rest by their number."""
    if len(titles) <= _NAMED:
        return listed(titles)
    text = _("{names} and {count} more")
    return text.format(names=listed(titles[:_NAMED]), count=len(titles) - _NAMED)
