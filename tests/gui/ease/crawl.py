"""Every page with every panel and state that a press on it opens, found by pressing what is there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QTableView, QWidget

from gui.pages.registry import pages_for
from gui.widgets.nav import NavButton
from tests.gui.conftest import Hand
from tests.gui.ease.hearing import heard

_DEEPEST = 2
_MOST = 40  # scenes of one page


@dataclass(frozen=True, slots=True)
class Door:
    """Something to press: its class, what a screen reader calls it, the how-manieth of these it is."""

    kind: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the window: the page and what was pressed on the way there."""

    page: str
    path: tuple[Door, ...]

    def __str__(self) -> str:
        return " › ".join((self.page, *(door.name or door.kind for door in self.path)))


def quiet(patch: pytest.MonkeyPatch) -> None:
    """Nobody chooses a file, prints or opens another program."""
    for name in ("getOpenFileName", "getSaveFileName"):
        patch.setattr(QFileDialog, name, staticmethod(lambda *_args, **_named: ("", "")))
    patch.setattr(QFileDialog, "getOpenFileNames", staticmethod(lambda *_args, **_named: ([], "")))
    patch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_args, **_named: ""))
    patch.setattr(QPrintDialog, "exec", lambda _self: QPrintDialog.DialogCode.Rejected)
    patch.setattr(QDesktopServices, "openUrl", staticmethod(lambda _url: True))


def controls(root: QWidget) -> list[QWidget]:
    """What the keyboard can stand on within ``root``, as it is shown now."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.window() is root
        and widget.isVisibleTo(root)
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]


def doors(root: QWidget) -> list[Door]:
    """What can be pressed: buttons, and tables whose first row opens."""
    found: list[Door] = []
    for widget in controls(root):
        if isinstance(widget, NavButton) or not isinstance(widget, QAbstractButton | QTableView):
            continue
        kind, name = type(widget).__name__, heard(widget)
        same = sum((one.kind, one.name) == (kind, name) for one in found)
        found.append(Door(kind, name, same))
    return found


def behind(root: QWidget, door: Door) -> QWidget | None:
    """The control a door stands for, where it is shown."""
    same = [
        widget
        for widget in controls(root)
        if (type(widget).__name__, heard(widget)) == (door.kind, door.name)
    ]
    return same[door.number] if door.number < len(same) else None


class Crawler:
    """Presses its way through the pages of an open ledger by the keyboard alone."""

    def __init__(self, hand: Hand, deepest: int = _DEEPEST) -> None:
        self.hand = hand
        self.deepest = deepest
        self.deaf: list[str] = []
        """Buttons that heard nothing of the space bar."""
        self._seen: dict[frozenset[str], Scene] = {}
        self._frame: set[Door] = set()

    @property
    def window(self) -> QWidget:
        """What is looked at: the window, or what was opened over it."""
        active = QApplication.activeWindow()
        return active if active is not None and active.isVisible() else self.hand.app.window

    def scenes(self, *pages: str) -> Iterator[Scene]:
        """Every state of these pages (none named: of all), each shown while it is handed out."""
        profile = self.hand.desk.profile
        for spec in pages_for(profile.role, profile.scope):
            if not pages or spec.key in pages:
                yield from self._scenes_of(spec.key)

    def _scenes_of(self, page: str) -> Iterator[Scene]:
        """A page's states in depth, each recognised by what it offers."""
        self._seen: dict[frozenset[str], Scene] = {}
        begin = Scene(page, ())
        if self._return_to(begin, None):
            yield from self._from_here(begin, frozenset())

    def _from_here(self, scene: Scene, before: frozenset[Door]) -> Iterator[Scene]:
        signs = self._signs()
        if signs in self._seen or len(self._seen) >= _MOST:
            return
        self._seen[signs] = scene
        here = doors(self.window)
        yield scene
        if len(scene.path) >= self.deepest or self.hand.app.window.shell() is None:
            return
        for door in here:
            if door in before or not self._return_to(scene, signs):
                continue
            widget = behind(self.window, door)
            if widget is None or self._known_frame(widget, door):
                continue
            if self._press(widget, scene) and self._on(scene.page):
                yield from self._from_here(Scene(scene.page, (*scene.path, door)), frozenset(here))

    def _known_frame(self, widget: QWidget, door: Door) -> bool:
        """Whether a door of the frame around the pages was pressed on another page before."""
        shell = self.hand.app.window.shell()
        if shell is None or not shell.isAncestorOf(widget) or shell.page().isAncestorOf(widget):
            return False
        known = door in self._frame
        self._frame.add(door)
        return known

    def _on(self, page: str) -> bool:
        """Whether the window still shows this page, or nothing of the ledger."""
        shell = self.hand.app.window.shell()
        return shell is None or shell.key == page

    def _return_to(self, scene: Scene, signs: frozenset[str] | None) -> bool:
        """Bring the window to a state, by Escape where that leads there; False where no way leads there any more."""
        shell = self.hand.app.window.shell()
        for _again in range(3):
            if signs is None or shell is None or shell.key != scene.page:
                break
            if self._signs() == signs:
                return True
            self.hand.key(Qt.Key.Key_Escape)
        return self._go(scene)

    def _go(self, scene: Scene) -> bool:
        app = self.hand.app
        assert app.desk is not None
        if self.window is not app.window:
            self.window.close()
            app.window.activateWindow()
        app._show_shell(app.desk, scene.page)
        self.hand.settle()
        for door in scene.path:
            widget = behind(self.window, door)
            if widget is None or not self._press(widget, scene):
                return False
        return self._on(scene.page)

    def _press(self, widget: QWidget, scene: Scene) -> bool:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(widget, QTableView):
            return self._open_row(widget)
        assert isinstance(widget, QAbstractButton)
        heard_press: list[bool] = []
        widget.clicked.connect(lambda: heard_press.append(True))
        QTest.keyClick(widget, Qt.Key.Key_Space)
        if not heard_press:
            self.deaf.append(f"{scene}: Space does nothing on {heard(widget)!r}")
        self.hand.settle()
        return bool(heard_press)

    def _open_row(self, table: QTableView) -> bool:
        if table.model() is None or not table.model().rowCount():
            return False
        if not table.currentIndex().isValid():
            QTest.keyClick(table, Qt.Key.Key_Down)
            self.hand.settle()
        QTest.keyClick(table, Qt.Key.Key_Return)
        self.hand.settle()
        return True

    def _signs(self) -> frozenset[str]:
        """What a state is recognised by: its controls, whatever numbers they show."""
        shown = (f"{type(one).__name__}:{heard(one)}" for one in controls(self.window))
        return frozenset(re.sub(r"[\d,.%]+", "", sign) for sign in shown)
