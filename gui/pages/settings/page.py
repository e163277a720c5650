"""The settings: what this ledger is, who works on it, who can open it, backups, policy; one part at a time."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.desk import Desk
from gui.i18n import _
from gui.models.roll import Whom
from gui.pages.page import Page
from gui.pages.settings.access import AccessSection
from gui.pages.settings.backups import BackupsSection
from gui.pages.settings.drafting import DraftingSection
from gui.pages.settings.ledger import LedgerSection
from gui.pages.settings.operators import PASSPHRASE, OperatorsSection
from gui.pages.settings.policy import PolicySection
from gui.pages.settings.publishing import PublishingSection
from gui.pages.settings.retention import RetentionSection
from gui.pages.settings.section import Section
from gui.pages.settings.went_out import WentOutSection
from gui.pages.settings.year import YearSection
from gui.widgets.fields import ChoiceRow
from storage.ledger import Changes
from storage.queries.retention import Due

LEDGER, OPERATORS, ACCESS, BACKUPS, POLICY = "ledger", "operators", "access", "backups", "policy"
PUBLISHING, RETENTION, DRAFTING, YEAR = "publishing", "retention", "drafting", "year"
WENT_OUT = "went_out"


class SettingsPage(Page):
    """What another page asks for: the name of a part, alone or with what to show there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._asked = False
        self.ledger, self.operators = LedgerSection(desk), OperatorsSection(desk)
        self.access, self.backups = AccessSection(desk), BackupsSection(desk)
        self.policy, self.retention = PolicySection(desk), RetentionSection(desk)
        self.parts: dict[str, Section] = {
            LEDGER: self.ledger,
            OPERATORS: self.operators,
            ACCESS: self.access,
            BACKUPS: self.backups,
            POLICY: self.policy,
            YEAR: YearSection(desk),
            **(
                {DRAFTING: DraftingSection(desk), PUBLISHING: PublishingSection(desk)}
                if desk.is_office
                else {}
            ),
            RETENTION: self.retention,
            WENT_OUT: WentOutSection(desk),
        }
        titles = {
            LEDGER: _("Ledger and looks"),
            OPERATORS: _("Operators"),
            ACCESS: _("Who can open it"),
            BACKUPS: _("Backups"),
            POLICY: _("Policy"),
            YEAR: _("Insurance years"),
            DRAFTING: _("Write a policy"),
            PUBLISHING: _("Policies of the villages"),
            RETENTION: _("Kept how long"),
            WENT_OUT: _("What went out"),
        }
        self.tabs = ChoiceRow([(name, titles[name]) for name in self.parts])
        self._stack, self._head = QStackedWidget(), QWidget()
        self._build()
        self.tabs.chosen.connect(self.show_part)
        self.ledger.passphrase.clicked.connect(lambda: self.take((OPERATORS, PASSPHRASE)))
        self.retention.opened.connect(self._on_due_opened)
        drafting = self.parts.get(DRAFTING)
        if isinstance(drafting, DraftingSection):
            drafting.giving.connect(lambda name: self.take((PUBLISHING, name)))
            drafting.filled.connect(lambda on: self._head.setVisible(not on))
        self.show_part(LEDGER)

    def first_focus(self) -> QWidget | None:
        return self.part().first_focus() if self._asked else self.tabs

    def follow_policy(self) -> None:
        self.policy.follow_policy()
        self.retention.follow_policy()

    def concerns(self, changes: Changes) -> bool:
        return False

    def take(self, request: object) -> None:
        name, more = request if isinstance(request, tuple) else (request, None)
        if name in self.parts:
            self.show_part(str(name))
            self._asked = True
            if more is not None:
                self.part().take(more)

    def refresh(self) -> None:
        self.part().refresh()

    def back(self) -> bool:
        return self.part().back()

    def part(self) -> Section:
        """The part shown."""
        part = self._stack.currentWidget()
        assert isinstance(part, Section)
        return part

    def show_part(self, name: str) -> None:
        """Show one part."""
        self._asked = False
        part = self.parts[name]
        self._head.setVisible(not (isinstance(part, DraftingSection) and part.is_open()))
        self.tabs.choose(name)
        self._stack.setCurrentWidget(self.parts[name])
        if self.isVisible():
            self.refresh()

    def _on_due_opened(self, one: Due) -> None:
        if self.desk.is_office:
            self.wanted.emit("people", Whom(one.scope, one.record))

    def _build(self) -> None:
        theme = themes.current()
        self.tabs.setAccessibleName(_("Parts of the settings"))
        for part in self.parts.values():
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(14), 0, 0)
        column.setSpacing(theme.px(8))
        line = QVBoxLayout(self._head)
        line.setContentsMargins(theme.px(20), 0, theme.px(20), 0)
        line.addWidget(self.tabs)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)
