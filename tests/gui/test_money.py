"""The page of refunds and laid-out money, used by keys as a contact uses it."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from gui import theme as themes
from gui.models.money import Wanted
from gui.pages.households.page import HouseholdsPage
from gui.pages.money.page import MoneyPage
from gui.pages.money.view import LOANS, REFUNDS, TOTALS, WAITING
from gui.pages.people.page import PeoplePage
from gui.widgets.buttons import KeyButton
from storage.clock import Clock
from storage.commands import payments
from storage.commands.payments import Payment
from storage.ledger import Ledger
from tests.gui import office, village
from tests.gui.conftest import Hand
from tests.gui.office import Place
from tests.unit.storage.worlds import cheapen


@pytest.fixture
def owing(start: Callable[..., Hand], made_village: Path, tmp_path: Path) -> Hand:
    """A window on the village in which two of the low-income households have paid, one of them by the accountant."""
    folder = tmp_path / "ledger"
    shutil.copytree(made_village, folder)
    clock = Clock(village.TODAY)
    with Ledger.open(
        folder, passphrase=village.PASSPHRASE, data_dir=tmp_path / "data", clock=clock
    ) as ledger:
        for name, lender in (("那顺", ""), ("其其格", "村会计")):
            said = Payment(40000, village.TODAY, "mobile_pos", advanced_by=lender)
            record = ledger.id_for("resident", name)
            payments.record(ledger, [record], said, year=village.YEAR, today=village.TODAY)
    hand = start(ledger=folder, passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.until(lambda: hand.desk.book.loaded, "for the households")
    hand.settle()
    return hand


def stages(page) -> dict[str, str]:
    """Name → where the refund stands, of what is shown."""
    return {one.person.name: one.case.stage for one in page.refunds.rows}


def test_a_refund_by_keys_alone(owing: Hand) -> None:
    page = owing.open("money")
    assert stages(page) == {"那顺": "due", "其其格": "due"}
    assert "2 笔退补未办结，未发放 700 元" in page.view.summary.text()
    assert page.view.tables[REFUNDS].hasFocus()
    owing.key("T")
    assert "已选 2 笔，共 700 元" in page.view.summary.text()
    owing.key("A")
    owing.key(Qt.Key.Key_Return)
    assert stages(page) == {"那顺": "applied", "其其格": "applied"} and "已登记申请" in owing.notice()
    owing.key("T", "F")
    panel = page.recording.panel
    owing.type("600")
    assert "相差 100 元" in panel.fields["total"]._hint.text()
    panel.fields["batch"].editor.setFocus()
    owing.type("2026-1")
    owing.key(Qt.Key.Key_Return)
    assert "分毫不差" in panel.fields["total"].error() and stages(page)["那顺"] == "applied"
    panel.fields["total"].editor.selectAll()
    owing.type("700")
    owing.key(Qt.Key.Key_Return)
    assert page.recording.panel is None and set(stages(page).values()) == {"received"}
    assert page.view.tables[REFUNDS].hasFocus()


def test_what_lacks_its_counterpart_is_said_beside_its_field(owing: Hand) -> None:
    page = owing.open("money")
    page.view.tables[REFUNDS].selectRow([one.person.name for one in page.refunds.rows].index("那顺"))
    owing.key("H")
    owing.key("1")  # a digit of the form, not of the page
    assert page.recording.panel is not None and page.view.parts.value() == REFUNDS
    owing.key(Qt.Key.Key_Return)
    assert "写明谁垫付" in page.recording.panel.fields["advanced_by"].error()
    owing.type("李干部")
    owing.key(Qt.Key.Key_Return)
    assert stages(page)["那顺"] == "handed"
    assert [one.what for one in page.loans.rows if one.by == "李干部"] == ["refund"]
    owing.key(Qt.Key.Key_Delete)
    assert stages(page)["那顺"] == "due" and "已撤销发放" in owing.notice()
    owing.key("N")
    owing.type("不符合条件")
    owing.key(Qt.Key.Key_Return)
    assert "那顺" not in stages(page)  # nothing is left to do: it is not among what is open
    owing.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    assert stages(page)["那顺"] == "due"


def test_the_refund_goes_back_to_whoever_laid_it_out(owing: Hand) -> None:
    page = owing.open("money")
    page.view.tables[REFUNDS].selectRow([one.person.name for one in page.refunds.rows].index("其其格"))
    owing.key("F")
    owing.type("凭证7")
    owing.key(Qt.Key.Key_Return)
    owing.key("H")
    assert page.recording.panel._whom.value() == "lender"
    owing.key("1", Qt.Key.Key_Return)
    owing.key("S")
    assert page.recording.panel.text_of("by") == "村会计"
    owing.key(Qt.Key.Key_Return)
    assert "其其格" not in stages(page)
    owing.key("2")
    loan = next(one for one in page.loans.rows if one.name == "其其格")
    assert loan.advance.open_fen == 5000
    page.view.tables[LOANS].select(loan.short)
    assert "用退补款归还" in page.view.lines.text()
    owing.key("B")
    owing.key(Qt.Key.Key_Return)
    assert "其其格" not in {one.name for one in page.loans.rows}
    page._on_filter(stage="")
    page.view.tables[LOANS].select(loan.short)
    owing.key(Qt.Key.Key_Backspace)
    owing.type("记错了")
    owing.key(Qt.Key.Key_Return)
    assert next(one for one in page.loans.rows if one.name == "其其格").advance.open_fen == 5000


def test_sums_by_department_and_filters(owing: Hand) -> None:
    page = owing.open("money")
    owing.key("3")
    titles = [line.title.strip() for line in page.totals.rows]
    assert titles == ["民政局", "特困人员", "城乡低保对象", "合计"]
    whole = page.totals.rows[-1].row
    assert (whole.budget_fen, whole.due_fen, whole.open_fen) == (110000, 70000, 70000)
    assert "先缴后补预算 700 元：现应退 700 元，尚未缴费的 0 元" in page.view.summary.text()
    assert page.view.tables[TOTALS].hasFocus()
    lines = list(page.totals.rows)
    for line in lines:  # each sum opens the refunds it is made of, to the fen
        owing.key("3")
        page.view.tables[TOTALS].select((line.row.department, line.row.group, line.row.reason, line.strong))
        owing.key(Qt.Key.Key_Return)
        shown = page.refunds.rows
        assert sum(one.case.due_fen for one in shown) == line.row.due_fen
        assert sum(one.case.open_fen for one in shown) == line.row.open_fen
        assert "全部" in page.view.household.words()
    owing.key(Qt.Key.Key_Escape)
    assert page._filters[REFUNDS].summed is None
    owing.key("1")
    page._on_filter(age="older")
    assert stages(page) == {} and "没有符合所选条件" in page.view.nothing[REFUNDS].accessibleName()
    page._on_filter(age="d30")
    assert len(stages(page)) == 2


def test_a_household_s_money_is_one_key_away(owing: Hand) -> None:
    owing.open("households", _home(owing, "0017"))
    owing.key("G")
    page = owing.page
    assert isinstance(page, MoneyPage)
    assert set(stages(page)) == {"那顺", "其其格"} and "只看 0017" in page.view.household.words()
    assert {one.name for one in page.loans.rows} == {"其其格", "阿木古楞"}
    owing.key("U")
    assert not page.view.household.isVisible()
    owing.key("O")
    assert isinstance(owing.page, HouseholdsPage)


def _home(hand: Hand, number: str) -> str:
    return next(card.household.record for card in hand.desk.book.cards if card.household.number == number)


def test_asked_for_one_household_nothing_else_is_shown(owing: Hand) -> None:
    other = _home(owing, "0004")
    page = owing.open("money", Wanted(other))
    assert stages(page) == {} and not page.loans.rows
    assert page.back() and len(stages(page)) == 2


def test_an_office_sees_all_its_villages_and_each_alone(
    start: Callable[..., Hand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheapen(monkeypatch)
    places = (
        Place("150621102200", "查干沟嘎查", 6, 6, special=2),
        Place("150621102201", "柳林村", 6, 3, special=5),
    )
    made = office.make(tmp_path / "made", places)
    hand = start(ledger=made.folder, passphrase=office.PASSPHRASE, data_dir=made.data_dir)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    page = hand.open("money")
    assert Counter(one.village for one in page.refunds.rows) == {"查干沟嘎查": 2, "柳林村": 2}
    hand.key("T", "A", Qt.Key.Key_Return)
    assert {one.case.stage for one in page.refunds.rows} == {"applied"}
    hand.key("3")
    assert page.totals.rows[-1].row.applied_fen == 140000
    place = page.view.place
    place.setCurrentIndex(place.findData("150621102201"))
    place.activated.emit(place.currentIndex())
    hand.settle()
    assert (page.totals.rows[-1].row.budget_fen, page.totals.rows[-1].row.due_fen) == (175000, 70000)
    assert "应退：逐人 700 元 ＝ 花名册 700 元 ＝ 分部门 700 元" in page.view.summary.text()
    place.setCurrentIndex(0)
    place.activated.emit(0)
    hand.settle()
    hand.key("4")
    hand.app.window.resize(911, 512)
    hand.settle()
    assert page.view.tables[WAITING].horizontalScrollBar().maximum() == 0
    *villages, whole = page.ages.rows
    assert {line.title for line in villages} == {"查干沟嘎查", "柳林村"}
    assert sum(line.fen() for line in villages) == whole.fen() == 140000
    hand.desk.settings.keep("lists_folder", str(tmp_path / "out"))
    hand.key("R")
    hand.settle()
    (pdf,) = (tmp_path / "out").glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF") and "4 人，2 份花名册" in hand.notice()
    page.view.tables[WAITING].select("150621102201")
    hand.key(Qt.Key.Key_Return)
    hand.settle()
    assert page._part() == REFUNDS and {one.village for one in page.refunds.rows} == {"柳林村"}
    hand.key("1", Qt.Key.Key_Return)
    assert isinstance(hand.page, PeoplePage)


@pytest.mark.parametrize(
    ("size", "scale"), [((1366, 768), 1.0), ((911, 512), 1.0), ((1366, 768), themes.LARGE)]
)
def test_nothing_is_cut(owing: Hand, qapp: QApplication, size: tuple[int, int], scale: float) -> None:
    themes.apply(qapp, themes.load(themes.LIGHT, scale))
    try:
        owing.app.window.resize(QSize(*size))
        page = owing.open("money")
        for part in (REFUNDS, LOANS, TOTALS):
            page._open_part(part)
            owing.settle()
            assert page.view.tables[part].horizontalScrollBar().maximum() == 0, part
            buttons = (*page.view.steps.values(), page.view.open, page.view.settle)
            for one in filter(KeyButton.isVisible, buttons):
                assert page.rect().contains(one.mapTo(page, one.rect().bottomRight())), one.words()
    finally:
        themes.apply(qapp, themes.load(themes.LIGHT, 1.0))
