"""Which people a form is about: named selections, each with the sentence that says who is meant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from storage.codes import is_student
from storage.policy import rates
from storage.policy.model import Policy
from storage.queries.outputs import OutPerson, departed, elsewhere
from sync.reports.people_fields import refund_fen

Test = Callable[[OutPerson, Policy], bool]


@dataclass(frozen=True, slots=True)
class Selection:
    """Whom a form takes, of those who count in the village; ``said`` is printed under it."""

    said: str
    test: Test

    def takes(self, row: OutPerson, policy: Policy) -> bool:
        """Tell whether somebody belongs to the form."""
        return not row.person.counted_in and self.test(row, policy)


@cache
def selections() -> Mapping[str, Selection]:
    """All selections by code."""
    return {
        "everybody": Selection("花名册中的全部人员", lambda _row, _policy: True),
        "registered": Selection("户籍人口（常住、外出及居住情况未登记的人员）", _registered),
        "new": Selection("本年度标记为新参保的人员", lambda row, _: row.person.new),
        "cannot_pay": Selection("需要帮办代缴、尚未缴费的人员", _cannot_pay),
        "insured": Selection("本年度已缴费（含已缴待到账）的人员", lambda row, _: _paid(row)),
        "reported": Selection("已缴待到账的人员", lambda row, _: row.person.paid == "reported"),
        "uninsured": Selection("本年度未缴费的全部人员，含已说明原因的", lambda row, _: not _paid(row)),
        "unexplained": Selection("本年度未缴费、又没有认可原因的人员", _unexplained),
        "lapsed": Selection("上年已参保、本年未缴费的人员，不含已在别处参保和死亡、迁出的", _lapsed),
        "missed": Selection("上年、本年都没有缴费记录，也没有登记原因的人员", _missed),
        "special_uninsured": Selection("特殊群体中本年未缴费的人员，不含死亡、迁出的", _special_uninsured),
        "special": Selection("有资助身份的人员", lambda row, _: bool(row.person.groups)),
        "students": Selection("学校名单上的、登记为学生的和因在校未在本地参保的人员", _student),
        "refund": Selection("先缴后补、已经缴费、应退补金额大于零的人员", lambda row, _: refund_fen(row) > 0),
    }


def _paid(row: OutPerson) -> bool:
    return row.person.paid != "none"


def _registered(row: OutPerson, policy: Policy) -> bool:
    """Of the registered population as the policy has it, where it has one."""
    wanted = next((one.residences for one in policy.denominators if one.code == "registered"), ())
    residence = row.person.residence or "unknown"
    return residence in wanted if wanted else residence != "incoming"


def _cannot_pay(row: OutPerson, _policy: Policy) -> bool:
    return bool(row.person.need) and not _paid(row)


def _unexplained(row: OutPerson, policy: Policy) -> bool:
    absence = row.person.absence or None
    return not _paid(row) and not departed(policy, row.person) and not rates.explained(policy, absence)


def _lapsed(row: OutPerson, policy: Policy) -> bool:
    """断保: insured last year, not this year (domain words of state)."""
    return (
        row.insured_before
        and not _paid(row)
        and not departed(policy, row.person)
        and not elsewhere(policy, row.person)
    )


def _missed(row: OutPerson, _policy: Policy) -> bool:
    """漏保: should be insured, no record; nobody is on this form and on that of 断保."""
    return not row.insured_before and not _paid(row) and not row.person.absence


def _special_uninsured(row: OutPerson, policy: Policy) -> bool:
    special = {group.code for group in policy.groups if group.special}
    return not special.isdisjoint(row.person.groups) and not _paid(row) and not departed(policy, row.person)


def _student(row: OutPerson, policy: Policy) -> bool:
    person = row.person
    return (
        bool(row.beside.school) or is_student(person.category) or person.absence == "student_elsewhere"
    ) and not departed(policy, person)
