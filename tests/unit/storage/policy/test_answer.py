"""Everything about one person on one day, and "what if they pay then"."""

from datetime import date

from storage.policies import load
from storage.policy.answer import answer
from storage.policy.facts import PersonFacts
from storage.policy.window import Span

EXAMPLE, UXIN = load("example-2026"), load("uxin-2024")
DECEMBER = date(2025, 12, 1)
DIBAO = PersonFacts(birth=date(1950, 3, 1), residence="resident", groups=("dibao",), lapsed_years=0)


def test_one_person_whole() -> None:
    got = answer(EXAMPLE, DIBAO, DECEMBER)
    assert (got.state.code, got.step.code, got.where.state) == ("open", "pay", "open")
    assert (got.step.deadline, got.pay_on) == (date(2025, 12, 25), DECEMBER)
    assert (got.due.pay_now_fen, got.due.refund_fen, got.due.own_fen) == (40000, 35000, 5000)
    assert got.covers == Span(date(2026, 1, 1), date(2026, 12, 31))
    assert got.counted == (("resident", True), ("registered", True), ("should", True))
    assert [one.reason.code for one in got.counts] == ["residence_counted"] * 3
    assert (got.explained, got.paid, got.owing) == (False, False, True)
    assert [reason.code for reason in got.if_not] == ["special_target_at_risk", "late_covers_from_payment"]
    assert (got.incentive is not None, got.repair, got.refund) == (True, None, None)


def test_what_if_they_pay_on_20_february() -> None:
    plain = PersonFacts(residence="resident", lapsed_years=3)
    today = answer(UXIN, plain, date(2024, 2, 1))
    then = answer(UXIN, plain, date(2024, 2, 1), date(2024, 2, 20))
    assert (today.wait.months, today.covers) == (0, Span(date(2024, 1, 1), date(2024, 12, 31)))
    assert (then.wait.months, then.covers) == (3, Span(date(2024, 5, 20), date(2024, 12, 31)))
    assert (then.wait.starts, then.wait.ends) == (date(2024, 2, 20), date(2024, 5, 19))
    assert (then.step, then.state, then.due) == (today.step, today.state, today.due)


def test_repaying_is_offered_to_whoever_waits_for_lapsed_years() -> None:
    lapsed = answer(EXAMPLE, PersonFacts(lapsed_years=3), DECEMBER)
    assert lapsed.repair is not None
    assert lapsed.repair.params == {"years": 2, "fen": 40000, "months": 3, "now": 5}
    assert lapsed.repair in lapsed.reasons()
    assert answer(EXAMPLE, PersonFacts(lapsed_years=3, groups=("dibao",)), DECEMBER).repair is None


def test_whoever_has_paid_is_told_by_the_day_they_paid() -> None:
    paid = PersonFacts(residence="resident", paid="confirmed", paid_on=date(2026, 2, 20), lapsed_years=0)
    got = answer(EXAMPLE, paid, date(2026, 6, 1), pay_on=date(2026, 9, 1))
    assert (got.pay_on, got.covers) == (date(2026, 2, 20), Span(date(2026, 5, 20), date(2026, 12, 31)))
    assert (got.paid, got.owing, got.if_not) == (True, False, ())
    undated = answer(EXAMPLE, PersonFacts(paid="confirmed"), DECEMBER, date(2026, 9, 1))
    assert (undated.pay_on, undated.covers) == (DECEMBER, Span(date(2026, 1, 1), date(2026, 12, 31)))


def test_whoever_is_gone_or_elsewhere_has_no_cover_here() -> None:
    for absence in ("death", "army"):
        got = answer(EXAMPLE, PersonFacts(residence="resident", absence=absence), DECEMBER)
        assert (got.covers, got.owing, got.explained) == (None, False, True)
    assert answer(EXAMPLE, PersonFacts(), date(2027, 1, 1)).covers is None
    gone = answer(EXAMPLE, PersonFacts(residence="resident", absence="death"), DECEMBER)
    assert [one.reason.code for one in gone.counts] == ["departed"] * 3


def test_a_refund_is_brought_up_with_its_paragraph() -> None:
    paid = PersonFacts(residence="resident", paid="confirmed", paid_on=DECEMBER, absence="employee_here")
    got = answer(EXAMPLE, paid, DECEMBER)
    assert got.refund is not None
    assert (got.refund.verdict, got.refund.fen) == ("after_ending", 40000)
    assert all(reason in got.reasons() for reason in got.refund.reasons)


def test_sources_come_once_in_the_order_they_are_needed() -> None:
    got = answer(UXIN, PersonFacts(groups=("dibao",)), date(2024, 2, 1))
    places = [(cite.source, cite.at) for cite in got.sources()]
    assert places[0] == ("uxin_2024", "三、时间安排")
    assert ("uxin_2024", "三、工作保障（四）7、（五）10") in places
    assert len(set(places)) == len(places)
