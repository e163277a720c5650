"""Kits and devices: how each place stands, requests for help answered, content left out, the telephone directory."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui.models import devices as model
from gui.ops import change
from storage.clock import Clock
from storage.commands import contacts
from storage.ledger import Ledger
from storage.log import WITHHELD
from sync import help as helping
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.dropping import drop
from tests.gui.office import Township
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen

VILLAGE = "150621102201"
LIST = "单位名称,联络员姓名,联系方式\n旗民政局,苏和,0477-5550202\n柳林村,巴图,13900000001\n某处,无名,没有\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield office.make(tmp_path_factory.mktemp("directory"), waiting=["敖包梁村"])


@pytest.fixture
def township(made: Township, tmp_path: Path) -> Path:
    shutil.copytree(made.folder.parent, tmp_path / "all")
    return tmp_path / "all"


@pytest.fixture
def hand(start: Callable[..., Hand], township: Path) -> Hand:
    found = start(ledger=township / "office", passphrase=PASSPHRASE, data_dir=township / "office-data")
    found.until(lambda: found.app.window.shell() is not None, "for the ledger to open")
    found.settle()
    found.open("devices")
    return found


def states(hand: Hand) -> dict[str, tuple[str, ...]]:
    return {row.scope: row.states for row in hand.page.villages.rows}


def test_every_place_says_how_it_stands_and_what_wants_somebody_comes_first(
    hand: Hand, township: Path
) -> None:
    found = states(hand)
    assert found["150621102250"] == (model.OUT,)
    assert found[VILLAGE] == (model.TO_COMPARE, model.JOINED)
    assert hand.page.view.summary.text() == "待核对代码 3，已制作，还没收到文件 1"
    hand.page.view.villages.select(VILLAGE)
    hand.settle()
    hand.key("C")
    hand.key("X")
    hand.type("电脑丢失")
    hand.key("Return")
    hand.settle()
    assert states(hand)[VILLAGE] == (model.STOPPED,)


def test_a_request_for_help_is_answered_by_keys_and_the_place_says_so(
    hand: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, reply = township / "求助.hqh", township / "答复.hqa"
    asked_ = helping.ask(
        township / VILLAGE, request, operator="巴图", passphrase="全新的 口令 1", clock=Clock(TODAY)
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(request), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(reply), ""))
    hand.key("U")
    assert hand.focus() is hand.page.helping.choose
    hand.key("H")
    hand.settle()
    assert hand.page.helping.compare.code.text() == asked_.code
    hand.page.refresh()
    hand.settle()
    assert states(hand)[VILLAGE][0] == model.ASKED
    hand.key("C")
    hand.settle()
    assert reply.exists()
    hand.key("Escape")
    hand.page.refresh()
    hand.settle()
    assert model.HELPED in states(hand)[VILLAGE] and model.ASKED not in states(hand)[VILLAGE]


def test_content_that_was_left_out_is_explained_and_waited_for_no_more(
    start: Callable[..., Hand], township: Path
) -> None:
    with Ledger.open(
        township / "office", passphrase=PASSPHRASE, data_dir=township / "office-data", clock=Clock(TODAY)
    ) as ledger:
        oid = ledger.connection.execute(
            "SELECT o.oid FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ? ORDER BY o.id DESC LIMIT 1",
            (VILLAGE,),
        ).fetchone()[0]
        ledger.connection.execute("UPDATE op SET inert = ? WHERE oid = ?", (WITHHELD, oid))
    hand = start(ledger=township / "office", passphrase=PASSPHRASE, data_dir=township / "office-data")
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("devices")
    hand.page.view.villages.select(VILLAGE)
    hand.settle()
    place = hand.page.view.place
    assert "1 条" in place.withheld.text() and place.accept.isVisible()
    hand.key("E")
    hand.settle()
    assert not place.accept.isVisible() and "不再等待" in hand.notice()


def test_the_directory_is_filled_from_a_list_changed_undone_and_written_by_keys(
    hand: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = township / "通讯录.csv"
    source.write_bytes(LIST.encode("gb18030"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(source), ""))
    hand.key("P")
    hand.settle()
    panel = hand.page.directory
    hand.key("I")
    hand.until(lambda: panel.over.isVisible(), "for the list to be read")
    assert "新增 2 条" in panel.over.text.text() and "某处" in panel.over.text.text()
    hand.key("Y")
    hand.settle()
    assert [(row.unit, row.unit_code) for row in panel.rows.rows] == [("旗民政局", ""), ("柳林村", VILLAGE)]
    panel.table.select((panel.rows.rows[1].scope, panel.rows.rows[1].record))
    panel.table.setFocus()
    hand.key("Return")
    panel.form.lines["phone"].setText("打他家")
    panel.form.lines["phone"].setFocus()
    hand.key("Return")
    hand.settle()
    assert panel.form.fields["phone"].error()
    panel.form.lines["phone"].setText("13900000009")
    hand.key("Return")
    hand.settle()
    assert panel.rows.rows[1].phone == "13900000009" and panel.form.isHidden()
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    panel.refresh()
    hand.settle()
    assert panel.rows.rows[1].phone == "13900000001"
    for name in ("通讯录.xlsx", "通讯录.pdf"):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (str(township / name), ""))
        hand.key("E")
        hand.settle()
        assert (township / name).stat().st_size > 2000
    hand.key("Escape")
    assert not hand.page.view.is_in_directory()
    hand.page.view.villages.select(VILLAGE)
    hand.page.refresh()
    hand.settle()
    assert "13900000001" in hand.page.view.place.ring.text()


def test_a_village_sees_the_numbers_its_office_gave_it(
    hand: Hand, start: Callable[..., Hand], township: Path
) -> None:
    entry = contacts.Entry("白泥井镇医保办", "office", office.CODE, "高娃", "", "0477-5550101", shared=True)
    hand.desk.change(change(lambda ledger: contacts.save(ledger, entry), ""), owner=hand.page)
    hand.settle()
    hand.open("exchange").sending.send_into(township / "down")
    hand.settle()
    at_village = start(
        ledger=township / VILLAGE, passphrase=PASSPHRASE, data_dir=township / f"{VILLAGE}-data"
    )
    at_village.until(lambda: at_village.app.window.shell() is not None, "for the ledger to open")
    at_village.settle()
    page = at_village.open("exchange")
    (own,) = [path for path in (township / "down").iterdir() if path.name.startswith("201-")]
    drop(page, own)
    at_village.settle()
    page.refresh()
    at_village.settle()
    assert "0477-5550101" in page.view.office_text.text()
