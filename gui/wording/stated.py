"""Numbers without people: what is called how, and which townships told a banner nothing else."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gui.i18n import _
from gui.wording.units import full_day, listed, number

if TYPE_CHECKING:  # names, which everything imports, need none of it
    from storage.queries.statements import Live, Received
    from sync.upward import Disclosure


def registers() -> dict[tuple[str, str], str]:
    """The registers of a statement."""
    return {
        ("statement", "stated"): _("numbers of a township"),
        ("statement", "over"): _("whether these numbers still count"),
    }


def fields() -> dict[str, str]:
    """The fields of these registers."""
    return {
        "stated_unit": _("township"),
        "stated_at": _("when the numbers were sent"),
        "stated": _("numbers of a township"),
        "stated_key": _("device"),
        "stated_seal": _("signature"),
        "replaced": _("people came after these numbers"),
    }


def sentences() -> dict[str, str]:
    """The sentence of every code about them."""
    return {
        "statement.newer": _(
            "Its numbers come from a newer version of the program. Install the newest version here."
        ),
        "statement.unreadable": _(
            "Its numbers cannot be read or are of another place. Ask the sender for a new file."
        ),
        "upward.nobody": _("There is no office above this one that could get numbers alone."),
    }


def disclosures() -> "Mapping[Disclosure, str]":
    """What the office above may get."""
    return {"detail": _("everybody's entries"), "counts": _("numbers only, nobody named")}


def heading(one: "Received") -> str:
    """Where the numbers of one township come from."""
    told = _("{name}: numbers only, of {day}, {count} villages, file {file}")
    said = one.statement
    return told.format(name=said.title, day=full_day(said.on), count=number(len(said.places)), file=said.file)


def summary(told: "Live") -> str:
    """Which townships told numbers alone, "" where all sent people."""
    if not told:
        return ""
    names = listed([one.statement.title for one in told.values()])
    text = _(
        "Numbers only came from {names}: nobody stands behind these, and whoever two townships have counts in both."
    )
    return text.format(names=names)
