"""Send with one button, receive by dropping files; what became of each, and how far every record is delivered."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.actions import kits
from gui.desk import Desk
from gui.errors import sentence_for
from gui.i18n import _
from gui.models import devices, exchange, outbox
from gui.models.devices import Known, Office, VillageKits
from gui.models.exchange import LogLine
from gui.models.outbox import CONFIRMED, STATES, TOLD, UNSENT, WAITING, Outbox
from gui.ops import QueryOp
from gui.pages.exchange.compare import recovery_words, words_for_office
from gui.pages.exchange.dropping import DropTarget
from gui.pages.exchange.folder import FolderCard
from gui.pages.exchange.joining import JoinCard
from gui.pages.exchange.listing import ListingCard
from gui.pages.exchange.past import PastCard
from gui.pages.exchange.receiving import LookFirst, ReceivingCard
from gui.pages.exchange.sending import FOLDER, Sending
from gui.pages.exchange.telling import computers, named, numbers
from gui.pages.exchange.upward import UpwardRow
from gui.pages.exchange.view import ExchangeView
from gui.pages.page import Page
from gui.theme import Tone
from gui.widgets.cards import Stat
from gui.widgets.labels import plain
from gui.wording.delivery import fate_text
from gui.wording.places import below
from gui.wording.units import listed, number
from storage.ledger import Changes, Ledger
from storage.operators import EXCHANGE, KEYS
from storage.queries import clocks, contacts, villages
from storage.queries.clocks import ClockDoubt
from storage.queries.contacts import Contact
from sync.help import REQUEST
from sync.kits import SUFFIX as KIT


@dataclass(frozen=True, slots=True)
class _Past:
    """The log, the places below, and who is above and beside."""

    log: list[LogLine]
    places: list[VillageKits]
    office: Office
    outbox: Outbox | None
    clock: ClockDoubt | None
    ring: list[Contact]


class ExchangePage(Page):
    """Sending and receiving, of a village and of an office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._titles: dict[str, str] = {}
        self._above: Known | None = None
        self._outbox: Outbox | None = None
        self._later = False
        self._code, self._code_key = "", b""  # a tenth of a second, so it is worked out once
        self._below = below(desk.profile.scope) if desk.is_office else None
        self.log = exchange.log_model(
            lambda: desk.today,
            self._titles if self._below else None,
            self._below.title if self._below else "",
        )
        self.receiving, self.listing, self.join = ReceivingCard(desk), ListingCard(desk), JoinCard(desk)
        folder = FolderCard(desk.courier, desk.settings.folder(FOLDER))
        self.look, self.past, self.upward = LookFirst(desk), PastCard(desk), UpwardRow(desk)
        self.view = ExchangeView(
            self.log,
            self.receiving,
            self.listing,
            self.join,
            self.past,
            folder,
            self.look,
            self.upward,
            self._below,
        )
        view = self.view
        desk.permit(EXCHANGE, view.send, view.elsewhere, view.receive, view.whole, self.receiving.take_button)
        desk.permit(EXCHANGE, folder.choose, folder.visit, folder.leave)
        desk.permit(KEYS, view.compare.agree, self.receiving.compare.agree, self.join.go)
        self.sending = Sending(desk, view, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()
        self._say_how()

    def first_focus(self) -> QWidget | None:
        if self.desk.facts.standalone:
            return self.join.open
        return self.view.receive if self.desk.is_office else self.view.send

    def back(self) -> bool:
        if self.receiving.back():
            return True
        if self.listing.isVisible():
            self._close_listing()
            return True
        if self.past.isVisible():
            self._close_past()
            return True
        return False

    def refresh(self) -> None:
        self.look.read()
        self.upward.read()
        delivers = not self.desk.is_office and not self.desk.facts.standalone

        def read(ledger: Ledger) -> _Past:
            places = devices.read(ledger) if ledger.is_office else []
            return _Past(
                exchange.log_lines(villages.log(ledger)),
                places,
                devices.office(ledger),
                outbox.read(ledger) if delivers else None,
                clocks.doubt(ledger),
                [] if ledger.is_office else contacts.listed(ledger),
            )

        self.desk.ask(QueryOp(read, slot="bundles"), self._on_read, owner=self)

    def take(self, request: object) -> None:
        if isinstance(request, list):
            self.receiving.receive(request)
        elif isinstance(request, str) and request in self.view.figures:
            self.open_figure(request)

    def open_figure(self, key: str) -> None:
        """Show the records behind a figure."""
        count = self._outbox.count(key) if self._outbox else 0
        self.view.show_listing(True)
        self.listing.show_figure(key, count)
        self.listing.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.scroller.reveal(self.listing)

    def open_past(self) -> None:
        """Show the receivings before."""
        self.view.show_past(True)
        self.past.read()
        self.past.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.scroller.reveal(self.past)

    # ---- wiring

    def _listen(self) -> None:
        view, desk = self.view, self.desk
        DropTarget(self).dropped.connect(self._on_dropped)
        view.receive.clicked.connect(self.receiving.choose)
        view.whole.clicked.connect(self.receiving.choose_folder)
        view.before.clicked.connect(self.open_past)
        self.past.opened.connect(self.receiving.show_past)
        self.past.left.connect(self._close_past)
        self.receiving.person_opened.connect(lambda whose: self.wanted.emit("households", whose))
        self.receiving.asking.connect(view.scroller.reveal)
        view.compare.agreed.connect(self._on_compared)
        view.compare.later.connect(lambda: self._put_off(True))
        view.show_code.clicked.connect(lambda: self._put_off(False))
        view.new_kit.clicked.connect(self.join.choose)
        for key, card in view.figures.items():
            card.opened.connect(lambda key=key: self.open_figure(key))
        self.listing.left.connect(self._close_listing)
        self.listing.opened.connect(
            lambda whose: self.wanted.emit("households", (whose.household, whose.resident))
        )
        self.join.joined.connect(desk.events.redressing)
        desk.events.exchanged.connect(self._on_exchanged)
        self.sending.ended.connect(self._say_how)

    def _on_dropped(self, paths: list[Path]) -> None:
        kit = next((path for path in paths if path.suffix.lower() == KIT), None)
        request = next((path for path in paths if path.suffix.lower() == REQUEST), None)
        if kit is not None:
            self.join.take(kit)
        elif request is not None and self.desk.is_office:
            self.wanted.emit("devices", request)
        elif self.desk.facts.standalone:
            self.join.trouble.show_error(sentence_for("send.standalone", {}))
        else:
            self.receiving.receive(paths)

    def _close_listing(self) -> None:
        figure = self.view.figures[self.listing.figure]
        self.view.show_listing(False)
        figure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_past(self) -> None:
        self.view.show_past(False)
        self.view.before.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is shown

    def _on_read(self, past: _Past) -> None:
        self._titles.clear()
        self._titles.update((row.scope, row.title) for row in past.places)
        self.log.set_rows(past.log)
        self._show_office(past.office, past.ring)
        doubt = past.clock
        self.view.clock.show_error(sentence_for(doubt.code, {"days": doubt.days}) if doubt else "")
        if self.desk.is_office:
            self._say_whom(past)
        if past.outbox is not None:
            self._show_figures(past.outbox)

    def _say_how(self) -> None:
        """What sending and receiving mean here; a ledger without an office says how to join one."""
        view, facts = self.view, self.desk.facts
        folder = self.desk.settings.folder(FOLDER)
        alone = facts.standalone
        for card in (view.send_card, view.receive_card, view.folder, view.office_card):
            card.setVisible(not alone)
        view.show_figures(not alone and not self.desk.is_office)
        if self._below is not None:
            view.receive_text.setText(
                _(
                    "Drop the files of {places} or whole folders anywhere on this page, as many as there are."
                ).format(places=self._below.all)
            )
        elif not alone:
            view.send_text.setText(
                _("One encrypted file for {office}; only the office can open it. Folder: {folder}").format(
                    office=facts.profile.office, folder=folder
                )
            )
            view.receive_text.setText(
                _("Drop the files from the office (.hqb) anywhere on this page, as many as there are.")
            )

    def _say_whom(self, past: _Past) -> None:
        """For which places an office writes, and which have not joined yet."""
        assert self._below is not None
        missing = [row.title for row in past.places if not row.devices]
        joined = sum(bool(row.active) for row in past.places)
        folder = self.desk.settings.folder(FOLDER)
        above = past.office.above
        parts = []
        if joined:
            text = _("One encrypted file for each of {places} that have joined: {count}.")
            parts.append(text.format(places=self._below.all, count=joined))
        if above is not None:
            parts.append(_("One for {office} above.").format(office=above.device.title))
        if joined or above is not None:
            parts.append(_("Folder: {folder}").format(folder=folder))
        if missing:
            parts.append(_("Not joined yet: {names}").format(names=named(missing)))
        self.view.send_text.setText(
            "\n".join(parts) or _("Nobody has joined yet, so there is nobody to send to.")
        )
        anybody = bool(joined) or above is not None
        self.view.send.setEnabled(anybody and self.view.writing.isHidden())
        self.view.elsewhere.setEnabled(self.view.send.isEnabled())

    def _show_office(self, found: Office, ring: list[Contact]) -> None:
        """The office above with its code, and the other computers of this place."""
        self._above, view, facts = found.above, self.view, self.desk.facts
        above = found.above
        if above is not None and above.to_compare:
            title = above.device.title or facts.profile.office
            words = words_for_office(title) + "\n" + recovery_words(title)
            view.compare.show_words(
                _("Still to do: compare this code with {office}").format(office=title), words
            )
            view.compare.show_code(self._code if above.key == self._code_key else "")
            if above.key != self._code_key:
                self._code_key = above.key
                op = QueryOp(lambda ledger: devices.code_of(ledger, above.key))
                self.desk.ask(op, self._on_code_read, owner=self)
        self._put_off(self._later)
        view.office_card.setVisible(not facts.standalone and (above is not None or not self.desk.is_office))
        view.office_text.setText("\n".join([*computers(found, self.desk.today), *numbers(ring)]))

    def _on_code_read(self, code: str) -> None:
        self._code = code
        self.view.compare.show_code(code)

    def _show_figures(self, found: Outbox) -> None:
        self._outbox = found
        receipt = found.receipt_on
        told = found.figures.fates
        on = (
            _("last file read on {day}").format(day=wording.short_day(receipt, self.desk.today))
            if receipt
            else _("no file from the office read yet")
        )
        below_each = {
            UNSENT: _("goes out with the next file"),
            WAITING: _("the office's next file confirms it"),
            CONFIRMED: on,
            TOLD: listed([f"{fate_text(fate)} {count}" for fate, count in told.items()]) or _("nothing"),
        }
        titles = {
            UNSENT: _("Not sent yet"),
            WAITING: _("Sent, not confirmed yet"),
            CONFIRMED: _("Confirmed by the office"),
            TOLD: _("The office says"),
        }
        for key in (*STATES, TOLD):
            tone: Tone | None = "bad" if key == TOLD and ("conflict" in told or "refused" in told) else None
            stat = Stat(
                titles[key], number(found.count(key)), _("records"), below=plain(below_each[key]), tone=tone
            )
            self.view.figures[key].show_stat(stat)
        if self.listing.isVisible():
            self.listing.show_figure(self.listing.figure, found.count(self.listing.figure))

    # ---- answers

    def _put_off(self, later: bool) -> None:
        """Show the code to compare, or only how to come back to it."""
        self._later = later
        open_ = self._above is not None and self._above.to_compare
        self.view.code_card.setVisible(open_ and not later)
        self.view.show_code.setVisible(open_ and later)

    def _on_compared(self) -> None:
        if self._above is not None:
            op = kits.compared(self._above.key, self._above.device.title)
            self.desk.change(op, self._on_compare_noted, owner=self)

    def _on_compare_noted(self, changes: Changes) -> None:
        if not changes:  # a village writes nothing about it, so nobody else says so
            self.desk.events.told.emit(_("Noted: the code was compared."), False)
        self.desk.events.exchanged.emit()
