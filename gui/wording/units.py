"""Money, days, shares and masked numbers as they are written everywhere."""

from datetime import date, datetime
from decimal import Decimal

from gui.i18n import _
from storage.policy import mask

NOTHING = "—"
_OTHER_YEAR = 200
"""Days from which a date without its year could be taken for another one."""


def number(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}"


def size(count: int) -> str:
    """How large a file is, in the unit that fits."""
    if count < 1 << 20:
        return f"{-(-count // 1024):,} KB"
    return f"{count / (1 << 20):,.1f} MB"


def amount(fen: int) -> str:
    """Yuan without the unit: 400, 1,200 or 12.50."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def money(fen: int) -> str:
    """Yuan with the unit."""
    return _("{amount} yuan").format(amount=amount(fen))


def full_day(day: date | None) -> str:
    """A day with its year, as in tables and on paper."""
    return day.isoformat() if day else NOTHING


def short_day(day: date | None, today: date) -> str:
    """A day beside other days of the same season: 12-25, 1-09, today; with its year where that could mislead."""
    if day is None:
        return NOTHING
    if day == today:
        return _("today")
    if abs((day - today).days) > _OTHER_YEAR:
        return day.isoformat()
    return month_day(day)


def month_day(day: date) -> str:
    """A day without its year: 12-25, 1-09."""
    return f"{day.month}-{day.day:02d}"


def moment(when: datetime, today: date) -> str:
    """A point in time in local time, without the year where it is near."""
    local = when.astimezone()
    near = abs((local.date() - today).days) <= _OTHER_YEAR
    return f"{local:%m-%d %H:%M}" if near else f"{local:%Y-%m-%d %H:%M}"


def percent(share: Decimal | None) -> str:
    """A rate that is already in percent, or a dash where there is nobody to count."""
    return NOTHING if share is None else f"{share}%"


def id_number(text: str, *, masked: bool = True) -> str:
    """An ID number for people to read, masked unless asked."""
    if not text:
        return _("no ID number")
    return mask.id_number(text) if masked else text


def phone(text: str, *, masked: bool = True) -> str:
    """A telephone number for people to read, masked unless asked."""
    return mask.phone(text) if masked and text else text


def listed(parts: list[str]) -> str:
    """Short things one after another; empty ones are left out."""
    return _(", ").join(part for part in parts if part)


def sentences(parts: list[str]) -> str:
    """Clauses one after another; empty ones are left out."""
    return _("; ").join(part for part in parts if part)
