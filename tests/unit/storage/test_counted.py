"""What is kept of a place's counts is what counting anew gives, whatever was written in between."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import policies
from storage.counted import Counted
from storage.ledger import Edit, Ledger
from storage.queries import counting, targets
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

SCOPES = (VILLAGE_CODE, OTHER_CODE)
_edits = st.lists(
    st.tuples(
        st.sampled_from(("person", "paid", "absent", "void", "same", "elsewhere")),
        st.sampled_from(SCOPES),
        st.integers(0, 5),
    ),
    max_size=12,
)


def edit(what: str, scope: str, number: int) -> list[Edit]:
    """Return what somebody writes of the person with a number in a village."""
    record, link = f"r{number}", {"resident": f"r{number}", "year": 2026}
    found = {
        "person": person(record, "王伟", id_number(number)),
        "paid": Edit("payment", f"p{number}", paid(record)),
        "absent": Edit("enrolment", f"e{number}", {"link": link, "absence": {"absence": "death"}}),
        "void": Edit("resident", record, {"void": {"void_reason": "mistake"}}),
        "same": Edit(
            "same", f"s{number}", {"edge": {"left": record, "right": "r0"}, "answer": {"answer": "same"}}
        ),
        "elsewhere": Edit(
            "resident", record, {"counting": {"counted_in": OTHER_CODE, "counted_record": record}}
        ),
    }[what]
    return [Edit(found.kind, found.record, found.changes, scope)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=_edits)
def test_kept_is_counted(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int]]) -> None:
    world = World(tmp_path_factory.mktemp("kept"))
    office = world.office()
    try:
        told = policies.in_force(office).policy
        for step in steps:
            office.write(edit(*step))
            kept = targets.read(office, told, TODAY), counting.township(office, told, "should")
            office.counted = Counted()
            assert kept == (targets.read(office, told, TODAY), counting.township(office, told, "should"))
    finally:
        world.close()


def test_only_the_village_that_changed_is_counted_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    office: Ledger = world.office()
    for scope in SCOPES:
        office.write(edit("person", scope, 1))
    seen: list[str] = []
    for _ in range(2):
        office.counted.by_place(office.connection, "x", SCOPES, seen.append)
    assert seen == list(SCOPES)
    office.write(edit("paid", OTHER_CODE, 1))
    office.counted.by_place(office.connection, "x", SCOPES, seen.append)
    assert seen == [*SCOPES, OTHER_CODE]
    world.close()
