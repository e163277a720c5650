"""The words of pages, paper and command line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gui import i18n, wording
from gui.wording import because, doubts, names, steps, ways
from storage import policies
from storage.kinds import KINDS
from storage.policy.amounts import due
from storage.policy.next_step import STEPS, next_step
from storage.policy.reasons import Reason
from storage.queries.cards import HouseholdCard, PersonCard, Visit, facts_of
from storage.queries.figures import review_sql
from storage.queries.history import HistoryRow
from storage.queries.housing import Household
from storage.queries.people import Claim, Person
from storage.queries.visits import VisitFilter, VisitSheet, pick

ROOT = Path(__file__).resolve().parents[3]
POLICY = policies.load("example-2026")
TODAY = date(2025, 12, 3)
CHINESE = re.compile("[\u4e00-\u9fff]")
NOBODY = Person(
    "150621102200", "r1", "r1", "h1", "0", "那顺", "150621195010101213", "150621195010101213", date(1950, 10, 10),
    "1", "02", "15812342330", "resident", "", "", "", (), (), "self", None, "", "", "", "", None, False, (),
)  # fmt: skip


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    i18n.install()
    yield
    i18n.install()


def person(**changes: Any) -> Person:
    return replace(NOBODY, **changes)


def claim(**changes: Any) -> Claim:
    held = Claim("p1", 40000, date(2025, 12, 1), "mobile_pos", "3150", "", "村会计", False)
    return replace(held, **changes)


def card(today: date = TODAY, **changes: Any) -> PersonCard:
    one = person(**changes)
    return PersonCard(one, next_step(POLICY, facts_of(one), today), due(POLICY, one.groups))


def household(*people: PersonCard, visits: tuple[Visit, ...] = ()) -> HouseholdCard:
    place = Household("150621102200", "h1", "0017", "2组", "", "水房东", "那顺", "", "", None, "")
    return HouseholdCard(place, people, visits)


# ---- units


def test_money_and_days() -> None:
    assert wording.money(40000) == "400 元"
    assert wording.money(120050) == "1,200.50 元"
    assert wording.short_day(date(2025, 12, 25), TODAY) == "12-25"
    assert wording.short_day(date(2026, 1, 9), TODAY) == "1-09"
    assert wording.short_day(TODAY, TODAY) == "今天"
    assert wording.short_day(date(2024, 12, 25), TODAY) == "2024-12-25"
    assert wording.short_day(None, TODAY) == "—"
    assert wording.percent(Decimal("77.9")) == "77.9%"
    assert wording.percent(None) == "—"
    assert wording.id_number("150621195010101213") == "150621********1213"
    assert wording.id_number("150621195010101213", masked=False) == "150621195010101213"
    assert wording.phone("15812342330") == "158****2330"
    i18n.install("en")
    assert wording.money(40000) == "400 yuan"


# ---- next steps


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "缴 400 元"),
        ({"groups": ("dibao",)}, "先缴 400 元，退补 350 元"),
        ({"groups": ("tekun",)}, "由民政局代缴，个人不缴费"),
        ({"need": "no_smartphone"}, "缴 400 元；没有智能手机，帮办代缴"),
        ({"new": True}, "再缴 400 元"),
        ({"birth": date(2025, 11, 1), "credential": ""}, "1-30 前登记缴费"),
        ({"absence": "unreachable"}, "打听去向"),
        ({"absence": "employee_here"}, "不在本地参保：已参本地职工"),
        ({"absence": "refused"}, "自愿放弃"),
        ({"absence": "death"}, "死亡"),
        ({"claims": (claim(),), "credential": ""}, "激活医保电子凭证"),
        ({"claims": (claim(),), "credential": "", "birth": date(2016, 1, 1)}, "绑定亲情账号"),
        ({"claims": (claim(),)}, "等待到账，约 12-15 前"),
        ({"claims": (claim(paid_on=date(2025, 10, 1)),)}, "10-15 前应已到账，核对票据 3150"),
        ({"claims": (claim(paid_on=None),)}, "补记缴费日期"),
        ({"claims": (claim(confirmed=True),)}, "无需办理"),
    ],
)
def test_step(changes: dict[str, Any], expected: str) -> None:
    text = wording.step_text(POLICY, card(**changes))
    assert expected in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2025, 8, 1), "9-01 起缴费"),
        (date(2026, 3, 1), "等待期 3 个月"),
        (date(2027, 3, 1), "本年度缴费已结束"),
    ],
)
def test_step_outside_the_window(today: date, expected: str) -> None:
    assert expected in wording.step_text(POLICY, card(today))


def test_every_step_has_words() -> None:
    assert set(steps._STEPS) == set(STEPS)


def test_why_a_person_is_on_a_list() -> None:
    text = wording.why_text(POLICY, card(groups=("dibao",), need="no_smartphone", need_on=date(2025, 12, 5)))
    assert text == "低保，12-25 前须缴；先缴 400 元，退补 350 元；没有智能手机，帮办代缴；约定 12-05"
    assert wording.why_text(POLICY, card(doubt="checksum")) == "缴 400 元；核对证件号"
    assert "失联" in wording.why_text(POLICY, card(absence="unreachable"))


def test_deadline() -> None:
    assert wording.deadline_text(card(groups=("dibao",)), TODAY) == "12-25"
    assert wording.deadline_text(card(claims=(claim(confirmed=True),)), TODAY) == "—"


# ---- marks


@pytest.mark.parametrize(
    ("changes", "text", "tone"),
    [
        ({}, "未缴", "bad"),
        ({"claims": (claim(),)}, "已缴待到账 400", "info"),
        ({"claims": (claim(confirmed=True),)}, "已到账 400", "ok"),
        ({"absence": "employee_here"}, "已参本地职工", "mute"),
        ({"absence": "unreachable"}, "失联", "warn"),
        ({"groups": ("tekun",)}, "待代缴", "info"),
    ],
)
def test_paid_mark(changes: dict[str, Any], text: str, tone: str) -> None:
    assert wording.paid_mark(POLICY, card(**changes)) == wording.Mark(text, tone)  # type: ignore[arg-type]


def test_credential_mark() -> None:
    assert wording.credential_mark(POLICY, card(), TODAY) == wording.Mark("已激活", "ok")
    assert wording.credential_mark(POLICY, card(credential=""), TODAY) == wording.Mark("未激活", "warn")
    child = card(credential="", birth=date(2016, 1, 1))
    assert wording.credential_mark(POLICY, child, TODAY).text == "待亲情绑定"


def test_person_marks() -> None:
    one = card(groups=("dibao",), new=True, need="mobility", unsettled=("payment.fact",), doubt="checksum")
    assert [mark.text for mark in wording.person_marks(POLICY, one)] == [
        "低保",
        "新参",
        "帮办：行动不便",
        "冲突",
        "待核实",
    ]


def test_household_marks() -> None:
    paid, unpaid = card(claims=(claim(),)), card(need="age")
    words = [mark.text for mark in wording.household_marks(POLICY, household(paid, unpaid))]
    assert words == ["欠 1", "帮办"]
    assert [m.text for m in wording.household_marks(POLICY, household(paid))] == ["待到账 1", "凭证齐"]
    done = card(claims=(claim(confirmed=True),), credential="")
    assert [m.text for m in wording.household_marks(POLICY, household(done))] == ["已缴齐", "凭证 0/1"]
    gone = card(absence="employee_here")
    assert [m.text for m in wording.household_marks(POLICY, household(gone))] == ["已参本地职工"]


def test_why_marks() -> None:
    words = [mark.text for mark in wording.why_marks(card(groups=("dibao",)), TODAY)]
    assert words == ["特殊群体未缴费", "低保"]
    late = card(claims=(claim(paid_on=date(2025, 11, 1)),))
    assert [mark.text for mark in wording.why_marks(late, TODAY)] == ["已缴待到账 32 天"]
    promised = card(need="age", need_on=TODAY)
    assert "约定 今天" in [mark.text for mark in wording.why_marks(promised, TODAY)]


# ---- history


def row(
    kind: str, register: str, value: dict[str, Any], before: dict[str, Any] | None = None, **more: Any
) -> HistoryRow:
    base = HistoryRow(
        b"", datetime(2025, 12, 1, 8, 20, tzinfo=UTC), "王联络员", "", "v1", "", kind, "r", register, value,
        before or {}, True, False, "",
    )  # fmt: skip
    return replace(base, **more)


@pytest.mark.parametrize(
    ("kind", "register", "value", "before", "expected"),
    [
        ("payment", "fact",
         {"amount": 40000, "paid_on": "2025-12-01", "channel": "mobile_pos", "advanced_by": "村会计"}, {},
         "缴费 400 元，2025-12-01，移动POS机，垫付 村会计"),
        ("payment", "void", {"void_reason": "记错人"}, {}, "作废：记错人"),
        ("payment", "void", {}, {}, "取消作废"),
        ("credential", "state", {"credential": "active", "credential_by": "helped", "credential_on": "2025-12-01"}, {},
         "医保电子凭证已激活，帮办激活，2025-12-01"),
        ("credential", "state", {}, {}, "医保电子凭证未激活"),
        ("assistance", "need", {"need": "no_smartphone", "need_on": "2025-12-05"}, {}, "没有智能手机，约定 2025-12-05"),
        ("enrolment", "absence", {"absence": "army"}, {}, "不在本地参保：参军"),
        ("enrolment", "absence", {}, {"absence": "army"}, "应在本地参保"),
        ("enrolment", "entry", {"entry": "new"}, {}, "本年度新参人员"),
        ("subsidy", "grant", {"group_code": "dibao"}, {}, "资助类别 城乡低保对象"),
        ("visit", "fact", {"outcome": "absent", "retry_on": "2025-12-05"}, {}, "走访：不在家，2025-12-05 再去"),
        ("resident", "identity", {"name": "那顺", "id_number": "150621195010101213"},
         {"name": "那顺", "id_number": "150621195010101000"}, "证件号 150621********1000 → 150621********1213"),
        ("resident", "contact", {"phone": "15812342330"}, {}, "联系电话 158****2330"),
        ("resident", "membership", {"household": "secret-id", "relation": "2"}, {}, "与户主关系 子/婿"),
        ("resident", "residence", {"residence": "away"}, {"residence": "resident"}, "居住情况 常住 → 户籍外出"),
        ("resident", "contact", {}, {"phone": "15812342330"}, "联系电话 158****2330 → 空"),
    ],
)  # fmt: skip
def test_history(
    kind: str, register: str, value: dict[str, Any], before: dict[str, Any], expected: str
) -> None:
    text = wording.history_text(POLICY, row(kind, register, value, before))
    assert expected in text
    assert "secret" not in text


def test_every_register_can_be_told() -> None:
    samples: dict[type, Any] = {str: "x", int: 1}
    for kind in KINDS.values():
        assert CHINESE.search(names.kind(kind.name))
        for register, shape in kind.registers.items():
            if register in ("link", "edge"):
                continue
            assert CHINESE.search(names.register(kind.name, register)), (kind.name, register)
            value = {name: samples[type_] for name, type_ in shape.fields.items()}
            assert wording.history_text(POLICY, row(kind.name, register, value))
            for field in shape.fields:
                if register != "void" and field not in ("rows", "left", "right", "printed_on", "filter"):
                    assert CHINESE.search(names.field(field)), field


def test_who_and_whence() -> None:
    assert wording.who_text(row("resident", "contact", {}), "v1") == "王联络员 · 本机"
    arrived = row("resident", "contact", {}, bundle="03.hqb")
    assert wording.who_text(arrived, "o1") == "王联络员 · 交换包 03.hqb"
    assert "以前副本" in wording.who_text(row("resident", "contact", {}), "v2")
    assert wording.via_text("roster:一组:花名册.xlsx:14") == "花名册《一组:花名册.xlsx》第 14 行"
    assert wording.via_text("roster") == "花名册"


# ---- doubts and reasons


@pytest.mark.parametrize(
    "code", "missing truncated name.odd phone.unreadable id.error birth.formula household.second_head".split()
)
def test_doubts_have_words(code: str) -> None:
    assert CHINESE.search(wording.doubt_text(code))
    assert code not in wording.doubt_text(code)


def test_several_doubts() -> None:
    assert wording.doubt_text("missing,sex_differs") == "无证件号；性别与证件号不一致"
    assert wording.doubt_text("brand_new") == "brand_new"


def _codes_in(folder: str, pattern: str) -> set[str]:
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        found.update(re.findall(pattern, path.read_text("utf-8")))
    return found


def test_every_doubt_of_the_rules_has_words() -> None:
    raised = _codes_in("storage/policy", r'doubt="([a-z_0-9]+)"') | _codes_in(
        "storage/policy", r'return "([a-z]+)"\n'
    )
    raised &= set("area date future checksum missing placeholder scientific truncated length format".split()) | {
        "disability20", "other_document", "lookalike",
    }  # fmt: skip
    assert raised
    assert raised <= set(doubts._words())


def test_every_reason_of_the_rules_has_words() -> None:
    raised = _codes_in("storage/policy", r'Reason\(\s*"([a-z_]+)"') | _codes_in(
        "storage/policy", r'"(subsidy_(?!fen)[a-z_]+)"'
    )
    raised |= {f"window_{state}" for state in ("before", "open", "late", "over")}
    raised |= {"subsidy_advance", "subsidy_refund", "paid_on_unknown", "promised"}
    assert raised <= because.reason_codes() | ways.reason_codes()


def test_reasons_are_told_with_their_source() -> None:
    for changes in (
        {},
        {"groups": ("dibao", "disabled12")},
        {"claims": (claim(),)},
        {"absence": "unreachable"},
    ):
        for reason in card(**changes).step.reasons:
            text = wording.reason_text(POLICY, reason)
            assert CHINESE.search(text)
            assert "{" not in text
            assert not re.search(r"\b(dibao|mobile_pos|unreachable)\b", text)
    premium = wording.reason_text(POLICY, card().due.reasons[0])
    assert premium == "2026 年度个人缴费 400 元"
    assert "公开信息" in wording.source_text(POLICY, card().due.reasons[0].cite)
    assert wording.source_text(POLICY, None) == ""
    assert wording.reason_text(POLICY, Reason("brand_new")) == "brand_new"


# ---- paper


def sheet_of(cards: list[HouseholdCard], **wishes: bool) -> VisitSheet:
    """The sheet of everybody in these households."""
    return wording.visit_sheet(
        POLICY,
        pick(cards, VisitFilter()),
        VisitFilter(),
        scope="1",
        title="村",
        list_number=1,
        today=TODAY,
        **wishes,
    )


def test_visit_sheet() -> None:
    cards = [
        household(card(groups=("dibao",)), card(record="r2", name="其其格", claims=(claim(),), credential=""))
    ]
    wanted = VisitFilter(unpaid=True, needs_help=True, groups=("2组",))
    sheet = wording.visit_sheet(
        POLICY,
        pick(cards, wanted),
        wanted,
        scope="150621102200",
        title="查干沟嘎查",
        list_number=7,
        today=TODAY,
    )
    assert sheet.title == "查干沟嘎查 2026 年度城乡居民医保入户走访清单"
    assert sheet.filter_text == "未缴费或需帮办 · 2组"
    assert sheet.list_number == "07"
    assert [one.name for one in sheet.households[0].rows] == ["那顺"]
    assert sheet.households[0].rows[0].id_masked == "150621********1213"
    assert "勿拍照转发" in sheet.privacy
    assert "那顺" not in sheet.qr_text
    full = sheet_of(cards, masked=False)
    assert full.households[0].rows[0].id_masked == "150621195010101213"
    assert "完整证件号" in full.privacy
    assert full.filter_text == "全部人员"
    assert len(full.households[0].rows) == 2
    assert full.households[0].note == ""


def test_a_helpers_list_has_phones_to_dial_and_says_so() -> None:
    cards = [
        household(card(), card(record="r2", name="其其格", phone="13900001111"), card(record="r3", phone=""))
    ]

    listed = sheet_of(cards, phones=True)
    (door,) = listed.households
    assert door.phone_masked == "15812342330" and [row.phone for row in door.rows] == ["", "13900001111", ""]
    assert all("*" in row.id_masked for row in door.rows)
    assert "含电话" in listed.title and "只限帮办员" in listed.privacy
    (plain,) = sheet_of(cards).households
    assert plain.phone_masked == "158****2330" and not any(row.phone for row in plain.rows)
    assert "完整证件号" in sheet_of(cards, phones=True, masked=False).privacy


def test_a_door_tells_the_last_visit() -> None:
    visit = Visit("v1", "h1", "r1", date(2025, 12, 2), "absent", date(2025, 12, 5), "家里没人")
    cards = [household(card(), visits=(visit,))]
    assert sheet_of(cards).households[0].note == "12-02 不在家，约定 12-05，家里没人"


def test_names_show_what_they_do_not_know() -> None:
    assert names.channel(POLICY, "carrier_pigeon") == "carrier_pigeon"
    assert names.group(POLICY, None) == ""
    assert names.short_group("disabled12") == "一二级残疾"
    assert {names.short_group(group.code) for group in POLICY.groups}.isdisjoint(
        {group.code for group in POLICY.groups}
    )


def test_english_needs_no_catalogue() -> None:
    i18n.install("en")
    assert wording.step_text(POLICY, card(groups=("dibao",))) == "pay 400 yuan first, 350 yuan comes back"
    assert wording.history_text(POLICY, row("payment", "void", {"void_reason": "slip"})) == "voided: slip"
    for code in doubts._words():
        assert not CHINESE.search(wording.doubt_text(code))


def test_every_question_of_the_review_list_has_words() -> None:
    for code in review_sql(POLICY).keys() - {"doubt"}:  # a doubt's own codes are asked one by one above
        assert doubts.doubt_text(code) != code, code
