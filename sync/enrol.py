"""Beginning a ledger: an office, a village with its office's kit, or a village on its own."""

import secrets
from pathlib import Path

from storage import policies
from storage.clock import Clock
from storage.commands.people import name_village
from storage.connection import Connection
from storage.ledger import Ledger, Profile
from storage.records import OFFICE, VILLAGE
from sync import kits


def _policy(code: str, wanted: str, clock: Clock) -> str:
    chosen = wanted or policies.default_for(code, clock.today())
    policies.load(chosen)
    return chosen


def _profile(role: str, code: str, title: str, policy: str, clock: Clock) -> Profile:
    kits.check_code(code, role)
    return Profile(secrets.token_hex(8), role, code, title, _policy(code, policy, clock))


def create_office(
    folder: Path,
    code: str,
    title: str,
    *,
    passphrase: str,
    operator: str,
    data_dir: Path,
    clock: Clock,
    policy: str = "",
) -> Ledger:
    """Make a township office's ledger; ``code`` is 9 digits + 000.

    Raises KnownError: code.*, ledger.exists, policy.*.
    """
    profile = _profile(OFFICE, code, title, policy, clock)
    return Ledger.create(
        folder, profile, passphrase=passphrase, operator=operator, data_dir=data_dir, clock=clock
    )


def create_village(
    folder: Path,
    code: str,
    title: str,
    *,
    passphrase: str,
    operator: str,
    data_dir: Path,
    clock: Clock,
    policy: str = "",
) -> Ledger:
    """Make a village ledger without an office; it can send nothing until it joins one."""
    profile = _profile(VILLAGE, code, title, policy, clock)
    ledger = Ledger.create(
        folder, profile, passphrase=passphrase, operator=operator, data_dir=data_dir, clock=clock
    )
    name_village(ledger, title)
    return ledger


def open_kit(
    folder: Path, kit_path: Path, *, passphrase: str, operator: str, data_dir: Path, clock: Clock
) -> Ledger:
    """Make a village ledger from its office's kit; the office's recovery slot is added to its keys.

    Raises KnownError: kit.unreadable, ledger.exists, policy.*.
    """
    kit = kits.read(kit_path)
    policy = _policy(kit.village, kit.policy, clock)
    profile = Profile(secrets.token_hex(8), VILLAGE, kit.village, kit.village_title, policy, kit.office_title)
    since = clock.today().isoformat()

    def join(connection: Connection) -> None:
        connection.execute("INSERT INTO meta VALUES ('kit_secret', ?)", (kit.secret,))
        connection.execute(
            f"{kits.INSERT_DEVICE} VALUES (?, ?, ?, ?, ?, 'active', ?)",
            (kit.office_verify_key, kit.office_recipient, OFFICE, kit.office, kit.office_title, since),
        )

    ledger = Ledger.create(
        folder,
        profile,
        passphrase=passphrase,
        operator=operator,
        data_dir=data_dir,
        clock=clock,
        id_key=kit.id_key,
        recovery=kit.office_recovery,
        also=join,
    )
    name_village(ledger, kit.village_title)
    return ledger
