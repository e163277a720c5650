"""What a person sees when the program itself is at fault: nothing was lost, and where it is written down."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label


class CrashDialog(QDialog):
    """One sentence, the log's path, one button."""

    def __init__(self, log: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = themes.current()
        self.setWindowTitle(_("Huqing"))
        self.setMinimumWidth(theme.px(520))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(20))
        column.setSpacing(theme.px(10))
        column.addWidget(label(_("Something in the program went wrong"), "title", wrap=True))
        kept = _(
            "The ledger is whole: what was not recorded to the end was not recorded at all. You can go on."
        )
        column.addWidget(label(kept, wrap=True))
        if log is not None:
            where = _("Where it happened is written in {path}, without names or numbers of people.")
            column.addWidget(label(where.format(path=log), "soft", wrap=True))
        close = KeyButton(_("Go on"), "Return", primary=True)
        close.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(close)
        column.addLayout(line)
