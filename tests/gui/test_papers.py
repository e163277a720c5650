"""The page of papers: chosen, looked at, saved, noted in the log of exports."""

from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from gui.ops import QueryOp
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
    hand.until(lambda: page._made[0].code == codes[1])
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
    hand.until(lambda: page._made is not None and len(page._made[1]) <= 1)
    assert home.household.head_name in page.view.home.text() and page.view.everybody.isVisible()
    hand.key("A")
    hand.until(lambda: not page.view.everybody.isVisible())
    page.view.papers.select("refusal")
    hand.until(lambda: page._made[0].code == "refusal")
    hand.settle()
    if not page._made[1]:
        assert page.view.right.currentIndex() == 0 and "没有需要" in page.view.empty.accessibleName()
