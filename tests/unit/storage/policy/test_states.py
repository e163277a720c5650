"""Where a person stands: exactly one state, for the reason that decides first."""

from datetime import date

import pytest
from msgspec.structs import replace as changed

from storage.policies import load
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.states import OWING, PAID, STATES, State, state

EXAMPLE = load("example-2026")
OCTOBER = date(2025, 10, 10)


def stands(today: date = OCTOBER, policy: Policy = EXAMPLE, **facts: object) -> State:
    return state(policy, PersonFacts(**facts), today)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "today", "code", "reason"),
    [
        ({}, date(2025, 8, 31), "before", "window_before"),
        ({}, date(2025, 9, 1), "open", "window_open"),
        ({}, date(2025, 12, 31), "open", "window_open"),
        ({}, date(2026, 1, 1), "late", "window_late"),
        ({}, date(2026, 12, 31), "late", "window_late"),
        ({}, date(2027, 1, 1), "over", "window_over"),
        ({"absence": "death"}, OCTOBER, "departed", "departed"),
        ({"absence": "death", "paid": "confirmed"}, OCTOBER, "departed", "departed"),
        ({"absence": "employee_here"}, OCTOBER, "elsewhere", "absence_explained"),
        ({"absence": "employee_here", "paid": "confirmed"}, OCTOBER, "confirmed", "settled"),
        ({"absence": "refused"}, OCTOBER, "refused", "payment_is_voluntary"),
        ({"absence": "refused"}, date(2025, 8, 1), "refused", "payment_is_voluntary"),
        ({"absence": "refused"}, date(2027, 1, 1), "over", "window_over"),
        ({"absence": "missing"}, OCTOBER, "unreachable", "not_found"),
        ({"absence": "other"}, OCTOBER, "open", "window_open"),
        ({"absence": "unheard_of"}, OCTOBER, "open", "window_open"),
        ({"paid": "reported"}, OCTOBER, "undated", "paid_on_unknown"),
        ({"paid": "confirmed"}, OCTOBER, "confirmed", "settled"),
        ({"paid": "confirmed"}, date(2028, 1, 1), "confirmed", "settled"),
    ],
)
def test_states(facts: dict[str, object], today: date, code: str, reason: str) -> None:
    got = stands(today, **facts)
    assert (got.code, got.reasons[0].code) == (code, reason)


def test_a_reported_payment_is_overdue_the_day_after_its_lag() -> None:
    paid = {"paid": "reported", "paid_on": date(2025, 10, 1), "channel": "alipay"}
    assert stands(date(2025, 10, 11), **paid).code == "posting"
    assert stands(date(2025, 10, 12), **paid).code == "overdue"
    assert stands(date(2025, 10, 12), **{**paid, "channel": None}).code == "posting"  # the longest lag


def test_whoever_is_back_from_an_employer_and_has_paid_is_told_that_nothing_is_due_again() -> None:
    back = {"paid_employee": True, "employee_until": date(2026, 6, 15), "paid_on": date(2026, 6, 20)}
    for paid, today, code in (
        ("confirmed", date(2026, 6, 25), "confirmed"),
        ("reported", date(2026, 6, 25), "posting"),
        ("reported", date(2026, 9, 1), "overdue"),
    ):
        got = stands(today, paid=paid, **back)
        assert (got.code, got.reasons[-1].code) == (code, "return_free")
    assert len(stands(paid="confirmed").reasons) == 1


def test_a_place_may_excuse_what_others_do_not() -> None:
    reasons = tuple(changed(one, explained=True) for one in EXAMPLE.reasons)
    lenient = changed(EXAMPLE, reasons=reasons)
    got = stands(policy=lenient, absence="refused")
    assert (got.code, got.reasons[0].cite) == ("explained", EXAMPLE.explained_cite)
    strict = changed(EXAMPLE, reasons=tuple(changed(one, explained=False) for one in EXAMPLE.reasons))
    got = stands(policy=strict, absence="army")
    assert (got.code, got.reasons[0].code) == ("elsewhere", "insured_elsewhere")


def test_a_newborn_of_the_last_days_of_a_year_is_not_over_with_it() -> None:
    born = date(2026, 12, 1)
    assert stands(date(2027, 1, 10), birth=born).code == "late"
    assert stands(date(2027, 3, 1), birth=born).code == "late"  # day 90
    assert stands(date(2027, 3, 2), birth=born).code == "over"
    newborn = changed(EXAMPLE.newborn, crossing="next_year_covers")
    assert stands(date(2027, 1, 10), changed(EXAMPLE, newborn=newborn), birth=born).code == "over"


def test_the_lists_of_states_hang_together() -> None:
    assert len(set(STATES)) == len(STATES)
    assert set(PAID) | set(OWING) <= set(STATES)
    assert not set(PAID) & set(OWING)
