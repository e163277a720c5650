"""A township and villages without the program: its own working sheet filled in there, or a sheet of their own."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from storage.commands import facts, lists, payments
from storage.commands.payments import Payment
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.queries import people as register
from storage.queries import sheets
from sync.worksheet import staging
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, people_of, world  # noqa: F401
from tests.unit.sync.worksheet.conftest import YEAR, fill
from tests.unit.sync.worksheet.paper import Paper, id_number, reasons, row_of, told

OTHER = "150621102201"


@pytest.fixture
def office(world: World) -> Ledger:  # noqa: F811
    """A township with one village's people."""
    made = world.office()
    fill(made, VILLAGE_CODE)
    return made


def person(ledger: Ledger, name: str) -> register.Person:
    (found,) = [one for one in register.load(ledger, YEAR) if one.name == name]
    return found


def report(folder: Path, rows: list[list[object]], name: str = "查干沟上报.xlsx") -> Path:
    """A village's own sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["查干沟嘎查村医保缴费情况统计表"])
    page.append(
        [
            "序号",
            "户主姓名",
            "姓名",
            "身份证号码",
            "联系电话",
            "是否缴费",
            "缴费金额",
            "缴费时间",
            "电子凭证",
            "未参保原因",
            "备注",
        ]
    )
    for number, row in enumerate(rows, 1):
        page.append([number, *row])
    page.append(["填表人：某某", None, None, None, None, None, None, None, None, None, None])
    book.save(folder / name)
    return folder / name


def test_the_offices_sheet_filled_in_by_a_village(office: Ledger, tmp_path: Path) -> None:
    sheet = Paper.of(office, tmp_path, VILLAGE_CODE, TODAY)
    sheet.write("布仁", 是否已缴="已交", 缴费日期="2025-11-20", 联系电话="13811110000")
    sheet.write("聂顺利", 组别="九组", 不能自主缴费原因="腿脚不便", 未参保原因=None)
    sheet.add(姓名="新来的", 身份证号=id_number(55, "20010101"), 户主姓名="聂顺利", 是否已缴="是")
    staged = sheet.back()
    assert staged.scope == VILLAGE_CODE
    done = staging.apply(office, staged, today=TODAY)
    scopes = {
        row[0]
        for row in office.connection.execute("SELECT scope FROM payment UNION SELECT scope FROM resident")
    }
    assert scopes == {VILLAGE_CODE}
    one = person(office, "布仁")
    assert (one.paid, one.paid_on, one.phone) == ("reported", date(2025, 11, 20), "13811110000")
    assert person(office, "聂顺利").need == "mobility" and person(office, "新来的").paid == "reported"
    assert person(office, "新来的").household == person(office, "聂顺利").household
    last = sheets.last_sheets(office)[VILLAGE_CODE]
    assert (last.file, last.at.date(), last.own) == (staged.file, TODAY, True)
    assert not sheet.back().writes
    lists.revert(office, done.number)
    assert VILLAGE_CODE not in sheets.last_sheets(office)
    assert person(office, "布仁").paid == "none"


def test_a_villages_own_sheet_is_its_report(office: Ledger, tmp_path: Path) -> None:
    path = report(
        tmp_path,
        [
            ["那顺", "布仁", id_number(3), 13947730003, "是", 400, "2025.11.5", "已激活", None, None],
            ["那顺", "其其格", id_number(2), None, "否", None, None, "否", "在外地参保", "女儿家"],
            ["那顺", "那顺", id_number(1)[:15] + "000", None, "已缴", "400元", "11月6日", None, None, None],
            ["聂顺利", "张桂英", None, None, "已缴费", 400, "2025/11/7", None, None, None],
            [None, "巴雅尔", None, None, "是", 400, None, None, None, None],
            [None, "不认识", id_number(70), None, "是", 400, None, None, None, None],
            ["聂顺利", "聂浩然", id_number(7), None, "搞不清", None, None, None, None, None],
        ],
    )
    with pytest.raises(KnownError, match=r"intake\.needs_village"):
        staging.stage(office, path, today=TODAY)
    staged = staging.stage(office, path, today=TODAY, scope=VILLAGE_CODE)
    assert (staged.kind, staged.counts["rows"]) == ("village_report", 7)
    assert told(staged, "布仁") == {
        "paid": ("write", "yes"), "amount": ("write", "40000"), "paid_on": ("write", "2025-11-05"),
        "credential": ("write", "self"), "phone": ("agreed", "13947730003"),
    }  # fmt: skip
    assert told(staged, "其其格") == {"absence": ("write", "resident_elsewhere")}
    assert told(staged, "那顺")["paid_on"] == ("write", "2025-11-06")
    assert told(staged, "张桂英")["amount"] == ("write", "40000")
    assert row_of(staged, "巴雅尔").status == "review" and "name_only" in reasons(row_of(staged, "巴雅尔"))
    assert row_of(staged, "不认识").status == "added"
    assert "cell.unknown_word" in reasons(row_of(staged, "聂浩然"))
    staging.apply(office, staged, today=TODAY)
    assert person(office, "巴雅尔").paid == "none" and person(office, "张桂英").paid == "reported"
    (who, via) = _provenance(office, person(office, "布仁").claims[0].record)
    assert who == office.operator and via.startswith("village_report:查干沟上报.xlsx:3")
    assert sheets.last_sheets(office)[VILLAGE_CODE].own is False


def _provenance(ledger: Ledger, record: str) -> tuple[str, str]:
    from storage import store

    body, inert = ledger.connection.execute(
        "SELECT body, inert FROM op WHERE record = ?", (record,)
    ).fetchone()
    found = store.operation(body, inert).body
    return found.who, found.via


def test_what_the_last_report_said_is_no_news(office: Ledger, tmp_path: Path) -> None:
    said = ["那顺", "布仁", id_number(3), "13800000001", "是", 400, "2025-11-05"]
    first = report(tmp_path, [[*said, None, "参军", None]])
    staged = staging.stage(office, first, today=TODAY, scope=VILLAGE_CODE)
    assert told(staged, "布仁")["phone"] == ("conflict", "13800000001")
    staging.apply(office, staged, today=TODAY, choices={(0, "phone"): "theirs"})
    who = people_of(office, ["布仁"])
    assert person(office, "布仁").phone == "13800000001"
    facts.absence(office, [who["布仁"]], "prison", note="", on=None, year=YEAR)
    second = report(tmp_path, [[*said, "是", "参军", None]])
    staged = staging.stage(office, second, today=TODAY, scope=VILLAGE_CODE)
    assert told(staged, "布仁") == {"credential": ("write", "self")}
    other = report(
        tmp_path, [["那顺", "其其格", id_number(2), None, "是", 400, "2026-11-05", None, None, None]]
    )
    for _week in range(2):  # what could not be written is told again
        staged = staging.stage(office, other, today=TODAY, scope=VILLAGE_CODE)
        assert "payment.future" in reasons(row_of(staged, "其其格"))
        staging.apply(office, staged, today=TODAY)


def test_a_report_against_what_the_office_knows_is_reviewed(office: Ledger, tmp_path: Path) -> None:
    who = people_of(office, ["布仁"])
    payments.record(office, [who["布仁"]], Payment(40000, date(2025, 11, 1), "agent"), year=YEAR, today=TODAY)
    path = report(tmp_path, [["那顺", "布仁", id_number(3), "", "是", 400, "2025-11-05", None, None, None]])
    staged = staging.stage(office, path, today=TODAY, scope=VILLAGE_CODE)
    assert told(staged, "布仁") == {
        "paid": ("agreed", "yes"),
        "amount": ("agreed", "40000"),
        "paid_on": ("conflict", "2025-11-05"),
    }
    staging.apply(office, staged, today=TODAY)
    assert person(office, "布仁").paid_on == date(2025, 11, 1)
    with pytest.raises(KnownError, match=r"kit\.other_township|division"):
        staging.stage(office, path, today=TODAY, scope="150622102201")


def test_a_sheet_of_several_villages(office: Ledger, world: World, tmp_path: Path) -> None:  # noqa: F811
    from sync.worksheet import exporting

    home = office.id_for("household", OTHER, "1")
    from storage.ledger import Edit

    office.write(
        [
            Edit("household", home, {"number": {"number": "1"}, "head": {"head_name": "外村人"}}, OTHER),
            Edit(
                "resident",
                office.id_for("resident", id_number(44)),
                {"identity": {"name": "外村人", "id_number": id_number(44)}, "membership": {"household": home}},
                OTHER,
            ),
        ]
    )  # fmt: skip
    done = exporting.export(office, tmp_path / "全镇.xlsx", scopes=[VILLAGE_CODE, OTHER], today=TODAY)
    assert done.people == 11 and "village" in done.columns
    sheet = Paper(office, done, tmp_path, TODAY)
    sheet.write("外村人", 是否已缴="是")
    sheet.write("布仁", 是否已缴="是")
    staging.apply(office, sheet.back(), today=TODAY)
    rows = office.connection.execute("SELECT scope FROM payment ORDER BY scope").fetchall()
    assert [row[0] for row in rows] == [VILLAGE_CODE, OTHER]
