"""The side of the operators: one of them, and the forms that let in, give a new passphrase, remove."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.actions import operators as actions
from gui.i18n import _
from gui.models.operators import standing
from gui.ops import TaskOp
from gui.pages.settings.section import Rights, SideForm, row_of
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.notices import ErrorLine
from gui.widgets.passphrase import NewPassphrase, is_typed, line_of, secret_field
from gui.widgets.pause import PauseLine
from gui.wording import access
from gui.wording.roles import ORDER
from storage.errors import KnownError
from storage.operators import EXCHANGE, RECORD, Operator


class OperatorCard(Card):
    """One operator: rights to change, a new passphrase, an end; ``saving`` carries the rights chosen."""

    saving = Signal(list)

    def __init__(self) -> None:
        super().__init__(" ")
        self.one: Operator | None = None
        self.standing = label("", "soft", wrap=True)
        self.rights = Rights(ORDER)
        self.trouble = ErrorLine()
        self.save = KeyButton(_("Save the rights"), "S", primary=True)
        self.renew = KeyButton(_("New passphrase…"), "N")
        self.remove = KeyButton(_("Remove…"), "Delete")
        self.again = KeyButton(_("Let in again…"), "I")
        for widget in (
            self.standing,
            self.rights,
            self.trouble,
            row_of(self.save, self.renew, self.remove, self.again),
        ):
            self.add(widget)
        self.body.addStretch(1)
        self.rights.changed.connect(self._on_rights_changed)
        self.save.clicked.connect(lambda: self.saving.emit(self.rights.chosen()))

    def show_operator(self, one: Operator, me: str) -> None:
        """Show somebody; of oneself one's own passphrase is changed, not renewed."""
        self.one = one
        self.trouble.show_error("")
        self.set_title(one.name)
        words = _("Works here since {date}.") if one.can_open else standing(one)
        self.standing.setText(words.format(date=one.since))
        here = one.removed_on is None
        self.rights.show_roles(one.roles)
        self.rights.set_open(here)
        for button in (self.save, self.renew, self.remove):
            button.setVisible(here)
        if one.removed_on:
            gone = _(
                "Removed on {date}. What they entered keeps their name; they cannot open the ledger any more."
            )
            self.standing.setText(gone.format(date=one.removed_on))
        self.renew.setVisible(here and one.name != me)
        self.again.setVisible(not here)
        self._on_rights_changed()

    def _on_rights_changed(self) -> None:
        chosen = self.rights.chosen()
        self.save.setEnabled(self.one is not None and bool(chosen) and chosen != list(self.one.roles))


class OperatorForm(SideForm):
    """A form about an operator: what it does, and what is said once it is done."""

    def op(self) -> TaskOp[Any]:
        """What carries it out."""
        raise NotImplementedError

    def told(self) -> str:
        """What to say then."""
        raise NotImplementedError


class AboutForm(OperatorForm):
    """A form about somebody chosen in the list."""

    def __init__(self, title: str, go: str, *content: QWidget, key: str = "Return") -> None:
        self._name = ""
        super().__init__(title, go, *content, key=key)

    def about(self) -> str:
        """Whom it is about."""
        return self._name

    def start(self, one: Operator) -> None:
        """Begin about this operator."""
        self.begin()
        self._name = one.name


class AddForm(OperatorForm):
    """Name, first passphrase, rights of somebody new."""

    def __init__(self) -> None:
        self.name_line = QLineEdit()
        self.name = FormField(_("Name"), self.name_line, _("stands beside every entry they make"))
        self.name.setObjectName("name")
        self.chosen = NewPassphrase(_("First passphrase"))
        self.rights = Rights(ORDER)
        hint = label(_("Let them type it themselves, or change it when they begin."), "small", wrap=True)
        may = label(_("May"), "heading")
        super().__init__(_("Let somebody in"), _("Let in"), self.name, self.chosen, hint, may, self.rights)

    def first(self) -> QWidget:
        return self.name_line

    def fields(self) -> Sequence[FormField]:
        return (self.name,)

    def begin(self, name: str = "") -> None:
        """Start anew, for somebody named already where they come back."""
        super().begin()
        self.name_line.setText(name)
        self.chosen.clear()
        self.rights.show_roles([RECORD, EXCHANGE])

    def check(self) -> bool:
        named = bool(self.name_line.text().strip())
        self.name.set_error("" if named else _("What is their name?"))
        if not named:
            self.name_line.setFocus()
        given = bool(self.rights.chosen())
        self.trouble.show_error("" if given else _("Give them at least one right."))
        return named and self.chosen.check() and given

    def op(self) -> TaskOp[Operator]:
        return actions.add(self.name_line.text(), self.chosen.text(), self.rights.chosen())

    def told(self) -> str:
        return _("{name} works here from now on.").format(name=self.name_line.text().strip())


class RenewForm(AboutForm):
    """A new first passphrase for a colleague who forgot theirs."""

    def __init__(self) -> None:
        self.chosen = NewPassphrase(_("New passphrase"))
        super().__init__(
            _("New passphrase"),
            _("Set it"),
            label(access.old_backups(), "soft", wrap=True),
            self.chosen,
        )

    def first(self) -> QWidget:
        return self.chosen

    def start(self, one: Operator) -> None:
        super().start(one)
        self.chosen.clear()
        self.set_title(_("New passphrase for {name}").format(name=one.name))

    def check(self) -> bool:
        return self.chosen.check()

    def op(self) -> TaskOp[tuple[str, ...]]:
        return actions.renew(self.about(), self.chosen.text())

    def told(self) -> str:
        return _("{name} has a new passphrase.").format(name=self.about())


class MineForm(OperatorForm):
    """One's own passphrase: the old one, then the new one twice."""

    def __init__(self) -> None:
        self.old = secret_field(_("Present passphrase"))
        self.chosen = NewPassphrase(_("New passphrase"))
        self.pause = PauseLine()
        words = label(
            _("Backups made so far still open with the old passphrase: keep it in mind until they are gone."),
            "soft",
            wrap=True,
        )
        super().__init__(_("Change my passphrase"), _("Change it"), words, self.old, self.chosen, self.pause)
        self.pause.over.connect(lambda: self.set_busy(False))

    def first(self) -> QWidget:
        return self.old.editor

    def begin(self) -> None:
        super().begin()
        line_of(self.old).clear()
        self.old.set_error("")
        self.chosen.clear()

    def check(self) -> bool:
        return is_typed(self.old) and self.chosen.check()

    def op(self) -> TaskOp[None]:
        return actions.change_passphrase(line_of(self.old).text(), self.chosen.text())

    def told(self) -> str:
        return _("Your passphrase is changed. Older backups still open with the old one.")

    def set_busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy and not self.pause.waiting())

    def hold(self, seconds: float) -> None:
        """Let no next try be made so soon."""
        if seconds:
            self.pause.begin(seconds)
        self.set_busy(False)

    def refuse(self, error: KnownError) -> None:
        if error.code != "keys.wrong_passphrase":
            super().refuse(error)
            return
        self.set_busy(False)
        self.old.set_error(_("This is not your present passphrase."))
        line_of(self.old).selectAll()
        self.old.editor.setFocus()


class RemoveForm(AboutForm):
    """What removing somebody does and does not."""

    def __init__(self) -> None:
        self.text = label("", wrap=True)
        super().__init__(
            _("Remove"), _("Remove"), self.text, label(access.old_backups(), "soft", wrap=True), key=""
        )

    def first(self) -> QWidget:
        return self.cancel

    def start(self, one: Operator) -> None:
        super().start(one)
        self.set_title(_("Remove {name}").format(name=one.name))
        words = _(
            "{name} cannot open this ledger any more. What they entered stays and keeps their name. They can be let in "
            "again later."
        )
        self.text.setText(words.format(name=one.name))

    def op(self) -> TaskOp[None]:
        return actions.remove(self.about())

    def told(self) -> str:
        return _("{name} cannot open this ledger any more.").format(name=self.about())
