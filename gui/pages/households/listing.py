"""The list beside a card: a filter's households, what the search found, or people to tick across households."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gui.desk import Desk
from gui.i18n import _
from gui.models import filters, hits, households
from gui.models.filters import PeopleFilter
from gui.models.hits import Looked
from gui.models.households import Line, Member
from gui.ops import QueryOp
from gui.pages.households.view import HouseholdsView
from gui.widgets.rows import RowsModel
from storage.queries.cards import HouseholdCard

_PAUSE = 150  # ms after the last key before the card follows the list


class Listing(QObject):
    """``chosen(household, resident)`` tells where the list stands, ``opened`` where somebody wants to go.

    ``mode_changed(several)`` follows the change between households and people to tick.
    """

    chosen = Signal(str, str)
    opened = Signal(str, str)
    mode_changed = Signal(bool)

    def __init__(self, desk: Desk, view: HouseholdsView, lines: RowsModel, several: RowsModel) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self.lines, self.several = lines, several
        self.filter = PeopleFilter()
        self._found: list[Line] | None = None
        self._nobody, self._more = ("", ""), False
        self._asking = self._opening = False
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_PAUSE)
        self._typing.timeout.connect(self._on_pause_typed)
        view.list.row_changed.connect(self._on_line_changed)
        view.list.opened.connect(lambda line: self.opened.emit(*_who(line)))
        view.filters.groups.activated.connect(self._on_group_chosen)
        view.filters.several.toggled.connect(self._on_several_toggled)
        view.several.row_changed.connect(self._on_member_changed)
        several.ticks_changed.connect(self._on_ticks_changed)

    # ---- what a filter wants

    def set_filter(self, wanted: PeopleFilter) -> None:
        """Show whom a filter wants in place of what was found."""
        self._found = None
        self.filter = wanted
        if self._desk.book.loaded:
            self._show_chips()
            self.show_lines()

    def make_sure_of(self, home: str) -> None:
        """See that a household stands in the list: where the filter hides it, all are shown."""
        self._found = None
        if self._desk.book.household(home) is None or home not in {
            line.household for line in self.lines.rows
        }:
            self.set_filter(PeopleFilter())

    def show_all(self) -> None:
        """Show anew what the book has."""
        self._show_chips()
        self._show_groups()
        if self._found is not None:
            book = self._desk.book
            self._found = [
                Line(line.household, book.household(line.household), line.hit) for line in self._found
            ]
        self.show_lines()
        self._show_several()

    def show_lines(self) -> None:
        """Show the households found, else those the filter wants."""
        view = self._view
        for code, chip in view.filters.chips.items():
            chip.setChecked(self._found is None and code == self.filter.code)
        view.more_found.setVisible(self._found is not None and self._more)
        if self._found is not None:
            self.lines.set_rows(self._found)
            view.none_found.show_words(*self._nobody)
            return
        if not self._desk.book.loaded:
            return
        view.none_found.show_words(
            _("Nobody here"), _("Choose another filter above, or press / to find somebody.")
        )
        self.lines.set_rows(households.lines_of(self._wanted()))
        if view.list.current_row() is None and self.lines.rows:
            view.list.selectRow(0)

    def focus_filters(self) -> None:
        """Bring the keyboard to the chosen filter."""
        chip = self._view.filters.chips.get(self.filter.code)
        if chip is not None:
            chip.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _wanted(self) -> list[HouseholdCard]:
        return filters.choose(self._desk.policy, self._desk.book.cards, self.filter)

    def _show_chips(self) -> None:
        bar, counts = self._view.filters, self._desk.book.counts
        for code in dict.fromkeys((*filters.STANDING, self.filter.code)):
            made = code not in bar.chips
            chip = bar.chip(code)
            chip.setText(filters.chip_words(self.filter, code, counts))
            if made:
                chip.clicked.connect(lambda _checked, code=code: self._on_chip_clicked(code))
        for code, chip in bar.chips.items():
            chip.setVisible(code in filters.STANDING or code == self.filter.code)

    def _show_groups(self) -> None:
        box = self._view.filters.groups
        wanted = ["", *filters.groups_of(self._desk.book.cards)]
        if [box.itemData(line) for line in range(box.count())] != wanted:
            box.clear()
            for group in wanted:
                box.addItem(group or _("All groups"), group)
        box.setCurrentIndex(max(box.findData(self.filter.group), 0))
        box.setVisible(len(wanted) > 2)

    def _on_chip_clicked(self, code: str) -> None:
        self.set_filter(replace(self.filter, code=code))
        self._show_several()

    def _on_group_chosen(self, line: int) -> None:
        self.set_filter(replace(self.filter, group=self._view.filters.groups.itemData(line)))
        self._show_several()

    def _on_line_changed(self, line: Line) -> None:
        if not self._typing.isActive():
            self.chosen.emit(*_who(line))

    # ---- what the search finds

    def show_found(self, text: str) -> None:
        """Show what was found for what is typed; nothing typed: what the filter wants."""
        self._opening = False
        if not text:
            self._found, self._asking = None, False
            self.show_lines()
            return
        self._asking = True
        op = QueryOp(lambda ledger: hits.look(ledger, text), slot="find")
        self._desk.ask(op, self._on_found, owner=self)

    def focus_found(self) -> None:
        """Go down into what was found."""
        self._typing.stop()
        self.leave_several()
        self._view.show_list_side(True)
        self._view.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._view.list.current_row() is None and self.lines.rows:
            self._view.list.selectRow(0)

    def open_found(self) -> None:
        """Open the likeliest one, once it is known."""
        self._opening = self._asking
        if self._found is None or self._asking:
            return
        self.leave_several()
        self._typing.stop()
        if self.lines.rows:
            self._view.list.selectRow(0)
            self.opened.emit(*_who(self.lines.rows[0]))

    def _on_found(self, looked: Looked) -> None:
        book = self._desk.book
        self._found = [Line(hit.household, book.household(hit.household), hit) for hit in looked.hits]
        self._nobody, self._more = looked.nobody, looked.more
        self._view.more_found.setText(hits.more_text(len(looked.hits)))
        self.leave_several()
        self._typing.start()
        self.show_lines()
        self._view.show_list_side(True)
        if self._found:
            self._view.list.selectRow(0)
        self._asking = False
        if self._opening:
            self.open_found()

    def _on_pause_typed(self) -> None:
        """Show the card of the likeliest one once the fingers rest; the list follows every key."""
        line = self._view.list.current_row()
        if line is not None:
            self._on_line_changed(line)

    # ---- several at once

    def in_several(self) -> bool:
        """Whether people are ticked across households."""
        return self._view.filters.several.isChecked()

    def leave_several(self) -> None:
        """Go back to the list of households."""
        if self.in_several():
            self._view.filters.several.setChecked(False)

    def show_people(self, on: bool) -> None:
        """List people one by one, or households."""
        if on == self.in_several():
            self._show_several()
        self._view.filters.several.setChecked(on)

    def _on_several_toggled(self, on: bool) -> None:
        self.mode_changed.emit(on)
        self._view.lists.setCurrentIndex(1 if on else 0)
        if on:
            self._show_several()
            self._view.several.selectRow(0)
            self._view.several.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.several.tick(self.several.rows, False)

    def _show_several(self) -> None:
        """The people the filter wants, to be ticked across households."""
        if self.in_several():
            policy, test = self._desk.policy, filters.test_of(self.filter)
            self.several.set_rows(households.members_of(self._wanted(), lambda card: test(policy, card)))

    def _on_member_changed(self, member: Member) -> None:
        home, card = member
        self.chosen.emit(home.household.record, card.person.record)

    def _on_ticks_changed(self, count: int) -> None:
        words = _("Several at once")
        self._view.filters.several.setText(f"{words} {count:,}" if count else words)


def _who(line: Line) -> tuple[str, str]:
    """The household of a line, and the person a search found in it."""
    return line.household, line.hit.record if line.hit else ""
