"""Backups in a window: taken, looked through, put back; a ledger or a key file that is damaged; a full disk."""

import shutil
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from gui.pages.settings.page import BACKUPS
from gui.pages.start.page import StartPage
from gui.pages.start.restore import KeyFileForm, RestoreForm
from gui.widgets.passphrase import line_of
from storage import backup, keys, operators
from storage.clock import Clock
from storage.ledger import Ledger
from tests.gui.conftest import Hand
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen

ME = "王联络员"


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a passphrase cost next to nothing."""
    cheapen(monkeypatch)


@pytest.fixture
def folder(made_village: Path, tmp_path: Path) -> Path:
    """A village with two backups, of the same day."""
    shutil.copytree(made_village, tmp_path / "ledger")
    with opened(tmp_path / "ledger") as ledger:
        backup.take(ledger, "daily")
        backup.take(ledger, "before-receive")
    return tmp_path / "ledger"


def opened(folder: Path, secret: str = PASSPHRASE, day: date = TODAY) -> Ledger:
    """The ledger, opened beside the window or in place of it."""
    return Ledger.open(folder, passphrase=secret, data_dir=folder.parent / "data", clock=Clock(day))


@pytest.fixture
def at_work(start: Callable[..., Hand], folder: Path) -> Hand:
    """The window on the backups."""
    hand = start(ledger=folder, passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.until(lambda: hand.desk.book.loaded, "for the households")
    hand.open("settings", BACKUPS)
    return hand


def pay(hand: Hand, *way: str) -> None:
    """Record one more e-credential, as a person does; ``way`` are the keys to the person."""
    hand.open("households")
    hand.key("Right", *way, "2", "Return")
    assert hand.notice()


def oids(folder: Path, secret: str = PASSPHRASE) -> set[bytes]:
    with opened(folder, secret) as ledger:
        return {oid for (oid,) in ledger.connection.execute("SELECT oid FROM op")}


def whys(folder: Path) -> list[str]:
    return [backup.why(path) for path in backup.found_in(folder)]


def flip(path: Path) -> None:
    """Damage a file in its middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def form(hand: Hand):
    page = hand.app.window.content()
    assert isinstance(page, StartPage)
    return page.form


# ---- taking and looking through


def test_a_backup_is_made_by_key_and_says_when_why_and_how_large(at_work: Hand, folder: Path) -> None:
    part = at_work.page.backups
    before = len(part.rows.rows)
    at_work.key("B")
    assert len(part.rows.rows) == before + 1 and whys(folder)[0] == "by-hand"
    newest = part.rows.rows[0]
    texts = [column.text(newest) for column in part.rows.columns]
    assert texts[0].startswith("12-03 ") and texts[1] == "手动"
    assert newest.size == sum(file.stat().st_size for file in newest.path.iterdir()) and "KB" in texts[2]
    assert "12-03" in at_work.shell.nav._foot.text()


def test_all_are_looked_through_and_the_damaged_one_is_marked(at_work: Hand, folder: Path) -> None:
    part = at_work.page.backups
    newest, older = backup.found_in(folder)
    flip(older / "ledger.db")
    assert [line.verdict.state for line in part.rows.rows] == ["", ""]
    at_work.key("C")
    assert [line.verdict.state for line in part.rows.rows] == [backup.SOUND, backup.DAMAGED]
    assert "2/2" in at_work.notice() and "1" in at_work.notice()
    assert part.table.select(older) and not part.restore.isEnabled()  # nobody restores what is damaged
    assert part.table.select(newest) and part.restore.isEnabled()
    again = at_work.open("settings", BACKUPS)
    assert [line.verdict.looked_on for line in again.backups.rows.rows] == [TODAY.isoformat()] * 2


def test_looking_through_tells_how_far_it_is_and_stops(
    at_work: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, looked = at_work.page.backups, []
    plain = backup.verify

    def slow(path: Path, raw_key: bytes) -> backup.Verdict:
        looked.append(path)
        time.sleep(0.3)
        return plain(path, raw_key)

    monkeypatch.setattr(backup, "verify", slow)
    part.check_all.click()
    at_work.until(lambda: looked, "for the first")
    assert part.busy.isVisible() and not part.restore.isEnabled() and not part.check_all.isEnabled()
    part.busy.stop_button.click()
    at_work.settle()
    assert len(looked) == 1 and not part.busy.isVisible() and part.check_all.isEnabled()
    assert [line.verdict.state for line in part.rows.rows] == [backup.SOUND, ""]
    assert "1/2" in at_work.notice()


# ---- restoring


def test_one_button_restores_and_keeps_what_stood_there(at_work: Hand, folder: Path) -> None:
    before = len(oids(folder))
    replica = at_work.desk.facts.replica
    pay(at_work)
    assert len(oids(folder)) == before + 1
    part = at_work.open("settings", BACKUPS).backups
    at_work.key("R")
    assert part.side.shown() is part.asking and part.asking.first().hasFocus()
    at_work.key("Escape")
    assert part.side.shown() is part.about and len(oids(folder)) == before + 1
    at_work.key("R")
    part.asking.go.click()
    at_work.until(lambda: at_work.app.window.shell() is not None and at_work.desk.book.loaded)
    at_work.settle()
    assert len(oids(folder)) == before and whys(folder)[0] == backup.BEFORE_RESTORE
    assert "1 条" in at_work.notice() and "备份" in at_work.notice()
    assert at_work.desk.facts.replica != replica
    part = at_work.open("settings", BACKUPS).backups  # and back again in the same way
    assert part.table.select(backup.found_in(folder)[0])
    part.restore.click()
    part.asking.go.click()
    at_work.until(lambda: at_work.app.window.shell() is not None and at_work.desk.book.loaded)
    at_work.settle()
    assert len(oids(folder)) == before + 1
    pay(at_work, "Down")  # the ledger that is open is the one that is written


def test_a_backup_that_turns_out_damaged_changes_nothing(at_work: Hand, folder: Path) -> None:
    held = oids(folder)
    part = at_work.page.backups
    flip(part.rows.rows[0].path / "ledger.db")
    part.restore.click()
    part.asking.go.click()
    at_work.until(lambda: at_work.app.window.shell() is not None and at_work.desk.book.loaded)
    at_work.settle()
    assert "损坏" in at_work.notice() and oids(folder) == held
    assert backup.BEFORE_RESTORE not in whys(folder)
    pay(at_work)


def test_while_another_window_has_it_open_nothing_is_restored(at_work: Hand, folder: Path) -> None:
    part = at_work.page.backups
    with opened(folder):
        part.restore.click()
        part.asking.go.click()
        at_work.until(lambda: at_work.app.window.shell() is not None and at_work.desk.book.loaded)
        at_work.settle()
    assert "其他程序" in at_work.notice()
    assert backup.BEFORE_RESTORE not in whys(folder)
    pay(at_work)


# ---- a ledger that does not open


def test_a_damaged_ledger_offers_a_backup_where_it_is_opened(
    start: Callable[..., Hand], folder: Path
) -> None:
    held = oids(folder)
    (folder / "ledger.db").write_bytes(b"not a ledger any more" * 500)
    hand = start(ledger=folder)
    assert not form(hand).mend.isVisible()
    hand.type(PASSPHRASE)
    hand.key("Return")
    assert form(hand).mend.isVisible() and form(hand).mend.hasFocus() and form(hand).trouble.text()
    hand.key("Return")
    restoring = form(hand)
    assert isinstance(restoring, RestoreForm) and restoring.table.hasFocus()
    assert [line.why for line in restoring.lines.rows] == ["before-receive", "daily"]
    hand.key("Down", "Return")  # the older one; nothing is tried without a passphrase
    assert restoring.passphrase.error() and restoring.passphrase.editor.hasFocus()
    hand.type("something else")
    hand.key("Return")
    assert restoring.trouble.text() and restoring.go.isEnabled()
    line_of(restoring.passphrase).setText(PASSPHRASE)
    hand.click(restoring.go)
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    assert "恢复" in hand.notice() and oids(folder) == held
    assert whys(folder)[0] == backup.ASIDE  # the damaged files are kept too


def test_a_damaged_key_file_comes_back_without_touching_the_entries(
    start: Callable[..., Hand], folder: Path
) -> None:
    with opened(folder) as ledger:
        operators.change_passphrase(ledger, PASSPHRASE, "a newer passphrase")
    hand = start(ledger=folder, passphrase="a newer passphrase")
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    pay(hand)
    held = oids(folder, "a newer passphrase")
    hand.desk.events.leaving.emit()
    hand.settle()
    flip(folder / keys.FILE)
    hand.app.window.content().open_folder(folder)
    hand.settle()
    if not form(hand).mend.isVisible():  # damage inside a slot shows when it is tried
        line_of(form(hand).passphrase).setText("a newer passphrase")
        hand.click(form(hand).go)
    hand.click(form(hand).mend)
    mending = form(hand)
    assert isinstance(mending, KeyFileForm)
    line_of(mending.passphrase).setText("a newer passphrase")
    hand.click(mending.go)
    assert mending.trouble.text()  # the backups are of an earlier day
    line_of(mending.passphrase).setText(PASSPHRASE)
    hand.click(mending.go)
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    assert oids(folder) == held


def test_a_lost_ledger_is_restored_from_what_is_left(start: Callable[..., Hand], folder: Path) -> None:
    held = oids(folder)
    for name in ("ledger.db", keys.FILE):
        (folder / name).unlink()
    hand = start(ledger=folder)
    assert form(hand).mend.isVisible() and not form(hand).forgotten.isVisible()
    hand.click(form(hand).mend)
    restoring = form(hand)
    assert isinstance(restoring, RestoreForm)
    line_of(restoring.passphrase).setText(PASSPHRASE)
    hand.click(restoring.go)
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    assert oids(folder) == held


def test_back_leads_from_restoring_to_the_passphrase_and_on(start: Callable[..., Hand], folder: Path) -> None:
    (folder / "ledger.db").write_bytes(b"not a ledger any more" * 500)
    hand = start(ledger=folder)
    hand.type(PASSPHRASE)
    hand.key("Return")
    unlocking = form(hand)
    hand.key("Return")
    assert isinstance(form(hand), RestoreForm)
    hand.key("Escape")
    assert form(hand) is unlocking and unlocking.isVisible()
    hand.key("Escape")
    assert form(hand) is None and hand.app.window.content().ways["kit"].isVisible()


# ---- a disk that is full


def test_a_daily_backup_that_fails_is_told_calmly_and_stops_nobody(
    start: Callable[..., Hand], folder: Path
) -> None:
    shutil.rmtree(folder / backup.FOLDER)
    (folder / backup.FOLDER).write_text("a file where the folder should be", "utf-8")
    hand = start(ledger=folder, passphrase=PASSPHRASE, clock=Clock(TODAY + timedelta(days=1)))
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    hand.until(lambda: hand.notice(), "for the notice")
    assert "备份" in hand.notice() and "照常" in hand.notice()
    assert not [one for one in hand.app.window.findChildren(QDialog) if one.isVisible()]
    assert "没有做成" in hand.shell.nav._foot.text()
    hand.shell.notice.hide()
    hand.open("households")
    hand.key("Right", "2", "Return")
    assert hand.page.people.rows[0].person.credential  # recorded all the same
    assert "照常" not in hand.notice()  # told once
    hand.open("settings", BACKUPS)
    hand.key("B")
    assert hand.page.backups.trouble.text()
    (folder / backup.FOLDER).unlink()
    hand.key("B")
    assert not hand.page.backups.trouble.text() and whys(folder) == ["by-hand"]
    hand.settle()
    assert "没有做成" not in hand.shell.nav._foot.text()
