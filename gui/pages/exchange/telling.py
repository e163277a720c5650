"""What the page of sending and receiving says of computers and places."""

from datetime import date

from gui import wording
from gui.i18n import _
from gui.models.devices import Office
from gui.wording.contacts import whom
from gui.wording.units import listed
from storage.queries.contacts import Contact
from storage.queries.people import day

_NAMED = 4
_RUNG = 8


def computers(found: Office, today: date) -> list[str]:
    """The office with the day the code was compared, this computer, and the others of this place."""
    lines = []
    if found.above is not None:
        title, compared = found.above.device.title, day(found.above.device.compared)
        if compared is None:
            lines.append(_("{office}: the code is not compared yet").format(office=title))
        else:
            lines.append(
                _("{office}: the code was compared on {day}").format(
                    office=title, day=wording.short_day(compared, today)
                )
            )
    lines.append(_("This computer: {handle}").format(handle=found.own_handle))
    for one in found.fellows:
        words = _("Another computer of this place: {handle}, since {day}")
        line = words.format(handle=one.handle, day=wording.short_day(day(one.device.since), today))
        lines.append(line if one.active else _("{line}, no longer allowed").format(line=line))
    return lines


def numbers(ring: list[Contact]) -> list[str]:
    """The telephone numbers the office gave to this place, each on a line."""
    line = _("Telephone of {unit}: {whom}")
    return [line.format(unit=one.unit, whom=whom([one])) for one in ring[:_RUNG]]


def named(titles: list[str]) -> str:
    """Some by name, the rest by their number."""
    if len(titles) <= _NAMED:
        return listed(titles)
    text = _("{names} and {count} more")
    return text.format(names=listed(titles[:_NAMED]), count=len(titles) - _NAMED)
