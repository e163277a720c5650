"""The sheet: printed once and kept nowhere, typed with the slips people make, revoked, good for its ledger alone."""

import random
from pathlib import Path

import pytest

from storage import keys, operators, recovery
from storage.errors import KnownError
from storage.ledger import Ledger
from tests.unit.storage.worlds import PASSPHRASE, World

NEW = "新口令 1"


@pytest.fixture
def ledger(world: World) -> Ledger:
    return world.alone()


@pytest.fixture
def sheet(ledger: Ledger) -> recovery.Sheet:
    made = recovery.draw(ledger)
    recovery.accept(ledger, made)
    return made


def recover(world: World, ledger: Ledger, text: str, operator: str = "接手的人") -> tuple[str, ...]:
    return recovery.recover(
        ledger.folder,
        recovery.secret_of(text),
        operator=operator,
        passphrase=NEW,
        data_dir=world.folder / "machines" / "village",
        clock=ledger.clock,
    )


def code(text: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(KnownError) as caught:
        recovery.secret_of(text)
    return caught.value.code, caught.value.params


def test_the_sheet_opens_the_ledger(world: World, ledger: Ledger, sheet: recovery.Sheet) -> None:
    ledger.close()
    assert recover(world, ledger, "\n".join(sheet.lines)) == operators.ROLES
    again = Ledger.open(ledger.folder, passphrase=NEW, data_dir=world.folder / "d", clock=ledger.clock)
    world.opened.append(again)
    assert again.unlocked_by == "接手的人"
    assert {one.name for one in operators.listed(again) if one.can_open} == {"接手的人", "village的联络员"}


def test_an_office_s_too(world: World) -> None:
    office = world.office()
    sheet = recovery.draw(office)
    recovery.accept(office, sheet)
    office.close()
    assert recover(world, office, sheet.secret)


def test_nothing_of_it_lies_on_the_disk(world: World, ledger: Ledger, sheet: recovery.Sheet) -> None:
    ledger.close()
    body = sheet.secret.removeprefix("AGE-SECRET-KEY-1")
    for path in (path for path in world.folder.rglob("*") if path.is_file()):
        raw = path.read_bytes().upper()
        assert body.encode() not in raw and sheet.lines[0].encode() not in raw, path
    assert sheet.recipient in (ledger.folder / keys.FILE).read_text("utf-8")


def test_a_sheet_that_was_not_printed_opens_nothing(world: World, ledger: Ledger) -> None:
    sheet = recovery.draw(ledger)
    with pytest.raises(KnownError) as caught:
        recover(world, ledger, sheet.secret)
    assert caught.value.code == "paper.unknown"
    assert recovery.sheets(ledger) == []


def test_a_revoked_sheet_opens_nothing(world: World, ledger: Ledger, sheet: recovery.Sheet) -> None:
    assert recovery.sheets(ledger) == ["2025-12-03"]
    assert (recovery.revoke(ledger), recovery.revoke(ledger)) == (1, 0)
    before = (ledger.folder / keys.FILE).read_bytes()
    with pytest.raises(KnownError) as caught:
        recover(world, ledger, sheet.secret)
    assert caught.value.code == "paper.unknown"
    assert (ledger.folder / keys.FILE).read_bytes() == before
    assert keys.unlock(ledger.folder, PASSPHRASE)


def test_the_sheet_of_another_ledger(world: World, ledger: Ledger, sheet: recovery.Sheet) -> None:
    other = world.alone("other")
    recovery.accept(other, recovery.draw(other))
    with pytest.raises(KnownError) as caught:
        recover(world, other, sheet.secret)
    assert caught.value.code == "paper.unknown"


def test_who_may_not_administer_makes_none(world: World, ledger: Ledger) -> None:
    operators.add(ledger, "其其格", "x", ["record", "exchange"])
    theirs = Ledger.open(ledger.folder, passphrase="x", data_dir=world.folder / "d", clock=ledger.clock)
    world.opened.append(theirs)
    sheet = recovery.draw(ledger)
    for doing in (
        lambda: recovery.draw(theirs),
        lambda: recovery.accept(theirs, sheet),
        lambda: recovery.revoke(theirs),
    ):
        with pytest.raises(KnownError) as caught:
            doing()
        assert caught.value.code == "operator.not_allowed"


def test_whoever_is_at_work_keeps_the_roles(world: World, ledger: Ledger, sheet: recovery.Sheet) -> None:
    operators.add(ledger, "其其格", "x", ["record"])
    assert recover(world, ledger, sheet.secret, "其其格") == ("record",)


@pytest.mark.parametrize(("operator", "passphrase", "expected"), [
    ("", NEW, "operator.name"), ("王（李）", NEW, "operator.name"), ("王", "", "keys.empty_passphrase"),
])  # fmt: skip
def test_nothing_is_changed_by_what_cannot_be(
    world: World, ledger: Ledger, sheet: recovery.Sheet, operator: str, passphrase: str, expected: str
) -> None:
    before = (ledger.folder / keys.FILE).read_bytes()
    with pytest.raises(KnownError) as caught:
        recovery.recover(
            ledger.folder, sheet.secret, operator=operator, passphrase=passphrase,
            data_dir=world.folder / "d", clock=ledger.clock,
        )  # fmt: skip
    assert caught.value.code == expected
    assert (ledger.folder / keys.FILE).read_bytes() == before


# ---- what people type


def typings(sheet: recovery.Sheet) -> list[str]:
    lines = sheet.lines
    plain = [line[2:] for line in lines]
    return [
        sheet.secret,
        sheet.secret.lower(),
        f"  {sheet.secret}\n",
        "\n".join(lines),
        " ".join(plain),
        "".join(plain).replace(" ", "").lower(),
        "-".join(plain),
        "\n".join(plain).replace("0", "O").replace("L", "1").replace("8", "b"),
        "".join(chr(ord(character) + 0xFEE0) if character.isascii() and character.isalnum() else character
                for character in "\n".join(lines)),
        "查干沟嘎查村 2025-12-03 恢复单\n第1页\n" + "\n".join(lines) + "\n请锁好 3 年",
    ]  # fmt: skip


def test_it_may_be_typed_in_many_ways(ledger: Ledger) -> None:
    for _ in range(20):
        sheet = recovery.draw(ledger)
        for text in typings(sheet):
            assert recovery.secret_of(text) == sheet.secret, text


def test_a_wrong_character_is_found_in_its_line(ledger: Ledger) -> None:
    """Every single wrong character; of exchanged neighbours nearly all, and never a wrong key for a right one."""
    chance = random.Random(7)
    alphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
    sheet = recovery.draw(ledger)
    lines = [line[2:].replace(" ", "") for line in sheet.lines]
    for number, line in enumerate(lines):
        for at in range(len(line)):
            other = chance.choice([character for character in alphabet if character != line[at]])
            typed = [*lines[:number], line[:at] + other + line[at + 1 :], *lines[number + 1 :]]
            assert code(" ".join(typed)) == ("paper.line", {"line": number + 1})


@pytest.mark.parametrize("text", ["", "xyz", "AGE-SECRET-KEY-1", "没有字母", "Q" * 63, "Q" * 65])
def test_what_is_no_sheet(text: str) -> None:
    assert code(text)[0] in ("paper.incomplete", "paper.line")


def test_a_missing_line_is_counted(ledger: Ledger) -> None:
    lines = recovery.draw(ledger).lines
    assert code("\n".join(lines[:-1])) == ("paper.incomplete", {"count": 55, "wanted": 64})


def test_a_key_file_that_is_damaged_elsewhere_still_takes_the_sheet(
    world: World, ledger: Ledger, sheet: recovery.Sheet
) -> None:
    path: Path = ledger.folder / keys.FILE
    path.write_text(path.read_text("utf-8").replace('"salt": "', '"salt": "!!'), "utf-8")
    ledger.close()
    assert recover(world, ledger, sheet.secret, "village的联络员") == operators.ROLES
    assert (
        Ledger.open(ledger.folder, passphrase=NEW, data_dir=world.folder / "d", clock=ledger.clock).close()
        is None
    )
