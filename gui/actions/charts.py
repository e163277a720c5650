"""Charts that leave the ledger: as a file, as a picture; noted in the log of exports."""

from pathlib import Path

from gui.charts.values import Chart
from gui.ops import Task, TaskOp
from storage.commands import exports
from storage.ledger import Ledger


def write(chart: Chart, path: Path) -> TaskOp[Path]:
    """Write a chart as PDF."""

    def do(ledger: Ledger, _task: Task) -> Path:
        from gui.charts import prints

        path.parent.mkdir(parents=True, exist_ok=True)
        prints.write_pdf(chart, path)
        exports.note(ledger, f"table:{chart.title}", path, rows=0, masked=True)
        return path

    return TaskOp(do, past=True)


def note(title: str) -> TaskOp[None]:
    """Note that a picture or a list without people went out by the clipboard."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, f"table:{title}", Path("-"), rows=0, masked=True)

    return TaskOp(do, past=True)
