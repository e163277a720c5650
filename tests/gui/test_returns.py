"""Paper comes back: found by number, code or photograph, walked by rows with single keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui import wording
from gui.ops import QueryOp
from gui.printing.picture import picture
from gui.printing.visit_list import VisitPaper
from storage.printed import SheetCode, mark
from storage.queries import returns as asked
from storage.queries.returns import Printed
from storage.queries.visits import VisitFilter, pick
from tests.gui import village
from tests.gui.conftest import Hand


def print_list(hand: Hand) -> Printed:
    """Number a list of everybody on the page of lists, as before printing."""
    hand.open("visits")
    hand.page.view.marks.buttons["unpaid"].setChecked(False)
    hand.settle()
    hand.key("G")
    hand.settle()
    return lists(hand)[0]


def lists(hand: Hand) -> list[Printed]:
    found: list[list[Printed]] = []
    hand.desk.ask(QueryOp(lambda ledger: asked.lists(ledger, village.CODE)), found.append, owner=hand.desk)
    hand.until(lambda: found)
    return found[0]


def come_back(hand: Hand, text: str = "1") -> None:
    """Open the page and type a number or a code."""
    hand.open("returns")
    hand.page.view.code.setFocus()
    hand.type(text)
    hand.key("Return")
    hand.until(lambda: hand.page.rows.rows)
    hand.settle()


def row_of(hand: Hand, name: str):
    return next(row for row in hand.page.rows.rows if row.card and row.card.person.name == name)


def person(hand: Hand, name: str):
    return next(card.person for _home, card in hand.desk.book.people() if card.person.name == name)


def test_a_list_is_walked_by_single_keys(hand: Hand) -> None:
    sheet = print_list(hand)
    come_back(hand)
    assert hand.page.view.rows.hasFocus() and hand.page.view.rows.current_row().number == 1
    unpaid = [
        row for row in hand.page.rows.rows if row.card.person.paid == "none" and row.card.due.pay_now_fen
    ]
    first, second, third = unpaid[:3]
    hand.page.view.rows.select(first.number)
    hand.key("1", "2", "Return")
    assert person(hand, first.card.person.name).paid == "reported"
    assert person(hand, first.card.person.name).credential
    hand.page.view.rows.select(second.number)
    hand.key("5", "D")
    hand.type("12-20")
    hand.key("Return")
    hand.page.view.rows.select(third.number)
    hand.key("4", "Return")
    hand.settle()
    assert person(hand, third.card.person.name).absence == "refused"
    held = {row.number: row.visit for row in hand.page.rows.rows if row.visit}
    assert {number: visit.outcome for number, visit in held.items()} == {
        first.number: "met", second.number: "absent", third.number: "refused",
    }  # fmt: skip
    assert held[second.number].retry_on.isoformat() == "2025-12-20"
    (now,) = lists(hand)
    assert (now.returned, now.out) == (3, sheet.rows - 3)
    assert f"还有 {sheet.rows - 3} 行没有交回" in hand.page.view.progress.text()


def test_moving_on_records_what_was_ticked_and_enter_alone_returns_a_row(hand: Hand) -> None:
    print_list(hand)
    come_back(hand)
    row = next(row for row in hand.page.rows.rows if not row.card.person.credential)
    hand.page.view.rows.select(row.number)
    hand.key("2", "Down")
    hand.settle()
    assert person(hand, row.card.person.name).credential
    before = lists(hand)[0].returned
    hand.key("Return")
    hand.settle()
    assert lists(hand)[0].returned == before + 1


def test_what_contradicts_is_said_beside_the_row_and_stays_ticked(hand: Hand) -> None:
    print_list(hand)
    come_back(hand)
    row = next(
        row for row in hand.page.rows.rows if row.card.person.paid == "none" and row.card.due.pay_now_fen
    )
    hand.page.view.rows.select(row.number)
    hand.key("1", "4", "Return")
    hand.settle()
    assert "只能有一项" in hand.page.view.trouble.text()
    assert hand.page.view.rows.current_row().number == row.number
    assert person(hand, row.card.person.name).paid == "none"
    hand.key("4", "Return")
    hand.settle()
    assert person(hand, row.card.person.name).paid == "reported"


def test_a_scanned_code_opens_list_and_row_and_others_are_told_apart(hand: Hand) -> None:
    from storage.printed import list_code

    sheet = print_list(hand)
    come_back(hand, list_code(village.CODE, sheet.number, sheet.record).lower() + "/r3")
    assert hand.page.view.rows.current_row().number == 3
    for text, words in (("99", "没有 99 号"), ("HQ1/150621102201/1", "别的村"), ("那顺", "不是清单编号")):
        hand.page.view.code.setFocus()
        hand.type(text)
        hand.key("Return")
        assert words in hand.page.view.number.error() and not hand.notice(), text
        hand.page.view.code.clear()
    hand.key("Return")
    assert hand.page.view.lists.hasFocus(), "whoever has no number chooses"


def test_the_key_opens_the_household_of_the_row_and_comes_back_to_it(hand: Hand) -> None:
    print_list(hand)
    come_back(hand)
    rows = hand.page.rows.rows
    at = next(line for line, row in enumerate(rows) if row.household.record != rows[0].household.record)
    hand.page.view.rows.selectRow(at)
    hand.key("H")
    assert (hand.page.home, hand.page.card.chosen_record()) == (rows[at].household.record, rows[at].resident)
    hand.key("Escape")
    assert hand.shell.key == "returns" and hand.page.view.rows.hasFocus()
    assert hand.page.view.rows.current_row().number == rows[at].number


def test_a_photograph_finds_its_list(hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = print_list(hand)
    desk, wanted = hand.desk, VisitFilter()
    laid = wording.visit_sheet(
        desk.policy, pick(desk.book.cards, wanted), wanted, scope=village.CODE, title="查干沟嘎查",
        list_number=sheet.number, record=sheet.record, today=desk.today,
    )  # fmt: skip
    photo = tmp_path / "IMG_0001.jpg"
    picture(VisitPaper(laid).paint, 0, 150).save(str(photo), "jpg", 80)
    hand.open("returns")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(photo), ""))
    hand.key("O", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: hand.page.rows.rows)
    assert "清单 01" in hand.page.view.title.text()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(tmp_path / "none.png"), ""))
    hand.key("O", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    assert "none.png" in hand.notice()


def test_the_rest_of_a_list_can_be_given_up_and_asked_for_again(hand: Hand) -> None:
    print_list(hand)
    come_back(hand)
    hand.key("X", "2")
    hand.settle()
    assert lists(hand)[0].closed == "纸质清单遗失" and lists(hand)[0].out == 0
    assert "不再交回" in hand.page.view.progress.text()
    hand.key("X")
    hand.settle()
    assert lists(hand)[0].closed == ""


def test_only_what_is_out_is_shown_and_shrinks_as_it_comes_back(hand: Hand) -> None:
    sheet = print_list(hand)
    come_back(hand)
    hand.page.view.rows.select(2)
    hand.key("Return")
    hand.settle()
    hand.key("O")
    shown = [row.number for row in hand.page.rows.rows]
    assert shown == [number for number in range(1, sheet.rows + 1) if number != 2]
    hand.key("5", "Return")
    hand.settle()
    assert len(hand.page.rows.rows) == sheet.rows - 2 == lists(hand)[0].out
    assert hand.page.view.rows.current_row().visit is None
    hand.key("O")
    assert len(hand.page.rows.rows) == sheet.rows


def test_who_comes_for_what_is_missing_sees_exactly_that(hand: Hand) -> None:
    sheet = print_list(hand)
    come_back(hand)
    hand.key("Return")
    hand.settle()
    hand.open("today")
    hand.open("returns", SheetCode(sheet.scope, sheet.number, mark(sheet.record)))
    assert len(hand.page.rows.rows) == lists(hand)[0].out == sheet.rows - 1
    said = hand.page.lists.columns[0].text(lists(hand)[0])
    assert f"{sheet.rows - 1} 行没交回" in said


def test_what_holds_for_all_rows_is_said_in_a_line_and_changed_by_keys(hand: Hand) -> None:
    print_list(hand)
    come_back(hand)
    usual = hand.page.view.usual
    assert "走访 2025-12-03" in usual.said.text() and not usual.is_open()
    hand.key("U")
    assert usual.is_open() and usual.on.hasFocus()
    usual.on.selectAll()
    hand.type("12-01")
    hand.key("Return", "Escape")
    assert not usual.is_open() and "走访 2025-12-01" in usual.said.text() and hand.page.view.rows.hasFocus()
    hand.key("5", "D")
    hand.key("Up", "Return")  # today: the day the sheet is entered
    hand.settle()
    row = next(row for row in hand.page.read_rows if row.visit)
    assert (row.visit.on.isoformat(), row.visit.retry_on.isoformat()) == ("2025-12-01", "2025-12-03")


def test_today_leads_to_lists_that_are_still_out(hand: Hand) -> None:
    print_list(hand)
    hand.open("today")
    hand.until(lambda: any(door.page == "returns" for door in hand.page.doors.rows))
    door = next(door for door in hand.page.doors.rows if door.page == "returns")
    hand.page._on_door_opened(door)
    hand.settle()
    assert hand.shell.key == "returns"
    assert door.figure == lists(hand)[0].out == len(hand.page.rows.rows)
