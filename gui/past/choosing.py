"""Choosing a moment to look back to: typed as day and time, or one of those that are offered."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from gui import theme as themes
from gui.errors import sentence
from gui.i18n import _
from gui.models.moments import Choice, Wish, meant
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.combos import Combo
from gui.widgets.entries import read_time
from gui.widgets.fields import DateField, FormField
from storage.errors import RuleViolation

_TYPED = ""


class Choosing(QWidget):
    """A strip over the pages; ``wanted`` carries the Wish, ``closed`` says it is not wanted any more."""

    wanted = Signal(object)
    closed = Signal()

    def __init__(self, now: datetime) -> None:
        super().__init__()
        theme = themes.current()
        self._now, self._choices = now, dict[str, Choice]()
        self.card = Card(_("Show the whole ledger as it stood"))
        self.offered = FormField(_("Moment"), Combo({_TYPED: _("The day and time typed here")}))
        day, clock = DateField(now.date()), QLineEdit()
        self.day = FormField(_("Day"), day, _("without a time: the end of the day"))
        self.time = FormField(_("Time"), clock)
        clock.setPlaceholderText("17:30")
        self.go = KeyButton(_("Show"), "Return", primary=True, bind=False)
        self.cancel = KeyButton(_("Cancel"), "Escape", bind=False)
        self._lay(theme)
        self.go.clicked.connect(self._on_go)
        self.cancel.clicked.connect(self.closed)
        self._combo.activated.connect(self._on_offered)
        for editor in (day, clock):
            editor.textEdited.connect(lambda _text: self._combo.choose(_TYPED))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            short = QShortcut(QKeySequence(key), self)
            short.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            short.activated.connect(self._on_return_pressed)
        self.setAccessibleName(_("Show the whole ledger as it stood"))

    @property
    def _combo(self) -> Combo:
        assert isinstance(self.offered.editor, Combo)
        return self.offered.editor

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these moments; what was typed or chosen stays."""
        kept = self._combo.value()
        self._choices = {str(number): one for number, one in enumerate(choices, 1)}
        self._combo.clear()
        self._combo.addItem(_("The day and time typed here"), _TYPED)
        for code, one in self._choices.items():
            self._combo.addItem(one.words, code)
        self._combo.choose(kept)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.day.editor

    def wish(self) -> Wish:
        """What was chosen or typed; raises RuleViolation asof.day, asof.time."""
        chosen = self._choices.get(self._combo.value())
        if chosen is not None:
            return chosen.wish
        assert isinstance(self.day.editor, DateField) and isinstance(self.time.editor, QLineEdit)
        typed = self.time.editor.text().strip()
        clock = read_time(typed) if typed else None
        if typed and clock is None:
            raise RuleViolation("asof.time", field="time", text=typed)
        return meant(self.day.editor.day(), clock, self._now)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _on_offered(self, _line: int) -> None:
        chosen = self._choices.get(self._combo.value())
        if chosen is not None:
            assert isinstance(self.day.editor, DateField) and isinstance(self.time.editor, QLineEdit)
            self.day.editor.set_day(chosen.at.date())
            self.time.editor.setText(f"{chosen.at:%H:%M}")
            self._show_error(None)

    def _on_return_pressed(self) -> None:
        (self.cancel if self.cancel.hasFocus() else self.go).click()

    def _on_go(self) -> None:
        self._show_error(None)
        try:
            wish = self.wish()
        except RuleViolation as error:
            self._show_error(error)
            return
        self.wanted.emit(wish)

    def _show_error(self, error: RuleViolation | None) -> None:
        for name, field in (("day", self.day), ("time", self.time)):
            field.set_error(sentence(error) if error is not None and error.field == name else "")
        if error is not None:
            (self.time if error.field == "time" else self.day).editor.setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    def _lay(self, theme: themes.Theme) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        for column, (field, stretch) in enumerate(((self.day, 3), (self.time, 2), (self.offered, 6))):
            grid.addWidget(field, 0, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, stretch)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(10))
        foot.addWidget(self.go)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        self.card.add(grid)
        self.card.add(foot)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(20), theme.px(10), theme.px(20), theme.px(4))
        line.addWidget(self.card)
