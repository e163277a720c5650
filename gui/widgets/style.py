"""The few parts Fusion draws in colours of its own: boxes to tick, and the ring where the keyboard is."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QProxyStyle, QStyle, QStyleOption, QWidget

from gui import theme as themes
from gui.widgets.paint import draw_ring, draw_tick_box


class Style(QProxyStyle):
    """Fusion with the boxes of our tables and the ring of our buttons."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element is QStyle.PrimitiveElement.PE_FrameFocusRect and isinstance(widget, QAbstractButton):
            draw_ring(painter, QRectF(widget.rect()), themes.current().px(4), themes.current().colour("main"))
            return
        if element is not QStyle.PrimitiveElement.PE_IndicatorCheckBox:
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not option.state & QStyle.StateFlag.State_Enabled:  # type: ignore[attr-defined]
            painter.setOpacity(0.5)
        ticked = bool(option.state & QStyle.StateFlag.State_On)  # type: ignore[attr-defined]
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)  # type: ignore[attr-defined]
        draw_tick_box(painter, box, ticked, themes.current())
        painter.restore()
