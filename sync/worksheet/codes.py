"""The code of a row: which sheet, which row of it, and three letters that fit nothing else.

It is a text whatever a spreadsheet does with it (never a number, a date or an exponent) and means nothing outside the
ledger. The letters come from a secret the ledger keeps with the sheet: a typo, a row of another ledger's sheet and a
code somebody made up do not fit.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O
_CODE = re.compile(r"W([0-9]{1,7})-([0-9]{1,6})([A-Z]{3})")
_FIND = re.compile(r"(?<![A-Z0-9])W[0-9]{1,7}-[0-9]{1,6}[A-Z]{3}(?![A-Z0-9])")


@dataclass(frozen=True, slots=True)
class RowCode:
    """A code as it was read: the sheet's number, the row's (0 the sheet itself), its letters."""

    sheet: int
    row: int
    letters: str

    def fits(self, token: str) -> bool:
        """Whether the letters are those of this row of the sheet with this secret."""
        return self.letters == _check(token, self.sheet, self.row)


def row_code(token: str, sheet: int, row: int) -> str:
    """The code of a row (from 1), or of the sheet itself (row 0)."""
    return f"W{sheet}-{row}{_check(token, sheet, row)}"


def parse(text: str) -> RowCode | None:
    """A code read from a cell that holds nothing else, None where it has not its shape."""
    match = _CODE.fullmatch(_flat(text))
    return RowCode(int(match[1]), int(match[2]), match[3]) if match else None


def find(text: str) -> RowCode | None:
    """The code that stands somewhere in a line, None where there is none."""
    match = _FIND.search(unicodedata.normalize("NFKC", text).upper())
    return parse(match[0]) if match else None


def _flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper().replace("—", "-").replace("–", "-")


def _check(token: str, sheet: int, row: int) -> str:
    digest = hashlib.blake2b(f"{sheet}-{row}".encode(), key=token.encode(), digest_size=4).digest()
    number = int.from_bytes(digest, "big")
    return "".join(_LETTERS[number // place % 24] for place in (1, 24, 576))
