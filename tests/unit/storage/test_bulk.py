"""What a large list writes at one go is what the same entries give one by one: same bodies, same rows, same search."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import derived
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.records import canonical, canonical_all, derived_id
from storage.store import operation
from tests.unit.storage.worlds import World

PEOPLE = 1100
"""Enough for the indexes to be made at one go (storage.derived)."""
_NAMES = ("王秀英", "娜仁．图雅", " 布和 ", "Li Lei", "𠮷田", "", "乌云其木格")
_NUMBERS = ("150621199106120017", "150621199106121", "15062119910612001x", "无", "", "1.50621E+17")


def _edits() -> list[Edit]:
    """People with sound, broken, repeated and missing numbers and names, three in a household."""
    found = []
    for row in range(PEOPLE):
        home = derived_id("household", row // 3)
        if row % 3 == 0:
            found.append(Edit("household", home, {"number": {"number": f"04{row:05d}"}}, pred={}))
        said = {
            "identity": {"name": _NAMES[row % 7], "id_number": _NUMBERS[row % 6], "sex": "12"[row % 2]},
            "membership": {"relation": str(row % 3), "household": home},
            "contact": {"phone": f"138{row:08d}"},
        }
        found.append(Edit("resident", derived_id("resident", row), said, via="roster:花名册.xlsx:1", pred={}))
    return found


def _rows(ledger: Ledger) -> list[tuple[object, ...]]:
    """All that is derived, what people are found by included, and the indexes there are."""
    execute = ledger.connection.execute
    found = [*derived.rows(ledger.connection)]
    found += execute(
        "SELECT id, scope, initials, spelled, sound, id_back, phone_back, record FROM search ORDER BY id"
    )
    found += execute("SELECT rowid FROM search_name WHERE search_name MATCH '秀' ORDER BY rowid")
    return [*found, *execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name")]


def test_at_one_go_is_as_one_by_one(world: World) -> None:
    whole, single = world.alone("A"), world.alone("B")
    whole.write(_edits())
    for start in range(0, len(_edits()), 100):
        single.write(_edits()[start : start + 100])
    said = [[*_said(ledger)] for ledger in (whole, single)]
    assert said[0] == said[1]
    assert _rows(whole) == _rows(single)
    before = derived.state_digest(whole.connection)
    whole.rebuild()
    assert derived.state_digest(whole.connection) == before


def _said(ledger: Ledger) -> Iterator[tuple[object, ...]]:
    """What every body says but for when and by whom it was written, fields in the order in which they travel."""
    for (stored,) in ledger.connection.execute("SELECT body FROM op ORDER BY id"):
        found = operation(stored, None).body
        yield found.kind, found.record, found.via, json.dumps(found.changes), found.pred


def test_a_large_list_that_fails_leaves_everything_as_it_was(world: World) -> None:
    ledger = world.alone()
    before = _rows(ledger)
    with pytest.raises(KnownError):
        ledger.write([*_edits(), Edit("resident", "x", {"identity": {"nobody": "knows"}}, pred={})])
    assert _rows(ledger) == before


_TEXTS = st.text(alphabet=" |.·．•Aa1王英é\u0301\u3000\u200b\n\u1820\U00020bb7", max_size=6)
_VALUES = st.one_of(_TEXTS, st.none(), st.integers(-1, 3))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "identity": st.dictionaries(st.sampled_from(("name", "id_number", "sex", "birth")), _TEXTS),
            "contact": st.dictionaries(st.just("phone"), _VALUES),
            "remark": st.dictionaries(st.sampled_from(("note", "other")), _VALUES),
            "void": st.just({}),
        },
    )
)
def test_registers_together_are_as_each_alone(changes: dict[str, dict[str, object]]) -> None:
    def alone() -> object:
        return {name: list(canonical("resident", name, value).items()) for name, value in changes.items()}

    def together() -> object:
        return {name: list(value.items()) for name, value in canonical_all("resident", changes).items()}

    answers = []
    for way in (alone, together):
        try:
            answers.append(way())
        except KnownError as error:
            answers.append((error.code, error.params))
    assert answers[0] == answers[1]
