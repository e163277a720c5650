"""How two writings of a name are related."""

import pytest

from sync.matching.names import Likeness, keys, relation, spelled

SAME, ALIKE, NEAR, FAR, OTHER = Likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness", "codes"),
    [
        ("那顺", "那顺", SAME, ("same_name",)),
        ("布和·巴特尔", "布和巴特尔", SAME, ("dots",)),
        ("布和·巴特尔", "布和・巴特尔", SAME, ("dots",)),
        ("布和·巴特尔", "布和.巴特尔", SAME, ("dots",)),
        ("布和·巴特尔", "布和 巴特尔", SAME, ("dots",)),
        ("张伟", "張偉", SAME, ("traditional",)),
        ("张 伟", "张伟", SAME, ("same_name",)),
        ("张伟（低保）", "张伟", SAME, ("same_name",)),
        ("NASUN", "Nasun", SAME, ("same_name",)),
        ("萨如拉", "萨茹拉", ALIKE, ("homophone",)),
        ("戴侠", "戴霞", ALIKE, ("homophone",)),
        ("单宇", "善宇", ALIKE, ("homophone",)),
        ("曾玉源", "增玉源", ALIKE, ("homophone",)),
        ("王土", "王士", ALIKE, ("lookalike_name",)),
        ("李已生", "李己生", ALIKE, ("lookalike_name",)),
        ("伟强张", "张伟强", ALIKE, ("reversed",)),
        ("巴特尔·布和", "布和·巴特尔", ALIKE, ("reversed",)),
        ("苏热娜", "苏日娜", NEAR, ("near_homophone",)),
        ("张志强", "张字强", NEAR, ("near_homophone",)),
        ("张兰英", "张南英", NEAR, ("near_homophone",)),
        ("张伟强", "张伟", NEAR, ("one_char_lost",)),
        ("宝音德力格尔", "宝音力格尔", NEAR, ("one_char_lost",)),
        ("张?强", "张伟强", NEAR, ("hidden_char",)),
        ("张伟强", "张伟刚", FAR, ("one_char",)),
        ("张文杰", "张杰文", FAR, ("swapped",)),
        ("宝音德力格尔", "宝音", FAR, ("part_of_name",)),
        ("张**", "张伟强", FAR, ("hidden_char",)),
        ("李兰", "李秀", OTHER, ("name_differs",)),
        ("那顺", "巴特尔", OTHER, ("name_differs",)),
        ("", "巴特尔", OTHER, ()),
    ],
)
def test_relation(one: str, other: str, likeness: Likeness, codes: tuple[str, ...]) -> None:
    found = relation(one, other)
    assert (found.likeness, found.codes) == (likeness, codes)
    assert relation(other, one).likeness == likeness


@pytest.mark.parametrize(
    "one, other", [("张伟强", "张强"), ("李兰", "李南"), ("张文杰", "张杰文"), ("洋许", "徐洋")]
)
def test_too_little_is_left_of_a_short_name(one: str, other: str) -> None:
    assert relation(one, other).left < 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("萨如拉", "萨茹拉"), ("王土", "王士"), ("伟强张", "张伟强"), ("張偉", "张伟"), ("苏热娜", "苏日娜"),
     ("李已生", "李巳生"),
     ("布和.巴特尔", "布和·巴特尔"), ("查干", "茶干")],
)  # fmt: skip
def test_what_is_alike_shares_a_block(one: str, other: str) -> None:
    assert {*keys(spelled(one).bare)} & {*keys(spelled(other).bare)}
