"""Workbooks and texts made up at random by other writers come back as they were written."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import KnownError
from sync.sheets.cells import Cell
from sync.sheets.child import _chunks
from sync.sheets.limits import DEFAULT
from sync.sheets.sources import read_sheets
from sync.sheets.text import csv_rows, decode

NAMES = st.text(st.sampled_from("云海李娜王小明·其木格𠮷䶮ᠮᠣ😀\u200f AZaz09_x&<>'\"\n\t，；"), max_size=12)
IDS = st.from_regex(r"\A[1-9][0-9]{16}[0-9X]\Z")
FIRST = date(1900, 3, 1)  # before it, spreadsheets count a day that never was
DATES = st.dates(FIRST, date(2999, 12, 31))
VALUES = st.one_of(
    st.none(), NAMES, IDS, DATES, st.integers(-(10**14), 10**14), st.floats(-1e12, 1e12, allow_subnormal=False),
    st.booleans(), st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)),
)  # fmt: skip
ROWS = st.lists(st.lists(VALUES, min_size=1, max_size=7), min_size=1, max_size=12)


def read_back(data: bytes) -> list[list[Cell]]:
    """The rows of a file's first sheet, none where it is empty."""
    return [row for sheet in read_sheets(data, DEFAULT) for chunk in _chunks(sheet, DEFAULT) for row in chunk]


def expected(rows: Sequence[Sequence[object]]) -> list[list[Cell]]:
    """What a reader should make of the values: dates without a time are days, blank is nothing."""
    tidy = [[_expected(value) for value in row] for row in rows]
    for row in tidy:
        while row and row[-1] is None:
            row.pop()
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy


def _expected(value: object) -> Cell:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float | bool):
        number = float(value)
        return pytest.approx(number, rel=1e-14) if number else 0  # type: ignore[return-value]
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date()
    return value  # type: ignore[return-value]


@settings(max_examples=60)
@given(ROWS, st.booleans(), st.booleans())
def test_what_xlsxwriter_writes(rows: list[list[object]], constant: bool, date_1904: bool) -> None:
    out = io.BytesIO()
    given = {
        "in_memory": True,
        "constant_memory": constant,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, {**given, "date_1904": date_1904}) as book:
        sheet = book.add_worksheet()
        day, moment = (
            book.add_format({"num_format": code}) for code in ('yyyy"年"m"月"d"日"', "yyyy-mm-dd hh:mm:ss")
        )
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(at, column, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), day)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                else:
                    sheet.write(at, column, value)
    if not date_1904 or not any(
        isinstance(value, date) and value.year < 1904 for row in rows for value in row
    ):
        assert read_back(out.getvalue()) == expected(rows)


@settings(max_examples=50)
@given(ROWS)
def test_what_openpyxl_writes(rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(
            [f"'{value}" if isinstance(value, str) and value.startswith("=") else value for value in row]
        )
    out = io.BytesIO()
    book.save(out)
    assert read_back(out.getvalue()) == expected(rows)


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(1, 5), st.integers(1, 3)), max_size=8
    ),
)
def test_merged_cells_of_xlsxwriter(boxes: list[tuple[int, int, int, int]]) -> None:
    out = io.BytesIO()
    wanted: dict[tuple[int, int], str] = {}
    taken: set[tuple[int, int]] = set()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, (top, left, down, across) in enumerate(boxes):
            places = {
                (row, column) for row in range(top, top + down) for column in range(left, left + across)
            }
            if places & taken:
                continue
            taken |= places
            if len(places) > 1:
                sheet.merge_range(top, left, top + down - 1, left + across - 1, f"v{number}")
            else:
                sheet.write(top, left, f"v{number}")
            wanted.update({(row, left): f"v{number}" for row in range(top, top + down)})
        for row in range(40):
            sheet.write(row, 9, "x")
    rows = read_back(out.getvalue())
    found = {(at, column): cell for at, row in enumerate(rows) for column, cell in enumerate(row[:9]) if cell}
    assert found == wanted


TEXTS = st.text(st.sampled_from("云海李娜王小明·其木格𠮷䶮 AZaz09_x&'\"\n，；"), max_size=10)
PEOPLE = st.lists(
    st.tuples(NAMES.map(lambda text: text.replace("\t", "")), IDS, TEXTS), min_size=3, max_size=15
)


@settings(max_examples=100)
@given(
    PEOPLE,
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(",\t;|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_texts_of_every_encoding_separator_and_quotation(
    people: list[tuple[str, str, str]], encoding: str, separator: str, end: str, quoting: int
) -> None:
    rows = [("姓名", "身份证号", "住址"), *people]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    text, damaged = decode(out.getvalue().encode(encoding))
    assert damaged == 0
    assert [tuple(row) for row in csv_rows(text)] == rows


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(data: bytes) -> None:
    try:
        read_back(data)
    except KnownError as error:
        assert error.code.startswith("sheet.")
