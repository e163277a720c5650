"""What an office tells the one above in numbers alone 只报数字: counts of places under its signature, no persons.

There is no name, number, record or entry in it. What fewer than ``FEW`` people give as a reason is not named.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec
from msgspec import Struct

from storage.errors import KnownError
from storage.known import KnownPlace
from storage.ledger import Edit
from storage.places import is_village, under
from storage.records import derived_id

KIND = "statement"
FORM = 1
FEW, UNNAMED = 3, "few"
"""Reasons of fewer people than this stand together, without a name, as what a list of ``told`` calls few."""
WEEKS = 8
"""Weeks of payments by day: twice what a pace looks back on."""
MOST_PLACES = 2000


class Stated(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is said of one place. ``figures`` by denominator are its row, ``twice`` what of that counts elsewhere."""

    code: str
    title: str
    known: KnownPlace
    figures: dict[str, dict[str, int]] = {}
    twice: dict[str, dict[str, int]] = {}
    numbers: dict[str, tuple[int, str, str]] = {}


class Statement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The numbers of ``unit`` on a day: ``places`` are its villages, ``whole`` all of them, everybody once.

    ``moment`` is in milliseconds, never before that of an earlier one of the same ledger, whatever its clock says;
    ``file`` is what the file it goes out in was called.
    """

    form: int
    unit: str
    title: str
    on: date
    moment: int
    year: int
    policy: str
    policy_version: int
    explained: tuple[str, ...]
    whole: Stated
    file: str = ""
    places: tuple[Stated, ...] = ()


def veiled(place: KnownPlace, on: date) -> KnownPlace:
    """Return what is known of a place without rare reasons and without days long past; every sum stays."""
    first = on - timedelta(days=7 * WEEKS - 1)
    rates = tuple(
        msgspec.structs.replace(rate, told=_veiled(rate.told), days=_since(rate.days, first))
        for rate in place.rates
    )
    return msgspec.structs.replace(place, rates=rates, special_days=_since(place.special_days, first))


def _veiled(told: Iterable[tuple[str, int, bool]]) -> tuple[tuple[str, int, bool], ...]:
    kept, few = [], {True: 0, False: 0}
    for code, people, explained in told:
        if people < FEW:
            few[explained] += people
        else:
            kept.append((code, people, explained))
    return (*kept, *((UNNAMED, people, explained) for explained, people in few.items() if people))


def _since(days: Mapping[str, int], first: date) -> dict[str, int]:
    return {day: count for day, count in days.items() if day >= first.isoformat()}


def written(statement: Statement) -> str:
    """Return a statement as it is signed."""
    return unicodedata.normalize("NFC", msgspec.json.encode(statement).decode())


def signed_bytes(text: str) -> bytes:
    """Return what an office signs when it states its numbers."""
    return b"huqing statement 1\n" + text.encode()


def arrived(text: str, unit: str, key: bytes, seal: bytes, at: str) -> Edit:
    """Return the edit that keeps a statement with its proof; the same one twice is one record."""
    digest = hashlib.blake2b(signed_bytes(text), digest_size=16).hexdigest()
    said = {
        "stated_unit": unit,
        "stated_at": at,
        "stated": text,
        "stated_key": key.hex(),
        "stated_seal": seal.hex(),
    }
    return Edit(KIND, derived_id(KIND, unit, digest), {"stated": said})


def over(record: str) -> Edit:
    """Return the edit that says a statement counts no more: people came after it."""
    return Edit(KIND, record, {"over": {"replaced": 1}})


def read(text: str, unit: str) -> Statement:
    """Return the statement of an office; raises KnownError: statement.newer, statement.unreadable.

    Villages of another office and numbers that cannot be are no statement.
    """
    try:
        found = msgspec.json.decode(text, type=Statement)
    except (msgspec.DecodeError, RecursionError) as error:
        raise KnownError("statement.newer" if _is_newer(text) else "statement.unreadable") from error
    if found.form != FORM:
        raise KnownError("statement.newer")
    if found.unit != unit or not _sound(found):
        raise KnownError("statement.unreadable")
    return found


def _is_newer(text: str) -> bool:
    """Whether this may be sound and only cannot be read by this version."""
    try:
        return msgspec.json.decode(text, type=_Form).form > FORM
    except (msgspec.DecodeError, RecursionError):
        return False


class _Form(Struct):
    form: int


def _sound(found: Statement) -> bool:
    codes = [one.code for one in found.places]
    inside = all(is_village(code) and under(code, found.unit) for code in codes)
    return inside and len(codes) == len(set(codes)) <= MOST_PLACES and found.whole.code == found.unit
