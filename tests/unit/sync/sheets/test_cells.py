"""Rows packed and unpacked are the same rows."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from sync.sheets.cells import CHUNK, Cell, Fault, reference, rows_of
from sync.sheets.ooxml import place

CELL = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8"), min_size=1),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.builds(Fault, st.sampled_from(["error", "formula"]), st.text(st.characters(codec="utf-8"))),
)


@given(st.lists(st.lists(CELL, max_size=5), max_size=20))
def test_nothing_changes(rows: list[list[Cell]]) -> None:
    packed = rows_of(rows)
    assert list(packed) == rows
    kinds = (date, datetime, float, int)
    assert [[type(cell) for cell in row if type(cell) in kinds] for row in packed] == [
        [type(cell) for cell in row if type(cell) in kinds] for row in rows
    ]


def test_any_place_can_be_asked_for() -> None:
    rows: list[list[Cell]] = [[number] for number in range(3 * CHUNK + 7)]
    packed = rows_of(rows)
    assert len(packed) == len(rows)
    for index in (0, CHUNK - 1, CHUNK, 3 * CHUNK, -1):
        assert packed[index] == rows[index]
    assert packed[CHUNK - 2 : CHUNK + 2] == rows[CHUNK - 2 : CHUNK + 2]
    for first in (0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 5, len(rows)):
        assert list(packed.starting(first)) == rows[first:]


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_references(row: int, column: int) -> None:
    assert place(reference(row, column)) == (row, column)
    assert reference(0, 0) == "A1"
    assert reference(1_048_575, 16_383) == "XFD1048576"
