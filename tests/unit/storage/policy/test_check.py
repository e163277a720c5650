"""What a policy can have wrong although every field has its type: each fault found, at its place."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from storage.policies import available, load
from storage.policy.check import CODES, problems
from storage.policy.model import Policy, SelfPayment, Source

BASE = load("nmg-2026")
ELSEWHERE = date(2031, 5, 5)


def group(**changes: Any) -> Policy:
    """The policy with its first group changed."""
    return replace(BASE, groups=(replace(BASE.groups[0], **changes), *BASE.groups[1:]))


def rule(**changes: Any) -> Policy:
    assert BASE.refunds is not None
    first, *others = BASE.refunds.rules
    return replace(BASE, refunds=replace(BASE.refunds, rules=(replace(first, **changes), *others)))


def incentive(**changes: Any) -> Policy:
    assert BASE.incentive is not None
    return replace(BASE, incentive=replace(BASE.incentive, **changes))


def target(number: int, **changes: Any) -> Policy:
    targets = list(BASE.targets)
    targets[number] = replace(targets[number], **changes)
    return replace(BASE, targets=tuple(targets))


def self_payment(**changes: Any) -> Policy:
    made = SelfPayment(channel="mini_program", steps="微信搜一搜", cite=BASE.lag_cite)
    return replace(BASE, self_payment=replace(made, **changes))


def part(name: str, **changes: Any) -> Policy:
    return replace(BASE, **{name: replace(getattr(BASE, name), **changes)})


@dataclass
class Case:
    policy: Policy
    where: str
    why: str


WRONG = [
    Case(part("window", start=date(2026, 1, 5), end=date(2026, 1, 1)), "window", "ends_before_it_starts"),
    Case(part("benefit", end=date(2025, 12, 31)), "benefit", "ends_before_it_starts"),
    Case(part("window", end=date(2027, 1, 1)), "window", "outside_benefit_period"),
    Case(replace(BASE, year=2028), "benefit", "other_year"),
    Case(part("retention", backup_days=5000), "retention", "backups_outlive"),
    Case(replace(BASE, sources=(*BASE.sources, BASE.sources[0])), "sources", "code_twice"),
    Case(replace(BASE, groups=(*BASE.groups, BASE.groups[0])), "groups", "code_twice"),
    Case(rule(code="employee"), "refunds.rules", "code_twice"),
    Case(rule(absences=("nowhere",)), "refunds.rules.double_payment.absences", "unknown_code"),
    Case(rule(code="subsidy"), "refunds.rules.subsidy.code", "reserved_code"),
    Case(rule(before="no", after="on_application"), "refunds.rules.double_payment.after", "easier_after_start"),
    Case(self_payment(channel="smoke"), "self_payment.channel", "unknown_code"),
    Case(self_payment(link="http://pay.example"), "self_payment.link", "bad_link"),
    Case(self_payment(link="https://pay.example/a b"), "self_payment.link", "bad_link"),
    Case(self_payment(link="https://pay.example/" + "x" * 300), "self_payment.link", "bad_link"),
    Case(self_payment(link="javascript:alert(1)"), "self_payment.link", "bad_link"),
    Case(replace(BASE, default_denominator="nobody"), "denominators", "unknown_code"),
    Case(target(0, denominator="nobody"), "denominators", "unknown_code"),
    Case(part("waiting", exempt_groups=("nobles",)), "waiting.exempt_groups", "unknown_code"),
    Case(part("waiting", assumed=("mood",)), "waiting.assumed", "unknown_code"),
    Case(part("newborn", assumed=("mood",)), "newborn.assumed", "unknown_code"),
    Case(incentive(assumed=("mood",)), "incentive.assumed", "unknown_code"),
    Case(incentive(cap_share=Decimal("1.2")), "incentive.cap_share", "not_a_share"),
    Case(incentive(counts_from=2027), "incentive.counts_from", "outside_year"),
    Case(part("waiting", floor_months=0), "waiting.floor_months", "half_a_floor"),
    Case(part("waiting", floor_from_lapsed_years=0), "waiting.floor_months", "half_a_floor"),
    Case(group(share=None), "groups.tekun", "share_or_amount"),
    Case(group(subsidised_fen=1), "groups.tekun", "share_or_amount"),
    Case(group(share=Decimal(0)), "groups.tekun", "pays_nothing"),
    Case(group(cap_fen=0), "groups.tekun.cap_fen", "pays_nothing"),
    Case(group(share=Decimal("1.5")), "groups.tekun", "not_a_share"),
    Case(group(share=Decimal("-0.5")), "groups.tekun", "not_a_share"),
    Case(group(share=None, subsidised_fen=40001), "groups.tekun", "more_than_premium"),
    Case(group(cap_fen=40001), "groups.tekun.cap_fen", "more_than_premium"),
    Case(group(share=None, subsidised_fen=30000, cap_fen=20000), "groups.tekun.cap_fen", "more_than_cap"),
    Case(group(mode="none", share=None, cap_fen=20000), "groups.tekun.cap_fen", "cap_without_subsidy"),
    Case(group(cite=None), "groups.tekun", "no_source"),
    Case(target(0, rate=Decimal(2)), "targets.residents_95", "not_a_share"),
    Case(target(2, deadline=None), "targets.students", "nothing_to_reach"),
    Case(target(0, deadline=ELSEWHERE), "targets.residents_95.deadline", "outside_year"),
    Case(
        replace(BASE, groups=tuple(replace(one, special=False) for one in BASE.groups)),
        "targets.special_100",
        "no_special_group",
    ),
    Case(
        replace(BASE, denominators=(*BASE.denominators, replace(BASE.denominators[0], code="void", residences=()))),
        "denominators.void",
        "counts_nobody",
    ),
    Case(
        replace(BASE, denominators=(replace(BASE.denominators[0], residences=("moon",)), *BASE.denominators[1:])),
        "residences",
        "unknown_code",
    ),
    Case(
        replace(BASE, sources=tuple(one for one in BASE.sources if one.key != "newborn_public")),
        "newborn.cite",
        "unknown_source",
    ),
    Case(
        replace(BASE, sources=tuple(one for one in BASE.sources if one.key != "xize")),
        "refunds.other_cite",
        "unknown_source",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=[f"{case.why}-{case.where}" for case in WRONG])
def test_what_contradicts_itself_is_found_at_its_place(case: Case) -> None:
    assert (case.where, case.why) in list(problems(case.policy))


def test_every_fault_there_is_has_a_case() -> None:
    assert {case.why for case in WRONG} == set(CODES)


@pytest.mark.parametrize("name", [head.id for head in available()])
def test_what_ships_is_sound(name: str) -> None:
    assert list(problems(load(name))) == []


def test_a_policy_without_the_newer_parts_is_sound() -> None:
    old = replace(
        BASE, refunds=None, incentive=None, doubles=None, finance=None, yellow_cards=None, targets=()
    )
    assert list(problems(old)) == []
    extra = Source(key="another", document="另一份", grade="press")
    assert list(problems(replace(old, sources=(*old.sources, extra)))) == [], "an unused source harms nobody"


def test_first_and_last_days_belong_to_the_year() -> None:
    for day in (BASE.window.start, BASE.benefit.end):
        assert list(problems(target(0, deadline=day))) == []
    for policy in (group(cap_fen=BASE.personal_fen), group(cap_fen=1), incentive(counts_from=BASE.year)):
        assert list(problems(policy)) == []
    one_day = part("window", end=BASE.window.start)
    assert "ends_before_it_starts" not in {why for _, why in problems(one_day)}


@pytest.mark.parametrize(
    "link", ["", "https://pay.example/a?b=1", "weixin://dl/business/?t=x", "alipays://platformapi/a"]
)
def test_a_link_a_telephone_opens_is_sound(link: str) -> None:
    assert list(problems(self_payment(link=link))) == []
