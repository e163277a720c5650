"""The folder both sides look into: choose it, visit it now, stop using it; what the last visit brought."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui import wording
from gui.courier import Courier
from gui.errors import sentence
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine
from gui.wording.units import number


class FolderCard(Card):
    """What it is for while none is chosen, what happened there once one is."""

    def __init__(self, courier: Courier, start: Path) -> None:
        super().__init__(_("Exchange folder"))
        self._courier, self._start = courier, start
        self.text, self.trouble = label("", wrap=True), ErrorLine()
        self.choose = KeyButton(_("Choose a folder…"), "D")
        self.visit = KeyButton(_("Look into it now"), "E")
        self.leave = KeyButton(_("Use none"))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.visit, self.choose, self.leave):
            flow.addWidget(button)
        for widget in (self.text, self.trouble, buttons):
            self.add(widget)
        self.body.addStretch(1)
        self.choose.clicked.connect(self._on_choose)
        self.visit.clicked.connect(courier.visit)
        self.leave.clicked.connect(lambda: courier.choose(None))
        courier.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Say where it is and what the last visit brought."""
        courier = self._courier
        self.text.setText(_words(courier))
        self.trouble.show_error(sentence(courier.trouble) if courier.trouble else "")
        self.visit.setVisible(courier.folder is not None)
        self.visit.setEnabled(not courier.busy)
        self.leave.setVisible(courier.folder is not None)
        self.choose.setText(_("Another folder…") if courier.folder else _("Choose a folder…"))

    def _on_choose(self) -> None:
        start = str(self._courier.folder or self._start)
        place = QFileDialog.getExistingDirectory(self, _("Exchange folder"), start)
        if place:
            self._courier.choose(Path(place))


def _words(courier: Courier) -> str:
    if courier.folder is None:
        return _(
            "If both sides have a folder in common (a network share, a cloud drive, Syncthing), files can be put and "
            "fetched there by themselves, without WeChat or USB stick."
        )
    lines = [str(courier.folder)]
    if courier.busy:
        lines.append(_("Looking into it…"))
    elif courier.last is not None:
        lines.append(_last(courier))
        if courier.last.found.unfinished:
            lines.append(
                _("Still being copied: {names}").format(
                    names=wording.units.listed(list(courier.last.found.unfinished))
                )
            )
    return "\n".join(lines)


def _last(courier: Courier) -> str:
    assert courier.last is not None
    found, at = courier.last.found, courier.last.at
    fresh = sum(fate.fresh for fate in found.fates)
    refused = sum(fate.outcome == "refused" for fate in found.fates)
    said = [
        _("{count} new entries fetched").format(count=number(fresh)) if fresh else "",
        _("{count} files put there").format(count=len(found.sent)) if found.sent else "",
        _("{count} refused").format(count=refused) if refused else "",
    ]
    what = wording.units.listed(said) or _("nothing new")
    return _("Looked at {time}: {what}").format(time=f"{at.astimezone():%H:%M}", what=what)
