"""The vocabulary of the log: canonical values, what is acceptable, record ids."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.errors import KnownError
from storage.kinds import KINDS, OFFICE, VILLAGE
from storage.records import acceptable, canonical, derived_id, keyed_id, random_id

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
REGISTERS = [(kind.name, name) for kind in KINDS.values() for name in kind.registers]


@st.composite
def values(draw: st.DrawFn) -> tuple[str, str, dict[str, object]]:
    """A register and a value of its fields' types."""
    kind, register = draw(st.sampled_from(REGISTERS))
    fields = KINDS[kind].registers[register].fields
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), unique=True))
    texts = st.text(st.characters(codec="utf-8"), max_size=20)
    wanted = {str: texts, int: st.integers(0, 10**9)}
    return kind, register, {name: draw(st.none() | wanted[fields[name]]) for name in chosen}


@given(values())
@example(("resident", "identity", {"name": " 那仁．图雅 "}))
@example(("resident", "identity", {"name": "\u1826\u180e\u0000\ufeff"}))
@example(("resident", "identity", {"name": "é e\u0301 . x"}))
def test_canonical_is_idempotent_and_can_be_folded(case: tuple[str, str, dict[str, object]]) -> None:
    kind, register, value = case
    once = canonical(kind, register, value)
    assert canonical(kind, register, once) == once
    side = KINDS[kind].registers[register].writers[-1]
    assert acceptable(kind, side + "1", {register: once}) is None
    for item in once.values():
        if isinstance(item, str):
            assert item == item.strip() and item == unicodedata.normalize("NFC", item) and item
            assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in item)


@pytest.mark.parametrize(
    "written", ["那仁．图雅", "那仁•图雅", "那仁・图雅", "那仁.图雅", " 那仁 · 图雅 ", "那仁‧图雅"]
)
def test_every_dot_in_a_name_is_the_same_dot(written: str) -> None:
    assert canonical("resident", "identity", {"name": written}) == {"name": "那仁·图雅"}
    assert canonical("household", "head", {"head_name": written}) == {"head_name": "那仁·图雅"}


def test_dots_elsewhere_stay() -> None:
    assert canonical("resident", "remark", {"note": "3.5亩•旱地"}) == {"note": "3.5亩•旱地"}
    assert canonical("resident", "identity", {"name": "J. Smith"}) == {"name": "J. Smith"}


@pytest.mark.parametrize(
    ("kind", "register", "value"),
    [
        ("resident", "identity", {"nickname": "x"}),
        ("resident", "identity", {"name": 5}),
        ("payment", "fact", {"amount": "400"}),
        ("payment", "fact", {"amount": True}),
        ("payment", "fact", {"amount": 1 << 70}),
        ("payment", "fact", {"amount": -1}),
        ("resident", "identity", {"name": "\ud800"}),
    ],
)
def test_what_could_not_be_folded_is_never_canonical(
    kind: str, register: str, value: dict[str, object]
) -> None:
    with pytest.raises(KnownError) as caught:
        canonical(kind, register, value)
    assert caught.value.code == "record.field"


@given(
    st.text() | st.sampled_from(sorted(KINDS)),
    st.text(),
    st.dictionaries(
        st.text() | st.sampled_from([name for _, name in REGISTERS]),
        st.dictionaries(st.text() | st.sampled_from(["name", "amount", "year"]), JUNK),
    ),
)
def test_acceptable_is_total(kind: str, replica: str, changes: dict[str, dict[str, object]]) -> None:
    assert acceptable(kind, replica, changes) in {
        None,
        *("unknown_kind", "unknown_register", "not_allowed", "unknown_field", "wrong_type", "out_of_range"),
    }


def test_a_village_may_not_confirm() -> None:
    fact = {"fact": {"resident": "a", "year": 2026, "amount": 1}}
    assert acceptable("confirmation", VILLAGE + "1", fact) == "not_allowed"
    assert acceptable("confirmation", OFFICE + "1", fact) is None


def test_every_register_of_a_kind_has_fields_of_its_own() -> None:
    for kind in KINDS.values():
        names = [name for register in kind.registers.values() for name in register.fields]
        assert len(names) == len(set(names)), kind.name
        assert not {"scope", "record"} & set(names)


def test_ids_are_22_letters_and_differ() -> None:
    key, other = bytes(32), bytes(31) + b"\1"
    made = [
        random_id(),
        random_id(),
        keyed_id(key, "resident", "1"),
        keyed_id(other, "resident", "1"),
        keyed_id(key, "household", "1"),
        derived_id("enrolment", "a", 2026),
        derived_id("enrolment", "a2026"),
    ]
    assert len(set(made)) == len(made)
    assert all(len(item) == 22 for item in made)
    assert keyed_id(key, "resident", "1") == made[2]
