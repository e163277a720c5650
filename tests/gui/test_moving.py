"""At the office's window: moving somebody to another village and back, and erasing somebody on request."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from gui.models.roll import RollFilter, Whom
from gui.ops import QueryOp
from gui.pages.people.erasing import ErasePanel
from gui.pages.people.moving import MovePanel
from storage import operators, stubs
from storage.clock import Clock
from storage.ledger import Ledger
from storage.queries import counting, figures, people
from storage.queries.counting import Whereabouts
from storage.queries.people import Person
from sync import exchange
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR
from tests.unit.storage.worlds import cheapen

A, B, C = "150621102200", "150621102201", "150621102202"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """An office of three villages."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        places = [office.Place(A, "查干沟嘎查", 6, 5, active=2, special=1)]
        places += [office.Place(B, "柳林村", 6, 2), office.Place(C, "海勒苏村", 3, 2)]
        made = office.make(tmp_path_factory.mktemp("moving"), places)
        with opened(made.folder, made.data_dir) as ledger:
            operators.add(ledger, "张科员", PASSPHRASE, ["exchange"])
        yield made


def opened(folder: Path, data_dir: Path) -> Ledger:
    return Ledger.open(folder, passphrase=PASSPHRASE, data_dir=data_dir, clock=Clock(TODAY))


@pytest.fixture
def at(start: Callable[..., Hand], made: Township, tmp_path: Path) -> Callable[..., Hand]:
    """Opens the people of the first village on a copy of the office, for an operator."""
    shutil.copytree(made.folder, tmp_path / "office")
    shutil.copytree(made.data_dir, tmp_path / "data")

    def open_(operator: str = "") -> Hand:
        hand = start(
            ledger=tmp_path / "office", data_dir=tmp_path / "data", passphrase=PASSPHRASE, operator=operator
        )
        hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
        hand.open("people", RollFilter("all", A, "resident"))
        return hand

    return open_


def choose(hand: Hand, scope: str = A, line: int = 1) -> Person:
    """Go to a person of a village."""
    hand.open("people", RollFilter("all", scope, "resident"))
    hand.page.view.table.selectRow(line)
    hand.page.view.table.setFocus()
    hand.settle()
    return hand.page.view.table.current_row().person


def ask(hand: Hand, question: Callable[[Ledger], object]):
    """Ask the open ledger."""
    found: list[object] = []
    hand.desk.ask(QueryOp(question), found.append, owner=hand.shell)
    hand.until(lambda: bool(found), "for an answer")
    return found[0]


def counts(hand: Hand) -> dict[str, int]:
    """How many people each village has, as it counts itself."""
    policy = hand.desk.policy
    return ask(
        hand, lambda ledger: {code: one.people for code, one in figures.by_scope(ledger, policy).items()}
    )


# ---- moving


def test_somebody_moves_by_keys_alone_and_back(at: Callable[..., Hand]) -> None:
    hand = at()
    person, before = choose(hand), counts(hand)
    hand.key("M")
    panel = hand.page.below.panel
    assert isinstance(panel, MovePanel) and panel.to.hasFocus()
    assert [panel.to.itemData(line) for line in range(panel.to.count())] == [B, C]
    assert "柳林村将看到" in panel.outlook.text() and "电话" in panel.outlook.text()
    assert "查干沟嘎查保留自己登记的内容" in panel.outlook.text()
    hand.key("Down")
    assert panel.to.currentData() == C and "海勒苏村将看到" in panel.outlook.text()
    hand.key("Up", "Return")
    assert hand.page.below.panel is None and "柳林村" in hand.notice()
    assert hand.page.view.table.hasFocus()
    after = counts(hand)
    assert (after[A], after[B]) == (before[A] - 1, before[B] + 1)
    assert mark_of(hand, A, person) == "计入柳林村"
    assert mark_of(hand, B, person) == "由查干沟嘎查迁入"
    select(hand, B, person)
    hand.key("M")
    panel = hand.page.below.panel
    assert panel.to.itemText(0) == "查干沟嘎查（原嘎查村）"
    assert "由查干沟嘎查迁入" in panel.where.text()
    hand.key("Return")
    assert counts(hand) == before
    where = ask(hand, lambda ledger: counting.whereabouts(ledger, A, person.record))
    assert (where.scope, where.since) == (A, TODAY.isoformat())


def mark_of(hand: Hand, scope: str, person: Person) -> str:
    """What the note of a person says about where they count."""
    select(hand, scope, person)
    row = hand.page.view.table.current_row()
    line = hand.page.rows.columns[-1].picture(row)[0]
    return next((piece.text for piece in line if "计入" in piece.text or "迁入" in piece.text), "")


def select(hand: Hand, scope: str, person: Person) -> None:
    """Go to somebody by ID number."""
    hand.open("people", RollFilter("all", scope, "resident"))
    hand.settle()
    rows = hand.page.rows.rows
    line = next(line for line, entry in enumerate(rows) if entry.person.id_number == person.id_number)
    hand.page.view.table.selectRow(line)
    hand.page.view.table.setFocus()
    hand.settle()


def test_both_villages_show_it_after_their_next_file(
    at: Callable[..., Hand], made: Township, tmp_path: Path
) -> None:
    hand = at()
    number = choose(hand).id_number
    hand.key("M", "Return")
    files = {
        one.scope: one.path for one in ask(hand, lambda ledger: exchange.send(ledger, tmp_path / "down"))
    }
    root = made.folder.parent
    for scope, expected in ((A, (B, "")), (B, ("", A))):
        shutil.copytree(root / scope, tmp_path / scope)
        shutil.copytree(root / f"{scope}-data", tmp_path / f"{scope}-data")
        with opened(tmp_path / scope, tmp_path / f"{scope}-data") as village:
            exchange.receive(village, [files[scope]])
            found = [one for one in people.load(village, YEAR, scope=scope) if one.id_number == number]
            assert expected in [(one.counted_in, one.came_from) for one in found]


def test_a_day_to_come_is_refused_beside_its_field(at: Callable[..., Hand]) -> None:
    hand = at()
    choose(hand)
    hand.key("M")
    panel = hand.page.below.panel
    panel.on.set_day(TODAY + timedelta(days=1))
    hand.settle()
    assert panel.fields["on"].error()
    hand.key("Return")
    assert hand.page.below.panel is panel
    panel.on.set_day(TODAY)
    hand.settle()
    assert not panel.fields["on"].error() and panel.save_button.isEnabled()
    hand.key("Escape")
    assert hand.page.below.panel is None and hand.page.view.table.hasFocus()


def test_into_a_household_that_is_there(at: Callable[..., Hand]) -> None:
    hand = at()
    number = choose(hand).id_number
    hand.key("M")
    panel = hand.page.below.panel
    assert not panel.fields["relation"].isVisible()
    panel.home.setCurrentIndex(1)
    assert panel.fields["relation"].isVisible()
    home = panel.home.currentData()
    panel.relation.setCurrentIndex(panel.relation.findData("2"))
    panel.save()
    hand.settle()
    found = ask(hand, lambda ledger: people.load(ledger, YEAR, scope=B))
    assert [(one.household, one.relation) for one in found if one.id_number == number] == [(home, "2")]


# ---- who may


def test_who_only_exchanges_sees_why_not(at: Callable[..., Hand]) -> None:
    hand = at("张科员")
    choose(hand)
    for button in (hand.page.view.relocate, hand.page.view.erase):
        assert not button.isEnabled() and "张科员" in button.toolTip()
    hand.key("M")
    assert hand.page.below.panel is None


# ---- erasing


def test_erasing_takes_the_name_and_a_reason(at: Callable[..., Hand]) -> None:
    hand = at()
    person, before = choose(hand), counts(hand)
    name, record = person.name, person.record
    hand.key(Qt.Key.Key_Delete, modifier=CONTROL)
    panel = hand.page.below.panel
    assert isinstance(panel, ErasePanel)
    assert "查干沟嘎查" in panel.outlook.text() and "空白占位" in panel.outlook.text()
    assert not panel.save_button.isEnabled()
    hand.key("Return")
    assert hand.page.below.panel is panel and counts(hand) == before
    panel.typed.setFocus()
    hand.type(name[:-1])
    assert not panel.save_button.isEnabled()
    panel.typed.setText(name)
    hand.key("Return")
    assert panel.fields["reason"].error() and counts(hand) == before
    panel.fields["reason"].editor.setText(f"{name}来电")
    hand.key("Return")
    assert panel.fields["reason"].error() and counts(hand) == before
    panel.fields["reason"].editor.setText("本人申请")
    panel.save()
    hand.settle()
    assert hand.page.below.panel is None
    assert counts(hand)[A] == before[A] - 1
    assert "查干沟嘎查" in hand.notice() and "名单" in hand.notice()
    assert all(row.person.record != record for row in hand.page.rows.rows)
    assert ask(hand, lambda ledger: stubs.ordered(ledger.connection, A, "resident", record))


def test_one_person_another_page_asked_for_is_shown_until_erased(at: Callable[..., Hand]) -> None:
    hand = at()
    person = choose(hand)
    hand.open("people", Whom(A, person.record))
    hand.settle()
    assert [row.person.record for row in hand.page.rows.rows] == [person.record]
    hand.page.view.table.setFocus()
    hand.key(Qt.Key.Key_Delete, modifier=CONTROL)
    panel = hand.page.below.panel
    panel.fields["reason"].editor.setText("本人申请")
    panel.typed.setText(person.name)
    panel.save()
    hand.settle()
    assert hand.page.rows.rows == []


def test_nobody_left_where_nothing_was_typed(at: Callable[..., Hand]) -> None:
    hand = at()
    choose(hand)
    before = counts(hand)
    hand.key(Qt.Key.Key_Delete, modifier=CONTROL)
    hand.key("Escape")
    assert hand.page.below.panel is None and counts(hand) == before


def test_where_somebody_is_follows_the_search_too(at: Callable[..., Hand]) -> None:
    hand = at()
    name = choose(hand).name
    hand.page.show_found(name)
    hand.settle()
    hand.page.view.table.selectRow(0)
    first = hand.page.view.table.current_row().person
    hand.page.view.table.setFocus()
    hand.key("M", "Return")
    hand.settle()
    where = ask(hand, lambda ledger: counting.whereabouts(ledger, first.scope, first.record))
    assert isinstance(where, Whereabouts) and where.scope != first.scope
    rows = {
        (row.person.scope, row.person.counted_in) for row in hand.page.rows.rows if row.person.name == name
    }
    assert (first.scope, where.scope) in rows, "what was found is read again"
