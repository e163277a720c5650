"""Everything that differs between ledger and lists, at a township's 30 villages and 100,000 people."""

import random
import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import policies
from storage.clock import Clock
from storage.commands import reconcile
from storage.commands.reconcile import Chosen
from storage.ledger import Edit, Ledger
from storage.policy import differences as rules
from storage.queries import reconcile as queries
from sync import enrol
from tests.bench.conftest import TODAY, Compare, edits

PEOPLE, VILLAGES = 100_000, 30
AIM_MS = 3000
POLICY = policies.load("example-2026")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Ledger]:
    names = {"passphrase": "bench", "operator": "bench", "data_dir": tmp_path / "data", "clock": Clock(TODAY)}
    with enrol.create_office(tmp_path / "O", "150621102000", "白泥井镇", **names) as made:
        yield made


def test_comparing(office: Ledger, compare: Compare) -> None:
    ledger = office
    ledger.write(said(edits(PEOPLE)))
    median = statistics.median(compare.once(lambda: queries.read(ledger, POLICY, TODAY), 5)) * 1000
    found = queries.read(ledger, POLICY, TODAY)
    counts = Counter(one.code for one in found.found)
    compare.say(f"{len(found.found):,} differences among {PEOPLE:,} people: {median:.0f} ms, aim {AIM_MS} ms")
    assert set(counts) >= {"unposted", "unreported", "amounts", "wrong_person", "paid_twice", "paused"}
    one = min(one.scope for one in found.found)
    village = statistics.median(compare.once(lambda: queries.read(ledger, POLICY, TODAY, one), 5)) * 1000
    compare.say(f"the same of one village: {village:.0f} ms")
    safe = [one.difference for one in found.found if one.difference and one.difference.proposal.safe][:2000]
    chosen = [Chosen(one, one.proposal.answer) for one in safe]
    (took,) = compare.once(lambda: reconcile.settle(ledger, POLICY, chosen, today=TODAY), 1)
    compare.say(f"{len(chosen):,} of them answered together: {took:.1f} s")
    after = queries.read(ledger, POLICY, TODAY)
    assert rules.movement(found.statuses, after.statuses).became["settled"] == len(chosen)


def said(people: list[Edit]) -> Iterator[Edit]:
    """Yield people in villages; of each of whom villages and lists say something, not always the same."""
    rng = random.Random(5)
    home = 0
    for edit in people:
        home += edit.kind == "household"
        scope = f"1506211022{home % VILLAGES:02d}"
        yield Edit(edit.kind, edit.record, edit.changes, scope)
        if edit.kind == "resident":
            yield from _facts(rng, edit.record, scope)


def _facts(rng: random.Random, who: str, scope: str) -> Iterator[Edit]:
    roll, day = rng.random(), (TODAY - timedelta(days=rng.randint(1, 60))).isoformat()
    fact = {
        "resident": who,
        "year": 2026,
        "amount": 40000,
        "paid_on": day,
        "channel": "pos",
        "receipt": who[:9],
    }
    if roll < 0.70:
        amount = 35000 if roll < 0.005 else 40000
        yield Edit("payment", f"p {who}", {"fact": {**fact, "amount": amount}}, scope)
    if 0.10 < roll < 0.75 or roll < 0.005:
        yield Edit("confirmation", f"c {who}", {"fact": fact}, scope, "tax_payments:税务.csv:2")
    if 0.10 < roll < 0.101:
        again = {**fact, "receipt": f"{who[:9]}2"}
        yield Edit("confirmation", f"d {who}", {"fact": again}, scope, "tax_payments:税务.csv:3")
    state = {"scheme": "390", "scheme_state": "2" if roll > 0.99 else "1", "scheme_place": "150621"}
    yield Edit("coverage", f"k {who}", {"link": {"resident": who}, "state": state}, scope)
    if 0.80 < roll < 0.81:
        state = {"scheme": "310", "scheme_state": "1", "scheme_place": "310115"}
        yield Edit("coverage", f"e {who}", {"link": {"resident": who}, "state": state}, scope)
