"""The line in which a village is asked, or in which is said why something is left as it is."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit

from gui import theme as themes
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel
from gui.widgets.fields import FormField
from gui.widgets.scroll import Scroller
from gui.wording.reconcile import answer_text
from storage.policy.differences import ASK


class WordsPanel(Panel):
    """Words that go with an answer; ``make`` turns them into the change."""

    def __init__(self, desk: Desk, answer: str, make: Callable[[str], ChangeOp], title: str = "") -> None:
        asks = answer == ASK
        super().__init__(desk, title or answer_text("", answer), _("Ask") if asks else "")
        self._make = make
        line = QLineEdit()
        line.setMaxLength(200)
        title = _("What the village is asked (may stay empty: what differs is told)") if asks else _("Why")
        self.place("why", FormField(title, line), 0, 0, 3)

    def op(self) -> ChangeOp:
        return self._make(self.text_of("why"))

    def stay_in(self, scroller: Scroller) -> None:
        """Keep the line in sight when the form opens and when something is said under it."""

        def show() -> None:
            scroller.ensureWidgetVisible(self.fields["why"], 0, themes.current().px(12))

        def later() -> None:
            for pause in _LAID_OUT:
                QTimer.singleShot(pause, self, show)

        self.grown.connect(later)
        later()


_LAID_OUT = (0, 60, 200)
"""Milliseconds until a form has its height: at once, and while its words are wrapped."""
