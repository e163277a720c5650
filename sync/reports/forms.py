"""Forms as data: which people, which columns under which headings, for which office. TOML files, checked at load.

The built-in ones lie in resources/forms and cannot be changed; a user's own are kept in the ledger (``keep``).
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from storage.errors import KnownError, RuleViolation
from storage.ledger import Ledger
from storage.operators import RECORD
from sync.reports.choosing import selections
from sync.reports.fields import fields_of, subjects
from sync.reports.ids import FORMATS
from sync.reports.tables import ColumnSpec

Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, Meta(min_length=1, max_length=60)]
_KEY = "form."
OWN = "own_"
_MOST_COLUMNS = 100
_WIDEST = 120


class FormColumn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column: its field, its heading and width (Chinese characters) where they are not the usual ones.

    ``total`` sums it below; ``kind`` "text" writes a number or date as text where an office's system wants that. In a
    strict form ``must`` is whether it may not be empty, ``most`` how many characters it may have.
    """

    field: Code
    heading: str = ""
    width: float | None = None
    total: bool = False
    kind: Literal["text"] | None = None
    must: bool = False
    most: Annotated[int, Meta(ge=1, le=1000)] | None = None


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form. ``office`` is who asks for it; ``roles`` which ledgers have it; ``sort`` field codes, "-" for falling.

    ``height`` in points where people write into the rows. ``marks`` is whether a cell says that entries disagree about
    it: not where a system reads the sheet back. ``strict`` is for a system that reads rows in and refuses what is not
    as it wants it: headings stand in the first row, nothing but rows below, and who would be refused is held back.
    """

    code: Code
    title: Words
    office: Words
    about: str = ""
    subject: str = "person"
    select: str = "everybody"
    columns: tuple[FormColumn, ...]
    sort: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    signature: str = ""
    id_format: str = "full"
    masked: bool = True
    marks: bool = True
    strict: bool = False
    height: Annotated[float, Meta(ge=12, le=200)] | None = None
    roles: tuple[Literal["village", "office"], ...] = ("village", "office")
    order: int = 500

    @property
    def own(self) -> bool:
        """Whether a user made it."""
        return self.code.startswith(OWN)

    @property
    def personal(self) -> bool:
        """Whether its rows are about people, so that it can hold their numbers."""
        return self.subject in ("person", "double", "correction")

    def specs(self) -> tuple[ColumnSpec, ...]:
        """The columns as a table has them."""
        known = fields_of(self.subject)
        return tuple(
            ColumnSpec(
                column.heading or known[column.field].heading,
                known[column.field].width if column.width is None else column.width,
                column.kind or known[column.field].kind,
                column.total,
            )
            for column in self.columns
        )


# ---- reading and checking


def parse(text: str, file: str) -> Form:
    """Return the form a file describes; raises KnownError form.invalid(file, where, fault).

    ``where`` names the column by its number from 1 and the field of it, ``fault`` is a code of FAULTS or the schema's
    own words.
    """
    try:
        form = msgspec.convert(tomllib.loads(text), Form)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise KnownError("form.invalid", file=file, where="TOML", fault=str(error)) from error
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        raise KnownError("form.invalid", file=file, where=_place(where), fault=fault) from error
    return checked(form, file)


def checked(form: Form, file: str = "") -> Form:
    """Return the form where all it names is known; raises KnownError form.invalid(file, where, fault)."""
    for where, fault in _faults(form):
        raise KnownError("form.invalid", file=file or form.title, where=where, fault=fault)
    return form


FAULTS = (
    "unknown_subject", "unknown_selection", "no_columns", "too_many_columns", "unknown_field", "no_heading",
    "heading_twice", "width", "no_sum", "unknown_id_format", "no_roles", "not_masked", "not_the_file_name",
    "only_people",
)  # fmt: skip
"""What can be wrong with a form although every entry has its type."""


def _faults(form: Form) -> Iterator[tuple[str, str]]:
    if form.subject not in subjects():
        yield f"subject = {form.subject}", "unknown_subject"
        return
    if form.strict and form.subject != "person":
        yield "strict", "only_people"
    if form.select not in selections():
        yield f"select = {form.select}", "unknown_selection"
    if form.id_format not in FORMATS:
        yield f"id_format = {form.id_format}", "unknown_id_format"
    if not form.roles:
        yield "roles", "no_roles"
    if not form.masked:  # full numbers are asked for each time, with a reason
        yield "masked", "not_masked"
    if not form.columns:
        yield "columns", "no_columns"
    if len(form.columns) > _MOST_COLUMNS:
        yield "columns", "too_many_columns"
    yield from _column_faults(form)
    for name in form.sort:
        if name.removeprefix("-") not in fields_of(form.subject):
            yield f"sort = {name}", "unknown_field"


def _column_faults(form: Form) -> Iterator[tuple[str, str]]:
    known, headings = fields_of(form.subject), set()
    for number, column in enumerate(form.columns, 1):
        where = f"columns[{number}] {column.field}"
        found = known.get(column.field)
        if found is None:
            yield where, "unknown_field"
            continue
        heading = (column.heading or found.heading).strip()
        if not heading:
            yield where, "no_heading"
        if heading in headings:
            yield f"{where} = {heading}", "heading_twice"
        headings.add(heading)
        if column.width is not None and not 1 <= column.width <= _WIDEST:
            yield where, "width"
        if column.total and (found.kind not in ("int", "money") or column.kind):
            yield where, "no_sum"


def _place(where: str) -> str:
    """A place of the schema's as people count: ``$.columns[0].width`` is columns[1].width."""
    plain = where.strip("`").removeprefix("$").removeprefix(".")
    head, bracket, rest = plain.partition("[")
    number, close, tail = rest.partition("]")
    if bracket and close and number.isdigit():
        return f"{head}[{int(number) + 1}]{tail}"
    return plain or "-"


# ---- the built-in ones


@cache
def built_in() -> Mapping[str, Form]:
    """The forms of this program by code, in their order. Raises KnownError form.invalid."""
    folder = files("resources") / "forms"
    found = []
    for item in folder.iterdir():
        if item.name.endswith(".toml"):
            form = parse(item.read_text("utf-8"), item.name)
            if f"{form.code}.toml" != item.name:
                raise KnownError("form.invalid", file=item.name, where="code", fault="not_the_file_name")
            found.append(form)
    return {form.code: form for form in sorted(found, key=lambda form: (form.order, form.code))}


def forms_for(ledger: Ledger) -> list[Form]:
    """The forms a ledger has: those of this program, then the user's own that can be read, by title."""
    role = "office" if ledger.is_office else "village"
    own = [form for form, _trouble in _kept(ledger) if form is not None]
    return [
        form
        for form in (*built_in().values(), *sorted(own, key=lambda form: form.title))
        if role in form.roles
    ]


def broken(ledger: Ledger) -> list[KnownError]:
    """Why some of the user's own forms cannot be read any more; the others work all the same."""
    return [trouble for _form, trouble in _kept(ledger) if trouble is not None]


def find(ledger: Ledger, name: str) -> Form:
    """The form with this code or title, or the only one that begins so or holds it (断保, 退补).

    Raises KnownError form.unknown(form, available).
    """
    have, wanted = forms_for(ledger), name.strip()
    code = wanted.replace("-", "_")
    for found in (
        [form for form in have if code == form.code or wanted == form.title],
        [form for form in have if form.code.startswith(code) or form.title.startswith(wanted)],
        [form for form in have if wanted in form.title],
    ):
        if len(found) == 1 and wanted:
            return found[0]
    trouble = next((error for error in broken(ledger) if error.params.get("file") == name.strip()), None)
    raise trouble or KnownError("form.unknown", form=name, available=[form.code for form in have])


# ---- a user's own


def _kept(ledger: Ledger) -> Iterator[tuple[Form | None, KnownError | None]]:
    rows = ledger.connection.execute(
        "SELECT key, value FROM meta WHERE substr(key, 1, ?) = ? ORDER BY key", (len(_KEY), _KEY)
    ).fetchall()
    for key, text in rows:
        try:
            yield parse(str(text), key[len(_KEY) :]), None
        except KnownError as error:
            yield None, error


def own_code(title: str) -> str:
    """The code of a user's form of this title: saving under the same title replaces it."""
    return OWN + hashlib.blake2b(title.strip().encode(), digest_size=6).hexdigest()


def keep(ledger: Ledger, form: Form, title: str) -> Form:
    """Keep a form as the user's own under ``title``, in the ledger itself; returns it as it was kept.

    Raises KnownError: form.invalid; RuleViolation: form.title where a built-in form is called so, or nothing is.
    """
    ledger.require(RECORD)
    title = title.strip()
    if not title or len(title) > 60 or title in {one.title for one in built_in().values()}:
        raise RuleViolation("form.title", field="title", title=title)
    own = checked(msgspec.structs.replace(form, title=title, code=own_code(title), order=500))
    with ledger.transaction():
        ledger.set_meta(_KEY + own.code, written(own))
    return own


def drop(ledger: Ledger, code: str) -> None:
    """Take one of the user's own forms away; raises KnownError form.built_in for another."""
    ledger.require(RECORD)
    if not code.startswith(OWN):
        raise KnownError("form.built_in", form=code)
    with ledger.transaction() as connection:
        connection.execute("DELETE FROM meta WHERE key = ?", (_KEY + code,))


def written(form: Form) -> str:
    """A form as TOML; ``parse`` reads the same back."""
    raw = msgspec.to_builtins(form)
    columns = raw.pop("columns")
    lines = [f"{name} = {_inline(value)}\n" for name, value in raw.items() if value is not None]
    rows = "".join(f"    {_table(column)},\n" for column in columns)
    return "".join(lines) + f"columns = [\n{rows}]\n"


def _table(column: dict[str, Any]) -> str:
    said = (
        f"{name} = {_inline(value)}" for name, value in column.items() if value is not None and value != ""
    )
    return "{ " + ", ".join(said) + " }"


def _inline(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


# ---- changing one for a single time


def with_columns(form: Form, wanted: Sequence[str]) -> Form:
    """The form with these columns in this order: each a field code or heading, ``=NEW HEADING`` renames it.

    Raises KnownError form.no_column(column, available).
    """
    return checked(msgspec.structs.replace(form, columns=tuple(_column(form, one) for one in wanted)))


def _column(form: Form, wanted: str) -> FormColumn:
    name, renamed, heading = wanted.strip().partition("=")
    name, known = name.strip(), fields_of(form.subject)
    own = {column.field: column for column in reversed(form.columns)}
    own |= {spec.title: column for spec, column in zip(form.specs(), form.columns, strict=True)}
    fields = {found.heading: FormColumn(field=code) for code, found in known.items() if found.heading}
    column = own.get(name) or fields.get(name) or (FormColumn(field=name) if name in known else None)
    if column is None:
        raise KnownError("form.no_column", column_name=name, available=list(known))
    return msgspec.structs.replace(column, heading=heading.strip()) if renamed else column


def with_id_format(form: Form, how: str) -> Form:
    """The form with ID numbers in another of FORMATS; raises KnownError form.invalid."""
    return checked(msgspec.structs.replace(form, id_format=how))
