"""The room a ledger takes, against the bare rows in an encrypted file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.ledger import Ledger
from tests.bench import bare
from tests.bench.conftest import Compare, edits


def test_size(
    tmp_path: Path, new_ledger: Callable[[str], Ledger], compare: Compare, request: pytest.FixtureRequest
) -> None:
    people = 100_000 if request.config.getoption("--full", False) else 20_000
    ledger = new_ledger("L")
    ledger.write(edits(people))
    ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (tmp_path / "L" / "ledger.db").stat().st_size
    compare.say(f"ledger of {people:,} people: {size / 1e6:.1f} MB, {size / people:.0f} bytes a person")
    for what, operations, indexes in (
        ("the same people and operations as bare rows", True, False),
        ("the same people as rows that can be searched, without any history", False, True),
        ("the same people as bare rows, without any history", False, False),
    ):
        path = tmp_path / f"{operations}{indexes}.db"
        limit = bare.plain_file(path, ledger, operations=operations, indexes=indexes)
        aim = ", aim 2 x" if operations else ""
        compare.say(f"    = {size / limit:.2f} x {what} ({limit / 1e6:.1f} MB){aim}")
