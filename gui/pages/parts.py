"""What the views of pages with parts are alike in: a choice of parts, the work or why there is none, what has room."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.fields import ChoiceRow
from gui.widgets.notices import Reading

_LOW = 560  # px of height under which a page shows one thing less


class PartsView(QWidget):
    """A page of parts; a view puts its own into place with ``put_parts`` and ``put_states``.

    ``share`` is called whenever the room changes or another part is shown: what gives way on a small screen.
    """

    NARROW = 900
    """px of width under which a page shows one thing less"""

    def __init__(self, choices: Sequence[tuple[str, str]], waiting: str) -> None:
        super().__init__()
        self.parts = ChoiceRow(choices)
        self.parts.heard_by_page()
        self.parts.setAccessibleName(_("What to show"))
        self.waiting = Reading(waiting)
        self.states = QStackedWidget()
        self.stack = QStackedWidget()
        self._whole = QWidget()
        self._placed: dict[str, QWidget] = {}

    def put_parts(self, parts: dict[str, QWidget]) -> None:
        """The widget of each part; several may show the same one."""
        self._placed = parts
        for widget in dict.fromkeys(parts.values()):
            self.stack.addWidget(widget)

    def put_states(self, work: QLayout, *others: QWidget) -> None:
        """Lay the work out, and put beside it what is shown in its place."""
        px = themes.current().px
        work.setContentsMargins(px(20), px(12), px(20), px(14))
        self._whole.setLayout(work)
        for state in (self._whole, *others, self.waiting):
            self.states.addWidget(state)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.states)

    def show_part(self, part: str) -> None:
        """Show one of the parts."""
        self.parts.choose(part)
        self.stack.setCurrentWidget(self._placed[part])
        self.share()

    def show_state(self, widget: QWidget | None = None) -> None:
        """Show that it is being read, that there is nothing, or (None) the parts."""
        self.states.setCurrentWidget(widget or self._whole)

    @property
    def narrow(self) -> bool:
        """Whether there is no room for two things side by side."""
        return self.width() < themes.current().px(self.NARROW)

    @property
    def low(self) -> bool:
        """Whether there is room for little besides the table."""
        return self.height() < themes.current().px(_LOW)

    def share(self) -> None:
        """Show what there is room for."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share()
