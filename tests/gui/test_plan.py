"""The plan of the day as a person uses it: its doors, one more or fewer, in and out by keys, numbered and printed."""

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from gui.actions import households
from gui.actions.lists import FOLDER
from gui.models.today import PLAN
from gui.pages.visits import planning
from storage.clock import Clock
from storage.queries import returns
from tests.gui import village
from tests.gui.conftest import Hand


def planned(hand: Hand):
    """Open the plan by its key on Today."""
    hand.open("today")
    hand.key("P")
    assert hand.shell.key == "visits"
    hand.until(lambda: hand.page.planning.plan is not None, "for the plan")
    hand.settle()
    return hand.page


def doors(page) -> list[str]:
    return [turn.home.household.number for turn in page.planning.stops.rows]


def test_the_plan_is_walked_in_order_and_says_why(hand: Hand) -> None:
    page = planned(hand)
    book = [card.household.number for card in hand.desk.book.cards]
    assert doors(page) == [number for number in book if number in doors(page)]
    assert "0031" in doors(page)  # promised for today
    model = page.planning.stops
    line = doors(page).index("0031")
    words = model.data(model.index(line, 3))
    assert "约定" in words and "上门" in words
    assert page.planning.view.stops.isVisible() and page.planning.view.stops.hasFocus()
    assert f"{len(doors(page))} 户" in page.planning.view.count.text()
    assert "0021" not in doors(page)  # nothing to do there


def test_doors_go_out_and_come_in_by_keys(hand: Hand) -> None:
    page = planned(hand)
    before = doors(page)
    first = before[0]
    page.planning.view.stops.selectRow(0)
    hand.key("D")
    hand.until(lambda: first not in doors(page))
    others = page.planning.view.others
    record = next(card.household.record for card in hand.desk.book.cards if card.household.number == first)
    assert others.select(record)
    others.setFocus()
    hand.key("Return")
    hand.until(lambda: doors(page) == before)
    model = page.planning.stops
    assert "自己加的" in model.data(model.index(0, 3))
    hand.key("B")
    hand.until(lambda: "自己加的" not in model.data(model.index(0, 3)))
    assert doors(page) == before


def test_doors_that_are_not_listed_are_counted(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_OTHERS", 1)
    page = planned(hand)
    view, plan = page.planning.view, page.planning.plan
    for _each in range(plan.most - 3):
        view.fewer.click()
        hand.settle()
    left = len(page.planning.plan.others)
    assert left > 1 and len(page.planning.others.rows) == 1
    assert f"共 {left} 户" in view.others_card.accessibleName()


def test_how_long_the_day_is_stays_remembered(hand: Hand) -> None:
    page = planned(hand)
    most = page.planning.plan.most
    assert most == 15
    for _each in range(12):
        page.planning.view.fewer.click()
        hand.settle()
    assert page.planning.plan.most == 3 and len(doors(page)) == 3
    assert "0031" in doors(page)
    assert not page.planning.view.fewer.isEnabled()
    hand.open("today")
    hand.open("visits", PLAN)
    assert page.planning.plan.most == 3
    hand.click(page.planning.view.longer)
    assert page.planning.plan.most == 4 and len(doors(page)) == 4


def test_the_numbered_list_and_the_sheet_are_the_plan(hand: Hand, tmp_path: Path) -> None:
    page = planned(hand)
    hand.app.settings.keep(FOLDER, str(tmp_path))
    people = page.planning.plan.picked.residents
    hand.key("G")
    hand.until(lambda: page.view.right.currentWidget() is page.view.preview)
    hand.settle()
    assert page._sheet.filter_text == "当日计划" and page._sheet.list_number == "01"
    rows = [row for door in page._sheet.households for row in door.rows]
    assert [row.row for row in rows] == list(range(1, len(people) + 1))
    assert [door.number for door in page._sheet.households] == doors(page)
    told = {door.number: door.note for door in page._sheet.households}
    assert "约定" in told["0031"] and "12-01" in told["0031"]  # why today, and what was last
    kept: list[returns.Row] = []
    from gui.ops import QueryOp

    desk = hand.desk

    def read(ledger):
        one = returns.lists(ledger, village.CODE)[0]
        return returns.rows(ledger, desk.policy, village.CODE, one.record, desk.today)

    desk.ask(QueryOp(read), kept.extend, owner=desk)
    hand.settle()
    assert [row.resident for row in kept] == people
    hand.key("Escape")
    assert page.view.right.currentWidget() is page.planning.view and page.view.make.isEnabled()
    hand.key("X")
    hand.until(lambda: list(tmp_path.glob("*.xlsx")), "for the sheet")
    hand.settle()
    (path,) = tmp_path.glob("*.xlsx")
    assert path.stem.endswith("01")  # the same number: nothing changed
    cells = [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
    assert any("约定" in str(cell) for row in cells for cell in row if cell)
    hand.key("Escape")
    hand.key("Escape")
    assert (
        not page.planning.on and page.view.marks.isVisible() and page.view.marks.buttons["unpaid"].isChecked()
    )


def test_where_the_day_goes_can_be_chosen(hand: Hand) -> None:
    page = planned(hand)
    page.view.groups.buttons["02组"].click()
    hand.settle()
    assert doors(page) and {turn.home.household.group for turn in page.planning.stops.rows} == {"02组"}
    assert "02组" in page.wanted_people.groups


def test_the_plan_follows_what_is_recorded_and_the_day(hand: Hand) -> None:
    page = planned(hand)
    record = next(card.household.record for card in hand.desk.book.cards if card.household.number == "0044")
    assert "0044" in doors(page)
    op = households.visit(
        record, "absent", {}, on=village.TODAY, today=village.TODAY, retry_on=None, note="", told="走访"
    )
    hand.desk.change(op, owner=hand.desk)
    hand.until(lambda: "0044" not in doors(page), "for the plan to follow")
    hand.desk._clock = Clock(village.TODAY + timedelta(days=1))
    hand.open("today")
    hand.open("visits", PLAN)
    hand.until(lambda: "0044" in doors(page), "for the next day")


def test_a_small_window_shows_what_was_asked_for(hand: Hand) -> None:
    hand.app.window.resize(911, 512)
    page = planned(hand)
    assert (hand.app.window.width(), hand.app.window.height()) == (911, 512)
    view = page.view

    def top(widget) -> int:
        return widget.mapTo(view, widget.rect().topLeft()).y()

    def seen(widget) -> bool:
        return 0 <= top(widget) < view.height()

    hand.until(lambda: seen(page.planning.view.stops), "for the plan to come into sight")
    assert not seen(view.make)
    hand.key("G")  # its key works though it is out of sight
    hand.until(lambda: view.right.currentWidget() is view.preview and seen(view.preview.print_button))
    hand.key("Escape")
    hand.key("Escape")
    hand.until(lambda: seen(view.plan), "for the choice to come back")
    hand.app.window.resize(1366, 768)
    hand.settle()
    assert abs(top(view.right) - top(view._left)) < 5
