"""How the page of questions is laid out: sorts above, questions at the left, one with its answers at the right."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models import pending
from gui.models.pending import Choice
from gui.pages.pending.bulk import BulkBar
from gui.pages.pending.compare import KEYS, Comparison
from gui.pages.pending.layout import list_beside
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_NARROW = 860  # px


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
        self.none_left = EmptyState(_("None of this sort"), _("Choose another sort above."))
        self.list.set_empty(self.none_left)
        self.title, self.what = label("", "title", wrap=True), label("", wrap=True)
        self.where = label("", "soft", wrap=True)
        self.other_side = label("", "soft", wrap=True)
        self.forbidden = label("", "soft", wrap=True)
        self.comparison = Comparison()
        self.another = KeyButton(_("Write another"), "3")
        self.two = KeyButton(_("These are two people"), "4")
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.stays = KeyButton(_("Checked, it stays"), "K")
        self.card_button = KeyButton(_("Open the household"), "H")
        self.correct = KeyButton(_("Correct by hand"), "E")
        self.bulk = BulkBar()
        self.villages = QComboBox()
        self.villages.setAccessibleName(_("Village"))
        self.villages.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chips = {group.code: KeyButton("", bind=False) for group in pending.groups()}
        self.done = EmptyState(
            _("Nothing waits for you"), _("Disputes and doubtful ID numbers would stand here.")
        )
        self.waiting = EmptyState(_("Reading the questions…"))
        self._panel: QWidget | None = None
        self.states = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(14))
        column.addWidget(self.states)
        for widget in (self.waiting, self._make_work(), self.done):
            self.states.addWidget(widget)

    def is_narrow(self) -> bool:
        """Whether two values do not fit side by side."""
        return self.width() < themes.current().px(_NARROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.comparison.set_beside(1 if self.is_narrow() else 2)

    def show_answers(
        self, answers: Sequence[Choice], settled: Callable[[Choice], None], forbidden: str = ""
    ) -> None:
        """Show the answers a question takes; ``settled`` is told the one chosen, unless that is ``forbidden``."""
        while (item := self._answers.takeAt(0)) is not None:
            widget = item.widget()
            widget.hide()
            widget.deleteLater()
        for number, answer in enumerate(answers):
            line = AnswerLine(answer, KEYS[number : number + 1], number == 0 and len(answers) == 1)
            line.button.forbid(forbidden)
            line.button.clicked.connect(lambda _checked=False, answer=answer: settled(answer))
            self._answers.addWidget(line)
        self.answers.setVisible(bool(answers))

    def forbid(self, why: str) -> None:
        """Let nothing be answered by who may not, and say why where the answers are."""
        self.forbidden.setText(why)
        self.forbidden.setVisible(bool(why))
        for button in (self.another, self.two, self.stays):
            button.forbid(why)

    def open_panel(self, panel: QWidget | None) -> None:
        """Put a form under the question, or take it away again."""
        if self._panel is not None:
            self._below.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        if panel is not None:
            self._below.addWidget(panel)

    def let_answer(self, on: bool) -> None:
        """Let the question be answered, or not while a form is open: its fields take the digits then."""
        for widget in (self.comparison, self.answers, self.buttons):
            widget.setEnabled(on)

    def show_panel(self) -> None:
        """Bring the open form into sight, its top where it does not fit."""
        if self._panel is None:
            return
        inner = self.scroller.widget()
        QApplication.sendPostedEvents(inner, QEvent.Type.LayoutRequest)
        self.scroller.ensureVisible(0, self._panel.geometry().bottom(), 0, 0)
        self.scroller.ensureVisible(0, self._panel.geometry().top(), 0, 0)

    def _make_work(self) -> QWidget:
        theme = themes.current()
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(self._make_sorts())
        self.parts = QStackedWidget()
        self.parts.addWidget(self._make_questions())
        column.addWidget(self.parts, 1)
        return work

    def add_part(self, part: QWidget) -> KeyButton:
        """Add a part that works through questions of a sort of its own; returns the button that shows it."""
        chip = KeyButton("", bind=False)
        chip.setCheckable(True)
        self._sorts.addWidget(chip)
        self.parts.addWidget(part)
        return chip

    def _make_questions(self) -> QWidget:
        theme = themes.current()
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        self.scroller = Scroller(self._make_question())
        column.addLayout(list_beside(self.list, self.scroller), 1)
        column.addWidget(self.bulk)
        return part

    def _make_sorts(self) -> QWidget:
        bar = QWidget()
        flow = self._sorts = FlowLayout(bar, gap=8)
        flow.addWidget(self.villages)
        for chip in self.chips.values():
            chip.setCheckable(True)
            flow.addWidget(chip)
        return bar

    def _make_question(self) -> QWidget:
        theme = themes.current()
        inner = QWidget()
        inner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        card = Card()
        card.body.setSpacing(theme.px(10))
        for widget in (self.title, self.where, self.what, self.other_side, self.forbidden, self.comparison):
            card.add(widget)
        self.answers, self.buttons = QWidget(), QWidget()
        self._answers = QVBoxLayout(self.answers)
        self._answers.setContentsMargins(0, 0, 0, 0)
        self._answers.setSpacing(theme.px(10))
        card.add(self.answers)
        flow = FlowLayout(self.buttons, gap=8)
        for button in (self.another, self.two, self.stays, self.correct, self.card_button, self.reveal):
            flow.addWidget(button)
        card.add(self.buttons)
        column.addWidget(card)
        self._below = QVBoxLayout()
        column.addLayout(self._below)
        column.addStretch(1)
        return inner
