"""The one next step of every person, its deadline and its place in the visit order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from storage.policies import load
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.next_step import STEPS, NextStep, age, next_step, nothing
from storage.policy.reasons import Reason

EXAMPLE, UXIN, BAOTOU = load("example-2026"), load("uxin-2024"), load("baotou-2026")
POLICIES = st.sampled_from([EXAMPLE, UXIN, BAOTOU, load("dalad-2024"), load("example-2027")])
OCTOBER = date(2025, 10, 10)
CLOSES = date(2025, 12, 31)
DAYS = st.dates(date(2023, 6, 1), date(2028, 3, 1))
PEOPLE = st.builds(
    PersonFacts,
    birth=st.none() | st.dates(date(1930, 1, 1), date(2027, 12, 31)),
    residence=st.sampled_from(["resident", "away", "incoming", "unknown"]),
    groups=st.frozensets(st.sampled_from(["tekun", "dibao", "youfu", "unheard_of"])),
    paid=st.sampled_from(["none", "reported", "confirmed"]),
    paid_on=st.none() | DAYS,
    channel=st.none() | st.sampled_from(["alipay", "agent", "carrier_pigeon"]),
    credential=st.booleans(),
    absence=st.none() | st.sampled_from([*(reason.code for reason in EXAMPLE.reasons), "unheard_of"]),
    needs_help=st.booleans(),
    help_reason=st.none() | st.just("mobility"),
    promised=st.none() | DAYS,
    new_enrollee=st.booleans(),
    registered_on=st.none() | DAYS,
    lapsed_years=st.none() | st.integers(0, 6),
    repaid_years=st.integers(0, 3),
    employee_until=st.none() | DAYS,
)


def step(today: date = OCTOBER, policy: Policy = EXAMPLE, **facts: object) -> NextStep:
    return next_step(policy, PersonFacts(**facts), today)  # type: ignore[arg-type]


def codes(got: NextStep) -> list[str]:
    return [reason.code for reason in got.reasons]


def test_an_ordinary_person_pays() -> None:
    got = step(birth=date(1980, 5, 1), lapsed_years=0)
    assert (got.code, got.deadline) == ("pay", CLOSES)
    assert got.params == {
        "pay_now_fen": 40000,
        "own_fen": 40000,
        "subsidy_fen": 0,
        "refund_fen": 0,
        "group": None,
        "help": None,
        "waiting_months": 0,
        "covered_from": date(2026, 1, 1),
    }
    assert codes(got) == ["credential_too", "premium", "window_open", "paid_in_window"]


def test_pay_first_refund_later() -> None:
    got = step(groups=("dibao",), credential=True)
    assert (got.code, got.deadline) == ("pay", date(2025, 12, 25))
    assert (got.params["pay_now_fen"], got.params["refund_fen"]) == (40000, 35000)


def test_help_is_named() -> None:
    got = step(needs_help=True, help_reason="mobility")
    assert (got.code, got.params["help"]) == ("pay_with_help", "mobility")
    assert "needs_help" in codes(got)


def test_who_is_paid_for_in_full_waits_for_the_department() -> None:
    got = step(groups=("tekun",), needs_help=True)
    assert (got.code, got.params["pay_now_fen"]) == ("await_advance", 0)


def test_a_new_enrollee_registers_before_paying() -> None:
    assert step(new_enrollee=True, groups=("tekun",)).code == "register"
    assert step(new_enrollee=True, registered_on=OCTOBER).code == "pay"
    assert "new_enrollee" in codes(step(new_enrollee=True, registered_on=OCTOBER))


@pytest.mark.parametrize(
    ("birth", "today", "code", "deadline"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), "register_newborn", date(2026, 5, 30)),
        (date(2026, 3, 1), date(2026, 5, 30), "register_newborn", date(2026, 5, 30)),
        (date(2026, 3, 1), date(2026, 5, 31), "pay", date(2026, 12, 31)),
        (date(2025, 11, 20), date(2025, 12, 31), "register_newborn", date(2026, 2, 18)),
        (date(2025, 11, 20), date(2026, 2, 18), "register_newborn", date(2026, 2, 18)),
        (date(2025, 8, 1), date(2025, 8, 15), "wait_window", date(2025, 9, 1)),
    ],
)
def test_newborns(birth: date, today: date, code: str, deadline: date) -> None:
    got = step(today, birth=birth)
    assert (got.code, got.deadline) == (code, deadline)


def test_absences() -> None:
    assert step(absence="employee_here").code == "explained"
    assert step(absence="death").code == "none"
    assert step(absence="death", paid="reported", paid_on=OCTOBER).code == "none"
    assert step(absence="missing").code == "find"
    assert step(absence="other").code == "pay"
    assert "absence_not_explained" in codes(step(absence="other"))
    assert step(absence="unheard_of").code == "pay"
    strict = changed(EXAMPLE, reasons=tuple(changed(reason, explained=False) for reason in EXAMPLE.reasons))
    assert step(policy=strict, absence="army").code == "explained"  # insured elsewhere: nothing to pay here


def test_a_refusal_is_recorded_and_never_pressed() -> None:
    near = CLOSES - timedelta(days=1)
    got = step(near, absence="refused", groups=("dibao",), promised=near)
    assert (got.code, got.urgency) == ("refused", 0)
    assert codes(got) == ["payment_is_voluntary", "window_open"]


def test_outside_the_window() -> None:
    before = step(date(2025, 8, 20))
    assert (before.code, before.deadline) == ("wait_window", date(2025, 9, 1))
    late = step(date(2026, 2, 20), lapsed_years=0)
    assert (late.code, late.deadline, late.params["waiting_months"]) == ("pay", date(2026, 12, 31), 3)
    assert late.params["covered_from"] == date(2026, 5, 20)
    assert "wait_late" in codes(late)
    assert step(date(2027, 1, 1)).code == "over"


def test_after_a_reported_payment() -> None:
    paid = {"paid": "reported", "paid_on": date(2025, 10, 1), "channel": "alipay"}
    waits = step(date(2025, 10, 11), credential=True, **paid)
    assert (waits.code, waits.deadline) == ("wait_posting", date(2025, 10, 11))
    assert waits.params == {"paid_on": date(2025, 10, 1), "days": 10, "channel": "alipay"}
    checks = step(date(2025, 10, 12), **paid)
    assert (checks.code, checks.deadline) == ("check_posting", date(2025, 10, 11))
    assert codes(checks) == ["posting_overdue"]
    slow = step(date(2025, 10, 12), credential=True, paid="reported", paid_on=date(2025, 10, 1))
    assert (slow.code, slow.deadline) == ("wait_posting", date(2025, 10, 29))  # the longest lag
    undated = step(paid="reported")
    assert (undated.code, undated.deadline, codes(undated)) == ("check_posting", None, ["paid_on_unknown"])
    assert step(date(2025, 10, 5), **paid).code == "activate_credential"


def test_after_a_confirmed_payment() -> None:
    assert step(paid="confirmed", credential=True).code == "none"
    adult = step(paid="confirmed", birth=date(2009, 10, 10), needs_help=True, help_reason="age")
    assert (adult.code, adult.deadline) == ("activate_credential", CLOSES)
    assert codes(adult) == ["credential_inactive", "needs_help"]
    child = step(paid="confirmed", birth=date(2009, 10, 11))
    assert (child.code, child.reasons[1].params) == ("bind_family", {"age": 15, "under": 16})
    untold = step(date(2023, 10, 1), UXIN, paid="confirmed")
    assert (untold.code, untold.deadline) == ("activate_credential", None)
    assert untold.reasons[0].cite is None


def test_who_to_see_first() -> None:
    today = date(2025, 12, 20)
    order = [
        step(today, groups=("dibao",)),
        step(today, birth=date(2025, 10, 1)),
        step(today, promised=today),
        step(today),
        step(today, paid="reported", paid_on=date(2025, 10, 1)),
        step(today, paid="confirmed"),
        step(today, paid="reported", paid_on=today, credential=True),
        step(today, paid="confirmed", credential=True),
    ]
    urgencies = [got.urgency for got in order]
    assert urgencies == sorted(urgencies, reverse=True)
    assert len(set(urgencies)) == len(urgencies)
    assert codes(order[0])[:2] == ["special_deadline", "window_closing"]
    assert codes(order[1])[:2] == ["newborn_deadline", "window_closing"]
    assert codes(order[2])[:2] == ["promise_due", "window_closing"]
    assert codes(order[3])[0] == "window_closing"


def test_far_from_every_deadline_nobody_is_pressed() -> None:
    plain = step(credential=True)
    assert step(groups=("dibao",), credential=True).urgency // 100 == plain.urgency // 100
    assert step(birth=OCTOBER).urgency // 100 == plain.urgency // 100
    later = step(promised=OCTOBER + timedelta(days=3), credential=True)
    assert later.urgency == plain.urgency
    assert codes(later)[0] == "promised"
    assert step(absence="missing").urgency < plain.urgency


def test_an_overdue_special_group_stays_first() -> None:
    got = step(date(2025, 12, 28), groups=("dibao",))
    assert got.deadline == date(2025, 12, 25)
    assert got.urgency == 999
    no_target = changed(EXAMPLE, targets=())
    assert step(date(2025, 12, 28), no_target, groups=("dibao",)).deadline == CLOSES
    assert step(date(2025, 12, 28), groups=("youfu",)).deadline == CLOSES


def test_age_in_completed_years() -> None:
    assert age(date(2010, 2, 28), date(2026, 2, 27)) == 15
    assert age(date(2010, 2, 28), date(2026, 2, 28)) == 16
    assert age(date(2008, 2, 29), date(2026, 2, 28)) == 17


@given(POLICIES, PEOPLE, DAYS)
def test_everybody_has_exactly_one_step(policy: Policy, facts: PersonFacts, today: date) -> None:
    got = next_step(policy, facts, today)
    assert got.code in STEPS
    assert got.reasons
    assert 0 <= got.urgency <= 999
    if got.code in ("none", "explained", "over", "refused"):
        assert (got.urgency, got.deadline) == (0, None)
    assert got == next_step(policy, facts, today)
    if got.code in ("register_newborn", "register", "await_advance", "pay_with_help", "pay", "find"):
        assert facts.paid == "none"
        assert got.deadline is not None
        assert got.params["pay_now_fen"] == got.params["own_fen"] + got.params["refund_fen"]  # type: ignore[operator]
    known = {source.key for source in policy.sources}
    assert all(reason.cite is None or reason.cite.source in known for reason in got.reasons)


@given(POLICIES, PEOPLE, DAYS)
def test_paying_ends_the_asking(policy: Policy, facts: PersonFacts, today: date) -> None:
    paid = next_step(policy, replace(facts, paid="confirmed", credential=True), today)
    assert (paid.code, paid.urgency) == ("none", 0)


@given(PEOPLE, st.dates(date(2025, 9, 1), date(2025, 12, 30)))
def test_the_nearer_the_close_the_more_urgent(facts: PersonFacts, today: date) -> None:
    unpaid = replace(facts, paid="none", birth=None)
    tomorrow = next_step(EXAMPLE, unpaid, today + timedelta(days=1))
    assert next_step(EXAMPLE, unpaid, today).urgency <= tomorrow.urgency


def test_students_are_needed_by_the_schools_day() -> None:
    got = step(date(2025, 9, 10), student=True, credential=True)
    assert (got.deadline, codes(got)[0]) == (date(2025, 10, 20), "students_deadline")
    assert got.urgency // 100 == step(date(2025, 9, 10), credential=True).urgency // 100, "not near yet"
    assert step(date(2025, 10, 10), student=True).urgency > step(date(2025, 10, 10)).urgency
    assert step(date(2025, 10, 20), student=True).deadline == date(2025, 10, 20)
    assert step(date(2025, 10, 21), student=True).deadline == CLOSES
    dibao = step(date(2025, 10, 10), student=True, groups=("dibao",))
    assert dibao.deadline == date(2025, 10, 20), "the first of two days"


def test_a_special_newborn_has_the_nearer_day() -> None:
    born = date(2025, 11, 20)
    got = step(date(2025, 12, 1), birth=born, groups=("dibao",))
    assert (got.code, got.deadline) == ("register_newborn", date(2025, 12, 25))
    after = step(date(2025, 12, 30), birth=date(2025, 12, 28), groups=("dibao",))
    assert after.deadline == date(2026, 3, 28), "nobody is late for a day before they were born"
    on_the_day = step(date(2025, 12, 25), birth=date(2025, 12, 25), groups=("dibao",))
    assert on_the_day.deadline == date(2025, 12, 25)


def test_an_insurance_that_ended_gives_a_day() -> None:
    got = step(date(2026, 4, 1), employee_until=date(2026, 3, 10), lapsed_years=0, credential=True)
    assert (got.deadline, codes(got)[0]) == (date(2026, 6, 10), "gap_closing")
    assert got.urgency // 100 == step(date(2026, 4, 1)).urgency // 100
    window = step(OCTOBER, employee_until=date(2025, 9, 10), lapsed_years=1)
    assert window.deadline == CLOSES, (
        "in the window its own day stands; what is lost before it is told beside"
    )
    near = step(date(2026, 6, 1), employee_until=date(2026, 3, 10), lapsed_years=0)
    assert near.urgency // 100 == 6
    assert step(date(2026, 6, 11), employee_until=date(2026, 3, 10)).deadline == date(2026, 12, 31)


def test_back_from_an_employer_resumes_without_paying() -> None:
    got = step(date(2026, 7, 1), paid_employee=True, employee_until=date(2026, 6, 15))
    assert (got.code, got.params["pay_now_fen"], got.params["covered_from"]) == (
        "resume",
        0,
        date(2026, 6, 16),
    )
    assert step(date(2026, 7, 1), UXIN, paid_employee=True).code == "over"
    assert step(date(2026, 7, 1), BAOTOU, paid_employee=True).code == "pay", "no such rule there"


def test_history_is_told() -> None:
    assert "lapsed_before" in codes(step(lapsed_years=2))
    assert "insured_before" in codes(step(lapsed_years=0, continuous_years=3))
    assert not {"lapsed_before", "insured_before"} & set(codes(step(birth=date(2025, 3, 1), lapsed_years=2)))


def test_a_newborn_of_the_year_before_can_still_be_registered() -> None:
    got = step(date(2027, 1, 10), birth=date(2026, 12, 1))
    assert (got.code, got.deadline) == ("register_newborn", date(2027, 3, 1))
    assert step(date(2027, 3, 2), birth=date(2026, 12, 1)).code == "over"


def test_nothing_to_do_here_says_why() -> None:
    elsewhere = nothing(Reason("counted_elsewhere"))
    assert (elsewhere.code, elsewhere.urgency, codes(elsewhere)) == ("none", 0, ["counted_elsewhere"])
