"""The pictures of the help, the README and the docs: pages of the demo in a small window, in few colours."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QRegion, qRgb
from PySide6.QtWidgets import QWidget

from gui import demo, i18n, shots
from gui.app import App, application
from gui.models.filters import PeopleFilter
from gui.models.moments import Wish
from gui.pages.bulletins.page import BulletinsPage
from gui.pages.exchange.sending import FOLDER
from gui.pages.households.page import HouseholdsPage
from gui.pages.intake.page import IntakePage
from gui.pages.returns.page import ReturnsPage
from gui.pages.visits.page import VisitsPage
from gui.pages.worksheet.page import WorksheetPage
from gui.shell import Shell
from gui.widgets.cards import Card
from storage.kinds import OFFICE, VILLAGE

SIZE = QSize(911, 540)
"""The window for the help: small, so that what is written can still be read at half the width of a page."""
_SHARP = 1.5
"""Pixels of a help picture for each of the window's."""
WHOLE = QSize(1366, 768)
_COLOURS = 96
_UPPER = 0.6  # of the window's height
_AROUND = 12  # px
_SENT_INTO = "D:/huqing"
"""Where files go in the pictures: not the folder of whoever draws them."""
_THEN = datetime(2025, 11, 29, 18, 0).astimezone()
_LIST = "lists/民政局低保特困名单11月.xlsx"


def _as_it_is(_app: App, _shell: Shell) -> None:
    """The page as it opens."""


def _found(app: App, shell: Shell) -> None:
    shell.search.setFocus()
    shell.search.setText("srn")
    shots.settle(app)


def _helped(app: App, shell: Shell) -> None:
    page = shell.page()
    assert isinstance(page, HouseholdsPage)
    page.take(PeopleFilter("help"))
    shots.settle(app)
    page.open_card()


def _listed(app: App, shell: Shell) -> None:
    page = shell.page()
    assert isinstance(page, IntakePage)
    with as_file(files("resources") / "demo" / _LIST) as path:
        page.add([path])
        shots.wait(lambda: page.files.rows[0].state != "reading")
        shots.settle(app)


def _filled(app: App, shell: Shell) -> None:
    page = shell.page()
    assert isinstance(page, WorksheetPage)
    shots.settle(app)


def _planned(app: App, shell: Shell) -> None:
    page = shell.page()
    assert isinstance(page, VisitsPage)
    page.view.plan.click()
    shots.settle(app)


def _drawn_up(app: App, shell: Shell) -> None:
    """This week's numbers as they are shown before they are issued."""
    page = shell.page()
    assert isinstance(page, BulletinsPage)
    page.view.issue.click()
    shots.settle(app)


def _recalled(app: App, shell: Shell) -> None:
    """The board as it stood some days ago."""
    shell.desk.events.recalling.emit(Wish(at=_THEN, then=("villages", None)))
    shots.wait(lambda: app.window.shell() not in (None, shell))
    shots.settle(app)


def _back(app: App, shell: Shell) -> None:
    page = shell.page()
    assert isinstance(page, ReturnsPage)
    shots.settle(app)
    page.view.lists.opened.emit(page.view.lists.rows_model.rows[0])
    shots.settle(app)


def _all(window: QWidget, _shell: Shell | None) -> QRect:
    """The whole window."""
    return window.rect()


def _upper(window: QWidget, _shell: Shell | None) -> QRect:
    """The upper part of the window, with what lies over the pages."""
    return QRect(0, 0, window.width(), round(window.height() * _UPPER))


def _page(window: QWidget, shell: Shell | None) -> QRect:
    """The page alone, without the column and the search box that all of them have."""
    assert shell is not None
    page = shell.page()
    return QRect(page.mapTo(window, QPoint()), page.size())


def _searched(window: QWidget, shell: Shell | None) -> QRect:
    """The page and the search box over it."""
    return _page(window, shell).united(QRect(window.width() - 1, 0, 1, 1))


def _card(window: QWidget, _shell: Shell | None) -> QRect:
    """The one card of the first page, and some of the ground around it."""
    card = window.findChild(Card)
    assert card is not None
    around = QRect(card.mapTo(window, QPoint()), card.size()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
    return around & window.rect()


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, whose ledger, which page, what is done there first, and what of the window it shows."""

    name: str
    role: str
    page: str
    prepare: Callable[[App, Shell], None] = _as_it_is
    part: Callable[[QWidget, Shell | None], QRect] = _page


HELP: Sequence[Picture] = (
    Picture("villages", OFFICE, "villages"),
    Picture("today", VILLAGE, "today"),
    Picture("find", VILLAGE, "households", _found, _searched),
    Picture("households", VILLAGE, "households", _helped),
    Picture("people", OFFICE, "people"),
    Picture("visits", VILLAGE, "visits", _planned),
    Picture("returns", VILLAGE, "returns", _back),
    Picture("papers", VILLAGE, "papers"),
    Picture("targets", VILLAGE, "targets"),
    Picture("money", OFFICE, "money"),
    Picture("library", OFFICE, "library"),
    Picture("reconcile", OFFICE, "reconcile"),
    Picture("bulletins", OFFICE, "bulletins", _drawn_up),
    Picture("intake", OFFICE, "intake", _listed),
    Picture("forms", VILLAGE, "forms"),
    Picture("worksheet", VILLAGE, "worksheet", _filled),
    Picture("pending", VILLAGE, "pending"),
    Picture("exchange", VILLAGE, "exchange"),
    Picture("devices", OFFICE, "devices"),
    Picture("past", OFFICE, "villages", _recalled, _upper),
)
"""The past comes last: the window stays there."""
START = "start"
DOCS: Sequence[Picture] = (
    Picture("today", VILLAGE, "today", part=_all),
    Picture("households", VILLAGE, "households", _helped, _all),
    Picture("villages", OFFICE, "villages", part=_all),
    Picture("list", OFFICE, "intake", _listed, _all),
)


def names() -> frozenset[str]:
    """Every picture a help page can show."""
    return frozenset({START, *(one.name for one in HELP)})


def write_help(folder: Path, language: str) -> list[Path]:
    """Draw the pictures of the help in a language into a folder; returns them."""
    return _write(folder, language, HELP, SIZE, sharp=_SHARP, first=True)


def write_docs(folder: Path) -> list[Path]:
    """Draw the pictures of the README into a folder; returns them."""
    made = _write(folder, i18n.DEFAULT, DOCS, WHOLE, sharp=1.0, first=False)
    with _demo() as place, shots.window(place, demo.village_folder(place / "demo"), i18n.DEFAULT) as app:
        sheet = folder / "visit-list.png"
        thin(QImage(str(shots.sheets(app, place)[0]))).save(str(sheet))
    return [*made, sheet]


def thin(image: QImage) -> QImage:
    """A picture in its commonest colours: a fifth of the size, and no eye sees it."""
    flat = image.convertToFormat(QImage.Format.Format_RGB32)
    data = memoryview(flat.constBits()).cast("I")
    common = [colour & 0xFFFFFF for colour, _count in Counter(data).most_common(_COLOURS)]
    table = [qRgb(colour >> 16, colour >> 8 & 255, colour & 255) for colour in common]
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    return flat.convertToFormat(QImage.Format.Format_Indexed8, table, flags)


def _write(
    folder: Path,
    language: str,
    pictures: Sequence[Picture],
    size: QSize,
    *,
    sharp: float,
    first: bool,
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    before = i18n._.language
    application()
    made = []
    with _demo() as place:
        if first:
            with shots.window(place, None, language) as app:
                made.append(_take(app, size, sharp, _card, folder / f"{START}.png"))
        for role, ledger in ((VILLAGE, demo.village_folder), (OFFICE, demo.office_folder)):
            with shots.window(place, ledger(place / "demo"), language) as app:
                made += [
                    _turn_to(app, one, size, sharp, folder / f"{one.name}.png")
                    for one in pictures
                    if one.role == role
                ]
    i18n.install(before or i18n.DEFAULT)
    return made


@contextmanager
def _demo() -> Iterator[Path]:
    """A place with the demo in it."""
    with tempfile.TemporaryDirectory(prefix="huqing-shots-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        demo.make(place / "demo", place / "data")
        demo.work_on(place / "demo", place / "data")
        yield place


def _turn_to(app: App, picture: Picture, size: QSize, sharp: float, path: Path) -> Path:
    shell = app.window.shell()
    assert shell is not None
    app.window.resize(size)
    shell.search.clear()
    shell.desk.settings.keep(FOLDER, _SENT_INTO)
    shell.open(picture.page)
    shots.settle(app)
    picture.prepare(app, shell)
    return _take(app, size, sharp, picture.part, path)


def _take(
    app: App, size: QSize, sharp: float, part: Callable[[QWidget, Shell | None], QRect], path: Path
) -> Path:
    window = app.window
    window.resize(size)
    shots.settle(app)
    shown = part(window, window.shell())
    image = QImage(shown.size() * sharp, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(sharp)
    window.render(image, QPoint(), QRegion(shown))
    thin(image).save(str(path))
    return path
