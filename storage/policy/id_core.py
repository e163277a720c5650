"""The facts of an 18-character citizen number: area, birth, sequence, check (GB 11643-1999).

Everything here takes a number already in canonical form (17 digits and a digit or ``X``).
"""

import re
from datetime import date
from functools import lru_cache
from operator import mul

RESIDENT18 = re.compile(r"[0-9]{17}[0-9X]")

# GB/T 2260 provinces. A county code is never looked up: people keep the number of a place that was
# renamed, split or created later, so only parts that were never given out anywhere are refused.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71".split()
)
PERMITS = {"810000": "hk", "820000": "macau", "830000": "tw"}
"""Area codes of the residence permits for Hong Kong, Macau and Taiwan residents."""
_LAST_AREA_PART = 90
"""Highest two digits ever given to a prefecture or county (90 stands for counties ruled by the province)."""

_EARLIEST = date(1880, 1, 1)
_LATEST = date(2049, 12, 31)
"""The birth dates an insured person can have where the caller does not say what day it is."""


_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_ZEROS = ord("0") * sum(_WEIGHTS)  # what the weights make of seventeen noughts as they are coded


def check_digit(body: str) -> str:
    """Return the check character of 17 digits (ISO 7064 MOD 11-2)."""
    return "10X98765432"[(sum(map(mul, _WEIGHTS, body.encode("ascii"))) - _ZEROS) % 11]


def area_exists(number: str) -> bool:
    """Tell whether the first six digits can be an area at all, in whatever year it was given out."""
    return _is_area(number[:6])


@lru_cache(maxsize=1 << 12)
def _is_area(number: str) -> bool:
    if number[0] == "9":  # foreigner's permanent residence card: 9, province, nationality
        return number[1:3] in _PROVINCES
    if number in PERMITS:
        return True
    parts = int(number[2:4]), int(number[4:6])
    return number[:2] in _PROVINCES and max(parts) <= _LAST_AREA_PART


@lru_cache(maxsize=1 << 15)
def birth_date(digits: str) -> date | None:
    """Return the date written YYYYMMDD, or None where there is no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def fault(number: str, today: date | None = None, *, length: int = 18) -> str | None:
    """Return what is wrong with a number ('area', 'date', 'future', 'checksum'), or None.

    With ``length`` 15 only the part before the sequence is judged: the tail is known to be lost.
    """
    if not area_exists(number):
        return "area"
    born = birth_date(number[6:14])
    if born is None or born < _EARLIEST:
        return "date"
    if born > (today or _LATEST):
        return "future"
    if length == 18 and check_digit(number[:17]) != number[17]:
        return "checksum"
    return None


def sex_of(sequence_digit: str) -> str:
    """Return '1' (male) for an odd last sequence digit, '2' (female) for an even one."""
    return "1" if int(sequence_digit) % 2 else "2"
