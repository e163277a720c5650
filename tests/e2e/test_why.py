"""What a person has to do and why, asked at the command line on a village's and on an office's ledger."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from tests.e2e.conftest import ONE, PEOPLE, Program, World, id_number, ids

ALL_NUMBERS = [id_number(birth, sequence) for *_who, birth, sequence in PEOPLE]


def without_numbers(text: str) -> bool:
    """No six characters in a row of any ID number or telephone stand in a text."""
    numbers = [*ALL_NUMBERS, "13800001234"]
    return not any(number[at : at + 6] in text for number in numbers for at in range(len(number) - 5))


def test_somebody_who_has_not_paid(program: Program, world: World) -> None:
    told = program.json("why", world.one, "布仁")
    assert told["state"] == "open" and told["step"]["code"] in ("pay", "pay_with_help")
    assert told["due"]["pay_now_fen"] == 40000 and "400" in told["sentence"]
    assert told["step"]["deadline"] == "2025-12-31" and "12月31日前" in told["sentence"]
    assert [part["code"] for part in told["parts"]] == ["standing", "step", "cost", "cover", "if_not"]
    assert told["counted"]["resident"] is True and told["what_if"] == ""
    assert told["policy"] == {"id": "example-2026", "version": 1, "year": 2026, "example": True}
    assert told["id"] == "150621********" + id_number("19810915", 151)[-4:]


def test_what_if_it_is_paid_later(program: Program, world: World) -> None:
    told = program.json("why", world.one, "布仁", "--paid-on", "2026-02-20")
    assert (told["waiting"]["months"], told["waiting"]["covered_from"]) == (3, "2026-05-20")
    assert told["paid_on"] == "2026-02-20" and "5月20日" in told["what_if"]
    assert told["sentence"] == program.json("why", world.one, "布仁")["sentence"]
    before = program.json("why", world.one, "布仁", "--on", "2025-08-01")
    assert before["state"] == "before" and "9月1日" in before["sentence"]
    assert program.json("why", world.one, "布仁", "--on", "2027-02-01")["state"] == "over"


def test_for_wechat_without_any_number(program: Program, world: World) -> None:
    for name, *_rest in [(row[2],) for row in PEOPLE]:
        plain = program.quick("why", world.one, name, "--copy").out
        assert name in plain and without_numbers(plain)
        masked = program.quick("why", world.one, name, "--copy", "--mask-name").out
        assert name not in masked and f"{name[0]}**" in masked and without_numbers(masked)
    english = program.quick("why", world.one, "布仁", "--copy", "--language", "en").out
    assert "by 31 December pay 400 yuan" in english


def test_on_one_sheet_of_paper(program: Program, world: World, copied: Callable[[Path], Path]) -> None:
    ledger = copied(world.one)
    done = program("why", ledger, "那顺", "-o", "纸/说明.pdf", "--json").data
    with pypdfium2.PdfDocument(program.folder / "纸/说明.pdf") as document:
        assert len(document) == 1
        text = re.sub(r"\s", "", document[0].get_textpage().get_text_range())
    assert re.sub(r"\s", "", done["sentence"]) in text and "查干沟嘎查村" in text
    assert not any(number in text for number in ALL_NUMBERS) and "150621********" in text
    assert program.quick("why", ledger, "那顺", "-o", "x.doc", code=2).out == ""


def test_who_is_meant(program: Program, world: World) -> None:
    number = ids("其其格")[1]
    told = program.json("why", world.one, number)
    assert told["name"] == "其其格" and told["state"] in ("posting", "overdue")
    office = program.json("why", world.office, number)
    assert (office["sentence"], office["village"]) == (told["sentence"], "查干沟嘎查村")
    for words in (("无此人",), ("150621199001010011",), ("布仁", "--household", "0021")):
        refused = program.quick("why", world.one, *words, code=3)
        assert refused.out == "" and "150621199001010011" not in refused.err
    # The same names live in both villages.
    assert "--village" in program.quick("why", world.office, "那顺", code=3).err
    assert program.json("why", world.office, "那顺", "--village", ONE)["scope"] == ONE
    assert program.json("why", world.one, "布仁", "--household", "17")["name"] == "布仁"


@pytest.mark.parametrize("day", ["2025-13-01", "gestern"])
def test_a_day_that_is_none_is_wrong_use(program: Program, world: World, day: str) -> None:
    for option in ("--on", "--paid-on"):
        assert program.quick("why", world.one, "布仁", option, day, code=2).out == ""
