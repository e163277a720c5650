"""Costs as ratios to a bare limit measured in the same run; nothing here fails for being slow."""

import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from storage.clock import Clock
from storage.kinds import VILLAGE
from storage.ledger import Edit, Ledger, Profile
from storage.policy.id_core import check_digit
from storage.records import random_id

TODAY = date(2025, 12, 3)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = [
    "建国",
    "秀英",
    "桂兰",
    "海燕",
    "文",
    "丽华",
    "志强",
    "春梅",
    "永军",
    "娜仁花",
    "布和",
    "乌云",
    "格日勒",
]
MONGOLIAN = [
    "那顺",
    "其其格",
    "布仁",
    "阿木古楞",
    "娜仁格日勒",
    "乌力吉",
    "萨如拉",
    "巴特尔",
    "敖登",
    "苏布达",
]
RECORD = pytest.StashKey["Record"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--full``: at the size of a township, a banner, a city, for an idle machine and a long break."""
    parser.addoption("--full", action="store_true", help="measure at full size (hours)")
    parser.addoption("--ledgers", metavar="DIR", help="where the large ledgers lie, or are made and kept")
    parser.addoption("--record", action="store_true", help="write docs/bench.json and the page made of it")


class Record:
    """What this run found: lines to print, and the same for docs/bench.json."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.growth: dict[str, dict[str, dict[str, float]]] = {}
        self.ratios: dict[str, list[list[object]]] = defaultdict(list)
        self.said: dict[str, list[str]] = defaultdict(list)


def pytest_configure(config: pytest.Config) -> None:
    """Begin the record of this run."""
    config.stash[RECORD] = Record()


def id_number(rng: random.Random) -> str:
    """An invented ID number whose check digit fits and that does not look cut off."""
    body = f"150621{rng.randint(1935, 2020)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(1, 999):03d}"
    text = body + check_digit(body)
    return text if not text.endswith("000") else id_number(rng)


def person(rng: random.Random) -> str:
    """An invented name, one in three Mongolian."""
    return rng.choice(MONGOLIAN) if rng.random() < 0.33 else rng.choice(SURNAMES) + rng.choice(GIVEN)


def edits(people: int, seed: int = 1) -> list[Edit]:
    """Edits that register ``people`` invented people in households of about three."""
    rng = random.Random(seed)
    found: list[Edit] = []
    left = people
    while left:
        household = random_id()
        number = f"{rng.randint(1, 9):02d}{len(found):05d}"
        found.append(
            Edit("household", household, {"number": {"number": number}, "place": {"grp": f"{number[:2]}组"}})
        )
        members = min(left, rng.randint(1, 5))
        left -= members
        for relation in range(members):
            registers = {
                "identity": {"name": person(rng), "id_number": id_number(rng)},
                "membership": {"household": household, "relation": str(relation)},
                "residence": {"residence": "resident"},
                "contact": {"phone": f"138{rng.randint(0, 99_999_999):08d}"},
            }
            found.append(Edit("resident", random_id(), registers))
    return found


@pytest.fixture
def new_ledger(tmp_path: Path) -> Callable[[str], Ledger]:
    """Make village ledgers in the test's own folder."""

    def make(name: str) -> Ledger:
        profile = Profile("bench" + name, VILLAGE, "150621102200", "查干沟嘎查村", "example-2026")
        names = {"passphrase": "bench", "operator": "bench", "data_dir": tmp_path / "data"}
        return Ledger.create(tmp_path / name, profile, clock=Clock(TODAY), **names)

    return make


def busy(action: Callable[[], object]) -> float:
    """How long an action keeps processors busy, processes it waits for included, in seconds."""
    before = time.process_time(), sum(os.times()[2:4])
    action()
    return time.process_time() - before[0] + sum(os.times()[2:4]) - before[1]


class Compare:
    """Runs a subject and its bare limit in turn and keeps the medians, under the name of the measuring module."""

    def __init__(self, record: Record, module: str) -> None:
        self._record, self._module = record, module

    def __call__(
        self,
        what: str,
        subject: Callable[[], object],
        bare: Callable[[], object],
        *,
        aim: float,
        rounds: int = 5,
    ) -> float:
        """Return subject's median time in units of the limit's and print both."""
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for action, found in zip((subject, bare), times, strict=True):
                found += self.once(action, 1)
        return self.against(what, *times, aim=aim)

    def once(self, action: Callable[[], object], rounds: int) -> list[float]:
        """Return how long ``action`` keeps processors busy, in seconds, so many times."""
        return [busy(action) for _ in range(rounds)]

    def against(self, what: str, subject: Sequence[float], bare: Sequence[float], *, aim: float) -> float:
        """Return the median of one in units of the other's and print both."""
        mine, limit = statistics.median(subject), statistics.median(bare)
        self._record.ratios[self._module].append([what.strip(), mine, limit, aim])
        self._record.lines.append(
            f"{what}: {mine * 1000:.1f} ms = {mine / limit:.2f} x bare ({limit * 1000:.1f} ms), aim {aim:g} x"
        )
        return mine / limit

    def say(self, line: str) -> None:
        """Add a line to the table printed at the end."""
        self._record.said[self._module].append(line.rstrip())
        self._record.lines.append(line)

    def grown(self, subject: str, found: Mapping[int, Mapping[str, float]]) -> None:
        """Keep what a subject cost at each size."""
        self._record.growth[subject] = {str(size): dict(cost) for size, cost in found.items()}


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Compare:
    """The comparer of this run."""
    return Compare(request.config.stash[RECORD], request.module.__name__.rpartition(".")[2])


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, and keep it where that is asked."""
    record = terminalreporter.config.stash[RECORD]
    terminalreporter.section("costs")
    for line in record.lines:
        terminalreporter.write_line(line)
    if terminalreporter.config.getoption("--record"):
        from tests.bench.growth import page, results

        results.keep(growth=record.growth, ratios=record.ratios, said=record.said)
        page.write()
