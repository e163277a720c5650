"""Reading one ID number as people and spreadsheets write it: what it is, what is doubtful, what it may be.

GB 11643 numbers (18 and 15 digits), residence permits 81/82/83 0000, foreigners' cards old and new. A
prefix that differs from the place of residence, or that was created after the birth, is never a fault.
"""

import re
from datetime import date
from functools import lru_cache

import msgspec

from storage.policy.id_core import PERMITS, RESIDENT18, birth_date, check_digit, fault, sex_of
from storage.policy.id_repair import DISABILITY, EXCEL_DIGITS, SCIENTIFIC, plain, suggest
from storage.policy.id_repair import normalise as normalise

_RESIDENT15 = re.compile(r"[0-9]{15}")
_FOREIGNER15 = re.compile(r"[A-Z]{3}[0-9]{12}")
_OTHER_DOCUMENT = re.compile(r"[A-Z]{1,2}[0-9]{7,10}")
_COUNTING = "1234567890" * 3
_PLACEHOLDERS = frozenset("无 暂无 没有 不详 未知 未办理 无证 无身份证 空 NULL NONE NAN N/A NA #N/A".split())


class IdCheck(msgspec.Struct, frozen=True, gc=False):
    """One number judged.

    ``text`` is the normalised writing; ``doubt`` a code or None; ``full`` the 18-character form where one
    is certain; ``stem`` the 15 digits a spreadsheet kept of a number whose tail is lost.
    """

    text: str
    valid: bool = False
    kind: str = "none"
    doubt: str | None = None
    birth: date | None = None
    sex: str | None = None
    full: str | None = None
    stem: str | None = None
    suggestions: tuple[str, ...] = ()

    @property
    def derives_id(self) -> bool:
        """Whether a record id may be derived from this number: sound, and nothing says digits were lost."""
        return self.valid and self.doubt is None


@lru_cache(maxsize=1 << 14)
def check(text: str | None, *, was_number: bool = False, today: date | None = None) -> IdCheck:
    """Judge an ID number as it stands in a cell; ``was_number`` when the cell held a number, not text.

    A number cell keeps 15 digits exactly and loses every digit after them. ``today`` bounds the birth date.
    """
    clean = normalise(text or "")
    if was_number:
        clean = _whole(clean)
    elif RESIDENT18.fullmatch(clean) and (found := _sound(clean, today)):
        return found
    if not clean:
        return IdCheck(clean, doubt="missing")
    if _is_placeholder(clean):
        return IdCheck(clean, doubt="placeholder")
    if RESIDENT18.fullmatch(clean):
        return _eighteen(clean, was_number, today)
    if _RESIDENT15.fullmatch(clean):
        return _fifteen(clean, today)
    if _FOREIGNER15.fullmatch(clean):
        return _foreigner15(clean)
    return _odd(clean, today)


def _whole(text: str) -> str:
    """Write a number cell ('1.50621199106129E+17', '150621841209327.0') as plain digits."""
    if match := SCIENTIFIC.fullmatch(text):
        digits = match[1] + (match[2] or "")
        size = int(match[3]) + 1
        return digits.ljust(size, "0") if size >= len(digits) else text
    return re.sub(r"\.0+$", "", text)


def _is_placeholder(text: str) -> bool:
    alike = text.count(text[0]) == len(text) and not text.isalpha()
    return alike or text in _PLACEHOLDERS or (len(text) >= 5 and _COUNTING.startswith(text))


def _sound(text: str, today: date | None) -> IdCheck | None:
    """Judge 18 characters nothing is wrong with, as nearly all are; no stand-in for a number is among them."""
    if text.endswith("000") or fault(text, today):
        return None
    kind = "foreigner18" if text[0] == "9" else PERMITS.get(text[:6], "resident18")
    return IdCheck(text, True, kind, None, birth_date(text[6:14]), sex_of(text[16]), text)


def _eighteen(text: str, was_number: bool, today: date | None) -> IdCheck:
    kind = "foreigner18" if text[0] == "9" else PERMITS.get(text[:6], "resident18")
    cut = was_number or text.endswith("000")
    trouble = fault(text, today)
    if cut and trouble in (None, "checksum"):
        sound = trouble is None and not was_number
        birth = birth_date(text[6:14])
        full = text if sound else None
        return IdCheck(text, sound, kind, "truncated", birth, None, full, text[:EXCEL_DIGITS])
    if trouble:
        return IdCheck(text, kind=kind, doubt=trouble, suggestions=suggest(text, today))
    return IdCheck(text, True, kind, None, birth_date(text[6:14]), sex_of(text[16]), text)


def _fifteen(text: str, today: date | None) -> IdCheck:
    """Judge a first-generation number (19 is put before the year) or the head of a cut 18-digit one."""
    body = text[:6] + "19" + text[6:]
    full = body + check_digit(body)
    trouble = fault(full, today)
    cut = fault(text, today, length=15) is None
    if trouble and cut:
        return IdCheck(text, doubt="truncated", birth=birth_date(text[6:14]), stem=text)
    if trouble:
        return IdCheck(text, kind="resident15", doubt=trouble)
    if cut:  # 150621 200504 010 is a person of 1920 or the head of a number of 2005
        return IdCheck(text, True, "resident15", "truncated", stem=text)
    return IdCheck(text, True, "resident15", None, birth_date(full[6:14]), sex_of(text[14]), full)


def _foreigner15(text: str) -> IdCheck:
    """Judge an old permanent residence card: nationality, place (4), birth YYMMDD, 2 more digits.

    The century of the birth is not written, so neither birth nor sex is told.
    """
    day = any(birth_date(century + text[7:13]) for century in ("19", "20"))
    return IdCheck(text, day, "foreigner15", None if day else "date", full=text if day else None)


def _odd(text: str, today: date | None) -> IdCheck:
    """Name the trouble of a text that has none of the shapes of a number."""
    if match := SCIENTIFIC.fullmatch(text):
        digits = match[1] + (match[2] or "")
        stem = digits[:EXCEL_DIGITS] if len(digits) >= EXCEL_DIGITS else None
        known = stem is not None and fault(stem, today, length=15) is None
        birth = birth_date(stem[6:14]) if stem and known else None
        return IdCheck(text, doubt="scientific", birth=birth, stem=stem if known else None)
    if match := DISABILITY.fullmatch(text):
        return IdCheck(text, doubt="disability20", suggestions=suggest(match[1], today))
    if _OTHER_DOCUMENT.fullmatch(text):
        return IdCheck(text, kind="document", doubt="other_document")
    if RESIDENT18.fullmatch(plain(text)):
        return IdCheck(text, doubt="lookalike", suggestions=suggest(text, today))
    doubt = "length" if re.fullmatch(r"[0-9]+X?", text) else "format"
    return IdCheck(text, doubt=doubt, suggestions=suggest(text, today))
