"""Reminders: what may go into a group names nobody in full, and nothing that goes into a chat bears a number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.wording import reminders
from gui.wording.paper_values import Ground
from storage.errors import KnownError
from tests.unit.gui.test_wording import POLICY, TODAY, card, claim, household

GROUND = Ground(POLICY, "查干沟嘎查", TODAY)
HOMES = [
    household(card(groups=("dibao",)), card(record="r2", name="其其格")),
    household(card(record="r3", name="布仁", claims=(claim(),))),
]


def reminder(code: str) -> reminders.Reminder:
    return next(one for one in reminders.reminders() if one.code == code)


def test_a_group_learns_how_many_and_no_name() -> None:
    one = reminder("group")
    message = reminders.fill(one, one.text, GROUND, HOMES)
    assert message.people == 2 and "1 户 2 人" in message.text and "12月31日" in message.text
    assert "其其格" not in message.text and "那顺" not in message.text and "那**" in message.text


def test_every_public_one_names_nobody() -> None:
    for one in reminders.reminders():
        if one.public:
            text = reminders.fill(one, one.text, GROUND, HOMES).text
            assert not any(card.person.name in text for home in HOMES for card in home.people), one.code


def test_a_household_learns_who_and_how_much() -> None:
    one = reminder("household")
    text = reminders.fill(one, one.text, GROUND, HOMES[:1]).text
    assert "其其格" in text and "800 元" in text and "12月25日" in text


@given(
    st.sampled_from([one.code for one in reminders.reminders()]),
    st.text(alphabet="0123456789- 甲{}", max_size=40),
)
def test_whatever_is_written_no_number_of_anybody_is_sent(code: str, more: str) -> None:
    one = reminder(code)
    try:
        text = reminders.fill(one, f"{one.text} 150621195010101213 138 0000 1111 {more}", GROUND, HOMES).text
    except KnownError as error:
        assert error.code == "paper.invalid"
        return
    assert not re.search(r"\d(?:[\s\-–.·]?\d){5,}", text)


def test_a_word_nobody_knows_is_named() -> None:
    with pytest.raises(KnownError, match=r"paper\.invalid") as caught:
        reminders.check(reminder("group"), "{id_number}")
    assert caught.value.params["why"] == "{id_number}"
