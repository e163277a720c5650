"""Where doors and rows go: every row once and in order, nothing orphaned, nothing split that fits."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gui.printing.pages import Heights, paginate

ROOM, HEADING = 100.0, 7.0
DOORS = st.lists(
    st.builds(
        Heights,
        st.sampled_from(["", "一社", "二社", "三社"]),
        st.floats(3, 60),
        st.lists(st.floats(5, 130), min_size=1, max_size=30).map(tuple),
    ),
    max_size=25,
)


def band(door: Heights) -> float:
    return min(door.band, ROOM / 3)


def rows(door: Heights) -> list[float]:
    return [min(height, ROOM - HEADING - band(door)) for height in door.rows]


@given(DOORS)
def test_every_row_comes_once_and_in_order(doors):
    placed = [(i.door, i.row) for page in paginate(doors, ROOM, HEADING) for i in page if i.kind == "row"]
    assert placed == [(d, r) for d, door in enumerate(doors) for r in range(len(door.rows))]


@given(DOORS)
def test_nothing_leaves_the_page_and_nothing_overlaps(doors):
    for page in paginate(doors, ROOM, HEADING):
        ends = 0.0
        for item in page:
            assert abs(item.top - ends) < 1e-6
            ends = item.top + item.height
        assert ends <= ROOM + 1e-6


@given(DOORS)
def test_a_heading_and_a_band_are_followed_by_a_row(doors):
    for page in paginate(doors, ROOM, HEADING):
        kinds = [item.kind for item in page]
        for kind, after in zip(kinds, [*kinds[1:], "end"], strict=True):
            assert (kind, after) != ("group", "row")
            assert kind == "row" or after == ("door" if kind == "group" else "row")


@given(DOORS)
def test_every_page_says_whose_rows_it_begins_with(doors):
    for page in paginate(doors, ROOM, HEADING):
        named = doors[page[0].door].group != ""
        assert page[0].kind == ("group" if named else "door")


@given(DOORS)
def test_a_household_that_fits_on_a_page_is_not_split(doors):
    pages = paginate(doors, ROOM, HEADING)
    for number, door in enumerate(doors):
        on = [p for p, page in enumerate(pages) if any(i.door == number and i.kind == "row" for i in page)]
        heading = HEADING if door.group else 0.0
        if heading + band(door) + sum(rows(door)) <= ROOM:
            assert len(on) == 1


@given(DOORS)
def test_a_page_is_turned_only_when_the_next_rows_do_not_fit(doors):
    pages = paginate(doors, ROOM, HEADING)
    for page, after in pairwise(pages):
        used = page[-1].top + page[-1].height
        first = next(item for item in after if item.kind == "door")
        door = doors[first.door]
        if first.again:
            follows = next(item for item in after if item.kind == "row")
            assert used + follows.height > ROOM
        else:
            heading = HEADING if door.group and door.group != doors[page[-1].door].group else 0.0
            whole = heading + band(door) + sum(rows(door))
            assert used + whole > ROOM


def test_what_comes_again_says_so():
    long = Heights("一社", 10, tuple([20.0] * 8))
    pages = paginate([long, Heights("一社", 10, (20.0,)), Heights("二社", 10, (20.0,))], ROOM, HEADING)
    flags = [[(i.kind, i.again) for i in page if i.kind != "row"] for page in pages]
    assert flags[0] == [("group", False), ("door", False)]
    assert flags[1] == [("group", True), ("door", True)]
    assert flags[2] == [("group", True), ("door", False), ("group", False), ("door", False)]


def test_no_doors_no_pages():
    assert paginate([], ROOM, HEADING) == []
