"""The card at the right of the households page: one household, its people, where it is, what was written about it."""

from PySide6.QtCore import QObject

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.models import history, households
from gui.models.people import PeopleModel
from gui.ops import QueryOp
from gui.pages.before import no_roster
from gui.pages.households.panels.takeback import can_take_back
from gui.pages.households.view import HouseholdsView
from gui.widgets.rows import RowsModel
from gui.wording.delivery import mark_text
from storage.ledger import Ledger
from storage.queries import history as past
from storage.queries import outbox
from storage.queries.cards import HouseholdCard, PersonCard, is_unpaid
from storage.queries.delivery import RecordDelivery
from storage.queries.history import HistoryRow


def history_model(desk: Desk) -> RowsModel:
    """The model of what was written, for a village."""
    return history.model(
        lambda: desk.policy, desk.facts.replica, lambda: desk.today, alone=desk.facts.standalone
    )


class CardSide(QObject):
    """One household as it is shown; ``home`` is its record, "" while there is none."""

    def __init__(self, desk: Desk, view: HouseholdsView, people: PeopleModel, past: RowsModel) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self.people, self.past = people, past
        self.home = ""
        self._wish = ("", "")
        view.people.row_changed.connect(lambda _card: self._on_person_chosen())
        view.past.clicked.connect(self.show_history)
        view.history.row_changed.connect(lambda _row: self._show_take_back())

    def show(self, record: str, resident: str = "") -> bool:
        """Show a household, ``resident`` chosen among its people; whether it is another one than before."""
        book = self._desk.book
        if not book.loaded:
            self._wish = (record, resident)
            return False
        self._wish = ("", "")
        before = self.home
        home = book.household(record)
        if home is None:
            self._show_none(empty=not book.cards)
            return bool(before)
        chosen = resident or self.chosen_record() if record == before else resident
        self.home = record
        self._fill(home, chosen)
        return record != before

    def wish(self) -> tuple[str, str]:
        """The household and person asked for while the register was being read, else those shown."""
        return self._wish if self._wish[0] else (self.home, "")

    def household(self) -> HouseholdCard | None:
        """The household shown."""
        return self._desk.book.household(self.home)

    def chosen_record(self) -> str:
        """The person chosen in it."""
        card = self._view.people.current_row()
        return card.person.record if card else ""

    def reveal(self, on: bool) -> None:
        """Show numbers in full, or masked again."""
        self.people.reveal(on)
        self._show_where()

    def exchanged(self) -> None:
        """A file went out or came in: what was delivered is another."""
        self._ask_deliveries()
        self.show_history()

    def _on_person_chosen(self) -> None:
        if self._view.people.hasFocus():
            self._view.show_row()
        self.show_history()

    def _show_none(self, *, empty: bool) -> None:
        self.home = ""
        if empty:
            self._view.empty.show_words(*no_roster())
        else:
            self._view.empty.show_words(
                _("Choose a household at the left"), _("Arrows walk, Enter opens, / finds.")
            )
        self._view.show_card(False)

    def _fill(self, home: HouseholdCard, chosen: str) -> None:
        view = self._view
        view.show_card(True)
        head = households.head_marked(home)
        view.show_name(_("Household of {name}").format(name=head))
        self._show_where()
        self.people.set_rows(home.people)
        view.list.select((self.home, ""))
        if not (chosen and view.people.select(chosen)) and home.people:
            view.people.selectRow(0)
        view.people.fit_height()
        payable = any(is_unpaid(card) and card.due.pay_now_fen for card in home.people)
        view.all_paid.setEnabled(payable)
        view.settle.setVisible(bool(home.household.unsettled) or any(map(_asks, home.people)))
        self.show_history()
        self._ask_deliveries()

    def _show_where(self) -> None:
        home = self.household()
        if home is None:
            return
        where = " · ".join(part for part in self._where(home) if part)
        self._view.where.setText(where)
        self._view.where.setToolTip(wording.open_hint() if wording.open_word() in where else "")

    def _where(self, home: HouseholdCard) -> list[str]:
        place, open_ = home.household, home.household.unsettled
        reached = next((card.person for card in home.people if card.person.phone), None)
        phone = helper = ""
        if reached:
            shown = wording.phone(reached.phone, masked=not self.people.revealed)
            number = wording.marked(shown, reached.unsettled, "resident.contact")
            phone = _("phone {number}").format(number=number)
        if place.helper:
            name = wording.marked(place.helper, open_, "household.duty")
            helper = _("helper: {name}").format(name=name)
        own = self.people.deliveries.get(self.home)
        state = mark_text(own.state) if own is not None else ""
        return [
            households.place_of(place),
            wording.marked(place.address or place.lane, open_, "household.place"),
            _("{count} people").format(count=len(home.people)),
            phone,
            helper,
            _("household data: {state}").format(state=state) if state else "",
        ]

    def _ask_deliveries(self) -> None:
        """How far what was entered about this household is on its way; nobody waits for it."""
        home = self.household()
        if home is None or self._desk.facts.standalone:
            return
        record, scope = self.home, self._desk.profile.scope
        people = [card.person.record for card in home.people]
        op = QueryOp(lambda ledger: outbox.of_people(ledger, record, people, scope), slot="deliveries")
        self._desk.ask(op, self._on_deliveries_read, owner=self)

    def _on_deliveries_read(self, found: dict[str, RecordDelivery]) -> None:
        self.people.deliver(found)
        self._view.people.resizeRowsToContents()
        self._view.people.fit_height()
        self._show_where()

    def to_take_back(self) -> HistoryRow | None:
        """The chosen entry of the history if it can be taken back, else the newest that can."""
        current: HistoryRow | None = self._view.history.current_row()
        fit = [row for row in self.past.rows if can_take_back(row, self._desk.facts.replica)]
        return current if current in fit else next(iter(fit), None) if current is None else None

    def _on_history_read(self, rows: list[HistoryRow]) -> None:
        self.past.set_rows(rows)
        self._show_take_back()

    def _show_take_back(self) -> None:
        self._view.take_back.setEnabled(self.to_take_back() is not None)

    def show_history(self) -> None:
        """Read what was written about the chosen person, or about the whole household."""
        whole = self._view.past.isChecked()
        card: PersonCard | None = self._view.people.current_row()
        if not self.home or (card is None and not whole):
            self.past.set_rows([])
            return
        home, scope = self.home, self._desk.profile.scope
        record = card.person.record if card else ""
        title = _("the household") if whole or card is None else card.person.name
        self._view.history_card.set_title(_("History · {name}").format(name=title))

        def read(ledger: Ledger) -> list[HistoryRow]:
            if whole:
                return past.of_household(ledger, home, scope)
            return past.of_resident(ledger, record, scope)

        self._desk.ask(QueryOp(read, slot="history"), self._on_history_read, owner=self)


def _asks(card: PersonCard) -> bool:
    """Whether something about a person waits to be settled."""
    return bool(card.person.unsettled or card.person.doubt)
