"""What goes on into a new insurance year: worked out from what stands in the year before, the same everywhere.

Households, people and credentials belong to no year and need no carrying. Of a year's own facts two go on: a subsidy
group that still holds on the new year's first day, and that somebody is no longer one of this place's people. They
get the same record ids at whatever ledger carries them, so that village and office doing both make one record.
Payments, other reasons, assistance and new enrolment start empty.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from storage import persons, policies, store, years
from storage.fold import State, fold
from storage.ledger import Edit, Ledger
from storage.places import under
from storage.policy.model import Policy
from storage.policy.rates import departed
from storage.records import Value, canonical, derived_id
from storage.years import VIA


@dataclass(frozen=True, slots=True)
class Counts:
    """What opening a year does in one place.

    ``identities`` and ``departed`` are carried; ``held`` were carried or entered before, ``ended`` identities do not
    reach the new year, ``unknown`` are of groups its policy does not have. ``reasons`` and ``needs`` stay behind.
    """

    people: int = 0
    households: int = 0
    credentials: int = 0
    identities: int = 0
    departed: int = 0
    held: int = 0
    ended: int = 0
    unknown: int = 0
    reasons: int = 0
    needs: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)))


@dataclass(frozen=True, slots=True)
class Plan:
    """What opening a year will do: ``before`` is the year that is carried from in each place, ``counts`` by place."""

    policy: Policy
    before: Mapping[str, int]
    counts: Mapping[str, Counts]
    edits: tuple[Edit, ...] = field(repr=False, default=())

    @property
    def total(self) -> Counts:
        """All places together."""
        return sum(self.counts.values(), Counts())


def plan(ledger: Ledger, policy: Policy, scopes: Collection[str] = ()) -> Plan:
    """Return what opening the year of ``policy`` carries over in these places (none named: all with people)."""
    planned = [_Place(ledger, policy, scope) for scope in _places(ledger, scopes)]
    edits = tuple(edit for place in planned for edit in place.edits)
    return Plan(
        policy,
        {place.scope: place.before for place in planned},
        {place.scope: place.counts() for place in planned},
        edits,
    )


def _places(ledger: Ledger, scopes: Collection[str]) -> list[str]:
    if scopes or not ledger.is_office:
        return sorted(scopes) or [ledger.profile.scope]
    rows = ledger.connection.execute("SELECT DISTINCT scope FROM resident").fetchall()
    return sorted(row[0] for row in rows if under(row[0], ledger.profile.scope))


Row = tuple[str, str, Value]
"""(record, resident, value of the register) of the year before."""


class _Place:
    """One village: what stands of the year before, and what of it goes on."""

    def __init__(self, ledger: Ledger, policy: Policy, scope: str) -> None:
        self._ledger, self._policy, self.scope = ledger, policy, scope
        earlier = [one for one in years.opened(ledger, (scope,))[scope] if one < policy.year]
        self.before = max(earlier, default=policy.year - 1)
        self._gone = self._away()
        self._left = 0
        self._tally: dict[str, int] = {}
        self.edits = [*self._identities(), *self._departures()]

    def counts(self) -> Counts:
        """Return what is carried, and what is there without carrying."""
        sums = {name: self._count(sql) for name, sql in _KEPT.items()}
        sums["reasons"] -= self._left
        return Counts(**sums, **self._tally)

    def _count(self, sql: str) -> int:
        found = self._ledger.connection.execute(sql, {"scope": self.scope, "year": self.before}).fetchone()
        return int(found[0])

    def _note(self, name: str, count: int = 1) -> None:
        self._tally[name] = self._tally.get(name, 0) + count

    def _away(self) -> set[str]:
        """Return the records of people who count in another village in the new year: they are carried there."""
        rows = self._ledger.connection.execute(_GONE, {"scope": self.scope, "year": self._policy.year})
        return {row[0] for row in rows}

    def _identities(self) -> Iterator[Edit]:
        first, known = self._policy.benefit.start.isoformat(), {group.code for group in self._policy.groups}
        rows: list[Row] = []
        for record, resident, group, source, since, until in self._ledger.connection.execute(
            _IDENTITIES, {"scope": self.scope, "year": self.before}
        ):
            if resident in self._gone:
                continue
            if until is not None and until < first:
                self._note("ended")
            elif group not in known:
                self._note("unknown")
            else:
                value = {"group_code": group, "grant_source": source, "since": since, "until": until}
                rows.append((record, resident, value))
        vias = self._vias([record for record, _, _ in rows])
        for record, _resident, value in rows:
            if not vias.get(record, "").startswith(VIA):
                value["grant_source"] = f"{value['grant_source'] or ''} {self.before}".strip()
        yield from self._missing("subsidy", "grant", "identities", rows)

    def _departures(self) -> Iterator[Edit]:
        rows: list[Row] = []
        for record, resident, absence, note, on in self._ledger.connection.execute(
            _DEPARTURES, {"scope": self.scope, "year": self.before, "now": self._policy.year}
        ):
            if departed(self._policy, absence) and resident not in self._gone:
                self._left += 1
                rows.append((record, resident, {"absence": absence, "absence_note": note, "absence_on": on}))
        yield from self._missing("enrolment", "absence", "departed", rows)

    def _missing(self, kind: str, register: str, name: str, rows: Sequence[Row]) -> Iterator[Edit]:
        """Yield the edits that bring these into the new year, where nobody said anything of them there."""
        year = self._policy.year
        groups = [(value["group_code"],) if kind == "subsidy" else () for _, _, value in rows]
        places = [
            derived_id(kind, resident, year, *group)
            for (_, resident, _), group in zip(rows, groups, strict=True)
        ]
        held = _states(self._ledger, self.scope, kind, places)
        for place, (_, resident, value) in zip(places, rows, strict=True):
            state = held.get(place, {})
            if not _is_free(state, register):
                self._note("held")
                continue
            self._note(name)
            yield Edit(
                kind, place, self._changes(kind, register, resident, value, state), self.scope, self._via
            )

    @property
    def _via(self) -> str:
        return f"{VIA}{self.before}"

    def _changes(
        self, kind: str, register: str, resident: str, value: Value, state: State
    ) -> dict[str, Value]:
        link = {} if "link" in state else {"link": {"resident": resident, "year": self._policy.year}}
        terms = {"terms": policies.terms(self._policy)} if kind == "enrolment" else {}
        return {**link, register: canonical(kind, register, value), **terms}

    def _vias(self, records: Iterable[str]) -> dict[str, str]:
        """Return record → by what its identity came."""
        states = _states(self._ledger, self.scope, "subsidy", records)
        return {record: state["grant"].operations[0].body.via for record, state in states.items()}


def _states(ledger: Ledger, scope: str, kind: str, records: Iterable[str]) -> dict[str, State]:
    found = store.operations_of(ledger.connection, list(dict.fromkeys(records)))
    return {
        record: fold(history)
        for (where, what, record), history in found.items()
        if (where, what) == (scope, kind)
    }


def _is_free(state: State, register: str) -> bool:
    """Whether nobody said anything in a register, or what was carried into it was only taken back with the year."""
    heads = state.get(register)
    if "void" in state and state["void"].value:
        return False
    return heads is None or (
        not heads.value and all(one.body.via.startswith(VIA) for one in heads.operations)
    )


def taken_back(ledger: Ledger, year: int) -> Iterator[Edit]:
    """Yield what takes out of a year all that was carried into it and nobody wrote over since."""
    for scope in _places(ledger, ()):
        yield from _taken_back(ledger, scope, year)


def _taken_back(ledger: Ledger, scope: str, year: int) -> Iterator[Edit]:
    for kind, register in (("subsidy", "grant"), ("enrolment", "absence")):
        rows = ledger.connection.execute(
            f"SELECT record FROM {kind} WHERE scope = ? AND year = ?", (scope, year)
        )
        for record, state in sorted(_states(ledger, scope, kind, [row[0] for row in rows]).items()):
            heads = state.get(register)
            if (
                heads is not None
                and heads.value
                and all(one.body.via.startswith(VIA) for one in heads.operations)
            ):
                terms: dict[str, Value] = {"terms": {}} if "terms" in state else {}
                via = heads.operations[0].body.via
                yield Edit(kind, record, {register: {}, **terms}, scope, via)


_PEOPLE = "FROM resident r WHERE r.scope = :scope AND r.void_reason IS NULL"
_LIVE = f"IN (SELECT r.record {_PEOPLE})"
_IDENTITIES = (
    "SELECT record, resident, group_code, grant_source, since, until FROM subsidy "
    f"WHERE scope = :scope AND year = :year AND void_reason IS NULL AND group_code IS NOT NULL AND resident {_LIVE} "
    "ORDER BY record"
)
_DEPARTURES = (
    "SELECT e.record, e.resident, e.absence, e.absence_note, e.absence_on FROM enrolment e "
    f"WHERE e.scope = :scope AND e.year = :year AND e.absence IS NOT NULL AND e.resident {_LIVE} "
    "AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.resident = e.resident AND +p.scope = :scope AND p.year = :now "
    "AND p.stands = 1) AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.resident = e.resident "
    "AND +c.scope = :scope AND c.year = :now AND c.void_reason IS NULL) ORDER BY e.record"
)
"""Whoever has paid for the new year has not left."""
_GONE = f"""
    WITH told AS (
        SELECT r.scope, r.record, coalesce(t.person, r.record) AS person, {persons.COUNTED_IN} AS counted_in
        FROM resident r LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record WHERE r.scope = :scope
    )
    SELECT record FROM told WHERE person IN (SELECT person FROM told r GROUP BY person HAVING {persons.AWAY})"""
_KEPT = {
    "people": "SELECT count(DISTINCT coalesce(t.person, r.record)) FROM resident r LEFT JOIN twin t "
    "ON t.scope = r.scope AND t.record = r.record WHERE r.scope = :scope AND r.void_reason IS NULL",
    "households": "SELECT count(*) FROM household WHERE scope = :scope AND void_reason IS NULL",
    "credentials": "SELECT count(*) FROM credential WHERE scope = :scope AND credential = 'active' "
    f"AND resident {_LIVE}",
    "reasons": f"SELECT count(*) FROM enrolment WHERE scope = :scope AND year = :year AND absence IS NOT NULL "
    f"AND resident {_LIVE}",
    "needs": f"SELECT count(*) FROM assistance WHERE scope = :scope AND year = :year AND need IS NOT NULL "
    f"AND resident {_LIVE}",
}
