"""The subjects of the page in its order: what each is called there, what it is held against, up to which size."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.growth import papers, reading, sheets, writing
from tests.bench.growth.place import Job, Place
from tests.bench.growth.world import SIZES

ROWS, BANNER = "rows", 370_000
"""Nobody sends a larger file than a banner; nobody prints more than a township in one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``aims``: seconds by size, from the issues; ``ratio``: times its limit at most.

    ``limit`` names it; SAME is what the subject ``rows`` costs at that size.
    """

    title: str
    job: Callable[[Place], Job]
    limit: str = ""
    ratio: float = 0
    aims: tuple[tuple[int, float], ...] = ()
    most: int = SIZES[-1]


_READ, SAME = "one statement", "the first line"
SUBJECTS = {
    ROWS: Subject("bare rows: all of them into the same tables, encrypted", writing.rows),
    "intake": Subject(
        "sheet of everybody into an empty village",
        writing.intake,
        "calamine + rows",
        2,
        ((5_000, 0.5), (100_000, 4)),
        sheets.MOST,
    ),
    "village": Subject("2,500 people more, with a winter's facts, entered", writing.village),
    "refold": Subject("all tables made anew", writing.refold, SAME, 1.5),
    "built": Subject("bundle of everybody, built", writing.built, SAME, 1, (), BANNER),
    "applied": Subject(
        "bundle of everybody, opened, verified, applied", writing.applied, SAME, 1.5, (), BANNER
    ),
    "matching": Subject("list of 5,000 rows matched", papers.matching, "by number alone", 0, ((100_000, 1),)),
    "opening": Subject("ledger opened", reading.opening),
    "start": Subject(
        "process to first page of the ledger", papers.start, "an empty window", 2, ((370_000, 1),)
    ),
    "search": Subject(
        "a word in the box that finds", reading.search, "everybody looked at", 0, ((2_200_000, 0.05),)
    ),
    "key": Subject(
        "a key in the box to its list painted, 95 of 100",
        papers.key,
        "a bare field and list",
        4,
        ((370_000, 0.05), (2_200_000, 0.1)),
    ),
    "board": Subject("board, first time", reading.board, _READ, 0, ((370_000, 2),)),
    "target": Subject("targets, first time", reading.target, _READ, 0, ((370_000, 3),)),
    "bulletin": Subject("bulletin counted, first time", reading.bulletin, _READ, 0),
    "look_back": Subject("the whole ledger as of a moment", reading.look_back, SAME, 0, ((370_000, 5),)),
    "check": Subject("every page, entry and row checked", reading.check, SAME, 0),
    "form": Subject("form of everybody as xlsx", papers.form, "as many cells", 0, (), sheets.MOST),
    "printing": Subject(
        "visit list of everybody as PDF",
        papers.printing,
        "bare words, codes",
        3,
        ((5_000, 1.5),),
        100_000,
    ),
}
"""By name; those measured against the rows take the limit of the subject ``rows`` at the same size."""
