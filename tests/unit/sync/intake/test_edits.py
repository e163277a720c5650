"""Edits held packed are the edits that were added, in their order, however often and wherever they are looked at."""

import pytest

from storage.ledger import Edit
from sync.intake.edits import Edits


def _edit(number: int) -> Edit:
    pred = {"identity": [bytes([number % 256]) * 16]} if number % 3 else {}
    changes = {"identity": {"name": f"王{number}", "birth": None}, "door": {"door": number}}
    return Edit("resident", f"r{number}", changes, "150621102200", f"roster:花名册.xlsx:{number}", pred)


@pytest.mark.parametrize("count", [0, 1, 511, 512, 513, 1500])
def test_what_was_added_comes_back(count: int) -> None:
    added = [_edit(number) for number in range(count)]
    held = Edits()
    for edit in added:
        held.append(edit)
    assert len(held) == count and bool(held) == bool(count)
    assert list(held) == added and list(held) == added
    assert [held[at] for at in range(-count, count, 97)] == [added[at] for at in range(-count, count, 97)]
    assert held[count // 2 :] == added[count // 2 :]
    with pytest.raises(IndexError):
        held[count]


def test_one_without_heads_of_its_own_keeps_none() -> None:
    held = Edits()
    held.append(Edit("resident", "r", {"void": {}}))
    assert list(held) == [Edit("resident", "r", {"void": {}})]
