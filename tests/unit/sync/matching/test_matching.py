"""Single rows: what makes a match sure, what leaves it to review, and how it is explained."""

from dataclasses import replace
from datetime import date

import pytest

from storage.policy.id_core import check_digit
from sync.matching import AGAINST, FOR, Match, Person, Register, Wanted, match, spelling

VILLAGE, OTHER = "150621102200", "150621102201"


def number(body: str) -> str:
    """A sound number of 17 digits."""
    return body + check_digit(body)


SARULA = number("15062119930314062")
SISTER = number("15062119950722064")
BUHE = number("15262419700101023")


def person(record: str, name: str, id_number: str = "", **more: str) -> Person:
    """Somebody of the first village."""
    known = {"scope": VILLAGE, "village": "查干沟嘎查", "household": "h1", **more}
    return Person(record=record, name=name, id_number=id_number, **known)  # type: ignore[arg-type]


PEOPLE = [
    person("a", "萨如拉", SARULA, phone="13800001111", head_name="布和"),
    person("b", "布和", BUHE, head_name="布和"),
    person("c", "苏日娜", SISTER, head_name="布和"),
    person("d", "张伟强", number("15062119880808081"), household="h2", head_name="张国栋", phone="13911112222"),
    person("e", "张伟刚", number("15062119880808101"), household="h2", head_name="张国栋", phone="13911112222"),
    person("f", "张国栋", number("15062119600606033"), household="h2", head_name="张国栋"),
    person("g", "那顺", number("15062119710515015"), household="h3"),
    person("h", "那顺", number("15062119820515015"), household="h4"),
    person("i", "王秀英", "", birth="1955-05-05", household="h5", sex="2"),
    person("j", "李桂兰", number("15062119660707026"), household="h6", scope=OTHER, village="巴音淖尔村"),
]  # fmt: skip


def one(row: Wanted, people: list[Person] | None = None) -> Match:
    """The answer to one row."""
    return match(Register(PEOPLE if people is None else people), [row])[0]


def wanted(name: str, id_text: str = "", **more: object) -> Wanted:
    """A row."""
    return Wanted(1, name, id_text, **more)  # type: ignore[arg-type]


def codes(answer: Match) -> set[str]:
    """The codes of the reasons."""
    return {reason.code for reason in answer.why}


def who(answer: Match) -> str:
    """The record proposed, '' for nobody."""
    return answer.person.record if answer.person else ""


WRONG_DIGIT = SARULA[:9] + "5" + SARULA[10:]
SWAPPED = SARULA[:11] + SARULA[12] + SARULA[11] + SARULA[13:]


@pytest.mark.parametrize(
    ("row", "record", "reasons"),
    [
        (wanted("萨如拉", SARULA), "a", {"same_id", "same_name"}),
        (wanted("萨茹拉", SARULA), "a", {"same_id", "homophone"}),
        (wanted("萨如拉", SARULA.lower()), "a", {"same_name"}),
        (wanted("萨如拉", WRONG_DIGIT), "a", {"id_repaired", "same_name"}),
        (wanted("萨如拉", SWAPPED), "a", {"id_repaired"}),
        (wanted("萨茹拉", SWAPPED), "a", {"id_repaired", "homophone"}),
        (wanted("萨如拉", SARULA[:15] + "000"), "a", {"id_repaired"}),
        (wanted("萨如拉", f"{SARULA[0]}.{SARULA[1:15]}E+17"), "a", {"id_repaired"}),
        (wanted("萨如拉", SARULA[:15] + "000", id_was_number=True), "a", {"id_repaired"}),
        (wanted("萨如拉", SARULA[:6] + SARULA[8:17]), "a", {"id_repaired"}),
        (wanted("萨如拉", SARULA + "23"), "a", {"id_repaired"}),
        (wanted("萨如拉", SARULA[:9] + SARULA[10:]), "a", {"id_repaired"}),
        (wanted("萨如拉", SARULA[:9] + "7" + SARULA[9:]), "a", {"id_repaired"}),
        (wanted("萨如拉", "".join(chr(ord(char) + 0xFEE0) for char in SARULA)), "a", {"id_repaired"}),
        (wanted("萨如拉", f" '{SARULA}\t"), "a", {"id_repaired"}),
        (wanted("萨如拉", SARULA.replace("0", "O")), "a", {"id_repaired"}),
        (wanted("王秀英", birth=date(1955, 5, 5), village="查干沟村"), "i", {"same_birth", "same_village"}),
        (wanted("王秀瑛", birth=date(1955, 5, 5), village="查干沟村"), "i", {"homophone", "same_birth"}),
        (wanted("王秀英", number("15062119550505042"), village="查干沟村"), "i", {"same_birth"}),
        (wanted("萨如拉", phone="13800001111", village="查干沟"), "a", {"same_phone"}),
        (
            wanted("萨如拉", SARULA[:6] + "********" + SARULA[14:], village="查干沟"),
            "a",
            {"id_part", "same_name"},
        ),
        (wanted("张伟强", birth=date(1988, 8, 8)), "d", {"same_birth"}),
        (wanted("那顺", number("15062119710515015")), "g", {"same_id"}),
        (
            wanted("李桂兰", number("15062119660707026"), village="查干沟村"),
            "j",
            {"same_id", "other_village"},
        ),
    ],
)
def test_sure(row: Wanted, record: str, reasons: set[str]) -> None:
    answer = one(row)
    assert (who(answer), answer.sure) == (record, True)
    assert reasons <= codes(answer)
    assert answer.score >= 90


@pytest.mark.parametrize(
    ("row", "record", "reasons"),
    [
        (wanted("萨如拉"), "a", {"same_name", "name_only"}),
        (
            wanted("萨如拉", village="查干沟嘎查"),
            "a",
            {"same_village", "name_only"},
        ),  # unique, and yet a name alone
        (wanted("萨如拉", sex="2", village="查干沟嘎查"), "a", {"name_only"}),
        (wanted("巴特尔", SARULA), "a", {"same_id", "name_differs"}),  # digits may have hit another person
        (wanted("苏日娜", SARULA), "a", {"same_id", "name_differs"}),
        (wanted("张伟刚", number("15062119880808081")), "d", {"same_id", "one_char"}),
        (wanted("", SARULA), "a", {"same_id"}),
        (wanted("巴特尔", WRONG_DIGIT), "a", {"id_repaired", "name_differs"}),
        (wanted("萨如拉", birth=date(1993, 3, 15), village="查干沟"), "a", {"near_birth"}),
        (wanted("张伟", "15062119880808000", village="查干沟"), "d", {"one_char_lost"}),
        (wanted("张伟强", phone="13911112222", birth=date(1970, 1, 1)), "d", {"same_phone", "birth_differs"}),
        (wanted("那顺", village="查干沟"), "g", {"name_only", "common_name"}),
        (wanted("那顺", "150626197105154000", village="查干沟"), "g", {"id_unlike"}),
        (wanted("布和", head_name="布和", village="查干沟"), "b", {"name_only"}),
        (wanted("苏热娜", birth=date(1995, 7, 22), village="查干沟"), "c", {"near_homophone", "same_birth"}),
        (wanted("王秀英", birth=date(1955, 5, 5), village="查干沟", sex="1"), "i", {"sex_differs"}),
        (wanted("巴特尔", SARULA[:15] + "000"), "a", {"id_repaired", "name_differs"}),
        (wanted("巴特尔", SARULA[:6] + "********" + SARULA[14:]), "", set()),
        (wanted("李桂兰", birth=date(1966, 7, 7), village="查干沟"), "j", {"same_birth", "other_village"}),
    ],
)
def test_left_to_review(row: Wanted, record: str, reasons: set[str]) -> None:
    answer = one(row)
    assert (who(answer), answer.sure) == (record, False)
    assert reasons <= codes(answer)
    assert answer.score < 90


@pytest.mark.parametrize(
    "row",
    [
        wanted("萨如拉", number("15062119400101001"), village="查干沟嘎查"),
        wanted("孟和", number("15062119400101001")),
        wanted("孟和"),
        wanted(""),
        wanted("", "无"),
        wanted("孟和", "000000000000000000"),
    ],
)
def test_nobody_is_proposed(row: Wanted) -> None:
    answer = one(row)
    assert (answer.person, answer.sure) == (None, False)


def test_a_namesake_with_another_number_is_still_shown() -> None:
    answer = one(wanted("萨如拉", number("15062119400101001"), village="查干沟嘎查"))
    assert [rival.person.record for rival in answer.rivals] == ["a"]
    assert "id_differs" in {reason.code for reason in answer.rivals[0].why}


@pytest.mark.parametrize(
    ("text", "how", "at"),
    [
        (WRONG_DIGIT, "wrong_digit", 10),
        (SWAPPED, "transposed", 12),
        (SARULA[:15] + "000", "truncated", 16),
        (SARULA[:6] + SARULA[8:17], "fifteen", 0),
        (SARULA + "23", "disability20", 0),
        (SARULA[:-1] + ("0" if SARULA[-1] != "0" else "1"), "wrong_check", 18),
    ],
)
def test_a_repair_says_how(text: str, how: str, at: int) -> None:
    answer = one(wanted("萨如拉", text))
    reason = next(reason for reason in answer.why if reason.code == "id_repaired")
    assert reason.params == {"how": how, "at": at, "number": SARULA}
    assert answer.repaired_id == SARULA


def test_a_sound_row_tells_that_the_register_is_broken() -> None:
    broken = [replace(PEOPLE[0], id_number=SWAPPED), *PEOPLE[1:]]
    answer = one(wanted("萨如拉", SARULA), broken)
    assert (who(answer), answer.sure, answer.repaired_id) == ("a", True, "")
    assert "completes_id" in codes(answer)
    cut = [replace(PEOPLE[0], id_number=SARULA[:15] + "000"), *PEOPLE[1:]]
    assert one(wanted("萨如拉", SARULA), cut).sure


def test_a_former_number_and_a_former_name_count() -> None:
    former = number("15262419930314064")
    people = [replace(PEOPLE[0], formers=(former, "乌兰")), *PEOPLE[1:]]
    assert "former_id" in codes(one(wanted("萨如拉", former), people))
    answer = one(wanted("乌兰", SARULA), people)
    assert answer.sure
    assert "former_name" in codes(answer)


def test_a_twin_with_the_neighbouring_number_is_another() -> None:
    twins = [
        person("t1", "李佳音", number("15062120100101021")),
        person("t2", "李佳欣", number("15062120100101041")),
    ]
    cut = number("15062120100101021")[:15] + "000"
    assert who(one(wanted("李佳音", cut), twins)) == "t1"
    assert one(wanted("李佳音", cut), twins).sure
    answer = one(wanted("李佳", cut), twins)  # either of them
    assert not answer.sure
    assert {who(answer), *(rival.person.record for rival in answer.rivals)} == {"t1", "t2"}


def test_father_and_son_of_one_name_need_more_than_the_household() -> None:
    family = [
        person("old", "巴图", number("15062119500101011"), phone="13700000000", head_name="苏和"),
        person("young", "巴图", number("15062119800101011"), phone="13700000000", head_name="苏和"),
    ]
    assert not one(wanted("巴图", phone="13700000000", head_name="苏和", village="查干沟"), family).sure
    answer = one(wanted("巴图", phone="13700000000", birth=date(1980, 1, 1)), family)
    assert (who(answer), answer.sure) == ("young", True)


def test_a_school_phone_is_nobodys() -> None:
    rows = [replace(wanted(name, phone="13800001111", village="查干沟"), key=key) for key, name in
            enumerate(["萨如拉", "甲乙", "丙丁", "戊己", "庚辛"])]  # fmt: skip
    answers = match(Register(PEOPLE), rows)
    assert not any(answer.sure for answer in answers)
    assert match(Register(PEOPLE), rows[:1])[0].sure


def test_a_guardian_is_looked_for_in_the_household() -> None:
    people = [*PEOPLE, *(person(f"z{n}", f"赵{n}", household=f"z{n}") for n in range(3000))]
    answer = one(wanted("张伟强", guardian_name="张国栋", village="查干沟"), people)
    assert (who(answer), answer.sure) == ("d", True)
    assert "same_guardian" in codes(answer)


def test_somebody_of_the_house_with_the_rows_own_name_casts_doubt() -> None:
    people = [*PEOPLE, person("k", "萨茹拉", number("15062120010101021"))]
    answer = one(wanted("萨茹拉", SARULA), people)
    assert (answer.sure, "rival" in codes(answer)) == (False, True)


def test_one_person_in_two_villages() -> None:
    people = [*PEOPLE, replace(PEOPLE[0], record="a2", scope=OTHER, village="巴音淖尔村", household="h9")]
    answer = one(wanted("萨如拉", SARULA, village="巴音淖尔村"), people)
    assert (who(answer), answer.sure, "twice" in codes(answer)) == ("a2", True, True)
    answer = one(wanted("萨如拉", SARULA), people)
    assert (answer.sure, "twice" in codes(answer)) == (False, True)
    assert {who(answer), *(rival.person.record for rival in answer.rivals)} >= {"a", "a2"}


def test_rows_that_repeat_one_another_say_so() -> None:
    rows = [wanted("萨如拉", SARULA), replace(wanted("萨如拉", SARULA[:15] + "000"), key=2)]
    answers = match(Register(PEOPLE), rows)
    assert [(who(answer), answer.sure) for answer in answers] == [("a", True)] * 2
    keys = [
        reason.params["key"] for answer in answers for reason in answer.why if reason.code == "duplicate_row"
    ]
    assert keys == [2, 1]


def test_of_two_rows_that_claim_one_person_the_weaker_goes_to_review() -> None:
    people = [person("a", "张丽", number("15062119930314062"), phone="13800001111")]
    strong = wanted("张丽", number("15062119930314062"))
    weak = Wanted(2, "张丽", number("15262419810303040"), phone="13800001111", village="查干沟")
    other = Wanted(3, "张丽", phone="13800001111", birth=date(1993, 3, 14), village="查干沟")
    answers = match(Register([replace(people[0], formers=(weak.id_text,))]), [strong, weak])
    assert [answer.sure for answer in answers] == [True, False]
    assert "taken" in codes(answers[1])
    answers = match(Register(people), [strong, other])  # the same person once more, without the number
    assert [answer.sure for answer in answers] == [True, True]
    assert "duplicate_row" in codes(answers[1])


def test_whom_another_row_means_is_proposed_last() -> None:
    rows = [wanted("那顺", number("15062119710515015")), replace(wanted("那顺", village="查干沟"), key=2)]
    answer = match(Register(PEOPLE), rows)[1]
    assert (who(answer), answer.sure, "only_one_left" in codes(answer)) == ("h", False, True)


def test_a_choice_once_made_is_kept() -> None:
    row = wanted("萨日拉", "15062119930399", village="查干沟嘎查")
    assert not one(row).sure
    chosen = match(Register(PEOPLE), [row], {spelling(row): "a"})[0]
    assert (who(chosen), chosen.sure, "learned" in codes(chosen)) == ("a", True, True)
    nobody = match(Register(PEOPLE), [row], {spelling(row): ""})[0]
    assert (nobody.person, nobody.sure, codes(nobody)) == (None, True, {"learned_nobody"})
    gone = match(Register(PEOPLE), [row], {spelling(row): "no such record"})[0]
    assert not gone.sure


def test_a_village_whose_name_repeats_excludes_neither() -> None:
    people = [
        person("a", "乌兰", birth="1990-01-01"),
        person("b", "乌兰", birth="1980-01-01", scope="150621104214", village="查干沟村委会", household="x"),
    ]
    assert who(one(wanted("乌兰", birth=date(1980, 1, 1), village="查干沟嘎查"), people)) == "b"
    answer = one(wanted("乌兰", village="查干沟嘎查"), people)
    assert {who(answer), *(rival.person.record for rival in answer.rivals)} == {"a", "b"}


def test_the_number_of_somebody_else_casts_doubt() -> None:
    row = wanted("王秀英", SARULA, birth=date(1955, 5, 5), village="查干沟")
    assert not one(row).sure
    broken = [*PEOPLE, person("k", "苏和", SARULA[:16] + ("1" if SARULA[16] != "1" else "3") + SARULA[17])]
    assert not one(wanted("苏和", SARULA, village="查干沟"), broken).sure


def test_a_number_is_repaired_only_for_a_name_that_fits() -> None:
    assert one(wanted("巴特尔", WRONG_DIGIT)).repaired_id == ""
    assert one(wanted("萨茹拉", WRONG_DIGIT)).repaired_id == SARULA


def test_a_sound_number_tells_a_birth() -> None:
    answer = one(wanted("王秀英", number("15062119610909042"), village="查干沟"))
    shown = [*answer.why, *(reason for rival in answer.rivals for reason in rival.why)]
    assert not answer.sure
    assert "birth_differs" in {reason.code for reason in shown}


def test_an_unknown_village_makes_a_coincidence_likelier() -> None:
    people = [
        person(f"n{at}", "那顺", number(f"15062119{at + 10}0101{at:03d}"), household=f"n{at}")
        for at in range(30)
    ]
    born = date(1915, 1, 1)
    assert not one(wanted("那顺", birth=born), people).sure  # thirty of the name
    assert one(wanted("那顺", birth=born), people[:9]).sure
    assert not one(wanted("那顺", birth=born, village="新胜村"), people[:9]).sure
    assert one(wanted("那顺", birth=born, village="查干沟"), people[:9]).sure


def test_an_empty_register_and_an_empty_list() -> None:
    assert match(Register([]), []) == []
    assert match(Register([]), [wanted("萨如拉", SARULA)])[0].person is None
    assert match(Register(PEOPLE), []) == []


def test_every_code_is_listed() -> None:
    rows = [wanted("萨如拉", SARULA), wanted("萨茹拉", SWAPPED), wanted("那顺"), wanted("巴特尔", SARULA)]
    for row in rows:
        for reason in one(row).why:
            assert reason.code in (*FOR, *AGAINST)
            assert reason.against == (reason.code in AGAINST)
