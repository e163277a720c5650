"""Tables as csv for offices that ask: UTF-8 with BOM, digits that Excel keeps, nothing that runs as a formula.

Excel turns 18 bare digits of a csv into 1.50621E+17. A tab in front keeps them text; readers drop it as white space
(``="…"`` would do the same, but is a formula, which no file of ours holds). A text that would run as one, or already
begins with an apostrophe, gets an apostrophe in front, so that the first character alone tells what was added.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from storage.watching import NOBODY, Watch
from sync.reports.tables import ColumnSpec, Sums, percent_text, watched
from sync.reports.xlsx import part_beside

_NUMBER = re.compile(r"[0-9.,:/%eE+\- ¥$￥年月日()]*[0-9][0-9.,:/%eE+\- ¥$￥年月日()Xx]*")
_SMALL = re.compile("0|[1-9][0-9]{0,5}")
"""What Excel may take for a number, a date or a time and show otherwise; what it shows as it stands."""
_UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u00a0\u3000 "
_RUNS = tuple("=+-@\t\r\n\0|'＝＋－＠")
_LONE = re.compile("[\ud800-\udfff]")


def shielded(text: str) -> str:
    """A text as it may stand in a csv: what could run behind an apostrophe, digits that are none behind a tab."""
    if text.lstrip(_UNSEEN).startswith(_RUNS):
        return f"'{text}"
    return f"\t{text}" if _NUMBER.fullmatch(text) and not _SMALL.fullmatch(text) else text


def write_csv(
    path: Path,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[object]],
    *,
    sums: Sequence[object] | None = None,
    watch: Watch = NOBODY,
) -> int:
    """Write headings, rows and sums, no title and no notes, so that any program reads it; returns the number of rows.

    The file appears whole or not at all. Raises KnownError file.not_written, file.open_elsewhere, report.stopped.
    """
    summed, count = Sums(columns), 0
    with part_beside(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([shielded(column.title) for column in columns])
        for row in watched(rows, watch):
            writer.writerow([_cell(column, value) for column, value in zip(columns, row, strict=True)])
            summed.add(row)
            count += 1
        if count and (summed.wanted or sums):
            last = sums or summed.row()
            writer.writerow([_cell(column, value) for column, value in zip(columns, last, strict=True)])
    watch.tell(count, count)
    return count


def _cell(column: ColumnSpec, value: object) -> str:
    if value is None or value == "":
        return ""
    if column.kind == "money" and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}"
    if column.kind == "int" and isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return percent_text(value)
    return shielded(_LONE.sub("\ufffd", str(value)))
