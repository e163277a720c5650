"""The households: find, look, record. Digits record facts of the chosen or ticked people."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import households
from gui.models.filters import NAMED, TESTS, PeopleFilter
from gui.models.money import Wanted
from gui.models.people import BASIS, CREDENTIAL, PAY, PeopleModel
from gui.pages.households.card import CardSide, history_model
from gui.pages.households.listing import Listing
from gui.pages.households.panels.base import Member
from gui.pages.households.recording import REMOVE, Recorder
from gui.pages.households.view import HouseholdsView
from gui.pages.page import FinderPage
from gui.pages.revealing import hold_to_show
from gui.standing import Places
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
        read_only = (view.basis, view.reveal, view.copy, view.money)
        recording = [one for one in (*view.home_buttons, *view.person_buttons) if one not in read_only]
        desk.permit(RECORD, *recording, view.take_back)
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
            self.view.show_list_side(False)

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
        return self.view.keyboard()

    def show_found(self, text: str) -> None:
        self.listing.show_found(text)

    def focus_found(self) -> None:
        self.listing.focus_found()

    def open_found(self) -> None:
        self.listing.open_found()

    def show_who(self, scope: str, household: str, resident: str) -> None:
        self.take((household, resident))
        self.open_card()

    def place(self) -> dict[str, object]:
        wanted = self.listing.filter
        kept = PeopleFilter(wanted.code, wanted.group) if wanted.code != NAMED else PeopleFilter()
        chosen = [self.home, self.card.chosen_record()]
        return {**super().place(), "filter": [kept.code, kept.group], "home": chosen}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        match where.get("filter"):
            case [str(code), str(group)] if code in TESTS:
                self.listing.set_filter(PeopleFilter(code, group))
        match where.get("home"):
            case [str(home), str(resident)] if home:
                self.card.show(home, resident)

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
        if self.view.history.hasFocus():
            self.view.people.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        if self.view.people.hasFocus():
            self.view.show_list_side(True)
            self.view.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.keep_side()

    # ---- wiring

    def _listen(self) -> None:
        view, recorder = self.view, self.recorder
        view.empty.asked.connect(lambda: self.wanted.emit("intake", None))
        self.desk.book.changed.connect(self._on_book_changed)
        self.desk.events.exchanged.connect(self._on_exchanged)
        self.listing.chosen.connect(self._show_household)
        self.listing.opened.connect(self._on_line_opened)
        self.listing.mode_changed.connect(lambda _several: recorder.close())
        view.people.opened.connect(lambda _card: recorder.act(PAY))
        view.people.key_clicked.connect(self._on_key_clicked)
        view.several.opened.connect(lambda _member: recorder.act(PAY))
        for button in (*view.home_buttons, *view.person_buttons):
            if button not in (view.reveal, view.copy, view.money):
                button.clicked.connect(lambda _checked=False, key=button.key: recorder.act(key))
        recorder.opened.connect(self._on_recording)
        recorder.recorded.connect(self._on_recorded)
        view.take_back.clicked.connect(self._on_take_back)
        view.copy.clicked.connect(self._on_copy)
        view.money.clicked.connect(lambda: self.wanted.emit("money", Wanted(self.home)))
        self._reveal.changed.connect(self.card.reveal)

    def _make_keys(self) -> list[QShortcut]:
        """The keys that are not on a button of their own."""
        actions: dict[str, Callable[[], None]] = {
            **{key: partial(self.recorder.act, key) for key in (PAY, CREDENTIAL, BASIS, REMOVE)},
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
        """Go to the people of the household that is shown; from there to what was written about them."""
        if not self.home:
            return
        if self.view.people.hasFocus() and self.past.rows:
            self.view.history.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if self.view.history.current_row() is None:
                self.view.history.selectRow(0)
            return
        self.view.show_list_side(False)
        self.view.people.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.people.current_row() is None and self.people.rows:
            self.view.people.selectRow(0)

    def _show_all(self) -> None:
        wish = self.card.wish()  # the list chooses its first row, which is not what was asked for
        self.listing.show_all()
        self._after(self.card.show(*wish if wish[0] else (self.home, "")))
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
        self._note(resident)

    def _note(self, resident: str = "") -> None:
        """Remember who was looked at."""
        home = self.card.household()
        if home is not None:
            self.looked.emit(home.household.scope, home.household.record, resident)

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

    def act(self, key: str) -> None:
        """Do what a key stands for, with the household, the ticked people, else the chosen one."""
        self.recorder.act(key)

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
        self.act(key)

    def _on_recording(self, open_: bool) -> None:
        """While a form is open its digits are its own; when it closes the keyboard returns to the people."""
        view = self.view
        buttons = (*view.home_buttons, *view.person_buttons, view.past, view.take_back, view.filters.several)
        for short in (*self._keys, *(one for button in buttons for one in button.findChildren(QShortcut))):
            short.setEnabled(not open_)
        view.show_list_side(not open_ and self.listing.in_several())  # nobody writes into a form out of sight
        if not open_:
            people = view.several if self.listing.in_several() else view.people
            people.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_take_back(self) -> None:
        row = self.card.to_take_back()
        if row is not None:
            self.recorder.take_back(row)

    def _on_recorded(self) -> None:
        self._note()
        for model in (self.people, self.several):
            model.tick(model.rows, False)
