"""A form on its way out: read, filled, written as xlsx or csv, and noted in the log of exports with who and why."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from storage.commands import exports
from storage.errors import KnownError, RuleViolation
from storage.ledger import Ledger
from storage.operators import RECORD
from storage.queries import outputs
from storage.watching import NOBODY, Watch
from sync.reports import filling, strict, textfile, xlsx
from sync.reports.filling import Filled, Wanted
from sync.reports.forms import Form
from sync.reports.paper import Paper
from sync.reports.strict import Held, Judged

ENDINGS = (".xlsx", ".csv")
_LONGEST_NAME = 70  # characters: three bytes each, and room for what is put behind


@dataclass(frozen=True, slots=True)
class Written:
    """A form that went out: where, of what, how many rows, whether full numbers stand in it, who was held back."""

    path: Path
    form: str
    rows: int
    masked: bool
    held: tuple[Held, ...] = ()


def export(
    ledger: Ledger,
    form: Form,
    wish: Wanted,
    path: Path,
    *,
    full: bool = False,
    why: str = "",
    watch: Watch = NOBODY,
) -> Written:
    """Fill a form and write it; full numbers take the right to record and a reason.

    Raises RuleViolation export.why; KnownError: operator.not_allowed, export.ending, file.not_written,
    file.open_elsewhere, report.cell_too_long, report.stopped, form.not_here.
    """
    check(ledger, form, path, full=full, why=why)
    mark = outputs.grown(ledger)
    rows, sheet = filling.read(ledger, form, wish, watch), filling.paper(ledger, wish, form, full=full)
    path.parent.mkdir(parents=True, exist_ok=True)
    held: tuple[Held, ...] = ()
    if form.strict:
        found = strict.judge(form, rows, sheet)
        held = found.held
        count = _write_strict(path, form, found, sheet, watch)
    else:
        count = write(path, filling.fill(form, rows, sheet), watch)
    exports.note(ledger, logged(form), path, rows=count, masked=not full, why=why, scope=_about(wish))
    if form.subject == "correction" and ledger is ledger.present:  # what is told once need not be told again
        with ledger.transaction():
            ledger.set_meta(_mark(form, wish), mark)
    return Written(path, form.code, count, not full, held)


def _write_strict(path: Path, form: Form, found: Judged, sheet: Paper, watch: Watch) -> int:
    """Write the rows that pass under nothing but their headings; of a workbook the second sheet says who does not."""
    filled = filling.fill(form, found.passing, sheet)
    if path.suffix.lower() == ".csv":
        return textfile.write_csv(path, filled.columns, filled.rows, watch=watch)
    beside = strict.held_back(found, sheet)
    return xlsx.write_table(
        path, form.title, filled.columns, filled.rows, bare=True, beside=beside, watch=watch
    )


def check(ledger: Ledger, form: Form, path: Path, *, full: bool, why: str) -> None:
    """Refuse what may not go out this way before anything is read."""
    if path.suffix.lower() not in ENDINGS:
        raise KnownError("export.ending", file=path.name, available=list(ENDINGS))
    if full:
        ledger.require(RECORD)
        if not why.strip():
            raise RuleViolation("export.why", field="why")
    role = "office" if ledger.is_office else "village"
    if role not in form.roles:
        raise KnownError("form.not_here", form=form.title)


def write(path: Path, filled: Filled, watch: Watch = NOBODY) -> int:
    """Write a filled form in the format of its ending; returns the number of rows."""
    if path.suffix.lower() == ".csv":
        return textfile.write_csv(path, filled.columns, filled.rows, sums=filled.sums, watch=watch)
    return xlsx.write_table(
        path, filled.title, filled.columns, filled.rows,
        notes=filled.notes, sums=filled.sums, height=filled.height, watch=watch,
    )  # fmt: skip


def logged(form: Form) -> str:
    """What a form is called in the log of exports."""
    return f"form:{form.title}" if form.own else f"form:{form.code}"


def since_last(ledger: Ledger, form: Form, wish: Wanted) -> Wanted:
    """Say what a form takes of what came in since it last went out for the same villages, all where it never did."""
    return replace(wish, since=ledger.meta(_mark(form, wish)))


def _mark(form: Form, wish: Wanted) -> str:
    return f"told.{form.code}.{_about(wish)}"


def _about(wish: Wanted) -> str:
    return "" if wish.whole else next(iter(wish.titles), "")


def file_stem(title: str, unit: str, today: date) -> str:
    """A file name for a form or table: 查干沟嘎查村-断保人员名单-2025-12-03."""
    return safe_name(f"{unit}-{title}-{today.isoformat()}")


def safe_name(text: str) -> str:
    """A text as a file may be called on any system."""
    plain = "".join(
        "-" if character in '/\\:*?"<>|' or ord(character) < 32 else character for character in text
    )
    return plain.strip(" .")[:_LONGEST_NAME] or "-"
