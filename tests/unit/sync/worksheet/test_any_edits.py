"""Whatever people do to a sheet and whatever is entered meanwhile: the merge is their edits and nothing else."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.commands import facts, people
from storage.ledger import Ledger
from sync.sheets.cells import Sheet, Workbook, rows_of
from sync.sheets.reading import read
from sync.worksheet import exporting, staging
from sync.worksheet.columns import catalogue
from tests.unit.sync.worksheet.conftest import HOMES, TODAY, VILLAGE, YEAR

NAMES = [name for home in HOMES.values() for name in home]
VALUES = {
    "phone": st.integers(13_000_000_000, 13_999_999_999).map(str),
    "note": st.text("甲乙丙丁戊=+-@'", min_size=1, max_size=6).map(lambda text: f"注{text}"),
    "residence": st.sampled_from(["常住", "户籍外出", "外来常住"]),
    "absence": st.sampled_from(["参军", "服刑", "其他"]),
}
CODES = {
    "常住": "resident",
    "户籍外出": "away",
    "外来常住": "incoming",
    "参军": "army",
    "服刑": "prison",
    "其他": "other",
}
TITLES = {key: catalogue()[key].title for key in VALUES}
EDIT = st.one_of(
    *(st.tuples(st.sampled_from(NAMES), st.just(column), value) for column, value in VALUES.items())
)
DAMAGES = [
    lambda text: float(text),
    lambda text: text[:15] + "000",
    lambda text: f"{float(text):.5E}",
    lambda text: f" {text}\u3000",
]


@dataclass
class Hands:
    """What is done to the rows of a sheet, one after another."""

    edits: list[tuple[str, str, str]] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    columns_dropped: set[str] = field(default_factory=set)
    blank: list[int] = field(default_factory=list)
    extra: bool = False
    damaged: dict[str, int] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)


@st.composite
def hands(draw: Any) -> Hands:
    return Hands(
        draw(st.lists(EDIT, max_size=8)),
        draw(st.permutations(range(len(NAMES)))),
        draw(st.sets(st.sampled_from(NAMES), max_size=3)),
        draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=2)),
        draw(st.lists(st.integers(0, 9), max_size=3)),
        draw(st.booleans()),
        draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, len(DAMAGES) - 1), max_size=4)),
        draw(st.sets(st.sampled_from(NAMES), max_size=2)),
    )


def worked_on(rows: list[list[Any]], done: Hands) -> list[list[Any]]:
    """The rows of the sheet after people had it."""
    head, body = rows[2], [row + [None] * (len(rows[2]) - len(row)) for row in rows[3:]]
    name, number = head.index("姓名"), head.index("身份证号")
    at = {row[name]: row for row in body}
    for who, column, value in done.edits:
        at[who][head.index(TITLES[column])] = value
    for who, how in done.damaged.items():
        at[who][number] = DAMAGES[how](at[who][number])
    body = [body[place] for place in done.order]
    body = [row for row in body if row[name] not in done.dropped]
    body += [list(row) for row in body if row[name] in done.twice]
    for place in done.blank:
        body.insert(place % (len(body) + 1), [])
    kept = [
        index
        for index, title in enumerate(head)
        if title not in {TITLES[key] for key in done.columns_dropped}
    ]
    out = [rows[0], [head[index] for index in kept]]
    out += [[row[index] for index in kept] if row else [] for row in body]
    return [["我的列", *row] if done.extra and number else row for number, row in enumerate(out)]


def enter(ledger: Ledger, record: str, column: str, value: str) -> None:
    """Somebody at the program enters the same kind of thing."""
    if column == "phone":
        people.correct(ledger, record, "contact", phone=value)
    elif column == "note":
        people.correct(ledger, record, "remark", note=value)
    elif column == "residence":
        people.correct(ledger, record, "residence", residence=CODES[value])
    else:
        facts.absence(ledger, [record], CODES[value], note="", on=None, year=YEAR)


def cells(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Everybody's cells as the ledger has them, by name."""
    from storage import policies
    from sync.worksheet import standing

    found = standing.load(ledger, policies.in_force(ledger).policy, [VILLAGE])
    return {one.person.name: {key: one.cells[key] for key in one.cells} for one in found.people.values()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hands(), st.lists(EDIT, max_size=5))
def test_the_merge_is_their_edits_and_nothing_else(
    ledger: Ledger, tmp_path: Path, done: Hands, meanwhile: list[tuple[str, str, str]]
) -> None:
    base = cells(ledger)
    who = {
        name: key for key, name in ledger.connection.execute("SELECT record, name FROM resident").fetchall()
    }
    path = tmp_path / "出.xlsx"
    exporting.export(ledger, path, scopes=[VILLAGE], today=TODAY)
    sheet = read(path).sheets[0]
    for name, column, value in meanwhile:
        enter(ledger, who[name], column, value)
    now = cells(ledger)
    rows = worked_on([list(row) for row in sheet.rows], done)
    book = Workbook("回.xlsx", "0" * 64, (Sheet("随便", rows_of(rows)),))
    staged = staging.look(ledger, book, today=TODAY)

    wanted: dict[tuple[str, str], str] = {}
    for name, column, value in done.edits:
        if name not in done.dropped and column not in done.columns_dropped:
            wanted[name, column] = CODES.get(value, value)
    wanted = {key: value for key, value in wanted.items() if value != base[key[0]][key[1]]}
    writes = {key: value for key, value in wanted.items() if now[key[0]][key[1]] == base[key[0]][key[1]]}
    agreed = {key for key, value in wanted.items() if now[key[0]][key[1]] == value}
    assert {
        (row.name, cell.column): cell.value
        for row in staged.rows
        for cell in row.cells
        if cell.outcome == "write"
    } == writes
    conflicts = {
        (row.name, cell.column) for row in staged.rows for cell in row.cells if cell.outcome == "conflict"
    }
    assert conflicts == wanted.keys() - writes.keys() - agreed
    others = {cell.outcome for row in staged.rows for cell in row.cells} - {
        "write",
        "conflict",
        "agreed",
        "damaged",
    }
    assert not others
    assert staged.counts["added"] == staged.counts["unmatched"] == 0
    staging.apply(ledger, staged, today=TODAY)
    expected = {name: dict(found) for name, found in now.items()}
    for (name, column), value in writes.items():
        expected[name][column] = value
    assert cells(ledger) == expected


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_real_file_saved_as_something_else(ledger: Ledger, tmp_path: Path, ending: str) -> None:
    import csv

    import openpyxl

    path = tmp_path / "出.xlsx"
    exporting.export(ledger, path, scopes=[VILLAGE], today=TODAY)
    page = openpyxl.load_workbook(path).worksheets[0]
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    at = rows[2].index("联系电话")
    rows[5][at] = "13811112222"
    if (
        ending == "csv"
    ):  # as Excel saves it: what is shown, in GBK; a number opened and saved again loses its digits
        number, household = rows[2].index("身份证号"), rows[2].index("户编号")
        for row in rows[3:13]:
            row[number] = f"{float(row[number]):.5E}".replace("E+0", "E+")
            row[household] = str(int(row[household]))
        back = tmp_path / "回.csv"
        with back.open("w", encoding="gb18030", newline="") as stream:
            csv.writer(stream).writerows(
                [["" if cell is None else cell for cell in row] for row in rows[:13]]
            )
    else:
        book = openpyxl.Workbook()
        for row in rows[:13]:
            book.active.append(row)
        back = tmp_path / "回.xlsx"
        book.save(back)
    staged = staging.stage(ledger, back, today=TODAY)
    name = rows[5][rows[2].index("姓名")]
    assert {
        (row.name, cell.column): cell.value
        for row in staged.rows
        for cell in row.cells
        if cell.outcome == "write"
    } == {(name, "phone"): "13811112222"}
    assert staged.cells["damaged"] == (20 if ending == "csv" else 0)
    assert staged.counts["rows"] == 10
