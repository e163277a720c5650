"""Wrong passphrases slow down: three are free, then the pauses double to half a minute and outlive the program."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.attempts import Attempts
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import Ledger
from tests.unit.storage.worlds import PASSPHRASE, World


class Watch:
    """A clock that goes on only while somebody sleeps, and what was slept."""

    def __init__(self) -> None:
        self.ms = 1_764_720_000_000
        self.slept: list[float] = []

    def __call__(self) -> int:
        return self.ms

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ms += round(seconds * 1000)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def attempts(folder: Path, watch: Watch, ledger: str = "one") -> Attempts:
    """As a program that was just started sees them."""
    return Attempts(folder, ledger, Clock(now_ms=watch), watch.sleep)


def fail(folder: Path, watch: Watch, times: int = 1, code: str = "keys.wrong_passphrase") -> None:
    for _ in range(times):
        with pytest.raises(KnownError), attempts(folder, watch).one():
            raise KnownError(code)


def test_the_pauses(tmp_path: Path, watch: Watch) -> None:
    fail(tmp_path, watch, 12)
    assert watch.slept == [1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_success_forgets_all(tmp_path: Path, watch: Watch) -> None:
    fail(tmp_path, watch, 5)
    with attempts(tmp_path, watch).one():
        pass
    watch.slept.clear()
    fail(tmp_path, watch, 3)
    assert watch.slept == []


def test_other_trouble_is_no_wrong_passphrase(tmp_path: Path, watch: Watch) -> None:
    fail(tmp_path, watch, 6, "keys.damaged")
    assert watch.slept == []


def test_time_that_went_by_counts(tmp_path: Path, watch: Watch) -> None:
    fail(tmp_path, watch, 6)
    watch.slept.clear()
    watch.ms += 3_000
    assert attempts(tmp_path, watch).pause() == 5
    watch.ms += 10_000
    assert attempts(tmp_path, watch).pause() == 0


@pytest.mark.parametrize("back_ms", [1, 60_000, 10 * 365 * 86_400_000])
def test_a_clock_set_back_neither_frees_nor_locks_out(tmp_path: Path, watch: Watch, back_ms: int) -> None:
    fail(tmp_path, watch, 9)
    watch.ms -= back_ms
    assert 0 < attempts(tmp_path, watch).pause() <= 30
    watch.slept.clear()
    fail(tmp_path, watch)
    assert watch.slept == [30]


def test_the_business_date_is_no_way_round(tmp_path: Path, watch: Watch) -> None:
    from datetime import date

    fail(tmp_path, watch, 9)
    shifted = Attempts(tmp_path, "one", Clock(date(2031, 1, 1), watch), watch.sleep)
    assert shifted.pause() == 30


def test_each_ledger_counts_by_itself(tmp_path: Path, watch: Watch) -> None:
    fail(tmp_path, watch, 9)
    assert attempts(tmp_path, watch, "another").pause() == 0
    assert attempts(tmp_path, watch, "../../etc/\udcff").pause() == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"5", b"[]", b"{}", b'{"failures": "9", "at": 5}', b'{"failures": true, "at": 5}',
     b'{"failures": 9, "at": null}', b'{"failures": -9, "at": 5}', b"[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_costs_nobody_anything(tmp_path: Path, watch: Watch, content: bytes) -> None:
    fail(tmp_path, watch, 9)
    (file,) = (tmp_path / "attempts").iterdir()
    file.write_bytes(content)
    assert attempts(tmp_path, watch).pause() == 0


def test_enormous_numbers_pause_no_longer_than_the_longest(tmp_path: Path, watch: Watch) -> None:
    fail(tmp_path, watch)
    (file,) = (tmp_path / "attempts").iterdir()
    file.write_text(f'{{"failures": {10**30}, "at": {watch.ms}}}')
    assert attempts(tmp_path, watch).pause() == 30


def test_a_data_folder_that_cannot_be_written_stops_nobody(tmp_path: Path, watch: Watch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    fail(blocked, watch, 9)
    assert watch.slept == []


def test_opening_a_ledger_is_slowed_down(world: World, watch: Watch) -> None:
    ledger = world.alone()
    ledger.close()

    def opened(passphrase: str) -> Callable[[], Ledger]:
        return lambda: Ledger.open(
            ledger.folder,
            passphrase=passphrase,
            data_dir=world.folder / "d",
            clock=Clock(now_ms=watch),
            sleep=watch.sleep,
        )

    for _ in range(5):
        with pytest.raises(KnownError) as caught:
            opened("falsch")()
        assert caught.value.code == "keys.wrong_passphrase"
    assert watch.slept == [1, 2]
    assert not list(ledger.folder.glob("attempts*"))
    opened(PASSPHRASE)().close()
    assert watch.slept == [1, 2, 4]
    opened(PASSPHRASE)().close()
    assert watch.slept == [1, 2, 4]
