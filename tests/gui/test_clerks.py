"""A colleague's computer in the window: its kit by keys, compared, listed apart from the villages, stopped."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from storage.clock import Clock
from storage.ledger import Ledger
from sync import enrol, exchange
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.dropping import drop
from tests.gui.office import Township
from tests.gui.test_office import opened
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """A closed office ledger that received its villages."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield office.make(tmp_path_factory.mktemp("township"))


@pytest.fixture
def hand(start: Callable[..., Hand], made_office: Township, tmp_path: Path) -> Hand:
    """The window of the office, on its kits."""
    found = opened(start, made_office, tmp_path)
    found.open("devices")
    return found


def began(kit: Path, folder: Path, today: date = TODAY) -> Ledger:
    """A colleague's ledger, begun with a kit on another machine."""
    return enrol.open_kit(
        folder / "同事",
        kit,
        passphrase=PASSPHRASE,
        operator="苏会计",
        data_dir=folder / "d",
        clock=Clock(today),
    )


def test_a_colleague_s_kit_by_keys_until_the_computer_is_stopped(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [row.scope for row in hand.page.villages.rows]
    assert office.CODE not in before
    kit = tmp_path / "同事.hqk"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(kit), ""))
    hand.key("T")
    form = hand.page.view.form
    assert form.code_line.text() == office.CODE and "本办" in form.code_line.accessibleDescription()
    hand.key("Return")
    hand.settle()
    assert "同事" in hand.page.view.done_text.text() and not hand.page.view.old_text.text()
    assert [row.scope for row in hand.page.villages.rows] == [office.CODE, *before]
    with began(kit, tmp_path) as colleague:
        assert colleague.profile.title == office.TITLE
        (first,) = exchange.send(colleague, tmp_path / "up")
    hand.open("exchange")
    drop(hand.page, first.path)
    hand.settle()
    hand.open("devices")
    hand.page.view.villages.setFocus()
    hand.page.view.villages.select(office.CODE)
    hand.settle()
    (known,) = hand.page.devices.rows
    assert known.to_compare
    hand.key("C")
    hand.settle()
    (known,) = hand.page.devices.rows
    assert known.device.compared == TODAY.isoformat()
    hand.key("X")
    hand.type("换了岗位")
    hand.key("Return")
    hand.settle()
    hand.page.view.villages.select(office.CODE)
    (known,) = hand.page.devices.rows
    assert not known.active


def test_the_code_of_the_office_itself_may_be_typed(hand: Hand) -> None:
    hand.key("N")
    form = hand.page.view.form
    form.code_line.setText(office.CODE)
    assert not form.code.error()
    hand.key("Escape")
