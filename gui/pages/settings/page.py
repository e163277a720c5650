"""The settings: mostly facts to read; what can be chosen takes effect at once."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import i18n
from gui.actions import exchange
from gui.desk import Desk
from gui.i18n import _
from gui.models import settings
from gui.ops import QueryOp
from gui.pages.page import Page
from gui.pages.settings.view import SettingsView
from gui.widgets.labels import plain, strong
from storage.ledger import Changes


class SettingsPage(Page):
    """Facts of the ledger, the policy with its sources, the look of the window, backups."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.policy = settings.policy_model()
        self.backups = settings.backups_model(lambda: desk.today)
        self.view = SettingsView(self.policy, self.backups)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        view.language.choose(i18n._.language or i18n.DEFAULT)
        view.text_size.choose("yes" if desk.settings.large else "no")
        view.operator.setText(desk.operator)
        view.language.chosen.connect(self._on_language_chosen)
        view.text_size.chosen.connect(self._on_size_chosen)
        view.take_operator.clicked.connect(self._on_operator_taken)
        view.operator.returnPressed.connect(self._on_operator_taken)
        view.backup.clicked.connect(self._on_backup)
        view.leave.clicked.connect(desk.events.leaving)
        view.folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(desk.facts.folder)))
        )
        self._show_facts()
        self._show_policy()

    def first_focus(self) -> QWidget | None:
        return self.view.language

    def concerns(self, changes: Changes) -> bool:
        return False

    def refresh(self) -> None:
        self.desk.ask(QueryOp(settings.read_backups, slot="backups"), self.backups.set_rows, owner=self)

    def _show_facts(self) -> None:
        facts = self.desk.facts
        lines = [
            (_("Place"), facts.profile.title),
            (_("Code"), facts.profile.scope),
            (_("Office"), facts.profile.office or _("none: begun alone")),
            (_("Device"), facts.replica),
            (_("Folder"), str(facts.folder)),
        ]
        self.view.facts.setText("<br>".join(f"{plain(name)}　{strong(value)}" for name, value in lines))

    def _show_policy(self) -> None:
        policy = self.desk.policy
        title = strong(policy.title)
        if policy.example:
            title += " " + strong(_("Example, in force nowhere"), "warn")
        self.view.policy_title.setText(title)
        self.policy.set_rows(settings.policy_lines(policy))

    def _on_language_chosen(self, language: str) -> None:
        self.desk.settings.keep("language", language)
        self.desk.events.redressing.emit()

    def _on_size_chosen(self, large: str) -> None:
        self.desk.settings.set_large(large == "yes")
        self.desk.events.redressing.emit()

    def _on_operator_taken(self) -> None:
        name = self.view.operator.text().strip()
        if name:
            self.desk.take_operator(name)
            self.desk.events.told.emit(_("Entries are now made by {name}.").format(name=name), False)

    def _on_backup(self) -> None:
        self.desk.ask(exchange.take_backup("by-hand"), self._on_backed_up, owner=self)

    def _on_backed_up(self, _path: object) -> None:
        self.desk.events.told.emit(_("Backup made."), False)
        self.desk.events.exchanged.emit()
        self.refresh()
