"""One cell, one value; what cannot be read is a doubt."""

from datetime import date, datetime

import pytest

from sync.sheets import values
from sync.sheets.cells import Cell, Fault


@pytest.mark.parametrize(
    ("cell", "name", "remark", "doubt"),
    [
        ("云海", "云海", "", None),
        ("程　源", "程源", "", None),
        (" 王 秀 珍\n", "王秀珍", "", None),
        ("徐\u200b健\ufeff", "徐健", "", None),
        ("阿依古丽．买买提", "阿依古丽·买买提", "", None),
        ("阿依古丽 • 买买提", "阿依古丽·买买提", "", None),
        ("萨仁.高娃", "萨仁·高娃", "", None),
        ("萨仁・高娃", "萨仁·高娃", "", None),
        ("𠮷䶮", "𠮷䶮", "", None),
        ("ᠮᠣᠩᠭᠣᠯ", "ᠮᠣᠩᠭᠣᠯ", "", None),
        ("JOHN  A. SMITH", "JOHN A. SMITH", "", None),
        ("王琳(外出)", "王琳", "外出", "name.remark"),
        ("薛凯（故）", "薛凯", "故", "name.remark"),
        ("王帅*", "王帅", "", "name.remark"),
        ("王丽2", "王丽2", "", "name.odd"),
        ("王", "王", "", "name.odd"),
        ("王\ufffd", "王\ufffd", "", "name.odd"),
        (12.0, "12", "", "name.number"),
        (None, "", "", "name.missing"),
        ("（空）", "", "空", "name.missing"),
        (Fault("formula"), "", "", "name.formula"),
        (Fault("error", "#N/A"), "", "", "name.error"),
    ],
)
def test_name(cell: Cell, name: str, remark: str, doubt: str | None) -> None:
    assert values.name(cell) == (name, remark, doubt)


@pytest.mark.parametrize(
    ("cell", "text", "was_number"),
    [
        ("15062119880105963x", "15062119880105963X", False),
        ("'15062119880105963X", "15062119880105963X", False),
        ("\t15062119880105963X ", "15062119880105963X", False),
        ("１５０６２１１９８８０１０５９６３Ｘ", "15062119880105963X", False),
        ("150621 19880105 963X", "15062119880105963X", False),
        ("\u200b15062119880105963X\n", "15062119880105963X", False),
        (1.5062119880105963e17, "150621198801059000", True),
        (float(150621198801059000), "150621198801059000", True),
        (float(150621199001010000), "150621199001010000", True),
        (float(612732197703263000), "612732197703263000", True),
        (150621880105963, "150621880105963", True),
        ("1.50621E+17", "1.50621E+17", True),
        ("无", "无", False),
        (None, "", False),
    ],
)
def test_id_text(cell: Cell, text: str, was_number: bool) -> None:
    assert values.id_text(cell) == (text, was_number, None)


def test_an_id_number_by_formula() -> None:
    assert values.id_text(Fault("formula")) == ("", False, "id.formula")


@pytest.mark.parametrize(
    ("digit", "cells"),
    [
        ("0", ["户主", "本人", "本人或户主", "户 主", "户主（本人）", "02", "01"]),
        ("1", ["妻", "丈夫", "配偶", "之妻", "户主之妻", "户主的妻子", "老伴", "10", 10, 11.0]),
        ("2", ["子", "长子", "次子", "三儿子", "小儿子", "女婿", "大女婿", "之子"]),
        ("3", ["女", "二女", "长女", "大女儿", "儿媳", "长媳"]),
        ("4", ["孙子、孙女", "孙子", "长孙", "外孙女", "外孙", "曾孙"]),
        ("5", ["父亲", "母亲", "父", "岳母"]),
        ("6", ["祖母", "爷爷"]),
        ("7", ["哥哥", "二弟", "妹妹", "嫂"]),
        ("8", ["其他", "侄子", "非亲属", "97"]),
        ("", [None, " "]),
    ],
)
def test_relation(digit: str, cells: list[Cell]) -> None:
    assert [values.relation(cell) for cell in cells] == [(digit, None)] * len(cells)


@pytest.mark.parametrize(
    ("cell", "digit", "doubt"),
    [
        ("媳妇", "3", "relation.ambiguous"),
        (1, "1", "relation.ambiguous"),
        ("邻居家的猫", "", "relation.unreadable"),
        (Fault("error", "#N/A"), "", "relation.error"),
    ],
)
def test_doubtful_relation(cell: Cell, digit: str, doubt: str) -> None:
    assert values.relation(cell) == (digit, doubt)


@pytest.mark.parametrize(
    ("cell", "day", "doubt"),
    [
        ("1978.10.10", date(1978, 10, 10), None),
        ("1978-1-5", date(1978, 1, 5), None),
        ("1978/01/05", date(1978, 1, 5), None),
        ("1978年10月5日", date(1978, 10, 5), None),
        ("１９７８－１０－０５", date(1978, 10, 5), None),
        ("1978-10-05 00:00:00", date(1978, 10, 5), None),
        ("19781010", date(1978, 10, 10), None),
        (19781010, date(1978, 10, 10), None),
        (date(1978, 10, 10), date(1978, 10, 10), None),
        (datetime(1978, 10, 10, 8), date(1978, 10, 10), None),
        (28773, date(1978, 10, 10), "birth.serial"),
        ("1978年10月", None, "birth.month_only"),
        ("1978-10", None, "birth.month_only"),
        ("1978.10", None, "birth.month_only"),
        ("197810", None, "birth.month_only"),
        (197810, None, "birth.month_only"),
        (1978.1, None, "birth.month_only"),
        ("78.10.10", None, "birth.unreadable"),
        ("10/11/1978", None, "birth.unreadable"),
        ("1978-02-30", None, "birth.unreadable"),
        ("19781310", None, "birth.unreadable"),
        ("不详", None, "birth.unreadable"),
        (Fault("formula"), None, "birth.formula"),
        (None, None, None),
    ],
)
def test_birth(cell: Cell, day: date | None, doubt: str | None) -> None:
    assert values.birth(cell) == (day, doubt)


def test_birth_in_a_workbook_that_counts_from_1904() -> None:
    assert values.birth(27311, date_1904=True) == (date(1978, 10, 10), "birth.serial")


@pytest.mark.parametrize(
    ("group", "cells"),
    [
        ("3组", ["第3村民小组", "第三组", "三组", 3, "03", "3", "３ 组", "3村民组"]),
        ("12组", ["十二组", "12组"]),
        ("20组", ["二十组"]),
        ("3社", ["三社", "3 社"]),
        ("2队", ["2队"]),
        ("查干沟 社", ["查干沟 社"]),
        ("组", ["组"]),
        ("", ["", None]),
    ],
)
def test_group(group: str, cells: list[Cell]) -> None:
    assert [values.group(cell) for cell in cells] == [group] * len(cells)


@pytest.mark.parametrize(
    ("cell", "phone", "doubt"),
    [
        ("13639345074", "13639345074", None),
        (13639345074, "13639345074", None),
        (13639345074.0, "13639345074", None),
        (" 136-3934-5074 ", "13639345074", None),
        ("+86 13639345074", "13639345074", None),
        ("0477-3961234", "04773961234", None),
        ("13639345074/13812345678", "13639345074/13812345678", None),
        ("无", "", None),
        ("1.36E+10", "1.36E+10", "phone.unreadable"),
        ("见户主", "见户主", "phone.unreadable"),
        (Fault("error", "#REF!"), "", "phone.error"),
        (None, "", None),
    ],
)
def test_phone(cell: Cell, phone: str, doubt: str | None) -> None:
    assert values.phone(cell) == (phone, doubt)


@pytest.mark.parametrize(
    ("column", "cell", "residence", "doubt"),
    [
        ("residence", "是", "resident", None),
        ("residence", "否", "away", None),
        ("residence", "√", "resident", None),
        ("residence", "常住", "resident", None),
        ("residence", "外出务工", "away", None),
        ("residence", "外来常住", "incoming", None),
        ("residence_away", "是", "away", None),
        ("residence_away", "否", "resident", None),
        ("residence_incoming", "是", "incoming", None),
        ("residence_incoming", "否", "", None),
        ("residence", "火星", "", "residence.unreadable"),
        ("residence", "不详", "", None),
        ("residence", None, "", None),
        ("residence", Fault("formula"), "", "residence.formula"),
    ],
)
def test_residence(column: str, cell: Cell, residence: str, doubt: str | None) -> None:
    assert values.residence(cell, column) == (residence, doubt)


@pytest.mark.parametrize(
    ("cell", "sex", "doubt"),
    [
        ("男", "1", None),
        ("女 ", "2", None),
        (1, "1", None),
        ("2", "2", None),
        ("不详", "", "sex.unreadable"),
        (None, "", None),
    ],
)
def test_sex(cell: Cell, sex: str, doubt: str | None) -> None:
    assert values.sex(cell) == (sex, doubt)


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("01", ["汉", "汉族", "01"]),
        ("02", ["蒙", "蒙古", "蒙古族", "02"]),
        ("11", ["满", "满 族"]),
        ("31", ["达斡尔", "达斡尔族"]),
        ("", [None]),
    ],
)
def test_ethnic(code: str, cells: list[Cell]) -> None:
    assert [values.ethnic(cell) for cell in cells] == [(code, None)] * len(cells)


def test_an_unknown_people_stays_as_written() -> None:
    assert values.ethnic("不知") == ("不知", "ethnic.unreadable")
