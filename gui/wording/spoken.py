"""Days, groups and names as people say them: 12月25日, 低保. Nothing here ever says a number of a person."""

import re
from datetime import date

from gui.i18n import _
from gui.wording import names
from storage.policy.model import Policy

_OTHER_YEAR = 200
"""Days from which a day without its year could be taken for another one."""
_HIDDEN = "**"
_FIGURES = re.compile(r"\d[\dxX]*")
_DAY = re.compile(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])")


def day(when: date, today: date) -> str:
    """A day as it is said, with its year where it could be mistaken: 12月25日, 2027年1月1日."""
    if abs((when - today).days) > _OTHER_YEAR:
        return whole_day(when)
    return _months()[when.month - 1].format(day=when.day)


def whole_day(when: date) -> str:
    """A day with its year, as it is said."""
    return _("{day} {year}").format(day=_months()[when.month - 1].format(day=when.day), year=when.year)


def with_days(text: str) -> str:
    """Text with its days as they are said: 2026-01-01 becomes 2026年1月1日."""

    def said(found: re.Match[str]) -> str:
        try:
            return whole_day(date.fromisoformat(found[0]))
        except ValueError:  # a number that only looks like a day
            return found[0]

    return _DAY.sub(said, text)


def group(policy: Policy, code: str) -> str:
    """The word people use for a subsidy group, the policy's own name where there is none."""
    short = names.short_group(code)
    return names.group(policy, code) if short == code else short


def person_name(text: str, *, masked: bool = False) -> str:
    """A name to be said or sent: figures never belong in it (an ID number may have slipped in); masked 其**."""
    name = _without_figures(text)
    if masked and name:
        return name[0] + _HIDDEN
    return name


def _without_figures(text: str) -> str:
    return " ".join(_FIGURES.sub("", text).split())


def _months() -> list[str]:
    return [
        _("{day} January"),
        _("{day} February"),
        _("{day} March"),
        _("{day} April"),
        _("{day} May"),
        _("{day} June"),
        _("{day} July"),
        _("{day} August"),
        _("{day} September"),
        _("{day} October"),
        _("{day} November"),
        _("{day} December"),
    ]
