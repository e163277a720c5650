"""A township for measuring: an office, villages with their people, their files, an evening's work."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from storage import keys
from storage.clock import Clock
from storage.ledger import Edit, Ledger
from storage.records import random_id
from sync import enrol, exchange, kits
from tests.bench.conftest import TODAY, edits

CODE, TITLE = "150621102000", "白泥井镇"
PASSPHRASE = "bench"


def village_code(number: int, office: str = CODE) -> str:
    """Return the code of a township's village."""
    return f"{office[:9]}{200 + number}"


@contextmanager
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing: what it costs is not what is measured here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 32)
        patch.setattr(keys, "PASSES", 1)
        yield


class Township:
    """An office without any operation, kept aside, and villages that have their people and sent nothing yet."""

    def __init__(self, folder: Path, villages: int, people: int) -> None:
        self._folder = folder
        self._offices = 0
        with cheap_keys():
            office = enrol.create_office(folder / "empty", CODE, TITLE, **self._who("office"))
            self.villages = [self._village(office, number, people) for number in range(villages)]
            office.close()

    def _who(self, name: str) -> dict[str, object]:
        folder = self._folder / "machines" / name
        return {"passphrase": PASSPHRASE, "operator": name, "data_dir": folder, "clock": Clock(TODAY)}

    def _village(self, office: Ledger, number: int, people: int) -> Ledger:
        kit, name = self._folder / f"{number}.hqk", f"village{number}"
        kits.make(office, village_code(number), f"第{number}嘎查", kit)
        village = enrol.open_kit(self._folder / name, kit, **self._who(name))  # type: ignore[arg-type]
        village.write(edits(people, seed=number))
        return village

    def office(self, source: Path | None = None) -> Ledger:
        """Open a copy of the office, the empty one or what ``source`` holds, on a machine of its own."""
        self._offices += 1
        name = f"office{self._offices}"
        shutil.copytree(source or self._folder / "empty", self._folder / name)
        who = self._who(name)
        del who["operator"]
        return Ledger.open(self._folder / name, **who)  # type: ignore[arg-type]

    def reports(self, name: str) -> list[Path]:
        """Let every village write its file for the office."""
        return [path for village in self.villages for path in written(village, self._folder / name)]

    def answer(self, office: Ledger) -> None:
        """Let every village receive what the office answers: from then on files carry what is new."""
        files = {path.name[:3]: path for path in written(office, self._folder / f"answers{self._offices}")}
        for village in self.villages:
            (fate,) = exchange.receive(village, [files[village.profile.scope[-3:]]])
            assert fate.outcome != "refused", fate


def written(ledger: Ledger, folder: Path) -> list[Path]:
    """Send into ``folder``; returns the files."""
    return [sent.path for sent in exchange.send(ledger, folder)]


def evening(village: Ledger, count: int, seed: int) -> None:
    """Let a contact enter ``count`` things: payments, phone numbers, who lives where, doors knocked at."""
    rng = random.Random(seed)
    people = village.connection.execute(
        "SELECT record, household FROM resident WHERE household IS NOT NULL ORDER BY record"
    ).fetchall()
    for resident, household in rng.choices(people, k=count):
        village.write([_entry(rng, resident, household)])


def _entry(rng: random.Random, resident: str, household: str) -> Edit:
    day = f"2025-11-{rng.randint(1, 30):02d}"
    paid = {"resident": resident, "year": 2026, "amount": 40000, "paid_on": day, "channel": "wechat"}
    met = {"household": household, "resident": resident, "visited_on": day, "outcome": "met"}
    return rng.choices(
        [
            Edit("payment", random_id(), {"fact": paid, "policy": {"policy": "example-2026"}}),
            Edit("resident", resident, {"contact": {"phone": f"139{rng.randint(0, 99_999_999):08d}"}}),
            Edit("resident", resident, {"residence": {"residence": rng.choice(("away", "resident"))}}),
            Edit("visit", random_id(), {"fact": met}),
        ],
        weights=(5, 2, 2, 1),
    )[0]


def scoped(found: list[Edit], scope: str) -> list[Edit]:
    """Return edits as an office writes them into a village."""
    return [replace(edit, scope=scope) for edit in found]
