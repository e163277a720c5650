"""The recovery sheet: looked at, printed or saved, and only then valid; all of them made void."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui import theme as themes
from gui.actions import keys as actions
from gui.desk import Desk
from gui.i18n import _
from gui.pages.settings.section import row_of, tell_refusal
from gui.printing.paper import HEIGHT, WIDTH
from gui.printing.printer import new_printer, print_pages
from gui.printing.recovery_sheet import RecoveryPaper
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import ErrorLine
from gui.widgets.scroll import Scroller
from gui.wording import access
from gui.wording.units import listed
from storage.errors import KnownError
from storage.operators import KEYS
from storage.recovery import Sheet

_WIDEST = 900  # px
_LEAST = 620  # px; smaller, and nobody can read the lines


class SheetCard(Card):
    """How many sheets are valid; a new one, or none any more."""

    drawn = Signal(object)
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Recovery sheet"))
        self._desk = desk
        self.state = label("", wrap=True)
        self.print = KeyButton(_("Print a sheet…"), "P", primary=True)
        self.revoke = KeyButton(_("Make all sheets void"), "X")
        self.trouble = ErrorLine()
        words = _(
            "A printed key for the day on which all passphrases are forgotten. Whoever holds it opens the ledger: put "
            "it into a sealed envelope and lock it away, apart from the computer."
        )
        for widget in (label(words, wrap=True), self.state, self.trouble, row_of(self.print, self.revoke)):
            self.add(widget)
        desk.permit(KEYS, self.print, self.revoke)
        self.print.clicked.connect(self._on_print)
        self.revoke.clicked.connect(self._on_revoke)

    def show_sheets(self, days: tuple[str, ...]) -> None:
        """Show which are valid."""
        self.state.setText(
            _("Valid: {count}, made on {days}.").format(count=len(days), days=listed(list(days)))
            if days
            else _("None is valid.")
        )
        self.revoke.setVisible(bool(days))

    def _on_print(self) -> None:
        self.trouble.show_error("")
        self._desk.run(actions.draw(), self.drawn.emit, owner=self, refused=self._on_refused)

    def _on_revoke(self) -> None:
        self.trouble.show_error("")
        self._desk.run(actions.revoke_sheets(), self._on_revoked, owner=self, refused=self._on_refused)

    def _on_revoked(self, count: int) -> None:
        told = _("{count} sheets are void.").format(count=count)
        self._desk.events.told.emit(f"{told} {access.old_backups()}", False)
        self.changed.emit()

    def _on_refused(self, error: Exception) -> bool:
        return tell_refusal(self._desk, error, self.trouble)


class _Page(QWidget):
    """The sheet in the shape of A4 on its side."""

    def __init__(self) -> None:
        super().__init__()
        self.paper: RecoveryPaper | None = None
        self.setAccessibleName(_("Print preview"))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.paper is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            painter.fillRect(self.rect(), Qt.GlobalColor.white)
            painter.setPen(themes.current().colour("line"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.scale(self.width() / WIDTH, self.height() / HEIGHT)
            self.paper.paint(painter)


class SheetPreview(QWidget):
    """The sheet with print and save; ``finished`` when it is valid or was put away."""

    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sheet: Sheet | None = None
        theme = themes.current()
        self.print = KeyButton(_("Print"), "Ctrl+P", primary=True)
        self.save = KeyButton(_("Save as PDF"), "Ctrl+S")
        self.leave = KeyButton(_("Put it away"), "Escape", bind=False)
        self.trouble = ErrorLine()
        self._page = _Page()
        words = _(
            "The sheet becomes valid once it is printed or saved; put away it stays without effect. It cannot be shown "
            "a second time."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(4), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(10))
        column.addWidget(row_of(self.print, self.save, self.leave))
        column.addWidget(label(words, "soft", wrap=True))
        column.addWidget(self.trouble)
        around = QWidget()
        inner = QVBoxLayout(around)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._page, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch(1)
        self._area = Scroller(around)
        column.addWidget(self._area, 1)
        self.print.clicked.connect(self._on_print)
        self.save.clicked.connect(self._on_save)
        self.leave.clicked.connect(self.close_sheet)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a sheet that was just drawn; KnownError "print.no_font"."""
        self._page.paper = RecoveryPaper(sheet)
        self._sheet = sheet
        self.trouble.show_error("")
        QTimer.singleShot(0, self, self._fit)  # once the room is laid out

    def close_sheet(self) -> None:
        """Forget it."""
        self._sheet = self._page.paper = None
        self.finished.emit()

    def save_as(self, path: Path) -> None:
        """Write it as PDF, never over a file: that may be the only print of another sheet."""
        if self._sheet is None:
            return
        if path.exists():
            tell_refusal(self._desk, KnownError("file.exists", file=path.name), self.trouble)
            return
        told = _(
            "The recovery sheet is valid. Print {file}, lock the paper away and delete the file: whoever has it opens "
            "the ledger."
        ).format(file=path.name)
        op = actions.save_sheet(self._sheet, path)
        self._desk.run(op, lambda _done: self._accept(told), owner=self, refused=self._on_refused)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)  # once the room is laid out

    def _fit(self) -> None:
        theme = themes.current()
        room = self._area.viewport()
        whole = max(round(room.height() * WIDTH / HEIGHT), theme.px(_LEAST))
        width = min(room.width(), theme.px(_WIDEST), whole)
        self._page.setFixedSize(width, round(width * HEIGHT / WIDTH))

    def _on_print(self) -> None:
        paper = self._page.paper
        printer = new_printer()
        if paper is None or QPrintDialog(printer, self).exec() != QPrintDialog.DialogCode.Accepted:
            return
        try:
            print_pages(printer, 1, paper.paint)
        except KnownError as error:
            self._on_refused(error)
            return
        self._accept(
            _(
                "The recovery sheet is valid. If it did not come out well, make all sheets void and print anew."
            )
        )

    def _on_save(self) -> None:
        if self._sheet is None:
            return
        name = _("Recovery-{title}-{date}").format(title=self._sheet.title, date=self._sheet.made_on)
        chosen, _kind = QFileDialog.getSaveFileName(
            self,
            _("Save as PDF"),
            f"{name}.pdf",
            "PDF (*.pdf)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.save_as(Path(chosen).with_suffix(".pdf"))

    def _accept(self, told: str) -> None:
        if self._sheet is None:
            return

        def done(_result: object) -> None:
            self._desk.events.told.emit(told, False)
            self.close_sheet()

        self._desk.run(actions.accept(self._sheet), done, owner=self, refused=self._on_refused)

    def _on_refused(self, error: Exception) -> bool:
        return tell_refusal(self._desk, error, self.trouble)
