"""Pinyin of names: the table is what the library says, surnames and signs have rules of their own."""

from importlib.resources import files

import pytest

from storage.pinyin import initials, spelled
from tests.unit.storage.readings import table


def test_the_table_is_what_the_library_says() -> None:
    assert (files("resources") / "pinyin" / "readings.txt").read_text("utf-8") == table()


@pytest.mark.parametrize(
    ("name", "pinyin", "letters"),
    [
        ("王秀英", "wangxiuying", "wxy"),
        ("单雄信", "shanxiongxin", "sxx"),  # a surname of its own reading, not dan
        ("尉迟恭", "yuchigong", "ycg"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("娜仁·其其格", "narenqiqige", "nrqqg"),
        ("吕绿", "lvlv", "ll"),
        ("𠊎田", "aitian", "at"),  # a character above 65,535
        ("Zhang 3", "zhang3", "zhang3"),
        ("ᠮᠣ\ud800ω", "", ""),  # no Han, half a character
        ("", "", ""),
    ],
)
def test_names(name: str, pinyin: str, letters: str) -> None:
    assert spelled(name) == pinyin
    assert initials(name) == letters
    assert (initials(name), spelled(name)) == (letters, pinyin)
