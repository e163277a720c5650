"""Papers read back from their PDF: everybody is on them, tables carry their heads over, parts of pages are kept."""

import re
from pathlib import Path

import pypdfium2
import pytest

from gui.printing.paper import MM, PORTRAIT
from gui.printing.papers import PapersPaper, write_pdf
from gui.wording import papers
from gui.wording.papers import Paper, Signs, Table, Template, Words

POINTS = 72 / 25.4


def template(size: str) -> Template:
    code = {"page": "notice", "half": "advance", "quarter": "slip"}[size]
    return next(one for one in papers.templates() if one.code == code)


def paper(number: int, rows: int = 3) -> Paper:
    table = Table(
        ("姓名", "证件号", "应缴"),
        tuple((f"人{number}之{row}", "1506**********01", "400") for row in range(rows)),
    )
    return Paper(
        "参保缴费告知书",
        (Words(f"第{number}户："), table, Words("请按时缴费。", "strong"), Signs(("签字", "日期"))),
        rows,
    )


def pages_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


@pytest.mark.parametrize(("size", "each"), [("page", 1), ("half", 2), ("quarter", 4)])
def test_everybody_is_there_and_papers_share_pages(qapp, tmp_path: Path, size: str, each: int) -> None:
    made = [paper(number) for number in range(9)]
    path = tmp_path / "papers.pdf"
    pages = write_pdf(template(size), made, path)
    words = pages_of(path)
    assert pages == len(words) == -(-9 // each)
    for number in range(9):
        assert f"第{number}户" in words[number // each]
        assert all(f"人{number}之{row}" in words[number // each] for row in range(3))
    for at, text in enumerate(words, 1):
        whole = size == "page"
        assert ("第1页/共1页" if whole else f"第{at}页/共{pages}页") in text
        assert (f"第{at}份/共9份" in text) == whole


def test_a_long_household_goes_on_with_the_heads_of_its_table(qapp, tmp_path: Path) -> None:
    path = tmp_path / "papers.pdf"
    pages = write_pdf(template("page"), [paper(1, rows=70), paper(2)], path)
    words = pages_of(path)
    assert pages > 2
    held = [text for text in words if "人1之" in text]
    assert len(held) > 1 and all("证件号" in text for text in held)
    assert all(
        sum(f"人1之{row}证" in text or f"人1之{row}1506" in text for text in words) == 1 for row in range(70)
    )
    assert "第2户" in words[-1] and "人1之" not in words[-1]  # nobody else's paper


def test_a_crowded_slip_gets_smaller_type_before_it_takes_another_part(qapp) -> None:
    few = PapersPaper(template("quarter"), [paper(1, rows=2)] * 4)
    more = PapersPaper(template("quarter"), [paper(1, rows=8)] * 4)
    assert len(few.pages) == len(more.pages) == 1


def test_paper_is_a4_upright_with_margins(qapp, tmp_path: Path) -> None:
    path = tmp_path / "papers.pdf"
    write_pdf(template("quarter"), [paper(number) for number in range(6)], path)
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            assert page.get_size() == pytest.approx((210 * POINTS, 297 * POINTS), abs=1)
            boxes = [o.get_bounds() for o in page.get_objects()]
            assert min(box[0] for box in boxes) >= 10 * POINTS
            assert max(box[2] for box in boxes) <= 200 * POINTS
    assert PORTRAIT.body.width() == 186 * MM


def test_a_batch_for_nobody_says_so(qapp, tmp_path: Path) -> None:
    assert write_pdf(template("page"), [], tmp_path / "none.pdf") == 1
    assert "没有需要这份文书的人" in pages_of(tmp_path / "none.pdf")[0]
