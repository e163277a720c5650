"""What happens to somebody who does not pay, and what staying insured earns."""

from datetime import date

import pytest
from msgspec.structs import replace

from storage.policies import load
from storage.policy.consequences import if_not
from storage.policy.facts import PersonFacts
from storage.policy.incentives import incentive
from storage.policy.model import Policy
from storage.policy.reasons import Params

EXAMPLE, UXIN = load("example-2026"), load("uxin-2024")
OCTOBER = date(2025, 10, 10)
ADULT = date(1980, 5, 1)


def told(today: date = OCTOBER, policy: Policy = EXAMPLE, **facts: object) -> dict[str, Params]:
    given = {"birth": ADULT, **facts}
    return {one.code: one.params for one in if_not(policy, PersonFacts(**given), today)}  # type: ignore[arg-type]


def test_in_the_window() -> None:
    assert list(told(lapsed_years=0)) == ["late_waits", "costs_not_reimbursed", "lapse_counted"]
    late = told(lapsed_years=0)["late_waits"]
    assert late == {
        "paid_on": date(2026, 1, 1),
        "covered_from": date(2026, 4, 1),
        "months": 3,
        "starts": date(2026, 1, 1),
        "ends": date(2026, 3, 31),
    }
    assert told()["costs_not_reimbursed"] == {"first": date(2026, 1, 1), "last": date(2026, 3, 31)}
    assert told(date(2025, 8, 1), lapsed_years=0)["late_waits"] == late, "before the window it is the same"


def test_a_lapse_adds_up() -> None:
    assert told(lapsed_years=0)["lapse_counted"] == {"year": 2026, "years": 1, "months": 3}
    assert told(lapsed_years=2)["lapse_counted"] == {"year": 2026, "years": 3, "months": 5}
    assert told()["lapse_counted"] == {"year": 2026, "years": None, "months": 3}
    assert "lapse_counted" not in told(groups=("dibao",)), "they do not wait"
    assert "lapse_counted" not in told(birth=date(2026, 2, 1)), "nobody lapses in the year of birth"
    assert "lapse_counted" not in told(date(2023, 10, 1), UXIN), "no such rule before 2025"


def test_late_every_day_counts() -> None:
    got = told(date(2026, 2, 20), lapsed_years=0)
    assert got["late_waits"]["starts"] == date(2026, 2, 21)
    assert got["late_waits"]["covered_from"] == date(2026, 5, 21)
    assert got["last_day_for_cover"] == {"day": date(2026, 9, 30)}
    assert list(told(date(2026, 9, 30), lapsed_years=0)) == ["no_cover_this_year", "lapse_counted"]


def test_exempt_people_are_covered_from_the_day_they_pay() -> None:
    got = told(date(2026, 2, 20), groups=("dibao",))
    assert list(got) == [
        "special_target_missed",
        "late_covers_from_payment",
        "costs_not_reimbursed",
        "last_day_for_cover",
    ]
    assert got["late_covers_from_payment"] == {
        "paid_on": date(2026, 2, 21),
        "covered_from": date(2026, 2, 21),
    }
    assert got["costs_not_reimbursed"]["last"] == date(2026, 2, 20)
    assert got["last_day_for_cover"] == {"day": date(2026, 12, 31)}
    assert "special_target_at_risk" in told(groups=("dibao",))
    assert "special_target_at_risk" in told(date(2025, 12, 25), groups=("dibao",))
    assert "special_target_missed" in told(date(2025, 12, 26), groups=("dibao",))


def test_a_newborn_loses_cover_from_birth() -> None:
    got = told(date(2026, 3, 10), birth=date(2026, 3, 1))
    assert got["newborn_loses_birth_cover"] == {"deadline": date(2026, 5, 30), "birth": date(2026, 3, 1)}
    assert got["late_waits"]["paid_on"] == date(2026, 5, 31)
    assert got["costs_not_reimbursed"] == {"first": date(2026, 3, 1), "last": date(2026, 8, 30)}
    assert "newborn_loses_birth_cover" not in told(date(2026, 6, 1), birth=date(2026, 3, 1))


def test_whoever_left_an_employer_loses_the_exemption() -> None:
    left = told(date(2026, 2, 10), employee_until=date(2026, 1, 31), lapsed_years=0)
    assert left["late_waits"]["paid_on"] == date(2026, 5, 1)
    inside = told(OCTOBER, employee_until=date(2025, 9, 10), lapsed_years=1)
    assert inside["late_waits"]["paid_on"] == date(2025, 12, 11), "a lapsed payer waits in the window too"
    moved = told(date(2026, 2, 10), resident_until=date(2026, 1, 31), lapsed_years=0)
    assert moved["late_waits"]["paid_on"] == date(2026, 5, 1)


@pytest.mark.parametrize(
    "facts",
    [
        {"paid": "confirmed"},
        {"paid": "reported", "paid_on": OCTOBER},
        {"absence": "death"},
        {"absence": "army"},
        {"groups": ("tekun",)},
        {"paid_employee": True},
    ],
)
def test_nothing_for_whoever_has_nothing_to_pay(facts: dict[str, object]) -> None:
    assert told(**facts) == {}
    assert told(date(2027, 2, 1), **facts) == {}


def test_whoever_declines_or_cannot_be_found_is_told_as_well() -> None:
    assert "late_waits" in told(absence="refused")
    assert "late_waits" in told(absence="missing")


def test_years_in_a_row_are_lost() -> None:
    assert told(continuous_years=6)["continuous_lost"] == {"years": 1, "from_year": 5}, "counted from 2025"
    assert "continuous_lost" not in told(continuous_years=0)
    assert EXAMPLE.incentive is not None
    first = replace(EXAMPLE, incentive=replace(EXAMPLE.incentive, counts_from=2026))
    assert "continuous_lost" not in told(policy=first, continuous_years=6)
    assert "continuous_lost" not in told(policy=UXIN, today=date(2023, 10, 1), continuous_years=6)


@pytest.mark.parametrize(
    ("counts_from", "continuous", "code", "params"),
    [
        (None, None, "incentive_unknown", {"fen": 100000}),
        (None, 0, "incentive_ahead", {"years": 1, "missing": 4}),
        (None, 3, "incentive_ahead", {"years": 4, "missing": 1}),
        (None, 4, "incentive_earned", {"years": 5, "fen": 100000}),
        (None, 6, "incentive_earned", {"years": 7, "fen": 300000}),
        (2025, 6, "incentive_ahead", {"years": 2, "missing": 3}),
        (2022, 6, "incentive_earned", {"years": 5, "fen": 100000}),
    ],
)
def test_incentive(
    counts_from: int | None, continuous: int | None, code: str, params: dict[str, object]
) -> None:
    assert EXAMPLE.incentive is not None
    policy = replace(EXAMPLE, incentive=replace(EXAMPLE.incentive, counts_from=counts_from))
    got = incentive(policy, PersonFacts(continuous_years=continuous))
    assert got is not None
    assert got.code == code
    assert {**params, "from_year": 5, "percent": 20}.items() <= got.params.items()
    assert incentive(UXIN, PersonFacts(continuous_years=9)) is None
