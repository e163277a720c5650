"""The one box: from every page, by keys alone, and the window as it was left."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from gui import standing
from gui.models import hits
from gui.models.filters import PeopleFilter
from gui.models.hits import cell
from gui.ops import change
from gui.pages.registry import pages_for
from gui.widgets.pieces import Text, hints, words
from gui.widgets.rows import Column, RowsModel
from gui.widgets.tables import TableView
from storage.commands import people
from tests.gui import office, village
from tests.gui.conftest import Hand
from tests.gui.office import Township
from tests.unit.storage.worlds import cheapen

SLASH = Qt.Key.Key_Slash


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """A closed office ledger that received three villages."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield office.make(tmp_path_factory.mktemp("township"))


@pytest.fixture
def township(start: Callable[..., Hand], made_office: Township, tmp_path: Path) -> Hand:
    """A window on a copy of the office."""
    shutil.copytree(made_office.folder, tmp_path / "office")
    shutil.copytree(made_office.data_dir, tmp_path / "data")
    hand = start(ledger=tmp_path / "office", passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    return hand


def names(hand: Hand) -> list[str]:
    return [line.hit.name for line in hand.page.lines.rows]


def typed(hand: Hand, text: str) -> None:
    """Ctrl+F, then type over what stands there."""
    hand.key("F", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.type(text)


def again(hand: Hand, start: Callable[..., Hand], tmp_path: Path) -> Hand:
    """The window closed and opened anew on the same ledger."""
    hand.app.close()
    assert hand.app.runner.wait(10_000)
    QTest.qWait(5)
    opened = start(ledger=tmp_path / "ledger", passphrase=village.PASSPHRASE)
    opened.until(lambda: opened.app.window.shell() is not None, "for the ledger to open")
    opened.until(lambda: opened.desk.book.loaded, "for the households")
    opened.settle()
    return opened


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        ("那顺", "那顺", "姓名相符"),
        ("qqg", "其其格", "拼音首字母相符"),
        ("bater", "", ""),
        ("毕力贡", "毕力格", "名字相近"),
        ("毕利格", "毕力格", "同音"),
        ("娜仁格日乐", "娜仁格日勒", "同音"),
        ("7733", "", ""),
        ("15847732330", "其其格", "电话相符"),
        ("0031", "刘桂兰", "户号相符"),
        ("水房西", "娜仁格日勒", "住址相符"),
        ("31504004", "", ""),
        ("400417", "阿木古楞", "缴费票据号相符"),
        ("2组 bys", "", ""),
        ("2组 by", "巴雅尔", "拼音首字母相符"),
        ("三组 lgl", "刘桂兰", "拼音首字母相符"),
    ],
)
def test_what_is_typed_finds_and_says_why(hand: Hand, text: str, found: str, said: str) -> None:
    typed(hand, text)
    assert hand.shell.key == "households" or not found
    assert names(hand)[:1] == ([found] if found else []) or (not found and found not in names(hand))
    if found:
        picture = cell(hand.page.lines.rows[0].hit)
        assert said in f"{words(picture)} {hints(picture)}"


def test_the_part_that_fits_is_pointed_out(hand: Hand) -> None:
    typed(hand, "2组 gr")
    hit = next(line.hit for line in hand.page.lines.rows if line.hit.name == "娜仁格日勒")
    pieces = [piece for line in cell(hit) for piece in line if isinstance(piece, Text) and piece.marks]
    assert {piece.text[begin:end] for piece in pieces for begin, end in piece.marks} == {"格日", "02组"}


def test_marks_are_painted(hand: Hand) -> None:
    typed(hand, "韩梓涵")
    plain = hand.page.view.list.viewport().grab().toImage()
    line = hand.page.lines.rows[0]
    hand.page.lines.set_rows([type(line)(line.household, line.card, None)])
    assert hand.page.view.list.viewport().grab().toImage() != plain


@pytest.mark.parametrize("key", [spec.key for spec in pages_for("v")])
def test_it_works_from_every_page_and_leads_back(hand: Hand, key: str) -> None:
    hand.open(key)
    focus = hand.focus()
    typed(hand, "ns")
    assert hand.shell.key == "households" and "那顺" in names(hand)
    hand.key("Escape")
    assert hand.shell.key == key and hand.shell.search.text() == ""
    if key not in ("households", "settings"):
        assert hand.focus() is focus


@pytest.mark.parametrize("key", [spec.key for spec in pages_for("o")])
def test_it_works_from_every_page_of_an_office(township: Hand, key: str) -> None:
    township.open(key)
    typed(township, "桂兰")
    assert township.shell.key == "people" and township.page.rows.rows
    assert {entry.person.name[-2:] for entry in township.page.rows.rows} == {"桂兰"}
    township.key("Escape")
    assert township.shell.key == key


def test_where_more_are_found_than_shown_it_is_said(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "_MOST", 1)
    page = hand.open("households")
    typed(hand, "l")
    hand.settle()
    assert len(page.lines.rows) == 1 and page.view.more_found.isVisible()
    assert "先列出 1 人" in page.view.more_found.text()
    hand.key("Backspace")
    hand.settle()
    assert not page.view.more_found.isVisible()


def test_nobody_found_says_what_to_try(hand: Hand) -> None:
    typed(hand, "2组 那顺 9999")
    state = hand.page.view.none_found
    told = " ".join(label.text() for label in state.findChildren(QLabel))
    assert state.isVisible() and "没有找到同时符合的人" in told and "去掉“9999”有 1 人" in told
    typed(hand, "987654")
    assert "没有以 987654 结尾的号码" in " ".join(label.text() for label in state.findChildren(QLabel))


def test_an_empty_box_offers_whom_one_looked_at_last(hand: Hand) -> None:
    drop = hand.shell.finder.dropdown
    hand.key(SLASH)
    assert drop.isVisible() and not drop.rows.isVisible() and "3组 ns 2418" in drop.below.text()
    hand.type("qqg")
    assert not drop.isVisible()
    hand.key("Return")
    typed(hand, "刘桂兰")
    hand.key("Return")
    hand.open("today")
    hand.key(SLASH)
    assert [hit.name for hit in drop.rows.rows_model.rows] == ["刘桂兰", "其其格"]
    hand.key("Down")
    assert drop.rows.hasFocus() and drop.rows.current_row().name == "刘桂兰"
    hand.key("Down", "Return")
    assert hand.shell.key == "households" and not drop.isVisible()
    assert hand.page.view.people.current_row().person.name == "其其格" and hand.page.view.people.hasFocus()


def test_the_offer_closes_by_esc_and_by_going_elsewhere(hand: Hand) -> None:
    drop, focus = hand.shell.finder.dropdown, hand.focus()
    hand.key(SLASH)
    assert drop.isVisible()
    hand.key("Escape")
    assert not drop.isVisible() and hand.focus() is focus
    hand.click(hand.shell.search)
    assert drop.isVisible()
    hand.key("Tab")
    assert not drop.isVisible()


def test_a_click_opens_somebody_of_the_offer(township: Hand) -> None:
    typed(township, "桂兰")
    township.key("Return")
    wanted = township.page.view.table.current_row().person.record
    township.open("villages")
    township.click(township.shell.search)
    drop = township.shell.finder.dropdown
    QTest.mouseClick(
        drop.rows.viewport(),
        Qt.MouseButton.LeftButton,
        pos=drop.rows.visualRect(drop.rows.rows_model.index(0, 0)).center(),
    )
    township.settle()
    assert township.shell.key == "people"
    assert [entry.person.record for entry in township.page.rows.rows] == [wanted]


def test_who_was_taken_out_is_offered_no_more(hand: Hand) -> None:
    typed(hand, "南双喜")
    hand.key("Return")
    record = hand.page.view.people.current_row().person.record
    hand.desk.change(
        change(lambda ledger: people.remove_resident(ledger, record, "重复"), ""), owner=hand.desk
    )
    hand.settle()
    hand.open("today")
    hand.key(SLASH)
    assert "南双喜" not in [hit.name for hit in hand.shell.finder.dropdown.rows.rows_model.rows]


def test_going_elsewhere_ends_the_search(hand: Hand) -> None:
    typed(hand, "ns")
    hand.shell.nav.chosen.emit("visits")
    hand.settle()
    assert hand.shell.key == "visits" and hand.shell.search.text() == ""
    hand.shell.nav.chosen.emit("households")
    hand.settle()
    assert len(hand.page.lines.rows) == len(village.HOMES)


def test_the_window_stands_where_it_stood(hand: Hand, start: Callable[..., Hand], tmp_path: Path) -> None:
    hand.open("households", PeopleFilter("unpaid"))
    hand.page.take((village_home(hand, "0052"), ""))
    hand.settle()
    hand.page.view.people.selectRow(2)
    hand.settle()
    chosen = hand.page.view.people.current_row().person.name
    shown = hand.page.listing.filter
    opened = again(hand, start, tmp_path)
    assert opened.shell.key == "households"
    assert opened.page.listing.filter == shown
    assert opened.page.home == village_home(opened, "0052")
    assert opened.page.view.people.current_row().person.name == chosen


def test_a_list_is_found_scrolled_as_it_was(qapp: QApplication) -> None:
    def made(rows: list[str]) -> tuple[QWidget, TableView]:
        page = QWidget()
        table = TableView(RowsModel([Column("户", str, stretch=True)], key=str), "住户")
        QVBoxLayout(page).addWidget(table)
        page.resize(300, 200)
        page.show()
        table.rows_model.set_rows(rows)
        QTest.qWait(5)
        return page, table

    rows = [str(number) for number in range(200)]
    before, list_before = made(rows)
    list_before.selectRow(120)
    list_before.verticalScrollBar().setValue(2000)
    held = msgspec.json.decode(msgspec.json.encode({"lists": standing.scrolls(before)}))
    after, list_after = made([])
    standing.put_back(after, held["lists"])
    list_after.rows_model.set_rows(rows)
    QTest.qWait(5)
    assert list_after.verticalScrollBar().value() == 2000
    assert list_after.current_row() == "120"
    list_after.selectRow(3)
    list_after.rows_model.set_rows(rows)  # read again: nobody is thrown back
    QTest.qWait(5)
    assert list_after.current_row() == "3"


def test_nothing_about_people_lies_outside_the_ledger(
    hand: Hand, start: Callable[..., Hand], tmp_path: Path
) -> None:
    typed(hand, "其其格")
    hand.key("Return")
    home = hand.page.home
    again(hand, start, tmp_path)
    told = "".join(path.read_text("utf-8", "replace") for path in (tmp_path / "data").rglob("*.ini"))
    assert "geometry" in told
    for word in ("其其格", "households", home):
        assert word not in told


def test_what_was_remembered_wrongly_does_no_harm(
    hand: Hand, start: Callable[..., Hand], tmp_path: Path
) -> None:
    nonsense = {
        "page": "nowhere",
        "pages": {
            "households": {
                "filter": ["no", 3],
                "home": ["gone", "gone"],
                "lists": {"People": "x", "住户": [9]},
            },
            "today": 7,
        },
    }
    hand.desk.keep_place(nonsense)
    hand.settle()
    hand.app.desk.place = None  # so that closing does not replace it
    hand.shell.place = lambda: None  # type: ignore[method-assign]
    opened = again(hand, start, tmp_path)
    assert opened.shell.key == "today"
    opened.open("households")
    assert opened.page.lines.rows


def village_home(hand: Hand, number: str) -> str:
    """The record of a household by its number."""
    return next(card.household.record for card in hand.desk.book.cards if card.household.number == number)


def test_the_box_is_told_to_who_listens(hand: Hand) -> None:
    hand.key(SLASH)
    assert QApplication.focusWidget() is hand.shell.search
    assert hand.shell.search.accessibleName()
    assert hand.shell.finder.dropdown.rows.accessibleName() == "最近看过"
