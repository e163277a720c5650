"""Sharing out: the sum is exact, nobody is further than a person from their share, greater places never get less."""

from fractions import Fraction
from itertools import combinations
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import RuleViolation
from storage.policy.sharing import share_out

PLACES = st.dictionaries(
    st.integers(150621102200, 150621102260).map(str), st.integers(0, 5000), min_size=1, max_size=30
)


@given(people=st.integers(0, 200_000), weights=PLACES)
def test_whole_persons_exact_sum_and_monotone(people: int, weights: dict[str, int]) -> None:
    if people and not any(weights.values()):
        with pytest.raises(RuleViolation, match=r"share\.weights"):
            share_out(people, weights)
        return
    shares = share_out(people, weights)
    assert list(shares) == list(weights)
    assert sum(one.people for one in shares.values()) == people
    for place, one in shares.items():
        exact = Fraction(people * weights[place], sum(weights.values()) or 1)
        assert one.exact == exact or not sum(weights.values())
        assert floor(exact) <= one.people <= ceil(exact)
        assert one.people == floor(exact) + one.extra
    for one, other in combinations(shares.values(), 2):
        if one.weight > other.weight:
            assert one.people >= other.people
        elif one.weight == other.weight:
            assert abs(one.people - other.people) <= 1
    # The order in which places come changes nothing.
    assert share_out(people, dict(reversed(weights.items()))) == shares


@given(data=st.data(), people=st.integers(0, 50_000), weights=PLACES)
def test_what_was_set_by_hand_stays_and_the_others_share_the_rest(
    data: st.DataObject, people: int, weights: dict[str, int]
) -> None:
    fixed = data.draw(st.dictionaries(st.sampled_from(sorted(weights)), st.integers(0, 3000)))
    free = {place: weight for place, weight in weights.items() if place not in fixed}
    left = people - sum(fixed.values())
    if left < 0 or (left and not any(free.values())):
        with pytest.raises(RuleViolation, match=r"share\.(fixed|weights)"):
            share_out(people, weights, fixed)
        return
    shares = share_out(people, weights, fixed)
    assert sum(one.people for one in shares.values()) == people
    assert {place: shares[place].people for place in fixed} == fixed
    assert all(shares[place].fixed is (place in fixed) for place in weights)
    alone = share_out(left, free) if free else {}
    assert {place: shares[place] for place in free} == alone


def test_a_case_by_hand() -> None:
    shares = share_out(100, {"a": 1210, "b": 905, "c": 905})
    # 40.07, 29.97, 29.97: of the equal remainders b and c both get one of the two left over
    assert [one.people for one in shares.values()] == [40, 30, 30]
    assert [one.extra for one in shares.values()] == [False, True, True]
    shares = share_out(100, {"a": 1210, "b": 905, "c": 905}, {"a": 50})
    assert [one.people for one in shares.values()] == [50, 25, 25]


def test_more_by_hand_than_there_is() -> None:
    with pytest.raises(RuleViolation, match=r"share\.fixed"):
        share_out(10, {"a": 1, "b": 1}, {"a": 11})
    with pytest.raises(RuleViolation, match=r"share\.people"):
        share_out(-1, {"a": 1})
    with pytest.raises(RuleViolation, match=r"share\.people"):
        share_out(1, {"a": 1, "b": 1}, {"a": -1})
