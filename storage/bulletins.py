"""An issued bulletin 进度通报 as it is kept: frozen numbers, the rules they follow from, the operations they count.

A bulletin holds counts of places and nothing of persons. All of it travels in one operation of its office.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from storage import held
from storage.counted import COUNTING
from storage.errors import KnownError
from storage.held import Held
from storage.ledger import Edit
from storage.log import FORMAT
from storage.policy import rates
from storage.policy.model import Policy
from storage.policy.pace import State
from storage.policy.ranking import Kind, Level

KIND = "bulletin"


class _Base(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Common shape: what is not said is as it mostly is."""


class Before(_Base, frozen=True, kw_only=True):
    """What the issue before said of a place."""

    paid: int
    total: int | None = None
    rank: int | None = None


class Forecast(_Base, frozen=True, kw_only=True):
    """How a place gets on towards the target for everyone; as ``storage.policy.pace`` tells it."""

    state: State
    missing: int
    left: int
    paid: int = 0
    days: int = 0
    likely: date | None = None
    earliest: date | None = None
    latest: date | None = None
    by_deadline: tuple[int, int, int] | None = None
    needed: float | None = None


class Line(_Base, frozen=True, kw_only=True):
    """What a bulletin says of one place.

    ``total`` is the denominator (None: nobody gave its number), ``paid`` those of it who paid, ``confirmed`` those of
    them who stand in a list; ``able`` of the unpaid can still pay here. Of the ``people`` of the register ``departed``
    are gone, ``others`` live where the denominator does not count, ``excluded`` are explained and taken out.
    ``reported`` is the day on which the place last reported (None: never).
    """

    code: str
    title: str
    people: int = 0
    total: int | None = None
    paid: int = 0
    confirmed: int = 0
    able: int = 0
    departed: int = 0
    others: int = 0
    excluded: int = 0
    special: int = 0
    special_paid: int = 0
    credential: int = 0
    assist: int = 0
    rank: int | None = None
    card: bool = False
    before: Before | None = None
    forecast: Forecast | None = None
    reported: date | None = None

    @property
    def rate(self) -> Decimal | None:
        """Paid in percent of the denominator, rounded down to one decimal."""
        return percent(self.paid, self.total)

    @property
    def more(self) -> int | None:
        """How many more have paid than in the issue before, None where it said nothing of this place."""
        return None if self.before is None else self.paid - self.before.paid

    @property
    def gained(self) -> Decimal | None:
        """By how many percentage points the printed rate has moved."""
        old = percent(self.before.paid, self.before.total) if self.before else None
        return None if old is None or self.rate is None else self.rate - old

    @property
    def climbed(self) -> int | None:
        """By how many places it went up, below nothing where down."""
        if self.rank is None or self.before is None or self.before.rank is None:
            return None
        return self.before.rank - self.rank


def percent(part: int, whole: int | None) -> Decimal | None:
    """Return a share in percent, rounded down to one decimal."""
    share = rates.rate(part, whole or 0)
    return None if share is None else rates.percent(share)


class Change(_Base, frozen=True, kw_only=True):
    """Why a place's numbers differ from those of the corrected issue: ``people`` for one ``reason``.

    ``total`` and ``paid`` are what that does to the denominator and to those who paid; over all reasons of a place
    they add up to the whole difference. ``code`` is "" for what only the sum of all places knows.
    """

    code: str
    reason: str
    people: int
    total: int = 0
    paid: int = 0


class Content(_Base, frozen=True, kw_only=True):
    """Everything printed in a bulletin. ``parts`` are a banner's townships, ``twice`` the people in several rows.

    ``explained`` are codes of reasons; ``tied`` and ``spared`` places as ``ranking`` names them. ``comparable`` is
    whether denominator and explained reasons are those of the issue before, so that rates can be held against each
    other; ``follows`` and ``corrects`` are the numbers of these issues.
    """

    number: int
    year: int
    on: date
    unit: str
    title: str
    level: Level
    by: str
    denominator: str
    explained: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    parts: tuple[Line, ...] = ()
    twice: int = 0
    kind: Kind = "none"
    cards: int = 0
    issuer: str = ""
    tied: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    follows: int | None = None
    followed_on: date | None = None
    comparable: bool = True
    corrects: int | None = None
    corrected_on: date | None = None
    why: str = ""
    changes: tuple[Change, ...] = ()

    def line(self, code: str) -> Line | None:
        """Return what is said of a place, None where nothing is."""
        return next((line for line in (*self.lines, *self.parts) if line.code == code), None)

    @property
    def silent(self) -> list[Line]:
        """The places that have not reported since Monday of the week, the longest silent first."""
        monday = self.on - timedelta(days=self.on.weekday())
        found = [line for line in self.parts or self.lines if line.reported is None or line.reported < monday]
        return sorted(found, key=lambda line: (line.reported or date.min, line.code))

    @property
    def ranked(self) -> list[Line]:
        """The villages as they stand, best first; without a rank last."""
        return sorted(self.lines, key=lambda line: (line.rank is None, line.rank or 0, line.code))


@dataclass(frozen=True, slots=True)
class Bulletin:
    """An issued bulletin: its record and place, the moment it was frozen, content, rules, basis.

    ``sound`` is whether the numbers are those it was issued with; ``counting`` the program's rules that counted.
    """

    record: str
    scope: str
    at: datetime
    content: Content
    policy: Policy
    basis: Held
    print: str
    counting: str
    follows: str = ""
    corrects: str = ""
    sound: bool = True

    @property
    def number(self) -> int:
        """The number of the issue within its year."""
        return self.content.number

    @property
    def at_ms(self) -> int:
        """The moment in milliseconds since 1970 (UTC)."""
        return round(self.at.timestamp() * 1000)


def counting() -> str:
    """Return which rules of this program count."""
    return f"{FORMAT}.{COUNTING}"


def freeze(drawn: Bulletin) -> Edit:
    """Return the edit that issues a bulletin as it was drawn up."""
    content, policy, basis = drawn.content, drawn.policy, drawn.basis
    issue: dict[str, Any] = {
        "bulletin_number": content.number,
        "bulletin_year": content.year,
        "bulletin_on": content.on.isoformat(),
        "bulletin_at": drawn.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "bulletin_unit": content.title,
        "follows": drawn.follows,
        "corrects": drawn.corrects,
        "corrects_why": content.why,
    }
    rules = {
        "rules_policy": policy.id,
        "rules_version": policy.version,
        "rules_text": msgspec.json.encode(lean(policy)).decode(),
        "denominator": content.denominator,
    }
    held_ = {"held_count": basis.count, "held_print": basis.fingerprint, "held": basis.text()}
    said = {
        "content": _text(content),
        "content_print": drawn.print,
        "counted_with": drawn.counting,
    }
    return Edit(KIND, drawn.record, {"issue": issue, "rules": rules, "basis": held_, "content": said})


def unissued(
    record: str,
    scope: str,
    content: Content,
    policy: Policy,
    basis: Held,
    at: datetime,
    *,
    follows: str = "",
    corrects: str = "",
) -> Bulletin:
    """Return a bulletin as it would be issued."""
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    print_ = print_of(_text(content))
    return Bulletin(record, scope, at, content, policy, basis, print_, counting(), follows, corrects)


def _text(content: Content) -> str:
    """The numbers as they are kept."""
    return unicodedata.normalize("NFC", msgspec.json.encode(content).decode())


def print_of(text: str) -> str:
    """Return the fingerprint of a bulletin's numbers (32 hex digits)."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def lean(value: Any) -> Any:
    """Return a struct as plain data without what has its default: another version reads as much of it as it can."""
    if isinstance(value, Struct):
        fields = msgspec.structs.fields(value)
        said = {one.name: getattr(value, one.name) for one in fields}
        return {one.name: lean(said[one.name]) for one in fields if said[one.name] != one.default}
    return [lean(item) for item in value] if isinstance(value, list | tuple) else value


FIELDS = (
    "record", "scope", "bulletin_at", "follows", "corrects", "rules_text", "held", "held_print", "content",
    "content_print", "counted_with",
)  # fmt: skip


def thaw(row: Mapping[str, Any]) -> Bulletin:
    """Return the bulletin of a record's shown fields (FIELDS); raises KnownError("bulletin.unreadable")."""
    try:
        return Bulletin(
            str(row["record"]),
            str(row["scope"]),
            datetime.fromisoformat(str(row["bulletin_at"])),
            msgspec.json.decode(str(row["content"]), type=Content),
            msgspec.json.decode(str(row["rules_text"]), type=Policy),
            held.read_text(str(row["held"]), str(row["held_print"])),
            str(row["content_print"]),
            str(row["counted_with"] or ""),
            str(row["follows"] or ""),
            str(row["corrects"] or ""),
            print_of(str(row["content"])) == row["content_print"],
        )
    except (msgspec.DecodeError, ValueError, KnownError) as error:  # held.unreadable among them
        raise KnownError("bulletin.unreadable") from error
