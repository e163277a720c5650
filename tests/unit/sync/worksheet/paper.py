"""Somebody with a spreadsheet program: opens what was exported, changes it, saves it."""

import itertools
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from storage.ledger import Ledger
from storage.policy.id_core import check_digit
from sync.worksheet import exporting, staging
from sync.worksheet.exporting import Exported
from sync.worksheet.results import Row, Staged

_numbers = itertools.count(1)


def id_number(sequence: int, birth: str = "19840203") -> str:
    """An invented number whose check digit fits and is a digit."""
    for last in range(10):
        body = f"150621{birth[:-1]}{last or 1}{sequence:03d}"
        if check_digit(body) != "X":
            return body + check_digit(body)
    raise AssertionError(sequence)


@dataclass
class Paper:
    """An exported sheet in hand; ``today`` and ``scope`` go with taking it back."""

    ledger: Ledger
    exported: Exported
    folder: Path
    today: date
    book: Any = field(init=False)

    def __post_init__(self) -> None:
        self.book = openpyxl.load_workbook(self.exported.path)

    @classmethod
    def of(cls, ledger: Ledger, folder: Path, scope: str, today: date, **options: Any) -> "Paper":
        """Export and open."""
        path = folder / f"工作表{next(_numbers)}.xlsx"
        done = exporting.export(ledger, path, scopes=[scope], today=today, **options)
        return cls(ledger, done, folder, today)

    @property
    def sheet(self) -> Any:
        """What is on the screen."""
        return self.book.worksheets[0]

    def column(self, title: str) -> int:
        """Where a column is, from 1."""
        return next(cell.column for cell in self.sheet[3] if cell.value == title)

    def line(self, name: str) -> int:
        """Where somebody stands."""
        at = self.column("姓名")
        return next(row for row in range(4, self.sheet.max_row + 1) if self.sheet.cell(row, at).value == name)

    def cell(self, name: str, title: str) -> Any:
        """Somebody's cell."""
        return self.sheet.cell(self.line(name), self.column(title))

    def write(self, name: str, **values: Any) -> None:
        """Type into somebody's row."""
        line = self.line(name)
        for title, value in values.items():
            self.sheet.cell(line, self.column(title)).value = value

    def add(self, **values: Any) -> int:
        """Write somebody new below the last one."""
        names = [self.sheet.cell(row, self.column("姓名")).value for row in range(4, self.sheet.max_row + 1)]
        line = 4 + max(at for at, name in enumerate(names) if name) + 1
        for title, value in values.items():
            self.sheet.cell(line, self.column(title)).value = value
        return line

    def save(self) -> Path:
        """Save beside the first file."""
        path = self.folder / f"收回{next(_numbers)}.xlsx"
        self.book.save(path)
        return path

    def back(self, **options: Any) -> Staged:
        """Save it and look at it again in the program."""
        return staging.stage(self.ledger, self.save(), today=self.today, **options)


def row_of(staged: Staged, name: str) -> Row:
    """The row about somebody."""
    found = [row for row in staged.rows if row.name == name]
    assert len(found) == 1, [row.name for row in staged.rows]
    return found[0]


def told(staged: Staged, name: str) -> dict[str, tuple[str, str]]:
    """Somebody's changed cells: column → outcome, value."""
    return {cell.column: (cell.outcome, cell.value) for cell in row_of(staged, name).cells}


def says(staged: Staged) -> dict[str, dict[str, tuple[str, str]]]:
    """All changed cells of everybody by name."""
    return {row.name: told(staged, row.name) for row in staged.rows if row.cells}


def reasons(row: Row) -> set[str]:
    """Why something about a row is open."""
    return {why.code for why in row.why} | {cell.why.code for cell in row.cells if cell.why}
