"""Beginning a ledger: an office, a village with its office's kit, or a village on its own."""

import secrets
from pathlib import Path

from storage import policies
from storage.clock import Clock
from storage.commands.people import name_village
from storage.connection import Connection
from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger, Profile
from storage.places import is_parent
from sync import colleagues, kits
from sync.peers import FORMER, known


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
    return Ledger.create(
        folder,
        profile,
        passphrase=passphrase,
        operator=operator,
        data_dir=data_dir,
        clock=clock,
        begin=lambda ledger: name_village(ledger, title),
    )


def open_kit(
    folder: Path, kit_path: Path, *, passphrase: str, operator: str, data_dir: Path, clock: Clock
) -> Ledger:
    """Make a ledger from the kit of the office above: a village's, or a township's from its banner.

    From a colleague's kit it is one more computer of the same office, which holds everything after their first
    exchange. The office's recovery slot is added to its keys: it can open the ledger's backups. Raises KnownError:
    kit.unreadable, ledger.exists, policy.*.
    """
    kit = kits.read(kit_path)
    policy = _policy(kit.village, kit.policy, clock)
    above = "" if kit.is_colleague else kit.office_title
    profile = Profile(secrets.token_hex(8), kit.role, kit.village, kit.village_title, policy, above)

    def begin(ledger: Ledger) -> None:
        if kit.role == VILLAGE:
            name_village(ledger, kit.village_title)

    return Ledger.create(
        folder,
        profile,
        passphrase=passphrase,
        operator=operator,
        data_dir=data_dir,
        clock=clock,
        id_key=kit.id_key,
        recovery=kit.office_recovery,
        also=lambda connection: _join(connection, kit, clock),
        begin=begin,
    )


def _join(connection: Connection, kit: kits.Kit, clock: Clock) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('kit_secret', ?)", (kit.secret,))
    if kit.is_colleague:
        colleagues.await_recovery(connection, kit.office_recovery)
    connection.execute("UPDATE device SET state = ? WHERE scope = ?", (FORMER, kit.office))
    connection.execute(
        f"{kits.INSERT_DEVICE} VALUES (?, ?, ?, ?, ?, 'active', ?) ON CONFLICT (verify_key) DO UPDATE "
        "SET state = 'active', title = excluded.title",
        (
            kit.office_verify_key,
            kit.office_recipient,
            OFFICE,
            kit.office,
            kit.office_title,
            clock.today().isoformat(),
        ),
    )


def join(ledger: Ledger, kit_path: Path) -> kits.Kit:
    """Let a ledger that stands alone, or whose office has begun anew, join the office of a kit; nothing of it is lost.

    What it holds goes out with the next file. Names and numbers it will read from now on make the office's record
    ids; who has two ids is one person by the rule of the same number and name. Raises KnownError: kit.unreadable,
    join.other_place (the kit is for another village), join.other_office (it belongs to another office already).
    """
    kit = kits.read(kit_path)
    own = ledger.profile.scope
    if kit.village != own or kit.is_colleague:
        raise KnownError("join.other_place", kit=kit.village, title=kit.village_title, own=own)
    above = {one.scope for one in known(ledger) if is_parent(one.scope, own)}
    if above - {kit.office}:
        raise KnownError("join.other_office", office=kit.office_title)
    ledger.join(
        kit.office_title,
        id_key=kit.id_key,
        recovery=kit.office_recovery,
        also=lambda connection: _join(connection, kit, ledger.clock),
    )
    return kit
