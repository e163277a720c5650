"""A department's first list of a new year meets the identities that were carried over into it."""

from datetime import date
from pathlib import Path

import pytest

from storage.commands import years
from storage.ledger import Ledger
from storage.policy.past import Past
from storage.queries import people, review
from sync.intake import lists
from tests.unit.storage.worlds import VILLAGE_CODE, cheap_keys, world
from tests.unit.storage.worlds import id_number as number
from tests.unit.sync.intake.test_lists import DEPARTMENT, NAMES, TAX, Sheet, department, office, sheet, tax

__all__ = ["cheap_keys", "office", "sheet", "world"]


@pytest.fixture
def carried(office: Ledger, sheet: Sheet) -> Ledger:
    """Six people on a department's list of 2026, carried over into 2027."""
    rows = [department(at, "低保") for at in range(6)]
    lists.apply(office, lists.stage(office, sheet("9月.xlsx", DEPARTMENT, rows, "民政局名单")))
    assert years.open_year(office, "example-2027").plan.counts[VILLAGE_CODE].identities == 6
    return office


def of_2027(ledger: Ledger) -> dict[str, str]:
    """Return resident → source of the identities of 2027."""
    rows = ledger.connection.execute(
        "SELECT resident, grant_source FROM subsidy WHERE year = 2027 AND group_code IS NOT NULL "
        "AND void_reason IS NULL"
    )
    return dict(rows.fetchall())


def test_the_new_list_confirms_and_asks_about_the_others(
    carried: Ledger, sheet: Sheet, tmp_path: Path
) -> None:
    (before,) = set(of_2027(carried).values())
    assert before.endswith(" 2026")
    rows = [department(at, "低保") for at in range(5)]
    staged = lists.stage(carried, sheet("2027.xlsx", DEPARTMENT, rows, "2027年度民政局名单"))
    assert {one.record for one in staged.listed.removals} == {"r5-0"}
    lists.apply(carried, staged, removals={(VILLAGE_CODE, "r5-0")})
    assert of_2027(carried) == dict.fromkeys((f"r{at}-0" for at in range(5)), before.removesuffix(" 2026"))
    assert review.conflicts(carried) == []
    assert not years.open_year(carried).changes, "what a list took out is not carried again"


def test_the_platform_tells_when_an_insurance_ended(office: Ledger, sheet: Sheet) -> None:
    header = ("人员编号", "姓名", "证件号码", "险种类型", "参保状态", "参保日期", "暂停参保日期", "医保区划")
    rows = [
        [f"1{at}", NAMES[at], number(100 + at), scheme, state, "2024-03-01", until, place]
        for at, (scheme, state, until, place) in enumerate(
            [
                ("310", "3", "2025-11-30", "150621"),
                ("310", "1", "2025-11-30", "150621"),
                ("390", "2", "2025-12-31", "330106"),
                ("390", "2", "2025-12-31", "150621"),
            ]
        )
    ]
    lists.apply(office, lists.stage(office, sheet("平台.xlsx", header, rows)))
    found = {one.record: one.earlier for one in people.load(office, 2026, scope=VILLAGE_CODE)}
    told = [(found[f"r{at}-0"].employee_until, found[f"r{at}-0"].resident_until) for at in range(4)]
    assert told == [(date(2025, 11, 30), None), (None, None), (None, date(2025, 12, 31)), (None, None)]


def test_a_late_list_still_confirms_a_year_that_is_over(office: Ledger, sheet: Sheet) -> None:
    """Money of last year may be posted after it: the list says of which year it is, not the policy in force."""
    years.open_year(office, "example-2027")
    rows = [tax(0, "1" * 18), tax(1, "2" * 18, on="2027/1/8")]
    staged = lists.stage(office, sheet("税务.xlsx", TAX, rows))
    lists.apply(office, staged)
    found = {one.record: one for one in people.load(office, 2027, scope=VILLAGE_CODE)}
    assert found["r0-0"].paid == found["r1-0"].paid == "none"
    assert (found["r0-0"].earlier.past, found["r1-0"].earlier.past) == (
        Past(0, 1, True),
        Past(1, 0, True, 1),
    )
    before = {one.record: one.paid for one in people.load(office, 2026, scope=VILLAGE_CODE)}
    assert before["r0-0"] == before["r1-0"] == "confirmed"
