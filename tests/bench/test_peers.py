"""Beside what people use today: how long a township's files take, and what becomes of entries that cross.

The counts are of random histories in which two computers of a village and the office's enter things into the same
records, exchange files now and then, and have clocks that are off by hours to years.
"""

from pathlib import Path

import pytest

from sync import exchange
from tests.bench.conftest import Compare
from tests.bench.peers import Clerk, NewestWins, Ours, Outcome, clerk_script, play, write_xlsx
from tests.bench.townships import Township

SYSTEMS = {
    "this program": Ours,
    "newest record wins (KeePassXC)": NewestWins,
    "concat + drop_duplicates (the clerk)": Clerk,
}


def test_what_becomes_of_entries(compare: Compare, request: pytest.FixtureRequest) -> None:
    count = 500 if request.config.getoption("--full", False) else 60
    found = {name: play(system, count) for name, system in SYSTEMS.items()}
    compare.say(
        f"{count} random histories of three computers, {found['this program'].entries:,} entries in each system"
    )
    compare.say(f"    {'':38s} lost silently   came back   asked about")
    for name, outcome in found.items():
        share = 100 * outcome.lost / outcome.entries
        lost = f"{outcome.lost:,} ({share:.1f} %)"
        compare.say(f"    {name:38s} {lost:>13s}   {outcome.back:>9,}   {outcome.asked:>11,}")
    ours = found["this program"]
    assert (ours.lost, ours.back) == (0, 0)
    assert ours.asked
    assert all(outcome.lost for name, outcome in found.items() if name != "this program")


def test_time_of_a_township(tmp_path: Path, compare: Compare, request: pytest.FixtureRequest) -> None:
    villages, people = (30, 3_300) if request.config.getoption("--full", False) else (6, 1_000)
    township = Township(tmp_path, villages, people)
    sheets = [tmp_path / f"{number}.xlsx" for number in range(villages)]
    for village, path in zip(township.villages, sheets, strict=True):
        write_xlsx(village, path)
    files, offices = township.reports("sent"), [township.office() for _ in range(3)]
    fresh = iter(offices)
    taken = compare.once(lambda: exchange.receive(next(fresh), files), 3)
    assert offices[0].connection.execute("SELECT count(*) FROM resident").fetchone() == (villages * people,)
    rows: list[int] = []
    script = compare.once(lambda: rows.append(clerk_script(sheets, tmp_path / "汇总.xlsx")), 3)
    what = f"{villages} villages of {people:,}: received here, the clerk's script as limit"
    compare.against(what, taken, script, aim=1)
    compare.say(f"    of {villages * people:,} people the script kept {rows[0]:,}")


def test_the_judge_sees_what_is_lost() -> None:
    """A system that forgets everything loses everything: the counting itself is looked at."""

    class Forgetful(NewestWins):
        def meet(self, source: str, target: str) -> None:
            self.records[target] = {}

    lost: Outcome = play(Forgetful, 3)
    assert lost.lost > 0.3 * lost.entries
