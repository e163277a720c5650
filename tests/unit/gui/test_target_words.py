"""The words of targets: every state, list, band and sign has some, and none shows what is not known."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gui import i18n
from gui.wording import eased
from gui.wording import targets as words
from storage import policies
from storage.policy.ease import Around, Band, ease
from storage.policy.facts import PersonFacts
from storage.policy.model import Audience
from storage.policy.pace import State, pace
from storage.policy.rates import progress
from storage.queries import worklists
from storage.queries.targets import Rate, Standing, Told

POLICY = policies.load("example-2026")
TODAY = date(2025, 12, 3)
DEADLINE = date(2025, 12, 31)
WORLDS: dict[str, tuple[list[int], int, int]] = {
    "met": ([3] * 28, 0, 9),
    "short": ([3] * 28, 10, 9),
    "none": ([0] * 28, 3, 9),
    "little": ([0] * 27 + [4], 3, 9),
    "far": ([0] * 14 + [1] * 14, 5000, 9000),
    "going": ([3] * 28, 30, 90),
}


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.install()


def test_every_state_of_a_pace_is_told() -> None:
    assert set(WORLDS) == set(get_args(State))
    told = {state: pace(*world, TODAY, DEADLINE) for state, world in WORLDS.items()}
    lines = {state: words.pace_lines(one, TODAY) for state, one in told.items()}
    assert all(told[state].state == state for state in WORLDS)
    assert "已达到目标" in lines["met"][1] and len(lines["met"]) == 2
    assert "还差 10 人，但还能缴费的只有 9 人" in lines["short"][1]
    assert "近 28 天无人缴费，算不出日期" in lines["none"][1]
    assert "28 天只有 4 人缴费，数据太少" in lines["little"][1]
    assert "一年内达不到" in lines["far"][1] and "照此进度，到 12-31 约再有" in lines["far"][2]
    assert "80% 的把握" in lines["going"][1]
    assert "平均每天 3.0 人" in lines["going"][0] and "每天需 1.0 人" in lines["going"][-1]


def test_a_range_without_an_end_says_so() -> None:
    slow = pace([0] * 14 + [1] * 14, 120, 300, TODAY, DEADLINE)
    assert slow.earliest is not None and slow.latest is None
    assert words.range_text(slow, TODAY).endswith("最晚算不准")
    assert words.range_text(pace([], 1, 1, TODAY, None), TODAY) == ""


@given(
    st.lists(st.integers(0, 30), max_size=28),
    st.integers(0, 900),
    st.integers(0, 900),
    st.none() | st.dates(TODAY - timedelta(30), TODAY + timedelta(90)),
)
def test_whatever_the_pace_nothing_unknown_is_shown(
    counts: list[int], missing: int, left: int, day: date | None
) -> None:
    for line in words.pace_lines(pace(counts, missing, left, TODAY, day), TODAY):
        assert line and "None" not in line and "{" not in line and "—" not in line


@pytest.mark.parametrize("code", worklists.LISTS)
def test_every_list_has_a_name_and_a_day(code: str) -> None:
    assert words.list_name(code)
    assert "12-31" in words.list_day(code, DEADLINE, TODAY)
    assert words.list_day(code, None, TODAY) == ""


def test_every_target_and_band_has_a_name() -> None:
    for audience in get_args(Audience):
        target = POLICY.target(audience)
        assert target is not None
        assert words.target_name(target)
        assert "None" not in words.target_base(POLICY, target)
    everyone = POLICY.target("everyone")
    assert everyone is not None
    assert words.target_name(everyone) == "参保率 95%"
    assert words.target_name(replace(everyone, rate=None)) == "参保率"
    assert len({words.band_name(band) for band in get_args(Band)}) == 4


def test_the_strongest_signs_come_first_and_what_holds_back_before_them() -> None:
    facts = PersonFacts(promised=TODAY, lapsed_years=0, absence="refused")
    found = ease(POLICY, facts, Around(phone=True), TODAY)
    assert words.ease_text(POLICY, found, most=2).startswith("拒绝参保/自愿放弃：自愿参保，不再催缴；约定")
    assert words.ease_text(POLICY, None) == ""


@given(
    st.builds(
        PersonFacts,
        birth=st.none() | st.dates(date(1940, 1, 1), TODAY),
        groups=st.sets(st.sampled_from([group.code for group in POLICY.groups]), max_size=2),
        absence=st.none() | st.sampled_from([reason.code for reason in POLICY.reasons]),
        needs_help=st.booleans(),
        help_reason=st.none() | st.sampled_from([one.code for one in POLICY.assistance_reasons]),
        promised=st.none() | st.just(TODAY),
        residence=st.sampled_from(["resident", "away"]),
        new_enrollee=st.booleans(),
        lapsed_years=st.none() | st.integers(0, 3),
        paid_employee=st.booleans(),
        employee_until=st.none() | st.just(TODAY),
    ),
    st.builds(Around, phone=st.booleans(), household_paid=st.integers(0, 3)),
)
def test_every_sign_has_words_and_no_gap(facts: PersonFacts, around: Around) -> None:
    found = ease(POLICY, facts, around, TODAY)
    assert {reason.code for reason in found.reasons} <= set(eased.words())
    text = words.ease_text(POLICY, found)
    assert "ease_" not in text and "None" not in text and "{" not in text


def _rate(code: str, **more: object) -> Rate:
    told = (Told("employee_here", 2, True), Told("refused", 1, False))
    given_ = {"total": 90, "register": 100, "departed": 4, "others": 4, "excluded": 2, **more}
    return Rate(POLICY.denominator(code), 80, told=told, able=8, roster=90, **given_)  # type: ignore[arg-type]


def test_what_a_rate_leaves_out_is_said() -> None:
    rate = _rate("should")
    assert (
        words.base_text(rate)
        == "花名册 100 人，减去死亡、迁出 4 人，减去不属此口径 4 人，减去有认可原因 2 人"
    )
    said = words.explained_text(POLICY, rate)
    assert (
        said == "有认可原因未参保 2 人，不计入（已参本地职工 2）；其他原因未参保 1 人（拒绝参保/自愿放弃 1）"
    )
    assert "仍计入" in words.explained_text(POLICY, _rate("resident", excluded=0))
    assert words.rate_text(rate) == "80 / 90 = 88.8%"


def test_a_bare_number_says_its_source_and_the_gap() -> None:
    told = {"counted_on": date(2025, 9, 1), "counted_by": "常住人口.xlsx"}
    assert words.source_of_number(_rate("resident_count", total=95, **told)) == (
        "常住人口.xlsx，2025-09-01；花名册少 5 人"
    )
    assert "花名册多 10 人" in words.source_of_number(_rate("resident_count", total=80, **told))
    assert "人数相同" in words.source_of_number(_rate("resident_count", total=90, **told))
    assert words.source_of_number(_rate("task", total=None)) == "尚无人数"
    assert words.rate_text(_rate("task", total=None)) == "80"


def test_how_many_more_is_told() -> None:
    target = POLICY.target("everyone")
    assert target is not None
    open_ = Standing(target, progress(target, 80, 100, TODAY), 12, 3, None)
    assert words.standing_text(open_) == "还差 15 人；未缴中可动员 12 人；已在别处参保或死亡、迁出 3 人"
    assert words.standing_text(Standing(target, progress(target, 95, 100, TODAY), 2, 0, None)) == "已达标"
    assert words.standing_text(Standing(target, None, 0, 0, None)) == ""
