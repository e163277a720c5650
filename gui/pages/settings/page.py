"""The settings: what this ledger is, who works on it, who can open it, backups, policy; one part at a time."""

from collections.abc import Callable, Iterator, Mapping
from typing import cast

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


class Parts(Mapping[str, Section]):
    """The parts by name, each made when it is first asked for; ``made`` are those there are."""

    def __init__(
        self,
        makers: dict[str, Callable[[Desk], Section]],
        make: Callable[[Callable[[Desk], Section]], Section],
    ) -> None:
        self._makers, self._make = makers, make
        self.made: dict[str, Section] = {}

    def __getitem__(self, name: str) -> Section:
        if name not in self.made:
            self.made[name] = self._make(self._makers[name])
        return self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class SettingsPage(Page):
    """What another page asks for: the name of a part, alone or with what to show there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._asked = False
        self._stack, self._head = QStackedWidget(), QWidget()
        office: dict[str, Callable[[Desk], Section]] = {
            DRAFTING: DraftingSection,
            PUBLISHING: PublishingSection,
        }
        self.parts = Parts(
            {
                LEDGER: LedgerSection,
                OPERATORS: OperatorsSection,
                ACCESS: AccessSection,
                BACKUPS: BackupsSection,
                POLICY: PolicySection,
                YEAR: YearSection,
                **(office if desk.is_office else {}),
                RETENTION: RetentionSection,
                WENT_OUT: WentOutSection,
            },
            self._make,
        )
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
        self._build()
        self.tabs.chosen.connect(self.show_part)
        self.show_part(LEDGER)

    @property
    def ledger(self) -> LedgerSection:
        """The part about the ledger and how it looks."""
        return cast(LedgerSection, self.parts[LEDGER])

    @property
    def operators(self) -> OperatorsSection:
        """The part about who works here."""
        return cast(OperatorsSection, self.parts[OPERATORS])

    @property
    def access(self) -> AccessSection:
        """The part about what opens it."""
        return cast(AccessSection, self.parts[ACCESS])

    @property
    def backups(self) -> BackupsSection:
        """The part about backups."""
        return cast(BackupsSection, self.parts[BACKUPS])

    @property
    def policy(self) -> PolicySection:
        """The part about the policy in force."""
        return cast(PolicySection, self.parts[POLICY])

    def _make(self, make: Callable[[Desk], Section]) -> Section:
        """Make a part when it is first wanted: together they would be felt."""
        part = make(self.desk)
        match part:
            case LedgerSection():
                part.passphrase.clicked.connect(lambda: self.take((OPERATORS, PASSPHRASE)))
            case RetentionSection():
                part.opened.connect(self._on_due_opened)
            case DraftingSection():
                part.giving.connect(lambda name: self.take((PUBLISHING, name)))
                part.filled.connect(lambda on: self._head.setVisible(not on))
        self._stack.addWidget(part)
        return part

    def first_focus(self) -> QWidget | None:
        return self.part().first_focus() if self._asked else self.tabs

    def follow_policy(self) -> None:
        for part in self.parts.made.values():
            if isinstance(part, PolicySection | RetentionSection):
                part.follow_policy()

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(14), 0, 0)
        column.setSpacing(theme.px(8))
        line = QVBoxLayout(self._head)
        line.setContentsMargins(theme.px(20), 0, theme.px(20), 0)
        line.addWidget(self.tabs)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)
