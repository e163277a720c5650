"""Lists of departments, tax and schools on the command line: looked at, answered, written, taken back."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.conftest import ONE, PEOPLE, TWO, Program, World, id_number

NASHUN, QIQIGE = id_number("19501010", 121), id_number("19530402", 42)


def aided(*rows: str) -> str:
    """A list of civil affairs."""
    return "\n".join(["白泥井镇民政局城乡低保对象名单", "序号,姓名,身份证号,嘎查村,救助类别", *rows, ""])


@pytest.fixture
def village(world: World, copied: Callable[..., Path]) -> Path:
    """A village's ledger of the test's own."""
    return copied(world.one)


def write(program: Program, text: str, name: str = "民政.csv") -> Path:
    """A file as it came."""
    path = program.folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_is_recognised_matched_with_reasons_and_written(program: Program, village: Path) -> None:
    path = write(
        program,
        aided(
            f"1,那顺,{NASHUN},查干沟嘎查村,城乡低保",
            f"2,其其格,{QIQIGE},查干沟嘎查村,特困人员",
            "3,王陌生,150621198001010017,,城乡低保",
        ),
    )
    looked = program.json("intake", village, path, "--dry-run")
    (file,) = looked["files"]
    assert (file["kind"], file["source"], file["year"]) == ("department_list", "civil_affairs", 2026)
    counts = file["counts"]
    assert counts["rows"] == sum(
        counts[s] for s in ("added", "changed", "known", "review", "unmatched", "broken")
    )
    first = file["rows"][0]
    assert first["status"] == "added" and first["line"] == 3
    assert first["person"]["name"] == "那顺" and first["score"] > 90
    assert "same_id" in [one["code"] for one in first["why"]] and "身份证号相同" in first["sentence"]
    assert {one["field"] for one in first["changes"]} >= {"group_code"}
    assert file["rows"][2]["status"] == "unmatched" and file["rows"][2]["person"] is None
    assert NASHUN not in json.dumps(looked, ensure_ascii=False)
    assert program.json("lists", village)["lists"][0]["kind"] == "roster"

    applied = program.json("intake", village, path)["files"][0]
    assert applied["outcome"] == "applied" and applied["number"] > 1
    newest = program.json("lists", village)["lists"][0]
    assert (newest["number"], newest["file"], newest["counts"]["added"]) == (applied["number"], "民政.csv", 2)
    again = program.json("intake", village, path, "--dry-run")["files"][0]
    assert (again["counts"]["added"], again["counts"]["known"]) == (0, 2)


def test_a_list_is_taken_back_as_a_whole(program: Program, village: Path) -> None:
    before = program.status(village)
    path = write(program, aided(f"1,那顺,{NASHUN},查干沟嘎查村,城乡低保"))
    number = program.json("intake", village, path)["files"][0]["number"]
    foreseen = program.json("lists", village, "--revert", number, "--dry-run")
    assert foreseen["restored"] == 1 and not program.json("lists", village)["lists"][0]["reverted_at"]
    done = program.json("lists", village, "--revert", number)
    assert done["restored"] == 1 and done["kept"] == []
    log = program.json("lists", village)["lists"]
    assert log[0]["reverted_at"] and log[0]["reverted_by"]
    assert program.status(village)["people"] == before["people"]
    again = program.json("lists", village, "--revert", number, code=3)
    assert again["code"] == "list.reverted"
    assert program.json("lists", village, "--revert", 9999, code=3)["code"] == "list.unknown"


def test_rows_that_found_nobody_can_be_seen_again_where_strangers_may_be_kept(
    world: World, program: Program, village: Path, copied: Callable[..., Path]
) -> None:
    office = copied(world.office)
    path = write(program, aided(f"1,那顺,{NASHUN},,城乡低保", "2,王陌生,150621198001010017,,城乡低保"))
    for ledger, name, number in ((office, "王陌生", "150621********0017"), (village, "", "")):
        taken = program.json("intake", ledger, path)["files"][0]["number"]
        rows = program.json("lists", ledger, "--rows", taken)["rows"]
        stranger = next(row for row in rows if row["status"] == "unmatched")
        assert (stranger["name"], stranger["id"], stranger["line"]) == (name, number, 4)
    assert program.json("lists", village, "--rows", 9999, code=3)["code"] == "list.unknown"


def test_a_list_with_unreadable_rows_writes_nothing(program: Program, village: Path) -> None:
    path = write(program, aided(f"1,那顺,{NASHUN},,城乡低保", "2,（低保户）,,,城乡低保"))
    before = program.status(village)
    looked = program.json("intake", village, path, "--dry-run", code=3)["files"][0]
    assert looked["counts"]["broken"] == 1
    assert looked["blocked"] == "list.bad_rows" and "4" in looked["blocked_sentence"]
    refused = program.json("intake", village, path, code=3)["files"][0]
    assert refused["outcome"] == "refused" and refused["code"] == "list.bad_rows"
    assert program.status(village)["state"] == before["state"]


def test_words_are_explained_once_for_all_lists(program: Program, village: Path) -> None:
    path = write(program, aided(f"1,那顺,{NASHUN},,马倌补贴"))
    looked = program.json("intake", village, path, "--dry-run")["files"][0]
    assert looked["unmapped"] == {"马倌补贴": 1} and looked["counts"]["review"] == 1
    answers = program.folder / "answers.json"
    answers.write_text(json.dumps({"words": {"马倌补贴": "dibao"}}), encoding="utf-8")
    tried = program.json("intake", village, path, "--dry-run", "--answers", answers)["files"][0]
    assert tried["counts"]["added"] == 1
    assert program.json("words", village)["words"] == []  # a dry run keeps nothing
    program.quick("words", village, "马倌补贴", "dibao")
    (word,) = program.json("words", village)["words"]
    assert (word["word"], word["code"]) == ("马倌补贴", "dibao") and word["meaning"]
    assert program.json("intake", village, path, "--dry-run")["files"][0]["counts"]["added"] == 1
    program.quick("words", village, "马倌补贴", "--forget")
    assert program.json("words", village)["words"] == []
    program.quick("words", village, "马倌补贴", "nonsense", code=2)
    program.quick("words", village, "马倌补贴", code=2)


def test_answers_say_whom_rows_mean(program: Program, village: Path) -> None:
    path = write(program, aided("1,那顺,,,城乡低保"))
    row = program.json("intake", village, path, "--dry-run")["files"][0]["rows"][0]
    assert row["status"] == "review" and row["candidates"][0]["name"] == "那顺"
    who = f"{row['candidates'][0]['scope']}/{row['candidates'][0]['record']}"
    answers = program.folder / "answers.json"
    answers.write_text(json.dumps({"rows": {str(row["key"]): who}}), encoding="utf-8")
    done = program.json("intake", village, path, "--answers", answers)["files"][0]
    assert done["counts"]["added"] == 1 and done["rows"][0]["answered"] is True
    answers.write_text(json.dumps({"rows": {"77": who}}), encoding="utf-8")
    program.quick("intake", village, path, "--answers", answers, code=2)
    answers.write_text("[1]", encoding="utf-8")
    program.quick("intake", village, path, "--answers", answers, code=2)
    program.quick("intake", village, path, "--answers", program.folder / "gone.json", code=3)


def test_who_is_no_longer_named_is_taken_out_only_where_asked(program: Program, village: Path) -> None:
    both = aided(f"1,那顺,{NASHUN},查干沟嘎查村,城乡低保", f"2,其其格,{QIQIGE},查干沟嘎查村,城乡低保")
    program.json("intake", village, write(program, both, "十月民政.csv"))
    one = write(program, aided(f"1,那顺,{NASHUN},查干沟嘎查村,城乡低保"), "十一月民政.csv")
    looked = program.json("intake", village, one)["files"][0]
    assert [gone["name"] for gone in looked["removals"]] == ["其其格"]
    assert program.json("intake", village, one, "--dry-run")["files"][0]["removals"]
    program.json("intake", village, one, "--accept-removals")
    assert program.json("intake", village, one, "--dry-run")["files"][0]["removals"] == []


def test_the_kind_can_be_corrected_and_the_result_kept(program: Program, village: Path) -> None:
    path = write(program, f"姓名,身份证号,备注\n那顺,{NASHUN},\n", "名单.csv")
    assert (
        program.json("intake", village, path, "--dry-run", code=3)["files"][0]["code"]
        == "intake.kind_unknown"
    )
    words = ("--kind", "department_list", "--source", "veterans", "--year", "2025", "--result", "out/r.xlsx")
    file = program.json("intake", village, path, "--dry-run", *words)["files"][0]
    assert (file["kind"], file["source"], file["year"]) == ("department_list", "veterans", 2025)
    sheet = openpyxl.load_workbook(program.folder / "out" / "r.xlsx").active
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "那顺" in text and NASHUN not in text
    program.quick("intake", village, path, "--kind", "department_list", "--source", "nobody", code=2)


def test_an_office_takes_a_list_of_all_villages(
    world: World, program: Program, copied: Callable[..., Path]
) -> None:
    office = copied(world.office)
    other = id_number(PEOPLE[1][4], PEOPLE[1][5] + 500)
    text = aided(f"1,那顺,{NASHUN},查干沟嘎查村,城乡低保", f"2,其其格,{other},巴音淖尔村,城乡低保")
    rows = program.json("intake", office, write(program, text))["files"][0]["rows"]
    assert [row["person"]["scope"] for row in rows] == [ONE, TWO]
