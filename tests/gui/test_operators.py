"""Who works on a ledger: let in, given rights, removed; each with a passphrase and entries of their own."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QToolTip, QWidget

from gui.pages.settings.page import ACCESS, BACKUPS, OPERATORS, SettingsPage
from gui.pages.start.page import StartPage
from gui.pages.start.unlock import UnlockForm
from gui.widgets.buttons import KeyButton
from gui.widgets.passphrase import NewPassphrase, line_of
from storage import backup, keys, operators
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.operators import EXCHANGE, KEYS, RECORD
from tests.gui.conftest import Hand
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen

ME, LI, SA = "王联络员", "李会计", "萨仁图雅"
SECRETS = {ME: PASSPHRASE, LI: "li and a river", SA: "sa and a stone"}
WRONG = "something else"


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a passphrase cost next to nothing."""
    cheapen(monkeypatch)


@pytest.fixture
def folder(made_village: Path, tmp_path: Path) -> Path:
    """A village in which three people work: one manages the keys, one sends, one only records."""
    shutil.copytree(made_village, tmp_path / "ledger")
    with by(tmp_path / "ledger", ME) as ledger:
        operators.add(ledger, LI, SECRETS[LI], (RECORD, EXCHANGE))
        operators.add(ledger, SA, SECRETS[SA], (RECORD,))
    return tmp_path / "ledger"


def by(folder: Path, name: str, secret: str = "") -> Ledger:
    """The ledger, opened by somebody."""
    return Ledger.open(
        folder,
        passphrase=secret or SECRETS[name],
        operator=name,
        data_dir=folder.parent / "data",
        clock=Clock(TODAY),
    )


def roles(folder: Path) -> dict[str, tuple[str, ...]]:
    """Who may do what, in a ledger that is closed or not."""
    with by(folder, LI) as ledger:
        return {one.name: one.roles for one in operators.listed(ledger) if one.removed_on is None}


def at_work(start: Callable[..., Hand], folder: Path, name: str) -> Hand:
    """The window of somebody at work."""
    hand = start(ledger=folder, passphrase=SECRETS[name], operator=name)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.until(lambda: hand.desk.book.loaded, "for the households")
    hand.settle()
    return hand


@pytest.fixture
def keeper(start: Callable[..., Hand], folder: Path) -> Hand:
    """The window of who manages the keys, on the list of operators."""
    hand = at_work(start, folder, ME)
    hand.open("settings", OPERATORS)
    return hand


def settings(hand: Hand) -> SettingsPage:
    page = hand.page
    assert isinstance(page, SettingsPage)
    return page


def choose(hand: Hand, chosen: NewPassphrase, secret: str) -> None:
    """Type a new passphrase twice, going on by Tab."""
    for field in (chosen.first, chosen.again):
        line_of(field).setFocus()
        hand.type(secret)


def unlock_form(hand: Hand) -> UnlockForm:
    page = hand.app.window.content()
    assert isinstance(page, StartPage) and isinstance(page.form, UnlockForm)
    return page.form


# ---- the list


def test_the_list_says_who_may_do_what_and_who_is_gone(keeper: Hand, folder: Path) -> None:
    with by(folder, ME) as ledger:
        operators.remove(ledger, SA)
    part = settings(keeper).operators
    part.refresh()
    keeper.settle()
    texts = {one.name: [column.text(one) for column in part.rows.columns] for one in part.rows.rows}
    assert texts[ME][1] == "录入，收发与公布，管理口令" and texts[LI][1] == "录入，收发与公布"
    assert TODAY.isoformat() in texts[SA][2] and texts[SA][2] != TODAY.isoformat()
    assert [one.name for one in part.rows.rows][-1] == SA  # who is gone stands last
    assert part.table.current_row().name == ME


def test_somebody_is_let_in_by_keys_and_records_under_their_own_name(
    start: Callable[..., Hand], hand: Hand
) -> None:
    hand.open("settings")
    hand.key("2")  # the parts carry digits
    hand.key("A")
    form = settings(hand).operators.adding
    assert form.name_line.hasFocus()
    hand.type("苏日娜")
    hand.key("Tab")
    hand.type("three short words")
    hand.key("Tab")
    hand.type("three short words")
    hand.key("Return")
    assert "苏日娜" in hand.notice()
    part = settings(hand).operators
    assert {one.name: one.roles for one in part.rows.rows}["苏日娜"] == (RECORD, EXCHANGE)
    folder = hand.desk.facts.folder
    settings(hand).show_part("ledger")
    hand.key("W")
    form = unlock_form(hand)
    assert form.who.value() == ME  # who was at work last
    form.who.row.setFocus()
    hand.key("2")
    assert form.who.value() == "苏日娜" and form.passphrase.editor.hasFocus()
    hand.type("three short words")
    hand.key("Return")
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    assert hand.desk.operator == "苏日娜"
    hand.open("households")
    hand.key("Right", "2", "Return")
    assert hand.page.past.rows[0].who == "苏日娜"
    again = start(ledger=folder)
    assert unlock_form(again).who.value() == "苏日娜"  # remembered on this computer


@pytest.mark.parametrize(("name", "first", "again", "wrong"), [
    ("", "three short words", "three short words", "name"),
    (LI, "three short words", "three short words", "name"),
    ("(苏)", "three short words", "three short words", "name"),
    ("苏日娜", "short", "short", "first"),
    ("苏日娜", "three short words", "three other words", "again"),
])  # fmt: skip
def test_what_is_missing_is_said_beside_it(
    keeper: Hand, name: str, first: str, again: str, wrong: str
) -> None:
    part = settings(keeper).operators
    keeper.click(part.add)
    form = part.adding
    form.name_line.setText(name)
    line_of(form.chosen.first).setText(first)
    line_of(form.chosen.again).setText(again)
    keeper.click(form.go)
    fields = {"name": form.name, "first": form.chosen.first, "again": form.chosen.again}
    assert [key for key, field in fields.items() if field.error()] == [wrong]
    assert part.side.shown() is form and form.go.isEnabled()
    assert len([one for one in part.rows.rows if not one.removed_on]) == 3


def test_a_right_is_given_with_the_mouse(keeper: Hand, folder: Path) -> None:
    part = settings(keeper).operators
    part.table.select(LI)
    assert not part.card.save.isEnabled()  # nothing to save yet
    keeper.click(part.card.rights.buttons()[2])
    keeper.click(part.card.save)
    assert LI in keeper.notice() and roles(folder)[LI] == (RECORD, EXCHANGE, KEYS)
    part.table.select(SA)
    for button in part.card.rights.buttons()[:1]:
        keeper.click(button)
    assert not part.card.save.isEnabled()  # somebody without any right


def test_the_last_who_manages_the_keys_stays(keeper: Hand, folder: Path) -> None:
    part = settings(keeper).operators
    part.table.select(ME)
    keeper.click(part.card.rights.buttons()[2])
    keeper.click(part.card.save)
    assert ME in part.card.trouble.text() and KEYS in roles(folder)[ME]
    keeper.key("Delete")
    keeper.click(part.removing.go)
    assert ME in part.removing.trouble.text() and ME in roles(folder)


def test_who_is_removed_cannot_open_it_and_can_come_back(keeper: Hand, folder: Path) -> None:
    part = settings(keeper).operators
    part.table.select(SA)
    keeper.key("Delete")
    assert part.removing.cancel.hasFocus()  # Return alone removes nobody
    keeper.click(part.removing.go)
    assert SA in keeper.notice() and SA not in roles(folder)
    with pytest.raises(KnownError):
        by(folder, SA)
    part.table.select(SA)
    assert not part.card.remove.isVisible()
    keeper.key("I")
    assert part.adding.name_line.text() == SA
    choose(keeper, part.adding.chosen, "a newer passphrase")
    keeper.key("Return")
    by(folder, SA, "a newer passphrase").close()


def test_giving_up_ones_own_rights_shows_at_once(keeper: Hand, folder: Path) -> None:
    with by(folder, ME) as ledger:
        operators.set_roles(ledger, LI, (RECORD, EXCHANGE, KEYS))
    part = settings(keeper).operators
    part.table.select(ME)
    keeper.click(part.card.rights.buttons()[2])
    keeper.click(part.card.save)
    keeper.until(lambda: keeper.shell.key == "settings" and not keeper.desk.may(KEYS))
    keeper.settle()
    keeper.open("settings", OPERATORS)
    assert not settings(keeper).operators.add.isEnabled()


# ---- what somebody may not do


def test_what_one_may_not_do_is_off_and_says_why(start: Callable[..., Hand], folder: Path) -> None:
    hand = at_work(start, folder, SA)
    page = hand.open("settings", OPERATORS)
    part = page.operators
    for button in (part.add, part.card.remove, part.card.renew, *part.card.rights.buttons()):
        assert not button.isEnabled() and "管理口令" in button.toolTip() and SA in button.toolTip()
    assert part.mine.isEnabled()  # one's own passphrase is one's own
    hand.open("settings", BACKUPS)
    hand.open("settings", ACCESS)
    assert not page.backups.restore.isEnabled() and page.backups.take_one.isEnabled()
    assert not page.access.sheets.print.isEnabled()
    exchange = hand.open("exchange")
    assert not exchange.view.send.isEnabled() and "收发与公布" in exchange.view.send.toolTip()
    intake = hand.open("intake")
    assert not intake.view.write.toolTip()  # recording is hers


def test_a_press_on_what_is_off_tells_why_at_once(start: Callable[..., Hand], folder: Path) -> None:
    hand = at_work(start, folder, SA)
    part = hand.open("settings", OPERATORS).operators
    QTest.mouseClick(part.add, Qt.MouseButton.LeftButton)
    assert "管理口令" in QToolTip.text()
    assert part.side.shown() is part.card
    QToolTip.hideText()


def test_a_key_without_a_button_gives_the_sentence(start: Callable[..., Hand], folder: Path) -> None:
    with by(folder, ME) as ledger:
        operators.set_roles(ledger, SA, (EXCHANGE,))
    hand = at_work(start, folder, SA)
    hand.open("households")
    assert not hand.page.view.all_paid.isEnabled()
    hand.key("Right")
    hand.key("2")
    assert hand.page.recorder.panel is None and "录入" in hand.notice() and SA in hand.notice()


# ---- passphrases


def test_ones_own_passphrase_changes_and_older_backups_keep_the_old_one(keeper: Hand, folder: Path) -> None:
    with by(folder, ME) as ledger:
        saved = backup.take(ledger, "by-hand")
    part = settings(keeper).operators
    keeper.key("P")
    form = part.changing
    assert form.old.editor.hasFocus() and any("旧口令" in one.text() for one in form.findChildren(QLabel))
    keeper.type(WRONG)
    choose(keeper, form.chosen, "a newer passphrase")
    keeper.key("Return")
    assert form.old.error() and form.old.editor.hasFocus()
    keeper.type(PASSPHRASE)
    keeper.key("Return")
    assert "旧口令" in keeper.notice()
    by(folder, ME, "a newer passphrase").close()
    with pytest.raises(KnownError):
        keys.unlock(folder, PASSPHRASE, ME)
    assert keys.unlock(saved, PASSPHRASE, ME)[1] == ME


def test_a_colleague_gets_a_new_passphrase(keeper: Hand, folder: Path) -> None:
    part = settings(keeper).operators
    part.table.select(SA)
    keeper.key("N")
    assert SA in part.renewing.accessibleName()
    choose(keeper, part.renewing.chosen, "a newer passphrase")
    keeper.key("Return")
    assert SA in keeper.notice()
    by(folder, SA, "a newer passphrase").close()
    assert roles(folder)[SA] == (RECORD,)
    part.table.select(ME)
    assert not part.card.renew.isVisible()  # one's own is changed, not renewed


def test_wrong_passphrases_pause_in_sight_while_the_window_lives(
    start: Callable[..., Hand], folder: Path
) -> None:
    hand = start(ledger=folder)
    form = unlock_form(hand)
    form.who.row.setFocus()
    hand.key("2")
    failed = 0.0
    for _again in range(3):
        assert form.go.isEnabled()
        failed = time.monotonic()
        hand.type(WRONG)
        hand.key("Return")
        assert form.passphrase.error()
    assert not form.go.isEnabled() and "秒" in form.pause.text()
    line_of(form.passphrase).setText("typed while it waits")  # the window takes keys all along
    hand.key("Return")
    assert form.pause.waiting() and not hand.app.runner.busy()
    other = start(ledger=folder)  # another window, or the program begun anew, waits as well
    shown = not unlock_form(other).go.isEnabled()
    assert shown or time.monotonic() - failed > 1, "a machine so busy that the pause was over meanwhile"
    began = time.monotonic()
    hand.until(lambda: form.go.isEnabled(), "for the pause to end")
    assert time.monotonic() - began < 5 and not form.pause.text()
    line_of(form.passphrase).setText(SECRETS[LI])
    hand.click(form.go)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    assert hand.desk.operator == LI


def test_nobody_is_tried_without_a_name_or_a_passphrase(start: Callable[..., Hand], folder: Path) -> None:
    hand = start(ledger=folder)
    form = unlock_form(hand)
    line_of(form.passphrase).setText(SECRETS[LI])
    hand.click(form.go)
    assert form.who.error() and hand.app.window.shell() is None
    form.who.row.choose(LI)
    line_of(form.passphrase).clear()
    hand.click(form.go)
    assert form.passphrase.error() and not form.pause.waiting()
    assert not (hand.app.place.data_dir / "attempts").exists()  # nothing was tried


def test_another_colleagues_passphrase_opens_nothing_in_ones_name(
    start: Callable[..., Hand], folder: Path
) -> None:
    hand = start(ledger=folder)
    form = unlock_form(hand)
    form.who.row.choose(SA)
    line_of(form.passphrase).setText(SECRETS[LI])
    hand.click(form.go)
    assert form.passphrase.error() and hand.app.window.shell() is None


# ---- every part


@pytest.mark.parametrize("size", [(911, 512), (1366, 768)])
def test_every_part_fits_a_small_laptop_and_names_its_controls(keeper: Hand, size: tuple[int, int]) -> None:
    page = settings(keeper)
    part = page.operators
    opening = (part.add, part.mine, part.card.remove, page.backups.restore, page.access.sheets.print)
    for name in page.parts:
        page.show_part(name)
        keeper.app.window.resize(*size)
        keeper.settle()
        check(keeper, size)
        for button in opening:
            if button.isVisible() and button.isEnabled():
                button.click()
                keeper.settle()
                check(keeper, size)
                page.back()
                keeper.settle()


def check(hand: Hand, size: tuple[int, int]) -> None:
    """Nothing widens the window, no button is squeezed, everything one can press or fill has a name."""
    assert (hand.app.window.width(), hand.app.window.height()) == size
    for control in hand.page.findChildren(QWidget):
        if control.isVisible() and isinstance(control, QAbstractButton | QLineEdit):
            assert control.accessibleName() or not isinstance(control, KeyButton | QLineEdit), control
            assert control.width() >= control.minimumSizeHint().width(), control.accessibleName()
