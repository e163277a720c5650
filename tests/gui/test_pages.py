"""The other pages of a village, used as a person uses them."""

import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from gui import i18n
from gui import theme as themes
from gui.ops import ChangeOp
from gui.pages.registry import pages_for
from gui.pages.start.enrolled import EnrolledPage
from storage import keys
from storage.clock import Clock
from storage.ledger import Changes
from sync import enrol, kits
from tests.gui import village
from tests.gui.conftest import Hand

ROSTER = """查干沟嘎查村花名册,,,,,,
序号,户编号,户主姓名,与户主关系,姓名,身份证号,联系电话
1,0101,王建军,户主,王建军,{one},13900001111
2,0101,王建军,配偶,李秀兰,{two},
3,0102,赵铁柱,户主,赵铁柱,15062119700101,
4,0102,赵铁柱,子,赵小宝,,
合计,,,,4人,,
"""
PROGRESS = """全民参保进度表
嘎查村,任务数,完成数,完成率
查干沟嘎查,600,480,80%
柳林村,500,450,90%
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """New ledgers are stretched little."""
    monkeypatch.setattr(keys, "MEMORY_KIB", 1024)
    monkeypatch.setattr(keys, "PASSES", 1)


def roster(folder: Path) -> Path:
    """A small village register as people keep it."""
    path = folder / "花名册.csv"
    text = ROSTER.format(one=village.number("19750505", 11), two=village.number("19771208", 22))
    path.write_bytes(text.encode("gb18030"))
    return path


def test_an_empty_ledger_asks_for_the_roster(start: Callable[..., Hand], tmp_path: Path, quick: None) -> None:
    where = {"data_dir": tmp_path / "data", "clock": Clock(village.TODAY)}
    made = enrol.create_village(
        tmp_path / "L", village.CODE, "查干沟", passphrase=village.PASSPHRASE, operator="王", **where
    )
    made.close()
    hand = start(ledger=tmp_path / "L", passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    assert hand.page.view.empty.isVisible()
    hand.key("I")
    assert hand.shell.key == "intake" and hand.page.view.empty.isVisible()


def test_a_roster_is_looked_at_corrected_and_written(hand: Hand, tmp_path: Path) -> None:
    page = hand.open("intake", [roster(tmp_path)])
    hand.until(lambda: page.files.rows[0].state == "ready")
    counts = page.files.rows[0].preview.counts
    assert counts["rows"] == counts["added"] == 4 and counts["skipped"] >= 1
    hand.click(page.view.chips["doubtful"])
    assert [row.name for row in page.rows.rows] == ["赵铁柱", "赵小宝"]
    hand.click(page.view.chips["skipped"])
    assert any("合计" in page.rows.data(page.rows.index(line, 4)) for line in range(page.rows.rowCount()))
    hand.key("C")
    box = next(box for box in page.view.findChildren(QComboBox) if box.accessibleName() == "联系电话")
    box.setCurrentIndex(box.findData(""))
    box.activated.emit(box.currentIndex())
    hand.until(lambda: page.files.rows[0].state == "ready")
    hand.settle()
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    people = {card.person.name: card.person for _home, card in hand.desk.book.people()}
    assert {"王建军", "李秀兰", "赵铁柱", "赵小宝"} <= people.keys()
    assert people["王建军"].phone == "" and people["赵小宝"].doubt == "missing"
    assert "4" in hand.notice()


def test_the_same_roster_again_has_nothing_to_write(hand: Hand, tmp_path: Path) -> None:
    path = roster(tmp_path)
    page = hand.open("intake", [path])
    hand.until(lambda: page.files.rows[0].state == "ready")
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    again = tmp_path / "again.csv"
    again.write_bytes(path.read_bytes())
    page.add([again])
    hand.until(lambda: page.files.rows[1].state == "ready")
    hand.settle()
    page.view.files.select(again)
    assert page.files.rows[1].preview.counts["known"] == 4
    assert not page.view.write.isVisible() and page.view.notes.text()


def test_another_list_is_refused_by_its_name(hand: Hand, tmp_path: Path) -> None:
    path = tmp_path / "进度.csv"
    path.write_text(PROGRESS, encoding="utf-8")
    before = len(hand.desk.book.people())
    page = hand.open("intake", [path, tmp_path / "没有.xlsx"])
    hand.until(lambda: all(line.state == "refused" for line in page.files.rows))
    assert "进度" in page.view.refused.accessibleName() and page.view.anyway.isVisible()
    page.view.files.selectRow(1)
    assert page.view.refused.accessibleName() and not page.view.anyway.isVisible()
    assert len(hand.desk.book.people()) == before


def test_the_result_of_an_import_is_saved_as_a_sheet(hand: Hand, tmp_path: Path) -> None:
    hand.desk.settings.keep("lists_folder", str(tmp_path / "out"))
    page = hand.open("intake", [roster(tmp_path)])
    hand.until(lambda: page.files.rows[0].state == "ready")
    hand.key("S")
    hand.until(lambda: list((tmp_path / "out").glob("*.xlsx")))
    hand.settle()
    sheet = openpyxl.load_workbook(next((tmp_path / "out").glob("*.xlsx"))).active
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "赵小宝" in text and village.number("19750505", 11) not in text


def test_a_visit_list_is_a_draft_until_it_is_numbered(hand: Hand, tmp_path: Path, opened: list[str]) -> None:
    page = hand.open("visits")
    hand.until(lambda: page.view.right.currentWidget() is page.view.preview)
    assert not page.view.preview.print_button.isVisible()
    hand.click(page.view.groups.buttons["02组"])
    assert page.view.count.text() == "1 户 2 人"
    hand.key("G")
    assert page.view.preview.print_button.isVisible() and page._sheet.list_number == "01"
    target = tmp_path / "清单.pdf"
    page.view.preview.save_asked.emit(target)
    hand.until(target.exists)
    hand.settle()
    assert target.read_bytes()[:5] == b"%PDF-" and opened == [str(tmp_path)]
    page.view.groups.buttons["02组"].click()
    hand.settle()
    assert page._sheet is None
    hand.key("G")
    assert page._sheet.list_number == "02"


def test_the_two_lists_for_the_township_take_one_key_each(
    hand: Hand, tmp_path: Path, opened: list[str]
) -> None:
    hand.desk.settings.keep("lists_folder", str(tmp_path / "out"))
    page = hand.open("visits")
    page.view.make.setFocus()
    hand.key("N", "U")
    hand.until(lambda: len(list((tmp_path / "out").glob("*.xlsx"))) == 2)
    hand.settle()
    texts = []
    for path in sorted((tmp_path / "out").glob("*.xlsx")):
        sheet = openpyxl.load_workbook(path).active
        texts.append(" ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value))
    assert any("其其格" in text and "不能自主缴费" in text for text in texts)
    assert any("韩梓涵" in text and "新参人员" in text for text in texts)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders the system was asked to show."""
    found: list[str] = []
    from PySide6.QtGui import QDesktopServices

    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: found.append(url.toLocalFile()) or True)
    return found


def test_questions_are_settled_by_digits(hand: Hand) -> None:
    page = hand.open("pending")
    assert hand.shell.nav._buttons["pending"].entry.count == 3
    assert page.questions.rows[0].item.code == "conflict"
    hand.key("1")
    person = next(card.person for _home, card in hand.desk.book.people() if card.person.name == "呼和")
    assert person.unsettled == () and len(page.questions.rows) == 2
    page.view.list.select(next(
        (question.item.code, question.item.scope, question.item.kind, question.item.record, question.item.register)
        for question in page.questions.rows if question.item.name == "敖登"
    ))  # fmt: skip
    hand.settle()
    right = village.number("19850726", 28)
    offered = [button.words() for button in page.view.findChildren(QAbstractButton) if right in button.text()]
    assert offered
    digit = next(button.key for button in page.view.findChildren(QAbstractButton) if right in button.text())
    hand.key(digit)
    assert len(page.questions.rows) == 1
    hand.key("K")
    assert page.view.done.isVisible()
    assert hand.shell.nav._buttons["pending"].entry.count == 0
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    assert len(page.questions.rows) == 1


def test_a_ledger_begun_alone_says_why_it_cannot_send(hand: Hand) -> None:
    page = hand.open("exchange")
    assert not page.view.send.isVisible() and ".hqk" in page.join.open.words()


def test_a_village_with_a_kit_sends(
    start: Callable[..., Hand], tmp_path: Path, quick: None, opened: list[str]
) -> None:
    where = {"data_dir": tmp_path / "office-data", "clock": Clock(village.TODAY)}
    office = enrol.create_office(
        tmp_path / "office", "150621102000", "白泥井镇", passphrase="long enough", operator="李", **where
    )
    kits.make(office, village.CODE, "查干沟嘎查村", tmp_path / "kit.hqk")
    office.close()
    hand = start()
    page = hand.app.window.content()
    page.open_kit(tmp_path / "kit.hqk")
    form = page.form
    assert "白泥井镇" in form.text.text()
    type_into(
        hand, form, {"operator": "王联络员", "passphrase": "three short words", "again": "three short words"}
    )
    form.folder.setText(str(tmp_path / "village"))
    hand.key("Return")
    hand.until(lambda: isinstance(hand.app.window.content(), EnrolledPage))
    hand.settle()
    hand.key("Escape")
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    hand.open("intake", [roster(tmp_path)])
    hand.until(lambda: hand.page.files.rows[0].state == "ready")
    hand.key("Return")
    hand.until(lambda: hand.page.files.rows[0].state == "done")
    page = hand.open("exchange")
    page.sending.send_into(tmp_path / "usb")
    hand.settle()
    bundle = next((tmp_path / "usb").glob("*.hqb"))
    assert bundle.name in page.view.sent.text() and page.log.rows[0].row.direction == "out"
    assert "上次报送 还没有" not in hand.shell.nav._foot.text()


def type_into(hand: Hand, form, fields: dict[str, str]) -> None:
    """Fill fields in by typing."""
    for name, text in fields.items():
        editor = getattr(form, name).editor
        editor.setFocus()
        hand.type(text)
        assert isinstance(editor, QLineEdit) and editor.text() == text


def test_beginning_alone_by_keys(start: Callable[..., Hand], tmp_path: Path, quick: None) -> None:
    hand = start()
    hand.key("5")
    form = hand.app.window.content().form
    type_into(hand, form, {"code": "15062110220x", "name": "查干沟嘎查村"})
    hand.key("Return")
    assert "12 位数字" in form.code.error() and form.operator.error() and form.passphrase.error()
    form.code.editor.clear()
    type_into(hand, form, {"code": village.CODE, "operator": "王联络员", "passphrase": "three short words"})
    hand.key("Return")
    assert form.again.error()
    type_into(hand, form, {"again": "three short words"})
    form.folder.setText(str(tmp_path / "新台账"))
    hand.key("Return")
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    assert (tmp_path / "新台账" / "ledger.db").exists()
    assert hand.app.settings.recent() == [(tmp_path / "新台账", "查干沟嘎查村")]
    assert not (tmp_path / "新台账" / "backups").exists()  # nothing yet that one could lose


def test_unlocking_says_what_is_wrong_and_remembers_the_ledger(
    start: Callable[..., Hand], made_village: Path, tmp_path: Path
) -> None:
    import shutil

    shutil.copytree(made_village, tmp_path / "L")
    hand = start(ledger=tmp_path / "L")
    form = hand.app.window.content().form
    assert form.passphrase.editor.hasFocus()
    hand.type("wrong")
    hand.key("Return")
    assert form.passphrase.error()
    hand.type(village.PASSPHRASE)
    hand.key("Return")
    hand.until(lambda: hand.app.window.shell() is not None)
    assert "查干沟嘎查村" in hand.app.window.windowTitle()
    hand.shell.open("settings")
    hand.settle()
    hand.key("L")
    page = hand.app.window.content()
    assert page.ways["last"].words().endswith("查干沟嘎查村")


def test_a_folder_without_a_ledger_is_said_so(start: Callable[..., Hand], tmp_path: Path) -> None:
    hand = start(ledger=tmp_path)
    assert str(tmp_path) in hand.app.window.content().form.trouble.text()


def test_a_change_of_size_leaves_the_keyboard_where_it_was(hand: Hand) -> None:
    hand.open("settings")
    wide = hand.shell.nav.width()
    hand.page.ledger.text_size.findChildren(QAbstractButton)[0].setFocus()
    hand.key("Right", "Space")
    hand.until(lambda: hand.shell.nav.width() > wide)
    hand.until(lambda: hand.page.ledger.text_size.isAncestorOf(hand.focus()), "for the keyboard to be back")


def test_settings_take_effect_at_once(hand: Hand) -> None:
    hand.open("settings")
    wide = hand.shell.nav.width()
    hand.page.ledger.text_size.press("2")
    hand.until(lambda: hand.shell.nav.width() > wide)
    assert hand.shell.key == "settings" and hand.app.settings.large
    for press, face in (("3", themes.DARK), ("4", themes.CONTRAST), ("2", themes.LIGHT), ("1", "")):
        hand.page.ledger.face.press(press)
        hand.until(lambda face=face: hand.app.settings.face == face)
        worn = themes.read_tokens(face or themes.LIGHT)["colour"]
        hand.until(lambda worn=worn: themes.current().hexes == worn)
        assert hand.app._qt.palette().window().color().name() == worn["bg"]
    hand.settle()
    hand.page.ledger.language.press("2")
    hand.until(lambda: i18n._.language == "en")
    hand.settle()
    assert hand.shell.nav._buttons["today"].text() == "Today"
    hand.page.ledger.language.press("1")
    hand.until(lambda: i18n._.language == "zh_CN")
    hand.settle()
    texts = [line.source for line in hand.page.policy.lines.rows]
    hand.open("households")
    hand.key("Right", "2", "Return")
    assert hand.notice() and hand.page.people.rows[0].person.credential
    hand.open("settings")
    assert sum(bool(text) for text in texts) > 8 and any("国办发" in text for text in texts)


def test_every_control_of_every_page_has_a_name(hand: Hand) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox)
    for spec in pages_for("v"):
        page = hand.open(spec.key)
        for kind in kinds:
            for control in page.findChildren(kind):
                if control.isVisible() and not isinstance(control.parent(), QComboBox):
                    name = control.accessibleName() or getattr(control, "text", str)()
                    assert name, (spec.key, control)


@pytest.mark.parametrize("size", [(911, 512), (1366, 768)])
def test_no_page_needs_more_room_than_a_small_laptop_has(hand: Hand, size: tuple[int, int]) -> None:
    for spec in pages_for("v"):
        hand.open(spec.key)
        hand.app.window.resize(*size)
        hand.settle()
        assert (hand.app.window.width(), hand.app.window.height()) == size, spec.key
        for widget in hand.page.findChildren(QWidget):
            if isinstance(widget, QAbstractButton) and widget.isVisible():
                assert widget.width() >= widget.sizeHint().width(), (spec.key, widget.accessibleName())


def test_closing_waits_for_the_write_under_way(hand: Hand) -> None:
    written: list[str] = []

    def slow(_ledger, _task) -> Changes:
        time.sleep(0.3)
        written.append("done")
        return Changes()

    hand.desk.change(ChangeOp(slow), owner=hand.desk)
    hand.app.window.close()
    assert hand.app.window.isVisible() and not written
    hand.until(lambda: not hand.app.window.isVisible())
    assert written == ["done"]
