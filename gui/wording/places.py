"""What a ledger exchanges with: a township's villages, a banner's townships, and the office above."""

from dataclasses import dataclass

from gui.i18n import _


def is_banner(scope: str) -> bool:
    """Whether this is the code of a banner's office, which has townships below it."""
    return scope.endswith("000000")


@dataclass(frozen=True, slots=True)
class Below:
    """The places right below an office in words: one of them, all of them, as a title, and as the name of a page."""

    one: str
    all: str
    title: str
    page: str
    counted: str


def below(scope: str) -> Below:
    """The places right below the office with this code."""
    if is_banner(scope):
        return Below(_("township"), _("the townships"), _("Township"), _("Townships"), _("townships"))
    return Below(_("one village"), _("the villages"), _("Village"), _("Villages"), _("villages"))
