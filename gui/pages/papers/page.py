"""Papers and reminders: choose one and for whom, look, print, save or copy; what goes out is noted."""

from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.actions import households
from gui.actions import papers as actions
from gui.actions.papers import Batch
from gui.desk import Desk
from gui.i18n import _
from gui.models.filters import groups_of
from gui.models.papers import Asked
from gui.pages.before import no_roster
from gui.pages.page import Page
from gui.pages.papers.view import PapersView
from gui.widgets.pieces import two_lines
from gui.widgets.rows import Column, RowsModel
from gui.wording import papers, reminders
from gui.wording.paper_values import Ground
from gui.wording.papers import Template
from gui.wording.reminders import Message, Reminder
from storage.codes import REMINDED
from storage.errors import KnownError
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries.cards import HouseholdCard

_PAUSE = 120  # ms after the last choice before the pages are laid out


class PapersPage(Page):
    """Shows the paper that is chosen for the households that are chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.model = RowsModel(
            [
                Column(
                    "",
                    lambda one: f"{_name(one)} {one.about}",
                    cell=lambda one: two_lines(_name(one), one.about),
                    stretch=True,
                )
            ],
            key=lambda one: one.code,
        )
        self.view = PapersView(self.model, self._names)
        self.view.right.empty.asked.connect(lambda: self.wanted.emit("intake", None))
        self._home = ""
        self._made: Batch | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._lay_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        self.model.set_rows([*papers.templates(), *reminders.reminders()])
        view.papers.selectRow(0)
        view.papers.row_changed.connect(lambda _row: self._later.start())
        for box in (view.group, view.household):
            box.currentIndexChanged.connect(lambda _at: self._later.start())
        view.full.toggled.connect(lambda _on: self._later.start())
        view.everybody.clicked.connect(lambda: self.take(""))
        view.preview.save_asked.connect(self._on_save_asked)
        view.preview.printed.connect(self._on_printed)
        view.preview.failed.connect(desk.events.failed)
        view.sending.copied.connect(self._on_copied)
        view.sending.save_asked.connect(self._on_picture_asked)
        view.sending.worded.connect(self._on_worded)
        view.sending.left.connect(self._lay_out)
        desk.book.changed.connect(self._on_book_changed)
        desk.ask(actions.wordings(desk.settings.older_wordings()), self._on_wordings_read, owner=self)

    def concerns(self, changes: Changes) -> bool:
        return False  # the book tells when it has read them

    def first_focus(self) -> QWidget | None:
        return self.view.papers

    def take(self, request: object) -> None:
        """Make papers for one household (its record, or ``Asked``), "" for all again."""
        if isinstance(request, Asked):
            self._home = request.household
            if request.code:
                self.view.papers.select(request.code)
        else:
            self._home = str(request)
        self._show_whom()
        self._later.start()

    def back(self) -> bool:
        if self.view.right.currentWidget() is self.view.sending and self.view.sending.editing():
            self.view.sending.cancel()
            return True
        return False

    def refresh(self) -> None:
        self.desk.book.ensure()
        if self.desk.book.loaded:
            self._on_book_changed()

    def _on_book_changed(self) -> None:
        if not self.isVisible():
            self._fresh = False
            return
        self._show_whom()
        self._later.start()

    def _show_households(self, homes: list[HouseholdCard]) -> None:
        """Offer the households a reminder for one can be for; the one chosen before stays."""
        box, held = self.view.household, self.view.household.currentData()
        box.blockSignals(True)
        box.clear()
        for home in homes:
            box.addItem(f"{home.household.head_name} {home.household.number}", home.household.record)
        box.setCurrentIndex(max(box.findData(held), 0))
        box.blockSignals(False)

    def _show_whom(self) -> None:
        view, home = self.view, self.desk.book.household(self._home) if self._home else None
        names = groups_of(self.desk.book.cards)
        held = view.group.currentData()
        view.group.blockSignals(True)
        view.group.clear()
        view.group.addItem(_("All groups"), "")
        for name in names:
            view.group.addItem(name, name)
        view.group.setCurrentIndex(max(view.group.findData(held), 0))
        view.group.blockSignals(False)
        view.group_field.setVisible(home is None and len(names) > 1)
        view.everybody.setVisible(home is not None)
        view.home.setVisible(home is not None)
        if home is not None:
            view.home.setText(_("Household of {name}").format(name=home.household.head_name))

    def _homes(self) -> list[HouseholdCard]:
        cards, group = self.desk.book.cards, self.view.group.currentData()
        if self._home:
            return [card for card in cards if card.household.record == self._home]
        return [card for card in cards if not group or card.household.group == group]

    def _lay_out(self) -> None:
        template, desk = self.view.papers.current_row(), self.desk
        if template is None or not desk.book.loaded:
            return
        one = isinstance(template, Reminder) and template.per == "household"
        self.view.household_field.setVisible(one and not self._home)
        self.view.full.setVisible(not isinstance(template, Reminder))
        ground = Ground(desk.policy, desk.profile.title, desk.today, masked=not self.view.full.isChecked())
        if isinstance(template, Reminder):
            self._made = None
            self._fill_reminder(template, ground)
            return
        self._made = None
        self.view.preview.setEnabled(False)  # what is seen is of the choice before
        op = actions.laid_out(template, ground, self._homes())
        self.desk.ask(op, self._on_laid_out, owner=self)

    def _on_laid_out(self, batch: Batch) -> None:
        view, desk, template = self.view, self.desk, batch.template
        if template is not view.papers.current_row():
            return  # another one was chosen meanwhile
        self._made = batch
        view.preview.setEnabled(True)
        view.count.setText(_("{count} papers").format(count=len(batch.made)))
        if not desk.book.cards:
            view.right.show_empty(*no_roster())
            return
        if not batch.made:
            view.right.show_empty(_("This paper is for nobody here."), template.about)
            return
        stem = f"{desk.profile.title}-{batch.paper.title}-{desk.today.isoformat()}"
        view.preview.show_paper(batch.paper, stem)
        view.right.setCurrentWidget(view.preview)

    def _fill_reminder(self, reminder: Reminder, ground: Ground) -> None:
        view, homes = self.view, reminders.owing(self._homes(), reminder.whom)
        if reminder.per == "household":
            self._show_households(homes)
            homes = [home for home in homes if home.household.record == view.household.currentData()]
        view.count.setText(reminders.count_text(reminder, len(homes)))
        if not self.desk.book.cards:
            view.right.show_empty(*no_roster())
            return
        if not homes:
            view.right.show_empty(reminders.nobody_text(reminder), reminder.about)
            return
        names = self._names() if reminder.public else []
        try:
            message = reminders.fill(reminder, view.sending.template(reminder), ground, homes, names)
        except KnownError as error:  # worded anew for an older version
            self.desk.events.failed.emit(error)
            message = reminders.fill(reminder, reminder.text, ground, homes)
        view.sending.show_message(reminder, message)
        view.right.setCurrentWidget(view.sending)

    def _on_wordings_read(self, wordings: dict[str, str]) -> None:
        self.desk.settings.drop_wordings()
        self.view.sending.take_wordings(wordings)
        if wordings:
            self._later.start()

    def _on_worded(self, code: str, text: str) -> None:
        self.desk.ask(actions.word(code, text), lambda _none: self._lay_out(), owner=self)

    def _names(self) -> list[str]:
        """Everybody's name, so that none goes into a group in full."""
        return [card.person.name for _home, card in self.desk.book.people()]

    def _what(self) -> str:
        """What the log of exports calls the reminder that is shown."""
        shown = self.view.papers.current_row()
        assert shown is not None
        return f"reminder_{shown.code}"

    def _on_copied(self, message: Message, hidden: int) -> None:
        self.desk.ask(actions.copied(self._what(), message.people), lambda _none: None, owner=self)
        told = _("Copied. Paste it in WeChat.")
        if hidden:
            told += _(" {count} names in full were starred out: a group sees surnames only.").format(
                count=hidden
            )
        if not self._note_reminded(told):
            self.desk.events.told.emit(told, False)

    def _note_reminded(self, told: str) -> bool:
        """Record that a text went to a household, so that another way is proposed in time; undone like a visit."""
        reminder, desk = self.view.papers.current_row(), self.desk
        if not isinstance(reminder, Reminder) or reminder.per != "household":
            return False
        home = self._home or str(self.view.household.currentData() or "")
        if not home or not desk.may(RECORD) or desk.is_over:
            return False
        op = households.visit(
            home, REMINDED, {}, on=desk.today, today=desk.today, retry_on=None, note="", told=told
        )
        desk.change(op, owner=self)
        return True

    def _on_picture_asked(self, message: Message, path: Path) -> None:
        self.desk.ask(actions.picture(message, self._what(), path), self._tell_written, owner=self)

    def _on_save_asked(self, path: Path) -> None:
        if self._made is not None:
            job = self.desk.ask(actions.pdf(self._made, path), self._tell_written, owner=self)
            self.view.preview.follow(job)

    def _tell_written(self, path: Path) -> None:
        self.desk.events.told.emit(_("Written: {path}").format(path=path), False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _on_printed(self, pages: int) -> None:
        if self._made is not None:
            self.desk.ask(actions.printed(self._made), lambda _none: None, owner=self)
        self.desk.events.told.emit(_("{pages} pages went to the printer.").format(pages=pages), False)


def _name(template: Template | Reminder) -> str:
    return template.name if isinstance(template, Template) else template.title
