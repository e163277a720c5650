"""Targets and lists: rates with what they leave out, when each is reached, who is missing and who has a day."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.models import targets as models
from gui.models.filters import PeopleFilter
from gui.models.roll import RollFilter, Whom
from gui.models.targets import Shown, VillageLine, Wanted
from gui.models.worklists import EntriesModel, ListLine, line_words, lists_model, people_words
from gui.ops import QueryOp
from gui.pages.page import Page
from gui.pages.targets.assigning import Assigning
from gui.pages.targets.reading import Lists, ListsReader
from gui.pages.targets.sharing import SharingPart
from gui.pages.targets.view import LISTS, RATES, SHARES, TARGETS, VILLAGES, TargetsView
from gui.widgets.fields import CHOICE_KEYS
from gui.widgets.laying import laid_out_once
from gui.wording import targets as words
from gui.wording.library import share_text
from gui.wording.units import number
from storage.ledger import Changes
from storage.operators import RECORD
from storage.queries import headcounts, targets, worklists
from storage.queries.targets import Place, Rate, Standing
from storage.queries.visits import VisitFilter
from storage.queries.worklists import Entry

_STEP = 100
"""People of a long list shown at a time: rows of several lines are slow to lay out."""
_FORMS = {"special": "special_uninsured", "students": "students", "lapsed": "lapsed", "missing": "uninsured"}
"""Lists an office writes as the form of the same people."""


class TargetsPage(Page):
    """The page; what can be asked of it: a ``Wanted``. An office's lists are read village after village."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._base = targets.base_of(desk.policy)
        self._scope = ""
        self._code = worklists.LISTS[0]
        self._most = _STEP
        self._shown: Shown | None = None
        self._read: dict[str, Lists] = {}
        self._joined: Lists = {}
        self._reading = self._listing = 0
        self.reader = ListsReader(desk, self)

        self.standings = models.standings_model(lambda: desk.policy, lambda: desk.today, self._count)
        self.rates = models.rates_model(lambda: desk.policy, self._target_of, self._given_text)
        self.lists = lists_model(lambda: desk.today)
        self.entries = EntriesModel(lambda: desk.policy, lambda: desk.today, self._titles)
        self.villages = models.villages_model(lambda: desk.today)
        self.sharing = SharingPart(desk) if desk.is_office else None
        self.view = TargetsView(
            self.standings, self.rates, self.lists, self.entries, self.villages, self.sharing
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.assigning = Assigning(desk, self)
        desk.permit(RECORD, self.view.assign)
        self._listen()
        self.view.show_part(TARGETS)

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, Wanted):
            self._code, self._most = request.code, _STEP
            if request.denominator and request.denominator != self._base:
                self._base, self._fresh = request.denominator, False
                self._read, self._joined = {}, {}
            if self.desk.is_office:
                self._scope = request.scope
            self._open_part(LISTS)
            self._show()

    def follow_policy(self) -> None:
        self.assigning.close()
        self._base = targets.base_of(self.desk.policy)

    def concerns(self, changes: Changes) -> bool:
        # A village's book tells when it has read people; it shows no numbers from outside.
        return self.desk.is_office or changes.touches("village")

    def first_focus(self) -> QWidget | None:
        view = self.view
        tables = {TARGETS: view.standings, RATES: view.rates, LISTS: view.chooser(), VILLAGES: view.villages}
        return self.sharing.table if self.sharing and self._shares() else tables[view.parts.value()]

    def _shares(self) -> bool:
        return self.sharing is not None and self.view.parts.value() == SHARES

    def back(self) -> bool:
        if self.sharing is not None and self._shares() and self.sharing.back():
            return True
        if self.assigning.close():
            return True
        if self.view.entries.hasFocus():
            self.view.chooser().setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def refresh(self) -> None:
        self._reading += 1
        self.reader.forget()
        if self._shown is None:
            self.view.show_state(self.view.waiting)
        policy, today = self.desk.policy, self.desk.today
        op = QueryOp(lambda ledger: models.read(ledger, policy, today), slot="targets")
        self.ask_shown(op, partial(self._on_read, self._reading), self.view.waiting)
        if not self.desk.is_office:
            self.desk.book.ensure()

    # ---- wiring

    def _listen(self) -> None:
        view, desk = self.view, self.desk
        self.reader.read.connect(self._on_lists_read)
        self.reader.left.connect(self._on_village_read)
        view.parts.chosen.connect(self._open_part)
        parts = (TARGETS, RATES, LISTS, *((VILLAGES, SHARES) if desk.is_office else ()))
        for digit, part in zip(CHOICE_KEYS, parts, strict=False):
            QShortcut(QKeySequence(digit), self).activated.connect(partial(self._open_part, part))
        view.place.activated.connect(lambda _line: self._on_place_chosen())
        view.standings.row_changed.connect(self._show_pace)
        view.standings.opened.connect(self._on_standing_opened)
        view.rates.opened.connect(self._on_rate_opened)
        view.lists.row_changed.connect(lambda line: self._choose_list(line.code))
        view.choice.activated.connect(lambda _line: self._choose_list(str(view.choice.currentData())))
        view.lists.opened.connect(lambda _line: self._walk_entries())
        view.entries.opened.connect(self._on_entry_opened)
        view.villages.opened.connect(self._on_village_opened)
        view.more.clicked.connect(self._on_more)
        view.print.clicked.connect(self._on_print)
        view.form.clicked.connect(lambda: self.wanted.emit("forms", _FORMS[self._code]))
        view.roster.clicked.connect(lambda: self.wanted.emit("intake", None))
        desk.events.exchanged.connect(self._on_exchanged)
        if self.sharing is not None:
            self.sharing.assigning.connect(self._on_own_number)
        if not desk.is_office:
            desk.book.changed.connect(self._read_again)

    def _open_part(self, part: str) -> None:
        with laid_out_once(self):
            self.view.show_part(part)
            self._read_lists()
        if self.sharing is not None and part == SHARES:
            self.sharing.refresh()
        wanted = self.first_focus()
        if wanted is not None and self.isVisible():
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _titles(self) -> Mapping[str, str]:
        return self._shown.titles if self._shown and not self._scope else {}

    def _count(self, code: str) -> int | None:
        """How many stand on a list, None while it is not read."""
        found = self._joined.get(code)
        return None if found is None else len(found.entries)

    def _target_of(self, denominator: str) -> float | None:
        """The share the target asks of a denominator, None where it is a rate of another one."""
        target = self.desk.policy.target("everyone")
        if target is None or target.rate is None:
            return None
        stated = target.denominator or self.desk.policy.default_denominator
        return float(target.rate) if stated == denominator else None

    def _given_text(self, rate: Rate) -> str:
        """How the number assigned to the place shown came about, "" for every other denominator."""
        given = self._shown.given.get(self._scope or self.desk.profile.scope) if self._shown else None
        if given is None or given.share is None or rate.denominator.code != headcounts.ASSIGNED:
            return ""
        return share_text(self.desk.policy, given.share, given.basis, given.why)

    # ---- reading

    def _on_read(self, reading: int, read: Shown) -> None:
        if reading != self._reading:
            return
        self._shown = read
        if not read.overview.total.people:
            self.view.show_state(self.view.empty)
            self.settle_focus()
            return
        self.view.show_state()
        self._show()
        self.settle_focus()
        self._read_lists()
        if self.sharing is not None and self._shares():
            self.sharing.refresh()

    def _read_lists(self) -> None:
        """Read the lists once for what is shown; an office's, which take longer, when they are looked at."""
        if self._shown is None or self._listing == self._reading:
            return
        if not self.desk.is_office:
            if self.desk.book.loaded:
                self._listing = self._reading
                self.reader.start([], self._base)
        elif self.view.parts.value() in (LISTS, VILLAGES):
            self._listing = self._reading
            self.reader.start(list(self._shown.overview.rows), self._base)

    def _on_village_read(self, left: int) -> None:
        words_ = _("{left} villages to go").format(left=left)
        self.view.nobody.show_words(_("Reading the ledger…"), words_)

    def _on_lists_read(self, read: dict[str, Lists]) -> None:
        self._read = read
        self._join()
        self._show()

    def _join(self) -> None:
        if self._scope in self._read or not self.desk.is_office:
            self._joined = self._read.get(self._scope or self.desk.profile.scope, {})
        else:
            twice = self._shown.twice if self._shown else frozenset()
            self._joined = worklists.joined(self._read.values(), twice)

    # ---- showing

    def _place(self) -> Place | None:
        if self._shown is None:
            return None
        return self._shown.overview.rows.get(self._scope, self._shown.overview.total)

    def _show(self) -> None:
        place = self._place()
        if place is None or self._shown is None:
            return
        titles = self._shown.titles
        if titles:
            self.view.place.offer([("", _("All villages")), *titles.items()], self._scope)
            self.view.share()
            lines = [
                VillageLine(scope, titles.get(scope, scope), one, self._read.get(scope))
                for scope, one in self._shown.overview.rows.items()
            ]
            self.villages.set_rows(lines)
        for model, rows in ((self.standings, place.standings), (self.rates, place.rates)):
            model.set_rows(rows)
        for table in (self.view.standings, self.view.rates, self.view.villages):
            if table.current_row() is None:
                table.selectRow(0)
        self._show_pace(self.view.standings.current_row())
        text = _("Counts as explained: {reasons}").format(reasons=words.reasons_text(self.desk.policy))
        source = wording.source_text(self.desk.policy, self.desk.policy.explained_cite)
        self.view.explained.setText(f"{text} · {source}")
        if self.assigning.panel is None:
            self.view.assign.setVisible(
                any(one.denominator.code == headcounts.ASSIGNED for one in place.rates)
            )
        self._show_lists()

    def _show_pace(self, one: Standing | None) -> None:
        pace = one.pace if one is not None else None
        said = words.no_day_text(pace) if pace else ""  # the row says that already
        lines = [line for line in words.pace_lines(pace, self.desk.today) if line != said] if pace else []
        place = self._place()
        if lines and place is not None and place.undated:
            words_ = _("{count} payments have no day and are in no pace")
            lines.append(words_.format(count=number(place.undated)))
        self.view.pace.setText("\n".join(lines))
        self.view.pace.setVisible(bool(lines))

    def _show_lists(self) -> None:
        lines = [ListLine(code, self._joined.get(code)) for code in worklists.LISTS]
        with QSignalBlocker(self.view.lists):  # new rows choose again what was chosen before
            self.lists.set_rows(lines)
        self.view.choice.offer([(line.code, line_words(line)) for line in lines], self._code)
        self.view.choose_list(self._code)
        self._show_entries()

    def _show_entries(self) -> None:
        found, view = self._joined.get(self._code), self.view
        entries = found.entries if found else ()
        shown = entries[: self._most]
        if found is not None:
            view.nobody.show_words(_("Nobody on this list"), _("Nothing is left to do here."))
        self.entries.set_rows(shown)
        if view.entries.current_row() is None and shown:
            view.entries.selectRow(0)
        view.title.setText(f"{words.list_name(self._code)} · {people_words(len(entries))}")
        view.about.setText(self._about(len(entries)))
        view.more.setVisible(len(shown) < len(entries))
        view.more.setText(_("{count} more").format(count=min(_STEP, len(entries) - len(shown))))
        view.print.setVisible(not self.desk.is_office)
        view.print.setEnabled(bool(entries))
        view.form.setVisible(self.desk.is_office and self._code in _FORMS)

    def _about(self, count: int) -> str:
        """Whom the list takes; of the missing how many of the first ones reach the target."""
        if self._code != "missing":
            return words.list_about(self._code)
        place = self._place()
        one = place.standing_of("everyone") if place else None
        stated = one if self._target_of(self._base) is not None else None
        return words.missing_about(self.desk.policy, self._base, stated, count)

    def place_shown(self) -> tuple[str, str]:
        """Code and title of the place shown, the ledger's own where all are."""
        scope, titles = self._scope or self.desk.profile.scope, self._shown.titles if self._shown else {}
        return scope, titles.get(scope, self.desk.profile.title)

    def _on_own_number(self) -> None:
        """Enter the office's own number where all others stand."""
        self._scope = ""
        self._open_part(RATES)
        self.assigning.begin()

    # ---- what is chosen

    def _on_place_chosen(self) -> None:
        self._scope, self._most = str(self.view.place.currentData() or ""), _STEP
        self._join()
        self._show()

    def _choose_list(self, code: str) -> None:
        if code != self._code:
            self._code, self._most = code, _STEP
            self.view.choose_list(code)
            self._show_entries()

    def _walk_entries(self) -> None:
        if self.entries.rows:
            self.view.entries.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_more(self) -> None:
        self._most += _STEP
        self._show_entries()
        self._walk_entries()

    def _on_standing_opened(self, one: Standing) -> None:
        audience = one.target.applies_to
        if audience == "credential":
            self._open_credential()
        elif audience == "everyone":
            self.take(Wanted("missing", self._scope, targets.base_of(self.desk.policy)))
            self._read_if_stale()
        else:
            self.take(Wanted(audience, self._scope))

    def _open_credential(self) -> None:
        if self.desk.is_office:
            self.wanted.emit("people", RollFilter("credential", self._scope, self._base))
        else:
            self.wanted.emit("households", PeopleFilter("credential"))

    def _on_rate_opened(self, rate: Rate) -> None:
        if rate.denominator.count_only:
            return
        self.take(Wanted("missing", self._scope, rate.denominator.code))
        self._read_if_stale()

    def _read_if_stale(self) -> None:
        """Another denominator makes other people missing."""
        if not self._fresh:
            self._fresh = True
            self.refresh()

    def _on_village_opened(self, line: VillageLine) -> None:
        self._scope = line.scope
        self._join()
        self._show()
        self._open_part(LISTS)

    def _on_entry_opened(self, entry: Entry) -> None:
        person = entry.card.person
        if self.desk.is_office:
            self.wanted.emit("people", Whom(person.scope, person.record))
        else:
            self.wanted.emit("households", entry.household.household.record)

    def _on_print(self) -> None:
        found = self._joined.get(self._code)
        if found is not None and found.entries:
            among = frozenset(entry.card.person.record for entry in found.entries)
            self.wanted.emit("visits", VisitFilter(named=words.list_name(self._code), among=among))
