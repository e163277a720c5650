"""Another insurance year in the window: chosen in the head, shown everywhere, kept from new entries once it is over."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from storage.clock import Clock
from storage.commands import payments, years
from storage.commands.payments import Payment
from storage.ledger import Ledger
from tests.gui import office, village
from tests.gui.conftest import Hand
from tests.gui.test_households import find
from tests.unit.storage.worlds import cheapen

SPRING, AUTUMN = date(2027, 3, 1), date(2026, 10, 8)


@pytest.fixture
def opened(start: Callable[..., Hand], made_village: Path, tmp_path: Path) -> Callable[[date], Hand]:
    """The window on a copy of the village that has opened 2027, on a day."""

    def make(today: date) -> Hand:
        folder = tmp_path / "ledger"
        shutil.copytree(made_village, folder)
        who = {"passphrase": village.PASSPHRASE, "data_dir": tmp_path / "before"}
        with Ledger.open(folder, clock=Clock(today), **who) as ledger:
            years.open_year(ledger, "example-2027")
            payments.record(
                ledger,
                [village.resident(ledger, "布仁")],
                Payment(40000, date(2026, 10, 1), "mini_program"),
                year=2027,
                today=today,
            )
        hand = start(ledger=folder, passphrase=village.PASSPHRASE, clock=Clock(today))
        hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
        hand.until(lambda: hand.desk.book.loaded, "for the households")
        hand.settle()
        return hand

    return make


def paid(hand: Hand) -> int:
    """How many people the households show as paid."""
    return sum(card.person.paid != "none" for _home, card in hand.desk.book.people())


def test_one_year_needs_no_choice(hand: Hand) -> None:
    assert not hand.shell.years.isVisible()
    assert not hand.shell.band.isVisible()


def test_last_year_is_shown_everywhere_and_left_again(opened: Callable[[date], Hand]) -> None:
    hand = opened(SPRING)
    shell = hand.shell
    assert [shell.years.itemText(line) for line in range(shell.years.count())] == ["2027 年度", "2026 年度"]
    assert (hand.desk.policy.year, paid(hand)) == (2027, 1)
    assert shell.minimumSizeHint().width() <= 911, "a small laptop at 150 %"
    hand.key("F6")
    shell.years.hidePopup()
    shell.years.setCurrentIndex(1)
    shell.years.activated.emit(1)
    hand.settle()
    assert (hand.desk.policy.year, paid(hand)) == (2026, 10)
    assert shell.band.isVisible()
    assert "2026 年度" in shell.band.words.text() and "已经结束" in shell.band.words.text()
    hand.open("households")
    hand.key("F6", modifier=Qt.KeyboardModifier.ShiftModifier)
    assert (hand.desk.policy.year, paid(hand)) == (2027, 1)
    assert not shell.band.isVisible()


def test_nothing_is_entered_in_a_year_that_is_over(opened: Callable[[date], Hand]) -> None:
    hand = opened(SPRING)
    hand.desk.show_year(2026)
    hand.settle()
    find(hand, "qqg")
    hand.key("1")
    assert hand.page.recorder.panel is None
    assert "2026 年度已经结束" in hand.notice()


def test_until_new_year_late_entries_go_into_the_old_year(opened: Callable[[date], Hand]) -> None:
    hand = opened(AUTUMN)
    hand.desk.show_year(2026)
    hand.settle()
    assert "2026-12-31" in hand.shell.band.words.text()
    assert not hand.desk.refuses_entries()


# ---- the part of the settings


@pytest.fixture
def autumn(start: Callable[..., Hand], made_village: Path, tmp_path: Path) -> Hand:
    """The window on a village in the autumn of 2026, before the new year is opened."""
    folder = tmp_path / "ledger"
    shutil.copytree(made_village, folder)
    hand = start(ledger=folder, passphrase=village.PASSPHRASE, clock=Clock(AUTUMN))
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.until(lambda: hand.desk.book.loaded, "for the households")
    hand.settle()
    return hand


def part(hand: Hand):
    """The years in the settings."""
    hand.open("settings", "year")
    return hand.page.part()


def test_a_year_is_looked_at_opened_and_taken_back_by_keys(autumn: Hand) -> None:
    hand = autumn
    section = part(hand)
    assert [line.year.year for line in section.lines.rows] == [2026]
    hand.key("N")
    form = section.opening
    assert form.isVisible() and "结转：仍然有效的资助身份 3 人次" in form.words.text()
    assert hand.desk.policy.year == 2026, "looking opens nothing"
    hand.key("Return")
    assert section.about.isVisible(), "a Return too many does nothing"
    hand.key("N")
    hand.click(form.go)
    hand.settle()
    assert (hand.desk.policy.year, paid(hand)) == (2027, 0)
    assert hand.shell.years.isVisible()
    assert [line.year.state for line in section.lines.rows] == ["now", "running"]
    groups = {card.person.name: card.person.groups for _home, card in hand.desk.book.people()}
    assert groups["刘桂兰"] == ("tekun",)
    hand.key("B")
    assert section.reverting.isVisible()
    hand.click(section.reverting.go)
    hand.settle()
    assert (hand.desk.policy.year, paid(hand)) == (2026, 10)
    assert not hand.shell.years.isVisible()
    assert "2026年度" in hand.notice()


def test_enter_on_a_year_shows_it(opened: Callable[[date], Hand]) -> None:
    hand = opened(SPRING)
    section = part(hand)
    section.table.selectRow(1)
    section.table.setFocus()
    hand.key("Return")
    assert hand.desk.policy.year == 2026


def test_what_is_missing_is_offered(opened: Callable[[date], Hand]) -> None:
    hand = opened(AUTUMN)
    hand.desk.show_year(2026)
    hand.settle()
    find(hand, "敖登")
    hand.key("4")
    panel = hand.page.recorder.panel
    panel.fields["reason"].editor.choose("death")
    hand.key("Return")
    hand.settle()
    section = part(hand)
    assert section.carry.isVisible() and "1 条" in section.missing.text()
    hand.key("C")
    hand.click(section.opening.go)
    hand.settle()
    assert not section.carry.isVisible()
    hand.desk.show_year(2027)
    hand.settle()
    gone = {card.person.name: card.person.absence for _home, card in hand.desk.book.people()}
    assert gone["敖登"] == "death"


def test_last_years_reason_is_a_hint(opened: Callable[[date], Hand]) -> None:
    hand = opened(SPRING)
    find(hand, "南双喜")
    hand.key("4")
    assert "上年：已参本地职工" in hand.page.recorder.panel.fields["reason"].editor.accessibleDescription()


# ---- an office


def test_an_office_opens_the_year_for_its_villages(
    start: Callable[..., Hand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheapen(monkeypatch)
    made = office.make(tmp_path)
    options = {"ledger": made.folder, "data_dir": made.data_dir, "passphrase": village.PASSPHRASE}
    hand = start(**options, clock=Clock(AUTUMN))
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger")
    section = part(hand)
    hand.key("N")
    told = section.opening.words.text()
    assert "资助身份 5 人次" in told and "柳林村：自 2026 年度结转身份 3 人次" in told
    hand.click(section.opening.go)
    hand.settle()
    assert hand.desk.policy.year == 2027
    page = hand.open("villages")
    hand.settle()
    assert "2027" in hand.shell.nav._place.text()
    assert page is hand.page
    hand.desk.show_year(2026)
    hand.settle()
    assert "2026" in hand.shell.band.words.text()
