"""Ranks and yellow cards: fair between equals, whatever the numbers."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import policies
from storage.policy.model import YellowCards
from storage.policy.ranking import Cards, cards, ranking, share

UXIN = policies.load("uxin-2024")
PLACES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2),
    st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(0, 6))),
    max_size=9,
)


def test_the_last_two_of_the_plan() -> None:
    found = ranking({"a": (9, 10), "b": (8, 10), "c": (5, 10), "d": (4, 10)}, 2)
    assert dict(found.ranks) == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert (found.carded, found.tied, found.spared, found.ranked) == (("c", "d"), (), (), 4)


def test_a_rate_is_exact_and_not_what_is_printed_of_it() -> None:
    found = ranking({"a": (9501, 10000), "b": (9502, 10000), "c": (19002, 20000)}, 1)
    assert dict(found.ranks) == {"b": 1, "a": 2, "c": 2}
    assert found.carded == ("a", "c") and found.tied == ("a", "c"), "both print as 95.0 %, and are equal"


def test_all_at_the_boundary_get_one() -> None:
    found = ranking({"a": (9, 10), "b": (5, 10), "c": (1, 2), "d": (2, 4), "e": (1, 10)}, 2)
    assert found.carded == ("b", "c", "d", "e")
    assert found.tied == ("b", "c", "d")


def test_where_all_are_equal_nobody_is_behind() -> None:
    found = ranking({"a": (0, 10), "b": (0, 20)}, 2)
    assert (found.carded, found.spared) == ((), ("a", "b"))


def test_whoever_has_everybody_gets_none() -> None:
    found = ranking({"a": (12, 10), "b": (10, 10), "c": (7, 7)}, 2)
    assert (found.carded, found.spared) == ((), ("b", "c"))


def test_a_place_without_a_number_has_no_rank() -> None:
    found = ranking({"a": (3, 4), "b": (3, None), "c": (0, 0), "d": (1, 4)}, 1)
    assert dict(found.ranks) == {"a": 1, "b": None, "c": None, "d": 2}
    assert (found.carded, found.ranked) == (("d",), 2)


@given(PLACES, st.integers(0, 4))
def test_no_place_is_treated_worse_than_an_equal_or_a_worse_one(
    places: dict[str, tuple[int, int | None]], count: int
) -> None:
    found = ranking(places, count)
    shares = {code: share(counts) for code, counts in places.items()}
    carded = set(found.carded)
    assert len(carded) == len(found.carded)
    for one, mine in shares.items():
        for other, theirs in shares.items():
            if mine is None or theirs is None:
                continue
            mine_rank, their_rank = found.ranks[one], found.ranks[other]
            assert mine_rank is not None and their_rank is not None
            assert (mine < theirs) == (mine_rank > their_rank)
            if one in carded and theirs <= mine and theirs < 1:
                assert other in carded, "an equal or a worse one without a card"
    for code in carded:
        rank = found.ranks[code]
        mine = shares[code]
        assert rank is not None and rank > 1 and mine is not None and mine < 1
    worse = {
        code: sum(s is not None and s < Fraction(m) for s in shares.values())
        for code, m in shares.items()
        if m is not None
    }
    assert all(worse[code] < count for code in carded), "fewer than so many stand behind each"
    behind = [code for code in worse if worse[code] < count]
    assert carded | set(found.spared) == set(behind)
    if not found.tied and not found.spared:
        assert len(carded) == min(count, len(worse))


@given(PLACES, st.integers(0, 4))
def test_the_order_places_come_in_is_no_tie_break(
    places: dict[str, tuple[int, int | None]], count: int
) -> None:
    turned = dict(reversed(list(places.items())))
    assert ranking(turned, count).carded == ranking(places, count).carded


@pytest.mark.parametrize(
    ("level", "own", "kind"),
    [
        ("banner", "banner", "card"),
        ("banner", "township", "warning"),
        ("township", "township", "card"),
        ("township", "banner", "none"),
    ],
)
def test_who_issues_them_is_the_policy_s(level: str, own: str, kind: str) -> None:
    rule = msgspec.structs.replace(UXIN.yellow_cards, level=level) if UXIN.yellow_cards else None
    policy = msgspec.structs.replace(UXIN, yellow_cards=rule)
    found = cards(policy, own)  # type: ignore[arg-type]
    assert isinstance(rule, YellowCards)
    assert (found.kind, found.count, found.issuer) == (kind, 2, rule.issuer)


def test_a_policy_without_cards_gives_none() -> None:
    assert cards(msgspec.structs.replace(UXIN, yellow_cards=None), "township") == Cards("none", 0, "")
