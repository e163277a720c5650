"""Who counts in which rate, and targets."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from storage.policies import load
from storage.policy.facts import PersonFacts, Standing
from storage.policy.rates import explained, gap, membership, percent, progress, rate, standing_in

POLICY = load("uxin-2024")
RESIDENCES = ["resident", "away", "incoming", "unknown"]


@pytest.mark.parametrize(
    ("denominator", "members"),
    [
        ("resident", {"resident", "incoming", "unknown"}),
        ("registered", {"resident", "away", "unknown"}),
        ("should", set(RESIDENCES)),
        ("task", set()),
        ("resident_count", set()),
    ],
)
def test_membership_by_residence(denominator: str, members: set[str]) -> None:
    assert {code for code in RESIDENCES if membership(POLICY, denominator, Standing(code))} == members


def test_membership_of_the_absent() -> None:
    employed = Standing("resident", "employee_here")
    assert membership(POLICY, "resident", employed)
    assert not membership(POLICY, "should", employed)
    assert membership(POLICY, "should", Standing("resident", "refused"))
    assert membership(POLICY, "should", Standing("resident", "not_a_reason"))
    assert not membership(POLICY, "resident", Standing("resident", "death", "confirmed"))


def test_who_has_paid_is_never_counted_out() -> None:
    assert membership(POLICY, "should", Standing("resident", "employee_here", "reported"))
    assert membership(POLICY, "should", PersonFacts(residence="resident", paid="confirmed", absence="army"))


def test_an_unknown_denominator_is_an_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        membership(POLICY, "nobody", Standing())


def test_what_is_explained_is_the_policys_choice() -> None:
    assert explained(POLICY, "employee_here")
    assert not explained(POLICY, "refused")
    assert not explained(POLICY, None)
    reasons = tuple(replace(reason, explained=reason.code == "refused") for reason in POLICY.reasons)
    elsewhere = replace(POLICY, reasons=reasons)
    assert explained(elsewhere, "refused")
    assert not membership(elsewhere, "should", Standing("resident", "refused"))


def test_rates() -> None:
    assert rate(0, 0) is None
    assert rate(19, 20) == Decimal("0.95")
    assert rate(30, 20) == Decimal("1.5")
    assert percent(Decimal("0.9499999")) == Decimal("94.9")
    assert percent(Decimal("0.95")) == Decimal("95.0")
    assert percent(Decimal(2) / Decimal(3), 2) == Decimal("66.66")
    assert str(percent(Decimal(1), 0)) == "100"


@pytest.mark.parametrize(
    ("wanted", "reached", "total", "missing"),
    [("0.95", 0, 0, 0), ("0.95", 94, 100, 1), ("0.95", 95, 100, 0), ("0.95", 0, 21, 20), ("1", 3, 2, 0)],
)
def test_gap(wanted: str, reached: int, total: int, missing: int) -> None:
    assert gap(Decimal(wanted), reached, total) == missing


@given(st.decimals(0, 1, places=4), st.integers(0, 100_000), st.integers(1, 100_000))
def test_the_gap_is_the_least_that_reaches_the_rate(wanted: Decimal, reached: int, total: int) -> None:
    missing = gap(wanted, reached, total)
    assert Decimal(reached + missing) >= wanted * total
    if missing:
        assert Decimal(reached + missing - 1) < wanted * total


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_missed_target_is_never_printed_as_reached(reached: int, total: int) -> None:
    value = rate(reached, total)
    assert value is not None
    if value < Decimal("0.95"):
        assert percent(value) < 95


def test_progress() -> None:
    target = POLICY.target("everyone")
    assert target is not None
    got = progress(target, 90, 100, date(2024, 2, 10))
    assert (got.rate, got.gap, got.days_left, got.met) == (Decimal("0.9"), 5, 5, False)
    assert progress(target, 96, 100, date(2024, 2, 20)).met
    assert progress(target, 96, 100, date(2024, 2, 20)).days_left == -5
    students = POLICY.target("students")
    assert students is not None
    assert progress(students, 1, 2, date(2023, 10, 1)).gap is None
    assert not progress(students, 1, 2, date(2023, 10, 1)).met
    assert progress(replace(target, deadline=None), 1, 2, date(2023, 10, 1)).days_left is None


@pytest.mark.parametrize(
    ("denominator", "facts", "counted", "code"),
    [
        ("resident", {"residence": "resident"}, True, "residence_counted"),
        ("resident", {"residence": "away"}, False, "residence_not_counted"),
        ("resident", {"residence": "resident", "absence": "death"}, False, "departed"),
        ("should", {"residence": "away", "absence": "army"}, False, "explained_left_out"),
        ("should", {"residence": "away", "absence": "army", "paid": "reported"}, True, "residence_counted"),
        ("task", {"residence": "resident"}, False, "number_from_outside"),
    ],
)
def test_why_somebody_counts(denominator: str, facts: dict[str, str], counted: bool, code: str) -> None:
    got = standing_in(POLICY, denominator, Standing(**facts))  # type: ignore[arg-type]
    assert (got.denominator, got.counted, got.reason.code) == (denominator, counted, code)
    assert membership(POLICY, denominator, Standing(**facts)) == counted  # type: ignore[arg-type]
