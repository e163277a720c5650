"""A banner's desk: board, targets and bulletin over all villages, again, and after the file of one township.

``--full``: 7 townships of 30 villages of 1,762 people, 370,000 in all.
"""

from pathlib import Path

import pytest

from gui.models import board
from storage import policies
from storage.queries import bulletins, find, targets, villages
from sync import exchange
from tests.bench.banners import Banner
from tests.bench.conftest import TODAY, Compare

BARE = """
    SELECT scope, count(*), sum(p IS NOT NULL) FROM (
        SELECT r.scope, r.record, max(p.resident) AS p FROM resident r
        LEFT JOIN payment p ON p.scope = r.scope AND p.resident = r.record GROUP BY 1, 2
    ) GROUP BY scope"""
"""The least anybody has to read: persons and whether they paid, by village."""


@pytest.fixture
def banner(tmp_path: Path, request: pytest.FixtureRequest) -> Banner:
    """A banner to measure, small unless asked otherwise."""
    full = request.config.getoption("--full", False)
    return Banner(tmp_path, *((7, 30, 1_762) if full else (3, 8, 500)))


def test_desk(banner: Banner, compare: Compare) -> None:
    ledger = banner.open()
    policy = policies.in_force(ledger).policy
    shown = {code: title for code, title in villages.titles(ledger).items() if code[-3:] != "000"}
    subjects = {
        "board": lambda: board.read(ledger, policy, "should"),
        "targets": lambda: targets.read(ledger, policy, TODAY),
        "bulletin counted": lambda: bulletins.count(ledger, policy, "resident", TODAY, shown),
    }
    limit = compare.once(lambda: ledger.connection.execute(BARE).fetchall(), 3)
    for when in ("first", "again"):
        for name, subject in subjects.items():
            compare.against(f"banner's {name}, {when}", compare.once(subject, 1), limit, aim=2)
    taken = compare.once(lambda: exchange.receive(ledger, [banner.waiting]), 1)
    compare.against("file of one township received", taken, limit, aim=10)
    for name, subject in subjects.items():
        compare.against(f"banner's {name}, after that file", compare.once(subject, 1), limit, aim=2)
    for word in ("王建国", "wjg", "150621"):
        compare.against(
            f"find {word}", compare.once(lambda word=word: find.find(ledger, word), 3), limit, aim=0.2
        )
    ledger.close()
