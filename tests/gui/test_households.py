"""A contact's day on the household page, by keys."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.models.filters import PeopleFilter
from gui.ops import QueryOp
from storage.queries import figures
from storage.queries.cards import is_unpaid
from tests.gui import village
from tests.gui.conftest import Hand


def find(hand: Hand, text: str) -> None:
    """Slash, type, Enter: on the household with the person chosen."""
    hand.key(Qt.Key.Key_Slash)
    hand.type(text)
    hand.key("Return")


def person(hand: Hand, name: str):
    """A person as the book has them."""
    return next(card.person for _home, card in hand.desk.book.people() if card.person.name == name)


def status(hand: Hand) -> figures.Figures:
    """The village's figures, read from the ledger itself."""
    found: list[figures.Figures] = []
    policy = hand.desk.policy
    ask = QueryOp(lambda ledger: figures.by_scope(ledger, policy)[village.CODE])
    hand.desk.ask(ask, found.append, owner=hand.desk)
    hand.until(lambda: found)
    return found[0]


def test_finds_by_initials_and_records_a_payment_with_five_keys(hand: Hand) -> None:
    before = status(hand).paid
    find(hand, "qqg")
    assert hand.shell.key == "households"
    assert hand.page.view.people.current_row().person.name == "其其格"
    assert hand.page.view.name.text().startswith("那顺")
    hand.key("1")
    panel = hand.page.recorder.panel
    assert panel is not None and panel.fields["amount"].editor.text() == "400"
    hand.key("2", "Return")
    assert person(hand, "其其格").paid == "reported"
    claim = person(hand, "其其格").claims[0]
    assert (claim.amount, claim.paid_on, claim.channel) == (40000, village.TODAY, "mobile_pos")
    assert hand.page.recorder.panel is None and "其其格" in hand.notice()
    assert status(hand).paid == before + 1


def test_a_payment_shows_at_once_today_and_can_be_undone(hand: Hand) -> None:
    big = hand.page.view.cards["paid"].accessibleName()
    find(hand, "那顺")
    hand.key("1", "1", "Return")
    hand.open("today")
    assert hand.page.view.cards["paid"].accessibleName() != big
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    assert hand.page.view.cards["paid"].accessibleName() == big
    assert person(hand, "那顺").paid == "none"


def test_the_last_things_are_undone_by_the_same_key_again_and_again(hand: Hand) -> None:
    for name in ("那顺", "其其格"):
        find(hand, name)
        hand.key("1", "1", "Return")
        assert person(hand, name).paid == "reported"
    for _time in range(2):
        hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    assert person(hand, "其其格").paid == "none" and person(hand, "那顺").paid == "none"


def test_a_digit_chooses_another_channel_than_last_time(hand: Hand) -> None:
    for name, keys, channel in (("那顺", "21", "mini_program"), ("其其格", "2", "mobile_pos")):
        find(hand, name)
        hand.key("1", *keys, "Return")
        assert person(hand, name).claims[0].channel == channel
    everybody = [card for _home, card in hand.desk.book.people()]
    third = next(card.person.name for card in everybody if is_unpaid(card) and card.due.pay_now_fen)
    find(hand, third)
    hand.key("1", "Return")
    assert person(hand, third).claims[0].channel == "mobile_pos", "as last time, by Enter alone"


def test_a_form_is_not_covered_by_what_was_done_before(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("1", "1", "Return")
    assert hand.notice()
    hand.key("3")
    assert hand.page.recorder.panel is not None and not hand.notice()


def test_in_a_small_window_nothing_is_recorded_out_of_sight(hand: Hand) -> None:
    hand.app.window.resize(911, 512)
    hand.settle()
    hand.key("Return")
    view = hand.page.view
    assert view.people.hasFocus() and not view.list.isVisible(), "who was opened is in sight"
    hand.key("Escape")
    assert view.list.hasFocus() and not view.people.isVisible()
    hand.key("1")
    assert hand.page.recorder.panel is not None and hand.page.recorder.panel.isVisible()
    hand.app.window.resize(911, 500)
    hand.settle()
    assert hand.page.recorder.panel.isVisible()
    hand.key("Escape")
    assert view.people.hasFocus()
    hand.open("today")
    assert hand.open("households").view.people.hasFocus()


def test_the_left_column_is_one_key_away(hand: Hand) -> None:
    hand.open("households")
    hand.key("F6", "Down", "Return")
    assert hand.shell.key == "visits"


def test_finds_by_number_phone_and_household(hand: Hand) -> None:
    tail = person(hand, "那木吉拉").id_number[-4:]
    for text, name in ((tail, "那木吉拉"), ("8118", "娜仁格日勒"), ("31", "刘桂兰"), ("bayaer", "巴雅尔")):
        find(hand, text)
        names = [card.person.name for card in hand.page.people.rows]
        assert name in names, text


def test_enter_does_not_outrun_the_search(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Slash)
    QTest.keyClicks(hand.focus(), "bayaer")
    QTest.keyClick(hand.focus(), Qt.Key.Key_Return)
    hand.until(lambda: hand.shell.key == "households" and hand.page.view.people.hasFocus())
    assert hand.page.view.people.current_row().person.name == "巴雅尔"


def test_nobody_found_says_what_to_try(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Slash)
    hand.type("zzzz")
    assert hand.page.view.none_found.isVisible()
    assert "证件号" in hand.page.view.none_found.accessibleName()
    hand.key("Escape", "Escape")
    assert len(hand.page.lines.rows) == len(village.HOMES)


def test_a_day_still_to_come_is_refused_beside_its_field(hand: Hand) -> None:
    find(hand, "布仁")
    hand.page.view.people.selectRow(0)
    hand.key("1", "1")
    field = hand.page.recorder.panel.fields["paid_on"]
    field.editor.setText("2025-12-31")
    hand.key("Return")
    assert "2025-12-31" in field.error()
    assert field.editor.hasFocus() and person(hand, "那顺").paid == "none"
    field.editor.setText("13-45")
    hand.key("Return")
    assert field.error() and hand.page.recorder.panel is not None
    hand.key("Escape")
    assert hand.page.recorder.panel is None


def test_a_channel_has_to_be_chosen(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("1")
    hand.key("Return")
    assert hand.page.recorder.panel.fields["channel"].error()
    assert person(hand, "那顺").paid == "none"


def test_whole_household_paid_leaves_out_who_pays_nothing(hand: Hand) -> None:
    find(hand, "刘桂兰")
    hand.key("A")
    fields = hand.page.recorder.panel.fields
    assert fields["amount"].editor.text() == "400"
    assert fields["who"].editor.values() == [person(hand, "刘建国").record]
    assert "刘桂兰（由医保办代缴）" in fields["who"].editor.accessibleDescription()
    hand.key("4", "Return")
    assert person(hand, "刘建国").paid == "reported"
    assert person(hand, "刘桂兰").paid == "none"


def test_a_wrong_payment_is_voided_with_a_reason_and_stays_in_the_history(hand: Hand) -> None:
    find(hand, "阿木古楞")
    hand.key("1")
    hand.key("Return")
    assert hand.page.recorder.panel.fields["reason"].error()
    hand.key("1", "Return")
    assert person(hand, "阿木古楞").paid == "none"
    texts = [hand.page.past.data(hand.page.past.index(line, 1)) for line in range(hand.page.past.rowCount())]
    assert any("作废" in text for text in texts) and any("400" in text for text in texts)


def test_other_facts_have_their_keys(hand: Hand) -> None:
    find(hand, "阿木古楞")
    hand.key("2", "Return")
    assert person(hand, "阿木古楞").credential == "family"
    find(hand, "韩占山")
    hand.key("3")
    assert hand.page.recorder.panel is not None and "韩占山" in hand.page.recorder.panel.accessibleName()
    hand.key("2", "Return")
    assert person(hand, "韩占山").need == "mobility"
    hand.key("4", "5", "Return")
    assert person(hand, "韩占山").absence == "army"
    hand.key("4", "Delete")
    assert person(hand, "韩占山").absence == ""
    hand.key("5")
    assert person(hand, "韩占山").new
    hand.key("5")
    assert not person(hand, "韩占山").new
    hand.key("V", "2", "Return")
    home = hand.desk.book.household(hand.page.home)
    assert home is not None and home.visits[0].outcome == "absent"


def test_several_people_of_one_household_are_ticked_by_space(hand: Hand) -> None:
    find(hand, "韩占山")
    hand.key("Space", "Down", "Space")
    hand.key("1", "1", "Return")
    assert [person(hand, name).paid for name in ("韩占山", "苏雅拉", "韩梓涵")] == [
        "reported",
        "reported",
        "none",
    ]
    assert not hand.page.people.ticked_rows()


def test_several_people_across_households(hand: Hand) -> None:
    hand.open("households", PeopleFilter("unpaid"))
    hand.key("M")
    assert all(card.person.paid == "none" for _home, card in hand.page.several.rows)
    hand.key("Space", "Down", "Down", "Down", "Space")
    ticked = [card.person.name for _home, card in hand.page.several.ticked_rows()]
    assert ticked == ["韩占山", "那顺"]
    hand.key("1", "5", "Return")
    assert [person(hand, name).claims[0].channel for name in ticked] == ["bank_deduction", "bank_deduction"]
    hand.key("Escape")
    assert not hand.page.view.filters.several.isChecked()


def test_numbers_are_shown_in_full_only_while_the_key_is_held(hand: Hand) -> None:
    find(hand, "布仁")
    whole, model = person(hand, "布仁").id_number, hand.page.people

    def shown() -> str:
        line = model.row_of(person(hand, "布仁").record)
        return str(model.data(model.index(line, 0), Qt.ItemDataRole.AccessibleTextRole))

    assert whole not in shown() and "********" in shown()
    QTest.keyPress(hand.focus(), Qt.Key.Key_R)
    assert whole in shown() and "15847732330" in hand.page.view.where.text()
    QTest.keyRelease(hand.focus(), Qt.Key.Key_R)
    assert whole not in shown() and "15847732330" not in hand.page.view.where.text()


def test_a_mistyped_number_is_corrected_from_what_it_may_have_been(hand: Hand) -> None:
    find(hand, "敖登")
    wrong = person(hand, "敖登")
    assert wrong.doubt == "checksum"
    hand.key("E")
    panel = hand.page.recorder.panel
    offers = panel.fields["offers"]
    right = village.number("19850726", 28)
    assert offers.isVisible()
    hand.click(offers.editor._buttons[right])
    assert panel.fields["id_number"].editor.text() == right
    hand.key("Return")
    assert person(hand, "敖登").id_full == right and person(hand, "敖登").doubt == ""


def test_somebody_new_is_added_as_new_this_year(hand: Hand) -> None:
    find(hand, "聂顺利")
    hand.key("N")
    hand.type("聂小雨")
    panel = hand.page.recorder.panel
    panel.fields["id_number"].editor.setText(village.number("20251101", 28))
    assert panel.fields["birth"].editor.day() == date(2025, 11, 1)
    hand.key("Return")
    added = person(hand, "聂小雨")
    assert added.new and added.household == hand.page.home
    hand.open("visits")
    assert "2" in hand.page.view.new_list.words()


def test_filters_are_counted_and_open_their_people(hand: Hand) -> None:
    hand.open("households")
    hand.click(hand.page.view.filters.chips["special"])
    names = {card.person.name for line in hand.page.lines.rows for card in line.card.people}
    assert {"那顺", "其其格", "刘桂兰"} <= names and len(hand.page.lines.rows) == 2
    hand.click(hand.page.view.filters.chips["doubtful"])
    assert {line.card.household.number for line in hand.page.lines.rows} == {"0017", "0052"}


def test_the_basis_names_its_source(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("B")
    texts = " ".join(
        child.text() for child in hand.page.recorder.panel.findChildren(type(hand.page.view.name))
    )
    assert "先缴后补" in texts and "示例" in texts
    hand.key("Escape")


def test_escape_walks_back(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("1", "Escape")
    assert hand.page.recorder.panel is None
    hand.key("Escape")
    assert hand.page.view.list.hasFocus()
    hand.key("Escape")
    assert hand.shell.key == "today"


def test_long_names_and_small_windows_keep_everything_reachable(hand: Hand) -> None:
    hand.app.window.resize(911, 512)
    find(hand, "阿拉坦其其格")
    view = hand.page.view
    assert not view.list.isVisible() and view.people.isVisible()
    assert view.name.text().startswith("阿拉坦其其格·乌云毕力格·斯琴高娃")
    hand.key("Escape")
    assert view.list.isVisible()
    QApplication.processEvents()
