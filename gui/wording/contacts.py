"""Kinds of units of the telephone directory, and whom to ring, in words."""

from collections.abc import Sequence

from gui.i18n import _
from gui.wording.units import listed
from gui.wording.units import phone as shown
from storage.queries.contacts import DEPARTMENT, KINDS, OFFICE_UNIT, VILLAGE_UNIT, Contact

_NAMED = 2  # people named for one place


def kind(code: str) -> str:
    """What a unit is."""
    words = {
        OFFICE_UNIT: _("insurance office"),
        DEPARTMENT: _("department"),
        VILLAGE_UNIT: _("village or community"),
    }
    return words.get(code, _("other unit"))


def kinds() -> list[tuple[str, str]]:
    """All kinds with their words, in the order of the directory."""
    return [(code, kind(code)) for code in KINDS]


def named(contacts: Sequence[Contact]) -> Sequence[Contact]:
    """Those of a place whose telephones stand there."""
    return contacts[:_NAMED]


def whom(contacts: Sequence[Contact], *, masked: bool = False) -> str:
    """Whom to ring, with the telephone; "" where the directory knows nobody."""
    said = _("{name}, {phone}")
    numbers = [(one.name or one.unit, shown(one.phone, masked=masked)) for one in named(contacts)]
    return listed([said.format(name=name, phone=number) for name, number in numbers])
