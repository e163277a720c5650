"""What every form on the way to a ledger is: it says which ledger to open, and takes a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.i18n import _
from gui.ops import FreeOp
from gui.pages.start.view import FormCard
from gui.widgets.fields import ChoiceRow, FormField
from gui.widgets.pause import PauseLine
from storage.clock import Clock
from storage.errors import KnownError

if TYPE_CHECKING:
    from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Place:
    """Where this computer keeps its own data, and what time it is."""

    data_dir: Path
    clock: Clock


Opener = Callable[[], "Ledger"]


class Form(FormCard):
    """A form: ``ready`` when it can be carried out, ``left`` when it is not wanted, ``leads`` to another one."""

    ready = Signal()
    left = Signal()
    leads = Signal(object)
    begins = False
    """Whether a new ledger comes of it."""

    def __init__(self, title: str, text: str, go: str, *fields: QWidget) -> None:
        super().__init__(title, text, go, fields)
        self.go.clicked.connect(self._on_go)
        self.back.clicked.connect(self.left)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        raise NotImplementedError

    def check(self) -> bool:
        """Whether everything needed is there; says beside each field what is not."""
        raise NotImplementedError

    def opener(self, place: Place) -> Opener:
        """What opens the ledger; it runs on the ledger thread."""
        raise NotImplementedError

    def work(self) -> FreeOp[Any] | None:
        """What is done in place of opening a ledger; its result goes to ``show_done``."""
        return None

    def show_done(self, result: Any) -> None:
        """Show what ``work`` came to."""

    def told(self) -> str:
        """What to say once the ledger is open, besides opening it."""
        return ""

    def onward(self) -> tuple[str, object] | None:
        """The page to open once the ledger is open, with what to show there; None is the first one."""
        return None

    def refuse(self, error: KnownError) -> None:
        """Say what went wrong."""
        self.set_busy(False)
        self.trouble.show_error(sentence_of(error))

    def set_busy(self, busy: bool) -> None:
        """While the ledger is being opened nothing can be pressed twice."""
        self.go.setEnabled(not busy)

    def _on_go(self) -> None:
        self.trouble.show_error("")
        if self.check():
            self.set_busy(True)
            self.ready.emit()


class TriedForm(Form):
    """A form with a passphrase that can be wrong: after several tries the next one has to wait, in sight."""

    def __init__(self, folder: Path, place: Place, title: str, text: str, go: str, *fields: QWidget) -> None:
        self.folder = folder
        self.place = place
        self.pause = PauseLine()
        super().__init__(title, text, go, *fields, self.pause)
        self.pause.over.connect(lambda: self.set_busy(False))
        self.hold()

    def set_busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy and not self.pause.waiting())

    def hold(self) -> None:
        """Wait where the tries before ask for it."""
        from storage import keys
        from storage.attempts import Attempts

        try:
            ledger = str(keys.read(self.folder).get("ledger"))
        except KnownError:
            return
        seconds = Attempts(self.place.data_dir, ledger, self.place.clock).pause()
        if seconds:
            self.pause.begin(seconds)
            self.set_busy(False)

    def refuse(self, error: KnownError) -> None:
        super().refuse(error)
        self.hold()


class WhoField(FormField):
    """Who of those with a passphrase it is about; takes no room where there is only one."""

    def __init__(self, title: str, names: list[str], likely: str = "") -> None:
        self.names = names
        self.row = ChoiceRow([(name, name) for name in names])
        super().__init__(title, self.row)
        self.row.choose(likely if likely in names else names[0] if len(names) == 1 else "")
        if len(names) < 2:
            self.hide()

    def value(self) -> str:
        """The name chosen, or an empty text."""
        return self.row.value()

    def check(self) -> bool:
        """Whether somebody was chosen; says so where not."""
        chosen = bool(self.value()) or not self.names
        self.set_error("" if chosen else _("Choose your name."))
        return chosen


def open_ledger(folder: Path, passphrase: str, place: Place, operator: str = "") -> Ledger:
    """Open a ledger; its rooms are loaded only now, the first page shows without them."""
    from storage.ledger import Ledger

    return Ledger.open(
        folder, passphrase=passphrase, data_dir=place.data_dir, clock=place.clock, operator=operator
    )


def sentence_of(error: KnownError) -> str:
    """The sentence for a refusal; its words are loaded only now."""
    from gui.errors import sentence

    return sentence(error)
