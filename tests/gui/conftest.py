"""A window on a village of invented people, used as a person uses it: keys, mouse, eyes."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui import app as composition
from gui.shell import Shell
from storage import keys
from storage.clock import Clock
from tests.gui import office, village
from tests.gui.office import Township

_PATIENCE = 10.0


class Hand:
    """Somebody at the window."""

    def __init__(self, app: composition.App) -> None:
        self.app = app

    @property
    def shell(self) -> Shell:
        """The frame of the open ledger."""
        shell = self.app.window.shell()
        assert shell is not None, "no ledger is open"
        return shell

    @property
    def page(self):
        """The page shown."""
        return self.shell.page()

    @property
    def desk(self):
        """What the pages work with."""
        assert self.app.desk is not None
        return self.app.desk

    def focus(self) -> QWidget:
        """Where keys go."""
        return QApplication.focusWidget() or self.app.window

    def key(self, *keys: str | Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys one after another where the focus is."""
        for key in keys:
            code = getattr(Qt.Key, f"Key_{key}") if isinstance(key, str) else key
            QTest.keyClick(self.focus(), code, modifier)
            self.settle()

    def type(self, text: str) -> None:
        """Type text where the focus is; Chinese comes from an input method."""
        if text.isascii():
            QTest.keyClicks(self.focus(), text)
        else:
            words = QInputMethodEvent()
            words.setCommitString(text)
            QApplication.sendEvent(self.focus(), words)
        self.settle()

    def click(self, widget: QWidget) -> None:
        """Click the middle of a widget that is in sight."""
        assert widget.isVisible() and widget.isEnabled(), widget.accessibleName()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def until(self, told: Callable[[], object], what: str = "") -> None:
        """Wait for something to be so."""
        end = time.monotonic() + _PATIENCE
        while not told():
            assert time.monotonic() < end, f"waited in vain {what}"
            QTest.qWait(5)

    def settle(self) -> None:
        """Wait until nothing is asked of the ledger any more."""
        for _again in range(2):
            QTest.qWait(8)
            self.until(lambda: not self.app.runner.busy(), "for the ledger")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QTest.qWait(1)

    def open(self, key: str, request: object = None):
        """Go to a page."""
        self.shell.open(key, request)
        self.settle()
        return self.page

    def notice(self) -> str:
        """What the window says was done."""
        return self.shell.notice.accessibleName() if self.shell.notice.isVisible() else ""


@pytest.fixture(scope="session")
def made_village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger to copy; its passphrase is stretched little, so that tests need not wait for it."""
    folder = tmp_path_factory.mktemp("village")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        return village.make(folder / "ledger", folder / "data")


@pytest.fixture
def start(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Hand]]:
    """Opens a window with options of its own."""
    hands: list[Hand] = []
    before = sys.excepthook

    def opened(**options: object) -> Hand:
        given = {"data_dir": tmp_path / "data", "clock": Clock(village.TODAY), **options}
        app = composition.App(composition.Options(**given), qapp)  # type: ignore[arg-type]
        sys.excepthook = before
        app.runner.failed.connect(lambda error: errors.append(error))
        app.window.resize(QSize(1366, 768))
        app.start()
        app.window.activateWindow()
        hand = Hand(app)
        hands.append(hand)
        hand.settle()
        return hand

    errors: list[Exception] = []
    yield opened
    for hand in hands:
        hand.app.close()
        assert hand.app.runner.wait(10_000)
        QTest.qWait(5)
        hand.app.window.deleteLater()
        hand.app.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    unknown = [error for error in errors if not hasattr(error, "code")]
    assert not unknown, unknown


@pytest.fixture
def hand(start: Callable[..., Hand], made_village: Path, tmp_path: Path) -> Hand:
    """The window open on a copy of the village, on Today."""
    folder = tmp_path / "ledger"
    shutil.copytree(made_village, folder)
    opened = start(ledger=folder, passphrase=village.PASSPHRASE)
    opened.until(lambda: opened.app.window.shell() is not None, "for the ledger to open")
    opened.until(lambda: opened.desk.book.loaded, "for the households")
    opened.settle()
    return opened


@pytest.fixture(scope="session")
def made_township(tmp_path_factory: pytest.TempPathFactory) -> Township:
    """A closed township to copy, which has received its villages' files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        return office.make(tmp_path_factory.mktemp("township"))


@pytest.fixture
def clerk(start: Callable[..., Hand], made_township: Township, tmp_path: Path) -> Hand:
    """The window open on a copy of the township."""
    folder = tmp_path / "office"
    shutil.copytree(made_township.folder, folder)
    opened = start(ledger=folder, passphrase=office.PASSPHRASE, data_dir=tmp_path / "data")
    opened.until(lambda: opened.app.window.shell() is not None, "for the ledger to open")
    opened.settle()
    return opened
