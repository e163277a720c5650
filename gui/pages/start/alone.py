"""The forms that begin a ledger without an office: with a village's own roster, or empty."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.i18n import _
from gui.ops import FreeOp
from gui.pages.start.form import Opener, Place, sentence_of
from gui.pages.start.forms import NewForm
from gui.widgets.fields import ChoiceRow, FormField
from gui.widgets.labels import strong
from gui.widgets.passphrase import line_of
from storage import divisions
from storage.divisions import Division
from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE

if TYPE_CHECKING:
    from storage.ledger import Ledger
    from sync.intake.first import FirstLook

_MOST_VILLAGES = 4
_UNKNOWN = "intake.kind_unknown"
"""A table whose columns have to be named by a person: the ledger is made, then the import page asks."""


class AloneForm(NewForm):
    """A ledger that nobody made a kit for: of an office where the code is one, else of a village standing alone.

    A village's code comes with its name where the public table knows it.
    """

    offices = True
    """Whether it may become an office's."""

    def __init__(self, documents: Path, title: str = "", text: str = "") -> None:
        self._taken = ""  # the code that came with a name
        offices = self.offices
        self.name = FormField(_("Village or office") if offices else _("Village name"), QLineEdit())
        self.villages = ChoiceRow([])
        self.which = FormField(_("Which one is it?"), self.villages)
        self.code = FormField(
            _("Its code") if offices else _("Village code"),
            QLineEdit(),
            _("12 digits, as in the statistics office's list; an office's end in 000")
            if offices
            else _("12 digits, as in the statistics office's list"),
        )
        note = strong(
            _(
                "If it is forgotten, only a recovery sheet helps: print one under “Settings” once the ledger is open."
            ),
            "warn",
        )
        text = text or _("The ledger works in full; only sending needs a kit from the township office.")
        fields = (self.name, self.which, self.code)
        super().__init__(title or _("Begin alone"), text, documents, note, *fields)
        line_of(self.name).textEdited.connect(self._on_named)
        self.villages.chosen.connect(self._on_village_pressed)
        self.offer(())
        self.set_title("")

    def first(self) -> QWidget:
        return self.name.editor

    def offer(self, villages: tuple[Division, ...]) -> None:
        """Let one of these villages be chosen; where it is the only one of this name, it is."""
        shown = villages[:_MOST_VILLAGES]
        self.villages.set_choices(
            [(one.code, f"{one.name} · {divisions.place(one.code)}".rstrip("· ")) for one in shown]
        )
        self.which.setVisible(bool(shown))
        typed = divisions.bare(line_of(self.name).text())
        named = [one for one in villages if typed in ("", divisions.bare(one.name))]
        if len(named) == 1:
            self.villages.choose(named[0].code)
            self._on_village_chosen(named[0].code)
        elif line_of(self.code).text() == self._taken:
            line_of(self.code).clear()

    def check(self) -> bool:
        """Code and name besides the rest."""
        named = bool(line_of(self.name).text().strip())
        self.name.set_error("" if named else _("What is the village called?"))
        code = line_of(self.code).text().strip()
        try:
            from sync import kits

            kits.check_code(code, self._role())
            self.code.set_error("")
        except KnownError as error:
            self.code.set_error(sentence_of(error))
        rest = super().check()
        for field in (self.name, self.code):
            if field.error():
                field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return rest

    def opener(self, place: Place) -> Opener:
        from sync import enrol

        folder, passphrase, operator = self.words()
        code, name = line_of(self.code).text().strip(), line_of(self.name).text().strip()
        create = enrol.create_office if self._role() == OFFICE else enrol.create_village
        return lambda: create(
            folder,
            code,
            name,
            passphrase=passphrase,
            operator=operator,
            data_dir=place.data_dir,
            clock=place.clock,
        )

    def _role(self) -> str:
        return OFFICE if self.offices and line_of(self.code).text().strip().endswith("000") else VILLAGE

    def _on_named(self, words: str) -> None:
        self.set_title(words.strip())
        self.offer(tuple(divisions.called(words)))

    def _on_village_pressed(self, code: str) -> None:
        self._on_village_chosen(code)
        line = line_of(self.operator)  # a digit keeps the keyboard in the row until it has been heard
        QTimer.singleShot(0, line, lambda: line.setFocus(Qt.FocusReason.TabFocusReason))

    def _on_village_chosen(self, code: str) -> None:
        self._taken = code
        line_of(self.code).setText(code)
        self.code.set_error("")
        if not line_of(self.name).text().strip():
            line_of(self.name).setText(divisions.named(code))
            self.set_title(divisions.named(code))


class RosterForm(AloneForm):
    """A village ledger from a village's own roster: looked at first, read in once the ledger is made."""

    offices = False

    def __init__(self, documents: Path, path: Path) -> None:
        self._path = path
        self._seen: FirstLook | None = None
        self._read = ""
        self._refused = False
        super().__init__(
            documents, _("Begin with your own roster"), _("Reading {file}…").format(file=path.name)
        )

    def work(self) -> FreeOp[FirstLook] | None:
        """Look into the file before anything else."""
        from sync.intake import first

        path = self._path
        if self._seen is not None:
            return None
        return FreeOp(lambda task: first.look(path, cancelled=task.stopped))

    def show_done(self, result: FirstLook) -> None:
        """Say what the file holds, and which village it may be of."""
        self._seen = result
        words = _(
            "{file}: {people} people in {households} households. They are read in once the ledger is made."
        )
        self.text.setText(
            words.format(file=self._path.name, people=result.people, households=result.households)
        )
        self.set_busy(False)
        self.offer(result.villages)
        if self.villages.value():
            wanted: QWidget = line_of(self.operator)
        else:
            wanted = self.villages if result.villages else line_of(self.name)
        wanted.setFocus(Qt.FocusReason.TabFocusReason)

    def refuse(self, error: KnownError) -> None:
        """A table of unknown columns is no hindrance: a person names them once the ledger is there."""
        from sync.intake.first import FirstLook

        if self._seen is not None:
            super().refuse(error)
        elif error.code == _UNKNOWN:
            self.show_done(FirstLook())
            self.text.setText(
                _(
                    "The columns of {file} have other names: you say what they are once the ledger is made."
                ).format(file=self._path.name)
            )
        else:
            super().refuse(error)
            self.go.setEnabled(False)

    def set_busy(self, busy: bool) -> None:
        super().set_busy(busy)
        if busy and self._seen is not None:
            self.text.setText(_("Making the ledger and reading {file}…").format(file=self._path.name))

    def opener(self, place: Place) -> Opener:
        made = super().opener(place)

        def opened() -> Ledger:
            ledger = made()
            self._read = self._read_in(ledger)
            return ledger

        return opened

    def told(self) -> str:
        return self._read

    def onward(self) -> tuple[str, object] | None:
        return ("intake", [self._path]) if self._refused else None

    def _read_in(self, ledger: Ledger) -> str:
        """Read the roster into the new ledger; what does not go is left to the import page."""
        from gui.errors import sentence_for
        from sync.intake import roster

        kind = self._seen.kind if self._seen else ""
        try:
            preview = roster.apply(ledger, roster.stage(ledger, self._path, kind=kind)).preview
        except KnownError:
            self._refused = True
            return ""
        words = _(
            "{file} is read in: {people} people. {review} rows have a doubt and wait under “To settle”."
        )
        counts = preview.counts
        told = words.format(file=self._path.name, people=counts["rows"], review=counts["review"])
        beside = [note for note in preview.notes if note.code == roster.TOLD_BESIDE]
        return " ".join((told, *(sentence_for(note.code, note.params) for note in beside)))
