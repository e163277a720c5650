"""Papers on the command line."""

import re
from pathlib import Path

import pypdfium2

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
