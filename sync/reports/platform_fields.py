"""Columns of forms that a system reads in: codes of the medical-insurance platform in the place of words."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from storage.policy.id_number import IdCheck, check
from storage.queries.outputs import OutPerson
from storage.queries.visits import age
from sync.reports.field import IDENTITY, Field
from sync.reports.paper import Paper


def platform() -> dict[str, Field]:
    """All of it by code."""
    return {
        "cert_type": Field("证件类型（psn_cert_type）", lambda row, paper: cert_type(row, paper.today), 5),
        "certificate": Field("证件号码（certno）", _certificate, 10, opens=(IDENTITY,), numbers=True),
        "sex_code": Field("性别（gend）", sex, 3, opens=(IDENTITY,)),
        "born": Field("出生日期（brdy）", _born, 6, opens=(IDENTITY,)),
        "ethnic_code": Field("民族（naty）", lambda row, _: row.person.ethnic, 3),
        "psn_type": Field("人员类别（psn_type）", lambda row, paper: psn_type(row, paper.today), 5),
        "insutype": Field("险种（insutype）", lambda _row, _paper: str(_codes()["insutype"]), 4),
        "insured_year": Field("参保年度", lambda _row, paper: str(paper.policy.year), 4),
        "relation_code": Field("与户主关系代码", lambda row, _: row.person.relation, 4),
        "amount_text": Field("缴费金额", _amount, 5),
    }


@cache
def _codes() -> Mapping[str, Any]:
    return tomllib.loads((files("resources") / "codes" / "platform.toml").read_text("utf-8"))


@cache
def _types() -> Mapping[str, str]:
    """Words and codes of categories → code."""
    said = {word: code for code, words in _codes()["type"].items() for word in words}
    return said | {code: code for code in _codes()["type"]}


def judged(row: OutPerson, today: date) -> IdCheck:
    """What somebody's number is; one that somebody checked although it looks cut off counts as sound."""
    person = row.person
    return check(person.id_full or person.id_number, today=today)


def certificate(row: OutPerson, today: date) -> str:
    """The whole number of a sound one, "" for any other."""
    found = judged(row, today)
    doubtful = found.doubt is not None and bool(row.person.doubt)
    return (found.full or "") if found.valid and not doubtful else ""


def _certificate(row: OutPerson, paper: Paper) -> str:
    return paper.id_number(certificate(row, paper.today))


def cert_type(row: OutPerson, today: date) -> str:
    """psn_cert_type of the number, "" where it is not sound or of no kind that is known."""
    kind = judged(row, today).kind if certificate(row, today) else ""
    return str(_codes()["cert"].get(kind, ""))


def sex(row: OutPerson, paper: Paper) -> str:
    """1 or 2: as the ledger has it, else as the number says."""
    return row.person.sex or judged(row, paper.today).sex or ""


def born(row: OutPerson, today: date) -> date | None:
    """The day of birth: as the ledger has it, else as the number says."""
    return row.person.birth or judged(row, today).birth


def _born(row: OutPerson, paper: Paper) -> str:
    """Masked, the year alone: the number hides the rest of it too."""
    day = born(row, paper.today)
    return "" if day is None else f"{day.year}年" if paper.masked else day.isoformat()


def category(row: OutPerson) -> str:
    """What the ledger calls somebody, without blanks."""
    return "".join(row.person.category.split())


def psn_type(row: OutPerson, today: date) -> str:
    """psn_type by what the ledger calls somebody, for those without a word by age; "" where neither tells.

    Between school age and majority age alone tells nothing: a pupil and somebody who left school have other codes.
    """
    word = category(row)
    if word:
        return _types().get(word, "")
    years, codes = age(born(row, today), today), _codes()
    if years is None:
        return ""
    if years < codes["child_before"]:
        return str(codes["by_age"]["child"])
    if years < codes["adult_from"]:
        return ""
    return str(codes["by_age"]["elderly" if years >= codes["elderly_from"] else "adult"])


def _amount(row: OutPerson, _paper: Paper) -> str:
    """Yuan with two places, as text."""
    return f"{Decimal(row.person.amount) / 100:.2f}" if row.person.claims else ""
