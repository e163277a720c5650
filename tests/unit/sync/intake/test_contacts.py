"""A telephone directory in the shapes offices send it: titles above, merged units, several numbers, names."""

from pathlib import Path

import pytest
import xlsxwriter

from storage.commands import contacts
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.queries import contacts as asked
from sync.intake.contacts import read_directory
from tests.unit.storage.worlds import OTHER_CODE, VILLAGE_CODE, World, cheap_keys, world

__all__ = ["cheap_keys", "world"]


@pytest.fixture
def office(world: World) -> Ledger:
    made = world.office()
    for code in (VILLAGE_CODE, OTHER_CODE):
        world.kit(made, code)
    return made


def sheet(path: Path, rows: list[list[object]], merged: list[str] = []) -> Path:  # noqa: B006
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("附件")
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    for span in merged:
        page.merge_range(span, None)
    book.close()
    return path


def test_the_annex_of_a_real_plan_is_read(office: Ledger, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "附件.xlsx",
        [
            ["附件：各有关单位联络员及联系方式"],
            ["序号", "单位名称", "联络员姓名", "职 务", "联系方式", "备注"],
            [1, "白泥井镇", "高娃", "医保专干", "0477-5550101", ""],
            [2, "旗民政局", "苏和", "股长", 13900000002, "低保、特困"],
            [None, None, "其其格", "科员", "13900000003 13900000004", None],
            [3, "查干沟嘎查村", "巴图·孟和", "联络员", "１３９０００００００１", ""],
            [4, "某社区", "无名", "", "", ""],
            ["注：以上电话工作时间拨打"],
        ],
    )
    found = read_directory(office, path, shared=True)
    assert [
        (one.unit, one.unit_kind, one.unit_code, one.name, one.phone, one.shared) for one in found.entries
    ] == [
        ("白泥井镇", "office", "150621102000", "高娃", "0477-5550101", True),
        ("旗民政局", "department", "", "苏和", "13900000002", True),
        ("旗民政局", "department", "", "其其格", "13900000003、13900000004", True),
        ("查干沟嘎查村", "village", VILLAGE_CODE, "巴图·孟和", "13900000001", False),
    ]
    assert [(one.row, one.text) for one in found.left] == [(7, "某社区 无名")]
    contacts.take_over(office, found.entries)
    assert len(asked.listed(office)) == 4
    assert not contacts.take_over(office, read_directory(office, path, shared=True).entries)  # again: nothing


def test_a_plain_csv_in_gbk_is_read_and_a_village_goes_by_its_code(office: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "电话.csv"
    path.write_bytes(f"村名,区划代码,联系人,手机号\n老名字村,{OTHER_CODE},王强,13900000005\n".encode("gbk"))
    (entry,) = read_directory(office, path).entries
    assert (entry.unit_kind, entry.unit_code, entry.phone) == ("village", OTHER_CODE, "13900000005")


def test_a_name_two_villages_share_decides_nothing(world: World, tmp_path: Path) -> None:
    office = world.office()
    from sync import kits

    for code in (VILLAGE_CODE, OTHER_CODE):
        kits.make(office, code, "查干沟村", tmp_path / f"{code}.hqk")
    path = sheet(tmp_path / "村.xlsx", [["嘎查村", "电话"], ["查干沟村", "0477-5550303"]])
    (entry,) = read_directory(office, path).entries
    assert (entry.unit_kind, entry.unit_code) == ("other", "")


@pytest.mark.parametrize(
    "rows", [[["姓名", "身份证号"], ["王强", "150621199001010011"]], [["单位", "姓名"], ["某局", "王"]]]
)
def test_a_table_without_unit_and_telephone_is_none(
    office: Ledger, tmp_path: Path, rows: list[list[object]]
) -> None:
    with pytest.raises(KnownError, match=r"contact\.no_columns"):
        read_directory(office, sheet(tmp_path / "别的.xlsx", rows))
