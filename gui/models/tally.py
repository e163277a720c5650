"""How many distinct people belong to each filter, kept up household by household."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from gui.models.filters import TESTS
from storage.policy.model import Policy
from storage.queries.cards import HouseholdCard

Mark = tuple[str, str]
"""(filter code, person): somebody of several records counts once."""


class Tally(Mapping[str, int]):
    """Counts by filter code."""

    def __init__(self, policy: Policy, cards: Iterable[HouseholdCard]) -> None:
        self._policy = policy
        self._marks: dict[str, frozenset[Mark]] = {}
        self._held: Counter[Mark] = Counter()
        self._counts: Counter[str] = Counter()
        for card in cards:
            self.put(card)

    def __getitem__(self, code: str) -> int:
        return self._counts[code]

    def __iter__(self) -> Iterator[str]:
        return iter(TESTS)

    def __len__(self) -> int:
        return len(TESTS)

    def put(self, card: HouseholdCard) -> None:
        """Count a household as it is now, in place of what it was."""
        record = card.household.record
        marks = frozenset(
            (code, one.person.person)
            for one in card.people
            for code, test in TESTS.items()
            if test(self._policy, one)
        )
        for mark in self._marks.get(record, frozenset()) - marks:
            self._held[mark] -= 1
            self._counts[mark[0]] -= not self._held[mark]
        for mark in marks - self._marks.get(record, frozenset()):
            self._counts[mark[0]] += not self._held[mark]
            self._held[mark] += 1
        self._marks[record] = marks
