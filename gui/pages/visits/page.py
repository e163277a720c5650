"""Visit lists: choose, number, look, print; the number stays with the rows for when the paper comes back.

What can be asked of the page: a ``VisitFilter`` that names its people, as the lists of targets do, or the plan of the
day (``gui.models.today.PLAN``).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.actions import lists, visits
from gui.desk import Desk
from gui.i18n import _
from gui.models.filters import groups_of
from gui.models.today import PLAN, first_of
from gui.ops import TaskOp
from gui.pages.before import no_roster
from gui.pages.page import Page
from gui.pages.visits.planning import Planning
from gui.pages.visits.view import VisitsView
from gui.printing.visit_list import VisitPaper
from storage.commands.visits import Kept
from storage.errors import KnownError
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries import lists as owed_lists
from storage.queries.visits import Picked, VisitFilter, VisitSheet, pick

_DRAFT = 200  # people a draft shows
_PAUSE = 120  # ms after the last choice before the sheets are laid out


class VisitsPage(Page):
    """The page of lists."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = VisitsView()
        self.view.right.empty.asked.connect(lambda: self.wanted.emit("intake", None))
        self.planning = Planning(desk, self._where)
        self.view.right.addWidget(self.planning.view)
        desk.permit(RECORD, self.view.make)
        self._given = VisitFilter()
        self._arriving = False
        self._picked = Picked(())
        self._sheet: VisitSheet | None = None
        self._paper: VisitPaper | None = None
        self._laying = False  # it has its number and is being laid out
        self._kept: tuple[VisitFilter, bool, bool] | None = None
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(_PAUSE)
        self._draft.timeout.connect(self._show_draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        view = self.view
        marks = view.marks.show_choices(_marks())
        view.marks.buttons["unpaid"].setChecked(True)
        for button in marks:
            button.toggled.connect(self._on_choice_changed)
        view.free.clicked.connect(lambda: self.take(VisitFilter(unpaid=True)))
        view.plan.clicked.connect(lambda: self.take(PLAN))
        self.planning.made.connect(self._on_planned)
        self.planning.view.stops.opened.connect(lambda turn: self.wanted.emit("households", first_of(turn)))
        desk.permit(RECORD, view.walk)
        view.walk.clicked.connect(self._on_walk)
        view.route.closed.connect(self._on_walked)
        view.route.arranged.connect(self._on_arranged)
        view.route.forgotten.connect(self._on_forgotten)
        for box in (view.full, view.phones):
            box.toggled.connect(self._on_choice_changed)
        view.make.clicked.connect(self._on_make)
        view.xlsx.clicked.connect(self._on_xlsx)
        view.new_list.clicked.connect(lambda: self._on_owed(lists.NEW))
        view.help_list.clicked.connect(lambda: self._on_owed(lists.CANNOT_PAY))
        view.preview.save_asked.connect(self._on_save_asked)
        view.preview.printed.connect(self._on_printed)
        view.preview.failed.connect(desk.events.failed)
        desk.book.changed.connect(self._on_book_changed)

    def take(self, request: object) -> None:
        """Show the people another page named in place of what was chosen; an unnamed filter gives that up again."""
        if request == PLAN:
            self._begin_plan()
        elif isinstance(request, VisitFilter):
            self.planning.on = False
            self._given = request
            for code, button in self.view.marks.buttons.items():
                button.setChecked(code == "unpaid" and request.unpaid)
            self.view.show_given(request.named)
            self._on_choice_changed()

    def _begin_plan(self) -> None:
        """Show which doors to walk to today."""
        self._draft.stop()
        self.planning.on = False  # while the marks are taken away
        for button in self.view.marks.buttons.values():
            button.setChecked(False)
        self.planning.on = True
        self._arriving = True
        self.view.show_given(_("Plan of the day"), planned=True)
        if self.desk.book.loaded:
            self.planning.make()

    def _on_planned(self) -> None:
        if self.planning.on:
            self._given = self.planning.wanted
            self._on_choice_changed()
            if self._arriving:
                self.planning.view.stops.setFocus(Qt.FocusReason.OtherFocusReason)
            self._arriving = False

    def _where(self) -> VisitFilter:
        """Where the lists go."""
        return VisitFilter(groups=self.view.groups.chosen(), lanes=self.view.lanes.chosen())

    def back(self) -> bool:
        if self.view.right.currentWidget() is self.view.route:
            self._on_walked()
            return True
        if self.planning.on and self.view.right.currentWidget() is self.view.preview:
            self.view.right.setCurrentWidget(self.planning.view)
            self.view.make.setEnabled(True)
            self.planning.view.stops.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if not self._given.named:
            return False
        self.take(VisitFilter(unpaid=True))
        return True

    def concerns(self, changes: Changes) -> bool:
        return False  # the book tells when it has read them

    def first_focus(self) -> QWidget | None:
        planned = self.planning.on and self.view.right.currentWidget() is self.planning.view
        return self.planning.view.stops if planned else self.view.make

    def refresh(self) -> None:
        if self.desk.book.loaded:
            self._show_choices()
        else:
            self.view.right.show_empty(_("Reading the register…"))
        self.desk.book.ensure()

    @property
    def wanted_people(self) -> VisitFilter:
        """What is chosen at the left."""
        marks = set(self.view.marks.chosen())
        return VisitFilter(
            unpaid="unpaid" in marks,
            no_credential="credential" in marks,
            needs_help="help" in marks,
            special="special" in marks,
            groups=self.view.groups.chosen(),
            lanes=self.view.lanes.chosen(),
            named=self._given.named,
            among=self._given.among,
        )

    def _on_book_changed(self) -> None:
        if self.isVisible():
            self._show_choices()
        else:
            self._fresh = False

    def _show_choices(self) -> None:
        cards = self.desk.book.cards
        groups = groups_of(cards)
        lanes = list(dict.fromkeys(card.household.lane for card in cards if card.household.lane))
        for chips, names in ((self.view.groups, groups), (self.view.lanes, lanes)):
            for button in chips.show_choices([(name, name) for name in names]):
                button.toggled.connect(self._on_choice_changed)
        self.view.show_places(len(groups) > 1, len(lanes) > 1)
        new, helped = owed_lists.new_enrollees(cards), owed_lists.cannot_pay_alone(cards)
        self.view.new_list.setText(_("New enrollees {count}").format(count=len(new)))
        self.view.help_list.setText(_("Cannot pay alone {count}").format(count=len(helped)))
        if self.planning.on:
            self.planning.make()
        else:
            self._on_choice_changed()
            self.settle_focus()

    def _on_walk(self) -> None:
        """Show the doors in the order they are walked, to be moved."""
        self._draft.stop()
        self.view.route.show_doors(self.desk.book.cards)
        self.view.right.setCurrentWidget(self.view.route)
        self.view.route.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_walked(self) -> None:
        self.view.right.setCurrentIndex(0)
        self._picked = Picked(())
        self._on_choice_changed()

    def _on_arranged(self, homes: list[str]) -> None:
        self.desk.change(visits.arrange(homes, told=_("Walking order kept")), owner=self)

    def _on_forgotten(self, homes: list[str]) -> None:
        self.desk.change(visits.unarranged(homes, told=_("By lane and number again")), owner=self)

    def _on_choice_changed(self) -> None:
        if not self.desk.book.loaded:
            return
        if self.view.right.currentWidget() is self.view.route:
            self.view.route.show_doors(self.desk.book.cards)
            return
        if self.planning.on and self._where() != self.planning.where:
            self.planning.make()
            return
        picked = pick(self.desk.book.cards, self.wanted_people)
        made = self._sheet is not None or self._laying
        if made and picked == self._picked and self._kept == self._choice():
            return
        people, homes = len(picked.residents), len(picked.households)
        self.view.count.setText(_("{homes} households, {people} people").format(homes=homes, people=people))
        for button in (self.view.make, self.view.xlsx):
            button.setEnabled(bool(people))
        self._picked, self._sheet, self._laying = picked, None, False
        if not self.desk.book.cards:
            self.view.right.show_empty(*no_roster())
        elif self.planning.on:
            self._draft.stop()
            self.view.right.setCurrentWidget(self.planning.view)
        elif not people:
            self.view.right.show_empty(
                _("Nobody for this list"), _("Choose other marks at the left, or none for everybody.")
            )
        else:
            self._draft.start()

    def _choice(self) -> tuple[VisitFilter, bool, bool]:
        return self.wanted_people, self._masked, self._phones

    @property
    def _masked(self) -> bool:
        return not self.view.full.isChecked()

    @property
    def _phones(self) -> bool:
        """Whether it is a helper's list, with phones to dial."""
        return self.view.phones.isChecked()

    def _show_draft(self) -> None:
        """Show how the list will look; its number comes when it is to be printed."""
        if self._sheet is None and self._picked.households:
            first = _beginning(self._picked)
            words = _("draft") if first is self._picked else _("draft, only the first pages")
            sheet = replace(self._making(first, 0)(), list_number=words)
            try:
                self._show_paper(VisitPaper(sheet), numbered=False)
            except KnownError as error:
                self.desk.events.failed.emit(error)

    def _making(self, picked: Picked, number: int, record: str = "") -> Callable[[], VisitSheet]:
        """What makes the sheet as it is chosen now, on whatever thread."""
        desk = self.desk
        return partial(
            wording.visit_sheet,
            desk.policy,
            picked,
            self.wanted_people,
            scope=desk.profile.scope,
            title=desk.profile.title,
            list_number=number,
            record=record,
            today=desk.today,
            masked=self._masked,
            phones=self._phones,
            reasons=self.planning.reasons() if self.planning.on else {},
        )

    def _numbered(self, then: str) -> None:
        """Keep the list under the next number; a list that did not change keeps the number it has."""
        if self._sheet is not None and self._paper is not None:
            self._go_on(self._sheet, self._paper, then)
            return
        picked, wanted = self._picked, self.wanted_people
        op = visits.keep_list(
            picked.residents, filter_text=wording.filter_text(wanted), today=self.desk.today
        )

        def done(kept: Kept) -> None:
            if picked is self._picked:
                self._kept, self._laying = self._choice(), True
                op = lists.laid_out(self._making(picked, kept.number, kept.record))
                self.desk.ask(op, laid, owner=self)

        def laid(found: tuple[VisitSheet, VisitPaper]) -> None:
            self._laying = False
            if picked is self._picked:
                self._sheet = found[0]
                self._go_on(*found, then)

        self.desk.change(op, done, owner=self)

    def _go_on(self, sheet: VisitSheet, paper: VisitPaper, then: str) -> None:
        if then == "xlsx":
            path = lists.free_path(self._folder(), _stem(sheet), ".xlsx")
            self._write(lists.visit_xlsx(sheet, path, masked=self._masked, phones=self._phones))
        self._paper = paper
        self._show_paper(paper, numbered=True)

    def _show_paper(self, paper: VisitPaper, *, numbered: bool) -> None:
        preview = self.view.preview
        preview.show_paper(paper, _stem(paper.sheet))
        for button in (preview.print_button, preview.save_button):
            button.setVisible(numbered)
        self.view.make.setEnabled(not numbered)
        self.view.right.setCurrentWidget(preview)

    def _on_make(self) -> None:
        self._numbered("look")

    def _on_xlsx(self) -> None:
        self._numbered("xlsx")

    def _on_save_asked(self, path: Path) -> None:
        if self._sheet is not None:
            op = lists.visit_pdf(self._sheet, path, masked=self._masked, phones=self._phones)
            self.view.preview.follow(self.desk.ask(op, self._tell_written, owner=self))

    def _on_printed(self, pages: int) -> None:
        if self._sheet is not None:
            self.desk.ask(
                lists.printed(self._sheet, masked=self._masked, phones=self._phones),
                lambda _none: None,
                owner=self,
            )
        self.desk.events.told.emit(_("{pages} pages went to the printer.").format(pages=pages), False)

    def _on_owed(self, which: str) -> None:
        desk = self.desk
        name = {lists.NEW: _("New enrollees"), lists.CANNOT_PAY: _("Cannot pay alone")}[which]
        stem = f"{desk.profile.title}-{name}-{desk.today.isoformat()}"
        path = lists.free_path(self._folder(), stem, ".xlsx")
        op = lists.owed(which, desk.book.cards, path, desk.policy, desk.profile.title, desk.today)
        desk.ask(op, lambda result: self._tell_written(result[0], result[1]), owner=self)

    def _write(self, op: TaskOp[Path]) -> None:
        self.desk.ask(op, self._tell_written, owner=self)

    def _tell_written(self, path: Path, people: int | None = None) -> None:
        words = _("Written: {path}").format(path=path)
        if people is not None:
            words = _("{people} people written: {path}").format(people=people, path=path)
        self.desk.events.told.emit(words, False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _folder(self) -> Path:
        return self.desk.settings.folder(lists.FOLDER)


def _beginning(picked: Picked) -> Picked:
    """The first doors of a long list: laying out thousands would stop the window at every choice."""
    people = 0
    for line, (_home, cards) in enumerate(picked.households):
        people += len(cards)
        if people > _DRAFT:
            return Picked(picked.households[: max(line, 1)])
    return picked


def _stem(sheet: VisitSheet) -> str:
    return f"{sheet.title}-{sheet.list_number}".replace("/", "-")


def _marks() -> list[tuple[str, str]]:
    return [
        ("unpaid", _("Unpaid")),
        ("credential", _("No credential")),
        ("help", _("Needs help")),
        ("special", _("Special groups unpaid")),
    ]
