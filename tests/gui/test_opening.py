"""A file opened from the desktop: what begins a ledger begins one, what is for an open one waits for it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.pages.start.alone import RosterForm
from gui.pages.start.forms import KitForm
from gui.pages.start.page import StartPage
from gui.pages.start.unlock import UnlockForm
from gui.settings import Settings
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import Township
from tests.gui.village import PASSPHRASE
from tests.unit.storage.worlds import cheapen


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """An office that has received nothing, the files of its villages, and a kit nobody opened."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield office.make(tmp_path_factory.mktemp("township"), received=False, waiting=["新民村"])


@pytest.fixture
def township(made: Township, tmp_path: Path) -> Path:
    """A folder of one's own with everything in it."""
    shutil.copytree(made.folder.parent, tmp_path / "all")
    return tmp_path / "all"


def page_of(hand: Hand) -> StartPage:
    page = hand.app.window.content()
    assert isinstance(page, StartPage)
    return page


def known(township: Path, name: str) -> Path:
    """Have the computer remember a ledger as the last one opened."""
    data = township / f"{name}-data"
    settings = Settings(data)
    settings.remember(township / name, name)
    settings.save()
    return data


def test_a_kit_begins_a_village(start: Callable[..., Hand], township: Path, tmp_path: Path) -> None:
    hand = start(ledger=township / "kits" / "50.hqk", data_dir=tmp_path / "new")
    form = page_of(hand).form
    assert isinstance(form, KitForm) and "新民村" in form.text.text() and form.go.isEnabled()


def test_a_roster_begins_a_village(start: Callable[..., Hand], tmp_path: Path) -> None:
    (tmp_path / "册.csv").write_text("姓名,身份证号码\n韩占山,150621196803120310\n", encoding="gbk")
    hand = start(ledger=tmp_path / "册.csv", data_dir=tmp_path / "new")
    assert isinstance(page_of(hand).form, RosterForm)


def test_a_bundle_waits_for_the_passphrase_and_is_taken_in(
    start: Callable[..., Hand], township: Path, made: Township
) -> None:
    (path, *_others) = sorted((township / "sent").glob("*.hqb"))
    hand = start(ledger=path, data_dir=known(township, "office"))
    form = page_of(hand).form
    assert isinstance(form, UnlockForm) and path.name in form.text.text()
    form.first().setFocus()
    hand.type(PASSPHRASE)
    QTest.keyClick(hand.focus(), Qt.Key.Key_Return)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.until(lambda: hand.page.receiving.fates.rows, "for the file to be taken in")
    hand.settle()
    assert hand.shell.key == "exchange"
    assert [(fate.name, fate.outcome) for fate in hand.page.receiving.fates.rows] == [(path.name, "applied")]


def test_a_bundle_is_not_taken_in_twice_by_another_look(
    start: Callable[..., Hand], township: Path, made: Township
) -> None:
    (path, *_others) = sorted((township / "sent").glob("*.hqb"))
    hand = start(ledger=path, data_dir=known(township, "office"))
    page_of(hand).form.first().setFocus()
    hand.type(PASSPHRASE)
    QTest.keyClick(hand.focus(), Qt.Key.Key_Return)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.until(lambda: hand.page.receiving.fates.rows)
    hand.settle()
    hand.app._on_redressing()  # another face: the window is built anew
    hand.settle()
    hand.open("exchange")
    assert not hand.page.receiving.fates.rows


def test_without_a_ledger_it_is_said_what_to_open_first(
    start: Callable[..., Hand], township: Path, tmp_path: Path
) -> None:
    (path, *_others) = sorted((township / "sent").glob("*.hqb"))
    hand = start(ledger=path, data_dir=tmp_path / "new")
    form = page_of(hand).form
    assert "启用包" in form.trouble.text() and path.name in form.trouble.text()
    assert not form.go.isEnabled()


def test_a_request_for_help_opens_where_it_is_answered(start: Callable[..., Hand], township: Path) -> None:
    (township / "求助.hqh").write_bytes(b"HQH1\nno request at all")
    hand = start(ledger=township / "求助.hqh", data_dir=known(township, "office"))
    page_of(hand).form.first().setFocus()
    hand.type(PASSPHRASE)
    QTest.keyClick(hand.focus(), Qt.Key.Key_Return)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    assert hand.shell.key == "settings"
    hand.until(lambda: hand.page.access.help.trouble.text(), "for the sentence about the file")
