"""The room a ledger takes, against the bare rows in an encrypted file."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.ledger import Ledger
from storage.packing import pack, unpack
from tests.bench import bare
from tests.bench.conftest import Compare, edits
from tests.bench.dictionary import body


def test_size(
    tmp_path: Path, new_ledger: Callable[[str], Ledger], compare: Compare, request: pytest.FixtureRequest
) -> None:
    people = 100_000 if request.config.getoption("--full", False) else 20_000
    ledger = new_ledger("L")
    ledger.write(edits(people))
    ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (tmp_path / "L" / "ledger.db").stat().st_size
    compare.say(f"ledger of {people:,} people: {size / 1e6:.1f} MB, {size / people:.0f} bytes a person")
    rows = bare.rows_of(ledger)
    bare.insert(tmp_path / "rows.db", {table: found for table, found in rows.items() if table != "op"})
    limits = [
        (
            "the rows alone, in the same tables, without the log, aim 2 x",
            (tmp_path / "rows.db").stat().st_size,
        ),
        ("rows and operations in plain tables without an index", plain(tmp_path, ledger, True, False)),
        ("rows in plain tables with four indexes, without any history", plain(tmp_path, ledger, False, True)),
        ("rows in plain tables without an index, without any history", plain(tmp_path, ledger, False, False)),
    ]
    for what, limit in limits:
        compare.say(f"    = {size / limit:.2f} x {limit / 1e6:.1f} MB: {what}")


def test_packing(compare: Compare) -> None:
    rng = random.Random(3)
    bodies = [body(rng, number) for number in range(1, 20_000)]
    stored = [pack(raw) for raw in bodies]
    micros = 1e6 / len(bodies)
    packing = min(compare.once(lambda: [pack(raw) for raw in bodies], 5)) * micros
    unpacking = min(compare.once(lambda: [unpack(blob) for blob in stored], 5)) * micros
    before, after = (sum(map(len, found)) / len(bodies) for found in (bodies, stored))
    compare.say(
        f"a body: {before:.0f} bytes packed to {after:.0f}, {packing:.1f} µs to pack, {unpacking:.1f} µs to unpack"
    )


def plain(folder: Path, ledger: Ledger, operations: bool, indexes: bool) -> int:
    """Return the size of the same people in the plainest tables."""
    path = folder / f"plain-{operations}-{indexes}.db"
    return bare.plain_file(path, ledger, operations=operations, indexes=indexes)
