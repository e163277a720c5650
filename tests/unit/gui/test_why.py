"""Why, in one sentence: whom it tells what, on every day, in both languages, and never a number of a person."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui import i18n
from gui.wording import because, names, spoken, ways, why, why_parts
from gui.wording.why_sheet import sheet_of
from storage import policies
from storage.policy import mask
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.states import STATES
from storage.queries.cards import facts_of
from storage.queries.housing import Household
from storage.queries.people import Claim, Person
from tests.unit.gui import reasons

EXAMPLE, UXIN, DALAD = map(policies.load, ("example-2026", "uxin-2024", "dalad-2024"))
ALL = [policies.load(head.id) for head in policies.available()]
TODAY = date(2025, 12, 3)
ID, PHONE = "150621195302080042", "15847732330"
SOMEBODY = Person(
    "150621102200", "r1", "r1", "h1", "1", "其其格", ID, ID, date(1953, 2, 8), "2", "02", PHONE, "resident",
    "", "", "", (), (), "self", None, "", "", "", "", None, False, (),
)  # fmt: skip
HOME = Household("150621102200", "h1", "0017", "02组", "", "水房东", "那顺", "", "", None, "")


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    i18n.install()
    yield
    i18n.install()


def paid(on: date | None = TODAY, *, confirmed: bool = False, fen: int = 40000) -> tuple[Claim, ...]:
    return (Claim("p1", fen, on, "mobile_pos", "", "", "", confirmed),)


def case(
    policy: Policy = EXAMPLE,
    today: date = TODAY,
    pay_on: date | None = None,
    facts: dict[str, Any] | None = None,
    masked: bool = False,
    **changes: Any,
) -> why.Case:
    person = replace(SOMEBODY, **changes)
    known = replace(facts_of(person), **(facts or {}))
    return why.case_of(policy, person, known, today, pay_on=pay_on, masked=masked)


# ---- what is said


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({}, "您家其其格，12月31日前缴 400 元；过了12月31日才缴，要等 3 个月才能报销。"),
        (
            {"groups": ("dibao",)},
            "您家其其格属低保，12月25日前先缴 400 元，之后退补 350 元，自己实际花 50 元；"
            "过了12月31日才缴，从缴费那天起才能报销。",
        ),
        ({"groups": ("tekun",)}, "您家其其格属特困，自己不用缴，400 元由民政局代缴。"),
        (
            {"groups": ("dibao", "tekun")},
            "您家其其格属低保、特困（就高不就低，按特困），自己不用缴，400 元由民政局代缴。",
        ),
        (
            {"need": "no_smartphone"},
            "您家其其格，12月31日前缴 400 元，没有智能手机，由联络员帮办代缴；过了12月31日才缴，要等 3 个月才能报销。",
        ),
        (
            {"new": True},
            "您家其其格，12月31日前先办参保登记，再缴 400 元；过了12月31日才缴，要等 3 个月才能报销。",
        ),
        ({"absence": "death"}, "您家其其格登记为“死亡”，不用在这里缴费。"),
        ({"absence": "employee_here"}, "您家其其格登记为“已参本地职工”，不用在这里缴费。"),
        (
            {"absence": "refused"},
            "您家其其格登记为“拒绝参保/自愿放弃”，参保自愿；"
            "改主意还可以缴：12月31日前缴 400 元，过了12月31日才缴，要等 3 个月才能报销。",
        ),
        (
            {"absence": "unreachable"},
            "您家其其格登记为“失联”；联系上以后12月31日前缴 400 元，过了12月31日才缴，要等 3 个月才能报销。",
        ),
        (
            {"claims": paid(), "credential": ""},
            "您家其其格12月3日已缴 400 元，大约12月17日前到账，不用重复缴；医保电子凭证还没激活。",
        ),
        (
            {"claims": paid(confirmed=True), "groups": ("dibao",)},
            "您家其其格12月3日已缴 400 元，钱已到账，2026年1月1日到12月31日看病可以报销；按低保退补 350 元。",
        ),
        (
            {"claims": paid(date(2025, 9, 8))},
            "您家其其格9月8日已缴 400 元，早该到账还没到，请把缴费凭证拿来核对。",
        ),
        ({"claims": paid(None)}, "您家其其格已缴 400 元，缴费日期没有记下，请把缴费凭证拿来补登。"),
        ({"counted_in": "150626100001"}, "您家其其格算在150626100001，由那边管缴费。"),
        ({"name": ""}, "您家这位家人，12月31日前缴 400 元；过了12月31日才缴，要等 3 个月才能报销。"),
    ],
)
def test_one_sentence(given_: dict[str, Any], told: str) -> None:
    if "claims" in given_ and given_["claims"][0].paid_on == TODAY:
        lag = EXAMPLE.lag_days("mobile_pos")
        by = TODAY + timedelta(days=lag)
        told = told.replace("12月17日", f"{by.month}月{by.day}日")
    assert why.sentence(case(**given_)) == told


def test_the_dates_of_the_uxin_plan() -> None:
    """三、时间安排：集中参保期外缴费的设3个月等待期；7：12月25日前完成特殊身份人群。"""
    today = date(2023, 12, 3)
    told = why.sentence(case(UXIN, today, groups=("dibao",)))
    assert "12月25日前缴 380 元" in told and "资助多少手头文件没写" in told
    assert told.endswith("过了2月15日才缴，要等 3 个月才能报销。")
    later = why.sentence(case(UXIN, date(2024, 1, 5), groups=("dibao",)))
    assert "12月25日" not in later and "2月15日前缴 380 元" in later  # a day that has passed is not named
    late = why.sentence(case(UXIN, date(2024, 3, 3)))
    assert (
        "集中征缴期2月15日已结束" in late
        and "3月3日到6月2日看病不报销" in late
        and "6月3日起可以报销" in late
    )
    assert "2024 年度不能报销" in why.sentence(case(UXIN, date(2024, 10, 20)))
    assert "这一年度已经结束" in why.sentence(case(UXIN, date(2025, 2, 1)))
    before = why.sentence(case(UXIN, date(2023, 8, 1)))
    assert "9月1日开始缴费" in before and "2024年2月15日" not in before


def test_what_if_it_is_paid_on_another_day() -> None:
    assert why.what_if(case()) == ""
    late = why.what_if(case(UXIN, date(2023, 12, 3), date(2024, 2, 20)))
    assert late == "如果2月20日缴，要等 3 个月（2月20日到5月19日看病不报销），5月20日起可以报销。"
    assert (
        why.what_if(case(UXIN, date(2023, 12, 3), date(2024, 2, 15)))
        == "如果2月15日缴，不用等待，1月1日起可以报销。"
    )
    far = why.what_if(case(UXIN, date(2023, 8, 1), date(2024, 3, 1)))
    assert far == "如果2024年3月1日缴，要等 3 个月（2024年3月1日到5月31日看病不报销），6月1日起可以报销。"
    assert why.what_if(case(pay_on=date(2025, 8, 31))) == "8月31日还不能缴，9月1日才开始缴费。"
    assert (
        why.what_if(case(pay_on=date(2026, 11, 1)))
        == "如果2026年11月1日缴，等待期满时年度已结束，2026 年度不能报销。"
    )
    assert "已经结束" in why.what_if(case(pay_on=date(2027, 1, 1)))
    for changes in (
        {"claims": paid()},
        {"absence": "army"},
        {"counted_in": "150621102201"},
        {"groups": ("tekun",)},
    ):
        assert why.what_if(case(pay_on=date(2026, 2, 20), **changes)) == ""


def test_a_newborn_is_covered_from_birth_where_one_premium_covers_it() -> None:
    born = date(2026, 3, 1)
    told = why.sentence(case(today=date(2026, 3, 20), birth=born))
    assert "5月30日前按新生儿参保登记并缴 400 元，从出生那天起就能报销" in told
    # Born before New Year, each year needs its own premium.
    told = why.sentence(case(birth=date(2025, 11, 1)))
    assert "从出生那天起" not in told and "此前的费用要另缴 2025 年度的才能报销" in told
    crossing = replace_policy(EXAMPLE, newborn_crossing="next_year_covers")
    assert "从出生那天起就能报销" in why.sentence(case(crossing, birth=date(2025, 11, 1)))


def replace_policy(policy: Policy, *, newborn_crossing: str) -> Policy:
    from msgspec.structs import replace as changed

    return changed(policy, newborn=changed(policy.newborn, crossing=newborn_crossing))


def test_back_from_employee_insurance_nothing_is_paid_again() -> None:
    told = why.sentence(
        case(DALAD, date(2023, 12, 3), facts={"paid_employee": True, "employee_until": date(2023, 11, 1)})
    )
    assert told == "您家其其格，今年已经缴过，不用再缴。"


def test_a_premium_paid_for_somebody_insured_elsewhere_can_be_asked_back() -> None:
    """达拉特旗 五（六）4：待遇享受期未开始前……依申请为个人办理退费；开始后原则上不再退回。"""
    found = {"absence": "employee_here", "claims": paid(date(2023, 10, 12), confirmed=True, fen=38000)}
    before = case(DALAD, date(2023, 12, 3), **found)
    assert "1月1日前可以申请退费 380 元" in why.sentence(before)
    cost = next(part for part in why_parts.parts(before) if part.code == "cost")
    assert any(line.text.startswith("所需材料") for line in cost.lines)
    assert any("五（六）4" in line.source for line in cost.lines)
    assert "原则上不再退费" in why.sentence(case(DALAD, date(2024, 3, 3), **found))


# ---- the parts


def test_the_parts_name_their_paragraphs() -> None:
    parts = {part.code: part for part in why_parts.parts(case(UXIN, date(2023, 12, 3), groups=("dibao",)))}
    assert list(parts) == list(why_parts.PARTS)
    standing, step, cost, cover, if_not = parts.values()
    plan = "乌审旗2024年城乡居民基本医疗保险集中征缴工作方案（2023-09-01）"
    assert any(line.source == f"{plan}三、时间安排" for line in standing.lines)
    assert any("2023-12-25" in line.text and "（四）7" in line.source for line in step.lines)
    assert cost.lead == "个人实际负担 380 元"
    assert cover.lead == "2023年12月3日缴费：2024-01-01 至 2024-12-31"
    assert any("2024-01-01 至 2024-05-15" in line.text and plan in line.source for line in if_not.lines)


def test_nothing_is_said_twice_and_the_settled_have_nothing_to_fear() -> None:
    told = [line.text for part in why_parts.parts(case(groups=("dibao",), new=True)) for line in part.lines]
    assert len(told) == len(set(told))
    for changes in ({"claims": paid(confirmed=True)}, {"absence": "army"}, {"absence": "death"}):
        assert "if_not" not in [part.code for part in why_parts.parts(case(**changes))]
    gone = why_parts.parts(case(absence="death"))
    assert [part.code for part in gone] == ["standing", "step"]
    elsewhere = why_parts.parts(case(counted_in="150621102201"))
    assert [line.text for part in elsewhere for line in part.lines] == ["由其他嘎查村统计"] or len(
        elsewhere
    ) == 1


def test_who_is_left_out_of_a_figure_and_what_is_open_are_told() -> None:
    parts = why_parts.parts(case(residence="away", unsettled=("payment.fact",)))
    told = [line.text for line in parts[0].lines]
    assert any("户籍外出" in text and "不计入" in text for text in told)
    assert told[0].startswith("说法不一致") and "正在核对" in why.message(case(unsettled=("payment.fact",)))


# ---- words for WeChat


@pytest.mark.parametrize(
    "name",
    [
        f"其其格{ID}",
        f"其其格 {ID[:14]}",
        "其其格１５０６２１１９５３０２０８００４２",
        "其其格15062119530208004X",
        "其其格 158 4773 2330",
        "其其格-158-4773-2330",
        ID,
        PHONE,
    ],
)
def test_no_number_gets_into_a_message(name: str) -> None:
    for masked in (False, True):
        told = why.message(case(name=name, masked=masked, pay_on=date(2026, 2, 20)), f"查干沟 {PHONE}")
        assert not re.search(r"\d{5}", re.sub(r"[\s\-]", "", told)), told
        assert "4773" not in told and "X" not in told


def test_the_message_names_year_documents_and_who_to_ask() -> None:
    told = why.message(case(UXIN, date(2023, 12, 3)), "查干沟嘎查")
    assert told.split("\n") == [
        "【2024 年度居民医保】您家其其格，2月15日前缴 380 元；过了2月15日才缴，要等 3 个月才能报销。",
        "依据：乌审旗2024年城乡居民基本医疗保险集中征缴工作方案",
        "有疑问请问查干沟嘎查医保联络员。",
    ]
    assert "示例政策" in why.message(case())  # whatever is assumed is not sent as if it were in force
    assert "其**" in why.message(case(masked=True)) and "其其格" not in why.message(case(masked=True))


def test_numbers_however_they_are_written() -> None:
    assert mask.numbers("150621 1953 0208 0042 和 158-4773-2330x") == "*" * 21 + " 和 " + "*" * 14
    kept = "国办发〔2024〕38号，2026年12月25日，1,200 元，12.50 元"
    assert mask.numbers(kept) == kept
    assert spoken.person_name("张三2") == "张三" and spoken.person_name("", masked=True) == ""


# ---- days


def test_days_as_people_say_them() -> None:
    assert spoken.day(date(2025, 12, 25), TODAY) == "12月25日"
    assert spoken.day(date(2026, 12, 25), TODAY) == "2026年12月25日"
    i18n.install("en")
    assert spoken.day(date(2025, 12, 25), TODAY) == "25 December"
    assert spoken.whole_day(date(2026, 5, 1)) == "1 May 2026"


# ---- total


def test_every_reason_of_the_rules_has_a_sentence_in_both_languages() -> None:
    codes = reasons.codes() - ways.reason_codes()
    assert len(codes) > 100 and codes <= because.reason_codes()
    for language in ("zh_CN", "en"):
        i18n.install(language)
        assert {code for code in codes if because._words()[code] in ("", code)} == set()


def test_every_state_has_a_sentence_and_a_name() -> None:
    assert set(why._SAID) == set(STATES) == set(why_parts.states())


DAYS = st.dates(date(2022, 6, 1), date(2028, 6, 1))
MAYBE_DAYS = st.none() | DAYS


@st.composite
def cases(draw: st.DrawFn) -> why.Case:
    policy = draw(st.sampled_from(ALL))
    paid_on = draw(MAYBE_DAYS)
    claims = draw(st.sampled_from([(), (), paid(paid_on), paid(paid_on, confirmed=True)]))
    person = replace(
        SOMEBODY,
        name=draw(st.sampled_from(["其其格", "", "那顺·" * 9, f"王{ID}"])),
        birth=draw(st.none() | st.dates(date(1930, 1, 1), date(2028, 1, 1))),
        groups=tuple(
            draw(st.lists(st.sampled_from([one.code for one in policy.groups]), unique=True, max_size=3))
        ),
        absence=draw(st.sampled_from(["", "", "", *(one.code for one in policy.reasons)])),
        need=draw(st.sampled_from(["", *(one.code for one in policy.assistance_reasons)])),
        residence=draw(st.sampled_from([one.code for one in policy.residences])),
        new=draw(st.booleans()),
        credential=draw(st.sampled_from(["", "self"])),
        claims=claims,
        counted_in=draw(st.sampled_from(["", "", "", "150621102201"])),
    )
    facts: PersonFacts = replace(
        facts_of(person, draw(MAYBE_DAYS)),
        lapsed_years=draw(st.none() | st.integers(0, 8)),
        repaid_years=draw(st.integers(0, 4)),
        employee_until=draw(MAYBE_DAYS),
        resident_until=draw(MAYBE_DAYS),
        continuous_years=draw(st.none() | st.integers(0, 12)),
        paid_employee=draw(st.booleans()),
    )
    return why.case_of(policy, person, facts, draw(DAYS), pay_on=draw(MAYBE_DAYS), masked=draw(st.booleans()))


@pytest.mark.parametrize(("language", "stop"), [("zh_CN", "。"), ("en", ".")])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_for_anybody_on_any_day(language: str, stop: str, data: st.DataObject) -> None:
    i18n.install(language)
    one = data.draw(cases())
    told, asked = why.sentence(one), why.what_if(one)
    known = {item.code for item in one.policy.groups} | because.reason_codes()
    for text in (told, asked):
        assert text == "" or (text.endswith(stop) and not text.endswith(stop * 2)), text
        assert not re.search(r"[{}]|None", text), text
        assert "_" not in text and known.isdisjoint(text.split()), text
    assert told and told.count("。") <= 1
    assert bool(asked) == (one.pay_on is not None and one.payable)
    message = why.message(one, "查干沟嘎查")
    assert not re.search(r"\d{6}", message) and ID[6:14] not in message
    for part in why_parts.parts(one):
        assert part.title and (part.lead or part.lines)
        for line in part.lines:
            assert line.text not in because.reason_codes() and not re.search(r"[{}]|None", line.text), line
    sheet = sheet_of(one, HOME, "查干沟嘎查")
    assert ID not in str(sheet).replace(f"王{ID}", "") and sheet.stem.count(one.person.name or "·") == 0
    wait, window = one.answer.wait, one.policy.window
    if asked and wait.months and wait.covered_from and one.pay_on and one.pay_on >= window.start:
        assert str(wait.months) in asked or one.pay_on > one.policy.benefit.end


def test_codes_of_the_policies_have_names() -> None:
    assert all(names.denominator(policy, one.code) for policy in ALL for one in policy.denominators)


def test_whoever_lapsed_is_told_the_wait_of_paying_today_in_the_window_too() -> None:
    told = why.sentence(case(facts={"lapsed_years": 3}))
    assert "12月31日前缴 400 元；今天缴，要等 5 个月" in told
    assert "今天缴" not in why.sentence(case(facts={"lapsed_years": 0}))
