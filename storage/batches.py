"""What is handed out to be filled in (批次): to which place, to whom, until when, and what a record of it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.records import derived_id

SORTS = ("worksheet", "visit_list", "form", "paper", "other")
"""What it may be: a working sheet, a printed visit list, a form, a paper, anything else."""
WORKSHEET, VISIT_LIST = SORTS[:2]
"""Those the ledger knows of by itself."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Something handed out: ``people`` are to be filled in, ``place`` is the code of the village it is about.

    ``of`` is what the ledger knows of it itself, "" where nobody but a person does.
    """

    sort: str
    title: str
    place: str
    people: int
    on: date
    due: date | None = None
    of: str = ""

    def value(self) -> Mapping[str, Any]:
        """The register that says so."""
        return {
            "batch_sort": self.sort,
            "batch_title": self.title,
            "batch_place": self.place,
            "batch_people": self.people,
            "batch_of": self.of,
            "handed_on": self.on.isoformat(),
            "due_on": self.due.isoformat() if self.due else "",
        }


def record_of(of: str) -> str:
    """Return the record that tells more of what the ledger knows of itself."""
    return derived_id("batch", of)
