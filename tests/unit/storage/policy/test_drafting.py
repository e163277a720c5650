"""Another year of a policy: what moves, what stays, whatever its text lacks."""

from datetime import date

from storage.policy.drafting import cloned
from storage.policy.schema import leaves


def test_a_year_later_days_and_title_move_and_the_version_begins_anew() -> None:
    raw = {
        "id": "a-2026",
        "year": 2026,
        "version": 4,
        "title": "某旗2026年度",
        "window": {"start": date(2025, 9, 1)},
    }
    found = cloned(raw, "a-2027", 2027)
    assert (found["id"], found["year"], found["version"]) == ("a-2027", 2027, 1)
    assert found["title"] == "某旗2027年度" and found["window"]["start"] == date(2026, 9, 1)
    assert raw["window"] == {"start": date(2025, 9, 1)}  # the old year never changes


def test_what_a_text_lacks_is_not_made_up() -> None:
    assert cloned({"year": 2026}, "b", 2026) == {"year": 2026, "id": "b", "version": 1}
    assert cloned({"title": 7}, "b", 2027)["title"] == 7
    assert cloned({"year": 2026, "title": 7}, "b", 2027)["title"] == 7


def test_entries_that_are_none_are_passed_over() -> None:
    assert list(leaves({"groups": ["x", {"code": "y"}]})) == [("groups.y.code", "y")]
