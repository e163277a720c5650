"""What codes are called: from the policy where it has the word, else from here; an unknown code shows itself."""

from collections.abc import Iterable
from functools import cache
from typing import Protocol

from gui.i18n import _
from gui.wording import (
    issued,
    money_kinds,
    office_kinds,
    person_kinds,
    stated,
    village_kinds,
    visit_kinds,
)
from storage import binding, divisions, policies
from storage.codes import RELATIONS, SEXES
from storage.policy.model import Policy

_ROOMS = (issued, stated, village_kinds, person_kinds, office_kinds, money_kinds, visit_kinds)


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
    if code == "void":
        return _("voided")
    if code == "terms":
        return _("policy it was made under")
    words = _registers(_.language)
    if not kind_code:
        return next((word for (_kind, name), word in words.items() if name == code), field(code))
    return words.get((kind_code, code)) or field(code)


def field(code: str) -> str:
    """A field of a register."""
    return _fields(_.language).get(code, code)


# Lists ask for these by the thousand: put together once for a language.


@cache
def _registers(_language: str) -> dict[tuple[str, str], str]:
    return {code: word for room in _ROOMS for code, word in room.registers().items()}


@cache
def _fields(_language: str) -> dict[str, str]:
    return {code: word for room in _ROOMS for code, word in room.fields().items()}
