"""The households: find, look, record. Digits record facts of the chosen or ticked people."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import households
from gui.models.filters import PeopleFilter
from gui.models.money import Wanted
from gui.models.people import ABSENCE, BASIS, CREDENTIAL, HELP, PAY, PeopleModel
from gui.pages.households.card import CardSide, history_model
from gui.pages.households.listing import Listing
from gui.pages.households.panels.base import Member
from gui.pages.households.panels.facts import VisitPanel
from gui.pages.households.panels.identity import AddPanel, IdentityPanel, RemovePanel
from gui.pages.households.recording import Recorder
from gui.pages.households.view import HouseholdsView
from gui.pages.page import FinderPage
from gui.pages.revealing import hold_to_show
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries.cards import PersonCard


class HouseholdsPage(FinderPage):
    """The page; what it asks for: a PeopleFilter, the record of a household, or that with one of its residents."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines = households.model(lambda: desk.policy)
        self.people = PeopleModel(lambda: desk.policy, lambda: desk.today)
        self.past = history_model(desk)
        self.several = households.members_model(lambda: desk.policy, lambda: desk.today)
        self.view = view = HouseholdsView(self.lines, self.several, self.people, self.past)
        desk.permit(
            RECORD,
            *(view.all_paid, view.visit, view.correct, view.add_person, view.help_button),
            *(view.absence_button, view.new_button, view.remove_button),
        )
        self._reveal = hold_to_show(desk, self.view.reveal, self, self, lambda: len(self.people.rows))
        self.listing = Listing(desk, view, self.lines, self.several)
        self.card = CardSide(desk, view, self.people, self.past)
        self.recorder = Recorder(desk, view, self._members, self.card.household)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._keys = self._make_keys()
        self._listen()

    @property
    def home(self) -> str:
        """The household shown, "" while there is none."""
        return self.card.home

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, PeopleFilter):
            self.listing.set_filter(request)
            self.listing.show_people(request.people)
            self.view.show_list_side(True)
        elif isinstance(request, str | tuple):
            home, resident = (request, "") if isinstance(request, str) else request
            self.listing.make_sure_of(home)
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
        return self.view.people if self.home and self.view.is_narrow() else self.view.list

    def show_found(self, text: str) -> None:
        self.listing.show_found(text)

    def focus_found(self) -> None:
        self.listing.focus_found()

    def open_found(self) -> None:
        self.listing.open_found()

    def back(self) -> bool:
        if self.recorder.panel is not None:
            self.recorder.close()
            return True
        if self.listing.in_several():
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
        self.view.show_list_side(not self.home or not self.view.people.hasFocus())

    # ---- wiring

    def _listen(self) -> None:
        view, recorder = self.view, self.recorder
        self.desk.book.changed.connect(self._on_book_changed)
        self.desk.events.exchanged.connect(self._on_exchanged)
        self.listing.chosen.connect(self._show_household)
        self.listing.opened.connect(self._on_line_opened)
        self.listing.mode_changed.connect(lambda _several: recorder.close())
        view.people.opened.connect(lambda _card: self.record(PAY))
        view.people.key_clicked.connect(self._on_key_clicked)
        view.several.opened.connect(lambda _member: self.record(PAY))
        view.all_paid.clicked.connect(lambda: recorder.all_paid())
        view.visit.clicked.connect(lambda: recorder.with_home(lambda home: VisitPanel(self.desk, home)))
        view.add_person.clicked.connect(lambda: recorder.with_home(lambda home: AddPanel(self.desk, home)))
        view.correct.clicked.connect(lambda: recorder.with_one(lambda one: IdentityPanel(self.desk, one)))
        view.remove_button.clicked.connect(lambda: recorder.with_one(lambda one: RemovePanel(self.desk, one)))
        recorder.opened.connect(self._on_recording)
        recorder.recorded.connect(self._on_recorded)
        view.help_button.clicked.connect(lambda: self.record(HELP))
        view.absence_button.clicked.connect(lambda: self.record(ABSENCE))
        view.basis.clicked.connect(lambda: self.record(BASIS))
        view.new_button.clicked.connect(lambda: recorder.toggle_new())
        view.copy.clicked.connect(self._on_copy)
        view.money.clicked.connect(lambda: self.wanted.emit("money", Wanted(self.home)))
        self._reveal.changed.connect(self.card.reveal)

    def _make_keys(self) -> list[QShortcut]:
        """The keys that are not on a button of their own."""
        actions: dict[str, Callable[[], None]] = {
            PAY: lambda: self.record(PAY),
            CREDENTIAL: lambda: self.record(CREDENTIAL),
            BASIS: lambda: self.record(BASIS),
            "F": self.listing.focus_filters,
            "Right": self.open_card,
        }
        keys = []
        for key, act in actions.items():
            short = QShortcut(QKeySequence(key), self)
            short.setAutoRepeat(False)
            short.activated.connect(act)
            keys.append(short)
        return keys

    # ---- list and card

    def open_card(self) -> None:
        """Go to the people of the household that is shown."""
        if not self.home:
            return
        self.view.show_list_side(False)
        self.view.people.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.people.current_row() is None and self.people.rows:
            self.view.people.selectRow(0)

    def _show_all(self) -> None:
        self.listing.show_all()
        self._after(self.card.show_again())
        self.settle_focus()

    def _show_household(self, record: str, resident: str = "") -> None:
        self._after(self.card.show(record, resident))

    def _after(self, another: bool) -> None:
        """Nothing begun for one household goes over to another."""
        if another:
            self.recorder.close()
            self.people.tick(self.people.rows, False)

    def _on_line_opened(self, home: str, resident: str) -> None:
        self._show_household(home, resident)
        self.open_card()

    def _on_exchanged(self) -> None:
        if self.home and self.isVisible():
            self.card.exchanged()
        else:
            self._fresh = False

    def _on_book_changed(self) -> None:
        if self.isVisible():
            self._show_all()
        else:
            self._fresh = False

    def _on_copy(self) -> None:
        card: PersonCard | None = self.view.people.current_row()
        if card is not None and card.person.id_number:
            self.desk.lend_number(card.person.id_number)

    # ---- recording

    def record(self, key: str) -> None:
        """Open the form of a fact for the ticked people, else the chosen one."""
        self.recorder.record(key)

    def _members(self) -> list[Member]:
        """The ticked people (across households where several are done at once), else the chosen one."""
        if self.listing.in_several() and self.several.ticked_rows():
            return self.several.ticked_rows()
        home = self.card.household()
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
            people = view.several if self.listing.in_several() else view.people
            people.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_recorded(self) -> None:
        for model in (self.people, self.several):
            model.tick(model.rows, False)
