"""The people and households somebody looked at last, as lines of what the search finds."""

from collections.abc import Iterable, Iterator

from storage import remembered
from storage.ledger import Ledger
from storage.queries import find
from storage.queries.find import Hit
from storage.remembered import Who


def recent(ledger: Ledger, *, limit: int = remembered.MOST) -> list[Hit]:
    """Return whom the operator looked at last; of a household its head, ``why`` "household" or "person"."""
    return list(_people(ledger, remembered.recent(ledger)))[:limit]


def _people(ledger: Ledger, who: Iterable[Who]) -> Iterator[Hit]:
    for scope, household, resident in who:
        found = (
            find.by_record(ledger, scope, resident) if resident else find.head_of(ledger, scope, household)
        )
        if found is not None:
            yield found
