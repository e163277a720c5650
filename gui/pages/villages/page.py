"""The places below side by side: who is behind, by which denominator, and whose file is missing."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk
from gui.i18n import _
from gui.models import board
from gui.models.board import Board, BoardRow
from gui.models.roll import RollFilter
from gui.ops import QueryOp
from gui.pages.exchange.dropping import DropTarget
from gui.pages.exchange.receiving import LookFirst, ReceivingCard
from gui.pages.page import Page
from gui.pages.villages.view import VillagesView
from gui.theme import Tone
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Stat
from gui.widgets.fields import CHOICE_KEYS
from gui.widgets.labels import plain, strong
from gui.widgets.pieces import Bar
from gui.wording import names
from gui.wording.places import below
from storage.operators import EXCHANGE
from storage.policy import rates
from storage.policy.model import Target
from storage.queries import figures
from storage.queries.figures import Figures

_NAMED = 3
_WIDE_NUMBER = "{part:,} / {whole:,}"


class VillagesPage(Page):
    """The first page of an office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._base = board.first_choice(desk.policy)
        self._board: Board | None = None
        self._offered: list[tuple[str, str]] = []
        self._places = below(desk.profile.scope)
        self.rows = board.model(lambda: desk.today, self._target_rate, desk.profile.scope)
        self.receiving = ReceivingCard(desk)
        self.look = LookFirst(desk)
        self.view = VillagesView(self.rows, self.receiving, self.look, self._places)
        desk.permit(EXCHANGE, self.view.receive, self.receiving.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()

    def follow_policy(self) -> None:
        self._base = board.still(self.desk.policy, self._base)
        self._offer_bases()

    def first_focus(self) -> QWidget | None:
        return self.view.table if self.rows.rows else self.view.kits

    def back(self) -> bool:
        return self.receiving.back()

    def refresh(self) -> None:
        policy, base = self.desk.policy, self._base
        self.look.read()
        if self._board is None:
            self.view.show_state(self.view.waiting)
        self.desk.ask(
            QueryOp(lambda ledger: board.read(ledger, policy, base), slot="board"), self._on_read, owner=self
        )

    def receive(self, paths: list[Path]) -> None:
        """Take files and folders in."""
        self.receiving.receive(paths)

    # ---- wiring

    def _listen(self) -> None:
        view, desk = self.view, self.desk
        DropTarget(self).dropped.connect(self.receive)
        view.receive.clicked.connect(self.receiving.choose)
        self.receiving.person_opened.connect(lambda whose: self.wanted.emit("households", whose))
        view.kits.clicked.connect(lambda: self.wanted.emit("devices", "make"))
        view.bases.chosen.connect(self._on_base_chosen)
        view.table.opened.connect(self._on_village_opened)
        doors = {"rate": "unpaid", "credential": "credential", "special": "special_unpaid"}
        for key, code in doors.items():
            view.cards[key].opened.connect(lambda code=code: self._open_people(code))
        view.cards["unsent"].opened.connect(self._sort_by_last_sent)
        view.cards["settle"].opened.connect(lambda: self.wanted.emit("pending", None))
        desk.events.exchanged.connect(self._on_exchanged)
        self._offer_bases()
        for digit in CHOICE_KEYS:
            short = QShortcut(QKeySequence(digit), self)
            short.activated.connect(lambda digit=digit: self._press(digit))

    def _offer_bases(self) -> None:
        """Offer the denominators of the policy; the row keeps the keyboard where they are other ones."""
        bases, offered = self.view.bases, [(one.code, one.name) for one in board.choices(self.desk.policy)]
        if offered != self._offered:
            held = any(one.hasFocus() for one in bases.findChildren(KeyButton))
            self._offered = offered
            bases.set_choices(offered)
            bases.setAccessibleName(_("Rate of whom"))
            if held:
                QTimer.singleShot(0, bases, bases.setFocus)
        bases.choose(self._base)

    def _press(self, digit: str) -> None:
        focused = self.view.table.hasFocus()
        self.view.bases.press(digit)
        if focused:
            self.view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_base_chosen(self, code: str) -> None:
        if code != self._base:
            self._base = code
            self.refresh()

    def _on_village_opened(self, row: BoardRow) -> None:
        self._open_people("unpaid", row.village.scope)

    def _open_people(self, code: str, scope: str = "") -> None:
        self.wanted.emit("people", RollFilter(code, scope, self._base))

    def _sort_by_last_sent(self) -> None:
        """The longest silent first."""
        self.view.table.sortByColumn(board.SENT, Qt.SortOrder.AscendingOrder)
        self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.table.selectRow(0)

    # ---- showing

    def _on_read(self, read: Board) -> None:
        self._board = read
        if not read.rows:
            self.view.show_state(self.view.empty)
            return
        self.view.show_board()
        self.rows.set_rows(read.rows)
        if self.view.table.current_row() is None:
            self.view.table.selectRow(0)
        self._show_cards(read)
        base = names.denominator(self.desk.policy, read.denominator)
        self.view.title.setText(_("Ranked by the rate of"))
        self._show_source(read, base)

    def _show_cards(self, read: Board) -> None:
        cards = self.view.cards
        cards["rate"].show_stat(self._rate(read))
        cards["credential"].show_stat(self._credential(read.total))
        cards["special"].show_stat(self._special(read.total))
        cards["unsent"].show_stat(self._unsent(read))
        cards["settle"].show_stat(self._settle(read))

    def _rate(self, read: Board) -> Stat:
        found, policy = read.total, self.desk.policy
        title = _("Rate, of: {base}").format(base=names.denominator(policy, read.denominator))
        beside = _WIDE_NUMBER.format(part=found.should_paid, whole=found.should)
        target, stated = board.target_of(policy, read.denominator), policy.target("everyone")
        if target is not None:
            below = _missing(target, found.should_paid, found.should)
        elif stated is not None and stated.rate is not None and stated.denominator is not None:
            other = names.denominator(policy, stated.denominator)
            words = _("The target {target} is of: {base}")
            below = plain(words.format(target=_percent(stated), base=other))
        else:
            below = plain(_("The policy names no target."))
        share = found.should_paid / found.should if found.should else 0.0
        return Stat(title, wording.percent(found.rate), beside, Bar(share, _tick(target)), below)

    def _credential(self, found: Figures) -> Stat:
        target = self.desk.policy.target("credential")
        beside = _WIDE_NUMBER.format(part=found.credential, whole=found.people)
        below = ""
        if target is not None and target.rate is not None:
            below = _missing(target, found.credential, found.people)
        share = found.credential / found.people if found.people else 0.0
        rate = wording.percent(found.credential_rate)
        return Stat(_("E-credentials active"), rate, beside, Bar(share, _tick(target)), below)

    def _special(self, found: Figures) -> Stat:
        target = self.desk.policy.target("special")
        beside = _WIDE_NUMBER.format(part=found.special_paid, whole=found.special)
        below = ""
        if target is not None and target.rate is not None:
            below = _missing(target, found.special_paid, found.special)
            missing = rates.gap(target.rate, found.special_paid, found.special)
            if target.deadline and missing:
                day = plain(wording.short_day(target.deadline, self.desk.today))
                below = _("by {day}, {count} missing").format(day=day, count=strong(f"{missing:,}", "bad"))
        share = found.special_paid / found.special if found.special else 0.0
        rate = wording.percent(figures.percent(found.special_paid, found.special))
        bar = Bar(share, _tick(target), "warn" if found.special_paid < found.special else "ok")
        return Stat(_("Special groups paid"), rate, beside, bar, below)

    def _unsent(self, read: Board) -> Stat:
        silent = [village.title for village in board.unsent(read, self.desk.today)]
        words = wording.units.listed(silent[:_NAMED])
        if len(silent) > _NAMED:
            words = _("{names} and {count} more").format(names=words, count=len(silent) - _NAMED)
        title = _("Not sent this week")
        below = plain(words or _("Everybody with a kit has sent."))
        tone: Tone = "bad" if silent else "ok"
        return Stat(title, str(len(silent)), self._places.counted, below=below, tone=tone)

    def _settle(self, read: Board) -> Stat:
        found, asked = read.total, sum(row.questions for row in read.rows)
        waiting = found.conflicts + found.to_review + asked
        parts = [
            _("{count} conflicts").format(
                count=strong(str(found.conflicts), "bad" if found.conflicts else None)
            ),
            _("{count} to check").format(count=strong(str(found.to_review + asked))),
        ]
        return Stat(_("To settle"), f"{waiting:,}", _("questions"), below=" · ".join(parts))

    def _show_source(self, read: Board, base: str) -> None:
        policy = self.desk.policy
        parts = [plain(_("Policy: {title}").format(title=policy.title))]
        if policy.example:
            parts.append(strong(_("Example, in force nowhere"), "warn"))
        if policy.yellow_cards is not None:
            cards = policy.yellow_cards
            words = _("Early warning: the last {count} by this rate; yellow cards are given by {issuer}.")
            parts.append(plain(words.format(count=cards.count, issuer=cards.issuer)))
        if read.outside:
            words = _("+n: paid people who are not counted in “{base}”.")
            parts.append(plain(words.format(base=base)))
        if read.twice:
            words = _("{count} people stand in two rows; the figures above count them once.")
            parts.append(plain(words.format(count=wording.units.number(read.twice))))
        if read.total.erased:
            words = _("{count} people were erased on request and count nowhere.")
            parts.append(plain(words.format(count=wording.units.number(read.total.erased))))
        if any(row.files for row in read.rows):
            words = _(
                "A missing file is no loss where a later one came: each carries all that was not confirmed."
            )
            parts.append(plain(words))
        self.view.source.setText(" · ".join(parts))

    def _target_rate(self) -> float | None:
        return _tick(board.target_of(self.desk.policy, self._base))


def _missing(target: Target, reached: int, total: int) -> str:
    """How many are missing to a target, as rich text."""
    assert target.rate is not None
    gap = rates.gap(target.rate, reached, total)
    if not gap:
        return plain(_("{target} reached").format(target=_percent(target)))
    return _("{missing} missing to {target}").format(missing=strong(f"{gap:,}"), target=_percent(target))


def _tick(target: Target | None) -> float | None:
    return float(target.rate) if target is not None and target.rate is not None else None


def _percent(target: Target) -> str:
    return f"{target.rate:.0%}" if target.rate is not None else ""
