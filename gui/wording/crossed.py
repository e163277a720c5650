"""What cross tables are worded in: their axes, whom they are about, the words people stand under."""

from collections.abc import Mapping

from gui.i18n import _
from gui.wording import refunds
from storage.statements import FEW
from sync.reports.axes import INSURED, NO_REASON, NONE, UNKNOWN, UNPAID
from sync.reports.cross_out import Named
from sync.reports.crosstab import Cross
from sync.reports.people_fields import STAGES


def axis(code: str) -> str:
    """What people are counted by."""
    return axes()[code]


def axes() -> dict[str, str]:
    """All of it by code, in the order it is offered."""
    return {
        "village": _("Village or community"),
        "group": _("Group within the village"),
        "grid": _("Grid"),
        "helper": _("Grid helper"),
        "age": _("Age band"),
        "sex": _("Sex"),
        "groups": _("Subsidy groups"),
        "group_counted": _("Group that counts"),
        "department": _("Department that confirms"),
        "paid": _("How far paid"),
        "channel": _("Way of paying"),
        "cause": _("Insured, or why not"),
        "absence": _("Reason not insured here"),
        "credential": _("E-credential"),
        "residence": _("Residence"),
        "need": _("Why not able to pay alone"),
        "insured_before": _("Insured last year"),
        "new": _("New this year?"),
        "way": _("Kind of help"),
        "refund_stage": _("How far the refund is"),
        "scheme": _("Insurance by the platform"),
        "category": _("Category of person"),
        "school": _("School"),
        "ethnic": _("Ethnic group"),
        "hukou": _("Kind of household register"),
        "doubt": _("Still to be checked"),
    }


def whom() -> dict[str, str]:
    """Whom a table can be about, by selection."""
    return {
        "everybody": _("Everybody"),
        "uninsured": _("Not paid"),
        "unexplained": _("Not paid, without an accepted reason"),
        "insured": _("Paid"),
        "reported": _("To be posted"),
        "special": _("With a subsidy group"),
        "special_uninsured": _("Special groups not paid"),
        "lapsed": _("Lapsed"),
        "missed": _("Missed"),
        "registered": _("Registered population"),
        "new": _("New enrollees"),
        "cannot_pay": _("Cannot pay alone"),
        "students": _("Students"),
        "refund": _("A refund is due to them"),
    }


def measures() -> dict[str, str]:
    """What can be counted."""
    return {"people": _("Persons"), "amount": _("Yuan paid")}


def word(official: str) -> str:
    """A word people stand under: the official one; the program's own in the language of the window."""
    return _own().get(official, official)


def notes(table: Cross, named: Named) -> str:
    """What has to be known beside a table."""
    told = []
    if table.more:
        words = _("{axes}: whoever has several is counted under each, and in the totals once.")
        told.append(words.format(axes=_(", ").join(axis(one.code) for one in named.several)))
    if 0 < table.least < FEW:
        words = _(
            "Some cells are of fewer than {few} people and may show who it is: not for posting or passing on."
        )
        told.append(words.format(few=FEW))
    return " ".join(told)


def _own() -> Mapping[str, str]:
    stages = {words: refunds.stage(code) for code, words in STAGES.items()}
    return stages | {
        UNPAID: _("Not paid"),
        "已缴待到账": _("To be posted"),
        "已到账": _("Posted"),
        INSURED: _("Has paid here"),
        "已说明原因": _("Reason told"),
        "断保": _("Lapsed"),
        "停保": _("Paused"),
        "漏保": _("Missed"),
        "是": _("yes"),
        "否": _("no"),
        NONE: _("none"),
        UNKNOWN: _("Not recorded"),
        NO_REASON: _("No reason recorded"),
        "已激活": _("active"),
        "未激活": _("Not active"),
        "代缴": _("Paid by the department"),
        "先缴后补": _("Paid first, refunded later"),
        "不满6周岁": _("Under 6"),
        "6—17岁": _("6 to 17"),
        "18—34岁": _("18 to 34"),
        "35—44岁": _("35 to 44"),
        "45—59岁": _("45 to 59"),
        "60—69岁": _("60 to 69"),
        "70—79岁": _("70 to 79"),
        "80岁以上": _("80 and over"),
    }
