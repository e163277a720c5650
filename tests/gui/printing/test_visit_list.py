"""The visit list read back from its PDF and looked at as pictures."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from gui import i18n, theme
from gui.printing import pdf, visit_list
from gui.printing.paper import BODY, MM, WIDTH
from gui.printing.picture import picture
from gui.printing.visit_list import VisitPaper, columns, render_pages, write_pdf
from gui.reading_codes import codes_in
from storage.errors import KnownError
from storage.printed import parse
from tests.gui.printing import sheets

POINTS = 72 / 25.4  # per mm


def read(path: Path) -> list[str]:
    """The words of each page, blanks and line ends taken out."""
    with pypdfium2.PdfDocument(path) as document:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def is_dark(image: QImage, x: float, y: float) -> bool:
    return QColor(image.pixel(int(x), int(y))).lightness() < 128


@pytest.fixture
def varied(tmp_path):
    path = tmp_path / "list.pdf"
    pages = write_pdf(sheets.varied(), path)
    words = read(path)
    assert len(words) == pages > 1
    return words


def test_every_name_can_be_read_back(varied):
    text = "".join(varied)
    for door in sheets.varied().households:
        assert door.head_name in text
        for row in door.rows:
            assert row.name in text
            assert row.why.replace(" ", "") in text
            assert row.id_masked in text


def test_every_page_stands_alone(varied):
    for number, words in enumerate(varied, 1):
        assert "查干沟嘎查2026年度城乡居民医保入户走访清单" in words
        for title, _width in columns():
            assert title.replace(" ", "") in words
        assert f"第{number}页/共{len(varied)}页" in words
        assert f"清单07-{number}" in words
        assert "含个人信息，用后交回，勿拍照转发" in words


def test_groups_and_households_are_counted_and_continued(varied):
    assert "02组2户6人" in varied[0]
    assert "清单07·未缴费或待帮办·二社、三社·3户36人" in varied[0]
    assert "1号户（续）" in varied[-1]
    assert "03组（续）" in varied[-1]


def test_numbers_for_re_entry_are_all_there(tmp_path):
    path = tmp_path / "list.pdf"
    write_pdf(sheets.village(200), path)
    with pypdfium2.PdfDocument(path) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    # A row number, the name and the age stand on one line of the page.
    found = [int(n) for n in re.findall(r"^(\d+) \S+ \d+ 1506", text, re.MULTILINE)]
    assert found == list(range(1, 201))


def test_letters_stand_on_lines(tmp_path):
    # Readers that see each letter on a line of its own cannot search: it depends on the unit of the paper.
    path = tmp_path / "list.pdf"
    write_pdf(sheets.village(3), path)
    with pypdfium2.PdfDocument(path) as document:
        lines = document[0].get_textpage().get_text_range().splitlines()
    assert any("未缴费，12-25 前须缴" in line for line in lines)


def test_paper_is_a4_on_its_side_with_margins(tmp_path):
    path = tmp_path / "list.pdf"
    write_pdf(sheets.varied(), path)
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            assert page.get_size() == pytest.approx((297 * POINTS, 210 * POINTS), abs=1)
            boxes = [o.get_bounds() for o in page.get_objects()]
            ten = 10 * POINTS
            assert min(b[0] for b in boxes) >= ten
            assert min(b[1] for b in boxes) >= ten
            assert max(b[2] for b in boxes) <= 297 * POINTS - ten
            assert max(b[3] for b in boxes) <= 210 * POINTS - ten


def test_room_to_write_and_boxes_to_tick():
    widths = [width / MM for _title, width in columns()]
    assert widths[-1] >= 45
    assert sum(widths) == pytest.approx(BODY.width() / MM)
    assert visit_list._BOX / MM >= 4
    assert min(widths[5:10]) > visit_list._BOX / MM


def test_long_names_wrap_and_are_not_covered():
    paper = VisitPaper(sheets.varied())
    rows = {i.row: i for page in paper.pages for i in page if i.kind == "row" and i.door == 1}
    assert rows[0].height > 4 * rows[1].height


def test_ticked_boxes_and_empty_ones_differ():
    paper, marks = VisitPaper(sheets.varied()), {}
    image = picture(paper.paint, 0, 200)
    scale = image.width() / WIDTH
    lefts = paper._lefts
    tops = [i for i in paper.pages[0] if i.kind == "row"]
    for row, item in enumerate(tops[:3]):
        for column in range(5, 10):
            top = BODY.top() + paper._title_height + visit_list._HEAD + item.top
            cell = QRectF(lefts[column] + MM, top + MM, 9 * MM, item.height - 2 * MM)
            points = [
                (x, y)
                for x in range(int(cell.left() * scale), int(cell.right() * scale))
                for y in range(int(cell.top() * scale), int(cell.bottom() * scale))
            ]
            marks[row, column] = sum(is_dark(image, x, y) for x, y in points)
    assert marks[1, 7] > marks[1, 6] > marks[2, 5] > 0  # ticked, empty, a dash


def codes(image: QImage) -> set[str]:
    """What the codes on a page say."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return {one.text for one in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)}


def test_the_codes_name_list_page_and_first_row_of_a_household_and_nobody():
    sheet = sheets.varied()
    firsts, pages = set(), render_pages(sheet, 200)
    for number, image in enumerate(pages, 1):
        found = codes(image)
        assert f"{sheet.qr_text}/{number}" in found
        firsts |= found - {f"{sheet.qr_text}/{number}"}
    assert firsts == {f"{sheet.qr_text}/R{door.rows[0].row}" for door in sheet.households}
    assert all(parse(one) for one in firsts)


def test_a_draft_bears_no_code():
    assert not codes(render_pages(replace(sheets.varied(), qr_text=""), 200)[0])


def test_a_photograph_held_askew_tells_the_list(tmp_path):
    sheet = sheets.varied()
    page = render_pages(sheet, 200)[0]
    askew = page.transformed(
        QTransform().rotate(17).shear(0.05, 0.02), Qt.TransformationMode.SmoothTransformation
    )
    photo = QImage(askew.size(), QImage.Format.Format_RGB32)
    photo.fill(QColor("#8a7f70"))
    with QPainter(photo) as painter:
        painter.drawImage(0, 0, askew)
    path = tmp_path / "IMG_0001.jpg"
    photo.save(str(path), "jpg", 70)
    first = codes_in(path)[0]
    assert (first.number, first.page) == (7, 1)
    small = tmp_path / "small.png"
    page.scaledToWidth(900, Qt.TransformationMode.SmoothTransformation).save(str(small))
    assert codes_in(small)[0] == first


def test_a_picture_without_a_code_and_what_is_none_are_refused(tmp_path):
    blank = QImage(300, 200, QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.white)
    blank.save(str(tmp_path / "blank.png"))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    for name, code in (("blank.png", "picture.no_code"), ("broken.jpg", "picture.unreadable")):
        with pytest.raises(KnownError, match=code):
            codes_in(tmp_path / name)


def test_masked_numbers_stay_masked(varied):
    assert not re.search(r"\d{17}[\dX]", "".join(varied))


def test_an_empty_list_says_so(tmp_path):
    assert write_pdf(sheets.sheet([]), tmp_path / "empty.pdf") == 1
    assert "没有人符合这份清单的条件" in read(tmp_path / "empty.pdf")[0]


def test_texts_of_any_length_stay_on_the_page(tmp_path):
    sheet = sheets.sheet(
        [("一社", ["甲"])], title="清单" * 60, filter_text="条件、" * 80, privacy="勿传" * 30
    )
    door = sheet.households[0]
    row = replace(
        door.rows[0], why="很长的理由" * 300, note="备注" * 200, name="名" * 400, age=None, id_masked=""
    )
    sheet = replace(sheet, households=(replace(door, note="说明" * 900, rows=(row,)),))
    assert write_pdf(sheet, tmp_path / "long.pdf") == 1
    assert "第1页/共1页" in read(tmp_path / "long.pdf")[0]


def test_a_failed_write_leaves_what_was_there(tmp_path):
    path = tmp_path / "list.pdf"
    write_pdf(sheets.village(2), path)
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        pdf.write_pages(path, "", 2, lambda painter, number: 1 / (1 - number))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_a_known_error(tmp_path):
    with pytest.raises(KnownError) as error:
        write_pdf(sheets.village(2), tmp_path / "nowhere" / "list.pdf")
    assert error.value.code == "file.not_written"
    assert error.value.params["file"] == "list.pdf"


def test_no_chinese_font_is_a_known_error(monkeypatch, tmp_path):
    monkeypatch.setattr(theme, "installed_families", tuple)
    with pytest.raises(KnownError) as error:
        write_pdf(sheets.village(2), tmp_path / "list.pdf")
    assert error.value.code == "print.no_font"
    assert not list(tmp_path.iterdir())


def test_words_follow_the_language(tmp_path):
    i18n.install("en")
    write_pdf(sheets.village(2), tmp_path / "list.pdf")
    assert "Page1of1" in read(tmp_path / "list.pdf")[0]


def test_printing_needs_no_widgets():
    code = (
        "import sys; from gui.printing import visit_list, offscreen; app = offscreen.paint_app(); "
        "print(any(name in sys.modules for name in ('PySide6.QtWidgets', 'PySide6.QtPrintSupport')))"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
