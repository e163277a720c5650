"""The number assigned, shared out at the window: population, proposal, by hand, issued, seen by the village."""

from PySide6.QtCore import Qt

from gui.pages.targets.page import TargetsPage
from gui.pages.targets.sharing import SharingPart
from gui.pages.targets.sharing_forms import ByHandPanel, IssuePanel, PopulationPanel
from gui.pages.targets.view import RATES, SHARES
from tests.gui.conftest import Hand
from tests.gui.office import PLACES
from tests.gui.village import TODAY

KEY = Qt.Key


def part_of(hand: Hand) -> tuple[TargetsPage, SharingPart]:
    page = hand.open("targets")
    assert isinstance(page, TargetsPage) and page.sharing is not None
    hand.settle()
    hand.key("5")
    assert page.view.parts.value() == SHARES
    hand.settle()
    return page, page.sharing


def row(part: SharingPart, column: int, line: int) -> str:
    return part.shares.columns[column].text(part.shares.rows[line])


def choose(hand: Hand, part: SharingPart, basis: str) -> None:
    part.basis.setCurrentIndex(part.basis.findData(basis))
    part.basis.activated.emit(part.basis.currentIndex())
    hand.settle()


def test_shared_out_by_the_register_and_set_by_hand(clerk: Hand) -> None:
    _page, part = part_of(clerk)
    assert "还没有这个人数" in part.trouble.text() and not part.issue.isEnabled()
    choose(clerk, part, "registered")
    # 20, 20 and 23 people: 95 % of 63 is 60 people.
    assert part.people.text() == "60" and part.trouble.text() == ""
    assert [row(part, 3, line) for line in range(3)] == ["19", "19", "22"]
    assert "60 × 20 ÷ 63（户籍人口）= 19.04；取整：19 人" in part.how.text()
    part.people.setFocus()
    part.people.selectAll()
    clerk.type("70")
    clerk.until(lambda: row(part, 3, 0) == "22", "for the new shares")
    assert [row(part, 3, line) for line in range(3)] == ["22", "22", "26"]
    clerk.key(KEY.Key_Return)
    assert part.table.hasFocus()
    clerk.key("H")
    assert isinstance(part.panel, ByHandPanel) and part.panel.first().hasFocus()
    clerk.type("0")  # behind what stands there
    part.panel.first().selectAll()  # type: ignore[attr-defined]
    clerk.type("30")
    clerk.key(KEY.Key_Return)
    assert part.panel is not None and "原因" in part.panel.fields["why"].error()
    clerk.type("整村搬迁")
    clerk.key(KEY.Key_Return)
    assert part.panel is None
    assert [row(part, 3, line) for line in range(3)] == ["30", "19", "21"]
    clerk.key("H")
    part.panel.first().selectAll()
    clerk.key(KEY.Key_Delete, KEY.Key_Return)
    assert [row(part, 3, line) for line in range(3)] == ["22", "22", "26"]


def test_population_issued_and_followed(clerk: Hand) -> None:
    page, part = part_of(clerk)
    part.table.setFocus()
    for line, residing in enumerate((100, 50, 51)):
        part.table.selectRow(line)
        clerk.key("P")
        assert isinstance(part.panel, PopulationPanel)
        part.panel.fields["residing"].editor.setFocus()
        clerk.type(str(residing))
        part.panel.fields["by"].editor.setFocus()
        clerk.type("旗统计局")
        part.panel.fields["on"].editor.set_day(TODAY)  # type: ignore[attr-defined]
        clerk.key(KEY.Key_Return)
        clerk.until(lambda: part.panel is None, "for the form to close")
        clerk.settle()
    choose(clerk, part, "resident_count")
    assert part.people.text() == "191"  # 95 % of 201
    assert [row(part, 3, line) for line in range(3)] == ["95", "48", "48"]
    clerk.key("S")
    assert isinstance(part.panel, IssuePanel)
    issuing = part.panel
    issuing.fields["on"].editor.set_day(TODAY)  # type: ignore[attr-defined]
    clerk.key(KEY.Key_Return)
    clerk.until(lambda: bool(issuing.fields["by"].error()), "for the refusal beside its field")
    clerk.type("镇人民政府分解表")
    clerk.key(KEY.Key_Return)
    clerk.until(lambda: part.panel is None, "for the shares to be issued")
    clerk.until(lambda: row(part, 4, 0) == "95", "for what was issued")
    assert [row(part, 4, line) for line in range(3)] == ["95", "48", "48"]
    assert [row(part, 6, line) for line in range(3)] == ["76", "36", "29"]
    part.table.selectRow(0)
    assert "已下达：镇人民政府分解表" in part.how.text() and "旗统计局" in part.how.text()
    # The rates of that village say where its number is from.
    clerk.key("2")
    page._scope = PLACES[0].code
    page._show()
    task = next(one for one in page.rates.rows if one.denominator.code == "task")
    assert "191 × 100 ÷ 201（常住人口数（统计局））" in page.rates.columns[-1].text(task)
    # Taken back as a whole.
    clerk.key(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    clerk.settle()
    clerk.key("5")
    clerk.until(lambda: row(part, 4, 0) != "95", "for the step back")


def test_the_offices_own_number_is_entered_where_all_others_stand(clerk: Hand) -> None:
    page, part = part_of(clerk)
    clerk.key("N")
    assert page.view.parts.value() == RATES and page.assigning.panel is not None
    clerk.type("63")
    page.assigning.panel.fields["by"].editor.setFocus()
    clerk.type("旗医保局")
    page.assigning.panel.fields["on"].editor.set_day(TODAY)  # type: ignore[attr-defined]
    clerk.key(KEY.Key_Return)
    clerk.until(lambda: page.assigning.panel is None, "for the form to close")
    clerk.settle()
    clerk.key("5")
    clerk.settle()
    assert part.people.text() == "63" and "本办任务数 63 人" in part.state.text()
