"""The preview and the printer, printing into a file."""

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QColor
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog

from gui import theme
from gui.printing.preview import PageView, Preview
from gui.printing.printer import new_printer, print_pages
from gui.printing.visit_list import VisitPaper
from storage.errors import KnownError
from tests.gui.printing import sheets


@pytest.fixture
def preview(qtbot, qapp):
    theme.apply(qapp, theme.load())
    widget = Preview()
    qtbot.addWidget(widget)
    widget.resize(1000, 700)
    widget.show_sheet(sheets.village(60))
    widget.show()
    return widget


def test_pages_are_as_wide_as_the_window_and_painted(preview):
    pages = preview.findChildren(PageView)
    assert len(pages) == len(VisitPaper(sheets.village(60)).pages)
    assert 900 < pages[0].width() < 1000
    assert pages[0].width() / pages[0].height() == pytest.approx(297 / 210, abs=0.01)
    image = pages[0].grab().toImage()
    points = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
    assert sum(QColor(image.pixel(x, y)).lightness() < 100 for x, y in points) > 300


def test_saving_asks_for_a_name_and_hands_it_on(preview, qtbot, monkeypatch, tmp_path):
    chosen = str(tmp_path / "名单")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (chosen, ""))
    with qtbot.waitSignal(preview.save_asked) as asked:
        preview.save_button.click()
    assert asked.args == [Path(f"{chosen}.pdf")]


@pytest.mark.parametrize(("first", "last", "count"), [(0, 0, 5), (2, 3, 2), (4, 99, 2)])
def test_the_printer_gets_the_pages_it_was_asked_for(qapp, tmp_path, first, last, count):
    paper = VisitPaper(sheets.village(60))
    assert len(paper.pages) == 5
    printer = new_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    if last:
        printer.setFromTo(first, last)
    assert print_pages(printer, len(paper.pages), paper.paint) == count
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        assert len(document) == count
        size = document[0].get_size()
        assert size[0] > size[1]
        assert f"清单 07-{max(first, 1)}" in document[0].get_textpage().get_text_range()


def test_a_printer_that_does_not_start_is_a_known_error(qapp, tmp_path):
    printer = new_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "nowhere" / "out.pdf"))
    with pytest.raises(KnownError) as error:
        print_pages(printer, 1, lambda painter, number: None)
    assert error.value.code == "print.refused"
