"""The household card by keys: a whole household at once, who belongs to it, whose account, settling, taking back."""

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.models.people import PeopleModel
from gui.theme import LARGE
from storage.codes import RELATIONS
from tests.gui import village
from tests.gui.conftest import Hand
from tests.gui.test_households import find, person

CONTROL = Qt.KeyboardModifier.ControlModifier


def home_of(hand: Hand, name: str):
    """The household of a person."""
    return next(home for home, card in hand.desk.book.people() if card.person.name == name)


def choose(hand: Hand, name: str) -> None:
    """Walk to a person of the household shown."""
    wanted = hand.page.people.row_of(person(hand, name).record)
    while hand.page.view.people.currentIndex().row() != wanted:
        hand.key("Down" if hand.page.view.people.currentIndex().row() < wanted else "Up")


def field(hand: Hand, name: str):
    """A field of the form that is open."""
    return hand.page.recorder.panel.fields[name]


def tab_to(hand: Hand, widget) -> None:
    """Press Tab until a widget, or one within it, has the keyboard."""
    for _press in range(60):
        if widget.hasFocus() or widget.isAncestorOf(hand.focus()):
            return
        hand.key("Tab")
    raise AssertionError(f"Tab does not reach {widget.accessibleName()}")


def pick(hand: Hand, box, data: str) -> None:
    """Choose an entry of a box by arrow keys."""
    tab_to(hand, box)
    while box.currentData() != data:
        before = box.currentIndex()
        hand.key("Down" if before < box.findData(data) else "Up")
        assert box.currentIndex() != before


def cell(model: PeopleModel, name: str, column: int) -> str:
    """What a cell says aloud."""
    line = next(line for line, card in enumerate(model.rows) if card.person.name == name)
    return str(model.data(model.index(line, column), Qt.ItemDataRole.AccessibleTextRole))


# ---- everything on one screen


def test_five_people_their_keys_and_their_history_are_on_one_small_screen(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("N")
    hand.type("娜仁")
    hand.key("Return")
    view = hand.page.view
    assert hand.app.window.width() == 1366 and hand.app.window.height() == 768
    assert len(hand.page.people.rows) == 5
    sight = QRect(view.scroller.viewport().mapToGlobal(QPoint()), view.scroller.viewport().size())
    for widget in (
        view.people,
        view.name,
        *view.home_buttons,
        *view.person_buttons,
        view.past,
        view.take_back,
    ):
        if widget.isVisible():
            shown = QRect(widget.mapToGlobal(QPoint()), widget.size())
            assert sight.contains(shown), widget.accessibleName()
    lines = {button.mapTo(view, QPoint()).y() for button in view.person_buttons}
    assert len(lines) == 1, "what can be done with a person is one line"


def test_little_room_folds_columns_and_loses_nothing(hand: Hand) -> None:
    find(hand, "那顺")
    assert cell(hand.page.people, "那顺", 2) and not hand.page.people.folded
    hand.app.window.resize(911, 512)
    hand.settle()
    people = hand.page.view.people
    assert hand.page.people.folded and people.isColumnHidden(1) and people.isColumnHidden(2)
    who = cell(hand.page.people, "那顺", 0)
    assert "户主" in who and "低保" in who
    wide = sum(people.columnWidth(column) for column in range(6) if not people.isColumnHidden(column))
    assert wide <= people.viewport().width()
    hand.app.window.resize(1366, 768)
    hand.settle()
    assert not people.isColumnHidden(1) and LARGE > 1


def test_in_a_low_window_the_card_follows_the_person_chosen(hand: Hand) -> None:
    hand.app.window.resize(911, 512)
    find(hand, "那顺")
    people = hand.page.view.people
    people.setFocus()
    for _person in hand.page.people.rows:
        hand.key("Down")
        row = people.visualRect(people.currentIndex())
        shown = QRect(people.viewport().mapToGlobal(row.topLeft()), row.size())
        port = hand.page.view.scroller.viewport()
        sight = QRect(port.mapToGlobal(QPoint()), port.size())
        assert sight.top() <= shown.top() and shown.bottom() <= sight.bottom(), (
            people.current_row().person.name
        )


# ---- all paid by one payment


def test_one_payment_for_all_with_one_receipt_and_one_payer(hand: Hand) -> None:
    find(hand, "韩占山")
    hand.key("A")
    assert field(hand, "amount").editor.text() == "1,200"
    field(hand, "receipt").editor.setText("3150400999")
    hand.key("4", "Return")
    claims = [card.person.claims[0] for card in home_of(hand, "韩占山").people]
    assert [claim.amount for claim in claims] == [40000] * 3
    assert {(claim.receipt, claim.payer, claim.channel) for claim in claims} == {
        ("3150400999", "韩占山", "agent")
    }
    hand.key("Z", modifier=CONTROL)
    assert all(not card.person.claims for card in home_of(hand, "韩占山").people)


def test_who_is_not_in_it_is_unticked_or_named(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("A")
    aside = field(hand, "who").editor.accessibleDescription()
    assert "布仁（已缴待到账）" in aside and "阿木古楞（已缴待到账）" in aside
    tab_to(hand, field(hand, "who").editor)
    hand.key("2")
    assert field(hand, "amount").editor.text() == "400"
    tab_to(hand, field(hand, "channel").editor)
    hand.key("1", "Return")
    assert person(hand, "那顺").paid == "reported" and person(hand, "其其格").paid == "none"


def test_a_sum_that_is_not_theirs_is_refused_beside_it(hand: Hand) -> None:
    find(hand, "韩占山")
    hand.key("A", "1")
    field(hand, "amount").editor.setText("800")
    hand.key("Return")
    assert "1,200" in field(hand, "amount").error()
    assert all(not card.person.claims for card in home_of(hand, "韩占山").people)


# ---- one phone, one visit


def test_one_phone_for_the_household(hand: Hand) -> None:
    find(hand, "南双喜")
    hand.key("T", "Return")
    assert field(hand, "phone").error()
    hand.type("13947730060")
    hand.key("Return")
    assert person(hand, "南双喜").phone == "13947730060"
    find(hand, "乌力吉")
    hand.key("T")
    ticked = field(hand, "who").editor.values()
    assert person(hand, "呼和").record not in ticked, "who has a number of their own keeps it"
    hand.key("A", modifier=CONTROL)
    hand.type("没有")
    hand.key("Return")
    assert field(hand, "phone").error()
    hand.key("A", modifier=CONTROL)
    hand.type("13700009999")
    hand.key("Return")
    assert person(hand, "毕力格").phone == "13700009999" != person(hand, "呼和").phone


def test_a_number_that_is_held_stays_masked_and_serves_who_has_none(hand: Hand) -> None:
    find(hand, "韩占山")
    hand.key("N")
    hand.type("韩小满")
    hand.key("Return")
    hand.key("T")
    number = person(hand, "韩占山").phone
    shown = [field(hand, "phone").editor.accessibleDescription(), hand.page.recorder.panel.accessibleName()]
    shown += [button.words() for button in field(hand, "who").editor.buttons().values()]
    assert number and not any(number in words for words in shown) and field(hand, "phone").editor.text() == ""
    hand.key("Return")
    assert person(hand, "韩小满").phone == number


def test_one_visit_with_another_outcome_for_one(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("V", "1")
    pick(hand, field(hand, "each 2").editor, "absent")
    hand.key("Return")
    visits = {visit.resident: visit.outcome for visit in home_of(hand, "那顺").visits}
    assert visits == {"": "met", person(hand, "布仁").record: "absent"}
    hand.key("Z", modifier=CONTROL)
    assert home_of(hand, "那顺").visits == ()


# ---- who belongs here


def test_another_head_makes_all_relations_anew(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("K")
    pick(hand, field(hand, person(hand, "布仁").record).editor, "0")
    shown = {name: field(hand, person(hand, name).record).editor.currentData() for name in ("那顺", "其其格")}
    assert shown == {"那顺": "5", "其其格": "5"}
    child = field(hand, person(hand, "阿木古楞").record)
    assert child.editor.currentData() == "2" and "核对" in child.editor.accessibleDescription()
    hand.key("Return")
    assert home_of(hand, "那顺").household.head_name == "布仁"
    assert next(card.person.name for card in home_of(hand, "那顺").people) == "布仁"
    assert hand.page.view.name.text() == "布仁 户"
    hand.key("Z", modifier=CONTROL)
    hand.until(lambda: home_of(hand, "那顺").household.head_name == "那顺")
    assert person(hand, "布仁").relation == "2" and set(RELATIONS) >= {person(hand, "其其格").relation}


def test_the_wheel_scrolls_and_changes_nothing(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("K")
    box = field(hand, person(hand, "布仁").record).editor
    point = QPointF(box.rect().center())
    wheel = QWheelEvent(
        point, box.mapToGlobal(point), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, wheel)
    assert box.value() == "2" and not wheel.isAccepted()


def test_two_heads_are_refused_where_the_second_is(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("K")
    record = person(hand, "其其格").record
    box = field(hand, record).editor
    box.setCurrentIndex(box.findData("0"))
    hand.key("Return")
    assert field(hand, record).error()
    hand.key("Escape")
    assert person(hand, "其其格").relation == "1"


def test_people_become_a_household_of_their_own(hand: Hand) -> None:
    find(hand, "那顺")
    hand.key("K")
    tab_to(hand, field(hand, "going").editor)
    hand.key("3", "4")
    assert field(hand, "number").isVisible() and not field(hand, "household").isVisible()
    tab_to(hand, field(hand, "number").editor)
    hand.type("0099")
    hand.key("Return")
    hand.until(lambda: home_of(hand, "布仁").household.number == "0099")
    new = home_of(hand, "布仁")
    assert {card.person.name: card.person.relation for card in new.people} == {"布仁": "0", "阿木古楞": "2"}
    assert (new.household.head_name, new.household.group) == ("布仁", "02组")
    assert [card.person.name for card in home_of(hand, "那顺").people] == ["那顺", "其其格"]
    hand.key("Z", modifier=CONTROL)
    hand.until(lambda: home_of(hand, "布仁").household.number == "0017")
    assert all(home.household.number != "0099" for home in hand.desk.book.cards)


def test_somebody_moves_into_another_household(hand: Hand) -> None:
    find(hand, "阿木古楞")
    hand.key("K")
    tab_to(hand, field(hand, "going").editor)
    hand.key("4")
    tab_to(hand, field(hand, "where").editor)
    hand.key("2")
    pick(hand, field(hand, person(hand, "阿木古楞").record).editor, "4")
    tab_to(hand, field(hand, "household").editor)
    hand.type("0004")
    hand.key("Return")
    hand.until(lambda: home_of(hand, "阿木古楞").household.number == "0004")
    assert person(hand, "阿木古楞").relation == "4"
    assert person(hand, "阿木古楞").paid == "reported", "what hangs on a person goes along"


def test_a_household_nobody_can_name_is_asked_for(hand: Hand) -> None:
    find(hand, "阿木古楞")
    hand.key("K")
    tab_to(hand, field(hand, "going").editor)
    hand.key("4")
    tab_to(hand, field(hand, "where").editor)
    hand.key("2")
    tab_to(hand, field(hand, "household").editor)
    hand.type("00")
    hand.key("Return")
    assert field(hand, "household").error() and home_of(hand, "阿木古楞").household.number == "0017"


# ---- whose account holds a credential


def test_a_childs_credential_is_bound_to_a_relatives_with_two_keys(hand: Hand) -> None:
    find(hand, "阿木古楞")
    assert "可绑：布仁" in cell(hand.page.people, "阿木古楞", 4)
    hand.key("2")
    assert field(hand, "holder").isVisible()
    hand.key("Return")
    assert (person(hand, "阿木古楞").credential, person(hand, "阿木古楞").bound_to) == (
        "family",
        person(hand, "布仁").record,
    )
    assert "布仁名下" in cell(hand.page.people, "阿木古楞", 4)
    assert "代绑：阿木古楞" in cell(hand.page.people, "布仁", 4)


def test_without_anybody_active_the_form_says_whom_to_begin_with(hand: Hand) -> None:
    find(hand, "韩梓涵")
    assert "还没人激活" in cell(hand.page.people, "韩梓涵", 4)
    hand.key("2")
    assert "按 2" in field(hand, "holder").editor.accessibleDescription()
    hand.key("Escape")
    choose(hand, "苏雅拉")
    hand.key("2", "Return")
    assert person(hand, "苏雅拉").credential == "self"
    assert "可绑：苏雅拉" in cell(hand.page.people, "韩梓涵", 4)


# ---- settling, history, taking back


def test_a_dispute_is_settled_on_the_card_by_its_key(hand: Hand) -> None:
    find(hand, "呼和")
    assert (
        hand.page.view.settle.isVisible()
        and "暂" in hand.page.view.where.text() + cell(hand.page.people, "呼和", 5) + "暂"
    )
    hand.key("X")
    hand.until(lambda: hand.page.recorder.panel is not None)
    hand.key("2")
    assert person(hand, "呼和").unsettled == ()
    assert person(hand, "呼和").phone in ("13700000001", "13700000002")
    hand.key("Z", modifier=CONTROL)
    assert person(hand, "呼和").unsettled == ("resident.contact",)


def test_any_entry_of_the_history_is_taken_back_with_a_reason(hand: Hand) -> None:
    find(hand, "布仁")
    choose(hand, "布仁")
    hand.key("Right")
    history = hand.page.view.history
    assert history.hasFocus()
    wanted = next(line for line, row in enumerate(hand.page.past.rows) if row.kind == "credential")
    while history.currentIndex().row() != wanted:
        hand.key("Down")
    hand.key("U", "Return")
    assert field(hand, "reason").error() and person(hand, "布仁").credential == "self"
    hand.key("1", "Return")
    assert person(hand, "布仁").credential == ""
    hand.key("Z", modifier=CONTROL)
    assert person(hand, "布仁").credential == "self"


def test_the_history_of_the_whole_household_names_each_person(hand: Hand) -> None:
    find(hand, "布仁")
    hand.key("H")
    texts = [
        str(hand.page.past.data(hand.page.past.index(line, 1), Qt.ItemDataRole.AccessibleTextRole))
        for line in range(hand.page.past.rowCount())
    ]
    assert any("布仁" in text and "凭证" in text for text in texts)
    assert any("阿木古楞" in text and "400" in text for text in texts)


def test_what_a_list_brought_of_who_somebody_is_cannot_be_taken_back_here(hand: Hand) -> None:
    find(hand, "南双喜")
    hand.key("Right")
    history = hand.page.view.history
    wanted = next(line for line, row in enumerate(hand.page.past.rows) if row.register == "identity")
    while history.currentIndex().row() != wanted:
        hand.key("Down")
    assert not hand.page.view.take_back.isEnabled()


def test_escape_goes_back_step_by_step(hand: Hand) -> None:
    find(hand, "布仁")
    hand.key("Right")
    assert hand.page.view.history.hasFocus()
    hand.key("Escape")
    assert hand.page.view.people.hasFocus()
    hand.key("Escape")
    assert hand.page.view.list.hasFocus()


def test_taking_somebody_out_is_two_keys_away_and_asks_why(hand: Hand) -> None:
    find(hand, "呼和")
    hand.key("Delete", modifier=CONTROL)
    hand.key("Return")
    assert field(hand, "reason").error()
    hand.type("重复录入")
    hand.key("Return")
    assert all(card.person.name != "呼和" for _home, card in hand.desk.book.people())
    assert village.CODE
