"""The places below an office by kit and device; the office above; whose code is still to be compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording.places import below
from storage.commands import erasure
from storage.ledger import Ledger
from storage.places import is_parent, under
from storage.queries import contacts, villages
from storage.queries import devices as queries
from storage.queries.contacts import Contact
from storage.queries.devices import KitRow
from storage.queries.people import day
from sync import devices, help, peers
from sync.colleagues import is_colleague
from sync.help import Plea
from sync.peers import ACTIVE, Device

NO_CODE = ""
ASKED, HELPED, TO_COMPARE, SEVERAL, WAITING_ENTRIES = (
    "asked",
    "helped",
    "to_compare",
    "several",
    "waiting_entries",
)
JOINED, STOPPED, OUT, NO_KIT = "joined", "stopped", "out", "no_kit"
STATES = (ASKED, TO_COMPARE, WAITING_ENTRIES, STOPPED, NO_KIT, OUT, SEVERAL, HELPED, JOINED)
"""How a place stands with kits and devices, from what wants an answer to what is settled."""


@dataclass(frozen=True, slots=True)
class Known:
    """A device: its short name, how many of its entries wait, how long it is in use and compared."""

    device: Device
    handle: str
    waiting: int = 0

    @property
    def key(self) -> bytes:
        """What tells devices apart; never shown."""
        return self.device.verify_key

    @property
    def active(self) -> bool:
        """Whether it may send."""
        return self.device.state == ACTIVE

    @property
    def to_compare(self) -> bool:
        """Whether its code is still to be compared."""
        return self.active and not self.device.compared


@dataclass(frozen=True, slots=True)
class VillageKits:
    """A place below with its kits and devices, the newest first, when its last file came, copies that wrote alike.

    ``plea`` is its newest request for help, ``withheld`` counts entries that came without content, ``ring`` are the
    people to telephone.
    """

    scope: str
    title: str
    kits: tuple[KitRow, ...] = ()
    devices: tuple[Known, ...] = ()
    sent: datetime | None = None
    forks: int = 0
    plea: Plea | None = None
    withheld: int = 0
    ring: tuple[Contact, ...] = ()

    @property
    def waiting(self) -> KitRow | None:
        """The newest kit nobody has joined with yet."""
        return next((kit for kit in self.kits if kit.state == "open"), None)

    @property
    def active(self) -> tuple[Known, ...]:
        """The devices that may send."""
        return tuple(one for one in self.devices if one.active)

    @property
    def asks(self) -> bool:
        """Whether its request for help waits for an answer."""
        return self.plea is not None and not self.plea.answered_on

    @property
    def states(self) -> tuple[str, ...]:
        """How it stands, what wants somebody first: codes of STATES."""
        active = self.active
        has = {
            ASKED: self.asks,
            HELPED: self.plea is not None and not self.asks and not self._heard_since(self.plea.answered_on),
            TO_COMPARE: any(one.to_compare for one in active),
            SEVERAL: len(active) > 1,
            WAITING_ENTRIES: any(one.waiting for one in self.devices),
            JOINED: bool(active),
            STOPPED: bool(self.devices) and not active,
            OUT: self.waiting is not None,
            NO_KIT: not self.devices and self.waiting is None,
        }
        return tuple(code for code in STATES if has[code])

    def _heard_since(self, day_: str) -> bool:
        return self.sent is not None and self.sent.date().isoformat() > day_


@dataclass(frozen=True, slots=True)
class Office:
    """The office above as its village knows it, and the other devices of the own place."""

    above: Known | None
    fellows: tuple[Known, ...]
    own_handle: str


def read(ledger: Ledger) -> list[VillageKits]:
    """Read the places below on the ledger thread, by code."""
    own = ledger.profile.scope
    kits = queries.kits(ledger)
    joined = [_known(ledger, one) for one in reversed(peers.known(ledger)) if _is_ours(ledger, one)]
    sent = {row.scope: row.made_at for row in reversed(villages.log(ledger)) if row.direction == "in"}
    forked, pleas, rung = queries.forks(ledger), help.pleas(ledger), contacts.by_place(ledger)
    withheld = erasure.withheld(ledger)
    titles = {scope: title for scope, title in villages.titles(ledger).items() if is_parent(own, scope)}
    for one in joined:
        titles.setdefault(one.device.scope, one.device.title)
    if own in titles or any(kit.scope == own for kit in kits):
        titles[own] = colleagues_title(ledger.profile.title)
    return [
        VillageKits(
            scope,
            title,
            tuple(kit for kit in kits if kit.scope == scope),
            tuple(one for one in joined if one.device.scope == scope),
            datetime.fromisoformat(sent[scope]).astimezone() if scope in sent else None,
            sum(under(place, scope) for place, _replica, _count in forked),
            pleas.get(scope),
            len(withheld.get(scope, ())),
            tuple(rung.get(scope, ())),
        )
        for scope, title in sorted(titles.items())
    ]


def colleagues_title(office_title: str) -> str:
    """What the other computers of an office are listed under."""
    return _("{office} (our own computers)").format(office=office_title)


def _is_ours(ledger: Ledger, device: Device) -> bool:
    """Whether this office says who the device is: one right below it, or a colleague's."""
    own = ledger.profile.scope
    return is_parent(own, device.scope) or (is_colleague(ledger, device.scope) and bool(device.recipient))


def office(ledger: Ledger) -> Office:
    """Read who is above and beside this ledger's device."""
    own = ledger.profile.scope
    known = peers.known(ledger)
    above = [_known(ledger, one) for one in known if is_parent(one.scope, own) and one.state == ACTIVE]
    beside = [_known(ledger, one) for one in known if one.scope == own and one.recipient]
    return Office(above[-1] if above else None, tuple(beside), devices.handle_of(ledger.device.verify_key))


def to_compare(ledger: Ledger, scopes: Sequence[str]) -> list[Known]:
    """Read the devices of some places whose code was not compared yet, the newest first."""
    found = [_known(ledger, one) for one in reversed(peers.known(ledger)) if one.scope in scopes]
    return [one for one in found if one.to_compare]


def open_ones(ledger: Ledger) -> int:
    """How many devices below have a code to compare or entries that wait for the office."""
    found = [_known(ledger, one) for one in peers.known(ledger) if _is_ours(ledger, one)]
    asked = sum(not plea.answered_on for plea in help.pleas(ledger).values())
    return asked + sum(one.to_compare or bool(one.waiting) for one in found)


def code_of(ledger: Ledger, key: bytes) -> str:
    """Return the twelve digits to compare with a device; a tenth of a second. "" where it is not known any more."""
    device = peers.named(ledger, key)
    return devices.code_between(ledger, device) if device else NO_CODE


def _known(ledger: Ledger, device: Device) -> Known:
    waiting = 0 if device.state == ACTIVE else queries.held_back(ledger, device.verify_key)
    return Known(device, devices.handle_of(device.verify_key), waiting)


def open_kits(row: VillageKits) -> list[KitRow]:
    """The kits nobody has joined with and that were not withdrawn."""
    return [kit for kit in row.kits if kit.state == "open"]


# ---- tables


def villages_model(today: Callable[[], date], office_code: str) -> RowsModel:
    """Place, code, how far its kit is, its devices, when it sent last."""

    def state(row: VillageKits) -> Cell:
        lines: list[list[Piece]] = []
        for code in row.states:
            words, tone = state_words(code)
            detail = _detail(row, code, today())
            lines.append([Tag(words, tone), *([Text(detail, "soft")] if detail else [])])
        return lines

    def joined(row: VillageKits) -> Cell:
        line: list[Piece] = [Text(str(len(row.active)))]
        if row.withheld:
            line.append(Tag(_("without content"), "warn"))
        if row.forks:
            line.append(Tag(_("two copies"), "warn"))
        return [line]

    def sent(row: VillageKits) -> str:
        return wording.moment(row.sent, today()) if row.sent else wording.units.NOTHING

    return RowsModel(
        [
            Column(
                below(office_code).title,
                lambda row: row.title,
                cell=lambda row: [[Text(row.title, "strong")], [Text(row.scope, "soft")]],
                stretch=True,
            ),
            Column(_("State"), states_text, sort=_standing, cell=state),
            Column(_("Devices"), lambda row: str(len(row.active)), sort=_pressing, cell=joined),
            Column(_("Last sent"), sent, sort=lambda row: row.sent),
        ],
        key=lambda row: row.scope,
    )


def _pressing(row: VillageKits) -> tuple[int, int]:
    open_ = sum(one.to_compare for one in row.devices) + sum(bool(one.waiting) for one in row.devices)
    return -open_, len(row.active)


def _standing(row: VillageKits) -> tuple[int, str]:
    return STATES.index(row.states[0]), row.scope


def states_text(row: VillageKits) -> str:
    """How a place stands, in words."""
    return wording.units.listed([state_words(code)[0] for code in row.states])


def state_words(code: str) -> tuple[str, Tone]:
    """A state in a few words, and how it is coloured beside them."""
    words: dict[str, tuple[str, Tone]] = {
        ASKED: (_("asks to be let in"), "bad"),
        HELPED: (_("request answered"), "info"),
        TO_COMPARE: (_("compare the code"), "warn"),
        SEVERAL: (_("several computers"), "mute"),
        WAITING_ENTRIES: (_("entries wait"), "warn"),
        JOINED: (_("joined"), "ok"),
        STOPPED: (_("no longer allowed"), "bad"),
        OUT: (_("handed out, nothing came yet"), "info"),
        NO_KIT: (_("no kit"), "warn"),
    }
    return words[code]


def _detail(row: VillageKits, code: str, today: date) -> str:
    """Since when, or who."""
    if code == JOINED:
        return _("since {day}").format(day=_day(min(one.device.since for one in row.active), today))
    if code == OUT and row.waiting is not None:
        return _("made {day}").format(day=wording.short_day(row.waiting.made_on, today))
    if code == ASKED and row.plea is not None:
        return wording.units.listed([row.plea.operator, _day(row.plea.made_on, today)])
    if code == HELPED and row.plea is not None:
        return _day(row.plea.answered_on, today)
    return ""


def counted(rows: Sequence[VillageKits]) -> str:
    """How many places stand how, in one line; a place is counted once, under what wants somebody first."""
    first = [row.states[0] for row in rows]
    parts = [f"{state_words(code)[0]} {first.count(code)}" for code in STATES if code in first]
    return wording.units.listed(parts)


def _day(text: str, today: date) -> str:
    return wording.short_day(day(text), today)


def devices_model(today: Callable[[], date], code: Callable[[bytes], str]) -> RowsModel:
    """The devices of one place: short name, since when, how it stands, the code to compare."""

    def state(known: Known) -> Cell:
        return [[*_tags(known, today())]]

    return RowsModel(
        [
            Column(
                _("Device"),
                lambda known: known.handle,
                cell=lambda known: [
                    [Text(known.handle, "strong")],
                    [Text(_("since {day}").format(day=_day(known.device.since, today())), "soft")],
                ],
            ),
            Column(_("State"), lambda known: _tags(known, today())[0].text, cell=state, stretch=True),
            Column(
                _("Code to compare"),
                lambda known: (code(known.key) or "…") if known.active else wording.units.NOTHING,
            ),
        ],
        key=lambda known: known.key,
    )


def _tags(known: Known, today: date) -> list[Tag]:
    if not known.active:
        tags = [Tag(_("no longer allowed"), "bad")]
    elif known.device.compared:
        tags = [Tag(_("compared {day}").format(day=_day(known.device.compared, today)), "ok")]
    else:
        tags = [Tag(_("code not compared"), "warn")]
    if known.waiting:
        tags.append(Tag(_("{count} entries wait").format(count=f"{known.waiting:,}"), "warn"))
    return tags


def kits_model(today: Callable[[], date]) -> RowsModel:
    """The kits of one place: when made, and whether somebody has joined with it."""
    states: dict[str, tuple[str, Tone]] = {
        "open": (_("not used yet"), "info"),
        "used": (_("used"), "ok"),
        "withdrawn": (_("withdrawn"), "mute"),
    }

    def state(kit: KitRow) -> Cell:
        words, tone = states[kit.state]
        return [[Tag(words, tone)]]

    return RowsModel(
        [
            Column(_("Made"), lambda kit: wording.short_day(kit.made_on, today())),
            Column(_("State"), lambda kit: states[kit.state][0], cell=state, stretch=True),
        ],
        key=lambda kit: kit.secret,
    )
