"""Bytes of real files changed: they are read or refused, and the process that reads them does not break."""

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.unit.sync.sheets.forging import open_cell, open_document, page
from tests.unit.sync.sheets.making import FIXTURES
from tests.unit.sync.sheets.mutating import mutated, outcome

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
ROW = f"<table:table-row>{open_cell('姓名')}{open_cell('身份证号')}</table:table-row>"
MADE = [
    open_document(f'<table:table table:name="表">{ROW * 9}</table:table>'),
    b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html\n\n'
    + page("<table><tr><td rowspan=2>x<td>y<tr><td>z</table>" * 5)
    + b"\n--b--\n",
]


def seeds() -> list[bytes]:
    """The fixtures that are small, and what no fixture is of."""
    files = sorted(path for path in (FIXTURES / "sheets").iterdir() if path.stat().st_size < 60_000)
    return [*(path.read_bytes() for path in files), *MADE]


def run(folder: Path, number: int, seed: int) -> Counter[str]:
    """Outcomes of so many mutated files, each file's turn in order."""
    rng = random.Random(seed)
    sources = seeds()
    counts: Counter[str] = Counter()
    for at in range(number):
        data = mutated(sources[at % len(sources)], rng)
        result = outcome(folder, data)
        if result.startswith("died") and (keep := os.environ.get("KEEP_MUTATED")):
            Path(keep, f"{at}.dat").write_bytes(data)
        counts[result] += 1
    return counts


def test_a_hundred_changed_files(tmp_path: Path) -> None:
    counts = run(tmp_path, 100, 4)
    assert not [result for result in counts if result.startswith("died")]
    assert counts["read"] > 10
    assert len(counts) > 2


@pytest.mark.slow
def test_thousands_of_changed_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = run(tmp_path, 3000, 9)
    with capsys.disabled():
        print(f"\n{counts.total():>9,}  spreadsheets with bytes changed")
        for result, number in counts.most_common():
            print(f"{number:>9,}  of them {result}")
    assert not [result for result in counts if result.startswith("died")]
