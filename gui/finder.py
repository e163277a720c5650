"""The one box that finds: what is typed leads to the page of the people, an empty one offers who was looked at last."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gui.actions import remembering
from gui.desk import Desk
from gui.i18n import _
from gui.models import hits
from gui.ops import QueryOp
from gui.pages.page import FinderPage, Page
from gui.widgets.dropdown import DropDown
from gui.widgets.rows import Column, RowsModel
from gui.widgets.search import SearchBox
from storage.queries import recent
from storage.queries.find import Hit


class Finder(QObject):
    """Works the box of a window: ``open`` shows a page, ``shown`` is the one in sight, ``key`` that of people."""

    def __init__(
        self,
        desk: Desk,
        box: SearchBox,
        key: str,
        open_: Callable[[str], Page],
        shown: Callable[[], tuple[str, Page]],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.desk, self.box, self.key = desk, box, key
        self._open, self._shown = open_, shown
        self._sought = ""
        self._before: QWidget | None = None
        self._from: tuple[str, QWidget | None] = ("", None)
        self._page: FinderPage | None = None
        column = Column(_("Looked at lately"), lambda hit: hit.name, cell=hits.cell, stretch=True)
        model = RowsModel([column], key=lambda hit: (hit.scope, hit.record))
        words = _(
            "Name, pinyin or initials (wgl) · end of ID or telephone · household, lane or list number (#37) · "
            "several with gaps between, such as {example}"
        ).format(example="3组 ns 2418")
        self.dropdown = DropDown(box, model, _("Looked at lately"), words, window)
        box.came.connect(self._on_came)
        box.searched.connect(self.search)
        box.moved_down.connect(self._on_moved_down)
        box.entered.connect(self._on_entered)
        box.cleared.connect(self._on_cleared)
        box.left.connect(self._on_left)
        self.dropdown.opened.connect(self._on_recent_opened)
        self.dropdown.left.connect(self._on_dropdown_left)

    def search(self, text: str) -> None:
        """Show whoever is found for what is typed; nothing typed: what was shown before."""
        if text:
            self.dropdown.hide()
        elif self.box.hasFocus():
            self._offer()
        key, page = self._shown()
        if text == self._sought and isinstance(page, FinderPage):
            return
        self._sought = text
        if not text and key != self.key:
            return
        if key != self.key:
            self._from = (key, self._before)
            page = self._open(self.key)
        assert isinstance(page, FinderPage)
        self._page = page
        page.show_found(text)

    def forget(self) -> None:
        """Empty the box: another page was chosen; that of the people shows again what it showed before."""
        self._from = ("", None)
        if self._sought or self.box.text():
            self._sought = ""
            self.box.blockSignals(True)
            self.box.clear()
            self.box.blockSignals(False)
            if self._page is not None:
                self._page.show_found("")

    def note(self, scope: str, household: str, resident: str) -> None:
        """Remember that somebody's card was opened."""
        self.desk.ask(remembering.looked(scope, household, resident), lambda _none: None, owner=self)

    # ---- recent ones

    def _on_came(self, before: QWidget | None) -> None:
        self._before = before
        if not self.box.text():
            self._offer()

    def _offer(self) -> None:
        self.desk.ask(QueryOp(recent.recent, slot="recent"), self._on_recent_read, owner=self)

    def _on_recent_read(self, found: list[Hit]) -> None:
        if self.box.hasFocus() and not self.box.text():
            self.dropdown.show_rows(found)

    def _on_recent_opened(self, hit: Hit) -> None:
        self.dropdown.hide()
        page = self._open(self.key)
        assert isinstance(page, FinderPage)
        page.show_who(hit.scope, hit.household, hit.record)
        self.note(hit.scope, hit.household, hit.record)

    def _on_dropdown_left(self) -> None:
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- keys of the box

    def _on_moved_down(self) -> None:
        page = self._shown()[1]
        if self.dropdown.isVisible() and not self.box.text():
            self.dropdown.enter()
        elif isinstance(page, FinderPage):
            page.focus_found()
        else:
            self._leave()

    def _on_entered(self) -> None:
        text = self.box.text().strip()
        if text != self._sought:
            # Enter came before the pause in which the box tells what is typed.
            self.search(text)
        page = self._shown()[1]
        if isinstance(page, FinderPage) and text:
            self._from = ("", None)
            page.open_found()

    def _on_cleared(self) -> None:
        """Esc with something typed: back to where one was, as it was."""
        key, focus = self._from
        if not key:
            return
        page = self._shown()[1]
        self._from, self._sought = ("", None), ""
        if isinstance(page, FinderPage):
            page.show_found("")
        self._open(key)
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_left(self) -> None:
        if self.dropdown.isVisible():
            self.dropdown.hide()
        self._leave()

    def _leave(self) -> None:
        self.box.clearFocus()
        wanted = self._shown()[1].first_focus()
        if wanted is None or not wanted.isVisible() or not wanted.isEnabled():
            wanted = self._shown()[1]
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
