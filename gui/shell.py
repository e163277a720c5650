"""The frame around the pages of an open ledger: left column, search, days left, notices."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui import wording
from gui.actions import undo
from gui.desk import Desk
from gui.errors import sentence
from gui.finder import Finder
from gui.i18n import _
from gui.models import backups, moments, pulse
from gui.models.pulse import Pulse
from gui.ops import QueryOp
from gui.pages.forms.anytable import AnyTable
from gui.pages.page import FinderPage, Page
from gui.pages.registry import PageSpec
from gui.past.band import KEY as PAST
from gui.past.band import PastBand
from gui.past.choosing import Choosing
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label, plain, strong
from gui.widgets.laying import laid_out_once
from gui.widgets.nav import NavEntry, NavList
from gui.widgets.notices import Notice
from gui.widgets.search import SearchBox
from gui.year_switch import YearBand, YearChoice
from storage.errors import KnownError
from storage.policy.window import position

_SEARCH = 470  # px the search box may take
_ROOM_FOR_BOTH = 640  # px of height in which a page has room below the choice of a moment
COLUMN = "F6"
"""The key that goes to the left column, as in all programs of many parts."""


class _Header(QWidget):
    """The white band over the pages."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("card"))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))


class Shell(QWidget):
    """Pages of one ledger; ``page_opened`` carries the key of the page now shown."""

    page_opened = Signal(str)

    def __init__(self, desk: Desk, specs: Sequence[PageSpec]) -> None:
        super().__init__()
        self.desk = desk
        self._specs = {spec.key: spec for spec in specs}
        self._pages: dict[str, Page] = {}
        self._ahead: set[str] = set()
        self._before: list[str] = []
        self._key = ""
        held = desk.place.get("pages")
        self._places: dict[str, object] = dict(held) if isinstance(held, Mapping) else {}
        self._unsaved = False
        self.nav = NavList(_("Huqing"), COLUMN)
        self.search = SearchBox(_("Name, pinyin, end of a number, household, list"), delay_ms=1)
        self._days = label("", wrap=True)
        self.help = KeyButton(_("Guide"), "F1", bind=False)
        self.years, self.band = YearChoice(), YearBand()
        self._stack = QStackedWidget()
        self.recall = KeyButton(_("Look back"), PAST, bind=False)
        self.past = PastBand(moments.words(desk.moment)) if desk.moment is not None else None
        self.choosing: Choosing | None = None
        self._build()
        self.notice = Notice(self)
        self._undo_key = QShortcut(QKeySequence.StandardKey.Undo, self)
        self._undo_key.activated.connect(self.undo_last)
        self._column_key = QShortcut(QKeySequence(COLUMN), self)
        self._column_key.activated.connect(self.nav.take_keyboard)
        self.finder = Finder(desk, self.search, self._finding(), self.open, self._shown, self)
        self._listen()
        self._past_key = QShortcut(QKeySequence(PAST), self)
        self._past_key.activated.connect(self.choose_moment)
        AnyTable(self)
        self._show_days()

    def open(self, key: str, request: object = None) -> Page:
        """Show a page, and there what was asked for."""
        page = self._page(key, again=request is None)
        if key not in (self._key, self._finding()):
            self.finder.forget()
        if key != self._key:
            self._before = [one for one in self._before if one != key][-20:]
            if self._key:
                self._before.append(self._key)
                self.desk.keep_place({**self.place(), "page": key})
            self._key = key
            self.nav.select(key)
            self._let_go()
            self._stack.setCurrentWidget(page)
            self.page_opened.emit(key)
        with laid_out_once(page):
            page.enter(request)
        self._focus(page)
        return page

    def page(self) -> Page:
        """The page shown."""
        return self._pages[self._key]

    @property
    def key(self) -> str:
        """The key of the page shown."""
        return self._key

    def place(self) -> dict[str, object]:
        """Where the window stands: its page, and each page it has shown."""
        if self._key:  # the others stand as they stood when they were left
            self._places[self._key] = self.page().place()
        return {"page": self._key, "pages": dict(self._places)}

    def last_page(self) -> str:
        """The page shown when the ledger was last open, "" where there is none."""
        key = str(self.desk.place.get("page", ""))
        return key if key in self._specs else ""

    def make_next(self) -> bool:
        """Make a page nobody opened yet, out of sight; whether there was one.

        It is dressed and laid out in turns of their own: a key pressed meanwhile waits for one of them at most.
        """
        key = next((key for key in self._specs if key not in self._pages), "")
        if key:
            page = self._make(key)
            self._ahead.add(key)
            QTimer.singleShot(0, page, lambda: self._dress_ahead(page))
        return bool(key)

    def _dress_ahead(self, page: Page) -> None:
        if self._stack.indexOf(page) < 0:  # else somebody opened it meanwhile
            self._stack.addWidget(page)
        QTimer.singleShot(0, page, lambda: self._lay_out_ahead(page))

    def _lay_out_ahead(self, page: Page) -> None:
        if page is not self._stack.currentWidget():
            page.resize(self._stack.size())
            page.grab()  # what is shown for the first time is measured and painted once already

    def back(self) -> None:
        """Close what lies on top, or go to the page before."""
        if self._key and self.page().back():
            return
        if self._before:
            key = self._before.pop()
            self._key = ""
            self.open(key)
        elif self.desk.moment is not None:
            self.desk.events.returning.emit()

    def choose_moment(self) -> None:
        """Ask which moment the ledger is to be shown as of; pressed again, go on as before."""
        if self.choosing is not None:
            self._leave_choosing()
            return
        moment = self.desk.moment
        self.choosing = strip = Choosing(moment.now if moment else self.desk.now)
        strip.wanted.connect(self._on_moment_wanted)
        strip.closed.connect(self._leave_choosing)
        self._right.insertWidget(1, strip, 0, Qt.AlignmentFlag.AlignTop)
        self._stack.setVisible(self.height() >= themes.current().px(_ROOM_FOR_BOTH))
        self.desk.ask(moments.choices(), strip.offer, owner=strip)
        strip.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _leave_choosing(self) -> None:
        if self.choosing is not None:
            self.choosing.hide()
            self.choosing.deleteLater()
            self.choosing = None
            self._stack.show()
            self.page().enter()  # what changed while it was hidden
            self._focus(self.page())

    def _on_moment_wanted(self, wish: moments.Wish) -> None:
        self._leave_choosing()
        self.desk.events.recalling.emit(wish)

    def undo_last(self) -> None:
        """Take back the last change."""
        step = self.desk.undo.pop()
        if step is None:
            self.notice.tell(_("There is nothing to undo."), "mute", seconds=4)
            return
        told = _("Undone: {what}").format(what=step.told)
        self.desk.change(undo.revert(step, told, _("undone")), owner=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        theme = themes.current()
        self.setProperty("ground", True)
        self.search.setMaximumWidth(theme.px(_SEARCH))
        self._days.setTextFormat(Qt.TextFormat.RichText)
        self._days.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header = _Header()
        line = QHBoxLayout(header)
        line.setContentsMargins(theme.px(20), theme.px(9), theme.px(20), theme.px(9))
        line.setSpacing(theme.px(14))
        line.addWidget(self.search, 5)
        line.addWidget(self.years)
        line.addWidget(self._days, 7)
        line.addWidget(self.recall)
        line.addWidget(self.help)
        right = self._right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(header)
        right.addWidget(self.band)
        right.addWidget(self._stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if self.past is not None:
            whole.addWidget(self.past)
            self.recall.hide()
        below = QHBoxLayout()
        below.addWidget(self.nav)
        below.addLayout(right, 1)
        whole.addLayout(below, 1)
        self._show_place()
        self.nav.set_entries([NavEntry(spec.key, spec.title()) for spec in self._specs.values()])
        self.search.setVisible(bool(self._finding()))

    def _listen(self) -> None:
        self.nav.chosen.connect(self._on_chosen)
        self.help.clicked.connect(self.desk.events.explaining)
        self.recall.clicked.connect(self.choose_moment)
        if self.past is not None:
            self.past.left.connect(self.desk.events.returning)
            self.past.again.connect(self.choose_moment)
        self.years.wanted.connect(self._on_year_wanted)
        self.band.left.connect(self._on_year_left)
        events = self.desk.events
        events.changed.connect(self._on_ledger_changed)
        events.policy_changed.connect(self._on_policy_changed)
        events.exchanged.connect(self.read_pulse)
        events.told.connect(self._on_told)
        events.began.connect(self.notice.make_room)
        events.failed.connect(self._on_failed)
        self._minute = QTimer(self)
        self._minute.setInterval(60_000)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()

    def read_pulse(self) -> None:
        """Read again what the frame shows."""
        policy = self.desk.policy
        op = QueryOp(lambda ledger: pulse.read(ledger, policy), slot="pulse", later=True)
        self.desk.ask(op, self._on_pulse_read, owner=self.nav)

    def _page(self, key: str, *, again: bool = False) -> Page:
        new = key not in self._pages
        page = self._make(key) if new else self._pages[key]
        if again and (new or key in self._ahead):
            self._put_back(key, page)
        self._ahead.discard(key)
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        return page

    def _make(self, key: str) -> Page:
        page = self._pages[key] = self._specs[key].make(self.desk)
        page.wanted.connect(self.open)
        page.setAccessibleName(self._specs[key].title())
        if isinstance(page, FinderPage):
            page.looked.connect(self.finder.note)
        return page

    def _put_back(self, key: str, page: Page) -> None:
        where = self._places.get(key)
        if isinstance(where, Mapping):
            page.put_back(where)

    def _finding(self) -> str:
        return next((spec.key for spec in self._specs.values() if spec.finds), "")

    def _shown(self) -> tuple[str, Page]:
        return self._key, self.page()

    def _on_chosen(self, key: str) -> None:
        """Somebody goes elsewhere: what was looked for is done with."""
        self.finder.forget()
        self.open(key)

    def _let_go(self) -> None:
        """Take the keyboard from the page that goes: Qt would look for its next control before the new page has it."""
        here = self.window().focusWidget()
        if here is not None and self._stack.isAncestorOf(here):
            here.clearFocus()

    def _focus(self, page: Page) -> None:
        if not (self.search.hasFocus() and self.search.text()):
            wanted = page.first_focus()
            if wanted is None or not wanted.isVisible() or not wanted.isEnabled():
                wanted = page
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_place(self) -> None:
        place = _("Year {year}").format(year=self.desk.policy.year)
        self.nav.set_place(self.desk.profile.title, place)
        self.years.show_years(self.desk.facts.years, self.desk.policy.year)

    def _show_days(self) -> None:
        self.band.tell(self.desk.policy, self.desk.facts.policy, over=self.desk.is_over)
        where = position(self.desk.policy, self.desk.today)
        texts = {
            "before": _("The window opens in {days} days <small>({day})</small>"),
            "open": _("{days} days left in the window <small>(to {day})</small>"),
            "late": _("The window is closed <small>(since {day})</small>; late payment waits"),
            "over": _("This insurance year is over <small>({day})</small>"),
        }
        day = {"before": where.opens, "over": self.desk.policy.benefit.end}.get(where.state, where.closes)
        size = f'<span style="font-size:{themes.current().px(20)}px">{strong(str(where.days_left), "warn")}</span>'
        self._days.setText(texts[where.state].format(days=size, day=plain(day.isoformat())))

    def _on_ledger_changed(self, _changes: object, _initiator: object) -> None:
        self.read_pulse()

    def _on_policy_changed(self) -> None:
        self._show_place()
        self._show_days()
        self.read_pulse()

    def _on_year_wanted(self, year: int) -> None:
        """Show another year; a form that is open is finished by the year it was begun under."""
        self.desk.show_year(year)
        self._focus(self.page())

    def _on_year_left(self) -> None:
        self._on_year_wanted(self.desk.facts.policy.year)

    def _on_pulse_read(self, read: Pulse) -> None:
        for spec in self._specs.values():
            self.nav.set_count(spec.key, *spec.badge(read))
        today = self.desk.today
        saved = wording.moment(read.saved_at, today) if read.saved_at else _("not yet")
        sent = wording.moment(read.sent_at, today) if read.sent_at else _("not yet")
        if read.unsaved:
            saved = _("not made today")
        lines = [_("Encrypted"), _("Backup: {when}").format(when=saved)]
        if not self.desk.facts.standalone:
            lines.append(_("Last sent: {when}").format(when=sent))
        if read.to_compare:
            lines.append(_("Code not compared yet"))
        if read.clock is not None:
            lines.append(_("This computer's clock looks wrong"))
        self.nav.set_foot(*lines)
        self._tell_unsaved(read.unsaved)

    def _tell_unsaved(self, error: KnownError | None) -> None:
        """Say once that today's backup is missing; it stops nobody."""
        if error is not None and not self._unsaved:
            self.notice.tell(backups.unsaved_text(error), "warn", seconds=30)
        self._unsaved = error is not None

    def _on_told(self, words: str, undoable: bool) -> None:
        self.notice.tell(words, undo=self.undo_last if undoable else None)

    def _on_failed(self, error: KnownError) -> None:
        self.notice.tell(sentence(error), "bad", seconds=0)

    def _on_minute(self) -> None:
        self._show_days()
        if self.desk.book.loaded:
            self.desk.book.ensure()
