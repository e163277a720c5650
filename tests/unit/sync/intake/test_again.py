"""A list that comes again is seen to be the same the quick way, and the long way says the same."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.ledger import Edit, Ledger
from storage.records import canonical
from sync.intake import planning
from sync.intake.planning import SOURCE, plan
from sync.intake.threeway import Known, Step, source_of
from sync.sheets.roster import RosterRow
from tests.unit.sync.intake.conftest import VILLAGE, id_number

EVERYTHING = frozenset("name id_text sex relation phone residence note doubts".split())
MAPPED = (EVERYTHING, EVERYTHING - {"relation"}, EVERYTHING - {"phone", "note"})
_examples = count()
_words = st.sampled_from(("", "一", "二·", "１３８"))
_cells = st.fixed_dictionaries(
    {
        "name": st.sampled_from(("那顺", "布仁", "王·文")),
        "sex": st.sampled_from(("", "1", "2")),
        "relation": st.sampled_from(("", "0", "2")),
        "phone": _words,
        "residence": st.sampled_from(("", "resident", "away")),
        "note": _words,
        "doubts": st.sampled_from(((), ("birth.month_only",))),
    }
)
Cells = Mapping[str, Any]


def rows_of(example: int, people: Mapping[int, Cells]) -> list[tuple[str, RosterRow]]:
    """Rows of a sheet, two to a household, each with a number of its own that no other example has."""
    return [
        (
            "花名册",
            RosterRow(
                row_number=at + 2,
                household=at // 2,
                household_number=f"{example:04d}{at // 2:02d}",
                head_name="那顺",
                id_text=id_number(f"19{example % 90 + 10}0101", at + 1, f"1506{21 + example // 90:02d}"),
                **cells,
            ),
        )
        for at, cells in people.items()
    ]


def the_long_way(known: Known, kind: str, register: str, cells: Cells, source: str) -> Step | None:
    """What ``threeway.compare`` says, without looking first whether anything changed."""
    base = known.last_said(register)
    wanted = canonical(kind, register, {**base, **cells})
    shown = known.state[register].value if register in known.state else {}
    if wanted == base if register in known.said else wanted.items() <= shown.items():
        return None
    heads = known.state[register].operations if register in known.state else ()
    mine = [head for head in heads if source_of(head.body.via) == source]
    others = [head.body.changes[register] for head in heads if head not in mine]
    return Step(wanted, tuple(head.oid for head in mine), any(value != wanted for value in others))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(_cells, min_size=1, max_size=6),
    changed=st.dictionaries(st.integers(0, 5), _cells, max_size=3),
    first=st.sampled_from(MAPPED),
    second=st.sampled_from(MAPPED),
    by_hand=st.sampled_from(("", "一", "13900000000")),
)
def test_both_ways_agree(
    ledger: Ledger,
    people: list[Cells],
    changed: dict[int, Cells],
    first: frozenset[str],
    second: frozenset[str],
    by_hand: str,
) -> None:
    example = next(_examples)
    before = rows_of(example, dict(enumerate(people)))
    now = rows_of(example, {at: changed.get(at, cells) for at, cells in enumerate(people)})
    ledger.write(plan(ledger, VILLAGE, "甲.xlsx", before, first).edits)
    if by_hand:
        changes = {"contact": {"phone": by_hand}}
        ledger.write([Edit("resident", ledger.id_for("resident", before[0][1].id_text), changes)])
    quick = plan(ledger, VILLAGE, "乙.xlsx", now, second)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning._Planner, "_says_again", lambda *_: False)
        patch.setattr(planning, "compare", the_long_way)
        slow = plan(ledger, VILLAGE, "乙.xlsx", now, second)
    assert (list(quick.edits), quick.results) == (list(slow.edits), slow.results)
    assert {result.status for result in quick.results} <= {"known", "changed"}


def test_a_list_unchanged_is_not_compared_at_all(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    people = {at: {"name": "那顺", "relation": "02"[at > 0], "phone": "13800000000"} for at in range(3)}
    rows = rows_of(next(_examples), people)
    ledger.write(plan(ledger, VILLAGE, "甲.xlsx", rows, EVERYTHING).edits)
    compared: list[str] = []

    def told(known: Known, kind: str, *_: object) -> None:
        compared.append(kind)

    monkeypatch.setattr(planning, "compare", told)
    again = plan(ledger, VILLAGE, f"{SOURCE}.xlsx", rows, EVERYTHING)
    assert {result.status for result in again.results} == {"known"}
    assert set(compared) == {"household"}
