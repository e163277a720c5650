"""One answer for many: choose a rule, see whom it fits and whom not, then settle them in one step."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.pending import Question
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from storage.queries.review import RULES, Fit, Rule, fits

_KEYS: dict[Rule, str] = {"village": "V", "office": "O", "newest": "W", "shown": "S"}


class BulkBar(Card):
    """Shown while questions are ticked; ``settled`` carries the fits that were agreed to."""

    settled = Signal(list)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = themes.current()
        self.rules = {rule: KeyButton(words, _KEYS[rule]) for rule, words in _rule_words().items()}
        self.sure = KeyButton("", "Return", primary=True, bind=False)
        self.back = KeyButton(_("Another rule"), "Escape", bind=False)
        self._count, self._preview = label("", "heading"), label("", wrap=True)
        self._questions: list[Question] = []
        self.fits: list[Fit] = []
        self._states = QStackedWidget()
        self._states.addWidget(self._make_choosing())
        self._states.addWidget(self._make_preview())
        self.body.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        self.add(self._states)
        for rule, button in self.rules.items():
            button.clicked.connect(lambda _checked=False, rule=rule: self.preview(rule))
        self.sure.clicked.connect(lambda: self.settled.emit([fit for fit in self.fits if fit.candidate]))
        self.back.clicked.connect(self.choose)
        self.hide()

    def forbid(self, why: str) -> None:
        """Let no rule be chosen, and tell why."""
        for button in (*self.rules.values(), self.sure):
            button.forbid(why)

    def show_ticked(self, questions: Sequence[Question]) -> None:
        """Offer the rules for these questions; none hides the bar."""
        self._questions = list(questions)
        self._count.setText(_("{count} chosen. What is right for all of them?").format(count=len(questions)))
        self.choose()
        self.setVisible(bool(questions))

    def choose(self) -> None:
        """Go back from the preview to the rules."""
        self.fits = []
        self._states.setCurrentIndex(0)

    def previewing(self) -> bool:
        """Whether a rule is being looked at."""
        return self.isVisible() and self._states.currentIndex() == 1

    def preview(self, rule: Rule) -> None:
        """Say whom a rule fits, and why it does not fit the others."""
        self.fits = fits([one.item for one in self._questions], rule)
        fitting = sum(fit.candidate is not None for fit in self.fits)
        left = Counter(fit.why for fit in self.fits if fit.candidate is None)
        told = [_("“{rule}” fits {count}.").format(rule=_rule_words()[rule], count=fitting)]
        told += [_why_words()[why].format(count=count) for why, count in sorted(left.items())]
        self._preview.setText(" ".join(told))
        self.sure.setText(_("Settle {count}").format(count=fitting))
        self.sure.setEnabled(bool(fitting))
        self._states.setCurrentIndex(1)
        (self.sure if fitting else self.back).setFocus()

    def _make_choosing(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._count)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for rule in RULES:
            flow.addWidget(self.rules[rule])
        column.addWidget(buttons)
        return box

    def _make_preview(self) -> QWidget:
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(themes.current().px(10))
        line.addWidget(self._preview, 1)
        line.addWidget(self.sure)
        line.addWidget(self.back)
        return box


def _rule_words() -> dict[Rule, str]:
    return {
        "village": _("What the village says"),
        "office": _("What the office says"),
        "newest": _("What was entered last"),
        "shown": _("What is shown for now"),
    }


def _why_words() -> dict[str, str]:
    return {
        "not_conflict": _("{count} are no conflicts."),
        "other_side": _("{count} the other side decides."),
        "silent": _("For {count} that side says nothing."),
        "several": _("For {count} that side says two things."),
    }
