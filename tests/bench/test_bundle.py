"""A village's whole file: built, then opened, verified and applied, against executemany of the same rows."""

from pathlib import Path

import pytest

from storage.ledger import Ledger
from storage.policy import id_number
from sync import exchange
from sync.segments import sign_open_operations
from tests.bench import bare
from tests.bench.conftest import Compare
from tests.bench.townships import Township, written

PEOPLE = 5_000
GROWTH = (5_000, 20_000)
GROWTH_FULL = (5_000, 20_000, 100_000)
ROUNDS = 5


def test_bundle(tmp_path: Path, compare: Compare) -> None:
    township = Township(tmp_path, 1, PEOPLE)
    (village,) = township.villages
    sign_open_operations(village)
    offices = [township.office() for _ in range(ROUNDS)]
    numbers = iter(range(3 * ROUNDS))
    rows = bare.rows_of(village)

    def limit() -> None:
        bare.insert(tmp_path / f"bare{next(numbers)}.db", rows)

    compare(
        f"bundle of {PEOPLE:,} people, built",
        lambda: written(village, tmp_path / "out"),
        limit,
        aim=1,
        rounds=ROUNDS,
    )
    (sent,) = written(village, tmp_path / "out")
    fresh = iter(offices)
    compare(
        f"bundle of {PEOPLE:,} people, opened + verified + applied",
        lambda: taken(next(fresh), sent, "applied"),
        limit,
        aim=1.5,
        rounds=ROUNDS,
    )
    compare(
        "the same bundle again",
        lambda: taken(offices[0], sent, "known"),
        limit,
        aim=0.2,
        rounds=ROUNDS,
    )


def taken(office: Ledger, path: Path, outcome: str) -> None:
    """Receive one file and insist on what becomes of it; nothing is known yet of the numbers in it."""
    id_number.check.cache_clear()
    (fate,) = exchange.receive(office, [path])
    assert fate.outcome == outcome, fate


def test_growth(tmp_path: Path, compare: Compare, request: pytest.FixtureRequest) -> None:
    """Twice as many people take twice as long, not four times."""
    sizes = GROWTH_FULL if request.config.getoption("--full", False) else GROWTH
    for people in sizes:
        township = Township(tmp_path / str(people), 1, people)
        (village,) = township.villages
        (sent,) = written(village, tmp_path / "out")
        rows, office = bare.rows_of(village), township.office()
        compare(
            f"growth: {people:,} people applied",
            lambda office=office, sent=sent: taken(office, sent, "applied"),  # type: ignore[misc]
            lambda rows=rows, people=people: bare.insert(tmp_path / f"{people}.db", rows),  # type: ignore[misc]
            aim=1.5,
            rounds=1,
        )
