"""Papers say what the ledger and the policy say: templates are checked, sums are in capitals, numbers are masked."""

import re
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.wording import papers
from gui.wording.capital import capital
from gui.wording.paper_values import Ground
from gui.wording.papers import Code, Signs, Table, Words
from storage.errors import KnownError
from tests.unit.gui.test_wording import POLICY, TODAY, card, claim, household

GROUND = Ground(POLICY, "查干沟嘎查", TODAY)


def template(code: str) -> papers.Template:
    return next(one for one in papers.templates() if one.code == code)


def text_of(paper: papers.Paper) -> str:
    parts = [paper.title]
    for part in paper.parts:
        match part:
            case Words():
                parts.append(part.text)
            case Table():
                parts += [*part.heads, *(cell for row in part.rows for cell in row)]
            case Signs():
                parts += part.labels
            case Code():
                parts += [part.caption, part.text]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (100, "壹元整"), (40000, "肆佰元整"), (105000, "壹仟零伍拾元整"), (1000000, "壹万元整"),
        (1000100, "壹万零壹元整"), (10010000, "壹拾万零壹佰元整"), (3850000, "叁万捌仟伍佰元整"),
        (100000000, "壹佰万元整"), (10000000100, "壹亿零壹元整"), (50, "伍角整"), (5, "伍分"), (55, "伍角伍分"),
        (140953, "壹仟肆佰零玖元伍角叁分"), (10002, "壹佰元零贰分"), (100050, "壹仟元零伍角整"),
        (32504, "叁佰贰拾伍元零肆分"),
    ],
)  # fmt: skip
def test_sums_in_capital_figures(fen: int, words: str) -> None:
    assert capital(fen) == words


def read(words: str) -> int:
    """A sum in capital figures read back, another way than it was written."""
    figures, places = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    whole, _, rest = words.partition("元") if "元" in words else ("", "", words)
    total = 0
    for group in ("亿", "万", ""):
        if group and group not in whole:
            continue
        part, _, whole = whole.partition(group) if group else (whole, "", "")
        value = figure = 0
        for char in part:
            if char in places:
                value += (figure or 1) * places[char]
                figure = 0
            elif char in figures:
                figure = figures.index(char)
        total += (value + figure) * {"亿": 10**8, "万": 10**4, "": 1}[group]
    fen, figure = 0, 0
    for char in rest:
        if char in figures:
            figure = figures.index(char)
        elif char in "角分":
            fen += figure * {"角": 10, "分": 1}[char]
    return total * 100 + fen


@given(st.integers(0, 10**13 - 1))
def test_a_sum_in_capitals_can_be_read_back(fen: int) -> None:
    words = capital(fen)
    assert read(words) == fen
    assert "零零" not in words and not words.startswith("零元零")


def test_every_template_is_sound_and_every_one_is_for_somebody() -> None:
    found = papers.templates()
    assert [one.order for one in found] == sorted({one.order for one in found})
    assert {one.code for one in found} >= {"notice", "slip", "refusal", "authorisation", "advance", "refund"}
    homes = [
        household(
            card(groups=("dibao",)),
            card(record="r2", name="其其格", absence="refused"),
            card(record="r3", name="布仁", need="mobility"),
            card(record="r4", name="萨仁", claims=(claim(advanced_by="村会计"),), groups=("dibao",)),
        )
    ]
    for one in found:
        assert papers.fill(one, GROUND, homes), one.code


def test_a_notice_says_who_pays_what_by_when() -> None:
    homes = [household(card(groups=("dibao",)), card(record="r2", name="其其格"))]
    (paper,) = papers.fill(template("notice"), GROUND, homes)
    words = text_of(paper)
    assert "800 元（捌佰元整）" in words and "2025年12月31日" in words and "350" in words
    assert paper.people == 2 and "其其格" in words and "国办发" in words


def code_of(paper: papers.Paper) -> Code | None:
    return next((part for part in paper.parts if isinstance(part, Code)), None)


def test_slips_and_notices_bear_the_code_of_the_policy_and_say_when_it_is_an_example() -> None:
    homes = [household(card())]
    for name in ("slip", "notice"):
        (paper,) = papers.fill(template(name), GROUND, homes)
        code = code_of(paper)
        assert code is not None and POLICY.self_payment is not None
        assert code.link == POLICY.self_payment.link and "不能缴费" in code.caption
        assert POLICY.self_payment.steps in code.text
        real = replace(GROUND, policy=msgspec.structs.replace(POLICY, example=False))
        (paper,) = papers.fill(template(name), real, homes)
        assert code_of(paper).caption == "扫码缴费"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["slip", "notice"])
def test_without_a_code_the_paper_says_which_channels_there_are(name: str) -> None:
    ground = replace(GROUND, policy=msgspec.structs.replace(POLICY, self_payment=None))
    (paper,) = papers.fill(template(name), ground, [household(card())])
    assert code_of(paper) is None and "内蒙古税务社保缴费" in text_of(paper)
    assert POLICY.self_payment is not None
    no_link = msgspec.structs.replace(POLICY.self_payment, link="")
    ground = replace(GROUND, policy=msgspec.structs.replace(POLICY, self_payment=no_link))
    (paper,) = papers.fill(template(name), ground, [household(card())])
    assert code_of(paper) is None and no_link.steps in text_of(paper)


def test_lines_to_write_on_stay_with_their_words() -> None:
    (paper,) = papers.fill(template("refusal"), GROUND, [household(card(absence="refused"))])
    assert "____\u00a0年\u00a0__\u00a0月\u00a0__\u00a0日" in text_of(paper)
    assert not re.search(r"\d{4}-\d\d-\d\d", text_of(paper))


def test_a_refund_rests_on_the_paragraphs_of_the_subsidy() -> None:
    paid = card(groups=("dibao",), claims=(claim(),))
    (paper,) = papers.fill(template("refund"), GROUND, [household(paid)])
    assert "先缴后补" in text_of(paper).rsplit("依据：", 1)[1] and "集中征缴期" not in text_of(paper)


def test_a_refusal_names_what_follows_and_says_it_is_voluntary() -> None:
    homes = [household(card(absence="refused"))]
    (paper,) = papers.fill(template("refusal"), GROUND, homes)
    words = text_of(paper)
    assert "自愿" in words and "1. " in words and "等待期" in words


def test_numbers_are_masked_unless_asked() -> None:
    homes = [household(card(), card(record="r2", name="其其格", need="age"))]
    for one in papers.templates():
        for paper in papers.fill(one, GROUND, homes):
            assert "195010101213" not in text_of(paper)
    full = Ground(POLICY, "村", TODAY, masked=False)
    (paper,) = papers.fill(template("notice"), full, [household(card())])
    assert "150621195010101213" in text_of(paper)


def test_what_a_person_wrote_is_never_read_as_a_template() -> None:
    homes = [household(card(name="{id}{phone}"))]
    (paper,) = papers.fill(template("slip"), GROUND, homes)
    assert "{id}{phone}" in text_of(paper)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ('size = "page"', "size"), ('text = "{nobody}"', "{nobody}"), ('table = ["age"]', "age"),
        ('whom = "friends"', "whom"), ("text = ", "text"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_filled_is_refused_by_name(change: str, why: str) -> None:
    head = 'code="x"\nname="丙"\ntitle="甲"\nabout="乙"\norder=1\nper="person"\nsize="half"\nwhom="all"\n'
    good = head + '[[blocks]]\ntext="{name}"\n'
    papers.parse(good, "x.toml")
    key = change.split(" ", 1)[0]
    bad = good.replace('size="half"', 'size="whole"') if key == "size" else f"{good}[[blocks]]\n{change}\n"
    bad = good.replace('whom="all"', change) if key == "whom" else bad
    with pytest.raises(KnownError, match=r"paper\.invalid") as caught:
        papers.parse(bad, "x.toml")
    assert caught.value.params["file"] == "x.toml"
    assert why in caught.value.params["why"] or key in ("text", "size", "whom")


def test_days_are_those_of_the_policy() -> None:
    assert GROUND.policy.window.end == date(2025, 12, 31)
