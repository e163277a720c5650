"""The walking order on the page of lists: by keys, by whole lanes, by dragging; kept, undone, printed so."""

from PySide6.QtCore import Qt

from gui.ops import ChangeOp
from storage.commands import people
from storage.ledger import Changes, Ledger
from tests.gui.conftest import Hand


def lay(ledger: Ledger, home: str, lane: str) -> Changes:
    """Put a household into a lane."""
    return people.arrange(ledger, home, "place", lane=lane)


def open_route(hand: Hand):
    hand.open("visits")
    hand.page.view.walk.click()
    hand.settle()
    route = hand.page.view.route
    route.group.setCurrentText("02组")
    assert len(route.doors.rows) == 3
    return route


def names(route) -> list[str]:
    return [one.household.record for one in route.doors.rows]


def test_a_door_is_moved_by_keys_and_the_list_follows(hand: Hand) -> None:
    route = open_route(hand)
    before = names(route)
    route.table.selectRow(1)
    hand.key("Up", modifier=Qt.KeyboardModifier.AltModifier)
    hand.until(lambda: names(route) != before)
    assert names(route) == [before[1], before[0], *before[2:]]
    assert route.table.current_row().household.record == before[1]  # the line goes with it
    book = [card.household.record for card in hand.desk.book.cards]
    assert [one for one in book if one in before] == names(route)
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: names(route) == before)


def test_dragging_asks_for_the_place_it_was_dropped_at(hand: Hand) -> None:
    route = open_route(hand)
    before = names(route)
    route.table.dropped.emit(0, 3)  # dropped below the third
    hand.until(lambda: names(route) != before)
    assert names(route) == [before[1], before[2], before[0], *before[3:]]
    hand.page.view.route.reset.click()
    hand.until(lambda: names(route) == before)


def test_a_lane_moves_as_one_and_escape_goes_back_to_the_list(hand: Hand) -> None:
    homes = [card.household.record for card in hand.desk.book.cards if card.household.group == "02组"]
    for home, lane in zip(homes, ("东巷", "东巷", "西巷"), strict=True):
        op = ChangeOp(lambda it, _task, home=home, lane=lane: lay(it, home, lane), "", (home,))
        hand.desk.change(op, owner=hand.desk)
    hand.settle()
    route = open_route(hand)
    assert names(route) == homes
    route.table.selectRow(2)
    hand.key("Up", modifier=Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
    hand.until(lambda: names(route) == [homes[2], homes[0], homes[1]])
    hand.key("Down", modifier=Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
    hand.until(lambda: names(route) == homes)
    hand.key("Escape")
    hand.until(lambda: hand.page.view.right.currentWidget() is hand.page.view.preview)
