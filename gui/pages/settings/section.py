"""What every part of the settings is, and the small forms at its side."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine
from gui.widgets.scroll import Scroller
from gui.wording import roles
from storage.errors import KnownError, RuleViolation


class Section(QWidget):
    """One part of the settings; scrolls where the screen is lower than what it holds."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme = themes.current()
        self.desk = desk
        self.inner = QWidget()
        self.column = QVBoxLayout(self.inner)
        self.column.setContentsMargins(theme.px(20), theme.px(4), theme.px(20), theme.px(14))
        self.column.setSpacing(theme.px(12))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(self.inner))

    def refresh(self) -> None:
        """Read what is shown."""

    def take(self, request: object) -> None:
        """Show what was asked for."""

    def back(self) -> bool:
        """Close what is open; False where nothing is."""
        return False

    def first_focus(self) -> QWidget | None:
        """Where the keyboard goes when the part is opened."""
        return None


class Side(QWidget):
    """Holds several cards and shows one of them; only that one claims room."""

    def __init__(self, *cards: QWidget) -> None:
        super().__init__()
        self._cards = cards
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for card in cards:
            column.addWidget(card)
        self.show_card(cards[0])

    def shown(self) -> QWidget:
        """The card that is shown."""
        return self._shown

    def show_card(self, card: QWidget) -> None:
        """Show this one in place of the others."""
        self._shown = card
        for one in self._cards:
            one.setVisible(one is card)


class HalvesSection(Section):
    """A card with a list at the left, at the right what is to know; a form takes its place while it is open.

    On a narrow window the form comes first.
    """

    _NARROW = 940  # px

    def put(self, left: Card, resting: QWidget, about: Card, *forms: "SideForm", least: int = 300) -> None:
        """Lay both out; ``resting`` has the keyboard while no form is open, ``least`` px the left on a low screen."""
        theme = themes.current()
        self.side = side = Side(about, *forms)
        self._resting, self._about = resting, about
        for form in forms:
            form.left.connect(self.close_form)
        left.setMinimumHeight(theme.px(least))
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(theme.px(12))
        self._halves.addWidget(left, 5)
        self._halves.addWidget(side, 4)
        self.column.addLayout(self._halves, 1)
        self._arrange()

    def back(self) -> bool:
        if isinstance(self.side.shown(), SideForm):
            self.close_form()
            return True
        return False

    def first_focus(self) -> QWidget:
        shown = self.side.shown()
        return shown.first() if isinstance(shown, SideForm) else self._resting

    def close_form(self) -> None:
        """Show again what is to know."""
        self.show_card(self._about)
        self._resting.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_card(self, card: QWidget) -> None:
        """Show a card at the side; a form gets the keyboard."""
        self.side.show_card(card)
        self._arrange()
        if isinstance(card, SideForm):
            card.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        way = QBoxLayout.Direction
        narrow = self.width() < themes.current().px(self._NARROW)
        filled = isinstance(self.side.shown(), SideForm)
        stacked = way.BottomToTop if filled else way.TopToBottom
        self._halves.setDirection(stacked if narrow else way.LeftToRight)


class SideForm(Card):
    """A small form: Return carries it out, Escape leaves it; ``ready`` once ``check`` finds all there.

    One that only asks back begins on Cancel and shows no ``key``: a Return too many does nothing.
    """

    ready = Signal()
    left = Signal()

    def __init__(self, title: str, go: str, *content: QWidget, key: str = "Return") -> None:
        super().__init__(title)
        self.body.setSpacing(themes.current().px(8))
        self.trouble = ErrorLine()
        self.go = KeyButton(go, key, primary=True, bind=False)
        self.cancel = KeyButton(_("Cancel"), "Escape", bind=False)
        for widget in (*content, self.trouble, row_of(self.go, self.cancel)):
            self.add(widget)
        self.body.addStretch(1)
        self.go.clicked.connect(self._on_go)
        self.cancel.clicked.connect(self.left)
        for pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            short = QShortcut(QKeySequence(pressed), self)
            short.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            short.activated.connect(self._on_return_pressed)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.cancel

    def fields(self) -> Sequence[FormField]:
        """The fields a refusal can stand beside, named by ``objectName``."""
        return ()

    def check(self) -> bool:
        """Whether all that is needed is there; says beside each field what is not."""
        return True

    def begin(self) -> None:
        """Start anew."""
        self.set_busy(False)
        self.trouble.show_error("")
        for field in self.fields():
            field.set_error("")

    def set_busy(self, busy: bool) -> None:
        """While it is being carried out it cannot be pressed twice."""
        self.go.setEnabled(not busy)

    def refuse(self, error: KnownError) -> None:
        """Say what went wrong, beside its field where it has one."""
        self.set_busy(False)
        name = error.field if isinstance(error, RuleViolation) else ""
        field = next((one for one in self.fields() if name and one.objectName() == name), None)
        if field is None:
            self.trouble.show_error(sentence(error))
        else:
            field.set_error(sentence(error))
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def refusing(self, desk: Desk, error: Exception) -> bool:
        """Take expected trouble up; a fault is left to the window."""
        expected = known(error, desk.facts.folder)
        self.set_busy(False)
        if expected is not None:
            self.refuse(expected)
        return expected is not None

    def _on_return_pressed(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, KeyButton) and self.isAncestorOf(focused):
            focused.click()
        else:
            self.go.click()

    def _on_go(self) -> None:
        self.trouble.show_error("")
        if self.check():
            self.set_busy(True)
            self.ready.emit()


class Rights(QWidget):
    """Which roles somebody has: each a button that stays down, with what it lets do below."""

    changed = Signal()

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__()
        self._buttons: dict[str, KeyButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(3))
        for number, code in enumerate(codes):
            column.addSpacing(themes.current().px(6) if number else 0)
            button = self._buttons[code] = KeyButton(roles.role(code))
            button.setCheckable(True)
            button.setAccessibleDescription(roles.explained(code))
            button.clicked.connect(self.changed)
            column.addWidget(button)
            column.addWidget(label(roles.explained(code), "small", wrap=True))
        self.setFocusProxy(next(iter(self._buttons.values())))

    def show_roles(self, chosen: Sequence[str]) -> None:
        """Show these as given."""
        for code, button in self._buttons.items():
            button.setChecked(code in chosen)

    def chosen(self) -> list[str]:
        """The roles that are given."""
        return [code for code, button in self._buttons.items() if button.isChecked()]

    def buttons(self) -> list[KeyButton]:
        """Its buttons."""
        return list(self._buttons.values())

    def set_open(self, on: bool) -> None:
        """Let them be changed, or only seen."""
        for button in self._buttons.values():
            button.setEnabled(on)


def tell_refusal(desk: Desk, error: Exception, line: ErrorLine) -> bool:
    """Say expected trouble in a line; False for a fault, which is left to the window."""
    expected = known(error, desk.facts.folder)
    if expected is not None:
        line.show_error(sentence(expected))
    return expected is not None


def row_of(*buttons: QWidget) -> QWidget:
    """Buttons side by side, on as many lines as they need."""
    row = QWidget()
    flow = FlowLayout(row, gap=8)
    for button in buttons:
        flow.addWidget(button)
    return row
