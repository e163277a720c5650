"""People of a register: households, rows that are nobody, rows that are somebody all the same."""

from datetime import date

import pytest

from sync.sheets.cells import Cell, Fault
from sync.sheets.roster import Roster, roster_rows
from tests.unit.sync.sheets.making import ROSTER, roster, tables


def homes(found: Roster) -> list[int]:
    """The household of each person, counted from 0 in order of appearance."""
    order = {home: index for index, home in enumerate(dict.fromkeys(row.household for row in found.rows))}
    return [order[row.household] for row in found.rows]


def doubts(found: Roster) -> dict[str, tuple[str, ...]]:
    return {row.name: row.doubts for row in found.rows if row.doubts}


def why(found: Roster) -> list[tuple[int, str]]:
    return [(row.row_number, row.why) for row in found.skipped]


def test_a_row_in_full() -> None:
    found = roster(
        [
            *[
                "户编号",
                "户主姓名",
                "与户主关系",
                "姓名",
                "性别",
                "民族",
                "身份证号码",
                "出生日期",
                "联系电话",
                "村民小组",
            ],
            *["嘎查村", "现住址", "户籍所在地", "是否常住", "人员类别", "户口性质", "备注"],
        ],
        [
            *[
                "010001",
                "云 海",
                "次子",
                "云　飞",
                "男",
                "蒙古",
                "150621198801059630",
                "1988.1.5",
                13639345074.0,
                "第1组",
            ],
            *["某村", "某村1号", "某旗某镇", "否", "普通居民", "农业", "在外\n务工"],
        ],
    )
    (row,) = found.rows
    assert (row.row_number, row.household_number, row.head_name, row.name) == (2, "010001", "云海", "云飞")
    assert (row.relation, row.relation_text, row.sex, row.ethnic) == ("2", "次子", "1", "02")
    assert (row.id_text, row.id_was_number, row.birth) == ("150621198801059630", False, date(1988, 1, 5))
    assert (row.phone, row.group, row.village, row.address) == ("13639345074", "1组", "某村", "某村1号")
    assert (row.registered_address, row.residence, row.category, row.hukou) == (
        "某旗某镇",
        "away",
        "普通居民",
        "农业",
    )
    assert (row.note, row.doubts) == ("在外 务工", ())


# Households

NUMBERED: list[Cell] = ["户编号", "姓名", "与户主关系"]
HEADED: list[Cell] = ["户主姓名", "姓名", "与户主关系"]


def test_a_number_on_the_first_row_only() -> None:
    found = roster(
        NUMBERED, ["01", "甲一", "户主"], [None, "甲二", "妻"], ["02", "乙一", "户主"], [None, "乙二", "子"]
    )
    assert homes(found) == [0, 0, 1, 1]
    assert [(row.household_number, row.head_name) for row in found.rows] == [
        ("01", "甲一"), ("01", "甲一"), ("02", "乙一"), ("02", "乙一"),
    ]  # fmt: skip


def test_a_head_without_a_number_begins_a_household() -> None:
    found = roster(
        NUMBERED, ["01", "甲一", "户主"], [None, "甲二", "妻"], [None, "乙一", "户主"], [None, "乙二", "子"]
    )
    assert homes(found) == [0, 0, 1, 1]
    assert [row.household_number for row in found.rows] == ["01", "01", "", ""]


def test_a_head_listed_after_the_others() -> None:
    found = roster(
        NUMBERED, ["01", "甲二", "妻"], [None, "甲一", "户主"], ["02", "乙二", "子"], ["02", "乙一", "本人"]
    )
    assert homes(found) == [0, 0, 1, 1]
    assert [row.head_name for row in found.rows] == ["甲一", "甲一", "乙一", "乙一"]


def test_rows_of_a_household_that_stand_apart() -> None:
    found = roster(NUMBERED, ["01", "甲一", "户主"], ["02", "乙一", "户主"], ["01", "甲二", "妻"])
    assert homes(found) == [0, 1, 0]


def test_numbers_that_begin_again_in_every_group() -> None:
    found = roster(
        [*NUMBERED, "组别"],
        [1, "甲一", "户主", "1组"], [1, "甲二", "妻", "1组"], [2, "乙一", "户主", "1组"],
        [1, "丙一", "户主", "2组"], [1, "丙二", "妻", "2组"],
    )  # fmt: skip
    assert homes(found) == [0, 0, 1, 2, 2]
    assert doubts(found) == {"丙一": ("household.number_repeated",)}


def test_a_slip_in_the_group_does_not_part_a_household() -> None:
    found = roster([*NUMBERED, "组别"], ["01", "甲一", "户主", "1组"], ["01", "甲二", "妻", "2组"])
    assert homes(found) == [0, 0]


def test_two_heads_under_one_number_are_doubted() -> None:
    found = roster(NUMBERED, ["01", "甲一", "户主"], ["01", "甲二", "妻"], ["01", "乙一", "户主"])
    assert homes(found) == [0, 0, 0]
    assert doubts(found) == {"乙一": ("household.second_head",)}


def test_one_number_for_two_named_heads_is_two_households() -> None:
    found = roster(
        ["户编号", *HEADED],
        [1, "甲一", "甲一", "户主"], [1, "甲一", "甲二", "妻"], [1, "乙一", "乙一", "户主"], [1, "乙一", "乙二", "妻"],
    )  # fmt: skip
    assert homes(found) == [0, 0, 1, 1]
    assert doubts(found) == {"乙一": ("household.number_repeated",)}


def test_heads_names_alone() -> None:
    found = roster(
        HEADED,
        ["甲一", "甲一", "户主"],
        ["甲一", "甲二", "妻"],
        ["乙一", "乙一", "户主"],
        ["甲一", "甲三", "子"],
    )
    assert homes(found) == [0, 0, 1, 0]


def test_two_heads_of_one_name() -> None:
    found = roster(
        HEADED,
        ["甲一", "甲一", "户主"],
        ["甲一", "甲二", "妻"],
        ["甲一", "甲一", "户主"],
        ["甲一", "甲三", "子"],
    )
    assert homes(found) == [0, 0, 1, 1]


def test_a_head_named_on_the_first_row_only() -> None:
    found = roster(
        HEADED, ["甲一", "甲一", "户主"], [None, "甲二", "妻"], ["乙一", "乙一", "本人"], [None, "乙二", "妻"]
    )
    assert homes(found) == [0, 0, 1, 1]


def test_a_head_who_is_somebody_else_is_doubted() -> None:
    found = roster(HEADED, ["甲一", "甲二", "户主"])
    assert doubts(found) == {"甲二": ("household.head_differs",)}


def test_relations_alone() -> None:
    found = roster(
        ["姓名", "与户主关系"],
        ["甲一", "户主"],
        ["甲二", "妻"],
        ["乙一", "本人"],
        ["丙一", "户主"],
        ["丙二", None],
    )
    assert homes(found) == [0, 0, 1, 2, 2]
    assert [row.head_name for row in found.rows] == ["甲一", "甲一", "乙一", "丙一", "丙一"]


def test_nothing_about_households() -> None:
    found = roster(["姓名", "身份证号"], ["甲一", "150621198801059630"], ["乙一", "150621198801059631"])
    assert [(row.household, row.head_name) for row in found.rows] == [(None, "")] * 2


def test_households_of_two_tables_on_one_sheet_are_never_the_same() -> None:
    half: list[Cell] = ["户编号", "姓名", "身份证号"]
    left, right = tables([*half, *half], ["01", "甲一", "1506", "02", "乙一", "1507"])
    assert roster_rows(left).rows[0].household != roster_rows(right).rows[0].household


# Rows that are nobody


def test_what_stands_between_and_below_people() -> None:
    found = roster(
        ["花名册"], *ROSTER[:2],
        [1, 2, 3, 4, 5, 6],
        [],
        ["第二组"],
        ROSTER[2],
        ["小计", None, None, "2人"],
        ["本页合计：2人"],
        ["序号", "户编号", "户主姓名", "姓 名", "与户主关系", "身份证号"],
        [3, "010002"],
        ROSTER[3],
        [4],
        ["二组合计", None, None, None, None, "120000"],
        ["总计：3户4人"],
        ["注：本表一式两份，由村委会留存"],
        ["填表人：张三", None, None, "审核人：李四"],
        ["2025年11月3日"],
        [],
    )  # fmt: skip
    assert [row.name for row in found.rows] == ["云海", "其木格", "王小明"]
    assert [row.group for row in found.rows] == ["", "2组", "2组"]
    assert [row.row_number for row in found.skipped] == [4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18]
    assert [row.why for row in found.skipped] == [
        *["column_numbers", "blank", "section", "total", "total", "header", "no_person"],
        *["no_person", "total", "total", "note", "signature", "signature"],
    ]
    assert found.skipped[3].text == "小计 2人"


@pytest.mark.parametrize(
    "row",
    [
        [1, "01", None, None, None, "152726197308210978"],  # a number and no name
        [1, "01", None, "云海", None, None],  # a name and no number
        [1, "01", None, "云海", None, "无"],
        [1, "01", None, "云海", None, "123"],
        [1, "01", None, Fault("formula"), None, None],
        [1, "01", None, Fault("error", "#N/A"), None, "152726197308210978"],
        [1, "01", None, "云海", None, Fault("formula")],
        [None, None, None, "云海", None, None],
        [None, None, None, "云海", None, 152726197308210000.0],
        [1, "01", None, "云海", "户主", "累计"],
    ],
)
def test_a_doubtful_row_is_somebody_all_the_same(row: list[Cell]) -> None:
    found = roster(ROSTER[0], ROSTER[1], row)
    assert len(found.rows) == 2
    assert not found.skipped


def test_a_name_with_a_note_of_totals_is_a_person() -> None:
    found = roster(["姓名", "身份证号", "与户主关系", "备注"], ["云海", None, "户主", "累计缴费5年"])
    assert [row.name for row in found.rows] == ["云海"]


def test_duplicates_stay() -> None:
    assert len(roster(*ROSTER, ROSTER[1]).rows) == 4


def test_a_word_below_the_table_is_no_person() -> None:
    found = roster(*ROSTER, [None, None, None, "以上人员信息经村委会核对无误"])
    assert why(found) == [(5, "note")]


def test_a_birth_number_counts_from_the_day_the_workbook_says() -> None:
    (table,) = tables(["姓名", "身份证号", "出生日期"], ["云海", None, 28773])
    assert roster_rows(table).rows[0].birth == date(1978, 10, 10)


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("某村三组参保花名册", "3组"),
        ("第十二村民小组", "12组"),
        ("第三社区花名册", ""),
        ("2026年某村花名册", ""),
        ("四队村花名册", ""),
    ],
)
def test_a_group_named_in_the_title(title: str, group: str) -> None:
    found = roster([title], *ROSTER)
    assert {row.group for row in found.rows} == {group}


def test_headings_between_the_rows_name_the_group() -> None:
    found = roster([*ROSTER[0]], ["一社（35户）"], ROSTER[1], ["二社"], ROSTER[2])
    assert [row.group for row in found.rows] == ["1社", "2社"]
    assert why(found) == [(2, "section"), (4, "section")]
