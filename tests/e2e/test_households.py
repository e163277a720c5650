"""A household at once without a window: paid, reached, visited, another head, moved, parted; and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Program, World


@pytest.fixture
def ledger(world: World, copied: Callable[..., Path]) -> Path:
    """A village that may be changed."""
    return copied(world.one)


def test_one_payment_names_each_part_and_who_has_none(program: Program, ledger: Path) -> None:
    before = program.status(ledger)["amount"]
    told = program.json(
        "household", "paid", ledger, "0021", "--sum", "800", "--channel", "agent", "--receipt", "31500417"
    )
    assert (told["sum"], told["changed"]) == ("800", 2)
    assert [(one["name"], one["yuan"]) for one in told["people"]] == [("聂顺利", "400"), ("单桂兰", "400")]
    assert program.status(ledger)["amount"] - before == 80000
    again = program.json("household", "paid", ledger, "0021", code=3)
    assert again["code"] == "payment.nothing_due"


def test_a_sum_that_is_not_theirs_writes_nothing(program: Program, ledger: Path) -> None:
    before = program.status(ledger)["ops"]
    assert (
        program.json("household", "paid", ledger, "0021", "--sum", "700", code=2)["code"] == "household.sum"
    )
    assert program.status(ledger)["ops"] == before


def test_one_phone_and_one_visit(program: Program, ledger: Path) -> None:
    assert program.json("household", "phone", ledger, "0017", "13900001111")["changed"] == 4
    assert program.json("household", "phone", ledger, "0017", "13900001111")["changed"] == 0
    assert program.json("household", "phone", ledger, "0017", "没有", code=3)["code"] == "contact.phone"
    visit = ("household", "visit", ledger, "0017", "met")
    assert program.json(*visit, "--each", "3=absent", "--retry-on", "2025-12-08")["changed"] == 2
    assert program.json(*visit, "--each", "3", code=2)["code"] == "use.each"
    assert program.json(*visit, "--each", "9=absent", code=3)["code"] == "find.no_row"


def test_another_head_is_found_under_the_name(program: Program, ledger: Path) -> None:
    told = program.json("household", "head", ledger, "那顺", "3")
    relations = {one["name"]: (one["relation"], one["sure"]) for one in told["people"]}
    assert relations == {
        "布仁": ("0", True), "那顺": ("5", True), "其其格": ("5", True), "阿木古楞": ("2", False),
    }  # fmt: skip
    assert program.json("household", "visit", ledger, "布仁", "met")["household"] == "0017"


def test_moved_and_parted(program: Program, ledger: Path) -> None:
    people = program.status(ledger)["people"]
    moved = program.json("household", "move", ledger, "0044", "--row", "1", "--to", "0018", "--relation", "8")
    assert moved["to"] == "0018"
    assert program.json("household", "visit", ledger, "0044", "met", code=3)["code"] == "find.no_household"
    parted = ("household", "split", ledger, "0017", "--row", "3", "--row", "4", "--number")
    assert program.json(*parted, "0018", code=3)["code"] == "household.number"
    told = program.json(*parted, "0099")
    assert {one["name"]: one["relation"] for one in told["people"]} == {"布仁": "0", "阿木古楞": "2"}
    assert program.json("household", "phone", ledger, "0099", "13900002222")["changed"] == 2
    assert program.status(ledger)["people"] == people, "nobody is lost"


def test_a_family_account_names_its_holder(program: Program, ledger: Path) -> None:
    person = ("record", ledger, "credential", "--household", "0017", "--row", "4", "--way", "family")
    assert program.json(*person, "--holder-row", "3")["changed"] == 1
    assert program.json(*person, "--holder-row", "4", code=3)["code"] == "credential.holder"
    assert program.json(*person, "--holder-row", "9", code=3)["code"] == "find.no_row"


def test_an_office_does_nothing_to_a_villages_household(world: World) -> None:
    told = world.program.json("household", "visit", world.office, "0017", "met", code=3)
    assert told["code"] == "use.village_only"
