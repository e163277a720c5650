"""The people of an office's villages: every number of the board is a door to exactly these."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from gui.i18n import _
from gui.models import hits
from gui.wording import names
from storage.ledger import Ledger
from storage.policy import rates
from storage.policy.facts import Standing
from storage.policy.model import Policy
from storage.queries import find, housing, people, tally, villages
from storage.queries.people import Person

NAMED, GROUP, GROUP_UNPAID = "named", "group:", "group_unpaid:"
"""People another page names one by one; those of one group."""


@dataclass(frozen=True, slots=True)
class RollFilter:
    """People to show: ``code`` of ``tests``, the village or township ("" for all), and the denominator of a rate.

    Those of ``NAMED`` are ``among`` (village, person), called by a ``title``. ``GROUP`` and the code of a group are
    its people, ``GROUP_UNPAID`` and it those who have not paid.
    """

    code: str = "all"
    scope: str = ""
    denominator: str = ""
    title: str = ""
    among: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Whom:
    """One person to show, by village and record."""

    scope: str
    record: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A person, where their household stands, and the other records that are this one person.

    ``other`` is the title of the village they count in or came from, where that is another one; ``hit`` is why the
    search found them.
    """

    village: str
    group: str
    number: str
    person: Person
    twins: tuple[Person, ...] = ()
    other: str = ""
    hit: find.Hit | None = None

    @property
    def records(self) -> tuple[Person, ...]:
        """All of them, the one they count under first."""
        return (self.person, *self.twins)


Found = dict[str, list[Entry]]
"""Filter code → the people who belong to it."""


Test = Callable[[Entry], bool]


def tests(policy: Policy, denominator: str) -> dict[str, Test]:
    """Code → whether a person belongs to it; they count as storage.queries.figures does."""
    special = {group.code for group in policy.groups if group.special}

    @cache
    def lacking(residence: str, absence: str) -> bool:
        return rates.membership(policy, denominator, Standing(residence, absence or None, "none"))

    @cache
    def counting(residence: str, absence: str) -> bool:
        return rates.membership(policy, denominator, Standing(residence, absence or None, "reported"))

    def should(entry: Entry) -> bool:
        if rule.count_only:  # a bare number counts nobody; those of the register it is held against do
            return inside(entry)
        test = lacking if entry.person.paid == "none" else counting
        return any(test(one.residence or "unknown", one.absence) for one in entry.records)

    def is_paid(entry: Entry) -> bool:
        return entry.person.paid != "none"

    def is_special(entry: Entry) -> bool:
        return not special.isdisjoint(entry.person.groups)

    rule = policy.denominator(denominator)
    residences = frozenset(tally.residences_of(policy, rule))

    def gone(entry: Entry) -> bool:
        return rates.departed(policy, entry.person.absence or None)

    def inside(entry: Entry) -> bool:
        return not gone(entry) and any((one.residence or "unknown") in residences for one in entry.records)

    def excluded(entry: Entry) -> bool:
        out = rule.explained_out and entry.person.paid == "none"
        return out and inside(entry) and rates.explained(policy, entry.person.absence or None)

    def able(entry: Entry) -> bool:
        settled = rates.settled(policy, entry.person.absence or None)
        return inside(entry) and entry.person.paid == "none" and not settled

    def of_group(code: str) -> dict[str, Test]:
        return {
            GROUP + code: lambda entry: code in entry.person.groups,
            GROUP_UNPAID + code: lambda entry: code in entry.person.groups and not is_paid(entry),
        }

    counted: dict[str, Test] = {
        "should": should,
        "should_paid": lambda entry: should(entry) and is_paid(entry),
        "unpaid": lambda entry: should(entry) and not is_paid(entry),
        "paid": is_paid,
        "paid_beside": lambda entry: is_paid(entry) and not should(entry),
        "waiting": lambda entry: entry.person.paid == "reported",
        "confirmed": lambda entry: entry.person.paid == "confirmed",
        "credential": lambda entry: not entry.person.credential,
        "active": lambda entry: bool(entry.person.credential),
        "special": is_special,
        "special_paid": lambda entry: is_special(entry) and is_paid(entry),
        "special_unpaid": lambda entry: is_special(entry) and not is_paid(entry),
        "help": lambda entry: bool(entry.person.need),
        "absent": lambda entry: bool(entry.person.absence),
        "explained": lambda entry: rates.explained(policy, entry.person.absence or None),
        "new": lambda entry: entry.person.new,
        "should_confirmed": lambda entry: inside(entry) and entry.person.paid == "confirmed",
        "able": able,
        "departed": gone,
        "others": lambda entry: not gone(entry) and not inside(entry),
        "excluded": excluded,
    }
    for group in policy.groups:
        counted |= of_group(group.code)
    return {
        "all": lambda entry: True,
        "register": _here(lambda entry: True),
        **{code: _here(test) for code, test in counted.items()},
        "elsewhere": lambda entry: bool(entry.person.counted_in),
        "doubtful": lambda entry: any(one.doubt or one.unsettled for one in entry.records),
    }


def _here(test: Test) -> Test:
    """Only who counts in this village counts there for anything."""
    return lambda entry: not entry.person.counted_in and test(entry)


STANDING = ("all", "unpaid", "waiting", "confirmed", "credential", "special_unpaid", "help", "doubtful")
"""The filters that are always in sight; any other is only while it is chosen."""


def known(policy: Policy, code: str) -> bool:
    """Whether there is such a filter that needs nothing told beside."""
    return code in tests(policy, policy.default_denominator)


def choose(policy: Policy, wanted: RollFilter, people: Iterable[Entry]) -> list[Entry]:
    """Those of these people the filter wants."""
    if wanted.code == NAMED:
        return [
            entry for entry in people if any((one.scope, one.record) in wanted.among for one in entry.records)
        ]
    test = tests(policy, wanted.denominator or policy.default_denominator)[wanted.code]
    return [entry for entry in people if test(entry)]


def title(wanted: RollFilter) -> str:
    """What a filter is called."""
    return wanted.title or words(wanted.code)


def words(code: str) -> str:
    """A filter's name."""
    if code == NAMED:
        return _("Chosen elsewhere")
    for start, of in ((GROUP, "{group}"), (GROUP_UNPAID, _("{group} unpaid"))):
        if code.startswith(start):
            return of.format(group=names.short_group(code.removeprefix(start)))
    return {
        "should": _("Those who count"),
        "should_paid": _("Paid, of those who count"),
        "paid_beside": _("Paid, not of those who count"),
        "special_paid": _("Paid, special groups"),
        "explained": _("With an explained reason"),
        "active": _("Credential active"),
        "register": _("Everybody in the register"),
        "all": _("All"),
        "unpaid": _("Unpaid"),
        "paid": _("Paid"),
        "waiting": _("To be posted"),
        "confirmed": _("Posted"),
        "credential": _("No credential"),
        "special": _("Special groups"),
        "special_unpaid": _("Special groups unpaid"),
        "help": _("Needs help"),
        "absent": _("Insured elsewhere or gone"),
        "new": _("New this year"),
        "elsewhere": _("Counted elsewhere"),
        "should_confirmed": _("Posted, of those who count"),
        "able": _("Unpaid, can still pay here"),
        "departed": _("Died or moved away"),
        "others": _("Live where this rate does not count"),
        "excluded": _("Explained and taken out"),
        "doubtful": _("Doubtful"),
    }[code]


def read(ledger: Ledger, policy: Policy, denominator: str, scope: str, title: str) -> Found:
    """Read a village on the ledger thread: its people by the filters always in sight, in walking order."""
    loaded = people.load(ledger, policy.year, scope=scope)
    homes = {home.record: (home.group, home.number) for home in housing.households(ledger, scope)}
    found = entries(loaded, homes, title, _titles(ledger, loaded))
    told = tests(policy, denominator)
    return {code: [entry for entry in found if told[code](entry)] for code in STANDING}


@dataclass(frozen=True, slots=True)
class Hits:
    """People found, the likeliest first; ``more`` when there are others."""

    entries: list[Entry]
    more: bool
    nobody: tuple[str, str] = ("", "")


def search(ledger: Ledger, policy: Policy, text: str) -> Hits:
    """Find people in all villages."""
    looked = hits.look(ledger, text)
    some = {(hit.scope, hit.record): hit for hit in looked.hits}
    titles = villages.titles(ledger)
    order = {key: place for place, key in enumerate(some)}
    by_scope: dict[str, list[Person]] = {}
    for person in people.load(ledger, policy.year, residents=[record for _scope, record in some]):
        by_scope.setdefault(person.scope, []).append(person)
    homes = {hit.household: (hit.group, hit.household_number) for hit in some.values()}
    found = [
        entry
        for scope, there in by_scope.items()
        for entry in entries(there, homes, titles.get(scope, scope), titles)
    ]

    def first(entry: Entry) -> tuple[str, str]:
        keys = [(one.scope, one.record) for one in entry.records]
        return min(keys, key=lambda key: order.get(key, len(order)))

    shown = [replace(entry, hit=some.get(first(entry))) for entry in found]
    shown.sort(key=lambda entry: order.get(first(entry), len(order)))
    return Hits(shown, looked.more, looked.nobody)


def one(ledger: Ledger, policy: Policy, whom: Whom) -> Hits:
    """Find one person by record."""
    loaded = people.load(ledger, policy.year, scope=whom.scope, residents=[whom.record])
    homes = {home.record: (home.group, home.number) for home in housing.households(ledger, whom.scope)}
    titles = villages.titles(ledger)
    return Hits(entries(loaded, homes, titles.get(whom.scope, whom.scope), titles), False)


def _titles(ledger: Ledger, found: Iterable[Person]) -> dict[str, str]:
    """The titles of all villages, where any of these people was moved."""
    moved = any(one.counted_in or one.came_from for one in found)
    return villages.titles(ledger) if moved else {}


def entries(
    found: Iterable[Person],
    homes: Mapping[str, tuple[str, str]],
    title: str,
    titles: Mapping[str, str] | None = None,
) -> list[Entry]:
    """The people of one village, each once, household by household in the order of ``homes``."""
    places = {record: place for place, record in enumerate(homes)}
    together: dict[str, list[Person]] = {}
    for person in found:
        together.setdefault(person.person, []).append(person)
    made = []
    for key, records in together.items():
        if len(records) > 1:
            records.sort(key=lambda one: (one.record != key, one.record))
        first, *others = records
        other = (titles or {}).get(first.counted_in or first.came_from, "")
        entry = Entry(title, *homes.get(first.household, ("", "")), first, tuple(others), other)
        made.append((places.get(first.household, len(homes)), first.relation or "9", first.record, entry))
    made.sort(key=lambda one: one[:3])
    return [entry for *_order, entry in made]
