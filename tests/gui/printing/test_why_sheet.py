"""The sheet that explains one person's insurance: one page whatever is to be said, read back from its PDF."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QColor

from gui.printing.paper import BODY, WIDTH
from gui.printing.picture import picture
from gui.printing.why_sheet import WhyPaper, write_pdf
from gui.wording.why_parts import Line, Part
from gui.wording.why_sheet import WhySheet, sheet_of
from storage.errors import KnownError
from tests.unit.gui.test_why import HOME, UXIN, case

HARD = {
    "name": "阿拉坦其其格·乌云毕力格·斯琴高娃",
    "groups": ("dibao", "disabled12", "jiance"),
    "need": "no_smartphone",
    "new": True,
    "credential": "",
    "birth": date(2023, 11, 1),
    "unsettled": ("payment.fact", "resident.identity"),
}


def sheet(**changes: object) -> WhySheet:
    made = case(UXIN, date(2023, 12, 3), date(2024, 2, 20), **changes)  # type: ignore[arg-type]
    return sheet_of(made, HOME, "查干沟嘎查")


def read(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


@pytest.mark.parametrize("changes", [{}, {"groups": ("dibao",)}, HARD, {"absence": "death"}])
def test_everything_stands_on_one_page(changes: dict[str, object], tmp_path: Path) -> None:
    made = sheet(**changes)
    assert WhyPaper(made).fits
    write_pdf(made, tmp_path / "x.pdf")
    (text,) = read(tmp_path / "x.pdf")
    wanted = [made.title, made.place, made.person, made.sentence, made.what_if, made.basis]
    wanted += [words for figure in made.figures for words in figure]
    wanted += [words for part in made.parts for words in (part.title, part.lead)]
    wanted += [words for part in made.parts for line in part.lines for words in (line.text, line.source)]
    for words in wanted:
        assert re.sub(r"\s", "", words) in text, words
    assert "150621195302080042" not in text


def test_the_type_shrinks_only_as_far_as_it_must() -> None:
    assert WhyPaper(sheet())._type.size > WhyPaper(sheet(**HARD))._type.size >= 0.65


def test_even_a_policy_of_many_words_stays_on_the_page() -> None:
    lines = tuple(Line(f"第 {each} 条：" + "说明" * 30, "文件" * 20 + str(each)) for each in range(24))
    much = replace(sheet(), parts=(Part("standing", "现在的情况", "", lines),))
    image = picture(WhyPaper(much).paint, 0, 60)
    right = round(BODY.right() / WIDTH * image.width()) + 2
    edge = [
        QColor(image.pixel(x, y)).lightness()
        for x in range(right, image.width())
        for y in range(image.height())
    ]
    assert min(edge) == 255 and WhyPaper(much).fits


def test_a_column_never_ends_with_a_question() -> None:
    paper = WhyPaper(sheet(**HARD))
    left, right = paper._columns(paper._type)
    assert left and right
    assert left[-1].ink is not paper._type.head


def test_a_disk_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as told:
        write_pdf(sheet(), tmp_path / "missing" / "x.pdf")
    assert told.value.code == "file.not_written"
