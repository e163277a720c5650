"""Finding tables: header rows of every shape, several tables, titles as people write them."""

import pytest

from storage.errors import KnownError
from sync.sheets.cells import Cell, Note
from sync.sheets.columns import data, field_of
from sync.sheets.header import find_tables, remap, sheets_without_table
from tests.unit.sync.sheets.making import ROSTER, tables, workbook


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("姓名", "name"),
        (" 姓　名\n", "name"),
        ("*姓名（必填）", "name"),
        ("１．姓名", "name"),
        ("家庭成员姓名", "name"),
        ("参保居民姓名", "name"),
        ("户主姓名", "head_name"),
        ("户主身份证号码", "head_id"),
        ("监护人姓名", "guardian_name"),
        ("监护人电话", "guardian_phone"),
        ("单位名称", "employer"),
        ("身份证号码(18位)", "id_number"),
        ("公民身份号码", "id_number"),
        ("身份证号（护照号）", "id_number"),
        ("居民身份证件号码", "id_number"),
        ("证件类型", "cert_type"),
        ("残疾证号", "disability_number"),
        ("嘎查村（社区）", "village"),
        ("镇(街)", "township"),
        ("与户主关系", "relation"),
        ("与 户 主 关 系", "relation"),
        ("出生日期(年月日)", "birth"),
        ("常住/外出", "residence"),
        ("是否流动人员", "residence_away"),
        ("缴费金额（元）", "amount"),
        ("2026年缴费金额", "amount"),
        ("资助金额", "support"),
        ("联系电话（手机）", "phone"),
        ("PSN_NAME", "name"),
        ("参保状态", "insured"),
        ("未参保原因", "uninsured_reason"),
        ("户编号", "household_number"),
        ("村民小组", "group"),
        ("天气", None),
        ("填报单位：××村委会（盖章）填报时间：2025年11月3日，请各村按时上报姓名和身份证号码", None),
    ],
)
def test_titles(title: str, field: str | None) -> None:
    assert field_of(title) == field
    assert field is None or field in data("fields.toml")


def test_titles_above_the_table_are_lines() -> None:
    (table,) = tables(["某村花名册"], ["填报单位：某村", None, "填报时间：2025年"], [], *ROSTER)
    assert (table.header_row, table.first_row, table.last_row) == (4, 5, 7)
    assert table.lines == ("某村花名册", "填报单位：某村", "填报时间：2025年")
    assert table.fields == {
        "serial": 0, "household_number": 1, "head_name": 2, "name": 3, "relation": 4, "id_number": 5,
    }  # fmt: skip
    assert [number for number, _ in table.rows] == [5, 6, 7]


GROUPED: list[list[Cell]] = [
    ["序号", "户主信息", None, "家庭成员信息", None, None, "备注"],
    [None, "姓名", "身份证号", "姓名", "身份证号", "关系", None],
    [1, "云海", "152726197308210978", "云海", "152726197308210978", "户主", None],
]
GROUPED_FIELDS = {
    "serial": 0, "head_name": 1, "head_id": 2, "name": 3, "id_number": 4, "relation": 5, "note": 6,
}  # fmt: skip


def test_a_header_of_two_rows_with_merged_groups() -> None:
    (table,) = tables(
        ["花名册"], *GROUPED, spans=[(0, 0, 0, 6), (1, 1, 1, 2), (1, 3, 1, 5), (1, 0, 2, 0), (1, 6, 2, 6)]
    )
    assert (table.header_row, table.first_row) == (3, 4)
    assert table.fields == GROUPED_FIELDS


def test_a_header_of_two_rows_filled_down() -> None:
    filled = [GROUPED[0], ["序号", *GROUPED[1][1:6], "备注"], GROUPED[2]]
    (table,) = tables(*filled, spans=[(0, 1, 0, 2), (0, 3, 0, 5), (0, 0, 1, 0), (0, 6, 1, 6)])
    assert table.fields == GROUPED_FIELDS


def test_a_header_of_two_rows_where_the_upper_would_do_as_one() -> None:
    (table,) = tables(
        ["序号", "户编号", "户主姓名", "家庭成员", None, None, "备注"],
        ["序号", "户编号", "户主姓名", "姓名", "公民身份号码", "性别", "备注"],
        [1, "010001", "云海", "云海", "152726197308210978", "男"],
        spans=[(0, 3, 0, 5)],
    )
    assert table.header_row == 2
    assert table.fields == {
        "serial": 0, "household_number": 1, "head_name": 2, "name": 3, "id_number": 4, "sex": 5, "note": 6,
    }  # fmt: skip


def test_a_first_row_that_looks_like_values_is_no_second_header() -> None:
    (table,) = tables(
        ["姓名", "与户主关系", "常住/外出"], ["云海", "户主", "常住"], ["王小明", "户主", "外出"]
    )
    assert (table.header_row, table.last_row) == (1, 3)


def test_the_header_again_is_part_of_the_table() -> None:
    again = [" 序号", "户编号", "户主姓名 ", "姓 名", "与户主关系", "身份证号"]
    (table,) = tables(*ROSTER, again, ROSTER[1])
    assert table.last_row == 6
    assert [table.is_header(row) for _, row in table.rows] == [False, False, False, True, False]


def test_tables_below_each_other() -> None:
    first, second = tables(
        *ROSTER, [], ["残联名单"], ["姓名", "残疾证号", "残疾等级"], ["云海", "15272619730821097843", "三级"]
    )
    assert (first.first_row, first.last_row) == (2, 4)
    assert (second.header_row, second.first_row, second.last_row, second.lines) == (7, 8, 8, ("残联名单",))


def test_a_person_right_above_another_table_stays_in_the_first() -> None:
    first, _ = tables(
        *ROSTER, [None, None, None, "李娜"], ["残联名单"], ["姓名", "残疾证号", "残疾等级"], ["云海"]
    )
    assert (first.first_row, first.last_row) == (2, 5)


def test_tables_beside_each_other() -> None:
    half: list[Cell] = ["序号", "姓名", "身份证号"]
    left, right = tables([*half, None, *half], [1, "云海", "1527", None, 2, "王小明", "1506"])
    assert left.fields == {"serial": 0, "name": 1, "id_number": 2}
    assert right.fields == {"serial": 4, "name": 5, "id_number": 6}


def test_the_first_of_two_columns_of_one_field_holds_it() -> None:
    (table,) = tables(["姓名", "身份证号", "联系电话", "手机号"], ["云海"])
    assert table.fields == {"name": 0, "id_number": 1, "phone": 2}
    moved = remap(table, {2: None, 3: "phone"})
    assert moved.fields == {"name": 0, "id_number": 1, "phone": 3}
    assert [column.title for column in moved.columns] == ["姓名", "身份证号", "联系电话", "手机号"]
    assert remap(table, {3: "phone"}).fields == moved.fields
    assert remap(table, {6: "note"}).fields == {**table.fields, "note": 6}


def test_hidden_sheets_and_sheets_of_words() -> None:
    book = workbook(ROSTER, [["填表说明"], ["1.身份证号为18位文本"]], names=["名单", "说明"])
    found = find_tables(book)
    assert [table.sheet.name for table in found] == ["名单"]
    assert sheets_without_table(book, found) == [Note("sheet.note.no_table", {"sheet": "说明"})]


def test_no_header_at_all() -> None:
    data: list[list[Cell]] = [["云海", "152726197308210978"], ["王小明", "15062119880105963X"]]
    with pytest.raises(KnownError) as caught:
        tables(*data)
    assert (caught.value.code, caught.value.params) == ("sheet.no_header", {"file": "made.xlsx"})
