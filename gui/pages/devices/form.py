"""The form that makes a kit: the code checked while it is typed, the name suggested, never refused."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QCompleter, QHBoxLayout, QLineEdit, QWidget

from gui import theme as themes
from gui.errors import sentence
from gui.i18n import _
from gui.models.devices import VillageKits, open_kits
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.notices import ErrorLine
from gui.wording.places import Below, is_banner
from storage import divisions
from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE
from storage.places import is_parent, trunk
from sync import kits

_DIGITS = 12


class KitForm(Card):
    """For which place; ``ready`` when code and name are there, ``left`` when it is not wanted."""

    ready = Signal()
    left = Signal()

    def __init__(self, office: str) -> None:
        super().__init__(_("Make a kit"))
        self._office = office
        self._lead = trunk(office)
        self._known: Sequence[VillageKits] = ()
        self._suggested = ""
        self._table = {one.name: one.code for one in divisions.below(office)}
        self.code_line, self.name_line = QLineEdit(), QLineEdit()
        self.code = FormField(_("Code"), self.code_line)
        self.name = FormField(_("What it is called"), self.name_line, _("as they call themselves"))
        self.trouble = ErrorLine()
        self.go = KeyButton(_("Save the kit…"), "Return", primary=True, bind=False)
        self.cancel = KeyButton(_("Cancel"), "Escape", bind=False)
        self._build()
        self._listen()

    def begin(self, known: Sequence[VillageKits], scope: str = "", title: str = "") -> None:
        """Start anew, for a village that is known already or for one to be named."""
        self._known = known
        self._suggested = ""
        self.trouble.show_error("")
        self.name.set_error("")
        self.code_line.setText(scope or self._lead)
        self.name_line.setText(title)
        self._check(self.code_line.text())
        first: QWidget = self.go if title else self.name_line if scope else self.code_line
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.code_line.setCursorPosition(len(self.code_line.text()))

    def know(self, known: Sequence[VillageKits]) -> None:
        """Take up what is there already, read since the form was begun."""
        self._known = known
        self._check(self.code_line.text())

    def village(self) -> tuple[str, str]:
        """The code and the name."""
        return self.code_line.text().strip(), self.name_line.text().strip()

    def file_name(self) -> str:
        """What to call the file: people tell kits apart by it."""
        code, name = self.village()
        plain = "".join(sign for sign in name if sign not in '\\/:*?"<>|').strip()
        short = code.removeprefix(self._lead)
        return f"{short.removesuffix('000') or short}-{plain}{kits.SUFFIX}"

    def refuse(self, error: KnownError) -> None:
        """Say what went wrong where it is."""
        if error.code.startswith(("code.", "kit.other")):
            self.code.set_error(sentence(error))
            self.code_line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.trouble.show_error(sentence(error))

    def _build(self) -> None:
        theme = themes.current()
        self.body.setSpacing(theme.px(10))
        names = QCompleter(QStringListModel(list(self._table), self), self)
        names.setFilterMode(Qt.MatchFlag.MatchContains)
        names.activated.connect(self._on_name_picked)
        self.name_line.setCompleter(names)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(10))
        for button in (self.go, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.add(self.code)
        self.add(self.name)
        self.add(self.trouble)
        self.add(buttons)
        where = _("The file goes where you choose: a USB stick, or a folder from which you send it.")
        self.add(label(where, "soft", wrap=True))
        self.body.addStretch(1)

    def _listen(self) -> None:
        self.code_line.textChanged.connect(self._check)
        self.name_line.textEdited.connect(lambda _text: self.name.set_error(""))
        self.go.clicked.connect(self._on_go)
        self.cancel.clicked.connect(self.left)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            short = QShortcut(QKeySequence(key), self)
            short.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            short.activated.connect(self._on_return_pressed)

    def _on_return_pressed(self) -> None:
        focused = QApplication.focusWidget()
        if focused is self.cancel:
            self.cancel.click()
        else:
            self.go.click()

    def _on_go(self) -> None:
        code, name = self.village()
        self._check(code)
        trouble = self._trouble(code)
        if trouble is not None:
            self.refuse(trouble)
        elif not name:
            self.name.set_error(_("What are they called?"))
            self.name_line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.ready.emit()

    def _trouble(self, code: str) -> KnownError | None:
        """What is wrong with a whole code, by the same rule that makes the kit."""
        if code == self._office:  # a colleague's
            return None
        try:
            kits.check_code(code, OFFICE if is_banner(self._office) else VILLAGE)
        except KnownError as error:
            return error
        if not is_parent(self._office, code):
            return KnownError("kit.other_township", code=code, office=self._office)
        return None

    def _check(self, text: str) -> None:
        """Say about the code typed so far what can be said; a code that is only too short is no error yet."""
        code = text.strip()
        mine = self._lead
        begun = code.isascii() and (code.isdigit() or not code) and len(code) < _DIGITS
        if begun and (code.startswith(mine) or mine.startswith(code)):
            missing = _DIGITS - len(code)
            self.code.set_error("")
            self.code.set_hint(
                _("{count} more digits; the first {lead} are yours").format(count=missing, lead=len(mine))
            )
            return
        trouble = self._trouble(code)
        if begun and trouble is not None:
            # Too short as well, but what matters is that it lies elsewhere.
            trouble = KnownError("kit.other_township", code=code, office=self._office)
        self.code.set_error(sentence(trouble) if trouble else "")
        if trouble is None:
            self._suggest(code)
            self.code.set_hint(self._standing(code))

    def _suggest(self, code: str) -> None:
        """Put the table's name for a code in, unless somebody typed one."""
        known = next((one.title for one in self._known if one.scope == code), "")
        name = known or divisions.named(code)
        if name and self.name_line.text().strip() in ("", self._suggested):
            self._suggested = name
            self.name_line.setText(name)

    def _standing(self, code: str) -> str:
        """What is there already for this village."""
        if code == self._office:
            return _("One more computer of this office: it holds everything and may do what you may.")
        found = next((one for one in self._known if one.scope == code), None)
        if found is not None and found.active:
            return _("Joined already; a new kit is for one more computer there, or in place of a lost one.")
        if found is not None and open_kits(found):
            return _("There is an unused kit already; a new one does not replace it, each can be used once.")
        return _("The code fits.")

    def _on_name_picked(self, name: str) -> None:
        code = self._table.get(name, "")
        if code and len(self.code_line.text().strip()) < _DIGITS:
            self._suggested = name
            self.code_line.setText(code)


def colleague_words(path: Path) -> str:
    """What to do with a colleague's kit that was just written."""
    give = _("Give {file} to your colleague yourself; whoever holds it sees everything of this office.")
    then = _(
        "There, begin with the kit, then send: the file with 同事 in its name comes here first, yours goes back. "
        "Through a shared folder both go by themselves. The kit lies in {folder}."
    )
    return "\n\n".join((give.format(file=path.name), then.format(folder=path.parent)))


def hand_over_words(path: Path, title: str) -> str:
    """What to do with a kit that was just written."""
    give = _("Give {file} to the contact of {village} yourself, on a USB stick or in a chat with them alone.")
    then = _(
        "When you have received their first file, this page says that they joined. The kit lies in {folder}."
    )
    return "\n\n".join((give.format(file=path.name, village=title), then.format(folder=path.parent)))


class AboutKits(QWidget):
    """What a kit is and how it is handed over."""

    def __init__(self, places: Below) -> None:
        super().__init__()
        card = Card(_("What a kit is"))
        card.body.setSpacing(themes.current().px(12))
        for text in (
            _("A kit lets one computer of {place} join this office. It holds the code and name of the place and a "
              "secret that works once; it holds nothing about any person.").format(place=places.one),
            _("Give it to the contact yourself, on a USB stick or in a chat with them alone: whoever opens it first "
              "joins in their name."),
            _("The contact opens it on their computer, chooses a passphrase and sends a first file. Receive that "
              "file here, then ring them and compare the twelve digits."),
            _("This office keeps a recovery key: it can open every ledger that joined with its kit, also when the "
              "passphrase is forgotten. The contact is told so; say it yourself too."),
        ):  # fmt: skip
            card.add(label(text, wrap=True))
        card.body.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(card)
