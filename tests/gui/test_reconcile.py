"""Lists beside the ledger at the window: both sides seen, answered by key, together, asked in a village, replied to."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QSize, Qt

from gui.models import reconcile as models
from gui.ops import QueryOp
from gui.pages.reconcile.page import ReconcilePage
from gui.pages.reconcile.section import DifferencesSection
from gui.pages.reconcile.village import AskedSection
from storage import keys, policies
from storage.clock import Clock
from storage.commands import reconcile
from storage.commands.reconcile import Chosen
from storage.ledger import Edit, Ledger
from storage.queries import reconcile as queries
from sync import exchange
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR, number

A, B = "150621102200", "150621102201"
LATE = "2025-10-12"


def opened(folder: Path, data_dir: Path) -> Ledger:
    return Ledger.open(folder, passphrase=PASSPHRASE, data_dir=data_dir, clock=Clock(TODAY))


def edits(ledger: Ledger) -> Iterator[Edit]:
    """Three amounts too low, two payments nobody reported, one person insured elsewhere by the platform."""
    paid = ledger.connection.execute(
        "SELECT scope, record, resident FROM payment WHERE scope = ? ORDER BY record", (A,)
    ).fetchall()
    for scope, record, resident in paid[:3]:
        said = {"resident": resident, "year": YEAR, "paid_on": LATE, "channel": "mini_program"}
        yield Edit("payment", record, {"fact": {**said, "amount": 35000}}, scope)
        yield confirmation(resident, scope)
    unpaid = ledger.connection.execute(
        "SELECT r.scope, r.record FROM resident r WHERE r.scope = ? AND NOT EXISTS "
        "(SELECT 1 FROM payment p WHERE p.resident = r.record AND p.scope = r.scope) ORDER BY r.record",
        (B,),
    ).fetchall()
    for scope, record in unpaid[:2]:
        yield confirmation(record, scope)
    state = {"scheme": "310", "scheme_state": "1", "scheme_place": "150100", "employer": "某公司"}
    via = "platform_export:平台.xlsx:2"
    yield Edit("coverage", "c1", {"link": {"resident": unpaid[2][1]}, "state": state}, unpaid[2][0], via)


def confirmation(resident: str, scope: str) -> Edit:
    fact = {
        "resident": resident,
        "year": YEAR,
        "amount": 40000,
        "paid_on": "2025-10-01",
        "receipt": f"R{resident}",
    }
    registers = {"fact": fact, "source": {"list_name": "税务.csv"}}
    return Edit("confirmation", f"posted {scope} {resident}", registers, scope, "tax_payments:税务.csv:2")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """An office of two villages with six differences."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        places = [office.Place(A, "查干沟嘎查", 6, 4), office.Place(B, "柳林村", 6, 2)]
        made = office.make(tmp_path_factory.mktemp("reconcile"), places)
        with opened(made.folder, made.data_dir) as ledger:
            ledger.write(list(edits(ledger)))
        yield made


@pytest.fixture
def hand(start: Callable[..., Hand], made: Township, tmp_path: Path) -> Hand:
    """The page on a copy."""
    shutil.copytree(made.folder, tmp_path / "office")
    shutil.copytree(made.data_dir, tmp_path / "data")
    hand = start(ledger=tmp_path / "office", data_dir=tmp_path / "data", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("reconcile")
    return hand


@pytest.fixture
def page(hand: Hand) -> ReconcilePage:
    return hand.page


@pytest.fixture
def section(page: ReconcilePage) -> DifferencesSection:
    return page.section


def ask(hand: Hand, question: Callable[[Ledger], Any]) -> Any:
    found: list[Any] = []
    hand.desk.ask(QueryOp(question), found.append, owner=hand.page)
    hand.settle()
    return found[0]


def codes(section: DifferencesSection) -> list[str]:
    return [one.code for one in section.rows.rows]


def go_to(hand: Hand, section: DifferencesSection, code: str) -> None:
    section.list.selectRow(codes(section).index(code))
    section.to_list()
    hand.settle()


ALL = ["unreported", "unreported", "amounts", "amounts", "amounts", "elsewhere_unpaid"]


def test_each_difference_is_a_row_with_both_sides_and_where_they_come_from(
    hand: Hand, page: ReconcilePage, section: DifferencesSection
) -> None:
    assert codes(section) == ALL
    assert page.view.balance.text() == "共 6 条 = 待核对 6"
    assert page.view.chips["tax"].words() == "税务 5"
    assert page.view.chips["platform"].words() == "平台与离开 1"
    go_to(hand, section, "amounts")
    ours, theirs = (card.accessibleName() for card in section.cards)
    assert "350 元" in ours and "查干沟嘎查联络员" not in theirs
    assert "400 元" in theirs and "税务缴费名单《税务.csv》" in theirs
    assert section.proposal.text() == "建议：按名单金额改"
    assert "名单金额与政策应缴一致" in section.why.text()
    assert "*" in section.where.text()


def test_one_key_takes_the_proposal_says_what_became_of_it_and_undo_brings_it_back(
    hand: Hand, page: ReconcilePage, section: DifferencesSection
) -> None:
    go_to(hand, section, "elsewhere_unpaid")
    hand.key("A")
    assert codes(section) == ALL[:-1]
    assert page.view.balance.text() == "共 6 条 = 待核对 5 + 已核定 1"
    assert page.view.moved.text() == "打开以来：原有待核对 6 条 = 待核对 5 + 已核定 1"
    absences = ask(hand, lambda ledger: ledger.connection.execute("SELECT absence FROM enrolment").fetchall())
    assert ("employee_elsewhere",) in absences
    hand.key(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert codes(section) == ALL
    assert not page.view.moved.isVisible()


def test_several_alike_are_answered_together_after_their_number_was_said(
    hand: Hand, page: ReconcilePage, section: DifferencesSection
) -> None:
    go_to(hand, section, "amounts")
    hand.key("G")
    assert section.together.asking()
    assert codes(section) == ALL
    hand.key(Qt.Key.Key_Return)
    assert codes(section) == [code for code in ALL if code != "amounts"]
    assert page.view.balance.text() == "共 6 条 = 待核对 3 + 已核定 3"
    hand.key(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert codes(section) == ALL


def test_the_proposal_is_accepted_for_all_that_are_ticked(hand: Hand, section: DifferencesSection) -> None:
    """The key of the proposal never answers one of several ticked and forgets the others."""
    go_to(hand, section, "amounts")
    alike = [one for one in section.rows.rows if one.code == "amounts"]
    section.rows.tick(alike, True)
    hand.settle()
    hand.key("A")
    assert len(alike) > 1 and section.together.asking() and codes(section) == ALL
    hand.key(Qt.Key.Key_Return)
    assert "amounts" not in codes(section)


def test_answering_one_leaves_the_others_ticked(hand: Hand, section: DifferencesSection) -> None:
    others = [one for one in section.rows.rows if one.code != "amounts"]
    section.rows.tick(others, True)
    go_to(hand, section, "amounts")
    hand.key("2")
    assert codes(section) != ALL
    assert [one.key for one in section.rows.ticked_rows()] == [one.key for one in others]


def test_escape_leaves_them_for_now(hand: Hand, section: DifferencesSection) -> None:
    go_to(hand, section, "amounts")
    hand.key("G", Qt.Key.Key_Escape)
    assert not section.together.asking() and codes(section) == ALL


def test_leaving_it_takes_a_reason_typed_beside_it(
    hand: Hand, page: ReconcilePage, section: DifferencesSection
) -> None:
    go_to(hand, section, "amounts")
    hand.key("4")
    assert section.panel is not None
    hand.key(Qt.Key.Key_Return)
    assert "写明" in section.panel.fields["why"].error()
    hand.type("等村里的票据")
    hand.key(Qt.Key.Key_Return)
    assert page.view.balance.text() == "共 6 条 = 待核对 5 + 暂不处理 1"
    page.view.standing.setCurrentIndex(page.view.standing.findData("left"))
    page.view.standing.activated.emit(page.view.standing.currentIndex())
    assert codes(section) == ["amounts"]
    assert "等村里的票据" in section.why.text()


def test_a_village_or_a_sort_narrows_the_list(
    hand: Hand, page: ReconcilePage, section: DifferencesSection
) -> None:
    hand.click(page.view.chips["platform"])
    assert codes(section) == ["elsewhere_unpaid"]
    hand.click(page.view.chips[""])
    page.view.villages.setCurrentIndex(page.view.villages.findData(A))
    page.view.villages.activated.emit(page.view.villages.currentIndex())
    assert codes(section) == ["amounts"] * 3


def test_a_person_opens_from_the_row(hand: Hand, section: DifferencesSection) -> None:
    go_to(hand, section, "amounts")
    hand.key("P")
    assert hand.shell.page() is not section and type(hand.page).__name__ == "PeoplePage"


def test_a_table_for_each_village_is_masked_and_logged(
    hand: Hand, page: ReconcilePage, tmp_path: Path
) -> None:
    page.export_to(tmp_path / "out")
    hand.settle()
    files = sorted((tmp_path / "out").glob("*.xlsx"))
    assert [path.name.split("-")[0] for path in files] == [A, B]
    cells = [
        cell for row in openpyxl.load_workbook(files[0]).active.iter_rows(values_only=True) for cell in row
    ]
    text = " ".join(str(cell) for cell in cells if cell is not None)
    assert "台账记载" in text and "金额不一致" in text and "按名单金额改" in text
    assert number("19500101", 701)[:14] not in text and "****" in text
    logged = ask(
        hand, lambda ledger: ledger.connection.execute("SELECT what, rows, masked FROM export").fetchall()
    )
    assert logged == [("differences", 3, 1), ("differences", 3, 1)]


def test_what_the_list_shows_of_many_is_cut_and_said(
    hand: Hand, page: ReconcilePage, section: DifferencesSection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "MOST", 4)
    page.refresh()
    hand.settle()
    assert len(section.rows.rows) == 4
    assert "共 6 条" in page.view.rests.text()


@pytest.mark.parametrize("size", [QSize(1366, 768), QSize(911, 512)])
def test_the_answers_stay_in_reach_on_a_small_screen(
    hand: Hand, section: DifferencesSection, size: QSize
) -> None:
    hand.app.window.resize(size)
    hand.settle()
    go_to(hand, section, "amounts")
    for button in section.answers.values():
        assert button.width() <= section.scroller.viewport().width()


# ---- the village


@pytest.fixture
def asked(start: Callable[..., Hand], made: Township, tmp_path: Path) -> Hand:
    """A village that was asked about one person and told of another answer."""
    shutil.copytree(made.folder.parent, tmp_path / "root")
    root = tmp_path / "root"
    with opened(root / "office", root / "office-data") as ledger:
        reading = queries.read(ledger, policies.in_force(ledger).policy, TODAY)
        wrong = [one.difference for one in reading.found if one.code == "amounts" and one.difference]
        chosen = [Chosen(wrong[0], "ask", "收据上是多少？"), Chosen(wrong[1], "list", "以税务为准")]
        reconcile.settle(ledger, policies.in_force(ledger).policy, chosen, today=TODAY)
        sent = exchange.send(ledger, root / "down")
    with opened(root / A, root / f"{A}-data") as ledger:
        exchange.receive(ledger, [one.path for one in sent if one.scope == A])
    hand = start(ledger=root / A, data_dir=root / f"{A}-data", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("pending")
    return hand


def test_a_village_sees_what_was_answered_and_replies_by_key(asked: Hand) -> None:
    section = asked.page.asked
    assert isinstance(section, AskedSection)
    chip = asked.page._parts[section][1]
    assert chip.words() == "苏木镇核对 1"
    asked.click(chip)
    assert [models.is_asked(one) for one in section.rows.rows] == [True, False]
    assert section.question.text() == "收据上是多少？"
    assert "350 元" in section.cards[0].accessibleName() and "400 元" in section.cards[1].accessibleName()
    section.list.selectRow(1)
    assert section.question.text() == "按名单金额改：以税务为准"
    section.list.selectRow(0)
    section.to_list()
    asked.key("4")
    assert section.panel is not None
    asked.type("收据丢了")
    asked.key(Qt.Key.Key_Return)
    told = ask(
        asked, lambda ledger: ledger.connection.execute("SELECT reply, reply_note FROM difference").fetchall()
    )
    assert ("other", "收据丢了") in told
    assert not any(models.is_asked(one) for one in section.rows.rows)
    asked.key(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert any(models.is_asked(one) for one in section.rows.rows)


def test_an_office_of_several_computers_is_told_what_this_one_cannot_know() -> None:
    assert "多台电脑" in models.rests_text(models.Compared(alone=False), 0)
    assert "多台电脑" not in models.rests_text(models.Compared(), 0)
