"""What an unsound ID number may have been: proposals for a person to choose from, never applied silently."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from storage.policy.id_core import RESIDENT18, birth_date, check_digit, fault, sex_of

_MOST = 8
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("ХΧ×*✕✖╳✗✘", "X"),  # Cyrillic and Greek capitals, signs typed for X
        **dict.fromkeys("OОΟQ〇○°零", "0"),  # Latin, Cyrillic and Greek O, rings
        **dict.fromkeys("ILІ|!丨", "1"),
        "Z": "2",
        "З": "3",
        "S": "5",
        "B": "8",
    }
)
_INSIDE = re.compile(r"(?<![0-9A-Z])[0-9]{17}[0-9X](?![0-9A-Z])")


def plain(text: str) -> str:
    """Return ``text`` with look-alike characters and foreign digits replaced by the ones they stand for."""
    digits = "".join(str(unicodedata.digit(char, char)) for char in text)
    return digits.translate(_LOOKALIKES)


def suggest(text: str, today: date | None = None) -> tuple[str, ...]:
    """Return sound 18-character numbers that ``text`` may have been meant as, likeliest first, at most 8."""
    found: dict[str, None] = {}
    for guess in _guesses(text):
        if RESIDENT18.fullmatch(guess) and fault(guess, today) is None:
            found[guess] = None
    return tuple(found)[:_MOST]


def _guesses(text: str) -> Iterator[str]:
    yield plain(text)
    bare = re.sub(r"[^0-9A-Z]", "", text)
    yield bare
    yield from _INSIDE.findall(text)
    if not re.fullmatch(r"[0-9]+X?", bare):
        return
    if len(bare) == 17 and bare[-1] != "X":  # the check character was left out
        yield bare + check_digit(bare)
    if len(bare) == 18:  # two neighbours swapped, seldom in the area everybody here shares
        for at in (*range(6, 17), *range(6)):
            yield bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :]
    if len(bare) == 19:  # one character too many
        for at in range(18, -1, -1):
            yield bare[:at] + bare[at + 1 :]


def candidates(
    stem: str, *, sex: str | None = None, birth: date | None = None, today: date | None = None
) -> tuple[str, ...]:
    """Return every number that begins with the 15 digits a spreadsheet kept and agrees with sex and birth.

    Excel keeps 15 significant digits, so two sequence digits and the check character are lost: at most
    100 numbers, 50 where ``sex`` ('1' male, '2' female) is known, none where ``birth`` contradicts the stem.
    """
    if fault(stem, today, length=15) is not None or (birth and birth != birth_date(stem[6:14])):
        return ()
    bodies = (f"{stem}{tail:02d}" for tail in range(100))
    return tuple(body + check_digit(body) for body in bodies if sex in (None, sex_of(body[-1])))
