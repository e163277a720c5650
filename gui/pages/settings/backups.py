"""The backups: take one, look through all, put one in the ledger's place."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gui import wording
from gui.actions import backups as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import backups
from gui.models.backups import BackupLine
from gui.ops import QueryOp
from gui.pages.settings.section import HalvesSection, SideForm, row_of, tell_refusal
from gui.runner import Job
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import BusyBar, EmptyState, ErrorLine
from gui.widgets.tables import TableView
from gui.wording import access
from storage import backup
from storage.backup import Verdict
from storage.operators import KEYS


class RestoreCard(SideForm):
    """What a restore will do; ``ready`` when it is wanted."""

    def __init__(self, *, office: bool, alone: bool) -> None:
        self.line: BackupLine | None = None
        self.which = label("", "title", wrap=True)
        steps = enumerate(backups.will_happen(office=office, alone=alone), 1)
        words = "\n\n".join(f"{number}. {step}" for number, step in steps)
        super().__init__(_("Restore"), _("Restore it"), self.which, label(words, wrap=True), key="")

    def start(self, line: BackupLine, when: str) -> None:
        """Ask about this backup."""
        self.begin()
        self.line = line
        self.which.setText(
            _("As it was on {when} ({why})").format(when=when, why=access.backup_why(line.why))
        )


class BackupsSection(HalvesSection):
    """The list at the left; what is to know, or what a restore does, at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._job: Job | None = None
        self.rows = backups.model(lambda: desk.today)
        self.table = TableView(self.rows, _("Backups"))
        self.table.set_empty(EmptyState(_("No backup yet"), _("The first one is made tomorrow, or now.")))
        self.take_one = KeyButton(_("Back up now"), "B", primary=True)
        self.check_all = KeyButton(_("Check them all"), "C")
        self.restore = KeyButton(_("Restore this one…"), "R")
        self.folder = KeyButton(_("Open the folder"), "O")
        self.busy, self.trouble = BusyBar(), ErrorLine()
        self.about = _about(self.folder)
        self.asking = RestoreCard(office=desk.is_office, alone=desk.facts.standalone)
        self.put(self._make_list(), self.table, self.about, self.asking)
        self._listen()

    def refresh(self) -> None:
        self.desk.ask(QueryOp(backups.read, slot="backups"), self._on_read, owner=self)

    def back(self) -> bool:
        if self._job is not None:
            self._job.stop()
            return True
        return super().back()

    def _make_list(self) -> Card:
        card = Card(_("Backups"), self.restore, self.check_all, self.take_one)
        for widget in (self.busy, self.trouble):
            card.add(widget)
        card.add(self.table, 1)
        self.busy.hide()
        return card

    def _listen(self) -> None:
        self.desk.permit(KEYS, self.restore)
        self.take_one.clicked.connect(self._on_take)
        self.check_all.clicked.connect(self._on_check)
        self.busy.stopped.connect(self.back)
        self.table.row_changed.connect(lambda _line: self._enable())
        self.table.opened.connect(lambda _line: self.restore.click())
        self.restore.clicked.connect(self._on_ask)
        self.asking.ready.connect(self._on_restore)
        self.folder.clicked.connect(self._on_open_folder)

    # ---- showing

    def _on_read(self, lines: list[BackupLine]) -> None:
        self.rows.set_rows(lines)
        if lines and self.table.current_row() is None:
            self.table.selectRow(0)
        self._enable()

    def _enable(self) -> None:
        line: BackupLine | None = self.table.current_row()
        state = line.verdict.state if line else backup.DAMAGED
        self.restore.setEnabled(self._job is None and state not in (backup.DAMAGED, backup.NEWER))
        self.check_all.setEnabled(self._job is None and bool(self.rows.rows))
        self.take_one.setEnabled(self._job is None)

    # ---- carrying out

    def _on_take(self) -> None:
        self._begin(_("Backing up…"), stops=False)
        self._job = self.desk.run(actions.take(), self._on_taken, owner=self, refused=self._on_refused)
        self._enable()

    def _on_taken(self, _path: Path) -> None:
        self._end(_("Backup made."))
        self.desk.events.exchanged.emit()

    def _on_check(self) -> None:
        self._begin(_("Opening each backup and looking at every page…"))
        self._job = self.desk.run(actions.check_all(), self._on_checked, owner=self, refused=self._on_refused)
        self._job.progressed.connect(self._on_progressed)
        self._enable()

    def _on_progressed(self, done: int, total: int) -> None:
        if self._job is not None:
            self.busy.tell(_("Opening each backup and looking at every page…"), done, total)

    def _on_checked(self, found: Sequence[Verdict]) -> None:
        damaged = sum(one.state == backup.DAMAGED for one in found)
        today = self.desk.today.isoformat()
        looked = sum(one.looked_on == today for one in found)
        words = _("{count} of {total} backups looked through: ").format(count=looked, total=len(found))
        self._end(words + (_("{count} damaged.").format(count=damaged) if damaged else _("none is damaged.")))

    def _on_refused(self, error: Exception) -> bool:
        self._end("")
        return tell_refusal(self.desk, error, self.trouble)

    def _begin(self, words: str, *, stops: bool = True) -> None:
        self.trouble.show_error("")
        self.busy.stop_button.setVisible(stops)
        self.busy.tell(words)
        self.busy.show()

    def _end(self, told: str) -> None:
        self._job = None
        self.busy.hide()
        self.refresh()
        if told:
            self.desk.events.told.emit(told, False)

    def _on_ask(self) -> None:
        line: BackupLine | None = self.table.current_row()
        if line is not None:
            self.asking.start(line, wording.moment(line.at, self.desk.today))
            self.show_card(self.asking)

    def _on_restore(self) -> None:
        if self.asking.line is not None:
            op = actions.prepare(self.asking.line.path, self.desk.settings.data_dir)
            self.desk.ask(op, self.desk.events.restoring.emit, owner=self)

    def _on_open_folder(self) -> None:
        folder = self.desk.facts.folder / backup.FOLDER
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _about(folder: KeyButton) -> Card:
    """What is saved when, how long it is kept, and what it does not protect against."""
    card = Card(_("How it is saved"))
    for words in (
        _(
            "A backup is made by itself once a day while you work, before files are taken in and before an upgrade."
        ),
        _(
            "The newest twenty stay, and one for each of the last seven days and four weeks. A backup is as "
            "encrypted as the ledger: the passphrases of its day open it."
        ),
        _(
            "They lie beside the ledger. Against a lost or broken computer copy the whole folder to a USB stick "
            "now and then, and lock it away."
        ),
    ):
        card.add(label(words, wrap=True))
    card.add(row_of(folder))
    card.body.addStretch(1)
    return card
