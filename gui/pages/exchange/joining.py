"""Joining an office with its kit, for a ledger that was begun alone or whose office has begun anew."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.actions import kits as actions
from gui.desk import Desk, facts_of
from gui.errors import sentence
from gui.i18n import _
from gui.ops import QueryOp
from gui.pages.exchange.compare import recovery_words
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import ErrorLine
from sync.kits import SUFFIX, Kit


class JoinCard(Card):
    """Asks for a kit, says what joining will do, and joins; ``joined`` once it is done."""

    joined = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Join an office with its kit"))
        self._desk = desk
        self._path = Path()
        self.text = label("", wrap=True)
        self.trouble = ErrorLine()
        self.open = KeyButton(_("Open a kit (.hqk)…"), "K", primary=desk.facts.standalone)
        self.go = KeyButton(_("Join {office}").format(office=""), "J", primary=True)
        self.leave = KeyButton(_("Not now"))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.open, self.go, self.leave):
            flow.addWidget(button)
        for widget in (self.text, self.trouble, buttons):
            self.add(widget)
        self.open.clicked.connect(self._on_open_clicked)
        self.go.clicked.connect(self._on_go)
        self.leave.clicked.connect(self.reset)
        self._say_how()
        if not desk.facts.standalone:
            self.hide()

    def reset(self) -> None:
        """Show how to begin; a ledger that belongs to an office needs that only once it is asked for."""
        self._say_how()
        self.setVisible(self._desk.facts.standalone)

    def _say_how(self) -> None:
        alone = self._desk.facts.standalone
        self.text.setText(
            _(
                "This ledger was begun without an office, so there is nobody to send to yet. Ask the township office "
                "for a kit for this village and open it here: everything entered so far stays, and goes out with the "
                "first file."
            )
            if alone
            else ""
        )
        self.trouble.show_error("")
        self.open.setVisible(alone)
        for button in (self.go, self.leave):
            button.hide()

    def take(self, path: Path) -> None:
        """Read a kit and say what joining with it will do."""
        self._path = path
        self.trouble.show_error("")
        self.show()
        self._desk.run(actions.read(path), self._on_read, owner=self, refused=self._on_refused)

    def choose(self) -> None:
        """Ask which kit."""
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Open a kit"), str(self._desk.settings.folder("kit_folder")), _("Kits") + f" (*{SUFFIX})"
        )
        if path:
            self.take(Path(path))

    def _on_open_clicked(self) -> None:
        self.choose()

    def _on_read(self, kit: Kit) -> None:
        words = [
            _("{village} ({code}), kit of {office}").format(
                village=kit.village_title, code=kit.village, office=kit.office_title
            ),
            _(
                "What will happen: this ledger belongs to {office} from now on. Everything entered so far stays and "
                "goes out with the next file; nothing has to be entered again. Who is in the office's roster too is "
                "recognised by ID number and name and counts once."
            ).format(office=kit.office_title),
            recovery_words(kit.office_title),
        ]
        self.text.setText("\n\n".join(words))
        self.go.setText(_("Join {office}").format(office=kit.office_title))
        self.open.hide()
        for button in (self.go, self.leave):
            button.show()
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_go(self) -> None:
        self.go.setEnabled(False)
        self._desk.run(actions.join(self._path), self._on_joined, owner=self, refused=self._on_refused)

    def _on_joined(self, kit: Kit) -> None:
        self.go.setEnabled(True)
        told = _("This ledger belongs to {office} now.").format(office=kit.office_title)
        self._desk.events.told.emit(told, False)
        self._desk.ask(QueryOp(facts_of), self._on_facts_read, owner=self)

    def _on_facts_read(self, facts: object) -> None:
        self._desk.take_facts(facts)  # type: ignore[arg-type]
        self.reset()
        self.joined.emit()

    def _on_refused(self, error: Exception) -> bool:
        self.go.setEnabled(True)
        expected = known(error, self._desk.facts.folder)
        if expected is not None:
            self.trouble.show_error(sentence(expected))
            self.leave.setVisible(not self._desk.facts.standalone or self.go.isVisible())
        return expected is not None
