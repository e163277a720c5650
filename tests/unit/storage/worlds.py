"""A township and its villages for tests: ledgers on machines of their own, clocks that can be set, cheap keys."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from storage import derived, keys, store
from storage.clock import Clock
from storage.ledger import Changes, Edit, Ledger
from storage.log import FORMAT, Operation, decode, oid_of, short
from storage.policy.id_core import check_digit
from sync import enrol, exchange, kits

OFFICE_CODE, OFFICE_TITLE = "150621102000", "白泥井镇"
VILLAGES = {"150621102200": "查干沟嘎查村", "150621102201": "柳沟村", "150621102202": "敖包梁村"}
VILLAGE_CODE, OTHER_CODE = "150621102200", "150621102201"
PASSPHRASE = "蓝色的 马鞍 7"
TODAY = date(2025, 12, 3)
START_MS = 1_764_720_000_000  # 2025-12-03T00:00:00Z
REAL_COST = (keys.MEMORY_KIB, keys.PASSES, keys.LANES)


def cheapen(patch: pytest.MonkeyPatch) -> None:
    """Let a passphrase cost next to nothing, in tests only."""
    for name, value in {"MEMORY_KIB": 32, "PASSES": 1, "LANES": 1}.items():
        patch.setattr(keys, name, value)


@pytest.fixture(scope="session", autouse=True)
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield


class Time:
    """A wall clock a test can set; it goes on by a millisecond at each look."""

    def __init__(self, ms: int = START_MS) -> None:
        self.ms = ms

    def __call__(self) -> int:
        self.ms += 1
        return self.ms


class World:
    """Ledgers in one folder; each machine has its own data folder and its own clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.times: dict[str, Time] = {}
        self.opened: list[Ledger] = []
        self._sent = 0

    def time(self, machine: str) -> Time:
        """Return the settable clock of a machine."""
        return self.times.setdefault(machine, Time())

    def office(self, name: str = "office", code: str = OFFICE_CODE) -> Ledger:
        """Make an office ledger on the machine ``name``."""
        ledger = enrol.create_office(self.folder / name, code, OFFICE_TITLE, **self._who(name))
        return self._keep(ledger)

    def kit(self, office: Ledger, code: str = VILLAGE_CODE) -> Path:
        """Make a kit for a village of ``office``."""
        path = self.folder / f"{code}-{len(list(self.folder.glob('*.hqk')))}.hqk"
        kits.make(office, code, VILLAGES.get(code, code), path)
        return path

    def village(self, office: Ledger, name: str = "village", code: str = VILLAGE_CODE) -> Ledger:
        """Make a village ledger of ``office`` on the machine ``name``."""
        return self.open_kit(self.kit(office, code), name)

    def open_kit(self, kit: Path, name: str) -> Ledger:
        """Make a village ledger from a kit."""
        return self._keep(enrol.open_kit(self.folder / name, kit, **self._who(name)))

    def alone(self, name: str = "village", code: str = VILLAGE_CODE) -> Ledger:
        """Make a village ledger without an office."""
        title = VILLAGES.get(code, code)
        return self._keep(enrol.create_village(self.folder / name, code, title, **self._who(name)))

    def open(self, folder: Path, machine: str) -> Ledger:
        """Open the ledger in ``folder`` on ``machine``."""
        data_dir = self.folder / "machines" / machine
        return self._keep(
            Ledger.open(
                folder, passphrase=PASSPHRASE, data_dir=data_dir, clock=Clock(now_ms=self.time(machine))
            )
        )

    def send(self, ledger: Ledger) -> list[Path]:
        """Send into a new folder; returns the files."""
        self._sent += 1
        return [sent.path for sent in exchange.send(ledger, self.folder / "sent" / str(self._sent))]

    def close(self) -> None:
        """Close all ledgers of this world."""
        for ledger in self.opened:
            ledger.close()

    def _who(self, name: str) -> dict[str, Any]:
        return {
            "passphrase": PASSPHRASE,
            "operator": f"{name}的联络员",
            "data_dir": self.folder / "machines" / name,
            "clock": Clock(now_ms=self.time(name)),
        }

    def _keep(self, ledger: Ledger) -> Ledger:
        self.opened.append(ledger)
        return ledger


class Pair:
    """An office and two villages of its own, and what they send."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = world.office()
        self.a = world.village(self.office, "a", VILLAGE_CODE)
        self.b = world.village(self.office, "b", OTHER_CODE)

    def up(self) -> None:
        """The villages send to the office."""
        for village in (self.a, self.b):
            exchange.receive(self.office, self.world.send(village))

    def down(self) -> None:
        """The office sends to the villages."""
        for path in self.world.send(self.office):
            for village in (self.a, self.b):
                exchange.receive(village, [path])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world of this test's own."""
    made = World(tmp_path)
    yield made
    made.close()


def id_number(number: int) -> str:
    """Return an invented sound ID number; another one for each ``number`` below a million."""
    year, month, day = 1930 + number % 90, 1 + number // 90 % 12, 1 + number // 1080 % 28
    body = f"150621{year}{month:02d}{day:02d}{1 + number // 30240 % 900:03d}"
    return body + check_digit(body)


def raw_body(
    changes: Any,
    *,
    seq: int = 1,
    hlc: int = 1,
    record: str = "r1",
    kind: str = "resident",
    scope: str = VILLAGE_CODE,
    replica: str = "v1",
    pred: Any = None,
    via: str = "",
    version: int = FORMAT,
) -> bytes:
    """Return an operation's bytes as somebody else might write them, sound or not."""
    return msgspec.json.encode(
        [version, scope, replica, seq, hlc, kind, record, "某人", via, changes, pred or {}]
    )


def operation(changes: Any, **fields: Any) -> Operation:
    """Return an operation read from bytes that somebody else wrote."""
    return decode(raw_body(changes, **fields))


def naming(*operations: Operation, register: str) -> dict[str, list[str]]:
    """Return a pred that names ``operations`` in one register."""
    return {register: [item.oid.hex() for item in operations]}


def paid(resident: str, **fields: Any) -> dict[str, Any]:
    """Return the registers of a payment of 400 yuan."""
    fact = {"resident": resident, "year": 2026, "amount": 40000, "paid_on": "2025-12-01", "channel": "pos"}
    return {"fact": {**fact, **fields}}


def person(record: str, name: str, number: str | None = None, **registers: Any) -> Edit:
    """Return the edit that adds a resident."""
    identity = {"name": name, "id_number": number}
    return Edit("resident", record, {"identity": identity, **registers})


def summary(ledger: Ledger, scope: str = VILLAGE_CODE) -> tuple[list[tuple[str, int, str]], str]:
    """Return what two replicas that hold the same operations of a scope must agree on."""
    streams = [
        (stream.replica, stream.count, short(stream.fingerprint))
        for stream in store.all_streams(ledger.connection)
        if stream.scope == scope and stream.count
    ]
    return streams, derived.state_digest(ledger.connection, scope)


def everything(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all plain tables, so that "nothing changed" can be said of the whole ledger."""
    names = ledger.connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_name%' ORDER BY name"
    ).fetchall()
    return {
        name: sorted(map(repr, ledger.connection.execute(f"SELECT * FROM {name}").fetchall()))
        for (name,) in names
    }


def rebuilt(ledger: Ledger) -> tuple[str, str]:
    """Return the digest of the stored state and that of one folded anew from the log."""
    before = derived.state_digest(ledger.connection)
    ledger.rebuild()
    return before, derived.state_digest(ledger.connection)


def check_log(ledger: Ledger) -> None:
    """Assert that the streams sum up the log and every oid is its body's."""
    counted: dict[int, list[bytes]] = {}
    for oid, raw, stream in ledger.connection.execute("SELECT oid, body, stream FROM op"):
        assert oid == oid_of(store.body(raw))
        counted.setdefault(stream, []).append(oid)
    for stream in store.all_streams(ledger.connection):
        oids = counted.get(stream.id, [])
        assert (stream.count, stream.fingerprint) == (len(oids), store.fingerprint(oids))


def people_of(ledger: Ledger, names: Sequence[str]) -> dict[str, str]:
    """Return name → record of the residents of these names."""
    marks = ",".join("?" * len(names))
    return dict(
        ledger.connection.execute(
            f"SELECT name, record FROM resident WHERE name IN ({marks})", names
        ).fetchall()
    )


def take_in(ledger: Ledger, raw: Sequence[bytes]) -> Changes:
    """Let a ledger absorb operations somebody else wrote, as a bundle would."""
    with ledger.transaction():
        streams = store.Streams(ledger.connection)
        changes = ledger.absorb(streams, [decode(one) for one in raw], segment=0, bundle=0)
        streams.save()
    return changes
