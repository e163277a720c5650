"""A township's day: the files of all its villages into an empty ledger, and in the evening what is new of each.

``--full`` measures a township of 30 villages of 3,300 people, and a banner of 370,000.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.clock import Clock
from storage.ledger import Ledger
from storage.policy import id_number
from sync import enrol, exchange, kits
from tests.bench import bare
from tests.bench.conftest import TODAY, Compare, edits
from tests.bench.townships import PASSPHRASE, Township, cheap_keys, evening, scoped, village_code, written


@dataclass(frozen=True)
class Size:
    """How large a township is and how much each village enters in an evening."""

    villages: int
    people: int
    entries: int


SMALL, FULL = Size(6, 1_000, 60), Size(30, 3_300, 200)
BANNER = Size(112, 3_300, 0)
TOWNSHIPS = 4


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    """The size of this run."""
    return FULL if request.config.getoption("--full", False) else SMALL


def test_township(tmp_path: Path, compare: Compare, size: Size) -> None:
    township = Township(tmp_path, size.villages, size.people)
    rounds = 1 if size is FULL else 3
    named = f"{size.villages} villages of {size.people:,}"
    files = township.reports("first")
    offices = [township.office() for _ in range(rounds)]
    office, fresh, numbers = offices[0], iter(offices), iter(range(10))
    received = compare.once(lambda: all_taken(next(fresh), files, "applied"), rounds)
    rows = bare.rows_of(office)
    compare.against(
        f"township of {named} from empty",
        received,
        compare.once(lambda: bare.insert(tmp_path / f"bare{next(numbers)}.db", rows), rounds),
        aim=1.5,
    )
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    compare.say(f"    {len(files)} files of together {megabytes:.2f} MB")
    again = compare.once(lambda: all_taken(office, files, "known"), rounds)
    limit = compare.once(lambda: bare.insert(tmp_path / f"bare{next(numbers)}.db", rows), 1)
    compare.against("    the same files again", again, limit, aim=0.2)

    township.answer(office)
    last = office.connection.execute("SELECT max(id) FROM op").fetchone()[0]
    for number, village in enumerate(township.villages):
        evening(village, size.entries, number)
    files = township.reports("evening")
    office.close()
    offices = [township.office(office.folder) for _ in range(2 * rounds)]
    fresh, others = iter(offices), iter(offices[rounds:])
    received = compare.once(lambda: all_taken(next(fresh), files, "applied"), rounds)
    scopes = [village.profile.scope for village in township.villages]
    parts = [bare.rows_since(offices[0], last, scope) for scope in scopes]
    changed = compare.once(lambda: bare.change(next(others).connection, parts), rounds)
    compare.against(f"an evening of {size.entries} entries in each of {named}", received, changed, aim=3)
    kilobytes = sum(path.stat().st_size for path in files) / len(files) / 1000
    operations = sum(len(part["op"]) for part in parts)
    compare.say(f"    {operations:,} operations in files of {kilobytes:.1f} kB")
    for ledger in (*offices, *township.villages):
        ledger.close()


def all_taken(office: Ledger, files: list[Path], outcome: str) -> None:
    """Receive files in one session and insist on what becomes of each; nothing is known yet of the numbers in them."""
    id_number.check.cache_clear()
    fates = exchange.receive(office, files)
    assert [fate.outcome for fate in fates] == [outcome] * len(files), fates


def test_banner(tmp_path: Path, compare: Compare, request: pytest.FixtureRequest) -> None:
    """Four townships' files into an empty banner: 370,000 people."""
    if not request.config.getoption("--full", False):
        pytest.skip("only with --full: it takes a quarter of an hour")
    with cheap_keys():
        banner = enrol.create_office(
            tmp_path / "banner", "150621000000", "达拉特旗", **_who(tmp_path, "banner")
        )
        files = [_township_file(tmp_path, banner, number) for number in range(TOWNSHIPS)]
    received = compare.once(lambda: all_taken(banner, files, "applied"), 1)
    rows = bare.rows_of(banner)
    limit = compare.once(lambda: bare.insert(tmp_path / "bare.db", rows), 1)
    people = len(rows["resident"])
    compare.against(f"banner of {people:,} people from empty", received, limit, aim=1.5)
    compare.against(
        "    the same files again", compare.once(lambda: all_taken(banner, files, "known"), 1), limit, aim=0.2
    )
    size = (tmp_path / "banner" / "ledger.db").stat().st_size / 1e6
    compare.say(
        f"    {sum(path.stat().st_size for path in files) / 1e6:.0f} MB of files, {size:.0f} MB of ledger"
    )


def _who(folder: Path, name: str) -> dict[str, object]:
    return {
        "passphrase": PASSPHRASE,
        "operator": name,
        "data_dir": folder / "machines" / name,
        "clock": Clock(TODAY),
    }


def _township_file(folder: Path, banner: Ledger, number: int) -> Path:
    """Make a township with a quarter of the banner's villages in it; returns its file for the banner."""
    code, name = f"1506211{number:02d}000", f"township{number}"
    kits.make(banner, code, f"第{number}镇", folder / f"{name}.hqk")
    township = enrol.open_kit(folder / name, folder / f"{name}.hqk", **_who(folder, name))  # type: ignore[arg-type]
    for village in range(BANNER.villages // TOWNSHIPS):
        people = edits(BANNER.people, seed=1000 * number + village)
        township.write(scoped(people, village_code(village, code)))
    (path,) = [path for path in written(township, folder / "out" / name) if "报送" in path.name]
    township.close()
    return path
