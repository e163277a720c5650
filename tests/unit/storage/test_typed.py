"""What was typed, taken apart; how names sound; where somebody was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ledger import Edit, Ledger
from storage.queries import marks
from storage.queries.find import find, without
from storage.queries.marks import Seen
from storage.queries.typed import Term, joined, plain, split, terms
from storage.sounding import count, sound
from tests.unit.storage.worlds import World, id_number, person

SEEN = Seen("娜仁·格日勒", id_number(1), "13847712345", "0017", "03组", "河东巷", "三社水房西")


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("3组 ns 2418", ["3组", "ns", "2418"], None),
        ("王 伟", ["王", "伟"], "王伟"),
        ("wang wei", ["wang", "wei"], "wangwei"),
        ("138 4771 2345", ["138", "4771", "2345"], "13847712345"),
        ("12 34", ["12", "34"], None),
        ("那仁·图雅", ["那仁图雅"], "那仁图雅"),
        ("王、李；张", ["王", "李", "张"], "王李张"),
        ("#37 那", ["#37", "那"], None),
        ("　３组　", ["3组"], "3组"),
        ("", [], None),
        (" ·,、", [], None),
    ],
)
def test_words(text: str, words: list[str], whole: str | None) -> None:
    found = terms(text)
    assert [term.text for term in found] == words
    one = joined(found)
    assert (one.text if one else None) == whole


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("那顺2418", ["那顺", "2418"]),
        ("ns那", ["ns", "那"]),
        ("3组", ["3组"]),
        ("清单37", ["清单37"]),
        ("ns2418", ["ns2418"]),
    ],
)
def test_a_word_of_two_scripts_is_taken_apart(text: str, parts: list[str]) -> None:
    assert [term.text for term in split(Term(text))] == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3组", "03组"),
        ("三组", "第3组"),
        ("十组", "10组"),
        ("二十一社", "21社"),
        ("３组", "3 组"),
        ("〇三组", "3组"),
    ],
)
def test_places_written_otherwise_are_one(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_other_places_are_not() -> None:
    assert len({plain(place) for place in ("3组", "13组", "30组", "3社", "三十组2")}) == 5


@given(st.text(max_size=30))
def test_nothing_typed_breaks_it(text: str) -> None:
    for term in terms(text):
        assert split(term) and plain(term.text) is not None and sound(term.text) is not None
    joined(terms(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("额尔敦", "额日敦"),
        ("图雅", "托娅"),
        ("呼和", "胡赫"),
        ("巴特尔", "巴特勒"),
        ("孟克", "孟和"),
        ("朝鲁", "楚鲁"),
        ("格日勒", "geri le"),
        ("阿木古楞", "amuguleng"),
        ("乌云", "oyun"),
    ],
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


def test_other_names_sound_otherwise() -> None:
    assert len({sound(name) for name in ("那顺", "其其格", "巴特尔", "苏雅拉", "王伟", "李娜", "敖登")}) == 7


def test_syllables_are_counted() -> None:
    assert [count(sound(name)) for name in ("那顺", "其其格", "娜仁格日勒", "saruul", "")] == [2, 3, 5, 2, 0]


@pytest.mark.parametrize(
    ("text", "why", "field", "shown"),
    [
        ("格日", "name", "name", "格日"),
        ("仁格", "name", "name", "仁·格"),
        ("nr", "initials", "name", "娜仁"),
        ("grl", "initials", "name", "格日勒"),
        ("gerile", "pinyin", "name", "格日勒"),
        ("naren", "pinyin", "name", "娜仁"),
        (id_number(1)[-4:], "id", "id", id_number(1)[-4:]),
        (id_number(1)[:8], "id", "id", id_number(1)[:8]),
        ("2345", "phone", "phone", "2345"),
        ("17", "household", "number", "0017"),
        ("3组", "place", "group", "03组"),
        ("东巷", "place", "lane", "东巷"),
        ("水房", "place", "address", "水房"),
        ("娜仁格日乐", "sound", "name", "娜仁·格日勒"),
    ],
)
def test_where_a_word_fits(text: str, why: str, field: str, shown: str) -> None:
    mark = marks.of(Term(text), why, SEEN)
    assert mark is not None
    assert (mark.field, mark.text[mark.start : mark.end]) == (field, shown)


@pytest.mark.parametrize(
    ("text", "why"), [("9999999", "id"), ("9999", "phone"), ("zz", "initials"), ("aren", "pinyin")]
)
def test_who_does_not_fit_is_no_hit(text: str, why: str) -> None:
    assert marks.of(Term(text), why, SEEN) is None


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    homes = {"h1": ("0017", "03组"), "h2": ("0018", "03组"), "h3": ("0117", "13组")}
    for home, (number, group) in homes.items():
        made.write([Edit("household", home, {"number": {"number": number}, "place": {"grp": group}})])
    for record, name, home in (
        ("a", "那顺", "h1"),
        ("b", "那苏", "h2"),
        ("c", "那顺", "h3"),
        ("d", "王桂兰", "h1"),
    ):
        edit = person(record, name, id_number(ord(record)), membership={"household": home})
        made.write([edit])
    return made


def who(ledger: Ledger, text: str) -> list[str]:
    return sorted(hit.record for hit in find(ledger, text))


def test_several_words_have_to_fit_all(ledger: Ledger) -> None:
    assert who(ledger, "3组 ns") == ["a", "b"]
    assert who(ledger, "三组 那顺") == ["a"]
    assert who(ledger, f"那 {id_number(ord('c'))[-4:]}") == ["c"]
    assert who(ledger, f"那顺{id_number(ord('c'))[-4:]}") == ["c"]
    assert who(ledger, "17 那顺") == ["a"]
    assert who(ledger, "3组 13组") == []
    assert who(ledger, "3组 guilan") == ["d"]
    hit = find(ledger, "3组 那顺")[0]
    assert [(mark.why, mark.field) for mark in hit.marks] == [("place", "group"), ("name", "name")]


def test_a_word_too_many_is_named(ledger: Ledger) -> None:
    text = "3组 那顺 9999"
    assert find(ledger, text) == []
    assert [(one.word, one.people) for one in without(ledger, text)] == [("9999", 1)]
    assert without(ledger, "那顺") == []


def test_a_given_name_is_found_by_its_pinyin(ledger: Ledger) -> None:
    assert who(ledger, "guilan") == who(ledger, "gl") == ["d"]


def test_a_slip_of_payment_leads_to_who_paid(ledger: Ledger) -> None:
    fact = {"resident": "d", "year": 2026, "amount": 40000, "receipt": "NM3150400417"}
    ledger.write([Edit("payment", "p", {"fact": fact})])
    for text in ("0417", "3150400417", "nm3150400417", "NM3150400417"):
        assert ("d", "receipt") in [(hit.record, hit.why) for hit in find(ledger, text)], text
    ledger.write([Edit("payment", "p", {"void": {"void_reason": "x"}})])
    assert who(ledger, "NM3150400417") == []
