"""Printed visit lists: the code on every sheet (which list, which page or row of it; it names nobody), and what a
returned row is kept as.

Capitals, figures and slashes alone, so that a QR code of it stays small: ``HQ1/150621102200/37/K4QZ/2`` is the second
page of the 37th list of a village, ``…/R12`` the household whose first row is the twelfth. The four letters tell apart
lists that two computers of one village numbered alike.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from storage.records import derived_id

_CODE = re.compile(r"HQ1/([0-9]{2,12})/([0-9]{1,9})(?:/([A-Z2-7]{4}))?(?:/(R?)([0-9]{1,6}))?")


@dataclass(frozen=True, slots=True)
class SheetCode:
    """A code as it was read; ``mark`` "" on sheets of old, ``page`` and ``row`` from 1, 0 where it says none."""

    scope: str
    number: int
    mark: str = ""
    page: int = 0
    row: int = 0


def list_code(scope: str, number: int, record: str) -> str:
    """Return the code of a list; a page or a row is added to it."""
    return f"HQ1/{scope}/{number}/{mark(record)}"


def mark(record: str) -> str:
    """Return the four letters of a list's record."""
    digest = hashlib.blake2b(record.encode(), digest_size=5).digest()
    return base64.b32encode(digest).decode()[:4]


def residents_of(rows: str) -> list[str]:
    """Return whom the rows of a list are about, as its record has them, the first row first."""
    return [resident for resident in rows.split(",") if resident]


def returned_id(printed: str, resident: str) -> str:
    """Return the record of the visit that a returned row of a list is kept as, whoever enters it."""
    return derived_id("visit", printed, resident)


def parse(text: str) -> SheetCode | None:
    """Return what a code says, None where it is none of ours; a reader's line end and small letters do no harm."""
    found = _CODE.fullmatch(text.strip().upper())
    if found is None:
        return None
    scope, number, letters, is_row, last = found.groups()
    at = int(last or 0)
    return SheetCode(scope, int(number), letters or "", page=0 if is_row else at, row=at if is_row else 0)
