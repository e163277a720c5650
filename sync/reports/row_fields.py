"""What forms can say of rows that are no person: doubles, corrections, budgets, the progress of a village."""

from collections.abc import Callable
from typing import Any

from storage.codes import SEXES
from storage.queries.outputs import Correction
from sync.reports.field import IDENTITY, PLACE, Field, unsettled
from sync.reports.paper import Paper, open_marked
from sync.reports.subjects import Budgeted, Standing
from sync.reports.tables import Kind


def doubled() -> dict[str, Field]:
    """What one of the sides of a double says besides the person."""
    return {
        "person_number": Field("人次", lambda row, _: row.number, 3, "int"),
        "double": Field("重复情形", lambda row, _: _DOUBLES.get(row.code, row.code), 9),
        "keeps": Field("拟处理", lambda row, _: _KEEPS[row.keeps], 4),
        "double_why": Field("依据", lambda row, _: _RULES.get(row.rule, row.rule), 13),
        "double_scheme": Field("险种", lambda row, _: _SCHEME_NAMES.get(row.scheme, row.scheme), 5),
        "double_place": Field("参保地", lambda row, paper: paper.titles.get(row.place, row.place), 6),
        "double_employer": Field("参保单位", lambda row, _: row.employer, 9),
        "stake": Field("涉及补助资金（元）", lambda row, _: row.stake_fen, 7, "money"),
    }


_KEEPS = {True: "保留", False: "清退", None: "待核定"}
_SCHEME_NAMES = {"resident": "居民医保", "employee": "职工医保"}
_DOUBLES = {
    "two_villages": "两个以上嘎查村（社区）登记",
    "two_schemes": "职工医保与居民医保重复",
    "two_residents": "两地居民医保重复",
    "student_twice": "学籍地与户籍地居民医保重复",
    "two_employees": "两份职工医保重复",
    "platform_twice": "平台登记两条",
    "one_unsound": "临时或错误证件号码重复登记",
    "two_numbers": "同户同名两个证件号码",
    "two_names": "同一证件号码两个姓名",
    "paid_twice": "同一年度缴费两笔以上",
}
_RULES = {
    "employee_long": "连续参加职工医保满一年，保留职工医保",
    "employee_short": "职工医保未满一年，由本人选择",
    "employee_since_unknown": "职工医保起始时间不明，待核实",
    "works_there": "保留就业地职工医保",
    "workplace_several": "多家单位参保，待核实就业地",
    "workplace_unknown": "就业地不明，待核实",
    "school_there": "学生保留学籍地居民医保",
    "lives_there": "保留常住地居民医保",
    "lives_not_elsewhere": "不在另一地常住，保留本地居民医保",
    "residence_several": "两地都登记常住，待核实",
    "residence_unknown": "常住地不明，待核实",
    "entered_first": "同一地登记两条，保留先登记的",
    "one_place_twice": "同一地登记两条，待核实",
    "number_sound": "保留证件号码正确的一条",
    "number_shared": "待核实证件号码是谁的",
    "numbers_both_sound": "两个证件号码都有效，待核实是否同一人",
    "numbers_none_sound": "证件号码都有误，待核实",
    "perhaps_one_person": "可能是同一人，待核实",
    "paid_twice": "保留一笔，其余在待遇享受期开始前可申请退费",
}


def corrected() -> dict[str, Field]:
    """What a correction says besides the person."""
    return {
        "item": Field("更正项目", lambda row, _: _ITEMS.get(row.field, row.field), 6),
        "old": Field("更正前", lambda row, paper: _side(row, row.old, paper), 10),
        "new_value": Field("更正后", _new_side, 10),
        "why": Field("更正原因", _why, 8),
        "corrected_on": Field("更正日期", lambda row, _: row.on.astimezone().date(), 6, "date"),
        "corrected_by": Field("更正人", lambda row, _: row.who, 6),
    }


_ITEMS = {
    "name": "姓名", "sex": "性别", "id_number": "证件号码", "birth": "出生日期",
    "village": "嘎查村（社区）", "group": "组别",
}  # fmt: skip
_REGISTERS = {"group": PLACE, "village": "resident.counting"}


def _side(row: Correction, text: str, paper: Paper) -> str:
    if row.field == "id_number":
        return paper.id_number(text)
    if row.field == "birth":
        return f"{text[:4]}年" if text and paper.masked else text
    if row.field == "sex":
        return SEXES.get(text, text)
    return paper.titles.get(text, text) if row.field == "village" else text


def _new_side(row: Correction, paper: Paper) -> str:
    return open_marked(_side(row, row.new, paper), unsettled(row), _REGISTERS.get(row.field, IDENTITY))


def _why(row: Correction, _paper: Paper) -> str:
    if row.why:
        return row.why
    if row.via:
        return "按名单核对更正"
    return "补登" if not row.old else "原登记有误"


def budgeted() -> dict[str, Field]:
    """What a line of a budget says."""
    found: dict[str, tuple[str, Callable[[Budgeted], object], float, Kind]] = {
        "department": ("认定部门", lambda row: row.department or "（政策未写认定部门）", 12, "text"),
        "group": ("资助类别", lambda row: row.group, 12, "text"),
        "way": ("资助方式", lambda row: row.way, 6, "text"),
        "people": ("人数", lambda row: row.people, 5, "int"),
        "standard": ("个人缴费标准（元）", lambda row: row.standard_fen, 8, "money"),
        "each": ("每人资助金额（元）", lambda row: row.each_fen, 8, "money"),
        "sum": ("资助金额合计（元）", lambda row: row.total_fen, 9, "money"),
        "confirmed_people": ("其中已到账人数", lambda row: row.confirmed, 6, "int"),
        "confirmed_sum": ("已到账部分（元）", lambda row: row.confirmed_fen, 8, "money"),
        "outstanding_sum": ("未到账部分（元）", lambda row: row.outstanding_fen, 8, "money"),
    }
    return {code: _plain(*said) for code, said in found.items()}


def progress() -> dict[str, Field]:
    """What a village says of its progress."""
    found: dict[str, tuple[str, Callable[[Standing], object], float, Kind]] = {
        "village": ("嘎查村（社区）", lambda row: row.village, 9, "text"),
        "registered": ("户籍人口", lambda row: row.registered, 5, "int"),
        "residing": ("常住人口", lambda row: row.residing, 5, "int"),
        "task": ("任务数", lambda row: row.task, 5, "int"),
        "done": ("完成数", lambda row: row.done, 5, "int"),
        "rate": ("完成率", lambda row: row.rate, 5, "percent"),
        "left": ("未落实", lambda row: row.left, 5, "int"),
        "fresh": ("动态新增", lambda row: row.fresh, 5, "int"),
    }
    counted = {
        "insured_here": "本地居民",
        "employee_here": "本地职工",
        "resident_elsewhere": "异地居民",
        "employee_elsewhere": "异地职工",
        "army": "参军",
        "prison": "服刑",
        "death": "死亡",
        "lost": "失联",
        "refused": "自愿放弃",
        "others": "其他原因",
    }
    made = {code: _plain(*said) for code, said in found.items()}
    return made | {code: _count(code, heading) for code, heading in counted.items()}


def _count(code: str, heading: str) -> Field:
    return Field(heading, lambda row, _paper: row.counts.get(code, 0), 5, "int")


def _plain(heading: str, give: Callable[[Any], object], width: float, kind: Kind) -> Field:
    return Field(heading, lambda row, _paper: give(row), width, kind)
