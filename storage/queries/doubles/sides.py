"""What a double is: the entries or insurances beside one another, what it is called, which is kept."""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from storage.persons import Record
from storage.places import holds
from storage.policy import rates
from storage.policy.doubles import Cover, Likeness, Stake, Verdict
from storage.policy.model import Policy
from storage.queries.housing import Household
from storage.queries.people import Person

Code = Literal[
    "two_villages",
    "two_schemes",
    "two_residents",
    "two_employees",
    "student_twice",
    "platform_twice",
    "one_unsound",
    "two_numbers",
    "two_names",
]
CODES: tuple[Code, ...] = (
    "two_villages",
    "two_schemes",
    "two_residents",
    "student_twice",
    "two_employees",
    "platform_twice",
    "one_unsound",
    "two_numbers",
    "two_names",
)
"""Everything a ``Double`` can be; insurances first, then entries of the register."""
INSURED: frozenset[Code] = frozenset(CODES[1:6])
"""Doubles between insurances; the others are between entries of the register."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the entries or insurances of a double.

    ``person`` and ``home`` are the register's entry it belongs to, None for what the ledger has no entry of;
    ``coverage`` the record of the platform's say, "" where a payment alone tells of the insurance; ``rows`` all that
    say the same (scope, record), for the platform may have told several villages.
    """

    scope: str
    record: str
    person: Person | None
    home: Household | None
    cover: Cover | None = None
    coverage: str = ""
    source: str = ""
    rows: tuple[Record, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same side after reading anew."""
        return self.scope, self.record, self.coverage

    @property
    def here(self) -> bool:
        """Whether it is a resident insurance held in the village whose register has the person."""
        return self.cover is not None and is_home(self.cover, self.scope)


@dataclass(frozen=True, slots=True)
class Double:
    """A person (or what may be one) found twice: what stands beside what, which is kept and why, what it costs."""

    code: Code
    sides: tuple[Side, ...]
    verdict: Verdict
    stake: Stake

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same question after reading anew."""
        return (self.code, *sorted(side.key for side in self.sides))

    @property
    def short(self) -> str:
        """A name to type that holds nothing personal: two_schemes.3f9a1c02."""
        digest = hashlib.blake2b("\x1f".join(map(str, self.key)).encode(), digest_size=4)
        return f"{self.code}.{digest.hexdigest()}"

    @property
    def kept(self) -> Side | None:
        """The one the rule keeps; None where a person has to say."""
        return None if self.verdict.kept is None else self.sides[self.verdict.kept]

    @property
    def safe(self) -> bool:
        """Whether the proposal can be taken together with others: decided, to be undone, without a paper to sign."""
        written = any(reason.code == "aided_in_writing" for reason in self.verdict.reasons)
        return self.verdict.kept is not None and self.code != "two_villages" and not written


@dataclass(frozen=True, slots=True)
class Draft:
    """A double before anybody's facts are read; ``likeness`` where it is about two entries being one person."""

    code: Code
    sides: tuple[Side, ...]
    likeness: Likeness | None = None


def counting_cover(policy: Policy, side: Side) -> Cover:
    """Return an entry of the register, which has a person, as the insurance that is or would be held there."""
    assert side.person is not None
    departed = rates.departed(policy, side.person.absence or None)
    return Cover(
        "resident",
        side.scope,
        lives=False if departed else lives(side.person),
        groups=side.person.groups,
        paid=side.person.paid != "none",
    )


def lives(person: Person) -> bool | None:
    """Whether the person lives in the village of the entry; None where nobody said."""
    return {"resident": True, "incoming": True, "away": False}.get(person.residence)


def is_home(cover: Cover, scope: str) -> bool:
    """Whether a resident insurance is held in this village; one without a place is."""
    return cover.scheme == "resident" and holds(cover.place, scope)
