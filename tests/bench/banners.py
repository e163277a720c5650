"""A banner for measuring: townships side by side, 200 villages and more, everybody with what a winter's work knows."""

import random
from collections.abc import Iterator
from pathlib import Path

from storage.clock import Clock
from storage.ledger import Edit, Ledger
from storage.records import random_id
from sync import enrol, exchange, kits
from tests.bench.conftest import TODAY, edits
from tests.bench.townships import PASSPHRASE, cheap_keys, scoped, village_code

CODE, TITLE, POLICY, YEAR = "150621000000", "达拉特旗", "example-2026", 2026
GROUPS = ("dibao", "tekun", "jiance", "disabled12")
REASONS = ("employee_elsewhere", "death", "army", "refused", "unreachable")


def who(folder: Path, name: str) -> dict[str, object]:
    """Return how a ledger of a machine ``name`` is made or opened."""
    data = folder / "machines" / name
    return {"passphrase": PASSPHRASE, "operator": name, "data_dir": data, "clock": Clock(TODAY)}


def township_code(number: int) -> str:
    """Return the code of the banner's township."""
    return f"1506211{number:02d}000"


def winter(people: int, seed: int) -> list[Edit]:
    """Return the edits of a village: its people, who paid and is confirmed, groups, reasons, e-credentials."""
    rng, register = random.Random(seed), edits(people, seed)
    return [
        *register,
        *(one for edit in register if edit.kind == "resident" for one in _known(rng, edit.record)),
    ]


def _known(rng: random.Random, resident: str) -> Iterator[Edit]:
    link = {"resident": resident, "year": YEAR}
    day = f"2025-{rng.choice((9, 10, 11)):02d}-{rng.randint(1, 30):02d}"
    if rng.random() < 0.6:
        paid = {**link, "amount": 40000, "paid_on": day, "channel": "mini_program"}
        yield Edit("payment", random_id(), {"fact": paid, "policy": {"policy": POLICY}})
        if rng.random() < 0.7:
            yield Edit("confirmation", random_id(), {"fact": paid})
    elif rng.random() < 0.2:
        yield Edit("enrolment", random_id(), {"link": link, "absence": {"absence": rng.choice(REASONS)}})
    if rng.random() < 0.12:
        grant = {"group_code": rng.choice(GROUPS), "grant_source": "list"}
        yield Edit("subsidy", random_id(), {"link": link, "grant": grant})
    if rng.random() < 0.5:
        state = {"credential": "active", "credential_on": day}
        yield Edit("credential", random_id(), {"link": {"resident": resident}, "state": state})


class Banner:
    """A banner ledger that has all townships but the last, which waits as a file (``waiting``)."""

    def __init__(self, folder: Path, townships: int, villages: int, people: int) -> None:
        self.folder = folder
        with cheap_keys():
            office = enrol.create_office(folder / "banner", CODE, TITLE, **who(folder, "banner"))  # type: ignore[arg-type]
            for number in range(townships - 1):
                for village in range(villages):
                    code = village_code(village, township_code(number))
                    office.write(scoped(winter(people, 1000 * number + village), code))
            self.waiting = _file(folder, office, townships - 1, villages, people)
            office.close()

    def open(self) -> Ledger:
        """Open the banner's ledger."""
        options = who(self.folder, "banner")
        del options["operator"]
        with cheap_keys():
            return Ledger.open(self.folder / "banner", **options)  # type: ignore[arg-type]


def _file(folder: Path, banner: Ledger, number: int, villages: int, people: int) -> Path:
    """Make a township with its villages; returns its file for the banner."""
    code, name = township_code(number), f"township{number}"
    kits.make(banner, code, f"第{number}镇", folder / f"{name}.hqk")
    township = enrol.open_kit(folder / name, folder / f"{name}.hqk", **who(folder, name))  # type: ignore[arg-type]
    for village in range(villages):
        found = winter(people, 1000 * number + village)
        township.write(scoped(found, village_code(village, code)))
    (path,) = [one.path for one in exchange.send(township, folder / "out" / name) if "报送" in one.path.name]
    township.close()
    return path
