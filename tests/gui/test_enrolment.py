"""From a kit to a ledger whose office is known to be the right one: opening, comparing, joining later."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from gui.pages.start.enrolled import EnrolledPage
from gui.pages.start.page import StartPage
from storage.clock import Clock
from storage.ledger import Ledger
from sync import devices, enrol, exchange, kits
from tests.gui import office, village
from tests.gui.conftest import Hand
from tests.gui.dropping import drop
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen

CODE, TITLE = "150621102216", "塔并召村"


@pytest.fixture(scope="module")
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield


@pytest.fixture
def at_office(cheap_keys: None, tmp_path: Path) -> Iterator[Ledger]:
    """An office without villages."""
    with enrol.create_office(
        tmp_path / "office", office.CODE, office.TITLE,
        passphrase=PASSPHRASE, operator="李科员", data_dir=tmp_path / "office-data", clock=Clock(TODAY),
    ) as ledger:  # fmt: skip
        yield ledger


@pytest.fixture
def kit(at_office: Ledger, tmp_path: Path) -> Path:
    """Its kit for a village."""
    kits.make(at_office, CODE, TITLE, tmp_path / "村.hqk")
    return tmp_path / "村.hqk"


def opened(start: Callable[..., Hand], kit: Path, folder: Path) -> Hand:
    """A window in which somebody opens a kit and fills the form in."""
    hand = start()
    page = hand.app.window.content()
    assert isinstance(page, StartPage)
    drop(page, kit)
    form = page.form
    assert form is not None
    secret = "三块石头 一条河"
    for line in form.findChildren(QLineEdit):
        if line.echoMode() == QLineEdit.EchoMode.Password:
            line.setText(secret)
    form.operator.editor.setText("苏联络员")
    form.folder.setText(str(folder))
    form.go.click()
    hand.until(lambda: isinstance(hand.app.window.content(), EnrolledPage), "for the ledger to be made")
    hand.settle()
    return hand


def enrolled(hand: Hand) -> EnrolledPage:
    page = hand.app.window.content()
    assert isinstance(page, EnrolledPage)
    return page


def test_a_kit_ends_with_the_fact_about_recovery_and_the_code_both_ends_see(
    start: Callable[..., Hand], at_office: Ledger, kit: Path, tmp_path: Path
) -> None:
    hand = opened(start, kit, tmp_path / "village")
    page = enrolled(hand)
    assert "恢复钥匙" in page.fact.text() and office.TITLE in page.fact.text()
    assert "打电话" in page.compare.text.text()
    shown = page.compare.code.text()
    assert hand.focus() is page.compare.put_off
    hand.key("C")
    hand.until(lambda: hand.app.window.shell() is not None, "for the pages")
    hand.settle()
    view = hand.open("exchange").view
    assert not view.code_card.isVisible() and "代码已核对" in view.office_text.text()
    hand.page.sending.send_into(tmp_path / "sent")
    hand.settle()
    (fate,) = exchange.receive(at_office, list((tmp_path / "sent").iterdir()))
    assert fate.new_device
    assert [one.code for one in devices.standings(at_office)] == [shown]


def test_who_does_not_compare_at_once_finds_the_code_again(
    start: Callable[..., Hand], kit: Path, tmp_path: Path
) -> None:
    hand = opened(start, kit, tmp_path / "village")
    shown = enrolled(hand).compare.code.text()
    assert enrolled(hand).compare.agree.isEnabled()
    hand.key(Qt.Key.Key_Escape)
    hand.until(lambda: hand.app.window.shell() is not None, "for the pages")
    hand.settle()
    assert "代码还没核对" in hand.shell.nav._foot.text()
    view = hand.open("exchange").view
    assert view.code_card.isVisible() and view.compare.code.text() == shown


def test_two_computers_of_a_village_know_of_each_other(
    start: Callable[..., Hand], at_office: Ledger, kit: Path, tmp_path: Path
) -> None:
    kits.make(at_office, CODE, TITLE, tmp_path / "second.hqk")
    second = enrol.open_kit(
        tmp_path / "second", tmp_path / "second.hqk",
        passphrase=PASSPHRASE, operator="副", data_dir=tmp_path / "second-data", clock=Clock(TODAY),
    )  # fmt: skip
    with second:
        exchange.receive(at_office, [exchange.send(second, tmp_path / "up")[0].path])
        handle = devices.handle_of(second.device.verify_key)
    hand = opened(start, kit, tmp_path / "village")
    hand.key(Qt.Key.Key_Escape)
    hand.until(lambda: hand.app.window.shell() is not None, "for the pages")
    hand.settle()
    page = hand.open("exchange")
    page.sending.send_into(tmp_path / "sent")
    hand.settle()
    exchange.receive(at_office, list((tmp_path / "sent").iterdir()))
    drop(page, exchange.send(at_office, tmp_path / "down")[0].path)
    hand.settle()
    assert f"本地另一台电脑：{handle}" in page.view.office_text.text()


# ---- a ledger begun alone


@pytest.fixture
def alone(start: Callable[..., Hand], cheap_keys: None, made_village: Path, tmp_path: Path) -> Hand:
    """A village's ledger with people and no office, on sending and receiving."""
    shutil.copytree(made_village, tmp_path / "ledger")
    hand = start(ledger=tmp_path / "ledger", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    hand.open("exchange")
    return hand


def test_a_ledger_begun_alone_joins_a_township_and_sends_all_it_has(
    alone: Hand, at_office: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = alone
    kits.make(at_office, village.CODE, "查干沟嘎查", tmp_path / "mine.hqk")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "mine.hqk"), ""))
    people = sum(len(card.people) for card in hand.desk.book.cards)
    hand.key("K")
    card = hand.page.join
    assert "都在" in card.text.text() and "恢复钥匙" in card.text.text() and office.TITLE in card.text.text()
    assert hand.focus() is card.go
    hand.click(card.leave)
    assert card.open.isVisible() and not card.go.isVisible() and hand.desk.facts.standalone
    hand.key("K")
    hand.key("J")
    hand.until(lambda: not hand.desk.facts.standalone, "for the ledger to join")
    hand.settle()
    view = hand.page.view
    assert hand.shell.key == "exchange" and view.code_card.isVisible() and not hand.page.join.isVisible()
    assert view.figures["unsent"].isVisible() and office.TITLE in view.send_text.text()
    hand.page.sending.send_into(tmp_path / "sent")
    hand.settle()
    (fate,) = exchange.receive(at_office, list((tmp_path / "sent").iterdir()))
    assert (fate.outcome, fate.new_device) == ("applied", True)
    count = at_office.connection.execute("SELECT count(*) FROM resident").fetchone()[0]
    assert count == people
    assert view.compare.code.text() == devices.standings(at_office)[0].code


def test_a_kit_for_another_village_is_refused_with_the_reason(alone: Hand, kit: Path, tmp_path: Path) -> None:
    hand, card = alone, alone.page.join
    drop(hand.page, kit)
    hand.settle()
    hand.click(card.go)
    hand.settle()
    assert TITLE in card.trouble.text() and hand.desk.facts.standalone and card.go.isEnabled()
    note = tmp_path / "假.hqk"
    note.write_text("x", "utf-8")
    drop(hand.page, note)
    hand.settle()
    assert card.trouble.text() and hand.desk.facts.standalone
    drop(hand.page, tmp_path / "somebody.hqb")
    assert "启用包" in card.trouble.text() and not hand.page.receiving.isVisible()


def test_a_ledger_that_belongs_to_an_office_joins_it_again_when_it_has_begun_anew(
    start: Callable[..., Hand], at_office: Ledger, kit: Path, tmp_path: Path
) -> None:
    who = {"passphrase": PASSPHRASE, "operator": "苏", "data_dir": tmp_path / "data", "clock": Clock(TODAY)}
    enrol.open_kit(tmp_path / "village", kit, **who).close()
    hand = start(ledger=tmp_path / "village", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    page = hand.open("exchange")
    assert not page.join.isVisible() and page.view.new_kit.isVisible()
    note = tmp_path / "假.hqk"
    note.write_text("x", "utf-8")
    drop(page, note)
    hand.settle()
    assert page.join.trouble.text() and not page.join.open.isVisible()
    hand.click(page.join.leave)
    assert not page.join.isVisible()
    kits.make(at_office, CODE, TITLE, tmp_path / "again.hqk")
    drop(page, tmp_path / "again.hqk")
    hand.settle()
    hand.click(page.join.go)
    hand.settle()
    assert hand.shell.key == "exchange" and not hand.page.join.isVisible()
    assert hand.page.view.code_card.isVisible() and hand.page.view.send.isEnabled()


def test_nothing_is_marked_as_not_sent_where_there_is_nobody_to_send_to(alone: Hand) -> None:
    hand = alone
    hand.open("households")
    hand.settle()
    assert hand.page.people.deliveries == {}
    texts = [
        piece.text
        for row in hand.page.past.rows
        for line in hand.page.past.columns[1].picture(row)
        for piece in line
    ]
    assert texts and not any("未报送" in text for text in texts)
