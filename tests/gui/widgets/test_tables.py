"""Tables: native sorting, ticks, what is kept over a reload, the keyboard, nothing cut."""

import sys
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel

from gui.widgets import cells
from gui.widgets.pieces import Bar, Key, Tag, Text, two_lines, words
from gui.widgets.rows import SORT_ROLE, Column, RowsModel
from gui.widgets.tables import TableView

LONG = "阿拉坦其其格·乌云毕力格·斯琴高娃·布仁巴雅尔·敖日格勒·额尔敦其木格·娜仁托娅·苏日娜·巴图孟克"


@dataclass(frozen=True)
class Person:
    key: int
    name: str
    paid: int | None


PEOPLE = [
    Person(1, "那顺", 40000),
    Person(2, "布仁", 9000),
    Person(3, "其其格", None),
    Person(4, LONG, 120000),
]
COLUMNS = [
    Column("姓名", lambda p: p.name, cell=lambda p: two_lines(p.name, "150621********1213", strong=True)),
    Column("缴费", lambda p: f"{p.paid}", sort=lambda p: p.paid, align="right"),
    Column("状态", lambda p: "未缴", cell=lambda p: [[Tag("未缴", "bad"), Key("缴费", "1")]], stretch=True),
]
UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def model(dressed):
    made = RowsModel(COLUMNS, key=lambda p: p.key, ticks=True)
    made.set_rows(PEOPLE)
    return made


@pytest.fixture
def view(model, qtbot):
    table = TableView(model, "人员", wraps=True)
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.show()
    return table


def keys(model):
    return [p.key for p in model.rows]


def test_qt_finds_nothing_wrong_with_the_model(model):
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(1, DOWN)
    model.set_rows(PEOPLE[:2])
    model.set_rows([])
    assert tester.model() is model


def test_rows_sort_by_native_values_and_blanks_come_last(model):
    model.sort(1, UP)
    assert keys(model) == [2, 1, 4, 3]
    model.sort(1, DOWN)
    assert keys(model) == [4, 1, 2, 3]
    assert model.data(model.index(0, 1), SORT_ROLE) == 120000
    assert model.data(model.index(0, 1)) == "120000"


def test_a_reload_keeps_the_chosen_order(model):
    model.sort(1, UP)
    model.set_rows(list(reversed(PEOPLE)))
    assert keys(model) == [2, 1, 4, 3]
    model.sort(-1)
    model.set_rows(PEOPLE)
    assert keys(model) == [1, 2, 3, 4]


def test_ticks_stay_with_their_people(model):
    model.tick([PEOPLE[0], PEOPLE[2]], True)
    model.sort(1, DOWN)
    model.set_rows([Person(1, "那顺", 40000), Person(9, "新", 1)])
    assert [p.key for p in model.ticked_rows()] == [1]
    assert (
        model.data(model.index(keys(model).index(1), 0), Qt.ItemDataRole.CheckStateRole)
        == Qt.CheckState.Checked
    )


def test_a_screen_reader_hears_the_words(model):
    heard = model.data(model.index(0, 2), Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "状态 未缴"
    assert model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole).startswith("姓名 布仁\n1506")


def test_the_chosen_row_stays_chosen(view, model):
    assert view.select(2)
    model.sort(1, DOWN)
    assert view.current_row().key == 2
    model.set_rows(list(reversed(PEOPLE)))
    assert view.current_row().key == 2
    assert not view.select(77)


def test_keys_walk_open_and_tick(view, model, qtbot):
    view.select(1)
    view.setFocus()
    with qtbot.waitSignal(view.row_changed) as walked:
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert walked.args == [PEOPLE[1]]
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [PEOPLE[1]]
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert model.ticked_rows() == [PEOPLE[1]]
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(model.ticked_rows()) == 4
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert len(model.ticked_rows()) == 3


def test_letters_do_not_jump_about(view, qtbot):
    view.select(1)
    view.setFocus()
    qtbot.keyClicks(view, "b2")
    assert view.current_row().key == 1


def test_a_click_on_the_box_ticks_and_elsewhere_does_not(view, model, qtbot):
    rect = view.visualRect(model.index(1, 0))
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(view.viewport(), left, pos=QPoint(rect.left() + 17, rect.center().y()))
    assert model.ticked_rows() == [PEOPLE[1]]
    qtbot.mouseClick(view.viewport(), left, pos=QPoint(rect.right() - 10, rect.center().y()))
    assert model.ticked_rows() == [PEOPLE[1]]


def test_a_click_on_a_painted_key_tells_which(view, model, qtbot, dressed):
    rect = view.visualRect(model.index(0, 2))
    laid = cells.lay_out(COLUMNS[2].picture(PEOPLE[0]), rect.width() - 16, dressed)
    box = next(p.rect for p in laid.placed if isinstance(p.piece, Key))
    top = rect.top() + (rect.height() - laid.size.height()) / 2
    place = QPoint(round(rect.left() + 8 + box.center().x()), round(top + box.center().y()))
    with qtbot.waitSignal(view.key_clicked) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args == [PEOPLE[0], "1"]


@pytest.mark.parametrize("width", [1200, 700, 480])
def test_wrapping_tables_cut_no_words(view, model, width):
    view.resize(width, 500)
    for line in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(line, column)
            assert not view._cells.was_cut(index)
            rect = view.visualRect(index)
            laid, _origin = view._cells._laid(rect.toRectF(), index)
            assert laid.size.height() <= rect.height()
            assert laid.size.width() <= rect.width()


def test_columns_fill_the_width_they_have(view):
    for width in (900, 1300):
        view.resize(width, 500)
        assert view.horizontalHeader().length() == view.viewport().width()


def test_an_empty_table_says_what_to_do(view, model):
    words_shown = QLabel("导入花名册")
    view.set_empty(words_shown)
    assert not words_shown.isVisible()
    model.set_rows([])
    assert words_shown.isVisible()
    assert words_shown.geometry() == view.viewport().rect()


def test_long_tables_keep_one_row_height(dressed, qtbot):
    model = RowsModel(COLUMNS, key=lambda p: p.key)
    model.set_rows([Person(n, f"人{n}", n) for n in range(100_000)])
    table = TableView(model, "人员")
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.show()
    heights = {table.rowHeight(line) for line in (0, 1, 50_000, 99_999)}
    assert len(heights) == 1
    assert heights.pop() >= 48 + 16
    model.sort(1, DOWN)
    assert model.rows[0].key == 99_999


def test_without_wrapping_words_are_cut_with_dots_and_known_to_be(dressed):
    cell = [[Text(LONG), Tag("未缴", "bad")]]
    laid = cells.lay_out(cell, 160, dressed, wrap=False)
    assert laid.cut
    assert laid.placed[0].piece.text.endswith("…")
    assert laid.placed[1].piece == Tag("未缴", "bad")
    assert laid.size.width() <= 160
    assert [p.piece for p in cells.lay_out(cell, 60, dressed, wrap=False).placed] == [Text("阿拉…")]
    assert not cells.lay_out(cell, 2000, dressed, wrap=False).cut


def test_a_bar_takes_what_is_left(dressed):
    cell = [[Bar(0.5, 0.95), Text("50.0%", "strong")]]
    laid = cells.lay_out(cell, 300, dressed)
    assert laid.size.width() == pytest.approx(300, abs=1)
    assert laid.placed[0].rect.width() > 200


def test_right_aligned_words_end_at_the_right(dressed):
    laid = cells.lay_out([[Text("1,043")]], 200, dressed, right=True)
    assert laid.placed[0].rect.right() == pytest.approx(200)


def test_cells_read_aloud():
    cell = [
        [Text("那顺", "strong"), Text("02组 0017 · 4 人", "soft")],
        [Tag("欠 2", "bad"), Tag("帮办", "warn")],
    ]
    assert words(cell) == "那顺 02组 0017 · 4 人\n欠 2 帮办"
    assert words([[Bar(0.5)], [Text("")]]) == ""


def test_the_root_has_no_parents(model):
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_what_has_no_room_goes_under_the_name_and_comes_back(dressed, qtbot):
    columns = [
        Column("姓名", lambda row: row[0], stretch=True),
        Column("应参", lambda row: row[1], width=90),
        Column("已缴", lambda row: row[2], width=90, folds=True),
        Column("待办", lambda row: row[3], width=90, folds=True),
    ]
    model = RowsModel(columns, key=lambda row: row[0])
    view = TableView(model, "村", wraps=True)
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    model.set_rows([("查干沟嘎查", "1,179", "1,122", "1,014"), ("柳林村", "1,180", "1,129", "1,009")])
    flat = view.rowHeight(0)
    assert not any(view.isColumnHidden(i) for i in range(4))
    view.resize(210, 300)
    assert [view.isColumnHidden(i) for i in range(4)] == [False, False, True, True]
    qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() == 0)
    assert view.rowHeight(0) > flat  # what went under is painted there
    assert [one.title for one in view.under(0)] == ["已缴", "待办"] and view.under(1) == []
    view.resize(700, 300)
    assert not any(view.isColumnHidden(i) for i in range(4)) and view.rowHeight(0) == flat


def test_long_tables_do_not_measure_every_row(dressed, qtbot):
    model = RowsModel([Column("姓名", lambda row: "长" * (row % 90 + 1), stretch=True)], key=lambda row: row)
    view = TableView(model, "人", wraps=True)
    qtbot.addWidget(view)
    view.resize(300, 300)
    model.set_rows(list(range(90)))
    assert view.wraps and view.rowHeight(89) > view.rowHeight(0)
    model.set_rows(list(range(5000)))
    assert not view.wraps and view.rowHeight(89) == view.rowHeight(0)
    model.set_rows(list(range(90)))
    assert view.wraps and view.rowHeight(89) > view.rowHeight(0)


@pytest.mark.parametrize(
    "broken",
    [
        lambda row: [[Text(str(1 // row))]],  # cannot be told
        lambda row: [[Tag("未缴", "ok" if row else "none")]],  # cannot be painted
    ],
    ids=["told", "painted"],
)
def test_a_cell_with_a_fault_stays_empty_and_is_told_once(dressed, qtbot, monkeypatch, broken):
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, trace: told.append((error, trace)))
    model = RowsModel(
        [Column("坏", lambda row: "", cell=broken), Column("好", lambda row: f"第{row}行")],
        key=lambda row: row,
    )
    view = TableView(model, "表", wraps=True)
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    model.set_rows([2, 0, 1])
    with qtbot.waitActive(view):
        view.activateWindow()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    for _again in range(3):
        view.viewport().repaint()
        QTest.qWait(5)
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(model.index(1, 0)).center()
    )
    assert view.current_row() == 0 and view.sizeHintForRow(1) > 0
    ((error, trace),) = told
    assert isinstance(error, ZeroDivisionError | KeyError) and trace is not None
    assert not view.grab().toImage().isNull()


def test_other_columns_under_a_head_of_another_height(view, model):
    """The head, changing, resizes the rows before the new columns are measured; this killed the interpreter."""
    model.set_columns([Column("应参保\n人数\n（人）", lambda p: p.name), *COLUMNS])
    assert model.columnCount() == 4
    model.set_columns(COLUMNS[:1])
    assert view.columnWidth(0) > 0 and view.horizontalHeader().count() == 1
