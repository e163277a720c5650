"""A bulletin and the past of a township: issued, counted again, told as of a moment; against folding the same log anew.

``--full`` measures a township of 30 villages of 3,300 people.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import asof, policies
from storage.counted import Counted
from storage.ledger import Ledger
from storage.queries import bulletins as queries
from storage.queries import targets
from storage.store import batches
from sync import exchange
from sync.reports import bulletins
from tests.bench.conftest import TODAY, Compare
from tests.bench.townships import Township, cheap_keys, evening

POLICY = policies.load("example-2026")


@pytest.mark.bench
def test_bulletin(tmp_path: Path, compare: Compare, request: pytest.FixtureRequest) -> None:
    """Issue, recount, look back."""
    villages, people, rounds = (30, 3_300, 1) if request.config.getoption("--full", False) else (6, 1_000, 3)
    named = f"{villages} villages of {people:,}"
    office = filled(tmp_path, villages, people)
    read = compare.once(lambda: first_read(office), rounds)
    made = compare.once(lambda: bulletins.make(office, POLICY, TODAY), rounds)
    compare.against(f"bulletin of {named} issued", made, read, aim=2)
    found = queries.issued(office)[0]
    fold = compare.once(office.rebuild, rounds)
    again = compare.once(lambda: equal(office, found), rounds)
    compare.against("    counted again from its own operations", again, fold, aim=1.5)
    moment = datetime.fromtimestamp(office.clock.now_ms() / 1000, UTC)
    past = compare.once(lambda: asof.at(office, moment).close(), rounds)
    compare.against("    the whole ledger as of a moment", past, fold, aim=1.2)
    before = datetime.fromtimestamp(_half(office) / 1000, UTC)
    past = compare.once(lambda: asof.at(office, before).close(), rounds)
    compare.against("    as of half its files", past, fold, aim=1.2)
    then = compare.once(lambda: queries.past(office, found).ledger.close(), rounds)
    compare.against("    as of a bulletin, to open its numbers", then, fold, aim=1.2)
    with asof.at(office, moment) as stood:
        told = compare.once(lambda: targets.read(stood, POLICY, TODAY), rounds)
        compare.against("    the targets in the past", told, read, aim=1.2)
        pages, size = (int(stood.connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in _ROOM)
        compare.say(f"    the past takes {pages * size / 1e6:.0f} MB of the disk while it is looked at")
    size = office.connection.execute("SELECT max(length(body)) FROM op").fetchone()[0]
    compare.say(f"    {found.basis.count:,} operations named in an entry of {size / 1000:.1f} kB")
    office.close()


_ROOM = ("page_count", "page_size")


def _half(office: Ledger) -> int:
    """The moment at which half of the files had come."""
    times = office.connection.execute("SELECT at FROM arrival ORDER BY op").fetchall()
    return int(times[len(times) // 2][0])


def equal(office: Ledger, found: queries.Bulletin) -> None:
    """Insist on every number."""
    assert queries.recount(office, found).equal


def filled(folder: Path, villages: int, people: int) -> Ledger:
    """An office with its villages' files, a tenth of whose people have something entered."""
    township = Township(folder, villages, people)
    for number, village in enumerate(township.villages):
        evening(village, people // 10, number)
    with cheap_keys():
        office = township.office()
    for files in batches(township.reports("first"), 10):
        exchange.receive(office, files)
    for village in township.villages:
        village.close()
    return office


def first_read(office: Ledger) -> None:
    """Read the targets as if nothing had been counted before: what is kept would be no limit."""
    office.counted = Counted()
    targets.read(office, POLICY, TODAY)
