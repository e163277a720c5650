"""The walking order: any order can be had, few doors are renumbered, nothing else is written."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storage.commands import undo, walking
from storage.ledger import Edit, Ledger
from storage.queries.housing import households
from storage.walking import STEP, doors
from tests.unit.storage.worlds import VILLAGE_CODE, World

NUMBERS = st.lists(st.none() | st.integers(-3, 5000), max_size=12)


@given(NUMBERS)
def test_doors_rise_and_stay_where_they_can(now: list[int | None]) -> None:
    found = doors(now)
    assert len(found) == len(now) and all(a < b for a, b in pairwise(found))
    assert all(door > 0 for door in found)
    assert doors(found) == found  # in order already: nothing changes


@given(st.integers(2, 40), st.data())
def test_one_door_moved_is_one_number_changed(count: int, data: st.DataObject) -> None:
    order = [(place, (place + 1) * STEP) for place in range(count)]
    moved = order.pop(data.draw(st.integers(0, count - 1)))
    order.insert(data.draw(st.integers(0, count - 1)), moved)
    found = doors([number for _, number in order])
    assert sum(new != number for new, (_, number) in zip(found, order, strict=True)) <= 1


def test_where_no_room_is_left_all_are_numbered_anew() -> None:
    assert doors([1, None, 2]) == [STEP, 2 * STEP, 3 * STEP]


def order_of(ledger: Ledger) -> list[str]:
    return [home.record for home in households(ledger, VILLAGE_CODE)]


def test_an_order_is_kept_and_can_be_undone_and_forgotten(world: World) -> None:
    ledger = world.alone()
    ledger.write(
        [
            Edit("household", f"h{number}", {"number": {"number": str(number)}, "place": {"grp": "1组"}})
            for number in range(1, 6)
        ]
    )
    assert order_of(ledger) == ["h1", "h2", "h3", "h4", "h5"]
    walking.arrange(ledger, ["h3", "h1", "h2", "h5", "h4"])
    assert order_of(ledger) == ["h3", "h1", "h2", "h5", "h4"]
    done = walking.arrange(ledger, ["h3", "h4", "h1", "h2", "h5"])
    assert len(done.oids) == 1 and order_of(ledger) == ["h3", "h4", "h1", "h2", "h5"]
    assert not walking.arrange(ledger, ["h3", "h4", "h1", "h2", "h5"])
    undo.revert(ledger, done.oids[0], "")
    assert order_of(ledger) == ["h3", "h1", "h2", "h5", "h4"]
    walking.forget(ledger, order_of(ledger))
    assert order_of(ledger) == ["h1", "h2", "h3", "h4", "h5"]
    assert not walking.forget(ledger, order_of(ledger))
