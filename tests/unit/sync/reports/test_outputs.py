"""What stands in each form, against figures worked out here from the same invented people."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from storage import policies
from storage.commands import advances, facts, money
from storage.commands.people import correct
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.policy.id_core import check_digit
from storage.policy.id_number import check
from storage.queries import figures
from sync import exchange
from sync.intake import roster
from sync.reports import filling, forms, going_out
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    TODAY,
    VILLAGE_CODE,
    VILLAGES,
    World,
    cheap_keys,
    id_number,
    paid,
    person,
    world,
)
from tests.unit.sync.reports.reread import FIXTURES, by_calamine, by_openpyxl

__all__ = ["cheap_keys", "world"]
POLICY = policies.load("example-2026")
OTHER = "150621102201"
GROUPS = ("tekun", "dibao", "jiance", "disabled12", "youfu", "")
ABSENCES = ("", "employee_here", "army", "death", "unreachable", "refused", "student_elsewhere", "moved")


def household(number: int, scope: str = VILLAGE_CODE) -> Edit:
    return Edit(
        "household",
        f"h{number}",
        {
            "number": {"number": f"{number:04d}"},
            "head": {"head_name": f"户主{number}"},
            "place": {"grp": f"{number}组"},
        },
        scope,
    )


def people_edits(count: int, first: int = 0, scope: str = VILLAGE_CODE) -> list[Edit]:
    """Invented people in whom every third pays, every second has a group, every fourth a reason not to pay here."""
    edits = [household(number, scope) for number in range(1, 4)]
    for number in range(first, first + count):
        record = f"r{number}"
        edits.append(
            Edit(
                "resident",
                record,
                {
                    "identity": {"name": f"人{number}", "id_number": id_number(number)},
                    "membership": {"household": f"h{number % 3 + 1}", "relation": str(number % 9)},
                    "residence": {"residence": ("resident", "away", "incoming", "unknown")[number % 4]},
                    "contact": {"phone": f"138{number:08d}"},
                },
                scope,
            )
        )
        link = {"resident": record, "year": 2026}
        group, absence = GROUPS[number % 6], ABSENCES[number % 8]
        if number % 3 == 0:
            fact = paid(record)["fact"] | {
                "amount": 40000 - number % 2,
                "advanced_by": "王书记" if number % 2 else "",
            }
            edits.append(Edit("payment", f"p{number}", {"fact": fact}, scope))
        elif absence:
            edits.append(
                Edit("enrolment", f"e{number}", {"link": link, "absence": {"absence": absence}}, scope)
            )
        if number % 5 == 0:
            before = paid(record)["fact"] | {"year": 2025, "paid_on": "2024-12-01"}
            edits.append(Edit("payment", f"q{number}", {"fact": before}, scope))
        if group:
            edits.append(Edit("subsidy", f"s{number}", {"link": link, "grant": {"group_code": group}}, scope))
    return edits


@pytest.fixture
def village(world: World) -> Ledger:
    ledger = world.alone()
    ledger.write(people_edits(48))
    return ledger


def filled(ledger: Ledger, code: str, scope: str = "", **more: Any) -> list[dict[str, object]]:
    """The rows of a form by heading."""
    form = forms.built_in()[code]
    wish = filling.wanted(ledger, POLICY, TODAY, scope, more.pop("since", None))
    found = filling.fill(form, filling.read(ledger, form, wish), filling.paper(ledger, wish, form, **more))
    titles = [column.title for column in found.columns]
    return [dict(zip(titles, row, strict=True)) for row in found.rows]


def names(rows: list[dict[str, object]]) -> set[int]:
    """The numbers of the people in rows, each of whom stands there once."""
    found = [int(str(row["姓名"]).removeprefix("人").removesuffix("（暂）")) for row in rows]
    assert len(set(found)) == len(found)
    return set(found)


HAVE_PAID = {number for number in range(48) if number % 3 == 0}
ABSENT = {number: ABSENCES[number % 8] for number in range(48) if number % 3 and ABSENCES[number % 8]}
GONE = {number for number, why in ABSENT.items() if why in ("death", "moved")}
AWAY = {number for number, why in ABSENT.items() if why in ("employee_here", "army", "student_elsewhere")}
BEFORE = {number for number in range(48) if number % 5 == 0}
AIDED = {number: GROUPS[number % 6] for number in range(48) if GROUPS[number % 6]}
UNPAID = set(range(48)) - HAVE_PAID

WHO = {
    "insured": HAVE_PAID,
    "uninsured": UNPAID,
    "lapsed": BEFORE & UNPAID - GONE - AWAY,
    "missed": UNPAID - BEFORE - set(ABSENT),
    "special_uninsured": {one for one, code in AIDED.items() if code != "youfu"} & UNPAID - GONE,
    "special": set(AIDED),
    "students": {number for number, why in ABSENT.items() if why == "student_elsewhere"},
    "refunds": {one for one, code in AIDED.items() if code in ("dibao", "jiance", "disabled12")} & HAVE_PAID,
    "roster": {number for number in range(48) if number % 4 != 2},
}


@pytest.mark.parametrize("code", WHO)
def test_who_is_on_a_form(village: Ledger, code: str) -> None:
    rows = filled(village, code)
    assert names(rows) == WHO[code] and WHO[code]
    assert [row["序号"] for row in rows] == list(range(1, len(rows) + 1))


def test_the_forms_of_the_unpaid_part_them(village: Ledger) -> None:
    lapsed, missed, unpaid = (names(filled(village, code)) for code in ("lapsed", "missed", "uninsured"))
    assert not lapsed & missed and lapsed | missed <= unpaid
    reasons = {row["姓名"] for row in filled(village, "uninsured") if row["未参保原因"]}
    assert unpaid - lapsed - missed <= {int(str(name)[1:]) for name in reasons}


def test_new_and_helped(village: Ledger) -> None:
    facts.new_enrollee(village, ["r1", "r2"], 2026)
    facts.assistance(village, ["r3", "r4"], "age", what="上门", on=TODAY, note="", year=2026)
    assert names(filled(village, "new_enrollees")) == {1, 2}
    (row,) = filled(village, "cannot_pay")
    assert (row["姓名"], row["不能自主缴费原因"], row["约定日期"]) == ("人4", "年老", TODAY)


def test_whoever_a_school_names_is_a_student(village: Ledger) -> None:
    schooling = {"school": "旗第一中学", "school_class": "初二（3）班"}
    village.write(
        [
            Edit("resident", "r1", {"schooling": schooling}),
            Edit("resident", "r3", {"category": {"category": "1404"}}),
        ]
    )
    rows = {row["姓名"]: row for row in filled(village, "students")}
    assert {"人1", "人3"} <= rows.keys() and len(rows) == len(WHO["students"]) + 2
    assert (rows["人1"]["学校"], rows["人1"]["班级"]) == ("旗第一中学", "初二（3）班")


def test_two_entries_of_one_person_are_one_row(village: Ledger) -> None:
    number = id_number(3)
    village.write([person("twin", "人3", number, membership={"household": "h2", "relation": "8"})])
    assert names(filled(village, "insured")) == HAVE_PAID
    assert names(filled(village, "uninsured")) == UNPAID


def test_the_budget_to_the_fen(village: Ledger) -> None:
    rows = filled(village, "budget")
    each = {"tekun": 40000, "dibao": 35000, "jiance": 35000, "disabled12": 35000}
    counted = {
        code: sum(
            held == code and number not in GONE and not (number in AWAY and number not in HAVE_PAID)
            for number, held in AIDED.items()
        )
        for code in each
    }
    titles = {code: group.name for code in each if (group := POLICY.group(code))}
    assert (
        rows[-1]["资助类别"] == "优抚对象" and rows[-1]["资助金额合计（元）"] is None
    )  # the policy says nothing
    youfu = int(str(rows.pop()["人数"]))
    assert {
        row["资助类别"]: (row["人数"], row["每人资助金额（元）"], row["资助金额合计（元）"]) for row in rows
    } == {titles[code]: (counted[code], each[code], counted[code] * each[code]) for code in each}
    assert [row["认定部门"] for row in rows] == ["民政局", "民政局", "乡村振兴统筹发展中心", "残联"]
    path = village.folder.parent / "b.xlsx"
    export(village, "budget", path)
    last = next(row for row in by_openpyxl(path) if row[1] == "合计")
    assert last[4] == sum(counted.values()) + youfu
    assert round(float(str(last[7])) * 100) == sum(counted[code] * each[code] for code in each)


def test_a_policy_that_names_no_amount_makes_none_up(village: Ledger) -> None:
    policy = policies.load("dalad-2024")
    form = forms.built_in()["budget"]
    village.write(
        [Edit("subsidy", "t", {"link": {"resident": "r1", "year": 2024}, "grant": {"group_code": "tekun"}})]
    )
    wish = filling.wanted(village, policy, TODAY)
    (row,) = filling.read(village, form, wish)
    assert (row.people, row.each_fen, row.total_fen, row.way) == (1, None, None, "标准未明")


def test_refunds_say_who_advanced_and_how_long(village: Ledger) -> None:
    rows = {int(str(row["姓名"])[1:]): row for row in filled(village, "refunds")}
    for number, row in rows.items():
        assert row["应退补金额（元）"] == 35000
        assert row["垫付人"] == ("王书记" if number % 2 else "")
        assert (row["距缴费天数"], row["账龄"]) == ((TODAY - date(2025, 12, 1)).days, "30天以内")
        assert {"领取人签字", "收款人及账号", "申请日期"} <= row.keys()


def test_refunds_say_how_far_each_is(village: Ledger) -> None:
    (first, *_rest) = filling.read(
        village, forms.built_in()["refunds"], filling.wanted(village, POLICY, TODAY)
    )
    who, day = first.person, TODAY
    claim = money.Claim(VILLAGE_CODE, who.record, "subsidy", 35000, "dibao", "民政局")
    money.apply(village, POLICY, [claim], on=day, today=TODAY)
    money.receive(village, POLICY, {claim: 35000}, 35000, on=day, batch="2026-7", today=TODAY)
    handing = money.Handing(day, "", advanced_by="李干部")
    money.hand(village, POLICY, {claim: 35000}, handing, today=TODAY)
    money.sign(village, POLICY, [claim], on=day, today=TODAY)
    form = forms.built_in()["refunds"]
    wanted = ["name", "refund_stage", "refund_applied_on", "refund_batch", "refund_received", "refund_lender"]
    form = forms.with_columns(form, [*wanted, "refund_handed", "refund_handed_to", "refund_signed_on"])

    def told() -> dict[str, tuple[object, ...]]:
        rows = filling.fill(
            form,
            filling.read(village, form, filling.wanted(village, POLICY, TODAY)),
            filling.paper(village, filling.wanted(village, POLICY, TODAY), form),
        )
        return {str(row[0]): tuple(row[1:]) for row in rows.rows}

    assert told()[who.name] == ("已签收", day, "2026-7", 35000, "李干部", 35000, who.name, day)
    advances.settle(
        village, {(VILLAGE_CODE, f"refund:{claim.id(2026)}"): 35000}, advances.Repaying(day), today=TODAY
    )
    assert told()[who.name][0] == "已结清"
    others = [row for name, row in told().items() if name != who.name]
    assert others and set(others) == {("待申请", None, "", None, "", None, "", None)}


def test_nobody_gets_back_more_than_was_paid(village: Ledger) -> None:
    fact = paid("r7")["fact"] | {"amount": 20000}
    village.write([Edit("payment", "p7", {"fact": fact})])
    (row,) = [row for row in filled(village, "refunds") if row["姓名"] == "人7"]
    assert row["应退补金额（元）"] == 20000


def test_progress_adds_up_and_agrees_with_the_figures(village: Ledger) -> None:
    (row,) = filled(village, "progress")
    counted = figures.by_scope(village, POLICY)[VILLAGE_CODE]
    parts = (
        "本地居民",
        "本地职工",
        "异地居民",
        "异地职工",
        "参军",
        "服刑",
        "死亡",
        "失联",
        "自愿放弃",
        "其他原因",
        "未落实",
    )
    assert sum(int(str(row[part])) for part in parts) == row["任务数"] == counted.people == 48
    assert row["本地居民"] == counted.paid == len(HAVE_PAID)
    explained = {why for why in ABSENCES if why and why not in ("unreachable", "refused")}
    done = len(HAVE_PAID) + sum(why in explained for why in ABSENT.values())
    assert row["完成数"] == done
    assert row["完成率"] == int(done * 1000 / 48) / 10 or str(row["完成率"]) == f"{done * 1000 // 48 / 10}"


def test_population_counts_stand_beside_the_register(village: Ledger) -> None:
    village.write(
        [Edit("village", "v", {"population": {"registered": 60, "residing": 50, "counted_on": "2025-11-01"}})]
    )
    form = forms.with_columns(forms.built_in()["progress"], ["village", "registered", "residing", "task"])
    wish = filling.wanted(village, POLICY, TODAY)
    found = filling.fill(form, filling.read(village, form, wish), filling.paper(village, wish, form))
    assert tuple(found.rows) == (("查干沟嘎查村", 60, 50, 48),)


# ---- corrections


def test_corrections_from_old_to_new(village: Ledger) -> None:
    correct(village, "r1", "identity", name="巴图")
    correct(village, "r2", "identity", id_number=id_number(4711))
    correct(village, "r2", "identity", id_number=id_number(4712))
    correct(village, "r3", "identity", name="人三")
    correct(village, "r3", "identity", name="人3")
    village.write([Edit("household", "h3", {"place": {"grp": "9组"}})])
    rows = filled(village, "corrections", full=True)
    told = {(row["姓名"], row["更正项目"], row["更正前"], row["更正后"]) for row in rows}
    in_three = {f"人{number}" for number in range(48) if number % 3 == 2} - {"人2"}
    assert told == {
        ("巴图", "姓名", "人1", "巴图"),
        ("人2", "证件号码", id_number(2), id_number(4712)),
        ("人2", "组别", "3组", "9组"),
        *((name, "组别", "3组", "9组") for name in in_three),
    }
    assert all(row["更正原因"] == "原登记有误" and row["更正人"] for row in rows)
    masked = filled(village, "corrections")
    (number,) = [row["更正后"] for row in masked if row["更正项目"] == "证件号码"]
    assert number == f"{id_number(4712)[:6]}********{id_number(4712)[-4:]}"


def test_corrections_since_the_last_export(world: World, tmp_path: Path) -> None:
    ledger = world.alone()
    ledger.write(people_edits(6))
    form, wish = forms.built_in()["corrections"], filling.wanted(ledger, POLICY, TODAY)
    correct(ledger, "r1", "identity", name="巴图")
    assert going_out.since_last(ledger, form, wish) == wish
    assert going_out.export(ledger, form, wish, tmp_path / "1.xlsx").rows == 1
    later = going_out.since_last(ledger, form, wish)
    assert going_out.export(ledger, form, later, tmp_path / "2.xlsx").rows == 0
    correct(ledger, "r1", "identity", name="巴特尔")
    (found,) = filling.read(ledger, form, going_out.since_last(ledger, form, wish))
    assert (found.old, found.new) == ("巴图", "巴特尔")
    in_future = filling.wanted(ledger, POLICY, TODAY, "", datetime(2030, 1, 1, tzinfo=UTC))
    assert filling.read(ledger, form, in_future) == []


def test_what_came_late_is_told_all_the_same(world: World, tmp_path: Path) -> None:
    """A village's correction from before the office's last sheet that arrives after it."""
    office = world.office()
    village = world.village(office)
    village.write(people_edits(3))
    exchange.receive(office, world.send(village))
    correct(village, "r1", "identity", name="巴图")
    world.time("office").ms += 3_600_000
    form, wish = forms.built_in()["corrections"], filling.wanted(office, POLICY, TODAY)
    assert going_out.export(office, form, wish, tmp_path / "1.xlsx").rows == 0
    exchange.receive(office, world.send(village))
    (found,) = filling.read(office, form, going_out.since_last(office, form, wish))
    assert (found.old, found.new) == ("人1", "巴图")


# ---- a township


@pytest.fixture
def township(world: World) -> Ledger:
    """Two villages; person 40 is claimed by both, in the second as paid."""
    office = world.office()
    office.write([*people_edits(12), *people_edits(12, 30, OTHER)])
    for scope, record, number in ((VILLAGE_CODE, "x1", 1), (OTHER, "x2", 2)):
        office.write(
            [
                Edit("resident", record, {"identity": {"name": "人400", "id_number": id_number(400)},
                     "residence": {"residence": "resident"}}, scope),
                *([Edit("payment", "px", {"fact": paid(record)["fact"]}, scope)] if number == 2 else []),
            ]
        )  # fmt: skip
    return office


def test_everybody_of_a_township_counts_once(township: Ledger) -> None:
    whole = filled(township, "insured")
    one, other = (filled(township, "insured", scope) for scope in (VILLAGE_CODE, OTHER))
    assert names(whole) == names(one) | names(other) and 400 in names(whole)
    assert 400 not in names(filled(township, "uninsured"))
    assert 400 in names(filled(township, "uninsured", VILLAGE_CODE))
    progress = filled(township, "progress")
    assert sum(int(str(row["任务数"])) for row in progress) == 12 + 12 + 1


def test_who_stands_in_two_villages(township: Ledger) -> None:
    rows = filled(township, "duplicates")
    assert [(row["姓名"], row["重复情形"]) for row in rows] == [("人400", "两个以上嘎查村（社区）登记")] * 2
    assert {row["人次"] for row in rows} == {1} and len({row["嘎查村（社区）"] for row in rows}) == 2


def test_employee_and_resident_insurance_at_once(village: Ledger) -> None:
    village.write(
        [
            Edit("coverage", "c3", {"link": {"resident": "r3"}, "state": {
                "scheme": "310", "scheme_state": "1", "scheme_place": "150602", "employer": "某公司",
                "covered_since": "2023-01-01", "covered_as_of": "2025-11-30"}}),
        ]
    )  # fmt: skip
    rows = filled(village, "duplicates")
    assert {row["姓名"] for row in rows} == {"人3"}
    kept = next(row for row in rows if row["拟处理"] == "保留")
    assert (kept["险种"], kept["参保单位"]) == ("职工医保", "某公司")
    assert kept["依据"] == "连续参加职工医保满一年，保留职工医保"


def test_the_sum_of_villages_is_the_township(township: Ledger, tmp_path: Path) -> None:
    form = forms.built_in()["progress"]
    going_out.export(township, form, filling.wanted(township, POLICY, TODAY), tmp_path / "p.xlsx")
    rows = by_openpyxl(tmp_path / "p.xlsx")
    head, body = rows[1], [row for row in rows[2:] if isinstance(row[0], int)]
    last = next(row for row in rows if row[1] == "合计")
    for place, title in enumerate(head):
        if title not in ("序号", "嘎查村（社区）", "完成率"):
            assert last[place] == sum(int(str(row[place])) for row in body)
    done, task = last[head.index("完成数")], last[head.index("任务数")]
    assert last[head.index("完成率")] == int(int(str(done)) * 1000 / int(str(task))) / 1000


def test_a_village_that_is_not_there(township: Ledger) -> None:
    with pytest.raises(KnownError, match=r"form\.no_village"):
        filling.wanted(township, POLICY, TODAY, "150621102999")
    assert filling.wanted(township, POLICY, TODAY, OFFICE_CODE).whole


def test_a_village_gives_only_its_own(village: Ledger) -> None:
    with pytest.raises(KnownError, match=r"ledger\.other_scope"):
        filling.wanted(village, POLICY, TODAY, OTHER)


# ---- going out


def export(ledger: Ledger, code: str, path: Path, **more: Any) -> going_out.Written:
    form = forms.built_in()[code]
    return going_out.export(ledger, form, filling.wanted(ledger, POLICY, TODAY), path, **more)


def logged(ledger: Ledger) -> list[tuple[Any, ...]]:
    sql = "SELECT who, what, name, rows, masked, why FROM export ORDER BY id"
    return ledger.connection.execute(sql).fetchall()


def test_every_form_can_be_written_and_read(village: Ledger, tmp_path: Path) -> None:
    have = forms.forms_for(village)
    for code in (form.code for form in have):
        for ending in ("xlsx", "csv"):
            written = export(village, code, tmp_path / f"{code}.{ending}")
            assert written.masked
        text = str(by_calamine(tmp_path / f"{code}.xlsx")) + (tmp_path / f"{code}.csv").read_text("utf-8-sig")
        assert not any(id_number(number) in text or f"138{number:08d}" in text for number in range(48))
    assert len(logged(village)) == 2 * len(have)


def test_masked_unless_asked_for_with_a_reason(village: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    export(village, "insured", path)
    birth = [row[7] for row in by_calamine(path)[2:] if row[7]]
    assert birth and not any(str(number).isdigit() for number in birth)
    for why in ("", "  "):
        with pytest.raises(RuleViolation, match=r"export\.why"):
            export(village, "insured", tmp_path / "y.xlsx", full=True, why=why)
    assert not (tmp_path / "y.xlsx").exists()
    export(village, "insured", tmp_path / "y.xlsx", full=True, why="税务核对")
    numbers = [row[6] for row in by_calamine(tmp_path / "y.xlsx")[2:]]
    assert {id_number(number) for number in HAVE_PAID} <= set(numbers)
    assert logged(village) == [
        (village.operator, "form:insured", "x.xlsx", len(HAVE_PAID), 1, ""),
        (village.operator, "form:insured", "y.xlsx", len(HAVE_PAID), 0, "税务核对"),
    ]


def test_a_masked_paper_gives_no_birthday_away(village: Ledger, tmp_path: Path) -> None:
    """Six and four digits of a number beside the day of birth would be the whole of it."""
    export(village, "roster", tmp_path / "x.xlsx")
    rows = by_calamine(tmp_path / "x.xlsx")
    births = [row[rows[1].index("出生日期")] for row in rows[2:] if isinstance(row[0], float)]
    assert births and all(str(birth).endswith("年") and len(str(birth)) == 5 for birth in births)


def test_who_may_not_record_still_exports_masked(village: Ledger, tmp_path: Path) -> None:
    with village.transaction() as connection:
        connection.execute("UPDATE operator SET roles = 'exchange'")
    assert export(village, "insured", tmp_path / "x.xlsx").rows == len(HAVE_PAID)
    with pytest.raises(KnownError, match=r"operator\.not_allowed"):
        export(village, "insured", tmp_path / "y.xlsx", full=True, why="核对")


def test_another_ending_is_refused(village: Ledger, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"export\.ending"):
        export(village, "insured", tmp_path / "x.doc")
    assert logged(village) == []


def test_the_roster_s_columns_are_read_by_our_own_reader(world: World, tmp_path: Path) -> None:
    """Everybody is found again; at most a day of birth is added and a number of 15 digits made whole."""
    ledger = world.alone()
    preview = roster.stage(ledger, FIXTURES / "samples" / "01-查干沟嘎查村花名册.xlsx")
    roster.apply(ledger, preview)
    written = export(ledger, "roster", tmp_path / "x.xlsx", full=True, why="核对")
    again = roster.stage(ledger, tmp_path / "x.xlsx")
    assert again.counts["rows"] == written.rows == preview.counts["rows"]
    assert again.counts["added"] == 0
    for edit in again.edits:
        held = ledger.state_of(edit.kind, edit.record, edit.scope)
        for register, value in edit.changes.items():
            assert plain(value) == plain(held[register].value), (edit.record, register)


def plain(value: Any) -> dict[str, Any]:
    """A value without the day of birth, its number of 15 digits as the 18 it stands for."""
    told = {name: item for name, item in value.items() if name != "birth"}
    number = check(str(told.get("id_number", ""))).full
    return told | ({"id_number": number} if number else {})


def test_names_of_any_kind_and_hostile_notes(village: Ledger, tmp_path: Path) -> None:
    village.write(
        [
            person("z", "=HYPERLINK(1)", id_number(900), remark={"note": "@SUM(1+1)*cmd|' /C calc'!A0"},
                   membership={"household": "h1", "relation": "8"}),
            Edit("payment", "pz", {"fact": paid("z")["fact"]}),
        ]
    )  # fmt: skip
    export(village, "insured", tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert {"=HYPERLINK(1)", "@SUM(1+1)*cmd|' /C calc'!A0"} <= {cell.value for cell in cells}


def test_ids_are_sound() -> None:
    assert all(check_digit(id_number(number)[:17]) == id_number(number)[17] for number in range(60))
    assert set(VILLAGES) >= {VILLAGE_CODE, OTHER}


def test_a_form_without_people_says_nothing_of_their_numbers(village: Ledger) -> None:
    for code, form in forms.built_in().items():
        wish = filling.wanted(village, POLICY, TODAY)
        found = filling.fill(form, filling.read(village, form, wish), filling.paper(village, wish, form))
        about_people = any("个人信息" in note for note in found.notes)
        assert about_people == (
            code not in ("budget", "progress", "bulletin", "plan_villages", "flow", "contacts")
        )


def test_who_writes_into_a_row_has_room_and_a_page_can_be_read(village: Ledger, tmp_path: Path) -> None:
    """A4 across holds 277 mm; what is wider is printed smaller, and 11 points must stay readable."""
    export(village, "refunds", tmp_path / "x.xlsx")
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").active.row_dimensions[3].height >= 24
    for code in (form.code for form in forms.forms_for(village)):
        export(village, code, tmp_path / "w.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "w.xlsx").active
        units = sum(
            column.width * (column.max - column.min + 1) for column in sheet.column_dimensions.values()
        )
        assert 11 * min(1, 277 / (units * 1.9)) >= 5.5, code


def test_stopping_leaves_neither_file_nor_line(township: Ledger, tmp_path: Path) -> None:
    class Impatient:
        def __init__(self, words: int) -> None:
            self.left = words

        def tell(self, done: int, total: int) -> None:
            self.left -= 1

        def stopped(self) -> bool:
            return self.left <= 0

    form, wish = forms.built_in()["roster"], filling.wanted(township, POLICY, TODAY)
    for words in range(3):  # before the first village, before the second, before the first row
        with pytest.raises(KnownError, match=r"report\.stopped"):
            going_out.export(township, form, wish, tmp_path / "x.xlsx", watch=Impatient(words))
    assert list(tmp_path.glob("*.xlsx*")) == [] and logged(township) == []
    assert going_out.export(township, form, wish, tmp_path / "x.xlsx", watch=Impatient(99)).rows
