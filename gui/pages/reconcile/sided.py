"""What both parts of comparing have: the sides beside one another, and above them a form for an answer in words."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gui import theme as themes
from gui.desk import Desk
from gui.ops import ChangeOp
from gui.pages.pending.doubles import SideCard
from gui.pages.pending.section import Section
from gui.pages.reconcile.asking import WordsPanel
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel


class SidedSection(Section):
    """``closed_off`` are the buttons that rest while the form (``panel``) is open."""

    def __init__(self, desk: Desk, model: RowsModel, name: str, empty: EmptyState) -> None:
        super().__init__(desk, model, name, empty)
        self.cards: list[SideCard] = []
        self.panel: WordsPanel | None = None
        self._sides = QWidget()
        self._grid = QGridLayout(self._sides)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(themes.current().px(10))
        self.below.addWidget(self._sides)

    def closed_off(self) -> Sequence[QWidget]:
        """What cannot be pressed while words are asked for."""
        raise NotImplementedError

    def columns(self) -> int:
        """How many sides have room beside one another."""
        return 2

    def back(self) -> bool:
        if self.panel is not None:
            self.close_panel()
            self.to_list()
            return True
        return super().back()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def show_cards(self, cards: Sequence[SideCard]) -> None:
        """Show these sides in place of those before."""
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = list(cards)
        self._place()

    def open_panel(self, panel: WordsPanel, saved: Callable[[Any], None]) -> None:
        """Ask for words; ``saved`` gets the result once they are written."""
        self.close_panel()
        self.panel = panel
        panel.closed.connect(self.back)
        panel.saving.connect(lambda op: self._save(op, panel, saved))
        self.below.insertWidget(0, panel)
        for widget in self.closed_off():
            widget.setEnabled(False)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        panel.stay_in(self.scroller)

    def close_panel(self) -> None:
        """Take the form away, where one is open."""
        if self.panel is not None:
            panel, self.panel = self.panel, None
            self.below.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
            for widget in self.closed_off():
                widget.setEnabled(True)

    def _save(self, op: ChangeOp, panel: WordsPanel, saved: Callable[[Any], None]) -> None:
        if not self.desk.writing():
            self.desk.change(op, saved, owner=panel, refused=panel.show_refusal)

    def _place(self) -> None:
        beside = self.columns()
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < beside))
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // beside, place % beside)
