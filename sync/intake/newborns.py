"""Newborns: a child nobody has yet is put into the household of the mother or father the list names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from storage.records import derived_id
from sync.intake.effects import Reading, Said
from sync.intake.facts import Setting
from sync.intake.results import Reason, Row
from sync.intake.whom import People
from sync.sheets.listed import ListedRow

_CHILD = {"1": "2", "2": "3"}
"""Sex of a child of the head → GB/T 4761's digit: son, daughter."""


class Newborns:
    """Reads rows of children who are in no register."""

    def __init__(self, setting: Setting, people: People) -> None:
        self._setting = setting
        self._people = people

    def row(self, base: Row, row: ListedRow) -> tuple[Row, Reading]:
        """A child nobody has: who its household is by the guardian, and what would be written."""
        parent = replace(
            row,
            name=row.text("guardian_name"),
            id_text=row.text("guardian_id"),
            id_was_number=False,
            birth=None,
            sex="",
            phone=row.text("guardian_phone") or row.phone,
        )
        if not parent.name and not parent.id_text:
            return replace(base, doubts=(*base.doubts, Reason("no_guardian"))), Reading()
        whom = self._people.find_one(parent)
        if not whom.candidates:
            return replace(
                base, doubts=(*base.doubts, Reason("guardian_unknown", {"name": parent.name}))
            ), Reading()
        found = whom.candidates[0]
        doubts = (*base.doubts, Reason("child_of", {"name": found.name}))
        if not whom.sure:
            return replace(
                base, status="review", candidates=(), doubts=(*doubts, Reason("guardian_unsure"))
            ), Reading()
        record = derived_id(
            "resident", "newborn", found.scope, row.id_text or "", row.name, str(row.birth or "")
        )
        said = self._said(row, record, found.household, found.name == found.head_name)
        return replace(base, status="known", scope=found.scope, record=record, doubts=doubts), Reading(said)

    def _said(self, row: ListedRow, record: str, household: str, of_head: bool) -> tuple[Said, ...]:
        identity: Mapping[str, Any] = {
            "name": row.name,
            "id_number": row.id_text or None,
            "sex": row.sex or None,
            "birth": row.birth.isoformat() if row.birth else None,
        }
        relation = _CHILD.get(row.sex, "") if of_head else ""
        year = self._setting.year
        return (
            Said(
                "resident",
                record,
                {"identity": identity, "membership": {"household": household, "relation": relation or None}},
            ),
            Said(
                "enrolment",
                derived_id("enrolment", record, year),
                {"entry": {"entry": "new"}},
                {"resident": record, "year": year},
            ),
        )
