"""What the columns of a form can hold, by what its rows are."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sync.reports import bulletin_fields
from sync.reports.contact_fields import contact
from sync.reports.field import Field
from sync.reports.people_fields import of_person
from sync.reports.plan_fields import flow_fields, library_fields
from sync.reports.platform_fields import platform
from sync.reports.row_fields import budgeted, corrected, doubled, progress

NUMBER = "number"
"""The field that counts the rows."""
_NUMBER = Field("序号", lambda _row, _paper: None, 3, "int")
_BLANK = Field("", lambda _row, _paper: None, 10)
_TOWNSHIP = Field("苏木镇", lambda _row, paper: paper.township, 7)


def fields_of(subject: str) -> Mapping[str, Field]:
    """The fields rows of a subject have: person, double, correction, budget, progress, library, flow or bulletin."""
    return _fields()[subject]


def subjects() -> tuple[str, ...]:
    """What rows of forms can be."""
    return tuple(_fields())


@cache
def _fields() -> dict[str, dict[str, Field]]:
    common = {NUMBER: _NUMBER, "blank": _BLANK, "township": _TOWNSHIP}
    person = {**common, **of_person(), **platform()}
    inside = {code: _inside(found) for code, found in person.items()}
    return {
        "person": person,
        "double": {**inside, **doubled()},
        "correction": {**inside, **corrected()},
        "budget": {**common, **budgeted()},
        "progress": {**common, **progress()},
        "library": {**common, **library_fields()},
        "flow": {**common, **flow_fields()},
        "bulletin": {**common, **bulletin_fields.fields()},
        "contact": {**common, **contact()},
    }


def _inside(found: Field) -> Field:
    """A field of a person, given by a row that is about one."""
    give = found.give
    return replace(found, give=lambda row, paper: give(row.person, paper))
