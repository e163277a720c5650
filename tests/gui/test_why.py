"""Why, at the window: on a key, for another day, for WeChat, on paper; on the household page and at the office."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel

from gui.ops import QueryOp
from gui.pages.households.panels.why import WhyPanel
from tests.gui import office, village
from tests.gui.conftest import Hand
from tests.gui.test_households import find, person


def opened(hand: Hand, name: str) -> WhyPanel:
    """The panel about somebody, opened by keys."""
    find(hand, name)
    hand.page.view.people.select(person(hand, name).record)
    hand.key("B")
    panel = hand.page.recorder.panel
    assert isinstance(panel, WhyPanel)
    return panel


def words(panel: WhyPanel) -> str:
    """Everything it says."""
    return "\n".join(child.text() for child in panel.findChildren(QLabel) if child.isVisibleTo(panel))


def exports(hand: Hand) -> list[tuple[object, ...]]:
    """The log of exports."""
    found: list[list[tuple[object, ...]]] = []
    sql = "SELECT what, name, rows, masked, scope FROM export ORDER BY rowid"
    hand.desk.ask(QueryOp(lambda ledger: list(ledger.connection.execute(sql))), found.append, owner=hand.desk)
    hand.until(lambda: found)
    return found[0]


def test_b_says_why_and_names_the_paragraphs(hand: Hand) -> None:
    panel = opened(hand, "其其格")
    assert panel.said.text().startswith("您家其其格属低保，12月25日前先缴 400 元，之后退补 350 元")
    told = words(panel)
    for part in ("现在的情况", "下一步", "要花多少、谁来出", "什么时候能报销", "不缴会怎样"):
        assert part in told
    assert "国办发〔2024〕38号" in told and "示例假定" in told
    assert panel.said.accessibleName() == panel.said.text()
    hand.key("Escape")
    assert hand.page.recorder.panel is None


def test_another_day_of_payment_by_keys(hand: Hand) -> None:
    panel = opened(hand, "韩占山")
    said = panel.said.text()
    hand.key("D")
    assert panel.day.hasFocus()
    hand.type("2026-02-20")
    assert "5月20日起可以报销" in panel.what_if.text() and panel.said.text() == said
    assert "2026-05-20" in words(panel)
    hand.key("Return")
    assert hand.page.recorder.panel is panel
    hand.key("Up")
    assert panel.day.text() == "2026-02-21" and "5月21日起可以报销" in panel.what_if.text()
    panel.day.setText("nie")
    assert panel._field.error() and panel.what_if.text() == "" and panel.said.text() == said
    panel.day.setText("")
    assert not panel._field.error() and "5月" not in words(panel)


def test_whoever_has_paid_is_not_asked_for_a_day(hand: Hand) -> None:
    for name in ("布仁", "南双喜"):
        panel = opened(hand, name)
        assert not panel.day.isVisible() and not panel.days.isVisible()
        assert "不缴会怎样" not in words(panel)


def test_copied_for_wechat_without_a_number_and_noted(hand: Hand) -> None:
    panel = opened(hand, "其其格")
    hand.key("C")
    copied = QGuiApplication.clipboard().text()
    one = person(hand, "其其格")
    assert "您家其其格" in copied and "查干沟嘎查村" in copied
    numbers = [number for number in (one.id_number, one.id_full, one.phone) if number]
    assert numbers and not any(number[at : at + 6] in copied for number in numbers for at in range(6))
    assert "微信" in hand.notice()
    panel.masked.setChecked(True)
    hand.key("C")
    assert "其其格" not in QGuiApplication.clipboard().text() and "其**" in panel.said.text()
    assert exports(hand) == [("why", "微信说明", 1, 1, village.CODE)] * 2
    hand.key("Escape")
    assert opened(hand, "刘桂兰").masked.isChecked()  # what was chosen stays chosen


def test_saved_as_one_page(hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "说明"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda _parent, _title, name, _kinds: (str(target), name)
    )
    panel = opened(hand, "其其格")
    panel.day.setText("2026-02-20")
    hand.key("S", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    with pypdfium2.PdfDocument(target.with_suffix(".pdf")) as document:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_range()
    number = person(hand, "其其格").id_number
    assert number not in text and f"{number[:6]}********{number[-4:]}" in text and "2月20日" in text
    assert exports(hand) == [("why", "说明.pdf", 1, 1, village.CODE)]
    assert "说明.pdf" in hand.notice()


def test_who_may_not_record_may_read(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand.desk, "may", lambda _role: False)
    assert "您家" in opened(hand, "那顺").said.text()


def test_small_windows_cut_nothing(hand: Hand) -> None:
    hand.app.window.resize(911, 512)
    panel = opened(hand, "阿拉坦其其格·乌云毕力格·斯琴高娃")
    hand.until(lambda: hand.page.view.scroller.widget().width() <= hand.page.view.scroller.viewport().width())
    for child in panel.findChildren(QLabel):
        if child.isVisible():
            assert child.width() >= min(child.sizeHint().width(), child.minimumSizeHint().width())
            assert child.mapTo(panel, child.rect().bottomRight()).x() <= panel.width()


def test_what_a_broken_entry_leaves(hand: Hand) -> None:
    """Somebody taken out while the panel is being opened: a sentence, nothing to print."""
    panel = opened(hand, "那顺")
    panel._on_read(None)
    assert "不在台账" in panel.said.text()


@pytest.fixture
def at_the_office(start: Callable[..., Hand], tmp_path: Path) -> Hand:
    made = office.make(tmp_path / "town")
    hand = start(ledger=made.folder, passphrase=village.PASSPHRASE, data_dir=made.data_dir)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    return hand


def test_at_the_office_in_the_name_of_the_village(at_the_office: Hand) -> None:
    hand = at_the_office
    page = hand.open("people")
    hand.until(lambda: page.rows.rows)
    page.view.table.selectRow(0)
    page.view.table.setFocus()
    hand.key("B")
    panel = page.below.panel
    assert isinstance(panel, WhyPanel) and "低保" in panel.said.text()
    hand.key("C")
    assert "查干沟嘎查医保联络员" in QGuiApplication.clipboard().text()
    hand.key("Escape")
    assert page.below.panel is None and page.view.table.hasFocus()
