"""Targets and lists at the window: three parts by digits, a number opens its people, a list becomes a visit list."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt

from gui.models.targets import Wanted
from gui.pages.targets.page import TargetsPage
from gui.pages.targets.view import LISTS, RATES, TARGETS, VILLAGES
from gui.widgets.pieces import words
from storage import keys
from storage.commands import payments
from storage.commands.payments import Payment
from tests.gui import office, village
from tests.gui.conftest import Hand

KEY = Qt.Key


def page_of(hand: Hand) -> TargetsPage:
    page = hand.open("targets")
    assert isinstance(page, TargetsPage)
    if hand.desk.is_office:
        assert not page.entries.rows  # they take longer: read when they are looked at
        hand.key("3")
    hand.until(lambda: bool(page.entries.rows), "for the lists")
    return page


def text(page: TargetsPage, model: object, row: int) -> str:
    """A row of a table as it is read aloud."""
    return " ".join(
        words(column.picture(model.rows[row])) or column.text(model.rows[row]) for column in model.columns
    )  # type: ignore[attr-defined]


def listed(page: TargetsPage) -> dict[str, int]:
    return {line.code: len(line.found.entries) for line in page.lists.rows if line.found}


def names(page: TargetsPage) -> list[str]:
    return [entry.card.person.name for entry in page.entries.rows]


def test_a_target_says_how_far_and_when(hand: Hand) -> None:
    page = page_of(hand)
    assert page.view.parts.value() == TARGETS
    first = text(page, page.standings, 0)
    assert "参保率 95%" in first and "10 / 22" in first and "45.4%" in first and "11" in first
    assert (
        "数据太少" in first and "数据太少" not in page.view.pace.text()
    )  # one payment in four weeks, said once
    assert "每天需 0.4 人" in page.view.pace.text()


def test_the_explained_set_stands_beside_each_rate(hand: Hand) -> None:
    page = page_of(hand)
    hand.key("2")
    assert page.view.parts.value() == RATES
    resident = text(page, page.rates, 0)
    assert "花名册 22 人" in resident and "已参本地职工 1" in resident and "仍计入" in resident
    should = next(
        text(page, page.rates, line)
        for line in range(6)
        if page.rates.rows[line].denominator.code == "should"
    )
    assert "10" in should and "21" in should and "减去有认可原因 1 人" in should
    assert "已参本地职工" in page.view.explained.text() and "参军" in page.view.explained.text()
    assert "尚无人数" in text(page, page.rates, 5)


def test_the_number_assigned_is_entered_with_its_source(hand: Hand) -> None:
    page = page_of(hand)
    hand.key("2", "N")
    assert page.assigning.panel is not None and page.assigning.panel.first().hasFocus()
    hand.type("viele")
    hand.key(KEY.Key_Return)
    assert "整数" in page.assigning.panel.fields["people"].error()
    page.assigning.panel.first().clear()
    hand.type("8")
    page.assigning.panel.fields["on"].editor.set_day(village.TODAY)
    hand.key(KEY.Key_Return)
    assert "由谁下达" in page.assigning.panel.fields["by"].error()  # where the keyboard is now
    hand.type("旗医保局任务分解表")
    hand.key(KEY.Key_Return)
    hand.until(lambda: page.assigning.panel is None, "for the form to close")
    hand.until(lambda: "旗医保局任务分解表" in text(page, page.rates, 3), "for the rate")
    assert "10 8 125.0%" in " ".join(text(page, page.rates, 3).split())
    assert "花名册多 14 人" in text(page, page.rates, 3)
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: "尚无人数" in text(page, page.rates, 3), "for the number to be taken back")
    hand.key("N", KEY.Key_Escape)
    assert page.assigning.panel is None and hand.shell.key == "targets"


def test_a_target_opens_its_people_the_easiest_first_and_one_opens_the_household(hand: Hand) -> None:
    page = page_of(hand)
    page.view.standings.setFocus()
    hand.key(KEY.Key_Return)
    assert page.view.parts.value() == LISTS
    assert page.view.lists.hasFocus()
    scores = [entry.ease.score for entry in page.entries.rows]
    assert scores == sorted(scores, reverse=True) and len(scores) == 11
    assert "排在前面的 11 人" in page.view.about.text()
    hand.key(KEY.Key_Return)
    assert page.view.entries.hasFocus()
    first = page.entries.rows[0].household.household.record
    hand.key(KEY.Key_Return)
    assert hand.shell.key == "households"
    assert hand.page.view.list.current_row().household == first


def test_lists_have_their_people_and_days(hand: Hand) -> None:
    page = page_of(hand)
    hand.key("3")
    assert listed(page) == {
        "missing": 11, "special": 3, "newborns": 1, "students": 0, "lapsed": 0, "promised": 3, "overdue": 9,
    }  # fmt: skip
    hand.key("Down")
    assert "特殊群体未缴费 · 3 人" in page.view.title.text()
    assert set(names(page)) == {"那顺", "其其格", "刘桂兰"}
    hand.key("Down")
    assert names(page) == ["韩梓涵"]
    assert "1-10" in text(page, page.entries, 0) and "新生儿" in text(page, page.entries, 0)
    page.take(Wanted("overdue"))
    hand.settle()
    assert set(names(page)[:2]) == {"乌力吉", "敖登"} and "2025-09-08 缴费" in text(page, page.entries, 0)
    page.take(Wanted("students"))
    hand.settle()
    assert not names(page) and page.view.nobody.isVisible() and not page.view.print.isEnabled()


def test_another_denominator_makes_other_people_missing(hand: Hand) -> None:
    page = page_of(hand)
    page.view.rates.select("should")
    page.view.rates.opened.emit(page.rates.rows[2])
    hand.settle()
    hand.until(lambda: "应参保人数" in page.view.about.text(), "for the other list")
    assert "达到" not in page.view.about.text()  # the target is a rate of others
    count = page.rates.rows[5]
    page.view.rates.opened.emit(count)  # a bare number has no people
    hand.settle()
    assert "应参保人数" in page.view.about.text()


def test_a_list_becomes_a_visit_list_and_can_be_given_up(hand: Hand) -> None:
    page = page_of(hand)
    page.take(Wanted("special"))
    hand.settle()
    hand.key("P")
    assert hand.shell.key == "visits"
    visits = hand.page
    assert visits.view.given.isVisible() and "特殊群体未缴费" in visits.view.given.text()
    assert "3 人" in visits.view.count.text()
    hand.click(visits.view.make)
    hand.until(lambda: visits.view.preview.print_button.isVisible(), "for the sheets")
    assert visits._sheet is not None
    assert visits._sheet.filter_text == "特殊群体未缴费"
    assert sum(len(door.rows) for door in visits._sheet.households) == 3
    hand.key(KEY.Key_Escape)
    assert hand.shell.key == "visits" and not visits.view.given.isVisible()
    assert visits.view.marks.chosen() == ("unpaid",)


def test_a_payment_changes_the_page_at_once(hand: Hand) -> None:
    page = page_of(hand)
    assert listed(page)["special"] == 3
    record = next(entry.card.person.record for entry in page._joined["special"].entries)
    from gui.ops import change

    paid = Payment(40000, village.TODAY, "mini_program")
    hand.desk.change(
        change(
            lambda ledger: payments.record(ledger, [record], paid, year=village.YEAR, today=village.TODAY), ""
        ),
        owner=page,
    )
    hand.until(lambda: listed(page).get("special") == 2, "for the list to follow")
    hand.until(lambda: "11 / 22" in text(page, page.standings, 0), "for the rate to follow")


def test_today_says_where_too_little_is_known_of_the_pace(hand: Hand) -> None:
    card = hand.page.view.cards["pace"]
    hand.until(lambda: "数据太少" in card.accessibleDescription() + card.accessibleName(), "for the pace")
    assert not any(door.link.page == "targets" for door in card.doors())  # no day to open
    hand.open("targets", Wanted("missing"))
    assert hand.page.view.parts.value() == LISTS


def test_on_a_small_screen_a_box_chooses_the_list(hand: Hand) -> None:
    page = page_of(hand)
    hand.app.window.resize(QSize(911, 512))
    hand.settle()
    hand.key("3")
    assert page.view.choice.isVisible() and not page.view.lists.isVisible()
    assert page.view.choice.hasFocus()
    page.view.choice.setCurrentIndex(1)
    page.view.choice.activated.emit(1)
    hand.settle()
    assert set(names(page)) == {"那顺", "其其格", "刘桂兰"}
    hand.app.window.resize(QSize(1366, 768))
    hand.settle()
    assert page.view.lists.isVisible() and page.view.lists.current_row().code == "special"


# ---- the office


def test_an_office_sees_its_villages_side_by_side_and_opens_one(clerk: Hand) -> None:
    page = page_of(clerk)
    clerk.until(lambda: all(line.lists for line in page.villages.rows), "for all villages")
    clerk.key("4")
    assert page.view.parts.value() == VILLAGES
    lines = {line.title: line for line in page.villages.rows}
    assert {title: len(line.lists["missing"].entries) for title, line in lines.items()} == {
        "查干沟嘎查": 1, "柳林村": 8, "海勒苏村": 4,
    }  # fmt: skip
    page.view.villages.opened.emit(lines["柳林村"])
    clerk.settle()
    assert page.view.parts.value() == LISTS and len(names(page)) == 8
    assert page.view.place.currentText() == "柳林村"
    page.view.place.setCurrentIndex(0)
    page.view.place.activated.emit(0)
    clerk.settle()
    assert len(names(page)) == 13
    assert "柳林村" in {word for line in range(13) for word in text(page, page.entries, line).split()}


def test_a_person_of_an_offices_list_opens_among_its_people(clerk: Hand) -> None:
    page = page_of(clerk)
    clerk.key("3")
    clerk.key(KEY.Key_Return)
    first = page.entries.rows[0].card.person
    clerk.key(KEY.Key_Return)
    assert clerk.shell.key == "people"
    assert clerk.page.rows.rows[0].person.record == first.record


def test_an_office_writes_a_list_as_the_form_of_the_same_people(clerk: Hand) -> None:
    page = page_of(clerk)
    page.take(Wanted("special"))
    clerk.settle()
    assert not page.view.print.isVisible()
    clerk.key("F")
    assert clerk.shell.key == "forms"
    assert clerk.page.view.title.text() == "特殊群体未参保人员名单"


def test_a_long_list_is_shown_a_hundred_at_a_time(start: Callable[..., Hand], tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        township = office.make(tmp_path / "t", [office.Place("150621102200", "查干沟嘎查", 130, 0)])
    hand = start(ledger=township.folder, passphrase=office.PASSPHRASE, data_dir=township.data_dir)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    page = page_of(hand)
    assert len(names(page)) == 100 and "130 人" in page.view.title.text()
    assert page.view.more.text() == "再显示 30 人"
    hand.key("A")
    assert len(names(page)) == 130 and not page.view.more.isVisible()
    assert page.view.entries.hasFocus()


def test_targets_of_nobody_say_what_to_do(start: Callable[..., Hand], tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        township = office.make(tmp_path / "t", received=False)
    hand = start(ledger=township.folder, passphrase=office.PASSPHRASE, data_dir=township.data_dir)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    page = hand.open("targets")
    assert page.view.states.currentWidget() is page.view.empty
    hand.click(page.view.roster)
    assert hand.shell.key == "intake"
