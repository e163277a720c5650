"""The villages of an office by kit and device."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from storage.ledger import Ledger
from storage.queries import devices, villages
from storage.queries.devices import DeviceRow, KitRow


@dataclass(frozen=True, slots=True)
class VillageKits:
    """A village with its kits and devices, the newest first, and when it wrote the last file that came."""

    scope: str
    title: str
    kits: tuple[KitRow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    sent: datetime | None = None

    @property
    def waiting(self) -> KitRow | None:
        """The newest kit nobody has joined with yet."""
        return next((kit for kit in self.kits if not kit.used), None)


def read(ledger: Ledger) -> list[VillageKits]:
    """Read them on the ledger thread, by code."""
    kits, joined = devices.kits(ledger), devices.village_devices(ledger)
    sent = {row.scope: row.made_at for row in reversed(villages.log(ledger)) if row.direction == "in"}
    return [
        VillageKits(
            scope,
            title,
            tuple(kit for kit in kits if kit.scope == scope),
            tuple(device for device in joined if device.scope == scope),
            datetime.fromisoformat(sent[scope]).astimezone() if scope in sent else None,
        )
        for scope, title in villages.titles(ledger).items()
    ]


def villages_model(today: Callable[[], date]) -> RowsModel:
    """Village, code, how far its kit is, when it sent last."""

    def day(when: date | None) -> str:
        return wording.short_day(when, today())

    def state(row: VillageKits) -> Cell:
        waiting = row.waiting
        if row.devices:
            line: list[Piece] = [
                Tag(_("joined"), "ok"),
                Text(_("since {day}").format(day=day(row.devices[-1].since)), "soft"),
            ]
            return [line, [Tag(_("a kit is out"), "info")]] if waiting else [line]
        if waiting:
            made = Text(_("made {day}").format(day=day(waiting.made_on)), "soft")
            return [[Tag(_("handed out, nothing came yet"), "info"), made]]
        return [[Tag(_("no kit"), "warn")]]

    def sent(row: VillageKits) -> str:
        return wording.moment(row.sent, today()) if row.sent else wording.units.NOTHING

    return RowsModel(
        [
            Column(
                _("Village"),
                lambda row: row.title,
                cell=lambda row: [[Text(row.title, "strong")]],
                stretch=True,
            ),
            Column(_("Code"), lambda row: row.scope),
            Column(_("Kit"), _standing, cell=state),
            Column(
                _("Devices"),
                lambda row: str(len(row.devices)),
                sort=lambda row: len(row.devices),
                align="right",
            ),
            Column(_("Last sent"), sent, sort=lambda row: row.sent),
        ],
        key=lambda row: row.scope,
    )


def devices_model(today: Callable[[], date]) -> RowsModel:
    """The devices that joined: whose, since when, and whether the code was compared."""

    def state(device: DeviceRow) -> Cell:
        if device.state != "active":
            return [[Tag(_("no longer allowed"), "bad")]]
        return [[Tag(_("code not compared"), "warn")]]

    def since(device: DeviceRow) -> str:
        return wording.short_day(device.since, today())

    return RowsModel(
        [
            Column(_("Device of"), lambda device: device.title, stretch=True),
            Column(_("Joined"), since, sort=lambda device: device.since),
            Column(_("State"), lambda device: device.state, cell=state),
        ],
        key=lambda device: device.key,
    )


def _standing(row: VillageKits) -> str:
    return "joined" if row.devices else "waiting" if row.waiting else "none"
