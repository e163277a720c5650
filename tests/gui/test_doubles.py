"""Doubles and doubtful ID numbers at the window: seen side by side, settled by key, together, and taken back."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui import wording
from gui.pages.pending.doubles import DoublesSection
from gui.pages.pending.repair import RepairSection
from storage import keys
from storage.clock import Clock
from storage.ledger import Edit, Ledger
from storage.queries import doubles, repair
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR, number

A, B = "150621102200", "150621102201"
WORKER, STUDENT, NEWBORN, SETTLER, MINER = "乌恩其", "孟和", "韩小花", "两村都有的人", "斯日古楞"
CUT, SWAPPED = "苏日娜", "白永军"
RIGHT = number("19880415", 123)
SOUND = number("19660704", 215)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """An office of two villages with one double of each sort, and numbers that are not sound."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        places = [office.Place(A, "查干沟嘎查", 6, 2), office.Place(B, "柳林村", 6, 2)]
        made = office.make(tmp_path_factory.mktemp("doubles"), places)
        with opened(made.folder, made.data_dir) as ledger:
            ledger.write(list(edits()))
        yield made


def opened(folder: Path, data_dir: Path) -> Ledger:
    return Ledger.open(folder, passphrase=PASSPHRASE, data_dir=data_dir, clock=Clock(TODAY))


def person(record: str, name: str, text: str | None, scope: str = A, home: str = "h1", **more: Any) -> Edit:
    identity = {"name": name, "id_number": text, **more.pop("identity", {})}
    return Edit("resident", record, {"identity": identity, "membership": {"household": home}, **more}, scope)


def cover(resident: str, scheme: str, place: str, **more: str) -> Edit:
    state = {
        "scheme": scheme,
        "scheme_state": "1",
        "scheme_place": place,
        "covered_by": "平台参保信息.xlsx",
        **more,
    }
    return Edit("coverage", f"{resident} {place}", {"link": {"resident": resident}, "state": state}, A)


def payment(resident: str, scope: str = A) -> Edit:
    fact = {"resident": resident, "year": YEAR, "amount": 40000, "paid_on": "2025-11-02", "channel": "pos"}
    return Edit("payment", f"paid {resident} {scope}", {"fact": fact}, scope)


def edits() -> Iterator[Edit]:
    lives = {"residence": {"residence": "resident"}}
    for home, count in (("h1", "0101"), ("h2", "0102")):
        registers = {"number": {"number": count}, "head": {"head_name": "韩占山"}, "place": {"grp": "01组"}}
        yield Edit("household", home, registers, A)
    yield person("worker", WORKER, number("19850203", 111), **lives)
    yield payment("worker")
    yield cover("worker", "310", "310115000000", employer="某矿业有限公司", covered_since="2023-03-01")
    yield person("miner", MINER, number("19870203", 117))
    yield payment("miner")
    yield cover("miner", "310", "150699", employer="旗煤炭公司", covered_since="2025-09-01")
    yield person("student", STUDENT, number("20050909", 53), **lives)
    yield payment("student")
    yield cover("student", "390", "150102000000", scheme_type="1404", covered_since="2024-09-01")
    yield person("old", NEWBORN, "000000", home="h2", identity={"birth": "2025-10-12"})
    yield person("new", NEWBORN, number("20251012", 44), home="h2")
    for scope in (A, B):
        yield person("claimed", SETTLER, number("19800203", 901), scope, **(lives if scope == B else {}))
    yield person("cut", CUT, RIGHT[:15] + "000", home="h2", identity={"sex": "1"})
    yield person("swapped", SWAPPED, SOUND[:14] + SOUND[15] + SOUND[14] + SOUND[16:], home="h2")


@pytest.fixture
def hand(start: Callable[..., Hand], made: Township, tmp_path: Path) -> Hand:
    """The office's list of what waits, on a copy."""
    shutil.copytree(made.folder, tmp_path / "office")
    shutil.copytree(made.data_dir, tmp_path / "data")
    hand = start(ledger=tmp_path / "office", data_dir=tmp_path / "data", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("pending")
    return hand


def part(hand: Hand, section: Any) -> Any:
    """Go to one of the two parts by its chip."""
    hand.click(hand.page._parts[section][1])
    hand.settle()
    return section


@pytest.fixture
def twice(hand: Hand) -> DoublesSection:
    return part(hand, hand.page.doubles)


@pytest.fixture
def numbers(hand: Hand) -> RepairSection:
    return part(hand, hand.page.repair)


def ask(hand: Hand, question: Callable[[Ledger], Any]) -> Any:
    from gui.ops import QueryOp

    found: list[Any] = []
    hand.desk.ask(QueryOp(question), found.append, owner=hand.page)
    hand.settle()
    return found[0]


def codes(hand: Hand) -> list[str]:
    found = ask(hand, lambda ledger: doubles.find(ledger, hand.desk.policy, TODAY))
    return [one.code for one in found]


def go_to(hand: Hand, section: Any, name: str) -> None:
    line = next(
        line
        for line, one in enumerate(section.rows.rows)
        if name in (one.person.name if hasattr(one, "person") else one.sides[0].person.name)
    )
    section.list.selectRow(line)
    hand.settle()


ALL = ["two_villages", "two_schemes", "two_schemes", "student_twice", "one_unsound"]


def test_every_sort_stands_there_with_its_reason(hand: Hand, twice: DoublesSection) -> None:
    assert [one.code for one in twice.rows.rows] == ALL
    assert hand.page._parts[twice][1].words() == f"重复登记参保 {len(ALL)}"
    go_to(hand, twice, WORKER)
    assert "建议保留：职工医保" in twice.proposal.text()
    assert "已满 12 个月" in twice.why.text()
    assert "医保发〔2020〕33号" in twice.sources.text()
    assert "700" in twice.stake.text()
    assert len(twice.cards) == 2
    assert "某矿业有限公司" in twice.cards[0].accessibleName()


def test_one_key_takes_the_proposal_and_undo_brings_it_back(hand: Hand, twice: DoublesSection) -> None:
    go_to(hand, twice, WORKER)
    twice.to_list()
    hand.key("A")
    assert WORKER in hand.notice()
    assert codes(hand).count("two_schemes") == 1
    assert len(twice.rows.rows) == len(ALL) - 1
    hand.key(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert sorted(codes(hand)) == sorted(ALL)


def test_what_no_rule_decides_takes_a_choice(hand: Hand, twice: DoublesSection) -> None:
    go_to(hand, twice, MINER)
    assert not twice.accept.isVisible()
    assert "请核实" in twice.proposal.text()
    twice.to_list()
    hand.key("2")
    assert MINER not in [one.sides[0].person.name for one in twice.rows.rows if one.sides[0].person]


def test_a_person_of_two_villages_is_counted_where_they_live(hand: Hand, twice: DoublesSection) -> None:
    go_to(hand, twice, SETTLER)
    twice.to_list()
    hand.key("A")
    assert "two_villages" not in codes(hand)
    counted = ask(
        hand,
        lambda ledger: ledger.connection.execute(
            "SELECT DISTINCT counted_in, counted_why FROM resident WHERE record = 'claimed'"
        ).fetchall(),
    )
    assert counted == [(B, "重复参加居民医保，原则上保留常住地参保关系")]


def test_two_people_after_all(hand: Hand, twice: DoublesSection) -> None:
    go_to(hand, twice, NEWBORN)
    twice.to_list()
    hand.key("D")
    assert "one_unsound" not in codes(hand)


def test_safe_ones_together_only_after_a_second_answer(hand: Hand, twice: DoublesSection) -> None:
    twice.to_list()
    hand.key("G")
    assert twice.together.asking()
    assert len(codes(hand)) == len(ALL)
    hand.key(Qt.Key.Key_Escape)
    assert not twice.together.asking()
    hand.key("G")
    hand.key(Qt.Key.Key_Return)
    assert codes(hand) == ["two_villages", "two_schemes"]
    hand.key(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert sorted(codes(hand)) == sorted(ALL)


def test_numbers_are_masked_until_the_key_is_held(hand: Hand, twice: DoublesSection) -> None:
    go_to(hand, twice, WORKER)
    full = number("19850203", 111)
    assert wording.id_number(full) in twice.where.text()
    twice.to_list()
    QTest.keyPress(hand.focus(), Qt.Key.Key_R)
    hand.settle()
    assert full in twice.where.text()
    QTest.keyRelease(hand.focus(), Qt.Key.Key_R)
    hand.settle()
    assert full not in twice.where.text()
    go_to(hand, twice, NEWBORN)
    assert number("20251012", 44) not in "".join(card.accessibleName() for card in twice.cards)


# ---- ID numbers


def open_numbers(hand: Hand) -> list[str]:
    found = ask(hand, lambda ledger: repair.worklist(ledger, hand.desk.policy))
    return [one.person.name for one in found]


def test_a_proposal_is_taken_by_its_key_and_taken_back(hand: Hand, numbers: RepairSection) -> None:
    go_to(hand, numbers, SWAPPED)
    assert numbers.offers.shown[0].number == SOUND
    assert SOUND not in numbers.lines[0].button.words()
    numbers.to_list()
    hand.key("1")
    assert SWAPPED not in open_numbers(hand)
    assert SOUND not in hand.notice()
    hand.key(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert SWAPPED in open_numbers(hand)


def test_a_cut_number_is_typed_from_the_card(hand: Hand, numbers: RepairSection) -> None:
    go_to(hand, numbers, CUT)
    assert numbers.lines == []
    assert "请看证件" in numbers.hint.text()
    numbers.to_list()
    hand.key("E")
    assert numbers.typed.text() == RIGHT[:15]
    hand.type("9999")
    hand.key(Qt.Key.Key_Return)
    assert numbers.field.error()
    assert CUT in open_numbers(hand)
    numbers.typed.setText(RIGHT[:15])
    hand.type(RIGHT[15:])
    hand.key(Qt.Key.Key_Return)
    assert CUT not in open_numbers(hand)


def test_typing_digits_answers_nothing(hand: Hand, numbers: RepairSection) -> None:
    go_to(hand, numbers, SWAPPED)
    numbers.to_list()
    hand.key("E")
    hand.key("1", "K", "H")
    assert SWAPPED in open_numbers(hand)
    hand.key(Qt.Key.Key_Escape)
    assert not numbers.field.isVisible()


def test_checked_it_stays_and_progress_tells(hand: Hand, numbers: RepairSection) -> None:
    before = len(numbers.rows.rows)
    assert f"待核对 {before} 人" in numbers.progress.text()
    numbers.to_list()
    hand.key("K")
    assert len(open_numbers(hand)) == before - 1
    assert f"待核对 {before - 1} 人" in numbers.progress.text()


def test_going_back_to_the_list_of_all(hand: Hand, numbers: RepairSection) -> None:
    hand.click(hand.page.view.chips["all"])
    assert hand.page.part is None
    assert hand.page.view.list.isVisible()
    assert not numbers.isVisible()


# ---- at a village


@pytest.fixture
def at_village(start: Callable[..., Hand], made_village: Path, tmp_path: Path) -> Hand:
    """The village's list of what waits, with one doubtful number in a household."""
    folder = tmp_path / "village"
    shutil.copytree(made_village, folder)
    with Ledger.open(folder, passphrase=PASSPHRASE, data_dir=tmp_path / "data", clock=Clock(TODAY)) as ledger:
        (home,) = ledger.connection.execute("SELECT record FROM household WHERE number = '0017'").fetchone()
        edit = person("cut", CUT, RIGHT[:15] + "000", scope="", home=home)
        ledger.write([edit, person("whole", CUT, RIGHT, scope="", home="elsewhere")])
    hand = start(ledger=folder, passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.until(lambda: hand.desk.book.loaded, "for the households")
    hand.settle()
    hand.open("pending")
    return hand


def test_a_village_goes_to_the_household(at_village: Hand) -> None:
    numbers = part(at_village, at_village.page.repair)
    go_to(at_village, numbers, CUT)
    assert numbers.offers.sure is not None
    assert numbers.offers.sure.number == RIGHT
    numbers.to_list()
    at_village.key("H")
    assert type(at_village.page).__name__ == "HouseholdsPage"


def test_a_village_sees_the_pair_as_one_person_too(at_village: Hand) -> None:
    twice = part(at_village, at_village.page.doubles)
    assert [one.code for one in twice.rows.rows] == ["one_unsound"]
    assert twice.card_button.isVisible()
    twice.to_list()
    at_village.key("A")
    assert codes(at_village) == []
    assert CUT not in open_numbers(at_village)
