"""What forms can say of a person: where and who, how they pay, what they are due, what else is known."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from storage.codes import RELATIONS, SEXES
from storage.policy.budgets import reckoned
from storage.policy.model import Policy
from storage.policy.money import OLDER, UNDATED, Steps, band, case
from storage.policy.rates import settled
from storage.queries.outputs import OutPerson, departed
from storage.queries.people import day
from storage.queries.visits import age
from sync.reports.field import IDENTITY, PLACE, Field
from sync.reports.paper import Paper
from sync.reports.tables import Kind


def of_person() -> dict[str, Field]:
    """All of it by code."""
    return {**_places(), **_who(), **_paying(), **_money(), **_refund(), **_state()}


_PAYMENT = ("payment.fact", "payment.void", "enrolment.absence")


def _places() -> dict[str, Field]:
    return {
        "village": Field("嘎查村（社区）", lambda row, _: row.village, 8),
        "village_code": Field("村级区划代码", lambda row, _: row.person.scope, 7),
        "group": Field("组别", lambda row, _: row.household.group, 4, opens=(PLACE,)),
        "household": Field("户编号", lambda row, _: row.household.number, 5, opens=("household.number",)),
        "head": Field("户主姓名", lambda row, _: row.household.head_name, 6, opens=("household.head",)),
        "hukou_address": Field("户籍所在地", lambda row, _: row.beside.hukou_address, 11),
        "address": Field("现住址", _address, 11, opens=(PLACE,)),
        "grid": Field("网格", lambda row, _: row.household.grid, 6),
        "helper": Field("网格员（联络员）", lambda row, _: row.household.helper, 6),
    }


def _address(row: OutPerson, _paper: Paper) -> str:
    return row.household.address or row.household.lane


def _who() -> dict[str, Field]:
    return {
        "relation": Field("与户主关系", _relation, 5, opens=("resident.membership",)),
        "name": Field("姓名", lambda row, _: row.person.name, 7, opens=(IDENTITY,)),
        "sex": Field("性别", lambda row, _: SEXES.get(row.person.sex, row.person.sex), 2.5),
        "ethnic": Field("民族", lambda row, _: _ethnics().get(row.person.ethnic, row.person.ethnic), 4),
        "id_number": Field("证件号码", _id_number, 10, opens=(IDENTITY,), numbers=True),
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
        "cause": Field("参保状态分类", _cause, 6, opens=("enrolment.absence", "coverage.state")),
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


def _cause(row: OutPerson, paper: Paper) -> str:
    """Why somebody is not insured here, as the plan library counts it (``storage.queries.library``)."""
    if row.person.paid != "none":
        return ""
    if settled(paper.policy, row.person.absence or None):
        return "已说明原因"
    if any(one.scheme == "390" and one.state == "2" for one in row.beside.cover):
        return "停保"
    return "断保" if row.insured_before else "漏保"


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


_AGES = {
    "d30": "30天以内", "d90": "31—90天", "d180": "91—180天", "d365": "181天—1年", OLDER: "1年以上",
    UNDATED: "缴费日期不详",
}  # fmt: skip


def refund_fen(row: OutPerson) -> int:
    """What somebody gets back: the subsidy paid afterwards, never more than was paid; 0 before they pay."""
    return reckoned(row.due, row.person.amount)


def _refund() -> dict[str, Field]:
    return {
        "refund": Field("应退补金额（元）", lambda row, _: refund_fen(row), 7, "money"),
        "refund_days": Field("距缴费天数", _days, 4.5, "int"),
        "refund_age": Field("账龄", lambda row, paper: aged(_days(row, paper)), 6),
        "refund_stage": Field("退补进度", _refund_stage, 6),
        **{f"refund_{name}": _recorded(*said) for name, said in _RECORDED.items()},
    }


_RECORDED: dict[str, tuple[str, str, float, Kind]] = {
    "applied_on": ("申请日期", "applied_on", 6, "date"),
    "received_on": ("拨付日期", "received_on", 6, "date"),
    "received": ("拨付金额（元）", "received_amount", 7, "money"),
    "batch": ("拨付批次", "received_batch", 7, "text"),
    "handed_on": ("发放日期", "handed_on", 6, "date"),
    "handed": ("发放金额（元）", "handed_amount", 7, "money"),
    "handed_to": ("领取人", "handed_to", 6, "text"),
    "lender": ("退补垫付人", "advanced_by", 6, "text"),
    "signed_on": ("签收日期", "signed_on", 6, "date"),
    "refused_why": ("不予退补原因", "refused_why", 9, "text"),
}
"""What was recorded of a refund: field → heading, name in the record, width, kind."""
STAGES = {
    "due": "待申请", "applied": "已申请", "received": "已拨付", "handed": "已发放", "signed": "已签收",
    "closed": "已结清", "refused": "不予退补",
}  # fmt: skip


def _recorded(heading: str, name: str, width: float, kind: Kind) -> Field:
    def give(row: OutPerson, _paper: Paper) -> object:
        value = row.refund.said.get(name) if row.refund else None
        return day(value) if kind == "date" else value if value is not None or kind == "money" else ""

    return Field(heading, give, width, kind)


def _refund_stage(row: OutPerson, paper: Paper) -> str:
    if row.refund is None and not refund_fen(row):
        return ""
    steps = row.refund.steps if row.refund else Steps()
    return STAGES[case(refund_fen(row), steps, since=None, today=paper.today).stage]


def _days(row: OutPerson, paper: Paper) -> int | None:
    paid_on = row.person.paid_on
    return max((paper.today - paid_on).days, 0) if paid_on else None


def aged(days: int | None) -> str:
    """How long a refund has been waiting since the payment, in the bands of an ageing table."""
    return _AGES[band(days)]


# ---- state

SCHEMES = {
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
    return "、".join(dict.fromkeys(SCHEMES.get(word, word) for word in said if word))
