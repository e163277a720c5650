"""Which person a row means: ours beside what others would do, in one run, on one list; precision, recall, seconds.

recordlinkage and splink run where they are: ``pip install --target DIR recordlinkage splink``, ``MATCHING_PEERS=DIR``.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA, JaroWinkler

from storage.pinyin import spelled
from sync.matching import Match, Register, Wanted, match
from sync.matching.numbers import read
from tests.bench.conftest import Compare
from tests.unit.sync.matching.worlds import World, tally, world

pytestmark = pytest.mark.bench

_SLICE = 20  # rows the brute force is measured on
_PEERS = os.environ.get("MATCHING_PEERS", "")
Pairs = Mapping[int, str]


@pytest.mark.parametrize("style", ["department", "platform"])
def test_1350_rows_on_5000_people(style: str, compare: Compare, tmp_path: Path) -> None:
    made = world(style, seed=11)
    answers = _ours(f"{style}: 1,350 rows x 5,000 people", made, compare)
    found = tally(made, answers)
    assert found.wrong == ()
    _say(compare, "number, or name alone in its village", made, *_timed(_simple, made))
    seconds, pairs = _timed(_brute, made)
    rows = len(made.rows)
    _say(
        compare,
        f"brute force, {_SLICE} rows, x{rows / _SLICE:.0f}",
        made,
        seconds * rows / _SLICE,
        pairs,
        _SLICE,
    )
    for peer in ("recordlinkage", "splink"):
        _peer(peer, made, compare, tmp_path)


def test_5000_rows_on_100000_people(compare: Compare, tmp_path: Path) -> None:
    made = world("platform", seed=12, people=100_000, rows=5000, strangers=500, villages=60)
    answers = _ours("platform: 5,000 rows x 100,000 people", made, compare)
    assert tally(made, answers).wrong == ()
    for peer in ("recordlinkage", "splink"):
        _peer(peer, made, compare, tmp_path)


def _ours(what: str, made: World, compare: Compare) -> list[Match]:
    """Match and say how well and how fast."""
    begin = time.perf_counter()
    register = Register(made.people)
    built = time.perf_counter()
    answers = match(register, made.rows)
    done = time.perf_counter()
    found = tally(made, answers)
    compare.say(
        f"{what}: ours P {found.precision:.3f} R {found.sure:.3f} (with review {found.reviewed:.3f}) in "
        f"{done - built:.2f} s, register built in {built - begin:.2f} s"
    )
    return answers


def _timed(run, made: World) -> tuple[float, Pairs]:  # type: ignore[no-untyped-def]
    begin = time.perf_counter()
    pairs = run(made)
    return time.perf_counter() - begin, pairs


def _say(
    compare: Compare, what: str, made: World, seconds: float, pairs: Pairs, rows: int | None = None
) -> None:
    """Precision and recall of pairs row → record."""
    asked = [row.key for row in made.rows[:rows]]
    right = sum(made.truth[key] == record for key, record in pairs.items())
    known = sum(bool(made.truth[key]) for key in asked)
    compare.say(f"  {what}: P {right / max(len(pairs), 1):.3f} R {right / known:.3f} in {seconds:.2f} s")


def _village(text: str) -> str:
    return text.removeprefix("白泥井镇").replace("嘎查", "村")


def _simple(made: World) -> Pairs:
    """The sound number, or the only bearer of the name in the village."""
    numbers = {read(person.id_number).full: person.record for person in made.people}
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person in made.people:
        names[person.name, person.village].append(person.record)
    found = {}
    for row in made.rows:
        full = read(row.id_text).full
        alone = names[row.name, _village(row.village)]
        if full and full in numbers:
            found[row.key] = numbers[full]
        elif len(alone) == 1:
            found[row.key] = alone[0]
    return found


def _brute(made: World) -> Pairs:
    """Every row beside every person: a weighted sum of likenesses, the best above a threshold."""
    found = {}
    for row in made.rows[:_SLICE]:
        number, sound, village = read(row.id_text).text, spelled(row.name), _village(row.village)
        born = row.birth.isoformat() if row.birth else ""
        best = max(
            (
                4 * OSA.normalized_similarity(number, person.id_number) * bool(number)
                + 2 * JaroWinkler.similarity(row.name, person.name)
                + JaroWinkler.similarity(sound, spelled(person.name))
                + 2 * (bool(born) and born == _born(person.id_number))
                + (village == person.village),
                person.record,
            )
            for person in made.people
        )
        if best[0] >= 7:
            found[row.key] = best[1]
    return found


def _born(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if len(number) == 18 else ""


def _peer(peer: str, made: World, compare: Compare, folder: Path) -> None:
    """Run one of the linkage libraries where it is installed."""
    if not _PEERS:
        compare.say(f"  {peer}: not run, MATCHING_PEERS names no folder with it")
        return
    path = folder / "world.json"
    people = (
        (one.record, one.name, one.id_number, one.birth or _born(one.id_number), one.village)
        for one in made.people
    )
    data = {"people": _table(people), "rows": _table(map(_plain, made.rows))}
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    script = Path(__file__).with_name("matching_peers.py")
    done = subprocess.run(
        [sys.executable, str(script), peer, str(path)],
        env={**os.environ, "PYTHONPATH": _PEERS},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        compare.say(f"  {peer}: not run, {done.stderr.strip().splitlines()[-1]}")
        return
    said = json.loads(done.stdout.splitlines()[-1])
    _say(compare, peer, made, said["seconds"], {int(row): record for row, record in said["pairs"]})


def _plain(row: Wanted) -> tuple[str, str, str, str, str]:
    """A row as the peers get it: the number normalised, the village's name as the register writes it."""
    number = read(row.id_text)
    born = row.birth.isoformat() if row.birth else _born(number.full)
    return str(row.key), row.name, number.full or number.text, born, _village(row.village)


def _table(rows: Iterable[tuple[str, str, str, str, str]]) -> list[dict[str, str]]:
    return [dict(zip(("id", "name", "number", "birth", "village"), row, strict=True)) for row in rows]
