"""Everybody of the villages wanted, read one village after another, so that others get their turn."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gui.desk import Desk
from gui.models import roll
from gui.models.roll import Entry, Found, RollFilter
from gui.ops import QueryOp
from storage.ledger import Ledger
from storage.places import under
from storage.queries import villages

if TYPE_CHECKING:
    from gui.pages.people.page import PeoplePage

_PAUSE = 700  # ms after a search was emptied before the villages are read: the next word may follow


class Reading(QObject):
    """The part of the page of people that reads them; ``ready`` once all are ``found``.

    Nobody is read while somebody is looked for: each village would keep the search waiting.
    """

    def __init__(self, desk: Desk, page: "PeoplePage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self.titles: dict[str, str] = {}
        self.found: Found = {}
        self.ready = False
        self._kept: tuple[RollFilter, list[Entry]] | None = None
        self._stale = False
        self._turn = 0
        self._begin = QTimer(self)
        self._begin.setSingleShot(True)
        self._begin.timeout.connect(self._on_begun)

    def spoil(self) -> None:
        """What was read is of before; who is under way stops."""
        self._turn += 1
        self._stale = True

    def begin(self, *, soon: bool = True) -> None:
        """Read what was not read since it changed; not ``soon``: after a pause."""
        self._begin.start(0 if soon else _PAUSE)

    def put_off(self) -> None:
        """Stop what is under way until nobody is looked for."""
        if self._stale:
            self._turn += 1

    def forget(self) -> None:
        """Show nobody of what was read: others are wanted."""
        self.found, self._kept, self.ready = {}, None, False

    def chosen(self, wanted: RollFilter) -> list[Entry]:
        """The people of the filter, as soon as everybody was read."""
        standing = self.found.get(wanted.code)
        if standing is not None or not self.ready:
            return standing or []
        if self._kept is None or self._kept[0] != wanted:
            self._kept = wanted, roll.choose(self.desk.policy, wanted, self.found.get("all", ()))
        return self._kept[1]

    def _on_begun(self) -> None:
        if self.page.sought or not self._stale:
            return
        op = QueryOp(villages.titles, slot="roll", later=True)
        self.desk.ask(op, partial(self._on_titles_read, self._turn), owner=self)

    def _on_titles_read(self, turn: int, titles: dict[str, str]) -> None:
        if turn != self._turn:
            return
        self.titles = titles
        self.page.show_villages()
        wanted = self.page.filter.scope
        self._read_next(turn, [scope for scope in titles if not wanted or under(scope, wanted)], {})

    def _read_next(self, turn: int, left: list[str], read: Found) -> None:
        if not left:
            self.found, self._kept, self.ready, self._stale = read, None, True, False
            self.page.show_people()
            return
        scope, *rest = left
        policy, base, title = self.desk.policy, self.page.filter.denominator, self.titles[scope]

        def ask(ledger: Ledger) -> Found:
            return roll.read(ledger, policy, base, scope, title)

        def on_read(part: Found) -> None:
            if turn == self._turn:
                for code, found in part.items():
                    read.setdefault(code, []).extend(found)
                if not self.ready and rest:
                    self.page.say_reading(len(rest))
                self._read_next(turn, rest, read)

        self.desk.ask(QueryOp(ask, slot="roll", later=True), on_read, owner=self)
