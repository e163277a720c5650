"""Lists of every kind on real files: found, looked at, taken over, taken back. All people are invented."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import derived, policies
from storage.checking import check
from storage.commands import erasure, facts, payments, people
from storage.commands import lists as taking
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.policy import id_number
from storage.policy.id_core import check_digit
from storage.queries import housing, taken
from storage.queries import people as queries
from storage.records import derived_id
from sync import exchange
from sync.intake import lists, roster
from sync.intake.results import STATUSES, Row
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, VILLAGES, World, cheap_keys, everything, world
from tests.unit.storage.worlds import id_number as number

__all__ = ["cheap_keys", "world"]
SAMPLES = Path(__file__).parents[3] / "fixtures" / "samples"
SECOND = "150621102201"
YEAR = 2026
Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Writes a real xlsx: titles above, the header, rows."""

    def write(name: str, header: Sequence[str], rows: Sequence[Sequence[Any]], *titles: str) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet()
            for at, line in enumerate([*([title] for title in titles), header, *rows]):
                for column, cell in enumerate(line):
                    page.write_string(at, column, cell) if isinstance(cell, str) else page.write(
                        at, column, cell
                    )
        return path

    return write


NAMES = ("那顺", "萨如拉", "王桂兰", "李建国", "阿木古楞", "张秀英", "布仁", "刘海燕", "其其格", "陈文")


def people_of(scope: str) -> list[Edit]:
    """Ten people of a village in five households."""
    start = 100 if scope == VILLAGE_CODE else 200
    edits = []
    for at, name in enumerate(NAMES):
        home = f"h{at // 2}-{scope[-1]}"
        registers = {
            "identity": {"name": name, "id_number": number(start + at)},
            "membership": {"household": home, "relation": "0" if at % 2 == 0 else "1"},
            "contact": {"phone": f"1390000{start + at:04d}"},
        }
        edits.append(Edit("resident", f"r{at}-{scope[-1]}", registers, scope))
        if at % 2 == 0:
            head = {"number": {"number": f"00{at}"}, "head": {"head_name": name}}
            edits.append(Edit("household", home, head, scope))
    return edits


@pytest.fixture
def office(world: World) -> Ledger:
    """A township of two villages of ten people each."""
    made = world.office()
    for scope in (VILLAGE_CODE, SECOND):
        made.write(people_of(scope))
        title = {"code": scope, "title": VILLAGES[scope]}
        made.write([Edit("village", derived_id("village", scope), {"title": title}, scope)])
    return made


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    """The first of its villages."""
    made = world.village(office)
    made.write(people_of(VILLAGE_CODE))
    return made


def grants(ledger: Ledger) -> set[tuple[str, str, str]]:
    """(scope, resident, group) of everybody who belongs to a group."""
    return set(
        ledger.connection.execute(
            "SELECT scope, resident, group_code FROM subsidy WHERE void_reason IS NULL AND group_code IS NOT NULL"
        )
    )


def by_line(listed: lists.Listed) -> dict[int, Row]:
    return {row.line: row for row in listed.rows}


DEPARTMENT = ("序号", "苏木镇", "嘎查村", "姓名", "身份证号码", "身份类别")
HERE, THERE = VILLAGES[VILLAGE_CODE], VILLAGES[SECOND]


def department(at: int, word: str, scope: str = VILLAGE_CODE, **but: str) -> list[Any]:
    """A row of a department's list about the person ``at``."""
    start = 100 if scope == VILLAGE_CODE else 200
    place = VILLAGES[scope]
    said = {"name": NAMES[at], "id": number(start + at), "village": place} | but
    return [at, "白泥井镇", said["village"], said["name"], said["id"], word]


# ---- the forms as they come


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A township with the rosters of the samples."""
    world = World(tmp_path_factory.mktemp("samples"))
    office = world.office()
    for code, path in zip(
        (VILLAGE_CODE, SECOND, "150621102202"), sorted(SAMPLES.glob("0*.xlsx")), strict=True
    ):
        village = world.village(office, code, code)
        roster.apply(village, roster.stage(village, path))
        (fate,) = exchange.receive(office, world.send(village))
        assert fate.outcome == "applied"
    yield office
    world.close()


FORMS = {
    "民政局名单.xlsx": ("department_list", "civil_affairs"),
    "残联名单.xlsx": ("department_list", "disabled_federation"),
    "乡村振兴统筹发展中心名单.xlsx": ("department_list", "rural_revitalisation"),
    "在校学生参保统计.xlsx": ("student_list", ""),
    "平台参保信息导出.xlsx": ("platform_export", ""),
    "税务缴费明细.csv": ("tax_payments", ""),
    "缴费导出.xls": ("tax_payments", ""),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_known_and_its_counts_add_up(sampled: Ledger, name: str) -> None:
    before = derived.state_digest(sampled.connection)
    listed = lists.stage(sampled, SAMPLES / name).listed
    assert (listed.kind, listed.source) == FORMS[name]
    assert listed.year == YEAR
    assert sum(listed.counts[status] for status in STATUSES) == listed.counts["rows"] == len(listed.rows) > 30
    assert listed.counts["added"] > 0.85 * listed.counts["rows"]
    assert derived.state_digest(sampled.connection) == before
    for row in listed.rows:  # whoever is taken for sure with a sound number of their own has that number
        told = id_number.check(row.id_text, was_number=False)
        if row.record and told.derives_id:
            held = id_number.check(row.candidates[0].id_number)
            assert not held.derives_id or held.full == told.full, row
        assert row.status != "added" or row.changes


@pytest.mark.parametrize("name", FORMS)
def test_a_form_taken_over_twice_writes_once_and_goes_back_whole(sampled: Ledger, name: str) -> None:
    figures = _state(sampled)
    staged = lists.stage(sampled, SAMPLES / name)
    applied = lists.apply(sampled, staged)
    assert len(applied.changes.oids) >= staged.listed.counts["added"]
    again = lists.stage(sampled, SAMPLES / name)
    assert again.listed.counts["added"] == again.listed.counts["changed"] == 0
    assert not lists.apply(sampled, again).changes
    reverted, _ = taking.revert(sampled, applied.number)
    assert reverted.kept == () and _state(sampled) == figures
    assert check(sampled).sound
    with pytest.raises(KnownError, match=r"list\.reverted"):
        taking.revert(sampled, applied.number)
    back = lists.stage(sampled, SAMPLES / name)
    assert back.listed.counts["added"] == staged.listed.counts["added"]
    taking.revert(sampled, lists.apply(sampled, back).number)


def _state(ledger: Ledger) -> Any:
    """What stands: the facts of everybody."""
    return sorted(map(repr, queries.load(ledger, YEAR)))


# ---- departments


def test_a_word_of_a_category_means_its_group(office: Ledger, sheet: Sheet) -> None:
    said = [
        "农村低保",
        "特困供养人员",
        "城市低保对象",
        "孤儿",
        "监测对象（边缘易致贫户）",
        "二级残疾",
        "三级残疾",
        "低保、一级残疾",
    ]
    path = sheet("民政局.xlsx", DEPARTMENT, [department(at, word) for at, word in enumerate(said)])
    staged = lists.stage(office, path)
    assert staged.listed.counts == {"rows": 8, "added": 7, "changed": 0, "known": 1, "review": 0, "unmatched": 0,
                                    "broken": 0, "skipped": 0}  # fmt: skip
    lists.apply(office, staged)
    expected = ["dibao", "tekun", "dibao", "guer", "jiance", "disabled12", None, "dibao"]
    wanted = {(VILLAGE_CODE, f"r{at}-0", code) for at, code in enumerate(expected) if code}
    assert grants(office) == wanted | {(VILLAGE_CODE, "r7-0", "disabled12")}
    assert by_line(staged.listed)[8].doubts[0].code == "not_special"


def test_a_word_nobody_knows_is_shown_and_asked_for_once(office: Ledger, sheet: Sheet) -> None:
    rows = [department(at, word) for at, word in enumerate(("绿色通道甲类", "绿色通道甲类", "低保"))]
    path = sheet("名单.xlsx", DEPARTMENT, rows, "白泥井镇民政对象名单")
    staged = lists.stage(office, path)
    assert staged.listed.unmapped == {"绿色通道甲类": 2}
    assert staged.listed.counts["review"] == 2
    listed = staged.name_words(office, {"绿色通道甲类": "tekun"})
    assert (listed.unmapped, listed.counts["added"]) == ({}, 3)
    lists.apply(office, staged)
    assert (VILLAGE_CODE, "r1-0", "tekun") in grants(office)
    other = sheet("下月.xlsx", DEPARTMENT, [department(5, "绿色通道 甲类")], "民政")
    assert lists.stage(office, other).listed.counts["added"] == 1


@pytest.mark.parametrize(
    ("title", "header", "cells", "group"),
    [
        ("退役军人事务局重点对象", ("姓名", "身份证号"), (), "youfu"),
        ("白泥井镇特困供养人员花名册", ("姓名", "身份证号", "救助证号"), ("T1",), "tekun"),
        ("残疾人名单", ("姓名", "残疾证号", "残疾类别"), ("肢体",), "disabled12"),
    ],
)
def test_where_no_column_names_a_group_title_department_or_number_do(
    office: Ledger, sheet: Sheet, title: str, header: Sequence[str], cells: Sequence[str], group: str
) -> None:
    card = number(100) + "42" if "残疾证号" in header else number(100)
    path = sheet("a.xlsx", header, [(NAMES[0], card, *cells)], title)
    staged = lists.stage(office, path, kind="department_list")
    lists.apply(office, staged)
    assert grants(office) == {(VILLAGE_CODE, "r0-0", group)}


def test_a_list_that_drops_people_proposes_and_never_removes_by_itself(office: Ledger, sheet: Sheet) -> None:
    rows = [department(at, "低保") for at in range(8)] + [
        department(8, "特困"),
        department(1, "低保", SECOND),
    ]
    lists.apply(office, lists.stage(office, sheet("9月.xlsx", DEPARTMENT, rows, "民政局名单")))
    assert len(grants(office)) == 10
    staged = lists.stage(office, sheet("10月.xlsx", DEPARTMENT, rows[:6], "民政局名单"))
    dropped = {(VILLAGE_CODE, "r6-0"), (VILLAGE_CODE, "r7-0")}
    assert {
        (one.scope, one.record) for one in staged.listed.removals
    } == dropped  # no other group, no other village
    assert [reason.code for reason in staged.listed.warnings] == ["list.short"]
    lists.apply(office, staged)
    assert len(grants(office)) == 10
    again = lists.stage(office, sheet("10月.xlsx", DEPARTMENT, rows[:6], "民政局名单"))
    number_ = lists.apply(office, again, removals={(VILLAGE_CODE, "r6-0")}).number
    assert (VILLAGE_CODE, "r7-0", "dibao") in grants(office)
    assert (VILLAGE_CODE, "r6-0", "dibao") not in grants(office)
    taking.revert(office, number_)
    assert (VILLAGE_CODE, "r6-0", "dibao") in grants(office)


@pytest.mark.parametrize("nothing", ["", "见附件", "无"])
def test_a_bad_row_keeps_an_identity_list_out_and_cancels_nobody(
    office: Ledger, sheet: Sheet, nothing: str
) -> None:
    rows = [department(at, "低保") for at in range(6)]
    lists.apply(office, lists.stage(office, sheet("9月.xlsx", DEPARTMENT, rows, "民政局名单")))
    bad = [*rows[:3], [7, "白泥井镇", HERE, "", nothing, "低保"]]
    staged = lists.stage(office, sheet("10月.xlsx", DEPARTMENT, bad, "民政局名单"))
    assert (staged.listed.counts["broken"], staged.listed.blocked) == (1, "list.bad_rows")
    before = everything(office)
    for removals in (set(), {(VILLAGE_CODE, "r4-0")}):
        with pytest.raises(KnownError, match=r"list\.bad_rows"):
            lists.apply(office, staged, removals=removals)
    assert everything(office) == before


def test_removals_wait_while_a_row_may_mean_who_would_go(office: Ledger, sheet: Sheet) -> None:
    rows = [department(at, "低保") for at in range(6)]
    lists.apply(office, lists.stage(office, sheet("9月.xlsx", DEPARTMENT, rows, "民政局名单")))
    staged = lists.stage(
        office, sheet("10月.xlsx", DEPARTMENT, [*rows[:4], department(4, "低保", id="")], "民政局名单")
    )
    assert {one.record for one in staged.listed.removals} == {"r5-0"}  # r4 may be the row that waits
    with pytest.raises(KnownError, match=r"list\.removals_wait"):
        lists.apply(office, staged, removals={(VILLAGE_CODE, "r5-0")})
    staged.answer(office, {4: f"{VILLAGE_CODE}/r4-0"})
    lists.apply(office, staged, removals={(VILLAGE_CODE, "r5-0")})
    assert {who for _, who, _ in grants(office)} == {f"r{at}-0" for at in range(5)}


def test_nobody_is_meant_by_a_name_alone(office: Ledger, sheet: Sheet) -> None:
    rows = [department(0, "低保", id=""), department(1, "低保", id="", village="")]
    listed = lists.stage(office, sheet("民政局.xlsx", DEPARTMENT, rows)).listed
    assert listed.counts["added"] == listed.counts["changed"] == 0
    assert listed.counts["review"] == 2


def test_an_answer_is_remembered_for_that_spelling(office: Ledger, sheet: Sheet) -> None:
    path = sheet(
        "民政局.xlsx", DEPARTMENT, [department(0, "低保", id=""), department(3, "低保", name="马生人", id="")]
    )
    staged = lists.stage(office, path)
    listed = staged.answer(office, {0: f"{VILLAGE_CODE}/r0-0", 1: lists.NOBODY})
    assert (listed.counts["added"], listed.counts["unmatched"]) == (1, 1)
    assert staged.unanswer(office, [0]).counts["review"] == 1
    staged.answer(office, {0: f"{VILLAGE_CODE}/r0-0"})
    applied = lists.apply(office, staged)
    again = lists.stage(office, path).listed
    assert (again.counts["known"], again.counts["unmatched"], again.counts["review"]) == (1, 1, 0)
    assert by_line(again)[2].record == "r0-0"
    taking.revert(office, applied.number)
    assert grants(office) == set()


def test_what_a_person_entered_stands_against_a_list_in_the_open(office: Ledger, sheet: Sheet) -> None:
    facts.grant(office, ["r0-0"], "dibao", source="", since=date(2025, 9, 1), year=YEAR)
    path = sheet("民政局.xlsx", DEPARTMENT, [department(0, "低保")])
    lists.apply(office, lists.stage(office, path))
    row = office.connection.execute("SELECT grant_source, since FROM subsidy").fetchone()
    assert row == ("civil_affairs", "2025-09-01")  # the list confirms it, and wipes nothing
    assert office.connection.execute("SELECT count(*) FROM conflict").fetchone() == (0,)


# ---- payments

TAX = ("序号", "纳税人识别号", "姓名", "缴费年度", "征收品目", "实缴金额", "缴款日期", "缴费渠道", "税票号码")


def tax(at: int, receipt: str = "", **but: Any) -> list[Any]:
    said = {"year": "2026", "item": "城乡居民基本医疗保险费", "amount": "400.00", "on": "2025/11/8"} | but
    start = 100
    return [
        at,
        number(start + at),
        NAMES[at],
        said["year"],
        said["item"],
        said["amount"],
        said["on"],
        "微信",
        receipt or f"3{at:017d}",
    ]


def confirmed(ledger: Ledger) -> list[tuple[Any, ...]]:
    return ledger.connection.execute(
        "SELECT resident, year, amount, paid_on, channel, receipt FROM confirmation "
        "WHERE void_reason IS NULL AND amount IS NOT NULL ORDER BY resident, receipt"
    ).fetchall()


def pay(ledger: Ledger, resident: str, on: date, amount: int = 40000) -> None:
    channel = policies.in_force(ledger).policy.channels[0].code
    payments.record(ledger, [resident], payments.Payment(amount, on, channel), year=YEAR, today=TODAY)


def test_a_tax_list_confirms_and_shows_both_gaps(office: Ledger, sheet: Sheet) -> None:
    for at, on in ((0, date(2025, 11, 8)), (1, date(2025, 10, 1)), (2, TODAY), (3, date(2025, 11, 1))):
        pay(office, f"r{at}-0", on, 38000 if at == 3 else 40000)
    rows = [
        tax(0),
        tax(3),
        tax(5),
        tax(6, amount="-400"),
        tax(7, item="城乡居民基本养老保险费"),
        tax(8, year="2025"),
    ]
    staged = lists.stage(office, sheet("税务.xlsx", TAX, rows))
    found = by_line(staged.listed)
    assert {line: [one.code for one in found[line].doubts] for line in found} == {
        2: [], 3: ["amount_differs"], 4: ["not_reported"], 5: ["refunded"], 7: ["other_year"],
    }  # fmt: skip
    assert [one.why for _, one in staged.listed.skipped] == ["other_levy"]
    assert [(one.record, one.days_late > 20) for one in staged.listed.missing] == [("r1-0", True)]
    lists.apply(office, staged)
    receipt = "3{:017d}".format
    assert confirmed(office) == [
        ("r0-0", 2026, 40000, "2025-11-08", "mini_program", receipt(0)),
        ("r3-0", 2026, 40000, "2025-11-08", "mini_program", receipt(3)),
        ("r5-0", 2026, 40000, "2025-11-08", "mini_program", receipt(5)),
        ("r8-0", 2025, 40000, "2025-11-08", "mini_program", receipt(8)),
    ]
    assert {one.record: one.paid for one in queries.load(office, YEAR, scope=VILLAGE_CODE)}[
        "r5-0"
    ] == "confirmed"


def test_one_payment_in_two_lists_is_one_and_two_receipts_are_two(office: Ledger, sheet: Sheet) -> None:
    bare = sheet(
        "缴费.xlsx",
        ("姓名", "身份证号", "缴费金额"),
        [(NAMES[0], number(100), 400), (NAMES[1], number(101), 400)],
    )
    lists.apply(office, lists.stage(office, bare))
    full = sheet("税务.xlsx", TAX, [tax(0), tax(0, "9" * 18), tax(1)])
    lists.apply(office, lists.stage(office, full))
    lists.apply(office, lists.stage(office, bare))
    assert [(one[0], one[5]) for one in confirmed(office)] == [
        ("r0-0", f"3{0:017d}"), ("r0-0", "9" * 18), ("r1-0", f"3{1:017d}"),
    ]  # fmt: skip


def test_a_village_reports_from_a_tax_list_and_confirms_nothing(village: Ledger, sheet: Sheet) -> None:
    pay(village, "r1-0", date(2025, 11, 8))
    staged = lists.stage(village, sheet("税务.xlsx", TAX, [tax(0), tax(1)]))
    lists.apply(village, staged)
    rows = village.connection.execute(
        "SELECT resident, amount FROM payment WHERE stands ORDER BY resident"
    ).fetchall()
    assert rows == [("r0-0", 40000), ("r1-0", 40000)]
    assert confirmed(village) == []


def test_a_village_keeps_nothing_of_other_villages(village: Ledger, sheet: Sheet) -> None:
    rows = [department(0, "低保"), department(1, "低保", SECOND, name="外村的人甲", id=number(777))]
    rows.append(department(2, "低保", name="外村的人乙", id=number(778), village=""))
    staged = lists.stage(village, sheet("民政局.xlsx", DEPARTMENT, rows))
    assert (
        staged.listed.counts["rows"] == 2
        and staged.listed.counts["unmatched"] == 1
        and staged.listed.skipped[-1][1].why == "other_village"
    )
    lists.apply(village, staged)
    assert "外村的人" not in repr(everything(village))


# ---- the platform, schools, births and deaths

PLATFORM = (
    "psn_no",
    "psn_name",
    "certno",
    "insutype",
    "psn_insu_stas",
    "psn_type",
    "emp_name",
    "insuplc_admdvs",
)


def platform(at: int, scheme: str, state: str, place: str = "150621") -> list[Any]:
    return [f"15{at:014d}", NAMES[at], number(100 + at), scheme, state, "1101", "某厂", place]


def test_the_platform_explains_who_is_insured_elsewhere(office: Ledger, sheet: Sheet) -> None:
    pay(office, "r3-0", date(2025, 11, 8))
    rows = [
        platform(0, "310", "1"), platform(1, "310", "1", "150203"), platform(2, "390", "1", "610802"),
        platform(3, "310", "1"), platform(4, "310", "4"), platform(5, "390", "1"),
        platform(6, "城镇职工基本医疗保险", "正常参保"),
    ]  # fmt: skip
    staged = lists.stage(office, sheet("平台.xlsx", PLATFORM, rows))
    lists.apply(office, staged)
    absent = dict(
        office.connection.execute("SELECT resident, absence FROM enrolment WHERE absence IS NOT NULL")
    )
    assert absent == {
        "r0-0": "employee_here", "r1-0": "employee_elsewhere", "r2-0": "resident_elsewhere", "r6-0": "employee_here",
    }  # fmt: skip
    assert [one.code for one in by_line(staged.listed)[5].doubts] == ["already_elsewhere"]
    held = office.connection.execute(
        "SELECT resident, scheme, scheme_state FROM coverage ORDER BY resident"
    ).fetchall()
    assert held[4] == ("r4-0", "310", "4") and len(held) == 7


def test_what_a_person_said_of_an_absence_is_not_written_over(office: Ledger, sheet: Sheet) -> None:
    facts.absence(office, ["r0-0"], "army", note="", on=None, year=YEAR)
    lists.apply(office, lists.stage(office, sheet("平台.xlsx", PLATFORM, [platform(0, "310", "1")])))
    assert office.connection.execute("SELECT absence FROM enrolment").fetchall() == [("army",)]


def test_deaths_and_those_who_came_back(office: Ledger, sheet: Sheet) -> None:
    path = sheet(
        "死亡人员名单.xlsx",
        ("姓名", "身份证号", "死亡时间"),
        [(NAMES[0], number(100), "2025-10-02"), (NAMES[1], number(101), "不详")],
    )
    staged = lists.stage(office, path)
    assert staged.listed.kind == "death_list"
    lists.apply(office, staged)
    rows = office.connection.execute(
        "SELECT resident, absence, absence_on FROM enrolment ORDER BY 1"
    ).fetchall()
    assert rows == [("r0-0", "death", "2025-10-02"), ("r1-0", "death", None)]
    facts.absence(office, ["r2-0"], "prison", note="", on=None, year=YEAR)
    back = lists.stage(
        office,
        sheet(
            "刑满释放人员名单.xlsx", ("姓名", "身份证号"), [(NAMES[2], number(102)), (NAMES[3], number(103))]
        ),
    )
    assert (back.listed.kind, back.listed.counts["changed"], back.listed.counts["known"]) == (
        "released_list",
        1,
        1,
    )
    lists.apply(office, back)
    assert "prison" not in {one.absence for one in queries.load(office, YEAR)}


def test_a_newborn_goes_into_the_mothers_household(office: Ledger, sheet: Sheet) -> None:
    born = "15062120251001002" + check_digit("15062120251001002")
    header = ("新生儿姓名", "身份证号", "性别", "出生日期", "母亲姓名", "监护人身份证号", "出生医学证明编号")
    rows = [
        ("那日苏", born, "男", "2025-10-01", NAMES[1], number(101), "A1"),
        ("小明", "", "男", "2025-11-01", "查无此人", number(999), "A2"),
    ]
    staged = lists.stage(office, sheet("新生儿.xlsx", header, rows))
    assert staged.listed.kind == "newborn_list"
    assert (staged.listed.counts["added"], staged.listed.counts["unmatched"]) == (1, 1)
    applied = lists.apply(office, staged)
    (child,) = [one for one in queries.load(office, YEAR, scope=VILLAGE_CODE) if one.name == "那日苏"]
    assert child.household == "h0-0"
    entry = office.connection.execute("SELECT entry FROM enrolment WHERE resident = ?", (child.record,))
    assert entry.fetchall() == [("new",)]
    again = lists.stage(office, sheet("新生儿.xlsx", header, rows)).listed
    assert (again.counts["added"], again.counts["known"]) == (0, 1)
    taking.revert(office, applied.number)
    assert "那日苏" not in {one.name for one in queries.load(office, YEAR)}


def test_schools_and_numbers_of_people(office: Ledger, sheet: Sheet) -> None:
    header = ("学校", "班级", "学生姓名", "身份证件号", "是否参保")
    path = sheet("学生.xlsx", header, [("白泥井中心小学", "三年级1班", NAMES[0], number(100), "是")])
    staged = lists.stage(office, path)
    lists.apply(office, staged)
    held = office.connection.execute("SELECT school, school_class FROM resident WHERE record = 'r0-0'")
    assert held.fetchall() == [("白泥井中心小学", "三年级1班")]
    assert [one.code for one in staged.listed.rows[0].doubts] == ["says_insured"]
    rows = [(HERE, 812, 640), ("无此村", 5, 4), ("合计", 817, 644)]
    found = lists.stage(office, sheet("人口.xlsx", ("嘎查村", "户籍人口", "常住人口数"), rows))
    counts = found.listed.counts
    assert (found.listed.kind, counts["added"], counts["unmatched"]) == ("population_counts", 1, 1)
    lists.apply(office, found)
    sql = "SELECT registered, residing FROM village WHERE scope = ?"
    assert office.connection.execute(sql, (VILLAGE_CODE,)).fetchall() == [(812, 640)]


# ---- numbers the register has wrong


def test_a_number_is_put_right_only_where_somebody_says_so(office: Ledger, sheet: Sheet) -> None:
    right = number(104)
    people.correct(office, "r4-0", "identity", id_number=right[:15] + "000")
    path = sheet("民政局.xlsx", DEPARTMENT, [department(4, "低保")])
    staged = lists.stage(office, path)
    (fix,) = staged.listed.corrections
    lists.apply(office, staged)
    assert (
        office.connection.execute("SELECT id_number FROM resident WHERE record = 'r4-0'").fetchone()[0]
        != right
    )
    assert (fix.record, fix.new) == ("r4-0", right)
    lists.apply(office, lists.stage(office, path), corrections={fix.key})
    held = office.connection.execute("SELECT id_number, name FROM resident WHERE record = 'r4-0'").fetchone()
    assert held == (right, NAMES[4])


# ---- taking back


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_taking_a_list_back_harms_no_later_edit(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = World(tmp_path_factory.mktemp("w"))
    office = world.office()
    office.write(people_of(VILLAGE_CODE))
    before = data.draw(st.sets(st.integers(0, 9), max_size=3))
    for at in before:
        facts.grant(office, [f"r{at}-0"], "tekun", source="", since=None, year=YEAR)
    start = grants(office)
    path = world.folder / "民政局.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, DEPARTMENT)
        for at in range(10):
            page.write_row(at + 1, 0, department(at, "低保", village=""))
    applied = lists.apply(office, lists.stage(office, path))
    mine = data.draw(
        st.dictionaries(st.integers(0, 9), st.sampled_from(["withdraw", "date", "pay", "phone"]), max_size=5)
    )
    for at, what in mine.items():
        if what == "withdraw":
            facts.grant_withdrawn(office, [f"r{at}-0"], "dibao", YEAR)
        elif what == "date":
            facts.grant(office, [f"r{at}-0"], "dibao", source="亲眼所见", since=TODAY, year=YEAR)
        elif what == "pay":
            pay(office, f"r{at}-0", TODAY)
        else:
            people.correct(office, f"r{at}-0", "contact", phone="13911112222")
    reverted, _ = taking.revert(office, applied.number)
    assert {one.record for one in reverted.kept} == {
        derived_id("subsidy", f"r{at}-0", YEAR, "dibao")
        for at, what in mine.items()
        if what in ("withdraw", "date")
    }
    kept = {(VILLAGE_CODE, f"r{at}-0", "dibao") for at, what in mine.items() if what == "date"}
    assert grants(office) == start | kept
    facts_now = {one.record: one for one in queries.load(office, YEAR)}
    for at, what in mine.items():
        if what == "pay":
            assert facts_now[f"r{at}-0"].paid == "reported"
        if what == "phone":
            assert facts_now[f"r{at}-0"].phone == "13911112222"
    assert check(office).sound
    world.close()


def test_a_roster_taken_back_leaves_whoever_somebody_worked_on(world: World, sheet: Sheet) -> None:
    village = world.alone()
    header = ("户编号", "与户主关系", "姓名", "身份证号", "性别")
    rows = [
        ("0001", "户主", NAMES[0], number(1), ""),
        ("0001", "配偶", NAMES[1], number(2), ""),
        ("0002", "户主", NAMES[2], number(3), ""),
    ]
    path = sheet("花名册.xlsx", header, rows)
    applied = roster.apply(village, roster.stage(village, path))
    record = {one.name: one.record for one in queries.load(village, YEAR)}
    pay(village, record[NAMES[1]], TODAY)
    reverted, _ = taking.revert(village, applied.number)
    assert [one.name for one in queries.load(village, YEAR)] == [NAMES[1]]
    assert {one.why for one in reverted.kept} == {"used_since"}
    assert len(housing.households(village)) == 1
    again = roster.stage(village, path)
    assert (again.counts["added"], again.counts["known"]) == (2, 1)
    roster.apply(village, again)
    assert sorted(one.name for one in queries.load(village, YEAR)) == sorted(NAMES[:3])
    assert len(housing.households(village)) == 2 and check(village).sound


def test_the_log_of_lists_keeps_what_waits_and_nothing_else(office: Ledger, sheet: Sheet) -> None:
    path = sheet(
        "民政局.xlsx",
        DEPARTMENT,
        [
            department(0, "低保"),
            department(1, "低保", id=""),
            department(2, "低保", name="无人", id=number(900)),
        ],
    )
    applied = lists.apply(office, lists.stage(office, path))
    (line,) = taken.lists(office)
    assert (line.number, line.kind, line.source, line.operations) == (
        applied.number,
        "department_list",
        "civil_affairs",
        1,
    )
    rows = taken.rows_of(office, applied.number)
    assert [bool(row.said) for row in rows] == [
        row.status in ("review", "unmatched", "broken") for row in rows
    ]
    assert {row.status for row in rows} == {"added", "review", "unmatched"}


def test_who_is_erased_leaves_the_lists_too(office: Ledger, sheet: Sheet) -> None:
    path = sheet(
        "民政局.xlsx", DEPARTMENT, [department(0, "低保", name="那顺", id=""), department(0, "低保")]
    )
    staged = lists.stage(office, path)
    staged.answer(office, {0: f"{VILLAGE_CODE}/r0-0"})
    lists.apply(office, staged)
    assert office.connection.execute("SELECT count(*) FROM learned").fetchone() == (1,)
    policy = policies.in_force(office).policy
    erasure.erase(office, policy, VILLAGE_CODE, "r0-0", "本人要求", today=TODAY)
    assert office.connection.execute("SELECT count(*) FROM learned").fetchone() == (0,)
    assert office.connection.execute(
        "SELECT count(*) FROM intake_row WHERE record = 'r0-0' OR instr(said, '那顺')"
    ).fetchone() == (0,)


def test_other_kinds_are_refused_by_their_name(office: Ledger, sheet: Sheet) -> None:
    with pytest.raises(KnownError, match=r"intake\.is_roster"):
        lists.stage(office, SAMPLES / "01-查干沟嘎查村花名册.xlsx")
    with pytest.raises(KnownError, match=r"intake\.kind_unknown"):
        lists.stage(office, sheet("x.xlsx", ("姓名", "身份证号"), [(NAMES[0], number(100))]))
    with pytest.raises(KnownError, match=r"list\.no_rows"):
        lists.stage(office, sheet("y.xlsx", TAX, [tax(0, item="城乡居民基本养老保险费")]))


def test_what_an_office_took_over_reaches_the_village_and_no_other(world: World, sheet: Sheet) -> None:
    office = world.office()
    first, second = world.village(office, "one"), world.village(office, "two", SECOND)
    for village, scope in ((first, VILLAGE_CODE), (second, SECOND)):
        village.write(people_of(scope))
        exchange.receive(office, world.send(village))
    rows = [department(0, "低保"), department(1, "特困", SECOND)]
    lists.apply(office, lists.stage(office, sheet("民政局.xlsx", DEPARTMENT, rows)))
    lists.apply(office, lists.stage(office, sheet("税务.xlsx", TAX, [tax(0)])))
    for village, scope in ((first, VILLAGE_CODE), (second, SECOND)):
        exchange.receive(village, world.send(office))
        digests = {derived.state_digest(ledger.connection, scope) for ledger in (office, village)}
        assert len(digests) == 1
    assert {one.record: one.paid for one in queries.load(first, YEAR)}["r0-0"] == "confirmed"
    assert grants(first) == {(VILLAGE_CODE, "r0-0", "dibao")}
    assert grants(second) == {(SECOND, "r1-1", "tekun")}


def test_village_and_office_that_take_the_same_list_say_the_same(world: World, sheet: Sheet) -> None:
    office = world.office()
    village = world.village(office)
    village.write(people_of(VILLAGE_CODE))
    exchange.receive(office, world.send(village))
    path = sheet("民政局.xlsx", DEPARTMENT, [department(at, "低保") for at in range(5)])
    for ledger in (office, village):
        lists.apply(ledger, lists.stage(ledger, path))
    exchange.receive(office, world.send(village))
    exchange.receive(village, world.send(office))
    for ledger in (office, village):
        assert len(grants(ledger)) == 5
        assert ledger.connection.execute("SELECT count(*) FROM conflict").fetchone() == (0,)


OTHER_LAYOUTS = {
    "城乡低保对象花名册": (
        "department_list", ("户主姓名", "与户主关系", "姓名", "身份证号码", "保障类别", "月保障金额"),
        lambda at: (NAMES[at], "户主", NAMES[at], number(100 + at), "农村低保A类", 420), "added",
    ),
    "残疾人联合会持证残疾人信息": (
        "department_list", ("姓名", "残疾人证号", "残疾类别", "残疾等级", "村社区"),
        lambda at: (NAMES[at], number(100 + at) + "44", "肢体", "一级", HERE), "added",
    ),
    "残疾人信息": (
        "department_list", ("姓名", "残疾人证号", "残疾类别", "残疾等级", "村社区"),
        lambda at: (NAMES[at], number(100 + at) + "41", "肢体", "四级", HERE), "known",
    ),
    "防返贫监测对象信息表": (
        "department_list", ("镇", "村", "户主", "姓名", "证件号码", "监测对象类别", "识别时间", "风险是否消除"),
        lambda at: ("白泥井", HERE, NAMES[at], NAMES[at], number(100 + at), "边缘易致贫户", "2023-05", "否"), "added",
    ),
    "防返贫监测对象（已消除）": (
        "department_list", ("镇", "村", "姓名", "证件号码", "监测对象类别", "风险是否消除"),
        lambda at: ("白泥井", HERE, NAMES[at], number(100 + at), "边缘易致贫户", "是"), "known",
    ),
    "特困人员名单": (
        "department_list", ("编号", "供养人员姓名", "公民身份号码", "供养方式", "所在村"),
        lambda at: (at, NAMES[at], number(100 + at), "分散供养", HERE), "added",
    ),
    "特殊人群资助参保台账": (
        "department_list", ("纳入资助时间", "身份取消时间", "姓名", "身份证号码", "医疗救助身份", "资助金额"),
        lambda at: ("2023-01-01", "", NAMES[at], number(100 + at), "低保对象", "280"), "added",
    ),
    "2026年度城乡居民医保缴费明细": (
        "tax_payments", ("缴费人姓名", "证件号码", "缴费金额", "缴费时间", "缴费方式"),
        lambda at: (NAMES[at], number(100 + at), 400, "2025-11-03 08:20:11", "银行批扣"), "added",
    ),
    "税务局反馈": (
        "tax_payments", ("征收项目", "征收品目", "缴费人名称", "缴费人识别号", "实缴金额", "入库日期", "费款所属期起"),
        lambda at: ("城乡居民医保费", "成年居民", NAMES[at], number(100 + at), "400.00", "20251103", "2026-01-01"),
        "added",
    ),
    "参保信息查询": (
        "platform_export", ("人员编号", "姓名", "证件号码", "险种类型", "参保状态", "参保日期", "医保区划"),
        lambda at: (f"15{at:014d}", NAMES[at], number(100 + at), "城乡居民医保", "正常参保", "2025-09-20", "150621"),
        "added",
    ),
    "秋季学生花名册": (
        "student_list", ("序号", "年级", "班级", "姓名", "身份证号", "家长姓名", "联系电话"),
        lambda at: (at, "三年级", "1班", NAMES[at], number(100 + at), "某", "13800000000"), "added",
    ),
    "退役军人事务局优抚对象名册": (
        "department_list", ("姓名", "身份证号", "优抚类别"),
        lambda at: (NAMES[at], number(100 + at), "60周岁农村籍退役士兵"), "added",
    ),
    "养老金领取人员名册": (
        "pension_list", ("姓名", "身份证号", "领取待遇时间", "养老金"),
        lambda at: (NAMES[at], number(100 + at), "2019-01", 2800), "added",
    ),
    "应征入伍人员名单": (
        "army_list", ("姓名", "身份证号", "入伍时间"), lambda at: (NAMES[at], number(100 + at), "2025-09-01"), "added",
    ),
    "在押服刑人员名单": ("prison_list", ("姓名", "身份证号"), lambda at: (NAMES[at], number(100 + at)), "added"),
}  # fmt: skip


@pytest.mark.parametrize("title", OTHER_LAYOUTS)
def test_the_same_lists_in_other_words(office: Ledger, sheet: Sheet, title: str) -> None:
    kind, header, cells, status = OTHER_LAYOUTS[title]
    path = sheet("名单.xlsx", header, [cells(at) for at in range(6)], title, f"{HERE}　2025年11月")
    listed = lists.stage(office, path).listed
    assert (listed.kind, listed.year, listed.counts[status], dict(listed.unmapped)) == (kind, YEAR, 6, {}), (
        listed.counts
    )
