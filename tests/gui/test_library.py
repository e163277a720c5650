"""The plan library at the window: every line opens exactly its people, sums close, the keyboard suffices."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt

from gui.models import library_villages as sides
from gui.models.library import FLOW, FLOWS, LIBRARY, VILLAGES, Wanted
from gui.models.roll import Whom
from gui.models.worksheet import Wanted as Sheet
from gui.pages.library.page import LibraryPage
from storage.commands import counts
from storage.ledger import Edit, Ledger
from storage.queries import library
from storage.records import derived_id
from tests.gui.conftest import Hand
from tests.gui.office import PLACES
from tests.gui.village import TODAY, YEAR

KEY = Qt.Key


def page_of(hand: Hand) -> LibraryPage:
    page = hand.open("library")
    assert isinstance(page, LibraryPage)
    hand.until(lambda: bool(page.lines.rows), "for the lines")
    hand.settle()
    return page


def asks(page: LibraryPage) -> list[tuple[str, object]]:
    """What the page asks of the window from now on, without the window going there."""
    asked: list[tuple[str, object]] = []
    page.wanted.disconnect()
    page.wanted.connect(lambda key, request: asked.append((key, request)))
    return asked


def _lapsed(ledger: Ledger) -> None:
    """The first village's first four were insured last year; one of them is gone."""
    scope = PLACES[1].code
    some = ledger.connection.execute(
        "SELECT r.record FROM resident r WHERE r.scope = ? AND NOT EXISTS (SELECT 1 FROM payment p WHERE "
        "p.scope = r.scope AND p.resident = r.record) ORDER BY 1 LIMIT 4",
        (scope,),
    ).fetchall()
    for (record,) in some:
        fact = {"resident": record, "year": YEAR - 1, "amount": 38000, "paid_on": f"{YEAR - 2}-12-01"}
        ledger.write([Edit("payment", f"last{record}", {"fact": fact}, scope)])
    link = {"resident": some[0][0], "year": YEAR}
    record = derived_id("enrolment", some[0][0], YEAR)
    ledger.write([Edit("enrolment", record, {"link": link, "absence": {"absence": "death"}}, scope)])


def change(hand: Hand, do: Callable[[Ledger], None]) -> None:
    """Let something happen in the ledger, and every page read again."""
    from gui.ops import ChangeOp
    from storage.ledger import Changes

    def done(ledger: Ledger, _task: object) -> Changes:
        do(ledger)
        return Changes()

    hand.desk.change(ChangeOp(done), owner=hand.desk)
    hand.settle()


def test_every_line_opens_exactly_its_people_and_the_sum_closes(clerk: Hand) -> None:
    change(clerk, _lapsed)
    page = page_of(clerk)
    policy = clerk.desk.policy
    lines = {row.code: row.people for row in page.lines.rows}
    assert lines["people"] == lines["insured"] + lines["settled"] + lines["open"] == 63
    assert (lines["open.lapsed"], lines["settled.death"]) == (3, 1)
    assert "63 ＝ 本地已参保 50 ＋ 已说明原因 1 ＋ 待动员参保 12" in page.view.sum.text()
    assert sum(lines[f"ease.{band}"] or 0 for band in ("easy", "middle", "hard", "unlikely")) == 12
    page.view.lines.setFocus()
    for row in page.lines.rows:
        page.view.lines.select(row.code)
        clerk.settle()
        assert page.view.title.text().endswith(f"{row.people} 人")
        assert len(page.people.rows) == row.people, row.code
        assert page._people is not None and len(page._people.keys) == row.people
    read = library.lines(policy, page._shown.library.facts(policy)) if page._shown else []
    assert {line.code for line in read} <= lines.keys() | {
        line.code for line in read if line.parent == "open" and line.kind in ("reason", "group")
    }


def test_by_keys_from_a_village_to_a_person(clerk: Hand) -> None:
    page = page_of(clerk)
    asked = asks(page)
    clerk.key("2")
    assert page.view.parts.value() == VILLAGES and page.view.villages.hasFocus()
    assert [line.title for line in page.villages.rows][1:] == [place.title for place in PLACES]
    clerk.key(KEY.Key_Down, KEY.Key_Down, KEY.Key_Return)
    assert page.view.parts.value() == LIBRARY
    clerk.settle()
    assert page.view.place.currentData() == PLACES[1].code
    assert "20 ＝ 本地已参保 12" in page.view.sum.text()
    clerk.key(KEY.Key_Return)
    assert page.view.people.hasFocus()
    clerk.key("G")
    key, sheet = asked[-1]
    assert key == "worksheet" and isinstance(sheet, Sheet) and len(sheet.records or ()) == 8
    clerk.key(KEY.Key_Return)
    key, whom = asked[-1]
    assert key == "people" and isinstance(whom, Whom) and whom.scope == PLACES[1].code


def test_every_number_of_a_village_opens_its_own_people(clerk: Hand) -> None:
    page = page_of(clerk)
    opens = [one.opens for one in sides.village_numbers(clerk.desk.policy)]
    assert opens[:3] == ["", "people", "insured"] and "ease.easy" in opens
    for column, line in enumerate(opens):
        clerk.key("2")
        clerk.settle()
        page.view.villages.selectRow(2)
        if page.view.villages.isColumnHidden(column):
            continue
        walk = sum(not page.view.villages.isColumnHidden(one) for one in range(column))
        clerk.key(*[KEY.Key_Right] * walk)
        assert page.view.villages.currentIndex().column() == column
        clerk.key(KEY.Key_Return)
        clerk.settle()
        assert page.view.place.currentData() == PLACES[1].code
        chosen = page.view.lines.current_row()
        assert chosen is not None and chosen.code == (line or "open")
        assert len(page.people.rows) == chosen.people
    clerk.key("4")
    clerk.settle()
    page.view.flows.stand_on([one.opens for one in sides.flow_numbers(clerk.desk.policy)].index("came.back"))
    clerk.key(KEY.Key_Return)
    clerk.settle()
    chosen = page.view.lines.current_row()
    assert chosen is not None and chosen.code in ("came.back", "came")


def test_escape_goes_from_the_people_back_to_the_lines_and_f_opens_the_form(clerk: Hand) -> None:
    page = page_of(clerk)
    clerk.key(KEY.Key_Return)
    assert page.view.people.hasFocus() and page.back() and page.view.lines.hasFocus()
    asked = asks(page)
    for digit, form in (("1", "plan_library"), ("2", "plan_villages"), ("3", "flow"), ("4", "flow")):
        clerk.key(digit)
        clerk.settle()
        page.view.form.click()
        assert asked[-1] == ("forms", form)


def test_who_came_and_went(clerk: Hand) -> None:
    change(clerk, _lapsed)
    page = page_of(clerk)
    clerk.key("3")
    clerk.until(lambda: page.lines.rows[0].code == "last", "for the lines")
    clerk.settle()
    lines = {row.code: row.people for row in page.lines.rows}
    assert lines["last"] + lines["came"] - lines["went"] - lines["lapsed"] == lines["this"] == 50
    assert (lines["last"], lines["went.death"], lines["lapsed"]) == (4, 1, 3)
    assert "年度参保 4 ＋ 本年增加 50 － 本年减少 1 － 断保 3 ＝" in page.view.sum.text()
    assert "2 个村没有上年参保数据" in page.view.unknown.text()
    for row in page.lines.rows:
        page.view.lines.select(row.code)
        clerk.settle()
        assert len(page.people.rows) == row.people, row.code
    clerk.key("4")
    assert page.view.parts.value() == FLOWS
    for line in page.flows.rows:
        told = line.people
        assert told["last"] + told["came"] - told["went"] - told["lapsed"] == told["this"]
    clerk.key(KEY.Key_Down, KEY.Key_Return)
    assert page.view.parts.value() == FLOW and page.view.place.currentData() == PLACES[0].code


def test_the_gap_to_the_statistics_office_and_another_population(clerk: Hand) -> None:
    told = {"by": "旗统计局", "on": TODAY, "today": TODAY}
    change(
        clerk,
        lambda ledger: (
            [counts.populate(ledger, 30, 19, scope=place.code, **told) for place in PLACES] and None
        ),
    )
    page = page_of(clerk)
    assert "户籍人口数（统计局） 90 人，花名册 63 人，花名册少 27 人" in page.view.gaps.text()
    clerk.key("2")
    assert "-1" in page.villages.columns[-1].text(page.villages.rows[2])
    clerk.key("1")
    box = page.view.base
    box.setCurrentIndex(box.findData("resident"))
    box.activated.emit(box.currentIndex())
    clerk.settle()
    assert page.lines.rows[0].people == 60
    assert sum(row.people or 0 for row in page.lines.rows if row.code.startswith("ease.")) == 13


def test_another_page_asks_for_a_line_of_a_village(clerk: Hand) -> None:
    page = page_of(clerk)
    page.take(Wanted("open.missed", PLACES[2].code))
    clerk.settle()
    assert page.view.title.text() == "漏保 · 4 人" and len(page.people.rows) == 4
    text = " ".join(column.text(page.people.rows[0]) for column in page.people.columns)
    assert "漏保" in text and PLACES[2].title not in text  # of one village its name says nothing


def test_on_a_small_screen_a_box_chooses_the_line(clerk: Hand) -> None:
    page = page_of(clerk)
    clerk.app.window.resize(QSize(911, 512))
    clerk.settle()
    box = page.view.choice
    assert box.isVisible() and not page.view.lines.isVisible() and page.view.chooser() is box
    box.setCurrentIndex(box.findData("insured"))
    box.activated.emit(box.currentIndex())
    clerk.settle()
    assert page.view.title.text() == "本地已参保 · 50 人"
    assert "已参保" in page.people.columns[0].text(page.people.rows[0])
