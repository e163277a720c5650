"""Where a refund stands: every amount has its counterpart, or it stays open."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.policy import money
from storage.policy.money import Steps, advance, band, case, hindrance

TODAY = date(2026, 3, 1)
PAID_ON = date(2025, 12, 1)
DUE = 35000

WHOLE: dict[str, Any] = {
    "claimed_fen": DUE,
    "applied_on": date(2025, 12, 5),
    "received_fen": DUE,
    "received_on": date(2026, 2, 1),
    "handed_fen": DUE,
    "handed_on": date(2026, 2, 3),
    "signed_on": date(2026, 2, 3),
}


def upto(*names: str, **more: Any) -> Steps:
    """A refund of which only these fields were recorded."""
    return Steps(**{name: WHOLE[name] for name in ("claimed_fen", *names)}, **more)


RECEIVED = ("applied_on", "received_fen", "received_on")
HANDED = (*RECEIVED, "handed_fen", "handed_on")


@pytest.mark.parametrize(
    ("steps", "stage", "open_fen", "advance_fen", "held_fen", "problems"),
    [
        (Steps(), "due", DUE, 0, 0, ()),
        (upto("applied_on"), "applied", DUE, 0, 0, ()),
        (upto(*RECEIVED), "received", DUE, 0, DUE, ()),
        (upto(*HANDED), "handed", 0, 0, 0, ()),
        (Steps(**WHOLE), "closed", 0, 0, 0, ()),
        # refused: nobody waits any more, unless somebody laid money out for it
        (upto("applied_on", refused_on=TODAY), "refused", 0, 0, 0, ()),
        (upto("applied_on", "handed_fen", advanced_by="王会计", refused_on=TODAY), "refused", 0, DUE, 0, ()),
        (upto(*RECEIVED, refused_on=TODAY), "refused", 0, 0, DUE, ("refused_received",)),
        # laid out before finance paid: open until it came and went back
        (upto("handed_fen", "handed_on", "signed_on", advanced_by="王会计"), "signed", 0, DUE, 0, ()),
        (Steps(**WHOLE, advanced_by="王会计"), "signed", 0, DUE, DUE, ()),
        (Steps(**WHOLE, advanced_by="王会计", settled_fen=20000), "signed", 0, 15000, 15000, ()),
        (Steps(**WHOLE, advanced_by="王会计", settled_fen=DUE), "closed", 0, 0, 0, ()),
        (Steps(**WHOLE, settled_fen=1), "signed", 0, 0, 0, ("settled_more",)),
        (upto("handed_fen", "signed_on", advanced_by="王会计", settled_fen=DUE),
         "signed", 0, 0, 0, ("settled_unfunded",)),
        (upto("handed_fen", "applied_on", advanced_by="王会计", refused_on=TODAY, settled_fen=DUE),
         "refused", 0, 0, 0, ()),  # whoever got it gave it back
        # no counterpart
        (upto("handed_fen", "handed_on"), "handed", 0, 0, 0, ("handed_unfunded",)),
        (upto("signed_on"), "signed", DUE, 0, 0, ("signed_unhanded",)),
        (replace(Steps(**WHOLE), received_fen=40000), "signed", 0, 0, 5000, ("received_more", "handed_less")),
        (replace(Steps(**WHOLE), received_fen=30000),
         "signed", 0, 0, 0, ("received_less", "handed_unfunded")),
        (replace(Steps(**WHOLE), handed_fen=30000), "signed", 5000, 0, 5000, ("handed_less",)),
        (replace(Steps(**WHOLE), handed_fen=35001), "signed", 0, 0, 0, ("handed_more", "handed_unfunded")),
        (replace(Steps(**WHOLE), handed_on=date(2026, 1, 31)), "signed", 0, 0, 0, ("handed_early",)),
        (replace(Steps(**WHOLE), signed_on=date(2026, 2, 2)), "signed", 0, 0, 0, ("signed_early",)),
        (replace(Steps(**WHOLE), claimed_fen=34999, received_fen=34999, handed_fen=34999),
         "signed", 0, 0, 0, ("due_differs",)),
        (replace(Steps(**WHOLE), records=2), "signed", 0, 0, 0, ("twice",)),
        (replace(Steps(**WHOLE), disputed=True), "signed", 0, 0, 0, ("disputed",)),
    ],
)  # fmt: skip
def test_where_a_refund_stands(
    steps: Steps, stage: str, open_fen: int, advance_fen: int, held_fen: int, problems: tuple[str, ...]
) -> None:
    got = case(DUE, steps, since=PAID_ON, today=TODAY)
    assert (got.stage, got.open_fen, got.advance_fen, got.held_fen) == (
        stage,
        open_fen,
        advance_fen,
        held_fen,
    )
    assert got.problems == problems
    assert got.done == (stage == "closed" or (stage == "refused" and not (advance_fen or held_fen)))


def test_days_run_until_it_is_over() -> None:
    for steps, days in ((Steps(), 90), (Steps(**WHOLE), 64), (upto(refused_on=date(2025, 12, 11)), 10)):
        assert case(DUE, steps, since=PAID_ON, today=TODAY).days == days
    assert case(DUE, Steps(), since=None, today=TODAY).days is None
    assert case(DUE, Steps(), since=TODAY + timedelta(3), today=TODAY).days == 0


def test_steps_are_read_from_what_a_record_says() -> None:
    said = {
        "amount": 35000, "applied_on": "2025-12-05", "received_amount": 35000, "received_on": "2026-02-01",
        "handed_amount": 35000, "handed_on": "2026-02-03", "signed_on": "2026-02-03", "note": "别的",
    }  # fmt: skip
    assert Steps.of(said) == Steps(**WHOLE)
    assert Steps.of({"advanced_by": "王会计", "signed_on": "二月三日"}, 5, 2) == Steps(
        advanced_by="王会计", settled_fen=5, records=2
    )
    assert Steps.of({}) == Steps()


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (None, "undated"), (0, "d30"), (30, "d30"), (31, "d90"), (90, "d90"), (91, "d180"), (180, "d180"),
        (181, "d365"), (365, "d365"), (366, "older"), (1826, "older"),
    ],
)  # fmt: skip
def test_bands_of_the_form(days: int | None, code: str) -> None:
    assert band(days) == code


@given(st.one_of(st.none(), st.integers(0, 5000)), st.integers(0, 5000))
def test_waiting_longer_never_lies_in_a_younger_band(days: int | None, more: int) -> None:
    order = money.AGES
    if days is not None:
        assert order.index(band(days)) <= order.index(band(days + more))
    assert band(days) in order


# ---- any entries whatever

FEN = st.integers(0, 3)
DAYS = st.one_of(st.none(), st.dates(date(2025, 12, 1), date(2025, 12, 4)))
STEPS = st.builds(
    Steps,
    claimed_fen=st.one_of(st.none(), FEN),
    applied_on=DAYS,
    refused_on=DAYS,
    received_fen=st.one_of(st.none(), FEN),
    received_on=DAYS,
    handed_fen=st.one_of(st.none(), FEN),
    handed_on=DAYS,
    advanced_by=st.sampled_from(("", "王会计")),
    signed_on=DAYS,
    settled_fen=FEN,
    records=st.integers(1, 2),
    disputed=st.booleans(),
)


@given(FEN, STEPS)
def test_nothing_is_closed_without_its_counterpart(reckoned: int, steps: Steps) -> None:
    got = case(reckoned, steps, since=PAID_ON, today=TODAY)
    assert got.stage in money.STAGES and set(got.problems) <= set(money.PROBLEMS)
    assert len(set(got.problems)) == len(got.problems)
    assert min(got.open_fen, got.advance_fen, got.held_fen) >= 0
    if got.stage == "closed":
        assert steps.received_fen == steps.handed_fen == got.due_fen == reckoned
        assert steps.signed_on is not None and not got.problems
        assert steps.settled_fen == steps.lent_fen and got.open_fen == got.advance_fen == got.held_fen == 0


@given(FEN, STEPS)
def test_finance_s_money_is_somewhere(reckoned: int, steps: Steps) -> None:
    """What came is handed over, paid back to whoever laid it out, or lies with whoever received it."""
    got = case(reckoned, steps, since=None, today=TODAY)
    if not set(got.problems) & {"handed_unfunded", "handed_more", "settled_more", "settled_unfunded"}:
        passed_on = steps.settled_fen if steps.advanced_by else (steps.handed_fen or 0)
        if steps.refused_on is None:
            assert (steps.received_fen or 0) == passed_on + got.held_fen


ENTRIES = st.one_of(
    st.builds(dict, applied_on=DAYS),
    st.builds(dict, refused_on=DAYS),
    st.builds(dict, received_fen=st.one_of(st.none(), FEN), received_on=DAYS),
    st.builds(
        dict,
        handed_fen=st.one_of(st.none(), FEN),
        handed_on=DAYS,
        advanced_by=st.sampled_from(("", "王会计")),
    ),
    st.builds(dict, signed_on=DAYS),
    st.builds(dict, settled_fen=FEN),
)


@given(st.integers(1, 3), st.lists(ENTRIES, max_size=12))
def test_whatever_may_be_entered_can_still_be_closed(due: int, entries: list[dict[str, Any]]) -> None:
    steps = Steps(claimed_fen=due)
    for entry in entries:
        after = replace(steps, **entry)
        if hindrance(steps, after) is None:
            steps = after
        assert not set(case(due, steps, since=None, today=TODAY).problems) & set(money.BLOCKING)
    for entry in (  # taken back, then all of it in order
        {"settled_fen": 0}, {"signed_on": None}, {"handed_fen": None, "handed_on": None, "advanced_by": ""},
        {"refused_on": None}, {"received_fen": due, "received_on": PAID_ON},
        {"handed_fen": due, "handed_on": PAID_ON}, {"signed_on": PAID_ON},
    ):  # fmt: skip
        after = replace(steps, **entry)
        assert hindrance(steps, after) is None
        steps = after
    assert case(due, steps, since=None, today=TODAY).stage == "closed"


# ---- money laid out


@pytest.mark.parametrize(
    ("laid", "back", "stage", "open_fen", "problems", "days"),
    [
        (40000, (), "open", 40000, (), 90),
        (40000, ((date(2026, 1, 1), 35000),), "part", 5000, (), 90),
        (40000, ((date(2026, 1, 1), 35000), (date(2026, 1, 31), 5000)), "settled", 0, (), 61),
        (40000, ((None, 40000),), "settled", 0, (), 90),
        (40000, ((date(2026, 1, 1), 40001),), "settled", 0, ("settled_more",), 31),
        (0, ((date(2026, 1, 1), 100),), "settled", 0, ("nothing_laid",), 31),
    ],
)
def test_where_an_advance_stands(
    laid: int,
    back: tuple[tuple[date | None, int], ...],
    stage: str,
    open_fen: int,
    problems: tuple[str, ...],
    days: int,
) -> None:
    got = advance(laid, back, since=PAID_ON, today=TODAY)
    assert (got.stage, got.open_fen, got.problems, got.days) == (stage, open_fen, problems, days)


@given(FEN, st.lists(st.tuples(DAYS, FEN), max_size=4))
def test_an_advance_is_open_until_what_came_back_equals_it(
    laid: int, back: list[tuple[date | None, int]]
) -> None:
    got, total = advance(laid, back, since=None, today=TODAY), sum(fen for _on, fen in back)
    assert got.stage in money.ADVANCE_STAGES and set(got.problems) <= set(money.ADVANCE_PROBLEMS)
    assert (got.stage == "settled") == (total >= laid) == (got.open_fen == 0)
    assert bool(got.problems) == (total > laid)
