"""Every word of refunds and laid-out money has its Chinese, on screen and in the history."""

import re
from datetime import date

import pytest

from gui.actions.money import WAITS
from gui.wording import names, refunds
from gui.wording.history import value_text
from storage import policies
from storage.kinds import KINDS
from storage.policy import money

CHINESE = re.compile("[\u4e00-\u9fff]")
POLICY = policies.load("example-2026")


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        (refunds.stage, money.STAGES),
        (refunds.step, money.STEPS),
        (refunds.loan_stage, money.ADVANCE_STAGES),
        (refunds.problem, tuple({*money.PROBLEMS, *money.ADVANCE_PROBLEMS})),
        (refunds.age, money.AGES),
        (refunds.how, (*refunds.HOWS, "refund")),
        (refunds.mode, ("advance", "refund", "unknown", "none")),
        (refunds.laid_for, ("payment", "refund")),
    ],
)
def test_every_code_has_its_word(word, codes: tuple[str, ...]) -> None:
    told = [word(code) for code in codes]
    assert all(map(CHINESE.search, told)), told
    assert word("unheard_of") == "unheard_of"
    if word is not refunds.mode:
        assert len(set(told)) == len(told)


def test_reasons_are_named_by_the_policy() -> None:
    assert refunds.reason(POLICY, "subsidy") == "先缴后补"
    assert POLICY.refunds is not None
    for rule in POLICY.refunds.rules:
        assert refunds.reason(POLICY, rule.code) == rule.name


@pytest.mark.parametrize(
    ("kind", "register", "value", "text"),
    [
        ("refund", "claim", {"refund_reason": "subsidy", "amount": 35000, "department": "民政局"},
         "应退 350 元（先缴后补），民政局"),
        ("refund", "applied", {"applied_on": "2025-12-02", "applied_by": "王联络员"}, "申请退补，2025-12-02，王联络员"),
        ("refund", "applied", {}, "未申请退补"),
        ("refund", "refused", {"refused_on": "2025-12-02", "refused_why": "外地已享受"},
         "不予退补，2025-12-02，外地已享受"),
        ("refund", "refused", {}, "撤销不予退补"),
        ("refund", "received", {"received_amount": 35000, "received_on": "2025-12-02", "received_batch": "7"},
         "收到拨付 350 元，2025-12-02，批次 7"),
        ("refund", "received", {}, "未收到拨付"),
        ("refund", "handed",
         {"handed_amount": 35000, "handed_to": "那顺", "handed_on": "2025-12-02", "handed_how": "cash",
          "advanced_by": "李干部"},
         "发放 350 元 给 那顺，2025-12-02，现金，垫付 李干部"),
        ("refund", "handed", {}, "未发放"),
        ("refund", "signed", {"signed_on": "2025-12-02", "signed_by": "那顺", "signed_as": "本人"},
         "那顺 签收，2025-12-02，本人"),
        ("refund", "signed", {}, "未签收"),
        ("settlement", "fact",
         {"amount": 5000, "settled_to": "王会计", "settled_on": "2025-12-02", "settled_how": "refund"},
         "归还 王会计 垫付款 50 元，2025-12-02，用退补款归还"),
    ],
)  # fmt: skip
def test_the_history_says_it_in_words(kind: str, register: str, value: dict[str, object], text: str) -> None:
    assert value_text(POLICY, kind, register, value) == text


def test_every_field_has_a_name_and_days_are_days() -> None:
    for kind in ("refund", "settlement"):
        for field in KINDS[kind].fields.keys() - KINDS[kind].registers["void"].fields.keys():
            assert CHINESE.search(names.field(field)), field
    assert set(WAITS) == set(money.STEPS)
    assert money.band((date(2026, 3, 1) - date(2025, 12, 1)).days) == "d90"
