"""A township's villages send their registers again, a few cells otherwise: every difference told, field by field.

Six villages of 1,000 people (``--full``: 30 of 3,300), beside the two scripts that do it: sheets staged in SQLite and
joined with the register column by column, and the clerk's, pandas with openpyxl. Nobody's tells whom a row without a
sound number means, what a cell in another writing says, or what a person entered meanwhile.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas
import pytest
from python_calamine import CalamineWorkbook

from storage.ledger import Ledger
from sync import enrol
from sync.intake import roster
from tests.bench.banners import who
from tests.bench.conftest import Compare
from tests.bench.growth.sheets import roster_sheet
from tests.bench.test_intake import TITLES
from tests.bench.townships import CODE, TITLE, cheap_keys, village_code

SMALL, FULL = (6, 1_000), (30, 3_300)
EVERY = 50
"""One in so many has another phone than before."""
NUMBER, PHONE = "身份证号", "联系电话"
Differences = list[tuple[str, str, str | None, str | None]]
"""(ID number, title, before, now)."""


@pytest.fixture
def villages(request: pytest.FixtureRequest, tmp_path: Path) -> list[tuple[Path, Path]]:
    """Each village's sheet as it was taken in, and as it comes again."""
    count, people = FULL if request.config.getoption("--full", False) else SMALL
    sheets = []
    for number in range(count):
        before, now = tmp_path / f"{number}-before.xlsx", tmp_path / f"{number}-now.xlsx"
        roster_sheet(before, people, number * people)
        roster_sheet(now, people, number * people, moved=EVERY)
        sheets.append((before, now))
    return sheets


@pytest.fixture
def office(villages: list[tuple[Path, Path]], tmp_path: Path) -> Ledger:
    """The township's ledger with everybody in it."""
    with cheap_keys():
        ledger = enrol.create_office(tmp_path / "office", CODE, TITLE, **who(tmp_path, "office"))  # type: ignore[arg-type]
    for number, (before, _) in enumerate(villages):
        roster.apply(ledger, roster.stage(ledger, before, scope=village_code(number)))
    return ledger


def told(ledger: Ledger, sheets: list[tuple[Path, Path]]) -> Differences:
    """Every difference as it is shown before anything is taken over."""
    found: Differences = []
    for number, (_, path) in enumerate(sheets):
        preview = roster.stage(ledger, path, scope=village_code(number))
        found += [(row.id_text, PHONE, one.old, one.new) for row in preview.rows for one in row.changes]
    return found


def scripted(register: Path, sheets: list[tuple[Path, Path]]) -> Differences:
    """The same by pandas: the register and each sheet as text, joined by number, compared column by column."""
    with closing(sqlite3.connect(register)) as connection:
        known = pandas.read_sql("SELECT * FROM register", connection)
    found: Differences = []
    for _, path in sheets:
        table = pandas.read_excel(path, dtype=str, engine="openpyxl").fillna("")
        both = table.merge(known, on=NUMBER, suffixes=("", "/"))
        for title in (title for title in table.columns if title != NUMBER):
            other = both[both[title] != both[title + "/"]]
            found += [
                (number, title, before, now)
                for number, before, now in other[[NUMBER, title + "/", title]].itertuples(index=False)
            ]
    return found


def staged(register: Path, sheets: list[tuple[Path, Path]]) -> Differences:
    """The same by SQLite: the rows of each sheet into a table, joined with the register, column by column."""
    found: Differences = []
    with closing(sqlite3.connect(register)) as connection:
        for _, path in sheets:
            connection.execute("CREATE TEMP TABLE sheet AS SELECT * FROM register WHERE 0")
            _insert(connection, "sheet", path)
            for title in TITLES:
                found += connection.execute(
                    f'SELECT s."{NUMBER}", ?, r."{title}", s."{title}" FROM sheet s '
                    f'JOIN register r ON r."{NUMBER}" = s."{NUMBER}" WHERE r."{title}" <> s."{title}"',
                    (title,),
                ).fetchall()
            connection.execute("DROP TABLE sheet")
    return found


def _insert(connection: sqlite3.Connection, table: str, path: Path) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    texts = [[str(int(cell)) if isinstance(cell, float) else cell for cell in row] for row in rows]
    connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(TITLES))})", texts)


@pytest.fixture
def register(villages: list[tuple[Path, Path]], tmp_path: Path) -> Path:
    """The sheets of before in one table, people by number: what the scripts compare with."""
    path = tmp_path / "register.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        columns = ", ".join(f'"{title}" TEXT' for title in TITLES)
        connection.execute(f"CREATE TABLE register ({columns})")
        for before, _ in villages:
            _insert(connection, "register", before)
        connection.execute(f'CREATE INDEX by_number ON register ("{NUMBER}")')
    return path


def test_merge(villages: list[tuple[Path, Path]], office: Ledger, register: Path, compare: Compare) -> None:
    found: list[Differences] = []
    rounds = 1 if len(villages) == FULL[0] else 3
    mine = compare.once(lambda: found.append(sorted(told(office, villages))), rounds)
    sql = compare.once(lambda: found.append(sorted(staged(register, villages))), rounds)
    script = compare.once(lambda: found.append(sorted(scripted(register, villages))), rounds)
    assert found[0]
    assert all(one == found[0] for one in found)
    what = f"{len(villages)} villages' sheets again, {len(found[0]):,} differences told"
    compare.against(f"{what}, beside SQLite joining them as they lie", mine, sql, aim=4)
    compare.against(f"{what}, beside pandas + openpyxl", mine, script, aim=1)
    office.close()
