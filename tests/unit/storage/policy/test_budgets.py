"""Who pays for whom, and how much of it arrived: every sum to the fen."""

from dataclasses import replace as changed
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from storage.policies import load
from storage.policy import budgets, money
from storage.policy.amounts import due
from storage.policy.budgets import Account, Total, departments, everything, shares, totals
from storage.policy.model import Policy
from storage.policy.money import Steps, case

DALAD, BAOTOU, EXAMPLE = load("dalad-2024"), load("baotou-2026"), load("example-2026")
ODD = replace(
    EXAMPLE,
    groups=tuple(
        replace(group, share=Decimal("0.33335"), subsidised_fen=None)
        if group.code in ("jiance", "tekun")
        else group
        for group in EXAMPLE.groups
    ),
)
ADDING = replace(ODD, highest_only=False)
POLICIES = (DALAD, BAOTOU, EXAMPLE, ODD, ADDING)
TODAY = date(2026, 3, 1)


def account(
    policy: Policy, groups: tuple[str, ...], paid: int = 0, *, budgeted: bool = True, **steps: object
) -> Account:
    """Somebody's account as the queries make it."""
    owed = due(policy, groups)
    back = budgets.reckoned(owed, paid)
    made = Steps(**steps)  # type: ignore[arg-type]
    told = case(back, made, since=None, today=TODAY) if back or steps else None
    return Account(shares(policy, owed, groups), budgeted, paid, back, steps=made, case=told)


@pytest.mark.parametrize(
    ("policy", "groups", "told"),
    [
        (EXAMPLE, (), []),
        (EXAMPLE, ("dibao",), [("民政局", "dibao", 35000)]),
        (EXAMPLE, ("dibao", "tekun"), [("民政局", "tekun", 40000)]),
        (EXAMPLE, ("jiance", "disabled12"), [("乡村振兴统筹发展中心", "jiance", 35000)]),
        (DALAD, ("tekun", "dibao"), [("民政局", "tekun", None)]),
        (ADDING, ("dibao", "disabled12"), [("民政局", "dibao", 35000), ("残联", "disabled12", 5000)]),
    ],
)
def test_who_pays_which_part(
    policy: Policy, groups: tuple[str, ...], told: list[tuple[str, str, int | None]]
) -> None:
    got = shares(policy, due(policy, groups), groups)
    assert [(share.group.department, share.group.code, share.fen) for share in got] == told


@given(st.sampled_from(POLICIES), st.data())
def test_the_parts_are_the_subsidy(policy: Policy, data: st.DataObject) -> None:
    codes = [*(group.code for group in policy.groups), "unheard_of"]
    groups = tuple(sorted(data.draw(st.frozensets(st.sampled_from(codes)))))
    owed = due(policy, groups)
    got = shares(policy, owed, groups)
    assert sum(share.fen or 0 for share in got) == owed.subsidy_fen
    assert sum(share.fen or 0 for share in got if share.group.mode == "refund") == owed.refund_fen
    assert len({share.group.code for share in got}) == len(got)


def test_the_sums_of_a_small_village() -> None:
    whole = {"claimed_fen": 35000, "applied_on": TODAY, "received_fen": 35000, "handed_fen": 35000}
    people = [
        account(EXAMPLE, ("dibao",), 40000, **whole, signed_on=TODAY),
        account(EXAMPLE, ("dibao", "jiance"), 40000, claimed_fen=35000, applied_on=TODAY),
        account(EXAMPLE, ("dibao",), 20000),
        account(EXAMPLE, ("dibao",)),
        account(EXAMPLE, ("dibao",), 40000, budgeted=False),
        account(EXAMPLE, ("tekun",)),
        account(EXAMPLE, ("disabled12",), 40000, claimed_fen=35000, applied_on=TODAY, refused_on=TODAY),
        account(EXAMPLE, ("youfu",)),
        account(EXAMPLE, (), 40000),
    ]
    rows = {row.group: row for row in totals(EXAMPLE, people)}
    assert list(rows) == ["tekun", "dibao", "disabled12", "youfu"]
    assert rows["dibao"] == Total(
        "民政局", "dibao", mode="refund", people=4, budget_fen=140000, unpaid_fen=35000, short_fen=15000,
        outside_fen=35000, due_fen=125000, applied_fen=70000, received_fen=35000, handed_fen=35000,
        signed_fen=35000, open_fen=90000,
    )  # fmt: skip
    assert rows["tekun"] == Total("民政局", "tekun", mode="advance", people=1, budget_fen=40000)
    assert (rows["disabled12"].refused_fen, rows["disabled12"].open_fen) == (35000, 0)
    assert (rows["youfu"].people, rows["youfu"].unknown, rows["youfu"].budget_fen) == (1, 1, 0)
    civil, disabled, _veterans = departments(rows.values())
    assert (civil.department, civil.people, civil.budget_fen) == ("民政局", 5, 180000)
    assert disabled.refused_fen == 35000
    assert everything(rows.values()).budget_fen == 215000


def test_what_several_groups_give_back_is_spread_in_turn() -> None:
    one = account(
        ADDING, ("dibao", "disabled12"), 37000, claimed_fen=37000, applied_on=TODAY, received_fen=36000
    )
    rows = [(row.group, row.due_fen, row.short_fen, row.received_fen) for row in totals(ADDING, [one])]
    assert rows == [("dibao", 35000, 0, 35000), ("disabled12", 2000, 3000, 1000)]


def test_refunds_for_other_reasons_stay_apart() -> None:
    other = Account(
        (), True, 40000, 40000, "double_payment", Steps(), case(40000, Steps(), since=None, today=TODAY)
    )
    lost = account(EXAMPLE, (), 40000, claimed_fen=35000, received_fen=35000)
    rows = totals(
        EXAMPLE, [other, changed(lost, group="dibao"), changed(lost, group="gone", department="某局")]
    )
    assert [(row.reason, row.department, row.group, row.due_fen, row.received_fen) for row in rows] == [
        ("subsidy", "民政局", "dibao", 0, 35000),  # nothing is due, and yet it came
        ("subsidy", "某局", "gone", 0, 35000),
        ("double_payment", "", "", 40000, 0),
    ]
    assert [row.reason for row in departments(rows)] == ["subsidy", "subsidy", "double_payment"]
    assert everything(rows).people == 0


PEOPLE = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from([*(group.code for group in EXAMPLE.groups), "unheard_of"])),
        st.sampled_from((0, 1, 5000, 13334, 20001, 40000)),
        st.booleans(),
        st.sampled_from(("", "applied", "received", "handed", "refused")),
    ),
    max_size=12,
)


@given(st.sampled_from((EXAMPLE, ODD, ADDING, BAOTOU)), PEOPLE)
def test_budget_due_and_departments_agree_to_the_fen(
    policy: Policy, people: list[tuple[frozenset[str], int, bool, str]]
) -> None:
    accounts = []
    for groups, paid, budgeted, stage in people:
        back = budgets.reckoned(due(policy, groups), paid)
        said: dict[str, object] = {"claimed_fen": back, "applied_on": TODAY} if stage and back else {}
        if stage in ("received", "handed") and back:
            said["received_fen"] = back
        if stage == "handed" and back:
            said["handed_fen"] = back
        if stage == "refused" and back:
            said["refused_on"] = TODAY
        accounts.append(account(policy, tuple(sorted(groups)), paid, budgeted=budgeted, **said))
    rows = totals(policy, accounts)
    whole = everything(rows)
    planned = [due(policy, groups).subsidy_fen for groups, _paid, budgeted, _stage in people if budgeted]
    assert whole.budget_fen == sum(planned)
    assert whole.due_fen == sum(one.reckoned_fen for one in accounts)
    assert whole.received_fen == sum(one.steps.received_fen or 0 for one in accounts)
    assert whole.handed_fen == sum(one.steps.handed_fen or 0 for one in accounts)
    for row in rows:
        back = row.mode == "refund"
        assert (
            row.budget_fen if back else 0
        ) == row.due_fen - row.outside_fen + row.unpaid_fen + row.short_fen
        assert row.due_fen == row.open_fen + row.handed_fen + row.refused_fen
        assert min(getattr(row, name) for name in Total.__dataclass_fields__ if name.endswith("_fen")) >= 0
    by_office = departments(rows)
    assert len({row.department for row in by_office}) == len(by_office)
    assert everything(by_office) == whole


def test_every_amount_is_summed() -> None:
    one = Total("甲", **dict.fromkeys(list(Total.__dataclass_fields__)[4:], 1))
    assert all(getattr(one + one, name) == 2 for name in list(Total.__dataclass_fields__)[4:])
    assert (one + changed(one, department="乙")).department == "甲"
    assert Total("甲").reason == money.SUBSIDY
