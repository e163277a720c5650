"""Wrong passphrases slow down: how often one failed is kept for each ledger in this computer's data folder.

It keeps somebody at this computer from trying many by hand or script; whoever copies the files elsewhere meets
the cost of Argon2id instead.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.clock import Clock
from storage.errors import KnownError

FREE = 3
LONGEST_S = 30
FOLDER = "attempts"
_WRONG = frozenset(("keys.wrong_passphrase", "recovery_key.passphrase"))


class Attempts:
    """The tries at one ledger on this computer; a file that cannot be read or written costs nobody a pause."""

    def __init__(
        self, data_dir: Path, ledger: str, clock: Clock, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        name = hashlib.blake2b(ledger.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        self._path = data_dir / FOLDER / f"{name}.json"
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def one(self) -> Iterator[None]:
        """Sleep out the pause, then run the block: a try that fails with a wrong passphrase counts."""
        pause = self.pause()
        if pause:
            self._sleep(pause)
        try:
            yield
        except KnownError as error:
            if error.code in _WRONG:
                self._keep(self._read()[0] + 1)
            raise
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def pause(self) -> float:
        """Seconds to wait before the next try: none for the first three, then 1, 2, 4 … 30 after each failure.

        A clock that was set back starts the pause anew; it makes it neither shorter nor longer than 30 s.
        """
        failures, at = self._read()
        if failures < FREE:
            return 0.0
        whole = float(min(LONGEST_S, 1 << min(failures - FREE, 10)))
        gone = (self._clock.wall_ms() - at) / 1000
        return whole if gone < 0 else max(0.0, whole - gone)

    def _read(self) -> tuple[int, int]:
        try:
            content = json.loads(self._path.read_bytes())
            failures, at = content["failures"], content["at"]
            known = type(failures) is int and type(at) is int and failures > 0
            return (failures, at) if known else (0, 0)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return 0, 0

    def _keep(self, failures: int) -> None:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({"failures": failures, "at": self._clock.wall_ms()}), "ascii")
