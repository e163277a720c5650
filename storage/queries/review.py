"""The list of what waits for a person: conflicts with who said what where, and entries that are doubtful."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from storage import policies, store
from storage.clock import moment
from storage.fold import State, disagreeing, fold, origin, values
from storage.ledger import Ledger
from storage.log import Operation
from storage.places import is_parent
from storage.queries import housing, people
from storage.queries.counting import questions
from storage.queries.figures import review_sql
from storage.queries.housing import Household
from storage.records import Value
from storage.settling import is_ours, side

Rule = Literal["village", "office", "newest", "shown"]
RULES: tuple[Rule, ...] = ("village", "office", "newest", "shown")
"""Answers that can be given to many conflicts at once."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Who entered a value, when (ISO, UTC), from which list or file and on which device.

    ``side`` is the role of the ledger that wrote it (v, o); ``device`` the title of its device, "" for one of
    this ledger's own: ``here`` this very copy, else an earlier or another copy of it, or unknown (``known``).
    """

    oid: bytes
    hlc: int
    who: str
    via: str
    side: str
    device: str
    here: bool
    known: bool
    bundle: str

    @property
    def when(self) -> str:
        """The minute it was entered by the clock there."""
        return moment(self.hlc).isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values that disagree, with everybody who says so, the greatest entry first."""

    value: Value
    sayings: tuple[Saying, ...]

    @property
    def who(self) -> str:
        """Who entered it."""
        return self.sayings[0].who

    @property
    def own(self) -> bool:
        """Whether it was entered in this copy of the ledger."""
        return self.sayings[0].here

    @property
    def sides(self) -> frozenset[str]:
        """The roles of the ledgers that say so."""
        return frozenset(saying.side for saying in self.sayings)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A question: ``code`` says which, ``detail`` what about it; ``candidates`` for a conflict, the shown one first.

    The detail of a conflict is the second person where it is about whether two are one. ``ours`` tells whether this
    side settles it; ``decides`` names the role that does.
    """

    code: str
    scope: str
    kind: str
    record: str
    resident: str
    household: str
    name: str
    id_number: str
    detail: str
    register: str = ""
    candidates: tuple[Candidate, ...] = ()
    ours: bool = True
    decides: str = ""

    @property
    def short(self) -> str:
        """A name to type that holds nothing personal and is the same in every ledger: resident.contact.3f9a1c02."""
        text = "\x1f".join((self.scope, self.kind, self.record, self.register))
        digest = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
        return ".".join(part for part in (self.kind, self.register or self.code, digest) if part)

    @property
    def seen(self) -> tuple[bytes, ...]:
        """The entries behind its candidates: what an answer answers."""
        return tuple(saying.oid for candidate in self.candidates for saying in candidate.sayings)


def items(ledger: Ledger, scope: str | None = None) -> list[ReviewItem]:
    """Return all questions, conflicts first, then by village and record."""
    found = [*conflicts(ledger), *_doubts(ledger)]
    return [item for item in found if scope is None or item.scope == scope]


def mentioned(ledger: Ledger, found: Iterable[ReviewItem]) -> tuple[dict[str, Household], dict[str, str]]:
    """Return the households and the names of the people that questions and their candidates speak of, by record."""
    homes: set[str] = set()
    residents: set[str] = set()
    for item in found:
        homes.add(item.household)
        residents.add(item.detail if item.kind == "same" else "")
        for candidate in item.candidates:
            homes.add(str(candidate.value.get("household", "")))
            residents.add(str(candidate.value.get("resident", "")))
    households = {one: home for one in sorted(homes - {""}) if (home := housing.household(ledger, one))}
    return households, people.names(ledger, sorted(residents - {""}))


# ---- one answer for many


@dataclass(frozen=True, slots=True)
class Fit:
    """What a rule answers to a question: the candidate, or None and ``why`` not.

    not_conflict; other_side (not ours to settle); silent (that side says nothing); several (it says two things).
    """

    item: ReviewItem
    candidate: Candidate | None
    why: str = ""


def fits(found: Iterable[ReviewItem], rule: Rule) -> list[Fit]:
    """Return what ``rule`` answers to each question, so that it can be looked at before it is done."""
    return [_fit(item, rule) for item in found]


def _fit(item: ReviewItem, rule: Rule) -> Fit:
    if item.code != "conflict":
        return Fit(item, None, "not_conflict")
    if not item.ours:
        return Fit(item, None, "other_side")
    if rule == "shown":
        return Fit(item, item.candidates[0])
    if rule == "newest":
        newest = max(item.candidates, key=lambda one: max(saying.hlc for saying in one.sayings))
        return Fit(item, newest)
    saying = [one for one in item.candidates if rule[0] in one.sides]
    return Fit(item, saying[0]) if len(saying) == 1 else Fit(item, None, "several" if saying else "silent")


# ---- conflicts


def conflicts(ledger: Ledger) -> list[ReviewItem]:
    """Return every register whose entries disagree, by village, kind and record."""
    rows = ledger.connection.execute("SELECT scope, kind, record, register FROM conflict ORDER BY 1, 2, 3, 4")
    keys = rows.fetchall()
    histories = store.operations_of(ledger.connection, dict.fromkeys(record for _, _, record, _ in keys))
    states = {key: fold(history) for key, history in histories.items()}
    sayings = _Sayings(ledger, histories)
    owners = {
        key: key[2] if key[1] == "resident" else _named_in(state, "resident", "left")
        for key, state in states.items()
    }
    named = _Named(ledger, owners.values())
    found = []
    for scope, kind, record, register in keys:
        key = (scope, kind, record)
        heads = disagreeing(states[key], register)
        found.append(
            named.item(
                "conflict",
                *key,
                owners[key],
                _named_in(states[key], "right"),
                register,
                _candidates(sayings, key, register, heads),
                is_ours(ledger, scope, kind, register, heads),
                side(kind, register),
            )
        )
    return found


def theirs(ledger: Ledger, scope: str | None = None) -> int:
    """Return how many conflicts (of one scope) this side does not settle."""
    return theirs_by_place(ledger, scope).total()


def theirs_by_place(ledger: Ledger, scope: str | None = None) -> Counter[str]:
    """Return by place how many conflicts (of one scope) this side does not settle."""
    rows = ledger.connection.execute("SELECT scope, kind, record, register FROM conflict ORDER BY 1, 2, 3, 4")
    keys = [key for key in rows if scope in (None, key[0]) and not _certainly_ours(ledger, *key)]
    histories = store.operations_of(ledger.connection, dict.fromkeys(record for _, _, record, _ in keys))
    states = {key: fold(history) for key, history in histories.items()}
    return Counter(
        place
        for place, kind, record, register in keys
        if not is_ours(ledger, place, kind, register, disagreeing(states[place, kind, record], register))
    )


def _certainly_ours(ledger: Ledger, scope: str, kind: str, _record: str, register: str) -> bool:
    """Whether nobody has to look at the entries to see that this side settles it."""
    near = not ledger.is_office or scope == ledger.profile.scope or is_parent(ledger.profile.scope, scope)
    return near and side(kind, register) == ledger.profile.role


def _candidates(
    sayings: "_Sayings", key: store.Key, register: str, heads: Iterable[Operation]
) -> tuple[Candidate, ...]:
    found: list[tuple[Value, list[Saying]]] = []
    for head in heads:
        value = head.body.changes.get(register, {})  # what a void had not seen speaks for keeping the record
        saying = sayings.of(key, register, head)
        for other, beside in found:
            if other == value:
                beside.append(saying)
                break
        else:
            found.append((value, [saying]))
    return tuple(Candidate(value, tuple(beside)) for value, beside in found)


def _named_in(state: State, *fields: str) -> str:
    """Return the person a record is about; of an answer whether two are one, either."""
    found = values(state)
    return next((str(found[field]) for field in fields if field in found), "")


_HANDLE = 8
"""Digits of a device's key that tell it from another one of the same name, as the page of devices does."""


class _Sayings:
    """Who said what on which device, read at once for all records in question."""

    def __init__(self, ledger: Ledger, histories: Mapping[store.Key, Sequence[Operation]]) -> None:
        self._histories = {key: {item.oid: item for item in found} for key, found in histories.items()}
        self._replica = ledger.replica
        self._own_key = ledger.device.verify_key
        self._came: dict[bytes, tuple[bytes | None, str, str | None]] = {}
        shared = "SELECT title FROM device GROUP BY title HAVING count(*) > 1"
        self._shared = {row[0] for row in ledger.connection.execute(shared)}
        records = dict.fromkeys(record for _, _, record in histories)
        for part in store.batches(records, 500):
            rows = ledger.connection.execute(
                "SELECT o.oid, g.signer, coalesce(b.name, ''), d.title FROM op o "
                "LEFT JOIN segment g ON g.id = o.segment LEFT JOIN bundle b ON b.id = o.bundle "
                f"LEFT JOIN device d ON d.verify_key = g.signer WHERE o.record IN ({','.join('?' * len(part))})",
                part,
            )
            self._came.update((oid, rest) for oid, *rest in rows)

    def of(self, key: store.Key, register: str, head: Operation) -> Saying:
        """Return who said what ``head`` holds; the oid stays the head's."""
        first = origin(self._histories[key], register, head)
        body = first.body
        signer, bundle, title = self._came.get(first.oid, (None, "", None))
        here = body.replica == self._replica
        own = here or signer in (None, self._own_key)
        device = f"{title} {signer.hex()[:_HANDLE]}" if signer and title in self._shared else title or ""
        return Saying(
            *(head.oid, body.hlc, body.who, body.via, body.replica[:1]),
            *(device, here, own or title is not None, bundle),
        )


# ---- doubts


def _doubts(ledger: Ledger) -> list[ReviewItem]:
    rows = [
        (code, _KINDS.get(code, "resident"), *row)
        for code, sql in review_sql(policies.in_force(ledger).policy).items()
        for row in ledger.connection.execute(f"{sql} ORDER BY 1, 2").fetchall()
    ]
    rows += [(one.code, "resident", one.scope, one.record, one.detail) for one in questions(ledger)]
    owners = _payers(ledger, [record for _, kind, _, record, _ in rows if kind == "payment"])
    residents = [
        record if kind == "resident" else owners.get((scope, record), "")
        for _, kind, scope, record, _ in rows
    ]
    named = _Named(ledger, residents)
    return [
        named.item(detail if code == "doubt" else code, scope, kind, record, resident, detail or "")
        for (code, kind, scope, record, detail), resident in zip(rows, residents, strict=True)
    ]


_KINDS = {"paid_unknown": "payment", "void_leaning": "payment", "unread": "operation"}
"""Questions about something else than a resident."""


def _payers(ledger: Ledger, payments: Iterable[str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for part in store.batches(payments, 500):
        sql = f"SELECT scope, record, coalesce(resident, '') FROM payment WHERE record IN ({','.join('?' * len(part))})"
        found.update(
            ((scope, record), resident) for scope, record, resident in ledger.connection.execute(sql, part)
        )
    return found


class _Named:
    """The people questions are about, read at once."""

    def __init__(self, ledger: Ledger, residents: Iterable[str]) -> None:
        self._people: dict[tuple[str, str], tuple[str, str, str]] = {}
        for part in store.batches(dict.fromkeys(filter(None, residents)), 500):
            for scope, record, *row in ledger.connection.execute(
                "SELECT scope, record, coalesce(household, ''), coalesce(name, ''), coalesce(id_number, '') "
                f"FROM resident WHERE record IN ({','.join('?' * len(part))})",
                part,
            ):
                self._people[scope, record] = (row[0], row[1], row[2])

    def item(
        self,
        code: str,
        scope: str,
        kind: str,
        record: str,
        resident: str,
        detail: str,
        register: str = "",
        candidates: tuple[Candidate, ...] = (),
        ours: bool = True,
        decides: str = "",
    ) -> ReviewItem:
        """Return a question with the name, number and household of whom it is about."""
        household, name, id_text = self._people.get((scope, resident), ("", "", ""))
        if kind == "household":
            household = record
        return ReviewItem(
            *(code, scope, kind, record, resident, household, name, id_text),
            *(detail, register, candidates, ours, decides),
        )
