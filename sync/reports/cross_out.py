"""A cross table on its way out: its rows as cells under a title, what it counts below, written and noted in the log."""

from dataclasses import dataclass
from pathlib import Path

from storage.commands import exports
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.statements import FEW
from storage.watching import NOBODY, Watch
from sync.reports import going_out
from sync.reports.axes import Axis
from sync.reports.choosing import selections
from sync.reports.crosstab import Cross, Crowd
from sync.reports.filling import Filled
from sync.reports.going_out import ENDINGS, Written
from sync.reports.paper import Paper
from sync.reports.tables import TOTAL, ColumnSpec, Kind

LOGGED = "table:"


@dataclass(frozen=True, slots=True)
class Named:
    """The words around a table: its axes by their headings, and whose paper it becomes."""

    rows: Axis
    columns: Axis
    only: tuple[tuple[str, str], ...]
    sheet: Paper

    @property
    def several(self) -> tuple[Axis, ...]:
        """The axes under which one person can stand in several places."""
        return tuple(dict.fromkeys(axis for axis in (self.rows, self.columns) if axis.several))


def named(crowd: Crowd, table: Cross) -> Named:
    """What a table that was counted is called."""
    asked = table.asked
    only = tuple((crowd.axis(code).heading, word) for code, word in asked.only)
    return Named(crowd.axis(asked.rows), crowd.axis(asked.columns), only, crowd.sheet)


def export(
    ledger: Ledger, table: Cross, words: Named, path: Path, *, scope: str = "", watch: Watch = NOBODY
) -> Written:
    """Write a table as xlsx or csv, noted in the log of exports; ``scope`` is the village it is about.

    Raises KnownError export.ending, file.not_written, file.open_elsewhere, report.stopped.
    """
    if path.suffix.lower() not in ENDINGS:
        raise KnownError("export.ending", file=path.name, available=list(ENDINGS))
    path.parent.mkdir(parents=True, exist_ok=True)
    count = going_out.write(path, filled(table, words), watch)
    exports.note(ledger, f"{LOGGED}{title(words)}", path, rows=count, masked=True, scope=scope)
    return Written(path, title(words), count, True)


def title(words: Named) -> str:
    """What a table is called: 嘎查村（社区）×年龄段交叉表."""
    return f"{words.rows.heading}×{words.columns.heading}交叉表"


def filled(table: Cross, words: Named) -> Filled:
    """A table as a form: the totals of its rows at the right, those of its columns below."""
    kind: Kind = "int" if table.asked.measure == "people" else "money"
    head = ColumnSpec(f"{words.rows.heading}＼{words.columns.heading}", 14)
    columns = (head, *(ColumnSpec(word, None, kind) for word in (*table.columns, TOTAL)))
    lines = zip(table.rows, table.cells, table.row_totals, strict=True)
    rows = tuple((word, *cells, total) for word, cells, total in lines)
    sums = (TOTAL, *table.column_totals, table.total)
    return Filled(words.sheet.title(title(words)), columns, rows, notes(table, words), sums)


def notes(table: Cross, words: Named) -> tuple[str, ...]:
    """What is counted of whom, why cells may add up to more than totals, and how to treat small numbers."""
    asked = table.asked
    counted = "人数" if asked.measure == "people" else "已缴个人缴费金额（元）"
    only = "".join(f"；{heading}：{word}" for heading, word in words.only)
    own = [f"统计内容：{counted}。范围：{selections()[asked.whom].said}{only}。"]
    if table.more:
        several = "、".join(one.heading for one in words.several)
        own.append(
            f"{several}：一人有几项的，在每一项里各计一次；合计按人计，不重复，所以各格之和可能大于合计。"
        )
    if 0 < table.least < FEW:
        own.append(f"有的格子不足 {FEW} 人，可能看得出是谁：只给需要的单位，不张贴，不转发。")
    return tuple(words.sheet.notes(own, personal=False))
