"""Groups across records: the quick ways agree with the definitions written out."""

import random
from itertools import combinations, count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.groups import groups_of
from storage.ledger import Edit, Ledger
from tests.unit.storage.worlds import World, id_number, paid

LETTERS = "abcdefgh"
LETTER = st.sampled_from(LETTERS)
PAIRS = st.lists(st.tuples(LETTER, LETTER), max_size=12)
SCOPES = count(1)


def slow_groups(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Connect until nothing changes; the smallest name stands for all."""
    found = {record: record for pair in pairs for record in pair}
    while True:
        before = dict(found)
        for left, right in pairs:
            found[left] = found[right] = min(found[left], found[right])
        if found == before:
            return found


@given(PAIRS)
def test_groups_are_what_the_pairs_connect_in_any_order(pairs: list[tuple[str, str]]) -> None:
    assert groups_of(pairs) == groups_of(pairs[::-1]) == slow_groups(pairs)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    world = World(tmp_path_factory.mktemp("groups"))
    yield world.office()
    world.close()


ONE = st.tuples(st.sampled_from(["王伟", "李娜", None]), st.sampled_from([1, 2, None]), st.booleans())
ANSWER = st.tuples(
    st.sampled_from(LETTERS), st.sampled_from(LETTERS), st.sampled_from(["same", "different", None])
)


@settings(max_examples=60)
@given(
    people=st.lists(ONE, max_size=8),
    answers=st.lists(ANSWER, max_size=8),
    rng=st.randoms(use_true_random=False),
)
def test_one_person_is_same_number_and_name_unless_somebody_said_otherwise(
    office: Ledger,
    people: list[tuple[str | None, int | None, bool]],
    answers: list[tuple[str, str, str | None]],
    rng: random.Random,
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    edits = []
    for letter, (name, number, out) in zip(LETTERS, people, strict=False):
        identity = {"name": name, "id_number": number and id_number(number)}
        void = {"void": {"void_reason": "x"}} if out else {}
        edits.append(Edit("resident", letter, {"identity": identity, **void}, scope=scope))
    said = {tuple(sorted(answer[:2])): answer[2] for answer in answers if answer[0] != answer[1]}
    for (left, right), answer in said.items():
        edge = {"edge": {"left": left, "right": right}, "answer": {"answer": answer}}
        edits.append(Edit("same", f"{left}{right}", edge, scope=scope))
    rng.shuffle(edits)
    for edit in edits:
        office.write([edit])
    pairs = [pair for pair, answer in said.items() if answer == "same"]
    for (one, first), (other, second) in combinations(zip(LETTERS, people, strict=False), 2):
        alike = first[:2] == second[:2] and None not in first[:2] and not first[2] and not second[2]
        if alike and said.get((one, other)) != "different":
            pairs.append((one, other))
    held = dict(
        office.connection.execute("SELECT record, person FROM twin WHERE scope = ?", (scope,)).fetchall()
    )
    assert held == slow_groups(pairs)


VOIDS = st.lists(
    st.tuples(st.booleans(), st.sets(LETTER, max_size=3), st.sets(LETTER, max_size=2)), min_size=1, max_size=8
)


@settings(max_examples=60)
@given(voids=VOIDS)
def test_a_void_holds_while_what_it_leaned_on_does(
    office: Ledger, voids: list[tuple[bool, set[str], set[str]]]
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    claims = dict(zip(LETTERS, voids, strict=False))
    for letter, (void, beside, after) in claims.items():
        value = {"void_reason": "x", "void_beside": ",".join(beside), "void_after": ",".join(after)}
        office.write(
            [Edit("payment", letter, {**paid("r"), **({"void": value} if void else {})}, scope=scope)]
        )
    leaning = {letter: beside for letter, (void, beside, _) in claims.items() if void and beside}
    held: set[str] = set()
    for _ in LETTERS:
        for letter, beside in leaning.items():
            for other in beside & claims.keys():
                void, _, after = claims[other]
                if not void or other in held or letter in after:
                    held.add(letter)
    loose = leaning.keys() - held
    groups = slow_groups([(one, other) for one in loose for other in {one, *leaning[one]} if other in loose])
    expected = {letter for letter, (void, _, _) in claims.items() if not void} | set(groups.values())
    rows = office.connection.execute("SELECT record FROM payment WHERE scope = ? AND stands = 1", (scope,))
    assert {row[0] for row in rows} == expected
