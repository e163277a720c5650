"""The households: find, look, record. Digits record facts of the chosen or ticked people."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.models import filters, history, households
from gui.models.filters import PeopleFilter
from gui.models.households import Line
from gui.models.money import Wanted
from gui.models.people import ABSENCE, BASIS, CREDENTIAL, HELP, PAY, PeopleModel
from gui.ops import QueryOp
from gui.pages.households.panels.base import Member
from gui.pages.households.panels.facts import VisitPanel
from gui.pages.households.panels.identity import AddPanel, IdentityPanel, RemovePanel
from gui.pages.households.recording import Recorder
from gui.pages.households.view import HouseholdsView
from gui.pages.page import FinderPage
from gui.pages.revealing import hold_to_show
from gui.wording.delivery import mark_text
from storage.ledger import Changes, Ledger
from storage.operators import RECORD
from storage.queries import find, outbox
from storage.queries import history as past
from storage.queries.cards import HouseholdCard, PersonCard, is_unpaid
from storage.queries.delivery import RecordDelivery
from storage.queries.find import Hit
from storage.queries.history import HistoryRow

_PAUSE = 60  # ms after the last key before the card follows the list


class HouseholdsPage(FinderPage):
    """The page; what it asks for: a PeopleFilter, the record of a household, or that with one of its residents."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filter = PeopleFilter()
        self._found: list[Line] | None = None
        self._asking = self._opening = False
        self._home = ""
        self._wish = ""
        self.lines = households.model(lambda: desk.policy)
        self.people = PeopleModel(lambda: desk.policy, lambda: desk.today)
        self.past = history.model(
            lambda: desk.policy, desk.facts.replica, lambda: desk.today, alone=desk.facts.standalone
        )
        self.several = households.members_model(lambda: desk.policy, lambda: desk.today)
        self.view = view = HouseholdsView(self.lines, self.several, self.people, self.past)
        desk.permit(
            RECORD,
            *(view.all_paid, view.visit, view.correct, view.add_person, view.help_button),
            *(view.absence_button, view.new_button, view.remove_button),
        )
        self._reveal = hold_to_show(desk, self.view.reveal, self, self, lambda: len(self.people.rows))
        self.recorder = Recorder(desk, self.view, self._members, self._current_home)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_PAUSE)
        self._typing.timeout.connect(self._on_pause_typed)
        self._keys = self._make_keys()
        self._listen()

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, PeopleFilter):
            self._found = None
            self._set_filter(request)
            self.view.show_list_side(True)
        elif isinstance(request, str | tuple):
            home, resident = (request, "") if isinstance(request, str) else request
            self._found = None
            if self.desk.book.household(home) is None or home not in {
                line.household for line in self.lines.rows
            }:
                self._set_filter(PeopleFilter())
            self._show_household(home, resident)

    def refresh(self) -> None:
        if self.desk.book.loaded:
            self._show_all()
        else:
            self.view.empty.show_words(_("Reading the register…"))
            self.view.show_card(False)
        self.desk.book.ensure()

    def concerns(self, changes: Changes) -> bool:
        return False  # the book tells when it has read them

    def follow_policy(self) -> None:
        self.people.follow_policy()

    def first_focus(self) -> QWidget | None:
        return self.view.people if self._home and self.view.is_narrow() else self.view.list

    def show_found(self, text: str) -> None:
        self._opening = False
        if not text:
            self._found, self._asking = None, False
            self._show_lines()
            return
        self._asking = True
        op = QueryOp(lambda ledger: find.find(ledger, text), slot="find")
        self.desk.ask(op, self._on_found, owner=self)

    def focus_found(self) -> None:
        self._typing.stop()
        self._leave_several()
        self.view.show_list_side(True)
        self.view.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.list.current_row() is None and self.lines.rows:
            self.view.list.selectRow(0)

    def open_found(self) -> None:
        self._opening = self._asking
        if self._found is None or self._asking:
            return
        self._leave_several()
        self._typing.stop()
        if self.lines.rows:
            self.view.list.selectRow(0)
            self._on_line_opened(self.lines.rows[0])

    def back(self) -> bool:
        if self.recorder.panel is not None:
            self.recorder.close()
            return True
        if self._in_several():
            self.view.filters.several.click()
            return True
        if self.people.ticked_rows():
            self.people.tick(self.people.rows, False)
            return True
        if self.view.people.hasFocus() or self.view.history.hasFocus():
            self.view.show_list_side(True)
            self.view.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.show_list_side(not self._home or not self.view.people.hasFocus())

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        self.desk.book.changed.connect(self._on_book_changed)
        self.desk.events.exchanged.connect(self._on_exchanged)
        view.list.row_changed.connect(self._on_line_changed)
        view.list.opened.connect(self._on_line_opened)
        view.people.row_changed.connect(lambda _card: self._show_history())
        view.people.opened.connect(lambda _card: self.record(PAY))
        view.people.key_clicked.connect(self._on_key_clicked)
        view.all_paid.clicked.connect(lambda: self.recorder.all_paid())
        recorder = self.recorder
        view.visit.clicked.connect(lambda: recorder.with_home(lambda home: VisitPanel(self.desk, home)))
        view.add_person.clicked.connect(lambda: recorder.with_home(lambda home: AddPanel(self.desk, home)))
        view.correct.clicked.connect(lambda: recorder.with_one(lambda one: IdentityPanel(self.desk, one)))
        view.remove_button.clicked.connect(lambda: recorder.with_one(lambda one: RemovePanel(self.desk, one)))
        recorder.opened.connect(self._on_recording)
        recorder.recorded.connect(self._on_recorded)
        view.help_button.clicked.connect(lambda: self.record(HELP))
        view.absence_button.clicked.connect(lambda: self.record(ABSENCE))
        view.basis.clicked.connect(lambda: self.record(BASIS))
        view.new_button.clicked.connect(lambda: self.recorder.toggle_new())
        view.past.clicked.connect(self._show_history)
        view.copy.clicked.connect(self._on_copy)
        view.money.clicked.connect(lambda: self.wanted.emit("money", Wanted(self._home)))
        self._reveal.changed.connect(self._on_revealed)
        view.filters.groups.activated.connect(self._on_group_chosen)
        view.filters.several.toggled.connect(self._on_several_toggled)
        view.several.row_changed.connect(self._on_member_changed)
        view.several.opened.connect(lambda _member: self.record(PAY))
        self.several.ticks_changed.connect(self._on_ticks_changed)

    def _make_keys(self) -> list[QShortcut]:
        """The keys that are not on a button of their own."""
        actions: dict[str, Callable[[], None]] = {
            PAY: lambda: self.record(PAY),
            CREDENTIAL: lambda: self.record(CREDENTIAL),
            BASIS: lambda: self.record(BASIS),
            "F": self._focus_filters,
            "Right": self.open_card,
        }
        keys = []
        for key, act in actions.items():
            short = QShortcut(QKeySequence(key), self)
            short.setAutoRepeat(False)
            short.activated.connect(act)
            keys.append(short)
        return keys

    # ---- the list

    def _set_filter(self, wanted: PeopleFilter) -> None:
        self._filter = wanted
        if self.desk.book.loaded:
            self._show_chips()
            self._show_lines()

    def _show_all(self) -> None:
        self._show_chips()
        self._show_groups()
        self._show_lines()
        self._show_several()
        self._show_household(self._wish or self._home)
        self.settle_focus()

    def _show_chips(self) -> None:
        bar, counts = self.view.filters, self.desk.book.counts
        for code in dict.fromkeys((*filters.STANDING, self._filter.code)):
            made = code not in bar.chips
            chip = bar.chip(code)
            chip.setText(f"{filters.words(code)} {counts[code]:,}")
            if made:
                chip.clicked.connect(lambda _checked, code=code: self._on_chip_clicked(code))
        for code, chip in bar.chips.items():
            chip.setChecked(code == self._filter.code)
            chip.setVisible(code in filters.STANDING or code == self._filter.code)

    def _show_groups(self) -> None:
        box = self.view.filters.groups
        wanted = ["", *filters.groups_of(self.desk.book.cards)]
        if [box.itemData(line) for line in range(box.count())] != wanted:
            box.clear()
            for group in wanted:
                box.addItem(group or _("All groups"), group)
        box.setCurrentIndex(max(box.findData(self._filter.group), 0))
        box.setVisible(len(wanted) > 2)

    def _chosen(self) -> list[HouseholdCard]:
        return filters.choose(self.desk.policy, self.desk.book.cards, self._filter)

    def _show_lines(self) -> None:
        if self._found is not None:
            self.lines.set_rows(self._found)
            self.view.none_found.show_words(
                _("Nobody found"),
                _("Try fewer letters, the initials of the pinyin, or the end of the ID number."),
            )
            return
        if not self.desk.book.loaded:
            return
        self.view.none_found.show_words(
            _("Nobody here"), _("Choose another filter above, or press / to find somebody.")
        )
        self.lines.set_rows(households.lines_of(self._chosen()))
        if self.view.list.current_row() is None and self.lines.rows:
            self.view.list.selectRow(0)

    def _on_found(self, hits: list[Hit]) -> None:
        book = self.desk.book
        self._found = [Line(hit.household, book.household(hit.household), hit) for hit in hits]
        self._leave_several()
        self._typing.start()
        self._show_lines()
        self.view.show_list_side(True)
        if self._found:
            self.view.list.selectRow(0)
        self._asking = False
        if self._opening:
            self.open_found()

    def _on_pause_typed(self) -> None:
        """Show the card of the likeliest one once the fingers rest; the list follows every key."""
        line = self.view.list.current_row()
        if line is not None:
            self._on_line_changed(line)

    def _on_chip_clicked(self, code: str) -> None:
        self._found = None
        self._set_filter(PeopleFilter(code, self._filter.group))
        self._show_several()

    def _on_group_chosen(self, line: int) -> None:
        self._found = None
        self._set_filter(PeopleFilter(self._filter.code, self.view.filters.groups.itemData(line)))
        self._show_several()

    def _on_line_changed(self, line: Line) -> None:
        if self._typing.isActive():
            return
        self._show_household(line.household, line.hit.record if line.hit else "")

    def _on_line_opened(self, line: Line) -> None:
        self._show_household(line.household, line.hit.record if line.hit else "")
        self.open_card()

    def _focus_filters(self) -> None:
        chip = self.view.filters.chips.get(self._filter.code)
        if chip is not None:
            chip.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_card(self) -> None:
        """Go to the people of the household that is shown."""
        if not self._home:
            return
        self.view.show_list_side(False)
        self.view.people.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.people.current_row() is None and self.people.rows:
            self.view.people.selectRow(0)

    # ---- the card

    def _on_exchanged(self) -> None:
        """A file went out or came in: what was delivered is another."""
        if self._home and self.isVisible():
            self._ask_deliveries()
            self._show_history()
        else:
            self._fresh = False

    def _on_book_changed(self) -> None:
        if self._found is not None:
            book = self.desk.book
            self._found = [
                Line(line.household, book.household(line.household), line.hit) for line in self._found
            ]
        if self.isVisible():
            self._show_all()
        else:
            self._fresh = False

    def _show_household(self, record: str, resident: str = "") -> None:
        """Show a household; ``resident`` is to be chosen among its people."""
        book = self.desk.book
        if not book.loaded:
            self._wish = record
            return
        self._wish = ""
        if not book.cards:
            self._say_empty()
            return
        home = book.household(record)
        if home is None:
            self._home = ""
            self.view.empty.show_words(
                _("Choose a household at the left"), _("Arrows walk, Enter opens, / finds.")
            )
            self.view.show_card(False)
            return
        if record != self._home:
            self.recorder.close()
            self.people.tick(self.people.rows, False)
        chosen = resident or self._chosen_record() if record == self._home else resident
        self._home = record
        self._fill(home, chosen)

    def _fill(self, home: HouseholdCard, chosen: str) -> None:
        view = self.view
        view.show_card(True)
        head = households.head_marked(home)
        view.name.setText(_("Household of {name}").format(name=head))
        self._show_where()
        self.people.set_rows(home.people)
        self.view.list.select((self._home, ""))
        if not (chosen and view.people.select(chosen)) and home.people:
            view.people.selectRow(0)
        view.people.fit_height()
        payable = any(is_unpaid(card) and card.due.pay_now_fen for card in home.people)
        view.all_paid.setEnabled(payable)
        self._show_history()
        self._ask_deliveries()

    def _ask_deliveries(self) -> None:
        """How far what was entered about this household is on its way; nobody waits for it."""
        home = self._current_home()
        if home is None or self.desk.facts.standalone:
            return
        record, scope = self._home, self.desk.profile.scope
        people = [card.person.record for card in home.people]
        op = QueryOp(lambda ledger: outbox.of_people(ledger, record, people, scope), slot="deliveries")
        self.desk.ask(op, self._on_deliveries_read, owner=self)

    def _on_deliveries_read(self, found: dict[str, RecordDelivery]) -> None:
        self.people.deliver(found)
        self.view.people.resizeRowsToContents()
        self.view.people.fit_height()
        self._show_where()

    def _show_where(self) -> None:
        home = self._current_home()
        if home is None:
            return
        place, open_ = home.household, home.household.unsettled
        reached = next((card.person for card in home.people if card.person.phone), None)
        masked = not self.people.revealed
        phone = (
            wording.marked(wording.phone(reached.phone, masked=masked), reached.unsettled, "resident.contact")
            if reached
            else ""
        )
        parts = [
            households.place_of(place),
            wording.marked(place.address or place.lane, open_, "household.place"),
            _("{count} people").format(count=len(home.people)),
            _("phone {number}").format(number=phone) if phone else "",
            _("helper: {name}").format(name=wording.marked(place.helper, open_, "household.duty"))
            if place.helper
            else "",
        ]
        own = self.people.deliveries.get(self._home)
        if own is not None and mark_text(own.state):
            parts.append(_("household data: {state}").format(state=mark_text(own.state)))
        where = " · ".join(part for part in parts if part)
        self.view.where.setText(where)
        self.view.where.setToolTip(wording.open_hint() if wording.open_word() in where else "")

    def _say_empty(self) -> None:
        self._home = ""
        self.view.empty.show_words(
            _("No households yet"), _("Open “Import lists” at the left and choose the village roster.")
        )
        self.view.show_card(False)

    def _on_revealed(self, on: bool) -> None:
        self.people.reveal(on)
        self._show_where()

    def _on_copy(self) -> None:
        card: PersonCard | None = self.view.people.current_row()
        if card is not None and card.person.id_number:
            self.desk.lend_number(card.person.id_number)

    def _show_history(self) -> None:
        whole = self.view.past.isChecked()
        card: PersonCard | None = self.view.people.current_row()
        if not self._home or (card is None and not whole):
            self.past.set_rows([])
            return
        home, scope = self._home, self.desk.profile.scope
        record = card.person.record if card else ""
        title = _("the household") if whole or card is None else card.person.name
        self.view.history_card.set_title(_("History · {name}").format(name=title))

        def read(ledger: Ledger) -> list[HistoryRow]:
            if whole:
                return past.of_household(ledger, home, scope)
            return past.of_resident(ledger, record, scope)

        self.desk.ask(QueryOp(read, slot="history"), self.past.set_rows, owner=self)

    # ---- recording

    def record(self, key: str) -> None:
        """Open the form of a fact for the ticked people, else the chosen one."""
        self.recorder.record(key)

    def _current_home(self) -> HouseholdCard | None:
        return self.desk.book.household(self._home)

    def _chosen_record(self) -> str:
        card = self.view.people.current_row()
        return card.person.record if card else ""

    def _members(self) -> list[Member]:
        """The ticked people (across households where several are done at once), else the chosen one."""
        if self._in_several() and self.several.ticked_rows():
            return self.several.ticked_rows()
        home = self._current_home()
        current = self.view.people.current_row()
        cards = self.people.ticked_rows() or ([current] if current else [])
        return [(home, card) for card in cards] if home else []

    def _on_key_clicked(self, card: PersonCard, key: str) -> None:
        self.view.people.select(card.person.record)
        self.record(key)

    def _on_recording(self, open_: bool) -> None:
        """While a form is open its digits are its own; when it closes the keyboard returns to the people."""
        view = self.view
        buttons = (*view.person_buttons, view.all_paid, view.visit, view.filters.several)
        for short in (*self._keys, *(one for button in buttons for one in button.findChildren(QShortcut))):
            short.setEnabled(not open_)
        if not open_:
            people = view.several if self._in_several() else view.people
            people.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_recorded(self) -> None:
        for model in (self.people, self.several):
            model.tick(model.rows, False)

    # ---- several at once

    def _on_several_toggled(self, on: bool) -> None:
        self.recorder.close()
        self.view.lists.setCurrentIndex(1 if on else 0)
        if on:
            self._show_several()
            self.view.several.selectRow(0)
            self.view.several.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.several.tick(self.several.rows, False)

    def _leave_several(self) -> None:
        if self._in_several():
            self.view.filters.several.setChecked(False)

    def _show_several(self) -> None:
        """The people the filter wants, to be ticked across households."""
        if self._in_several():
            policy, test = self.desk.policy, filters.TESTS[self._filter.code]
            self.several.set_rows(households.members_of(self._chosen(), lambda card: test(policy, card)))

    def _in_several(self) -> bool:
        return self.view.filters.several.isChecked()

    def _on_member_changed(self, member: Member) -> None:
        home, card = member
        self._show_household(home.household.record, card.person.record)

    def _on_ticks_changed(self, count: int) -> None:
        words = _("Several at once")
        self.view.filters.several.setText(f"{words} {count:,}" if count else words)
