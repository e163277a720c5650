"""Nothing stands alone on paper: households of a list, what is signed on a paper, whatever the people are called."""

import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.printing.paper import PORTRAIT, inks
from gui.printing.papers import PapersPaper, write_pdf
from gui.printing.visit_list import VisitPaper
from gui.printing.visit_list import write_pdf as write_list
from gui.wording import papers
from gui.wording.papers import Code, Paper, Signs, Table, Template, Words
from tests.gui.printing import sheets

POINTS = 72 / 25.4  # per mm
_PARTS = ("那顺", "其其格", "乌云毕力格", "斯琴高娃", "敖日格勒", "额尔敦其木格", "娜仁托娅", "王", "䶮㛃")
NAMES = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=3).map("·".join)
HOUSEHOLDS = st.lists(
    st.tuples(st.sampled_from(["", "一社", "二社"]), st.lists(NAMES, min_size=1, max_size=8)),
    min_size=1,
    max_size=20,
)


@pytest.fixture(scope="module")
def fonts(qapp):
    return inks()


@settings(max_examples=60, deadline=None)
@given(doors=HOUSEHOLDS)
def test_a_household_of_up_to_eight_is_never_torn_and_its_line_never_last(fonts, doors) -> None:
    paper = VisitPaper(sheets.sheet(doors), fonts)
    for page in paper.pages:
        assert page[-1].kind == "row"
        assert not any(item.again for item in page if item.kind == "door")
        for item, after in pairwise(page):
            assert item.kind != "door" or (after.kind, after.door) == ("row", item.door)
    on = [{item.door for item in page if item.kind == "row"} for page in paper.pages]
    assert sum(map(len, on)) == len(doors)


def test_a_household_of_twelve_stands_on_one_page_and_its_notice_too(fonts, tmp_path: Path) -> None:
    people = [f"乌云毕力格·{number}" for number in range(12)]
    laid = VisitPaper(sheets.sheet([("一社", ["那顺"] * 5), ("一社", people)]), fonts)
    assert [len({item.door for item in page}) for page in laid.pages] == [1, 1]
    rows = tuple(
        (name, "150621********1213", "400", "350", "12-25", "先缴 400 元，退补 350 元") for name in people
    )
    table = Table(("姓名", "证件号", "应缴（元）", "应退（元）", "最后一天", "怎么办"), rows)
    notice = Paper(
        "参保缴费告知书", (Words("那顺户："), table, Words("缴费渠道。" * 12), Signs(("联络员", "日期"))), 12
    )
    paper = PapersPaper(template("notice"), [notice], fonts)
    assert len(paper.pages) == 1


def template(code: str) -> Template:
    return next(one for one in papers.templates() if one.code == code)


@settings(max_examples=25, deadline=None)
@given(
    names=st.lists(NAMES, min_size=1, max_size=40),
    words=st.integers(0, 900),
    code=st.sampled_from(["notice", "advance", "slip"]),
)
def test_what_is_signed_stands_with_what_it_is_signed_under(fonts, names, words, code) -> None:
    rows = tuple((name, "150621********1213", "400") for name in names)
    parts = (
        Words("那顺户："), Table(("姓名", "证件号", "应缴（元）"), rows), Words("说明" * words),
        Code("https://pay.example/a", "扫码缴费", "自己缴"), Words("本人已经了解。"), Signs(("签字", "日期")),
    )  # fmt: skip
    paper = PapersPaper(template(code), [Paper("告知书", parts, len(names))], fonts)
    for number, placed in paper._placed.items():
        for frame in {paper._place_of(at).getRect() for at in range(paper._per_page())}:
            inside = [
                one
                for one in placed
                if one.rect.left() == frame[0] and frame[1] <= one.rect.top() < frame[1] + frame[3]
            ]
            assert not inside or not inside[-1].box.keeps, number
            assert all(
                one.rect.bottom() <= frame[1] + frame[3] + 1 for one in inside if one.box.height < frame[3]
            )


@pytest.mark.parametrize("code", [one.code for one in papers.templates()])
def test_every_paper_keeps_true_margins_and_repeats_its_heads(code: str, tmp_path: Path) -> None:
    made = []
    for count in (1, 12, 60):
        rows = tuple((f"乌云毕力格·斯琴高娃{row}", "150621********1213", "400") for row in range(count))
        table = Table(("姓名", "证件号", "应缴（元）"), rows)
        made.append(
            Paper(
                "告知书",
                (table, Words("说明" * 50), Signs(("被垫付人（监护人）签字", "签字", "日期"))),
                count,
            )
        )
    path = tmp_path / "x.pdf"
    write_pdf(template(code), made, path)
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            assert page.get_size() == pytest.approx((210 * POINTS, 297 * POINTS), abs=1)
            within(page, 210, 297)
            words = re.sub(r"\s", "", page.get_textpage().get_text_range())
            assert "斯琴高娃" not in words or "证件号" in words
    assert PORTRAIT.body.left() == PORTRAIT.body.top()


def test_a_list_keeps_true_margins_on_every_page(tmp_path: Path) -> None:
    write_list(sheets.village(200), tmp_path / "x.pdf")
    with pypdfium2.PdfDocument(tmp_path / "x.pdf") as document:
        for page in document:
            within(page, 297, 210)


def within(page, width: float, height: float) -> None:
    """Whatever is painted lies 12 mm from the edge of the paper, but for the width of a line."""
    boxes = [one.get_bounds() for one in page.get_objects()]
    least = 11.4 * POINTS
    assert min(box[0] for box in boxes) >= least and min(box[1] for box in boxes) >= least
    assert max(box[2] for box in boxes) <= width * POINTS - least
    assert max(box[3] for box in boxes) <= height * POINTS - least
