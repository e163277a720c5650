"""Who can open this ledger, and what helps when a passphrase is forgotten."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.actions import keys as actions
from gui.actions.keys import Access
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.pages.exchange.compare import recovery_words
from gui.pages.exchange.dropping import DropTarget
from gui.pages.settings.helping import HelpCard, OfficeKeyCard
from gui.pages.settings.section import Section
from gui.pages.settings.sheets import SheetCard, SheetPreview
from gui.widgets.cards import Card
from gui.widgets.labels import label, plain, strong
from gui.wording.places import below
from gui.wording.units import listed
from storage.errors import KnownError
from storage.recovery import Sheet
from sync.help import REQUEST

_NARROW = 940


class AccessSection(Section):
    """Facts and sheets at the left; at the right an office helps, a village reads what to do."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.facts = label("", wrap=True)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.sheets, self.preview = SheetCard(desk), SheetPreview(desk)
        self.help = HelpCard(desk, below(desk.profile.scope).one) if desk.is_office else None
        self.key = OfficeKeyCard(desk) if desk.is_office else None
        self._build()
        self.sheets.drawn.connect(self._on_drawn)
        self.sheets.changed.connect(self.refresh)
        self.preview.finished.connect(self._on_finished)
        if self.help is not None and self.key is not None:
            self.key.changed.connect(self.refresh)
            DropTarget(self).dropped.connect(self._on_dropped)

    def refresh(self) -> None:
        self.desk.ask(actions.read(), self._on_read, owner=self)

    def take(self, request: object) -> None:
        if isinstance(request, Path) and self.help is not None:
            self.help.take(request)

    def back(self) -> bool:
        if self._stack.currentWidget() is self.preview:
            self.preview.close_sheet()
            return True
        if self.help is not None and self.help.is_busy():
            self.help.reset()
            return True
        return False

    def first_focus(self) -> QWidget:
        if self._stack.currentWidget() is self.preview:
            return self.preview.print
        return self.help.choose if self.help is not None else self.sheets.print

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        narrow = self.width() < themes.current().px(_NARROW)
        self._halves.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def _build(self) -> None:
        theme = themes.current()
        who = Card(_("Who can open this ledger"))
        who.add(self.facts)
        left, right = QVBoxLayout(), QVBoxLayout()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for column in (left, right, self._halves):
            column.setSpacing(theme.px(12))
        left.addWidget(who)
        left.addWidget(self.sheets)
        for card in (self.help, self.key) if self.help is not None else (self._what_to_do(),):
            assert card is not None
            right.addWidget(card)
        for side in (left, right):
            side.addStretch(1)
            self._halves.addLayout(side, 1)
        self.column.addLayout(self._halves)
        self.column.addStretch(1)
        self._stack = self._stacked()

    def _stacked(self) -> QStackedWidget:
        """Put the preview in the same place as the cards."""
        stack, whole = QStackedWidget(), self.layout()
        assert whole is not None
        item = whole.takeAt(0)
        assert item is not None
        stack.addWidget(item.widget())
        stack.addWidget(self.preview)
        whole.addWidget(stack)
        return stack

    def _what_to_do(self) -> Card:
        card = Card(_("When a passphrase is forgotten"))
        card.add(
            label(
                _(
                    "A colleague who manages the keys gives whoever forgot theirs a new one, under “Operators”. When "
                    "nobody can open the ledger any more, choose “Passphrase forgotten?” where it is opened:"
                ),
                wrap=True,
            )
        )
        for words in (
            _("The office helps with a file and a telephone call. Nothing is lost."),
            _("Or type the six lines of a recovery sheet."),
            _("Or use an earlier passphrase, with a backup of its day."),
        ):
            card.add(label(f"· {words}", wrap=True))
        return card

    def _on_read(self, found: Access) -> None:
        self.facts.setText("<br><br>".join(self._lines(found)))
        self.sheets.show_sheets(found.sheets)
        if self.key is not None:
            self.key.show_key(found.key)

    def _lines(self, found: Access) -> list[str]:
        office = self.desk.profile.office
        lines = [
            f"{plain(_('Operators'))}　{strong(listed(list(found.operators)))}<br>"
            f"{plain(_('each with a passphrase of their own'))}"
        ]
        if found.office:
            lines.append(f"{plain(_('Office'))}　{strong(office)}<br>{plain(recovery_words(office))}")
        elif not self.desk.is_office:
            lines.append(
                plain(_("No office can open it: the ledger was begun alone. Print a recovery sheet."))
            )
        lines.append(
            plain(_("Recovery sheets: {count}").format(count=len(found.sheets)))
            if found.sheets
            else plain(_("No recovery sheet"))
        )
        return lines

    def _on_drawn(self, sheet: Sheet) -> None:
        try:
            self.preview.show_sheet(sheet)
        except KnownError as error:
            self.sheets.trouble.show_error(sentence(error))
            return
        self._stack.setCurrentWidget(self.preview)
        self.preview.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_finished(self) -> None:
        self._stack.setCurrentIndex(0)
        self.refresh()
        self.sheets.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_dropped(self, paths: list[Path]) -> None:
        wanted = next((path for path in paths if path.suffix.lower() == REQUEST), paths[0])
        if self.help is not None:
            self.help.take(wanted)
