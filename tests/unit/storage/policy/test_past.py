"""What earlier years say: every year is insured, repaid, elsewhere, lapsed, before birth or unknown."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.policy.past import UNKNOWN, Evidence, Past, past

YEARS = st.frozensets(st.integers(2015, 2026), max_size=8)


@pytest.mark.parametrize(
    ("evidence", "known", "born", "expected"),
    [
        (Evidence(), (), None, UNKNOWN),
        (Evidence(paid=(2026,)), (2026,), None, Past(0, 1, True)),
        (Evidence(paid=(2026,)), (), None, Past(0, 1, True)),
        (Evidence(paid=(2024, 2025, 2026)), (2025, 2026), None, Past(0, 3, True)),
        (Evidence(), (2026,), None, Past(1, 0, False)),
        (Evidence(paid=(2024,)), (2025, 2026), None, Past(2, 0, False)),
        (Evidence(paid=(2024,)), (2026,), None, Past(1, 0, False)),
        (Evidence(paid=(2023, 2024, 2026)), (2023, 2024, 2025, 2026), None, Past(0, 1, True)),
        (Evidence(paid=(2023,), repaid=(2025,)), (2023, 2024, 2025, 2026), None, Past(3, 0, False, 1)),
        (Evidence(paid=(2025,), repaid=(2026,)), (2025, 2026), None, Past(1, 0, True, 1)),
        (Evidence(elsewhere=(2026,)), (2026,), None, Past(0, None, False)),
        (Evidence(elsewhere=(2026,), paid=(2024, 2025)), (2024, 2025, 2026), None, Past(0, 2, False)),
        (Evidence(elsewhere=(2025,)), (2025, 2026), None, Past(1, 0, False)),
        (Evidence(), (2024, 2025, 2026), 2024, Past(2, 0, False)),
        (Evidence(), (2024, 2025, 2026), 2026, Past(0, 0, False)),
        (Evidence(), (2024, 2025, 2026), 2027, Past(0, 0, False)),
        (Evidence(paid=(2026,)), (2025, 2026), 2026, Past(0, 1, True)),
    ],
    ids=str,
)
def test_before_2027(evidence: Evidence, known: tuple[int, ...], born: int | None, expected: Past) -> None:
    assert past(2027, evidence, known, born) == expected


def test_one_more_lapsed_year_never_makes_the_lapse_shorter() -> None:
    spans: Callable[[int], Past] = lambda year: past(year, Evidence(paid=(2020,)), range(2020, 2027))  # noqa: E731
    assert [spans(year).lapsed_years for year in range(2021, 2028)] == list(range(7))


@given(YEARS, YEARS, YEARS, YEARS, st.none() | st.integers(2010, 2027))
def test_a_lapse_and_a_run_of_insured_years_exclude_each_other(
    paid: frozenset[int],
    repaid: frozenset[int],
    elsewhere: frozenset[int],
    known: frozenset[int],
    born: int | None,
) -> None:
    found = past(2027, Evidence(paid, repaid, elsewhere), known, born)
    assert not (found.lapsed_years and found.continuous_years)
    assert found.repaid_years <= (found.lapsed_years or 0)
    assert (found.continuous_years or 0) <= len(paid)
    if found.insured_last is None:
        assert found == UNKNOWN
    if 2026 in paid:
        assert (found.lapsed_years, found.insured_last) == (0, True)
        assert found.continuous_years


@given(YEARS, YEARS, st.integers(2015, 2026))
def test_a_payment_more_never_lengthens_a_lapse(
    paid: frozenset[int], known: frozenset[int], more: int
) -> None:
    before = past(2027, Evidence(paid), known | {2026})
    after = past(2027, Evidence(paid | {more}), known | {2026})
    assert (after.lapsed_years or 0) <= (before.lapsed_years or 0)
    assert (after.continuous_years or 0) >= (before.continuous_years or 0)
