"""A new version of the program: the ledger is backed up before it is opened, once, and whoever opens it is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage import backup, version
from storage.ledger import Ledger
from tests.unit.storage.worlds import cheapen

NEXT = "99.0.0"


@pytest.fixture
def reopen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Ledger]:
    """Opens a ledger made by this version with the version named."""
    from storage.clock import Clock
    from sync import enrol

    cheapen(monkeypatch)
    words = {"passphrase": "one two three four", "data_dir": tmp_path / "data", "clock": Clock()}
    enrol.create_office(tmp_path / "l", "150621102000", "白泥井镇", operator="李科员", **words).close()

    def opened(named: str) -> Ledger:
        monkeypatch.setattr("storage.ledger.VERSION", named)
        return Ledger.open(tmp_path / "l", **words)

    return opened


def reasons(ledger: Ledger) -> list[str]:
    return [backup.why(path) for path in backup.listed(ledger)]


def test_the_same_version_says_nothing_and_copies_nothing(reopen: Callable[[str], Ledger]) -> None:
    with reopen(version.VERSION) as ledger:
        assert ledger.updated_from is None and reasons(ledger) == []


def test_another_version_backs_the_ledger_up_first_and_only_once(reopen: Callable[[str], Ledger]) -> None:
    with reopen(NEXT) as ledger:
        assert ledger.updated_from == version.VERSION
        assert reasons(ledger) == [backup.BEFORE_MIGRATION]
    with reopen(NEXT) as ledger:
        assert ledger.updated_from is None and len(reasons(ledger)) == 1


def test_where_no_version_had_been_kept_it_counts_as_an_older_one(reopen: Callable[[str], Ledger]) -> None:
    with reopen(version.VERSION) as ledger:
        ledger.connection.execute("DELETE FROM meta WHERE key = ?", (version.OPENED_WITH,))
    with reopen(version.VERSION) as ledger:
        assert ledger.updated_from == "" and reasons(ledger) == [backup.BEFORE_MIGRATION]


def test_nothing_is_opened_where_the_backup_cannot_be_made(
    reopen: Callable[[str], Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import KnownError

    def full(*_args: object, **_kw: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("storage.backup.copy_whole", full)
        with pytest.raises(KnownError):
            reopen(NEXT)
    with reopen(NEXT) as ledger:
        assert ledger.updated_from == version.VERSION
