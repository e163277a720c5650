"""Values that entries disagree about: marked wherever they are shown until somebody settles them."""

from collections.abc import Collection

from gui.i18n import _
from gui.wording import names

IDENTITY = "resident.identity"
PAYMENT = ("payment.fact", "payment.void", "confirmation.fact", "confirmation.void", "enrolment.absence")
"""What decides how far somebody's payment is."""


def is_open(unsettled: Collection[str], *registers: str) -> bool:
    """Whether one of these registers ("resident.contact") is in dispute."""
    return not set(unsettled).isdisjoint(registers)


def marked(text: str, unsettled: Collection[str], *registers: str) -> str:
    """A value, with the mark behind it where it is only the provisional one: 13800001234（暂）."""
    return _("{text} (open)").format(text=text) if text and is_open(unsettled, *registers) else text


def open_word() -> str:
    """The mark alone, for tags."""
    return _("open")


def open_hint() -> str:
    """What the mark means."""
    return _("Entries disagree: this one is shown until it is settled under “To settle”.")


def open_legend() -> str:
    """What the mark means, for the foot of a sheet."""
    return _("(open): entries disagree; provisional")


def disputed_text(unsettled: Collection[str]) -> str:
    """What is in dispute, in words."""
    found = dict.fromkeys(names.register(*register.split(".", 1)) for register in sorted(unsettled))
    return _("In dispute: {what}").format(what=_(", ").join(found))
