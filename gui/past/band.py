"""The bar across the top of the window that says, in words, that this is the past, and leads back."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label, strong

KEY, BACK = "F7", "Shift+F7"
_STRIPE = 34  # px of hatching at the left: it is told from other bars without colour too


class PastBand(QWidget):
    """Lies over everything while the past is shown; ``left`` leads back to the present, ``again`` to another moment."""

    left = Signal()
    again = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        theme = themes.current()
        self.words = label(strong(words), wrap=True)
        self.again_button = KeyButton(_("Another moment"), KEY, bind=False)
        self.back = KeyButton(_("Back to now"), BACK, primary=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(_STRIPE + 14), theme.px(6), theme.px(20), theme.px(6))
        line.setSpacing(theme.px(12))
        line.addWidget(self.words, 1)
        line.addWidget(self.again_button)
        line.addWidget(self.back)
        self.back.clicked.connect(self.left)
        self.again_button.clicked.connect(self.again)
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("warnsoft"))
            stripe = QRectF(0, 0, theme.px(_STRIPE), self.height())
            painter.fillRect(stripe, QBrush(theme.colour("warn"), Qt.BrushStyle.BDiagPattern))
            painter.fillRect(0, self.height() - 3, self.width(), 3, theme.colour("warn"))
