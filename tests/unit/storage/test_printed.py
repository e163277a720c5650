"""The code on printed lists: what it says comes back, what is none of ours is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.printed import SheetCode, list_code, mark, parse, returned_id
from storage.records import random_id


@given(
    st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(1, 99_999), st.integers(1, 9999), st.booleans()
)
def test_a_code_says_what_was_put_in(scope: str, number: int, last: int, is_row: bool) -> None:
    record = random_id()
    code = list_code(scope, number, record)
    assert parse(code) == SheetCode(scope, number, mark(record))
    wanted = SheetCode(scope, number, mark(record), *((0, last) if is_row else (last, 0)))
    assert parse(f"{code}/{'R' if is_row else ''}{last}") == wanted
    assert parse(f" {code.lower()}/{'r' if is_row else ''}{last}\r\n") == wanted


def test_codes_of_old_sheets_are_known() -> None:
    assert parse("HQ1/150621102200/37/2") == SheetCode("150621102200", 37, page=2)


@pytest.mark.parametrize(
    "text",
    ["", "37", "HQ1", "HQ2/150621102200/37", "HQ1/1506/x", "https://a/HQ1/150621102200/37", "HQ1/1/1/AB1"],
)
def test_what_is_none_of_ours_says_nothing(text: str) -> None:
    assert parse(text) is None


def test_a_code_needs_no_letters_a_small_qr_code_lacks() -> None:
    allowed = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert set(list_code("150621102200", 12, random_id())) <= allowed


def test_a_returned_row_has_one_record_whoever_enters_it() -> None:
    assert returned_id("list", "who") == returned_id("list", "who") != returned_id("list", "other")
