"""The help from the command line: its topics, a page, what it finds, the manual as a PDF."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Program

MISSING = "没有"


def test_the_topics_of_each_role(program: Program) -> None:
    village = {row["topic"] for row in program.json("manual")["topics"]}
    office = {row["topic"] for row in program.json("manual", "--for", "office")["topics"]}
    assert {"today", "households", "returns"} <= village - office
    assert {"villages", "people", "devices"} <= office - village
    assert {"start", "exchange", "keys"} <= village & office


def test_a_page_is_read(program: Program) -> None:
    told = program.json("manual", "exchange")
    assert told["text"].startswith(f"# {told['title']}") and "{#" not in told["text"]
    assert program.quick("manual", "exchange").out.startswith("# 收发")
    assert "# Send and receive" in program.quick("--language", "en", "manual", "exchange").out


def test_a_page_there_is_none_of_is_wrong_use(program: Program) -> None:
    assert "today" in program.quick("manual", "todya", code=2).err


def test_words_are_found(program: Program) -> None:
    found = program.json("manual", "--find", "撤销")["found"]
    assert "households" in [row["topic"] for row in found]
    nothing = program.quick("manual", "--find", "qwertz")
    assert nothing.out == "" and MISSING in nothing.err


@pytest.mark.parametrize("role", ["village", "office"])
def test_the_manual_is_written(program: Program, tmp_path: Path, role: str) -> None:
    path = tmp_path / "new" / "m.pdf"
    told = program.json("manual", "--for", role, "--pdf", path)
    assert path.read_bytes()[:5] == b"%PDF-" and told["pages"] >= 8


def test_only_a_pdf_is_written(program: Program, tmp_path: Path) -> None:
    program.quick("manual", "--pdf", tmp_path / "m.docx", code=2)
    assert not list(tmp_path.glob("m.*"))
