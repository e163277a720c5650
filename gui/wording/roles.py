"""What an operator may do, in words."""

from collections.abc import Iterable

from gui.i18n import _
from gui.wording.units import listed
from storage import operators

ORDER = operators.ROLES
"""All roles, as they are told."""


def role(code: str) -> str:
    """A role by its name."""
    return {
        operators.RECORD: _("record"),
        operators.EXCHANGE: _("send, receive and publish"),
        operators.KEYS: _("manage keys"),
    }.get(code, code)


def explained(code: str) -> str:
    """What somebody with a role may do."""
    return {
        operators.RECORD: _("Enter and correct, import lists, settle what waits."),
        operators.EXCHANGE: _("Write files to send, take in files, use the exchange folder."),
        operators.KEYS: _("Operators and their passphrases, kits and devices, recovery sheets, restoring."),
    }[code]


def roles(codes: Iterable[str]) -> str:
    """Several roles in one line."""
    return listed([role(code) for code in codes])
