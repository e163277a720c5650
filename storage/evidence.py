"""Who said what stands in a record, and when: the list an entry came from, or the person who made it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage import store
from storage.clock import moment
from storage.ledger import Ledger
from storage.log import Operation
from storage.store import Key


@dataclass(frozen=True, slots=True)
class Source:
    """Where the newest entry of a record comes from: a list (``kind``, ``file``) or a person (``who``), and the day.

    ``side`` is the role of the ledger that wrote it.
    """

    kind: str
    file: str
    who: str
    on: str
    side: str


def sources(ledger: Ledger, keys: Iterable[Key]) -> Mapping[Key, Source]:
    """Return, for each record that has entries, where the newest one comes from; a list's before a person's."""
    wanted = set(keys)
    histories = store.operations_of(ledger.connection, sorted({record for _, _, record in wanted}))
    return {key: _source(found) for key, found in histories.items() if key in wanted and found}


def _source(history: Iterable[Operation]) -> Source:
    newest = max(history, key=lambda one: (one.inert is None, ":" in one.body.via, one.body.hlc))
    body = newest.body
    kind, _, rest = body.via.partition(":")
    file = rest.rpartition(":")[0]
    day = moment(body.hlc).date().isoformat()
    return Source(kind if file else "", file, body.who, day, body.replica[:1])
