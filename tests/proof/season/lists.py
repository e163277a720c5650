"""The lists other offices deliver, as spreadsheets: the tax office's of who has paid, civil affairs' of who is poor."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from storage.ledger import Ledger
from sync.intake import lists
from tests.proof.season.truth import Person

TAX = ("序号", "纳税人识别号", "姓名", "缴费年度", "征收品目", "实缴金额", "缴款日期", "缴费渠道", "税票号码")
CIVIL = ("序号", "苏木镇", "嘎查村", "姓名", "身份证号码", "身份类别")


def tax(path: Path, people: Iterable[Person]) -> Path:
    """Write the tax office's list of who has paid."""
    rows = [
        (
            at, one.number, one.name, "2026", "城乡居民基本医疗保险费", f"{one.taxed / 100:.2f}",
            f"{one.taxed_on:%Y/%m/%d}", "微信", f"3{one.number[6:]:0>17}",
        )
        for at, one in enumerate(people, 1)
    ]  # fmt: skip
    return _write(path, "城乡居民医保缴费明细", TAX, rows)


def civil(path: Path, people: Iterable[Person], titles: Mapping[str, str]) -> Path:
    """Write the civil affairs' list of who is on assistance."""
    rows = [
        (at, "白泥井镇", titles[one.village], one.name, one.number, "农村低保")
        for at, one in enumerate(people, 1)
    ]
    return _write(path, "民政局低保对象名单", CIVIL, rows)


def take(office: Ledger, path: Path) -> lists.Applied:
    """Take a list over as a clerk does, without answering its questions."""
    return lists.apply(office, lists.stage(office, path))


def _write(path: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write(0, 0, title)
        page.write_row(1, 0, header)
        for at, row in enumerate(rows, 2):
            for column, cell in enumerate(row):
                page.write(at, column, cell)
    return path
