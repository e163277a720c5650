"""A picture of every page and printed sheet on demo data, without a screen: for people, docs and reviews."""

import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui import app as composition
from gui import demo, i18n, wording
from gui import theme as themes
from gui.app import App, Options, application
from gui.models.filters import PeopleFilter
from gui.models.people import BASIS, PAY
from gui.pages.households.page import HouseholdsPage
from gui.pages.intake.page import IntakePage
from gui.pages.registry import pages_for
from gui.pages.settings.drafting import DraftingSection
from gui.pages.settings.page import DRAFTING, SettingsPage
from gui.printing.visit_list import render_pages
from gui.shell import Shell
from storage.clock import Clock
from storage.kinds import OFFICE
from storage.policies import load
from storage.queries.cards import is_unpaid
from storage.queries.visits import VisitFilter, pick

SCREEN = QSize(1366, 768)
_PATIENCE = 120.0  # seconds
_ROSTER, _LIST = "查干沟嘎查花名册.xlsx", "lists/民政局低保特困名单11月.xlsx"


@dataclass(frozen=True, slots=True)
class Look:
    """One way the window may be shown: pixels of the screen per pixel of the window, the size of all, the face."""

    name: str
    ratio: float = 1.0
    scale: float = 1.0
    face: str = themes.LIGHT


LOOKS = (
    Look("100"),
    Look("150", ratio=1.5),
    Look("large", scale=themes.LARGE),
    Look("dark", face=themes.DARK),
    Look("contrast", face=themes.CONTRAST),
)


def write(folder: Path, names: Collection[str] = ()) -> list[Path]:
    """Write the pictures of these looks (all: none named) into a folder and return them; a look takes half a minute."""
    looks = [look for look in LOOKS if not names or look.name in names]
    folder.mkdir(parents=True, exist_ok=True)
    language = i18n._.language or i18n.DEFAULT
    application()
    with tempfile.TemporaryDirectory(prefix="huqing-shots-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        demo.make(place / "demo", place / "data")
        demo.work_on(place / "demo", place / "data")
        made = _start_pages(folder, place, language, looks)
        for ledger, title in (
            (demo.village_folder(place / "demo"), "village"),
            (demo.office_folder(place / "demo"), "office"),
        ):
            with window(place, ledger, language) as app:
                made += _Camera(app, folder, title).pages(looks)
                if title == "village":
                    made += sheets(app, folder)
    return made


@contextmanager
def window(place: Path, ledger: Path | None, language: str) -> Iterator[App]:
    """A window of the demo, open on a ledger or on the first page."""
    options = Options(place / "data", ledger, demo.PASSPHRASE, language=language, clock=Clock(demo.TODAY))
    with composition.excepthook_kept():
        app = App(options, application())
        try:
            app.start()
            wait(lambda: ledger is None or app.window.shell() is not None)
            settle(app)
            yield app
        finally:
            app.close()
            app.runner.wait()
            QApplication.processEvents()  # the runner's last word is for a window that is still there
            app.window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _start_pages(folder: Path, place: Path, language: str, looks: Sequence[Look]) -> list[Path]:
    """The first page and its forms."""
    made = []
    with window(place, None, language) as app:
        for look in looks:
            _dress(app, look)
            page = app.opening.show_start()
            made.append(_take(app, look, folder / f"start-{look.name}.png"))
            page.open_kit(next((place / "demo").rglob("*.hqk")))
            made.append(_take(app, look, folder / f"start-kit-{look.name}.png"))
            with as_file(files("resources") / "demo" / _ROSTER) as path:
                page.open_roster(path)
                wait(page.form.go.isEnabled)
                made.append(_take(app, look, folder / f"start-roster-{look.name}.png"))
            page = app.opening.show_start(demo.village_folder(place / "demo"))
            made.append(_take(app, look, folder / f"unlock-{look.name}.png"))
    return made


class _Camera:
    """Walks through the pages of one ledger."""

    def __init__(self, app: App, folder: Path, title: str) -> None:
        self._app, self._folder, self._title = app, folder, title

    def pages(self, looks: Sequence[Look]) -> list[Path]:
        """Every page in these looks, the help and the tour."""
        made = []
        for look in looks:
            _dress(self._app, look)
            shell = self._shell()
            _size(self._app, look)  # the shell before may have needed more
            for spec in pages_for(shell.desk.profile.role):
                shell.open(spec.key)
                made.append(self._take(look, spec.key))
                made += self._more(look, shell)
            made += self._guided(look)
        return made

    def _guided(self, look: Look) -> list[Path]:
        """The help beside the last page, and a step of the tour."""
        guide = self._app.guide
        guide.explain()
        assert guide.help is not None
        guide.help.resize(SCREEN * (0.8 / look.ratio))
        settle(self._app)
        shown = self._folder / f"{self._title}-help-{look.name}.png"
        guide.help.grab().save(str(shown))
        guide.help.close()
        tour = guide.show_tour()
        assert tour is not None
        tour.go(1)
        settle(self._app)
        made = [shown, self._take(look, "tour")]
        tour.end(True)
        return made

    def _shell(self) -> Shell:
        assert self._app.desk is not None
        shell = Shell(self._app.desk, pages_for(self._app.desk.profile.role))
        self._app.window.show_shell(shell, self._app.desk.profile.title)
        shell.read_pulse()
        return shell

    def _more(self, look: Look, shell: Shell) -> list[Path]:
        """What else a page can show."""
        page = shell.page()
        if isinstance(page, HouseholdsPage):
            page.take(PeopleFilter("help"))
            settle(self._app)
            page.open_card()
            page.view.people.select(next(card for card in page.people.rows if is_unpaid(card)).person.record)
            page.act(PAY)
            paying = self._take(look, "households-payment")
            page.act(BASIS)
            return [paying, self._take(look, "households-why")]
        if isinstance(page, IntakePage):
            name = _LIST if shell.desk.profile.role == OFFICE else _ROSTER
            with as_file(files("resources") / "demo" / name) as path:
                page.add([path])
                wait(lambda: page.files.rows[0].state != "reading")
                return [self._take(look, "intake-preview")]
        if isinstance(page, SettingsPage) and isinstance(part := page.parts.get(DRAFTING), DraftingSection):
            page.show_part(DRAFTING)
            settle(self._app)
            part.begin.click()
            wait(part.is_open)
            part.form.show_section("groups")
            return [self._take(look, "settings-drafting")]
        return []

    def _take(self, look: Look, name: str) -> Path:
        return _take(self._app, look, self._folder / f"{self._title}-{name}-{look.name}.png")


def sheets(app: App, folder: Path) -> list[Path]:
    """The visit list as it is printed."""
    desk = app.desk
    assert desk is not None
    policy, wanted = load(desk.profile.policy), VisitFilter(unpaid=True, needs_help=True)
    picked = pick(desk.book.cards, wanted)
    sheet = wording.visit_sheet(
        policy,
        picked,
        wanted,
        scope=desk.profile.scope,
        title=desk.profile.title,
        list_number=1,
        record="shown",
        today=demo.TODAY,
    )
    made = []
    for number, page in enumerate(render_pages(sheet, 110), 1):
        path = folder / f"sheet-visit-list-{number}.png"
        page.save(str(path))
        made.append(path)
    return made


def _dress(app: App, look: Look) -> None:
    themes.apply(application(), themes.load(look.face, look.scale))
    _size(app, look)


def _size(app: App, look: Look) -> None:
    app.window.resize(round(SCREEN.width() / look.ratio), round(SCREEN.height() / look.ratio))


def _take(app: App, look: Look, path: Path) -> Path:
    """A picture of the window as a screen of this look shows it."""
    settle(app)
    image = QImage(_pixels(app.window.size(), look.ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(look.ratio)
    app.window.render(image)
    image.save(str(path))
    return path


def _pixels(size: QSize, ratio: float) -> QSize:
    return QSize(round(size.width() * ratio), round(size.height() * ratio))


def settle(app: App) -> None:
    """Wait until nothing is asked of the ledger any more and everything is laid out."""
    for _again in range(3):
        wait(lambda: not app.runner.busy())
        _pause(0.15)


def _pause(seconds: float) -> None:
    """Let timers fire and widgets be laid out."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


def wait(told: Callable[[], bool]) -> None:
    """Let the window live until something is so; TimeoutError where it never is."""
    end = time.monotonic() + _PATIENCE
    while not told():
        if time.monotonic() > end:
            raise TimeoutError
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.004)
