"""Who counts where, from the command line: claims, moves, late entries, in both villages and at the office."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ONE, PEOPLE, TWO, Program, World, id_number, ids, register

NASHUN = next(id_number(birth, seq) for _h, _r, who, _s, birth, seq in PEOPLE if who == "那顺")
MOST = ("people", "paid", "amount", "should", "should_paid", "credential")


class Township:
    """Copies of the office and both villages that this test may change."""

    def __init__(self, program: Program, copied: Callable[..., Path], world: World) -> None:
        self.program = program
        self.office = copied(world.office)
        self.villages = {code: copied(ledger) for code, ledger in world.villages.items()}
        self._sent = 0

    def send(self, ledger: Path) -> list[Path]:
        """Send into a folder of its own."""
        self._sent += 1
        told = self.program.json("send", ledger, "-o", f"sent-{self._sent}")
        return [self.program.folder / one["path"] for one in told["bundles"]]

    def settle(self) -> None:
        """Everybody hears of everything."""
        for ledger in self.villages.values():
            self.program.json("receive", self.office, *self.send(ledger))
        for path in self.send(self.office):
            village = next(ledger for code, ledger in self.villages.items() if code[-3:] in path.name[:3])
            self.program.json("receive", village, path)

    def status(self) -> Any:
        """The office's status."""
        return self.program.status(self.office)

    def line(self, code: str) -> Any:
        """A village's line at the office."""
        return next(line for line in self.status()["villages"] if line["scope"] == code)

    def questions(self) -> list[tuple[str, str]]:
        """What waits at the office."""
        return [
            (one["code"], one["scope"]) for one in self.program.json("counting", self.office)["questions"]
        ]


@pytest.fixture
def township(program: Program, copied: Callable[..., Path], world: World) -> Township:
    """A township of this test's own."""
    return Township(program, copied, world)


def test_a_person_moves(township: Township) -> None:
    program, before = township.program, township.status()
    told = program.json("move", township.office, "--id-number", NASHUN, "--to", TWO, "--reason", "随子女居住")
    assert told["changed"] > 3
    after = township.status()
    assert {name: after[name] for name in MOST} == {name: before[name] for name in MOST}
    one, two = township.line(ONE), township.line(TWO)
    assert (one["people"], one["elsewhere"], one["paid"]) == (len(PEOPLE) - 1, 1, 1)
    assert two["paid"] == 1
    township.settle()
    for code, ledger in township.villages.items():
        own = program.status(ledger)
        assert {name: own[name] for name in (*MOST, "elsewhere")} == {
            name: township.line(code)[name] for name in (*MOST, "elsewhere")
        }
    found = program.json("find", township.villages[TWO], "那顺")
    assert found
    owed = program.json("list", township.villages[ONE], "new", "-o", "N.xlsx")
    assert owed["people"] == 0
    back = program.json("move-back", township.office, "--id-number", NASHUN)
    assert back["from"] == TWO
    assert township.line(ONE)["people"] == len(PEOPLE)
    assert township.line(TWO)["elsewhere"] == 1


def test_who_is_in_two_registers_counts_once_and_is_decided(township: Township) -> None:
    program = township.program
    (program.folder / "two.csv").write_text(register("巴音淖尔村", PEOPLE[:1]), encoding="utf-8-sig")
    program.json("intake", township.villages[TWO], "two.csv")
    before = township.status()
    township.settle()
    status = township.status()
    assert (status["people"], status["twice"]) == (before["people"], 1)
    assert status["people"] == sum(line["people"] - line["twice"] for line in status["villages"])
    assert township.questions() == [("claimed_by_two", ONE), ("claimed_by_two", TWO)]
    shown = program.quick("status", township.office).out
    assert "1 人同时在两个嘎查村" in shown
    assert "另一个嘎查村也有此人" in program.quick("counting", township.office).out
    program.json("move", township.office, "--id-number", NASHUN, "--to", ONE)
    assert township.questions() == []
    assert township.status()["twice"] == 0
    assert "没有待处理" in program.quick("counting", township.office).out


@pytest.mark.parametrize(("words", "paid"), [((), 3), (("--leave",), 2)], ids=["carried", "left"])
def test_what_the_old_village_records_late(township: Township, words: tuple[str, ...], paid: int) -> None:
    program = township.program
    buren = ids("布仁")
    program.json("move", township.office, *buren, "--to", TWO)
    program.json("record", township.villages[ONE], "paid", *buren)
    township.settle()
    assert township.questions() == [("late_entries", ONE)]
    assert township.status()["paid"] == 2
    program.json("carry", township.office, *buren, *words)
    assert township.questions() == []
    township.settle()
    assert township.status()["paid"] == paid
    assert program.status(township.villages[TWO])["paid"] == paid - 2


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("--id-number", NASHUN, "--to", ONE), 3, "move.same"),
        (("--id-number", NASHUN, "--to", "150621103200"), 3, "move.where"),
        (("--id-number", NASHUN, "--to", TWO, "--date", "2026-01-01"), 3, "date.future"),
        (("--id-number", NASHUN, "--to", TWO, "--household", "没有这户"), 3, "find.no_household"),
        (("--id-number", "150621199001010011", "--to", TWO), 3, "find.nobody"),
        (("--name", "没有这人", "--village", ONE, "--to", TWO), 3, "find.nobody_named"),
        (("--name", "那顺", "--to", TWO), 2, "use.who_where"),
        (("--to", TWO), 2, "use.who_where"),
    ],
)
def test_refused(township: Township, words: tuple[str, ...], code: int, why: str) -> None:
    before = township.status()
    done = township.program.json("move", township.office, *words, code=code)
    assert done["code"] == why
    assert township.status() == before


def test_a_village_cannot_move_anybody(township: Township) -> None:
    done = township.program.json("move", township.villages[ONE], "--id-number", NASHUN, "--to", TWO, code=3)
    assert done["code"] == "move.not_office"


def test_by_name_and_into_a_household(township: Township) -> None:
    words = ("--name", "布仁", "--village", ONE, "--to", TWO, "--household", "0018", "--relation", "8")
    assert township.program.json("move", township.office, *words)["name"] == "布仁"
    township.settle()
    lived = township.program.json("find", township.villages[TWO], "布仁")
    assert "0018" in str(lived)
