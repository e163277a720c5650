"""Refunds of premiums beyond the plan's own sentences (test_documents): amounts, rules of another place, absences."""

from datetime import date

import pytest
from msgspec.structs import replace

from storage.policies import load
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.refunds import Refundable, refund_for, refundable

DALAD, UXIN, TEMPLATE = load("dalad-2024"), load("uxin-2024"), load("nmg-2027")
PAID_ON, BEFORE, AFTER = date(2023, 10, 1), date(2023, 12, 31), date(2024, 1, 1)


def ask(
    policy: Policy = DALAD, reason: str = "employee", asked_on: date = BEFORE, **more: object
) -> Refundable:
    given = {"paid_on": PAID_ON, "ended": True, **more}
    return refundable(policy, reason, asked_on=asked_on, **given)  # type: ignore[arg-type]


def codes(got: Refundable) -> list[str]:
    return [reason.code for reason in got.reasons]


def test_reasons_of_each_verdict() -> None:
    assert codes(ask()) == ["refund_before_start", "refund_on_application"]
    assert codes(ask(ended=False)) == ["refund_before_start", "refund_on_application", "refund_must_end"]
    assert codes(ask(asked_on=AFTER)) == ["refund_after_start", "refund_in_principle_no"]
    assert codes(ask(reason="whim")) == ["refund_other_rules"]


def test_what_was_paid_is_what_comes_back() -> None:
    assert ask(paid_fen=12000).fen == 12000
    assert ask().fen == DALAD.personal_fen
    assert (ask(paid_on=None).verdict, ask(paid_on=None).fen) == ("yes", 38000)  # the day is not recorded
    for nothing in (ask(paid_fen=0), ask(paid_on=date(2024, 1, 1))):
        assert (nothing.verdict, nothing.fen, codes(nothing)) == ("no", 0, ["refund_nothing_paid"])


@pytest.mark.parametrize(
    ("before", "after", "asked_on", "verdict"),
    [
        ("no", "no", BEFORE, "no"),
        ("on_application", "no", AFTER, "no"),
        ("on_application", "on_application", AFTER, "yes"),
    ],
)
def test_another_place_says_otherwise(before: str, after: str, asked_on: date, verdict: str) -> None:
    assert DALAD.refunds is not None
    rule = replace(DALAD.refunds.rules[0], before=before, after=after)
    policy = replace(DALAD, refunds=replace(DALAD.refunds, rules=(rule,)))
    got = ask(policy, rule.code, asked_on)
    assert got.verdict == verdict
    assert (codes(got)[-1] == "refund_never") == (verdict == "no")


def test_a_rule_that_ends_nothing_asks_for_nothing_to_end() -> None:
    assert DALAD.refunds is not None
    rule = replace(DALAD.refunds.rules[0], ends=False)
    policy = replace(DALAD, refunds=replace(DALAD.refunds, rules=(rule,)))
    assert ask(policy, rule.code, ended=False).verdict == "yes"


@pytest.mark.parametrize(
    ("absence", "paid", "today", "verdict"),
    [
        ("employee_here", "confirmed", date(2026, 12, 31), "after_ending"),
        ("employee_elsewhere", "reported", date(2026, 12, 31), "after_ending"),
        ("resident_elsewhere", "confirmed", date(2027, 1, 1), "in_principle_no"),
        ("employee_here", "none", date(2026, 12, 31), None),
        ("army", "confirmed", date(2026, 12, 31), None),
        (None, "confirmed", date(2026, 12, 31), None),
    ],
)
def test_insurance_elsewhere_brings_up_a_refund(
    absence: str | None, paid: str, today: date, verdict: str | None
) -> None:
    facts = PersonFacts(absence=absence, paid=paid, paid_on=date(2026, 10, 1))  # type: ignore[arg-type]
    got = refund_for(TEMPLATE, facts, today)
    assert (got.verdict if got else None) == verdict


def test_where_no_document_says_anything_nothing_is_brought_up() -> None:
    assert refund_for(UXIN, PersonFacts(absence="employee_here", paid="confirmed"), BEFORE) is None


def test_what_somebody_else_paid_does_not_come_back_to_the_person() -> None:
    given: dict[str, object] = {"absence": "employee_here", "paid": "confirmed", "paid_on": date(2026, 10, 1)}
    own = refund_for(TEMPLATE, PersonFacts(**given), date(2026, 12, 1))  # type: ignore[arg-type]
    free = refund_for(TEMPLATE, PersonFacts(groups=("tekun",), **given), date(2026, 12, 1))  # type: ignore[arg-type]
    assert own is not None
    assert free is not None
    assert (own.fen, free.fen, codes(free)) == (40000, 0, ["refund_nothing_paid"])
