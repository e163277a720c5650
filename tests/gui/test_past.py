"""The whole window as the ledger stood: chosen by keys, marked in words, read only, left again with nothing lost."""

import gc
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gui.models import moments
from gui.models.moments import Wish, meant
from gui.ops import ChangeOp, FreeOp, QueryOp, TaskOp
from gui.pages.registry import pages_for
from gui.past.band import PastBand
from gui.past.recalling import Recalling
from gui.widgets.buttons import KeyButton
from gui.widgets.entries import read_time
from storage.clock import Clock
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.operators import ROLES
from storage.queries import exported
from storage.queries import moments as offered
from sync import exchange
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import PLACES, Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR
from tests.unit.storage.worlds import cheapen, paid

FIRST = PLACES[0].code
KEYS = ("1", "S", "V", "M", "T")
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """An office whose first village sent two days before the others."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        made = office.make(tmp_path_factory.mktemp("township"), received=False)
        for days, files in ((2, made.bundles[:1]), (0, made.bundles[1:])):
            who = {
                "passphrase": PASSPHRASE,
                "data_dir": made.data_dir,
                "clock": Clock(TODAY - timedelta(days=days)),
            }
            with Ledger.open(made.folder, **who) as ledger:
                exchange.receive(ledger, files)
        yield made


@pytest.fixture
def at_office(start: Callable[..., Hand], made_office: Township, tmp_path: Path) -> Hand:
    shutil.copytree(made_office.folder, tmp_path / "office")
    shutil.copytree(made_office.data_dir, tmp_path / "data")
    hand = start(ledger=tmp_path / "office", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    return hand


def recalling(hand: Hand) -> Recalling:
    made = hand.app.recalling
    assert made is not None
    return made


def go(hand: Hand, wish: Wish | None = None) -> None:
    """Go to a moment: by default the present one, which is the past from now on."""
    hand.desk.events.recalling.emit(wish or Wish(at=hand.desk.now))
    hand.until(lambda: recalling(hand).desk is not None, "for the past")
    hand.settle()


def read(hand: Hand, ask: Callable[[Ledger], Any], *, past: bool = False) -> Any:
    """What the open ledger, or the past one, says."""
    found: list[Any] = []
    hand.app.runner.run(QueryOp(ask), found.append, past=past)
    hand.settle()
    return found[0]


def payments(ledger: Ledger) -> int:
    return int(ledger.connection.execute("SELECT count(*) FROM payment").fetchone()[0])


def pay(hand: Hand) -> None:
    edit = Edit("payment", "late", paid("somebody", year=YEAR), scope=FIRST)
    hand.desk.change(ChangeOp(lambda ledger, _task: ledger.write([edit]), "paid"), owner=hand.desk)
    hand.settle()


# ---- chosen, shown, left


def test_by_keys_there_and_back(at_office: Hand) -> None:
    hand, present = at_office, at_office.shell
    before = read(hand, payments)
    day = hand.desk.today
    pay(hand)
    hand.key("F7")
    assert present.choosing is not None and hand.focus() is present.choosing.first()
    hand.type((day - timedelta(days=400)).isoformat())
    hand.key("Return")
    hand.until(lambda: hand.notice(), "for the refusal")
    assert "第一条记录" in hand.notice() and hand.shell is present, "before the first entry there is nothing"
    hand.key("F7")
    hand.type(day.isoformat())
    hand.key("Return")
    hand.until(lambda: hand.app.window.shell() not in (None, present), "for the past")
    hand.settle()
    assert read(hand, payments, past=True) == before + 1
    hand.key("Escape")
    assert hand.shell is present and hand.desk is present.desk


def test_before_the_files_came_is_offered(at_office: Hand) -> None:
    """Each choice leads to the ledger without them."""
    hand = at_office
    entries = read(hand, lambda ledger: ledger.connection.execute("SELECT count(*) FROM op").fetchone()[0])
    (came,) = read(hand, offered.came)
    assert len(came.files) == len(PLACES) - 1 and came.entries > 0
    hand.key("F7")
    strip = hand.shell.choosing
    assert strip is not None and strip._combo.count() == 2
    strip._combo.setCurrentIndex(1)
    strip._combo.activated.emit(1)
    assert strip.day.editor.day() == came.at.date()
    present = hand.shell
    hand.click(strip.go)
    hand.until(lambda: hand.app.window.shell() not in (None, present), "for the past")
    hand.settle()
    then = read(
        hand, lambda ledger: ledger.connection.execute("SELECT count(*) FROM op").fetchone()[0], past=True
    )
    assert then == entries - came.entries


class Flashed(QObject):
    """Hears of every other window that is shown."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window, self.seen = window, list[str]()
        qt = QApplication.instance()
        assert qt is not None
        qt.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        other = isinstance(watched, QWidget) and watched is not self.window and watched.isWindow()
        if other and event.type() == QEvent.Type.Show:
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.mark.parametrize("role", ["o", "v"])
def test_every_page_shows_the_past_marked_in_words(
    role: str, request: pytest.FixtureRequest, start: Callable[..., Hand]
) -> None:
    hand: Hand = request.getfixturevalue("at_office" if role == "o" else "hand")
    go(hand)
    shell, flashed = hand.shell, Flashed(hand.app.window)
    assert shell.desk.moment is not None
    told = moments.text(shell.desk.moment.at)
    for spec in pages_for(role, shell.desk.profile.scope):
        hand.open(spec.key)
        band = next(band for band in shell.findChildren(PastBand) if band.isVisible())
        assert told in band.words.text() and "只能查看" in band.accessibleName(), spec.key
        assert band.mapTo(shell, band.rect().topLeft()).y() == 0 and band.width() == shell.width()
    assert told in hand.app.window.windowTitle()
    assert flashed.seen == [], "what is not allowed is said on the page, not in a window that comes and goes"
    hand.key("F7", modifier=SHIFT)
    assert hand.shell.past is None and told not in hand.app.window.windowTitle()


def test_a_past_shown_can_lead_to_another(at_office: Hand) -> None:
    hand = at_office
    (came,) = read(hand, offered.came)
    go(hand)
    first = hand.shell
    hand.key("F7")
    assert first.choosing is not None and first.choosing._combo.count() == 2, "moments of the present ledger"
    first.choosing.wanted.emit(Wish(at=came.at))
    hand.until(lambda: hand.app.window.shell() not in (None, first), "for the other")
    hand.settle()
    assert 0 < read(hand, payments, past=True) < read(hand, payments)
    hand.key("F7", modifier=SHIFT)
    assert recalling(hand).desk is None and hand.shell.desk is hand.desk


# ---- only to be read


def test_no_role_is_left_and_every_button_says_why(at_office: Hand) -> None:
    go(at_office)
    desk = at_office.shell.desk
    assert not any(desk.may(role) for role in ROLES)
    assert all("不能" in desk.why_not(role) or "只" in desk.why_not(role) for role in ROLES)
    receive = at_office.open("villages").view.receive
    assert not receive.isEnabled() and receive.toolTip() == desk.why_not(ROLES[0])


OPS: list[Any] = [
    ChangeOp(lambda ledger, _task: ledger.write([])),
    TaskOp(lambda ledger, _task: ledger.connection.execute("DELETE FROM payment")),
    FreeOp(lambda _task: None),
]


@pytest.mark.parametrize("op", OPS)
def test_whatever_would_change_anything_is_refused_with_a_sentence(at_office: Hand, op: Any) -> None:
    go(at_office)
    desk, ended = at_office.shell.desk, []
    job = desk.ask(op, lambda _result: pytest.fail("carried out"), owner=desk)
    job.ended.connect(lambda: ended.append(True))
    at_office.until(lambda: at_office.notice(), "for the sentence")
    assert ended == [True] and at_office.notice() == desk.why_not(ROLES[0])


def test_a_page_hears_the_refusal_as_any_other(at_office: Hand) -> None:
    go(at_office)
    desk, heard = at_office.shell.desk, list[Exception]()
    desk.run(
        OPS[0], lambda _result: None, owner=desk, refused=lambda error: bool(heard.append(error)) or True
    )
    at_office.until(lambda: heard, "for the refusal")
    assert isinstance(heard[0], KnownError) and heard[0].code == "asof.read_only" and not at_office.notice()


def test_the_file_itself_is_the_same_afterwards(hand: Hand) -> None:
    """Whatever key is pressed on whatever page of the past, nothing comes of it but lines of what went out."""
    tables = ("op", "bundle", "export", "kit", "intake", "policy_draft", "meta")

    def held(ledger: Ledger) -> list[Any]:
        return [
            ledger.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables
        ]

    before = read(hand, held)
    go(hand)
    for spec in pages_for("v"):
        hand.open(spec.key)
        for button in hand.page.findChildren(KeyButton):
            if isValid(button) and button.isVisible() and button.isEnabled() and button.key in KEYS:
                button.click()
                hand.settle()
                if QApplication.activeModalWidget() is not None:
                    QApplication.activeModalWidget().close()
    hand.key("F7", modifier=SHIFT)
    after = read(hand, held)
    changed = [name for name, old, new in zip(tables, before, after, strict=True) if old != new]
    assert set(changed) <= {"meta", "export"}, changed


def test_what_is_written_from_the_past_is_logged_in_the_present(at_office: Hand, tmp_path: Path) -> None:
    hand = at_office
    hand.desk.settings.keep("lists_folder", str(tmp_path / "out"))
    go(hand)
    hand.open("people")
    hand.until(lambda: hand.page.rows.rows, "for the people")
    hand.key("E", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: list((tmp_path / "out").glob("*.xlsx")), "for the file")
    hand.key("F7", modifier=SHIFT)
    assert len(read(hand, exported.lines)) == 1


# ---- the present behind it


def test_what_was_being_done_is_still_there(at_office: Hand) -> None:
    hand = at_office
    page = hand.open("people")
    pay(hand)
    last = hand.desk.undo.last()
    go(hand)
    assert hand.app.window.shell() is not None and hand.shell.desk.undo.last() is None
    hand.key("F7", modifier=SHIFT)
    assert hand.page is page and hand.desk.undo.last() is last, "Ctrl+Z walks on where it stood"


def test_the_present_goes_on_behind_it(at_office: Hand) -> None:
    """What the folder brings in meanwhile comes into the present ledger, and into none else."""
    hand = at_office
    before = read(hand, payments)
    go(hand)
    pay(hand)
    assert read(hand, payments) == before + 1 and read(hand, payments, past=True) == before


def test_the_same_question_of_both_is_answered_twice(at_office: Hand) -> None:
    go(at_office)
    told: list[str] = []
    slow = QueryOp(lambda ledger: time.sleep(0.05), slot="board")
    at_office.desk.ask(slow, lambda _none: told.append("present"), owner=at_office.desk)
    past = at_office.shell.desk
    past.ask(slow, lambda _none: told.append("past"), owner=past)
    at_office.until(lambda: len(told) == 2, "for both")


def test_it_can_be_locked_and_comes_back_to_the_past(at_office: Hand) -> None:
    go(at_office)
    past = at_office.shell
    at_office.app.locking.lock()
    assert at_office.app.window.shell() is None, "nothing is seen of either"
    at_office.app.locking.unlock()
    assert at_office.shell is past
    at_office.key("F7", modifier=SHIFT)
    assert at_office.shell.desk is at_office.desk


def test_leaving_lets_it_go(at_office: Hand) -> None:
    go(at_office)
    desk, shell = at_office.shell.desk, at_office.shell
    assert at_office.app.runner._thread.past is not None
    at_office.key("F7", modifier=SHIFT)
    at_office.settle()
    gc.collect()
    assert at_office.app.runner._thread.past is None and not isValid(desk) and not isValid(shell)


def test_stopped_nothing_changes(at_office: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand, present = at_office, at_office.shell

    def make(_wish: Wish) -> Callable[[Ledger, Any], Ledger]:
        def slow(_ledger: Ledger, task: Any) -> Ledger:
            task.tell(1, 3)
            while not task.stopped():
                time.sleep(0.01)
            raise KnownError("asof.stopped")

        return slow

    monkeypatch.setattr(moments, "recall", make)
    hand.desk.events.recalling.emit(Wish(at=hand.desk.now))
    hand.until(lambda: hand.app.window.shell() is None, "for the wait")
    focus = hand.focus()
    assert isinstance(focus, QWidget)
    from PySide6.QtTest import QTest

    QTest.keyClick(focus, Qt.Key.Key_Escape)
    hand.until(lambda: hand.app.window.shell() is present, "for the present")
    assert "已停止" in hand.notice()


# ---- what a day means


def test_a_day_means_its_end_and_a_time_its_whole_minute() -> None:
    now = datetime(2025, 12, 3, 10, 30).astimezone()
    day = date(2025, 11, 15)
    assert meant(day, None, now).at == datetime(2025, 11, 15, 23, 59, 59, 999000).astimezone()
    assert meant(day, clock_time(17, 30), now).at == datetime(2025, 11, 15, 17, 30, 59, 999000).astimezone()
    assert meant(now.date(), None, now).at == now
    with pytest.raises(RuleViolation) as caught:
        meant(None, None, now)
    assert caught.value.code == "asof.day"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("17:30", (17, 30)),
        ("1730", (17, 30)),
        ("9点5分", (9, 5)),
        ("９：０５", (9, 5)),
        ("9时", (9, 0)),
        ("0:00", (0, 0)),
    ],
)
def test_times_as_people_type_them(text: str, wanted: tuple[int, int]) -> None:
    assert read_time(text) == clock_time(*wanted)


@pytest.mark.parametrize("text", ["", "25:00", "17:60", "abc", "17.3.2", "1", "99999"])
def test_no_time_is_none(text: str) -> None:
    assert read_time(text) is None


def test_a_window_that_went_elsewhere_meanwhile_stays_there(at_office: Hand) -> None:
    at_office.desk.events.recalling.emit(Wish(at=at_office.desk.now))
    page = at_office.app.opening.show_start()
    at_office.settle()
    assert at_office.app.window.content() is page and recalling(at_office).desk is None
    assert at_office.app.runner._thread.past is None


def test_in_a_low_window_the_choice_of_a_moment_stands_alone(hand: Hand) -> None:
    hand.app.window.resize(911, 512)
    hand.settle()
    page = hand.page
    hand.key("F7")
    assert hand.shell.choosing is not None and hand.shell.choosing.isVisible() and not page.isVisible()
    hand.key("Escape")
    assert page.isVisible() and page.isAncestorOf(hand.focus())
    hand.app.window.resize(1366, 768)
    hand.settle()
    hand.key("F7")
    assert page.isVisible()
