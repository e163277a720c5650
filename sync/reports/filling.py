"""A form's rows out of a ledger: read village by village, selected, sorted, written as cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, overload

import msgspec

from storage.divisions import named
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.places import trunk
from storage.policy.model import Policy
from storage.queries import bulletins, contacts, doubles, outputs, villages
from storage.queries.housing import natural
from storage.queries.outputs import Doubles, OutPerson, Since
from storage.watching import NOBODY, Watch
from sync.reports import bulletin_fields, bulletin_words, plan_fields, subjects
from sync.reports.choosing import selections
from sync.reports.field import cell, unsettled
from sync.reports.fields import NUMBER, fields_of
from sync.reports.forms import Form
from sync.reports.ids import MASKED
from sync.reports.paper import OPEN_NOTE, Paper
from sync.reports.subjects import Doubled
from sync.reports.tables import TOTAL, ColumnSpec


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form is to be filled with: on which day, the villages by code, corrections after ``since``.

    ``whole`` is whether these are all villages of a township, so that nobody may stand in two of them.
    """

    policy: Policy
    today: date
    titles: Mapping[str, str]
    since: Since = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with its rows as cells, under its title, with the notes below it."""

    title: str
    columns: tuple[ColumnSpec, ...]
    rows: Sequence[tuple[object, ...]]
    notes: tuple[str, ...]
    sums: tuple[object, ...] | None = None
    """The row of sums, where it is more than the sums of its columns."""
    height: float | None = None


def wanted(ledger: Ledger, policy: Policy, today: date, scope: str = "", since: Since = None) -> Wanted:
    """Say what a form of ``scope`` takes: one village, or all of the ledger's for "" on an office's.

    Raises KnownError ledger.other_scope, form.no_village(scope).
    """
    if not ledger.is_office:
        own = ledger.check_scope(scope)
        return Wanted(policy, today, {own: ledger.profile.title}, since)
    titles = villages.titles(ledger)
    if not scope or scope == ledger.profile.scope:
        return Wanted(policy, today, titles, since, whole=True)
    if scope not in titles:
        raise KnownError("form.no_village", scope=scope)
    return Wanted(policy, today, {scope: titles[scope]}, since)


def paper(ledger: Ledger, wish: Wanted, form: Form | None = None, *, full: bool = False) -> Paper:
    """Whose paper it becomes; ``form`` says how numbers that identify stand on it."""
    own = ledger.profile
    unit = own.title if wish.whole or not ledger.is_office else next(iter(wish.titles.values()))
    township = own.title if ledger.is_office else named(f"{trunk(own.scope)[:9]}000")
    titles = villages.titles(ledger) if ledger.is_office else wish.titles
    how = form.id_format if form else MASKED
    return Paper(unit, wish.policy, wish.today, ledger.operator, township, titles, not full, how)


# ---- rows


def read(ledger: Ledger, form: Form, wish: Wanted, watch: Watch = NOBODY) -> list[Any]:
    """The rows of a form, in its order; raises KnownError report.stopped."""
    read_rows = {
        "person": _people,
        "double": _doubles,
        "correction": _corrections,
        "budget": _budget,
        "progress": _progress,
        "library": _library,
        "flow": _flow,
        "bulletin": _bulletin,
        "contact": _contacts,
    }[form.subject]
    return list(read_rows(ledger, form, wish, watch))


def counted_twice(ledger: Ledger, wish: Wanted) -> Doubles | None:
    """Who stands in several of the villages, where all of a township are wanted."""
    return outputs.doubles(ledger, wish.policy, wish.titles.keys()) if wish.whole else None


def of_village(
    ledger: Ledger, wish: Wanted, scope: str, twice: Doubles | None, *, whole: bool = False
) -> list[OutPerson]:
    """The people of one of the villages; ``whole`` with those who count in another one."""
    return outputs.persons(ledger, wish.policy, scope, wish.titles[scope], twice, whole=whole)


def everybody(ledger: Ledger, wish: Wanted, watch: Watch = NOBODY) -> list[OutPerson]:
    """All people of the villages, village by village; raises KnownError report.stopped."""
    return [row for people in _everybody(ledger, wish, watch) for row in people]


def chosen_of(ledger: Ledger, form: Form, wish: Wanted, scope: str, twice: Doubles | None) -> list[OutPerson]:
    """Those of a village the form takes; a strict one has to say of everybody why they are not in it."""
    people = of_village(ledger, wish, scope, twice, whole=form.strict)
    chosen = selections()[form.select]
    test = chosen.test if form.strict else chosen.takes
    return [row for row in people if test(row, wish.policy)]


def _villages(wish: Wanted, watch: Watch) -> Iterator[str]:
    for number, scope in enumerate(wish.titles):
        if watch.stopped():
            raise KnownError("report.stopped")
        watch.tell(number, len(wish.titles))
        yield scope


def _everybody(ledger: Ledger, wish: Wanted, watch: Watch) -> Iterator[list[OutPerson]]:
    twice = counted_twice(ledger, wish)
    for scope in _villages(wish, watch):
        yield of_village(ledger, wish, scope, twice)


def _people(ledger: Ledger, form: Form, wish: Wanted, watch: Watch) -> Iterator[OutPerson]:
    twice = counted_twice(ledger, wish)
    for scope in _villages(wish, watch):
        yield from chosen_of(ledger, form, wish, scope, twice)


def _budget(ledger: Ledger, _form: Form, wish: Wanted, watch: Watch) -> Iterator[subjects.Budgeted]:
    yield from subjects.budget(wish.policy, everybody(ledger, wish, watch))


def _progress(ledger: Ledger, _form: Form, wish: Wanted, watch: Watch) -> Iterator[subjects.Standing]:
    twice = counted_twice(ledger, wish)
    counts = outputs.population(ledger)
    for scope in _villages(wish, watch):
        people = of_village(ledger, wish, scope, twice)
        yield subjects.standing(wish.policy, wish.titles[scope], people, counts.get(scope, (None, None)))


def _library(ledger: Ledger, _form: Form, wish: Wanted, _watch: Watch) -> Iterator[plan_fields.PlanRow]:
    yield from plan_fields.library_rows(ledger, wish.policy, wish.titles, whole=wish.whole)


def _flow(ledger: Ledger, _form: Form, wish: Wanted, _watch: Watch) -> Iterator[plan_fields.PlanRow]:
    yield from plan_fields.flow_rows(ledger, wish.policy, wish.titles, whole=wish.whole)


def _bulletin(ledger: Ledger, _form: Form, wish: Wanted, _watch: Watch) -> Iterator[bulletin_fields.Row]:
    """The newest issue of the year; of one village its line alone."""
    found = bulletins.newest(ledger, wish.policy.year)
    rows = bulletin_fields.rows(found) if found else []
    yield from rows if wish.whole else [row for row in rows if row.line.code in wish.titles]


def _contacts(ledger: Ledger, _form: Form, wish: Wanted, _watch: Watch) -> Iterator[contacts.Contact]:
    """The telephone directory; of one village its own people to ring."""
    yield from (row for row in contacts.listed(ledger) if wish.whole or row.unit_code in ("", *wish.titles))


def _corrections(ledger: Ledger, _form: Form, wish: Wanted, watch: Watch) -> Iterator[outputs.Correction]:
    for scope in _villages(wish, watch):
        yield from outputs.corrections(ledger, wish.policy, scope, wish.titles[scope], wish.since)


def _doubles(ledger: Ledger, _form: Form, wish: Wanted, watch: Watch) -> Iterator[Doubled]:
    """Everything found twice that nobody has decided yet, then who paid twice."""
    scope = None if wish.whole else next(iter(wish.titles), "")
    titles = villages.titles(ledger) if ledger.is_office else wish.titles
    last = 0
    for row in subjects.doubled(wish.policy, doubles.find(ledger, wish.policy, wish.today, scope), titles):
        last = row.number
        yield row
    for people in _everybody(ledger, wish, watch):
        for person in subjects.paid_twice(people):
            last += 1
            yield Doubled(last, person, "paid_twice", None, "paid_twice")


# ---- cells


def fill(form: Form, rows: Sequence[Any], sheet: Paper, most: int | None = None) -> Filled:
    """Write rows as cells, the first ``most`` of them; what entries disagree about is marked and explained."""
    ordered = _sorted(form, rows, sheet)
    shown = ordered if most is None else ordered[:most]
    title, notes = (
        sheet.title(form.title),
        sheet.notes(_own_notes(form), form.signature, personal=form.personal),
    )
    if form.subject == "bulletin" and rows:
        issue = rows[0].bulletin
        form = renamed(form, bulletin_words.headings(issue.content))
        title, notes = (
            bulletin_words.title(issue.content),
            [bulletin_words.summary(issue), *bulletin_words.notes(issue)],
        )
    notes += _open_notes(form, shown)
    sums = _sums(form, rows, sheet)
    return Filled(title, form.specs(), Cells(form, shown, sheet), tuple(notes), sums, form.height)


class Cells(Sequence[tuple[object, ...]]):
    """Rows as cells, made when they are asked for: a hundred thousand need no room at once."""

    def __init__(self, form: Form, rows: Sequence[Any], sheet: Paper) -> None:
        known = fields_of(form.subject)
        self._fields = [known[column.field] for column in form.columns]
        self._numbers = [place for place, column in enumerate(form.columns) if column.field == NUMBER]
        self._marks, self._rows, self._sheet = form.marks, rows, sheet

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> tuple[object, ...]: ...

    @overload
    def __getitem__(self, place: slice) -> list[tuple[object, ...]]: ...

    def __getitem__(self, place: int | slice) -> tuple[object, ...] | list[tuple[object, ...]]:
        if isinstance(place, slice):
            return [self._line(at) for at in range(*place.indices(len(self)))]
        return self._line(range(len(self))[place])

    def _line(self, at: int) -> tuple[object, ...]:
        row, sheet = self._rows[at], self._sheet
        line = [cell(found, row, sheet) if self._marks else found.give(row, sheet) for found in self._fields]
        for place in self._numbers:
            line[place] = at + 1
        return tuple(line)


_SUMMED = ("progress", "library", "flow", "bulletin")


def _open_notes(form: Form, rows: Sequence[Any]) -> Iterator[str]:
    """What is said of entries that disagree."""
    count = sum(bool(unsettled(row)) for row in rows)
    if count:
        yield OPEN_NOTE if form.marks else f"其中 {count} 行的内容有两种说法、尚未核定，暂按其中一种填写。"


def _sums(form: Form, rows: Sequence[Any], sheet: Paper) -> tuple[object, ...] | None:
    """The sums of villages' progress: the rate of all is no sum of rates, and nobody counts in it twice."""
    if form.subject not in _SUMMED or not rows:
        return None
    if form.subject != "progress" and len(rows) == 1:  # one village's line
        return None
    known, all_ = fields_of(form.subject), _together(form, rows)
    whole = form.subject == "bulletin"  # a line more, of all places
    given = [
        known[column.field].give(all_, sheet)
        if column.total
        or known[column.field].kind == "percent"
        or (whole and column.field not in ("place", "township"))
        else None
        for column in form.columns
    ]
    words = [place for place, spec in enumerate(form.specs()) if spec.kind == "text" and given[place] is None]
    if words:
        given[words[0]] = TOTAL
    return tuple(given)


def renamed(form: Form, headings: Mapping[str, str]) -> Form:
    """The form with other headings of some columns, by those they have."""
    columns = zip(form.columns, form.specs(), strict=True)
    return msgspec.structs.replace(
        form,
        columns=tuple(
            msgspec.structs.replace(column, heading=headings.get(spec.title, column.heading))
            for column, spec in columns
        ),
    )


def _together(form: Form, rows: Sequence[Any]) -> Any:
    if form.subject == "progress":
        return subjects.together(rows)
    if form.subject in ("library", "flow"):
        return rows[0].whole
    return bulletin_fields.Row(rows[0].content.total, rows[0].bulletin)


def _own_notes(form: Form) -> Iterator[str]:
    """Who is meant by the form, before what it says itself."""
    if form.subject == "person":
        yield f"范围：{selections()[form.select].said}。"
    yield from form.notes


def _sorted(form: Form, rows: Sequence[Any], sheet: Paper) -> Sequence[Any]:
    """Rows by the fields the form sorts by, in the order they came within equals."""
    known, ordered = fields_of(form.subject), rows
    for name in reversed(form.sort):
        give, falling = known[name.removeprefix("-")].give, name.startswith("-")
        open_paper = replace(sheet, masked=False)
        full = [row for row in ordered if give(row, open_paper) not in (None, "")]
        empty = [row for row in ordered if give(row, open_paper) in (None, "")]
        full.sort(key=lambda row: _key(give(row, open_paper)), reverse=falling)
        ordered = [*full, *empty]
    return ordered


def _key(value: object) -> Any:
    return natural(value) if isinstance(value, str) else value
