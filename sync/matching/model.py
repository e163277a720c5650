"""What goes into matching and what comes out of it: people, rows, and matches with their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

FOR = (
    "same_id", "former_id", "id_repaired", "completes_id", "id_part",
    "same_name", "dots", "traditional", "homophone", "near_homophone", "lookalike_name", "reversed", "one_char_lost",
    "one_char", "swapped", "part_of_name", "hidden_char", "former_name",
    "same_birth", "near_birth", "same_village", "same_sex", "same_phone", "same_head", "same_guardian", "same_group",
    "learned", "learned_nobody", "duplicate_row", "only_one_left",
)  # fmt: skip
"""Codes of reasons that speak for a person, or say how the choice was made."""
AGAINST = (
    "name_differs", "id_differs", "id_unlike", "birth_differs", "other_village", "sex_differs", "taken", "twice",
    "rival", "name_only", "common_name",
)  # fmt: skip
"""Codes of reasons that speak against a person, or say why the choice is not sure."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the register; '' where it says nothing.

    ``scope`` is the village's 12-digit code, ``village`` its title; ``id_number`` stands as stored and may be
    unsound; ``birth`` is ISO; ``sex`` '1' or '2'; ``household`` is the same for people who live together;
    ``formers`` are numbers and names the person had, or has in other lists.
    """

    record: str
    scope: str
    village: str
    name: str
    id_number: str
    birth: str = ""
    sex: str = ""
    household: str = ""
    head_name: str = ""
    group: str = ""
    phone: str = ""
    formers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of a list, looking for its person; '' where it says nothing.

    ``key`` tells it from the other rows; ``id_text`` is as written, ``id_was_number`` says a number cell held it;
    ``village`` as written, ``scope`` its 12-digit code where that is known already.
    """

    key: int
    name: str
    id_text: str = ""
    id_was_number: bool = False
    birth: date | None = None
    sex: str = ""
    village: str = ""
    scope: str = ""
    head_name: str = ""
    guardian_name: str = ""
    phone: str = ""
    address: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of ``FOR`` or ``AGAINST`` with parameters (``id_repaired``: ``how``, ``at`` from 1, ``number``)."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def against(self) -> bool:
        """Whether it speaks against the person or against being sure."""
        return self.code in AGAINST


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person a row may be about: score 0 to 100, and why."""

    person: Person
    score: int
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The answer to one row.

    ``person`` is the proposal or None, ``sure`` that it needs no human; ``rivals`` are others, best first;
    ``repaired_id`` is the number the row must mean where it wrote another, '' otherwise.
    """

    key: int
    person: Person | None
    score: int
    sure: bool
    why: tuple[Reason, ...]
    rivals: tuple[Candidate, ...] = ()
    repaired_id: str = ""
