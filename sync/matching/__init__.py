"""Matching: which person of a register each row of a foreign list is about, with the reasons."""

from sync.matching.engine import match, spelling
from sync.matching.model import AGAINST, FOR, Candidate, Match, Person, Reason, Wanted
from sync.matching.narrowing import Sought, settled
from sync.matching.register import Register
from sync.matching.rows import Row
from sync.matching.villages import Villages, village_names

__all__ = [
    "AGAINST",
    "FOR",
    "Candidate",
    "Match",
    "Person",
    "Reason",
    "Register",
    "Row",
    "Sought",
    "Villages",
    "Wanted",
    "match",
    "settled",
    "spelling",
    "village_names",
]
