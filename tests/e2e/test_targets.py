"""Rates, targets, pace and lists, asked at the command line on a village's and on an office's ledger."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from gui.verbs.grammar import shared
from storage.queries import worklists
from tests.e2e.conftest import ONE, PEOPLE, TWO, Program, World, ids


def test_every_rate_names_what_it_leaves_out(
    program: Program, world: World, copied: Callable[..., Path]
) -> None:
    ledger = copied(world.one)
    program.quick("record", ledger, "not-insured", *ids("布仁"), "--reason", "已参本地职工")
    told = program.json("targets", "show", ledger)
    rates = {rate["denominator"]: rate for rate in told["rates"]}
    assert (rates["resident"]["reached"], rates["resident"]["total"], rates["resident"]["rate"]) == (
        2,
        8,
        25.0,
    )
    assert (rates["should"]["total"], rates["should"]["excluded"]) == (7, 1)
    assert rates["should"]["reasons"] == [{"code": "employee_here", "people": 1, "explained": True}]
    for rate in rates.values():
        if not rate["count_only"]:
            parts = sum(rate[name] for name in ("total", "departed", "others", "excluded"))
            assert parts == rate["register"] == len(PEOPLE)
    assert (rates["task"]["total"], rates["task"]["rate"]) == (None, None)
    assert "employee_here" in told["explained_reasons"] and "refused" not in told["explained_reasons"]
    everyone = told["targets"][0]
    assert (everyone["missing"], everyone["able"], everyone["settled"]) == (6, 5, 1)
    assert everyone["pace"]["state"] == "short" and everyone["pace"]["likely"] is None
    plain = program.quick("targets", "show", ledger).out
    assert "应参保人数" in plain and "不计入（已参本地职工 1）" in plain and "还能缴费的只有 5 人" in plain
    assert "of these" not in plain
    english = program.quick("targets", "show", ledger, "--language", "en").out
    assert "explained, left out: 1" in english


def test_lists_and_their_people(program: Program, world: World) -> None:
    told = program.json("targets", "list", world.one)
    assert [one["list"] for one in told["lists"]] == list(worklists.LISTS)
    people = {one["list"]: one["people"] for one in told["lists"]}
    assert people["missing"] == 6 and people["students"] == 0
    missing = program.json("targets", "list", world.one, "missing")
    assert len(missing["entries"]) == 6 and missing["enough"] == 6
    scores = [one["ease"] for one in missing["entries"]]
    assert scores == sorted(scores, reverse=True)
    assert all("********" in one["id"] for one in missing["entries"])
    near = next(one for one in missing["entries"] if one["name"] == "布仁")  # his parents have paid
    assert "ease_household_paid" in near["why"] and "ease_phone" in near["why"]
    assert len(program.json("targets", "list", world.one, "missing", "--limit", "2")["entries"]) == 2
    plain = program.quick("targets", "list", world.one, "missing").out
    assert "同户已有 2 人缴费" in plain and "缴 400 元" in plain


def test_an_office_asks_of_all_villages_or_one(program: Program, world: World) -> None:
    whole = program.json("targets", "show", world.office)
    assert {one["scope"]: one["people"] for one in whole["villages"]} == {ONE: 8, TWO: 5}
    assert whole["people"] == 13
    one = program.json("targets", "show", world.office, "--village", TWO)
    assert (one["people"], one["rates"][0]["reached"]) == (5, 0)
    assert one["targets"][0]["pace"]["state"] == "none"
    assert len(program.json("targets", "list", world.office, "missing")["entries"]) == 11
    named = program.json("targets", "list", world.office, "missing", "--village", TWO)["entries"]
    assert {entry["village"] for entry in named} == {"巴音淖尔村"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "--village", "150621102999"), 2),
        (("list", "everything"), 2),
        (("list", "missing", "--denominator", "task"), 2),
        (("list", "missing", "--denominator", "nobody"), 2),
    ],
)
def test_what_cannot_be_meant_is_said(
    program: Program, world: World, words: tuple[str, ...], code: int
) -> None:
    verb, *rest = words
    done = program.quick("targets", verb, world.office, *rest, code=code)
    assert done.out == "" and done.err.strip()


def test_a_number_assigned_from_above(program: Program, world: World, copied: Callable[..., Path]) -> None:
    ledger = copied(world.office)
    given = ("--by", "旗医保局任务分解表", "--on", "2025-09-01")
    told = program.json("targets", "assign", ledger, "7", "--village", ONE, *given)
    assert told["people"] == 7 and told["year"] == 2026
    place = program.json("targets", "show", ledger, "--village", ONE)
    task = next(rate for rate in place["rates"] if rate["denominator"] == "task")
    assert (task["reached"], task["total"], task["rate"], task["gap_to_register"]) == (2, 7, 28.5, -1)
    assert (task["counted_on"], task["counted_by"]) == ("2025-09-01", "旗医保局任务分解表")
    plain = program.quick("targets", "show", ledger, "--village", ONE).out
    assert "旗医保局任务分解表，2025-09-01；花名册多 1 人" in plain
    assert program.quick("targets", "assign", ledger, "0", *given, code=3).err.strip()
    assert program.quick(
        "targets", "assign", ledger, "5", "--by", "x", "--on", "2026-09-01", code=3
    ).err.strip()


def test_another_villages_targets_are_not_here(program: Program, world: World) -> None:
    assert program.quick("targets", "show", world.one, "--village", TWO, code=3).err.strip()


def test_a_list_of_targets_as_a_visit_list(
    program: Program, world: World, copied: Callable[..., Path]
) -> None:
    ledger = copied(world.one)
    paper = program.json("visit-list", ledger, "--worklist", "missing", "-o", "走访.pdf")
    assert (paper["people"], paper["masked"]) == (6, True)
    with pypdfium2.PdfDocument(program.folder / "走访.pdf") as document:
        text = document[0].get_textpage().get_text_range().replace("\r\n", "").replace(" ", "")
    assert "由易到难" in text and "布仁" in text and "其其格" not in text
    assert program.json("visit-list", ledger, "--worklist", "students", "-o", "x.pdf")["people"] == 0


def test_the_lists_that_can_be_typed_are_all_there_are() -> None:
    assert shared.WORKLISTS == worklists.LISTS
