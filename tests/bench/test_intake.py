"""Intake of a 5,000-person xlsx, against the bare reading by the same reader and bare inserts of the same rows."""

import random
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from storage.ledger import Ledger
from sync.intake import roster
from tests.bench import bare
from tests.bench.conftest import Compare, id_number, person

PEOPLE = 5_000
TITLES = [
    "序号",
    "户编号",
    "户主姓名",
    "与户主关系",
    "姓名",
    "性别",
    "民族",
    "身份证号",
    "联系电话",
    "组别",
    "是否常住",
]
TITLES += ["户口性质", "现住址", "人员类别", "备注"]


def _sheet(path: Path) -> None:
    rng = random.Random(7)
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, TITLES)
    head = ""
    for row in range(PEOPLE):
        name, text = person(rng), id_number(rng)
        head = name if row % 3 == 0 else head
        sex = "男" if int(text[16]) % 2 else "女"
        relation = "户主" if row % 3 == 0 else "子女"
        cells = [
            row + 1,
            f"04{row // 3:05d}",
            head,
            relation,
            name,
            sex,
            "汉族",
            text,
            f"138{rng.randint(0, 99999999):08d}",
        ]
        sheet.write_row(row + 1, 0, [*cells, "4组", "是", "农业", "四社路东", "普通居民", ""])
    book.close()


def test_intake(tmp_path: Path, new_ledger: Callable[[str], Ledger], compare: Compare) -> None:
    path = tmp_path / "花名册.xlsx"
    _sheet(path)
    rounds = 5
    ledgers = [new_ledger(f"L{number}") for number in range(rounds + 1)]
    filled = ledgers.pop()
    roster.apply(filled, roster.stage(filled, path))
    rows, number = bare.rows_of(filled), iter(range(rounds))

    def take_in() -> None:
        ledger = ledgers.pop()
        applied = roster.apply(ledger, roster.stage(ledger, path))
        assert applied.preview.counts["added"] == PEOPLE

    def read_and_insert() -> None:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        bare.insert(tmp_path / f"bare{next(number)}.db", rows)

    compare(f"intake of {PEOPLE} people from xlsx", take_in, read_and_insert, aim=3, rounds=rounds)
