"""An office helps a place below whose passphrase is forgotten; and where it keeps the key it does that with."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from gui.actions import keys as actions
from gui.actions.keys import AWAY, HERE, Asked, KeyFile
from gui.desk import Desk
from gui.i18n import _
from gui.pages.exchange.compare import ComparePanel
from gui.pages.settings.section import row_of, tell_refusal
from gui.trouble import known
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.notices import ErrorLine
from gui.widgets.passphrase import NewPassphrase, is_typed, line_of, secret_field
from storage.operators import KEYS
from sync.help import ANSWER, REQUEST, Request

KEY_SUFFIX = ".hqr"
FOLDER = "help_folder"


class KeyFileFields(QWidget):
    """Where the recovery key is kept and its passphrase, asked for while it is not in the ledger."""

    given = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.path_line = QLineEdit()
        browse = KeyButton(_("Choose…"))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.path_line, 1)
        line.addWidget(browse)
        row.setFocusProxy(self.path_line)
        self.file = FormField(_("File with the recovery key"), row)
        self.path_line.setAccessibleName(_("File with the recovery key"))
        self.passphrase = secret_field(_("Passphrase of that file"))
        self.go = KeyButton(_("Open the request with it"), "Return", primary=True)
        card = Card()
        card.setProperty("look", "")
        column = card.body
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.file, self.passphrase, row_of(self.go)):
            column.addWidget(widget)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        browse.clicked.connect(self._on_browse)
        self.go.clicked.connect(self._on_go)

    def key(self) -> KeyFile | None:
        """What was given; None where nothing was asked for."""
        path = self.path_line.text().strip()
        return KeyFile(Path(path), line_of(self.passphrase).text()) if path else None

    def clear(self) -> None:
        """Forget the passphrase; where the file lies is no secret."""
        line_of(self.passphrase).clear()
        self.passphrase.set_error("")

    def _on_browse(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, _("File with the recovery key"), "", _("Recovery keys") + f" (*{KEY_SUFFIX})"
        )
        if path:
            self.path_line.setText(path)
            self.passphrase.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_go(self) -> None:
        there = bool(self.path_line.text().strip())
        self.file.set_error("" if there else _("Choose the file."))
        if there and is_typed(self.passphrase):
            self.given.emit()


class HelpCard(Card):
    """A request is chosen or dropped, its code compared, its answer written."""

    def __init__(self, desk: Desk, place: str) -> None:
        super().__init__(_("Help {place} whose passphrase is forgotten").format(place=place))
        self._desk = desk
        self._path = Path()
        self._asked: Asked | None = None
        self.text = label("", wrap=True)
        self.choose = KeyButton(_("Choose a help file (.hqh)…"), "H", primary=True)
        self.key_file = KeyFileFields()
        self.compare = ComparePanel()
        self.compare.put_off.setText(_("Cancel"))
        self.compare.agree.setText(_("It is the same: write the answer…"))
        self.trouble = ErrorLine()
        for widget in (self.text, self.key_file, self.compare, self.trouble, row_of(self.choose)):
            self.add(widget)
        desk.permit(KEYS, self.choose)
        self.choose.clicked.connect(self._on_choose)
        self.key_file.given.connect(lambda: self.take(self._path))
        self.compare.agreed.connect(self._on_agreed)
        self.compare.later.connect(self.reset)
        self.reset()

    def reset(self) -> None:
        """Show how it begins."""
        self._asked = None
        self.trouble.show_error("")
        self.key_file.clear()
        self.key_file.hide()
        self.compare.hide()
        self.text.show()
        self.choose.show()
        self.text.setText(
            _(
                "They send you a help file. Choose it here or drop it on this page, ring them to compare its code, and "
                "send the answer back. You do not see their new passphrase."
            )
        )

    def is_busy(self) -> bool:
        """Whether a request is open."""
        return not self.compare.isHidden() or not self.key_file.isHidden()

    def take(self, path: Path) -> None:
        """Read a request and show whose it is."""
        self._path = path
        self.trouble.show_error("")
        key = None if self.key_file.isHidden() else self.key_file.key()
        self._desk.run(actions.look(path, key), self._on_read, owner=self, refused=self._on_refused)

    def write(self, out: Path) -> None:
        """Write the answer."""
        asked = self._asked
        if asked is None:
            return
        self.compare.agree.setEnabled(False)
        self._desk.settings.keep(FOLDER, str(out.parent))
        op = actions.answer(asked.path, out, self.key_file.key(), asked.code)
        self._desk.run(
            op, lambda request: self._on_written(request, out), owner=self, refused=self._on_refused
        )

    def _on_choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self,
            _("Choose a help file (.hqh)…"),
            str(self._desk.settings.folder(FOLDER)),
            _("Help files") + f" (*{REQUEST})",
        )
        if path:
            self.take(Path(path))

    def _on_read(self, asked: Asked) -> None:
        self._asked = asked
        request = asked.request
        title = asked.title or request.title or request.scope
        words = [
            _("{operator} of {title} ({scope}) asked on {day}.").format(
                operator=request.operator, title=title, scope=request.scope, day=request.made_on
            )
        ]
        if not asked.title:
            words.append(_("No place with this code has joined this office. Be twice as careful."))
        words.append(
            _(
                "Anybody could have made this file. Ring {title} on a number you knew before, ask for {operator}, and "
                "let them read you the twelve digits. Answer only if they are these."
            ).format(title=title, operator=request.operator)
        )
        self.text.hide()
        self.key_file.hide()
        self.choose.hide()
        self.compare.show_words(title, "\n\n".join(words), asked.code)
        self.compare.show()
        self.compare.put_off.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_agreed(self) -> None:
        asked = self._asked
        if asked is None:
            return
        title = asked.title or asked.request.title or asked.request.scope
        start = self._desk.settings.folder(FOLDER) / _("Answer-{title}").format(title=title)
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Save the answer…"), f"{start}{ANSWER}", _("Answers") + f" (*{ANSWER})"
        )
        if path:
            self.write(Path(path) if path.endswith(ANSWER) else Path(path + ANSWER))

    def _on_written(self, request: Request, out: Path) -> None:
        self.reset()
        self.text.setText(
            _(
                "Answer written: {file}. Send it to {operator}. It opens only on the computer that asked, and with the "
                "passphrase they chose there; nobody else can use it."
            ).format(file=out, operator=request.operator)
        )

    def _on_refused(self, error: Exception) -> bool:
        self.compare.agree.setEnabled(True)
        expected = known(error, self._desk.facts.folder)
        if expected is not None and expected.code == "help.key_is_away" and self.key_file.isHidden():
            self.text.setText(
                _("The recovery key is kept in a file. Bring it here to open {file}.").format(
                    file=self._path.name
                )
            )
            self.key_file.show()
            self.choose.hide()
            self.key_file.path_line.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return tell_refusal(self._desk, error, self.trouble)


class OfficeKeyCard(Card):
    """Where the recovery key is, and a way to keep it offline; ``changed`` once it is out."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("This office's recovery key"))
        self._desk = desk
        self.text = label("", wrap=True)
        self.chosen = NewPassphrase(_("A passphrase for the file"))
        self.moving = KeyButton(_("Move it out into a file…"), "M")
        self.go = KeyButton(_("Save the file…"), "Return", primary=True)
        self.leave = KeyButton(_("Cancel"))
        self.trouble = ErrorLine()
        for widget in (self.text, self.chosen, self.trouble, row_of(self.moving, self.go, self.leave)):
            self.add(widget)
        desk.permit(KEYS, self.moving, self.go)
        self.moving.clicked.connect(lambda: self._open(True))
        self.leave.clicked.connect(lambda: self._open(False))
        self.go.clicked.connect(self._on_go)
        self._open(False)

    def show_key(self, key: str) -> None:
        """Say where it is."""
        words = {
            HERE: _(
                "It opens every ledger below that joined with a kit of this office, and their backups. It lies in this "
                "ledger, under your passphrases. Safer is a file on a USB stick that is locked away: then nobody at "
                "this computer can open a village's ledger. You need the file only when somebody asks for help."
            ),
            AWAY: _(
                "It was moved out of this ledger into a file. Keep that file and its passphrase in two places: without "
                "it no village that forgot its passphrase can be helped. Backups made before still hold it."
            ),
        }
        self.text.setText(words.get(key, _("It is made with the first kit.")))
        self.moving.setVisible(key == HERE and self.chosen.isHidden())

    def move_to(self, path: Path) -> None:
        """Move it out."""
        self.go.setEnabled(False)
        op = actions.move_out(path, self.chosen.text())
        self._desk.run(op, lambda _done: self._on_moved(path), owner=self, refused=self._on_refused)

    def _open(self, on: bool) -> None:
        self.chosen.clear()
        self.trouble.show_error("")
        for widget in (self.chosen, self.go, self.leave):
            widget.setVisible(on)
        self.moving.setVisible(not on)
        if on:
            self.chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_go(self) -> None:
        if not self.chosen.check():
            return
        name = _("Recovery-key-{title}").format(title=self._desk.profile.title) + KEY_SUFFIX
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Save the file…"), name, _("Recovery keys") + f" (*{KEY_SUFFIX})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if path:
            self.move_to(Path(path) if path.endswith(KEY_SUFFIX) else Path(path + KEY_SUFFIX))

    def _on_moved(self, path: Path) -> None:
        self.go.setEnabled(True)
        self._open(False)
        self._desk.events.told.emit(
            _("The recovery key lies in {file} alone now.").format(file=path.name), False
        )
        self.changed.emit()

    def _on_refused(self, error: Exception) -> bool:
        self.go.setEnabled(True)
        return tell_refusal(self._desk, error, self.trouble)
