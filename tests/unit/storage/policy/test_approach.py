"""By which way to go about somebody: whom to see, call or remind, and whom to leave in peace."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codes import OUTCOMES, REMINDED
from storage.policies import load
from storage.policy.approach import (
    ANSWER,
    COOLING,
    DOOR,
    WAYS,
    Approach,
    Reach,
    Try,
    approach,
    failed,
    strongest,
)
from storage.policy.facts import PersonFacts
from storage.policy.next_step import next_step
from tests.unit.storage.policy.anybody import DAYS, people, policies

POLICY = load("example-2026")
TODAY = date(2025, 11, 20)
PHONE = Reach(phone=True)


def found(reach: Reach = PHONE, today: date = TODAY, **facts: object) -> Approach:
    known = PersonFacts(**facts)  # type: ignore[arg-type]
    return approach(POLICY, known, next_step(POLICY, known, today), reach, today)


def way(reach: Reach = PHONE, today: date = TODAY, **facts: object) -> tuple[str, str]:
    got = found(reach, today, **facts)
    return got.way, got.reason.code


def tried(*outcomes: str, phone: bool = True, before: int = 1, again: date | None = None) -> Reach:
    """What was tried, the newest first, one day after another."""
    days = (TODAY - timedelta(days=before + number) for number in range(len(outcomes)))
    return Reach(phone, tuple(Try(day, outcome) for day, outcome in zip(days, outcomes, strict=True)), again)


def test_a_text_first_then_a_call_at_last_a_visit() -> None:
    assert way() == ("remind", "way_text_first")
    assert way(tried("met")) == ("call", "way_spoken_before")
    assert way(tried("phoned")) == ("call", "way_spoken_before")
    assert way(tried("phoned", "phoned")) == ("see", "way_called")
    closes = POLICY.window.end
    assert way(today=closes - timedelta(days=14)) == ("call", "way_soon")
    assert way(today=closes - timedelta(days=3)) == ("see", "way_last_days")
    assert way(today=closes)[0] == "see"


def test_a_text_is_given_some_days_then_somebody_calls() -> None:
    sent = found(tried(REMINDED))
    assert (sent.way, sent.until) == ("wait", TODAY - timedelta(days=1) + ANSWER)
    assert way(tried(REMINDED, before=ANSWER.days)) == ("call", "way_spoken_before")
    last = POLICY.window.end - timedelta(days=1)
    assert way(Reach(True, (Try(last - timedelta(days=1), REMINDED),)), last)[0] == "call"  # no time to wait
    # It stands for nobody who needs more than a text, and takes nothing back that was seen at the door.
    assert way(tried(REMINDED), needs_help=True, help_reason="mobility") == ("see", "way_help")
    assert way(tried(REMINDED, "absent", "absent")) == ("call", "way_absent")
    assert way(tried(REMINDED, "refused")) == ("wait", "way_refused_lately")


def test_without_a_telephone_somebody_has_to_go() -> None:
    assert way(Reach()) == ("see", "way_no_phone")
    twice = found(tried("absent", "absent", phone=False))
    assert twice.way == "see" and [one.code for one in twice.advice] == ["way_another_time"]
    assert twice.advice[0].params == {"times": 2}


def test_nobody_at_home_call_before_going_again() -> None:
    assert way(tried("absent", "absent")) == ("call", "way_absent")
    assert way(tried("absent"), needs_help=True, help_reason="mobility") == ("call", "way_absent")
    assert failed(tried("absent", "absent", "met", "absent").tries) == 2


def test_what_is_not_the_households_to_do_is_checked_elsewhere() -> None:
    old = TODAY - timedelta(days=60)
    assert way(paid="reported", paid_on=old, credential=True) == ("check", "way_ask_tax")
    assert way(paid="reported") == ("check", "way_day_unknown")
    assert way(groups=("tekun",)) == ("check", "way_ask_department")
    assert way(paid="reported", paid_on=TODAY, credential=True) == ("wait", "way_posting")


def test_who_declined_or_is_settled_is_left_alone() -> None:
    assert way(absence="refused") == ("leave", "way_declined")
    assert way(absence="army") == ("leave", "way_settled")
    assert way(paid="confirmed", credential=True) == ("leave", "way_settled")


def test_a_day_that_was_named_is_kept() -> None:
    later = found(promised=TODAY + timedelta(days=4))
    assert (later.way, later.until) == ("wait", TODAY + timedelta(days=4))
    assert way(promised=TODAY) == ("see", "way_promise_due")
    assert way(tried("phoned"), promised=TODAY) == ("call", "way_promise_due")
    # Named behind the last day for it: nobody waits that long.
    assert way(groups=("dibao",), promised=date(2025, 12, 28), today=date(2025, 12, 20))[0] != "wait"


def test_a_no_cools_down_for_a_week_unless_the_day_comes_before() -> None:
    lately = found(tried("refused"))
    assert (lately.way, lately.until) == ("wait", TODAY - timedelta(days=1) + COOLING)
    assert way(tried("refused", before=COOLING.days)) == ("see", "way_refused")
    last = POLICY.window.end - timedelta(days=2)
    assert way(Reach(True, (Try(last - timedelta(days=1), "refused"),)), last) == ("see", "way_refused")


def test_who_was_tried_today_is_not_tried_again_unless_asked_to() -> None:
    today = Reach(True, (Try(TODAY, "absent"),))
    assert way(today) == ("wait", "way_tried_today")
    assert way(replace(today, again=TODAY), promised=TODAY)[0] == "call"


def test_help_needs_hands_at_the_door_and_whoever_is_away_a_call() -> None:
    assert way(needs_help=True, help_reason="no_smartphone") == ("see", "way_help")
    assert way(needs_help=True, help_reason="absent") == ("call", "way_away")
    assert way(residence="away") == ("call", "way_away")


def test_special_groups_newborns_and_credentials() -> None:
    assert way(groups=("dibao",)) == ("call", "way_special")
    assert way(groups=("dibao",), today=date(2025, 12, 20)) == ("see", "way_special")
    born = TODAY - timedelta(days=80)
    assert way(birth=born) == ("see", "way_newborn")
    assert way(birth=TODAY - timedelta(days=5)) == ("call", "way_newborn")
    assert way(birth=date(2015, 1, 1), paid="confirmed") == ("remind", "way_relative_binds")
    assert way(birth=date(1980, 1, 1), paid="confirmed") == ("remind", "way_by_themselves")
    assert way(Reach(), birth=date(2015, 1, 1), paid="confirmed") == ("see", "way_no_phone")


def test_the_strongest_way_is_the_households() -> None:
    ways = [found(), found(Reach()), found(absence="refused")]
    best = strongest(ways)
    assert best is not None and best.way == "see"
    assert strongest([]) is None


REACHES = st.builds(
    Reach,
    phone=st.booleans(),
    tries=st.lists(st.builds(Try, on=st.none() | DAYS, outcome=st.sampled_from(OUTCOMES)), max_size=4).map(
        tuple
    ),
    again=st.none() | DAYS,
)


@given(policies(), people, REACHES, DAYS)
def test_everybody_has_exactly_one_way_with_a_reason(policy, facts, reach, today) -> None:
    step = next_step(policy, facts, today)
    got = approach(policy, facts, step, reach, today)
    assert got.way in WAYS and got.reason.code.startswith("way_")
    assert got == approach(policy, facts, step, reach, today)
    if step.code in ("refused", "explained", "over", "none"):
        assert got.way == "leave"
    if not reach.phone:
        assert got.way not in ("call", "remind")
    if got.way in DOOR and facts.promised and facts.promised > today:
        assert step.deadline is not None and facts.promised > step.deadline
    if got.way == "wait" and got.until and step.code not in ("wait_posting", "wait_window"):
        assert got.until > today


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_outcome_is_forgotten(outcome: str) -> None:
    assert way(tried(outcome))[0] in WAYS
