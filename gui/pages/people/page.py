"""The people of all villages: whoever stands behind a number, and whoever is looked for."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import board, history, roll
from gui.models.hits import more_text
from gui.models.roll import Entry, Found, Hits, RollFilter, Whom
from gui.models.worksheet import Wanted
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.pages.households.panels.why import WhyPanel
from gui.pages.page import FinderPage
from gui.pages.people.erasing import ErasePanel
from gui.pages.people.moving import MovePanel
from gui.pages.people.view import PeopleView
from gui.pages.revealing import hold_to_show
from gui.standing import Places
from gui.wording import names
from storage.commands.erasure import Erased
from storage.ledger import Ledger
from storage.operators import KEYS, RECORD
from storage.places import under
from storage.queries import history as past
from storage.queries import villages
from storage.queries.history import HistoryRow

_REST = 150  # ms after the last key before somebody's history is read
_PAUSE = 700  # ms after a search was emptied before the villages are read: the next word may follow


class PeoplePage(FinderPage):
    """The page; what it asks for: a RollFilter. Villages are read one after another, so others get their turn."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = RollFilter(denominator=board.first_choice(desk.policy))
        self._titles: dict[str, str] = {}
        self._found: Found = {}
        self._kept: tuple[RollFilter, list[Entry]] | None = None
        self._hits: Hits | None = None
        self._sought = ""
        self._whom: Whom | None = None
        self.panel: Panel | None = None
        self._reading = 0
        self._asking = self._opening = self._stale = False
        self._ready = False
        self._begin = QTimer(self)
        self._begin.setSingleShot(True)
        self._begin.timeout.connect(self._on_begun)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._read_history)
        self.rows = roll.RollModel(lambda: desk.policy, lambda: desk.today)
        self.past = history.model(lambda: desk.policy, desk.facts.replica, lambda: desk.today, office=True)
        self.view = PeopleView(self.rows, self.past)
        desk.permit(RECORD, self.view.relocate)
        desk.permit(KEYS, self.view.erase)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()
        self._show_chips()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, Whom):
            self._sought = ""
            self._show_one(request)
        elif isinstance(request, RollFilter):
            same = (request.scope, request.denominator) == (self._wanted.scope, self._wanted.denominator)
            self._wanted = request
            self._leave_found()
            if same:
                self._show()
            else:
                self._forget()
                self._fresh = False

    def refresh(self) -> None:
        self._reading += 1
        self._stale = True
        self._show()
        if self._hits is not None and self._sought:
            self.show_found(self._sought)
        elif self._hits is not None and self._whom is not None:
            self._show_one(self._whom)
        self._begin.start(0)

    def follow_policy(self) -> None:
        self.rows.follow_policy()
        base = board.still(self.desk.policy, self._wanted.denominator)
        self._wanted = replace(self._wanted, denominator=base)

    def first_focus(self) -> QWidget | None:
        return self.view.table

    def back(self) -> bool:
        if self.panel is not None:
            self._close()
            return True
        if self.view.history.hasFocus():
            self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def show_found(self, text: str) -> None:
        self._sought = text
        self._opening, self._asking = False, bool(text)
        if not text:
            self._leave_found()
            self._show()
            return
        if self._stale:
            self._reading += 1  # put off until nobody is looked for
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
        wanted = self._wanted
        return {**super().place(), "filter": [wanted.code, wanted.scope, wanted.denominator]}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        match where.get("filter"):
            case [str(code), str(scope), str(base)] if roll.known(self.desk.policy, code):
                self._wanted = RollFilter(code, scope, board.still(self.desk.policy, base))

    def _note(self, entry: Entry) -> None:
        """Remember who was looked at."""
        self.looked.emit(entry.person.scope, entry.person.household, entry.person.record)

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.villages.activated.connect(self._on_village_chosen)
        view.table.row_changed.connect(self._show_history)
        view.table.opened.connect(self._on_entry_opened)
        view.sheet.clicked.connect(self._on_sheet)
        reveal = hold_to_show(self.desk, view.reveal, self, self, lambda: len(self.rows.rows))
        reveal.changed.connect(self.rows.reveal)
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._on_chip_clicked(code))
        view.other.clicked.connect(self._on_other_clicked)
        self.desk.events.exchanged.connect(self._on_exchanged)
        view.why.clicked.connect(lambda: self._open(_why))
        view.relocate.clicked.connect(lambda: self._open(MovePanel))
        view.erase.clicked.connect(lambda: self._open(ErasePanel))

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

    # ---- forms

    def _open(self, make: Callable[[Desk, Entry], Panel]) -> None:
        entry: Entry | None = self.view.table.current_row()
        if entry is None:
            return
        panel = self.panel = make(self.desk, entry)
        panel.closed.connect(self.back)
        panel.saving.connect(self._on_saving)
        self.view.open_below(panel)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, self.view, self.view.show_current)

    def _close(self) -> None:
        self.panel = None
        self.view.open_below(None)
        self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_saving(self, op: ChangeOp) -> None:
        panel = self.panel
        if panel is not None and not self.desk.writing():
            self.desk.change(op, partial(self._on_saved, panel), owner=panel, refused=panel.show_refusal)

    def _on_saved(self, panel: Panel, result: object) -> None:
        self._close()
        if isinstance(panel, ErasePanel) and isinstance(result, Erased):
            self.desk.events.told.emit(panel.told(result), False)

    # ---- reading, village by village

    def _on_begun(self) -> None:
        """Nobody is read while somebody is looked for: each village would keep the search waiting."""
        if self._sought or not self._stale:
            return
        op = QueryOp(villages.titles, slot="roll", later=True)
        self.desk.ask(op, partial(self._on_titles_read, self._reading), owner=self)

    def _leave_found(self) -> None:
        """Show everybody again; what was put off for the search is read now."""
        self._sought, self._hits = "", None
        self._begin.start(_PAUSE)

    def _on_titles_read(self, reading: int, titles: dict[str, str]) -> None:
        if reading != self._reading:
            return
        self._titles = titles
        self._show_villages()
        wanted = self._wanted.scope
        self._read_next(reading, [scope for scope in titles if not wanted or under(scope, wanted)], {})

    def _forget(self) -> None:
        self._found, self._kept, self._ready = {}, None, False

    def _read_next(self, reading: int, left: list[str], read: Found) -> None:
        if not left:
            self._found, self._kept, self._ready, self._stale = read, None, True, False
            self._show()
            return
        scope, *rest = left
        policy, base, title = self.desk.policy, self._wanted.denominator, self._titles[scope]

        def ask(ledger: Ledger) -> Found:
            return roll.read(ledger, policy, base, scope, title)

        def on_read(part: Found) -> None:
            if reading == self._reading:
                for code, found in part.items():
                    read.setdefault(code, []).extend(found)
                self._say_reading(len(rest))
                self._read_next(reading, rest, read)

        self.desk.ask(QueryOp(ask, slot="roll", later=True), on_read, owner=self)

    def _say_reading(self, left: int) -> None:
        if not self._ready and left:
            words = _("{left} villages to go").format(left=left)
            self.view.state.show_words(_("Reading the ledger…"), words)

    # ---- showing

    def _show(self) -> None:
        if self._hits is not None:
            self.view.state.show_words(*self._hits.nobody)
            self._show_rows(self._hits.entries)
            count = len(self._hits.entries)
            words = _("Found: {count} people").format(count=f"{count:,}")
            self.view.count.setText(more_text(count) if self._hits.more else words)
        else:
            if self._ready and not self._found.get("all"):
                self.view.state.show_words(
                    _("Nobody here yet"), _("People come with the files of the villages: receive them first.")
                )
            elif self._ready:
                self.view.state.show_words(_("Nobody here"), _("Choose another filter or village above."))
            else:
                self.view.state.show_words(_("Reading the ledger…"))
            self._show_rows(self._chosen())
        self._show_chips()

    def _show_rows(self, entries: list[Entry]) -> None:
        self.rows.set_rows(entries)
        self.view.count.setText(_("{count} people").format(count=f"{len(entries):,}"))
        if self.view.table.current_row() is None and self.rows.rows:
            self.view.table.selectRow(0)
        self._show_history(self.view.table.current_row())

    def _show_chips(self) -> None:
        for code, chip in self.view.chips.items():
            people = self._found.get(code)
            count = f" {len(people):,}" if people is not None else ""
            chip.setText(f"{roll.words(code)}{count}")
            chosen = self._hits is None and code == self._wanted.code
            chip.setChecked(chosen)
        self._show_other()
        base = names.denominator(self.desk.policy, self._wanted.denominator)
        self.view.base.setText(_("Unpaid: of {base}").format(base=base))

    def _chosen(self) -> list[Entry]:
        """The people of the filter, as soon as everybody was read."""
        standing = self._found.get(self._wanted.code)
        if standing is not None or not self._ready:
            return standing or []
        if self._kept is None or self._kept[0] != self._wanted:
            policy = self.desk.policy
            self._kept = self._wanted, roll.choose(policy, self._wanted, self._found.get("all", ()))
        return self._kept[1]

    def _show_other(self) -> None:
        """The chip of a filter that came with a number, while it is chosen."""
        other, wanted = self.view.other, self._wanted
        shown = wanted.code not in roll.STANDING
        other.setVisible(shown)
        if shown:
            count = f" {len(self._chosen()):,}" if self._ready else ""
            other.setText(f"{roll.title(wanted)}{count}")
            other.setChecked(self._hits is None)

    def _show_villages(self) -> None:
        box = self.view.villages
        wanted = ["", *self._titles]
        if [box.itemData(line) for line in range(box.count())] != wanted:
            box.clear()
            box.addItem(_("All villages"), "")
            for scope, title in self._titles.items():
                box.addItem(title, scope)
        box.setCurrentIndex(max(box.findData(self._wanted.scope), 0))

    def _show_history(self, entry: Entry | None) -> None:
        if entry is None:
            self.past.set_rows([])
            self.view.history_card.set_title(_("History"))
            return
        self.view.history_card.set_title(_("History · {name}").format(name=entry.person.name or _("no name")))
        if self._sought:
            self._rest.start()  # the list follows every key, what was written once the fingers rest
        else:
            self._read_history()

    def _read_history(self) -> None:
        entry: Entry | None = self.view.table.current_row()
        if entry is None:
            return

        def read(ledger: Ledger) -> list[HistoryRow]:
            rows = [row for one in entry.records for row in past.of_resident(ledger, one.record, one.scope)]
            return sorted(rows, key=lambda row: row.when, reverse=True)

        self.desk.ask(QueryOp(read, slot="history"), self.past.set_rows, owner=self)

    def _on_hits_found(self, hits: Hits) -> None:
        self._hits, self._asking = hits, False
        self._show()
        if hits.entries:
            self.view.table.selectRow(0)
        if self._opening:
            self.open_found()

    def _on_chip_clicked(self, code: str) -> None:
        self._leave_found()
        self._wanted = RollFilter(code, self._wanted.scope, self._wanted.denominator)
        self._show()

    def _on_other_clicked(self) -> None:
        self._leave_found()
        self._show()

    def _on_village_chosen(self, line: int) -> None:
        scope = self.view.villages.itemData(line)
        self._leave_found()
        if scope != self._wanted.scope:
            self._wanted = replace(self._wanted, scope=scope)
            self._forget()
            self.refresh()
        else:
            self._show()


def _why(desk: Desk, entry: Entry) -> Panel:
    """What the rules answer about somebody, in the name of their village."""
    person = entry.person
    return WhyPanel(desk, person.scope, person.record, person.name, entry.village)
