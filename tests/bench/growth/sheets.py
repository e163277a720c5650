"""A register of n people as a village sends it, nobody twice."""

import random
from pathlib import Path

import xlsxwriter

from tests.bench.growth.world import identity
from tests.bench.test_intake import TITLES

MOST = 1_048_575
"""Rows a sheet has below its titles."""


def roster_sheet(path: Path, people: int, first: int = 0, *, moved: int = 0) -> None:
    """Write the sheet, three people in a household; ``first`` numbers them, one in ``moved`` has another phone."""
    rng, head = random.Random(7), ""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("花名册")
    page.write_row(0, 0, TITLES)
    for number in range(people):
        name, text = identity(first + number).values()
        is_man, is_head = int(text[16]) % 2 == 1, number % 3 == 0
        head = name if is_head else head
        relation = "户主" if is_head else ("子" if is_man else "女")
        who = (
            number + 1,
            f"04{number // 3:06d}",
            head,
            relation,
            name,
            "男" if is_man else "女",
            "汉族",
            text,
        )
        phone = f"138{rng.randint(0, 99_999_999):08d}"
        where = (
            f"139{phone[3:]}" if moved and number % moved == 0 else phone,
            f"{number // 300 % 90 + 1}组",
            "是",
            "农业",
            "",
            "",
            "",
        )
        page.write_row(number + 1, 0, (*who, *where))
    book.close()
