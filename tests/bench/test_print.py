"""Printing 5,000 people: a list, notices, slips beside their bare words and codes; and whether the window lives."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication

from gui import i18n, theme
from gui.printing import papers as paper_pages
from gui.printing import preview as previews
from gui.printing import visit_list
from gui.printing.paper import MM, UNITS_PER_INCH, Format, inks, page_layout
from gui.printing.preview import Preview
from gui.printing.printer import new_printer
from gui.printing.qr import draw_qr
from gui.wording import papers
from gui.wording.papers import Code, Paper, Signs, Table, Words
from storage.queries.visits import VisitSheet
from tests.bench.conftest import Compare
from tests.gui.printing import sheets

PEOPLE = 5_000
_LINK = "https://pay.example/shebao"


@pytest.fixture(autouse=True)
def painting(qapp: QApplication) -> None:
    """Fonts and a language."""
    i18n.install()
    theme.apply(qapp, theme.load())


def notice(number: int) -> Paper:
    """What a household of three is told."""
    rows = tuple(
        (f"其其格{number}之{row}", "150621********1213", "400", "350", "12-25", "缴 400 元")
        for row in range(3)
    )
    heads = ("姓名", "证件号", "应缴（元）", "应退（元）", "最后一天", "怎么办")
    return Paper(
        "2026年度城乡居民医保参保缴费告知书",
        (
            Words(f"那顺{number}户（2组 0017）："),
            Words(
                "　　2026年度城乡居民基本医疗保险集中征缴期为2025年9月1日至2025年12月31日，个人缴费标准每人400元。"
            ),
            Table(heads, rows),
            Words(
                "　　缴费渠道：内蒙古税务社保缴费小程序，移动POS机，上门办理，帮办代缴，银行预存代扣，办税服务厅。"
            ),
            Code(
                "https://pay.example/shebao",
                "扫码缴费",
                "自己用手机缴：微信首页下拉，搜“内蒙古税务社保缴费”。",
            ),
            Signs(("联络员", "电话", "日期")),
        ),
        3,
    )


def words_of(made: list[Paper]) -> Iterator[str]:
    """Every word of some papers."""
    for paper in made:
        yield paper.title
        for part in paper.parts:
            match part:
                case Table():
                    yield from part.heads
                    for row in part.rows:
                        yield from row
                case Signs():
                    yield from part.labels
                case _:
                    yield part.text


def on_list(made: VisitSheet, pages: int) -> tuple[list[str], list[str]]:
    """Every word and every code of a visit list."""
    words = [door.head_name for door in made.households]
    for door in made.households:
        for row in door.rows:
            words += [str(row.row), row.name, str(row.age), row.id_masked, row.why]
    return words, [f"{made.qr_text}/{number}" for number in range(len(made.households) + pages)]


def bare(words: list[str], codes: list[str], pages: int, format: Format, path: Path) -> None:
    """The same words and codes one below the other on as many pages: nothing measured, nothing wrapped, no line."""
    writer = QPdfWriter(str(path))
    writer.setResolution(UNITS_PER_INCH)
    writer.setPageLayout(page_layout(format))
    each, coded = -(-len(words) // pages), -(-len(codes) // pages)
    with QPainter(writer) as painter:
        painter.setFont(inks().text.font)
        for number in range(pages):
            if number:
                writer.newPage()
            for line, text in enumerate(words[number * each : (number + 1) * each]):
                painter.drawText(QPointF(12 * MM, 15 * MM + line * 3 * MM), text)
            for line, text in enumerate(codes[number * coded : (number + 1) * coded]):
                draw_qr(painter, QRectF(150 * MM, (12 + 20 * line) * MM, 18 * MM, 18 * MM), text)


def test_a_list_of_5000(compare: Compare, tmp_path: Path) -> None:
    made = sheets.village(PEOPLE)
    pages = len(visit_list.VisitPaper(made).pages)
    words, codes = on_list(made, pages)
    path = tmp_path / "list.pdf"
    compare(
        f"visit list of {PEOPLE:,} people, {pages} pages with {len(codes):,} codes",
        lambda: visit_list.write_pdf(made, path),
        lambda: bare(words, codes, pages, visit_list.LANDSCAPE, path),
        aim=3,
        rounds=3,
    )


@pytest.mark.parametrize(("code", "aim"), [("notice", 4), ("slip", 4)])
def test_papers_for_5000(compare: Compare, tmp_path: Path, code: str, aim: float) -> None:
    template = next(one for one in papers.templates() if one.code == code)
    made = [notice(number) for number in range(-(-PEOPLE // 3))]
    pages = len(paper_pages.PapersPaper(template, made).pages)
    path = tmp_path / "papers.pdf"
    compare(
        f"{len(made):,} papers ({code}) on {pages:,} pages",
        lambda: paper_pages.write_pdf(template, made, path),
        lambda: bare(list(words_of(made)), [_LINK] * len(made), pages, paper_pages.PORTRAIT, path),
        aim=aim,
        rounds=3,
    )


def stalls(until: Callable[[], bool]) -> list[float]:
    """How long the event loop was away, each time, in ms, until something is true."""
    gaps, last = [], time.perf_counter()
    beat = QTimer()

    def on_beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now

    beat.timeout.connect(on_beat)
    beat.start(1)
    while not until():
        QApplication.processEvents()
    beat.stop()
    return sorted(gaps)


def test_the_window_lives_while_5000_are_printed(
    compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def printer(*args: Format) -> QPrinter:
        made = new_printer(*args)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / "out.pdf"))
        return made

    monkeypatch.setattr(previews, "new_printer", printer)
    monkeypatch.setattr(QPrintDialog, "exec", lambda self: QPrintDialog.DialogCode.Accepted)
    window, paper = Preview(), visit_list.VisitPaper(sheets.village(PEOPLE))
    window.resize(1000, 700)
    window.show()
    begin = time.perf_counter()
    window.show_paper(paper, "x")
    shown = (time.perf_counter() - begin) * 1000
    done: list[int] = []
    window.printed.connect(done.append)
    window.print_button.click()
    gaps = stalls(lambda: bool(done))
    assert done == [len(paper.pages)]
    compare.say(
        f"preview of {len(paper.pages)} pages shown in {shown:.1f} ms; printed page by page: longest stall "
        f"{gaps[-1]:.0f} ms, 99 of 100 under {gaps[len(gaps) * 99 // 100]:.0f} ms, aim 50 ms"
    )
    window.deleteLater()
