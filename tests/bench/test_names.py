"""A name as somebody else writes it: how often whoever is meant stands among the first, at 300 and 100,000 people.

The list of spellings lies in tests/fixtures/names; the people around are invented, two in five of them Mongolian.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.ledger import Edit, Ledger
from storage.queries.find import find
from tests.bench.conftest import GIVEN, SURNAMES, Compare

SPELLINGS = Path(__file__).parents[1] / "fixtures" / "names" / "spellings.tsv"
SHOWN = 8
"""Lines of the list that are in sight."""


def spellings() -> dict[str, list[str]]:
    """Names and their other writings, those left out that are names of the list themselves."""
    lines = [line.split("\t") for line in SPELLINGS.read_text("utf-8").splitlines() if line[0] != "#"]
    return {name: [one for one in others.split() if one not in dict(lines)] for name, others in lines}


def crowd(people: int, rng: random.Random) -> Iterator[str]:
    """Names of people: Mongolian ones of one to three parts, others of family name and one or two given names."""
    parts = list(spellings())
    yield from parts
    for _each in range(people - len(parts)):
        if rng.random() < 0.4:
            yield "".join(rng.choice(parts) for _part in range(rng.choice((1, 1, 2, 2, 3))))
        else:
            yield (
                rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(("", "", "华", "国", "军", "英", "兰"))
            )


def damaged(name: str, wrong: int, rng: random.Random) -> str:
    """The name with so many of its later characters wrong."""
    letters = list(name)
    for at in rng.sample(range(1, len(name)), wrong):
        letters[at] = rng.choice("那木拉其格日勒苏图雅巴特孟克乌云嘎达宝音")
    return "".join(letters)


def measure(ledger: Ledger, queries: list[tuple[str, str]]) -> tuple[float, float, float]:
    """Recall among the first lines, how often it is the very first name, and precision of what is shown."""
    found = first = right = shown = 0
    for meant, typed in queries:
        names = list(dict.fromkeys(hit.name for hit in find(ledger, typed)))[:SHOWN]
        found += meant in names
        first += names[:1] == [meant]
        right += meant in names
        shown += len(names)
    return found / len(queries), first / len(queries), right / max(shown, 1)


@pytest.mark.parametrize("people", [300, 5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_other_writings(people: int, new_ledger: Callable[[str], Ledger], compare: Compare) -> None:
    rng, ledger, known = random.Random(3), new_ledger("L"), spellings()
    ledger.write(
        [
            Edit("resident", f"r{number:06d}", {"identity": {"name": name}})
            for number, name in enumerate(crowd(people, rng))
        ]
    )
    written = [(name, other) for name, others in known.items() for other in others]
    long = [name for name in known if len(name) > 2]
    worse = {
        "one syllable wrong": [(name, damaged(name, 1, rng)) for name in long for _again in range(3)],
        "two wrong of four or more": [
            (name, damaged(name, 2, rng)) for name in long if len(name) > 3 for _again in range(6)
        ],
    }
    for what, queries, least in (
        (f"{len(written)} other writings", written, 0.9),
        *((what, queries, 0.5) for what, queries in worse.items()),
    ):
        recall, first, precision = measure(ledger, queries)
        compare.say(
            f"{people:,} people, {what}: recall {recall:.3f} among the first {SHOWN}, "
            f"first of all {first:.3f}, names of those shown that are meant {precision:.2f}"
        )
        assert recall >= least, what
