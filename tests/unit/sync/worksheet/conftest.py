"""A village and a township with working sheets; all people invented."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from storage import keys
from storage.clock import Clock
from storage.commands import facts, payments
from storage.commands.payments import Payment
from storage.ledger import Edit, Ledger
from storage.records import derived_id
from sync import enrol
from tests.unit.sync.worksheet.paper import Paper, id_number

TODAY = date(2025, 12, 3)
VILLAGE = "150621102200"
YEAR = 2026
HOMES = {
    "0001": ["那顺", "其其格", "布仁", "阿木古楞"],
    "0002": ["聂顺利", "张桂英", "聂浩然"],
    "0003": ["娜仁格日勒", "巴雅尔"],
    "0004": ["南双喜"],
}


@pytest.fixture(autouse=True)
def _light_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MEMORY_KIB", 64)
    monkeypatch.setattr(keys, "PASSES", 1)


def fill(ledger: Ledger, scope: str = "") -> dict[str, str]:
    """Put the people in; returns name → record."""
    edits, who, at = [], {}, 0
    for number, names in HOMES.items():
        home = ledger.id_for("household", scope or VILLAGE, number)
        place = {"grp": f"{int(number)}组", "lane": f"{int(number)}-2", "address": f"路北第 {int(number)} 户"}
        head = {"number": {"number": number}, "head": {"head_name": names[0]}, "place": place}
        edits.append(Edit("household", home, head, scope))
        for relation, name in enumerate(names):
            at += 1
            record = ledger.id_for("resident", id_number(at))
            who[name] = record
            registers = {
                "identity": {"name": name, "id_number": id_number(at)},
                "membership": {"household": home, "relation": str(relation)},
                "contact": {"phone": f"1394773{at:04d}"},
                "residence": {"residence": "resident"},
            }
            edits.append(Edit("resident", record, registers, scope, via="roster:花名册.xlsx:5"))
    ledger.write(edits)
    return who


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A village's own ledger with ten people, one of them paid."""
    made = enrol.create_village(
        tmp_path / "V",
        VILLAGE,
        "查干沟嘎查村",
        passphrase="p",
        operator="王联络员",
        data_dir=tmp_path / "data",
        clock=Clock(TODAY),
    )
    who = fill(made)
    paid = Payment(40000, date(2025, 10, 12), "mobile_pos", "0031504004170000000123")
    payments.record(made, [who["聂顺利"]], paid, year=YEAR, today=TODAY)
    facts.absence(made, [who["南双喜"]], "employee_here", note="旗里单位", on=None, year=YEAR)
    facts.grant(made, [who["那顺"]], "dibao", source="民政局名单", since=None, year=YEAR)
    assert derived_id("enrolment", who["南双喜"], YEAR)
    yield made
    made.close()


@pytest.fixture
def paper(ledger: Ledger, tmp_path: Path) -> Callable[..., Paper]:
    """Export a working sheet and open it like a spreadsheet program."""

    def export(**options: object) -> Paper:
        return Paper.of(ledger, tmp_path, VILLAGE, TODAY, **options)

    return export
