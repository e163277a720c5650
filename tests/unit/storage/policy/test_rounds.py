"""The round of a day: never too long, promises kept, neighbours together, always the same."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from storage.policy.rounds import LEAST, MOST, USUAL, Door, bounded, choose, on_the_way, usual


@st.composite
def doors(draw: st.DrawFn) -> list[Door]:
    made = draw(
        st.lists(
            st.builds(
                Door,
                at=st.integers(1, 5),  # steps between doors
                worth=st.integers(1, 999),
                group=st.sampled_from(["1组", "2组", ""]),
                lane=st.sampled_from(["", "东巷", "西巷"]),
                promised=st.sampled_from([False, False, False, True]),
                added=st.sampled_from([False, False, False, True]),
            ),
            max_size=25,
        )
    )
    at, placed = 0, []
    for door in made:
        at += door.at
        placed.append(replace(door, at=at))
    return placed


@given(doors(), st.integers(0, 30))
def test_the_round_keeps_its_promises(found: list[Door], most: int) -> None:
    picked = choose(found, most)
    added = [index for index, door in enumerate(found) if door.added]
    promised = [index for index, door in enumerate(found) if door.promised and not door.added]
    assert picked == sorted(set(picked))  # walking order, each once
    assert len(picked) <= max(most, len(added))
    assert set(added) <= set(picked)
    room = max(most - len(added), 0)
    kept = [index for index in promised if index in picked]
    assert len(kept) == min(len(promised), room)
    if len(promised) > room:  # the weightier promises first
        worth = [found[index].worth for index in promised if index not in kept]
        assert not kept or min(found[index].worth for index in kept) >= max(worth)
    assert len(picked) == min(len(found), max(most, len(added)))
    assert choose(found, most) == picked


@given(doors(), st.integers(0, 30))
def test_more_room_never_drops_a_door(found: list[Door], most: int) -> None:
    assert set(choose(found, most)) <= set(choose(found, most + 1))


@given(doors(), st.integers(0, 30))
def test_only_doors_that_worth_alone_would_not_bring_are_on_the_way(found: list[Door], most: int) -> None:
    picked = choose(found, most)
    beside = on_the_way(found, picked)
    assert beside <= set(picked)
    assert not any(found[index].promised or found[index].added for index in beside)
    left = [found[index].worth for index in range(len(found)) if index not in picked]
    assert all(max(left) >= found[index].worth for index in beside)


def test_a_neighbour_of_a_door_on_the_way_goes_before_a_little_more_pressing_one_far_away() -> None:
    pressing = Door(1, 900, "1组", "东巷")
    neighbour, far = Door(2, 500, "1组", "东巷"), Door(40, 560, "3组", "西头")
    assert choose([pressing, neighbour, far], 2) == [0, 1]
    assert on_the_way([pressing, neighbour, far], [0, 1]) == {1}
    assert choose([pressing, neighbour, replace(far, worth=700)], 2) == [0, 2]


def test_a_day_is_as_long_as_it_used_to_be() -> None:
    assert usual([]) == usual([1, 2, 3, 4, 5]) == usual([30, 30]) == USUAL
    assert usual([12, 1, 9, 20, 2]) == 12
    assert usual([500] * 3) == MOST and bounded(0) == LEAST
