"""A printed sheet looked at before it is printed: its pages one under the other, print, save, how far that is."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.printing.page_column import PageColumn, Paper
from gui.printing.paper import LANDSCAPE
from gui.printing.printer import Printing, new_printer
from gui.printing.visit_list import VisitPaper
from gui.runner import Job
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label
from gui.widgets.notices import BusyBar
from storage.errors import KnownError
from storage.queries.visits import VisitSheet


class Preview(QWidget):
    """The pages of something to be printed with what can be done with them.

    `save_asked` carries the path a person chose: writing is the page's business, off the main thread; it hands the
    job to `follow`, so that it can be watched and stopped.
    """

    save_asked = Signal(Path)
    printed = Signal(int)
    failed = Signal(KnownError)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper: Paper | None = None
        self._stem = ""
        self._job: Job | None = None
        self._printing: Printing | None = None
        self.print_button = KeyButton(_("Print"), "Ctrl+P", primary=True)
        self.save_button = KeyButton(_("Save as PDF"), "Ctrl+S")
        self._count = label("", "soft")
        self.busy = BusyBar()
        self._area = PageColumn()
        self._build()
        self.print_button.clicked.connect(self._on_print_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.busy.stopped.connect(self.stop)

    def show_sheet(self, sheet: VisitSheet) -> None:
        """Lay out a list and show its first page; KnownError "print.no_font"."""
        self.show_paper(VisitPaper(sheet), f"{sheet.title}-{sheet.list_number}")

    def show_paper(self, paper: Paper, stem: str) -> None:
        """Show the first page of what was laid out; ``stem`` is what a file of it is called."""
        self._paper, self._stem = paper, stem.replace("/", "-")
        self._area.show_pages(paper)
        words = _("{pages} pages, A4 on its side") if paper.format is LANDSCAPE else _("{pages} pages, A4")
        self._count.setText(words.format(pages=len(paper.pages)))

    def print_on_paper(self) -> None:
        """Ask which printer and print page by page; `printed` or `failed` tells how it went."""
        if self._paper is None or self._printing is not None:
            return
        paper, printer = self._paper, new_printer(self._paper.format)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(paper.pages))
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return
        self._printing = Printing(printer, len(paper.pages), paper.paint, self)
        self._printing.progressed.connect(lambda done, total: self._tell(_("Printing…"), done, total))
        self._printing.finished.connect(self._on_printed)
        self._printing.failed.connect(self._on_failed)
        self._tell(_("Printing…"))

    def follow(self, job: Job) -> None:
        """Show how far the writing of a file is, and let it be stopped, until it has ended."""
        self._job = job
        job.ended.connect(self._rest)
        job.progressed.connect(lambda done, total: self._tell(_("Writing the PDF…"), done, total))
        self._tell(_("Writing the PDF…"))

    def _rest(self) -> None:
        """Nothing is under way any more."""
        self._job = self._printing = None
        self.busy.hide()
        self._allow(True)

    def stop(self) -> None:
        """Stop what is under way; pages that went to the printer stay printed."""
        if self._printing is not None:
            self._printing.stop()
        elif self._job is not None:
            self._job.stop()

    def _tell(self, words: str, done: int = 0, total: int = 0) -> None:
        if self._job is None and self._printing is None:
            return  # a word that came after the end
        self.busy.tell(words, done, total)
        self.busy.show()
        self._allow(False)

    def _allow(self, on: bool) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(on)

    def _build(self) -> None:
        theme = themes.current()
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        for widget in (self.print_button, self.save_button, self._count):
            head.addWidget(widget)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.busy)
        self.busy.hide()
        column.addWidget(self._area, 1)

    def _on_print_clicked(self) -> None:
        self.print_on_paper()

    def _on_printed(self, pages: int) -> None:
        self._rest()
        self.printed.emit(pages)

    def _on_failed(self, error: KnownError) -> None:
        self._rest()
        self.failed.emit(error)

    def _on_save_clicked(self) -> None:
        if self._paper is None:
            return
        name = f"{self._stem}.pdf"
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Save as PDF"), name, "PDF (*.pdf)")
        if chosen:
            self.save_asked.emit(Path(chosen).with_suffix(".pdf"))
