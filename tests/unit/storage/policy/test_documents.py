"""Every rule beside the sentence it was made from: the sentence is in the document, the rule does as it says."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from storage.policies import load
from storage.policy.amounts import due, due_of
from storage.policy.answer import answer
from storage.policy.facts import PersonFacts
from storage.policy.model import Cite, Policy
from storage.policy.next_step import next_step, special_deadline
from storage.policy.rates import membership
from storage.policy.refunds import refundable
from storage.policy.window import position, repair, waiting

PLANS = Path(__file__).parents[3] / "fixtures" / "plans"
UXIN, DALAD, TEMPLATE = load("uxin-2024"), load("dalad-2024"), load("nmg-2026")
DAY = timedelta(days=1)


def bare(text: str) -> str:
    """Without spaces and with one form of every sign, as the plans were pasted in several."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


TEXTS = {path.stem: bare(path.read_text(encoding="utf-8")) for path in PLANS.glob("*.txt")}


def says(plan: str, sentence: str) -> None:
    assert bare(sentence) in TEXTS[plan], "the document does not say so"


# ---- Uxin, 2023-09-01


def test_uxin_window() -> None:
    says("uxin-2024-plan", "2024年度城乡居民基本医疗保险集中征缴期为：2023年9月1日至2024年2月15日")
    states = [
        position(UXIN, date(year, month, day)).state
        for year, month, day in ((2023, 8, 31), (2023, 9, 1), (2024, 2, 15), (2024, 2, 16))
    ]
    assert states == ["before", "open", "open", "late"]


@pytest.mark.parametrize(
    ("paid_on", "months", "starts", "ends", "covered_from"),
    [
        (date(2023, 9, 1), 0, None, None, date(2024, 1, 1)),
        (date(2024, 2, 15), 0, None, None, date(2024, 1, 1)),
        (date(2024, 2, 16), 3, date(2024, 2, 16), date(2024, 5, 15), date(2024, 5, 16)),
        (date(2024, 2, 29), 3, date(2024, 2, 29), date(2024, 5, 28), date(2024, 5, 29)),
        (date(2024, 8, 31), 3, date(2024, 8, 31), date(2024, 11, 29), date(2024, 11, 30)),
        (date(2024, 9, 30), 3, date(2024, 9, 30), date(2024, 12, 29), date(2024, 12, 30)),
        (date(2024, 10, 1), 3, date(2024, 10, 1), date(2024, 12, 31), None),
    ],
)
def test_uxin_wait(
    paid_on: date, months: int, starts: date | None, ends: date | None, covered_from: date | None
) -> None:
    says("uxin-2024-plan", "参保人员应在集中参保期内缴费，集中参保期外缴费的设3个月等待期")
    got = waiting(UXIN, paid_on, PersonFacts())
    assert (got.months, got.starts, got.ends, got.covered_from) == (months, starts, ends, covered_from)


def test_uxin_costs_inside_and_after_the_wait() -> None:
    says("uxin-2024-plan", "等待期内产生医疗费用的不予报销，等待期结束后新产生的医疗费用可以正常报销")
    got = waiting(UXIN, date(2024, 3, 1), PersonFacts())
    assert got.ends is not None
    assert got.covers is not None
    assert got.uncovered is not None
    assert got.uncovered.last == got.ends == got.covers.first - DAY == date(2024, 5, 31)
    told = {reason.code: reason.params for reason in answer(UXIN, PersonFacts(), date(2024, 2, 15)).if_not}
    assert told["late_waits"] == {
        "paid_on": date(2024, 2, 16),
        "covered_from": date(2024, 5, 16),
        "months": 3,
        "starts": date(2024, 2, 16),
        "ends": date(2024, 5, 15),
    }
    assert told["costs_not_reimbursed"] == {"first": date(2024, 1, 1), "last": date(2024, 5, 15)}


def test_uxin_benefit_period() -> None:
    says(
        "uxin-2024-plan",
        "参保缴费后，自2024年1月1日至2024年12月31日期间享受城乡居民基本医疗保险待遇",
    )
    covers = waiting(UXIN, date(2023, 10, 1), PersonFacts()).covers
    assert covers is not None
    assert (covers.first, covers.last) == (date(2024, 1, 1), date(2024, 12, 31))


def test_uxin_targets() -> None:
    says("uxin-2024-plan", "参保率达到95%以上")
    says("uxin-2024-plan", "确保常住人口参保率达到95%以上")
    everyone = UXIN.target("everyone")
    assert everyone is not None
    assert (everyone.rate, everyone.denominator, everyone.deadline) == (
        Decimal("0.95"),
        "resident",
        date(2024, 2, 15),
    )
    says("uxin-2024-plan", "10月20日前，教体局应将辖区内在校(在园)学生缴费参保情况报旗医保局")
    step = next_step(UXIN, PersonFacts(student=True), date(2023, 10, 10))
    assert (step.deadline, step.reasons[0].code) == (date(2023, 10, 20), "students_deadline")
    after = next_step(UXIN, PersonFacts(student=True), date(2023, 10, 21))
    assert after.deadline == date(2024, 2, 15)


@pytest.mark.parametrize("group", ["tekun", "guer", "dibao", "jiance", "tuopin", "fanpin", "disabled12"])
def test_uxin_special_groups(group: str) -> None:
    says("uxin-2024-plan", "行业部门配合苏木镇在12月25日前完成特殊身份人群医保征缴工作")
    says(
        "uxin-2024-plan",
        "确保动态调整的特困人员、孤儿、城乡低保对象、纳入乡村振兴部门认定的监测对象(脱贫不稳定户、边缘易致贫人员和"
        "突发严重困难户)、脱贫享受政策人员、返贫致贫人口、一级和二级残疾人参保率100%",
    )
    facts = PersonFacts(groups=(group,), credential=True)
    assert special_deadline(UXIN, facts) == date(2023, 12, 25)
    step = next_step(UXIN, facts, date(2023, 12, 1))
    assert (step.deadline, step.urgency // 100) == (date(2023, 12, 25), 9)
    assert due(UXIN, (group,)).subsidy_fen == 0, "the plan names no amount"
    told = [reason.code for reason in answer(UXIN, facts, date(2023, 12, 1)).if_not]
    assert told[0] == "special_target_at_risk"
    assert answer(UXIN, facts, date(2023, 12, 26)).if_not[0].code == "special_target_missed"


def test_uxin_yellow_cards_and_lists() -> None:
    says(
        "uxin-2024-plan",
        "每周对各村（社区）医疗保险征缴情况进行统计通报，对排名靠后的2个村（社区）发放“黄牌”警告",
    )
    assert UXIN.yellow_cards is not None
    assert UXIN.yellow_cards.count == 2
    says("uxin-2024-plan", "统计报送村、社区新参人员和不能自主缴费人员名单")
    today = date(2023, 10, 1)
    assert next_step(UXIN, PersonFacts(new_enrollee=True), today).code == "register"
    assert next_step(UXIN, PersonFacts(needs_help=True), today).code == "pay_with_help"
    says("uxin-2024-plan", "乡村振兴统筹发展中心、残联、民政局向医保局提供特殊身份人员名单")
    for group in UXIN.groups:
        assert not group.special or group.department in ("乡村振兴统筹发展中心", "残联", "民政局")


def test_uxin_says_nothing_of_refunds() -> None:
    assert "退费" not in TEXTS["uxin-2024-plan"]
    got = refundable(UXIN, "employee", paid_on=None, asked_on=date(2023, 10, 1), ended=True)
    assert (got.verdict, got.fen) == ("unknown", 0)


# ---- Dalad, 2023-08-06


def test_dalad_window() -> None:
    says("dalad-2023-plan", "集中缴费期，原则上为每年9月1日至次年2月底")
    assert (DALAD.window.start, DALAD.window.end) == (date(2023, 9, 1), date(2024, 2, 29))
    assert DALAD.window.end + DAY == date(2024, 3, 1)


def test_dalad_targets() -> None:
    says("dalad-2023-plan", "力争实现我旗基本医疗保险常住人口参保率达到100％")
    everyone, credential = DALAD.target("everyone"), DALAD.target("credential")
    assert everyone is not None
    assert (everyone.rate, everyone.denominator) == (Decimal(1), "resident")
    says("dalad-2023-plan", "2023年底前，力争实现医保电子凭证激活率达到100%")
    assert credential is not None
    assert (credential.rate, credential.deadline) == (Decimal(1), date(2023, 12, 31))
    step = next_step(DALAD, PersonFacts(paid="confirmed"), date(2023, 10, 1))
    assert (step.code, step.deadline) == ("activate_credential", date(2023, 12, 31))


BEFORE, AFTER = date(2023, 12, 31), date(2024, 1, 1)


@pytest.mark.parametrize("reason", ["double_payment", "employee", "other_pool"])
@pytest.mark.parametrize(
    ("asked_on", "ended", "verdict", "fen"),
    [
        (BEFORE, True, "yes", 38000),
        (BEFORE, False, "after_ending", 38000),
        (AFTER, True, "in_principle_no", 0),
        (AFTER, False, "in_principle_no", 0),
    ],
)
def test_dalad_refunds(reason: str, asked_on: date, ended: bool, verdict: str, fen: int) -> None:
    says(
        "dalad-2023-plan",
        "参保人在居民医保缴费后，在相应待遇享受期未开始前因重复缴费、参加职工医保或其他统筹区居民医保，"
        "可在终止相关居民医保参保关系的同时，依申请为个人办理退费。",
    )
    says("dalad-2023-plan", "待遇享受期开始后，对暂停的居民医保参保关系，原则上个人缴费不再退回")
    got = refundable(DALAD, reason, paid_on=date(2023, 10, 1), asked_on=asked_on, ended=ended)
    assert (got.verdict, got.fen) == (verdict, fen)
    assert got.evidence == (("退费申请",) if fen else ())
    assert all(one.cite is not None and one.cite.at == "五（六）4" for one in got.reasons)


def test_dalad_other_refunds_follow_other_rules() -> None:
    says(
        "dalad-2023-plan",
        "对其他情况，按照《内蒙古自治区基本医疗保险参保管理经办实施细则》执行",
    )
    got = refundable(DALAD, "death", paid_on=date(2023, 10, 1), asked_on=BEFORE, ended=True)
    assert (got.verdict, got.fen, got.evidence) == ("unknown", 0, ())
    cite = got.reasons[0].cite
    assert cite is not None
    assert "经办实施细则" in DALAD.source(cite.source).document


def test_dalad_back_from_an_employer() -> None:
    says(
        "dalad-2023-plan",
        "同一缴费年度内，已缴纳居民医疗保险费的短期务工人员由职工医保转回居民医保的，无需另行缴费",
    )
    facts = PersonFacts(paid_employee=True, employee_until=date(2024, 7, 31))
    got = answer(DALAD, facts, date(2024, 8, 5))
    assert (got.due.pay_now_fen, got.due.own_fen, got.due.subsidy_fen, got.due.refund_fen) == (0, 0, 0, 0)
    assert (got.step.code, got.wait.months) == ("resume", 0)
    assert got.covers is not None
    assert got.covers.first == date(2024, 8, 1)
    assert got.if_not == ()
    assert {reason.code for reason in got.due.reasons} == {"return_free"}
    another = replace(DALAD, refunds=None)
    assert due_of(another, facts).pay_now_fen == DALAD.personal_fen, "only where the place says so"
    assert due_of(DALAD, PersonFacts(employee_until=date(2024, 7, 31))).pay_now_fen == DALAD.personal_fen


def test_dalad_departments() -> None:
    says(
        "dalad-2023-plan",
        "民政局：负责城乡居民中特困供养人员、孤儿（含事实无人抚养儿童）、城乡低保对象身份确认、代缴费用预算",
    )
    says("dalad-2023-plan", "残联：负责城乡居民中一级和二级残疾人的身份确认、代缴费用预算")
    says("dalad-2023-plan", "退役军人事务局：负责提供当年优抚对象人员名单")
    says(
        "dalad-2023-plan",
        "乡村振兴统筹发展中心：负责乡村振兴部门认定的脱贫享受政策户和纳入乡村振兴部门农村牧区低收入人口监测范围的监测对象",
    )
    departments = {group.code: group.department for group in DALAD.groups}
    assert {departments[code] for code in ("tekun", "guer", "dibao")} == {"民政局"}
    assert {departments[code] for code in ("tuopin", "jiance")} == {"乡村振兴统筹发展中心"}
    assert (departments["disabled12"], departments["youfu"]) == ("残联", "退役军人事务局")


def test_dalad_help_and_channels() -> None:
    says("dalad-2023-plan", "线上依托“内蒙古税务社保缴费”小程序办理")
    says(
        "dalad-2023-plan",
        "线下针对没有智能手机或行动不便的参保群众，通过增加移动POS机刷卡、携带医保移动终端设备上门办理和嘎查村、社区、医保服务站（点）帮办代缴服务",
    )
    says("dalad-2023-plan", "推行城乡居民医保银行预存代扣代缴工作")
    channels = {channel.code for channel in DALAD.channels}
    assert {"mini_program", "mobile_pos", "home_visit", "agent", "bank_deduction"} <= channels
    assert {"no_smartphone", "mobility"} <= {reason.code for reason in DALAD.assistance_reasons}
    says("dalad-2023-plan", "组织动员家长通过国家医保服务平台APP亲情账号绑定途径帮助学生激活")
    child = PersonFacts(birth=date(2015, 5, 5), paid="confirmed")
    assert next_step(DALAD, child, date(2023, 10, 1)).code == "bind_family"


# ---- the national rule from 2025


@pytest.mark.parametrize(
    ("sentence", "paid_on", "facts", "months"),
    [
        (
            "whoever is not enrolled within the collection window or has not been enrolled continuously has a fixed "
            "waiting period of 3 months",
            date(2026, 1, 10),
            {"lapsed_years": 0},
            3,
        ),
        ("or has not been enrolled continuously has a fixed", date(2025, 10, 10), {"lapsed_years": 1}, 3),
        ("1 further month of variable waiting for each further lapsed year", date(2026, 1, 10), {"lapsed_years": 2}, 4),
        ("1 further month of variable waiting for each further lapsed year", date(2026, 1, 10), {"lapsed_years": 3}, 5),
        ("1 month for each year repaid", date(2026, 1, 10), {"lapsed_years": 3, "repaid_years": 1}, 4),
        (
            "after 4 or more lapsed years fixed plus variable after repair is in principle not less than 6 months",
            date(2026, 1, 10),
            {"lapsed_years": 4, "repaid_years": 4},
            6,
        ),
        ("newborns and other special groups", date(2026, 1, 10), {"groups": ("tekun",), "lapsed_years": 9}, 0),
        ("Except for newborns", date(2026, 3, 1), {"birth": date(2026, 2, 1)}, 0),
    ],
)  # fmt: skip
def test_the_national_wait(sentence: str, paid_on: date, facts: Mapping[str, object], months: int) -> None:
    says("national-rule", sentence)
    assert waiting(TEMPLATE, paid_on, PersonFacts(**facts)).months == months  # type: ignore[arg-type]


def test_repaying_costs_the_standard_of_the_year() -> None:
    says(
        "national-rule",
        "can be shortened by paying for lapsed years, 1 month for each year repaid, at the personal standard",
    )
    offer = repair(TEMPLATE, PersonFacts(lapsed_years=3))
    assert offer is not None
    assert offer.params == {"years": 2, "fen": 40000, "months": 3, "now": 5}
    assert repair(TEMPLATE, PersonFacts(lapsed_years=4)) is None, "the floor is reached"
    assert repair(TEMPLATE, PersonFacts(lapsed_years=1)) is None, "the fixed wait cannot be repaid"


@pytest.mark.parametrize("policy", [TEMPLATE, load("nmg-2027"), load("example-2026"), load("example-2027")])
def test_what_the_document_leaves_open_is_a_named_parameter(policy: Policy) -> None:
    says("national-rule", "provinces decide the details")
    assert policy.incentive is not None
    assert policy.refunds is not None
    assert policy.example
    assert set(policy.waiting.assumed) == {
        "first_lapsed_year_adds",
        "lapsed_payer_in_window_waits",
        "exempt_groups",
        "exempt_job_gap_months",
        "exempt_moved_gap_months",
        "starts",
    }
    assert (policy.newborn.assumed, policy.incentive.assumed) == (("crossing",), ("counts_from",))
    assert all(reason.evidence for reason in policy.reasons)
    assert all(rule.evidence for rule in policy.refunds.rules)


# ---- every value names its paragraph


@pytest.mark.parametrize("policy", [UXIN, DALAD, TEMPLATE, load("nmg-2027"), load("baotou-2026")])
def test_every_value_names_its_paragraph(policy: Policy) -> None:
    found = list(_cites(policy))
    assert len(found) > 20
    assert all(cite.at for cite in found)


PARAGRAPHS = {
    "uxin_2024": ("uxin-2024-plan", UXIN),
    "dalad_2023": ("dalad-2023-plan", DALAD),
}


@pytest.mark.parametrize("policy", [UXIN, DALAD])
def test_the_paragraphs_that_are_named_exist(policy: Policy) -> None:
    for cite in _cites(policy):
        if cite.source in PARAGRAPHS:
            text = TEXTS[PARAGRAPHS[cite.source][0]]
            numbers = re.findall(r"（[一二三四五六七八九十]+）|^[一二三四五六七八九十]+", cite.at)
            assert numbers, cite
            for number in numbers:
                heading = number if number.startswith("（") else f"{number}、"
                assert bare(heading) in text, cite


def _cites(value: object):  # type: ignore[no-untyped-def]
    if isinstance(value, Cite):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _cites(item)
    elif hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            yield from _cites(getattr(value, name))


def test_whose_refusal_counts_is_for_the_place_to_say() -> None:
    refused = PersonFacts(residence="resident", absence="refused")
    assert membership(UXIN, "should", refused)
    lenient = replace(
        UXIN,
        reasons=tuple(replace(one, explained=True) if one.code == "refused" else one for one in UXIN.reasons),
    )
    assert not membership(lenient, "should", refused)
    assert answer(lenient, refused, date(2023, 10, 1)).state.code == "explained"


# ---- day by day and case by case, reckoned a second time


def test_every_day_of_the_uxin_year_by_the_plan_alone() -> None:
    """The plan in four lines, beside the rule on each of 900 days."""
    day = date(2023, 1, 1)
    while day < date(2025, 6, 30):
        got = waiting(UXIN, day, PersonFacts())
        if day <= date(2024, 2, 15):
            expected = date(2024, 1, 1)
        else:
            month = day.month + 3
            expected = date(day.year + (month > 12), (month - 1) % 12 + 1, 1) + (day.day - 1) * DAY
            if expected.month != (month - 1) % 12 + 1:  # no such day: the month's last
                expected = expected.replace(day=1) - DAY
        assert got.covered_from == (expected if expected <= date(2024, 12, 31) else None), day
        day += DAY


@pytest.mark.parametrize("lapsed", range(9))
@pytest.mark.parametrize("repaid", range(9))
def test_every_lapse_by_the_national_rule_alone(lapsed: int, repaid: int) -> None:
    fixed, further = 3, max(lapsed - 1, 0)
    months = fixed + max(further - min(repaid, lapsed), 0)
    if lapsed >= 4:
        months = max(months, 6)
    facts = PersonFacts(birth=date(1970, 1, 1), lapsed_years=lapsed, repaid_years=repaid)
    assert waiting(TEMPLATE, date(2026, 1, 1), facts).months == months
    assert waiting(TEMPLATE, date(2025, 12, 31), facts).months == (months if lapsed else 0)
