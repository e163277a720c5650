"""One call of the command line: its options, the ledger it opens, where results and everything else go."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from math import ceil
from pathlib import Path
from typing import Any

from gui import crash
from gui.errors import sentence
from gui.i18n import _
from gui.trouble import known
from gui.verbs import DONE, FAULT, REFUSED, WRONG
from storage import keys
from storage.clock import Clock
from storage.commands.people import parse_date
from storage.connection import DatabaseError
from storage.errors import KnownError
from storage.ledger import FILE, Ledger
from storage.policies import in_force
from storage.policy.model import Policy
from storage.years import for_year

PASSPHRASE = "HUQING_PASSPHRASE"
NEW_PASSPHRASE = "HUQING_NEW_PASSPHRASE"
DATA_DIR = "HUQING_DATA_DIR"
_WRONG_USE = frozenset(("policy.unknown", "date.unreadable"))
_YEARS = range(2000, 2100)


class WrongUse(KnownError):
    """What was typed cannot be meant: exit code 2."""


@dataclass(slots=True)
class Session:
    """The options of this call and what every verb needs besides."""

    options: argparse.Namespace
    data_dir: Path
    clock: Clock

    @property
    def today(self) -> date:
        """The business date."""
        return self.clock.today()

    @property
    def operator(self) -> str:
        """Who enters this, "" where nobody was named."""
        return self.options.operator or ""

    def open(
        self, folder: Path | None = None, *, passphrase: str | None = None, daily: bool = True
    ) -> Ledger:
        """Open the ledger the options name and take today's backup; KnownError ledger.*, keys.*."""
        folder = folder or self.options.folder
        keys.read(folder)  # before anybody is asked for a passphrase
        ledger = Ledger.open(
            folder,
            passphrase=self.passphrase() if passphrase is None else passphrase,
            data_dir=self.data_dir,
            clock=self.clock,
            operator=self.operator,
            sleep=self.wait,
        )
        unsaved = ledger.save_daily() if daily else None
        if unsaved is not None:
            self.tell(sentence(unsaved))
        return self._as_of(ledger)

    def _as_of(self, ledger: Ledger) -> Ledger:
        """The ledger as it stood at the moment asked for; from then on that is today."""
        wanted = getattr(self.options, "as_of", "")
        if not wanted:
            return ledger
        from gui.verbs import asof

        try:
            made = asof.past(self, ledger, wanted)
        except BaseException:
            ledger.close()
            raise
        self.clock = made.clock
        return made

    def wait(self, seconds: float) -> None:
        """Wait after wrong passphrases, and say so."""
        self.tell(_("After wrong passphrases: {seconds} seconds to wait.").format(seconds=ceil(seconds)))
        time.sleep(seconds)

    def must_be_free(self, folder: Path) -> None:
        """Raise KnownError("ledger.exists") before anybody is asked for a passphrase."""
        if (folder / FILE).exists() or (folder / keys.FILE).exists():
            raise KnownError("ledger.exists", path=str(folder))

    def passphrase(self, *, new: bool = False) -> str:
        """The passphrase from file, environment or prompt; a ``new`` one is asked for twice."""
        file = self.options.passphrase_file
        if file is not None:
            return _first_line(file)
        given = os.environ.get(PASSPHRASE)
        if given:
            return given
        if sys.stdin is None or not sys.stdin.isatty():
            raise WrongUse("use.passphrase")
        return _asked(new=new)

    def new_passphrase(self, *, only: bool = False) -> str:
        """A passphrase to be chosen beside the one that opens the ledger; ``only`` where no other is asked for."""
        file = self.options.new_passphrase_file
        given = file is not None or os.environ.get(NEW_PASSPHRASE)
        return (
            self.passphrase(new=True) if only and not given else self.second(NEW_PASSPHRASE, file, new=True)
        )

    def chosen_passphrase(self) -> str:
        """The passphrase chosen before, given in the same ways."""
        file = self.options.new_passphrase_file
        given = file is not None or os.environ.get(NEW_PASSPHRASE)
        return self.second(NEW_PASSPHRASE, file) if given else self.passphrase()

    def second(self, variable: str, file: Path | None, *, new: bool = False) -> str:
        """A second passphrase of this call, from its file, its variable or a prompt."""
        if file is not None:
            return _first_line(file)
        given = os.environ.get(variable)
        if given:
            return given
        if sys.stdin is None or not sys.stdin.isatty():
            raise WrongUse("use.second_passphrase", variable=variable)
        return _asked(new=new, second=True)

    def policy(self, ledger: Ledger) -> Policy:
        """The policy of the year asked for, that in force where none was. Raises KnownError policy.no_year."""
        year = getattr(self.options, "insured_year", None)
        return policy_of(ledger) if year is None else for_year(ledger, year)

    def date(self, text: str | None) -> date:
        """The day somebody typed, today where nobody did."""
        return parse_date(text, "date") if text else self.today

    def tell(self, text: str) -> None:
        """Say something that is no result."""
        print(text, file=sys.stderr, flush=True)

    def give(self, data: object, lines: Iterable[str] = ()) -> None:
        """Give the result: as JSON where asked for, else as lines."""
        if self.options.json:
            print(as_json(data))
            return
        for line in lines:
            print(line)


def policy_of(ledger: Ledger) -> Policy:
    """The policy a ledger works by."""
    return in_force(ledger).policy


def guarded(options: argparse.Namespace) -> int:
    """Run the verb; expected trouble becomes a sentence and an exit code, a fault a crash log."""
    data_dir = _data_dir(options.data_dir)
    try:
        _check_text(options)
        session = Session(options, data_dir, _clock(options.today))
        return _verb(options.where)(session)
    except (KnownError, DatabaseError, OSError) as error:
        expected = None if isinstance(error, BrokenPipeError) else known(error, options.folder or Path())
        if expected is None:
            return _fault(error, data_dir)
        return _refuse(options, expected)
    except Exception as error:  # noqa: BLE001  the last door: nobody at a screen can read a traceback
        return _fault(error, data_dir)


def refusal(error: KnownError) -> dict[str, object]:
    """A refusal as it stands in a JSON result."""
    return {"code": error.code, "sentence": sentence(error), "params": error.params}


def as_json(data: object) -> str:
    """Readable JSON; paths and dates as text."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(_plain(data), enc_hook=str), indent=1).decode()


def _plain(data: Any) -> Any:
    """Data that JSON can carry: file names of another encoding lose what no text can hold."""
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode()
    if isinstance(data, Path):
        return _plain(str(data))
    if isinstance(data, Mapping):
        return {_plain(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(item) for item in data]
    return data


def _verb(where: str) -> Callable[[Session], int]:
    module, _colon, function = where.partition(":")
    found: Callable[[Session], int] = getattr(import_module(f"gui.verbs.{module}"), function)
    return found


def _refuse(options: argparse.Namespace, error: KnownError) -> int:
    print(sentence(error), file=sys.stderr, flush=True)
    if options.json:
        print(as_json(refusal(error)))
    wrong = isinstance(error, WrongUse) or error.code in _WRONG_USE
    return WRONG if wrong else REFUSED


def _fault(error: Exception, data_dir: Path) -> int:
    if isinstance(error, BrokenPipeError):
        raise error
    path = crash.write(error, data_dir)
    told = _("The program has a fault: {kind}. Nothing half done was kept.").format(kind=type(error).__name__)
    print(told, file=sys.stderr)
    if path is not None:
        print(
            _("What happened is written in {path}, without personal data.").format(path=path), file=sys.stderr
        )
    return FAULT


def _data_dir(given: Path | None) -> Path:
    if given is not None:
        return given
    named = os.environ.get(DATA_DIR)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("huqing", appauthor=False)


def _check_text(options: argparse.Namespace) -> None:
    """Refuse bytes that are no text in this system's encoding: no ledger could keep them."""
    for name, value in vars(options).items():
        words = value if isinstance(value, list) else [value]
        if any(isinstance(word, str) and _broken(word) for word in words):
            raise WrongUse("use.text", option=name.replace("_", "-"))


def _broken(word: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in word)


def _clock(today: str | None) -> Clock:
    if not today:
        return Clock()
    day = parse_date(today, "today")
    if day.year not in _YEARS:
        raise WrongUse("date.unreadable", text=today)
    return Clock(day)


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("file.unreadable", file=file.name) from error


def _asked(*, new: bool, second: bool = False) -> str:
    from getpass import getpass

    first = getpass(_("The other passphrase: ") if second else _("Passphrase: "), stream=sys.stderr)
    if new and getpass(_("Once more: "), stream=sys.stderr) != first:
        raise WrongUse("use.passphrases_differ")
    return first


def outcome(refused: bool) -> int:
    """The exit code of a verb that worked through several files."""
    return REFUSED if refused else DONE
