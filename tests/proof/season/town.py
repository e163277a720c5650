"""The township: the ledgers of its villages and of its clerks, each on a machine with a clock of its own."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from storage import backup, keys, policies, restoring
from storage.clock import Clock
from storage.commands.people import household_id, resident_id
from storage.ledger import Edit, Ledger
from storage.policy.model import Policy
from sync import exchange, kits
from tests.proof.season.post import Post
from tests.proof.season.truth import Person, Truth
from tests.unit.storage.worlds import OFFICE_CODE, OFFICE_TITLE, PASSPHRASE, World, id_number

START = date(2025, 9, 8)
YEAR = 2026
_FIRST = ("查干", "巴音", "敖包", "柳沟", "乌兰", "哈日")
_LAST = ("塔拉嘎查", "浩来嘎查", "布拉格村", "高勒村", "图村")
_NAMES = (
    "那顺",
    "萨如拉",
    "王桂兰",
    "李建国",
    "阿木古楞",
    "张秀英",
    "布仁",
    "刘海燕",
    "其其格",
    "陈文",
    "王伟",
    "娜仁",
)
_TAKE = backup.take


class Town:
    """One office with clerks ``a``, ``b`` … and its villages by code; ``truth`` is what everybody was told."""

    def __init__(self, folder: Path, rng: Random, villages: int, people: int) -> None:
        self.rng, self.truth, self.day = rng, Truth(), START
        self.world = World(folder)
        self.post = Post(self.world, rng)
        self.codes = [f"150621102{200 + at}" for at in range(villages)]
        self.titles = {code: _FIRST[at % 6] + _LAST[at // 6 % 5] for at, code in enumerate(self.codes)}
        self._people = people
        self.numbers = iter(range(1, 1_000_000))
        self.clerks: dict[str, Ledger] = {}
        self.villages: dict[str, Ledger] = {}
        self.machines: dict[str, str] = {}
        self.saved: dict[str, Path] = {}
        self.moved: set[str] = set()
        """Who has moved: nobody moves twice, so that no two clerks decide about one person at once."""

    # ---- beginning

    def begin(self) -> None:
        """Make the office and its villages, each with its register."""
        self.on(START)
        self.machines["a"] = "a"
        self.world.time("a")
        self.set_clocks()
        self.clerks["a"] = self.world.office("a")
        for code in self.codes:
            self.machines[code] = code
            self.set_clocks()
            self.villages[code] = self.join(code, code)
            self._register(code)

    def join(self, code: str, machine: str) -> Ledger:
        """Make a village's ledger from a kit of its office."""
        kit = self.world.folder / f"{machine}.hqk"
        kits.make(self.clerks["a"], code, self.titles[code], kit)
        return self.world.open_kit(kit, machine)

    def _register(self, code: str) -> None:
        village = self.villages[code]
        edits: list[Edit] = []
        for at in range(self._people):
            number, name = id_number(next(self.numbers)), self.rng.choice(_NAMES)
            house = f"{at // 3 + 1:04d}"
            home = household_id(village, code, house, name)
            if at % 3 == 0:
                edits.append(
                    Edit("household", home, {"number": {"number": house}, "head": {"head_name": name}})
                )
            record = resident_id(village, number)
            edits.append(
                Edit(
                    "resident",
                    record,
                    {
                        "identity": {"name": name, "id_number": number},
                        "membership": {"household": home, "relation": "0" if at % 3 == 0 else "8"},
                        "residence": {"residence": "resident"},
                    },
                )
            )
            self.truth.add(Person(record, name, number, code, home))
        village.write(edits)

    # ---- time

    def on(self, day: date) -> None:
        """Let it be a day, on every machine whose clock is right."""
        self.day = day
        self.set_clocks()

    def set_clocks(self, wrong: dict[str, timedelta] | None = None) -> None:
        """Set the machines' clocks, some of them wrong."""
        noon = datetime(self.day.year, self.day.month, self.day.day, 4, tzinfo=UTC)
        for machine in self.machines.values():
            at = noon + (wrong or {}).get(machine, timedelta())
            self.world.time(machine).ms = max(int(at.timestamp() * 1000), 1)

    # ---- who there is

    @property
    def policy(self) -> Policy:
        """The policy everybody works by."""
        return policies.in_force(self.clerks["a"]).policy

    def clerk(self) -> Ledger:
        """Return the ledger of some clerk."""
        return self.clerks[self.rng.choice(sorted(self.clerks))]

    def admit(self, name: str) -> None:
        """Let one more clerk begin, with a kit made by ``a``; the two hear of each other at once."""
        kit = self.world.folder / f"{name}.hqk"
        kits.make(self.clerks["a"], OFFICE_CODE, OFFICE_TITLE, kit)
        self.machines[name] = name
        self.set_clocks()
        self.clerks[name] = self.world.open_kit(kit, name)
        self.post.hand(self.clerks["a"], self.post.send(self.clerks[name]))
        self.post.hand(self.clerks[name], self.post.send(self.clerks["a"]))

    def meet(self) -> None:
        """Let all clerks hear everything of each other."""
        for _ in range(2):
            for name, sender in self.clerks.items():
                paths = [path for path in self.post.send(sender) if "同事" in path.name]
                for other, ledger in self.clerks.items():
                    if other != name:
                        self.post.hand(ledger, paths)

    def settle_post(self, code: str) -> None:
        """Let one village and the office hear everything of each other."""
        for _ in range(2):
            self.post.hand(self.clerks["a"], self.post.send(self.villages[code]))
            paths = [path for path in self.post.send(self.clerks["a"]) if f"{code[-3:]}-" in path.name]
            self.post.hand(self.villages[code], paths)

    # ---- accidents

    def save(self, code: str) -> None:
        """Make a backup somebody will go back to."""
        self.saved[code] = _TAKE(self.villages[code], "season")

    def restore(self, code: str) -> None:
        """Put an old backup in the place of a village's ledger, which goes on from there."""
        ledger = self.villages[code]
        folder, machine = ledger.folder, self.machines[code]
        ledger.close()
        raw_key, who = keys.unlock(folder, PASSPHRASE)
        clock = Clock(now_ms=self.world.time(machine))
        restoring.restore(folder, self.saved[code], raw_key=raw_key, unlocked_by=who, clock=clock)
        self.villages[code] = self.world.open(folder, machine)

    def replace(self, code: str) -> Ledger:
        """Let a village begin anew on another machine, with a new kit; returns the ledger that was lost."""
        lost = self.villages[code]
        machine = f"{code}-new"
        self.machines[code] = machine
        self.set_clocks()
        self.villages[code] = self.join(code, machine)
        self.settle_post(code)
        return lost

    def close(self) -> None:
        """Close all ledgers."""
        self.world.close()


def without_backups() -> object:
    """Spare the backup before each receiving; those a season goes back to are made."""
    return patch.object(backup, "take", lambda *_: None)


__all__ = ["START", "YEAR", "Town", "exchange", "without_backups"]
