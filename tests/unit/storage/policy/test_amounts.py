"""Who pays which part."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from storage.policies import load
from storage.policy.amounts import due
from storage.policy.model import Policy

UXIN, BAOTOU, EXAMPLE = load("uxin-2024"), load("baotou-2026"), load("example-2026")
GROUPS = st.frozensets(st.sampled_from([*(group.code for group in EXAMPLE.groups), "unheard_of"]))


@pytest.mark.parametrize(
    ("policy", "groups", "amounts", "counts"),
    [
        (UXIN, (), (38000, 0, 38000, 0), None),
        (UXIN, ("tekun",), (38000, 0, 38000, 0), None),  # the plan names no subsidy: never invented
        (BAOTOU, ("tekun",), (0, 40000, 0, 0), "tekun"),
        (BAOTOU, ("dibao",), (12000, 28000, 12000, 0), "dibao"),
        (BAOTOU, ("dibao", "guer"), (0, 40000, 0, 0), "guer"),
        (BAOTOU, ("jiance",), (40000, 0, 40000, 0), None),
        (EXAMPLE, ("dibao",), (40000, 35000, 5000, 35000), "dibao"),
        (EXAMPLE, ("dibao", "jiance", "tuopin"), (40000, 35000, 5000, 35000), "dibao"),
        (EXAMPLE, ("tuopin", "jiance"), (40000, 35000, 5000, 35000), "jiance"),
        (EXAMPLE, ("disabled12", "tekun"), (0, 40000, 0, 0), "tekun"),
    ],
)
def test_due(policy: Policy, groups: tuple[str, ...], amounts: tuple[int, ...], counts: str | None) -> None:
    got = due(policy, groups)
    assert (got.pay_now_fen, got.subsidy_fen, got.own_fen, got.refund_fen) == amounts
    assert got.group == counts


def test_an_equal_subsidy_in_advance_goes_before_a_refund() -> None:
    groups = tuple(
        replace(group, mode="advance") if group.code == "tuopin" else group for group in EXAMPLE.groups
    )
    got = due(replace(EXAMPLE, groups=groups), ("dibao", "tuopin"))
    assert (got.group, got.pay_now_fen, got.refund_fen) == ("tuopin", 5000, 0)


def test_a_share_is_rounded_half_up_to_the_fen() -> None:
    groups = (replace(BAOTOU.groups[0], share=Decimal("0.33335")),)
    assert due(replace(BAOTOU, groups=groups), (groups[0].code,)).subsidy_fen == 13334
    assert due(replace(BAOTOU, groups=groups, personal_fen=30), (groups[0].code,)).subsidy_fen == 10


def test_reasons_name_every_identity() -> None:
    got = due(EXAMPLE, ("tekun", "dibao", "youfu", "unheard_of"))
    assert [(reason.code, reason.params.get("group")) for reason in got.reasons] == [
        ("premium", None),
        ("subsidy_advance", "tekun"),
        ("subsidy_not_added", "dibao"),
        ("subsidy_unknown", "youfu"),
        ("group_not_in_policy", "unheard_of"),
    ]
    assert [reason.code for reason in due(EXAMPLE, ("jiance",)).reasons] == ["premium", "subsidy_refund"]
    none = tuple(replace(group, mode="none") for group in UXIN.groups)
    assert due(replace(UXIN, groups=none), ("youfu",)).reasons[1].code == "subsidy_none"


@given(GROUPS, st.sampled_from([UXIN, BAOTOU, EXAMPLE]))
def test_the_parts_always_make_the_whole(groups: frozenset[str], policy: Policy) -> None:
    got = due(policy, groups)
    assert got.own_fen + got.subsidy_fen == policy.personal_fen
    assert got.pay_now_fen == got.own_fen + got.refund_fen
    assert min(got.own_fen, got.subsidy_fen, got.pay_now_fen, got.refund_fen) >= 0
    assert {reason.params["group"] for reason in got.reasons if "group" in reason.params} == groups


@given(GROUPS, GROUPS)
def test_another_identity_never_costs_and_never_adds_up(one: frozenset[str], other: frozenset[str]) -> None:
    alone = [due(EXAMPLE, groups).subsidy_fen for groups in (one, other)]
    assert due(EXAMPLE, one | other).subsidy_fen == max(alone)


def test_a_cap_holds_whatever_the_share() -> None:
    capped = tuple(
        replace(group, share=Decimal("0.9"), subsidised_fen=None, cap_fen=30000)
        if group.code == "dibao"
        else group
        for group in EXAMPLE.groups
    )
    got = due(replace(EXAMPLE, groups=capped), ("dibao",))
    assert (got.subsidy_fen, got.own_fen, got.pay_now_fen) == (30000, 10000, 40000)
    assert [reason.code for reason in got.reasons] == ["premium", "subsidy_refund", "subsidy_capped"]
    under = tuple(replace(group, cap_fen=36000) for group in EXAMPLE.groups if group.code == "dibao")
    got = due(replace(EXAMPLE, groups=under), ("dibao",))
    assert (got.subsidy_fen, len(got.reasons)) == (35000, 2), "a cap that is not reached is not told"


@pytest.mark.parametrize(
    ("groups", "amounts", "counts"),
    [
        (("dibao",), (40000, 35000, 5000, 35000), "dibao"),
        (("dibao", "jiance"), (40000, 40000, 0, 40000), "dibao"),
        (("tekun", "dibao"), (0, 40000, 0, 0), "tekun"),
        (("youfu",), (40000, 0, 40000, 0), None),
    ],
)
def test_where_subsidies_add_up_they_stop_at_the_premium(
    groups: tuple[str, ...], amounts: tuple[int, ...], counts: str | None
) -> None:
    got = due(replace(EXAMPLE, highest_only=False), groups)
    assert (got.pay_now_fen, got.subsidy_fen, got.own_fen, got.refund_fen) == amounts
    assert got.group == counts


def test_what_is_paid_in_advance_is_taken_first_where_they_add_up() -> None:
    groups = tuple(
        replace(group, mode="advance", share=None, subsidised_fen=10000, cite=EXAMPLE.lag_cite)
        if group.code == "tuopin"
        else group
        for group in EXAMPLE.groups
    )
    got = due(replace(EXAMPLE, highest_only=False, groups=groups), ("dibao", "tuopin", "jiance"))
    assert (got.pay_now_fen, got.subsidy_fen, got.refund_fen) == (30000, 40000, 30000)
    assert [(reason.code, reason.params.get("group")) for reason in got.reasons][1:] == [
        ("subsidy_refund", "dibao"),
        ("subsidy_beyond_premium", "jiance"),
        ("subsidy_advance", "tuopin"),
    ]
