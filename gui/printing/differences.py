"""What is to be answered, as a table for each village: both sides, the list, what is proposed and why; masked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gui.i18n import _
from gui.wording import reconcile as words
from gui.wording.units import id_number, sentences
from storage.commands import exports
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import villages
from storage.queries.reconcile import Found, Reading
from storage.watching import NOBODY, Watch
from sync.reports.tables import ColumnSpec
from sync.reports.xlsx import write_table

LOGGED = "differences"
_NO_NAME = re.compile(r'[\\/:*?"<>|\s]')


def columns() -> tuple[ColumnSpec, ...]:
    """The columns of the table."""
    return (
        ColumnSpec(_("No."), 3, "int"),
        ColumnSpec(_("Name"), 6),
        ColumnSpec(_("ID number"), 11),
        ColumnSpec(_("What does not agree"), 12),
        ColumnSpec(_("The ledger says"), 18),
        ColumnSpec(_("The list says"), 18),
        ColumnSpec(_("Which list"), 16),
        ColumnSpec(_("Proposal"), 12),
        ColumnSpec(_("Why"), 24),
        ColumnSpec(_("Where it is"), 8),
        ColumnSpec(_("Reply"), 16),
    )


def rows(policy: Policy, found: Sequence[Found], titles: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """The rows of the table, numbered; ID numbers masked."""
    for number, one in enumerate(found, 1):
        difference = one.difference
        if difference is None:
            continue
        yield (
            number,
            difference.name,
            id_number(difference.id_number),
            words.code_text(one.code),
            words.side_text(policy, difference.here, titles),
            words.side_text(policy, difference.listed, titles),
            words.told_text(difference.told),
            words.answer_text(one.code, difference.proposal.answer, difference),
            sentences([words.why_text(policy, reason, titles) for reason in difference.proposal.reasons]),
            words.status_text(one.status),
            words.replied_text(one.answer) if one.answer else "",
        )


def write(
    ledger: Ledger,
    policy: Policy,
    reading: Reading,
    folder: Path,
    *,
    scope: str = "",
    watch: Watch = NOBODY,
) -> list[Path]:
    """Write one file for each village that has anything to be answered; returns them.

    Each is noted in the log of exports. Raises KnownError file.not_written, file.open_elsewhere, report.stopped.
    """
    titles = villages.titles(ledger)
    by_village: dict[str, list[Found]] = {}
    for one in reading.found:
        if (
            one.difference is not None
            and one.status in ("open", "answered", "asked")
            and scope in ("", one.scope)
        ):
            by_village.setdefault(one.scope, []).append(one)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for place, (code, found) in enumerate(sorted(by_village.items())):
        watch.tell(place, len(by_village))
        title = titles.get(code, code) or _("no village")
        path = folder / f"{_file_name(code, title)}.xlsx"
        notes = [_("{count} differences to be answered.").format(count=len(found))]
        heading = _("{village}: differences between the ledger and lists").format(village=title)
        write_table(path, heading, columns(), list(rows(policy, found, titles)), notes=notes)
        exports.note(ledger, LOGGED, path, rows=len(found), masked=True, scope=code)
        written.append(path)
    return written


def _file_name(code: str, title: str) -> str:
    """A file's name: 150621102200-查干沟嘎查-比对."""
    parts = [code, title, _("comparison")]
    return _NO_NAME.sub("", "-".join(part for part in parts if part))
