"""A village and its office of invented people who disagree about some of them, exchanged both ways."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from storage.clock import Clock
from storage.commands import facts, payments, people
from storage.commands.payments import Payment
from storage.ledger import Edit, Ledger
from storage.records import derived_id
from sync import enrol, exchange, kits
from tests.gui.village import CODE, HOMES, PASSPHRASE, TODAY, YEAR, _register, household, number

ROSTER = "roster:白泥井镇花名册.xlsx:112"


@dataclass(frozen=True)
class Sides:
    """The closed ledgers of both, with the data of their computers."""

    village: Path
    village_data: Path
    office: Path
    office_data: Path


def make(root: Path, many: int = 0) -> Sides:
    """Let them disagree about a phone, names, households, a reason, a group; ``many`` more about phones."""
    where = Sides(root / "village", root / "data", root / "office", root / "office-data")
    who = {"passphrase": PASSPHRASE, "clock": Clock(TODAY)}
    office = enrol.create_office(
        where.office, f"{CODE[:9]}000", "白泥井镇医保办", operator="李科员", data_dir=where.office_data, **who
    )
    kits.make(office, CODE, "查干沟嘎查村", root / "kit.hqk")
    village = enrol.open_kit(
        where.village, root / "kit.hqk", operator="王联络员", data_dir=where.village_data, **who
    )
    with office, village:
        village.write(_register(village))
        exchange.receive(office, [sent.path for sent in exchange.send(village, root / "1")])
        for side, ledger in enumerate((village, office)):
            _say(ledger, side)
            _phones(village, ledger, side, many)
        _paid_and_absent(village)
        exchange.receive(office, [sent.path for sent in exchange.send(village, root / "2")])
        exchange.receive(village, [sent.path for sent in exchange.send(office, root / "3")])
        exchange.receive(office, [sent.path for sent in exchange.send(village, root / "4")])
    return where


def _who(ledger: Ledger) -> list[str]:
    return [ledger.id_for("resident", name) for home in HOMES for name, *_rest in home[5]]


def _say(ledger: Ledger, side: int) -> None:
    """What the village (0) or the office (1) says of the first six people and of a household."""
    phone, name, reason, group, home, two = _who(ledger)[:6]
    told = Edit(
        "resident",
        phone,
        {"contact": {"phone": ("13847711234", "13847771234")[side]}},
        CODE,
        ("", ROSTER)[side],
    )
    ledger.write([told])
    people.correct(
        ledger, name, "identity", name=("萨如拉", "萨茹拉")[side], id_number=number("19530423", 42)
    )
    facts.absence(ledger, [reason], ("employee_here", "army")[side], note="", on=None, year=YEAR)
    facts.grant(ledger, [group], "dibao", source=("村里", "民政局")[side], since=None, year=YEAR)
    moved = {"household": household(ledger, ("0031", "0044")[side]), "relation": ("0", "2")[side]}
    people.set_register(ledger, "resident", home, "membership", moved, CODE)
    one = {"name": ("王大勇", "李秀莲")[side], "id_number": number("19700101", 7)}
    people.set_register(ledger, "resident", two, "identity", one, CODE)


def _phones(village: Ledger, ledger: Ledger, side: int, many: int) -> None:
    records = [derived_id("resident", "many", each) for each in range(many)]
    if side == 0:
        home = {"household": household(village, "0017"), "relation": "8"}
        village.write([
            Edit("resident", record, {"identity": {"name": f"牧仁{each}"}, "membership": home})
            for each, record in enumerate(records)
        ])  # fmt: skip
    ledger.write([
        Edit("resident", record, {"contact": {"phone": f"13{8 + side}{each:08d}"}}, CODE)
        for each, record in enumerate(records)
    ])  # fmt: skip


def _paid_and_absent(village: Ledger) -> None:
    seventh = _who(village)[6]
    paid = Payment(40000, date(2025, 12, 1), "mobile_pos", "3150400417")
    payments.record(village, [seventh], paid, year=YEAR, today=TODAY)
    facts.absence(village, [seventh], "employee_here", note="", on=None, year=YEAR)
