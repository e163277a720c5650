"""Buttons, cards, fields, the left column, the box that finds, what a page says about itself."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card, ProgressBar, Stat, StatCard
from gui.widgets.fields import ChoiceRow, DateField, FormField, MoneyField
from gui.widgets.labels import TagLine, plain, strong
from gui.widgets.nav import NavEntry, NavList
from gui.widgets.notices import BusyBar, EmptyState, ErrorLine, Notice
from gui.widgets.pieces import Bar, Tag
from gui.widgets.search import SearchBox

pytestmark = pytest.mark.usefixtures("dressed")
TODAY = date(2026, 1, 15)
KEY = Qt.Key


@pytest.fixture
def page(qtbot):
    """A window to put things on."""
    widget = QWidget()
    widget.setLayout(QVBoxLayout())
    qtbot.addWidget(widget)
    widget.resize(800, 600)

    def put(*children):
        for child in children:
            widget.layout().addWidget(child)
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()
        return children[0]

    widget.put = put
    return widget


def pixels(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_a_button_is_pressed_by_its_key_but_not_while_one_types(page, qtbot):
    button, line = KeyButton("缴费", "A"), QLineEdit()
    pressed = []
    button.clicked.connect(lambda: pressed.append(1))
    page.put(button, line)
    page.setFocus()
    qtbot.keyClick(page, KEY.Key_A)
    assert pressed == [1]
    line.setFocus()
    qtbot.keyClick(line, KEY.Key_A)
    assert (pressed, line.text()) == ([1], "a")


def test_a_button_says_its_words_and_its_key(page):
    button = page.put(KeyButton("王 & 李", "Return"))
    assert button.accessibleName() == "王 & 李"
    assert button.accessibleDescription() == "Enter"
    assert button.words() == "王 & 李"


def test_enter_presses_the_button_that_has_the_focus(page, qtbot):
    button = page.put(KeyButton("保存"))
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, KEY.Key_Return)


def test_the_ring_shows_the_keyboards_focus_only(page):
    button = page.put(KeyButton("保存"))
    page.setFocus()
    bare = pixels(button)
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert pixels(button) == bare
    page.setFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert pixels(button) != bare


def test_a_card_about_a_number_opens_its_people(page, qtbot):
    card = page.put(StatCard(Stat("已缴费", "812", "/ 1,043 人", Bar(0.779, 0.95), strong("179"))))
    assert card.accessibleName() == "已缴费 812 / 1,043 人"
    for press in (
        lambda: qtbot.mouseClick(card, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(card, KEY.Key_Return),
        lambda: qtbot.keyClick(card, KEY.Key_Space),
    ):
        with qtbot.waitSignal(card.opened):
            press()


def test_a_card_shows_another_number(page):
    card = page.put(StatCard(Stat("已缴费", "812", bar=Bar(0.5))))
    bar = card.findChild(ProgressBar)
    assert bar.isVisible()
    card.show_stat(Stat("本周未报送", "2", tone="bad"))
    assert not bar.isVisible()
    assert card.accessibleName() == "本周未报送 2"


def test_names_in_emphasised_text_are_safe():
    assert plain("<b>甲&乙") == "&lt;b&gt;甲&amp;乙"
    assert "&lt;i&gt;" in strong("<i>", "bad")


@pytest.mark.parametrize("share", [-1.0, 0.0, 0.5, 1.0, 1.4])
def test_bars_stay_in_their_room(page, share):
    bar = page.put(ProgressBar(Bar(share, 0.95)))
    image = pixels(bar)
    filled = sum(image.pixelColor(x, image.height() // 2).name() == "#1f6f6b" for x in range(image.width()))
    assert filled / image.width() == pytest.approx(min(max(share, 0), 1), abs=0.03)
    assert "95%" in bar.accessibleName()


def test_a_card_holds_a_heading_and_a_body(page):
    card = page.put(Card("其余工作", KeyButton("打印", "P")))
    card.add(QLabel("未缴费"), 1)
    card.set_title("别的")
    assert card.accessibleName() == "别的"
    assert {label.text() for label in card.findChildren(QLabel)} == {"别的", "未缴费"}


def test_the_left_column_walks_and_chooses(page, qtbot):
    nav = NavList("户清")
    nav.set_entries([NavEntry("today", "今日"), NavEntry("review", "待处理", 6, urgent=True)])
    page.put(nav)
    nav.select("today")
    first, second = nav.findChildren(QAbstractButton)
    assert first.isChecked()
    assert second.accessibleName() == "待处理 6"
    first.setFocus()
    qtbot.keyClick(first, KEY.Key_Down)
    assert second.hasFocus()
    assert not second.isChecked()
    with qtbot.waitSignal(nav.chosen) as chosen:
        qtbot.keyClick(second, KEY.Key_Return)
    assert chosen.args == ["review"]
    qtbot.keyClick(second, KEY.Key_Down)
    assert first.hasFocus()


def test_counts_in_the_left_column_change(page):
    nav = NavList("户清")
    nav.set_entries([NavEntry("review", "待处理")])
    page.put(nav)
    button = nav.findChild(QAbstractButton)
    before = pixels(button)
    nav.set_count("review", 1234, urgent=True)
    assert button.accessibleName() == "待处理 1234"
    assert pixels(button) != before
    assert button.sizeHint().width() <= button.width()


def test_the_search_box_is_found_by_its_key_and_tells_once(page, qtbot):
    box, other = SearchBox("姓名 / 证件尾号"), KeyButton("别的")
    told = []
    box.searched.connect(told.append)
    page.put(box, other)
    other.setFocus()
    qtbot.keyClick(other, KEY.Key_Slash)
    assert box.hasFocus()
    with qtbot.waitSignal(box.searched):
        qtbot.keyClicks(box, "ns")
    qtbot.wait(30)
    assert told == ["ns"]
    qtbot.keyClick(box, KEY.Key_Slash)
    assert box.text() == "ns/"


def test_keys_lead_out_of_the_search_box(page, qtbot):
    box = page.put(SearchBox("姓名"))
    box.setText("那顺")
    box.setFocus()
    with qtbot.waitSignal(box.moved_down):
        qtbot.keyClick(box, KEY.Key_Down)
    with qtbot.waitSignal(box.entered):
        qtbot.keyClick(box, KEY.Key_Return)
    with qtbot.assertNotEmitted(box.left):
        qtbot.keyClick(box, KEY.Key_Escape)
    assert box.text() == ""
    with qtbot.waitSignal(box.left):
        qtbot.keyClick(box, KEY.Key_Escape)


def test_hints_of_the_search_box_are_painted(page):
    box = page.put(SearchBox("姓名"))
    box.setText("ns")
    before = pixels(box)
    box.set_hint("— 那顺 · 娜仁")
    assert pixels(box) != before


def test_tags_of_a_line_wrap_and_change(page):
    line = TagLine([Tag("特殊群体未参保", "bad")] * 6)
    page.put(line)
    assert line.heightForWidth(200) > line.heightForWidth(2000)
    line.show_tags([Tag("已缴齐", "ok")])
    assert line.accessibleName() == "已缴齐"


def test_a_field_names_its_editor_and_shows_its_error(page):
    field = page.put(FormField("金额", MoneyField(), "400 元"))
    assert (field.editor.accessibleName(), field.editor.accessibleDescription()) == ("金额", "400 元")
    field.set_error("请写金额")
    assert field.error() == "请写金额"
    assert field.findChild(ErrorLine).isVisible()
    assert field.editor.accessibleDescription() == "请写金额"
    assert field.editor.property("invalid") is True
    field.set_error("")
    assert not field.findChild(ErrorLine).isVisible()
    assert field.editor.property("invalid") is False


def test_a_date_is_completed_when_one_leaves(page, qtbot):
    field, other = DateField(TODAY), QLineEdit()
    page.put(field, other)
    field.setFocus()
    qtbot.keyClicks(field, "11-3")
    assert field.day() == date(2025, 11, 3)
    other.setFocus()
    assert field.text() == "2025-11-03"
    field.setFocus()
    qtbot.keyClick(field, KEY.Key_Up)
    assert field.day() == date(2025, 11, 4)
    field.setText("13-45")
    other.setFocus()
    assert (field.text(), field.day(), field.is_wrong()) == ("13-45", None, True)
    field.set_day(None)
    assert not field.is_wrong()
    field.setFocus()
    qtbot.keyClick(field, KEY.Key_Down)
    assert field.day() == TODAY


def test_money_is_typed_in_yuan_and_kept_in_fen(page, qtbot):
    field = page.put(MoneyField())
    field.set_fen(120050)
    assert (field.text(), field.fen()) == ("1,200.50", 120050)
    with qtbot.waitSignal(field.changed):
        field.setText("四百")
    assert field.fen() is None
    assert field.is_wrong()
    field.set_fen(None)
    assert not field.is_wrong()


def test_digits_choose_in_a_row_of_choices(page, qtbot):
    row = ChoiceRow([("mini", "小程序"), ("pos", "移动 POS"), ("door", "上门办理")])
    page.put(row)
    row.setAccessibleName("渠道")
    row.setFocus()
    with qtbot.waitSignal(row.chosen) as chosen:
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_2)
    assert (chosen.args, row.value()) == (["pos"], "pos")
    qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Space)
    assert row.value() == "door"
    assert not row.press("9")
    with qtbot.assertNotEmitted(row.chosen):
        row.choose("mini")
    assert row.value() == "mini"
    row.choose("")
    assert row.value() == ""
    assert row.findChildren(KeyButton)[0].accessibleName() == "渠道 小程序"


def test_digits_are_shown_where_they_are_heard(page):
    """Two rows in one form both begin with 1: the one on which the keyboard stands shows it."""
    rows = [page.put(ChoiceRow([("a", "现金"), ("b", "转账")])) for _row in range(2)]

    def shown(row: ChoiceRow) -> bool:
        button = row.findChildren(KeyButton)[0]
        image, bare = button.grab().toImage(), KeyButton("现金", "1", bind=False, parent=page)
        bare.setCheckable(True)
        bare.mute_key(True)
        bare.resize(button.size())
        unlike = image.copy(image.width() // 2, 4, image.width() // 2 - 4, image.height() - 8)
        return unlike != bare.grab().toImage().copy(
            image.width() // 2, 4, image.width() // 2 - 4, image.height() - 8
        )

    rows[0].setFocus()
    assert [shown(row) for row in rows] == [True, False]
    rows[1].setFocus()
    assert [shown(row) for row in rows] == [False, True]
    rows[0].heard_by_page()
    assert [shown(row) for row in rows] == [True, True]


def test_more_choices_than_digits(page):
    row = page.put(ChoiceRow([(str(n), f"原因 {n}") for n in range(13)]))
    buttons = row.findChildren(KeyButton)
    assert [button.key for button in buttons] == [*"1234567890", "", "", ""]
    assert not row.press("")


def test_an_empty_page_says_what_to_do(page):
    state = page.put(EmptyState("还没有住户", "把花名册拖到这里", KeyButton("导入花名册", "I", primary=True)))
    assert state.accessibleName() == "还没有住户 把花名册拖到这里"
    assert all(child.isVisible() for child in state.findChildren(QLabel))
    state.show_words("都办完了")
    assert state.accessibleName() == "都办完了"


def test_a_notice_offers_the_way_back(page, qtbot):
    page.put(QLabel("页"))
    notice, undone = Notice(page), []
    notice.tell("已记：其其格 400 元", undo=lambda: undone.append(1))
    assert notice.isVisible()
    assert page.rect().contains(notice.geometry())
    page.resize(500, 400)
    QApplication.processEvents()
    assert page.rect().contains(notice.geometry())
    back = next(one for one in notice.findChildren(KeyButton) if one.key == "Ctrl+Z")
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert undone == [1]
    assert not notice.isVisible()


def test_a_notice_goes_by_itself(page, qtbot):
    page.put(QLabel("页"))
    notice = Notice(page)
    notice.tell("已保存", seconds=0.02)
    qtbot.waitUntil(lambda: not notice.isVisible())
    notice.tell("出错了", "bad", seconds=0)
    qtbot.wait(40)
    assert notice.isVisible()


def test_what_was_done_makes_room_and_trouble_stays(page):
    page.put(QLabel("页"))
    notice = Notice(page)
    notice.tell("已记：其其格 400 元")
    notice.make_room()
    assert not notice.isVisible()
    notice.tell("出错了", "bad", seconds=0)
    notice.make_room()
    assert notice.isVisible()


def test_long_work_says_how_far_it_is_and_stops(page, qtbot):
    busy = page.put(BusyBar())
    busy.tell("正在读取", 1200, 5000)
    assert any(label.text() == "1,200 / 5,000" for label in busy.findChildren(QLabel))
    with qtbot.waitSignal(busy.stopped):
        qtbot.keyClick(page, KEY.Key_Escape)
    busy.tell("正在写")
    assert busy.accessibleName() == "正在写"
