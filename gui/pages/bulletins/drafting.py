"""Before a bulletin is issued: by which denominator, for which reason, what to know first; Enter issues it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.combos import Combo
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine


class Drafting(Card):
    """A strip over the preview. ``changed``: draw it up anew; ``issuing``: as it stands; ``closed``: not wanted.

    ``hiding``: star the names out of the reason.
    """

    changed = Signal()
    issuing = Signal()
    closed = Signal()
    hiding = Signal()

    def __init__(
        self, title: str, denominators: Sequence[tuple[str, str]], chosen: str, *, reason: bool
    ) -> None:
        super().__init__(title)
        self.base = Combo(dict(denominators), chosen)
        self.base.setAccessibleName(_("Ranked by the rate of"))
        self.base.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
        self.reason = FormField(_("Why it is corrected"), QLineEdit()) if reason else None
        self.warnings = label("", "soft", wrap=True)
        self.trouble = ErrorLine()
        self.go = KeyButton(_("Issue it"), "Return", primary=True, bind=False)
        self.look = KeyButton(_("Draw it up"), "Return", primary=True, bind=False)
        self.hide_names = KeyButton(_("Star the names out"), "Ctrl+H")
        self.cancel = KeyButton(_("Cancel"), "Escape", bind=False)
        if self.reason is not None:
            self.add(self.reason)
        foot = QWidget()
        flow = FlowLayout(foot, gap=8)
        for widget in (self.look, self.go, self.hide_names, self.cancel, _beside(self.base)):
            flow.addWidget(widget)
        for widget in (self.warnings, self.trouble, foot):
            self.add(widget)
        self._listen()
        self.show_ready([], names=False, ready=False)

    def text(self) -> str:
        """The reason typed."""
        return self._line.text().strip() if self._line is not None else ""

    def set_text(self, text: str) -> None:
        """Put another reason in."""
        if self._line is not None:
            self._line.setText(text)

    def denominator(self) -> str:
        """The denominator chosen."""
        return self.base.value()

    def show_ready(self, warnings: Sequence[str], *, names: bool, ready: bool) -> None:
        """Say what to know before it is issued; only what was drawn up with this reason can be."""
        self.warnings.setText("\n".join(f"· {one}" for one in warnings))
        self.warnings.setVisible(bool(warnings))
        self.go.setVisible(ready)
        self.look.setVisible(not ready and self._line is not None)
        self.hide_names.setVisible(ready and names)
        if ready:
            self.trouble.show_error("")

    def show_trouble(self, words: str) -> None:
        """Say why it cannot be drawn up or issued."""
        self.trouble.show_error(words)

    def first(self) -> QWidget:
        """Where the keyboard goes: to the reason, else to the button that issues."""
        return self._line or (self.go if self.go.isVisible() else self.cancel)

    @property
    def _line(self) -> QLineEdit | None:
        return (
            self.reason.editor
            if self.reason is not None and isinstance(self.reason.editor, QLineEdit)
            else None
        )

    def _listen(self) -> None:
        self.go.clicked.connect(self.issuing)
        self.look.clicked.connect(self.changed)
        self.cancel.clicked.connect(self.closed)
        self.hide_names.clicked.connect(self.hiding)
        self.base.activated.connect(lambda _line: self._on_edited(draw=True))
        if self._line is not None:
            self._line.textEdited.connect(lambda _text: self._on_edited(draw=False))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            short = QShortcut(QKeySequence(key), self)
            short.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            short.setAutoRepeat(False)
            short.activated.connect(self._on_return_pressed)

    def _on_edited(self, *, draw: bool) -> None:
        """What was drawn up is not this any more."""
        self.show_ready([], names=False, ready=False)
        if draw and (self._line is None or self.text()):
            self.changed.emit()

    def _on_return_pressed(self) -> None:
        for button in (self.cancel, self.hide_names):
            if button.hasFocus():
                button.click()
                return
        (self.go if self.go.isVisible() else self.look).click()


def _beside(base: Combo) -> QWidget:
    """What it is ranked by, with its words before it."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(themes.current().px(8))
    line.addWidget(label(base.accessibleName(), "soft"))
    line.addWidget(base)
    return made
