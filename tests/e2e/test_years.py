"""A new insurance year from the command line, at a township and at a village that stands alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import ONE, TWO, Program, World, ids
from tests.e2e.test_moves import Township

NEW = "example-2027"
AUTUMN, SPRING = "2026-10-08", "2027-03-01"


@pytest.fixture
def township(program: Program, copied: Callable[..., Path], world: World) -> Township:
    """A township of this test's own, with an identity and somebody who left in 2026."""
    made = Township(program, copied, world)
    village = made.villages[ONE]
    program.json("record", village, "group", *ids("那顺"), "--group", "dibao", "--note", "民政局")
    program.json("record", village, "not-insured", *ids("布仁"), "--reason", "death")
    made.settle()
    return made


def test_a_township_opens_a_year(township: Township) -> None:
    program, office, village = township.program, township.office, township.villages[ONE]
    before = program.status(village)
    assert [one["year"] for one in program.json("year", "list", office)["years"]] == [2026]
    looked = program.json("year", "preview", office, NEW, today=AUTUMN)
    assert (looked["total"]["identities"], looked["total"]["departed"]) == (1, 1)
    assert program.status(office)["year"] == 2026, "looking opens nothing"
    done = program.json("year", "open", office, NEW, today=AUTUMN)
    assert done["total"] == looked["total"]
    assert done["changed"]
    assert program.json("year", "open", office, today=AUTUMN)["changed"] == 0
    assert program.json("year", "open", village, NEW, code=3)["code"] == "year.office_opens"
    township.settle()
    for ledger in (office, village):
        listed = program.json("year", "list", ledger, today=AUTUMN)["years"]
        assert [(one["year"], one["state"]) for one in listed] == [(2027, "now"), (2026, "running")]
        assert listed[0]["paid"] == 0
    old = program.json("status", village, "--insured-year", "2026", today=AUTUMN)
    assert (old["year"], old["paid"], old["people"]) == (2026, before["paid"], before["people"])
    new = program.json("status", village, today=AUTUMN)
    assert (new["year"], new["paid"], new["amount"], new["special"]) == (2027, 0, 0, 1)
    assert "2027 年度 · 现行" in program.quick("year", "list", village, today=AUTUMN).out


def test_a_year_that_is_over_is_read_and_not_written(township: Township) -> None:
    program, village = township.program, township.villages[ONE]
    program.json("year", "open", township.office, NEW, today=AUTUMN)
    township.settle()
    old = ("--insured-year", "2026")
    program.json("record", village, "paid", *ids("娜仁格日勒"), *old, today=AUTUMN)
    words = ("record", village, "not-insured", *ids("娜仁格日勒"), "--reason", "refused", *old)
    assert program.json(*words, code=3, today=SPRING)["code"] == "year.over"
    assert "2026 年度已经结束" in program.quick(*words, code=3, today=SPRING).err
    assert program.json("status", village, *old, today=SPRING)["year"] == 2026
    assert program.json("status", village, "--insured-year", "2019", code=3)["code"] == "policy.no_year"


def test_a_village_alone_opens_a_year_and_takes_it_back(program: Program) -> None:
    program.json("village", "create", "V", "--code", TWO, "--name", "柳沟村", "--policy", "example-2026")
    assert program.json("year", "back", "V", "2026", code=3)["code"] == "year.first"
    assert program.json("year", "open", "V", "nowhere", code=2)["code"] == "policy.unknown"
    assert program.json("year", "open", "V", NEW, today=AUTUMN)["policy"] == NEW
    assert program.json("year", "open", "V", "example-2026", code=3)["code"] == "year.backward"
    assert program.status("V")["year"] == 2027
    back = program.json("year", "back", "V", "2027", today=AUTUMN)
    assert (back["now"], back["policy"]) == (2026, "example-2026")
    assert [one["year"] for one in program.json("year", "list", "V")["years"]] == [2026]
