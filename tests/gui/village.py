"""A village of invented people with something of everything, made by the commands people use."""

from datetime import date
from pathlib import Path

from storage.clock import Clock
from storage.commands import facts, payments, visits
from storage.commands.payments import Payment
from storage.ledger import Edit, Ledger
from storage.policy.id_core import check_digit
from storage.records import derived_id
from sync.enrol import create_village

TODAY = date(2025, 12, 3)
CODE = "150621102200"
PASSPHRASE = "correct horse"
YEAR = 2026


def number(birth: str, sequence: int, area: str = "150621") -> str:
    """A sound ID number."""
    body = f"{area}{birth}{sequence:03d}"
    return body + check_digit(body)


# household number, group, head, address, phone, people: name, relation, birth, sequence
HOMES = [
    ("0004", "01组", "韩占山", "查干沟一社路东第 2 户", "13947730004", [
        ("韩占山", "0", "19680312", 31), ("苏雅拉", "1", "19700921", 42), ("韩梓涵", "4", "20251012", 15),
    ]),
    ("0017", "02组", "那顺", "查干沟二社水房东第 3 户", "15847732330", [
        ("那顺", "0", "19500614", 121), ("其其格", "1", "19530208", 42), ("布仁", "2", "19810719", 151),
        ("阿木古楞", "4", "20161105", 31),
    ]),
    ("0018", "02组", "娜仁格日勒", "查干沟二社水房西第 1 户", "13847738118", [
        ("娜仁格日勒", "0", "19740411", 64), ("巴雅尔", "1", "19720128", 53), ("萨仁图雅", "3", "20040909", 88),
    ]),
    ("0021", "02组", "聂顺利", "", "13904770021", [
        ("聂顺利", "0", "19770330", 71), ("张桂英", "1", "19790502", 62), ("聂浩然", "2", "20080815", 33),
    ]),
    ("0031", "03组", "刘桂兰", "三社路北第 1 户", "13847207203", [
        ("刘桂兰", "0", "19590722", 26), ("刘建国", "2", "19841019", 37),
    ]),
    ("0044", "04组", "阿拉坦其其格·乌云毕力格·斯琴高娃", "四社西头", "15147730044", [
        ("阿拉坦其其格·乌云毕力格·斯琴高娃", "0", "19630117", 48), ("那木吉拉", "1", "19610404", 95),
    ]),
    ("0052", "05组", "乌力吉", "五社", "13747730052", [
        ("乌力吉", "0", "19830616", 11), ("敖登", "1", "19850726", 28), ("毕力格", "2", "20110214", 57),
        ("呼和", "2", "20140330", 39),
    ]),
    ("0060", "05组", "南双喜", "", "", [("南双喜", "0", "19690211", 17)]),
]  # fmt: skip


def resident(ledger: Ledger, name: str) -> str:
    """The record of a person by name."""
    return str(ledger.connection.execute("SELECT record FROM resident WHERE name = ?", (name,)).fetchone()[0])


def household(ledger: Ledger, home: str) -> str:
    """The record of a household by number."""
    return ledger.id_for("household", CODE, home)


def _register(ledger: Ledger) -> list[Edit]:
    edits = []
    for home, group, head, address, phone, people in HOMES:
        record = household(ledger, home)
        place = {"grp": group, "address": address}
        edits.append(
            Edit(
                "household", record, {"number": {"number": home}, "head": {"head_name": head}, "place": place}
            )
        )
        for name, relation, birth, sequence in people:
            id_number = number(birth, sequence)
            if name == "其其格":  # what a spreadsheet leaves of a number
                id_number = id_number[:15] + "000"
            if name == "敖登":  # two neighbours swapped
                id_number = id_number[:15] + id_number[16] + id_number[15] + id_number[17]
            identity = {"name": name, "id_number": id_number}
            registers = {
                "identity": identity | ({"sex": "2", "birth": "1953-02-08"} if name == "其其格" else {}),
                "membership": {"household": record, "relation": relation},
                "contact": {"phone": phone},
                "residence": {"residence": "resident"},
            }
            edits.append(
                Edit("resident", ledger.id_for("resident", name), registers, via="roster:花名册.xlsx:5")
            )
    return edits


def fill(ledger: Ledger) -> None:
    """Put the people into a ledger with payments, credentials, needs, visits and one conflict."""
    ledger.write(_register(ledger))
    who = {name: ledger.id_for("resident", name) for home in HOMES for name, *_rest in home[5]}
    for name in ("那顺", "其其格"):
        _grant(ledger, who[name], "dibao")
    _grant(ledger, who["刘桂兰"], "tekun")
    paid = Payment(40000, date(2025, 10, 12), "mini_program")
    many = [who[name] for name in ("布仁", "娜仁格日勒", "巴雅尔", "萨仁图雅", "聂顺利", "张桂英", "聂浩然")]
    payments.record(ledger, many, paid, year=YEAR, today=TODAY)
    advanced = Payment(40000, date(2025, 12, 1), "mobile_pos", "3150400417", advanced_by="村会计")
    payments.record(ledger, [who["阿木古楞"]], advanced, year=YEAR, today=TODAY)
    old = Payment(40000, date(2025, 9, 8), "agent", "3150400001")
    payments.record(ledger, [who["乌力吉"], who["敖登"]], old, year=YEAR, today=TODAY)
    active = [who[name] for name in ("布仁", "娜仁格日勒", "聂顺利", "张桂英", "聂浩然")]
    facts.credential(ledger, active, "self", on=date(2025, 10, 12), today=TODAY)
    need = {"what": "上门用 POS", "on": date(2025, 12, 5), "note": ""}
    facts.assistance(ledger, [who["其其格"]], "no_smartphone", **need, year=YEAR)
    facts.absence(ledger, [who["南双喜"]], "employee_here", note="", on=None, year=YEAR)
    facts.new_enrollee(ledger, [who["韩梓涵"]], YEAR)
    visits.record(
        ledger, household(ledger, "0031"), "promised", on=date(2025, 12, 1), today=TODAY, retry_on=TODAY
    )
    _disagree(ledger, who["呼和"])


def _grant(ledger: Ledger, record: str, group: str) -> None:
    grant = {"group_code": group, "grant_source": "民政局名单", "since": "2025-11-01"}
    subsidy = derived_id("subsidy", record, YEAR, group)
    ledger.write([Edit("subsidy", subsidy, {"link": {"resident": record, "year": YEAR}, "grant": grant})])


def _disagree(ledger: Ledger, record: str) -> None:
    """Two entries of one register that know nothing of each other, as a merge leaves them."""
    for phone in ("13700000001", "13700000002"):
        ledger.write([Edit("resident", record, {"contact": {"phone": phone}}, pred={"contact": ()})])


def make(folder: Path, data_dir: Path, today: date = TODAY) -> Path:
    """A closed ledger in ``folder``."""
    with create_village(
        folder,
        CODE,
        "查干沟嘎查村",
        passphrase=PASSPHRASE,
        operator="王联络员",
        data_dir=data_dir,
        clock=Clock(today),
    ) as ledger:
        fill(ledger)
    return folder
