"""State is a pure function of the operation set: any order, any clock, any pred."""

import random
from collections.abc import Sequence
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.fold import State, disputed, fold, values
from storage.kinds import KINDS
from storage.log import Operation
from tests.unit.storage.worlds import naming, operation

HLC = st.integers(0, (1 << 63) - 1) | st.integers(0, 3)
FIELDS = {"name": st.sampled_from(["王伟", "王玮", "娜仁"]), "sex": st.sampled_from(["1", "2"])}
VALUES = {
    "identity": st.fixed_dictionaries({}, optional=FIELDS),
    "contact": st.fixed_dictionaries({}, optional={"phone": st.sampled_from(["138", "139"])}),
    "residence": st.fixed_dictionaries({}, optional={"residence": st.sampled_from(["a", "b"])}),
}


@st.composite
def histories(draw: st.DrawFn) -> list[Operation]:
    """Operations of one record with wild clocks and preds: known, unknown, foreign, inert, of another register."""
    made = [operation({"identity": {"name": "别人"}}, record="other", seq=99)]
    for seq in range(1, draw(st.integers(1, 9))):
        registers = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, unique=True))
        changes: dict[str, object] = {name: draw(VALUES[name]) for name in registers}
        if draw(st.integers(0, 7)) == 0:
            changes["wings"] = {"span": 3}  # unknown here: the whole operation is inert
        named = st.lists(
            st.sampled_from(made).map(lambda one: one.oid.hex()) | st.just("ff" * 16), max_size=3
        )
        pred = {name: draw(named) for name in draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True))}
        made.append(
            operation(
                changes,
                seq=seq,
                hlc=draw(HLC),
                replica=draw(st.sampled_from(["v1", "v2", "o1"])),
                via=draw(st.sampled_from(["", "", "roster"])),
                pred=pred,
            )
        )
    return made[1:]


def shown(state: State) -> dict[str, tuple[bytes, ...]]:
    return {name: tuple(head.oid for head in heads.operations) for name, heads in sorted(state.items())}


@given(histories(), st.randoms(use_true_random=False))
def test_fold_is_a_function_of_the_set(history: list[Operation], rng: random.Random) -> None:
    mixed = [*history, *rng.choices(history, k=3)] if history else []
    rng.shuffle(mixed)
    again = fold(list({item.oid: item for item in mixed}.values()))
    assert shown(again) == shown(fold(history))
    assert values(again) == values(fold(history))
    assert sorted(disputed(again)) == sorted(disputed(fold(history)))


@given(histories())
def test_heads_are_what_nothing_live_has_replaced(history: list[Operation]) -> None:
    """The definition, written out without any cleverness."""
    live = [item for item in history if item.inert is None]
    state = fold(history)
    for register in VALUES:
        writers = [item for item in live if register in item.body.changes]
        heads = {
            item.oid
            for item in writers
            if not any(item.oid in other.body.preds(register) for other in writers)
        }
        assert heads == {item.oid for item in (state[register].operations if register in state else ())}
        assert (register in state) == bool(writers)


@given(histories())
def test_conflict_exactly_where_heads_disagree(history: list[Operation]) -> None:
    state = fold(history)
    for register, heads in state.items():
        held = {msgspec.json.encode(item.body.changes[register], order="sorted") for item in heads.operations}
        assert (register in disputed(state)) == (len(held) > 1)
        assert heads.value == heads.candidates[0]
        assert len(heads.candidates) == len(held)


@given(histories(), VALUES["identity"])
def test_resolving_is_an_ordinary_edit_that_names_all_heads(
    history: list[Operation], chosen: dict[str, str]
) -> None:
    state = fold(history)
    if "identity" not in state:
        return
    heads = state["identity"].operations
    answer = operation({"identity": chosen}, seq=1000, hlc=0, pred=naming(*heads, register="identity"))
    after = fold([*history, answer])
    assert after["identity"].operations == (answer,)
    assert "identity" not in disputed(after)
    assert {name: heads for name, heads in shown(after).items() if name != "identity"} == {
        name: heads for name, heads in shown(state).items() if name != "identity"
    }


def test_pred_counts_only_for_its_own_register_and_only_where_it_is_written() -> None:
    first = operation({"identity": {"name": "王伟"}, "contact": {"phone": "138"}})
    elsewhere = operation({"identity": {"name": "李四"}}, seq=2, pred=naming(first, register="contact"))
    state = fold([first, elsewhere])
    assert len(state["identity"].operations) == 2
    assert state["contact"].operations == (first,)


def test_an_inert_operation_replaces_nothing() -> None:
    first = operation({"identity": {"name": "王伟"}})
    unread = operation(
        {"identity": {"name": "李四"}, "wings": {}}, seq=2, pred=naming(first, register="identity")
    )
    assert unread.inert == "unknown_register"
    assert fold([first, unread])["identity"].operations == (first,)


def test_a_wild_clock_does_not_win_over_one_who_has_seen() -> None:
    future = operation({"identity": {"name": "王伟"}}, hlc=(1 << 63) - 1)
    seen = operation({"identity": {"name": "王玮"}}, seq=2, hlc=0, pred=naming(future, register="identity"))
    assert values(fold([future, seen])) == {"name": "王玮"}


def test_what_a_person_entered_shows_before_a_list_and_both_are_offered() -> None:
    listed = operation({"identity": {"name": "王伟"}}, hlc=9, via="roster:x.xlsx:3")
    entered = operation({"identity": {"name": "王玮"}}, hlc=1, seq=2)
    state = fold([listed, entered])
    assert state["identity"].value == {"name": "王玮"}
    assert disputed(state) == ["identity"]


# ---- voids: they hide only what they had seen


def fact(amount: int, seq: int = 1, **fields: object) -> Operation:
    changes = {"fact": {"resident": "a", "year": 2026, "amount": amount}}
    return operation(changes, kind="payment", seq=seq, **fields)


def void(*seen: Operation, seq: int = 5, reason: str = "重复", **fields: object) -> Operation:
    value = {"void_reason": reason, "void_seen": ",".join(sorted(item.oid.hex() for item in seen))}
    return operation({"void": value}, kind="payment", seq=seq, **fields)


def orders(history: Sequence[Operation]) -> list[list[str]]:
    return [disputed(fold(order)) for order in permutations(history)]


def test_a_void_of_what_it_had_seen_is_no_question() -> None:
    first = fact(38000)
    assert orders([first, void(first)]) == [[]] * 2


@pytest.mark.parametrize("replaces", [True, False])
def test_a_void_hides_nothing_it_had_not_seen(replaces: bool) -> None:
    first = fact(38000)
    pred = naming(first, register="fact") if replaces else {}
    corrected = fact(40000, seq=2, replica="o1", pred=pred)
    assert all("void" in found for found in orders([first, corrected, void(first)]))
    assert orders([first, corrected, void(first, corrected)])[0] == []


def test_a_void_that_was_lifted_asks_nothing() -> None:
    first = fact(38000)
    wrong = void()
    lifted = operation({"void": {}}, kind="payment", seq=6, pred=naming(wrong, register="void"))
    assert orders([first, wrong, lifted]) == [[]] * 6


def test_two_voids_agree_whatever_their_words() -> None:
    """Each saw one of two facts; together they saw both, and both say the same: it does not count."""
    first, second = fact(38000), fact(40000, seq=2, replica="v2")
    one, other = void(first, reason="重复"), void(second, seq=6, reason="填错", replica="v2")
    assert orders([first, second, one, other]) == [[]] * 24


def test_void_and_not_void_disagree() -> None:
    first = fact(38000)
    base = void(first, seq=3)
    pred = naming(base, register="void")
    lifted = operation({"void": {}}, kind="payment", seq=6, pred=pred)
    again = void(first, seq=7, replica="v2", reason="仍然重复", pred=pred)
    assert all(found == ["void"] for found in orders([first, base, lifted, again]))


def test_registers_of_a_voided_record_ask_nothing() -> None:
    first, second = fact(38000), fact(40000, seq=2, replica="v2")
    assert all(found == ["fact"] for found in orders([first, second]))
    assert orders([first, second, void(first, second)]) == [[]] * 6


def test_every_kind_that_can_be_voided_has_the_same_void() -> None:
    voids = [kind.registers["void"].fields for kind in KINDS.values() if "void" in kind.registers]
    assert voids and all(fields == voids[0] for fields in voids)
