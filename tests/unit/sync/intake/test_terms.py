"""What a list writes keeps the policy version it was taken over under; a new version alone is no news."""

from typing import Any

from storage.commands import lists as taking
from storage.commands import publish
from storage.ledger import Ledger
from storage.policies import in_force
from sync import exchange
from sync.intake import lists
from tests.unit.storage.test_publish import OWN, text
from tests.unit.storage.worlds import World, cheap_keys, world
from tests.unit.storage.worlds import id_number as number
from tests.unit.sync.intake.test_lists import TAX, Sheet, office, sheet, tax, village

__all__ = ["cheap_keys", "office", "sheet", "village", "world"]

DEATHS = ("姓名", "身份证号", "死亡时间")


def give(world: World, office: Ledger, village: Ledger, **changes: str) -> None:
    publish.publish(office, text(**changes))
    for path in world.send(office):
        exchange.receive(village, [path])


def terms(ledger: Ledger, table: str) -> dict[str, tuple[Any, ...]]:
    rows = ledger.connection.execute(
        f"SELECT resident, terms_policy, terms_version FROM {table} WHERE resident IS NOT NULL"
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def test_a_payment_from_a_list(world: World, office: Ledger, village: Ledger, sheet: Sheet) -> None:
    exchange.receive(office, world.send(village))
    give(world, office, village)
    lists.apply(village, lists.stage(village, sheet("税务.xlsx", TAX, [tax(0)])))
    assert terms(village, "payment") == {"r0-0": (OWN, 1)}
    give(world, office, village, version="2")
    assert in_force(village).policy.version == 2
    before = village.connection.execute("SELECT count(*) FROM op").fetchone()
    again = lists.stage(village, sheet("税务二.xlsx", TAX, [tax(0), tax(1)]))
    lists.apply(village, again)
    assert terms(village, "payment") == {"r0-0": (OWN, 1), "r1-0": (OWN, 2)}
    assert village.connection.execute("SELECT count(*) FROM op").fetchone() == (before[0] + 1,)
    shown = {(one.register, one.field) for row in again.listed.rows for one in row.changes}
    assert ("terms", "terms_version") not in shown, "nobody is shown what follows from the day"


def test_a_reason_from_a_list_and_back(world: World, office: Ledger, village: Ledger, sheet: Sheet) -> None:
    """Who a list of deaths names keeps the version; taking the list back takes it along."""
    exchange.receive(office, world.send(village))
    give(world, office, village)
    rows = [["那顺", number(100), "2025-10-01"]]
    staged = lists.stage(office, sheet("死亡人员名单.xlsx", DEATHS, rows, "2026年度死亡人员名单"))
    lists.apply(office, staged)
    assert set(terms(office, "enrolment").values()) == {(OWN, 1)}
    last = office.connection.execute("SELECT max(id) FROM intake").fetchone()[0]
    taking.revert(office, last)
    assert set(terms(office, "enrolment").values()) <= {(None, None)}
    assert office.connection.execute("SELECT count(*) FROM conflict").fetchone() == (0,)
