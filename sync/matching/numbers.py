"""What the numbers of a row and of a person say of one another: the same, the same but for a slip, another."""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from storage.policy import id_number
from storage.policy.id_core import RESIDENT18, birth_date, fault, sex_of
from storage.policy.id_repair import DISABILITY, normalise, plain, slip, stem_of, whole, writing

_LEAST = 15  # characters from which on a text is somebody's number
_HIDDEN = 10  # asterisks in a masked number, at most
_PART = 2  # slips that leave so much of a number that it still tells something


class Number(NamedTuple):
    """A written number: ``text`` normalised; ``full`` its 18 characters where nothing is doubtful; ``stem`` the 15
    digits left of a cut one; ``forms`` other ways to read it (how, place, number); ``how`` it was written oddly."""

    text: str
    full: str
    stem: str
    forms: tuple[tuple[str, int, str], ...]
    how: str
    birth: str  # YYYYMMDD, where the digits of a birth can be read
    sex: str

    @property
    def masked(self) -> bool:
        """Whether asterisks stand for some of its 18 characters, and enough of the others are there to tell."""
        return len(self.text) == 18 and "*" in self.text and self.text.count("*") <= _HIDDEN

    @property
    def core(self) -> str:
        """The 18 characters it is about where other text stands around them, else all of it, as digits."""
        return next((form for _, _, form in self.forms if len(form) == 18), "") or plain(self.text)

    @property
    def told(self) -> bool:
        """Whether somebody's number stands there at all, sound or not."""
        return len(self.text) >= _LEAST


class Link(NamedTuple):
    """What two numbers say of one another.

    ``kind``: same, former, repaired (the row's is broken), completes (the register's is broken), part (most digits
    agree), unlike (broken and quite different), conflict (both sound, different), none (one is missing).
    """

    kind: str
    how: str = ""
    at: int = -1
    number: str = ""


NOTHING = Link("none")
_EMPTY = Number("", "", "", (), "", "", "")


def written(text: str) -> tuple[str, ...]:
    """Return what somebody's number is looked up by: itself as it is compared, then other readings of an odd one."""
    if len(text) == 18 and text.isascii() and text.isalnum():
        return (text if text[17] != "x" else text.upper(),)
    if not text:
        return ("",)
    number = read(text)
    more = (number.text, f"{number.stem}000") if number.told else ()
    return (number.full or number.text, *(form for _, _, form in number.forms), *more)


@lru_cache(maxsize=1 << 15)
def read(text: str, was_number: bool = False) -> Number:
    """Read a number as it stands in a cell or in the register."""
    clean = normalise(text)
    if RESIDENT18.fullmatch(clean):
        return _cut(clean) if was_number or clean.endswith("000") else _resident(text, clean)
    if match := DISABILITY.fullmatch(clean):
        return _sound_form(clean, (("disability20", 18, match[1]),))
    check = id_number.check(text, was_number=was_number)
    if check.doubt in ("missing", "placeholder"):
        return _EMPTY
    clean = check.text
    if check.derives_id and check.kind != "document":
        full = check.full or ""
        how = "fifteen" if len(clean) == 15 and full != clean else writing(text.strip(), clean)
        return Number(clean, full, "", (), how, full[6:14] if len(full) == 18 else "", check.sex or "")
    stem = check.stem or stem_of(clean)
    digits = (stem or plain(clean))[6:14]
    born = digits if len(digits) == 8 and digits.isdecimal() and birth_date(digits) else ""
    if check.kind == "document" or len(clean) < _LEAST:
        return Number(clean, "", "", (), "", "", "")
    forms = tuple(whole(clean))
    return Number(clean, "", stem, forms, "", born, "") if stem else _sound_form(clean, forms, born)


def _sound_form(clean: str, forms: tuple[tuple[str, int, str], ...], born: str = "") -> Number:
    """A number that other text surrounds or stands in for; where it is sound it is as good as written plainly."""
    for how, _, number in forms:
        if RESIDENT18.fullmatch(number) and fault(number) is None:
            return Number(clean, number, "", forms, how, number[6:14], sex_of(number[16]))
    return Number(clean, "", "", forms, "", born, "")


def _resident(text: str, clean: str) -> Number:
    """A number of the usual shape, judged without looking for what else it may mean."""
    if fault(clean) is None:
        how = "" if text == clean else writing(text.strip(), clean)
        return Number(clean, clean, "", (), how, clean[6:14], sex_of(clean[16]))
    born = clean[6:14] if birth_date(clean[6:14]) else ""
    placeholder = clean.count(clean[0]) == len(clean)
    return _EMPTY if placeholder else Number(clean, "", "", (), "", born, "")


def _cut(clean: str) -> Number:
    """A number whose tail a spreadsheet may have lost: its first 15 digits, if they can be a number's."""
    stem = clean[:15] if fault(clean[:15], length=15) is None else ""
    return Number(clean, "", stem, (), "", stem[6:14], "")


def link(row: Number, held: Number, formers: tuple[str, ...] = ()) -> Link:
    """What the number of a row says of a person who holds ``held`` and held ``formers`` (numbers or names)."""
    if not row.told:
        return NOTHING
    if row.full and row.full == held.full:
        return Link("same", row.how, -1, held.full)
    if any(row.text == former or (row.full and row.full == read(former).full) for former in formers):
        return Link("former", "", -1, row.full)
    if not held.told:
        return NOTHING
    if row.full and held.full:
        return Link("conflict")
    if row.text == held.text and not row.stem:
        return Link("same", "", -1, row.text)
    if row.masked:
        return Link("part" if shows(row.text, held.text) else "conflict" if held.full else "unlike")
    if held.full:
        return _broken("repaired", row, held.full)
    if row.full:
        return _broken("completes", held, row.full)
    return _both_broken(row, held)


def shows(mask: str, number: str) -> bool:
    """Whether what a masked number shows agrees with a number."""
    return len(mask) == len(number) and all(a in ("*", b) for a, b in zip(mask, number, strict=True))


def _broken(kind: str, broken: Number, sound: str) -> Link:
    """A broken number beside a sound one."""
    for how, at, number in broken.forms:
        if number == sound:
            return Link(kind, how, at, sound)
    if broken.stem and sound.startswith(broken.stem):
        return Link(kind, "truncated", len(broken.stem), sound)
    straight = broken.core
    if made := slip(straight, sound):
        return Link(kind, *made, sound)
    if broken.stem:
        agree = broken.stem[6:14] == sound[6:14]
        return Link("part" if agree and OSA.distance(broken.stem, sound[:15]) <= 1 else "unlike")
    return _part(straight, sound)


def _part(one: str, other: str) -> Link:
    if not (16 <= len(one) <= 20 and 16 <= len(other) <= 20):
        return NOTHING if min(len(one), len(other)) < _LEAST else Link("unlike")
    same_head = one[:14] == other[:14] and len(one) == len(other)
    if same_head or OSA.distance(one, other, score_cutoff=_PART) <= _PART:
        return Link("part")
    return Link("unlike")


def _both_broken(row: Number, held: Number) -> Link:
    """Two broken numbers: what both may mean, or what they have in common."""
    mine = {number for _, _, number in row.forms}
    for how, at, number in held.forms:
        if number in mine and RESIDENT18.fullmatch(number):
            return Link("repaired", how, at, number)
    for how, at, number in row.forms:
        if RESIDENT18.fullmatch(number) and _broken("completes", held, number).kind == "completes":
            return Link("repaired", how, at, number)
    heads = row.stem or plain(row.text)[:15], held.stem or plain(held.text)[:15]
    if (row.stem or held.stem) and OSA.distance(*heads) <= 1:
        return Link("part")
    return _part(row.core, held.core)
