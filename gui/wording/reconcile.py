"""Differences between the ledger and lists in words: what differs, both sides, answers, why one is proposed."""

from collections.abc import Mapping
from dataclasses import replace

from gui.i18n import _
from gui.wording import doubles, matching, names
from gui.wording.because import reason_text
from gui.wording.history import field_text
from gui.wording.units import listed, number
from storage.policy import differences as rules
from storage.policy.differences import Difference, Fields, Told
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.queries.reconcile import Answer

Titles = Mapping[str, str]
"""Village code → its title."""


def subject(code: str) -> str:
    """What the ledger is compared with."""
    return {
        "": _("all"),
        "tax": _("tax lists"),
        "platform": _("platform and departures"),
        "identity": _("identity lists"),
        "school": _("school lists"),
        "strangers": _("nobody here"),
        "doubles": _("doubles"),
    }.get(code, code)


def code_text(code: str) -> str:
    """What differs."""
    return {
        "unposted": _("reported as paid, in no tax list"),
        "unreported": _("in the tax list, not reported"),
        "amounts": _("another amount"),
        "wrong_person": _("paid under another name"),
        "paid_twice": _("paid twice"),
        "elsewhere_paid": _("insured elsewhere and paid here"),
        "elsewhere_unpaid": _("the platform shows an insurance elsewhere"),
        "paused": _("paused or ended on the platform"),
        "departed_paid": _("dead or moved away, and paid"),
        "departed_covered": _("dead or moved away, still insured on the platform"),
        "group_gone": _("the department's list names the identity no longer"),
        "group_unlisted": _("identity entered by hand, not on the department's list"),
        "group_withheld": _("identity on the department's list, taken out here"),
        "school_insured": _("the school says insured, not paid here"),
        "school_uninsured": _("the school says not insured, paid here"),
        "stranger": _("on a list, in no register"),
    }.get(code) or doubles.code_text(code)


def status_text(status: str) -> str:
    """What became of a difference."""
    return {
        "open": _("to be answered"),
        "answered": _("the village has replied"),
        "asked": _("asked in the village"),
        "left": _("left as it is"),
        "settled": _("settled by the office"),
        "cleared": _("cleared by itself"),
        "gone": _("put right by a list or the village"),
    }.get(status, status)


# ---- answers


def answer_text(code: str, answer: str, difference: Difference | None = None) -> str:
    """An answer as its button says it: what it does."""
    if answer.startswith(rules.KEEP):
        return _("Keep {number}").format(number=answer.removeprefix(rules.KEEP))
    if answer in (rules.LIST, rules.LEDGER):
        return _sides().get((code, answer)) or _either()[answer]
    if answer == rules.REFUND and difference is not None and difference.refund:
        return _("Apply for the refund")
    return _either().get(answer, answer)


def _either() -> dict[str, str]:
    return {
        rules.LIST: _("The list is right"),
        rules.LEDGER: _("The ledger is right"),
        rules.REFUND: _("Apply for the refund"),
        rules.ASK: _("Ask the village"),
        rules.LEAVE: _("Leave it, with a reason"),
    }


def _sides() -> dict[tuple[str, str], str]:
    return {
        ("unposted", rules.LIST): _("Not paid: take the entry out"),
        ("unposted", rules.LEDGER): _("Receipt seen: wait for a later list"),
        ("unreported", rules.LIST): _("The tax list counts"),
        ("unreported", rules.LEDGER): _("Not this person: take the posting out"),
        ("amounts", rules.LIST): _("Take the list's amount over"),
        ("amounts", rules.LEDGER): _("The reported amount stays"),
        ("wrong_person", rules.LIST): _("Move the payment to whom the list names"),
        ("wrong_person", rules.LEDGER): _("Both paid: it stays"),
        ("paid_twice", rules.LEDGER): _("Not too much: it stays"),
        ("elsewhere_paid", rules.LEDGER): _("Insured here: the reason is withdrawn"),
        ("elsewhere_unpaid", rules.LIST): _("Take it over as the reason"),
        ("elsewhere_unpaid", rules.LEDGER): _("Ended there: to be insured here"),
        ("paused", rules.LEDGER): _("Paid: the platform is to restore it"),
        ("departed_paid", rules.LIST): _("Not paid: take the entry out"),
        ("departed_paid", rules.LEDGER): _("Lives here: the reason is withdrawn"),
        ("departed_covered", rules.LIST): _("Lives here: the reason is withdrawn"),
        ("departed_covered", rules.LEDGER): _("The platform is to end it"),
        ("group_gone", rules.LIST): _("Take the identity out"),
        ("group_gone", rules.LEDGER): _("The identity stays"),
        ("group_unlisted", rules.LIST): _("Take the identity out"),
        ("group_unlisted", rules.LEDGER): _("The identity stays"),
        ("group_withheld", rules.LIST): _("Put the identity back"),
        ("group_withheld", rules.LEDGER): _("It stays out"),
        ("school_insured", rules.LIST): _("Insured at the school"),
        ("school_insured", rules.LEDGER): _("To be insured here"),
        ("school_uninsured", rules.LEDGER): _("Paid here: the school is told"),
    }


def given_text(answer: Answer) -> str:
    """What the office answered, with its reason."""
    words = answer_text(answer.code, answer.answer)
    return _("{answer}: {why}").format(answer=words, why=answer.why) if answer.why else words


def reply_text(code: str) -> str:
    """What the village replied."""
    return {
        rules.LEDGER: _("what we entered is right"),
        rules.LIST: _("the list is right"),
        "done": _("it has been put right here"),
        "other": _("something else"),
    }.get(code, code)


def replied_text(answer: Answer) -> str:
    """What the village replied, with its note and the day; "" where it has not."""
    if not answer.reply:
        return ""
    told = listed([reply_text(answer.reply), answer.reply_note])
    return _("The village replied on {day}: {what}").format(day=answer.replied_on, what=told)


# ---- both sides


def told_text(told: Told) -> str:
    """Which list, and when it was taken over: 税务缴费名单《…》，2025-12-01 导入."""
    if not told.name:
        return names.list_kind(told.kind) if told.kind else ""
    name = _("{kind} {file}").format(kind=names.list_kind(told.kind), file=told.name)
    return _("{list}, taken over on {day}").format(list=name, day=told.on) if told.on else name


def fields(policy: Policy, side: Fields, titles: Titles) -> list[tuple[str, str, str]]:
    """What one side says, field by field: code, title and words."""
    order = {name: place for place, name in enumerate(_titles())}
    found = sorted(side.items(), key=lambda item: order.get(item[0], len(order)))
    return [
        (name, _titles().get(name) or _title(name), _value(policy, name, value, titles))
        for name, value in found
    ]


def _title(name: str) -> str:
    return _("side {number}").format(number=name) if name.isdecimal() else names.field(name)


def _side_of_double(text: str, titles: Titles) -> str:
    """One insurance or entry of a double: 职工医保 达拉特旗 某公司 2025-09-28."""
    parts = dict(zip(rules.PARTS, text.split("|"), strict=False))
    kind, place = doubles.scheme(parts.get("scheme", "")), parts.get("place", "")
    since = _("since {day}").format(day=parts["since"]) if parts.get("since") else ""
    told = (kind, doubles.place_text(titles, place) if place else "", parts.get("employer", ""), since)
    return " ".join(part for part in told if part)


def _titles() -> dict[str, str]:
    return {
        "paid": _("payment"),
        "amount": _("amount"),
        "paid_on": _("paid on"),
        "channel": _("channel"),
        "receipt": _("receipt"),
        "count": _("payments"),
        "named": _("on the newest list"),
        "group_code": _("subsidy group"),
        "grant_source": _("said by"),
        "since": _("since"),
        "insured": _("insured, says the school"),
        "id_masked": _("ID number"),
        "identity": _("identity"),
        "absence": _("reason for not being insured here"),
        "absence_on": _("since"),
    }


def _value(policy: Policy, name: str, value: str | int, titles: Titles) -> str:
    if name.isdecimal():
        return _side_of_double(str(value), titles)
    match name:
        case "scheme":
            return matching.scheme(str(value))
        case "scheme_state":
            return matching.scheme_state(str(value))
        case "scheme_place":
            return doubles.place_text(titles, str(value))
        case "grant_source":
            return names.department(str(value))
        case "paid" | "named" | "insured":
            return _words_of(str(value))
        case "count":
            return number(int(value))
        case "amount" if not isinstance(value, int):
            return str(value)
        case _:
            return field_text(policy, name, value)


def _words_of(value: str) -> str:
    return {
        "yes": _("yes"),
        "no": _("no"),
        "reported": _("reported, not posted"),
        "confirmed": _("posted"),
        "cancelled": _("named as cancelled"),
    }.get(value, value)


def side_text(policy: Policy, side: Fields, titles: Titles) -> str:
    """One side in one line, for a table."""
    return listed([f"{title} {text}" for _name, title, text in fields(policy, side, titles)])


# ---- why


def why_text(policy: Policy, reason: Reason, titles: Titles) -> str:
    """One reason of a proposal in words; whatever it leaves unsaid is left out."""
    if reason.code.startswith("rec_"):
        return reason_text(policy, replace(reason, params=dict(reason.params)))
    return doubles.told(policy, reason, titles)
