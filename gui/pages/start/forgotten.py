"""A passphrase that was forgotten: through the office above, by a printed sheet, by an earlier passphrase."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.ops import FreeOp
from gui.pages.exchange.compare import CodeLabel
from gui.pages.start.form import Form, Opener, Place, TriedForm, WhoField, open_ledger, sentence_of
from gui.pages.start.restore import KeyFileForm
from gui.pages.start.view import Choice
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.passphrase import NewPassphrase, is_typed, line_of, secret_field
from storage import backup, keys, recovery
from storage.errors import KnownError
from sync import help as helping
from sync.help import ANSWER, REQUEST, Request

_LINES = 150  # px for the six lines


class Ways(Card):
    """What can be done about a forgotten passphrase; what cannot says why."""

    left = Signal()
    leads = Signal(object)

    def __init__(self, folder: Path, title: str, place: Place, me: str) -> None:
        super().__init__()
        self._folder, self._ledger, self._place, self._me = folder, title, place, me
        theme = themes.current()
        self.body.setContentsMargins(theme.px(28), theme.px(22), theme.px(28), theme.px(24))
        self.body.setSpacing(theme.px(14))
        self.add(label(_("The passphrase of {title} is forgotten").format(title=title), "title", wrap=True))
        self.colleague = label("", "soft", wrap=True)
        self.add(self.colleague)
        self.office = Choice(
            _("Ask the office for help"), "1", _("Nothing is lost: you choose a new passphrase now.")
        )
        self.answer = Choice(_("Open the office's answer…"), "2", "")
        self.sheet = Choice(
            _("Use the recovery sheet"), "3", _("The six lines that were printed and locked away.")
        )
        self.older = Choice(
            _("Use an earlier passphrase"), "4", _("It opens a backup of its day, and with it the ledger.")
        )
        for way in (self.office, self.answer, self.sheet, self.older):
            self.add(way)
        self.back = KeyButton(_("Back"), "Escape")
        self.add(self.back)
        self.body.setAlignment(self.back, Qt.AlignmentFlag.AlignLeft)
        self._listen()
        self._look()

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        ways = (self.answer, self.office, self.sheet, self.older)
        open_ones = (way.button for way in ways if way.button.isEnabled() and not way.isHidden())
        return next(open_ones, self.back)

    def refuse(self, error: KnownError) -> None:
        """Nothing is carried out here, so nothing is refused."""

    def _listen(self) -> None:
        self.back.clicked.connect(self.left)
        self.office.button.clicked.connect(lambda: self._lead(AskForm))
        self.sheet.button.clicked.connect(lambda: self._lead(SheetForm))
        self.older.button.clicked.connect(lambda: self._lead(KeyFileForm))
        self.answer.button.clicked.connect(lambda: choose_answer(self))

    def _look(self) -> None:
        content = keys.read(self._folder)
        names = keys.names(content)
        others = [name for name in names if name != self._me]
        self.colleague.setText(
            _(
                "A colleague who manages the keys can simply give you a new one, under “Settings”, “Operators”."
            )
        )
        self.colleague.setVisible(len(names) > 1 and bool(others))
        if not keys.recoveries(content, keys.RECOVERY):
            _close(self.office, _("This ledger belongs to no office."))
        if not keys.recoveries(content, keys.SHEET):
            _close(self.sheet, _("No recovery sheet of this ledger is valid."))
        if not backup.found_in(self._folder):
            _close(self.older, _("There is no backup."))
        asked = helping.waiting(self._folder)
        if asked is None:
            self.answer.hide()
        else:
            words = _("{operator} asked for help on {day}; the answer ends in {ending}.")
            self.answer.show_below(words.format(operator=asked[0], day=asked[1], ending=ANSWER))

    def take_answer(self, path: Path) -> None:
        """Go on with the office's answer."""
        self.leads.emit(AnswerForm(self._folder, self._ledger, self._place, path))

    def _lead(self, form: type[Form]) -> None:
        self.leads.emit(form(self._folder, self._ledger, self._place, self._me))  # type: ignore[call-arg,arg-type]


def _close(way: Choice, why: str) -> None:
    """Let a way not be taken, and say why in the place of what it would do."""
    way.button.forbid(why)
    way.show_below(why)


def choose_answer(asker: "Ways | AskForm") -> None:
    """Ask for the answer's file."""
    path, _kind = QFileDialog.getOpenFileName(
        asker, _("Open the office's answer…"), "", _("Answers") + f" (*{ANSWER})"
    )
    if path:
        asker.take_answer(Path(path))


class AskForm(Form):
    """A new passphrase, a file for the office, and then the code to compare with it."""

    def __init__(self, folder: Path, title: str, place: Place, me: str) -> None:
        self._folder, self._ledger, self._place = folder, title, place
        self.path = Path()
        self.who = WhoField(_("Who forgot their passphrase?"), keys.names(keys.read(folder)), me)
        self.chosen = NewPassphrase(_("Choose a new passphrase"))
        text = _(
            "The office can open the ledger for you, without seeing your new passphrase. Choose it now and remember "
            "it: you type it once more when the answer is here."
        )
        self.asked = AskedPanel()
        super().__init__(
            _("Ask the office for help"), text, _("Save the help file…"), self.who, self.chosen, self.asked
        )
        self.asked.hide()
        self.asked.answer.clicked.connect(lambda: choose_answer(self))

    def first(self) -> QWidget:
        return self.chosen if self.who.value() else self.who.row

    def check(self) -> bool:
        if not (self.who.check() and self.chosen.check()):
            return False
        start = Path.home() / _("Help-{title}").format(title=self._ledger)
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Save the help file…"), f"{start}{REQUEST}", _("Help files") + f" (*{REQUEST})"
        )
        self.path = Path(name if name.endswith(REQUEST) else name + REQUEST)
        return bool(name)

    def work(self) -> FreeOp[tuple[Request, str]]:
        """Write the file; with it comes the code."""
        folder, path, operator, passphrase = self._folder, self.path, self.who.value(), self.chosen.text()
        clock = self._place.clock

        def do(_task: object) -> tuple[Request, str]:
            request = helping.ask(folder, path, operator=operator, passphrase=passphrase, clock=clock)
            return request, request.code

        return FreeOp(do)

    def show_done(self, found: tuple[Request, str]) -> None:
        """Show the code, and what to do with the file."""
        for widget in (self.who, self.chosen, self.go):
            widget.hide()
        self.text.setText(_("The help file is written: {path}").format(path=self.path))
        self.asked.show_code(self.path, found[1])
        self.asked.show()
        self.asked.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_answer(self, path: Path) -> None:
        """Go on with the office's answer."""
        self.leads.emit(AnswerForm(self._folder, self._ledger, self._place, path))


class AskedPanel(QWidget):
    """The twelve digits of a request, and the steps that follow."""

    def __init__(self) -> None:
        super().__init__()
        self._path = Path()
        self.code = CodeLabel()
        self.steps = label("", wrap=True)
        self.folder = KeyButton(_("Show it in its folder"), "F")
        self.answer = KeyButton(_("Open the office's answer…"), "O")
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.folder, self.answer):
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(10))
        for widget in (label(_("Code to compare"), "heading"), self.code, self.steps, buttons):
            column.addWidget(widget)
        self.folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))
        )

    def show_code(self, path: Path, code: str) -> None:
        """Show the code of the request in ``path``."""
        self._path = path
        self.code.show_code(code)
        steps = [
            _("Send the file {file} to the office, by WeChat or on a USB stick.").format(file=path.name),
            _("Ring the office on a number you knew before, and read these twelve digits to each other."),
            _("When their answer is here (it ends in {ending}), open it on this computer.").format(
                ending=ANSWER
            ),
        ]
        self.steps.setText("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))


class AnswerForm(TriedForm):
    """The office's answer, opened with the passphrase that was chosen when asking."""

    def __init__(self, folder: Path, title: str, place: Place, path: Path) -> None:
        self._path = path
        asked = helping.waiting(folder)
        self._operator = asked[0] if asked else ""
        self.passphrase = secret_field(_("The new passphrase you chose when asking"))
        text = _("The answer {file} for {operator}").format(file=path.name, operator=self._operator or "—")
        super().__init__(
            folder, place, _("Open {title}").format(title=title), text, _("Open"), self.passphrase
        )

    def first(self) -> QWidget:
        return self.passphrase.editor

    def check(self) -> bool:
        return is_typed(self.passphrase)

    def opener(self, place: Place) -> Opener:
        folder, path, operator = self.folder, self._path, self._operator
        passphrase = line_of(self.passphrase).text()

        def opened():  # type: ignore[no-untyped-def]
            helping.open_answer(
                folder, path, passphrase=passphrase, data_dir=place.data_dir, clock=place.clock
            )
            return open_ledger(folder, passphrase, place, operator)

        return opened

    def told(self) -> str:
        return _(
            "The ledger opens with your new passphrase from now on. Older backups open with the old one."
        )


class SheetForm(Form):
    """The six lines of the printed sheet, and a new passphrase."""

    def __init__(self, folder: Path, title: str, place: Place, me: str) -> None:
        self._folder = folder
        names = keys.names(keys.read(folder))
        self.typed = QPlainTextEdit()
        self.typed.setTabChangesFocus(True)
        self.typed.setFixedHeight(themes.current().px(_LINES))
        self.lines = FormField(_("The six lines of the sheet"), self.typed)
        self.who = WhoField(_("Who gets a new passphrase?"), names, me)
        self.chosen = NewPassphrase(_("Choose a new passphrase"))
        text = _("Type them as they are printed, or paste what scanning the square code gave.")
        super().__init__(
            _("Open {title} by its recovery sheet").format(title=title),
            text,
            _("Open"),
            self.lines,
            self.who,
            self.chosen,
        )
        self.typed.textChanged.connect(self._on_typed)
        self._on_typed()

    def first(self) -> QWidget:
        return self.typed

    def check(self) -> bool:
        try:
            recovery.secret_of(self.typed.toPlainText())
        except KnownError as error:
            self.lines.set_error(sentence_of(error))
            self.typed.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        return self.who.check() and self.chosen.check()

    def refuse(self, error: KnownError) -> None:
        if not error.code.startswith("paper."):
            super().refuse(error)
            return
        self.set_busy(False)
        self.lines.set_error(sentence_of(error))
        self.typed.setFocus(Qt.FocusReason.OtherFocusReason)

    def opener(self, place: Place) -> Opener:
        folder, operator, passphrase = self._folder, self.who.value(), self.chosen.text()
        secret = recovery.secret_of(self.typed.toPlainText())

        def opened():  # type: ignore[no-untyped-def]
            recovery.recover(
                folder,
                secret,
                operator=operator,
                passphrase=passphrase,
                data_dir=place.data_dir,
                clock=place.clock,
            )
            return open_ledger(folder, passphrase, place, operator)

        return opened

    def told(self) -> str:
        return _(
            "The ledger opens with your new passphrase from now on. Older backups open with the old one."
        )

    def _on_typed(self) -> None:
        """Say how far it is, and at once which line is mistyped."""
        self.lines.set_error("")
        try:
            recovery.secret_of(self.typed.toPlainText())
        except KnownError as error:
            words = sentence_of(error)
            if error.code == "paper.line":
                self.lines.set_error(words)
            else:
                self.lines.set_hint(words)
        else:
            self.lines.set_hint(_("All six lines are right."))
