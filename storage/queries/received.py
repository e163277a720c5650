"""What files that were received changed, place by place: whose records, and what about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.queries.outbox import Key, Whose, whose

NEW, CHANGED, PAID, VOIDED, DISPUTED = "new", "changed", "paid", "voided", "disputed"
FIGURES = (NEW, CHANGED, PAID, VOIDED, DISPUTED)
"""What is counted of a place, always in persons or households, each once per figure."""
_OF_PEOPLE = tuple(
    name for name, kind in KINDS.items() if name in ("resident", "household") or "resident" in kind.fields
)


@dataclass(frozen=True, slots=True)
class Span:
    """The entries of some files: their lines in the exchange log, and the entries (first, last) they lie between."""

    bundles: tuple[int, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody about whom something came: the records by kind, and the figures they count in."""

    scope: str
    whose: Whose
    kinds: tuple[str, ...]
    figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class News:
    """How many people of a place are new, otherwise changed, newly paid, without a payment that stood, in dispute."""

    scope: str
    counts: Mapping[str, int] = field(default_factory=dict)


def newest(ledger: Ledger) -> int:
    """Return the number of the newest entry: what comes later lies beyond it."""
    return int(ledger.connection.execute("SELECT coalesce(max(id), 0) FROM op").fetchone()[0])


def touched(ledger: Ledger, span: Span, scope: str = "") -> list[Touched]:
    """Return about whom the files said something new, by place, group and name; of one place for ``scope``.

    A payment that was voided only later was paid all the same; what is in dispute is in dispute now.
    """
    figures: dict[tuple[str, str], set[str]] = {}
    kinds: dict[tuple[str, str], dict[str, None]] = {}
    owners: dict[tuple[str, str], Whose] = {}
    found = _records(ledger, span, scope)
    of = whose(ledger, found)
    for key, said in found.items():
        owner = of[key]
        who = (key[0], owner.resident or owner.household)
        if who[1] and said:
            owners.setdefault(who, owner)
            figures.setdefault(who, set()).update(said)
            kinds.setdefault(who, {})[key[1]] = None
    rows = [
        Touched(who[0], owner, tuple(kinds[who]), frozenset(_settled(figures[who])))
        for who, owner in owners.items()
    ]
    return sorted(rows, key=lambda row: (row.scope, row.whose.group, row.whose.number, row.whose.name))


def news(rows: Iterable[Touched]) -> list[News]:
    """Return the figures of each place, by code; each is the number of rows of ``touched`` that carry it."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        place = counts.setdefault(row.scope, dict.fromkeys(FIGURES, 0))
        for figure in row.figures:
            place[figure] += 1
    return [News(scope, counts[scope]) for scope in sorted(counts)]


def _settled(figures: set[str]) -> set[str]:
    """Somebody who is new is not changed as well."""
    return figures - {CHANGED} if NEW in figures else figures


def _records(ledger: Ledger, span: Span, scope: str) -> dict[Key, set[str]]:
    """Return the records of people and households the files wrote in, with the figures each counts in."""
    found: dict[Key, set[str]] = {}
    if not span.bundles:
        return found
    named: dict[str, object] = {"first": span.first, "last": span.last, "scope": scope}
    marks = ",".join(map(str, span.bundles))
    for kind in _OF_PEOPLE:
        gone = "k.void_reason IS NOT NULL" if "void" in KINDS[kind].registers else "0"
        rows = ledger.connection.execute(_TOUCHED.format(kind=kind, gone=gone, bundles=marks), named)
        for place, record, before, void, disputed in rows:
            found[place, kind, record] = set(_figures(kind, bool(before), bool(void), bool(disputed)))
    return found


_TOUCHED = """
    WITH fresh AS MATERIALIZED (
        SELECT DISTINCT s.scope AS scope, o.record AS record FROM op o JOIN stream s ON s.id = o.stream
        WHERE o.id BETWEEN :first AND :last AND o.bundle IN ({bundles}) AND (:scope = '' OR s.scope = :scope)
    )
    SELECT k.scope, k.record,
        EXISTS (SELECT 1 FROM op p JOIN stream t ON t.id = p.stream
                WHERE p.record = k.record AND t.scope = k.scope AND p.id < :first),
        {gone} AND NOT EXISTS (SELECT 1 FROM op q JOIN stream u ON u.id = q.stream
                WHERE q.record = k.record AND u.scope = k.scope AND q.id > :last),
        EXISTS (SELECT 1 FROM conflict c WHERE c.scope = k.scope AND c.kind = '{kind}' AND c.record = k.record)
    FROM fresh JOIN {kind} k ON k.scope = fresh.scope AND k.record = fresh.record"""


def _figures(kind: str, before: bool, void: bool, disputed: bool) -> Sequence[str]:
    said = [DISPUTED] if disputed else []
    if kind == "resident":
        return [*said, CHANGED if before or void else NEW]
    if kind == "household" and not before:
        return said  # its people are new; nobody counts homes
    if kind == "payment" and (void or not before):
        return [*said, CHANGED, VOIDED if void else PAID]
    return [*said, CHANGED]
