"""What waits, settled as a person settles it: arrows, digits, Space; on both sides; with three hundred of them."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gui.models import board
from gui.models.pending import Question
from gui.pages.pending.page import PendingPage
from gui.widgets.labels import TagLabel
from gui.widgets.pieces import words
from storage import keys, operators
from storage.clock import Clock
from storage.ledger import Ledger
from tests.gui import disputed, village
from tests.gui.conftest import Hand
from tests.gui.disputed import Sides

CTRL = Qt.KeyboardModifier.ControlModifier


def made(folder: Path, many: int = 0) -> Sides:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        return disputed.make(folder, many)


@pytest.fixture(scope="session")
def made_sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    return made(tmp_path_factory.mktemp("sides"))


@pytest.fixture
def sides(made_sides: Sides, tmp_path: Path) -> Sides:
    """A copy of both."""
    copied = tmp_path / "sides"
    shutil.copytree(made_sides.village.parent, copied)
    names = ("village", "data", "office", "office-data")
    return Sides(*(copied / name for name in names))


def windows() -> list[QWidget]:
    """What lies on the screen by itself."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def opened(start: Callable[..., Hand], ledger: Path, data: Path) -> Hand:
    hand = start(ledger=ledger, data_dir=data, passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("pending")
    return hand


@pytest.fixture
def at_village(start: Callable[..., Hand], sides: Sides) -> Hand:
    return opened(start, sides.village, sides.village_data)


@pytest.fixture
def at_office(start: Callable[..., Hand], sides: Sides) -> Hand:
    return opened(start, sides.office, sides.office_data)


def shown(hand: Hand) -> list[Question]:
    return hand.page.questions.rows


def go_to(hand: Hand, code: str, name: str = "") -> Question:
    """Choose the question about a register or of a sort."""
    line, found = next(
        (line, one)
        for line, one in enumerate(shown(hand))
        if code in (one.item.register, one.item.code) and (not name or one.item.name == name)
    )
    hand.page.view.list.selectRow(line)
    hand.page.view.list.setFocus()
    hand.settle()
    return found


def values(hand: Hand) -> list[list[str]]:
    """The words of the candidates as they stand beside one another."""
    return [[line.text for line in card.side.lines] for card in hand.page.view.comparison.cards]


def registers(hand: Hand) -> set[str]:
    return {one.item.register for one in shown(hand) if one.item.code == "conflict"}


# ---- one question


def test_both_values_stand_side_by_side_with_what_differs_and_who_said_it(at_village: Hand) -> None:
    hand = at_village
    go_to(hand, "identity", "萨茹拉")
    cards = hand.page.view.comparison.cards
    assert [card.side.lines[0].text for card in cards] == ["萨茹拉", "萨如拉"]
    assert [card.side.lines[0].runs for card in cards] == [((1, 2),), ((1, 2),)]
    assert [line.differs for line in cards[0].side.lines] == [True, False]
    office, own = cards[0].side.sources[0], cards[1].side.sources[0]
    assert "李科员" in office and "白泥井镇医保办" in office and ".hqb" in office
    assert "王联络员" in own and "本机" in own
    assert [bool(card.findChildren(TagLabel)) for card in cards] == [True, False]  # 暂按此显示
    assert cards[0].y() == cards[1].y() and cards[0].x() < cards[1].x()
    assert "萨茹拉" in cards[0].accessibleName() and "李科员" in cards[0].accessibleName()


def test_numbers_stay_masked_but_for_what_tells_them_apart_and_are_shown_while_held(at_village: Hand) -> None:
    hand = at_village
    go_to(hand, "contact")
    assert {text for (text,) in values(hand)} == {"138***11234", "138***71234"}
    hand.page._reveal.turn(True)
    assert {text for (text,) in values(hand)} == {"13847711234", "13847771234"}
    hand.page._reveal.turn(False)
    assert all("*" in text for (text,) in values(hand))


def test_a_household_is_named_not_numbered_by_its_record(at_village: Hand) -> None:
    go_to(at_village, "membership")
    homes = {lines[0] for lines in values(at_village)}
    assert len(homes) == 2 and all("组" in home for home in homes)


@pytest.mark.parametrize("digit", ["1", "2"])
def test_a_digit_settles_it_and_undo_brings_both_back(at_village: Hand, digit: str) -> None:
    hand = at_village
    go_to(hand, "contact")
    before = values(hand)
    wanted = hand.page.view.comparison.cards[int(digit) - 1].side.candidate.value["phone"]
    hand.key(digit)
    assert "contact" not in registers(hand)
    person = next(card.person for _home, card in hand.desk.book.people() if card.person.phone == wanted)
    assert "resident.contact" not in person.unsettled
    hand.key("Z", modifier=CTRL)
    go_to(hand, "contact")
    assert values(hand) == before


def test_arrows_walk_and_the_next_question_is_chosen_after_an_answer(at_village: Hand) -> None:
    hand = at_village
    hand.page.view.list.selectRow(0)
    hand.page.view.list.setFocus()
    first, second = shown(hand)[0], shown(hand)[1]
    hand.key("Down")
    assert hand.page.view.title.text() == second.item.name
    hand.key("Up", "1")
    assert first.item.short not in [one.item.short for one in shown(hand)]
    assert hand.page.view.list.current_row() is not None and hand.page.view.list.hasFocus()


def test_a_digit_held_or_struck_twice_answers_one_question(at_village: Hand) -> None:
    hand = at_village
    question = go_to(hand, "contact")
    before = len(shown(hand))
    button = hand.page.view.comparison.cards[0].button
    assert button._short is not None and not button._short.autoRepeat()
    button.click()
    button.click()  # before the first was written
    hand.settle()
    assert len(shown(hand)) == before - 1 and question.item.short not in {
        one.item.short for one in shown(hand)
    }
    assert "已一致" not in hand.notice()


# ---- a third value


def test_something_else_is_written_and_judged(at_village: Hand) -> None:
    hand = at_village
    go_to(hand, "contact")
    hand.key("3")
    panel = hand.page.panel
    assert isinstance(hand.focus(), QLineEdit) and panel is not None
    hand.key("A", modifier=CTRL)
    hand.type("没有")
    hand.key("Return")
    assert panel.fields["phone"].error() and "contact" in registers(hand)
    hand.key("A", modifier=CTRL)
    hand.type("0477-8123456")
    hand.key("Return")
    assert hand.page.panel is None and "contact" not in registers(hand)
    assert "0477-8123456" in {card.person.phone for _home, card in hand.desk.book.people()}


def test_the_id_number_is_judged_while_it_is_typed(at_village: Hand) -> None:
    hand = at_village
    go_to(hand, "identity", "萨茹拉")
    hand.key("3")
    field = hand.page.panel.fields["id_number"]
    assert "女" in field._hint.text() and "1953-04-23" in field._hint.text()
    field.editor.setText(field.editor.text()[:-1] + "9")
    assert "校验" in field._hint.text()
    field.editor.setText("")
    hand.page.panel.fields["name"].editor.setText("")
    hand.key("Return")
    assert hand.page.panel.fields["name"].error()
    assert windows() == [hand.app.window]
    hand.key("Escape")
    assert hand.page.panel is None and hand.page.view.list.hasFocus()


def test_every_register_in_dispute_can_be_written(at_village: Hand) -> None:
    """The form of each opens, filled with what is shown, and saving it unchanged settles it so."""
    hand = at_village
    for register in sorted(registers(hand) - {"grant"}):
        question = go_to(hand, register)
        value = question.item.candidates[0].value
        hand.key("3")
        hand.page.panel.save()
        hand.settle()
        assert register not in registers(hand) or register == "identity", register
        assert value


# ---- two people


def test_two_people_get_two_entries_in_one_step(at_village: Hand) -> None:
    hand = at_village
    everybody = len(hand.desk.book.people()) if hand.desk.book.loaded else 0
    go_to(hand, "identity", "李秀莲")
    hand.key("4")
    panel = hand.page.panel
    assert panel is not None and not hand.page.view.comparison.isEnabled()
    hand.key("1")  # answers the form, not the question
    assert "identity" in registers(hand) and hand.page.panel is panel
    hand.key("2")
    panel._whose.choose("new")
    assert windows() == [hand.app.window]
    hand.key("Return")
    hand.settle()
    assert hand.page.panel is None
    assert [one.item.name for one in shown(hand) if one.item.register == "identity"] == ["萨茹拉"]
    names = {card.person.name: card.person for _home, card in hand.desk.book.people()}
    assert {"李秀莲", "王大勇"} <= names.keys() and (
        names["王大勇"].id_number and not names["李秀莲"].id_number
    )
    hand.key("Z", modifier=CTRL)
    assert {one.item.name for one in shown(hand) if one.item.register == "identity"} == {"李秀莲", "萨茹拉"}
    assert everybody in (0, len(hand.desk.book.people()))


def test_only_names_and_numbers_can_be_of_two_people(at_village: Hand) -> None:
    go_to(at_village, "contact")
    assert not at_village.page.view.two.isVisible() and at_village.page.view.another.isVisible()


# ---- many at once


def test_many_are_answered_alike_after_a_look_and_taken_back_in_one_step(at_village: Hand) -> None:
    hand = at_village
    bulk = hand.page.view.bulk
    assert not bulk.isVisible()
    hand.page.view.list.selectRow(0)
    hand.page.view.list.setFocus()
    hand.key("Space", "Down", "Space")
    assert len(hand.page.questions.ticked_rows()) == 2 and bulk.isVisible()
    hand.key("A", modifier=CTRL)
    before, conflicts = len(shown(hand)), sum(one.item.code == "conflict" for one in shown(hand))
    doubts = before - conflicts
    hand.key("V")
    assert f"可用于 {conflicts} 条" in bulk._preview.text() and f"{doubts} 条不是" in bulk._preview.text()
    assert len(shown(hand)) == before
    hand.key("Return")
    assert registers(hand) == set() and len(shown(hand)) == doubts
    assert str(conflicts) in hand.notice() and not bulk.isVisible()
    hand.key("Z", modifier=CTRL)
    assert len(shown(hand)) == before


def test_escape_leaves_the_preview_then_the_ticks(at_village: Hand) -> None:
    hand = at_village
    hand.page.view.list.setFocus()
    hand.key("A", modifier=CTRL)
    hand.key("W")
    assert hand.page.view.bulk.previewing()
    hand.key("Escape")
    assert not hand.page.view.bulk.previewing() and hand.page.questions.ticked_rows()
    hand.key("Escape")
    assert not hand.page.questions.ticked_rows() and not hand.page.view.bulk.isVisible()


# ---- sorts, villages, the other side


def test_sorts_narrow_the_list(at_village: Hand) -> None:
    hand = at_village
    chips = hand.page.view.chips
    assert chips["all"].words() == f"由我方定 {len(shown(hand))}" and chips["all"].isChecked()
    hand.click(chips["contact"])
    assert [one.item.register for one in shown(hand)] == ["contact"]
    hand.click(chips["payment"])
    assert [one.item.code for one in shown(hand)] == ["paid_and_absent"]
    hand.click(chips["theirs"])
    assert [one.item.register for one in shown(hand)] == ["grant"]
    assert hand.page.view.other_side.isVisible() and "医保办" in hand.page.view.other_side.text()
    hand.key("1")
    hand.click(chips["theirs"])
    assert [one.item.register for one in shown(hand)] == ["grant"]


def test_the_office_sees_both_values_and_that_the_village_decides(at_office: Hand) -> None:
    hand = at_office
    assert registers(hand) == {"grant"}
    hand.click(hand.page.view.chips["theirs"])
    assert {"contact", "identity", "membership", "absence"} <= registers(hand)
    go_to(hand, "contact")
    view = hand.page.view
    assert len(view.comparison.cards) == 2 and "嘎查村" in view.other_side.text()
    assert not any(card.button.isVisible() for card in view.comparison.cards)
    assert not view.another.isVisible() and not view.two.isVisible()
    box = view.villages
    assert box.isVisible() and [box.itemText(line) for line in range(box.count())] == [
        "全部嘎查村",
        "查干沟嘎查村",
    ]


def test_the_office_settles_what_is_its_own(at_office: Hand) -> None:
    go_to(at_office, "grant")
    at_office.key("1")
    assert registers(at_office) == set()


# ---- whose questions


def badge(hand: Hand) -> int:
    """How many questions the left column counts."""
    return hand.shell.nav._buttons["pending"].entry.count


def test_the_board_counts_what_the_page_and_its_badge_count(at_office: Hand) -> None:
    hand = at_office
    ours = len([one for one in hand.page._all if one.item.ours])
    others = len(hand.page._all) - ours
    page = hand.open("villages")
    row = next(row for row in page.rows.rows if board.waiting(row))
    assert (board.waiting(row), row.theirs, badge(hand)) == (ours, others, ours)
    told = page.view.cards["settle"].accessibleName()
    assert f"待处理 {ours} 条" in told, told
    stand = next(at for at, one in enumerate(page._tables["files"]) if one.code == "settle")
    assert str(others) in words(page._tables["files"][stand].column.picture(row))


@pytest.mark.parametrize("window", ["at_village", "at_office"])
def test_the_badge_counts_what_this_side_decides(request: pytest.FixtureRequest, window: str) -> None:
    hand: Hand = request.getfixturevalue(window)
    found = [one.item for one in hand.page._all]
    ours = sum(one.ours for one in found)
    assert 0 < ours < len(found)
    assert badge(hand) == ours


@pytest.fixture
def looking_on(start: Callable[..., Hand], sides: Sides) -> Hand:
    """The village's questions before somebody who may send and receive, not record."""
    with Ledger.open(
        sides.village, passphrase=village.PASSPHRASE, data_dir=sides.village_data, clock=Clock(village.TODAY)
    ) as ledger:
        operators.add(ledger, "送件人", "another one", ["exchange"])
    hand = start(
        ledger=sides.village, data_dir=sides.village_data, passphrase="another one", operator="送件人"
    )
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.open("pending")
    return hand


def test_who_may_not_record_sees_all_and_answers_nothing(looking_on: Hand) -> None:
    hand, view = looking_on, looking_on.page.view
    before = len(shown(hand))
    go_to(hand, "contact")
    assert view.forbidden.isVisible() and "送件人" in view.forbidden.text()
    cards = view.comparison.cards
    assert cards and not any(card.button.isEnabled() for card in cards)
    assert all("送件人" in card.button.toolTip() for card in cards)
    assert not view.another.isEnabled()
    hand.key("1", "2", "3")
    assert hand.page.panel is None and len(shown(hand)) == before
    hand.key("Space")
    assert not any(button.isEnabled() for button in view.bulk.rules.values())
    hand.key("S")
    assert len(shown(hand)) == before


def test_who_may_record_is_told_nothing(at_village: Hand) -> None:
    go_to(at_village, "contact")
    assert not at_village.page.view.forbidden.isVisible()


# ---- paid and insured elsewhere


@pytest.mark.parametrize(("digit", "paid", "absent"), [("1", False, True), ("2", True, False)])
def test_paid_and_insured_elsewhere_is_settled_either_way(
    at_village: Hand, digit: str, paid: bool, absent: bool
) -> None:
    hand = at_village
    question = go_to(hand, "paid_and_absent")
    assert "已参本地职工" in hand.page.view.what.text()
    hand.key(digit)
    assert "paid_and_absent" not in {one.item.code for one in shown(hand)}
    person = next(
        card.person for _home, card in hand.desk.book.people() if card.person.record == question.item.record
    )
    assert (person.paid != "none", bool(person.absence)) == (paid, absent)


# ---- three hundred


def test_three_hundred_do_not_freeze_the_window(
    start: Callable[..., Hand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = made(tmp_path / "many", 300)
    spent: list[float] = []
    real = PendingPage._on_read

    def timed(page: PendingPage, questions: list[Question]) -> None:
        begun = time.thread_time()
        real(page, questions)
        spent.append(time.thread_time() - begun)

    monkeypatch.setattr(PendingPage, "_on_read", timed)
    hand = opened(start, where.village, where.village_data)
    assert len(shown(hand)) > 300
    begun = time.thread_time()
    hand.page.view.list.setFocus()
    for _step in range(20):
        hand.key("Down")
    walked = (time.thread_time() - begun) / 20
    hand.click(hand.page.view.chips["contact"])
    hand.key("A", modifier=CTRL)
    hand.key("V")
    assert "可用于 301 条" in hand.page.view.bulk._preview.text()
    hand.key("Return")
    assert "contact" not in registers(hand)
    assert max(spent) < 0.5 and walked < 0.25, (spent, walked)
