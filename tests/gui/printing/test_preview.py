"""The preview and the printer, printing into a file."""

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from gui import theme
from gui.printing.page_column import PageColumn, PageView
from gui.printing.preview import Preview
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
    pages = sorted(preview.findChildren(PageView), key=lambda page: page.number)
    assert 900 < pages[0].width() < 1000
    assert pages[0].width() / pages[0].height() == pytest.approx(297 / 210, abs=0.01)
    image = pages[0].grab().toImage()
    points = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
    assert sum(QColor(image.pixel(x, y)).lightness() < 100 for x, y in points) > 300


def test_a_thousand_pages_cost_no_more_than_those_in_sight(preview, qtbot):
    preview.show_sheet(sheets.village(5000))
    area = preview.findChild(PageColumn)

    def shown():
        return {page.number for page in area.findChildren(PageView) if page.isVisible()}

    pages = len(VisitPaper(sheets.village(5000)).pages)
    assert pages > 400 and 0 in shown() and len(shown()) < 6
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: pages - 1 in shown() and 0 not in shown())
    qtbot.waitUntil(lambda: len(area.findChildren(PageView)) < 6)
    last = max(area.findChildren(PageView), key=lambda page: page.number)
    assert last.accessibleName() == f"第 {pages} 页 / 共 {pages} 页"
    assert area.viewport().rect().contains(last.mapTo(area.viewport(), last.rect().center()))


def into_a_file(monkeypatch, path: Path) -> None:
    """Whatever is printed goes into a PDF, and the dialog says yes."""

    def printer(*args):
        made = new_printer(*args)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(path))
        return made

    monkeypatch.setattr("gui.printing.preview.new_printer", printer)
    monkeypatch.setattr(QPrintDialog, "exec", lambda self: QPrintDialog.DialogCode.Accepted)


def test_a_long_list_prints_beside_the_window_and_says_how_far(preview, qtbot, monkeypatch, tmp_path):
    into_a_file(monkeypatch, tmp_path / "out.pdf")
    preview.show_sheet(sheets.village(600))
    pages, far = len(VisitPaper(sheets.village(600)).pages), []
    with qtbot.waitSignal(preview.printed, timeout=30_000) as told:
        preview.print_button.click()
        preview._printing.progressed.connect(lambda done, total: far.append((done, total)))
        assert preview.busy.isVisible() and not preview.print_button.isEnabled()
    assert told.args == [pages] and far == [(each, pages) for each in range(1, pages + 1)]
    assert not preview.busy.isVisible() and preview.print_button.isEnabled()
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        assert len(document) == pages


def test_printing_is_stopped_by_the_key_on_its_button(preview, qtbot, monkeypatch, tmp_path):
    into_a_file(monkeypatch, tmp_path / "out.pdf")
    preview.show_sheet(sheets.village(2000))
    preview.activateWindow()
    with qtbot.waitSignal(preview.printed, timeout=30_000) as told:
        preview.print_button.click()
        preview._printing.progressed.connect(
            lambda done, _total: qtbot.keyClick(preview, Qt.Key.Key_Escape) if done == 3 else None
        )
    assert 3 <= told.args[0] < 10


def test_a_printer_that_refuses_is_told_and_the_preview_goes_on(preview, qtbot, monkeypatch, tmp_path):
    into_a_file(monkeypatch, tmp_path / "nowhere" / "out.pdf")
    with qtbot.waitSignal(preview.failed) as told:
        preview.print_button.click()
    assert told.args[0].code == "print.refused" and preview.print_button.isEnabled()


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
