"""Every way and every reason for it has words, in Chinese and in English."""

import re
from datetime import date
from pathlib import Path

import pytest

from gui import i18n
from gui.wording import ways
from storage.policies import load
from storage.policy import approach
from storage.policy.approach import WAYS, Approach
from storage.policy.reasons import Reason

POLICY = load("example-2026")
CODES = sorted(set(re.findall(r'"(way_\w+)"', Path(approach.__file__).read_text("utf-8"))))
PARAMS = {
    "day": date(2025, 12, 3),
    "deadline": date(2025, 12, 25),
    "group": "tekun",
    "help": "mobility",
    "times": 2,
    "days": 5,
    "outcome": "met",
}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_reason_is_worded(language: str) -> None:
    i18n.install(language)
    try:
        assert len(CODES) > 20
        for code in CODES:
            words = ways.reason_words(POLICY, Reason(code, PARAMS))
            assert words and "{" not in words and "None" not in words, code
            bare = ways.reason_words(POLICY, Reason(code, dict.fromkeys(PARAMS)))
            assert bare and "{" not in bare, code
        assert len({ways.way_name(way) for way in ("", *WAYS)}) == len(WAYS) + 1
        for way in WAYS:
            assert ways.way_mark(way).text == ways.way_name(way)
    finally:
        i18n.install()


def test_advice_follows_the_reason() -> None:
    found = Approach("call", Reason("way_absent", {"times": 2}), (Reason("way_another_time", {"times": 2}),))
    assert ways.way_why(POLICY, found) == "2 次不在家，先打电话，换个时间去"
    assert (
        ways.reason_words(POLICY, Reason("way_ask_department", {"group": "tekun"})) == "问民政局代缴办了没有"
    )
