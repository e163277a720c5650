"""Every code that is printed is read back: from the PDF at 150 dpi, and from photographs as telephones take them."""

from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtGui import QImage, QTransform

from gui.printing import papers as paper_pages
from gui.printing.visit_list import VisitPaper, write_pdf
from gui.reading_codes import codes_in
from gui.wording import papers
from gui.wording.papers import Code, Paper, Words
from storage.printed import SheetCode, parse
from storage.queries.visits import VisitSheet
from tests.gui.printing import sheets
from tests.gui.printing.phone import photographed, rendered

LINKS = (
    "https://pay.example/shebao",
    "weixin://dl/business/?t=AbCdEfGh12",
    "https://pay.example/" + "x" * 260,
)


def codes(image: QImage) -> set[str]:
    read = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return {one.text for one in read}


def expected(sheet: VisitSheet) -> list[set[str]]:
    """What the codes on each page have to say: the page, and the first row of each household that begins on it."""
    return [
        {f"{sheet.qr_text}/{number}"}
        | {f"{sheet.qr_text}/R{sheet.households[one.door].rows[0].row}" for one in page if one.row == 0}
        for number, page in enumerate(VisitPaper(sheet).pages, 1)
    ]


@pytest.mark.parametrize("made", [sheets.village(120), sheets.varied()])
def test_every_code_of_a_list_is_read_at_150_dpi(made: VisitSheet, tmp_path: Path) -> None:
    write_pdf(made, tmp_path / "list.pdf")
    assert [codes(page) for page in rendered(tmp_path / "list.pdf", 150)] == expected(made)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("code", ["notice", "slip"])
def test_every_code_to_pay_by_is_read_at_150_dpi(code: str, link: str, tmp_path: Path) -> None:
    template = next(one for one in papers.templates() if one.code == code)
    made = [
        Paper("医保缴费提醒", (Words(f"第{number}户"), Code(link, "扫码缴费", "自己用手机缴。" * 5)), 1)
        for number in range(5)
    ]
    pages = paper_pages.write_pdf(template, made, tmp_path / "x.pdf")
    found = list(rendered(tmp_path / "x.pdf", 150))
    assert len(found) == pages and all(codes(page) == {link} for page in found)
    read = zxingcpp.read_barcodes(found[0], formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(read) == (4 if code == "slip" else 1)


@pytest.mark.parametrize(
    "how",
    [
        {"width": 4000, "noise": 10.0},
        {"width": 3000},
        {"width": 2400, "angle": 25.0},
        {"width": 1600, "blur": 0.8},
        {"width": 4000, "blur": 2.5, "noise": 15.0},
        {"width": 1280, "blur": 0.7, "noise": 5.0},
    ],
    ids=lambda how: "-".join(f"{name}{value}" for name, value in how.items()),
)
def test_a_photograph_of_any_page_finds_its_list(how: dict[str, float], tmp_path: Path) -> None:
    write_pdf(sheets.village(24), tmp_path / "list.pdf")
    for number, page in enumerate(rendered(tmp_path / "list.pdf", 300), 1):
        photo = photographed(page, tmp_path / "IMG_0001.jpg", seed=number, **how)  # type: ignore[arg-type]
        first = codes_in(photo)[0]
        assert (first.scope, first.number, first.mark) == ("150621102200", 7, "K4QZ")


def test_a_sharp_photograph_of_twelve_megapixels_reads_every_household(tmp_path: Path) -> None:
    made = sheets.village(24)
    write_pdf(made, tmp_path / "list.pdf")
    for number, page in enumerate(rendered(tmp_path / "list.pdf", 300)):
        found = codes_in(photographed(page, tmp_path / "IMG_0001.jpg", width=4000, blur=1.0, seed=number))
        assert set(found) == {parse(text) for text in expected(made)[number]}


def test_a_photograph_lying_on_its_side_is_read_as_well(tmp_path: Path) -> None:
    write_pdf(sheets.village(12), tmp_path / "list.pdf")
    (page,) = rendered(tmp_path / "list.pdf", 200)
    for turn in (90, 180, 270):
        page.transformed(QTransform().rotate(turn)).save(str(tmp_path / "IMG.jpg"), "jpg", 70)
        assert codes_in(tmp_path / "IMG.jpg")[0] == SheetCode("150621102200", 7, "K4QZ", page=1)
