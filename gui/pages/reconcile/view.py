"""How the page of differences is laid out: what is compared above, what adds up under it, the differences below."""

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.reconcile.section import DifferencesSection
from gui.widgets.buttons import KeyButton
from gui.widgets.combos import Combo
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.wording import reconcile as words
from storage.policy.differences import SUBJECTS


class ReconcileView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, section: DifferencesSection) -> None:
        super().__init__()
        theme = themes.current()
        self.section = section
        self.villages = QComboBox()
        self.villages.setAccessibleName(_("Village"))
        self.villages.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.standing = Combo(_standings(), "todo")
        self.standing.setAccessibleName(_("Which differences"))
        self.chips = {code: KeyButton(words.subject(code), bind=False) for code in ("", *SUBJECTS)}
        self.export = KeyButton(_("Tables for the villages…"), "X")
        self.balance, self.moved = label("", wrap=True), label("", "soft", wrap=True)
        self.rests = label("", "soft", wrap=True)
        self.waiting = EmptyState(
            _("Comparing…"), _("Payments, lists and the platform are laid beside one another.")
        )
        self.nothing = EmptyState(
            _("Nothing differs"),
            _(
                "Import lists of the tax office, the platform, departments and schools: what differs stands here."
            ),
        )
        self.states = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(14))
        column.addWidget(self.states)
        for widget in (self.waiting, self._make_work(), self.nothing):
            self.states.addWidget(widget)

    def show_villages(self, titles: Mapping[str, str], chosen: str) -> None:
        """Offer these villages."""
        box = self.villages
        if [box.itemData(line) for line in range(box.count())] != ["", *titles]:
            box.clear()
            box.addItem(_("All villages"), "")
            for scope, title in titles.items():
                box.addItem(title, scope)
        box.setCurrentIndex(max(box.findData(chosen), 0))

    def _make_work(self) -> QWidget:
        theme = themes.current()
        work, bar = QWidget(), QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        flow = FlowLayout(bar, gap=8)
        flow.addWidget(self.villages)
        flow.addWidget(self.standing)
        for chip in self.chips.values():
            chip.setCheckable(True)
            flow.addWidget(chip)
        flow.addWidget(self.export)
        column.addWidget(bar)
        for line in (self.balance, self.moved, self.rests):
            column.addWidget(line)
        column.addWidget(self.section, 1)
        return work


def _standings() -> dict[str, str]:
    return {
        "todo": _("to be answered"),
        "asked": _("asked in the village"),
        "settled": _("settled by the office"),
        "left": _("left as it is"),
    }
