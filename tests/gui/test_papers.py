"""The page of papers: chosen, looked at, saved, noted in the log of exports."""

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.models.papers import Asked
from gui.ops import QueryOp
from gui.printing.papers import PapersPaper
from gui.settings import FILE
from storage import remembered
from tests.gui.conftest import Hand


def test_a_paper_is_looked_at_and_saved(hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.open("papers")
    hand.until(lambda: hand.page.view.count.text())
    hand.settle()
    page = hand.page
    codes = [one.code for one in page.model.rows]
    assert page.view.papers.current_row().code == codes[0] == "notice"
    assert page.view.right.currentWidget() is page.view.preview
    before = page.view.count.text()
    hand.key("Down")
    hand.until(lambda: page._made and page._made.template.code == codes[1])
    assert page.view.count.text() == before  # a slip for each household that gets a notice
    path = tmp_path / "提醒条.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    page.view.preview.save_button.click()
    hand.until(path.exists)
    hand.settle()
    noted: list[list[tuple[str, int, int]]] = []
    ask = "SELECT what, rows, masked FROM export ORDER BY id DESC LIMIT 1"
    hand.desk.ask(QueryOp(lambda it: it.connection.execute(ask).fetchall()), noted.append, owner=hand.desk)
    hand.until(lambda: noted)
    what, rows, masked = noted[0][0]
    assert what == "paper_slip" and rows > 0 and masked


def test_papers_of_one_household_and_for_nobody(hand: Hand) -> None:
    hand.open("papers")
    hand.settle()
    page = hand.page
    home = next(
        card for card in hand.desk.book.cards if any(one.person.paid == "none" for one in card.people)
    )
    page.take(home.household.record)
    hand.until(lambda: page._made is not None and len(page._made.made) <= 1)
    assert home.household.head_name in page.view.home.text() and page.view.everybody.isVisible()
    hand.key("A")
    hand.until(lambda: not page.view.everybody.isVisible())
    page.view.papers.select("refusal")
    hand.until(lambda: page._made and page._made.template.code == "refusal")
    hand.settle()
    if not page._made.made:
        assert page.view.right.currentIndex() == 0 and "没有需要" in page.view.right.empty.accessibleName()


def test_a_reminder_is_copied_without_numbers_and_worded_anew(hand: Hand) -> None:
    hand.open("papers")
    hand.settle()
    page = hand.page
    page.view.papers.select("group")
    hand.until(lambda: page.view.right.currentWidget() is page.view.sending)
    sending = page.view.sending
    text = sending.text.toPlainText()
    assert "没有缴费" in text and not any(card.household.head_name in text for card in hand.desk.book.cards)
    sending.text.setPlainText(text + " 150621195010101213")
    sending.copy.click()
    hand.settle()
    copied = QApplication.clipboard().text()
    assert "150621" not in copied and copied.startswith("【医保缴费提醒】")
    sending.words.click()
    sending.text.setPlainText("还有 {count} 人，{phone}")
    sending.keep.click()
    assert "{phone}" in sending.trouble.text() and sending.editing()
    sending.text.setPlainText("还有 {count} 人没缴，请到村里办。")
    sending.keep.click()
    hand.settle()
    assert (
        sending.text.toPlainText().endswith("人没缴，请到村里办。") and "{" not in sending.text.toPlainText()
    )
    sending.words.click()
    sending.restore.click()
    hand.settle()
    assert sending.text.toPlainText() == text


def test_a_group_text_loses_full_names_and_goes_out_as_a_picture_with_its_code(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.open("papers")
    hand.settle()
    page = hand.page
    page.view.papers.select("group")
    hand.until(lambda: page.view.right.currentWidget() is page.view.sending)
    sending, link = page.view.sending, hand.desk.policy.self_payment.link
    name = hand.desk.book.cards[0].people[0].person.name
    sending.text.setPlainText(f"{name}还没有缴费")
    page.view.papers.setFocus()
    hand.key("C")
    hand.settle()
    assert QApplication.clipboard().text() == f"{name[0]}**还没有缴费" and "已隐去 1 个全名" in hand.notice()
    hand.key("P")
    image = QApplication.clipboard().image().convertToFormat(QImage.Format.Format_Grayscale8)
    assert zxingcpp.read_barcode(image).text == link
    path = tmp_path / "提醒.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    hand.key("S", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(path.exists)
    hand.settle()
    saved = QImage(str(path))
    assert saved.width() == 1080
    grey = saved.convertToFormat(QImage.Format.Format_Grayscale8)
    assert zxingcpp.read_barcode(grey).text == link
    noted: list[list[tuple[str]]] = []
    ask = "SELECT what FROM export ORDER BY id DESC LIMIT 3"
    hand.desk.ask(QueryOp(lambda it: it.connection.execute(ask).fetchall()), noted.append, owner=hand.desk)
    hand.until(lambda: noted)
    assert noted[0] == [("reminder_group",)] * 3


def test_another_page_asks_for_the_reminder_of_a_household(hand: Hand) -> None:
    hand.open("papers")
    hand.settle()
    home = next(one for one in hand.desk.book.cards if any(card.person.paid == "none" for card in one.people))
    hand.page.take(Asked(home.household.record))
    hand.until(lambda: hand.page.view.right.currentWidget() is hand.page.view.sending)
    assert home.head_name in hand.page.view.sending.text.toPlainText()


def test_a_reminder_for_one_household(hand: Hand) -> None:
    hand.open("papers")
    hand.settle()
    page = hand.page
    page.view.papers.select("household")
    hand.until(lambda: page.view.right.currentWidget() is page.view.sending)
    first = page.view.sending.text.toPlainText()
    page.view.household.setCurrentIndex(1)
    hand.until(lambda: page.view.sending.text.toPlainText() != first)
    assert page.view.household.currentText().split()[0] in page.view.sending.text.toPlainText()


def test_a_helpers_list_is_chosen_by_a_tick_and_logged_apart(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.open("visits")
    view = hand.page.view
    view.phones.setFocus()
    hand.key("Space", "G")
    hand.until(lambda: view.preview.save_button.isVisible())
    hand.settle()
    assert view.phones.isChecked() and "含电话" in hand.page._sheet.title
    phone = next(card.person.phone for _home, card in hand.desk.book.people() if card.person.phone)
    assert phone in {door.phone_masked for door in hand.page._sheet.households}
    path = tmp_path / "清单.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    hand.key("S", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(path.exists)
    hand.settle()
    assert not view.preview.busy.isVisible() and view.preview.print_button.isEnabled()
    noted: list[list[tuple[str, int]]] = []
    ask = "SELECT what, masked FROM export ORDER BY id DESC LIMIT 1"
    hand.desk.ask(QueryOp(lambda it: it.connection.execute(ask).fetchall()), noted.append, owner=hand.desk)
    hand.until(lambda: noted)
    assert noted[0] == [("visit_list_phones", 1)]


def test_writing_a_long_pdf_can_be_stopped(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.open("papers")
    hand.until(lambda: hand.page._made)
    hand.settle()
    page, path = hand.page, tmp_path / "x.pdf"
    made = page._made.made * 40
    page._made = replace(page._made, made=made, paper=PapersPaper(page._made.template, made))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    page.view.preview.save_button.click()
    hand.until(lambda: page.view.preview.busy.isVisible())
    hand.key("Escape")
    hand.until(lambda: not page.view.preview.busy.isVisible())
    hand.settle()
    assert not path.exists() and not list(tmp_path.glob("x*")) and "停止" in hand.notice()


def test_a_wording_lies_in_the_ledger_and_one_from_before_moves_there(hand: Hand) -> None:
    settings = hand.desk.settings
    settings.keep("reminder/group", "那顺家和没缴的各家请来缴费。")
    hand.open("papers")
    hand.settle()
    page = hand.page
    page.view.papers.select("group")
    hand.until(lambda: page.view.sending.text.toPlainText() == "那**家和没缴的各家请来缴费。")
    page.view.sending.words.click()
    page.view.sending.text.setPlainText("请来缴费。")
    page.view.sending.keep.click()
    hand.settle()
    settings.save()
    assert settings.older_wordings() == {} and "reminder" not in (settings.data_dir / FILE).read_text()
    held: list[dict[str, str]] = []
    hand.desk.ask(QueryOp(remembered.wordings), held.append, owner=hand.desk)
    hand.until(lambda: held)
    assert held == [{"group": "请来缴费。"}]
