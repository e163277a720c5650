"""What this ledger is, who is at work, and how the window looks."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gui import i18n
from gui import theme as themes
from gui.desk import Desk
from gui.i18n import DEFAULT, SOURCE, _
from gui.pages.settings.section import Section, row_of
from gui.settings import LOCKS
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import ChoiceRow, FormField
from gui.widgets.labels import label, plain, strong
from gui.wording import roles

_NARROW = 900


class LedgerSection(Section):
    """Facts to read; what can be chosen takes effect at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.facts, self.me = label("", wrap=True), label("", wrap=True)
        for words in (self.facts, self.me):
            words.setTextFormat(Qt.TextFormat.RichText)
        self.folder = KeyButton(_("Open the folder"), "O")
        self.leave = KeyButton(_("Open another ledger"), "L")
        self.switch = KeyButton(_("Somebody else goes on…"), "W")
        self.passphrase = KeyButton(_("Change my passphrase…"), "P")
        self.language = ChoiceRow([(DEFAULT, "中文"), (SOURCE, "English")])
        self.text_size = ChoiceRow([("no", _("Normal")), ("yes", _("Large"))])
        self.face = ChoiceRow(
            [
                ("", _("As the desktop")),
                ("light", _("Light")),
                ("dark", _("Dark")),
                ("contrast", _("High contrast")),
            ]
        )
        minutes = _("{count} min")
        spans = [minutes.format(count=count) if count != "0" else _("Never") for count in LOCKS]
        self.lock = ChoiceRow(list(zip(LOCKS, spans, strict=True)))
        self._cards = (self._make_ledger(), self._make_me(), self._make_look())
        self._grid = QGridLayout()
        self._grid.setSpacing(themes.current().px(12))
        self._arrange(True)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)
        self._listen()
        self._show()

    def first_focus(self) -> QWidget:
        return self.language

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() >= themes.current().px(_NARROW))

    def _arrange(self, wide: bool) -> None:
        for number, card in enumerate(self._cards):
            row, column = (0, number) if wide else (number, 0)
            self._grid.addWidget(card, row, column)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if wide or not column else 0)

    def _make_ledger(self) -> Card:
        card = Card(_("This ledger"))
        card.add(self.facts)
        card.body.addStretch(1)
        card.add(row_of(self.folder, self.leave))
        return card

    def _make_me(self) -> Card:
        card = Card(_("At work"))
        card.add(self.me)
        card.add(label(_("Your name stands beside every entry you make."), "small", wrap=True))
        card.body.addStretch(1)
        card.add(row_of(self.passphrase, self.switch))
        return card

    def _make_look(self) -> Card:
        card = Card(_("Looks"))
        card.add(FormField(_("Language"), self.language))
        card.add(FormField(_("Size of everything"), self.text_size))
        card.add(FormField(_("Colours"), self.face))
        card.add(FormField(_("Lock the window by itself"), self.lock, _("Ctrl+L locks it at once.")))
        card.body.addStretch(1)
        return card

    def _listen(self) -> None:
        desk = self.desk
        self.language.choose(i18n._.language or i18n.DEFAULT)
        self.text_size.choose("yes" if desk.settings.large else "no")
        self.lock.choose(str(desk.settings.lock_minutes))
        self.lock.chosen.connect(lambda minutes: self._redress("lock", minutes))
        self.face.choose(desk.settings.face)
        self.face.chosen.connect(lambda face: self._redress("face", face))
        self.language.chosen.connect(lambda language: self._redress("language", language))
        self.text_size.chosen.connect(lambda large: self._redress("large", large))
        self.leave.clicked.connect(lambda: desk.events.leaving.emit())
        self.switch.clicked.connect(lambda: desk.events.switching.emit())
        self.folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(desk.facts.folder)))
        )

    def _show(self) -> None:
        facts = self.desk.facts
        lines = [
            (_("Place"), facts.profile.title),
            (_("Code"), facts.profile.scope),
            (_("Office"), facts.profile.office or _("none: begun alone")),
            (_("Device"), facts.replica),
            (_("Folder"), str(facts.folder)),
        ]
        self.facts.setText("<br>".join(f"{plain(name)}　{strong(value)}" for name, value in lines))
        known = [role for role in roles.ORDER if role in facts.roles]
        self.me.setText(f"{strong(facts.operator)}<br>{plain(roles.roles(known))}")

    def _redress(self, key: str, value: str) -> None:
        self.desk.settings.keep(key, value)
        self.desk.events.redressing.emit()
