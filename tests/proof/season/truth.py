"""What was truly acknowledged, in plain Python: written down where somebody was told so, never read from a ledger."""

from dataclasses import dataclass, field
from datetime import date

PREMIUM, SUBSIDY = 40000, 35000


@dataclass
class Advance:
    """A premium somebody laid out: in which village, named how there, and what of it came back (fen)."""

    scope: str
    named: str
    fen: int
    back: int = 0


@dataclass
class Refund:
    """How far a subsidy that comes back has got; in fen, nothing before."""

    scope: str
    applied: bool = False
    received: int = 0
    handed: int = 0
    signed: bool = False


@dataclass
class Person:
    """Somebody as they really are; ``village`` is where they count now, ``record`` what the ledgers call them."""

    record: str
    name: str
    number: str
    village: str
    home: str
    new: bool = False
    credential: bool = False
    dibao: bool = False
    absence: str = ""
    claimed: int = 0
    """What a village said was paid, fen; nothing where nobody said so or it was taken back."""
    taxed: int = 0
    """What the tax office says was paid, fen."""
    taxed_on: date | None = None
    phones: set[str] = field(default_factory=set)
    refund: Refund | None = None

    @property
    def paid(self) -> bool:
        """Whether anybody says so."""
        return bool(self.claimed or self.taxed)

    @property
    def fen(self) -> int:
        """What counts as paid: as the list says, else as the village does."""
        return self.taxed or self.claimed


@dataclass
class Truth:
    """Everybody of the township, and the money."""

    people: dict[str, Person] = field(default_factory=dict)
    advances: list[Advance] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)
    """(village, record) of people another village has written down as well."""
    acts: int = 0

    def add(self, person: Person) -> Person:
        """Write down somebody new."""
        self.people[person.record] = person
        return person

    def of(self, village: str) -> list[Person]:
        """Return who counts in a village."""
        return [one for one in self.people.values() if one.village == village]

    def figures(self, village: str = "") -> dict[str, int]:
        """Return what a report has to say of a village, or of all."""
        found = self.of(village) if village else list(self.people.values())
        return {
            "people": len(found),
            "paid": sum(one.paid for one in found),
            "confirmed": sum(bool(one.taxed) for one in found),
            "amount": sum(one.fen for one in found),
            "credential": sum(one.credential for one in found),
            "special": sum(one.dibao for one in found),
            "new": sum(one.new for one in found),
        }

    def money(self) -> dict[str, int]:
        """Return the sums of laid-out money and of subsidies that come back, in fen."""
        refunds = [one.refund for one in self.people.values() if one.refund]
        return {
            "laid": sum(one.fen for one in self.advances),
            "back": sum(one.back for one in self.advances),
            "received": sum(one.received for one in refunds),
            "handed": sum(one.handed for one in refunds),
            "signed": sum(one.handed for one in refunds if one.signed),
        }
