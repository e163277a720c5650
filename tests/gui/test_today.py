"""Today as a person uses it: whose turn it is, what can be done by keys, every number the door to its people."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.actions.visits import keep_list
from gui.models.filters import PeopleFilter
from gui.models.today import first_of
from gui.ops import ChangeOp, QueryOp
from gui.pages.today.curve import told
from gui.pages.today.figures import NumberDoor
from storage.codes import OUTCOMES
from storage.commands import payments
from storage.commands.payments import Payment
from storage.queries import exported, figures
from storage.queries.figures import Figures
from tests.gui import village
from tests.gui.conftest import Hand


def listed(hand: Hand) -> int:
    """How many people the page of households lists one by one, after it was asked for them."""
    assert hand.shell.key == "households" and hand.page.listing.in_several()
    rows = hand.page.several.rows
    assert len({card.person.person for _home, card in rows}) == len(rows)
    return len(rows)


def numbers(hand: Hand) -> dict[str, NumberDoor]:
    """Every number of the cards by what it is called."""
    return {door.accessibleName(): door for card in hand.page.view.cards.values() for door in card.doors()}


def test_the_work_is_in_order_and_opens_a_household(hand: Hand) -> None:
    page = hand.page
    assert page.work.rows[0].home.household.number == "0017"
    assert page.view.work.hasFocus()
    hand.key("Return")
    assert hand.shell.key == "households" and hand.page.view.name.text().startswith("那顺")
    assert hand.page.card.chosen_record() == first_of(page.work.rows[0])[1]
    page = hand.open("today")
    assert "示例" in page.view.source.text()


def test_a_household_opens_at_whom_the_row_is_about(hand: Hand) -> None:
    """So the key of paying is not pressed for a head who has paid."""
    hand.key("Return", "1", "1", "Return")
    head = hand.page.card.household().people[0].person
    assert head.paid == "reported"
    page = hand.open("today")
    place = next(at for at, turn in enumerate(page.work.rows) if turn.home.head_name == head.name)
    wanted = page.work.rows[place].by("")[0].card.person
    assert wanted.record != head.record
    page.view.work.selectRow(place)
    hand.key("Return")
    assert hand.page.card.chosen_record() == wanted.record


def test_every_number_of_the_cards_opens_as_many_people(hand: Hand) -> None:
    found = numbers(hand)
    assert len(found) >= 9
    opened = 0
    for name, door in found.items():
        if door.link.page == "targets":
            continue
        hand.open("today")
        door = numbers(hand)[name]
        door.setFocus(Qt.FocusReason.TabFocusReason)
        hand.key("Return")
        count = int("".join(sign for sign in door.link.text if sign.isdigit()))
        assert listed(hand) == count, name
        assert any(
            chip.isChecked() and chip.words().endswith(f" {count}")
            for chip in hand.page.view.filters.chips.values()
        ), name
        opened += 1
    assert opened >= 8


def test_the_numbers_are_those_of_the_reports(hand: Hand) -> None:
    counts, desk = hand.desk.book.counts, hand.desk
    read: list[Figures] = []
    desk.ask(
        QueryOp(lambda ledger: figures.by_scope(ledger, desk.policy)[village.CODE]), read.append, owner=desk
    )
    hand.settle()
    (one,) = read
    assert (counts["should_paid"], counts["should"]) == (one.should_paid, one.should)
    assert (counts["active"], counts["register"]) == (one.credential, one.people)
    assert (counts["special_paid"], counts["special_all"]) == (one.special_paid, one.special)
    assert counts["special_unpaid"] == one.special - one.special_paid
    assert counts["paid"] == one.paid and counts["waiting"] == one.paid - one.confirmed


def test_the_other_work_opens_as_much_as_it_says(hand: Hand) -> None:
    op_rows = [card.person.record for home in hand.desk.book.cards[:3] for card in home.people]
    hand.desk.change(keep_list(op_rows, filter_text="未缴费", today=village.TODAY), owner=hand.desk)
    hand.settle()
    doors = {door.key: door for door in hand.page.doors.rows}
    assert len(doors) >= 7
    for key, door in doors.items():
        page = hand.open("today")
        assert page.view.doors.select(key)
        page.view.doors.setFocus()
        hand.key("Return")
        assert hand.shell.key == door.page
        if door.page == "households":
            assert listed(hand) == door.figure, key
        elif door.page == "returns":
            rows = hand.page.rows.rows
            assert len([row for row in rows if row.visit is None]) == door.figure == len(op_rows)
            assert "01" in door.title and door.unit == "行"
        else:
            assert hand.shell.nav._buttons["pending"] and door.figure == len(hand.page.questions.rows)


def test_a_list_that_came_back_is_no_work_any_more(hand: Hand) -> None:
    assert not [door for door in hand.page.doors.rows if door.page == "returns"]


def test_ways_are_chosen_by_digits_and_count_their_households(hand: Hand) -> None:
    page = hand.page
    ways = list(page.view.ways.items())
    total = len(page.work.rows)
    assert page.view.ways[""].words().endswith(f" {total}")
    seen = set()
    for digit, (way, button) in enumerate(ways[1:], 2):
        hand.key(str(digit))
        count = int(button.words().split()[-1])
        if count:
            assert button.isChecked() and len(page.work.rows) == count
            seen |= {turn.home.household.record for turn in page.work.rows}
            assert all(turn.by(way) for turn in page.work.rows)
        else:
            assert page.view.ways[""].isChecked()
    hand.key("1")
    assert {turn.home.household.record for turn in page.work.rows} == seen and len(seen) == total


def test_the_telephone_shows_while_the_key_is_held_and_that_is_logged(hand: Hand) -> None:
    page = hand.page
    page.view.work.select(hand_record(hand, "0017"))
    assert "158****2330" in page.view.who.text() and "15847732330" not in page.view.who.text()
    QTest.keyPress(hand.focus(), Qt.Key.Key_R)
    hand.settle()
    assert "15847732330" in page.view.who.text()
    QApplication.sendEvent(
        hand.focus(), QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier)
    )
    hand.settle()
    assert "15847732330" not in page.view.who.text()
    log: list[exported.Line] = []
    hand.desk.ask(QueryOp(exported.lines), log.extend, owner=hand.desk)
    hand.settle()
    assert any(line.what == "shown" for line in log)


def test_the_telephone_shows_while_the_button_is_held(hand: Hand) -> None:
    page, button = hand.page, hand.page.view.reveal
    page.view.work.select(hand_record(hand, "0017"))
    for press, let_go in (
        (
            lambda: QTest.mousePress(button, Qt.MouseButton.LeftButton),
            lambda: QTest.mouseRelease(button, Qt.MouseButton.LeftButton),
        ),
        (
            lambda: QTest.keyPress(button, Qt.Key.Key_Space),
            lambda: QTest.keyRelease(button, Qt.Key.Key_Space),
        ),
    ):
        press()
        hand.settle()
        assert "15847732330" in page.view.who.text()
        let_go()
        hand.settle()
        assert "15847732330" not in page.view.who.text()


def hand_record(hand: Hand, number: str) -> str:
    return next(card.household.record for card in hand.desk.book.cards if card.household.number == number)


def test_a_call_is_recorded_by_keys_and_the_turn_is_over_for_today(hand: Hand) -> None:
    page = hand.page
    record = hand_record(hand, "0044")
    assert page.view.work.select(record)
    hand.key("V")
    assert page.panel is not None and page.panel.isVisible() and not page.view.work.isVisible()
    digit = str(OUTCOMES.index("absent") + 1)
    hand.key(digit)  # what came of it, not a way to choose
    hand.key("Return")
    hand.until(lambda: page.panel is None, "for the visit to be kept")
    hand.settle()
    assert page.view.work.isVisible() and page.view.work.hasFocus()
    assert hand.desk.book.household(record).visits[0].outcome == "absent"
    assert record not in {turn.home.household.record for turn in page.work.rows}  # tried today
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: record in {turn.home.household.record for turn in page.work.rows}, "for the undo")


def test_after_a_call_enter_alone_records_it(hand: Hand) -> None:
    page = hand.page
    hand.key("3")  # whom to call
    assert page.work.rows
    turn = page.view.work.current_row()
    hand.key("V", "Return")
    hand.until(lambda: page.panel is None, "for the call to be kept")
    hand.settle()
    assert hand.desk.book.household(turn.home.household.record).visits[0].outcome == "phoned"


def test_nobody_is_reminded_of_what_an_office_has_to_do(hand: Hand) -> None:
    page = hand.page
    hand.key("5")
    assert page.view.ways["check"].isChecked() and page.work.rows
    alone = [turn for turn in page.work.rows if turn.door is None]
    assert alone
    page.view.work.select(alone[0].home.household.record)
    assert not page.view.remind.isEnabled()
    hand.key("S")
    assert hand.shell.key == "today"


def test_escape_gives_a_visit_up(hand: Hand) -> None:
    hand.key("V")
    assert hand.page.panel is not None
    hand.key("Escape")
    assert hand.shell.key == "today" and hand.page.panel is None and hand.page.view.work.hasFocus()


def test_a_reminder_is_for_the_household_the_line_is_on(hand: Hand) -> None:
    assert hand.page.view.work.select(hand_record(hand, "0031"))
    hand.key("S")
    assert hand.shell.key == "papers"
    hand.until(lambda: "刘建国" in hand.page.view.sending.text.toPlainText(), "for the text")


def test_a_text_that_was_copied_is_kept_and_the_household_waits_for_an_answer(hand: Hand) -> None:
    home = hand_record(hand, "0044")
    before = next(turn for turn in hand.page.work.rows if turn.home.household.record == home)
    assert before.door is not None and before.door.way == "remind"
    assert hand.page.view.work.select(home)
    hand.key("S")
    hand.until(lambda: "那木吉拉" in hand.page.view.sending.text.toPlainText(), "for the text")
    hand.click(hand.page.view.sending.copy)
    hand.until(lambda: hand.desk.book.household(home).visits, "for the reminder to be kept")
    assert "复制" in hand.notice()
    assert hand.desk.book.household(home).visits[0].outcome == "reminded"
    page = hand.open("today")
    assert home not in {turn.home.household.record for turn in page.work.rows}
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: home in {turn.home.household.record for turn in page.work.rows}, "for the undo")


def test_who_has_paid_is_reminded_of_the_credential(hand: Hand) -> None:
    page, home = hand.page, hand_record(hand, "0044")
    everybody = [card.person.record for card in hand.desk.book.household(home).people]
    paid = Payment(40000, village.TODAY, "mini_program")
    op = ChangeOp(
        lambda it, _task: payments.record(it, everybody, paid, year=village.YEAR, today=village.TODAY),
        "",
        (home,),
    )
    hand.desk.change(op, owner=hand.desk)
    hand.settle()
    assert page.view.work.select(home)
    hand.key("S")
    assert hand.shell.key == "papers"
    hand.until(lambda: "电子凭证" in hand.page.view.sending.text.toPlainText(), "for the text")
    assert "那木吉拉" in hand.page.view.sending.text.toPlainText()


def test_the_line_toward_the_target_is_told_in_words(hand: Hand) -> None:
    curve = hand.page.view.curve
    assert "目标" in curve.accessibleDescription() and curve.accessibleName()
    assert curve._way is not None and told(curve._way) == curve.accessibleDescription()
    assert curve._way.course.total == hand.desk.book.counts["should_paid"]
    image = curve.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert len(colours) > 4  # something is painted


def test_a_low_window_shows_whose_turn_it_is_first(hand: Hand) -> None:
    view = hand.page.view
    assert (
        view.cards["paid"].mapTo(view, view.cards["paid"].rect().topLeft()).y()
        < view.work.mapTo(view, view.work.rect().topLeft()).y()
    )
    hand.app.window.resize(911, 512)
    hand.settle()
    top = view.work.mapTo(view, view.work.rect().topLeft()).y()
    assert 0 <= top < 200
    assert view.cards["paid"].mapTo(view, view.cards["paid"].rect().topLeft()).y() > top


def test_named_people_stay_listed_while_something_is_recorded(hand: Hand) -> None:
    named = frozenset(card.person.record for card in hand.desk.book.cards[1].people[:2])
    wanted = PeopleFilter("named", people=True, title="甲乙", among=named)
    hand.open("households", wanted)
    assert listed(hand) == 2
    chip = hand.page.view.filters.chips["named"]
    assert chip.words() == "甲乙 2" and chip.isChecked()
    hand.open("households", PeopleFilter("unpaid"))
    assert not hand.page.listing.in_several() and not chip.isVisible()
