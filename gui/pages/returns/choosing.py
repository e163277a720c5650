"""Which list came back: by its number, its code or a photograph; and what of it does not come back."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from gui.actions import returns as actions
from gui.desk import Desk
from gui.i18n import _
from storage.operators import RECORD
from storage.printed import SheetCode, parse
from storage.queries import returns as asked
from storage.queries.returns import Printed

if TYPE_CHECKING:
    from gui.pages.returns.page import ReturnsPage
    from gui.pages.returns.view import ReturnsView


class Choosing(QObject):
    """The part of the page that finds a list, says how far it is and closes the rest of it."""

    def __init__(self, desk: Desk, page: "ReturnsPage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page

    def attach(self, view: "ReturnsView") -> None:
        """Listen to the widgets."""
        self.view = view
        self.desk.permit(RECORD, view.close_list)
        view.code.returnPressed.connect(self._on_code_entered)
        view.photo.clicked.connect(self._on_photo)
        view.close_list.clicked.connect(self._on_close)
        view.why.chosen.connect(self._close)

    # ---- found

    def ask_for_list(self) -> None:
        """Ask for a list in place of the rows of one."""
        self.view.show_empty(
            _("No list chosen"), _("Type the number of the list, scan its code, or choose it.")
        )

    def find(self, code: SheetCode) -> None:
        """Open the list a code means, or say why none."""
        meant = asked.meant(self.page.lists.rows, code)
        self.view.code.clear()
        self.view.number.set_error("")
        if len(meant) == 1:
            self.page.open(meant[0], code.row)
        elif meant:
            self._fail(_("Two lists bear the number {number}: choose one below.").format(number=code.number))
        elif code.scope != self.desk.profile.scope:
            self._fail(_("This sheet is another village's ({code}).").format(code=code.scope))
        else:
            self._fail(_("This ledger has no list {number}.").format(number=code.number))

    def _on_code_entered(self) -> None:
        text = self.view.code.text().strip()
        if not text:  # whoever has no number at hand chooses
            self.view.lists.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        code = parse(text) or (SheetCode(self.desk.profile.scope, int(text)) if _is_number(text) else None)
        if code is None:
            self._fail(_("“{text}” is neither a list's number nor its code.").format(text=text))
            return
        self.find(code)

    def _fail(self, words: str) -> None:
        self.view.number.set_error(words)

    def _on_photo(self) -> None:
        kinds = _("Pictures ({kinds})").format(kinds="*.png *.jpg *.jpeg *.bmp")
        path, _kind = QFileDialog.getOpenFileName(
            self.page, _("A photograph or scan of the sheet"), "", kinds
        )
        if path:
            self.desk.ask(actions.codes_in(Path(path)), lambda found: self.find(found[0]), owner=self)

    # ---- how far it is

    def show_head(self, sheet: Printed) -> None:
        """Say which list it is and how much of it is back."""
        view = self.view
        view.title.setText(_("List {number:02d} · {filter}").format(number=sheet.number, filter=sheet.filter))
        parts = [_("{done} of {rows} rows are entered").format(done=sheet.returned, rows=sheet.rows)]
        if sheet.closed:
            parts.append(_("the rest does not come back: {why}").format(why=sheet.closed))
        elif sheet.out:
            parts.append(
                _("list {number}: {count} rows not returned").format(
                    number=f"{sheet.number:02d}", count=sheet.out
                )
            )
        else:
            parts.append(_("all back"))
        view.progress.setText(_("; ").join(parts))
        view.close_list.setText(
            _("It comes back after all") if sheet.closed else _("The rest does not come back…")
        )
        view.close_list.setVisible(bool(sheet.out or sheet.closed))
        view.usual.say()

    # ---- the rest

    def back(self) -> bool:
        """Close the question for the reason; False where it is not asked."""
        if not self.view.asking.isVisible():
            return False
        self._ask_why(False)
        return True

    def _on_close(self) -> None:
        sheet = self.page.sheet
        if sheet is None:
            return
        if sheet.closed:
            self._close("")
            return
        reasons = (_("printed only to look at"), _("lost"), _("no longer needed"))
        self.view.why.set_choices([(words, words) for words in reasons])
        self._ask_why(True)
        self.view.why.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask_why(self, on: bool) -> None:
        """While a reason is chosen the digits are its answers."""
        self.view.asking.setVisible(on)
        for button in self.view.boxes.values():
            button.setEnabled(not on)

    def _close(self, why: str) -> None:
        sheet = self.page.sheet
        assert sheet is not None
        self._ask_why(False)
        words = (
            _("List {number}: the rest does not come back ({why})") if why else _("List {number}: open again")
        )
        told = words.format(number=sheet.number, why=why)
        self.desk.change(actions.close(sheet.record, why, today=self.desk.today, told=told), owner=self.page)
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
