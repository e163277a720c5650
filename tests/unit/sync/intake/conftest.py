"""Ledgers and rosters for the intake tests; all people invented."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from storage import keys
from storage.clock import Clock
from storage.ledger import Ledger
from storage.policy.id_core import check_digit
from sync import enrol

TITLES = ("户编号", "与户主关系", "姓名", "身份证号", "性别", "联系电话", "是否常住")
VILLAGE = "150621102200"


def id_number(birth: str, sequence: int, area: str = "150621") -> str:
    """An invented number whose check digit fits."""
    body = f"{area}{birth}{sequence:03d}"
    return body + check_digit(body)


@pytest.fixture(autouse=True)
def _light_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MEMORY_KIB", 64)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A village's own ledger."""
    made = enrol.create_village(
        tmp_path / "V",
        VILLAGE,
        "查干沟嘎查村",
        passphrase="p",
        operator="王联络员",
        data_dir=tmp_path / "data",
        clock=Clock(date(2025, 12, 3)),
    )
    yield made
    made.close()


Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Write a roster with a title row; each row is a sequence of cells under ``titles``."""

    def write(
        rows: Sequence[Sequence[object]], name: str = "花名册.xlsx", titles: Sequence[str] = TITLES
    ) -> Path:
        book = xlsxwriter.Workbook(str(tmp_path / name))
        page = book.add_worksheet("花名册")
        page.write(0, 0, "查干沟嘎查村城乡居民基本医疗保险参保花名册")
        page.write_row(1, 0, titles)
        for number, row in enumerate(rows):
            page.write_row(number + 2, 0, row)
        book.close()
        return tmp_path / name

    return write
