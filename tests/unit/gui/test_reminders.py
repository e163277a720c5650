"""Reminders: what may go into a group names nobody in full, and nothing that goes into a chat bears a number."""

import re
from dataclasses import replace
from datetime import date

import msgspec
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


def test_nobody_is_asked_for_a_day_that_is_over() -> None:
    over = replace(GROUND, today=date(2025, 12, 27))
    one = reminder("household")
    assert "12月31日" in reminders.fill(one, one.text, over, HOMES[:1]).text
    one = reminder("credential")
    waiting = household(card(record="r3", name="布仁", claims=(claim(),)))
    target = POLICY.target("credential")
    assert target is not None and target.deadline is not None
    day = f"{target.deadline.month}月{target.deadline.day}日"
    assert waiting.people[0].step.deadline != target.deadline
    assert day in reminders.fill(one, one.text, GROUND, [waiting]).text


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


def test_a_reminder_bears_the_code_of_the_policy_and_the_way_without_it() -> None:
    assert POLICY.self_payment is not None
    for one in reminders.reminders():
        message = reminders.fill(one, one.text, GROUND, HOMES)
        paid_by = (POLICY.self_payment.link, "示例码，不能缴费") if one.whom == "unpaid" else ("", "")
        assert (message.link, message.caption) == paid_by
    one = reminder("group")
    assert POLICY.self_payment.steps in reminders.fill(one, one.text, GROUND, HOMES).text
    bare = replace(GROUND, policy=msgspec.structs.replace(POLICY, self_payment=None))
    message = reminders.fill(one, one.text, bare, HOMES)
    assert not message.link and "内蒙古税务社保缴费小程序" in message.text


@given(
    st.lists(st.sampled_from(["其其格", "那顺", "布仁", "巴特尔·孟克", "催缴", "，", "150621195010101213"]))
)
def test_whatever_is_added_to_a_public_one_no_name_goes_out_in_full(words: list[str]) -> None:
    names = ["其其格", "那顺", "布仁", "巴特尔·孟克"]
    one = reminder("group")
    message = reminders.fill(one, one.text, GROUND, HOMES)
    sent, hidden = reminders.finished(one, message, message.text + "".join(words), names)
    assert not any(name in sent.text for name in names)
    assert hidden == len({word for word in words if word in names})
    assert not re.search(r"\d{6}", sent.text) and sent.link == message.link


def test_a_public_one_worded_anew_names_nobody_in_full() -> None:
    one, names = reminder("group"), ["其其格", "那顺"]
    message = reminders.fill(one, "那顺家、其其格家请来，还有 {homes} 户。", GROUND, HOMES, names)
    assert not any(name in message.text for name in names)
    assert message.text.startswith("那**家、其**家请来，还有 ") and "{" not in message.text
    sent, hidden = reminders.finished(one, message, message.text, names)
    assert (sent.text, hidden) == (message.text, 0)


def test_a_private_one_keeps_its_names() -> None:
    one = reminder("household")
    message = reminders.fill(one, one.text, GROUND, HOMES[:1])
    sent, hidden = reminders.finished(one, message, message.text + "其其格您好", ["其其格"])
    assert sent.text.endswith("其其格您好") and hidden == 0


def test_a_reminder_to_activate_names_whoever_has_no_credential_paid_or_not() -> None:
    one = reminder("credential")
    for home in HOMES:
        lacking = [card.person.name for card in home.people if not card.person.credential]
        message = reminders.fill(one, one.text, GROUND, [home])
        assert (home in reminders.owing(HOMES, "credential")) == bool(message.people)
        assert message.people <= len(lacking)
        if message.people:
            assert "电子凭证" in message.text and any(name in message.text for name in lacking)


def test_a_large_village_names_the_first_and_counts_the_rest() -> None:
    one, many = reminder("group"), [household(card())] * 1700
    text = reminders.fill(one, one.text, GROUND, many).text
    assert text.count("那**") == 60 and "等共 1700 户" in text and "1700 户" in text.split("还没有缴齐")[0]
