"""Lists that are taken over: written with a line in the log, taken back as a whole, words and spellings remembered."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from storage import store
from storage.commands.payments import void_value
from storage.errors import KnownError
from storage.fold import State, fold
from storage.kinds import KINDS
from storage.ledger import Changes, Edit, Ledger
from storage.log import Operation
from storage.records import Value
from storage.rows import RowNote
from storage.store import Key

_FOUNDING = frozenset(("link", "edge"))
"""Registers that say what a record is about: they stay when what it says is taken back."""
TAKEN_BACK = "收回名单"
"""The reason a record carries that only a list had made, once the list is taken back."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A list's line in the log: its file, what it is, for which year and village, and what became of its rows."""

    name: str
    digest: str
    kind: str
    source: str = ""
    year: int = 0
    scope: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry of a list that stays when the list is taken back, and why: changed_since, used_since."""

    scope: str
    kind: str
    record: str
    register: str
    why: str


@dataclass(frozen=True, slots=True)
class Reverted:
    """What taking a list back did: how many entries were restored, which stay with the reason."""

    restored: int
    kept: tuple[Kept, ...]


def take(
    ledger: Ledger,
    edits: Sequence[Edit],
    heading: Heading,
    rows: Iterable[RowNote],
    learned: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[int, Changes]:
    """Write a list's edits with its line in the log, its rows and who its spellings were said to be, all or nothing.

    ``learned`` maps a spelling to (scope, record), ("", "") for nobody here. Returns the list's number.
    """
    number = 0
    written: Counter[str] = Counter()

    def note(_connection: object) -> None:
        nonlocal number
        number = _log(ledger, heading, rows)
        _note_operations(ledger, number, written)
        connection = ledger.connection
        connection.executemany(
            "INSERT OR REPLACE INTO learned VALUES (?, ?, ?, ?, ?)",
            [
                (spelling, *whom, ledger.operator, ledger.clock.utc())
                for spelling, whom in (learned or {}).items()
            ],
        )

    changes = ledger.write(_counted(ledger, edits, written), note)
    return number, changes


def _counted(ledger: Ledger, edits: Iterable[Edit], written: Counter[str]) -> Iterator[Edit]:
    """Yield edits and count by scope, as they pass, those that write something."""
    for edit in edits:
        if edit.changes:
            written[edit.scope or ledger.profile.scope] += 1
        yield edit


def _log(ledger: Ledger, heading: Heading, rows: Iterable[RowNote]) -> int:
    counts = heading.counts
    cursor = ledger.connection.execute(
        "INSERT INTO intake (at, who, name, digest, scope, kind, added, known, changed, review, source, year, counts) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ledger.clock.utc(), ledger.operator, heading.name, heading.digest, heading.scope, heading.kind,
            *(counts.get(name, 0) for name in ("added", "known", "changed", "review")),
            heading.source, heading.year, json.dumps(dict(counts)),
        ),
    )  # fmt: skip
    number = int(cursor.lastrowid)
    ledger.connection.executemany(
        "INSERT INTO intake_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, at, row.sheet, row.line, row.status, row.scope, row.record, row.score, row.why, row.said)
            for at, row in enumerate(rows)
        ),
    )
    return number


def _note_operations(ledger: Ledger, number: int, written: Mapping[str, int]) -> None:
    """Note which operations a list has just written: the last ones of this copy in each village."""
    for scope, count in written.items():
        stream, last = ledger.connection.execute(
            "SELECT id, last_seq FROM stream WHERE scope = ? AND replica = ?", (scope, ledger.replica)
        ).fetchone()
        ledger.connection.execute(
            "INSERT INTO intake_op VALUES (?, ?, ?, ?)", (number, stream, last - count + 1, last)
        )


def revert(ledger: Ledger, number: int) -> tuple[Reverted, Changes]:
    """Take a list back: what it wrote goes back to what stood before, unless somebody has written over it since.

    A record only the list had made is taken out, unless something else hangs on it by now.
    Raises KnownError: list.unknown, list.reverted.
    """
    edits, kept = _back(ledger, number)

    def note(_connection: object) -> None:
        ledger.connection.execute(
            "UPDATE intake SET reverted_at = ?, reverted_by = ? WHERE id = ?",
            (ledger.clock.utc(), ledger.operator, number),
        )

    return Reverted(len(edits), tuple(kept)), ledger.write(edits, note)


def foresee(ledger: Ledger, number: int) -> Reverted:
    """Return what taking a list back would do, without doing it; raises like ``revert``."""
    edits, kept = _back(ledger, number)
    return Reverted(len(edits), tuple(kept))


def _back(ledger: Ledger, number: int) -> tuple[list[Edit], list[Kept]]:
    """Return the edits that take a list back, and what stays."""
    row = ledger.connection.execute(
        "SELECT kind, name, reverted_at FROM intake WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise KnownError("list.unknown", number=number)
    if row[2] is not None:
        raise KnownError("list.reverted", number=number, at=row[2])
    return _Taking(ledger, _operations(ledger, number), f"{row[0]}:{row[1]}:{TAKEN_BACK}").back()


def _operations(ledger: Ledger, number: int) -> dict[Key, list[Operation]]:
    """Return what a list wrote, by record."""
    rows = ledger.connection.execute(
        "SELECT o.body, o.inert FROM intake_op i JOIN op o ON o.stream = i.stream AND o.seq BETWEEN i.first AND i.last "
        "WHERE i.intake = ? AND o.body <> x'' ORDER BY o.id",
        (number,),
    )
    return store.by_record(store.operation(stored, inert) for stored, inert in rows)


class _Taking:
    """Works out the edits that take what a list wrote back."""

    def __init__(self, ledger: Ledger, written: Mapping[Key, Sequence[Operation]], via: str) -> None:
        self._ledger = ledger
        self._written = written
        self._via = via
        self._oids = {one.oid for found in written.values() for one in found}
        self._histories = store.operations_of(ledger.connection, {key[2] for key in written})
        self._kept: list[Kept] = []
        self._staying: set[Key] = set()

    def back(self) -> tuple[list[Edit], list[Kept]]:
        """Return the edits, and what stays with the reason."""
        edits = []
        order = sorted(
            self._written, key=lambda key: (key[1] in ("resident", "household"), key[1] == "household")
        )
        for key in order:
            edit = self._edit(key)
            if edit is not None:
                edits.append(edit)
        return edits, self._kept

    def _edit(self, key: Key) -> Edit | None:
        scope, kind, record = key
        history = self._histories.get(key, [])
        state = fold(history)
        if "void" in KINDS[kind].registers and all(one.oid in self._oids for one in history):
            return self._taken_out(key, state)
        changes: dict[str, Value] = {}
        pred: dict[str, tuple[bytes, ...]] = {}
        registers = {name for one in self._written[key] for name in one.body.changes} - _FOUNDING
        for register in sorted(registers):
            heads = state[register].operations if register in state else ()
            ours = tuple(head for head in heads if head.oid in self._oids)
            if not ours:
                self._kept.append(Kept(scope, kind, record, register, "changed_since"))
                continue
            changes[register] = self._before(history, register, [one for one in heads if one not in ours])
            pred[register] = tuple(head.oid for head in ours)
        return Edit(kind, record, changes, scope, self._via, pred) if changes else None

    def _taken_out(self, key: Key, state: State) -> Edit | None:
        """The edit that takes out a record nothing but the list ever wrote, unless something hangs on it."""
        scope, kind, record = key
        if "void" in state and state["void"].value:
            return None
        if self._is_used(key):
            self._staying.add(key)
            self._kept.append(Kept(scope, kind, record, "", "used_since"))
            return None
        value = void_value(self._ledger, scope, kind, record, TAKEN_BACK)
        heads = tuple(head.oid for head in state["void"].operations) if "void" in state else ()
        return Edit(kind, record, {"void": value}, scope, self._via, {"void": heads})

    def _is_used(self, key: Key) -> bool:
        """Whether something else than this list speaks of a person, or others than its people live in a household."""
        scope, kind, record = key
        column = {"resident": "resident", "household": "household"}.get(kind)
        if column is None:
            return False
        for other, about in KINDS.items():
            if column not in about.fields or other == kind:
                continue
            rows = self._ledger.connection.execute(
                f"SELECT record FROM {other} WHERE +scope = ? AND {column} = ?", (scope, record)
            )
            for (hanging,) in rows:
                found = self._histories.get((scope, other, hanging))
                ours = found is not None and all(one.oid in self._oids for one in found)
                if not ours or (scope, other, hanging) in self._staying:
                    return True
        return False

    def _before(self, history: Sequence[Operation], register: str, others: Sequence[Operation]) -> Value:
        """What a register goes back to: what stands beside the list's entry, else what that had replaced."""
        if others:
            return others[0].body.changes[register]
        by_oid = {one.oid: one for one in history}
        todo = [one for one in history if one.oid in self._oids and register in one.body.changes]
        replaced = [by_oid[oid] for one in todo for oid in one.body.preds(register) if oid in by_oid]
        found = [one for one in replaced if one.oid not in self._oids]
        return max(found, key=lambda one: one.body.hlc).body.changes[register] if found else {}


def set_alias(ledger: Ledger, vocabulary: str, word: str, code: str) -> None:
    """Keep what a word of foreign lists means: a code, "" for nothing to us."""
    with ledger.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO alias VALUES (?, ?, ?, ?, ?)",
            (vocabulary, word, code, ledger.operator, ledger.clock.utc()),
        )


def remove_alias(ledger: Ledger, vocabulary: str, word: str) -> None:
    """Forget what a word was said to mean."""
    with ledger.transaction() as connection:
        connection.execute("DELETE FROM alias WHERE vocabulary = ? AND word = ?", (vocabulary, word))


def forget(ledger: Ledger, spelling: str) -> None:
    """Forget who a spelling was said to be."""
    with ledger.transaction() as connection:
        connection.execute("DELETE FROM learned WHERE spelling = ?", (spelling,))


def expire(ledger: Ledger, older_than_days: int, today: date) -> int:
    """Forget what the rows of lists older than that said (the law's retention); returns of how many rows.

    What they wrote stays, and can still be taken back.
    """
    limit = (today - timedelta(days=older_than_days)).isoformat()
    with ledger.transaction() as connection:
        done = connection.execute(
            "UPDATE intake_row SET said = '' WHERE said <> '' "
            "AND intake IN (SELECT id FROM intake WHERE substr(at, 1, 10) < ?)",
            (limit,),
        )
        return int(done.rowcount)
