"""What holds for every row that is entered now: one line that says it, four fields to change it."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import DateField, FormField
from gui.widgets.labels import label
from storage.policy.model import Policy

_BESIDE = 2  # fields in a line: the name of a channel is long


class Usual(QWidget):
    """``opened(on)`` tells that the fields were opened or closed."""

    opened = Signal(bool)

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self.on, self.channel, self.help = DateField(today), QComboBox(), QComboBox()
        self.on.set_day(today)
        self.advanced_by = QLineEdit()
        self.advanced_by.setPlaceholderText(_("nobody"))
        self.change = KeyButton(_("For all rows…"), "U", small=True)
        self.said = label("", "soft", wrap=True)
        self._part = self._make_fields()
        line = QHBoxLayout()
        line.setSpacing(themes.current().px(10))
        line.addWidget(self.said, 1)
        line.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self._part)
        self.change.clicked.connect(lambda: self.open(not self.is_open()))

    def follow_policy(self, policy: Policy, channel: str) -> None:
        """Offer the channels and reasons of a policy; ``channel`` is the one to begin with."""
        for box, choices, kept in (
            (self.channel, policy.channels, channel),
            (self.help, policy.assistance_reasons, ""),
        ):
            box.clear()
            for choice in choices:
                box.addItem(choice.name, choice.code)
            box.setCurrentIndex(max(box.findData(kept), 0))
        self.say()

    def is_open(self) -> bool:
        """Whether the fields are open."""
        return self._part.isVisible()

    def open(self, on: bool) -> None:
        """Open the fields to change something, or close them and say it in a line."""
        self._part.setVisible(on)
        self.say()
        if on:
            self.on.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.opened.emit(on)

    def day(self) -> date:
        """The day of the visits."""
        return self.on.day() or self._today

    def say(self) -> None:
        """Say it in a line."""
        laid_out = self.advanced_by.text().strip()
        parts = [
            _("visited {day}").format(day=self.day().isoformat()),
            _("paid by: {channel}").format(channel=self.channel.currentText()),
            _("laid out by {name}").format(name=laid_out) if laid_out else "",
            _("help because: {why}").format(why=self.help.currentText()),
        ]
        self.said.setText(" · ".join(part for part in parts if part))

    def _make_fields(self) -> QWidget:
        part = QWidget()
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(themes.current().px(12))
        fields = (
            (_("Visited on"), self.on),
            (_("How it was paid"), self.channel),
            (_("Who laid the money out"), self.advanced_by),
            (_("Why help is needed"), self.help),
        )
        for place, (title, editor) in enumerate(fields):
            grid.addWidget(FormField(title, editor), *divmod(place, _BESIDE))
        part.hide()
        return part
