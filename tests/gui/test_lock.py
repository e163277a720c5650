"""The window locks by key and by itself; behind it everything stays, and only the passphrase brings it back."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.pages.start.locked import LockedForm
from storage.attempts import FREE
from tests.gui import village
from tests.gui.conftest import Hand


def form_of(hand: Hand) -> LockedForm:
    found = hand.app.window.content().findChildren(LockedForm)
    assert len(found) == 1
    return found[0]


def lock(hand: Hand) -> LockedForm:
    hand.key("L", modifier=Qt.KeyboardModifier.ControlModifier)
    assert hand.app.window.shell() is None
    return form_of(hand)


def test_locked_by_key_and_brought_back_as_it_was(hand: Hand) -> None:
    hand.open("households")
    hand.key("Right", "3")
    shell, panel = hand.shell, hand.page.recorder.panel
    form = lock(hand)
    assert "查干沟" not in hand.app.window.windowTitle()
    for widget in (shell, panel):
        assert not widget.isVisible()
    hand.key("1", "Escape")  # keys of the page behind are nobody's; Escape throws nothing away
    assert hand.app.window.shell() is None
    form.first().setFocus()
    hand.key(Qt.Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
    hand.type(village.PASSPHRASE)
    hand.key("Return")
    hand.until(lambda: hand.app.window.shell() is not None)
    assert hand.shell is shell and hand.page.recorder.panel is panel and panel.isVisible()
    assert "查干沟" in hand.app.window.windowTitle()


def test_a_wrong_passphrase_is_told_and_slows_down(hand: Hand) -> None:
    form = lock(hand)
    for _ in range(FREE):
        form.first().setFocus()
        hand.type("不对")
        hand.key("Return")
        hand.until(lambda: bool(form.passphrase.error()))
    assert hand.app.window.shell() is None
    hand.until(lambda: form.pause.waiting())
    assert not form.go.isEnabled()


def test_it_locks_by_itself_when_nobody_is_there(hand: Hand) -> None:
    idle = hand.app.locking.idle
    assert idle._timer.isActive() and idle._timer.interval() == 10 * 60_000
    QTest.qSleep(30)
    left = idle._timer.remainingTime()
    QTest.mouseMove(hand.app.window.windowHandle(), QPoint(200, 200))
    hand.settle()
    assert idle._timer.remainingTime() > left  # somebody is there: counted anew
    idle.reached.emit()
    assert hand.app.window.shell() is None and form_of(hand)
    idle.reached.emit()  # once is enough
    assert form_of(hand)


def test_how_long_can_be_chosen(hand: Hand) -> None:
    hand.open("settings")
    timer = hand.app.locking.idle._timer
    hand.page.ledger.lock.press("4")
    hand.until(lambda: not timer.isActive())
    assert hand.app.settings.lock_minutes == 0
    hand.page.ledger.lock.press("1")
    hand.until(lambda: timer.interval() == 5 * 60_000 and timer.isActive())


def test_a_window_that_closes_locks_no_more(hand: Hand) -> None:
    timer = hand.app.locking.idle._timer
    assert timer.isActive()
    hand.app.close()
    assert not timer.isActive()


def test_somebody_else_can_go_on(hand: Hand) -> None:
    form = lock(hand)
    form.back.click()
    hand.settle()
    assert hand.app.window.shell() is None and not hand.app.window.content().findChildren(LockedForm)
