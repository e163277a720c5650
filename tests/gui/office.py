"""A township office of invented villages, made by kits and bundles as people make them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from storage.clock import Clock
from storage.commands import facts, payments
from storage.commands.payments import Payment
from storage.ledger import Edit, Ledger
from storage.records import derived_id
from sync import enrol, exchange, kits
from tests.gui.village import PASSPHRASE, TODAY, YEAR, number

CODE = "150621102000"
TITLE = "白泥井镇医保办"
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = ["建国", "秀英", "桂兰", "海燕", "文", "那顺", "其其格", "乌力吉", "敖登", "志强"]
PAID = Payment(40000, date(2025, 10, 12), "mini_program")


@dataclass(frozen=True)
class Place:
    """A village to make: its code and name, how many people, how many of them paid, and how it stands.

    ``active`` e-credentials, ``special`` people (the first of them unpaid), ``away`` people who live
    elsewhere and paid, ``sent`` days before today its file was written.
    """

    code: str
    title: str
    people: int
    paid: int
    active: int = 0
    special: int = 0
    away: int = 0
    sent: int = 0


PLACES = (
    Place("150621102200", "查干沟嘎查", 20, 19, active=16, special=2),
    Place("150621102201", "柳林村", 20, 12, active=10, special=3, sent=11),
    Place("150621102202", "海勒苏村", 20, 16, active=14, away=3, sent=1),
)


@dataclass(frozen=True)
class Township:
    """An office's closed ledger, and where its villages' kits and bundles lie."""

    folder: Path
    data_dir: Path
    kits: Path
    bundles: tuple[Path, ...]


def make(
    root: Path, places: Sequence[Place] = PLACES, *, received: bool = True, waiting: Sequence[str] = ()
) -> Township:
    """An office with these villages; ``received``: their bundles are taken in; ``waiting``: kits nobody opened."""
    data_dir, kit_folder = root / "office-data", root / "kits"
    office = enrol.create_office(
        root / "office", CODE, TITLE, passphrase=PASSPHRASE, operator="李科员", data_dir=data_dir, clock=Clock(TODAY)
    )  # fmt: skip
    with office:
        for place in places:
            kits.make(office, place.code, place.title, kit_folder / f"{place.code}.hqk")
        for count, title in enumerate(waiting):
            kits.make(office, f"1506211022{50 + count}", title, kit_folder / f"{50 + count}.hqk")
        bundles = tuple(send(root, place, kit_folder / f"{place.code}.hqk") for place in places)
        if received:
            exchange.receive(office, bundles)
    return Township(root / "office", data_dir, kit_folder, bundles)


def send(root: Path, place: Place, kit: Path) -> Path:
    """Make a village from its kit, fill it and write its bundle."""
    clock = Clock(TODAY - timedelta(days=place.sent))
    names = {
        "passphrase": PASSPHRASE,
        "operator": f"{place.title}联络员",
        "data_dir": root / f"{place.code}-data",
    }
    with enrol.open_kit(root / place.code, kit, clock=clock, **names) as village:
        fill(village, place)
        return exchange.send(village, root / "sent")[0].path


def fill(village: Ledger, place: Place) -> None:
    """Put the people of a village into its ledger."""
    people = [village.id_for("resident", str(each)) for each in range(place.people + place.away)]
    village.write(
        [edit for each, record in enumerate(people) for edit in _person(village, place, each, record)]
    )
    for record in people[: place.special]:
        grant = {"group_code": "dibao", "grant_source": "民政局名单", "since": "2025-09-01"}
        link = {"resident": record, "year": YEAR}
        subsidy = derived_id("subsidy", record, YEAR, "dibao")
        village.write([Edit("subsidy", subsidy, {"link": link, "grant": grant})])
    # From the end: the first ones, those of special groups, pay last.
    paid = people[place.people - place.paid : place.people] + people[place.people :]
    payments.record(village, paid, PAID, year=YEAR, today=TODAY)
    if place.active:
        facts.credential(village, people[: place.active], "self", on=PAID.paid_on, today=TODAY)
    if place.special:
        facts.assistance(village, people[:1], "no_smartphone", what="上门用 POS", on=None, note="", year=YEAR)


def _person(village: Ledger, place: Place, each: int, record: str) -> list[Edit]:
    home = village.id_for("household", village.profile.scope, str(each // 3))
    edits = []
    if each % 3 == 0:
        registers = {
            "number": {"number": f"{each // 3 + 1:04d}"},
            "place": {"grp": f"{each // 30 + 1:02d}组"},
        }
        edits.append(Edit("household", home, registers))
    birth = f"{1950 + each % 60}{each % 12 + 1:02d}{each % 28 + 1:02d}"
    sequence = int(place.code[-3:]) % 500 + each % 400 + 1
    identity = {
        "name": SURNAMES[each % len(SURNAMES)] + GIVEN[(each // 10) % len(GIVEN)],
        "id_number": number(birth, sequence),
    }
    registers = {
        "identity": identity,
        "membership": {"household": home, "relation": "0" if each % 3 == 0 else "8"},
        "residence": {"residence": "resident" if each < place.people else "away"},
        "contact": {"phone": f"139{int(place.code[-4:]):04d}{each:04d}"},
    }
    edits.append(Edit("resident", record, registers))
    return edits
