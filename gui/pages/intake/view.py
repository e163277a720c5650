"""How the import page is laid out: the files, what they are, the counts, the rows, and what is asked about them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.intake import COUNTS, Count
from gui.pages.intake.columns import ColumnMap, Recognised
from gui.pages.intake.log import LogPanel
from gui.pages.intake.review import ReviewPanel
from gui.pages.intake.ticks import MissingPanel, TickPanel
from gui.pages.intake.words import AliasPanel, WordsPanel
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import flowing, label
from gui.widgets.notices import BusyBar, EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.search import SearchBox
from gui.widgets.tables import TableView

_FILES = 220
_SEARCH = 200
_ROWS = 225  # px of rows that are always in sight
_AROUND = 130  # px of the page that its edges and last buttons take, whatever is scrolled
_NARROW = 1000  # px of the page under which there is no list of files beside the rows
STATES = ("preview", "busy", "refused", "review", "words", "removals", "corrections", "missing")
"""What stands right of the files."""
PARTS = ("calm", "work", "log", "aliases")


class IntakeView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, files: RowsModel, rows: RowsModel, models: Mapping[str, RowsModel]) -> None:
        super().__init__()
        theme = themes.current()
        self.choose = KeyButton(_("Choose files"), "I", primary=True)
        self.past = KeyButton(_("Lists taken over"), "L")
        self.empty = EmptyState(
            _("Drop lists here"),
            _(
                "A village roster, or a list of a department, tax, platform or school, as it came (xlsx, xls, csv). "
                "You see what it would change; the ledger is written only when you say so."
            ),
            self.choose,
            self.past,
        )
        self.files = TableView(files, _("Files"), header=False, wraps=True)
        self.more = KeyButton(_("More files"), "M")
        self.log_button = KeyButton(_("Lists taken over"), "L")
        self.columns_button = KeyButton(_("Columns"), "C")
        self.columns_button.setCheckable(True)
        self.what, self.columns = label("", "title", wrap=True), ColumnMap()
        self.recognised = Recognised(self.columns_button)
        self.file_box = QComboBox()
        self.file_box.setAccessibleName(_("Files"))
        self.notes, self.warnings = label("", "soft", wrap=True), label("", "error", wrap=True)
        self.chips = {code: KeyButton("") for code in COUNTS}
        self.search = SearchBox(_("Search in the list"), key="F", delay_ms=60)
        self.rows = TableView(rows, _("Rows"))
        self.review_button = KeyButton("", "V", primary=True)
        self.words_button = KeyButton("", "W")
        self.removals_button = KeyButton("", "T")
        self.corrections_button = KeyButton("", "N")
        self.missing_button = KeyButton("", "U")
        self.blocked = label("", "error", wrap=True)
        self.write = KeyButton(_("Write into the ledger"), "Return", primary=True)
        self.save = KeyButton(_("Save these rows as xlsx"), "S")
        self.save_bad = KeyButton(_("Bad rows as xlsx, to send back"), "B")
        self.full = QCheckBox(_("full ID numbers (this is logged)"))
        self.full.setMinimumHeight(theme.px(38))
        self.look = KeyButton(_("This row…"), "E")
        self.drop = KeyButton(_("Leave this file"), "Delete")
        self.households = KeyButton(_("See the people"), "H", primary=True)
        self.beside = KeyButton(_("Who paid, by the same file…"), "K")
        self.revert = KeyButton(_("Take this list back"), "Z")
        self.sure_revert = KeyButton(_("Yes, take it back"), "Y", primary=True)
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.busy = BusyBar()
        self.refused = EmptyState("")
        self.anyway = KeyButton(_("It is a roster all the same"), "Y")
        self.leave = KeyButton(_("Leave this file"), "Delete")
        self.review, self.words, self.aliases = ReviewPanel(), WordsPanel(), AliasPanel()
        self.removals = TickPanel(
            models["removals"],
            _("Named before, no longer on this list"),
            _(
                "Nobody is taken out by itself: tick who really is no longer entitled. Nothing is ticked at first."
            ),
        )
        self.corrections = TickPanel(
            models["corrections"],
            _("Numbers the list has right"),
            _("Tick the ones to be taken over into the register. Compare with the card where in doubt."),
        )
        self.missing = MissingPanel(models["missing"])
        self.log = LogPanel(models["log"], models["kept"])
        self._several = False
        self.working, self.states = QStackedWidget(), QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(12))
        column.addWidget(self.states)
        calm = Card()
        calm.add(self.empty, 1)
        for part in (calm, self._make_work(), self.log, self.aliases):
            self.states.addWidget(part)

    def show_part(self, part: str) -> None:
        """Show the invitation, the files, the log or the table of words."""
        self.states.setCurrentIndex(PARTS.index(part))

    def part(self) -> str:
        """What of these is shown."""
        return PARTS[self.states.currentIndex()]

    def show_files(self, count: int) -> None:
        """One file alone needs no list."""
        self._several = count > 1
        self.show_part("work" if count else "calm")
        self._place_files()

    def _place_files(self) -> None:
        """Several files stand in a list, or in a box where there is no room for one."""
        narrow = self.width() < themes.current().px(_NARROW)
        self.files_card.setVisible(self._several and not narrow)
        self.file_box.setVisible(self._several and narrow)
        self.what.setVisible(not (self._several and narrow))

    def show_state(self, state: str) -> None:
        """Right of the files: one of STATES. What the file is taken for can be corrected where it was refused, too."""
        place = self.refused_place if state == "refused" else self.head_place
        place.addWidget(self.recognised)
        self.working.setCurrentIndex(STATES.index(state))

    def state(self) -> str:
        """What stands right of the files."""
        return STATES[self.working.currentIndex()]

    def show_counts(self, counts: Sequence[Count], chosen: str) -> None:
        """Show the counts that say something; a click on one shows its rows."""
        shown = {one.code: one for one in counts}
        for code, chip in self.chips.items():
            chip.setVisible(code in shown)
            chip.setChecked(code == chosen)
            if code in shown:
                chip.setText(f"{shown[code].text} {shown[code].number:,}")

    def _make_work(self) -> QWidget:
        theme = themes.current()
        self.files_card = left = Card(_("Files"))
        left.setFixedWidth(theme.px(_FILES))
        left.add(self.files, 1)
        sections = (self.review, self.words, self.removals, self.corrections, self.missing)
        for widget in (self._make_preview(), self._make_busy(), self._make_refused(), *sections):
            self.working.addWidget(widget)
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        line.addWidget(left)
        line.addWidget(self.working, 1)
        return work

    def _make_preview(self) -> QWidget:
        self.preview = card = Card()
        theme = themes.current()
        card.body.setContentsMargins(theme.px(16), theme.px(10), theme.px(10), theme.px(10))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.addWidget(self.what, 1)
        head.addWidget(self.file_box, 1)
        self.search.setFixedWidth(theme.px(_SEARCH))
        head.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.head_place = QVBoxLayout()
        self.head_place.addWidget(self.recognised)
        column.addLayout(self.head_place)
        for words in (self.notes, self.warnings, self.blocked):
            words.hide()
            column.addWidget(words)
        self.columns_area = Scroller(self.columns)
        self.columns_area.setFixedHeight(theme.px(150))
        self.columns_area.hide()
        column.addWidget(self.columns_area)
        for chip in self.chips.values():
            chip.setCheckable(True)
        column.addWidget(flowing(*self.chips.values()))
        # On a low screen the whole scrolls, and some rows are always seen at once.
        self.rows.setMinimumHeight(theme.px(_ROWS))
        column.addWidget(self.rows, 1)
        rest = (
            self.look,
            self.save_bad,
            self.save,
            self.full,
            self.reveal,
            self.more,
            self.log_button,
            self.drop,
        )
        column.addWidget(flowing(*rest))
        card.add(Scroller(inner), 1)
        asks = (
            self.review_button,
            self.words_button,
            self.removals_button,
            self.corrections_button,
            self.missing_button,
        )
        does = (self.write, self.households, self.beside, self.revert, self.sure_revert)
        card.add(flowing(*asks, *does))
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the files stand in a box, and the rows, which are high there, nearly fill the page."""
        super().resizeEvent(event)
        self._place_files()
        theme = themes.current()
        filled = self.height() - theme.px(_AROUND) if self.width() < theme.px(_NARROW) else 0
        self.rows.setMinimumHeight(max(filled, theme.px(_ROWS)))

    def _make_busy(self) -> QWidget:
        card = Card()
        card.body.addStretch(1)
        card.add(self.busy)
        card.body.addStretch(2)
        return card

    def _make_refused(self) -> QWidget:
        card = Card()
        self.refused_place = QVBoxLayout()
        card.add(self.refused_place)
        card.add(self.refused, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.anyway)
        line.addWidget(self.leave)
        line.addStretch(1)
        card.add(line)
        card.body.addStretch(1)
        return card
