"""Broken ID numbers: what they may mean, how that came about, and what is likeliest."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.policy.id_core import check_digit, fault
from storage.policy.id_repair import near, repairs, slip, stem_of

MEANT = "150621199303140628"
MEANT = MEANT[:17] + check_digit(MEANT[:17])
WITH_X = next(
    body + "X" for body in (f"15062119880808{n:03d}" for n in range(1, 999)) if check_digit(body) == "X"
)
BIRTH = date(1993, 3, 14)
BODIES = st.builds(
    lambda area, born, tail: f"{area}{born:%Y%m%d}{tail:03d}",
    st.sampled_from(["150621", "150626", "152724", "612732"]),
    st.dates(date(1930, 1, 1), date(2024, 12, 31)),
    st.integers(1, 999),
)
NUMBERS = BODIES.map(lambda body: body + check_digit(body))


@pytest.mark.parametrize(
    ("text", "meant", "how"),
    [
        (MEANT, MEANT, ""),
        ("".join(chr(ord(char) + 0xFEE0) for char in MEANT), MEANT, "fullwidth"),
        (f"{MEANT[:6]} {MEANT[6:14]} {MEANT[14:]}", MEANT, "spaces"),
        (f"'{MEANT}", MEANT, "quotes"),
        (f"{MEANT}\t", MEANT, "spaces"),
        (WITH_X.lower(), WITH_X, "lower_x"),
        (WITH_X[:-1] + "×", WITH_X, "lookalike"),
        (MEANT.replace("0", "O"), MEANT, "lookalike"),
        (MEANT[:6] + MEANT[8:17], MEANT, "fifteen"),
        (MEANT + "44", MEANT, "disability20"),
        (MEANT + "44B1", MEANT, "disability20"),
        (f"身份证{MEANT}号", MEANT, "inside"),
        (f"{MEANT[:6]}-{MEANT[6:14]}-{MEANT[14:]}", MEANT, "inside"),
        (MEANT[:17], MEANT, "missing_check"),
    ],
)
def test_only_another_writing_has_one_likeliest_answer(text: str, meant: str, how: str) -> None:
    first = repairs(text)[0]
    assert (first.number, first.how) == (meant, how)


@pytest.mark.parametrize(
    ("text", "how", "at"),
    [
        (MEANT[:8] + MEANT[9] + MEANT[8] + MEANT[10:], "transposed", 8),
        (MEANT[:15] + str((int(MEANT[15]) + 3) % 10) + MEANT[16:], "wrong_digit", 15),
        (MEANT[:17] + str((int(MEANT[17].replace("X", "1")) + 5) % 10), "wrong_check", 17),
        (MEANT[:12] + MEANT[13:], "missing_digit", 12),
        (MEANT[:12] + "9" + MEANT[12:], "extra_digit", 12),
    ],
)
def test_one_slip_is_named_and_placed_and_what_is_known_puts_it_first(text: str, how: str, at: int) -> None:
    found = repairs(text, birth=BIRTH, sex="2", areas={"150621"})
    mine = next(one for one in found if one.number == MEANT)
    assert (mine.how, mine.at) == (how, at)
    assert mine in found[:3]
    assert repairs(text, birth=BIRTH, others=[MEANT])[0].number == MEANT
    assert [one.number for one in found] == [*dict.fromkeys(one.number for one in found)]


@pytest.mark.parametrize("text", [MEANT[:15] + "000", f"1.{MEANT[1:15]}E+17", MEANT[:15]])
def test_a_lost_tail_is_found_by_what_else_is_known(text: str) -> None:
    every = {one.number for one in repairs(text) if one.how == "truncated"}
    assert MEANT in every
    assert len(every) == 100
    assert repairs(text, others=[MEANT])[0].number == MEANT
    women = [one for one in repairs(text, sex="2") if one.how == "truncated"]
    assert all(int(one.number[16]) % 2 == 0 for one in women[:50])


def test_what_contradicts_stays_but_comes_last() -> None:
    text = MEANT[:8] + MEANT[9] + MEANT[8] + MEANT[10:]
    found = repairs(text, birth=date(1950, 1, 1))
    assert MEANT in {one.number for one in found}
    assert all(one.rank >= 30 for one in found if one.number[6:14] != "19500101")


def test_the_birth_of_the_list_and_numbers_held_elsewhere_repair_more_than_one_slip() -> None:
    text = MEANT[:6] + "19850101" + MEANT[14:]
    assert repairs(text, birth=BIRTH)[0].how == "birth"
    far = MEANT[:7] + "8" + MEANT[8:10] + "7" + MEANT[11:]
    found = repairs(far, others=[MEANT, "110101194910011234"])
    assert (found[0].number, found[0].how) == (MEANT, "other_list")


@pytest.mark.parametrize(
    "text", ["", "无", "000000000000000000", "12345", "张伟强", "1.5E+17", "1.50621E+17"]
)
def test_nothing_is_made_of_nothing(text: str) -> None:
    assert repairs(text) == ()


def test_tomorrows_children_are_not_born() -> None:
    body = "15062120300314001"
    number = body + check_digit(body)
    assert repairs(number)[0].number == number
    assert number not in {one.number for one in repairs(number, today=date(2025, 12, 3))}


@settings(max_examples=40)
@given(NUMBERS, st.data())
def test_every_slip_is_undone(number: str, data: st.DataObject) -> None:
    slips = [(how, at, text) for how, at, text in near(number) if text != number]
    _, _, broken = data.draw(st.sampled_from(slips))
    assert slip(broken, number) is not None
    assert fault(broken) is not None, "no slip makes another sound number"
    if not broken.endswith("000"):
        assert number in {one.number for one in repairs(broken)}


@settings(max_examples=60)
@given(st.text(max_size=24))
def test_every_proposal_is_sound(text: str) -> None:
    for one in repairs(text):
        assert fault(one.number) is None
        assert one.rank >= 0


@given(NUMBERS)
def test_a_stem_is_the_first_fifteen(number: str) -> None:
    assert stem_of(number[:15] + "000") == number[:15]
    assert stem_of(f"{number[0]}.{number[1:15]}E+17") == number[:15]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (MEANT[:17], ("missing_check", 17)),
        (MEANT[:8] + MEANT[9:], ("missing_digit", 8)),
        (MEANT[:8] + "7" + MEANT[8:], ("extra_digit", 8)),
        (MEANT + "5", ("extra_digit", 18)),
        (MEANT[:5] + "99" + MEANT[5:], None),  # two too many
        (MEANT[:6] + MEANT[9:], None),  # three lost
        ("9" + MEANT[1:8] + MEANT[9:], None),  # one lost and one wrong
        ("9" + MEANT[1:8] + "7" + MEANT[8:], None),
    ],
)
def test_a_digit_lost_or_too_many_is_named(text: str, named: tuple[str, int] | None) -> None:
    assert slip(text, MEANT) == named


def test_a_slip_leads_only_to_a_whole_number() -> None:
    assert slip(MEANT, MEANT[:15]) is None
    assert list(near("no number")) == []
    assert "missing_check" not in {how for how, _, _ in near(WITH_X[:8] + WITH_X[9:])}, "its check is there"
    assert stem_of("1.50621199303140E+16") == ""
