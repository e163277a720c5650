"""What a table is, by its columns and the words above it; nothing but a register is a roster."""

import pytest

from sync.sheets.cells import Cell
from sync.sheets.kinds import Kind, kind_names, recognise
from tests.unit.sync.sheets.making import tables

PERSON: list[Cell] = ["云海", "152726197308210978"]
BASE: list[Cell] = ["姓名", "身份证号"]


@pytest.mark.parametrize(
    ("title", "columns", "kind"),
    [
        # A household, a village group or a register's name make a roster, whatever else stands in it.
        ("", [*BASE, "户编号"], "roster"),
        ("", [*BASE, "户主姓名"], "roster"),
        ("", [*BASE, "与户主关系", "缴费金额", "缴费日期", "参保类别"], "roster"),
        ("", [*BASE, "与户主关系", "特殊身份"], "roster"),
        ("", [*BASE, "户主姓名", "参保状态", "未参保原因"], "roster"),
        ("", [*BASE, "与户主关系", "就读学校"], "roster"),
        ("某村参保花名册", [*BASE, "联系电话"], "roster"),
        ("某村花名册", BASE, "roster"),
        ("", ["序号", *BASE, "性别", "民族", "村民小组", "联系电话"], "roster"),
        ("某村户籍人员基本信息表", [*BASE, "性别", "现住址"], "roster"),
        # Lists of others.
        ("", ["纳税人识别号", "姓名", "征收品目", "实缴金额"], "tax_payments"),
        ("", [*BASE, "缴费金额"], "tax_payments"),
        ("某村医保缴费花名册", [*BASE, "缴费金额", "缴费日期"], "tax_payments"),
        ("税务导出", [*BASE, "入库日期"], "tax_payments"),
        ("", ["缴费人姓名", "缴费人证件号码", "税务机关"], "tax_payments"),
        ("", ["psn_no", "psn_name", "certno", "insutype", "psn_insu_stas"], "platform_export"),
        ("", ["人员编号", "人员姓名", "证件号码", "险种类型", "人员参保状态"], "platform_export"),
        ("", ["学校", "班级", "学生姓名", "身份证件号"], "student_list"),
        ("", ["学生姓名", "身份证号", "学籍号"], "student_list"),
        ("", ["学校", *BASE, "班级", "户主姓名"], "student_list"),
        ("", [*BASE, "身份类别"], "department_list"),
        ("民政局名单", [*BASE, "户主姓名", "与户主关系", "救助类别"], "department_list"),
        ("残联名单", BASE, "department_list"),
        ("", [*BASE, "残疾证号", "残疾等级"], "department_list"),
        ("", [*BASE, "户主姓名", "低保证号", "保障金额"], "department_list"),
        (
            "",
            ["纳入资助时间", "村(居)", *BASE, "医疗救助身份", "是否参保", "居民医保缴费金额"],
            "department_list",
        ),
        ("", [*BASE, "死亡时间"], "death_list"),
        ("", [*BASE, "出生医学证明编号"], "newborn_list"),
        ("", [*BASE, "是否参保"], "follow_up_list"),
        ("断保人员名单", [*BASE, "联系电话", "未参保原因"], "follow_up_list"),
        ("", ["村名", "户籍人口", "常住人口数"], "population_counts"),
        ("", ["乡镇", "任务数", "完成数", "完成率"], "progress_report"),
        # Too little to say.
        ("", BASE, "unknown"),
        ("", [*BASE, "联系电话"], "unknown"),
        ("", ["序号", *BASE, "备注"], "unknown"),
    ],
)
def test_kinds(title: str, columns: list[Cell], kind: str) -> None:
    (table,) = tables([title or None], columns, PERSON)
    found = recognise(table)
    assert found.name == kind
    assert bool(found.because) is (kind != "unknown")
    assert kind in (*kind_names(), "unknown")


@pytest.mark.parametrize(
    ("title", "identities", "department"),
    [
        ("民政局特殊身份人员名单", ["脱贫户"], "civil_affairs"),
        ("残联", ["一级"], "disabled_federation"),
        ("", ["农村低保", "特困人员", "脱贫享受政策人员"], "civil_affairs"),
        ("", ["突发严重困难户", "脱贫不稳定户", "边缘易致贫户"], "rural_revitalisation"),
        ("", ["二级残疾"], "disabled_federation"),
        ("", ["优抚对象"], "veterans"),
        ("", ["某某"], None),
        ("", [], None),
    ],
)
def test_whose_list(title: str, identities: list[str], department: str | None) -> None:
    (table,) = tables([title or None], [*BASE, "身份类别"], *([*PERSON, identity] for identity in identities))
    assert recognise(table).department == department


def test_the_sheet_name_is_a_word_too() -> None:
    (table,) = tables(BASE, PERSON)
    assert recognise(table) == Kind("unknown")
