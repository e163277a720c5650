"""The cross table at the window: two boxes, a table, every number opens exactly its people, all by keys."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QSize, Qt

from gui import i18n
from gui.actions.lists import FOLDER
from gui.models.cross import CrossLine
from gui.models.filters import NAMED, PeopleFilter
from gui.models.roll import RollFilter
from gui.pages.forms.page import CROSS, FormsPage
from gui.wording import crossed
from sync.reports.axes import axes
from sync.reports.choosing import selections
from sync.reports.crosstab import MEASURES, MOST_COLUMNS
from sync.reports.people_fields import of_person
from tests.gui.conftest import Hand


def opened(hand: Hand, tmp_path: Path) -> FormsPage:
    """The page with the cross table open by its key."""
    hand.desk.settings.keep(FOLDER, str(tmp_path / "out"))
    page = hand.open("forms")
    assert isinstance(page, FormsPage)
    hand.settle()
    hand.key("X")
    hand.until(lambda: page.view.cross.numbers.rows, "for the table")
    hand.settle()
    return page


def choose(hand: Hand, page: FormsPage, **boxes: str) -> None:
    """Choose in boxes as a hand does, one after another."""
    for name, code in boxes.items():
        box = getattr(page.view.cross, name)
        box.choose(code)
        assert box.value() == code
        box.activated.emit(box.currentIndex())
        hand.settle()


def lines(page: FormsPage) -> list[CrossLine]:
    return page.view.cross.numbers.rows


def asks(page: FormsPage) -> list[tuple[str, object]]:
    """What the page asks of the window from now on, without the window going there."""
    asked: list[tuple[str, object]] = []
    page.wanted.disconnect()
    page.wanted.connect(lambda key, request: asked.append((key, request)))
    return asked


@pytest.fixture
def office(clerk: Hand, tmp_path: Path) -> FormsPage:
    return opened(clerk, tmp_path)


def test_it_opens_by_a_key_and_escape_leads_back(hand: Hand, tmp_path: Path) -> None:
    page = opened(hand, tmp_path)
    assert page.view.cross.isVisible() and page.view.cross.rows.hasFocus()
    *rows, total = lines(page)
    assert total.word is None and total.total == sum(row.total for row in rows) > 0
    hand.key("Escape")
    assert page.view.preview.isVisible() and page.view.list.hasFocus()
    hand.key("S")
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_choosing_a_form_leaves_it_and_the_place_is_kept(hand: Hand, tmp_path: Path) -> None:
    page = opened(hand, tmp_path)
    assert page.place()[CROSS] is True
    page.refresh()
    hand.settle()
    assert page.view.cross.isVisible()
    page.view.list.setFocus()
    hand.key("Down")
    assert page.view.preview.isVisible() and page.place()[CROSS] is False


def test_every_number_of_a_township_opens_exactly_its_people(clerk: Hand, office: FormsPage) -> None:
    choose(clerk, office, columns="age")
    asked = asks(office)
    table = office.view.cross.table
    for row, line in enumerate(lines(office)):
        for column in range(len(line.cells) + 2):
            table.cell_opened.emit(line, column)
            clerk.settle()
            wanted = [line.total, *line.cells, line.total][column]
            people = asked.pop()[1] if asked else None
            assert (len(people.among) if isinstance(people, RollFilter) else 0) == wanted, (row, column)


def test_the_people_page_shows_as_many_as_the_number(clerk: Hand, office: FormsPage) -> None:
    choose(clerk, office, whom="uninsured")
    table = office.view.cross.table
    table.setFocus()
    table.selectRow(len(lines(office)) - 1)
    wanted = lines(office)[-1].total
    clerk.key("Return")
    page = clerk.page
    clerk.until(lambda: page.rows.rows, "for the people")
    clerk.settle()
    assert page.filter.code == NAMED and len(page.rows.rows) == wanted > 0


def test_a_village_opens_its_households_one_by_one(hand: Hand, tmp_path: Path) -> None:
    page = opened(hand, tmp_path)
    choose(hand, page, rows="sex")
    asked = asks(page)
    hand.click(page.view.cross.turn)
    assert (page.view.cross.rows.value(), page.view.cross.columns.value()) == ("paid", "sex")
    line = lines(page)[0]
    page.view.cross.table.setFocus()
    page.view.cross.table.stand_on(1)
    hand.key("Return")
    ((key, request),) = asked
    assert key == "households" and isinstance(request, PeopleFilter) and request.people
    assert len(request.among) == line.cells[0]


def test_it_is_limited_by_a_third_fact(clerk: Hand, office: FormsPage) -> None:
    everybody = lines(office)[-1].total
    assert not office.view.cross.word.isVisible()
    choose(clerk, office, limit="sex")
    parts = []
    for word in [office.view.cross.word.itemData(line) for line in range(office.view.cross.word.count())]:
        choose(clerk, office, word=word)
        parts.append(lines(office)[-1].total)
    assert len(parts) > 1 and sum(parts) == everybody
    choose(clerk, office, limit="")
    assert lines(office)[-1].total == everybody and not office.view.cross.word.isVisible()


def test_one_village_alone(clerk: Hand, office: FormsPage) -> None:
    first = lines(office)[0]
    scope = office.view.cross.village.itemData(1)
    choose(clerk, office, village=scope)
    clerk.until(lambda: len(lines(office)) < 3, "for one village")
    assert [line.total for line in lines(office)] == [first.total, first.total]


def test_what_they_paid_is_written_as_it_is_shown(clerk: Hand, office: FormsPage, tmp_path: Path) -> None:
    choose(clerk, office, measure="amount")
    total = lines(office)[-1].total
    clerk.key("S")
    clerk.settle()
    (path,) = (tmp_path / "out").iterdir()
    cells = list(openpyxl.load_workbook(path).active.values)
    assert cells[1][-1] == "合计" and cells[len(lines(office)) + 1][-1] == total / 100 > 0
    assert path.name in clerk.notice()


def test_too_many_columns_are_refused_in_words(
    clerk: Hand, office: FormsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.reports import crosstab

    monkeypatch.setattr(crosstab, "MOST_COLUMNS", 0)
    choose(clerk, office, columns="age")
    assert "请放到行里" in clerk.notice() and not office.view.cross.xlsx.isEnabled()
    monkeypatch.setattr(crosstab, "MOST_COLUMNS", MOST_COLUMNS)
    choose(clerk, office, columns="paid")
    assert office.view.cross.xlsx.isEnabled() and lines(office)


def test_on_a_small_screen_the_numbers_stay_and_the_key_leads_back(clerk: Hand, office: FormsPage) -> None:
    clerk.app.window.resize(QSize(911, 512))
    clerk.settle()
    view = office.view
    assert not view.list_card.isVisible() and view.cross.leave.isVisible()
    table = view.cross.table
    assert table.viewport().height() >= 3 * table.rowHeight(0)
    clerk.key("X")
    assert view.list_card.isVisible() and view.preview.isVisible()


def test_everything_that_can_be_chosen_has_words(clerk: Hand, office: FormsPage) -> None:
    crowd = office.crossing._crowd
    assert crowd is not None
    assert set(crossed.axes()) == set(axes(crowd.sheet, ()))
    assert set(crossed.whom()) <= set(selections())
    assert tuple(crossed.measures()) == MEASURES
    fields = of_person()
    same = {
        code: fields[code].heading for code in crossed.axes() if code in fields.keys() - {"credential", "age"}
    }
    assert {code: crossed.axis(code) for code in same} == same
    for box in (office.view.cross.rows, office.view.cross.village, office.view.cross.limit):
        assert box.accessibleName() and box.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_words_on_the_screen_are_the_official_ones_in_chinese() -> None:
    i18n.install(i18n.DEFAULT)
    odd = {official for official, words in crossed._own().items() if official not in words}
    assert not odd
