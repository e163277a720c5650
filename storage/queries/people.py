"""Everything the ledger knows of people in one insurance year, as one row each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage import binding
from storage.collector import undisturbed
from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.persons import COUNTED_IN
from storage.policy.facts import Paid
from storage.queries.years import NOTHING, Before, Earlier
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
class Person:
    """A resident with the facts of one insurance year; records that are one person share what hangs on any of them.

    ``paid`` is "none", "reported" or "confirmed"; ``person`` is the record all twins count under;
    ``doubt`` is a code when the entry is doubtful and nobody said it was checked; ``unsettled`` names
    the registers (of this person's records) whose values disagree. ``counted_in`` is the code of the village the
    office counts the person in where that is another one, ``came_from`` of the one it moved them here from. ``earlier``
    is what the years before say. ``bound_to`` is the record of whose account holds the e-credential.
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
    counted_in: str = ""
    came_from: str = ""
    earlier: Earlier = NOTHING
    bound_to: str = ""

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


ANY_SCOPE = "scope IN (SELECT scope FROM stream)"
"""True of every row; lets a table keyed by (scope, record) be asked by record alone without a scan."""


def load(
    ledger: Ledger,
    year: int,
    *,
    scope: str | None = None,
    residents: Sequence[str] | None = None,
    household: str | None = None,
) -> list[Person]:
    """Return the people of a scope, a household or a list of records (all: no argument), voided ones left out."""
    with undisturbed():
        rows = list(_resident_rows(ledger, scope, residents, household))
        few = None if residents is None and household is None else [row[1] for row in rows]
        facts = _Facts(ledger, year, scope, few)
        return [facts.person(row) for row in rows]


def _resident_rows(
    ledger: Ledger, scope: str | None, residents: Sequence[str] | None, household: str | None
) -> Iterable[tuple[Any, ...]]:
    select = f"SELECT {_RESIDENT} {_FROM} WHERE r.void_reason IS NULL"
    arguments: tuple[Any, ...] = ()
    if scope is not None:
        select, arguments = f"{select} AND r.scope = ?", (scope,)
    elif residents is not None:
        select = f"{select} AND r.{ANY_SCOPE}"
    if household is not None:
        select, arguments = f"{select} AND r.household = ?", (*arguments, household)
        select = select.replace("r.scope = ?", "+r.scope = ?")  # a door's few people, not the whole village
    if residents is None:
        yield from ledger.connection.execute(select, arguments)
        return
    for part in batches(residents, 500):
        marks = ",".join("?" * len(part))
        yield from ledger.connection.execute(f"{select} AND r.record IN ({marks})", (*arguments, *part))


Key = tuple[str, str]


class _Facts:
    """The rows that hang on residents, by (scope, person)."""

    def __init__(self, ledger: Ledger, year: int, scope: str | None, residents: list[str] | None) -> None:
        self._execute = ledger.connection.execute
        self._scope = scope
        self._residents = residents
        self._people = self._twins()
        self.claims = self._claims(year)
        self.groups = self._grouped("subsidy", "group_code", "year = ? AND void_reason IS NULL", (year,))
        self.absence = self._first(
            "enrolment", "absence, absence_note", "year = ? AND absence IS NOT NULL", (year,)
        )
        self.new = self._first("enrolment", "entry", "year = ? AND entry = 'new'", (year,))
        self.credential = self._first("credential", "credential_by, credential_on", "credential = 'active'")
        self.need = self._first(
            "assistance", "need, need_what, need_on", "year = ? AND need IS NOT NULL", (year,)
        )
        self.unsettled = self._conflicts()
        self.elsewhere = self._elsewhere(year)
        few = self._residents is not None
        self.before = Before(ledger, year, self._rows, self._people, scope, few=few)

    def _twins(self) -> dict[Key, str]:
        """Return (scope, record) → person of twins, and take in the twins of the residents asked for."""
        sql = "SELECT scope, record, person FROM twin"
        if self._residents is None:
            where, arguments = ("", ()) if self._scope is None else ("WHERE scope = ?", (self._scope,))
            return {(row[0], row[1]): row[2] for row in self._execute(f"{sql} {where}", arguments)}
        found: dict[Key, str] = {}
        for part in batches(self._residents, 500):
            marks = ",".join("?" * len(part))
            among = f"{sql} WHERE person IN (SELECT person FROM twin WHERE record IN ({marks}))"
            found.update({(row[0], row[1]): row[2] for row in self._execute(among, part)})
        self._residents = list(dict.fromkeys([*self._residents, *(record for _, record in found)]))
        return found

    def _person(self, scope: str, record: str) -> Key:
        return scope, self._people.get((scope, record), record)

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

    def _first(
        self, table: str, fields: str, where: str, arguments: tuple[Any, ...] = ()
    ) -> dict[Key, tuple[Any, ...]]:
        """Return one row a person, of several the smallest."""
        found = self._grouped(table, fields, where, arguments)
        return {key: min(rows, key=lambda row: [item or "" for item in row]) for key, rows in found.items()}

    def _grouped(
        self, table: str, fields: str, where: str, arguments: tuple[Any, ...]
    ) -> dict[Key, list[tuple[Any, ...]]]:
        found: dict[Key, list[tuple[Any, ...]]] = {}
        for scope, resident, *row in self._rows(table, fields, where, arguments):
            found.setdefault(self._person(scope, resident or ""), []).append(tuple(row))
        return found

    def _claims(self, year: int) -> dict[Key, list[Claim]]:
        found: dict[Key, list[Claim]] = {}
        fields = "record, coalesce(amount, 0), paid_on, coalesce(channel, ''), coalesce(receipt, '')"
        for table, extra, stands in (
            ("payment", "coalesce(payer, ''), coalesce(advanced_by, ''), 0", "stands = 1"),
            ("confirmation", "'', '', 1", "void_reason IS NULL"),
        ):
            for key, rows in self._grouped(
                table, f"{fields}, {extra}", f"year = ? AND {stands}", (year,)
            ).items():
                found.setdefault(key, []).extend(_claim(row) for row in rows)
        return found

    def _conflicts(self) -> dict[Key, list[str]]:
        found: dict[Key, list[str]] = {}
        for scope, resident, what in self._execute(_UNSETTLED):
            found.setdefault(self._person(scope, resident or ""), []).append(what)
        return found

    def _elsewhere(self, year: int) -> dict[Key, tuple[str, str]]:
        """Return in which other village people count, or from which they came; what counts them here goes before."""
        here: dict[Key, tuple[str, str]] = {}
        found: dict[Key, tuple[str, str]] = {}
        for scope, record, code, origin in self._moved(year):
            key = self._person(scope, record)
            if code == scope:
                here.setdefault(key, ("", origin if origin != scope else ""))
            else:
                found.setdefault(key, (code, ""))
        return found | here

    def _moved(self, year: int) -> Iterable[tuple[Any, ...]]:
        """Records that say where somebody counts: of few people theirs alone, not a look through everybody."""
        select = (
            f"SELECT scope, record, {COUNTED_IN}, coalesce(counted_from, '') FROM resident "
            "WHERE counted_in IS NOT NULL"
        )
        if self._residents is None:
            yield from self._execute(f"{select} ORDER BY 1, 2", {"year": year})
            return
        found: list[tuple[Any, ...]] = []
        for part in batches(self._residents, 500):
            named = {f"r{at}": record for at, record in enumerate(part)}
            among = ",".join(f":{name}" for name in named)
            found += self._execute(
                f"{select} AND {ANY_SCOPE} AND record IN ({among})", {"year": year, **named}
            )
        yield from sorted(found, key=lambda row: row[:2])

    def person(self, row: tuple[Any, ...]) -> Person:
        """Return the resident of ``row`` with all that hangs on the person."""
        key = (row[0], row[2])
        absence, absence_note = self.absence.get(key, (None, None))
        by, active_on = self.credential.get(key, (None, None))
        way, holder = binding.read(by or "")
        need, need_what, need_on = self.need.get(key, (None, None, None))
        fields: tuple[Any, ...] = (
            *row[:8],
            day(row[8]),
            *row[9:16],
            tuple(sorted({group for (group,) in self.groups.get(key, ()) if group})),
            tuple(sorted(self.claims.get(key, ()), key=lambda claim: claim.record)),
            way or ("self" if key in self.credential else ""),
            day(active_on),
            absence or "",
            absence_note or "",
            need or "",
            need_what or "",
            day(need_on),
            key in self.new,
            tuple(self.unsettled.get(key, ())),
            *self.elsewhere.get(key, ("", "")),
            self.before.of(key, row[8], new=key in self.new),
            holder,
        )
        return Person(*fields)


_UNSETTLED = " UNION ALL ".join(
    f"SELECT c.scope, t.{owner}, '{kind}.' || c.register FROM conflict c "
    f"JOIN {kind} t ON t.scope = c.scope AND t.record = c.record WHERE c.kind = '{kind}'"
    for kind, owner in (
        ("resident", "record"),
        *((name, "resident") for name, kind in KINDS.items() if "resident" in kind.fields),
    )
)


def _claim(row: tuple[Any, ...]) -> Claim:
    record, amount, paid_on, channel, receipt, payer, advanced_by, confirmed = row
    return Claim(record, amount, day(paid_on), channel, receipt, payer, advanced_by, bool(confirmed))


def names(ledger: Ledger, records: Sequence[str]) -> dict[str, str]:
    """Return record → name of residents, voided ones too."""
    found: dict[str, str] = {}
    for part in batches(records, 500):
        sql = (
            f"SELECT record, name FROM resident WHERE {ANY_SCOPE} AND record IN ({','.join('?' * len(part))})"
        )
        found.update((record, name) for record, name in ledger.connection.execute(sql, part) if name)
    return found
