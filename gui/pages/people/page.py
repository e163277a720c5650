"""The people of all villages: whoever stands behind a number, and whoever is looked for."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import board, roll
from gui.models.hits import more_text
from gui.models.roll import Entry, Hits, RollFilter, Whom
from gui.models.roll_table import RollModel
from gui.models.worksheet import Wanted
from gui.ops import QueryOp
from gui.pages.page import FinderPage
from gui.pages.people.below import Below
from gui.pages.people.reading import Reading
from gui.pages.people.view import PeopleView
from gui.pages.revealing import hold_to_show
from gui.standing import Places
from gui.wording import names


class PeoplePage(FinderPage):
    """The page; what it asks for: a RollFilter. Villages are read one after another, so others get their turn."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.filter = RollFilter(denominator=board.first_choice(desk.policy))
        self._hits: Hits | None = None
        self.sought = ""
        self._whom: Whom | None = None
        self._asking = self._opening = False
        self.reading, self.below = Reading(desk, self), Below(desk, self)
        self.rows = RollModel(lambda: desk.policy, lambda: desk.today)
        self.view = PeopleView(self.rows, self.below.past)
        self.below.attach(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()
        self._show_chips()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, Whom):
            self.sought = ""
            self._show_one(request)
        elif isinstance(request, RollFilter):
            same = (request.scope, request.denominator) == (self.filter.scope, self.filter.denominator)
            self.filter = request
            self._leave_found()
            if same:
                self.show_people()
            else:
                self.reading.forget()
                self._fresh = False

    def refresh(self) -> None:
        self.reading.spoil()
        self.show_people()
        if self._hits is not None and self.sought:
            self.show_found(self.sought)
        elif self._hits is not None and self._whom is not None:
            self._show_one(self._whom)
        self.reading.begin()

    def follow_policy(self) -> None:
        self.rows.follow_policy()
        base = board.still(self.desk.policy, self.filter.denominator)
        self.filter = replace(self.filter, denominator=base)

    def first_focus(self) -> QWidget | None:
        return self.view.table

    def back(self) -> bool:
        if self.below.panel is not None:
            self.below.close()
            return True
        if self.view.history.hasFocus():
            self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def show_found(self, text: str) -> None:
        self.sought = text
        self._opening, self._asking = False, bool(text)
        if not text:
            self._leave_found()
            self.show_people()
            return
        self.reading.put_off()
        policy = self.desk.policy
        op = QueryOp(lambda ledger: roll.search(ledger, policy, text), slot="find")
        self.desk.ask(op, self._on_hits_found, owner=self)

    def _show_one(self, whom: Whom) -> None:
        self._whom, policy = whom, self.desk.policy
        op = QueryOp(lambda ledger: roll.one(ledger, policy, whom), slot="find")
        self.desk.ask(op, self._on_hits_found, owner=self)

    def focus_found(self) -> None:
        self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.table.current_row() is None and self.rows.rows:
            self.view.table.selectRow(0)

    def open_found(self) -> None:
        if self._asking:
            self._opening = True
            return
        self.focus_found()
        entry: Entry | None = self.view.table.current_row()
        if entry is not None:
            self._note(entry)

    def show_who(self, scope: str, household: str, resident: str) -> None:
        self.take(Whom(scope, resident))
        self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place(self) -> dict[str, object]:
        wanted = self.filter
        return {**super().place(), "filter": [wanted.code, wanted.scope, wanted.denominator]}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        match where.get("filter"):
            case [str(code), str(scope), str(base)] if roll.known(self.desk.policy, code):
                self.filter = RollFilter(code, scope, board.still(self.desk.policy, base))

    def _note(self, entry: Entry) -> None:
        """Remember who was looked at."""
        self.looked.emit(entry.person.scope, entry.person.household, entry.person.record)

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.villages.activated.connect(self._on_village_chosen)
        view.table.opened.connect(self._on_entry_opened)
        view.sheet.clicked.connect(self._on_sheet)
        reveal = hold_to_show(self.desk, view.reveal, self, self, lambda: len(self.rows.rows))
        reveal.changed.connect(self.rows.reveal)
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._on_chip_clicked(code))
        view.other.clicked.connect(self._on_other_clicked)
        self.desk.events.exchanged.connect(self._on_exchanged)

    def _on_sheet(self) -> None:
        """Go on to a working sheet of the people shown."""
        records = frozenset((one.scope, one.record) for entry in self.rows.rows for one in entry.records[:1])
        if records:
            scopes = tuple(sorted({scope for scope, _record in records}))
            title = _("{count} people chosen on the page").format(count=f"{len(records):,}")
            self.wanted.emit("worksheet", Wanted(scopes, records, title=title))

    def _on_entry_opened(self, entry: Entry) -> None:
        self._note(entry)
        self.view.past.setChecked(True)
        self.view.history.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- showing

    def say_reading(self, left: int) -> None:
        """Say how many villages are still to be read."""
        self.view.state.show_words(_("Reading the ledger…"), _("{left} villages to go").format(left=left))

    def _leave_found(self) -> None:
        """Show everybody again; what was put off for the search is read now."""
        self.sought, self._hits = "", None
        self.reading.begin(soon=False)

    def show_people(self) -> None:
        """Show who was found, else who is wanted."""
        if self._hits is not None:
            self.view.state.show_words(*self._hits.nobody)
            self._show_rows(self._hits.entries)
            count = len(self._hits.entries)
            words = _("Found: {count} people").format(count=f"{count:,}")
            self.view.count.setText(more_text(count) if self._hits.more else words)
        else:
            if self.reading.ready and not self.reading.found.get("all"):
                self.view.state.show_words(
                    _("Nobody here yet"), _("People come with the files of the villages: receive them first.")
                )
            elif self.reading.ready:
                self.view.state.show_words(_("Nobody here"), _("Choose another filter or village above."))
            else:
                self.view.state.show_words(_("Reading the ledger…"))
            self._show_rows(self.reading.chosen(self.filter))
        self._show_chips()

    def _show_rows(self, entries: list[Entry]) -> None:
        self.rows.set_rows(entries)
        self.view.count.setText(_("{count} people").format(count=f"{len(entries):,}"))
        if self.view.table.current_row() is None and self.rows.rows:
            self.view.table.selectRow(0)
        self.below.show_history(self.view.table.current_row())

    def _show_chips(self) -> None:
        for code, chip in self.view.chips.items():
            people = self.reading.found.get(code)
            count = f" {len(people):,}" if people is not None else ""
            chip.setText(f"{roll.words(code)}{count}")
            chosen = self._hits is None and code == self.filter.code
            chip.setChecked(chosen)
        self._show_other()
        base = names.denominator(self.desk.policy, self.filter.denominator)
        self.view.base.setText(_("Unpaid: of {base}").format(base=base))

    def _show_other(self) -> None:
        """The chip of a filter that came with a number, while it is chosen."""
        other, wanted = self.view.other, self.filter
        shown = wanted.code not in roll.STANDING
        other.setVisible(shown)
        if shown:
            count = f" {len(self.reading.chosen(self.filter)):,}" if self.reading.ready else ""
            other.setText(f"{roll.title(wanted)}{count}")
            other.setChecked(self._hits is None)

    def show_villages(self) -> None:
        """Offer the villages there are."""
        box = self.view.villages
        wanted = ["", *self.reading.titles]
        if [box.itemData(line) for line in range(box.count())] != wanted:
            box.clear()
            box.addItem(_("All villages"), "")
            for scope, title in self.reading.titles.items():
                box.addItem(title, scope)
        box.setCurrentIndex(max(box.findData(self.filter.scope), 0))

    def _on_hits_found(self, hits: Hits) -> None:
        self._hits, self._asking = hits, False
        self.show_people()
        if hits.entries:
            self.view.table.selectRow(0)
        if self._opening:
            self.open_found()

    def _on_chip_clicked(self, code: str) -> None:
        self._leave_found()
        self.filter = RollFilter(code, self.filter.scope, self.filter.denominator)
        self.show_people()

    def _on_other_clicked(self) -> None:
        self._leave_found()
        self.show_people()

    def _on_village_chosen(self, line: int) -> None:
        scope = self.view.villages.itemData(line)
        self._leave_found()
        if scope != self.filter.scope:
            self.filter = replace(self.filter, scope=scope)
            self.reading.forget()
            self.refresh()
        else:
            self.show_people()
