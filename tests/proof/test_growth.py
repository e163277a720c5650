"""No cost grows faster than n log n: steps of the database and lines of Python counted at three sizes, nothing timed.

What one call into C does at once (a membership in a list, a sort) is a line here; the seconds are in docs/bench.md.
"""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from gui.models import board
from storage import asof, checking, policies
from storage.collector import undisturbed
from storage.connection import Connection
from storage.counted import Counted
from storage.ledger import Ledger
from storage.policy import id_number
from storage.queries import bulletins, library, targets, villages
from storage.queries.find import find
from sync import exchange
from sync.intake.whom import People
from sync.sheets.header import find_tables
from sync.sheets.listed import listed_rows
from sync.sheets.reading import read
from tests.bench.conftest import TODAY
from tests.bench.growth import curves, page, results, world
from tests.bench.townships import cheap_keys

POLICY = policies.load("example-2026")
EACH, VILLAGES = 60, (2, 8, 32)
_EVERY = 20
"""Steps of the database between two looks."""


@dataclass(slots=True)
class Count:
    """Steps of the database's machine, lines of Python."""

    steps: int = 0
    lines: int = 0


def counted(connection: Connection, action: Callable[[], object]) -> Count:
    """Count what an action does."""
    found = Count()

    def look() -> int:
        found.steps += _EVERY
        return 0

    def trace(_frame: FrameType, event: str, _what: object) -> Callable[..., object]:
        found.lines += event == "line"
        return trace

    connection.set_progress_handler(look, _EVERY)
    before = sys.gettrace()
    gc.collect()
    with undisturbed():  # what others left behind is not tidied up on this account
        sys.settrace(trace)
        try:
            action()
        finally:
            sys.settrace(before)
            connection.set_progress_handler(None, 0)
    return found


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, tuple[Path, Ledger]]]:
    """An office of each size with everybody in it: its folder and it."""
    made = {}
    with cheap_keys():
        for count in VILLAGES:
            folder = tmp_path_factory.mktemp(f"office{count}")
            world.create(folder)
            ledger = world.opened(folder)
            ledger.write([edit for number in range(count) for edit in world.village(number, EACH)])
            made[count * EACH] = folder, ledger
    yield made
    for _, ledger in made.values():
        ledger.close()


def rebuild(_folder: Path, ledger: Ledger) -> Callable[[], object]:
    return ledger.rebuild


def check(_folder: Path, ledger: Ledger) -> Callable[[], object]:
    return lambda: checking.check(ledger)


def look_back(_folder: Path, ledger: Ledger) -> Callable[[], object]:
    moment = datetime.fromtimestamp(ledger.clock.now_ms() / 1000, UTC)
    return lambda: asof.at(ledger, moment).close()


def the_board(_folder: Path, ledger: Ledger) -> Callable[[], object]:
    return lambda: board.read(ledger, POLICY, "should")


def the_targets(_folder: Path, ledger: Ledger) -> Callable[[], object]:
    return lambda: targets.read(ledger, POLICY, TODAY)


def the_bulletin(_folder: Path, ledger: Ledger) -> Callable[[], object]:
    shown = {code: title for code, title in villages.titles(ledger).items() if code[-3:] != "000"}
    return lambda: bulletins.count(ledger, POLICY, "resident", TODAY, shown)


def the_library(_folder: Path, ledger: Ledger) -> Callable[[], object]:
    return lambda: library.read(ledger, POLICY)


def everybody_matched(folder: Path, ledger: Ledger) -> Callable[[], object]:
    """Everybody on one list, so that the list grows too."""
    path = folder / "名单.csv"
    rows = ledger.connection.execute("SELECT name, id_full FROM resident ORDER BY record").fetchall()
    path.write_text("姓名,身份证号\n" + "\n".join(f"{name},{number}" for name, number in rows), "utf-8")
    (table,) = find_tables(read(path))
    listed, _ = listed_rows(table)
    return lambda: People(ledger).find(listed)


def send(folder: Path, ledger: Ledger) -> Callable[[], object]:
    return lambda: exchange.send(ledger, folder / "out")


SUBJECTS = (
    rebuild,
    check,
    look_back,
    the_board,
    the_targets,
    the_bulletin,
    the_library,
    everybody_matched,
    send,
)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.__name__)
def test_no_worse_than_n_log_n(
    subject: Callable[[Path, Ledger], Callable[[], object]], offices: dict[int, tuple[Path, Ledger]]
) -> None:
    found = {}
    for people, (folder, ledger) in offices.items():
        action = subject(folder, ledger)
        ledger.counted = Counted()  # nothing is known from the subject before
        id_number.check.cache_clear()
        found[people] = counted(ledger.connection, action)
    assert not steep(found)


def steep(found: dict[int, Count]) -> list[str]:
    """What of these counts grows faster than n log n, with its counts."""
    told = []
    for what in ("steps", "lines"):
        counts = {people: float(getattr(count, what)) for people, count in found.items()}
        if results.too_steep(counts):
            told.append(f"{what}: {counts}, exponent {results.exponent(counts):.2f}")
    return told


def test_a_file_received(offices: dict[int, tuple[Path, Ledger]]) -> None:
    """The file of everybody, into the empty ledger of the office above."""
    found = {}
    for people, (folder, ledger) in offices.items():
        files = [sent.path for sent in exchange.send(ledger, folder / "whole", whole=True)]
        with cheap_keys(), world.opened(folder, "above") as above:
            id_number.check.cache_clear()
            found[people] = counted(above.connection, partial(received, above, files))
    assert not steep(found)


def received(ledger: Ledger, files: list[Path]) -> None:
    """Receive files and insist on their being applied."""
    assert {fate.outcome for fate in exchange.receive(ledger, files)} == {"applied"}


def test_a_key_in_the_box_that_finds(offices: dict[int, tuple[Path, Ledger]]) -> None:
    """A number costs what is found, not how many there are; a name that few bear asks who sounds alike."""
    numbers, names = {}, {}
    for people, (_, ledger) in offices.items():
        name, number = ledger.connection.execute("SELECT name, id_full FROM resident LIMIT 1").fetchone()
        find(ledger, name)  # what is imported the first time
        names[people] = counted(ledger.connection, partial(typed, ledger, [name]))
        numbers[people] = counted(ledger.connection, partial(typed, ledger, [number, number[-6:]]))
    assert not steep(names)
    first, *_, last = numbers.values()
    assert last.steps < 2 * first.steps, numbers
    assert last.lines < 2 * first.lines, numbers


def typed(ledger: Ledger, words: Sequence[str]) -> None:
    """Find somebody by each word."""
    for word in words:
        assert find(ledger, word)


def square(ledger: Ledger, people: int) -> None:
    """Everybody beside everybody."""
    ledger.connection.execute("SELECT sum(+a.number > +b.number) FROM household a, household b").fetchall()
    for _ in range(people // 4):
        for _again in range(people // 4):
            pass


def test_the_judge_sees_a_square(offices: dict[int, tuple[Path, Ledger]]) -> None:
    """A join without an index and a loop in a loop are called too steep."""
    found = {}
    for people, (_, ledger) in offices.items():
        found[people] = counted(ledger.connection, partial(square, ledger, people))
    assert len(steep(found)) == 2


def test_the_page_says_what_was_measured() -> None:
    """The tables and the picture of docs/bench are those of docs/bench.json."""
    kept = results.load()
    assert page.filled(page.PAGE.read_text("utf-8"), kept) == page.PAGE.read_text("utf-8")
    assert curves.drawn(kept) == page.PICTURE.read_text("utf-8")
