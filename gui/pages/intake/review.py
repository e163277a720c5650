"""One row after another: the list's words beside those of up to three people, answered by digit."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models import reviewing
from gui.models.reviewing import Compared, Said, found_model
from gui.theme import Tone
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, TagLabel, label
from gui.widgets.notices import EmptyState
from gui.widgets.pieces import Tag
from gui.widgets.scroll import Scroller
from gui.widgets.search import SearchBox
from gui.widgets.tables import TableView
from gui.wording import matching
from gui.wording.matching import Verdict
from sync.intake.results import Candidate, Row

_MARKS: dict[Verdict, tuple[str, str]] = {"same": ("✓", "ok"), "near": ("≈", "warn"), "differs": ("≠", "bad")}
_TITLES = 76  # px of the left column
_NUMBER = 18  # characters of an ID number
_ROW, _DONE, _SEARCH = range(3)


class SideBySide(QWidget):
    """The table of the comparison; ``chosen`` carries the number of the candidate whose button was pressed."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        theme = themes.current()
        self.buttons = [KeyButton(_("This one"), str(number + 1)) for number in range(reviewing.MOST)]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(5))
        self._grid.setColumnMinimumWidth(0, theme.px(_TITLES))
        self._made: list[QWidget] = []
        for number, button in enumerate(self.buttons):
            button.setParent(self)
            button.hide()
            button.clicked.connect(lambda _checked=False, number=number: self.chosen.emit(number))

    def show_row(
        self, row: Row, people: Sequence[Candidate], *, masked: bool, titles: Mapping[str, str]
    ) -> None:
        """Show a row beside its candidates."""
        for widget in self._made:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._made = []
        for column in range(1, reviewing.MOST + 2):
            self._grid.setColumnStretch(column, int(column <= len(people) + 1))
        self._head(row, people)
        lines = reviewing.compared(row, people, masked=masked, titles=titles or {})
        for number, line in enumerate(lines, 1):
            self._line(number, line)
        self._reasons(len(lines) + 1, row, people)

    def _put(self, widget: QWidget, row: int, column: int) -> None:
        self._made.append(widget)
        self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)

    def _head(self, row: Row, people: Sequence[Candidate]) -> None:
        self._put(label(_("On the list"), "heading"), 0, 1)
        for number, button in enumerate(self.buttons):
            button.setVisible(number < len(people))
            if number < len(people):
                self._grid.addWidget(button, 0, number + 2, Qt.AlignmentFlag.AlignLeft)
                button.setAccessibleName(f"{button.words()} {matching.person_words(people[number])}")
            else:
                self._grid.removeWidget(button)

    def _line(self, number: int, line: Compared) -> None:
        self._put(label(line.title, "soft"), number, 0)
        self._put(label(breakable(line.said) or "–", wrap=True), number, 1)
        for column, side in enumerate(line.sides, 2):
            self._put(_side(line.title, side), number, column)

    def _reasons(self, number: int, row: Row, people: Sequence[Candidate]) -> None:
        if not people:
            return
        self._put(label(_("Why"), "soft"), number, 0)
        for column, one in enumerate(people, 2):
            box = QWidget()
            lines = QVBoxLayout(box)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(themes.current().px(3))
            head = QHBoxLayout()
            head.addWidget(TagLabel(Tag(_("{score} points").format(score=one.score), _tone(one.score))))
            if row.record == one.record and row.scope == one.scope:
                head.addWidget(TagLabel(Tag(_("taken for now"), "info")))
            head.addStretch(1)
            lines.addLayout(head)
            for reason in one.why:
                sign = "≠" if matching.is_against(reason) else "·"
                lines.addWidget(label(f"{sign} {matching.reason_text(reason, row, one)}", "small", wrap=True))
            self._put(box, number, column)


def _tone(score: int) -> Tone:
    return "ok" if score >= 90 else "warn" if score >= 70 else "mute"


def _side(title: str, side: Said) -> QLabel:
    """A candidate's words with a sign for same, nearly and different, and what differs bold and underlined."""
    made = label("", wrap=True)
    made.setTextFormat(Qt.TextFormat.RichText)
    text = _emphasised(side)
    if side.verdict is not None and side.text:
        sign, colour = _MARKS[side.verdict]
        text = f'<b style="color:{themes.current().colour(colour).name()}">{sign}</b> {text}'
    made.setText(text or "–")
    made.setAccessibleName(f"{title} {side.text} {_verdict(side.verdict)}".strip())
    return made


def breakable(text: str) -> str:
    """A number that may go on in the next line, where birth date and sequence begin."""
    if len(text) != _NUMBER or any("\u4e00" <= one <= "\u9fff" for one in text):
        return text
    return "\u200b".join((text[:6], text[6:14], text[14:]))


def _emphasised(side: Said) -> str:
    if not side.runs:
        return escape(breakable(side.text))
    ground = themes.current().colour("warnsoft").name()
    style = f"font-weight:700;text-decoration:underline;background-color:{ground}"
    made, at = [], 0
    for start, end in side.runs:
        made += [escape(side.text[at:start]), f'<span style="{style}">{escape(side.text[start:end])}</span>']
        at = end
    return "".join([*made, escape(side.text[at:])])


def _verdict(verdict: Verdict | None) -> str:
    return {None: "", "same": _("the same"), "near": _("nearly the same"), "differs": _("differs")}[verdict]


class ReviewPanel(Card):
    """The rows to be checked, one at a time.

    ``answered(key, who)`` says who a row means ("" nobody here), ``many`` answers several rows, ``left`` leaves one
    for later, ``undone`` goes back one answer, ``again_asked`` comes to those left. ``sought(text)`` looks for
    somebody else, ``found(key, who)`` is who it is. ``closed`` goes back to the rows.
    """

    answered = Signal(int, str)
    many = Signal(object)
    left = Signal()
    undone = Signal()
    again_asked = Signal()
    sought = Signal(str)
    found = Signal(int, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._row: Row | None = None
        self._people: tuple[Candidate, ...] = ()
        self._alike: dict[int, dict[int, str]] = {}
        self.count, self.where = label("", "title"), label("", "soft", wrap=True)
        self.besides = label("", "soft", wrap=True)
        self.changes, self.doubts = label("", wrap=True), label("", wrap=True)
        self.sides = SideBySide()
        self.nobody = KeyButton(_("Nobody of ours"), "0")
        self.later = KeyButton(_("Leave it for later"), "Space")
        self.undo = KeyButton(_("Undo"), "Backspace")
        self.other = KeyButton(_("Somebody else…"), "F")
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.close_button = KeyButton(_("Back to the rows"), "Escape", bind=False)
        self.score = QComboBox()
        self.score.setAccessibleName(_("From how many points on"))
        self.score.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.bulk = KeyButton("", "A")
        self.sure = KeyButton("", "Y", primary=True)
        self.search = SearchBox(
            _("Name / pinyin initials / end of ID or phone / household number"), key="", delay_ms=40
        )
        self.people = found_model()
        self.people_table = TableView(self.people, _("People"))
        self.done = EmptyState("", "")
        self.again = KeyButton(_("Look at those left"), "L")
        self.states = QStackedWidget()
        self._build()
        self._listen()

    # ---- showing

    def show_row(
        self, row: Row, left: int, changes: str, *, masked: bool, titles: Mapping[str, str] | None = None
    ) -> None:
        """Ask about a row; ``changes`` is what it does as long as nobody says otherwise."""
        self._row = row
        self._people = row.candidates[: reviewing.MOST]
        self.count.setText(
            _("{count} rows to go").format(count=f"{left:,}") if left else _("Nothing left to check")
        )
        self.where.setText(_("Row {line} of sheet {sheet}").format(line=row.line, sheet=row.sheet))
        self.sides.show_row(row, self._people, masked=masked, titles=titles or {})
        self._tell(self.besides, reviewing.besides(row, masked=masked), _("Also on the list: {text}"))
        self._tell(self.changes, changes, _("Changes: {text}"))
        self._tell(self.doubts, matching.doubts_text(row.doubts), _("Doubtful: {text}"))
        self.nothing.setVisible(not self._people)
        self._show_state(_ROW)

    def show_done(self, left: int) -> None:
        """Say that all were looked at, and how many were left."""
        self._row = None
        title = _("All looked at") if not left else _("{count} rows were left for later").format(count=left)
        below = _("Back to the rows with Esc; then the list can be written.")
        self.done.show_words(title, below)
        self.again.setVisible(bool(left))
        self._show_state(_DONE)

    def show_alike(self, alike: Callable[[int], dict[int, str]]) -> None:
        """Offer to answer all rows alike whose first candidate is sure enough; ``alike`` finds them for a score."""
        self._alike = {score: found for score in reviewing.SCORES if (found := alike(score))}
        held = self.score.currentData()
        self.score.clear()
        for score, found in self._alike.items():
            self.score.addItem(
                _("from {score} points: {count} rows").format(score=score, count=len(found)), score
            )
        self.score.setCurrentIndex(max(self.score.findData(held), 0))
        self._choose_bulk()

    def _show_state(self, state: int) -> None:
        """Show the row, the end or the search; only what can be done there can be pressed."""
        self.states.setCurrentIndex(state)
        for widget in (self.head, self.foot):
            widget.setVisible(state != _SEARCH)
        for button in (self.nobody, self.later, self.other, self.reveal):
            button.setVisible(state == _ROW)

    def _tell(self, widget: QLabel, text: str, template: str) -> None:
        widget.setText(template.format(text=text))
        widget.setVisible(bool(text))

    def _choose_bulk(self) -> None:
        """Offer the first step of answering alike."""
        there = len(self._alike) > 0
        self.score.setVisible(there)
        self.bulk.setVisible(there)
        self.sure.hide()
        self.bulk.setText(_("Take the first one for all of these"))

    def _ask_bulk(self) -> None:
        """Ask the count again before many are answered at once."""
        found = self._alike.get(int(self.score.currentData() or 0), {})
        if found:
            self.sure.setText(_("Yes, for {count} rows").format(count=f"{len(found):,}"))
            self.bulk.hide()
            self.sure.show()

    # ---- wiring

    def _listen(self) -> None:
        self.sides.chosen.connect(self._on_chosen)
        self.nobody.clicked.connect(lambda: self._answer(""))
        self.later.clicked.connect(self.left)
        self.undo.clicked.connect(self.undone)
        self.other.clicked.connect(self._open_search)
        self.search.searched.connect(self.sought)
        self.search.left.connect(self.close_search)
        for signal in (self.search.moved_down, self.search.entered):
            signal.connect(self._to_people)
        self.people_table.opened.connect(self._on_found)
        self.again.clicked.connect(self.again_asked)
        self.close_button.clicked.connect(self.closed)
        self.bulk.clicked.connect(self._ask_bulk)
        self.score.activated.connect(lambda _line: self._choose_bulk())
        self.sure.clicked.connect(self._on_sure)

    def _on_chosen(self, number: int) -> None:
        if number < len(self._people):
            self._answer(reviewing.who(self._people[number]))

    def _answer(self, who: str) -> None:
        if self._row is not None:
            self.answered.emit(self._row.key, who)

    # ---- somebody else

    def searching(self) -> bool:
        """Whether somebody is looked for by hand."""
        return self.states.currentIndex() == _SEARCH

    def close_search(self) -> None:
        """Go back to the row."""
        self._show_state(_ROW)
        self.setFocus()

    def show_found(self, people: Sequence[Any]) -> None:
        """Show who was found."""
        self.people.set_rows(people)

    def _open_search(self) -> None:
        if self._row is not None:
            self.people.set_rows([])
            self.search.setText(self._row.name)
            self._show_state(_SEARCH)
            self.search.go()

    def _to_people(self) -> None:
        if self.people.rows:
            self.people_table.selectRow(0)
            self.people_table.setFocus()

    def _on_found(self, person: Any) -> None:
        if self._row is not None:
            key = self._row.key
            self.close_search()
            self.found.emit(key, f"{person.hit.scope}/{person.hit.record}")

    def _on_sure(self) -> None:
        found = self._alike.get(int(self.score.currentData() or 0), {})
        self._choose_bulk()
        self.many.emit(found)

    # ---- layout

    def _build(self) -> None:
        self.head = head = QWidget()
        self.count.setMinimumHeight(themes.current().px(38))
        flow = FlowLayout(head, gap=10)
        for widget in (self.count, self.score, self.bulk, self.sure):
            flow.addWidget(widget)
        self.add(head)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, themes.current().px(6), 0)
        column.setSpacing(themes.current().px(8))
        self.nothing = label(_("Nobody in the register resembles this row."), "soft", wrap=True)
        for part in (self.where, self.sides, self.nothing, self.besides, self.changes, self.doubts):
            column.addWidget(part)
        column.addStretch(1)
        self.states.addWidget(Scroller(inner))
        end = QWidget()
        column = QVBoxLayout(end)
        column.addWidget(self.done, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.again)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        self.states.addWidget(end)
        seek = QWidget()
        column = QVBoxLayout(seek)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label(_("Who is meant? Enter chooses, Esc goes back."), "soft", wrap=True))
        column.addWidget(self.search)
        column.addWidget(self.people_table, 1)
        self.states.addWidget(seek)
        self.add(self.states, 1)
        self.foot = foot = QWidget()
        flow = FlowLayout(foot, gap=8)
        for button in (self.nobody, self.later, self.undo, self.other, self.reveal, self.close_button):
            flow.addWidget(button)
        self.add(foot)
