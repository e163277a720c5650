"""Lists of people with a day: who is on which, in which order, and that they agree with the figures."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from storage import policies
from storage.commands import facts, payments, visits
from storage.commands.payments import Payment
from storage.ledger import Edit, Ledger
from storage.queries import targets, worklists
from storage.queries.worklists import LISTS, Entry, Worklist
from storage.records import derived_id
from tests.unit.storage.test_figures import placed_in, registers
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, id_number

POLICY = policies.load("example-2026")
YEAR = POLICY.year
SCOPES = count(1)


@pytest.fixture
def village(world: World) -> Ledger:
    return world.alone()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    world = World(tmp_path_factory.mktemp("worklists"))
    yield world.office()
    world.close()


def read(ledger: Ledger, today: date = TODAY, denominator: str = "resident") -> dict[str, Worklist]:
    return worklists.read(ledger, POLICY, today, VILLAGE_CODE, denominator)


def names(found: Worklist) -> list[str]:
    return [entry.card.person.name for entry in found.entries]


def on(found: dict[str, Worklist], name: str) -> set[str]:
    return {code for code, one in found.items() if name in names(one)}


def entry(found: Worklist, name: str) -> Entry:
    return next(one for one in found.entries if one.card.person.name == name)


@settings(max_examples=60)
@given(made=registers())
def test_the_missing_are_exactly_those_the_figures_say_can_still_pay(
    office: Ledger, made: list[tuple[str, str, dict[str, Any]]]
) -> None:
    scope = f"15062120{next(SCOPES):04d}"
    office.write(placed_in(made, scope))
    figures = targets.read(office, POLICY, TODAY).rows.get(scope)
    for denominator in ("resident", "registered", "should"):
        found = worklists.read(office, POLICY, TODAY, scope, denominator)
        keys = [one.key for one in found["missing"].entries]
        assert len(set(keys)) == len(keys)
        assert len(keys) == (figures.rate_of(denominator).able if figures else 0)
        special = figures.standing_of("special") if figures else None
        assert len(found["special"].entries) == (special.left if special else 0)


def test_everybody_is_on_the_lists_that_concern_them(village: Ledger) -> None:
    home = _people(
        village,
        "低保人",
        "新生儿",
        "学生甲",
        "学生乙",
        "约好的",
        "付了的",
        "职工",
        birth={"新生儿": "2025-10-01"},
    )
    other = _people(village, "无事")
    _grant(village, home["低保人"], "dibao")
    village.write([Edit("resident", home["学生甲"], {"schooling": {"school": "白泥井小学"}})])
    village.write([Edit("resident", home["学生乙"], {"category": {"category": "1403"}})])
    need = {"what": "", "on": date(2025, 12, 5), "note": ""}
    facts.assistance(village, [home["约好的"]], "age", **need, year=YEAR)
    payments.record(
        village, [home["付了的"]], Payment(40000, date(2025, 9, 8), "agent"), year=YEAR, today=TODAY
    )
    facts.absence(village, [home["职工"]], "employee_here", note="", on=None, year=YEAR)
    found = read(village)
    assert list(found) == list(LISTS)
    assert on(found, "低保人") == {"missing", "special"}
    assert on(found, "新生儿") == {"missing", "newborns"}
    assert on(found, "学生甲") == on(found, "学生乙") == {"missing", "students"}
    assert on(found, "约好的") == {"missing", "promised"}
    assert on(found, "付了的") == {"overdue"}
    assert on(found, "职工") == set()
    assert on(found, "无事") == {"missing"}
    assert other


def test_each_list_has_its_day(village: Ledger) -> None:
    home = _people(village, "新生儿", "约好的", "付了的", birth={"新生儿": "2025-10-01"})
    facts.assistance(village, [home["约好的"]], "age", what="", on=date(2025, 12, 5), note="", year=YEAR)
    payments.record(
        village, [home["付了的"]], Payment(40000, date(2025, 9, 8), "agent"), year=YEAR, today=TODAY
    )
    found = read(village)
    assert found["missing"].deadline == date(2025, 12, 31)
    assert found["special"].deadline == date(2025, 12, 25)
    assert found["students"].deadline == date(2025, 10, 20)
    assert found["lapsed"].deadline == date(2025, 12, 31)
    assert entry(found["newborns"], "新生儿").deadline == date(2025, 12, 30)
    assert found["newborns"].next_day == date(2025, 12, 30)
    assert entry(found["promised"], "约好的").deadline == date(2025, 12, 5)
    assert entry(found["overdue"], "付了的").deadline == date(2025, 10, 6)
    assert entry(found["overdue"], "付了的").ease is None
    assert found["students"].next_day == date(2025, 10, 20)  # nobody is on it
    late = worklists.deadlines(POLICY, date(2026, 1, 15))
    assert late["lapsed"] == POLICY.benefit.end
    bare = worklists.deadlines(replace(POLICY, targets=()), TODAY)
    assert (bare["missing"], bare["special"], bare["students"]) == (POLICY.window.end, None, None)


def test_an_agreed_day_of_a_visit_is_everybodys_in_the_household_who_has_not_paid(village: Ledger) -> None:
    home = _people(village, "甲", "乙")
    payments.record(village, [home["乙"]], Payment(40000, TODAY, "agent"), year=YEAR, today=TODAY)
    house = village.id_for("household", "甲")
    visits.record(village, house, "promised", on=TODAY, today=TODAY, retry_on=TODAY + timedelta(days=2))
    assert names(read(village)["promised"]) == ["甲"]


def test_the_easiest_come_first_and_others_by_their_day(village: Ledger) -> None:
    _people(village, "孤身")
    home = _people(village, "家人付了", "付了的", phone="13900000000")
    declined = _people(village, "不愿意", phone="13900000000")
    payments.record(village, [home["付了的"]], Payment(40000, TODAY, "agent"), year=YEAR, today=TODAY)
    facts.absence(village, [declined["不愿意"]], "refused", note="", on=None, year=YEAR)
    _people(village, "小的", birth={"小的": "2025-11-20"})
    _people(village, "大的", birth={"大的": "2025-09-10"})
    found = read(village)
    order = names(found["missing"])
    assert order.index("家人付了") < order.index("孤身") < order.index("不愿意")
    assert order[-1] == "不愿意"
    assert names(found["newborns"]) == ["大的", "小的"]


def test_whoever_was_insured_last_year_is_on_the_list_of_lapses(village: Ledger) -> None:
    home = _people(village, "老户", "新户")
    payments.record(
        village,
        [home["老户"]],
        Payment(40000, date(2024, 11, 1), "agent"),
        year=YEAR - 1,
        today=date(2024, 11, 2),
    )
    assert names(read(village)["lapsed"]) == ["老户"]
    _people(village, "小的", birth={"小的": "2025-11-20"})
    away = _people(village, "去年在外地", "去年有原因")
    facts.absence(village, [away["去年在外地"]], "employee_elsewhere", note="", on=None, year=YEAR - 1)
    facts.absence(village, [home["老户"]], "refused", note="", on=None, year=YEAR)
    # Neither a newborn nor whoever was insured elsewhere last year lapsed; a refusal explains nothing.
    assert names(read(village)["lapsed"]) == ["老户"]
    assert on(read(village), "小的") >= {"newborns"}
    facts.absence(village, [home["老户"]], "death", note="", on=None, year=YEAR)
    assert names(read(village)["lapsed"]) == []


def test_villages_are_joined_in_one_order(village: Ledger) -> None:
    _people(village, "小的", birth={"小的": "2025-11-20"})
    one = read(village)
    _people(village, "大的", birth={"大的": "2025-09-10"})
    both = worklists.joined([one, read(village)])
    assert names(both["newborns"]) == ["大的", "小的", "小的"]
    assert both["special"].deadline == date(2025, 12, 25)
    assert worklists.joined([]) == {}


def test_whom_two_villages_have_is_on_the_townships_list_once(world: World) -> None:
    office = world.office()
    places = (VILLAGE_CODE, "150621102201")
    for scope in places:
        for each in (1, 2):
            identity = {"name": f"人{each}", "id_number": id_number(each)}
            registers = {"identity": identity, "residence": {"residence": "resident"}}
            office.write([Edit("resident", f"{scope}-{each}", registers, scope=scope)])
    fact = {"fact": {"resident": f"{places[1]}-1", "year": YEAR, "amount": 40000, "paid_on": "2025-12-01"}}
    office.write([Edit("payment", "p", fact, scope=places[1])])
    parts = [worklists.read(office, POLICY, TODAY, scope, "resident") for scope in places]
    assert [len(part["missing"].entries) for part in parts] == [2, 1]
    whole = worklists.joined(parts, worklists.left_out(office, POLICY))
    assert names(whole["missing"]) == ["人2"]
    assert targets.read(office, POLICY, TODAY).total.rate_of("resident").able == 1


def test_somebody_of_two_records_is_on_a_list_once(village: Ledger) -> None:
    home = _people(village, "甲")
    number = id_number(7)
    village.write([Edit("resident", home["甲"], {"identity": {"name": "甲", "id_number": number}})])
    twin = {"identity": {"name": "甲", "id_number": number}}
    village.write([Edit("resident", "0" * 22, twin)])
    assert names(read(village)["missing"]) == ["甲"]


# ---- making


def _people(
    ledger: Ledger, *whom: str, phone: str = "", birth: dict[str, str] | None = None
) -> dict[str, str]:
    """A household named like its first person."""
    home = ledger.id_for("household", whom[0])
    records = {name: ledger.id_for("resident", name) for name in whom}
    edits = [Edit("household", home, {"number": {"number": whom[0]}, "head": {"head_name": whom[0]}})]
    for name, record in records.items():
        born = (birth or {}).get(name, "1980-01-01")
        registers = {
            "identity": {"name": name, "birth": born},
            "membership": {"household": home, "relation": "0" if name == whom[0] else "8"},
            "residence": {"residence": "resident"},
            "contact": {"phone": phone},
        }
        edits.append(Edit("resident", record, registers))
    ledger.write(edits)
    return records


def _grant(ledger: Ledger, record: str, group: str) -> None:
    changes = {"link": {"resident": record, "year": YEAR}, "grant": {"group_code": group}}
    ledger.write([Edit("subsidy", derived_id("subsidy", record, YEAR, group), changes)])
