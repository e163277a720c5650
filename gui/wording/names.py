"""What codes are called: from the policy where it has the word, else from here; an unknown code shows itself."""

from collections.abc import Iterable
from functools import cache
from typing import Protocol

from gui.i18n import _
from gui.wording import issued, office_kinds, stated
from storage import binding, divisions, policies
from storage.codes import RELATIONS, SEXES
from storage.policy.model import Policy


class _Named(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


def _in(entries: Iterable[_Named], code: str | None) -> str:
    return next((entry.name for entry in entries if entry.code == code), code or "")


def group(policy: Policy, code: str | None) -> str:
    """The official name of a subsidy group."""
    return _in(policy.groups, code)


def short_group(code: str) -> str:
    """The word departments use most for a subsidy group, for tags and narrow columns."""
    return _short_groups().get(code, code)


@cache
def _short_groups() -> dict[str, str]:
    words: dict[str, str] = {}
    for word, code in policies.group_aliases().items():
        words.setdefault(code, word)
    return words


def absence(policy: Policy, code: str | None) -> str:
    """Why somebody is not insured here."""
    return _in(policy.reasons, code)


def help_reason(policy: Policy, code: str | None) -> str:
    """Why somebody cannot pay alone."""
    return _in(policy.assistance_reasons, code)


def channel(policy: Policy, code: str | None) -> str:
    """A way of paying."""
    return _in(policy.channels, code)


def residence(policy: Policy, code: str | None) -> str:
    """Where somebody lives, as the rates count it."""
    return _in(policy.residences, code or "unknown")


def denominator(policy: Policy, code: str) -> str:
    """Whom a rate is a rate of."""
    return _in(policy.denominators, code)


def relation(code: str | None) -> str:
    """The relation to the head of the household."""
    return RELATIONS.get(code or "", code or "")


def sex(code: str | None) -> str:
    """Male or female."""
    return SEXES.get(code or "", code or "")


def credential_way(code: str | None) -> str:
    """How an e-credential came to be active."""
    words = {"self": _("by oneself"), "family": _("family account"), "helped": _("with help")}
    way, _holder = binding.read(code or "")
    return words.get(way, way)


def outcome(code: str | None) -> str:
    """What came of a visit."""
    words = {
        "met": _("met"),
        "absent": _("nobody at home"),
        "refused": _("refused to pay"),
        "promised": _("promised to pay"),
        "phoned": _("reached by phone"),
        "reminded": _("sent a reminder"),
    }
    return words.get(code or "", code or "")


def side(role: str) -> str:
    """The level that settles a conflict."""
    words = {"v": _("The village"), "o": _("The township office")}
    return words.get(role, role)


def source(via: str) -> str:
    """Which list an entry came from."""
    words = {
        "roster": _("village roster"),
        "department": _("department list"),
        "tax": _("tax list"),
        "platform": _("platform export"),
        "school": _("school list"),
        "move": _("the village they came from"),
        "year": _("carried over from the year before"),
        "erasure": _("an erasure"),
        "worksheet": _("working sheet"),
        "village_report": _("sheet of the village"),
    }
    return words.get(via, via)


def list_kind(code: str) -> str:
    """What sort of list a file was recognised as."""
    words = {
        "roster": _("village roster"),
        "department_list": _("department list"),
        "tax_payments": _("tax list"),
        "platform_export": _("platform export"),
        "student_list": _("school list"),
        "population_counts": _("population counts"),
        "progress_report": _("progress report"),
        "death_list": _("list of deaths"),
        "army_list": _("list of soldiers"),
        "prison_list": _("list of prisoners"),
        "released_list": _("list of released persons"),
        "newborn_list": _("list of newborns"),
        "pension_list": _("pension roll"),
        "follow_up_list": _("list of people not insured"),
        "worksheet": _("working sheet"),
        "worksheet_out": _("working sheet that went out"),
        "village_report": _("sheet of the village"),
        "unknown": _("unknown list"),
    }
    return words.get(code, code)


def department(code: str) -> str:
    """Who made a department list."""
    words = {
        "civil_affairs": _("civil affairs"),
        "disabled_federation": _("disabled persons' federation"),
        "rural_revitalisation": _("rural revitalisation"),
        "veterans": _("veterans affairs"),
        "education": _("education"),
    }
    return words.get(code, code)


def village(code: str) -> str:
    """The public name of a village, its code where the table does not know it."""
    return divisions.named(code) or code


def kind(code: str) -> str:
    """A kind of record."""
    words = {
        "village": _("village"),
        "household": _("household"),
        "resident": _("person"),
        "same": _("same person"),
        "enrolment": _("enrolment"),
        "subsidy": _("subsidy group"),
        "payment": _("payment"),
        "refund": _("refund of a person"),
        "settlement": _("money given back"),
        "confirmation": _("posted payment"),
        "coverage": _("insurance on the platform"),
        "credential": _("e-credential"),
        "assistance": _("assisted payment"),
        "visit": _("visit"),
        "visit_list": _("visit list"),
        "policy_text": _("policy text"),
        "certificate": _("device"),
        "erasure": _("erasure"),
        "bulletin": _("bulletin"),
        "statement": _("numbers of a township"),
        "batch": _("handed out to be filled in"),
        "difference": _("difference from a list"),
        "contact": _("contact in the directory"),
        "op": _("entry"),
        "operation": _("entry"),
    }
    return words.get(code, code)


def register(kind_code: str, code: str) -> str:
    """A register of a kind: what was written or is in dispute."""
    words = {
        ("village", "title"): _("village name"),
        ("village", "policy"): _("policy"),
        ("household", "number"): _("household number"),
        ("household", "head"): _("head of household"),
        ("household", "place"): _("group and address"),
        ("household", "duty"): _("grid and helper"),
        ("household", "door"): _("walking order"),
        ("household", "remark"): _("remark"),
        ("resident", "identity"): _("name and ID number"),
        ("resident", "membership"): _("household and relation"),
        ("resident", "residence"): _("residence"),
        ("resident", "contact"): _("phone"),
        ("resident", "ethnic"): _("ethnic group"),
        ("resident", "hukou"): _("household registration"),
        ("resident", "category"): _("category"),
        ("resident", "doubts"): _("doubts of the import"),
        ("resident", "remark"): _("remark"),
        ("resident", "checked"): _("checked by hand"),
        ("resident", "counting"): _("where they count"),
        ("village", "published"): _("published policy"),
        ("village", "population"): _("population count"),
        ("village", "task"): _("assigned number"),
        ("village", "share"): _("how it was shared out"),
        ("resident", "schooling"): _("school"),
        ("coverage", "state"): _("insurance on the platform"),
        ("policy_text", "text"): _("policy text"),
        ("erasure", "order"): _("erasure"),
        **issued.registers(),
        **stated.registers(),
        **office_kinds.registers(),
        ("difference", "answer"): _("answer of the office"),
        ("difference", "reply"): _("reply of the village"),
        ("certificate", "device"): _("device"),
        ("certificate", "compared"): _("code compared"),
        ("certificate", "revocation"): _("revocation"),
        ("same", "answer"): _("same person or not"),
        ("enrolment", "entry"): _("new enrolment"),
        ("enrolment", "absence"): _("reason for not being insured here"),
        ("subsidy", "grant"): _("subsidy group"),
        ("payment", "fact"): _("payment"),
        ("refund", "claim"): _("what comes back"),
        ("refund", "applied"): _("application for the refund"),
        ("refund", "refused"): _("refusal of the refund"),
        ("refund", "received"): _("refund received from finance"),
        ("refund", "handed"): _("refund handed over"),
        ("refund", "signed"): _("refund signed for"),
        ("settlement", "fact"): _("money given back"),
        ("confirmation", "fact"): _("posted payment"),
        ("confirmation", "source"): _("list"),
        ("credential", "state"): _("e-credential"),
        ("assistance", "need"): _("assisted payment"),
        ("visit", "fact"): _("visit"),
        ("visit_list", "sheet"): _("visit list"),
        ("visit_list", "closed"): _("closed, the rest does not come back"),
    }
    if code == "void":
        return _("voided")
    if code == "terms":
        return _("policy it was made under")
    if not kind_code:
        return next((word for (_kind, name), word in words.items() if name == code), field(code))
    return words.get((kind_code, code)) or field(code)


def field(code: str) -> str:
    """A field of a register."""
    words = {
        **issued.fields(),
        **stated.fields(),
        **office_kinds.fields(),
        "title": _("village name"),
        "code": _("division code"),
        "counted_in": _("counts in"),
        "counted_record": _("record there"),
        "counted_seen": _("entries known then"),
        "counted_from": _("came from"),
        "counted_since": _("since"),
        "counted_why": _("reason"),
        "published": _("published policy"),
        "registered": _("registered population"),
        "residing": _("resident population"),
        "counted_on": _("counted on"),
        "counted_by": _("counted by"),
        "task": _("assigned number"),
        "task_year": _("insurance year"),
        "task_on": _("assigned on"),
        "task_by": _("assigned by"),
        "share_year": _("insurance year"),
        "share_people": _("share"),
        "share_of": _("shared out"),
        "share_weight": _("people here"),
        "share_weights": _("people of all villages"),
        "share_basis": _("shared out by"),
        "share_why": _("why set by hand"),
        "difference": _("difference"),
        "detail": _("what it is about"),
        "fact": _("state of both sides"),
        "here": _("what the ledger said"),
        "listed": _("what the list said"),
        "answer_round": _("number of the answer"),
        "reply_round": _("answer replied to"),
        "list_kind": _("kind of list"),
        "list_on": _("taken over on"),
        "answer_why": _("reason"),
        "answered_on": _("answered on"),
        "reply": _("reply"),
        "reply_note": _("remark"),
        "replied_on": _("replied on"),
        "school": _("school"),
        "school_class": _("class"),
        "scheme": _("scheme"),
        "scheme_state": _("insurance status"),
        "scheme_place": _("insured at"),
        "scheme_type": _("type of insured"),
        "employer": _("employer"),
        "covered_since": _("insured since"),
        "covered_as_of": _("as of"),
        "covered_by": _("list"),
        "verify_key": _("key"),
        "recipient": _("key"),
        "seal": _("seal of the office"),
        "role": _("role"),
        "device_title": _("device"),
        "compared_on": _("compared on"),
        "compared_by": _("compared by"),
        "revoked_on": _("revoked on"),
        "revoked_why": _("reason"),
        "cuts": _("counts up to"),
        "policy_id": _("policy"),
        "policy_toml": _("policy text"),
        "erased_kind": _("kind"),
        "erased_record": _("its record"),
        "erased_on": _("erased on"),
        "erased_why": _("reason"),
        "erased_with": _("records that go with it"),
        "erased_ops": _("entries that go with it"),
        "backup_days": _("days until backups go"),
        "policy": _("policy"),
        "number": _("household number"),
        "head_name": _("head of household"),
        "grp": _("group"),
        "lane": _("lane"),
        "address": _("address"),
        "grid": _("grid"),
        "helper": _("helper"),
        "door": _("walking order"),
        "note": _("remark"),
        "name": _("name"),
        "id_number": _("ID number"),
        "sex": _("sex"),
        "birth": _("birth date"),
        "household": _("household"),
        "relation": _("relation to head"),
        "residence": _("residence"),
        "phone": _("phone"),
        "ethnic": _("ethnic group"),
        "hukou": _("registration type"),
        "hukou_address": _("registered address"),
        "category": _("category"),
        "doubts": _("doubts of the import"),
        "checked": _("checked by hand"),
        "amount": _("amount"),
        "paid_on": _("payment date"),
        "channel": _("channel"),
        "receipt": _("receipt number"),
        "payer": _("payer"),
        "advanced_by": _("advanced by"),
        "void_reason": _("reason for voiding"),
        "terms_policy": _("policy it was made under"),
        "terms_version": _("version of the policy"),
        "refund_reason": _("why it comes back"),
        "department": _("department"),
        "claimed_on": _("claimed on"),
        "applied_on": _("applied on"),
        "applied_by": _("applied by"),
        "applied_paper": _("papers"),
        "refused_on": _("refused on"),
        "refused_why": _("reason"),
        "received_amount": _("amount received"),
        "received_on": _("received on"),
        "received_from": _("paid by"),
        "received_batch": _("batch or voucher"),
        "handed_amount": _("amount handed over"),
        "handed_on": _("handed over on"),
        "handed_to": _("handed to"),
        "handed_by": _("handed by"),
        "handed_how": _("how"),
        "signed_on": _("signed on"),
        "signed_by": _("signed by"),
        "signed_as": _("signed as"),
        "signed_paper": _("papers"),
        "advance": _("what was laid out"),
        "settled_on": _("given back on"),
        "settled_by": _("given back by"),
        "settled_to": _("given back to"),
        "settled_how": _("how"),
        "settled_note": _("remark"),
        "absence": _("reason for not being insured here"),
        "absence_note": _("remark"),
        "absence_on": _("date"),
        "entry": _("new enrolment"),
        "credential": _("e-credential"),
        "credential_by": _("activated how"),
        "credential_on": _("activated on"),
        "need": _("why help is needed"),
        "need_what": _("what is needed"),
        "need_on": _("arranged for"),
        "need_note": _("remark"),
        "group_code": _("subsidy group"),
        "grant_source": _("source"),
        "since": _("since"),
        "until": _("until"),
        "list_name": _("list"),
        "year": _("insurance year"),
        "resident": _("person"),
        "visited_on": _("date of visit"),
        "outcome": _("outcome"),
        "retry_on": _("come again on"),
        "visit_note": _("remark"),
        "list_number": _("list number"),
        "closed_on": _("closed on"),
        "closed_why": _("why it was closed"),
        "answer": _("answer"),
    }
    return words.get(code, code)
