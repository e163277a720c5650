"""Every page of both roles can be heard, reached by Tab, seen and read, at every size and in every face.

The walk presses what it finds (tests/gui/ease/crawl.py), so a page, a panel or a button made tomorrow is walked too.
"""

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui import demo, i18n
from gui import theme as themes
from gui.pages.intake.page import IntakePage
from gui.pages.registry import PAGES
from gui.widgets.buttons import KeyButton
from storage import keys
from storage.clock import Clock
from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE
from tests.gui.conftest import Hand
from tests.gui.ease import crawl, fitting, hearing, seeing, tabbing
from tests.gui.ease.crawl import Crawler, controls

SCREEN, MAGNIFIED = QSize(1366, 768), QSize(911, 512)
LEAST = {themes.LIGHT: 4.5, themes.DARK: 4.5, themes.CONTRAST: 7.0}
WALKS = [(role, spec.key) for role in (VILLAGE, OFFICE) for spec in PAGES if role in spec.roles]
ROLES = pytest.mark.parametrize("role", [VILLAGE, OFFICE])


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Path:
    """The demo, for copies."""
    root = tmp_path_factory.mktemp("demo")
    i18n.install(i18n.DEFAULT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        demo.make(root / "demo", root / "data")
        demo.work_on(root / "demo", root / "data")
    return root


@pytest.fixture
def at(
    start: Callable[..., Hand], made_demo: Path, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Hand]]:
    """Opens a copy of the demo for a role, in a face and at a scale."""

    def opened(role: str, size: QSize = SCREEN, scale: float = 1.0, face: str = themes.LIGHT) -> Hand:
        folder = (demo.village_folder if role == VILLAGE else demo.office_folder)(made_demo / "demo")
        shutil.copytree(folder, tmp_path / "ledger")
        shutil.copytree(made_demo / "data", tmp_path / "data")
        hand = start(ledger=tmp_path / "ledger", passphrase=demo.PASSPHRASE, clock=Clock(demo.TODAY))
        hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
        themes.apply(qapp, themes.load(face, scale))  # type: ignore[arg-type]
        hand.app.window.resize(size)
        hand.settle()
        return hand

    crawl.quiet(monkeypatch)
    yield opened
    themes.apply(qapp, themes.load())  # type: ignore[arg-type]


def heard(window: QWidget) -> list[str]:
    """What a screen reader would stumble over."""
    shown = controls(window)
    troubles = hearing.nameless(shown) + hearing.misnamed(shown) + hearing.doubled(shown)
    return troubles + hearing.silent(window)


def fits(window: QWidget) -> list[str]:
    """What has too little room."""
    return fitting.cramped(window) + fitting.overlapping(window) + fitting.too_large(window)


def reached(window: QWidget) -> list[str]:
    """What Tab does not find, finds in a strange order, or finds without showing it."""
    visited, troubles = tabbing.tour(window)
    found = troubles + tabbing.disorder(visited, window) + tabbing.split(visited, window)
    return found + seeing.unmarked(window, visited)


def walked(crawler: Crawler, *judges: Callable[[QWidget], list[str]], page: str = "") -> dict[str, str]:
    """What the judges found, each with the first place it was found at."""
    troubles: dict[str, str] = {}
    places = 0
    for scene in crawler.scenes(*[page] if page else []):
        places += 1
        QTest.qWait(40)  # what is laid out once more
        for judge in judges:
            for trouble in judge(crawler.window):
                troubles.setdefault(trouble, str(scene))
    assert places, page
    return troubles | dict.fromkeys(crawler.deaf, "")


@ROLES
def test_every_page_can_be_heard_reached_and_read(at: Callable[..., Hand], role: str) -> None:
    assert walked(Crawler(at(role), 0), heard, fits, reached) == {}


@ROLES
@pytest.mark.parametrize(("size", "scale"), [(MAGNIFIED, 1.0), (SCREEN, themes.LARGE)], ids=["150", "large"])
def test_every_page_has_room(at: Callable[..., Hand], role: str, size: QSize, scale: float) -> None:
    assert walked(Crawler(at(role, size, scale), 0), fits) == {}


@ROLES
@pytest.mark.parametrize(
    "face", [themes.LIGHT, *(pytest.param(face, marks=pytest.mark.slow) for face in themes.FACES[1:])]
)
def test_every_page_stands_out_in_every_face(at: Callable[..., Hand], role: str, face: str) -> None:
    def read(window: QWidget) -> list[str]:
        return seeing.faint(window, LEAST[face]) + seeing.unknown_grounds(window)

    assert walked(Crawler(at(role, face=face), 0), read, reached) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("role", "page"), WALKS)
def test_every_panel_can_be_heard_reached_and_read(at: Callable[..., Hand], role: str, page: str) -> None:
    assert walked(Crawler(at(role), 2), heard, fits, reached, page=page) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scale"), [(MAGNIFIED, 1.0), (SCREEN, themes.LARGE)], ids=["150", "large"])
@pytest.mark.parametrize(("role", "page"), WALKS)
def test_every_panel_has_room(
    at: Callable[..., Hand], role: str, page: str, size: QSize, scale: float
) -> None:
    assert walked(Crawler(at(role, size, scale), 1), fits, page=page) == {}


@pytest.mark.parametrize(("size", "scale"), [(MAGNIFIED, 1.0), (SCREEN, themes.LARGE)], ids=["150", "large"])
def test_a_list_that_is_looked_at_has_room(at: Callable[..., Hand], size: QSize, scale: float) -> None:
    hand = at(OFFICE, size, scale)
    hand.app._show_shell(hand.desk, "intake")  # the walk chooses no file
    page = hand.shell.page()
    assert isinstance(page, IntakePage)
    with as_file(files("resources") / "demo" / "lists" / "民政局低保特困名单11月.xlsx") as path:
        page.add([path])
        hand.until(lambda: page.files.rows[0].state == "ready", "for the list to be read")
    hand.settle()
    assert page.rows.rowCount() > 20 and fits(hand.app.window) == []


def test_the_left_column_shows_every_page_at_every_size(at: Callable[..., Hand]) -> None:
    hand = at(VILLAGE, SCREEN, themes.LARGE)
    for size, scale in ((SCREEN, themes.LARGE), (MAGNIFIED, 1.0)):
        themes.apply(hand.app._qt, themes.load(themes.LIGHT, scale))
        hand.app.window.resize(size)
        hand.app._show_shell(hand.desk, "")
        hand.settle()
        nav = hand.shell.nav
        for button in nav._buttons.values():
            assert button.visibleRegion().boundingRect() == button.rect(), (size, button.text())


# ---- the judges themselves: each finds what it is there to find


def buttons_of(hand: Hand, page: str) -> list[KeyButton]:
    """The buttons of a page."""
    shown = hand.open(page)
    return [
        one for one in controls(hand.app.window) if isinstance(one, KeyButton) and shown.isAncestorOf(one)
    ]


def test_the_walk_hears_a_nameless_button(at: Callable[..., Hand]) -> None:
    hand = at(VILLAGE)
    button = buttons_of(hand, "settings")[0]
    button.setText("")
    button.setAccessibleName("")
    assert any("no name" in trouble for trouble in heard(hand.app.window))


def test_the_walk_sees_words_that_are_cut(at: Callable[..., Hand]) -> None:
    hand = at(VILLAGE)
    buttons_of(hand, "settings")[0].setFixedSize(60, 20)
    QTest.qWait(20)
    assert any(trouble.startswith("cut") for trouble in fits(hand.app.window))


def test_the_walk_sees_pale_words(at: Callable[..., Hand]) -> None:
    hand = at(VILLAGE)
    hand.open("settings")
    theme = themes.Theme(themes.read_tokens()["colour"] | {"ink": "#a0a0a0"}, themes.installed_families())
    themes.apply(hand.app._qt, theme)
    QTest.qWait(50)
    assert any("ink on" in trouble for trouble in seeing.faint(hand.app.window, 4.5))


def test_the_walk_misses_a_ring_that_is_not_painted(
    at: Callable[..., Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gui.widgets.focus import Ringed

    hand = at(VILLAGE)
    hand.open("settings")
    monkeypatch.setattr(Ringed, "has_ring", lambda _self: False)
    assert any(trouble.startswith("focus not seen") for trouble in reached(hand.app.window))


def test_the_walk_notices_an_order_of_making(
    at: Callable[..., Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gui.main_window import MainWindow

    hand = at(VILLAGE)
    hand.open("visits")
    monkeypatch.delattr(MainWindow, "focusNextPrevChild")
    assert any(trouble.startswith("Tab") for trouble in reached(hand.app.window))


def test_tab_and_back_lead_the_same_way(at: Callable[..., Hand]) -> None:
    hand = at(VILLAGE)
    hand.open("settings")
    there, troubles = tabbing.tour(hand.app.window)
    assert not troubles and len(there) > 10
    there[0].setFocus()
    back = []
    for _step in there:
        hand.key(Qt.Key.Key_Backtab, modifier=Qt.KeyboardModifier.ShiftModifier)
        back.append(hand.focus())
    assert back == [*reversed(there[1:]), there[0]]


# ---- what appears by itself


def test_a_notice_leaves_what_has_the_keyboard_in_sight(at: Callable[..., Hand]) -> None:
    hand = at(VILLAGE)
    hand.open("forms")
    notice, over = hand.shell.notice, hand.shell
    notice.tell("已记录", seconds=0)
    head = notice.geometry()
    assert head.bottom() < over.height() // 8 and not head.intersects(tabbing.place(hand.shell.search, over))
    assert head.intersects(tabbing.place(hand.shell.help, over))
    hand.shell.help.setFocus(Qt.FocusReason.TabFocusReason)
    assert notice.geometry().top() > over.height() // 2
    hand.shell.search.setFocus(Qt.FocusReason.TabFocusReason)
    assert notice.geometry().top() > over.height() // 2  # where Tab comes to it
    assert tabbing.tour(hand.app.window)[1] == []
    notice.tell("又记了一条", seconds=0)
    assert notice.geometry().topLeft() == head.topLeft()


def test_what_was_done_and_what_is_wrong_is_read_out(
    at: Callable[..., Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = at(VILLAGE)
    told: list[tuple[str, QAccessible.AnnouncementPoliteness]] = []
    monkeypatch.setattr(QAccessible, "isActive", staticmethod(lambda: True))
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        staticmethod(lambda one: told.append((one.message(), one.politeness()))),
    )
    polite, at_once = QAccessible.AnnouncementPoliteness.Polite, QAccessible.AnnouncementPoliteness.Assertive
    hand.desk.events.told.emit("已记录 3 人缴费", True)
    hand.desk.events.failed.emit(KnownError("bundle.not_a_bundle", name="甲.hqb"))
    assert told[0] == ("已记录 3 人缴费", polite)
    assert told[1][0] and told[1][1] == at_once


@pytest.mark.parametrize(("size", "scale"), [(SCREEN, 1.0), (MAGNIFIED, 1.0), (SCREEN, themes.LARGE)])
def test_the_way_to_a_ledger_can_be_heard_reached_and_read(
    start: Callable[..., Hand],
    made_demo: Path,
    qapp: object,
    monkeypatch: pytest.MonkeyPatch,
    size: QSize,
    scale: float,
) -> None:
    crawl.quiet(monkeypatch)
    hand = start()
    window, troubles = hand.app.window, {}
    themes.apply(qapp, themes.load(themes.LIGHT, scale))  # type: ignore[arg-type]
    kit = next((made_demo / "demo").rglob("*.hqk"))
    ways: dict[str, Callable[[], object]] = {
        "start": hand.app.opening.show_start,
        "kit": lambda: hand.app.opening.show_start().open_kit(kit),
        "unlock": lambda: hand.app.opening.show_start(demo.village_folder(made_demo / "demo")),
    }
    for name, open_way in ways.items():
        open_way()
        window.resize(size)
        hand.settle()
        QTest.qWait(40)
        for trouble in [*heard(window), *fits(window), *reached(window)]:
            troubles.setdefault(trouble, name)
    themes.apply(qapp, themes.load())  # type: ignore[arg-type]
    assert troubles == {}
