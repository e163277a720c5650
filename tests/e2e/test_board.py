"""The board on the command line: what was handed out, movement since the last bulletin, charts as files."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PySide6.QtGui import QImage

from tests.e2e.conftest import ONE, TODAY, TWO, Program, World

Copied = Callable[[Path], Path]


def test_handed_out_returned_and_taken_back(program: Program, world: World, copied: Copied) -> None:
    office = copied(world.office)
    before = program.json("batches", "list", office)
    assert before["late"] == 0
    words = ("--village", ONE, "--title", "未参保人员登记表", "--people", 12, "--holder", "王建国")
    made = program.json("batches", "hand", office, *words, "--on", "2025-11-20", "--due", "2025-11-27")
    assert (made["out"], made["state"], made["late"], made["days"]) == (12, "out", 6, 13)
    assert made["holder"] == "王建国" and made["scope"] == ONE
    handle = made["handle"]
    program.quick("batches", "back", office, handle, "--people", 13, code=3)
    back = program.json("batches", "back", office, handle, "--people", 5, "--note", "缺三组")
    assert (back["returned"], back["out"], back["note"], back["changed"]) == (5, 7, "缺三组", 1)
    held = program.json("batches", "hold", office, handle, "--holder", "李秀英", "--phone", "13900000001")
    assert (held["holder"], held["phone"]) == ("李秀英", "13900000001")
    listed = program.json("batches", "list", office, "--village", ONE)
    assert [one["handle"] for one in listed["batches"]][:1] == [handle] and listed["people"] >= 7
    assert handle not in {
        one["handle"] for one in program.json("batches", "list", office, "--village", TWO)["batches"]
    }
    told = program.quick("batches", "list", office, "--reminder").out
    assert "1. 查干沟嘎查村" in told and "12 人中 7 人未交回" in told and "逾期 6 天" in told
    closed = program.json("batches", "close", office, handle, "--why", "名单作废")
    assert (closed["state"], closed["out"], closed["closed"]) == ("closed", 0, "名单作废")
    listed = program.json("batches", "list", office)
    assert handle not in {one["handle"] for one in listed["batches"]}
    assert handle in {one["handle"] for one in program.json("batches", "list", office, "--all")["batches"]}
    assert program.json("batches", "close", office, handle, "--reopen")["state"] == "part"


def test_what_cannot_be_meant_is_refused(program: Program, world: World, copied: Copied) -> None:
    office = copied(world.office)
    program.quick("batches", "back", office, "zzzzzzzz", "--people", 1, code=3)
    program.quick("batches", "close", office, "zzzzzzzz", code=2)
    program.quick("batches", "hand", office, "--title", "x", "--people", 0, code=3)
    program.quick(
        "batches", "hand", office, "--title", "x", "--people", 3, "--village", "150626100200", code=3
    )
    program.quick("chart", world.office, "pie", "-o", "x.pdf", code=2)
    program.quick("chart", world.office, "ranking", "-o", "x.docx", code=2)


def test_a_village_keeps_its_own_batches(program: Program, world: World, copied: Copied) -> None:
    village = copied(world.one)
    made = program.json(
        "batches", "hand", village, "--title", "入户登记表", "--people", 4, "--holder", "二组 巴图"
    )
    assert made["scope"] == ONE and made["state"] == "out"
    assert program.json("batches", "list", village)["owing"] >= 1


def test_movement_since_the_newest_bulletin(program: Program, world: World, copied: Copied) -> None:
    office = copied(world.office)
    assert program.json("status", office)["since"] is None
    program.json("bulletin", "make", office, today="2025-11-26")
    since = program.json("status", office)["since"]
    assert (since["bulletin"], since["on"]) == (1, "2025-11-26")
    assert since["more"] == {ONE: 0, TWO: 0}
    assert program.json("status", office, today="2025-11-26")["since"] is None, (
        "not the issue of the same day"
    )


def test_charts_are_written_and_noted(program: Program, world: World, copied: Copied) -> None:
    office = copied(world.office)
    out = program.folder / "排名.pdf"
    made = program("chart", office, "ranking", "-o", out, "--json").data
    with pypdfium2.PdfDocument(out) as document:
        assert len(document) == made["pages"] == 1
        words = "".join(page.get_textpage().get_text_range() for page in document)
    shown = program.json("status", office)["villages"]
    for row in made["rows"]:
        assert all(cell in words for cell in row if cell), row
    assert {row["name"] for row in shown if row["should"]} == {row[1] for row in made["rows"]}
    picture = program.folder / "走势.png"
    made = program("chart", office, "lines", "-o", picture, "--json").data
    assert QImage(str(picture)).width() == 1080 and made["columns"][-1] == "12-03"
    went = program.json("exports", office)["exports"]
    assert [line["file"] for line in went][:2] == ["走势.png", "排名.pdf"]
    assert all(line["masked"] for line in went[:2])
    assert TODAY.startswith("2025-12-03")
