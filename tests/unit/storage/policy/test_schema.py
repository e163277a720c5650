"""The shape of a policy's text: a fault for whatever is no policy, paths that lead to values and back."""

import copy
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import policies, policy_text
from storage.policy import schema
from storage.policy.drafting import (
    Difference,
    checked,
    cites,
    differences,
    moved_day,
    settled,
    text_of,
    waits,
)
from storage.policy.model import Policy
from storage.policy.schema import Fault, described, faults, get, leaves, names, put, read, shape_at, shapes

RAW = text_of(policies.load("example-2027"))
PATHS = [path for path, _value in leaves(RAW)]
STRANGE: list[Any] = [
    *(
        None,
        "",
        "x",
        "X Y",
        -1,
        0,
        1,
        10**30,
        1.5,
        True,
        False,
        [],
        ["a"],
        [1],
        {},
        {"a": 1},
        [{}],
        "2026-01-01",
    ),
    *(date(2026, 1, 1), "0.5", "NaN", "Infinity", "1e5", "-1", [None], [["x"]], "advance", "yes"),
]


def tables(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every table in a text."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from tables(item)


def fits(raw: Any) -> bool:
    """Whether the model itself takes a text."""
    try:
        msgspec.convert(raw, Policy)
    except msgspec.ValidationError:
        return False
    return True


def test_a_sound_text_has_no_fault() -> None:
    for name in ("example-2026", "example-2027", "uxin-2024", "dalad-2024", "baotou-2026"):
        assert list(faults(text_of(policies.load(name)))) == []


@given(st.data())
def test_faults_are_found_exactly_where_the_model_refuses(data: st.DataObject) -> None:
    """Whatever is put anywhere, taken away or added: no fault, no refusal, and the other way round."""
    raw = copy.deepcopy(RAW)
    for _time in range(data.draw(st.integers(1, 3))):
        table = data.draw(st.sampled_from(list(tables(raw))))
        act = data.draw(st.sampled_from(("put", "take", "add")))
        if act == "add":
            table[data.draw(st.sampled_from(("windov", "nonsense", "cite")))] = data.draw(
                st.sampled_from(STRANGE)
            )
        elif table:
            name = data.draw(st.sampled_from(list(table)))
            if act == "take":
                del table[name]
            else:
                table[name] = copy.deepcopy(data.draw(st.sampled_from(STRANGE)))
    found = list(faults(raw))
    refused = not fits(raw)
    if refused:
        assert found
    else:  # what the model takes although it is no number
        assert all(one.why == "not_a_share" for one in found)
    for one in found:
        assert isinstance(one.where, str)
    if not found:
        assert isinstance(policies.faults(raw), list), (
            "what contradicts itself is told too, whatever stands there"
        )


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("year", 1, Fault("year", "out_of_range", {"least": 2000, "most": 2100})),
        ("version", 0, Fault("version", "out_of_range", {"least": 1, "most": ""})),
        ("personal_fen", "400", Fault("personal_fen", "not_a_number", {})),
        ("personal_fen", True, Fault("personal_fen", "not_a_number", {})),
        ("example", "yes", Fault("example", "not_a_flag", {})),
        ("place", "", Fault("place", "empty", {})),
        ("place", 3, Fault("place", "not_a_text", {})),
        ("id", "Ä", Fault("id", "bad_code", {"text": "Ä"})),
        ("window", 3, Fault("window", "not_a_table", {})),
        ("window.end", "bald", Fault("window.end", "not_a_day", {})),
        ("targets.residents_95.rate", "Infinity", Fault("targets.residents_95.rate", "not_a_share", {})),
        ("targets.residents_95.rate", "viel", Fault("targets.residents_95.rate", "not_a_share", {})),
        ("divisions", ["1506", "x"], Fault("divisions.2", "bad_code", {"text": "x"})),
        ("groups", 3, Fault("groups", "not_a_list", {})),
        ("groups.tekun.name", None, Fault("groups.tekun.name", "missing", {})),
        (
            "groups.tekun.mode",
            "gift",
            Fault("groups.tekun.mode", "not_one_of", {"choices": ("advance", "refund", "none", "unknown")}),
        ),
        ("groups.tekun.colour", "red", Fault("groups.tekun.colour", "unknown_field", {})),
    ],
)
def test_a_fault_says_where_and_what(path: str, value: Any, fault: Fault) -> None:
    assert list(faults(put(RAW, path, value))) == [fault]


def test_all_faults_are_told_in_order() -> None:
    broken = put(put(put(RAW, "window.end", "x"), "title", None), "id", "")
    assert [one.where for one in faults(broken)] == ["id", "title", "window.end"]


def test_nothing_where_nothing_has_to_be() -> None:
    assert list(faults({**RAW, "refunds": None})) == []
    assert [one.why for one in faults({**RAW, "window": None})] == ["not_a_table"]


# ---- paths


@pytest.mark.parametrize("path", PATHS)
def test_every_value_can_be_reached_and_put(path: str) -> None:
    held = get(RAW, path)
    assert held is not None
    assert put(RAW, path, held) == RAW
    gone = put(RAW, path, None)
    assert get(gone, path) is None
    assert shape_at(path).name == path.rsplit(".", 1)[-1]
    assert text_of(policies.load("example-2027")) == RAW, "nothing is changed in its place"


def test_an_entry_without_a_code_of_its_own_goes_by_its_number() -> None:
    assert names([{"code": "a"}, {"code": "A"}, {"code": "b"}, {"code": "b"}, 3, {"key": "k"}]) == [
        *("a", "2", "3", "4", "5", "k"),
    ]
    assert names([{"code": "x_1"}, {}]) == ["x_1", "2"]


def test_putting_begins_what_is_not_there() -> None:
    made = put({}, "refunds.rules.double", {"code": "double"})
    assert made == {"refunds": {"rules": [{"code": "double"}]}}
    assert put(made, "refunds.rules.double", None) == {"refunds": {"rules": []}}
    assert put({"window": 3}, "window.end", 4) == {"window": {"end": 4}}
    assert get({"window": 3}, "window.end.x") is None


@pytest.mark.parametrize(
    "path", ["nothing", "window.nothing", "groups.a.nothing", "title.x", "groups.a.share.x"]
)
def test_paths_the_model_does_not_have(path: str) -> None:
    with pytest.raises(KeyError):
        shape_at(path)


def test_an_entry_is_a_table() -> None:
    owner, shape = described("groups.tekun")
    assert (owner, shape.holds, shape.model and shape.model.__name__) == (Policy, "table", "Group")
    assert described("groups.tekun.cite.at")[0].__name__ == "Cite"


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("example", "true", True),
        ("example", "No", False),
        ("example", "perhaps", "perhaps"),
        ("year", "2027", 2027),
        ("year", "soon", "soon"),
        ("personal_fen", "40000", 40000),
        ("window.end", "2026-12-31", date(2026, 12, 31)),
        ("window.end", "2026-02-30", "2026-02-30"),
        ("targets.x.rate", "95%", "0.95"),
        ("targets.x.rate", "0.95", "0.95"),
        ("targets.x.rate", "x%", "x%"),
        ("divisions", "1506, 1507、1508", ["1506", "1507", "1508"]),
        ("divisions", '["1506"]', ["1506"]),
        ("waiting.exempt_groups", "a，b", ["a", "b"]),
        ("groups", '[{"code": "a"}]', [{"code": "a"}]),
        ("window", "{", "{"),
        ("title", " 新 ", "新"),
        ("title", "  ", None),
    ],
)
def test_what_was_typed(path: str, text: str, value: Any) -> None:
    assert read(text, path) == value


def test_every_field_has_a_shape() -> None:
    assert set(shapes(Policy)) == set(Policy.__struct_fields__)
    held = {shape.holds for name in ("Policy",) for shape in shapes(Policy).values()}
    assert held >= {"table", "entries", "texts", "text", "code", "flag", "number", "money"}
    assert shape_at("waiting.exempt_groups").refers == "groups"
    assert (shape_at("groups.a.share").holds, shape_at("groups.a.cap_fen").holds) == ("share", "money")
    assert (shape_at("waiting.assumed").holds, shape_at("groups.a.evidence").holds) == ("codes", "texts")


# ---- comparing, sources


def test_nothing_said_is_the_default() -> None:
    said = put(put(RAW, "highest_only", True), "groups.tekun.rank", get(RAW, "groups.tekun.rank"))
    assert differences(RAW, said) == []
    unsaid = {name: value for name, value in said.items() if name != "highest_only"}
    assert differences(unsaid, said) == []
    assert differences(said, put(unsaid, "highest_only", False)) == [Difference("highest_only", True, False)]


def test_a_share_differs_by_its_number() -> None:
    rate = "targets.residents_95.rate"
    assert differences(RAW, put(RAW, rate, "0.950")) == []
    assert [one.where for one in differences(RAW, put(RAW, rate, "0.96"))] == [rate]
    assert [one.new for one in differences(RAW, put(RAW, rate, "half"))] == ["half"]


def test_an_order_differs() -> None:
    turned = put(RAW, "channels", RAW["channels"][::-1])
    (one,) = differences(RAW, turned)
    assert (one.where, one.old, one.new) == ("channels", names(RAW["channels"]), names(turned["channels"]))


def test_entries_and_tables_come_and_go() -> None:
    changed = put(put(RAW, "groups.tekun", None), "refunds", None)
    found = {one.where: one for one in differences(RAW, changed)}
    assert found["groups.tekun"].new is None
    assert found["refunds"].new is None
    assert differences(RAW, put(RAW, "groups", 3))[0].new == 3


@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(STRANGE)), max_size=4))
def test_taking_every_difference_back_gives_the_old_text(changes: list[tuple[str, Any]]) -> None:
    changed = RAW
    for path, value in changes:
        if value is not None and not path.endswith((".code", ".key")):
            changed = put(changed, path, value)
    for one in differences(RAW, changed):
        changed = put(changed, one.where, one.old)
    assert differences(RAW, changed) == []


def test_a_waiting_source_is_no_difference_and_comes_back() -> None:
    path = "window.cite.note"
    marked = put(RAW, path, f"待核对：沿用2026年度；{get(RAW, path) or ''}")
    assert waits(get(marked, "window.cite"))
    assert differences(RAW, marked) == []
    assert checked(marked, ["window.cite"])["window"]["cite"].get("note", "") == (get(RAW, path) or "")
    assert settled({"source": "a", "note": "待核对"}) == {"source": "a"}
    assert [where for where, _cite in cites({"window": {"cite": {"source": "a"}}, "groups": 3})] == [
        "window.cite"
    ]


def test_month_ends_stay_month_ends() -> None:
    assert moved_day(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert moved_day(date(2023, 2, 28), 1) == date(2024, 2, 29)
    assert moved_day(date(2023, 12, 31), 1) == date(2024, 12, 31)
    assert moved_day(date(2023, 2, 15), -3) == date(2020, 2, 15)


@pytest.mark.parametrize("name", [head.id for head in policies.available()])
def test_a_policy_is_the_same_after_its_text(name: str) -> None:
    """What is left out of the text is what an older program need not know."""
    policy = policies.load(name)
    raw = text_of(policy)
    assert policies.build(raw, "") == policy
    assert policies.whole(policy_text.written(raw), "")[0] == policy
    assert "note" not in raw["benefit"]["cite"] or raw["benefit"]["cite"]["note"]


def test_written_and_read_again() -> None:
    assert policies.raw_of(policy_text.written(RAW), "") == RAW
    assert json.dumps(schema.get(RAW, "title"), ensure_ascii=False) in policy_text.written(RAW)
