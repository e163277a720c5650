"""The plan library: every count adds up and opens its people; whom to win first; who came and went since last year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import library as models
from gui.models import library_villages as sides
from gui.models.library import FLOW, FLOWS, LIBRARY, VILLAGES, LineRow, Shown, Wanted
from gui.models.library_villages import VillageLine
from gui.models.roll import Whom
from gui.models.worksheet import Wanted as Sheet
from gui.ops import QueryOp
from gui.pages.library.view import LibraryView
from gui.pages.page import Page
from gui.standing import Places
from gui.widgets.fields import CHOICE_KEYS
from gui.widgets.laying import laid_out_once
from gui.wording import library as words
from gui.wording.units import listed, number
from storage.ledger import Ledger
from storage.persons import Record
from storage.policy.ease import Ease
from storage.queries import flow, library
from storage.queries.flow import Flow
from storage.queries.worklists import Entry

_STEP = 100
"""People of a line shown at a time: rows of several lines are slow to lay out."""
_PARTS = (LIBRARY, VILLAGES, FLOW, FLOWS)
_FIRST = {LIBRARY: "open", FLOW: "lapsed"}
"""The line that is looked at first."""
_LISTED = {VILLAGES: LIBRARY, FLOWS: FLOW}
"""Where the people behind the numbers of villages stand."""
_FORMS = {LIBRARY: "plan_library", VILLAGES: "plan_villages", FLOW: "flow", FLOWS: "flow"}


class LibraryPage(Page):
    """The page; what can be asked of it: a ``Wanted``. How easily people come is read village after village."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted, self._base, self._most = Wanted(), "", _STEP
        self._chosen = dict(_FIRST)
        self._shown: Shown | None = None
        self._flow: Flow | None = None
        self._eased: dict[Record, Ease] = {}
        self._bands: dict[str, bool] = {}
        self._people: models.Page | None = None
        self._reading = self._asking = 0
        self.lines = models.lines_model()
        self.people = models.people_model(lambda: desk.policy, lambda: desk.today, self._titles, self._cause)
        self.villages, self.flows = (sides.model_of(numbers) for numbers in self._numbers().values())
        self.view = LibraryView(self.lines, self.people, self.villages, self.flows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()
        self.view.show_part(LIBRARY)

    # ---- what the window asks

    def take(self, request: object) -> None:
        if isinstance(request, Wanted):
            self._wanted, self._most = request, _STEP
            self._chosen[request.part] = request.line
            self._open_part(request.part)

    def refresh(self) -> None:
        self._reading += 1
        self._flow, self._eased, self._bands = None, {}, {}
        if self._shown is None:
            self.view.show_state(self.view.waiting)
        policy, base = self.desk.policy, self._base
        op = QueryOp(lambda ledger: models.read(ledger, policy, base), slot="library")
        self.ask_shown(op, partial(self._on_read, self._reading), self.view.waiting)

    def follow_policy(self) -> None:
        policy = self.desk.policy
        self._base = self._base if self._base in library.bases(policy) else ""
        for part, numbers in self._numbers().items():
            shown = self.view.tables[part].rows_model
            for column, one in enumerate(numbers[: len(shown.columns)]):
                shown.retitle(column, one.column.title)

    def first_focus(self) -> QWidget | None:
        return self.view.tables.get(self.view.parts.value()) or self.view.chooser()

    def back(self) -> bool:
        if self.view.people.hasFocus():
            self.view.chooser().setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def place(self) -> dict[str, object]:
        return {**super().place(), "part": self.view.parts.value()}

    def put_back(self, where: Places) -> None:
        super().put_back(where)
        match where.get("part"):
            case str(part) if part in _PARTS:
                self._open_part(part)

    # ---- wiring

    def _listen(self) -> None:
        view = self.view
        view.parts.chosen.connect(self._open_part)
        for digit, part in zip(CHOICE_KEYS, _PARTS, strict=False):
            QShortcut(QKeySequence(digit), self).activated.connect(partial(self._open_part, part))
        view.place.activated.connect(lambda _line: self._go(str(view.place.currentData() or "")))
        view.base.activated.connect(lambda _line: self._on_base_chosen())
        view.lines.row_changed.connect(lambda row: self._choose(row.code))
        view.choice.activated.connect(lambda _line: self._choose(str(view.choice.currentData())))
        view.lines.opened.connect(lambda _row: self._walk())
        view.people.opened.connect(self._on_person_opened)
        view.villages.cell_opened.connect(partial(self._on_number_opened, VILLAGES))
        view.flows.cell_opened.connect(partial(self._on_number_opened, FLOWS))
        view.more.clicked.connect(self._on_more)
        view.form.clicked.connect(lambda: self.wanted.emit("forms", _FORMS[view.parts.value()]))
        view.sheet.clicked.connect(self._on_sheet)
        view.roster.clicked.connect(lambda: self.wanted.emit("intake", None))
        self.desk.events.exchanged.connect(self._on_exchanged)

    def _numbers(self) -> dict[str, list[sides.Number]]:
        policy = self.desk.policy
        return {VILLAGES: sides.village_numbers(policy), FLOWS: sides.flow_numbers(policy)}

    def _titles(self) -> Mapping[str, str]:
        return self._shown.titles if self._shown and not self._wanted.scope else {}

    def _cause(self, key: Record) -> str:
        return self._people.causes.get(key, "") if self._people else ""

    # ---- reading

    def _on_read(self, reading: int, read: Shown) -> None:
        if reading != self._reading:
            return
        self._shown = read
        if not read.library.places:
            self.view.show_state(self.view.empty)
            self.settle_focus()
            return
        self.view.show_state()
        self._show()
        self.settle_focus()
        self._read_ease(reading, list(read.titles))

    def _read_ease(self, reading: int, left: list[str]) -> None:
        """Read how easily people come, village after village: the one shown first, others let everything else pass."""
        if not left or reading != self._reading:
            return
        scope = self._wanted.scope if self._wanted.scope in left else left[0]
        left.remove(scope)
        policy, today = self.desk.policy, self.desk.today

        def ask(ledger: Ledger) -> dict[Record, Ease]:
            return models.bands_of(ledger, policy, today, scope)

        def on_read(found: dict[Record, Ease]) -> None:
            if reading == self._reading:
                self._eased.update(found)
                self._bands[scope] = True
                self._on_eased(scope, done=not left)
                self._read_ease(reading, left)

        self.desk.ask(QueryOp(ask, slot="ease", later=True), on_read, owner=self)

    def _on_eased(self, scope: str, *, done: bool) -> None:
        """Show how easily they come once that is known of the place shown."""
        part = self.view.parts.value()
        if part == LIBRARY and (done if not self._wanted.scope else scope == self._wanted.scope):
            self._show()
        elif part == VILLAGES:
            self._show_villages()

    def _read_flow(self) -> None:
        policy = self.desk.policy
        op = QueryOp(lambda ledger: flow.read(ledger, policy), slot="flow")
        self.desk.ask(op, partial(self._on_flow_read, self._reading), owner=self)

    def _on_flow_read(self, reading: int, read: Flow) -> None:
        if reading == self._reading:
            self._flow = read
            self._show()

    def _read_people(self) -> None:
        self._asking += 1
        policy, today, base, most = self.desk.policy, self.desk.today, self._base, self._most
        wanted, eased = self._asked(), self._eased_here()
        op = QueryOp(
            lambda ledger: models.read_people(ledger, policy, today, wanted, base, eased, most), slot="people"
        )
        self.desk.ask(op, partial(self._on_people_read, self._asking), owner=self)

    def _asked(self) -> Wanted:
        part = self.view.parts.value()
        opened = self._chosen.get(part, "").partition("@")[0]
        return replace(self._wanted, part=part, line=opened)

    def _eased_here(self) -> dict[Record, Ease]:
        """How easily people come, where it is known of everybody shown: half an order is none."""
        scope = self._wanted.scope
        known = (
            scope in self._bands
            if scope
            else self._shown is not None and self._shown.titles.keys() <= self._bands.keys()
        )
        return dict(self._eased) if known else {}

    def _on_people_read(self, asking: int, read: models.Page) -> None:
        if asking == self._asking:
            self._people = read
            self._show_people()

    # ---- showing

    def _open_part(self, part: str) -> None:
        with laid_out_once(self):
            self.view.show_part(part)
            self._show()
        wanted = self.first_focus()
        if wanted is not None and self.isVisible():
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        if self._shown is None:
            return
        policy, part, view = self.desk.policy, self.view.parts.value(), self.view
        titles = self._shown.titles
        view.place.offer([("", _("All villages")), *titles.items()], self._wanted.scope)
        bases = [(base, words.base_name(policy, base)) for base in library.bases(policy)]
        view.base.offer(bases, self._base)
        if part in (FLOW, FLOWS) and self._flow is None:
            view.sum.setText(_("Reading the ledger…"))
            self._read_flow()
            return
        if part == VILLAGES:
            self._show_villages()
        elif part == FLOWS and self._flow is not None:
            self.flows.set_rows(sides.flow_lines(self._flow, policy, titles))
        else:
            self._show_lines()
        for table in view.tables.values():
            if table.current_row() is None:
                table.selectRow(0)
        self._show_sum()

    def _show_villages(self) -> None:
        shown, eased = self._shown, self._eased
        if shown is None:
            return
        bands = {scope: shown.bands(scope, eased) for scope in shown.titles if scope in self._bands}
        if shown.titles.keys() <= bands.keys():
            bands[""] = shown.bands("", eased)
        self.villages.set_rows(sides.village_lines(shown, self.desk.policy, self._base, bands))

    def _rows(self) -> list[LineRow]:
        policy, scope = self.desk.policy, self._wanted.scope
        if self.view.parts.value() == FLOW:
            return models.flow_rows(policy, self._flow.part(scope).lines(policy)) if self._flow else []
        assert self._shown is not None
        lines = library.lines(policy, self._shown.library.facts(policy, self._base, scope))
        eased = self._eased_here()
        known = bool(eased) or scope in self._bands
        return models.library_rows(policy, lines, self._shown.bands(scope, eased) if known else None)

    def _show_lines(self) -> None:
        rows, part = self._rows(), self.view.parts.value()
        with QSignalBlocker(self.view.lines):  # new rows choose again what was chosen before
            self.lines.set_rows(rows)
        codes = [row.code for row in rows]
        self._chosen[part] = _shown_of(self._chosen[part], codes) or _FIRST[part]
        self.view.choice.offer([(row.code, _titled(row)) for row in rows], self._chosen[part])
        self.view.choose_line(self._chosen[part])
        self._read_people()

    def _show_sum(self) -> None:
        """What adds up, in one sentence, and how far the register is from the statistics office."""
        policy, scope, part = self.desk.policy, self._wanted.scope, self.view.parts.value()
        assert self._shown is not None
        told_: list[str] = []
        if part in (FLOW, FLOWS):
            read = self._flow
            lines = read.part(scope if part == FLOW else "").lines(policy) if read else []
            known, gaps = True, []
            unknown = read.unknown if read else []
            if part == FLOW and scope:
                known = scope not in unknown
            elif unknown:
                names = listed([self._shown.titles.get(one, one) for one in unknown[:5]])
                words_ = _(
                    "Nothing is known of last year in {count} villages ({names}…): all of theirs stand as come."
                )
                told_.append(words_.format(count=number(len(unknown)), names=names))
            parts = [(line.code, line.people) for line in lines if not line.parent]
            text = " ".join(
                f"{words.flow_sign(code)} {words.flow_name(policy, code, policy.year)} {number(count)}".strip()
                for code, count in parts
            )
        else:
            read_ = self._shown.library
            scope = scope if part == LIBRARY else ""
            told = {
                line.code: line.people
                for line in library.lines(policy, read_.facts(policy, self._base, scope))
            }
            text = " ".join(
                f"{sign} {words.line_name(policy, code)} {number(told[code])}".strip()
                for sign, code in (("", "people"), ("＝", "insured"), ("＋", "settled"), ("＋", "open"))
            )
            known = scope in read_.known if scope else bool(read_.known)
            gaps = read_.gaps(policy, scope)
        if not known:
            told_.append(_("Nothing is known of last year: nobody can be told as lapsed."))
        self.view.sum.setText(text)
        self.view.show_gaps(words.gaps_text(policy, gaps), "\n".join(told_))

    def _show_people(self) -> None:
        read, view, part = self._people, self.view, self.view.parts.value()
        row = next((one for one in self.lines.rows if one.code == self._chosen.get(part)), None)
        if read is None or row is None:
            return
        self.people.set_rows(read.entries)
        if view.people.current_row() is None and read.entries:
            view.people.selectRow(0)
        count = _("{count} people").format(count=number(len(read.keys)))
        view.title.setText(f"{row.name} · {count}")
        view.about.setText(row.about)
        left = len(read.keys) - len(read.entries)
        view.more.setText(_("{count} more").format(count=min(_STEP, left)) if left > 0 else "")
        view.more.setVisible(left > 0)
        view.sheet.setEnabled(bool(read.keys))

    # ---- what is chosen

    def _choose(self, code: str) -> None:
        part = self.view.parts.value()
        if part in self._chosen and code != self._chosen[part]:
            self._chosen[part], self._most = code, _STEP
            self.view.choose_line(code)
            self._read_people()

    def _go(self, scope: str) -> None:
        self._wanted, self._most = replace(self._wanted, scope=scope), _STEP
        self._show()

    def _on_base_chosen(self) -> None:
        self._base = str(self.view.base.currentData() or "")
        self._most = _STEP
        self.refresh()

    def _on_number_opened(self, part: str, line: VillageLine, column: int) -> None:
        """Open the people behind a number; a village's name opens the line looked at before."""
        listed = _LISTED[part]
        self._wanted, self._most = replace(self._wanted, scope=line.scope), _STEP
        self._chosen[listed] = self._numbers()[part][column].opens or self._chosen[listed]
        self._open_part(listed)

    def _walk(self) -> None:
        if self.people.rows:
            self.view.people.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_more(self) -> None:
        self._most += _STEP
        self._read_people()

    def _on_person_opened(self, entry: Entry) -> None:
        self.wanted.emit("people", Whom(entry.card.person.scope, entry.card.person.record))

    def _on_sheet(self) -> None:
        """Go on to a working sheet of exactly the people of the line."""
        if self._people is not None and self._people.keys:
            records = frozenset(self._people.keys)
            scopes = tuple(sorted({scope for scope, _record in records}))
            self.wanted.emit("worksheet", Sheet(scopes, records, title=self.view.title.text()))


def _shown_of(code: str, codes: Sequence[str]) -> str:
    """The line itself, or what it is a part of where it has nobody; "" without either."""
    while code and code not in codes:
        code = code.rpartition(".")[0]
    return code


def _titled(row: LineRow) -> str:
    count = "…" if row.people is None else number(row.people)
    return f"{'　' * row.depth}{row.sign}{row.name} {count}"
