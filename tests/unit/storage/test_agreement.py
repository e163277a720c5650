"""What comes back, added up person by person, roster by roster and department by department: one sum, to the fen."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import policies
from storage.ledger import Edit
from storage.policy import budgets
from storage.queries import money
from sync.reports import filling, forms
from tests.unit.storage.worlds import (
    OTHER_CODE,
    TODAY,
    VILLAGE_CODE,
    World,
    cheap_keys,
    id_number,
    paid,
    person,
)

__all__ = ["cheap_keys"]
POLICY = policies.load("example-2026")
GROUPS = ("dibao", "jiance", "disabled12", "tekun", "youfu")
COUNT = [0]
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "scope": st.sampled_from([VILLAGE_CODE, OTHER_CODE]),
            "groups": st.sets(st.sampled_from(GROUPS), max_size=3),
            "fen": st.sampled_from([None, 40000, 40000, 12345, 1]),
            "posted": st.booleans(),
        }
    ),
    max_size=9,
)


@pytest.fixture(scope="module")
def shelf() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        made = World(Path(folder))
        yield made
        made.close()


def edits_of(at: int, one: dict[str, Any]) -> list[Edit]:
    """Somebody of these groups who paid so much, confirmed by a list or not."""
    record = f"r{at}"
    who = person(record, f"人{at}", id_number(at + 1), residence={"residence": "resident"})
    edits = [who]
    for group in sorted(one["groups"]):
        link = {"resident": record, "year": 2026}
        edits.append(Edit("subsidy", f"s{at}{group}", {"link": link, "grant": {"group_code": group}}))
    if one["fen"]:
        edits.append(Edit("payment", f"p{at}", paid(record, amount=one["fen"])))
        if one["posted"]:
            fact = {"resident": record, "year": 2026, "amount": one["fen"]}
            edits.append(Edit("confirmation", f"c{at}", {"fact": fact}))
    return [Edit(edit.kind, edit.record, edit.changes, one["scope"]) for edit in edits]


@settings(max_examples=15, deadline=None)
@given(people=PEOPLE)
def test_people_rosters_and_departments_are_one_sum(shelf: World, people: list[dict[str, Any]]) -> None:
    COUNT[0] += 1
    ledger = shelf.office(f"o{COUNT[0]}")
    if people:
        ledger.write([edit for at, one in enumerate(people) for edit in edits_of(at, one)])
    found = money.read(ledger, POLICY, TODAY)
    told = money.agreement(found)
    assert told.closes
    form = forms.built_in()["refunds"]
    wish = filling.wanted(ledger, POLICY, TODAY)
    sheet = filling.fill(form, filling.read(ledger, form, wish), filling.paper(ledger, wish, form))
    place = next(at for at, column in enumerate(form.columns) if column.field == "refund")
    assert sum(int(str(row[place])) for row in sheet.rows) == told.people_fen
    rosters = money.rosters(found.refunds)
    assert sum(map(len, rosters.values())) == len(sheet.rows)
    villages = money.by_village(found.refunds)
    for band, (count, fen) in money.ageing(found.refunds).items():
        assert count == sum(ages[band][0] for ages in villages.values())
        assert fen == sum(ages[band][1] for ages in villages.values())
    whole = budgets.everything(found.totals)
    assert whole.confirmed_fen + whole.outstanding_fen == whole.budget_fen
    assert 0 <= whole.confirmed_fen <= whole.budget_fen
    budget = forms.built_in()["budget"]
    lines = filling.read(ledger, budget, wish)
    assert sum(line.confirmed_fen or 0 for line in lines) == whole.confirmed_fen
    assert sum(line.outstanding_fen or 0 for line in lines) == whole.outstanding_fen
    ledger.close()


def test_only_what_a_list_has_is_confirmed(shelf: World) -> None:
    ledger = shelf.office("posted")
    both = [
        {"scope": VILLAGE_CODE, "groups": {"dibao"}, "fen": 40000, "posted": posted}
        for posted in (True, False)
    ]
    ledger.write([edit for at, one in enumerate(both) for edit in edits_of(at, one)])
    whole = budgets.everything(money.read(ledger, POLICY, TODAY).totals)
    assert whole.confirmed_fen == whole.outstanding_fen == whole.budget_fen // 2 > 0
