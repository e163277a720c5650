"""A roster before there is a ledger: what it holds, which village it may be of, and what is refused."""

from pathlib import Path

import pytest

from storage.errors import KnownError
from sync.intake import first

DEMO = Path(__file__).parents[4] / "resources" / "demo"
NUMBERS = ("150621196803120318", "150621197009210426")


def sheet(folder: Path, text: str, name: str = "表.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("name", "people", "households"),
    [
        ("查干沟嘎查花名册.xlsx", 209, 68),
        ("巴音淖尔嘎查花名册.xls", 183, 65),
        ("乌兰木独村摸底表.csv", 161, 67),
    ],
)
def test_people_and_households_are_counted(name: str, people: int, households: int) -> None:
    seen = first.look(DEMO / name)
    assert (seen.people, seen.households, seen.kind) == (people, households, "")


def test_the_name_of_the_file_proposes_all_villages_called_so() -> None:
    seen = first.look(DEMO / "查干沟嘎查花名册.xlsx")
    assert {one.code for one in seen.villages} == {"150621104214", "150621105210", "150621200215"}


def test_a_title_inside_the_sheet_proposes_too(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},户主,{name},本人,{id_},1\n"
        for n, (name, id_) in enumerate(zip(("甲乙", "丙丁"), NUMBERS, strict=True), 1)
    )
    text = "恩格贝镇查干沟村花名册,,,,,\n户编号,户主姓名,姓名,与户主关系,身份证号码,性别\n" + rows
    seen = first.look(sheet(tmp_path, text, "名单.csv"))
    assert seen.villages[0].code == "150621105210"


def test_addresses_propose_where_most_people_live_in_one_village(tmp_path: Path) -> None:
    def text(*places: str) -> str:
        rows = "".join(f"{at},甲{at},甲{at},本人,,{place}\n" for at, place in enumerate(places, 1))
        return "户编号,户主姓名,姓名,与户主关系,身份证号码,户籍所在地\n" + rows

    most = first.look(sheet(tmp_path, text("白泥井村1号", "白泥井村2号", "别处")))
    assert [one.code for one in most.villages] == ["150621102200"]
    few = first.look(sheet(tmp_path, text("白泥井村1号", "别处", "别处")))
    assert few.villages == ()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_and_numbers_alone_are_believed_to_be_a_roster(tmp_path: Path, encoding: str) -> None:
    text = "姓名,身份证号码\n" + "".join(f"甲,{number}\n" for number in NUMBERS)
    seen = first.look(sheet(tmp_path, text, encoding=encoding))
    assert (seen.people, seen.kind) == (2, "roster")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("姓名,备注\n甲,一\n乙,二\n", "intake.kind_unknown"),
        ("甲,乙,丙\n一,二,三\n", "sheet.no_header"),
        ("", "sheet.empty"),
    ],
)
def test_what_is_no_roster_is_said(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        first.look(sheet(tmp_path, text))
    assert caught.value.code == code


def test_a_list_of_another_office_is_refused_by_its_name() -> None:
    with pytest.raises(KnownError) as caught:
        first.look(DEMO / "lists" / "税务缴费明细.csv")
    assert caught.value.code == "intake.other_kind"


def test_reading_can_be_stopped() -> None:
    with pytest.raises(KnownError) as caught:
        first.look(DEMO / "查干沟嘎查花名册.xlsx", cancelled=lambda: True)
    assert caught.value.code == "sheet.cancelled"
