"""Recording without a window: whom, what, what is refused, and that all or none are written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Program, World, id_number, ids


@pytest.fixture
def ledger(world: World, copied: Callable[..., Path]) -> Path:
    """A village that may be changed."""
    return copied(world.one)


def counts(program: Program, ledger: Path) -> dict[str, Any]:
    """The figures recording changes."""
    told = program.status(ledger)
    return {
        name: told[name] for name in ("paid", "amount", "credential", "assist", "explained", "new", "special")
    }


def test_paid_by_household_and_rows(program: Program, ledger: Path) -> None:
    told = program.json(
        "record", ledger, "paid", "--household", "17", "--row", "3", "--row", "4",
        "--channel", "agent", "--date", "2025-12-01", "--payer", "那顺", "--advanced-by", "村会计",
    )  # fmt: skip
    assert [one["name"] for one in told["people"]] == ["布仁", "阿木古楞"]
    assert told["changed"] == 2
    after = counts(program, ledger)
    assert (after["paid"], after["amount"]) == (4, 160000)


def test_the_policy_says_how_much(program: Program, ledger: Path) -> None:
    program.quick("record", ledger, "group", *ids("布仁"), "--group", "dibao", "--note", "民政名单")
    program.quick("record", ledger, "group", *ids("刘建国"), "--group", "特困人员")
    program.quick("record", ledger, "paid", *ids("布仁"))
    refused = program.json("record", ledger, "paid", *ids("刘建国"), code=3)
    assert refused["code"] == "payment.nothing_due"
    assert "刘建国" in refused["sentence"]
    program.quick("record", ledger, "paid", *ids("聂顺利"), "--amount", "380.5")
    after = counts(program, ledger)
    assert (after["paid"], after["amount"], after["special"]) == (4, 3 * 40000 + 38050, 2)


def test_saying_it_again_writes_nothing(program: Program, ledger: Path) -> None:
    before = program.status(ledger)["ops"]
    words = (
        "record",
        ledger,
        "paid",
        *ids("那顺", "其其格"),
        "--channel",
        "mobile_pos",
        "--receipt",
        "31500417",
    )
    assert program.json(*words)["changed"] == 0
    assert program.status(ledger)["ops"] == before


def test_another_payment_is_refused_for_all(program: Program, ledger: Path) -> None:
    before = program.status(ledger)["ops"]
    done = program.quick("record", ledger, "paid", *ids("布仁", "那顺"), "--amount", "500", "--json", code=3)
    assert done.data["code"] == "payment.already"
    assert "那顺" in done.data["sentence"]
    assert "400" in done.err
    assert program.status(ledger)["ops"] == before


def test_a_wrong_payment_is_voided(program: Program, ledger: Path) -> None:
    assert program.json("record", ledger, "void", *ids("那顺"), code=3)["code"] == "void.reason"
    assert (
        program.json("record", ledger, "void", *ids("布仁"), "--reason", "记错人", code=3)["code"]
        == "payment.none"
    )
    other = ("record", ledger, "void", *ids("那顺"), "--receipt", "999", "--reason", "记错人")
    assert program.json(*other, code=3)["code"] == "payment.none"
    assert program.json("record", ledger, "void", *ids("那顺"), "--reason", "记错人")["changed"] == 1
    assert counts(program, ledger)["paid"] == 1
    program.quick("record", ledger, "paid", *ids("那顺"), "--amount", "400", "--receipt", "31500418")
    assert counts(program, ledger)["paid"] == 2


def test_what_else_is_recorded(program: Program, ledger: Path) -> None:
    program.quick("record", ledger, "credential", *ids("布仁", "阿木古楞"), "--way", "family")
    program(
        "record",
        ledger,
        "assist",
        *ids("娜仁格日勒"),
        "--reason",
        "没有智能手机",
        "--what",
        "上门",
        "--date",
        "2025-12-05",
    )
    program.quick(
        "record", ledger, "not-insured", *ids("聂顺利"), "--reason", "已参本地职工", "--note", "煤矿"
    )
    program.quick("record", ledger, "not-insured", *ids("单桂兰"), "--reason", "employee_elsewhere")
    program.quick("record", ledger, "new", *ids("阿木古楞"))
    after = counts(program, ledger)
    assert (after["credential"], after["assist"], after["explained"], after["new"]) == (3, 1, 2, 1)
    program.quick("record", ledger, "credential", *ids("布仁"), "--withdraw")
    program.quick("record", ledger, "assist", *ids("娜仁格日勒"), "--withdraw")
    program.quick("record", ledger, "not-insured", *ids("聂顺利"), "--withdraw")
    program.quick("record", ledger, "new", *ids("阿木古楞"), "--withdraw")
    after = counts(program, ledger)
    assert (after["credential"], after["assist"], after["explained"], after["new"]) == (2, 0, 1, 0)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("paid", "--id-number", id_number("19900101", 7)), 3, "find.nobody"),
        (("paid", "--household", "9999", "--row", "1"), 3, "find.no_household"),
        (("paid", "--household", "0017", "--row", "9"), 3, "find.no_row"),
        (("paid", "--household", "0017", "--row", "0"), 3, "find.no_row"),
        (("paid",), 2, "use.nobody"),
        (("paid", "--household", "0017"), 2, "use.nobody"),
        (("paid", *ids("布仁"), "--amount", "0"), 3, "payment.amount"),
        (("paid", *ids("布仁"), "--amount", "vierhundert"), 2, "use.amount"),
        (("paid", *ids("布仁"), "--amount", "-400"), 2, "use.amount"),
        (("paid", *ids("布仁"), "--date", "2025-12-04"), 3, "payment.future"),
        (("paid", *ids("布仁"), "--date", "3.12."), 2, "date.unreadable"),
        (("paid", *ids("布仁"), "--channel", "信鸽"), 2, "use.no_choice"),
        (("credential", *ids("布仁"), "--date", "2026-01-01"), 3, "date.future"),
        (("assist", *ids("布仁")), 3, "assistance.reason"),
        (("not-insured", *ids("布仁")), 3, "absence.reason"),
        (("not-insured", *ids("布仁"), "--reason", "已参"), 2, "use.no_choice"),
        (("group", *ids("布仁")), 3, "grant.group"),
    ],
)
def test_refusals(world: World, words: tuple[str, ...], code: int, why: str) -> None:
    before = world.program.status(world.one)["ops"]
    assert world.program.json("record", world.one, *words, code=code)["code"] == why
    assert world.program.status(world.one)["ops"] == before


def test_an_id_number_is_never_repeated_in_full(world: World) -> None:
    stranger = id_number("19900101", 7)
    done = world.program.quick("record", world.one, "paid", "--id-number", stranger, code=3)
    assert stranger not in done.err


def test_an_office_records_nothing_for_a_village(world: World) -> None:
    refused = world.program.json("record", world.office, "paid", *ids("布仁"), code=3)
    assert refused["code"] == "use.village_only"


def test_people_are_found(world: World) -> None:
    def found(text: str) -> list[tuple[str, int]]:
        return [(one["name"], one["row"]) for one in world.program.json("find", world.one, text)["people"]]

    assert found("nrgrl") == [("娜仁格日勒", 1)]
    assert found("其其格") == [("其其格", 2)]
    assert found("0017") == found("17")
    assert {name for name, _row in found("17")} >= {"那顺", "其其格", "布仁", "阿木古楞"}
    assert found(id_number("19840203", 241)[-4:]) == [("刘建国", 1)]
    assert found("没有这个人") == []
    shown = world.program.quick("find", world.one, "刘建国").out
    assert id_number("19840203", 241) not in shown
