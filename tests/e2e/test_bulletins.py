"""Bulletins and the past from outside: issued, shown, counted again, corrected, written; reports as of a moment."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from tests.e2e.conftest import ONE, TWO, Program, World, ids

LATER, LAST = "2025-12-09", "2025-12-16"


@pytest.fixture
def office(world: World, copied: Callable[..., Path]) -> Path:
    """The township's ledger, to be changed."""
    return copied(world.office)


@pytest.fixture
def one(world: World, copied: Callable[..., Path]) -> Path:
    """The first village's ledger, to be changed."""
    return copied(world.one, "one")


def hear(program: Program, office: Path, village: Path, *words: object, today: str = LATER) -> None:
    """Let a village record something and the township hear of it."""
    program.quick("record", village, *words, today=today)
    sent = program.quick("send", village, "-o", "up", "--json", today=today).data
    for bundle in sent["bundles"]:
        program.quick("receive", office, bundle["path"], today=today)


def test_a_bulletin_is_issued_and_counts_again_whatever_comes(
    program: Program, office: Path, one: Path
) -> None:
    made = program.json("bulletin", "make", office)
    assert (made["number"], made["on"], made["total"]["paid"], made["carded"]) == (1, "2025-12-03", 2, [TWO])
    assert [line["code"] for line in made["villages"]] == [ONE, TWO]
    hear(program, office, one, "paid", *ids("布仁"))
    again = program.json("bulletin", "recount", office, 1, today=LATER)
    (found,) = again["bulletins"]
    assert again["equal"] and (found["fingerprint"], found["differences"]) == (found["fingerprint_found"], [])
    assert found["entries"] == found["entries_found"] == made["entries"]
    second = program.json("bulletin", "make", office, today=LATER)
    assert (second["follows"], second["total"]["more"], second["comparable"]) == (1, 1, True)
    listed = program.json("bulletin", "list", office, today=LATER)["bulletins"]
    assert [line["number"] for line in listed] == [2, 1]
    assert program.json("bulletin", "show", office, 1, today=LATER) == made


def test_one_village_s_numbers_are_traced_to_their_files(program: Program, office: Path, one: Path) -> None:
    hear(program, office, one, "paid", *ids("布仁"))
    program.quick("bulletin", "make", office, today=LATER)
    found = program.json("bulletin", "show", office, 1, "--village", ONE, today=LATER)
    files = [source["name"] for source in found["sources"]]
    assert found["paid"] == 3 and len([name for name in files if name]) == 2
    program.quick("bulletin", "show", office, 1, "--village", "150621199999", code=2, today=LATER)


def test_a_correction_says_what_changed_and_why(program: Program, office: Path, one: Path) -> None:
    program.quick("bulletin", "make", office)
    hear(program, office, one, "paid", *ids("布仁"), "--date", "2025-12-01")
    hear(program, office, one, "void", *ids("其其格"), "--reason", "误录")
    done = program.json("bulletin", "correct", office, 1, "--why", "迟报", today=LATER)
    assert (done["corrects"], done["why"]) == (1, "迟报")
    reasons = {(line["code"], line["reason"]): line["paid"] for line in done["changes"]}
    assert reasons == {(ONE, "paid_before"): 1, (ONE, "unpaid"): -1}
    text = program.quick("bulletin", "show", office, 2, today=LATER).out
    assert "更正第1期" in text and "截止前已缴、后来报到 1 人" in text
    program.quick("bulletin", "correct", office, 1, "--why", " ", code=3, today=LATER)
    assert program.json("bulletin", "list", office, today=LATER)["bulletins"][1]["corrected"]


def test_it_is_written_as_table_paper_and_picture(program: Program, office: Path) -> None:
    program.quick("bulletin", "make", office)
    for name in ("b.xlsx", "b.csv", "b.pdf", "b.png"):
        program("bulletin", "export", office, 1, "-o", name)
        assert (program.folder / name).stat().st_size > 200
    sheet = openpyxl.load_workbook(program.folder / "b.xlsx").active
    assert sheet is not None and "第1期" in str(sheet.cell(1, 1).value)
    rows = list(csv.reader((program.folder / "b.csv").read_text("utf-8-sig").splitlines()))
    assert [row[1] for row in rows[1:]] == ["查干沟嘎查村", "巴音淖尔村", "合计"]
    with pypdfium2.PdfDocument(program.folder / "b.pdf") as document:
        words = document[0].get_textpage().get_text_range()
    assert "进度通报" in words and "预警" in words and "指纹" in words
    names = ("那顺", "其其格", "150621195")
    written = words + (program.folder / "b.csv").read_text("utf-8-sig")
    assert not any(name in written for name in names)
    log = program.json("exports", office)
    assert [line["what"] for line in log["exports"]][:4] == ["bulletin"] * 4
    program.quick("bulletin", "export", office, 1, "-o", "b.doc", code=2)
    program.quick("bulletin", "export", office, 1, "-o", "b.xlsx", "--form", "roster", code=2)
    program.quick("bulletin", "export", office, 1, "-o", "b.xlsx", "--townships", code=2)
    program("out", office, "bulletin", "-o", "o.csv")
    assert (program.folder / "o.csv").read_text("utf-8-sig") == (program.folder / "b.csv").read_text(
        "utf-8-sig"
    )


def test_reports_as_of_a_day_or_a_bulletin(program: Program, office: Path, one: Path) -> None:
    made = program.json("bulletin", "make", office)
    before = program.json("status", office)
    hear(program, office, one, "paid", *ids("布仁"))
    assert program.json("status", office, today=LAST)["paid"] == 3
    for moment in ("2025-12-03", "2025-12-03T23:59", "bulletin:1", "第1期"):
        then = program.json("status", office, "--as-of", moment, today=LAST)
        assert (then["paid"], then["today"]) == (2, "2025-12-03"), moment
        own = "bulletin" in moment or "第" in moment  # what it counts, without itself
        assert own or then["state"] == before["state"]
    shown = program.json("targets", "show", office, "--as-of", "bulletin:1", today=LAST)
    rate = next(one for one in shown["rates"] if one["denominator"] == made["denominator"])
    assert (rate["reached"], rate["total"]) == (made["total"]["paid"], made["total"]["total"])
    who = program.json("targets", "list", office, "missing", "--as-of", "bulletin:1", today=LAST)
    assert who["entries"]
    program("out", office, "insured", "-o", "then.csv", "--as-of", "2025-12-03", today=LAST)
    program("out", office, "insured", "-o", "now.csv", today=LAST)
    counts = [
        len((program.folder / name).read_text("utf-8-sig").splitlines()) for name in ("then.csv", "now.csv")
    ]
    assert counts[1] - counts[0] == 1
    log = program.json("exports", office, today=LAST)["exports"]
    assert log[0]["at"][:10] == log[1]["at"][:10] == LAST, "what shows the past goes out today"
    assert program.json("money", "totals", office, "--as-of", "bulletin:1", today=LAST)
    assert program.json("money", "list", office, "--as-of", "2025-12-03", today=LAST) is not None


def test_a_bulletin_of_how_it_stood_before(program: Program, office: Path, one: Path) -> None:
    hear(program, office, one, "paid", *ids("布仁"))
    made = program.json("bulletin", "make", office, "--as-of", "2025-12-03", today=LAST)
    assert (made["on"], made["total"]["paid"]) == ("2025-12-03", 2)
    assert program.json("bulletin", "recount", office, today=LAST)["equal"]


def test_a_village_looks_back_too(program: Program, one: Path) -> None:
    before = program.json("status", one)
    program.quick("record", one, "paid", *ids("布仁"), today=LATER)
    then = program.json("status", one, "--as-of", "2025-12-03", today=LAST)
    assert (then["paid"], then["state"], then["clock"]) == (before["paid"], before["state"], None)
    assert program.json("status", one, today=LAST)["paid"] == before["paid"] + 1


def test_what_cannot_be_is_refused(program: Program, office: Path, one: Path) -> None:
    calls: list[tuple[tuple[object, ...], int]] = [
        (("status", office, "--as-of", "2025-12-24"), 3),
        (("status", office, "--as-of", "2020-01-01"), 3),
        (("status", office, "--as-of", "gestern"), 2),
        (("status", office, "--as-of", "bulletin:4"), 3),
        (("bulletin", "make", one), 3),
        (("bulletin", "make", office, "--denominator", "nonsense"), 3),
        (("bulletin", "show", office, 4), 3),
        (("bulletin", "recount", office, 4), 3),
        (("bulletin", "correct", office, 1), 2),
    ]
    for words, code in calls:
        done = program.quick(*words, code=code)
        assert done.err.strip()


def test_a_recount_that_differs_is_refused_and_says_why(program: Program, office: Path) -> None:
    program.quick("bulletin", "make", office)
    program.quick("erase", office, *ids("那顺"), "--reason", "本人申请", "--village", ONE, "--really")
    done = program.quick("bulletin", "recount", office, "--json", code=3)
    (found,) = done.data["bulletins"]
    assert not found["equal"] and any(lack["erased"] for lack in found["lacks"])
    assert "删除" in program.quick("bulletin", "recount", office, 1, code=3).out


def test_the_same_copy_of_a_ledger_counts_the_same(program: Program, office: Path) -> None:
    program.quick("bulletin", "make", office)
    shutil.copytree(office, program.folder / "clone")
    assert program.json("bulletin", "recount", "clone")["equal"]
