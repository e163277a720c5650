"""From keystroke to rows, at 5,000 and at 100,000 people."""

import statistics
import time
from collections.abc import Callable

import pytest

from storage.ledger import Ledger
from storage.queries.find import find
from tests.bench.conftest import Compare, edits

TYPED = ["n", "ns", "那", "其其", "格日", "0423", "23", "13", "wang", "王", "10000", "zz"]


@pytest.mark.parametrize(("people", "aim_ms"), [(5_000, 16), (100_000, 50)])
def test_find(people: int, aim_ms: int, new_ledger: Callable[[str], Ledger], compare: Compare) -> None:
    ledger = new_ledger("L")
    ledger.write(edits(people))
    times = []
    for text in TYPED * 5:
        begin = time.perf_counter()
        find(ledger, text)
        times.append((time.perf_counter() - begin) * 1000)
    worst = max(times)
    compare.say(
        f"find at {people:,} people: median {statistics.median(times):.2f} ms, worst {worst:.2f} ms, aim {aim_ms} ms"
    )
    assert find(ledger, "其其")
