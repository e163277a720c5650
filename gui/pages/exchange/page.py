"""Send with one button, receive by dropping files; what became of each is said in a sentence."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import exchange as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import exchange
from gui.ops import QueryOp
from gui.pages.exchange.view import ExchangeView
from gui.pages.page import Page
from gui.runner import Job
from gui.widgets.labels import plain, strong
from storage.queries import villages
from sync.bundle import SUFFIX
from sync.exchange import Fate, Sent

FOLDER = "send_folder"


class ExchangePage(Page):
    """Sending and receiving of a village, or of an office with its villages."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.log = exchange.log_model(lambda: desk.today)
        self.fates = exchange.fates_model()
        self.view = ExchangeView(self.log, self.fates, office=desk.is_office)
        self._sent: list[Sent] = []
        self._job: Job | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        view.send.clicked.connect(lambda: self.send_into(desk.settings.folder(FOLDER)))
        view.elsewhere.clicked.connect(self._on_elsewhere)
        view.show_folder.clicked.connect(self._on_show_folder)
        view.receive.clicked.connect(self._on_choose)
        view.busy.stopped.connect(self._on_stop)
        view.show_folder.hide()
        self._show_standing()

    def first_focus(self) -> QWidget | None:
        return self.view.receive if self.desk.facts.standalone or self.desk.is_office else self.view.send

    def refresh(self) -> None:
        self.desk.ask(QueryOp(villages.log, slot="bundles"), self.log.set_rows, owner=self)

    def send_into(self, folder: Path) -> None:
        """Write the bundle into a folder and remember it."""
        self.desk.settings.keep(FOLDER, str(folder))
        self.view.send.setEnabled(False)
        self.desk.run(actions.send(folder), self._on_sent, owner=self, refused=self._on_not_sent)

    def receive(self, paths: Sequence[Path]) -> None:
        """Take files in; what became of each is shown."""
        if self._job is not None or not paths:
            return
        self.view.busy.tell(_("Receiving {count} files").format(count=len(paths)), 0, len(paths))
        self.view.busy.show()
        self._job = self.desk.run(
            actions.receive(paths), self._on_received, owner=self, refused=self._on_not_received
        )
        self._job.progressed.connect(self._on_progressed)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.receive([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _show_standing(self) -> None:
        """What sending means here; a ledger without an office says why it cannot and what to do."""
        view, facts = self.view, self.desk.facts
        if facts.standalone:
            view.send_text.setText(
                _(
                    "This ledger was begun without an office, so there is nobody to send to. Ask the township office "
                    "for a kit (.hqk), begin a ledger with it and import the roster there; what is entered here stays."
                )
            )
            for button in (view.send, view.elsewhere):
                button.setEnabled(False)
            return
        folder = self.desk.settings.folder(FOLDER)
        if self.desk.is_office:
            text = _("One encrypted file for each village; only that village can open it. Folder: {folder}")
            view.send_text.setText(text.format(folder=folder))
            return
        view.send_text.setText(
            _("One encrypted file for {office}; only the office can open it. Folder: {folder}").format(
                office=facts.profile.office, folder=folder
            )
        )

    def _on_sent(self, sent: list[Sent]) -> None:
        self._sent = sent
        view = self.view
        view.send.setEnabled(True)
        names = "<br>".join(strong(one.path.name) for one in sent)
        how = plain(_("Send it by WeChat as a file, or carry it on a USB stick. Sending again does no harm."))
        view.sent.setText(f"{names}<br>{how}")
        view.show_folder.show()
        self._show_standing()
        count = sum(one.operations for one in sent)
        told = _("Written: {files} files, {count} entries").format(files=len(sent), count=f"{count:,}")
        self.desk.events.told.emit(told, False)
        self.desk.events.exchanged.emit()
        self.refresh()

    def _on_not_sent(self, _error: Exception) -> bool:
        self.view.send.setEnabled(not self.desk.facts.standalone)
        return False

    def _on_received(self, fates: list[Fate]) -> None:
        self._end_receiving()
        self.fates.set_rows(fates)
        self.view.fates_card.setVisible(bool(fates))
        taken = sum(fate.outcome != "refused" for fate in fates)
        self.desk.events.told.emit(
            _("{taken} of {all} files taken in").format(taken=taken, all=len(fates)), False
        )
        self.desk.events.exchanged.emit()
        self.refresh()

    def _on_not_received(self, _error: Exception) -> bool:
        self._end_receiving()
        return False

    def _end_receiving(self) -> None:
        self._job = None
        self.view.busy.hide()

    def _on_progressed(self, done: int, total: int) -> None:
        self.view.busy.tell(_("Receiving {count} files").format(count=total), done, total)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _on_elsewhere(self) -> None:
        start = str(self.desk.settings.folder(FOLDER))
        folder = QFileDialog.getExistingDirectory(self, _("Into another folder…"), start)
        if folder:
            self.send_into(Path(folder))

    def _on_show_folder(self) -> None:
        if self._sent:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._sent[0].path.parent)))

    def _on_choose(self) -> None:
        start = self.desk.settings.text("receive_folder")
        paths, _kind = QFileDialog.getOpenFileNames(self, _("Choose received files…"), start, f"*{SUFFIX}")
        if paths:
            self.desk.settings.keep("receive_folder", str(Path(paths[0]).parent))
            self.receive([Path(path) for path in paths])
