"""The rules are pure and total: their tests walk every branch of every module in storage/policy."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_branch_of_the_rules_is_walked(tmp_path: Path) -> None:
    data, report = tmp_path / "coverage", tmp_path / "coverage.json"
    coverage = [sys.executable, "-m", "coverage"]
    run = [*coverage, "run", "--branch", "--source=storage/policy", f"--data-file={data}"]
    tests = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--basetemp={tmp_path / 'tmp'}",
        "tests/unit/storage/policy",
        "tests/unit/storage/test_drafts.py",
    ]
    done = subprocess.run([*run, *tests], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    subprocess.run(
        [*coverage, "json", f"--data-file={data}", "-o", str(report)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    files = json.loads(report.read_text("utf-8"))["files"]
    assert len(files) > 20
    lacking = {
        name: found["missing_lines"] or found["missing_branches"]
        for name, found in files.items()
        if found["missing_lines"] or found["missing_branches"]
    }
    assert not lacking, lacking
