"""The commands of both READMEs and of the author's guide, run one after another as they stand there."""

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


def test_the_verbs_of_the_policy_guide_run_as_they_stand(tmp_path: Path) -> None:
    """With the guide's own example as FILE, in an office of the place it is written for."""
    page = (ROOT / "docs" / "policies.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    lines = re.findall(r"^ {4}main\.py (.*)$", page, flags=re.MULTILINE)
    assert example is not None and len(lines) == 5
    (tmp_path / "FILE").write_text(example[1], "utf-8")
    program = Program(tmp_path, tmp_path / "data")
    program.quick("office", "create", "L", "--code", "150699100000", "--name", "某镇", "--operator", "某人")
    for line in lines:
        program.quick(*shlex.split(line, comments=True), "--operator", "某人")
    assert "baotou-2027" in program.quick("policy", "list", "L").out
    program.quick("policy", "publish", "L", "FILE", "--operator", "某人")
    assert "somewhere-2026" in program.quick("policy", "list", "L").out
