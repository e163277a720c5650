"""The printed sheet: a key on paper that opens a ledger whose passphrases are all forgotten.

Its secret is made, drawn and forgotten; the ledger keeps the public half and the raw key encrypted to it. On paper
it is six lines, each with a check character of its own, so that whoever types them is told which line is wrong.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pyrage

from storage import keys, operators
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import Ledger

LINES = "①②③④⑤⑥"
_ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"  # Bech32: without 1, B, I and O
_MISTAKEN = str.maketrans("O1IB", "0LL8")
_PREFIX = "AGE-SECRET-KEY-1"
_LENGTH, _LINE = 58, 10
_WHOLE = re.compile(rf"{_PREFIX}[{_ALPHABET}]{{{_LENGTH}}}")
_MARKED = re.compile(rf"[{LINES}]([^{LINES}\n]*)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn on the paper; ``secret`` is what the square code holds, ``lines`` the same to type."""

    secret: str
    recipient: str
    ledger: str
    title: str
    scope: str
    made_on: str

    @property
    def lines(self) -> list[str]:
        """Six lines such as ``① 3JN54 KHCE6 M``: two groups of five and the check character."""
        text = self.secret[len(_PREFIX) :]
        parts = [text[at : at + _LINE] for at in range(0, _LENGTH, _LINE)]
        return [
            f"{mark} {part[:5]} {part[5:]} {_check(part)}" for mark, part in zip(LINES, parts, strict=True)
        ]


def _check(text: str) -> str:
    """Return the check character (Luhn, modulo 32): one wrong character and most exchanged pairs show."""
    total = 0
    for place, character in enumerate(reversed(text)):
        value = _ALPHABET.index(character) * (2 - place % 2)
        total += value // 32 + value % 32
    return _ALPHABET[-total % 32]


def draw(ledger: Ledger) -> Sheet:
    """Make the key of a new sheet; nothing opens with it before ``accept``. Raises operator.not_allowed."""
    ledger.require(operators.KEYS)
    identity = pyrage.x25519.Identity.generate()
    profile = ledger.profile
    today = ledger.clock.today().isoformat()
    return Sheet(
        str(identity), str(identity.to_public()), profile.ledger, profile.title, profile.scope, today
    )


def accept(ledger: Ledger, sheet: Sheet) -> None:
    """Let a sheet that was printed open the ledger; its secret is not kept. Raises operator.not_allowed."""
    ledger.require(operators.KEYS)
    with ledger.transaction():
        keys.add_sheet(ledger.folder, ledger.raw_key, sheet.recipient, sheet.made_on)


def sheets(ledger: Ledger) -> list[str]:
    """Return the days on which the sheets that open this ledger were made."""
    return [slot.made_on for slot in keys.recoveries(keys.read(ledger.folder), keys.SHEET)]


def revoke(ledger: Ledger) -> int:
    """Let no sheet made so far open the ledger; returns how many there were. Older backups still open with them."""
    ledger.require(operators.KEYS)
    with ledger.transaction():
        return keys.revoke_sheets(ledger.folder)


def secret_of(text: str) -> str:
    """Return the secret of a sheet's text, its square code or what somebody typed of the six lines.

    Raises KnownError: paper.incomplete (how many characters of 64 there are), paper.line (which line is mistyped).
    """
    whole = _WHOLE.search(text.upper())
    if whole:
        return whole[0]
    marked = _MARKED.findall(text)
    plain = unicodedata.normalize("NFKC", "".join(marked[: len(LINES)] if marked else text)).upper()
    typed = "".join(character for character in plain.translate(_MISTAKEN) if character in _ALPHABET)
    lines = [typed[at : at + _LINE + 1] for at in range(0, len(typed), _LINE + 1)]
    wanted = _LENGTH + len(LINES)
    for number, line in enumerate(lines[: len(LINES)], 1):
        complete = len(line) == (_LINE + 1 if number < len(LINES) else _LENGTH % _LINE + 1)
        if complete and _check(line[:-1]) != line[-1]:
            raise KnownError("paper.line", line=number)
    if len(typed) != wanted:
        raise KnownError("paper.incomplete", count=len(typed), wanted=wanted)
    return _PREFIX + "".join(line[:-1] for line in lines)


def recover(
    folder: Path, secret: str, *, operator: str, passphrase: str, data_dir: Path, clock: Clock
) -> tuple[str, ...]:
    """Give ``operator`` a new passphrase by a sheet's secret; returns their roles (all, unless at work already).

    Raises KnownError and changes nothing: paper.unknown (revoked, or another ledger's), operator.name,
    keys.empty_passphrase, keys.damaged, ledger.*.
    """
    operator = operators.clean(operator)
    if not passphrase:
        raise KnownError("keys.empty_passphrase")
    raw_key = keys.unwrap(keys.recoveries(keys.read(folder), keys.SHEET), secret)
    if raw_key is None:
        raise KnownError("paper.unknown", path=str(folder))
    with Ledger.enter(folder, raw_key, "", data_dir=data_dir, clock=clock) as ledger:
        return operators.let_in(ledger, operator, passphrase)
