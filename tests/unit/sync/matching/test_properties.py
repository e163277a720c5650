"""What holds for any people and rows, however odd."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.policy.id_core import check_digit
from sync.matching import AGAINST, FOR, Match, Person, Register, Wanted, match, spelling

NAMES = st.sampled_from(
    ["那顺", "萨如拉", "萨茹拉", "张伟强", "张伟", "张伟刚", "李兰", "布和·巴特尔", "巴特尔布和", ""]
)
SOUND = st.builds(
    lambda born, tail: (body := f"150621{born:%Y%m%d}{tail:03d}") + check_digit(body),
    st.sampled_from([date(1990, 1, 1), date(1990, 1, 11), date(2001, 10, 10)]),
    st.integers(1, 12),
)
NUMBERS = st.one_of(
    SOUND,
    st.sampled_from(["", "无", "000000000000000000", "1.5E+17"]),
    SOUND.map(lambda number: number[:15] + "000"),
    SOUND.map(lambda number: number[:9] + number[10] + number[9] + number[11:]),
    SOUND.map(lambda number: number + "44"),
)
SCOPES = st.sampled_from(["150621102200", "150621102201"])
PEOPLE = st.lists(
    st.builds(
        Person,
        record=st.uuids().map(str),
        scope=SCOPES,
        village=st.sampled_from(["查干沟村", "巴音村"]),
        name=NAMES,
        id_number=NUMBERS,
        birth=st.sampled_from(["", "1990-01-01", "2001-10-10"]),
        household=st.sampled_from(["", "h1", "h2"]),
        head_name=NAMES,
        phone=st.sampled_from(["", "13800000000", "13900000000"]),
    ),
    max_size=14,
    unique_by=lambda person: person.record,
)
ROWS = st.lists(
    st.builds(
        Wanted,
        key=st.integers(0, 1000),
        name=NAMES,
        id_text=NUMBERS,
        birth=st.sampled_from([None, date(1990, 1, 1), date(2001, 10, 10)]),
        village=st.sampled_from(["", "查干沟嘎查", "外村"]),
        phone=st.sampled_from(["", "13800000000"]),
        head_name=NAMES,
    ),
    max_size=8,
    unique_by=lambda row: row.key,
)
TEXT = st.text(max_size=20)
_BY_NUMBER = {"same_id", "former_id", "id_repaired", "completes_id", "id_part"}
_BESIDE_THE_NAME = {"same_birth", "same_phone", "same_head", "same_guardian"}


def codes(answer: Match) -> set[str]:
    """The codes of the reasons."""
    return {reason.code for reason in answer.why}


@settings(max_examples=150, deadline=None)
@given(PEOPLE, ROWS)
def test_sure_is_never_a_name_alone_nor_a_number_alone(people: list[Person], rows: list[Wanted]) -> None:
    for row, answer in zip(rows, match(Register(people), rows), strict=True):
        assert answer.key == row.key
        assert codes(answer) <= {*FOR, *AGAINST}
        if answer.sure:
            assert answer.person is not None
            assert codes(answer) & (_BY_NUMBER | _BESIDE_THE_NAME)
            assert not codes(answer) & {"name_differs", "id_differs", "id_unlike", "name_only", "rival"}
            assert row.name
        assert (answer.score >= 90) == answer.sure


@settings(max_examples=80, deadline=None)
@given(PEOPLE, ROWS, st.randoms(use_true_random=False))
def test_no_order_shows(people: list[Person], rows: list[Wanted], rng: object) -> None:
    first = {answer.key: answer for answer in match(Register(people), rows)}
    rng.shuffle(people)  # type: ignore[attr-defined]
    rng.shuffle(rows)  # type: ignore[attr-defined]
    assert {answer.key: answer for answer in match(Register(people), rows)} == first


@settings(max_examples=80, deadline=None)
@given(PEOPLE, ROWS)
def test_two_rows_with_one_person_say_they_are_one_row(people: list[Person], rows: list[Wanted]) -> None:
    sure = [answer for answer in match(Register(people), rows) if answer.sure and answer.person]
    for answer in sure:
        sharing = [one for one in sure if one.person == answer.person]
        assert len(sharing) == 1 or all("duplicate_row" in codes(one) for one in sharing)


@settings(max_examples=60, deadline=None)
@given(PEOPLE, ROWS)
def test_what_was_chosen_is_what_comes_back(people: list[Person], rows: list[Wanted]) -> None:
    if not people:
        return
    learned = {spelling(row): people[0].record for row in rows[:1]}
    for answer in match(Register(people), rows[:1], learned):
        assert (answer.sure, answer.person) == (True, people[0])
        assert "learned" in codes(answer)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.builds(
            Person, record=st.uuids().map(str), scope=TEXT, village=TEXT, name=TEXT, id_number=TEXT, birth=TEXT,
            sex=TEXT, household=TEXT, head_name=TEXT, group=TEXT, phone=TEXT, formers=st.tuples(TEXT),
        ),
        max_size=4,
    ),
    st.lists(
        st.builds(
            Wanted, key=st.integers(), name=TEXT, id_text=TEXT, id_was_number=st.booleans(), sex=TEXT, village=TEXT,
            head_name=TEXT, guardian_name=TEXT, phone=TEXT, address=TEXT, group=TEXT,
        ),
        max_size=4,
    ),
)  # fmt: skip
def test_any_text_is_answered(people: list[Person], rows: list[Wanted]) -> None:
    assert [answer.key for answer in match(Register(people), rows)] == [row.key for row in rows]
