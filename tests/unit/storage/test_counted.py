"""What is kept of a place's counts is what counting anew gives, whatever was written in between."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import counted, policies
from storage.counted import Counted
from storage.ledger import Edit, Ledger
from storage.queries import counting, figures, targets
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


@pytest.fixture
def large() -> Iterator[None]:
    """Let a ledger of a few entries be one that takes seconds to count."""
    with patch.object(counted, "_WORTH_KEEPING", 1):
        yield


@pytest.mark.usefixtures("large")
def test_a_large_ledger_is_not_counted_again_when_it_is_opened_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    office = world.office()
    policy = policies.in_force(office).policy
    for number, scope in enumerate(SCOPES):
        office.write(edit("person", scope, number) + edit("paid", scope, number))
    before = targets.read(office, policy, TODAY), counting.township(office, policy)
    office.counted.write(office.connection)
    office.counted = Counted()
    with (
        patch.object(figures, "_sums", side_effect=AssertionError),
        patch.object(targets, "known_place", None),
    ):
        assert (targets.read(office, policy, TODAY), counting.township(office, policy)) == before
    counted_again: list[str] = []
    real = figures._sums
    with patch.object(figures, "_sums", lambda *a: counted_again.append(a[3]) or real(*a)):
        office.write(edit("absent", OTHER_CODE, 1))
        office.counted = Counted()
        counting.township(office, policy)
    assert counted_again == [OTHER_CODE]
    world.close()


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("spoilt", [b"", b"not packed", "older"])
def test_what_cannot_be_believed_is_counted_again(tmp_path: Path, spoilt: bytes | str) -> None:
    world = World(tmp_path)
    office = world.office()
    policy = policies.in_force(office).policy
    office.write(edit("person", VILLAGE_CODE, 1))
    before = counting.township(office, policy)
    office.counted.write(office.connection)
    office.counted = Counted()
    if spoilt == "older":
        with patch.object(counted, "COUNTING", 0), patch.object(figures, "_summed", lambda *_: {"people": 9}):
            assert counting.township(office, policy).rows[VILLAGE_CODE].people == 9
            office.counted.write(office.connection)
        office.counted = Counted()
    else:
        office.set_meta("counted", spoilt)
    assert counting.township(office, policy) == before
    world.close()


def test_of_a_small_ledger_nothing_is_written_down_nor_anything_of_anybody(tmp_path: Path) -> None:
    world = World(tmp_path)
    office = world.office()
    policy = policies.in_force(office).policy
    office.write(edit("person", VILLAGE_CODE, 1))
    counting.township(office, policy)
    office.counted.write(office.connection)
    assert office.meta("counted") is None
    with patch.object(counted, "_WORTH_KEEPING", 1):
        targets.read(office, policy, TODAY)
        office.counted.write(office.connection)
    said = zstandard.decompress(office.meta("counted"))
    assert "王伟".encode() not in said and id_number(1).encode() not in said and b"r1" not in said
    world.close()
