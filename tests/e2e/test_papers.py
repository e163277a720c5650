"""Papers on the command line."""

import re
from pathlib import Path

import pypdfium2
import zxingcpp
from PySide6.QtGui import QImage

from tests.e2e.conftest import Program, World


def test_papers_are_listed_and_written_masked_and_noted(program: Program, world: World) -> None:
    listed = program.json("paper", world.one)
    assert {one["code"] for one in listed["papers"]} >= {"notice", "slip", "refusal"}
    out = program.folder / "告知书.pdf"
    made = program("paper", world.one, "notice", "-o", out, "--json").data
    with pypdfium2.PdfDocument(out) as document:
        words = "".join(page.get_textpage().get_text_range() for page in document)
        assert len(document) == made["pages"] == made["papers"]
    assert made["masked"] and not re.search(r"\d{17}[\dX]", words) and "告知书" in words
    program("paper", world.one, "poem", "-o", out, code=2)
    program("paper", world.one, "notice", "-o", Path("x.txt"), code=2)
    program("paper", world.one, "notice", code=2)


def test_reminders_are_listed_worded_and_made_a_picture(program: Program, world: World) -> None:
    listed = program.json("reminder", world.one)
    assert {one["code"] for one in listed["reminders"]} >= {"group", "special", "household"}
    told = program.json("reminder", world.one, "group")
    assert (
        told["people"] > 0 and f"{told['people']} 人没有缴费" in told["text"] and "那顺" not in told["text"]
    )
    made = program("reminder", world.one, "group", "-o", "群.png", "--json").data
    image = QImage(str(program.folder / "群.png")).convertToFormat(QImage.Format.Format_Grayscale8)
    assert zxingcpp.read_barcode(image).text == made["link"] == told["link"]
    went = program.json("exports", world.one)["exports"]
    assert [line["title"] for line in went][:2] == ["群提醒", "群提醒"]


def test_a_reminder_for_one_household_needs_to_know_which(program: Program, world: World) -> None:
    program.quick("reminder", world.one, "household", code=2)
    program.quick("reminder", world.one, "poem", code=2)
    program.quick("reminder", world.one, "group", "-o", "x.jpg", code=2)
    program.quick("reminder", world.office, "group", code=2)
    listed = program.json("find", world.one, "布仁")
    number = listed["people"][0]["household"] if "people" in listed else "0017"
    told = program.json("reminder", world.one, "household", "--household", number)
    assert told["text"].count("元") >= 1 and told["people"] >= 1
