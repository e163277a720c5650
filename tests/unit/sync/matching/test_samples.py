"""The lists of offices about three villages, matched against their rosters; every row looked at by hand once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from storage.policy import id_number
from sync.matching import Match, Person, Register, Wanted, match
from sync.sheets import values
from sync.sheets.cells import Cell
from sync.sheets.header import Table, find_tables
from sync.sheets.reading import read
from sync.sheets.roster import roster_rows

SAMPLES = Path(__file__).resolve().parents[3] / "fixtures" / "samples"
BY_HAND = {
    "乡村振兴统筹发展中心名单.xlsx": (66, 3),
    "残联名单.xlsx": (68, 3),
    "民政局名单.xlsx": (71, 3),
    "在校学生参保统计.xlsx": (73, 0),
    "平台参保信息导出.xlsx": (1437, 0),
    "税务缴费明细.csv": (1115, 0),
    "缴费导出.xls": (40, 0),
}
"""Rows that are sure, and strangers: the rest has no number, or stands in the roster without one."""


@cache
def register() -> Register:
    """The people of the three rosters."""
    people = []
    for at, path in enumerate(sorted(SAMPLES.glob("0*.xlsx"))):
        for table in find_tables(read(path)):
            for row in roster_rows(table).rows:
                born = row.birth.isoformat() if row.birth else ""
                title = path.stem[3:].removesuffix("花名册")
                people.append(
                    Person(
                        f"{at}-{row.row_number:04d}", f"15062110220{at}", title, row.name,
                        row.id_text, born, row.sex, f"{at}-{row.household}", row.head_name, row.group, row.phone,
                    )
                )  # fmt: skip
    return Register(people)


def rows_of(path: Path) -> Iterator[Wanted]:
    """The rows of a list."""
    for table in find_tables(read(path)):
        for number, row in table.rows:
            if name := values.name(_cell(table, row, "name"))[0]:
                text, was_number, _ = values.id_text(
                    _cell(table, row, "id_number") or _cell(table, row, "taxpayer_id")
                )
                yield Wanted(
                    number,
                    name,
                    text,
                    was_number,
                    birth=values.birth(_cell(table, row, "birth"))[0],
                    sex=values.sex(_cell(table, row, "sex"))[0],
                    village=values.line_of(_cell(table, row, "village")),
                    phone=values.phone(_cell(table, row, "guardian_phone"))[0],
                )


def _cell(table: Table, row: list[Cell], field: str) -> Cell:
    index = table.fields.get(field, -1)
    return row[index] if 0 <= index < len(row) else None


@cache
def answered(name: str) -> list[tuple[Wanted, Match]]:
    """The rows of a list with their answers."""
    rows = [*rows_of(SAMPLES / name)]
    return [*zip(rows, match(register(), rows), strict=True)]


@pytest.mark.parametrize("name", BY_HAND)
def test_sure_rows_and_strangers(name: str) -> None:
    answers = answered(name)
    sure = sum(answer.sure for _, answer in answers)
    nobody = sum(answer.person is None for _, answer in answers)
    assert (sure, nobody) == BY_HAND[name]
    assert all(answer.person is None for row, answer in answers if row.id_text.startswith("150622"))


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_sure_has_the_number_or_most_of_it_and_the_name(name: str) -> None:
    for row, answer in answered(name):
        if not answer.sure or answer.person is None:
            continue
        told = id_number.check(row.id_text, was_number=row.id_was_number)
        held = id_number.check(answer.person.id_number)
        if not told.full or told.full != held.full:
            assert row.name == answer.person.name
            assert {reason.code for reason in answer.why} & {"id_repaired", "completes_id"}
            assert not (told.derives_id and held.derives_id)


@pytest.mark.parametrize("name", BY_HAND)
def test_rows_without_a_number_are_proposed_and_never_sure(name: str) -> None:
    for row, answer in answered(name):
        if not row.id_text:
            assert answer.person is not None
            assert answer.person.name == row.name
            assert not answer.sure
            assert "name_only" in {reason.code for reason in answer.why}
