"""The few parts Fusion draws in colours of its own: boxes to tick, and the ring where the keyboard is."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QProxyStyle, QStyle, QStyleOption, QWidget

from gui import theme as themes
from gui.widgets.paint import draw_ring, draw_tick_box


class Style(QProxyStyle):
    """Fusion with the boxes of our tables and the ring of our buttons; each window takes on the sheet when it is shown.

    Not the application: under a sheet of its own Qt dresses a widget and all it holds anew each time it is put into
    another, so that a page of 440 widgets costs twice as much to make.
    """

    def __init__(self, sheet: str) -> None:
        super().__init__("Fusion")
        self._sheet = sheet

    def polish(self, what: QWidget | QPalette | QApplication) -> None:  # type: ignore[override]
        super().polish(what)
        if isinstance(what, QWidget) and _is_window(what) and not what.styleSheet():
            what.setStyleSheet(self._sheet)

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


def _is_window(widget: QWidget) -> bool:
    """Not one that is only measured before it has a place: for that no window was created."""
    return widget.parentWidget() is None and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Created)
