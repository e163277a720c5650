"""Everything the ledger knows of people in one insurance year, as one row each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.ledger import Ledger
from storage.policy.facts import Paid
from storage.store import batches


@dataclass(frozen=True, slots=True)
class Claim:
    """A payment the village reported, or (``confirmed``) one a tax or platform list shows."""

    record: str
    amount: int
    paid_on: date | None
    channel: str
    receipt: str
    payer: str
    advanced_by: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Household:
    """A household as the register has it."""

    scope: str
    record: str
    number: str
    group: str
    lane: str
    address: str
    head_name: str
    grid: str
    helper: str
    door: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Person:
    """A resident with the facts of one insurance year.

    ``paid`` is "none", "reported" or "confirmed"; ``person`` is the record all twins count under;
    ``doubt`` is a code when the entry is doubtful and nobody said it was checked; ``unsettled`` names
    the registers (of this person's records) whose values disagree.
    """

    scope: str
    record: str
    person: str
    household: str
    relation: str
    name: str
    id_number: str
    id_full: str
    birth: date | None
    sex: str
    ethnic: str
    phone: str
    residence: str
    category: str
    note: str
    doubt: str
    groups: tuple[str, ...]
    claims: tuple[Claim, ...]
    credential: str
    credential_on: date | None
    absence: str
    absence_note: str
    need: str
    need_what: str
    need_on: date | None
    new: bool
    unsettled: tuple[str, ...]

    @property
    def paid(self) -> Paid:
        """How far this year's payment is: none, reported or confirmed."""
        if any(claim.confirmed for claim in self.claims):
            return "confirmed"
        return "reported" if self.claims else "none"

    @property
    def paid_on(self) -> date | None:
        """The earliest day this year's payment is said to have been made."""
        return min((claim.paid_on for claim in self.claims if claim.paid_on), default=None)

    @property
    def amount(self) -> int:
        """Fen paid for this year: what a list confirms, else what was claimed; a double counts once."""
        confirmed = [claim.amount for claim in self.claims if claim.confirmed]
        return max(confirmed or [claim.amount for claim in self.claims] or [0])


def day(text: str | None) -> date | None:
    """Return an ISO date, or None where the stored text is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


_RESIDENT = (
    "r.scope, r.record, coalesce(t.person, r.record), coalesce(r.household, ''), coalesce(r.relation, ''), "
    "coalesce(r.name, ''), coalesce(r.id_number, ''), coalesce(r.id_full, ''), r.birth_known, "
    "coalesce(r.sex_known, ''), coalesce(r.ethnic, ''), coalesce(r.phone, ''), coalesce(r.residence, ''), "
    "coalesce(r.category, ''), coalesce(r.note, ''), "
    "CASE WHEN r.doubt IS NULL OR r.doubt = r.checked THEN '' ELSE r.doubt END"
)
_FROM = "FROM resident r LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record"


def load(
    ledger: Ledger,
    year: int,
    *,
    scope: str | None = None,
    residents: Sequence[str] | None = None,
    household: str | None = None,
) -> list[Person]:
    """Return the people of a scope, a household or a list of records (all: no argument), voided ones left out."""
    rows = list(_resident_rows(ledger, scope, residents, household))
    few = None if residents is None and household is None else [row[1] for row in rows]
    facts = _Facts(ledger, year, scope, few)
    return [facts.person(row) for row in rows]


def _resident_rows(
    ledger: Ledger, scope: str | None, residents: Sequence[str] | None, household: str | None
) -> Iterable[tuple[Any, ...]]:
    execute = ledger.connection.execute
    if household is not None:
        yield from execute(
            f"SELECT {_RESIDENT} {_FROM} WHERE r.household = ? AND r.void_reason IS NULL", (household,)
        )
    elif residents is not None:
        for part in batches(residents, 500):
            marks = ",".join("?" * len(part))
            yield from execute(
                f"SELECT {_RESIDENT} {_FROM} WHERE r.record IN ({marks}) AND r.void_reason IS NULL", part
            )
    elif scope is not None:
        yield from execute(
            f"SELECT {_RESIDENT} {_FROM} WHERE r.scope = ? AND r.void_reason IS NULL", (scope,)
        )
    else:
        yield from execute(f"SELECT {_RESIDENT} {_FROM} WHERE r.void_reason IS NULL")


class _Facts:
    """The rows that hang on residents, by (scope, resident)."""

    def __init__(self, ledger: Ledger, year: int, scope: str | None, residents: list[str] | None) -> None:
        self._execute = ledger.connection.execute
        self._scope = scope
        self._residents = residents
        self.claims = self._claims(year)
        self.groups = self._grouped("subsidy", "group_code", "year = ? AND void_reason IS NULL", (year,))
        self.enrolment = self._single("enrolment", "absence, absence_note, entry", "year = ?", (year,))
        self.credential = self._single("credential", "credential_by, credential_on", "credential = 'active'")
        self.need = self._single(
            "assistance", "need, need_what, need_on", "year = ? AND need IS NOT NULL", (year,)
        )
        self.unsettled = self._conflicts()

    def _rows(
        self, table: str, fields: str, where: str, arguments: tuple[Any, ...]
    ) -> Iterable[tuple[Any, ...]]:
        select = f"SELECT scope, resident, {fields} FROM {table} WHERE {where}"
        if self._residents is not None:
            for part in batches(self._residents, 500):
                marks = ",".join("?" * len(part))
                yield from self._execute(f"{select} AND resident IN ({marks})", (*arguments, *part))
        elif self._scope is not None:
            yield from self._execute(f"{select} AND scope = ?", (*arguments, self._scope))
        else:
            yield from self._execute(select, arguments)

    def _single(
        self, table: str, fields: str, where: str, arguments: tuple[Any, ...] = ()
    ) -> dict[tuple[str, str], tuple[Any, ...]]:
        return {(row[0], row[1]): row[2:] for row in self._rows(table, fields, where, arguments)}

    def _grouped(
        self, table: str, fields: str, where: str, arguments: tuple[Any, ...]
    ) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
        found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        for row in self._rows(table, fields, where, arguments):
            found.setdefault((row[0], row[1]), []).append(row[2:])
        return found

    def _claims(self, year: int) -> dict[tuple[str, str], list[Claim]]:
        found: dict[tuple[str, str], list[Claim]] = {}
        where = "year = ? AND void_reason IS NULL"
        fields = "record, coalesce(amount, 0), paid_on, coalesce(channel, ''), coalesce(receipt, '')"
        for table, extra in (
            ("payment", "coalesce(payer, ''), coalesce(advanced_by, ''), 0"),
            ("confirmation", "'', '', 1"),
        ):
            for scope, resident, *row in self._rows(table, f"{fields}, {extra}", where, (year,)):
                record, amount, paid_on, channel, receipt, payer, advanced_by, confirmed = row
                claim = Claim(
                    record, amount, day(paid_on), channel, receipt, payer, advanced_by, bool(confirmed)
                )
                found.setdefault((scope, resident), []).append(claim)
        return found

    def _conflicts(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind, record, register in self._execute("SELECT kind, record, register FROM conflict"):
            found.setdefault(record, []).append(f"{kind}.{register}")
        return found

    def person(self, row: tuple[Any, ...]) -> Person:
        """Return the resident of ``row`` with all that hangs on it."""
        key = (row[0], row[1])
        absence, absence_note, entry = self.enrolment.get(key, (None, None, None))
        way, active_on = self.credential.get(key, (None, None))
        need, need_what, need_on = self.need.get(key, (None, None, None))
        fields: tuple[Any, ...] = (
            *row[:8],
            day(row[8]),
            *row[9:16],
            tuple(sorted(group for (group,) in self.groups.get(key, ()) if group)),
            tuple(sorted(self.claims.get(key, ()), key=lambda claim: claim.record)),
            way or ("self" if key in self.credential else ""),
            day(active_on),
            absence or "",
            absence_note or "",
            need or "",
            need_what or "",
            day(need_on),
            entry == "new",
            tuple(self.unsettled.get(row[1], ())),
        )
        return Person(*fields)


_HOUSEHOLD = (
    "scope, record, coalesce(number, ''), coalesce(grp, ''), coalesce(lane, ''), coalesce(address, ''), "
    "coalesce(head_name, ''), coalesce(grid, ''), coalesce(helper, ''), door, coalesce(note, '')"
)


def households(ledger: Ledger, scope: str | None = None) -> list[Household]:
    """Return all households (of one scope), in walking order: group, door where arranged, number."""
    where, arguments = ("", ()) if scope is None else ("AND scope = ?", (scope,))
    rows = ledger.connection.execute(
        f"SELECT {_HOUSEHOLD} FROM household WHERE void_reason IS NULL {where}", arguments
    )
    return sorted((Household(*row) for row in rows), key=walking_order)


def household(ledger: Ledger, record: str) -> Household | None:
    """Return one household, or None."""
    row = ledger.connection.execute(
        f"SELECT {_HOUSEHOLD} FROM household WHERE record = ?", (record,)
    ).fetchone()
    return Household(*row) if row else None


def walking_order(item: Household) -> tuple[Any, ...]:
    """Sort key: village group, arranged door, lane, number; numbers inside words count as numbers."""
    return (
        item.scope,
        natural(item.group),
        item.door is None,
        item.door or 0,
        natural(item.lane),
        natural(item.number),
        item.record,
    )


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which 组2 comes before 组10."""
    parts: list[tuple[int, int, str]] = []
    run = ""
    for character in text + "\0":
        if character.isascii() and character.isdigit():
            run += character
            continue
        if run:
            parts.append((0, int(run), run))
            run = ""
        parts.append((1, 0, character))
    return tuple(parts)
