"""What a difference is in: each in exactly one state, and what had to be answered adds up before and after."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.policy import differences as rules
from storage.policy.differences import Answered, Difference, Proposal, Status
from storage.policy.reasons import Reason

FACTS = st.sampled_from(["one", "other"])
CODES = st.sampled_from(rules.CODES)
ANSWERS = st.sampled_from(["", "list", "ledger", "refund", "ask", "leave", "keep1"])
GIVEN = st.none() | st.builds(Answered, FACTS, ANSWERS, st.booleans())
LIVE = st.none() | FACTS


@given(CODES, LIVE, GIVEN)
def test_whatever_is_there_or_was_answered_is_in_exactly_one_state(
    code: str, live: str | None, answered: Answered | None
) -> None:
    found = rules.status(code, live, answered)
    nothing = live is None and (answered is None or not answered.answer)
    assert (found is None) == nothing
    assert found is None or found in rules.STATUSES


@given(CODES, FACTS, GIVEN)
def test_another_fact_asks_again(code: str, live: str, answered: Answered | None) -> None:
    if answered is None or answered.fact != live:
        assert rules.status(code, live, answered) == "open"


@given(CODES, FACTS, st.sampled_from(["ask", "leave"]))
def test_the_same_fact_is_not_asked_twice(code: str, live: str, answer: str) -> None:
    assert rules.status(code, live, Answered(live, answer)) in ("asked", "left")


@given(CODES, ANSWERS, FACTS)
def test_what_an_answer_removes_and_stands_there_again_is_open(code: str, answer: str, live: str) -> None:
    if rules.removes(code, answer):
        assert rules.status(code, live, Answered(live, answer)) == "open"
        assert rules.status(code, None, Answered(live, answer)) == "settled"


STATES = st.dictionaries(st.integers(0, 30).map(str), st.sampled_from(rules.STATUSES))


@given(STATES, STATES)
def test_before_and_after_add_up(before: Mapping[str, Status], after: Mapping[str, Status]) -> None:
    moved = rules.movement(before, after)
    assert moved.before == sum(status in rules.TODO for status in before.values())
    assert sum(moved.became.values()) == moved.before
    assert moved.now == sum(status in rules.TODO for status in after.values())


@given(st.lists(st.sampled_from(rules.STATUSES)))
def test_the_states_sum_to_everything(statuses: list[Status]) -> None:
    counts = rules.counted(statuses)
    assert tuple(counts) == rules.STATUSES
    assert sum(counts.values()) == len(statuses)


SIDES = st.dictionaries(
    st.sampled_from(["amount", "paid_on", "group"]), st.integers(0, 9) | st.text(max_size=3)
)


@given(CODES, SIDES, SIDES)
def test_a_fact_is_both_sides_whatever_their_order(
    code: str, here: dict[str, str | int], listed: dict[str, str | int]
) -> None:
    turned = dict(reversed(here.items()))
    assert rules.fact(code, here, listed) == rules.fact(code, turned, listed)
    assert (rules.fact(code, here, listed) == rules.fact(code, listed, here)) == (here == listed)


def difference(code: str, **more: object) -> Difference:
    fields: dict[str, object] = {
        "code": code, "year": 2026, "scope": "150621102200", "record": "r", "detail": "", "name": "甲",
        "id_number": "", "household": "h", "here": {}, "listed": {},
        "proposal": Proposal("ask", (Reason("rec_nobody_here"),)),
    }  # fmt: skip
    return Difference(**{**fields, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("code", rules.CODES)
def test_everything_can_be_asked_or_left_and_only_with_a_village_asked(code: str) -> None:
    assert {"ask", "leave"} <= set(difference(code).options)
    assert "ask" not in difference(code, scope="").options
    assert "refund" not in difference(code).options


def test_of_a_double_each_side_can_be_kept() -> None:
    assert difference("two_schemes", sides=2).options == ("keep1", "keep2", "ask", "leave")


def test_the_same_difference_has_the_same_record_and_no_other() -> None:
    keys = {
        difference(code, record=who, detail=what).key for code in rules.CODES for who in "ab" for what in "xy"
    }
    assert len(keys) == 4 * len(rules.CODES)
    assert difference("unposted").key == difference("unposted", here={"amount": 1}, name="乙").key


@pytest.mark.parametrize(
    ("here", "listed", "due", "single", "answer", "safe"),
    [
        (35000, 40000, 40000, True, "list", True),
        (35000, 40000, 40000, False, "ask", False),
        (40000, 35000, 40000, True, "ask", False),
        (35000, 38000, 40000, True, "ask", False),
    ],
)
def test_only_the_amount_the_policy_asks_is_taken_over(
    here: int, listed: int, due: int, single: bool, answer: str, safe: bool
) -> None:
    found = rules.amounts(here=here, listed=listed, due=due, single=single)
    assert (found.answer, found.safe) == (answer, safe)


def test_a_payment_after_the_day_somebody_left_is_a_question() -> None:
    left, later = date(2025, 10, 1), date(2025, 11, 1)
    found = rules.departed_paid(confirmed=True, left=left, paid_on=later)
    assert (found.answer, found.reasons[0].code) == ("ask", "rec_paid_after_leaving")
    assert rules.departed_paid(confirmed=True, left=later, paid_on=left).answer == "leave"


def test_what_the_village_says_is_proposed_then() -> None:
    asked = Proposal("ask", (Reason("rec_past_lag"),), safe=False)
    said = rules.replied(asked, "ledger", ("list", "ledger", "ask", "leave"))
    assert (said.answer, said.safe, said.reasons[0].code) == ("ledger", False, "rec_village_says")
    assert rules.replied(asked, "done", ("list", "ask")).answer == "ask"


@pytest.mark.parametrize(
    ("scheme", "place", "reason"),
    [
        ("310", "", "employee_here"),
        ("310", "150621", "employee_here"),
        ("310", "310115", "employee_elsewhere"),
        ("390", "310115000000", "resident_elsewhere"),
    ],
)
def test_an_insurance_elsewhere_is_a_reason_of_the_policy(scheme: str, place: str, reason: str) -> None:
    assert rules.absence_of(scheme, place, "150621102200") == reason
