"""A tax list of 5,000 rows, some damaged, against 20,000 people (``--full``: 100,000), beside the matching alone."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.ledger import Ledger
from sync.intake import lists
from sync.intake.whom import People
from sync.sheets.header import find_tables
from sync.sheets.listed import listed_rows
from sync.sheets.reading import read
from tests.bench.conftest import Compare, busy, edits, id_number, person

PEOPLE, FULL, ROWS = 20_000, 100_000, 5_000
TITLES = "序号 纳税人识别号 姓名 缴费年度 征收品目 实缴金额 缴款日期 缴费渠道 税票号码".split()


def _damaged(rng: random.Random, text: str, name: str) -> tuple[str, str]:
    """A number and a name as they may come: four of five as they are, one of ten a stranger's."""
    chance = rng.random()
    if chance < 0.8:
        return text, name
    if chance < 0.84:
        return text[:15] + "000", name
    if chance < 0.88:
        return text[:10] + text[11] + text[10] + text[12:], name
    if chance < 0.9:
        return "", name
    return id_number(rng), person(rng)


def tax_list(path: Path, ledger: Ledger) -> None:
    """Write a tax office's list that names people of a ledger, some of them damaged."""
    rng = random.Random(3)
    people = ledger.connection.execute("SELECT id_full, name FROM resident ORDER BY record").fetchall()
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(TITLES)
        for row, (text, name) in enumerate(rng.sample(people, ROWS), 1):
            paid = ("2026", "城乡居民基本医疗保险费", "400.00", "2025/11/8", "支付宝", f"3150{row:014d}")
            out.writerow((row, *_damaged(rng, text, name), *paid))


def test_list(
    request: pytest.FixtureRequest, tmp_path: Path, new_ledger: Callable[[str], Ledger], compare: Compare
) -> None:
    people = FULL if request.config.getoption("--full", False) else PEOPLE
    ledger, path = new_ledger("L"), tmp_path / "税务缴费明细.csv"
    ledger.write(edits(people))
    tax_list(path, ledger)
    (table,) = find_tables(read(path))
    rows, _ = listed_rows(table)

    def match() -> None:
        assert len(People(ledger).find(rows)) == ROWS

    def stage() -> None:
        staged.append(lists.stage(ledger, path))

    def apply() -> None:
        applied.append(lists.apply(ledger, staged[-1]))

    staged: list[lists.Staged] = []
    applied: list[lists.Applied] = []
    alone = [busy(match) for _ in range(3)]
    looked = [busy(stage) for _ in range(3)]
    written = busy(apply)
    assert applied[-1].listed.counts["rows"] == ROWS
    what = f"tax list of {ROWS:,} rows against {people:,} people"
    compare.against(f"{what}: looked at, beside its matching alone", looked, alone, aim=3)
    compare.against(f"{what}: looked at and taken over", [min(looked) + written], alone, aim=5)
