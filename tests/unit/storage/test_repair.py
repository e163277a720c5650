"""Doubtful ID numbers: who has one, what it may have been and why, and that only a person's answer writes anything."""

import json
from typing import Any

import pytest

from storage import policies
from storage.commands import repair as commands
from storage.commands import undo
from storage.errors import RuleViolation
from storage.ledger import Edit, Ledger
from storage.policy.id_core import check_digit
from storage.queries import repair
from storage.queries.repair import Proposals, Unsound
from tests.unit.storage.worlds import TODAY, VILLAGES, World, id_number

A, B, _ = VILLAGES
POLICY = policies.load("example-2026")
NUMBER = id_number(31 + 90 * 4)  # 150621 1961-05-01, a man's
NAME = "那顺乌日图"


@pytest.fixture
def ledger(world: World) -> Ledger:
    return world.office()


def add(
    ledger: Ledger, record: str, number: str | None, *, name: str = NAME, scope: str = A, **more: Any
) -> str:
    household = more.pop("household", "h")
    identity = {"name": name, "id_number": number, **more}
    registers = {"identity": identity, "membership": {"household": household}}
    ledger.write([Edit("resident", record, registers, scope)])
    return record


def only(ledger: Ledger) -> tuple[Unsound, Proposals]:
    (item,) = repair.worklist(ledger, POLICY)
    (found,) = repair.proposals_for(ledger, [item], TODAY)
    return item, found


def why(found: Proposals, number: str) -> list[str]:
    (proposal,) = [one for one in found.shown if one.number == number]
    return [reason.code for reason in proposal.reasons]


def swapped(number: str, at: int) -> str:
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


DISABILITY = NUMBER + "43"
NOT_A_DIGIT = NUMBER[:5] + "I" + NUMBER[6:]


@pytest.mark.parametrize(
    ("text", "doubt", "how", "sure"),
    [
        (DISABILITY, "disability20", "disability20", True),
        (NOT_A_DIGIT, "lookalike", "lookalike", True),
        (swapped(NUMBER, 15), "checksum", "transposed", False),
        (NUMBER[:-1], "length", "missing_check", False),
        (NUMBER[:7] + NUMBER[6:], "length", "extra_digit", False),
        (NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "checksum", "wrong_check", False),
    ],
)
def test_what_it_may_have_been(ledger: Ledger, text: str, doubt: str, how: str, sure: bool) -> None:
    add(ledger, "one", text, birth="1961-05-01", sex="1")
    add(ledger, "mother", id_number(5), name="其其格")
    item, found = only(ledger)
    assert (item.doubt, item.home) == (doubt, None)
    assert found.shown[0].number == NUMBER
    assert found.shown[0].how == how
    assert why(found, NUMBER)[:4] == [f"repair_{how}", "birth_fits", "sex_fits", "area_fits"]
    assert (found.sure is not None) == sure


def test_a_wrong_digit_is_among_the_few(ledger: Ledger) -> None:
    add(
        ledger,
        "one",
        NUMBER[:14] + str((int(NUMBER[14]) + 3) % 10) + NUMBER[15:],
        birth="1961-05-01",
        sex="1",
    )
    _item, found = only(ledger)
    assert NUMBER in [one.number for one in found.shown] + list(found.rest)
    assert found.sure is None


CUT = NUMBER[:15] + "000"


@pytest.mark.parametrize("text", [CUT, NUMBER[:15], f"{CUT[0]}.{NUMBER[1:15]}E+17"])
def test_a_cut_number_alone_takes_the_card(ledger: Ledger, text: str) -> None:
    add(ledger, "one", text, sex="1")
    _item, found = only(ledger)
    assert (found.shown, found.stem) == ((), NUMBER[:15])
    assert NUMBER in found.rest
    assert 40 <= len(found.rest) <= 51
    assert all(int(number[16]) % 2 for number in found.rest)


def test_a_cut_number_that_happens_to_be_sound_is_still_cut(ledger: Ledger) -> None:
    stem = next(
        f"15062119910612{digit}" for digit in "0123456789" if check_digit(f"15062119910612{digit}00") == "0"
    )
    add(ledger, "one", stem + "000")
    item, found = only(ledger)
    assert item.doubt == "truncated"
    assert found.shown == ()
    assert len(found.rest) == 99
    assert stem + "000" not in found.rest


@pytest.mark.parametrize("scope", [A, B])
def test_another_entry_of_the_name_tells_it(ledger: Ledger, scope: str) -> None:
    add(ledger, "one", CUT)
    add(ledger, "other", NUMBER, scope=scope, household="elsewhere")
    _item, found = only(ledger)
    assert [one.number for one in found.shown] == [NUMBER]
    assert "held_by_entry" in why(found, NUMBER)
    assert found.sure is not None


def test_a_missing_number_is_found_by_name_and_birth_never_by_name_alone(ledger: Ledger) -> None:
    add(ledger, "one", None)
    add(ledger, "other", NUMBER, scope=B)
    assert only(ledger)[1] == Proposals()
    ledger.write([Edit("resident", "one", {"identity": {"name": NAME, "birth": "1961-05-01"}}, A)])
    assert [one.number for one in only(ledger)[1].shown] == [NUMBER]
    ledger.write([Edit("resident", "one", {"identity": {"name": NAME, "birth": "1961-05-02"}}, A)])
    assert only(ledger)[1] == Proposals()


def heard(ledger: Ledger, said: str, record: str = "", *, reverted: str | None = None) -> None:
    with ledger.transaction() as connection:
        connection.execute(
            "INSERT INTO intake (id, at, who, name, digest, scope, kind, added, known, changed, review, reverted_at) "
            "VALUES (1, '2025-11-01', 'x', '民政低保.xlsx', '', '', 'department', 0, 0, 0, 1, ?)",
            (reverted,),
        )
        connection.execute(
            "INSERT INTO intake_row VALUES (1, 1, 's', 3, 'unmatched', '', ?, 0, '', ?)", (record, said)
        )


def test_a_list_that_found_nobody_tells_it(ledger: Ledger) -> None:
    add(ledger, "one", CUT)
    heard(ledger, json.dumps({"name": NAME, "id": NUMBER, "note": 5}))
    _item, found = only(ledger)
    assert [one.number for one in found.shown] == [NUMBER]
    assert why(found, NUMBER)[-1] == "held_by_list"
    assert found.shown[0].reasons[-1].params == {"list": "民政低保.xlsx"}


@pytest.mark.parametrize("said", ["no json", "[1]", json.dumps({"name": "别人", "id": NUMBER})])
def test_what_a_list_does_not_say_is_not_heard(ledger: Ledger, said: str) -> None:
    add(ledger, "one", CUT)
    heard(ledger, said)
    assert only(ledger)[1].shown == ()


def test_a_list_that_was_taken_back_says_nothing(ledger: Ledger) -> None:
    add(ledger, "one", CUT)
    heard(ledger, json.dumps({"name": NAME, "id": NUMBER}), reverted="2025-11-02")
    assert only(ledger)[1].shown == ()


def test_a_number_somebody_else_has_is_said_and_never_sure(ledger: Ledger) -> None:
    add(ledger, "one", DISABILITY)
    add(ledger, "other", NUMBER, name="别人")
    _item, found = only(ledger)
    assert (found.shown[0].taken, found.sure) == ("别人", None)


def test_a_sound_number_against_the_birth(ledger: Ledger) -> None:
    add(ledger, "one", NUMBER, birth="1962-05-01")
    item, found = only(ledger)
    assert (item.doubt, found.shown[0].number, found.shown[0].how) == ("birth_differs", NUMBER, "as_written")
    assert found.sure is None
    commands.accept(ledger, A, "one", NUMBER, today=TODAY)
    assert repair.worklist(ledger, POLICY) == []


def test_accepting_writes_the_number_and_can_be_undone(ledger: Ledger) -> None:
    add(ledger, "one", swapped(NUMBER, 15), birth="1961-06-01", sex="1")
    changes = commands.accept(ledger, A, "one", NUMBER.lower(), today=TODAY)
    row = "SELECT id_full, id_number, birth, sex, doubt FROM resident WHERE record = 'one'"
    assert ledger.connection.execute(row).fetchone() == (NUMBER, NUMBER, None, "1", None)
    assert commands.accept(ledger, A, "one", NUMBER, today=TODAY).oids == ()
    undo.revert(ledger, changes.oids[0], "按错了")
    assert repair.worklist(ledger, POLICY)[0].person.id_number == swapped(NUMBER, 15)


@pytest.mark.parametrize("number", ["", "150621", CUT, swapped(NUMBER, 15)])
def test_only_a_sound_number_is_accepted(ledger: Ledger, number: str) -> None:
    add(ledger, "one", CUT)
    with pytest.raises(RuleViolation, match=r"repair\.unsound"):
        commands.accept(ledger, A, "one", number, today=TODAY)


def test_nobody_is_repaired_who_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(RuleViolation, match=r"record\.unknown"):
        commands.accept(ledger, A, "nobody", NUMBER, today=TODAY)


def test_checked_it_stays_and_progress_adds_up(ledger: Ledger) -> None:
    add(ledger, "one", CUT)
    add(ledger, "two", None, name="别人")
    add(ledger, "three", NUMBER, name="又一个")
    assert repair.progress(ledger) == repair.Progress(3, 1, 0, 2)
    first = repair.worklist(ledger, POLICY)[0]
    changes = commands.stays(ledger, *first.key, first.doubts)
    assert repair.progress(ledger, A) == repair.Progress(3, 1, 1, 1)
    assert len(repair.worklist(ledger, POLICY)) == 1
    undo.revert(ledger, changes.oids[0], "按错了")
    assert repair.progress(ledger) == repair.Progress(3, 1, 0, 2)


def test_of_a_household_together_and_one_village_only(ledger: Ledger) -> None:
    for record, number in (("h2", "2"), ("h10", "10")):
        ledger.write([Edit("household", record, {"number": {"number": number}}, A)])
    add(ledger, "a", None, name="甲", household="h10")
    add(ledger, "b", None, name="乙", household="h2")
    add(ledger, "c", None, name="丙", household="h2")
    add(ledger, "d", None, name="丁", scope=B, household="x")
    assert [one.person.name for one in repair.worklist(ledger, POLICY, A)] == ["丙", "乙", "甲"]
    assert [one.person.name for one in repair.worklist(ledger, POLICY)][-1] == "丁"


def test_two_generations(ledger: Ledger) -> None:
    """Fifteen digits are either a first-generation number or the head of a cut one: the birth tells."""
    old = "150621200504010"
    add(ledger, "one", old, birth="1920-05-04")
    _item, found = only(ledger)
    body = old[:6] + "19" + old[6:]
    assert (found.shown[0].number, found.shown[0].how) == (body + check_digit(body), "fifteen")
