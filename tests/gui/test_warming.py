"""Pages made ahead while nobody touches the window are the same pages, and hold nobody up."""

from gui.pages.registry import pages_for
from gui.warming import Warming
from tests.gui.conftest import Hand


def _keys(hand: Hand) -> list[str]:
    return [spec.key for spec in pages_for(hand.desk.profile.role, hand.desk.profile.scope)]


def test_every_page_is_made_once_and_out_of_sight(hand: Hand) -> None:
    shown, page = hand.shell.key, hand.page
    made = sum(iter(hand.shell.make_next, False))
    assert made == len(_keys(hand)) - 1
    assert not hand.shell.make_next()
    assert (hand.shell.key, hand.page) == (shown, page)
    ahead = {key: hand.shell._pages[key] for key in _keys(hand)}
    assert [key for key, one in ahead.items() if one.isVisible()] == [shown]
    for key in _keys(hand):
        assert hand.open(key) is ahead[key]


def test_a_page_made_ahead_stands_where_it_stood(hand: Hand) -> None:
    hand.shell._places["households"] = {"filter": ["unpaid", ""]}
    while hand.shell.make_next():
        pass
    # What was never looked at keeps the place it had.
    assert hand.shell.place()["pages"]["households"] == {"filter": ["unpaid", ""]}
    page = hand.open("households")
    assert page.listing.filter.code == "unpaid"
    assert hand.shell.place()["pages"]["households"]["filter"] == ["unpaid", ""]


def test_it_waits_for_the_ledger_and_ends_with_the_last_page(hand: Hand) -> None:
    busy = [True]
    asked: list[bool] = []

    def is_busy() -> bool:
        asked.append(busy[0])
        return busy[0]

    warming = Warming(hand.shell, hand.app.window.windowHandle(), is_busy)
    warming._idle.begin(1e-5)
    hand.until(lambda: asked)
    assert len(hand.shell._pages) == 1
    while hand.shell.make_next():
        pass
    busy[0] = False
    warming._idle.begin(1e-5)
    hand.until(lambda: hand.shell.findChild(Warming) is None)


def test_pages_are_made_ahead_only_where_that_was_asked_for(hand: Hand) -> None:
    assert hand.shell.findChild(Warming) is None
