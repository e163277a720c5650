"""How the settings are laid out."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import DEFAULT, SOURCE, _
from gui.pages.households.view import PeopleTable
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import ChoiceRow, FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_BACKUPS = 230
_NARROW = 1000


class SettingsView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, policy: RowsModel, backups: RowsModel) -> None:
        super().__init__()
        theme = themes.current()
        self.facts = label("", wrap=True)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.folder = KeyButton(_("Open the folder"), "O")
        self.leave = KeyButton(_("Open another ledger"), "L")
        self.language = ChoiceRow([(DEFAULT, "中文"), (SOURCE, "English")])
        self.text_size = ChoiceRow([("no", _("Normal")), ("yes", _("Large"))])
        self.operator = QLineEdit()
        self.take_operator = KeyButton(_("Take this name"))
        self.backup = KeyButton(_("Back up now"), "B")
        self.backups = TableView(backups, _("Backups"), header=False)
        self.no_backups = EmptyState(_("No backup yet"))
        self.backups.set_empty(self.no_backups)
        self.policy_title = label("", wrap=True)
        self.policy_title.setTextFormat(Qt.TextFormat.RichText)
        self.policy = PeopleTable(policy, _("Policy"))
        self.policy.setSortingEnabled(False)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        self._cards = (self._make_ledger(), self._make_look(), self._make_backups())
        self._top = QGridLayout()
        self._top.setSpacing(theme.px(12))
        self._arrange(True)
        column.addLayout(self._top)
        rules = Card(_("Policy"))
        rules.add(self.policy_title)
        rules.add(self.policy)
        column.addWidget(rules)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inner))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() >= themes.current().px(_NARROW))

    def _arrange(self, wide: bool) -> None:
        """Three cards side by side, or the backups below the two others."""
        for number, card in enumerate(self._cards):
            row, column = (0, number) if wide else divmod(number, 2)
            self._top.addWidget(card, row, column, 1, 1 if wide or number < 2 else 2)
        for column in range(3):
            self._top.setColumnStretch(column, 1 if wide or column < 2 else 0)

    def _make_ledger(self) -> QWidget:
        card = Card(_("This ledger"))
        card.add(self.facts)
        card.body.addStretch(1)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        flow.addWidget(self.folder)
        flow.addWidget(self.leave)
        card.add(buttons)
        return card

    def _make_look(self) -> QWidget:
        card = Card(_("Looks and name"))
        card.add(FormField(_("Language"), self.language))
        card.add(FormField(_("Size of everything"), self.text_size))
        name = QWidget()
        line = QHBoxLayout(name)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.operator, 1)
        line.addWidget(self.take_operator)
        name.setFocusProxy(self.operator)
        self.operator.setAccessibleName(_("Who enters"))
        card.add(FormField(_("Who enters"), name, _("stands beside every entry you make")))
        card.body.addStretch(1)
        return card

    def _make_backups(self) -> QWidget:
        card = Card(_("Backups"), self.backup)
        card.add(self.backups, 1)
        card.add(
            label(_("Encrypted like the ledger; the passphrase of that day opens them."), "small", wrap=True)
        )
        card.setMinimumHeight(themes.current().px(_BACKUPS))
        return card
