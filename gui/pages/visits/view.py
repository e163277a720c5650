"""How the visit page is laid out: what to choose at the left, the sheets at the right."""

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.visits.route import Route
from gui.printing.preview import Preview
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.parts import Parts
from gui.widgets.scroll import Scroller

_LEFT, _EDGE = 344, 14
_NARROW, _LOW = 1000, 600
"""Size of the page under which choice and sheets do not stand side by side."""


class Chips(QWidget):
    """Any number out of a few, by click or Space."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.buttons: dict[str, KeyButton] = {}
        self._flow = FlowLayout(self, gap=6)

    def show_choices(self, choices: list[tuple[str, str]]) -> list[KeyButton]:
        """Offer these; returns the buttons that are new."""
        if list(self.buttons) == [code for code, _words in choices]:
            for code, words in choices:
                self.buttons[code].setText(words)
            return []
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.deleteLater()
        self.buttons = {}
        for code, words in choices:
            button = KeyButton(words)
            button.setCheckable(True)
            self.buttons[code] = button
            self._flow.addWidget(button)
        self.updateGeometry()
        return list(self.buttons.values())

    def chosen(self) -> tuple[str, ...]:
        """The codes chosen."""
        return tuple(code for code, button in self.buttons.items() if button.isChecked())


class VisitsView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self) -> None:
        super().__init__()
        theme = themes.current()
        self.marks, self.groups, self.lanes = Chips(_("Who")), Chips(_("Groups")), Chips(_("Lanes"))
        self._groups_head, self._lanes_head = (
            label(_("Village groups"), "heading"),
            label(_("Lanes"), "heading"),
        )
        self.given = label("", "heading", wrap=True)
        self.free = KeyButton(_("Choose otherwise"), "Esc", bind=False)
        self.count = label("", "title", wrap=True)
        self.full = QCheckBox(_("full ID numbers (this is logged)"))
        self.phones = QCheckBox(_("phones in full, for the helper (this is logged)"))
        self.plan = KeyButton(_("Plan of the day"), "J")
        self.make = KeyButton(_("Number it, to print"), "G", primary=True)
        self.xlsx = KeyButton(_("List as xlsx"), "X")
        self.new_list = KeyButton(_("New enrollees"), "N")
        self.help_list = KeyButton(_("Cannot pay alone"), "U")
        self.walk = KeyButton(_("Walking order"), "W")
        self.preview, self.route = Preview(), Route()
        self.right = Parts(self.preview, self.route)
        self._left_inner = self._make_left()
        self._left = Scroller(self._left_inner)
        self._beside = QWidget()
        self._line = QHBoxLayout(self._beside)
        self._below = QWidget()
        self._column = QVBoxLayout(self._below)
        for box in (self._line, self._column):
            box.setContentsMargins(theme.px(20), theme.px(_EDGE), theme.px(20), theme.px(_EDGE))
            box.setSpacing(theme.px(14))
        self._line.addWidget(self._left)
        self._narrow = Scroller(self._below)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        for widget in (self._beside, self._narrow):
            whole.addWidget(widget)
        self._wide: bool | None = None
        self._arrange(False)
        self.right.currentChanged.connect(self._on_other_shown)
        self.make.clicked.connect(self._show_right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = themes.current()
        self._arrange(self.width() >= theme.px(_NARROW) and self.height() >= theme.px(_LOW))
        self._left.setFixedWidth(max(theme.px(_LEFT), self._left_inner.minimumSizeHint().width()))
        fill = 0 if self._wide else max(self.height() - theme.px(2 * _EDGE), theme.px(_LOW))
        self.right.setMinimumHeight(fill)

    def minimumSizeHint(self) -> QSize:
        """Small: what does not fit side by side stands below one another."""
        return QSize(0, 0)

    def _arrange(self, wide: bool) -> None:
        """What is chosen beside what it gives, or above it in a small window."""
        if wide == self._wide:
            return
        self._wide = wide
        if wide:
            self._left.setWidget(self._left_inner)
            self._line.addWidget(self.right, 1)
        else:
            self._left.takeWidget()
            self._column.addWidget(self._left_inner)
            self._column.addWidget(self.right)
            self._left_inner.show()
        self._beside.setVisible(wide)
        self._narrow.setVisible(not wide)
        self._on_other_shown()

    def _on_other_shown(self) -> None:
        shown = self.right.currentWidget()
        if shown is self.right.empty or (shown is self.preview and self.preview.print_button.isHidden()):
            self._narrow.verticalScrollBar().setValue(0)
        else:
            self._show_right()

    def _show_right(self) -> None:
        """In a small window, come down to what was just asked for: the plan, the way to walk, the numbered list."""
        bar = self._narrow.verticalScrollBar()
        QTimer.singleShot(0, self.right, lambda: bar.setValue(self.right.y() - themes.current().px(_EDGE)))

    def show_places(self, groups: bool, lanes: bool) -> None:
        """Show groups and lanes only where the register has several."""
        for widget in (self.groups, self._groups_head):
            widget.setVisible(groups)
        for widget in (self.lanes, self._lanes_head):
            widget.setVisible(lanes)

    def show_given(self, name: str, *, planned: bool = False) -> None:
        """Show the name of a list that came from another page, with the way back to one's own choice.

        A ``planned`` one leaves no other choice than where to go.
        """
        self.given.setText(name if planned else _("From the list: {name}").format(name=name))
        for widget in (self.given, self.free):
            widget.setVisible(bool(name))
        self.marks.setVisible(not planned)
        self.plan.setVisible(not planned)

    def _make_left(self) -> QWidget:
        theme = themes.current()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        who = Card(_("Who goes on the list"))
        for hidden in (self.given, self.free):
            who.add(hidden)
            hidden.hide()
        who.add(self.plan)
        for widget in (self.marks, self._groups_head, self.groups, self._lanes_head, self.lanes, self.count):
            who.add(widget)
        who.add(self.full)
        who.add(self.phones)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        flow.addWidget(self.make)
        flow.addWidget(self.xlsx)
        flow.addWidget(self.walk)
        who.add(buttons)
        owed = Card(_("Lists for the township, as xlsx"))
        row = QWidget()
        flow = FlowLayout(row, gap=8)
        flow.addWidget(self.new_list)
        flow.addWidget(self.help_list)
        owed.add(row)
        column.addWidget(who)
        column.addWidget(owed)
        column.addStretch(1)
        return inner
