"""What can be asked of the page of papers and reminders."""

from dataclasses import dataclass

HOUSEHOLD, CREDENTIAL = "household", "credential"
"""The codes of the reminders for one household: to pay, to activate the e-credential."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper or reminder (its code, "" for the one that is chosen) for one household (its record)."""

    household: str
    code: str = HOUSEHOLD
