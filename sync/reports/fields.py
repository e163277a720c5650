"""What a column of a form can hold: code → what it is called here, its kind, and how a row gives it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from storage.codes import RELATIONS, SEXES
from storage.places import trunk
from storage.policy.model import Policy
from storage.queries.outputs import Correction, OutPerson, departed
from storage.queries.visits import age
from sync.reports.paper import Paper, open_marked
from sync.reports.subjects import Budgeted, Standing
from sync.reports.tables import Kind

Give = Callable[[Any, Paper], object]


@dataclass(frozen=True, slots=True)
class Field:
    """A column's content: its usual heading and width, its kind, and the registers whose dispute marks it."""

    heading: str
    give: Give
    width: float = 10
    kind: Kind = "text"
    opens: tuple[str, ...] = ()
    numbers: bool = False
    """Whether it holds numbers that identify, which a system that reads the sheet takes as they stand."""


NUMBER = "number"
"""The field that counts the rows."""
_NUMBER = Field("序号", lambda _row, _paper: None, 3, "int")
_BLANK = Field("", lambda _row, _paper: None, 10)


def fields_of(subject: str) -> Mapping[str, Field]:
    """The fields rows of a subject have: person, double, correction, budget or progress."""
    return _fields()[subject]


def subjects() -> tuple[str, ...]:
    """What rows of forms can be."""
    return tuple(_fields())


def cell(found: Field, row: Any, paper: Paper) -> object:
    """The value of a field in a row, marked where entries disagree about it; whole numbers stay nothing but numbers."""
    value = found.give(row, paper)
    if found.opens and isinstance(value, str) and (paper.masked or not found.numbers):
        return open_marked(value, unsettled(row), *found.opens)
    return value


def unsettled(row: Any) -> tuple[str, ...]:
    """The registers of a row's person and household that entries disagree about."""
    person = row if isinstance(row, OutPerson) else getattr(row, "person", None)
    if not isinstance(person, OutPerson):
        return ()
    return (*person.person.unsettled, *person.household.unsettled)


@cache
def _fields() -> dict[str, dict[str, Field]]:
    common = {
        NUMBER: _NUMBER,
        "blank": _BLANK,
        "township": Field("苏木镇", lambda _row, paper: paper.township, 7),
    }
    person = {**common, **_places(), **_who(), **_paying(), **_money(), **_refund(), **_state()}
    inside = {code: _inside(found) for code, found in person.items()}
    return {
        "person": person,
        "double": {**inside, **_doubled()},
        "correction": {**inside, **_corrected()},
        "budget": {**common, **_budgeted()},
        "progress": {**common, **_progress()},
    }


def _inside(found: Field) -> Field:
    """A field of a person, given by a row that is about one."""
    give = found.give
    return replace(found, give=lambda row, paper: give(row.person, paper))


# ---- where and who

_IDENTITY, _PLACE = "resident.identity", "household.place"
_PAYMENT = ("payment.fact", "payment.void", "enrolment.absence")


def _places() -> dict[str, Field]:
    return {
        "village": Field("嘎查村（社区）", lambda row, _: row.village, 8),
        "village_code": Field("村级区划代码", lambda row, _: row.person.scope, 7),
        "group": Field("组别", lambda row, _: row.household.group, 4, opens=(_PLACE,)),
        "household": Field("户编号", lambda row, _: row.household.number, 5, opens=("household.number",)),
        "head": Field("户主姓名", lambda row, _: row.household.head_name, 6, opens=("household.head",)),
        "hukou_address": Field("户籍所在地", lambda row, _: row.beside.hukou_address, 11),
        "address": Field("现住址", _address, 11, opens=(_PLACE,)),
        "grid": Field("网格", lambda row, _: row.household.grid, 6),
        "helper": Field("网格员（联络员）", lambda row, _: row.household.helper, 6),
    }


def _address(row: OutPerson, _paper: Paper) -> str:
    return row.household.address or row.household.lane


def _who() -> dict[str, Field]:
    return {
        "relation": Field("与户主关系", _relation, 5, opens=("resident.membership",)),
        "name": Field("姓名", lambda row, _: row.person.name, 7, opens=(_IDENTITY,)),
        "sex": Field("性别", lambda row, _: SEXES.get(row.person.sex, row.person.sex), 2.5),
        "ethnic": Field("民族", lambda row, _: _ethnics().get(row.person.ethnic, row.person.ethnic), 4),
        "id_number": Field("证件号码", _id_number, 10, opens=(_IDENTITY,), numbers=True),
        "birth": Field("出生日期", _birth, 6, "date"),
        "age": Field("年龄", lambda row, paper: age(row.person.birth, paper.today), 3, "int"),
        "phone": Field("联系电话", _phone, 6.5, opens=("resident.contact",), numbers=True),
        "category": Field("人员类别", lambda row, _: row.person.category, 7, opens=("resident.category",)),
        "hukou": Field("户口性质", lambda row, _: row.beside.hukou, 4),
        "residence": Field("居住情况", _residence, 5, opens=("resident.residence",)),
        "away": Field("是否流动人员", lambda row, _: _yes(row.person.residence == "away"), 5),
        "school": Field("学校", lambda row, _: row.beside.school, 9),
        "school_class": Field("班级", lambda row, _: row.beside.school_class, 6),
        "note": Field("备注", lambda row, _: row.person.note, 9, opens=("resident.remark",)),
    }


def _relation(row: OutPerson, _paper: Paper) -> str:
    return RELATIONS.get(row.person.relation, row.person.relation)


def _id_number(row: OutPerson, paper: Paper) -> str:
    return paper.id_number(row.person.id_full or row.person.id_number)


def _phone(row: OutPerson, paper: Paper) -> str:
    return paper.phone(row.person.phone)


def _birth(row: OutPerson, paper: Paper) -> date | str | None:
    """The day of birth; a masked paper keeps the year alone, for the number hides the rest of it too."""
    birth = row.person.birth
    return f"{birth.year}年" if birth and paper.masked else birth


def _residence(row: OutPerson, paper: Paper) -> str:
    return _named(paper.policy.residences, row.person.residence)


@cache
def _ethnics() -> dict[str, str]:
    import csv
    from importlib.resources import files

    text = files("resources").joinpath("codes", "ethnic.csv").read_text("utf-8-sig")
    return {row[0]: row[1] for row in csv.reader(text.splitlines()) if len(row) > 1}


def _named(entries: Iterable[object], code: str) -> str:
    return next((getattr(entry, "name", "") for entry in entries if getattr(entry, "code", "") == code), code)


def _yes(told: object) -> str:
    return "是" if told else "否"


# ---- paying


def _paying() -> dict[str, Field]:
    return {
        "insured": Field("是否参保", lambda row, _: _yes(row.person.paid != "none"), 4, opens=_PAYMENT),
        "paid": Field("缴费情况", lambda row, _: _PAID[row.person.paid], 5.5, opens=_PAYMENT),
        "paid_on": Field("缴费日期", lambda row, _: row.person.paid_on, 6, "date"),
        "amount": Field("缴费金额（元）", _amount, 7, "money"),
        "channel": Field("缴费方式", _channel, 7, opens=("payment.fact",)),
        "receipt": Field("票据号", lambda row, _: _claimed(row, "receipt"), 9, opens=("payment.fact",)),
        "payer": Field("缴费人", lambda row, _: _claimed(row, "payer"), 6, opens=("payment.fact",)),
        "advanced_by": Field(
            "垫付人", lambda row, _: _claimed(row, "advanced_by"), 6, opens=("payment.fact",)
        ),
        "absence": Field("未参保原因", _absence, 8, opens=("enrolment.absence",)),
        "absence_note": Field(
            "原因说明", lambda row, _: row.person.absence_note, 8, opens=("enrolment.absence",)
        ),
        "insured_before": Field("上年是否参保", lambda row, _: _yes(row.insured_before), 5),
        "new": Field("是否新参", lambda row, _: _yes(row.person.new), 4, opens=("enrolment.entry",)),
        "need": Field("不能自主缴费原因", _need, 8, opens=("assistance.need",)),
        "need_what": Field("需要的帮办", lambda row, _: row.person.need_what, 8, opens=("assistance.need",)),
        "need_on": Field("约定日期", lambda row, _: row.person.need_on, 6, "date"),
    }


_PAID = {"none": "未缴", "reported": "已缴待到账", "confirmed": "已到账"}


def _amount(row: OutPerson, _paper: Paper) -> int | None:
    return row.person.amount if row.person.claims else None


def _claimed(row: OutPerson, what: str) -> str:
    """What claims of this year say, each word once."""
    said = (str(getattr(claim, what)) for claim in row.person.claims)
    return "、".join(dict.fromkeys(word for word in said if word))


def _channel(row: OutPerson, paper: Paper) -> str:
    codes = dict.fromkeys(claim.channel for claim in row.person.claims if claim.channel)
    return "、".join(_named(paper.policy.channels, code) for code in codes)


def _absence(row: OutPerson, paper: Paper) -> str:
    return _named(paper.policy.reasons, row.person.absence) if row.person.paid == "none" else ""


def _need(row: OutPerson, paper: Paper) -> str:
    return _named(paper.policy.assistance_reasons, row.person.need)


# ---- money


def _money() -> dict[str, Field]:
    return {
        "groups": Field("资助类别", _groups, 8, opens=("subsidy.grant",)),
        "group_counted": Field("资助参保身份", _counted, 8, opens=("subsidy.grant",)),
        "department": Field("认定部门", lambda row, paper: department(paper.policy, row.due.group), 8),
        "way": Field("资助方式", lambda row, paper: way(paper.policy, row.due.group), 5),
        "premium": Field("个人缴费标准（元）", lambda _, paper: paper.policy.personal_fen, 7, "money"),
        "subsidy": Field("资助金额（元）", lambda row, _: row.due.subsidy_fen, 7, "money"),
        "own": Field("个人负担（元）", lambda row, _: row.due.own_fen, 7, "money"),
        "pay_now": Field("应缴金额（元）", lambda row, _: row.due.pay_now_fen, 7, "money"),
    }


def _groups(row: OutPerson, paper: Paper) -> str:
    return "、".join(_named(paper.policy.groups, code) for code in row.person.groups)


def _counted(row: OutPerson, paper: Paper) -> str:
    return _named(paper.policy.groups, row.due.group) if row.due.group else ""


def department(policy: Policy, group: str | None) -> str:
    """Who confirms a group, "" for none."""
    found = policy.group(group or "")
    return found.department if found else ""


def way(policy: Policy, group: str | None) -> str:
    """How a group is helped."""
    found = policy.group(group or "")
    return {"advance": "代缴", "refund": "先缴后补"}.get(found.mode, "") if found else ""


_AGES = ((30, "30天以内"), (90, "31—90天"), (180, "91—180天"), (365, "181天—1年"))


def refund_fen(row: OutPerson) -> int:
    """What somebody gets back: the subsidy paid afterwards, never more than was paid; 0 before they pay."""
    return min(row.due.refund_fen, row.person.amount)


def _refund() -> dict[str, Field]:
    return {
        "refund": Field("应退补金额（元）", lambda row, _: refund_fen(row), 7, "money"),
        "refund_days": Field("距缴费天数", _days, 4.5, "int"),
        "refund_age": Field("账龄", lambda row, paper: aged(_days(row, paper)), 6),
    }


def _days(row: OutPerson, paper: Paper) -> int | None:
    paid_on = row.person.paid_on
    return max((paper.today - paid_on).days, 0) if paid_on else None


def aged(days: int | None) -> str:
    """How long a refund has been waiting since the payment, in the bands of an ageing table."""
    if days is None:
        return "缴费日期不详"
    return next((words for limit, words in _AGES if days <= limit), "1年以上")


# ---- state

_SCHEMES = {
    "310": "职工基本医疗保险", "390": "城乡居民基本医疗保险", "392": "城乡居民大病保险", "410": "长期照护保险",
}  # fmt: skip


def _state() -> dict[str, Field]:
    return {
        "credential": Field("医保电子凭证", _credential, 5, opens=("credential.state",)),
        "scheme": Field("平台参保险种", lambda row, _: _covers(row, "scheme"), 8, opens=("coverage.state",)),
        "scheme_place": Field("平台参保地", lambda row, _: _covers(row, "place"), 6, opens=("coverage.state",)),
        "employer": Field("参保单位", lambda row, _: _covers(row, "employer"), 9, opens=("coverage.state",)),
        "doubt": Field("待核实", lambda row, _: "是" if row.person.doubt else "", 4),
        "died": Field("是否死亡", lambda row, paper: "是" if _died(row, paper) else "", 4),
    }  # fmt: skip


def _credential(row: OutPerson, _paper: Paper) -> str:
    return "已激活" if row.person.credential else "未激活"


def _died(row: OutPerson, paper: Paper) -> bool:
    return row.person.absence == "death" and departed(paper.policy, row.person)


def _covers(row: OutPerson, what: str) -> str:
    said = (str(getattr(cover, what)) for cover in row.beside.cover)
    return "、".join(dict.fromkeys(_SCHEMES.get(word, word) for word in said if word))


# ---- rows that are no person


def _doubled() -> dict[str, Field]:
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


def _corrected() -> dict[str, Field]:
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
_REGISTERS = {"group": _PLACE, "village": "resident.counting"}


def _side(row: Correction, text: str, paper: Paper) -> str:
    if row.field == "id_number":
        return paper.id_number(text)
    if row.field == "birth":
        return f"{text[:4]}年" if text and paper.masked else text
    if row.field == "sex":
        return SEXES.get(text, text)
    return paper.titles.get(text, text) if row.field == "village" else text


def _new_side(row: Correction, paper: Paper) -> str:
    return open_marked(_side(row, row.new, paper), unsettled(row), _REGISTERS.get(row.field, _IDENTITY))


def _why(row: Correction, _paper: Paper) -> str:
    if row.why:
        return row.why
    if row.via:
        return "按名单核对更正"
    return "补登" if not row.old else "原登记有误"


def _budgeted() -> dict[str, Field]:
    found: dict[str, tuple[str, Callable[[Budgeted], object], float, Kind]] = {
        "department": ("认定部门", lambda row: row.department or "（政策未写认定部门）", 12, "text"),
        "group": ("资助类别", lambda row: row.group, 12, "text"),
        "way": ("资助方式", lambda row: row.way, 6, "text"),
        "people": ("人数", lambda row: row.people, 5, "int"),
        "standard": ("个人缴费标准（元）", lambda row: row.standard_fen, 8, "money"),
        "each": ("每人资助金额（元）", lambda row: row.each_fen, 8, "money"),
        "sum": ("资助金额合计（元）", lambda row: row.total_fen, 9, "money"),
    }
    return {code: _plain(*said) for code, said in found.items()}


def _progress() -> dict[str, Field]:
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


def place_code(scope: str) -> str:
    """The code of the township a village lies in."""
    return f"{trunk(scope)[:9]}000"
