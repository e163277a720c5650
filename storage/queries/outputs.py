"""What forms that go out are filled from: people with their place and what they are due, corrections, doubles.

Everybody is there once in each village, as its figures count them. Over several villages whoever two of them claim
is left out where the township does not count them for now, and has where it does what any village knows of them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from storage import store
from storage.clock import COUNTER_BITS, moment
from storage.fold import fold
from storage.ledger import Ledger
from storage.log import Operation
from storage.policy import rates
from storage.policy.amounts import Due, due
from storage.policy.model import Policy
from storage.queries import counting, housing, money_rows, people
from storage.queries.housing import Household
from storage.queries.money_rows import Recorded
from storage.queries.people import Person
from storage.records import Value

Key = tuple[str, str]
"""(scope, person)."""


@dataclass(frozen=True, slots=True)
class OutPerson:
    """A person of a form: where they stand, what they pay, and what the register holds beside.

    ``insured_before`` is whether the ledger knows of a payment for the year before, ``refund`` what was recorded of
    the subsidy that comes back to them.
    """

    village: str
    household: Household
    person: Person
    due: Due
    beside: "Beside"
    insured_before: bool = False
    refund: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What the platform says of somebody: scheme and state as codes of the platform, where, by whom."""

    scheme: str
    state: str
    place: str
    employer: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What the register holds of somebody that no rule asks for."""

    hukou: str = ""
    hukou_address: str = ""
    school: str = ""
    school_class: str = ""
    cover: tuple[Cover, ...] = ()


_NOTHING = Beside()


def persons(
    ledger: Ledger,
    policy: Policy,
    scope: str,
    title: str,
    doubles: "Doubles | None" = None,
    *,
    whole: bool = False,
) -> list[OutPerson]:
    """Return the people of a village in walking order, each once; ``doubles`` says who counts in another one.

    Whoever does is left out, or (``whole``) there with the village they count in as ``counted_in``.
    """
    homes = {home.record: home for home in housing.households(ledger, scope)}
    places = {record: place for place, record in enumerate(homes)}
    beside, refunds = _beside(ledger, scope), money_rows.subsidies(ledger, policy.year, scope)

    @cache
    def owed(groups: tuple[str, ...]) -> Due:
        return due(policy, groups)

    def found(person: Person) -> OutPerson:
        home = homes.get(person.household) or _no_home(person)
        return OutPerson(
            title,
            home,
            person,
            owed(person.groups),
            beside.get(person.person, _NOTHING),
            person.earlier.past.insured_last is True,
            refunds.get(person.person),
        )

    def place(person: Person) -> tuple[int, bool, str, date, str]:
        line = places.get(person.household, len(homes))
        relation = person.relation
        return line, relation != "0", relation or "9", person.birth or date.max, person.record

    loaded = one_each(people.load(ledger, policy.year, scope=scope))
    if doubles is not None:
        loaded = list(_counted_once(loaded, doubles, whole=whole))
    return [found(person) for person in sorted(loaded, key=place)]


def _counted_once(loaded: Iterable[Person], doubles: "Doubles", *, whole: bool) -> Iterator[Person]:
    """Yield people with all that any village knows of them; who counts in another one as ``persons`` says."""
    for person in loaded:
        if key_of(person) not in doubles.left_out:
            yield doubles.whole.get(key_of(person), person)
        elif whole:
            yield _elsewhere(person, doubles)


def _elsewhere(person: Person, doubles: "Doubles") -> Person:
    """Return somebody with the village that counts them."""
    return replace(person, counted_in=doubles.stands_for[key_of(person)][0])


def key_of(person: Person) -> Key:
    """Return the village and the record somebody counts under."""
    return person.scope, person.person


def one_each(loaded: Iterable[Person]) -> list[Person]:
    """Return each person once, by the record all theirs count under where that one is there."""
    found: dict[Key, Person] = {}
    for person in loaded:
        held = found.get(key_of(person))
        if held is None or _rank(person) < _rank(held):
            found[key_of(person)] = person
    return list(found.values())


def _rank(person: Person) -> tuple[bool, str]:
    return person.record != person.person, person.record


def alone(policy: Policy, village: str, person: Person, home: Household | None) -> OutPerson:
    """Return somebody who was read by themselves as a form has people; what lies beside is not known."""
    return OutPerson(village, home or _no_home(person), person, due(policy, person.groups), _NOTHING)


def _no_home(person: Person) -> Household:
    return Household(person.scope, person.household, "", "", "", "", person.name, "", "", None, "")


def _beside(ledger: Ledger, scope: str) -> dict[str, Beside]:
    """Return person → what is beside, of several records the first that says anything."""
    cover = _cover(ledger, scope)
    rows = ledger.connection.execute(
        "SELECT coalesce(t.person, r.record), min(coalesce(r.hukou, '')), min(coalesce(r.hukou_address, '')), "
        "min(coalesce(r.school, '')), min(coalesce(r.school_class, '')) FROM resident r "
        "LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record WHERE r.scope = ? AND r.void_reason IS NULL "
        "AND (r.hukou IS NOT NULL OR r.hukou_address IS NOT NULL OR r.school IS NOT NULL) GROUP BY 1",
        (scope,),
    )
    found = {row[0]: Beside(row[1], row[2], row[3], row[4], cover.get(row[0], ())) for row in rows}
    return {**{person: Beside(cover=covers) for person, covers in cover.items()}, **found}


def _cover(ledger: Ledger, scope: str) -> dict[str, tuple[Cover, ...]]:
    found: dict[str, list[Cover]] = {}
    for person, *said in ledger.connection.execute(
        "SELECT coalesce(t.person, c.resident), coalesce(c.scheme, ''), coalesce(c.scheme_state, ''), "
        "coalesce(c.scheme_place, ''), coalesce(c.employer, '') FROM coverage c "
        "LEFT JOIN twin t ON t.scope = c.scope AND t.record = c.resident "
        "WHERE c.scope = ? AND c.void_reason IS NULL AND c.resident IS NOT NULL ORDER BY 1, 2, 3, 4, 5",
        (scope,),
    ):
        found.setdefault(person, []).append(Cover(*said))
    return {person: tuple(dict.fromkeys(covers)) for person, covers in found.items()}


# ---- people two villages have


@dataclass(frozen=True, slots=True)
class Doubles:
    """Who of several villages' people is left out of a township's form, and what the one that counts holds.

    ``stands_for``: whoever is left out → the one that counts.
    """

    left_out: frozenset[Key] = frozenset()
    whole: Mapping[Key, Person] = field(default_factory=dict)
    stands_for: Mapping[Key, Key] = field(default_factory=dict)


def doubles(ledger: Ledger, policy: Policy, scopes: Collection[str]) -> Doubles:
    """Return who of ``scopes`` stands in several of them: the one adapter to how the township counts them.

    The order is that of ``counting.Claim``: until the office decides the first one counts.
    """
    claims = [
        sorted((one for one in group if one.scope in scopes), key=lambda one: one.order)
        for group in counting.claimed(ledger, policy)
    ]
    groups = tuple(tuple((one.scope, one.person) for one in group) for group in claims if len(group) > 1)
    keys = [key for group in groups for key in group]
    loaded = one_each(people.load(ledger, policy.year, residents=sorted({record for _, record in keys})))
    held = {key_of(person): person for person in loaded}
    whole = {
        group[0]: _together([held[key] for key in group if key in held])
        for group in groups
        if group[0] in held
    }
    stands_for = {key: group[0] for group in groups for key in group[1:]}
    return Doubles(frozenset(stands_for), whole, stands_for)


def _together(records: Sequence[Person]) -> Person:
    """Return one person with what every village knows of them."""
    first = records[0]
    claims = {claim.record: claim for one in records for claim in one.claims}
    return replace(
        first,
        claims=tuple(claims[record] for record in sorted(claims)),
        groups=tuple(sorted({group for one in records for group in one.groups})),
        new=any(one.new for one in records),
        absence=next((one.absence for one in records if one.absence), ""),
        need=next((one.need for one in records if one.need), ""),
        credential=next((one.credential for one in records if one.credential), ""),
    )


# ---- what was corrected


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of somebody that reads otherwise than before: what it was, what it is, who changed it last, when.

    ``field`` is name, sex, id_number, birth, village, group; ``why`` what was entered as the reason, else "".
    """

    person: OutPerson
    field: str
    old: str
    new: str
    who: str
    via: str
    on: datetime
    why: str = ""


_IDENTITY = ("name", "sex", "id_number", "birth")


Since = datetime | int | None
"""A moment; or how far the log had grown (``grown``), which also tells what was entered before but came later."""

Fresh = Callable[[Operation], bool]
"""Whether an entry is newer than what a form told last."""


def grown(ledger: Ledger) -> int:
    """Return how far the log has grown: a mark for ``corrections``."""
    return int(ledger.connection.execute("SELECT coalesce(max(id), 0) FROM op").fetchone()[0])


def _fresh(ledger: Ledger, since: Since) -> Fresh:
    if since is None:
        return lambda step: True
    if isinstance(since, datetime):
        after = int(since.timestamp() * 1000) << COUNTER_BITS
        return lambda step: step.body.hlc > after
    came = {row[0] for row in ledger.connection.execute("SELECT oid FROM op WHERE id > ?", (since,))}
    return lambda step: step.oid in came


def corrections(
    ledger: Ledger, policy: Policy, scope: str, title: str, since: Since = None
) -> list[Correction]:
    """Return what was corrected in a village's base data after ``since`` (all of it: None), person by person.

    What stood before is what was shown then, or what somebody was first entered with.
    """
    found: list[Correction] = []
    fresh = _fresh(ledger, since)
    rows = persons(ledger, policy, scope, title)
    changed = _written_again(ledger, scope)
    homes = {one.household.record for one in rows}
    history = store.operations_of(
        ledger.connection, [record for record in changed if record in homes or changed[record] == "resident"]
    )
    for one in rows:
        person = history.get((scope, "resident", one.person.record), [])
        home = history.get((scope, "household", one.household.record), [])
        found += _of_register(one, person, "identity", _IDENTITY, fresh)
        found += _of_register(one, home, "place", ("grp",), fresh)
        found += _moved(one, person, fresh)
    return found


def _written_again(ledger: Ledger, scope: str) -> dict[str, str]:
    """Return record → kind of the people and households written more than once: nobody else can be corrected."""
    rows = ledger.connection.execute(
        "SELECT o.record, CASE WHEN r.record IS NULL THEN 'household' ELSE 'resident' END FROM "
        "(SELECT record FROM op GROUP BY record HAVING count(*) > 1) o "
        "LEFT JOIN resident r ON r.scope = ? AND r.record = o.record "
        "LEFT JOIN household h ON h.scope = ? AND h.record = o.record "
        "WHERE r.record IS NOT NULL OR h.record IS NOT NULL",
        (scope, scope),
    )
    return dict(rows.fetchall())


def _of_register(
    one: OutPerson, history: Sequence[Operation], register: str, fields: Sequence[str], fresh: Fresh
) -> list[Correction]:
    """Return the fields of a register that read otherwise than before what is ``fresh``."""
    written = [step for step in history if step.inert is None and register in step.body.changes]
    if len(written) < 2 or not any(map(fresh, written)):
        return []
    old, new = _before(written, register, fresh), fold(written)
    if register not in new:
        return []
    last = new[register].operations[0].body
    return [
        Correction(
            one, _NAMED.get(field, field), _text(old, field), _text(new[register].value, field),
            last.who, last.via, moment(last.hlc),
        )
        for field in fields
        if _text(old, field) != _text(new[register].value, field)
    ]  # fmt: skip


_NAMED = {"grp": "group"}


def _text(value: Value, field: str) -> str:
    return str(value.get(field) or "")


def _before(written: Sequence[Operation], register: str, fresh: Fresh) -> Value:
    """Return what a register showed before what is ``fresh``, else what it was first filled with."""
    state = fold([step for step in written if not fresh(step)])
    if register in state:
        return state[register].value
    first = min(written, key=lambda step: (step.body.hlc, step.oid))
    return dict(first.body.changes[register])


def _moved(one: OutPerson, history: Sequence[Operation], fresh: Fresh) -> list[Correction]:
    """Return the village somebody counts in now, where it is ``fresh`` that the office decided that."""
    state = fold([step for step in history if step.inert is None]).get("counting")
    if state is None or not one.person.counted_in:
        return []
    if not fresh(state.operations[0]):
        return []
    last = state.operations[0].body
    why = str(state.value.get("counted_why") or "")
    return [
        Correction(
            one, "village", one.person.scope, one.person.counted_in, last.who, last.via, moment(last.hlc), why
        )
    ]


# ---- what the forms select by


def departed(policy: Policy, person: Person) -> bool:
    """Tell whether somebody is no longer one of this place's people."""
    return rates.departed(policy, person.absence or None)


def elsewhere(policy: Policy, person: Person) -> bool:
    """Tell whether somebody is insured or cared for elsewhere."""
    reason = policy.absence_reason(person.absence)
    return reason is not None and reason.nature == "elsewhere"


def needs_premium(policy: Policy, person: Person) -> bool:
    """Tell whether a premium is or will be paid here for somebody, so that departments plan for it."""
    if person.counted_in or departed(policy, person):
        return False
    return person.paid != "none" or not elsewhere(policy, person)


def population(ledger: Ledger) -> dict[str, tuple[int | None, int | None]]:
    """Return village → the statistics office's numbers of registered and resident people, None where not given."""
    rows = ledger.connection.execute(
        "SELECT coalesce(code, scope), registered, residing FROM village "
        "WHERE registered IS NOT NULL OR residing IS NOT NULL"
    )
    return {code: (registered, residing) for code, registered, residing in rows}
