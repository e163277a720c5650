"""How easily somebody may be won: what speaks for it, what against, and that it never goes the wrong way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.policies import load
from storage.policy.ease import Around, Ease, ease, insured_before
from storage.policy.facts import PersonFacts

POLICY = load("example-2026")
TODAY = date(2025, 12, 3)
ADULT = PersonFacts(birth=date(1980, 1, 1), residence="resident")

around_ = st.builds(Around, phone=st.booleans(), household_paid=st.integers(0, 6))
facts_ = st.builds(
    PersonFacts,
    birth=st.none() | st.dates(date(1930, 1, 1), TODAY),
    residence=st.sampled_from(["resident", "away", "incoming", "unknown"]),
    groups=st.sets(st.sampled_from([group.code for group in POLICY.groups]), max_size=3),
    absence=st.none() | st.sampled_from([reason.code for reason in POLICY.reasons] + ["not_a_reason"]),
    needs_help=st.booleans(),
    promised=st.none() | st.dates(TODAY - timedelta(60), TODAY + timedelta(60)),
    new_enrollee=st.booleans(),
    lapsed_years=st.none() | st.integers(0, 9),
    continuous_years=st.none() | st.integers(0, 20),
)


def read(facts: PersonFacts = ADULT, around: Around = Around()) -> Ease:  # noqa: B008  # frozen
    return ease(POLICY, facts, around, TODAY)


def codes(found: Ease) -> set[str]:
    return {reason.code for reason in found.reasons}


@pytest.mark.parametrize(
    ("facts", "around", "code"),
    [
        ({"promised": TODAY + timedelta(days=3)}, {}, "ease_promised"),
        ({"birth": TODAY - timedelta(days=20)}, {}, "ease_newborn"),
        ({"groups": ("tekun",)}, {}, "ease_costs_nothing"),
        ({"groups": ("dibao",)}, {}, "ease_refund"),
        ({}, {"household_paid": 2}, "ease_household_paid"),
        ({"lapsed_years": 0, "continuous_years": 1}, {}, "ease_paid_before"),
        ({"continuous_years": 6}, {}, "ease_paid_before"),
        ({"needs_help": True, "help_reason": "age"}, {}, "ease_needs_help"),
        ({}, {"phone": True}, "ease_phone"),
    ],
)
def test_what_makes_it_easier(facts: dict[str, object], around: dict[str, object], code: str) -> None:
    told = read(replace(ADULT, **facts), Around(**around))  # type: ignore[arg-type]
    assert told.score > read().score
    assert code in codes(told)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"lapsed_years": 3}, "ease_not_before"),
        ({"residence": "away"}, "ease_away"),
        ({"new_enrollee": True}, "ease_new"),
    ],
)
def test_what_makes_it_harder(facts: dict[str, object], code: str) -> None:
    told = read(replace(ADULT, **facts))  # type: ignore[arg-type]
    assert told.score < read().score
    assert code in codes(told)


def test_a_subsidy_paid_in_advance_in_part_is_said() -> None:
    baotou = load("baotou-2026")
    assert "ease_subsidy" in codes(ease(baotou, replace(ADULT, groups=("dibao",)), Around(), TODAY))


def test_a_day_let_pass_speaks_less_than_one_to_come() -> None:
    due, passed = (replace(ADULT, promised=TODAY - timedelta(days=days)) for days in (2, 20))
    assert read(due).score > read(passed).score > read().score
    assert "ease_let_pass" in codes(read(passed))


def test_whoever_is_expected_comes_before_whoever_is_cold() -> None:
    likely = replace(ADULT, promised=TODAY, lapsed_years=0)
    assert read(likely, Around(phone=True, household_paid=3)).band == "easy"
    assert read(ADULT, Around(phone=True)).band == "middle"
    assert read(replace(ADULT, lapsed_years=2, residence="away")).band == "hard"


def test_the_points_of_a_costless_payment_name_the_paragraph() -> None:
    reason = next(
        one for one in read(replace(ADULT, groups=("tekun",))).reasons if one.code == "ease_costs_nothing"
    )
    assert reason.cite is not None
    assert reason.params["points"] == 20


@pytest.mark.parametrize(
    ("lapsed", "continuous", "before"),
    [
        (None, None, None),
        (0, 1, True),
        (0, 0, None),  # born since, or insured elsewhere
        (0, None, None),
        (2, None, False),
        (None, 3, True),
        (None, 0, False),
        (1, 5, False),
    ],
)
def test_what_the_history_says_of_last_year(
    lapsed: int | None, continuous: int | None, before: bool | None
) -> None:
    assert insured_before(PersonFacts(lapsed_years=lapsed, continuous_years=continuous)) is before


@given(facts_, around_, facts_, around_)
def test_whoever_declined_comes_after_everybody_who_did_not(
    one: PersonFacts, beside: Around, other: PersonFacts, near: Around
) -> None:
    declined = read(replace(one, absence="refused"), beside)
    lost = read(replace(one, absence="unreachable"), beside)
    assert declined.reasons[0].code == "ease_refused"
    assert (declined.band, lost.band) == ("unlikely", "unlikely")
    assert declined.score < lost.score < read(replace(other, absence=None), near).score


@given(facts_, around_)
def test_every_score_lies_in_its_band_and_adds_up(facts: PersonFacts, around: Around) -> None:
    told = read(facts, around)
    assert 0 <= told.score <= 100
    assert (told.score < 20) == (told.band == "unlikely")
    if told.band != "unlikely":
        points = sum(int(str(reason.params["points"])) for reason in told.reasons)
        assert told.score == min(max(45 + points, 20), 100)


@given(facts_, around_)
def test_a_good_sign_never_makes_it_harder(facts: PersonFacts, around: Around) -> None:
    plain = read(facts, around).score
    assert read(facts, replace(around, phone=True)).score >= plain
    assert read(facts, replace(around, household_paid=around.household_paid + 1)).score >= plain
    assert read(replace(facts, needs_help=True), around).score >= plain
    assert read(replace(facts, lapsed_years=0), around).score >= plain
    assert read(replace(facts, promised=TODAY), around).score >= plain
