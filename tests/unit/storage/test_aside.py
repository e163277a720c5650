"""A copy of a ledger's file to be thrown away: what is committed, beside whoever writes, and nothing left of it."""

import os
import time
from pathlib import Path
from unittest.mock import patch

import pytest

from storage import aside
from storage.clock import Clock
from storage.connection import connect, transaction
from storage.errors import KnownError

KEY = bytes(range(32))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An encrypted file with a line in it."""
    path = tmp_path / "ledger.db"
    connection = connect(path, KEY, create=True)
    connection.execute("CREATE TABLE line (text TEXT)")
    connection.execute("INSERT INTO line VALUES ('first')")
    connection.close()
    return path


def lines(connection: object) -> list[str]:
    """What stands in the table."""
    return [row[0] for row in connection.execute("SELECT text FROM line")]  # type: ignore[attr-defined]


def test_it_holds_what_is_committed_and_no_more(file: Path) -> None:
    writer = connect(file, KEY)
    writer.execute("INSERT INTO line VALUES ('in the log alone')")
    with transaction(writer):
        writer.execute("INSERT INTO line VALUES ('not committed')")
        copy = aside.copy(file, KEY)
    assert lines(copy.connection) == ["first", "in the log alone"]
    copy.connection.execute("DELETE FROM line")
    assert len(lines(writer)) == 3, "what is thrown away is not what it was made of"
    copy.close()
    copy.close()
    writer.close()
    assert sorted(path.name for path in file.parent.iterdir()) == ["ledger.db"]


def test_whoever_writes_goes_on_while_it_is_made(file: Path) -> None:
    writer = connect(file, KEY)
    copied = aside.copy_files

    def slowly(path: Path, target: Path) -> None:
        for number in range(200):
            writer.execute("INSERT INTO line VALUES (?)", (f"meanwhile {number}",))
        writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
        copied(path, target)

    with patch.object(aside, "copy_files", slowly):
        copy = aside.copy(file, KEY)
    assert copy.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert lines(copy.connection)[0] == "first"
    copy.close()
    writer.close()


def test_nothing_of_it_can_be_read_without_the_key(file: Path) -> None:
    names: list[bytes] = []
    copied = aside.copy_files

    def look(path: Path, target: Path) -> None:
        copied(path, target)
        names.append(target.read_bytes())

    with patch.object(aside, "copy_files", look):
        aside.copy(file, KEY).close()
    assert b"first" not in names[0] and not names[0].startswith(b"SQLite")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a file that is open keeps its name")
def test_it_loses_its_name_at_once(file: Path) -> None:
    copy = aside.copy(file, KEY)
    assert not list(file.parent.glob(".past-*/*"))
    copy.close()


def test_a_full_disk_is_said_and_leaves_nothing(file: Path) -> None:
    with (
        patch.object(aside, "copy_files", side_effect=OSError(28, "No space left on device")),
        pytest.raises(KnownError) as caught,
    ):
        aside.copy(file, KEY)
    assert caught.value.code == "ledger.disk"
    assert [path.name for path in file.parent.iterdir()] == ["ledger.db"]


def test_what_a_killed_process_left_is_swept_and_what_is_new_is_not(file: Path) -> None:
    left, new = file.parent / ".past-left", file.parent / ".past-new"
    for folder in (left, new):
        folder.mkdir()
        (folder / "ledger.db").write_bytes(b"x")
    hour_ago = time.time() - 2 * 3600
    os.utime(left, (hour_ago, hour_ago))
    aside.sweep(file.parent, Clock())
    assert not left.exists() and new.exists()
