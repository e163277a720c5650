"""Forms as data: the program's own are sound, a broken one is refused by file and column, a user's own is kept."""

import msgspec
import pytest

from storage.errors import KnownError, RuleViolation
from sync.reports import forms
from sync.reports.fields import fields_of, subjects
from tests.unit.storage.worlds import World, cheap_keys, world

__all__ = ["cheap_keys", "world"]

STANDARD = {
    "new_enrollees": "新参人员",
    "cannot_pay": "不能自主缴费人员",
    "special_uninsured": "特殊群体未参保",
    "lapsed": "断保",
    "missed": "漏保",
    "duplicates": "重复参保",
    "budget": "代缴费用预算",
    "corrections": "基础信息更正表",
    "refunds": "退补",
    "students": "在校学生",
    "uninsured": "未参保人员",
    "insured": "已参保",
    "roster": "户籍人口花名册",
    "progress": "进度表",
    "plan_library": "全民参保计划库",
    "plan_villages": "全民参保计划库",
    "flow": "增减变动",
}
SOUND = """
code = "own_x"
title = "我的表"
office = "某局"
columns = [
    { field = "number" },
    { field = "name", heading = "姓　名", width = 8 },
    { field = "amount", total = true },
]
"""


def test_every_form_an_office_asks_for_is_there() -> None:
    have = forms.built_in()
    for code, words in STANDARD.items():
        assert words in have[code].title


@pytest.mark.parametrize("form", forms.built_in().values(), ids=lambda form: form.code)
def test_a_built_in_form_is_sound(form: forms.Form) -> None:
    assert forms.parse(forms.written(form), "again") == form
    assert form.masked and form.office and form.about
    titles = [spec.title for spec in form.specs()]
    assert len(set(titles)) == len(titles) and all(titles)


def test_no_field_lacks_a_heading() -> None:
    for subject in subjects():
        for code, found in fields_of(subject).items():
            assert found.heading or code == "blank"
            assert found.width > 0


BROKEN = [
    ('columns = [\n    { field = "number" },', "columns = [\n    7,", "columns[1]", "Expected"),
    ('{ field = "name"', '{ field = "nmae"', "columns[2] nmae", "unknown_field"),
    ('heading = "姓　名"', 'heading = "序号"', "columns[2] name = 序号", "heading_twice"),
    ("width = 8", "width = 0", "columns[2] name", "width"),
    ("width = 8", 'width = "breit"', "columns[2].width", "Expected"),
    ('field = "name"', 'feld = "name"', "columns[2]", "unknown field"),
    ('{ field = "number" }', '{ field = "number", total = true }', "columns[1] number", ""),
    ('field = "amount"', 'field = "phone"', "columns[3] phone", "no_sum"),
    ('field = "amount", total = true', 'field = "blank"', "columns[3] blank", "no_heading"),
    ('title = "我的表"', 'title = ""', "title", "length"),
    ('office = "某局"', 'select = "nobody"\noffice = "某局"', "select = nobody", "unknown_selection"),
    ('office = "某局"', 'subject = "cow"\noffice = "某局"', "subject = cow", "unknown_subject"),
    ('office = "某局"', 'id_format = "half"\noffice = "某局"', "id_format = half", "unknown_id_format"),
    ('office = "某局"', 'masked = false\noffice = "某局"', "masked", "not_masked"),
    ('office = "某局"', 'roles = []\noffice = "某局"', "roles", "no_roles"),
    ('office = "某局"', 'sort = ["-cow"]\noffice = "某局"', "sort = -cow", "unknown_field"),
    ('office = "某局"', "", "-", "missing required field `office`"),
    ('office = "某局"', 'office = "某局', "TOML", ""),
]


@pytest.mark.parametrize(("what", "instead", "where", "fault"), BROKEN)
def test_a_broken_form_is_refused_by_file_and_column(what: str, instead: str, where: str, fault: str) -> None:
    assert forms.parse(SOUND, "a.toml").title == "我的表"
    assert what in SOUND
    text = SOUND.replace(what, instead)
    if not fault and where != "TOML":
        assert forms.parse(text, "a.toml").columns[0].total
        return
    with pytest.raises(KnownError) as caught:
        forms.parse(text, "a.toml")
    assert caught.value.code == "form.invalid"
    assert (caught.value.params["file"], caught.value.params["where"]) == ("a.toml", where)
    assert fault in str(caught.value.params["fault"])


def test_no_columns() -> None:
    with pytest.raises(KnownError) as caught:
        forms.checked(msgspec.structs.replace(forms.parse(SOUND, "a"), columns=()))
    assert caught.value.params["fault"] == "no_columns"


def test_columns_are_chosen_ordered_renamed() -> None:
    form = forms.built_in()["refunds"]
    chosen = forms.with_columns(form, ["领取人签字", "姓名=户内成员", "id_number", "民族"])
    assert [spec.title for spec in chosen.specs()] == ["领取人签字", "户内成员", "证件号码", "民族"]
    assert [column.field for column in chosen.columns] == ["blank", "name", "id_number", "ethnic"]
    with pytest.raises(KnownError) as caught:
        forms.with_columns(form, ["姓名", "鞋号"])
    assert (caught.value.code, caught.value.params["column_name"]) == ("form.no_column", "鞋号")
    with pytest.raises(KnownError, match=r"form\.invalid"):
        forms.with_columns(form, ["姓名", "姓名"])


def test_a_form_of_ones_own(world: World) -> None:
    ledger = world.alone()
    form = forms.with_id_format(
        forms.with_columns(forms.built_in()["insured"], ["姓名", "证件号码"]), "last4"
    )
    kept = forms.keep(ledger, form, " 公示用名单 ")
    assert kept.own and forms.find(ledger, "公示用名单") == kept == forms.find(ledger, kept.code)
    assert forms.forms_for(ledger)[-1] == kept
    assert (kept.id_format, len(kept.columns)) == ("last4", 2)
    again = forms.keep(ledger, forms.with_columns(form, ["姓名"]), "公示用名单")
    assert again.code == kept.code and len(forms.find(ledger, "公示用名单").columns) == 1
    forms.drop(ledger, kept.code)
    with pytest.raises(KnownError, match=r"form\.unknown"):
        forms.find(ledger, "公示用名单")
    of_villages = [code for code, form in forms.built_in().items() if "village" in form.roles]
    assert [form.code for form in forms.forms_for(ledger)] == of_villages


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("断保", "lapsed"),
        ("退补", "refunds"),
        ("cannot-pay", "cannot_pay"),
        ("新参人员", "new_enrollees"),
        ("未参保人员", "uninsured"),
        ("特殊群体未参保", "special_uninsured"),
        (" 代缴费用预算 ", "budget"),
    ],
)
def test_a_form_is_found_by_what_it_is_called(world: World, name: str, code: str) -> None:
    ledger = world.alone()
    assert forms.find(ledger, name).code == code
    for vague in ("", "名单", "人员"):
        with pytest.raises(KnownError, match=r"form\.unknown"):
            forms.find(ledger, vague)


def test_built_in_forms_cannot_be_broken(world: World) -> None:
    ledger = world.alone()
    form = forms.built_in()["lapsed"]
    for title in (form.title, "", "   ", "长" * 61):
        with pytest.raises(RuleViolation, match=r"form\.title"):
            forms.keep(ledger, form, title)
    with pytest.raises(KnownError, match=r"form\.built_in"):
        forms.drop(ledger, "lapsed")
    assert forms.find(ledger, "lapsed") == form


def test_a_kept_form_that_cannot_be_read_spoils_no_other(world: World) -> None:
    ledger = world.alone()
    form = forms.keep(ledger, forms.built_in()["lapsed"], "好的")
    ledger.set_meta("form.own_broken", "columns = 7")
    assert forms.find(ledger, "好的") == form
    (trouble,) = forms.broken(ledger)
    assert trouble.params["file"] == "own_broken"
    with pytest.raises(KnownError, match=r"form\.invalid"):
        forms.find(ledger, "own_broken")


def test_only_who_may_record_keeps_forms(world: World) -> None:
    ledger = world.alone()
    with ledger.transaction() as connection:
        connection.execute("UPDATE operator SET roles = 'exchange'")
    with pytest.raises(KnownError, match=r"operator\.not_allowed"):
        forms.keep(ledger, forms.built_in()["lapsed"], "我的")
