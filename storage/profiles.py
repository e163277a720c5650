"""What a ledger is, and what is written down when one is made."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storage import derived, keys, migrations
from storage.connection import Connection, transaction
from storage.version import OPENED_WITH, VERSION


@dataclass(frozen=True, slots=True)
class Profile:
    """What a ledger is: its id, role, own scope, title and the policy it works by."""

    ledger: str
    role: str
    scope: str
    title: str
    policy: str
    office: str = ""


def fill(
    connection: Connection, profile: Profile, id_key: bytes | None, also: Callable[[Connection], object]
) -> None:
    """Make the tables of a new ledger and its local facts."""
    migrations.migrate(connection)
    device = keys.DeviceKeys.generate()
    with transaction(connection):
        derived.create(connection)
        meta: dict[str, Any] = {name: getattr(profile, name) for name in Profile.__dataclass_fields__}
        meta |= {
            OPENED_WITH: VERSION,
            "layout": derived.layout(),
            "hlc": 0,
            "id_key": id_key or secrets.token_bytes(32),
        }
        meta |= {"age_secret": device.age_secret, "sign_secret": device.sign_secret}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", list(meta.items()))
        also(connection)
