"""How the page of questions is laid out: the questions at the left, one with its answers at the right."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.pending import Choice
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_LEFT = 380
KEYS = "123456789"


class AnswerLine(QWidget):
    """An answer: its button, and what stands behind it."""

    def __init__(self, answer: Choice, key: str, primary: bool) -> None:
        super().__init__()
        theme = themes.current()
        self.button = KeyButton(answer.words, key, primary=primary)
        self.button.setMaximumSize(QSize(16_777_215, 16_777_215))
        line = QVBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(2))
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        below = label(answer.below, "soft", wrap=True)
        line.addWidget(below)
        below.setVisible(bool(answer.below))


class PendingView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, questions: RowsModel) -> None:
        super().__init__()
        theme = themes.current()
        self.list = TableView(questions, _("Questions"), header=False, wraps=True)
        self.title, self.what = label("", "big", wrap=True), label("", wrap=True)
        self.where = label("", "soft", wrap=True)
        self.stays = KeyButton(_("Checked, it stays"), "K")
        self.card_button = KeyButton(_("Open the household"), "H")
        self.correct = KeyButton(_("Correct by hand"), "E")
        self.done = EmptyState(
            _("Nothing waits for you"), _("Disputes and doubtful ID numbers would stand here.")
        )
        self.waiting = EmptyState(_("Reading the questions…"))
        self._answers = QVBoxLayout()
        self._answers.setSpacing(theme.px(10))
        self.states = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.addWidget(self.states)
        for widget in (self.waiting, self._make_work(), self.done):
            self.states.addWidget(widget)

    def show_answers(self, answers: Sequence[Choice], settled: Callable[[Choice], None]) -> None:
        """Show the answers a question takes; ``settled`` is told the one chosen."""
        while (item := self._answers.takeAt(0)) is not None:
            widget = item.widget()
            widget.hide()
            widget.deleteLater()
        for number, answer in enumerate(answers):
            line = AnswerLine(answer, KEYS[number : number + 1], number == 0 and len(answers) == 1)
            line.button.clicked.connect(lambda _checked=False, answer=answer: settled(answer))
            self._answers.addWidget(line)

    def _make_work(self) -> QWidget:
        theme = themes.current()
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left = Card()
        left.body.setContentsMargins(1, theme.px(6), 1, theme.px(6))
        left.add(self.list, 1)
        left.setMaximumWidth(theme.px(_LEFT))
        line.addWidget(left, 2)
        inner = QWidget()
        inner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card()
        card.body.setSpacing(theme.px(12))
        for widget in (self.title, self.where, self.what):
            card.add(widget)
        card.add(self._answers)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.stays, self.correct, self.card_button):
            flow.addWidget(button)
        card.add(buttons)
        column.addWidget(card)
        column.addStretch(1)
        line.addWidget(Scroller(inner), 3)
        return work
