"""The ID number reader against published vectors, made numbers and arbitrary text."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.policy.id_core import check_digit
from storage.policy.id_number import IdCheck, check
from storage.policy.id_repair import candidates

VECTORS = Path(__file__).with_name("id_vectors.csv")


def number(body: str) -> str:
    return body + check_digit(body)


def vectors() -> list[tuple[str, str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return [(row["id"], row["expected"], row["category"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("text", "expected", "category"), vectors())
def test_vector(text: str, expected: str, category: str) -> None:
    got = check(text)
    if expected == "fix?":
        assert not got.valid
        assert got.suggestions or got.doubt == "lookalike"
    else:
        assert got.valid is (expected != "0"), (category, got)
    if got.valid:
        assert got.doubt is None
        assert got.derives_id


@pytest.mark.parametrize(
    ("text", "birth", "sex", "kind", "full"),
    [
        ("150621199003070011", date(1990, 3, 7), "1", "resident18", "150621199003070011"),
        ("15062620050409000x", date(2005, 4, 9), "2", "resident18", "15062620050409000X"),
        ("610104620927690", date(1962, 9, 27), "2", "resident15", number("61010419620927690")),
        (number("81000019900307001"), date(1990, 3, 7), "1", "hk", number("81000019900307001")),
        (number("82000019900307001"), date(1990, 3, 7), "1", "macau", number("82000019900307001")),
        ("830000199201300022", date(1992, 1, 30), "2", "tw", "830000199201300022"),
        ("911124198108030024", date(1981, 8, 3), "2", "foreigner18", "911124198108030024"),
        ("CAN110081080312", None, None, "foreigner15", "CAN110081080312"),
        ("can110000022912", None, None, "foreigner15", "CAN110000022912"),
        (number("71010119900307001"), date(1990, 3, 7), "1", "resident18", number("71010119900307001")),
    ],
)
def test_sound(text: str, birth: date | None, sex: str | None, kind: str, full: str) -> None:
    got = check(text, today=date(2026, 1, 1))
    assert (got.valid, got.doubt, got.derives_id) == (True, None, True)
    assert (got.birth, got.sex, got.kind, got.full) == (birth, sex, kind, full)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (None, "missing"),
        ("", "missing"),
        (" \t\u3000\ufeff\u200b'", "missing"),
        ("0", "placeholder"),
        ("000000000000000000", "placeholder"),
        ("111111111111111111", "placeholder"),
        ("999999999999999999", "placeholder"),
        ("--", "placeholder"),
        ("无", "placeholder"),
        ("123456789012345678", "placeholder"),
        ("n/a", "placeholder"),
        (number("00000019850401000"), "area"),
        (number("99999919850401000"), "area"),
        (number("15069919850401002"), "area"),
        (number("81010119850401002"), "area"),
        (number("16010119850401002"), "area"),
        (number("15062118000101002"), "date"),
        (number("15062119850229002"), "date"),
        (number("15062120260102002"), "future"),
        ("150621199003070018", "checksum"),
        ("X", "format"),
        ("15062119900307001", "length"),
        ("1506211990030700", "length"),
        ("王小明", "format"),
        ("150621991332001", "date"),
        ("H12345678", "other_document"),
        ("e12345678", "other_document"),
        ("CAN110081080012", "date"),
        ("15062119900307001121", "disability20"),
        ("1.50621E+17", "scientific"),
        ("15062119900307OO11", "lookalike"),
        ("15062119900307\u0660\u0660\u0661\u0661", "lookalike"),
        ("1506211990030700l1", "lookalike"),
    ],
)
def test_doubt(text: str | None, doubt: str) -> None:
    got = check(text, today=date(2026, 1, 1))
    assert (got.doubt, got.valid, got.derives_id, got.full) == (doubt, False, False, None)


def test_a_birth_today_is_no_future() -> None:
    body = number("15062120260101002")
    assert check(body, today=date(2026, 1, 1)).valid


@pytest.mark.parametrize(
    "text",
    [
        '="150621199003070011"',
        "’150621199003070011",
        "150621 19900307 0011",
        "150621\u00a019900307\u20090011\n",
        "\u200b\u202d150621199003070011\u202c",
        "１５０６２１１９９００３０７００１１",
        "'150621199003070011'",
        "´150621199003070011",
    ],
)
def test_writing_is_normalised(text: str) -> None:
    assert check(text) == check("150621199003070011")
    assert check(text).text == "150621199003070011"


def ending_in_000() -> str:
    """Make a sound number that happens to end in 000."""
    return next(made for day in range(1, 29) if (made := number(f"150621199003{day:02d}100")).endswith("000"))


def test_a_sound_number_ending_000_may_have_been_cut() -> None:
    whole = ending_in_000()
    got = check(whole)
    assert (got.valid, got.doubt, got.derives_id) == (True, "truncated", False)
    assert (got.birth, got.sex, got.full, got.stem) == (
        date(1990, 3, int(whole[12:14])),
        None,
        whole,
        whole[:15],
    )
    assert check(whole, was_number=True) == IdCheck(
        whole, False, "resident18", "truncated", got.birth, None, None, whole[:15]
    )


def test_a_number_cell_keeps_fifteen_digits() -> None:
    cut = IdCheck(
        "150621199106129000",
        False,
        "resident18",
        "truncated",
        date(1991, 6, 12),
        None,
        None,
        "150621199106129",
    )
    assert check("150621199106129000") == cut
    for writing in ("150621199106129000", "1.50621199106129e+17", "150621199106129000.0"):
        assert check(writing, was_number=True) == cut
    assert check("1.5062119910612e+17", was_number=True).stem == "150621199106120"
    text = check("1.50621199106129E+17")
    assert (text.doubt, text.stem, text.birth) == ("scientific", cut.stem, cut.birth)
    unreadable = check("1.50621199113129E+17")
    assert (unreadable.doubt, unreadable.stem, unreadable.birth) == ("scientific", None, None)
    assert check("1.50621E+17").stem is None
    assert check("1.5062119910613e+3", was_number=True).doubt == "scientific"
    assert check("150621199113129000", was_number=True).doubt == "date"


def test_a_number_cell_holds_fifteen_digits_exactly() -> None:
    for writing in ("150621841209327", "150621841209327.0", "1.50621841209327e+14"):
        got = check(writing, was_number=True)
        assert got == check("150621841209327")
        assert got.derives_id


def test_fifteen_digits_may_be_the_head_of_eighteen() -> None:
    head = check("150621198504010")
    assert (head.valid, head.doubt, head.birth, head.stem) == (
        False,
        "truncated",
        date(1985, 4, 1),
        "150621198504010",
    )
    both = check("150621200504010")  # born 1920-05-04, or the head of somebody born 2005-04-01
    assert (both.valid, both.doubt, both.derives_id) == (True, "truncated", False)
    assert both.birth is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15062620050409000*", "15062620050409000X"),
        ("15062620050409000х", "15062620050409000X"),
        ("15062620050409000×", "15062620050409000X"),
        ("15O62119900307OO11", "150621199003070011"),
        ("150621-19900307-0011", "150621199003070011"),
        ("150621199003070011（本人）", "150621199003070011"),
        ("身份证150621199003070011", "150621199003070011"),
        ("15062119900307001", "150621199003070011"),
        ("150621199003700011", "150621199003070011"),
        ("1506211990003070011", "150621199003070011"),
        ("15062119900307001142", "150621199003070011"),
        ("15062119900307001142B1", "150621199003070011"),
        ("150622600504010006", "150626200504010006"),
    ],
)
def test_suggestions_hold_what_was_meant(text: str, meant: str) -> None:
    got = check(text)
    assert not got.valid
    assert meant in got.suggestions


def test_seventeen_characters_ending_in_x_are_not_completed() -> None:
    assert check("1506211990030700X").suggestions == ()


def test_candidates_of_a_cut_number() -> None:
    whole = "150621199003070011"
    assert whole in candidates(whole[:15])
    assert len(candidates(whole[:15])) == 100
    men = candidates(whole[:15], sex="1", birth=date(1990, 3, 7))
    assert whole in men
    assert len(men) == 50
    assert {check(guess).sex for guess in men if not guess.endswith("000")} == {"1"}
    assert candidates(whole[:15], birth=date(1990, 3, 8)) == ()
    assert candidates("150621199013070") == ()


@given(st.text(max_size=24), st.booleans(), st.sampled_from([None, date(2026, 1, 1)]))
@example("１.5E99", True, None)
@example("²²²²²²²²²²²²²²²²²²", False, None)
@example("٣" * 18, False, None)
def test_any_text_has_an_answer(text: str, was_number: bool, today: date | None) -> None:
    got = check(text, was_number=was_number, today=today)
    assert got.valid == (got.full is not None) or got.doubt == "truncated"
    assert got.valid or got.doubt is not None
    for guess in got.suggestions:
        assert check(guess, today=today).valid
    if not was_number:
        assert check(got.text, today=today) == got


@given(
    st.sampled_from(["150621", "150626", "152722", "110101", "612732"]),
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
)
def test_every_made_number_is_read_back(area: str, birth: date, sequence: int) -> None:
    whole = number(f"{area}{birth:%Y%m%d}{sequence:03d}")
    got = check(whole)
    assert got.valid
    assert got.birth == birth
    assert got.full == whole
    if not whole.endswith("000"):
        assert got.sex == ("1" if sequence % 2 else "2")


@given(
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_always_noticed(birth: date, sequence: int, at: int, by: int) -> None:
    whole = number(f"150621{birth:%Y%m%d}{sequence:03d}")
    wrong = whole[:at] + str((int(whole[at]) + by) % 10) + whole[at + 1 :]
    assert not check(wrong).valid


@given(
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 16),
)
def test_swapped_neighbours_are_proposed(birth: date, sequence: int, at: int) -> None:
    whole = number(f"150621{birth:%Y%m%d}{sequence:03d}")
    swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    if swapped != whole and swapped[:17].isdigit() and not swapped.endswith("000"):
        assert whole in check(swapped).suggestions
