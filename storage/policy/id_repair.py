"""What an unsound ID number may have been: proposals for a person to choose from, never applied silently.

How a number came about, for :func:`repairs`: ``fullwidth`` ``spaces`` ``quotes`` ``lower_x`` (only written oddly),
``lookalike`` (O for 0), ``inside`` (other text around it), ``fifteen`` (first generation), ``disability20`` (a
disability card's number), ``missing_check``, ``transposed`` (two neighbours), ``wrong_digit``, ``wrong_check``,
``missing_digit``, ``extra_digit``, ``truncated`` (the three last digits lost by a spreadsheet), ``birth`` (the date
the list gives), ``other_list`` (a number held elsewhere that most digits agree with).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
_NUMERIC = re.compile(r"[0-9]{16,18}[0-9X]")
_QUOTES = "'\"`´‘’“”′="
DISABILITY = re.compile(r"([0-9]{17}[0-9X])[1-7][1-4](B[0-9])?")
"""A disability card: the ID number, the kind of disability, its degree, and which reissue."""
SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?E\+?([0-9]{1,2})")
EXCEL_DIGITS = 15
"""The digits a spreadsheet keeps of a number."""
_COST = {
    "fullwidth": 0, "spaces": 0, "quotes": 0, "lower_x": 0, "lookalike": 1, "fifteen": 1, "disability20": 1,
    "inside": 2, "missing_check": 3, "transposed": 4, "wrong_check": 5, "extra_digit": 6, "wrong_digit": 6,
    "truncated": 3, "missing_digit": 7, "birth": 8, "other_list": 12,
}  # fmt: skip
_OTHER_LIST_DIFFERS = 4  # characters, at most, in which a number held elsewhere may differ


@dataclass(frozen=True, slots=True)
class Repair:
    """A sound number that a text may mean: how it came about, where it differs, and how likely beside others.

    ``at`` is the place of the first changed character from 0, -1 where the whole was read otherwise; ``rank`` is
    0 for what is only another writing and grows as it gets less likely.
    """

    number: str
    how: str
    at: int
    rank: int


def normalise(text: str) -> str:
    """Return ``text`` half-width, upper case, without blanks, quotes, control and zero-width characters."""
    if text.isascii() and text.isalnum():
        return text.upper()
    text = unicodedata.normalize("NFKC", text.replace("´", ""))
    kept = (char for char in text if unicodedata.category(char) not in {"Zs", "Zl", "Zp", "Cc", "Cf"})
    return unicodedata.normalize("NFKC", "".join(kept).strip(_QUOTES).upper())


def plain(text: str) -> str:
    """Return ``text`` with look-alike characters and foreign digits replaced by the ones they stand for."""
    if text.isascii() and text.isdecimal():
        return text
    digits = "".join(str(unicodedata.digit(char, char)) for char in text)
    return digits.translate(_LOOKALIKES)


def repairs(
    text: str,
    *,
    birth: date | None = None,
    sex: str = "",
    areas: Collection[str] = (),
    others: Collection[str] = (),
    today: date | None = None,
) -> tuple[Repair, ...]:
    """Return the sound 18-character numbers that ``text`` may mean, likeliest first, each number once.

    Known of the person: ``birth``, ``sex`` ('1' male, '2' female), ``areas`` (first six digits in the household),
    ``others`` (numbers other lists give). What contradicts them stays, far behind. A sound text has one answer, itself
    (``how`` then says how oddly it is written, '' if it is not); a lost tail has up to 100.
    """
    found: dict[str, Repair] = {}
    for how, at, number in _proposals(text, birth, others):
        if RESIDENT18.fullmatch(number) and fault(number, today) is None:
            rank = _COST.get(how, 0) + _doubt(number, birth, sex, areas, others)
            if number not in found or rank < found[number].rank:
                found[number] = Repair(number, how, at, max(rank, 0))
        if found and how in ("", "fullwidth", "spaces", "quotes", "lower_x"):
            break
    return tuple(sorted(found.values(), key=lambda one: (one.rank, one.number)))


def _doubt(number: str, birth: date | None, sex: str, areas: Collection[str], others: Collection[str]) -> int:
    """How much what is known of the person speaks against a number; negative where it speaks for it."""
    doubt = 0
    if birth:
        doubt += -3 if birth_date(number[6:14]) == birth else 30
    if sex:
        doubt += 0 if sex_of(number[16]) == sex else 15
    if areas:
        doubt += -1 if number[:6] in areas else 3
    return doubt - (10 if number in others else 0)


def _proposals(text: str, birth: date | None, others: Collection[str]) -> Iterator[tuple[str, int, str]]:
    clean = normalise(text)
    if RESIDENT18.fullmatch(clean):
        yield writing(text, clean), -1, clean
    yield from whole(clean)
    bare = re.sub(r"[^0-9A-Z]", "", plain(clean))
    yield from near(bare)
    if stem := stem_of(clean):
        yield from (("truncated", EXCEL_DIGITS, number) for number in candidates(stem))
    if birth and len(bare) == 18 and bare[:17].isdecimal():
        body = f"{bare[:6]}{birth:%Y%m%d}{bare[14:17]}"
        yield "birth", 6, body + check_digit(body)
    for number in others:
        if len(number) == len(bare) == 18 and _differing(number, bare) <= _OTHER_LIST_DIFFERS:
            yield "other_list", -1, number


def _differing(one: str, other: str) -> int:
    return sum(mine != its for mine, its in zip(one, other, strict=True))


def writing(text: str, clean: str) -> str:
    """How ``text`` is written oddly, given its normalised form; '' where it is not."""
    if text == clean:
        return ""
    if any(unicodedata.east_asian_width(char) in "FW" and not char.isspace() for char in text):
        return "fullwidth"
    if any(char in _QUOTES for char in text):
        return "quotes"
    return "spaces" if text.upper() != clean else "lower_x"


def whole(clean: str) -> Iterator[tuple[str, int, str]]:
    """Read a normalised text in the other ways that guess no digit: (how, place, number), sound or not."""
    if RESIDENT18.fullmatch(clean):
        return
    straight = plain(clean)
    if RESIDENT18.fullmatch(straight):
        yield "lookalike", next(at for at in range(18) if straight[at] != clean[at]), straight
    if len(straight) == 15 and straight.isdecimal():
        body = straight[:6] + "19" + straight[6:]
        yield "fifteen", 6, body + check_digit(body)
    if match := DISABILITY.fullmatch(clean) or DISABILITY.fullmatch(straight):
        yield "disability20", 18, match[1]
    for number in _INSIDE.findall(clean):
        yield "inside", -1, number
    bare = re.sub(r"[^0-9A-Z]", "", clean)
    if bare != clean and RESIDENT18.fullmatch(bare):
        yield "inside", -1, bare


def near(text: str) -> Iterator[tuple[str, int, str]]:
    """Every text of 18 characters one slip away from one of 17 to 19: (how, place, text), about 190, sound or not."""
    if not _NUMERIC.fullmatch(text):
        return
    if len(text) == 18:
        for at in range(17):
            if text[at] != text[at + 1]:
                yield "transposed", at, text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        for at in range(18):
            head, tail = text[:at], text[at + 1 :]
            for digit in "0123456789" if at < 17 else "0123456789X":
                if digit != text[at]:
                    yield "wrong_digit" if at < 17 else "wrong_check", at, head + digit + tail
    elif len(text) == 17:
        if text[-1] != "X":
            yield "missing_check", 17, text + check_digit(text)
        for at in range(17):
            for digit in "0123456789":
                yield "missing_digit", at, text[:at] + digit + text[at:]
    else:
        for at in range(18, -1, -1):
            yield "extra_digit", at, text[:at] + text[at + 1 :]


def slip(text: str, number: str) -> tuple[str, int] | None:
    """Name the one slip of :func:`near` by which ``number`` of 18 characters became ``text``: (how, place) or None."""
    if len(number) != 18:
        return None
    if len(text) == 18:
        places = [at for at in range(18) if text[at] != number[at]]
        if len(places) == 1:
            return ("wrong_check" if places[0] == 17 else "wrong_digit"), places[0]
        if len(places) == 2 and places[1] == places[0] + 1 and text[places[0]] == number[places[1]]:
            return ("transposed", places[0]) if text[places[1]] == number[places[0]] else None
        return None
    short, long = sorted((text, number), key=len)
    if len(text) not in (17, 19):
        return None
    at = next((at for at in range(len(short)) if short[at] != long[at]), len(short))
    if long[:at] + long[at + 1 :] != short:
        return None
    if len(text) == 19:
        return "extra_digit", at
    return ("missing_check" if at == 17 else "missing_digit"), at


def stem_of(clean: str) -> str:
    """Return the 15 digits a spreadsheet kept, of …000 or 1.50621199303140E+17 or 15 digits, or ''."""
    if match := SCIENTIFIC.fullmatch(clean):
        digits = match[1] + (match[2] or "")
        clean = digits.ljust(18, "0") if match[3] == "17" and len(digits) >= EXCEL_DIGITS else ""
    cut = len(clean) == EXCEL_DIGITS or (len(clean) == 18 and clean.endswith("000"))
    stem = clean[:EXCEL_DIGITS] if cut and clean.isascii() and clean.isdecimal() else ""
    return stem if stem and fault(stem, length=15) is None else ""


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
