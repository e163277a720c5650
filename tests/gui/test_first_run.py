"""The first three minutes of somebody new: kit, own roster or example; then the tour, and help by one key."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from gui import demo, i18n
from gui.help import book
from gui.help.document import place_of
from gui.pages.start.alone import AloneForm, RosterForm
from gui.pages.start.page import StartPage
from storage import divisions
from storage.clock import Clock
from storage.kinds import OFFICE
from tests.gui import office, village
from tests.gui.conftest import Hand
from tests.gui.dropping import drop
from tests.gui.ease.crawl import controls
from tests.gui.ease.hearing import heard
from tests.unit.storage.worlds import cheapen

FIXTURES = Path(__file__).parents[2] / "resources" / "demo"
ROSTER = FIXTURES / "查干沟嘎查花名册.xlsx"
CODE = "150621105210"
SECRET = "three stones one river"
MOST_ACTIONS = 6
"""Clicks and keys other than typing from the first page to Today: 2, a file, the village, Tab, Tab, Enter."""


@pytest.fixture(autouse=True)
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield


class Counted:
    """Somebody at the window whose clicks and keys are counted; typing is not, for what is typed has to be said."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.actions = hand, 0

    def key(self, key: str | Qt.Key) -> None:
        self.actions += 1
        self.hand.key(key)

    def click(self, widget) -> None:
        self.actions += 1
        self.hand.click(widget)


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """What the desktop's own file dialog answers; it is not ours to drive."""

    def choose(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(path), ""))

    return choose


def first_page(hand: Hand) -> StartPage:
    page = hand.app.window.content()
    assert isinstance(page, StartPage)
    return page


def looked_at(hand: Hand) -> RosterForm:
    form = first_page(hand).form
    assert isinstance(form, RosterForm)
    hand.until(form.go.isEnabled, "for the file to be looked at")
    return form


def in_the_shell(hand: Hand) -> None:
    end = time.monotonic() + 60  # a ledger is made and a roster read
    while hand.app.window.shell() is None and time.monotonic() < end:
        QTest.qWait(20)
    hand.until(lambda: hand.desk.book.loaded, "for the households")
    hand.settle()


# ---- an own roster


def test_from_an_own_roster_to_today_with_a_handful_of_keys(
    start: Callable[..., Hand], chosen: Callable[[Path], None], tmp_path: Path
) -> None:
    hand = start()
    person = Counted(hand)
    chosen(ROSTER)
    person.key("2")
    person.actions += 1  # choosing the file in the desktop's dialog
    form = looked_at(hand)
    assert "68 户" in form.text.text() and "209 人" in form.text.text()
    assert form.villages.isVisible(), "three villages of this name in one banner: a person says which"
    assert form.villages.isAncestorOf(hand.focus())
    person.key("2")  # the second of three
    assert form.code.editor.text() == CODE and form.name.editor.text() == "查干沟村委会"
    assert hand.focus() is form.operator.editor
    form.folder.setText(str(tmp_path / "mine"))
    hand.type("苏联络员")
    person.key(Qt.Key.Key_Tab)
    hand.type(SECRET)
    person.key(Qt.Key.Key_Tab)
    hand.type(SECRET)
    person.actions += 1
    QTest.keyClick(hand.focus(), Qt.Key.Key_Return)
    in_the_shell(hand)
    assert person.actions <= MOST_ACTIONS
    assert hand.shell.key == "today"
    assert sum(len(home.people) for home in hand.desk.book.cards) == 209
    assert "209 人" in hand.notice() and "待处理" in hand.notice()


def test_the_ledger_made_from_a_roster_is_like_any_other(start: Callable[..., Hand], tmp_path: Path) -> None:
    hand = start()
    drop(first_page(hand), ROSTER)
    form = looked_at(hand)
    fill(form, tmp_path / "mine")
    form.go.click()
    in_the_shell(hand)
    hand.key(Qt.Key.Key_Escape)  # the tour
    page = hand.open("intake")
    page.view.past.click()
    hand.settle()
    assert page.view.part() == "log", "the roster stands in the list of lists, to be taken back as a whole"
    again = start(ledger=tmp_path / "mine", passphrase=SECRET)
    again.until(lambda: again.app.window.shell() is not None, "for it to open again")
    assert again.app.guide.tour is None


def fill(form: AloneForm, folder: Path) -> None:
    form.name.editor.setText("查干沟嘎查")
    form.code.editor.setText(CODE)
    form.operator.editor.setText("苏联络员")
    form.passphrase.editor.setText(SECRET)
    form.again.editor.setText(SECRET)
    form.folder.setText(str(folder))


def test_a_table_of_unknown_columns_goes_to_the_import_page_once_the_ledger_is_there(
    start: Callable[..., Hand], tmp_path: Path
) -> None:
    path = tmp_path / "谁.csv"
    path.write_text("姓名,备注\n韩占山,一\n苏雅拉,三\n", encoding="utf-8")
    hand = start()
    drop(first_page(hand), path)
    form = looked_at(hand)
    assert "列名" in form.text.text()
    fill(form, tmp_path / "mine")
    form.go.click()
    in_the_shell(hand)
    assert hand.shell.key == "intake" and hand.page.files.rows[0].path == path
    assert hand.app.guide.tour is None, "the person is asked something already"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02nothing at all", "姓名\n".encode()])
def test_what_is_no_table_is_said_before_anything_is_made(
    start: Callable[..., Hand], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(content)
    hand = start()
    drop(first_page(hand), path)
    form = first_page(hand).form
    hand.until(lambda: form.trouble.text(), "for the refusal")
    assert not form.go.isEnabled()
    hand.key(Qt.Key.Key_Escape)
    assert first_page(hand).form is None


def test_names_and_numbers_alone_are_a_roster_where_a_person_says_so(
    start: Callable[..., Hand], tmp_path: Path
) -> None:
    path = tmp_path / "人.csv"
    people = [("韩占山", village.number("19680312", 31)), ("苏雅拉", village.number("19700921", 42))]
    path.write_text("姓名,身份证号码,电话\n" + "".join(f"{n},{i},\n" for n, i in people), encoding="gbk")
    hand = start()
    drop(first_page(hand), path)
    fill(looked_at(hand), tmp_path / "mine")
    QTest.keyClick(hand.focus(), Qt.Key.Key_Return)
    in_the_shell(hand)
    assert hand.shell.key == "today"
    names = {card.person.name for home in hand.desk.book.cards for card in home.people}
    assert names == {"韩占山", "苏雅拉"}


def test_a_list_of_another_office_is_no_roster(start: Callable[..., Hand]) -> None:
    hand = start()
    drop(first_page(hand), FIXTURES / "lists" / "税务缴费明细.csv")
    form = first_page(hand).form
    hand.until(lambda: form.trouble.text(), "for the refusal")
    assert "税务" in form.trouble.text() and not form.go.isEnabled()


# ---- empty


def test_the_code_comes_with_the_name_where_only_one_village_is_called_so(start: Callable[..., Hand]) -> None:
    hand = start()
    hand.key("5")
    form = first_page(hand).form
    assert isinstance(form, AloneForm) and hand.focus() is form.name.editor
    only = next(
        one
        for one in divisions.within("白泥井村")
        if len(
            [
                1
                for other in divisions.called(one.name)
                if divisions.bare(other.name) == divisions.bare(one.name)
            ]
        )
        == 1
    )
    hand.type(only.name)
    assert form.code.editor.text() == only.code
    hand.type("二社")
    assert form.code.editor.text() == "", "no village is called so: the code of another one must not stay"


def test_a_code_that_ends_in_noughts_begins_an_office(start: Callable[..., Hand], tmp_path: Path) -> None:
    hand = start()
    hand.key("5")
    form = first_page(hand).form
    fill(form, tmp_path / "office")
    form.name.editor.setText("白泥井镇")
    form.code.editor.setText("150621102000")
    hand.key("Return")
    hand.until(lambda: hand.app.window.shell() is not None, "for the office's ledger")
    assert hand.app.desk is not None and hand.app.desk.profile.role == OFFICE
    assert hand.app.window.shell().key == "villages"


# ---- the example and the tour


def test_whoever_looks_at_the_example_is_shown_around_once(
    start: Callable[..., Hand], made_village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(made_village, folder)
    monkeypatch.setattr(demo, "is_ready", lambda _folder: True)
    monkeypatch.setattr(demo, "village_folder", lambda _folder, scope="": folder)
    monkeypatch.setattr(demo, "PASSPHRASE", village.PASSPHRASE)
    hand = start()
    hand.key("3")
    in_the_shell(hand)
    tour = hand.app.guide.tour
    assert tour is not None and tour.isVisible() and hand.focus() is tour.bubble.next
    hand.key(Qt.Key.Key_Escape)
    assert hand.app.guide.tour is None
    hand.app.opening.show_start()
    hand.settle()
    hand.key("3")
    in_the_shell(hand)
    assert hand.app.guide.tour is None


@pytest.fixture
def touring(hand: Hand) -> Hand:
    """A village of people, the tour begun from the help."""
    hand.key("F1")
    help_window = hand.app.guide.help
    assert help_window is not None and help_window.isVisible()
    hand.click(help_window.tour)
    return hand


def test_each_step_shows_a_real_control(touring: Hand) -> None:
    hand = touring
    tour = hand.app.guide.tour
    assert tour is not None
    count = len(tour._steps)
    assert 5 <= count <= 7
    for at in range(count):
        assert tour.at == at and tour.bubble.far.text() == f"{at + 1} / {count}"
        hand.until(lambda: not tour._lit().isEmpty(), f"for the control of step {at + 1}")
        tour._look()
        light, words = tour._lit(), tour.bubble.geometry()
        assert tour.rect().contains(words), f"step {at + 1} is said outside the window"
        assert not tour.mask().contains(light.center()) or words.contains(light.center())
        assert words.height() >= tour._tall()
        hand.key(Qt.Key.Key_Return)
    assert hand.app.guide.tour is None and hand.shell.isEnabled()


def test_the_words_step_aside_for_the_keyboard_below(touring: Hand) -> None:
    tour = touring.app.guide.tour
    assert tour is not None
    below = [one for one in controls(touring.app.window) if not tour.isAncestorOf(one)]
    stood = set()
    for control in below:
        control.setFocus(Qt.FocusReason.TabFocusReason)
        assert not tour.bubble.geometry().intersects(tour._held()), heard(control)
        stood.add(tour.bubble.pos().toTuple())
    assert len(stood) > 1, "nothing lay below the words: this shows nothing"


def test_the_tour_goes_back_and_ends_by_keys(touring: Hand) -> None:
    hand = touring
    tour = hand.app.guide.tour
    hand.key(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert tour.at == 1
    hand.key(Qt.Key.Key_Escape)
    assert hand.app.guide.tour is None
    assert hand.focus() is not None and hand.page.isAncestorOf(hand.focus())


def test_what_is_in_the_light_can_be_pressed(touring: Hand) -> None:
    tour = touring.app.guide.tour
    touring.until(lambda: not tour._lit().isEmpty())
    tour._look()
    inside = tour._lit().center()
    assert touring.shell.childAt(inside) is not tour
    assert touring.shell.childAt(5, touring.shell.height() - 5) is tour


def test_the_offices_tour_shows_real_controls(start: Callable[..., Hand], tmp_path: Path) -> None:
    made = office.make(tmp_path, waiting=("柴磴村",))
    hand = start(ledger=made.folder, passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the office")
    hand.settle()
    tour = hand.app.guide.show_tour()
    for at in range(len(tour._steps)):
        hand.until(lambda: not tour._lit().isEmpty(), f"for the control of step {at + 1}")
        hand.key(Qt.Key.Key_Right)
    assert hand.app.guide.tour is None


# ---- help


def test_everything_of_help_and_tour_has_a_name_and_is_reached_by_tab(hand: Hand) -> None:
    hand.key("F1")
    window = hand.app.guide.help
    assert window is not None
    reached = walked(hand, window)
    assert {window.search, window.pages, window.tour, window.manual, window.leave} <= reached
    assert all(spoken(widget) for widget in reached)
    window.close()
    tour = hand.app.guide.show_tour()
    assert spoken(tour) and tour.bubble.title.text() in spoken(tour.bubble)
    assert all(spoken(one) for one in (tour.bubble.next, tour.bubble.before, tour.bubble.skip))
    hand.key(Qt.Key.Key_Escape)


def walked(hand: Hand, window) -> set:
    """What Tab reaches, until it comes round."""
    found: set = set()
    window.activateWindow()
    window.search.setFocus(Qt.FocusReason.TabFocusReason)
    for _step in range(60):
        focus = QApplication.focusWidget()
        if focus in found and focus is window.search:
            break
        found.add(focus)
        hand.key(Qt.Key.Key_Tab)
    return {widget for widget in found if widget is not None}


def spoken(widget) -> str:
    """What a screen reader says of it."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_f1_opens_the_page_about_what_is_shown(hand: Hand) -> None:
    pages = book.book(i18n.DEFAULT)
    for spec in hand.shell._specs.values():
        hand.open(spec.key)
        hand.key("F1")
        shown = hand.app.guide.help
        expected = pages.about(type(hand.page).__module__)
        assert shown is not None and expected is not None
        assert shown.shown[0] == expected[0].name, spec.key
        assert shown.pages.toPlainText().startswith(expected[0].title)
        shown.close()


@pytest.mark.parametrize(
    ("page", "request_", "key", "heading"),
    [
        ("households", None, "3", ("households", "record")),
        ("households", None, "B", ("households", "why")),
        ("households", None, "V", ("households", "whole")),
        ("settings", "backups", "", ("safety", "backups")),
        ("settings", "year", "", ("policy", "year")),
        ("visits", None, "W", ("visits", "route")),
    ],
)
def test_f1_leads_to_the_heading_about_the_panel(
    hand: Hand, page: str, request_: str | None, key: str, heading: tuple[str, str]
) -> None:
    hand.open(page, request_)
    if page == "households":
        hand.page.open_card()
        hand.settle()
    if key:
        hand.key(key)
    hand.key("F1")
    shown = hand.app.guide.help
    assert shown is not None and shown.shown == heading
    title = next(
        one.title for one in book.book(i18n.DEFAULT).topic(heading[0]).sections if one.anchor == heading[1]
    )
    block = place_of(shown.pages.document(), title)
    top = shown.pages.document().documentLayout().blockBoundingRect(block).top()
    bar = shown.pages.verticalScrollBar()
    assert bar.value() <= top <= bar.value() + shown.pages.viewport().height(), "the heading is in sight"


def test_help_is_found_by_what_one_wants_and_closed_by_escape(hand: Hand) -> None:
    hand.click(hand.shell.help)
    shown = hand.app.guide.help
    assert shown is not None
    shown.search.setFocus()
    hand.type("怎么撤销")
    QApplication.processEvents()
    hand.settle()
    assert "撤销" in shown.pages.toPlainText()
    shown._on_entered()
    assert shown.shown[0] and shown.search.text() == ""
    shown.search.setFocus()
    hand.type("qwertz")
    hand.settle()
    assert "没有找到" in shown.pages.toPlainText()
    shown.pages.setFocus()
    hand.key(Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_help_speaks_the_language_of_the_window(hand: Hand) -> None:
    hand.key("F1")
    hand.desk.settings.keep("language", i18n.SOURCE)
    try:
        hand.desk.events.redressing.emit()
        hand.settle()
        assert hand.app.guide.help is None
        hand.open("today")
        hand.key("F1")
        shown = hand.app.guide.help
        assert shown is not None and shown.pages.toPlainText().startswith("Today")
    finally:
        i18n.install(i18n.DEFAULT)


def test_help_is_there_before_any_ledger(start: Callable[..., Hand]) -> None:
    hand = start(clock=Clock(village.TODAY))
    hand.key("F1")
    shown = hand.app.guide.help
    assert shown is not None and shown.shown[0] == "start" and not shown.tour.isEnabled()
