"""The commands of both READMEs, run one after another as they stand there, on the demo's own roster."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import Program

ROOT = Path(__file__).resolve().parents[2]
ROSTER = ROOT / "resources" / "demo" / "查干沟嘎查花名册.xlsx"


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_commands_of_the_readme_run_as_they_stand(tmp_path: Path, page: str) -> None:
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(ROSTER, here / "花名册.xlsx")
    program = Program(here, tmp_path / "data")
    lines = re.findall(r"^ {4}main\.py (.*)$", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE)
    assert len(lines) >= 10
    for line in lines:
        words = shlex.split(line, comments=True)
        run = program if words[0] in ("visit-list", "manual") else program.quick
        run(*words, "--operator", "苏联络员")
    assert (here / "清单.pdf").read_bytes()[:5] == b"%PDF-"
    assert program.status("L")["people"] == program.status("V")["people"] > 100
