"""The page of bulletins: issued in one key after a preview, every number opens, counted again, corrected, sent out."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gui.models import bulletins as models
from gui.models import roll
from gui.models.roll import RollFilter
from gui.ops import ChangeOp, QueryOp
from gui.pages.bulletins.page import BulletinsPage
from gui.pages.bulletins.view import CHART, NOTES
from gui.pages.today.figures import NumberDoor
from storage import policies
from storage.bulletins import Bulletin, thaw
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import bulletins as queries
from storage.queries import corrections, exported
from sync.reports import bulletins, forms
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import PLACES, Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR
from tests.unit.storage.test_figures import placed_in, registers
from tests.unit.storage.worlds import World, cheapen, paid

POLICY = policies.load("example-2026")
SCOPES = count(1)
FIRST = PLACES[0].code


@pytest.fixture(scope="module")
def cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield


@pytest.fixture(scope="module")
def made_office(cheap: None, tmp_path_factory: pytest.TempPathFactory) -> Township:
    """A closed office ledger that received three villages."""
    return office.make(tmp_path_factory.mktemp("township"))


@pytest.fixture
def page(start: Callable[..., Hand], made_office: Township, tmp_path: Path) -> Hand:
    """A window on a copy of the office, on the page of bulletins."""
    shutil.copytree(made_office.folder, tmp_path / "office")
    shutil.copytree(made_office.data_dir, tmp_path / "data")
    hand = start(ledger=tmp_path / "office", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("bulletins")
    return hand


def on(hand: Hand) -> BulletinsPage:
    shown = hand.page
    assert isinstance(shown, BulletinsPage)
    return shown


def asked(hand: Hand, ask: Callable[[Ledger], Any]) -> Any:
    """What the open ledger says."""
    found: list[Any] = []
    hand.desk.ask(QueryOp(ask), found.append, owner=hand.desk)
    hand.settle()
    return found[0]


def issue(hand: Hand) -> Bulletin:
    """Issue by keys: N draws it up, Enter issues it."""
    hand.key("N", "Return")
    return asked(hand, queries.issued)[0]


def pay(hand: Hand, resident: str) -> None:
    """A payment comes in later."""
    edit = Edit("payment", f"late-{resident}", paid(resident, year=YEAR), scope=FIRST)
    hand.desk.change(ChangeOp(lambda ledger, _task: ledger.write([edit])), owner=hand.desk)
    hand.settle()


def an_unpaid(hand: Hand) -> str:
    def ask(ledger: Ledger) -> str:
        return str(
            ledger.connection.execute(
                "SELECT record FROM resident WHERE scope = ? AND record NOT IN (SELECT resident FROM payment)",
                (FIRST,),
            ).fetchone()[0]
        )

    return str(asked(hand, ask))


# ---- issued


def test_it_is_issued_in_one_key_after_a_preview(page: Hand) -> None:
    shown = on(page)
    assert shown.view.states.currentWidget() is shown.view.empty
    page.key("N")
    assert shown.issuing.strip is not None and "第1期" in shown.view.title.text()
    assert "柳林村" in shown.issuing.strip.warnings.text(), "who has not reported this week"
    assert asked(page, queries.issued) == [], "a preview issues nothing"
    drawn = shown.issuing.drawn
    assert drawn is not None
    page.key("Return")
    (one,) = asked(page, queries.issued)
    assert (one.record, one.print, one.content) == (
        drawn.bulletin.record,
        drawn.bulletin.print,
        drawn.bulletin.content,
    )
    assert shown.issuing.strip is None and "第1期" in page.notice()
    assert [row.line.code for row in shown.view.table.rows_model.rows[:-1]] == [
        line.code for line in one.content.ranked
    ]


def test_escape_issues_nothing(page: Hand) -> None:
    page.key("N", "Escape")
    assert on(page).issuing.strip is None and asked(page, queries.issued) == []


def test_what_came_in_since_the_preview_is_looked_at_first(page: Hand) -> None:
    page.key("N")
    before = on(page).issuing.drawn
    pay(page, an_unpaid(page))
    page.key("Return")
    assert asked(page, queries.issued) == []
    drafting, drawn = on(page).issuing.strip, on(page).issuing.drawn
    assert drafting is not None and before is not None and drawn is not None
    assert drawn.bulletin.content.total.paid == before.bulletin.content.total.paid + 1
    page.key("Return")
    assert [one.number for one in asked(page, queries.issued)] == [1]


def test_another_denominator_draws_it_up_anew(page: Hand) -> None:
    page.key("N")
    strip = on(page).issuing.strip
    assert strip is not None
    strip.base.choose("registered")
    strip.base.activated.emit(strip.base.currentIndex())
    page.settle()
    drawn = on(page).issuing.drawn
    assert drawn is not None and drawn.bulletin.content.denominator == "registered"


# ---- every number opens


def test_a_number_opens_whom_it_counted_then(page: Hand) -> None:
    """As printed, although one more has paid since: the past shows the printed number, the present one more."""
    one = issue(page)
    pay(page, an_unpaid(page))
    line = one.content.line(FIRST)
    assert line is not None
    on(page).view.table.select((False, FIRST))
    page.settle()
    page.key("Return")
    doors = [door for door in on(page).view.figures.findChildren(NumberDoor) if door.isVisible()]
    assert page.focus() is doors[0], "Enter on a place goes to its numbers"
    paid_door = next(door for door in doors if door.link.page == "should_paid")
    assert paid_door.text() == str(line.paid)
    present = page.shell
    page.click(paid_door)
    page.until(lambda: page.app.window.shell() not in (None, present), "for the past")
    page.settle()
    assert page.shell.desk.moment is not None and page.shell.desk.moment.issue == 1
    assert page.shell.key == "people" and len(page.page.rows.rows) == line.paid
    page.key("F7", modifier=Qt.KeyboardModifier.ShiftModifier)
    assert page.shell is present
    page.open("people", RollFilter("should_paid", FIRST, one.content.denominator))
    assert len(page.page.rows.rows) == line.paid + 1


def test_a_number_of_a_draft_opens_the_present(page: Hand) -> None:
    page.key("N")
    on(page).view.number_opened.emit("should_paid", FIRST)
    page.settle()
    assert page.shell.desk.moment is None and page.shell.key == "people"


@pytest.fixture(scope="module")
def ledger(cheap: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    world = World(tmp_path_factory.mktemp("numbers"))
    yield world.office()
    world.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(made=registers())
def test_every_number_is_as_many_people_as_it_opens(
    ledger: Ledger, made: list[tuple[str, str, dict[str, Any]]]
) -> None:
    scope = f"15062130{next(SCOPES):04d}"
    ledger.write(placed_in(made, scope))
    for rule in POLICY.denominators:
        (line,) = queries.count(ledger, POLICY, rule.code, TODAY, {scope: "村"}).lines
        everybody = roll.read(ledger, POLICY, rule.code, scope, "村")["all"]
        for field, code in models.DOORS.items():
            if not (rule.count_only and field == "total"):
                found = roll.choose(POLICY, RollFilter(code, scope, rule.code), everybody)
                assert len(found) == getattr(line, field), (rule.code, field)


def test_it_says_by_which_files_the_entries_came(page: Hand) -> None:
    issue(page)
    on(page).view.table.select((False, FIRST))
    page.settle()
    page.until(lambda: "hqb" in on(page).view.sources.text(), "for the files")
    assert "查干沟嘎查" in on(page).view.sources.text()


# ---- shown in parts


def test_digits_show_table_ranking_and_notes(page: Hand) -> None:
    one = issue(page)
    view = on(page).view
    page.key("2")
    assert view.parts.value() == CHART and [mark.code for mark in view.chart.chart._drawing.marks] == [
        line.code for line in one.content.ranked
    ]
    page.key("3")
    assert view.parts.value() == NOTES and "统计口径" in view.notes.text() and "未报送" in view.notes.text()
    assert one.print[:4] in view.notes.text()


def test_columns_are_those_of_the_form(page: Hand) -> None:
    issue(page)
    heads = [column.title.replace("\n", "") for column in on(page).view.table.rows_model.columns]
    wanted = [spec.title for spec in forms.built_in()["bulletin"].specs()]
    assert [head for head in wanted if head in heads] == heads, "in the form's order"
    assert "较上期增加" not in heads, "nothing before it: an empty column is left out, as on paper"
    assert {"名次", "应参保人数", "已缴费人数", "参保率"} <= set(heads)


# ---- counted again


def test_it_is_counted_again(page: Hand) -> None:
    issue(page)
    pay(page, an_unpaid(page))
    page.key("R")
    again = on(page).view.again
    assert again.isVisible() and "与发布时一致" in again.text()


def test_what_was_changed_afterwards_is_told(page: Hand) -> None:
    one = issue(page)

    def tamper(ledger: Ledger, _task: object) -> Any:
        state = ledger.state_of("bulletin", one.record)["content"].value
        text = state["content"].replace(f'"paid":{one.content.total.paid}', '"paid":1')
        return ledger.write([Edit("bulletin", one.record, {"content": {**state, "content": text}})])

    page.desk.change(ChangeOp(tamper), owner=page.desk)
    page.settle()
    page.key("R")
    text = on(page).view.again.text()
    assert "不一致" in text or "不同" in text, text
    assert "合计" in text or "白泥井镇" in text


# ---- corrected


def test_a_correction_says_why_and_warns_of_names(page: Hand) -> None:
    issue(page)
    resident = an_unpaid(page)
    name = asked(page, lambda ledger: ledger.state_of("resident", resident, FIRST)["identity"].value["name"])
    pay(page, resident)
    page.key("U")
    strip = on(page).issuing.strip
    assert strip is not None and strip.reason is not None and page.focus() is strip.reason.editor
    page.key("Return")
    assert strip.reason.error(), "a correction says why"
    page.type(f"{name}补报，查干沟嘎查迟报")
    page.key("Return")
    assert name in strip.warnings.text() and strip.hide_names.isVisible()
    page.key("H", modifier=Qt.KeyboardModifier.ControlModifier)
    assert name not in strip.text() and not strip.hide_names.isVisible()
    page.key("Return")
    first, second = asked(page, queries.issued)[::-1]
    assert second.corrects == first.record and name not in second.content.why
    assert second.content.total.paid == first.content.total.paid + 1
    assert [change.reason for change in second.content.changes if change.paid] != []
    words = [on(page).issues.columns[0].cell(one) for one in (second, first)]
    assert "更正第1期" in str(words[0]) and "已由第2期更正" in str(words[1])


def test_a_name_inside_a_village_s_is_nobody(page: Hand) -> None:
    def ask(ledger: Ledger) -> list[str]:
        name = ledger.connection.execute("SELECT name FROM resident WHERE length(name) > 1").fetchone()[0]
        title = PLACES[0].title
        assert corrections.named_in(ledger, f"{name}一户") == [name]
        return corrections.named_in(ledger, f"{title}迟报")

    assert asked(page, ask) == []


# ---- sent out


def test_files_and_pictures_are_written_and_noted(page: Hand, tmp_path: Path) -> None:
    issue(page)
    page.desk.settings.keep("lists_folder", str(tmp_path / "out"))
    page.key("X", "P", "G")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"{office.TITLE}-{YEAR}-进度通报-第1期{ending}" for ending in (".pdf", ".png", ".xlsx")]
    page.key("C")
    assert QGuiApplication.clipboard().image().width() == 1080
    lines = asked(page, exported.lines)
    assert [line.what for line in lines] == ["bulletin"] * 4 and all(line.masked for line in lines)


# ---- what is broken


def test_a_damaged_basis_is_unreadable_and_hides_no_other(ledger: Ledger) -> None:
    ledger.write(placed_in([], "150621302900"))
    row = {
        "record": "r", "scope": "s", "bulletin_at": "2025-12-03T01:00:00+00:00", "content": "{}", "rules_text": "{}",
        "held": '[["s","r",1,"m","1-x"]]', "held_print": "", "content_print": "", "counted_with": "",
        "follows": "", "corrects": "",
    }  # fmt: skip
    with pytest.raises(KnownError) as caught:
        thaw(row)
    assert caught.value.code == "bulletin.unreadable"


def test_a_week_later_it_says_what_moved(page: Hand) -> None:
    issue(page)
    pay(page, an_unpaid(page))

    def later(ledger: Ledger, _task: object) -> Any:
        made = bulletins.make(ledger, POLICY, TODAY + timedelta(days=7))
        return ledger.state_of("bulletin", made.record) and ledger.write(
            [Edit("village", FIRST, {"title": {"title": "查干沟嘎查"}})]
        )

    page.desk.change(ChangeOp(later), owner=page.desk)
    page.settle()
    on(page).refresh()
    page.settle()
    on(page).view.issues.selectRow(0)
    page.settle()
    heads = [column.title.replace("\n", "") for column in on(page).view.table.rows_model.columns]
    assert "较上期增加" in heads and "上期名次" in heads


# ---- what is missing


def test_it_says_that_this_weeks_is_not_out(page: Hand) -> None:
    shown = on(page)
    issued = issue(page)
    assert not shown.view.due.text()
    monday = TODAY + timedelta(days=7 - TODAY.weekday())
    assert not models.due_text(issued, POLICY, monday - timedelta(days=1))
    assert "本周的通报还没有发布" in models.due_text(issued, POLICY, monday)
    assert not models.due_text(issued, POLICY, POLICY.window.end + timedelta(days=7)), "nobody pays any more"
    assert not models.due_text(None, POLICY, monday), "the empty page says so"


def test_a_page_that_could_not_be_read_says_so_and_tries_again(
    page: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, read = on(page), models.read
    issue(page)

    def refuse(_ledger: Ledger) -> models.Shelf:
        raise KnownError("bulletin.unreadable")

    monkeypatch.setattr(models, "read", refuse)
    again = BulletinsPage(page.desk)
    again.enter()
    page.settle()
    assert again.view.states.currentWidget() is again.view.waiting
    assert "没有读出来" in again.view.waiting.accessibleName()
    monkeypatch.setattr(models, "read", read)
    again.enter()
    page.settle()
    assert again.view.states.currentWidget() is not again.view.waiting and again.newest() is not None
    again.deleteLater()
    assert shown.newest() is not None
