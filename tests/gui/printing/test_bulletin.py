"""The bulletin on paper and as pictures: nothing lost, heads repeated, readable without colour, nobody named."""

from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage

from gui.charts import prints
from gui.printing import bulletin, issued
from gui.printing.bulletin import BulletinPaper
from gui.printing.paper import MARGIN, MM
from storage import policies
from storage.bulletins import Before, Bulletin, Change, Content, Forecast, Line
from storage.held import Held
from sync.reports import bulletin_words, forms

POLICY = policies.load("example-2026")
FORM = forms.built_in()["bulletin"]
NAMES = ("查干沟嘎查村", "额尔德尼布拉格嘎查", "柳沟村")


def content(villages: int, level: str = "township") -> Content:
    """A bulletin of so many villages, the last two warned; at a banner in townships of thirty."""
    lines = []
    for number in range(villages):
        code = f"1506211{number // 30:02d}{200 + number % 30}"
        before = Before(paid=max(40 - number % 40, 0), total=100, rank=number + 1)
        lines.append(
            Line(
                code=code,
                title=f"{NAMES[number % 3]}{number}",
                people=120,
                total=100,
                paid=max(90 - number % 90, 0),
                confirmed=10,
                able=7,
                special=10,
                special_paid=9,
                credential=60,
                rank=number + 1,
                card=number >= villages - 2,
                before=before,
                forecast=Forecast(
                    state="going", missing=5, left=9, paid=30, days=28, likely=date(2025, 12, 20)
                ),
            )
        )
    parts = [
        replace(lines[0], code=f"1506211{at:02d}000", title=f"第{at}镇", card=False)
        for at in range(-(-villages // 30) if level == "banner" else 0)
    ]
    return Content(
        number=3,
        year=2026,
        on=date(2025, 12, 3),
        unit="150621000000" if level == "banner" else "150621102000",
        title="达拉特旗" if level == "banner" else "白泥井镇",
        level=level,  # type: ignore[arg-type]
        by="苏会计",
        denominator=POLICY.default_denominator,
        explained=("army",),
        lines=tuple(lines),
        parts=tuple(parts),
        total=Line(code="x", title="合计", people=120 * villages, total=100 * villages, paid=4321),
        kind="card" if level == "banner" else "warning",
        cards=2,
        issuer="旗医保局、旗税务局",
        follows=2,
        followed_on=date(2025, 11, 26),
    )


def made(one: Content) -> Bulletin:
    """It as an issued bulletin."""
    at = datetime(2025, 12, 3, 9, tzinfo=UTC)
    return Bulletin("r", one.unit, at, one, POLICY, Held((), "0" * 32), "ab" * 16, "1.1")


def words(path: Path) -> list[str]:
    """The words of each page."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize(("villages", "level"), [(1, "township"), (14, "township"), (220, "banner")])
def test_every_village_stands_once_on_paper_under_its_heads(
    qapp: object, tmp_path: Path, villages: int, level: str
) -> None:
    one = made(content(villages, level))
    pages = bulletin.write_pdf(issued.sheet(one, FORM), tmp_path / "b.pdf")
    told = words(tmp_path / "b.pdf")
    assert len(told) == pages
    text = "".join(told).replace("\r\n", "")
    for line in one.content.lines:
        assert line.title in text
    tables = [page for page in told if any(line.title in page for line in one.content.lines)]
    assert len(tables) == 1 if villages < 20 else len(tables) > 4
    assert all("应参保" in page and "参保率" in page for page in tables), "the head is repeated"
    for number, page in enumerate(told):
        assert f"第 {number + 1} 页 / 共 {pages} 页" in page
    assert ("黄牌" if level == "banner" else "预警") in text and "指纹" in text and "不含个人信息" in text
    assert ("第0镇" in text) == (level == "banner")
    assert ("白泥井镇" in text) == (level == "banner" or "白泥井镇" in one.content.title)


def test_what_is_a_little_too_long_is_set_smaller(qapp: object) -> None:
    pages = {
        count: len(BulletinPaper(issued.sheet(made(content(count)), FORM)).pages)
        for count in (14, 15, 18, 40)
    }
    assert pages[14] == pages[15] == 1 and pages[40] > 1


@pytest.mark.parametrize("villages", [3, 40, 220])
def test_nothing_stands_outside_the_margins(qapp: object, villages: int) -> None:
    paper = BulletinPaper(issued.sheet(made(content(villages, "banner")), FORM))
    for page in paper._pages:
        for rect, _box in page:
            assert rect.top() >= MARGIN - MM and rect.bottom() <= 210 * MM - MARGIN


def test_a_first_issue_has_no_empty_columns(qapp: object) -> None:
    one = content(3)
    lines = tuple(replace(line, before=None, card=False) for line in one.lines)
    sheet = issued.sheet(made(replace(one, lines=lines, follows=None, followed_on=None)), FORM)
    heads = [spec.title for spec in sheet.listings[0].columns]
    assert "上期名次" not in heads and "提示" not in heads and "参保率" in heads


def test_a_correction_names_the_issue_it_is_held_against(qapp: object) -> None:
    changes = (Change(code="150621100200", reason="paid_before", people=2, paid=2),)
    one = replace(content(3), corrects=2, corrected_on=date(2025, 11, 26), why="迟报", changes=changes)
    sheet = issued.sheet(made(one), FORM)
    assert "更正通报" in sheet.title and "较原期增加" in [spec.title for spec in sheet.listings[0].columns]
    assert any("截止前已缴、后来报到 2 人（已缴 +2）" in note for note in sheet.notes)


# ---- pictures


def test_pictures_are_as_many_as_can_be_read(qapp: object, tmp_path: Path) -> None:
    one = made(content(100, "banner"))
    charts = issued.charts(one)
    files = prints.write_png(charts, tmp_path / "b.png")
    assert [file.name for file in files] == ["b.png", "b-2.png", "b-3.png", "b-4.png"]
    for file in files:
        image = QImage(str(file))
        assert image.width() == 1080 and 600 < image.height() < 4400
    assert [bar.code for chart in charts[1:] for bar in chart.bars] == [
        one.code for one in one.content.ranked
    ]
    assert "（41—80，共 100 个）" in charts[2].kind


def test_the_bars_say_the_rate_and_the_target_is_a_line(qapp: object) -> None:
    one = content(2)
    lines = (replace(one.lines[0], paid=80), replace(one.lines[1], paid=20))
    (chart,) = issued.charts(made(replace(one, lines=lines)))
    assert [bar.share for bar in chart.bars] == [0.8, 0.2] and chart.target == 0.95
    assert [bar.before for bar in chart.bars] == [0.4, 0.39]
    assert [bar.moved for bar in chart.bars] == ["+40", "-19"] and [bar.mark for bar in chart.bars] == [
        "预警"
    ] * 2


def test_pictures_and_paper_name_nobody(qapp: object) -> None:
    one = made(content(14))
    (chart,) = issued.charts(one)
    told = [chart.title, chart.summary, chart.base, *chart.notes, *(bar.name for bar in chart.bars)]
    assert one.content.by not in "".join(told), "not even who filled it in"


def test_every_reason_has_words() -> None:
    from storage.queries.corrections import REASONS

    assert set(REASONS) == bulletin_words.REASONS
