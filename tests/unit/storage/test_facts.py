"""Subsidy groups, exact ID numbers, several payments at once, the log of exports."""

from datetime import date

import pytest

from storage import policies
from storage.commands import exports, facts, payments
from storage.commands.payments import Payment
from storage.errors import RuleViolation
from storage.queries import figures, find, people
from tests.unit.storage.worlds import TODAY, World, id_number, person

YEAR = 2026


def test_a_subsidy_group_comes_and_goes(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("r1", "那顺", id_number(1))])
    assert facts.grant(ledger, ["r1"], "dibao", source="民政名单", since=date(2025, 9, 1), year=YEAR)
    facts.grant(ledger, ["r1"], "jiance", source="", since=None, year=YEAR)
    assert not facts.grant(ledger, ["r1"], "jiance", source="", since=None, year=YEAR), "said before"
    (one,) = people.load(ledger, YEAR)
    assert one.groups == ("dibao", "jiance")
    assert figures.total(figures.by_scope(ledger, policies.load("example-2026"))).special == 1
    facts.grant_withdrawn(ledger, ["r1"], "jiance", YEAR)
    (one,) = people.load(ledger, YEAR)
    assert one.groups == ("dibao",)
    with pytest.raises(RuleViolation, match=r"grant\.group"):
        facts.grant(ledger, ["r1"], "", source="", since=None, year=YEAR)


def test_several_payments_at_once_are_all_or_none(world: World) -> None:
    ledger = world.alone()
    ledger.write([person(f"r{n}", f"人{n}", id_number(n)) for n in (1, 2, 3)])
    on = date(2025, 12, 1)
    paid = {"r1": Payment(40000, on, "agent"), "r2": Payment(12000, on, "agent")}
    assert len(payments.record_each(ledger, paid, year=YEAR, today=TODAY).oids) == 2
    assert not payments.record_each(ledger, paid, year=YEAR, today=TODAY), "said before"
    with pytest.raises(RuleViolation) as caught:
        payments.record_each(
            ledger, {"r3": Payment(40000, on, "agent"), "r1": Payment(1, on, "")}, year=YEAR, today=TODAY
        )
    assert caught.value.code == "payment.already"
    assert caught.value.params["name"] == "人1"
    assert {one.record: one.amount for one in people.load(ledger, YEAR)} == {
        "r1": 40000,
        "r2": 12000,
        "r3": 0,
    }


def test_people_by_their_exact_number(world: World) -> None:
    ledger = world.alone()
    sound, broken = id_number(7), "150621195010101000"
    ledger.write([person("r1", "那顺", sound), person("r2", "布仁", broken), person("r3", "苏和", sound)])
    assert {hit.record for hit in find.by_id_number(ledger, f" {sound.lower()} ")} == {"r1", "r3"}
    assert [hit.record for hit in find.by_id_number(ledger, broken)] == ["r2"]
    assert find.by_id_number(ledger, sound[-6:]) == []
    assert find.by_id_number(ledger, "") == []


def test_what_leaves_is_noted(world: World) -> None:
    ledger = world.alone()
    exports.note(ledger, "visit_list", ledger.folder / "走访.pdf", rows=12, masked=False)
    row = ledger.connection.execute("SELECT who, what, name, rows, masked FROM export").fetchone()
    assert row == (ledger.operator, "visit_list", "走访.pdf", 12, 0)
